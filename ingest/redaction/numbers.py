"""Finds numbers written in digits or said in words and spells them as digit strings.

"девятьсот сорок пять ноль ноль ноль" and "four two five triple five" become one run with its digits; which runs are
phones or cards is decided in `ingest.redaction.rules`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from ingest.redaction.lexicon import LANGUAGES, is_english_word, normal, rules
from ingest.redaction.spans import WORD

_GAP = re.compile(r"[\s,.()+\-–—‑/]{0,5}")
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[яье]|марта?|августа?|мая"
)
_DATES = re.compile(
    rf"(?<!\w)(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)?(?![\d-])"
    rf"|(?<![\d-])\d{{1,2}}\s(?:{_MONTHS})(?!\w)\.?(?:,?\s(?:19|20)\d\d(?![\d-]))?|"
    r"(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}(?!\d|\.\d)|(?<![\d-])(?:19|20)\d{2}-\d{2}(?:-\d{2})?(?![\d-])"
    r"|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])",
    re.I,
)
_MAX_FILLERS = 2
_ONE_NUMBER, _CARD, _PHONE, _LOCAL = 13, 16, 10, 7
"""Digits of: the longest phone, a card, a full phone, a local phone."""

Size = Literal["digits", "unit", "teen", "ten", "hundred", "repeated", "repeater", "hundreds_word"]


class NumberWord(NamedTuple):
    """How a word behaves inside a number and its value."""

    size: Size
    value: int


@dataclass(frozen=True, slots=True)
class NumberRun:
    """Neighbouring numbers: `text[start:end]`, composed into `groups` of digits."""

    start: int
    end: int
    groups: tuple[str, ...]
    spoken: bool
    words: int
    """Number tokens in the run."""
    longest: int
    """Digits if hundreds, tens and units were all said apart."""
    cut: int = 0
    """Number words broken off in the middle ("восемнадца", "eig"): their digits are missing."""

    @property
    def digits(self) -> str:
        """All digits in order."""
        return "".join(self.groups)


class _Token(NamedTuple):
    start: int
    end: int
    word: NumberWord | None
    filler: bool
    raw: str
    after_comma: bool = False
    cut: bool = False


@lru_cache(maxsize=1)
def number_words() -> dict[str, NumberWord]:
    """Every number word of every language; scripts differ, so one table serves all."""
    sizes: dict[str, Size] = {"units": "unit", "teens": "teen", "tens": "ten", "hundreds": "hundred"}
    sizes |= {"repeated": "repeated", "repeaters": "repeater"}
    table: dict[str, NumberWord] = {}
    for language in LANGUAGES:
        numbers = rules(language)["numbers"]
        for key, size in sizes.items():
            table |= {word: NumberWord(size, value) for word, value in numbers[key].items()}
    return table


@lru_cache(maxsize=1)
def _again() -> re.Pattern[str]:
    """What people say between a number and the same number once more."""
    listed = "|".join(rules(language)["numbers"]["again"] for language in LANGUAGES)
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.I)


_CUT = range(1, 5)
"""Letters a recogniser or a bad line may take from the end of a number word."""


@lru_cache(maxsize=1)
def _cut_words() -> frozenset[str]:
    """Beginnings of number words that are no number words and, in English, no words."""
    whole = number_words()
    beginnings = {word[:-lost] for word in whole for lost in _CUT if len(word) - lost > 2}
    return frozenset(word for word in beginnings if word not in whole and not is_english_word(word))


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in rules(language)["numbers"]["fillers"])


_DIGIT = re.compile(r"\d")
_DIGITS_OF_A_WORD = 3


def possible_digits(text: str) -> int:
    """No fewer digits than any number in the text can have, found without composing them."""
    table = number_words()
    said = sum(word in table for word in WORD.findall(normal(text)))
    return len(_DIGIT.findall(text)) + _DIGITS_OF_A_WORD * said


def number_runs(text: str) -> list[NumberRun]:
    """All runs of numbers in the text, in order. Dates and clock times end a run and belong to none."""
    runs: list[NumberRun] = []
    current: list[_Token] = []
    for token in _tokens(text):
        if current and not _continues(text, current, token):
            runs += _finished(text, current)
            current = []
        if token.word is not None or (current and token.filler):
            current.append(token)
    return runs + _finished(text, current)


def _tokens(text: str) -> list[_Token]:
    table, fillers, cut_words = number_words(), _fillers(), _cut_words()
    barriers = sorted(match.span() for pattern in (_DATES, _again()) for match in pattern.finditer(text))
    passed = 0
    tokens: list[_Token] = []
    for match in WORD.finditer(text):
        raw = match.group()
        plain = normal(raw)
        while passed < len(barriers) and barriers[passed][1] <= match.start():
            passed += 1
        if passed < len(barriers) and barriers[passed][0] <= match.start():
            tokens.append(_Token(match.start(), match.end(), None, False, raw))
            continue
        word = NumberWord("digits", 0) if raw[0].isdigit() else table.get(plain)
        comma = bool(tokens) and "," in text[tokens[-1].end : match.start()]
        cut = word is None and plain in cut_words
        filler = cut or (word is None and plain in fillers)
        tokens.append(_Token(match.start(), match.end(), word, filler, raw, comma, cut))
    return tokens


def _continues(text: str, current: list[_Token], token: _Token) -> bool:
    if token.word is None and not token.filler:
        return False
    if not _GAP.fullmatch(text, current[-1].end, token.start):
        return False
    trailing = 0
    for earlier in reversed(current):
        if earlier.word is not None:
            break
        trailing += 1
    return token.word is not None or trailing < _MAX_FILLERS


def _finished(text: str, tokens: list[_Token]) -> list[NumberRun]:
    return [_run(piece) for piece in _pieces(text, tokens)]


def _pieces(text: str, tokens: list[_Token]) -> list[list[_Token]]:
    """Cuts a long run where a comma, a plus or a filler word parts two numbers of a phone's length."""
    whole = next((place for place, token in enumerate(tokens) if _is_whole(token)), None)
    if whole is not None and len(tokens) > 1:
        parts = [tokens[:whole], tokens[whole : whole + 1], tokens[whole + 1 :]]
        return [piece for part in parts for piece in _pieces(text, part)]
    pieces: list[list[_Token]] = [[]]
    held = 0
    rest = sum(_size(token) for token in tokens)
    if rest <= _PHONE + 1 or rest == _CARD:
        return [tokens] if rest else []
    for earlier, token in zip([None, *tokens], tokens, strict=False):
        if _parted(text, earlier, token) and held >= _PHONE and (rest >= _LOCAL or _is_written(text, earlier, token)):
            pieces.append([])
            held = 0
        pieces[-1].append(token)
        held += _size(token)
        rest -= _size(token)
    return [piece for piece in pieces if any(token.word for token in piece)]


