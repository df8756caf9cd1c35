"""Which runs of numbers are phones, cards and documents; and all else a pattern can find without a dictionary."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ingest.redaction.addresses import find_addresses, find_births
from ingest.redaction.emails import find_emails
from ingest.redaction.lexicon import LANGUAGES, normal, rules
from ingest.redaction.numbers import NumberRun, number_runs, possible_digits
from ingest.redaction.spans import WORD, Span, hide, untangle
from ingest.redaction.written_phones import find_written_phones

PHONE_DIGITS = range(10, 14)
SHORT_PHONE_DIGITS = range(7, 10)
CARD_DIGITS = range(15, 20)
ACCOUNT_DIGITS = 20
IBAN_DIGITS = 10
LEAST_DIGITS = 6
"""Digits without which there is no account, no number of any kind in a text."""
MIN_IBAN = 15
LONGEST_MISHEARD = 10
"""Letters of a word between two halves of a phone that may be a misheard number word."""
CUE_REACH = 60
"""Characters before a run in which "phone", "call", "passport" still speak of it (recipe B3.3)."""

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b", re.I)
_PASSPORT_LETTERS = re.compile(r"\b(?:[A-Z]{1,2}\s?\d{6,8})\b", re.I)
_PASSPORT_PARTS = re.compile(r"(?:\s*(?:,|-|№|номер\w*|и|no\.?|number|n))*\s*", re.I)
"""Between a Russian passport's series and its number."""
_SERIES = re.compile(r"(?<!\w)сери[яию]\w*\s*:?\s*$", re.I)
_SNILS = re.compile(r"(?<!\d)\d{3}[-\s]\d{3}[-\s]\d{3}[-\s]\d{2}(?!\d)")
_SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_LOCAL_PHONE = re.compile(r"\d{2,3}-\d{2}-\d{2}|\d{3}-\d{4}|\d-\d{2}-\d{2}-\d{2}")
_LIST_MARK = re.compile(r",|/|\d\.\d+\D*[ ,]|\s{3}")
_PHONE_GROUPS = re.compile(r"1?3(?:34|322|3(?:1{4})|223|43)|1{10,11}|1?1{3}34")
_CARD_GROUPS = re.compile(r"4444|465|1{16}")
"""Lengths of the digit groups, one after the other."""
_AMERICAN_GROUPS = re.compile(r"1?334")
_NUMBER = re.compile(r"номер\w*|numbers?")
_CURRENCY = re.compile(r"[$£€₽]\s?$")
_SPOKEN_PLUS = re.compile(r"(?<!\w)(?:плюс|plus)\s$", re.I)
_PRICE_PAIR = re.compile(r"(?<!\d)\d{1,2} [1-9]\d?00(?!\d)")


class _Cues(NamedTuple):
    phone: re.Pattern[str]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    documents: dict[str, re.Pattern[str]]


def find_contacts(text: str) -> list[Span]:
    """Everything but names: e-mails, handles, bank accounts, documents, phones, cards, addresses, birthdays."""
    text = text.replace("ё", "е").replace("Ё", "Е")
    digits = possible_digits(text)
    spans = find_emails(text)
    if digits >= IBAN_DIGITS:
        spans = untangle(spans + _find_ibans(text))
    rest = hide(text, spans)
    births = find_births(rest)
    spans += births
    rest = hide(rest, births)
    if digits >= LEAST_DIGITS:
        numbers = find_numbers(rest)
        spans += numbers
        rest = hide(rest, numbers)
    if digits:
        spans += find_addresses(rest)
    return untangle(spans)


def find_numbers(text: str) -> list[Span]:
    """Phones, cards and document numbers, in digits or words."""
    written = [Span(m.start(), m.end(), "snils") for m in _SNILS.finditer(text)]
    written += [Span(m.start(), m.end(), "ssn") for m in _SSN.finditer(text)]
    written += _lettered_passports(text)
    written = untangle(written)
    rest = hide(text, written)
    phones = [span for span in untangle(find_written_phones(rest)) if not _is_document(span, rest)]
    written += phones
    rest = hide(rest, phones)
    found, open_runs = [], []
    runs = number_runs(rest)
    passports = _parted_passports(runs, rest)
    for run in runs:
        kind = classify(run, rest)
        if kind:
            found.append(Span(_sign(rest, run.start), run.end, kind))
        if not kind or (kind == "phone" and len(run.digits) < PHONE_DIGITS.start):
            open_runs.append(run)
    return untangle(written + passports + _broken_phones(open_runs, rest) + found)


def _is_document(span: Span, text: str) -> bool:
    """ "паспорт 4508 …", "ИНН 77…": a document named just before has digits of its own."""
    before = normal(text[max(0, span.start - CUE_REACH) : span.start])
    return _named("inn", before[-25:]) or any(_named(kind, before[-25:]) for kind in ("snils", "passport", "account"))


