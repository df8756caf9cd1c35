"""The same text again: word for word, or nearly, found in time linear in the number of documents.

Nearly equal means a Jaccard index of word 4-grams of at least `NEAR`. Candidates come from MinHash signatures in bands
(Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3); each is then compared exactly, and only
with the first of its group, so thousands of copies of one text cost no more than thousands of texts.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.model import Document, Flag, Speaker

if TYPE_CHECKING:
    import numpy as np

SAME_CALL_WORDS = 40
"""Equal texts of different customers are one text twice only from this length: short ones repeat by themselves."""
SHINGLE = 4
NEAR = 0.6
"""Jaccard index from which a text is nearly another. Measured by `python -m eval ingest`: no two different documents of
the demo cases come so near, and most calls recognised anew with one word of 20 misheard do."""
MIN_SHINGLES = 12
"""Texts with fewer 4-grams are too short to be nearly something."""
FEW_PAIRS = 20_000
"""Pairs up to which comparing each is quicker than signatures."""
BANDS, ROWS = 20, 3
"""A pair of Jaccard .6 shares a band with probability 1 - (1 - .6^3)^20 = .992, one of .2 with .15."""
_PRIME = (1 << 61) - 1
_SEED = 20170

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")


def repeated(documents: Sequence[Document], customer_of: Mapping[str, str]) -> dict[str, Flag]:
    """ref → `duplicate` or `near_duplicate` for texts that stand here before, the first by time and ref left unmarked.

    Equal words count for one customer, or for anybody from `SAME_CALL_WORDS`; the agent's words do not count.
    """
    ordered = sorted(
        documents, key=lambda document: (document.occurred_at is None, str(document.occurred_at), document.ref)
    )
    flags: dict[str, Flag] = {}
    first: dict[tuple[str, str], str] = {}
    left: list[tuple[str, list[str]]] = []
    for document in ordered:
        words = own_words(document)
        if not words:
            continue
        owner = "" if len(words) >= SAME_CALL_WORDS else customer_of[document.ref]
        text = " ".join(words)
        if (owner, text) in first:
            flags[document.ref] = "duplicate"
        else:
            first[owner, text] = document.ref
            left.append((document.ref, words))
    return flags | _nearly(left)


def own_words(document: Document) -> list[str]:
    """What was not said by the agent, as plain words: case, punctuation, apostrophes and ё do not matter."""
    own = (utterance.text for utterance in document.utterances if utterance.speaker is not Speaker.AGENT)
    return words_of("\n".join(own))


def words_of(text: str) -> list[str]:
    """Plain words of a text."""
    return _WORD.findall(_APOSTROPHE.sub("", text.lower().replace("ё", "е")))


def nearly(texts: Sequence[tuple[str, list[str]]], fresh: AbstractSet[str]) -> tuple[str, ...]:
    """References of texts that nearly stand earlier in the list, each (reference, plain words).

    Only pairs with one of `fresh` count where those are few; else all do, as among the texts of one harvest.
    """
    if len(texts) * len(fresh) > FEW_PAIRS:
        return tuple(_nearly(texts))
    shingled = [(ref, own) for ref, words in texts if len(own := _shingles(words)) >= MIN_SHINGLES]
    found: list[str] = []
    for number, (ref, own) in enumerate(shingled):
        earlier = (pair for pair in shingled[:number] if ref in fresh or pair[0] in fresh)
        if any(other not in found and _alike(own, theirs) for other, theirs in earlier):
            found.append(ref)
    return tuple(found)


def _nearly(texts: Sequence[tuple[str, list[str]]]) -> dict[str, Flag]:
    shingled = [(ref, own) for ref, words in texts if len(own := _shingles(words)) >= MIN_SHINGLES]
    flags: dict[str, Flag] = {}
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, (ref, own) in enumerate(shingled):
        bands = _bands(own)
        candidates = sorted({earlier for band in bands for earlier in buckets.get(band, ())})
        if any(_alike(own, shingled[earlier][1]) for earlier in candidates):
            flags[ref] = "near_duplicate"
            continue
        for band in bands:
            buckets[band].append(number)
    return flags


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    common = len(one & other)
    return common >= NEAR * (len(one) + len(other) - common)


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """Hashes of the word 4-grams, the same in every process."""
    hashes = [zlib.crc32(word.encode()) for word in words]
    return frozenset(
        (((hashes[i] * 31 + hashes[i + 1]) * 31 + hashes[i + 2]) * 31 + hashes[i + 3]) % _PRIME
        for i in range(len(hashes) - SHINGLE + 1)
    )


def _bands(shingles: frozenset[int]) -> list[tuple[int, bytes]]:
    """The MinHash signature cut into bands."""
    import numpy as np

    values = np.fromiter(shingles, dtype=np.uint64, count=len(shingles))
    factors, shifts = _permutations()
    mixed = values[None, :] * factors[:, None] + shifts[:, None]
    mixed ^= mixed >> np.uint64(29)
    least = mixed.min(axis=1).reshape(BANDS, ROWS)
    return [(number, band.tobytes()) for number, band in enumerate(least)]


@cache
def _permutations() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    import numpy as np

    at = np.random.default_rng(_SEED)
    factors = at.integers(1, 1 << 62, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return factors, at.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64)
