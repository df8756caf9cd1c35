"""Who is not a customer at all: wrong numbers, sellers, job seekers, machines, junk.

Two kinds of evidence. Words: a customer is a seed when every document of theirs matches a cue (`locale/outsiders.yaml`)
or says nothing. Likeness: a classifier learns, on this company's own vectors, what separates the seeds from customers
known to be real (they bought, or came back), and moves the rest of a mind with the seeds. Who has a deal won is never
set apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from service.segments.vectors import Texts, customer_means, unit_rows, without_source
from service.segments.words import words

Floats = NDArray[np.float64]

TALKATIVE = 120
"""Words above which a cue is a figure of speech: who says so much came for something."""

CERTAIN = 0.5
"""Probability above which likeness alone sets a customer apart; cues alone give 0.9, nothing said gives 1."""

_VOWEL = re.compile(r"[аеиоуыэюяaeiouy]")


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    import yaml

    raw = yaml.safe_load(files("service.segments").joinpath("locale/outsiders.yaml").read_text(encoding="utf-8"))
    return tuple(
        (reason, re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns))) for reason, patterns in raw.items()
    )


def _is_junk(text: str) -> bool:
    """Nothing a person could mean: no real word, or one word of keyboard noise."""
    found = words(text)
    if not found:
        return True
    return len(found) == 1 and (len(found[0]) <= 3 or not _VOWEL.search(found[0]) or len(set(found[0])) <= 2)


def cue(text: str) -> str | None:
    """The kind of outsider a document's words point to: `wrong_number`, `offer`, `job`, `machine` … or None."""
    if _is_junk(text):
        return "junk"
    plain = text.lower().replace("ё", "е")
    return next((reason for reason, pattern in _cues() if pattern.search(plain)), None)


@dataclass(frozen=True)
class Outsiders:
    """`probability[i]`: that customer i of `Texts.customers` is not a customer; `reason[i]` when words say so."""

    probability: Floats
    reason: tuple[str | None, ...]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Customers set apart."""
        return np.asarray(self.probability >= CERTAIN, dtype=np.bool_)


def find_outsiders(texts: Texts, vectors: Floats, won: Sequence[bool], has_deal: Sequence[bool]) -> Outsiders:
    """Probability for each customer; `vectors`: (n_documents, dim) sentence vectors, `won`/`has_deal` per customer."""
    count = len(texts.customers)
    hits: list[list[str | None]] = [[] for _ in range(count)]
    length = np.zeros(count)
    for row, owner in enumerate(texts.owner):
        hits[owner].append(cue(texts.texts[row]))
        length[owner] += len(words(texts.texts[row]))
    reasons = tuple(_first_reason(found) if all(found) else None for found in hits)
    seeds = np.array([reason is not None for reason in reasons]) & ~np.asarray(won, dtype=bool)
    seeds &= length <= TALKATIVE
    bought = np.asarray(has_deal, dtype=bool)
    likeness = _likeness(customer_means(without_source(vectors, texts.kinds), texts), seeds, bought)
    probability = np.where(seeds, np.maximum(likeness, 0.9), likeness)
    probability[np.asarray(won, dtype=bool)] = 0.0
    return Outsiders(probability, tuple(reason if seed else None for reason, seed in zip(reasons, seeds, strict=True)))


def _first_reason(found: Sequence[str | None]) -> str:
    return next((hit for hit in found if hit and hit != "junk"), "junk")


def _likeness(means: Floats, seeds: NDArray[np.bool_], bought: NDArray[np.bool_]) -> Floats:
    """Cross-fitted probability of being like the seeds and unlike everybody else; 0 where there is too little.

    Positive-unlabelled learning: the rest holds hidden positives, which only pulls their probability down. Those with a
    deal are surely customers and weigh double. Nobody votes for themselves.
    """
    if seeds.sum() < 5 or (~seeds).sum() < 15:
        return np.zeros(len(seeds))
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    weight = np.where(bought & ~seeds, 2.0, 1.0)
    features = unit_rows(means)
    predicted = cross_val_predict(
        model, features, seeds.astype(int), cv=folds, method="predict_proba", params={"sample_weight": weight}
    )
    return np.asarray(predicted[:, 1], dtype=np.float64)


def likely_outsiders(texts: Texts, vectors: Floats, apart: Sequence[bool | None]) -> NDArray[np.bool_]:
    """Which customers of `texts` are none, where an earlier run answered for some: `apart[i]` is None for the others.

    A newcomer is one whose every document matches a cue, or who is likelier to be with those set apart than not.
    """
    unknown = np.array([status is None for status in apart])
    outside = np.array([bool(status) for status in apart])
    if not unknown.any():
        return np.zeros(0, dtype=np.bool_) if not len(apart) else outside
    hits: list[list[str | None]] = [[] for _ in apart]
    length = np.zeros(len(apart))
    for row, owner in enumerate(texts.owner):
        if unknown[owner]:
            hits[owner].append(cue(texts.texts[row]))
            length[owner] += len(words(texts.texts[row]))
    out = outside | np.array([bool(found) and all(found) for found in hits]) & (length <= TALKATIVE)
    known = ~unknown
    if outside[known].sum() < 5 or (~outside[known]).sum() < 15:
        return np.asarray(out, dtype=np.bool_)
    from sklearn.linear_model import LogisticRegression

    features = unit_rows(customer_means(without_source(vectors, texts.kinds), texts))
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(features[known], outside[known])
    out[unknown] |= model.predict_proba(features[unknown])[:, 1] >= CERTAIN
    return np.asarray(out, dtype=np.bool_)