def _parted_passports(runs: list[NumberRun], text: str) -> list[Span]:
    """ "паспорт серия 45 08 номер 123456": four digits and six with only "номер" between."""
    spans = []
    for left, right in pairwise(runs):
        if (len(left.digits), len(right.digits)) != (4, 6) or not _PASSPORT_PARTS.fullmatch(
            text, left.end, right.start
        ):
            continue
        if _named("passport", normal(text[max(0, left.start - CUE_REACH) : left.start])):
            series = _SERIES.search(text, max(0, left.start - CUE_REACH), left.start)
            spans.append(Span(series.start() if series else left.start, right.end, "passport"))
    return spans


def classify(run: NumberRun, text: str) -> str | None:
    """The kind of personal number a run is, or None.

    Order: a document named just before it; Luhn for cards; then phones by length, shape and surroundings.
    """
    size = len(run.digits)
    if size < SHORT_PHONE_DIGITS.start:
        return _short_document(run, text)
    before = normal(text[max(0, run.start - CUE_REACH) : run.start])
    document = _document(run, before)
    if document:
        return document
    if size in CARD_DIGITS and _luhn(run.digits) and _is_one_number(run, text, _CARD_GROUPS):
        return "card"
    if size == ACCOUNT_DIGITS and len(run.groups) == 1:
        return "iban"
    if _is_phone(run, text, before):
        return "phone"
    return None


def _short_document(run: NumberRun, text: str) -> str | None:
    before = normal(text[max(0, run.start - CUE_REACH) : run.start])
    return "passport" if len(run.digits) == 6 and _named("passport", before) else None


def _document(run: NumberRun, before: str) -> str | None:
    size = len(run.digits)
    folded = run.spoken  # "sixty two" may be 62 or 60 2: a few digits less
    if _named("snils", before) and (size in (9, 11) or (folded and size == 10)):
        return "snils"
    if _named("ssn", before) and size == 9:
        return "ssn"
    if _named("inn", before[-25:]) and (size in (9, 10, 12) or (folded and size in range(7, 13))):
        return "inn"
    if _named("passport", before) and 6 <= size <= 12:
        return "passport"
    if _named("account", before) and size >= 16:
        return "iban"
    if _named("card", before) and (size in (15, 16, 19) or (folded and size in range(13, 20))):
        return "card"
    return None


def _is_phone(run: NumberRun, text: str, before: str) -> bool:
    size = len(run.digits)
    if run.cut and size in range(SHORT_PHONE_DIGITS.stop - 2, PHONE_DIGITS.stop):
        size = max(size, min(size + 2 * run.cut, PHONE_DIGITS[0]))
    shaped = _shaped(run, text)
    cued = _cues().phone.search(before) is not None and not _is_item_number(run, text, before)
    if not shaped and (_is_exempt(run, text, before) or _is_price_list(run)):
        return False
    if not (shaped or cued or _is_one_number(run, text, _PHONE_GROUPS)):
        return False
    if size in PHONE_DIGITS:
        return True
    if size > PHONE_DIGITS[-1]:
        # Two phones in one breath, or one said twice; a bare long identifier stays.
        return run.words > 1 and (shaped or run.spoken or cued)
    return bool(_LOCAL_PHONE.fullmatch(text[run.start : run.end])) or cued or _is_folded_mobile(run)


def _is_item_number(run: NumberRun, text: str, before: str) -> bool:
    """ "number #25545028", "sofa number twenty two …": a sign, or eight digits after nothing but "number"."""
    if max(len(run.digits), run.longest) >= PHONE_DIGITS.start or run.cut:
        return False
    if text[max(0, run.start - 3) : run.start].rstrip().endswith(("#", "№")):
        return True
    return len(run.digits) == 8 and _cues().phone.search(_NUMBER.sub(" ", before)) is None


def _is_folded_mobile(run: NumberRun) -> bool:
    """ "восемь девятьсот шестьдесят десять…" may be 8 900 60 10 as well as 8 960 10: a mobile either way."""
    return run.spoken and run.longest >= PHONE_DIGITS[0] and run.digits[0] in "78" and run.digits[1] == "9"


def _is_one_number(run: NumberRun, text: str, groups: re.Pattern[str]) -> bool:
    """Not a row of a table: digits parted by commas, slashes or decimals are one number only in its usual groups."""
    if run.spoken or not _LIST_MARK.search(text, run.start, run.end):
        return True
    return groups.fullmatch("".join(str(len(group)) for group in run.groups)) is not None


def _shaped(run: NumberRun, text: str) -> bool:
    """Looks like a phone by itself: an international plus, a Russian trunk code, a national mobile."""
    digits = run.digits
    if _sign(text, run.start) < run.start and text[_sign(text, run.start)] == "+" and len(digits) >= 10:
        return True
    if (len(digits) == 11 or len(digits) > PHONE_DIGITS[-1]) and digits[0] in "78" and digits[1] in "3489":
        return True
    if _is_american(run, text):
        return True
    if len(digits) != 10 or digits[0] != "9" or len(run.groups) == 1:
        return False
    return run.spoken or _PHONE_GROUPS.fullmatch("".join(str(len(group)) for group in run.groups)) is not None


