"""Contact details found in text and cells, brought to one spelling and hashed with the workspace's salt."""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import phonenumbers

from ingest.identity import Name
from ingest.raw import Contact

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?!\w)")
PHONE = re.compile(r"(?<![\w.@-])(?:p:)?\+?\(?\d(?:[\s().\-–]{0,3}\d){8,14}(?![\w@-]|\.\d)")
"""Nine to fifteen digits with the usual marks between; whether it is a phone is decided by `e164`."""
NAME_WORD = re.compile(r"[^\W\d_]{2,}")
DIGEST = 16
"""Hexadecimal characters kept of a key's HMAC: 64 bits, no accidental equality in any company's data."""


def emails_in(text: str) -> tuple[str, ...]:
    """E-mail addresses as written."""
    return tuple(dict.fromkeys(EMAIL.findall(text))) if "@" in text else ()


def phones_in(text: str) -> tuple[str, ...]:
    """Strings that look like phone numbers, as written."""
    return tuple(dict.fromkeys(match[0].removeprefix("p:").strip() for match in PHONE.finditer(text)))


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
    digits = re.sub(r"\D", "", phone)
    if not 9 <= len(digits) <= 15 or len(set(digits)) < 3:
        return None
    international = phone.strip().removeprefix("p:").lstrip(" (").startswith("+")
    if not international and region == "RU" and len(digits) == 11 and digits[0] in "78":
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
        return {self.hashed("phone", number) for phone in phones if (number := e164(phone, self.region))}

    def of_emails(self, emails: Iterable[str]) -> set[str]:
        return {self.hashed("email", address) for email in emails if (address := clean_email(email))}

    def of_contact(self, contact: Contact) -> frozenset[str]:
        """All keys of a record."""
        keys = self.of_phones(contact.phones) | self.of_emails(contact.emails)
        for kind, ids in (("deal", contact.deal_ids), ("contact", contact.contact_ids), ("lead", contact.lead_ids)):
            keys |= {self.hashed(kind, plain) for value in ids if (plain := clean_id(value))}
        keys |= {self.hashed("title", " ".join(title.lower().split())) for title in contact.titles}
        return frozenset(keys)

    @lru_cache(maxsize=65536)  # noqa: B019  # one instance lives as long as a batch
    def of_word(self, word: str) -> str:
        """The hash of one word of a name, lower case, ё as е."""
        plain = word.lower().replace("ё", "е")
        return hmac.new(self._salt, f"word:{plain}".encode(), sha256).hexdigest()[:DIGEST]

    def of_name(self, name: str) -> Name:
        """A name as hashes; a letter alone is an initial."""
        letters = {word[0].lower() for word in re.findall(r"[^\W\d_]+", name)}
        words = NAME_WORD.findall(name)
        alone = letters - {word[0].lower() for word in words}
        return Name(*(frozenset(map(self.of_word, part)) for part in (words, alone, letters)))


def name_key(tokens: Iterable[str]) -> str:
    """The key under which a full name is kept for later batches."""
    return f"name:{'.'.join(sorted(tokens))}"


def name_of_key(key: str) -> Name | None:
    """The name of a `name:` key; None for other keys."""
    kind, _, rest = key.partition(":")
    return Name(frozenset(rest.split("."))) if kind == "name" and rest else None


_MAIL_NOISE = re.compile(r"(?:mail|home|work|office|box|info|me|my|the|real|official)+")


def names_of_email(email: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """Known names in the local part: `jane.doe`, `jdoe`, `janed90` with `jane` and `doe` in the vocabulary."""
    local = (clean_email(email) or "").split("@")[0]
    parts = [part for part in re.split(r"[^a-z]+", local) if part]
    words = [part for part in parts if part in vocabulary]
    if len(words) == len(parts) and words:
        return (" ".join(words),)
    for part in parts:
        for start, end, initial in ((1, len(part), part[:1]), (0, len(part) - 1, part[-1:])):
            if len(part) > 4 and part[start:end] in vocabulary:
                return (f"{' '.join([*words, part[start:end]])} {initial}",)
        cut = _MAIL_NOISE.sub("", part)
        if len(cut) > 3 and cut in vocabulary:
            words.append(cut)
    return (" ".join(words),) if words else ()
