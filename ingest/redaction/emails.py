"""E-mail addresses, written and said aloud, and messenger handles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ingest.redaction.lexicon import LANGUAGES, normal, rules
from ingest.redaction.numbers import number_words
from ingest.redaction.spans import Span

_WRITTEN = re.compile(
    r"[\w.+%'-]*\w(?:@|\s@\s|@\s)\w[\w-]*(?:\.[\w-]+)*\.\w{2,}|[\w.+%-]+@\w[\w.-]*\w"
    r"|[\w.+%'-]*\w\s@(?:gmail|mail|yandex|ya|bk|list|inbox|rambler|icloud|outlook|hotmail|yahoo)\.\w{2,}"
)
_HOSTS = (
    r"t\.me|telegram\.me|vk\.com|vk\.ru|m\.vk\.com|ok\.ru|instagram\.com|wa\.me|facebook\.com|fb\.com|twitter\.com|x\.com"
    r"|tiktok\.com|linkedin\.com/in|viber\.click|snapchat\.com/add"
)
_HANDLE = re.compile(
    rf"(?<![\w@])@[A-Za-z][\w.]{{2,31}}\b|(?<![\w./-])(?:https?://)?(?:www\.)?(?:{_HOSTS})/@?[\w.+-]{{2,}}\w", re.I
)
_BRACKETED = re.compile(r"\s?[\[({<]\s?(?P<word>[^\W\d_]{1,8}|@)\s?[\])}>]\s?")
"""An "at" or "dot" hidden in brackets: "ann(at)example[dot]com"."""
_NUMBER_GOES_ON = re.compile(r"[\d)+]\W{0,2}$")
_LONG_NUMBER = 7
"""Digits before these are the end of a phone, not the beginning of an address."""
_LOOK_BACK = 120
"""Characters before the "at" in which its local part may begin."""


class _Grammar(NamedTuple):
    at: re.Pattern[str]
    domain: re.Pattern[str]
    weak_domain: re.Pattern[str]
    items: re.Pattern[str]
    ordinary: frozenset[str]


class _Item(NamedTuple):
    kind: Literal["joiner", "word", "spelt", "comma", "stop"]
    start: int
    raw: str


def find_emails(text: str) -> list[Span]:
    """Spans of kind `email` and `handle`."""
    spans = [Span(m.start(), m.end(), "email") for m in _WRITTEN.finditer(text)] if "@" in text else []
    spans += _spoken(_without_brackets(text))
    if "@" in text or "/" in text:
        spans += [Span(m.start(), m.end(), "handle") for m in _HANDLE.finditer(text)]
    return spans


def _without_brackets(text: str) -> str:
    """The same length, "(at)" and "[dot]" as bare words with one space before and the rest after."""
    if not any(bracket in text for bracket in "[({<"):
        return text
    known = _bracketed_words()
    return _BRACKETED.sub(
        lambda m: " " + f"{m['word']} ".ljust(len(m.group()) - 1) if m["word"].lower() in known else m.group(),
        text,
    )


@lru_cache(maxsize=1)
def _bracketed_words() -> frozenset[str]:
    email = [rules(language)["email"] for language in LANGUAGES]
    return frozenset(word for part in email for key in ("at", "weak_at", "dots") for word in part[key])


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    email = [rules(language)["email"] for language in LANGUAGES]

    def words(key: str) -> str:
        listed = sorted({word for part in email for word in part[key]}, key=lambda word: (-len(word), word))
        return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)

    zone, provider = words("zones"), words("providers")
    dot = rf"(?:\s*\.\s?|\s+(?:{words('dots')})\s+)"
    token = r"[^\W_]+"
    # Either a dot and a known zone, or a known provider with its zone and the dot swallowed by the recogniser.
    spelt = rf"(?:[^\W\d_]\s){{1,5}}[^\W\d_]{dot}(?:{zone})"
    strong = rf"\s*(?:{spelt}|(?:{token}(?:\s*-\s*|\s)?){{1,3}}?{dot}(?:{token}{dot}){{0,2}}(?:{zone})"
    strong += rf"|{token}{dot}[a-z]{{2,6}}"
    strong += rf"|(?:{provider})(?:{dot}|\s+)?(?:{zone})?|{token}\s+(?:{zone}))\b"
    tight_dot = rf"(?:\.|\s+(?:{words('dots')})\s+)"
    weak = rf"\s+(?:{spelt}|(?:{token}\s+)?{token}{tight_dot}(?:{token}{tight_dot})?(?:{zone})"
    weak += rf"|(?:{provider})(?:{dot}|\s+)(?:{zone}))\b"
    joiner = rf"(?<![^\W_])(?:{words('dots')}|{words('joiners')})(?!\w)|[.+_-](?=\w)"
    word = r"[^\W_]+(?:['’][^\W\d_]+)?"
    return _Grammar(
        re.compile(rf"(?<!\w)(?:(?P<strong>{words('at')})|(?P<weak>{words('weak_at')}))(?=\s|\w)", re.I),
        re.compile(strong, re.I),
        re.compile(weak, re.I),
        re.compile(rf"(?P<joiner>{joiner})|(?P<word>{word})|(?P<comma>,)|(?P<stop>\S)", re.I),
        frozenset(word for part in email for word in part["ordinary"]),
    )


def _spoken(text: str) -> list[Span]:
    grammar = _grammar()
    spans = []
    for match in grammar.at.finditer(text):
        if (
            match.group() == "@"
            and text[match.start() - 1 : match.start()].isspace()
            and not text[match.end()].isspace()
        ):
            continue  # "@nick": a handle
        pattern = grammar.domain if match.group("strong") else grammar.weak_domain
        domain = pattern.match(text, match.end())
        if domain is None:
            continue
        start = _local_start(text, match.start())
        if start is not None:
            spans.append(Span(start, domain.end(), "email"))
    return spans


def _local_start(text: str, end: int) -> int | None:
    """Where the part before the "at" begins: words tied by "dot" and the like, or by spelt letters and numbers."""
    items = _items(text, end)
    if not items or items[0].kind not in ("word", "spelt"):
        return None
    counted = len(items) > 1 and items[0].kind == items[1].kind == "spelt"
    if items[0].raw in _grammar().ordinary and not counted:
        return None
    last, position, written = items[0], 1, False
    while position < len(items):
        item = items[position]
        after = items[position + 1] if position + 1 < len(items) else None
        if item.kind == "joiner" and after is not None and after.kind in ("word", "spelt"):
            written = written or item.raw in ".+_-"
            last, position = after, position + 2
        elif (
            item.kind == "comma"
            and after is not None
            and after.kind == last.kind == "spelt"
            and not after.raw.isdigit()
        ):
            last, position = after, position + 2
        elif written and text[item.start].isupper():
            break  # "Best, Ann a.smith at …": the name before a written address
        elif item.kind in ("word", "spelt") and "spelt" in (item.kind, last.kind) and not _ordinary(item, last):
            last, position = item, position + 1
        else:
            break
    return last.start


def _ordinary(item: _Item, last: _Item) -> bool:
    return item.raw in _grammar().ordinary and not (item.kind == last.kind == "spelt")


def _items(text: str, end: int) -> list[_Item]:
    """What stands before the "at", nearest first."""
    items = []
    for match in _grammar().items.finditer(text, max(0, end - _LOOK_BACK), end):
        kind, raw = match.lastgroup, normal(match.group())
        if raw.isdigit() and len(raw) >= _LONG_NUMBER:
            kind = "stop"
        elif raw.isdigit() and _NUMBER_GOES_ON.search(text, max(0, match.start() - 4), match.start()):
            kind = "stop"
        elif kind == "word" and _spelt(raw):
            kind = "spelt"
        items.append(_Item(kind, match.start(), raw))  # type: ignore[arg-type]
    return items[::-1]


def _spelt(word: str) -> bool:
    return len(word) == 1 or word.isdigit() or word in number_words()
