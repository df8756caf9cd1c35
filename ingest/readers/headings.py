"""How near a header nobody listed comes to the names of a field: shared word stems, typos, Russian in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Any

from ingest.language import CYRILLIC
from ingest.readers.columns import TableKind, field_of, normalised
from ingest.reasons import packaged

EXACT = 1.0
UNLISTED_WORD = 0.5
"""Weight of a header's word that no field's name has; a word of several fields weighs one over their number."""
NEAR_STEM = 0.84
"""Ratio from which two stems of five letters or more are one word with a typo."""
PUBLIC: Mapping[TableKind, str] = {"note": "note", "lead": "ad_response", "deal": "deals", "spend": "ad_spend"}
"""What a kind of table is called outside, as `--as` takes it."""

_CAMEL = re.compile(r"(?<=[a-zа-я\d])(?=[A-ZА-Я])")
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def header_key(header: str) -> str:
    """A header as mappings keep it: lower case, ё as е, one space between words; brackets stay."""
    text = unicodedata.normalize("NFKC", header).lower().replace("ё", "е").replace("_", " ")
    return " ".join(text.split())


def fields() -> dict[str, Any]:
    """`ingest/locale/fields.yaml`."""
    return packaged("fields.yaml")  # type: ignore[no-any-return]


def likeness(header: str, kind: TableKind) -> dict[str, float]:
    """Field → how near the header comes to its names, 0..1; `EXACT` only for the dictionary. Empty for a known header
    that is not needed."""
    spoken = _CAMEL.sub(" ", header)
    for written in (header, spoken):
        known = field_of(written, kind)
        if known is not None:
            return {known.field: EXACT} if known.field else {}
    own = frozenset(map(_stem, normalised(spoken).split()))
    return _nearest(own, kind) if own else {}


@lru_cache(maxsize=4096)
def _nearest(own: frozenset[str], kind: TableKind) -> dict[str, float]:
    names, weights = _names(kind)
    matched = {stem: _known_stem(stem, kind) for stem in own}
    own_weight = {stem: weights.get(matched[stem] or "", UNLISTED_WORD) for stem in own}
    found: dict[str, float] = {}
    for name, field in names:
        shared = {stem for stem in own if matched[stem] in name}
        if not shared:
            continue
        both = sum(own_weight[stem] for stem in shared)
        rest = sum(weights[word] for word in name - {matched[stem] for stem in shared})
        union = both + rest + sum(own_weight[stem] for stem in own - shared)
        found[field] = max(found.get(field, 0.0), 0.98 * both / union)
    return found


@cache
def _names(kind: TableKind) -> tuple[tuple[tuple[frozenset[str], str], ...], dict[str, float]]:
    """((stems of a name, its field), …) and the weight of every stem."""
    wanted = fields()["kinds"][PUBLIC[kind]]["fields"]
    listed = packaged("columns.yaml")
    own = {
        field: [*lists.get("strong", ()), *lists.get("also", ())]
        for field, lists in listed["kinds"][kind]["fields"].items()
    }
    names: set[tuple[frozenset[str], str]] = set()
    for field in wanted:
        headers = [*own.get(field, ()), *listed["shared"].get(field, ()), *fields()["fields"][field]["words"]]
        for header in headers:
            names |= {(stems, field) for stems in _stems_of(normalised(str(header)))}
    fields_of: dict[str, set[str]] = defaultdict(set)
    for stems, field in names:
        for stem in stems:
            fields_of[stem].add(field)
    weights = {stem: 1.0 / len(found) for stem, found in fields_of.items()}
    return tuple(sorted(names, key=lambda pair: (pair[1], sorted(pair[0])))), weights


def _stems_of(name: str) -> Iterable[frozenset[str]]:
    """A name's stems as written, and of its Latin spelling."""
    words = name.split()
    yield frozenset(map(_stem, words))
    if CYRILLIC.search(name):
        yield frozenset(_stem(in_latin(word)) for word in words)


@cache
def _known_stem(stem: str, kind: TableKind) -> str | None:
    """The stem of a field's name this one is, a typo apart."""
    weights = _names(kind)[1]
    if stem in weights:
        return stem
    if len(stem) < 5:
        return None
    near = (
        (SequenceMatcher(None, stem, other).ratio(), other)
        for other in weights
        if abs(len(other) - len(stem)) <= 2 and other[0] == stem[0] and len(other) >= 5
    )
    ratio, best = max(near, default=(0.0, ""))
    return best if ratio >= NEAR_STEM else None


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    return str(_stemmer("russian" if CYRILLIC.search(word) else "english").stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


def in_latin(text: str) -> str:
    """Russian letters spelt in Latin ones, as forms and scripts name their fields."""
    return "".join(_LATIN.get(letter, letter) for letter in text)
