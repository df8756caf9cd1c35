"""Contact details found in text and cells, brought to one spelling and hashed with the workspace's salt."""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import phonenumbers

from ingest.clues import MailPart, Name, kept_mail, kept_name, kept_words
from ingest.placeholders import is_nobodys_mailbox, is_nobodys_number
from ingest.raw import Contact
from ingest.spelling import family_of, folded

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?!\w)")
PHONE = re.compile(r"(?<![\w.@-])(?:p:)?\+?\(?\d(?:[\s().\-–]{0,3}\d){8,14}(?![\w@-]|\.\d)")
"""Nine to fifteen digits with the usual marks between; whether it is a phone is decided by `e164`."""
NAME_WORD = re.compile(r"[^\W\d_]{2,}")
DIGEST = 16
"""Hexadecimal characters kept of a key's HMAC: 64 bits, no accidental equality in any company's data."""
WORD_DIGEST = 12
"""The same for a word of a name, which proves nothing alone."""
LETTER_DIGEST = 6
COMPARED_DIGITS = 9
SHORTEST_MAIL_NAME = 4
"""Letters of a name in a mail address from which it is no accident."""
_INNER = re.compile(
    r"[\s,;(]*(?:доб(?:авочный)?|вн(?:утр)?|ext(?:ension)?|extn|x|#)[.:\s]*(\d{1,6})(?!\d)\)?", re.IGNORECASE
)
_EXTENSION = re.compile(_INNER.pattern + r"\W*$", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,/|\n]|\s(?:и|или|and|or)\s", re.IGNORECASE)


def emails_in(text: str) -> tuple[str, ...]:
    """E-mail addresses as written."""
    return tuple(dict.fromkeys(EMAIL.findall(text))) if "@" in text else ()


def phones_in(text: str) -> tuple[str, ...]:
    """Strings that look like phone numbers, as written, with the extension that follows."""
    found: dict[str, None] = {}
    for match in PHONE.finditer(text):
        inner = _INNER.match(text, match.end())
        found[text[match.start() : inner.end() if inner else match.end()].removeprefix("p:").strip()] = None
    return tuple(found)


def clean_email(email: str) -> str | None:
    """Lower case without `mailto:` and the `+tag`; None when it is no address."""
    match = EMAIL.search(email.strip().lower().removeprefix("mailto:"))
    if match is None:
        return None
    local, domain = match[0].rsplit("@", 1)
    return f"{local.split('+', 1)[0].strip('.')}@{domain}"


