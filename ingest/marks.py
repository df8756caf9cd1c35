"""Marks on documents: empty, nobody answered, greetings only, HTML, text that talks to a program."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache

from ingest.model import DocumentKind, Flag, Speaker, Utterance
from ingest.reasons import packaged

FEW_WORDS = 15
"""A call shorter than this is no conversation: voicemail, a wrong number (measured on the demo calls)."""
FEW_NOTE_WORDS = 4
"""Words a note may hold beside the phrase that nobody answered."""
NO_MATTER = 1
"""Words beside greetings and assent that a customer may say in a call and still say nothing."""
LONG_WORD = 6
"""One longer word beside the greetings is matter: `Рассрочка?`, `Delivery?`."""
MONOLOGUE = 60
"""An agent's speech no longer than this that nobody answers was left on a machine."""

_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?|!--[^<>]{0,2000}--)>", re.DOTALL)
_DROPPED = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s{0,9}>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,6}|#x[0-9a-fA-F]{2,6});")
_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\[[\w-]+\]")


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


def own_flags(kind: DocumentKind, utterances: Sequence[Utterance], *, had_html: bool) -> list[Flag]:
    """Marks a document gets by itself, from its redacted utterances."""
    joined = "\n".join(utterance.text for utterance in utterances)
    own = "\n".join(utterance.text for utterance in utterances if utterance.speaker is not Speaker.AGENT)
    flags: list[Flag] = []
    words = _WORD.findall(joined)
    if not any(re.search(r"[^\W\d_]", word) for word in words):
        flags.append("empty")
    elif _nobody_answered(kind, joined, own, len(words)):
        flags.append("voicemail")
    elif _says_nothing(own, besides=NO_MATTER if kind is DocumentKind.CALL else 0):
        flags.append("boilerplate")
    if had_html:
        flags.append("html")
    if is_injection(joined):
        flags.append("injection")
    return flags


def _nobody_answered(kind: DocumentKind, text: str, own: str, words: int) -> bool:
    """A machine speaks, a person writes that nobody answered, or hardly anything is said and nothing of it matters."""
    if kind is DocumentKind.AD_RESPONSE:
        return False
    plain = _plain(text)
    if kind is DocumentKind.CALL:
        if words < 3 * FEW_WORDS and _patterns("machine").search(plain):
            return True
        return (words < FEW_WORDS and _says_nothing(own, besides=NO_MATTER)) or (
            words < MONOLOGUE and not _WORD.search(own)
        )
    phrases = [found[0] for name in ("machine", "nobody") for found in _patterns(name).finditer(plain)]
    rest = words - sum(len(_WORD.findall(phrase)) for phrase in phrases)
    return bool(phrases) and rest < FEW_NOTE_WORDS


def _says_nothing(text: str, besides: int) -> bool:
    """Only greetings, assent and good-byes, `besides` short words apart; placeholders say nothing either."""
    plain = _PLACEHOLDER.sub(" ", _plain(text))
    matter = [word for word in _WORD.findall(_patterns("formula").sub(" ", plain)) if word not in _small_talk()]
    return len(matter) <= besides and not any(len(word) > LONG_WORD for word in matter)


@cache
def _small_talk() -> frozenset[str]:
    return frozenset(packaged("marks.yaml")["small_talk"])
