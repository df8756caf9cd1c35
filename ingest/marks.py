"""Marks on documents: empty, nobody answered, the same text again, HTML, text that talks to a program."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from ingest.model import Document, DocumentKind, Flag, Speaker
from ingest.reasons import packaged

FEW_WORDS = 15
"""A call shorter than this is no conversation: voicemail, a wrong number (measured on the demo calls)."""
FEW_NOTE_WORDS = 4
"""Words a note may hold beside the phrase that nobody answered."""
SAME_CALL_WORDS = 40
"""Equal texts of different customers are one text twice only from this length: short ones repeat by themselves."""
SHINGLE = 4
NEAR = 0.8
"""Share of common word 4-grams from which two texts are nearly the same."""
MIN_SHINGLES = 12
COMMON_SHINGLE = 20
"""A word 4-gram in more documents than this is the script or the form, not a copy."""

_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?|!--[^<>]{0,2000}--)>", re.DOTALL)
_DROPPED = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s{0,9}>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,6}|#x[0-9a-fA-F]{2,6});")
_WORD = re.compile(r"[^\W_]+")


def without_html(text: str) -> tuple[str, bool]:
    """Text without tags, scripts and entities, and whether there were tags."""
    if "<" not in text and "&" not in text:
        return text, False
    found = bool(_TAG.search(text))
    if found:
        text = _TAG.sub(" ", _BREAK.sub("\n", _DROPPED.sub(" ", text)))
    if _ENTITY.search(text):
        text = html.unescape(text)
        if _TAG.search(text):
            found, text = True, _TAG.sub(" ", _DROPPED.sub(" ", text))
    if not found:
        return text, False
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip(), True


@cache
def _patterns(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in packaged("marks.yaml")[name]), re.MULTILINE)


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е").replace("’", "'")


def is_injection(text: str) -> bool:
    """Whether the text gives orders to a program. It stays what it is: data."""
    return bool(_patterns("injection").search(_plain(text)))


def own_flags(kind: DocumentKind, texts: Sequence[str], *, had_html: bool) -> list[Flag]:
    """Marks a document gets by itself, from its utterances."""
    joined = "\n".join(texts)
    flags: list[Flag] = []
    words = _WORD.findall(joined)
    if not any(re.search(r"[^\W\d_]", word) for word in words):
        flags.append("empty")
    elif _nobody_answered(kind, joined, len(words)):
        flags.append("voicemail")
    if had_html:
        flags.append("html")
    if is_injection(joined):
        flags.append("injection")
    return flags


def _nobody_answered(kind: DocumentKind, text: str, words: int) -> bool:
    if kind is DocumentKind.AD_RESPONSE:
        return False
    plain = _plain(text)
    if kind is DocumentKind.CALL:
        return words < FEW_WORDS or (words < 3 * FEW_WORDS and bool(_patterns("machine").search(plain)))
    phrases = [found[0] for name in ("machine", "nobody") for found in _patterns(name).finditer(plain)]
    rest = words - sum(len(_WORD.findall(phrase)) for phrase in phrases)
    return bool(phrases) and rest < FEW_NOTE_WORDS


def repeated(documents: Sequence[Document], customer_of: dict[str, str]) -> dict[str, Flag]:
    """ref → `duplicate` or `near_duplicate` for texts that stand here before, the first by time and ref left unmarked.

    Equal words count for one customer, or for anybody from `SAME_CALL_WORDS`; nearly equal ones by word 4-grams.
    """
    ordered = sorted(
        documents, key=lambda document: (document.occurred_at is None, str(document.occurred_at), document.ref)
    )
    flags: dict[str, Flag] = {}
    first: dict[tuple[str, str], str] = {}
    for document in ordered:
        words = _WORD.findall(_plain(_own_words(document)))
        if not words:
            continue
        text = " ".join(words)
        owner = "" if len(words) >= SAME_CALL_WORDS else customer_of[document.ref]
        if (owner, text) in first:
            flags[document.ref] = "duplicate"
        else:
            first[owner, text] = document.ref
    return flags | _nearly([document for document in ordered if document.ref not in flags])


def _own_words(document: Document) -> str:
    own = [utterance.text for utterance in document.utterances if utterance.speaker is not Speaker.AGENT]
    return "\n".join(own)


def _nearly(documents: Sequence[Document]) -> dict[str, Flag]:
    shingles = [_shingles(document) for document in documents]
    where: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(shingles):
        for shingle in own:
            where[shingle].append(number)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in where.values():
        if 1 < len(numbers) <= COMMON_SHINGLE:
            for later, second in enumerate(numbers):
                for earlier in numbers[:later]:
                    common[earlier, second] += 1
    flags: dict[str, Flag] = {}
    for (earlier, later), count in sorted(common.items()):
        union = len(shingles[earlier]) + len(shingles[later]) - count
        if count >= NEAR * union and documents[earlier].ref not in flags:
            flags[documents[later].ref] = "near_duplicate"
    return flags


def _shingles(document: Document) -> set[int]:
    words = _WORD.findall(_plain(_own_words(document)))
    found = {hash_of(" ".join(words[start : start + SHINGLE])) for start in range(len(words) - SHINGLE + 1)}
    return found if len(found) >= MIN_SHINGLES else set()


def hash_of(text: str) -> int:
    """A hash that is the same in every process (the built-in one is not)."""
    import zlib

    return zlib.crc32(text.encode()) << 16 | zlib.adler32(text.encode()) & 0xFFFF