def _is_american(run: NumberRun, text: str) -> bool:
    """ "1-482-846-7341": the usual groups, area and exchange not beginning with 0 or 1, no list of round numbers."""
    if not _AMERICAN_GROUPS.fullmatch("".join(str(len(group)) for group in run.groups)):
        return False
    area, exchange = run.groups[-3:-1]
    real = area[0] not in "01" and exchange[0] not in "01" and (len(run.groups) == 3 or run.groups[0] == "1")
    return real and "," not in text[run.start : run.end] and not all(group.endswith("0") for group in run.groups[-3:])


def _is_exempt(run: NumberRun, text: str, before: str) -> bool:
    after = normal(text[run.end : run.end + 25])
    if not run.spoken and _CURRENCY.search(text, max(0, run.start - 2), run.start):
        return True
    return bool(_cues().not_before.search(before) or _cues().not_after.match(after))


def _is_price_list(run: NumberRun) -> bool:
    """ "шесть девятьсот, двенадцать девятьсот", "900 1200 1500", sizes, years, counting: however long together."""
    if len(run.groups) == 2 and _PRICE_PAIR.fullmatch(" ".join(run.groups)):
        return True
    if len(run.groups) > 1 and all(len(group) >= 3 and group.endswith("0") for group in run.groups):
        return True
    return _is_ascending(run.groups) or len(_PRICE_PAIR.findall(" ".join(run.groups))) > 1


def _is_ascending(groups: tuple[str, ...]) -> bool:
    """Four or more numbers, each above the one before it."""
    if len(groups) < 4 or max(map(len, groups)) > 4:
        return False
    values = [int(group) for group in groups]
    return all(left < right for left, right in pairwise(values))


def _broken_phones(runs: list[NumberRun], text: str) -> list[Span]:
    """Two spoken runs with one misheard word between them ("восемь девять четы пять ноль…") that make a phone."""
    spans = []
    for left, right in pairwise(runs):
        if not (left.spoken and right.spoken) or right.start - left.end > 20:
            continue
        between = WORD.findall(text[left.end : right.start])
        total = len(left.digits) + len(right.digits)
        long_enough = total in range(9, 13) and max(left.words, right.words) >= 5
        if len(between) != 1 or len(between[0]) > LONGEST_MISHEARD or not long_enough:
            continue
        ordinary = _is_exempt(left, text, normal(text[max(0, left.start - CUE_REACH) : left.start]))
        if not (ordinary or _cues().not_after.match(normal(between[0]))):
            spans.append(Span(left.start, right.end, "phone"))
    return spans


def _sign(text: str, start: int) -> int:
    """Start of the run with its "+", "(" or spoken "plus" before it."""
    while start > 0 and text[start - 1] in "+(":
        start -= 1
    spoken = _SPOKEN_PLUS.search(text, max(0, start - 6), start)
    return spoken.start() if spoken is not None else start


def _lettered_passports(text: str) -> list[Span]:
    return [
        Span(match.start(), match.end(), "passport")
        for match in _PASSPORT_LETTERS.finditer(text)
        if _named("passport", normal(text[max(0, match.start() - CUE_REACH) : match.start()]))
    ]


def _find_ibans(text: str) -> list[Span]:
    spans = []
    for match in _IBAN.finditer(text):
        end = _iban_end(match.group())
        if end:
            spans.append(Span(match.start(), match.start() + end, "iban"))
    return spans


def _iban_end(candidate: str) -> int:
    """Where the account ends: short words after it look like its last groups; 0 when no length passes the check."""
    while len(candidate) >= MIN_IBAN:
        if _mod97(re.sub(r"\s", "", candidate)):
            return len(candidate)
        candidate = candidate.rpartition(" ")[0]
    return 0


def _mod97(iban: str) -> bool:
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(letter, 36)) for letter in rearranged)) % 97 == 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _named(document: str, before: str) -> bool:
    pattern = _cues().documents.get(document)
    return pattern is not None and pattern.search(before) is not None


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    per_language = [rules(language) for language in LANGUAGES]

    def joined(key: str) -> str:
        return "|".join(part[key] for part in per_language)

    documents = {}
    for kind in ("passport", "snils", "inn", "ssn", "card", "account"):
        patterns = [part["documents"].get(kind) for part in per_language]
        documents[kind] = re.compile(rf"(?<!\w)(?:{'|'.join(p for p in patterns if p)})(?!\w)")
    return _Cues(
        re.compile(joined("phone_cues")),
        re.compile(
            rf"(?<!\w)(?:{joined('not_phone_before')})(?:[\s.:—–-]*(?:№|номер\w*|number|no\.?|#|n|is|was))*[\s.:№#—–-]*$"
        ),
        re.compile(rf"[\s-]*(?:{joined('not_phone_after')})"),
        documents,
    )
