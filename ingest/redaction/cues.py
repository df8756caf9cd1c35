"""The conversation's signs that a name comes, compiled from `locale/{ru,en}/names.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.redaction.lexicon import LANGUAGES, name_cues, normal


class Cues(NamedTuple):
    """Patterns of one language; those "before" end where the name begins."""

    strong_before: re.Pattern[str]
    middle_before: re.Pattern[str]
    surname_before: re.Pattern[str]
    strong_after: re.Pattern[str]
    places: re.Pattern[str] | None


@lru_cache(maxsize=2)
def cues(language: str) -> Cues:
    """The cues of one language, for text in the form of `normal`."""
    listed = name_cues(language)

    def any_of(key: str) -> str:
        return "|".join(normal(pattern) for pattern in listed[key])

    def before(key: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{any_of(key)})(?:\s*[,:—–-]\s*|\s+)(?=\w)")

    places = listed.get("places_before")
    return Cues(
        before("strong_before"),
        before("middle_before"),
        before("surname_before"),
        re.compile(rf"(?<!\w)(?:{any_of('strong_after')})(?!\w)"),
        re.compile(rf"(?<!\w){places}\.?\s*$") if places else None,
    )


def asks_for_name(text: str) -> bool:
    """Whether an utterance asks whom one speaks with, so that the next begins with a name."""
    return any(_question(language).search(normal(text)) for language in LANGUAGES)


@lru_cache(maxsize=2)
def _question(language: str) -> re.Pattern[str]:
    return re.compile(normal(name_cues(language)["questions"]))


@lru_cache(maxsize=16)
def words(key: str) -> frozenset[str]:
    """A word list of both languages: `calendar`, `modals`, `verbs_after`, `introductions`, `kin` …"""
    return frozenset(word for language in LANGUAGES for word in name_cues(language).get(key, ()))