@lru_cache(maxsize=65536)
def e164(phone: str, region: str) -> str | None:
    """`+79001234567` for a possible number of `region` (or any with a country code); None otherwise."""
    phone = re.sub(r"\.0+$", "", phone.strip())
    digits = re.sub(r"\D", "", phone)
    if digits.startswith("00") and len(digits) > 11:
        phone, digits = f"+{digits[2:]}", digits[2:]
    if not 9 <= len(digits) <= 15 or len(set(digits)) < 3:
        return None
    international = phone.strip().removeprefix("p:").lstrip(" (").startswith("+")
    if len(digits) == 11 and (digits[0] in "78" if not international else digits[:2] == "89") and region == "RU":
        return f"+7{digits[1:]}"
    if not international and len(digits) == 11 and digits[0] == ("1" if region in ("US", "CA") else "7"):
        return f"+{digits}"
    try:
        parsed = phonenumbers.parse(f"+{digits}" if international else digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return _with_country_code(digits) if not international else None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _with_country_code(digits: str) -> str | None:
    """Digits that begin with a country code whose plus was lost (telephony file names)."""
    try:
        parsed = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    return f"+{digits}" if phonenumbers.is_valid_number(parsed) else None


def region_of(phones: Iterable[str], default: str) -> str:
    """The country most phones are written for: by country code, by the Russian 8, by the American 1."""
    votes: Counter[str] = Counter()
    for phone in phones:
        digits = re.sub(r"\D", "", phone)
        if phone.strip().startswith("+"):
            votes[_region_of_code(digits) or default] += 1
        elif len(digits) == 11 and digits[:2] in ("89", "84", "83", "79", "74", "73", "78", "88"):
            votes["RU"] += 1
        elif len(digits) == 11 and digits[0] == "1":
            votes["US"] += 1
        elif len(digits) == 11 and digits[:2] in ("07", "02", "01"):
            votes["GB"] += 1
        elif re.match(r"\(?[2-9]\d\d\)?[ .-][2-9]\d\d[ .-]\d{4}$", phone.strip()):
            votes["US"] += 1
    return votes.most_common(1)[0][0] if votes else default


@lru_cache(maxsize=4096)
def _region_of_code(digits: str) -> str | None:
    try:
        code = phonenumbers.parse(f"+{digits}", None).country_code
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_country_code(code or 0)
    return None if region in ("ZZ", "001") else region


def clean_id(value: str) -> str | None:
    """An id of another system without the prefixes advertising exports put before it (`l:123`)."""
    text = re.sub(r"^(?:l|p|ag|as|c|f|id|№|#):?\s*(?=\d)", "", value.strip().lower()).removesuffix(".0")
    return " ".join(text.split()) or None


class Keys:
    """Hashes contact details; the same detail gives the same key within a workspace and another one elsewhere."""

    def __init__(self, salt: bytes, region: str) -> None:
        self._salt = salt
        self.region = region

    def hashed(self, kind: str, value: str) -> str:
        """`kind:<first 16 hexadecimal characters of the HMAC-SHA256>`."""
        digest = hmac.new(self._salt, f"{kind}:{value}".encode(), sha256).hexdigest()
        return f"{kind}:{digest[:DIGEST]}"

    def of_phones(self, phones: Iterable[str]) -> set[str]:
        """Keys of numbers as cells hold them: several in one, with an extension, with a word beside."""
        return {self.hashed("phone", number) for phone in phones for number in numbers_of(phone, self.region)}

    def of_emails(self, emails: Iterable[str]) -> set[str]:
        addresses = (clean_email(email) for email in emails)
        return {self.hashed("email", one) for one in addresses if one is not None and not is_nobodys_mailbox(one)}

    def of_contact(self, contact: Contact) -> frozenset[str]:
        """All keys of a record."""
        keys = self.of_phones(contact.phones) | self.of_emails(contact.emails)
        for kind, ids in (("deal", contact.deal_ids), ("contact", contact.contact_ids), ("lead", contact.lead_ids)):
            keys |= {self.hashed(kind, plain) for value in ids if (plain := clean_id(value))}
        keys |= {self.hashed("title", " ".join(title.lower().split())) for title in contact.titles}
        return frozenset(keys)

    def of_ref(self, ref: str) -> str:
        """The mark by which a record is remembered without its file's name."""
        return self.hashed("ref", ref)

    @lru_cache(maxsize=65536)  # noqa: B019  # one instance lives as long as a batch
    def of_word(self, word: str) -> str:
        """The hash of one word of a name in its one spelling."""
        return self._short("word", folded(word), WORD_DIGEST)

    @lru_cache(maxsize=65536)  # noqa: B019  # as above
    def of_name(self, name: str) -> Name:
        """A name as hashes; a letter alone is an initial."""
        letters = {folded(word)[:1] for word in re.findall(r"[^\W\d_]+", name)}
        words = NAME_WORD.findall(name)
        alone = letters - {folded(word)[:1] for word in words}
        families = {family for word in words if (family := family_of(word))}
        return Name(
            frozenset(map(self.of_word, words)),
            frozenset(map(self._letter, alone)),
            frozenset(map(self._letter, letters)),
            frozenset(self._short("family", family, WORD_DIGEST) for family in families),
        )

    def clues(
        self,
        contact: Contact,
        *,
        tags: Iterable[str] = (),
        staff: Iterable[str] = (),
        words: Iterable[str] = (),
        told: Iterable[str] = (),
    ) -> frozenset[str]:
        """What a record tells beside its keys, as it is kept: names, parts of addresses, words said, numbers told."""
        kept = {kept_name(kind, named) for kind, names in (("name", contact.names), ("tag", tags), ("staff", staff))
                for name in names if (named := self.of_name(name)).words}  # fmt: skip
        kept |= {kept_mail(parts) for email in contact.emails if (parts := self._mail_parts(email))}
        if hints := [self.of_word(word) for hint in contact.hints for word in NAME_WORD.findall(hint)]:
            kept.add(kept_words("hints", hints))
        if said := sorted(set(map(self.of_word, words))):
            kept.add(kept_words("words", said))
        return frozenset(kept | {f"told:{key}" for key in told})

    def _mail_parts(self, email: str) -> list[MailPart]:
        local = (clean_email(email) or "").split("@")[0]
        return [self._mail_part(part) for part in re.split(r"[^a-z]+", local) if len(part) > 1]

    def _mail_part(self, part: str) -> MailPart:
        bare = _MAIL_NOISE.sub("", part)
        tried = (part[1:], part[:1], part[:-1], part[-1:]) if len(part) > SHORTEST_MAIL_NAME else ("", "", "", "")
        headless, first, tailless, last = tried
        return MailPart(
            self.of_word(part),
            self.of_word(headless) if headless else "",
            self._letter(first) if first else "",
            self.of_word(tailless) if tailless else "",
            self._letter(last) if last else "",
            self.of_word(bare) if len(bare) >= SHORTEST_MAIL_NAME and bare != part else "",
        )

    def _letter(self, letter: str) -> str:
        return self._short("letter", letter, LETTER_DIGEST)

    def _short(self, kind: str, value: str, length: int) -> str:
        return hmac.new(self._salt, f"{kind}:{value}".encode(), sha256).hexdigest()[:length]


def may_be_one(one: Contact, other: Contact) -> bool:
    """Whether nothing in two records of one id says that they are about two people: an id alone may be two systems'."""
    told = [pair for read in (_tails, _addresses, _name_words) if (pair := (read(one), read(other)))[0] and pair[1]]
    return not told or any(mine & theirs for mine, theirs in told)


def _tails(contact: Contact) -> set[str]:
    """The last digits of phones: enough to compare without knowing the country."""
    digits = (re.sub(r"\D", "", phone) for phone in contact.phones)
    return {number[-COMPARED_DIGITS:] for number in digits if len(number) >= COMPARED_DIGITS}


def _addresses(contact: Contact) -> set[str]:
    return {address for email in contact.emails if (address := clean_email(email))}


def _name_words(contact: Contact) -> set[str]:
    return {folded(word) for name in contact.names for word in NAME_WORD.findall(name)}


@lru_cache(maxsize=65536)
def numbers_of(written: str, region: str) -> tuple[str, ...]:
    """The numbers a cell holds, in E.164, those of nobody left out; `;ext=104` is a person behind a switchboard."""
    found: dict[str, None] = {}
    for part in _SEVERAL.split(written):
        inner = _EXTENSION.search(part)
        number = e164(part[: inner.start()] if inner else part, region)
        if number is not None and not is_nobodys_number(number):
            found[f"{number};ext={inner[1]}" if inner else number] = None
    return tuple(found)


_MAIL_NOISE = re.compile(r"(?:mail|home|work|office|box|info|me|my|the|real|official)+")
