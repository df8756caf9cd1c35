"""One spelling for a name however it is written: letters of two alphabets, short forms, doubled letters.

Names never join two records alone, so the folding may be generous: `Юлия`, `Yulia`, `Julia` and `Iuliia` are one
word, `Anna` and `Ana` too; `Саша` is `Александр` as the list of short names has it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_SAME = (
    (re.compile(r"[yj]"), "i"),
    (re.compile(r"sh?ch"), "sh"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"t[sz]"), "c"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"^ie"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""Spellings of one sound in Latin letters: passports, mail addresses and people's own habit differ in these."""
_FEMININE = ((re.compile(r"(?:skaia|ckaia)$"), "ski"), (re.compile(r"(?<=[oei]v)a$|(?<=in)a$"), ""))
"""A woman's surname to a man's: a family has one."""
SHORTEST_FAMILY = 4


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """The one spelling of a name's word; a Russian short form or case form as the full name."""
    from ingest.redaction.lexicon import russian_names

    plain = word.lower().replace("ё", "е")
    latin = russian_names().canonical.get(plain, plain).translate(_LATIN)
    for pattern, one in _SAME:
        latin = pattern.sub(one, latin)
    return latin or plain


@lru_cache(maxsize=65536)
def family_of(word: str) -> str | None:
    """The surname as all of a family share it; None for a given name or a word too short to tell."""
    if is_given(word):
        return None
    stem = folded(word)
    for pattern, one in _FEMININE:
        stem = pattern.sub(one, stem)
    return stem if len(stem) >= SHORTEST_FAMILY else None


@lru_cache(maxsize=65536)
def is_given(word: str) -> bool:
    """Whether lists of either language hold the word as a given name."""
    from ingest.redaction.lexicon import english_names, russian_names

    plain = word.lower().replace("ё", "е")
    english = english_names()
    if plain in russian_names().canonical or plain in english.sure or plain in english.ambiguous:
        return True
    return plain.isascii() and folded(word) in _given_folded()


@lru_cache(maxsize=1)
def _given_folded() -> frozenset[str]:
    """Russian given names as mail addresses and passports spell them."""
    from ingest.redaction.lexicon import russian_names

    return frozenset(folded(name) for name in sorted(set(russian_names().canonical.values())))
