"""Words of a text and their dictionary forms: Russian by pymorphy3, English by the Snowball stemmer."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
PLACEHOLDER = re.compile(r"\[[a-z]+(?:-\d+)?\]")
"""What redaction leaves behind: `[phone]`, `[name-1]`."""

_PROPER = frozenset({"Name", "Surn", "Patr", "Geox"})
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def without_placeholders(text: str) -> str:
    """The text with redaction's placeholders blanked by spaces of the same length (offsets stay)."""
    return PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)


def words(text: str) -> list[str]:
    """Lower-case words in order; digits and placeholders are no words; ё counts as е."""
    return [match.group().lower().replace("ё", "е") for match in WORD.finditer(without_placeholders(text))]


@cache
def _morph() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Dictionary form of one lower-case word: by script, so a mixed text needs no language."""
    if _CYRILLIC.search(word):
        return str(parses(word)[0].normal_form).replace("ё", "е")
    return str(_stemmer().stemWord(word.replace("’", "'").removesuffix("'s")))


@lru_cache(maxsize=100_000)
def parses(word: str) -> Any:
    """Every reading of a Russian word by pymorphy3, likeliest first."""
    return _morph().parse(word)


@lru_cache(maxsize=200_000)
def part_of_speech(word: str) -> str:
    """`NOUN`, `VERB`, `ADJF` … of a Russian word by its likeliest parse; "" for other scripts."""
    if not _CYRILLIC.search(word):
        return ""
    return str(parses(word)[0].tag.POS or "")


@lru_cache(maxsize=200_000)
def is_proper(word: str) -> bool:
    """Whether the likeliest reading of a Russian word is a name of a person or a place."""
    return bool(_CYRILLIC.search(word)) and bool(_PROPER & set(parses(word)[0].tag.grammemes))


def lemmas(text: str) -> list[str]:
    """Dictionary forms of the text's words, in order."""
    return [lemma(word) for word in words(text)]