def _parted(text: str, earlier: _Token | None, token: _Token) -> bool:
    if earlier is None:
        return False
    between = text[earlier.end : token.start]
    return "," in between or "+" in between or (earlier.filler and token.word is not None)


def _is_whole(token: _Token) -> bool:
    """Ten digits without a gap are a number of their own, whatever stands beside them."""
    return token.word is not None and token.raw.isdigit() and len(token.raw) >= _PHONE


def _is_written(text: str, earlier: _Token | None, token: _Token) -> bool:
    """A number in digits after a comma or a word ("89001234567, код 50"): people who write do not pause."""
    if earlier is None or not token.raw[0].isdigit():
        return False
    return earlier.word is None or (earlier.raw[0].isdigit() and ", " in text[earlier.end : token.start])


def _size(token: _Token) -> int:
    """Digits a token is worth, near enough to cut by."""
    if token.word is None:
        return 0
    return len(token.raw) if token.word.size == "digits" else token.word.value if token.word.size == "repeater" else 1


def _run(tokens: list[_Token]) -> NumberRun:
    while tokens[-1].word is None and not tokens[-1].cut:
        tokens = tokens[:-1]
    while tokens[0].word is None:
        tokens = tokens[1:]
    numbers = [token for token in tokens if token.word is not None]
    spoken = sum(not token.raw[0].isdigit() for token in numbers)
    longest = sum(_WIDTHS.get(token.word.size, len(token.raw)) for token in numbers if token.word is not None)
    start, end = tokens[0].start, tokens[-1].end
    cut = sum(token.cut for token in tokens)
    return NumberRun(start, end, _compose(tokens), spoken * 2 > len(numbers), len(numbers), longest, cut)


def _compose(tokens: list[_Token]) -> tuple[str, ...]:
    """Digit groups as they were said: hundreds take tens, tens take units, "double" repeats what follows."""
    groups: list[str] = []
    room = 0
    times = 1
    for token in tokens:
        if token.word is None:
            if normal(token.raw) == "hundred" and groups and len(groups[-1]) == 1:
                groups[-1] += "00"
                room = 2
            else:
                room = 0
            continue
        size, value = token.word
        room = 0 if token.after_comma else room
        if size == "repeater":
            times, room = value, 0
        elif size == "repeated":
            count = int(groups.pop()) if groups and len(groups[-1]) == 1 else 1
            groups.append(str(value) * max(1, min(count, 9)))
            room = 0
        elif size == "digits":
            groups.append(token.raw * (times if len(token.raw) == 1 else 1))
            times, room = 1, 0
        else:
            room = _add_word(groups, room, size, value, times)
            times = 1
    return tuple(groups)


_WIDTHS: dict[Size, int] = {"unit": 1, "teen": 2, "ten": 2, "hundred": 3, "repeated": 2, "repeater": 1}

_FITS: dict[Size, tuple[int, int]] = {"ten": (2, 1), "teen": (2, 0), "unit": (1, 0)}
"""Room a number word needs in the group before it, and the room it leaves."""


def _add_word(groups: list[str], room: int, size: Size, value: int, times: int) -> int:
    """Puts one number word into the last group if it fits there, else starts a group; returns the room left."""
    if size == "hundred":
        groups.append(str(value))
        return 2
    needed, left = _FITS[size]
    if times == 1 and groups and room >= needed and value > 0:
        groups[-1] = groups[-1][: -len(str(value))] + str(value)
        return left
    groups.append(str(value) * times)
    return left if size != "unit" else 0
