"""A persona's sentences beside example sentences of each measure class: what a thought without cues is likely about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
NEAREST = 2
"""A class is as near as the mean of its nearest examples."""
NOTHING = "none"
"""The class of sentences that state nothing about clients."""


@dataclass(frozen=True)
class Leaning:
    """What a sentence leans to: cosine by class, and for each class which way (−1 little, 0 unknown, 1 much)."""

    nearness: Mapping[str, float]
    polarity: Mapping[str, int]

    @property
    def best(self) -> str:
        """The nearest class."""
        return max(sorted(self.nearness), key=lambda name: self.nearness[name], default=NOTHING)

    @property
    def lead(self) -> float:
        """How far the nearest class is ahead of the second."""
        ordered = sorted(self.nearness.values(), reverse=True)
        return ordered[0] - ordered[1] if len(ordered) > 1 else 0.0


NO_LEANING = Leaning({}, {})


@dataclass(frozen=True)
class _Examples:
    texts: tuple[str, ...]
    names: tuple[str, ...]
    signs: tuple[int, ...]


@cache
def _examples(language: str) -> _Examples:
    known = language if language in ("ru", "en") else "en"
    path = files("service.personas") / "locale" / f"{known}_prototypes.yaml"
    raw: dict[str, dict[str, list[str]]] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    sign = {"plain": 0, "high": 1, "low": -1}
    rows = [(t, name, sign[way]) for name, ways in raw.items() for way, texts in ways.items() for t in texts]
    return _Examples(tuple(r[0] for r in rows), tuple(r[1] for r in rows), tuple(r[2] for r in rows))


def leanings(sentences: Sequence[str], language: str, encode: Encode | None) -> list[Leaning]:
    """The leaning of each sentence; without an encoder none leans anywhere."""
    if encode is None or not sentences:
        return [NO_LEANING] * len(sentences)
    examples = _examples(language)
    cosines = encode(list(sentences)) @ encode(list(examples.texts)).T
    return [_leaning(row, examples) for row in cosines]


def _leaning(row: NDArray[np.float32], examples: _Examples) -> Leaning:
    nearness: dict[str, float] = {}
    polarity: dict[str, int] = {}
    for name in dict.fromkeys(examples.names):
        own = [i for i, other in enumerate(examples.names) if other == name]
        order = sorted(own, key=lambda i: (-float(row[i]), i))[:NEAREST]
        nearness[name] = float(np.mean([row[i] for i in order]))
        polarity[name] = examples.signs[order[0]]
    return Leaning(nearness, polarity)
