"""Customers who came, or said more, since the last run: placed at once among those it knows, and how well they fit.

Nothing is clustered again. The learned space is fitted anew on the run's own customers (seconds), everybody keeps the
memberships the run gave them, and a newcomer inherits those of the nearest.

Drift is told by two signs. Newcomers who fit nowhere, against how many of the known would not, had they been placed the
same way with as few documents. And newcomers who gather: within the segment they were put in, their nearest are each
other rather than those known before, as when a new kind of customer hides in an old segment (the nearest-neighbour
two-sample test of Schilling, JASA 1986, with permutations inside the segments).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.corpus.model import Corpus
from service.segments.consensus import CORE, JOINS
from service.segments.material import Material, keep_customers, material_of
from service.segments.model import Assignment, Segmentation, Share
from service.segments.outsiders import likely_outsiders
from service.segments.partition import BATCH, SAMPLE, Vectors
from service.segments.shares import share
from service.segments.space import NEIGHBOURS, PLACING_SHRINK, Space, learn_space
from service.segments.vectors import Floats, Texts

SECOND = 0.25
"""Membership from which a second segment is told."""
FAR = 0.05
"""Share of known customers who lie farther from everybody else than a newcomer may before they count as a stranger."""
ENOUGH = 20
"""Newcomers from which drift is judged: fewer say nothing."""
GATHERING = 10
"""Nearest customers asked for who is new among them."""
PERMUTATIONS = 199
GATHERS = 0.01
"""p up to which newcomers may gather by more than chance …"""
TWICE = 1.8
"""… and how many times more than expected they must: a space learned on the known sets strangers a little apart."""
GROWN = 0.2
"""Newcomers, as a share of the customers the run knew, from which a new run is worth it however well they fit."""


@dataclass(frozen=True)
class Drift:
    """How the newcomers fit. `unexplained`: of the newcomers, those who fit nowhere; `expected`: of the customers the
    run knew, those who would not have fitted either. `gathered`: share of newcomers among the nearest of newcomers,
    `gathered_expected` if they were spread as everybody else in their segments, `p` of the difference (1 where not
    judged). `advice`: `fits`, `too_few`, `grown` or `changed`."""

    newcomers: int
    known: int
    unexplained: Share
    expected: Share
    advice: str
    gathered: float = 0.0
    gathered_expected: float = 0.0
    p: float = 1.0


@dataclass(frozen=True)
class Arrivals:
    """Places of the newcomers, by customer id; `returning` of them were known and have said more since."""

    assignments: tuple[Assignment, ...]
    drift: Drift
    returning: int = 0
    documents: dict[str, int] = field(default_factory=dict)


def place_arrivals(
    corpus: Corpus, vectors: Vectors, run: Segmentation, seed: int = 0, settled: AbstractSet[str] = frozenset()
) -> Arrivals:
    """Place every customer the run does not know, or who has more documents than it knew, in the run's segments.

    `settled`: customers whose place a person has named; those the run knows stay where it has them.
    """
    known = {assignment.customer: assignment for assignment in run.assignments}
    counts = {customer: len(found) for customer, found in corpus.documents_of.items()}
    moving = {c for c, place in known.items() if c not in settled and _said_more(place, counts.get(c, 0))}
    new = [customer for customer in corpus.customers if customer not in known or customer in moving]
    returning = sum(customer in known for customer in new)
    held = {customer: counts.get(customer, 0) for customer in new}
    if not new or run.small:
        fits = _drift([], [], len(known), too_few=True)
        placed = [_unplaced(customer) for customer in new]
        return Arrivals(tuple(placed), fits, returning, held)
    material = material_of(corpus)
    outside = _set_apart(material, vectors, run, new)
    ids = [segment.id for segment in run.segments if segment.kind == "segment"]
    spoken = set(material.texts.customers)
    base = [c for c in material.texts.customers if c in known and c not in held and _counts(known[c])]
    if not ids or len(base) < 2:
        return Arrivals(tuple(map(_unplaced, new)), _drift([], [], len(known), too_few=True), returning, held)
    place = _Place.learned(material.texts, base, known, ids, vectors, seed)
    wanted = [customer for customer in new if customer in spoken and customer not in outside]
    membership, strange = place.of(keep_customers(material.texts, wanted), vectors)
    found = dict(zip(place.order(material.texts, wanted), zip(membership, strange, strict=True), strict=True))
    assignments = []
    for customer in new:
        if customer in outside:
            assignments.append(Assignment(customer, _outside_id(run), "not_a_customer", 1.0, documents=held[customer]))
        elif customer in found:
            row, stranger = found[customer]
            assignments.append(_assigned(customer, row, bool(stranger), ids, held[customer]))
        else:
            assignments.append(_unplaced(customer, held[customer]))
    came = [a for a in assignments if a.customer not in known and a.customer in found]
    gathering = place.gathering(material.texts, [a.customer for a in came], found, vectors, seed)
    unplaced = [a.status == "unassigned" for a in came]
    return Arrivals(
        tuple(assignments),
        _drift(unplaced, place.known_unexplained(), len(known), gathering=gathering),
        returning,
        held,
    )


def _said_more(assignment: Assignment, documents: int) -> bool:
    return assignment.documents is not None and documents > assignment.documents


def _counts(assignment: Assignment) -> bool:
    return assignment.status != "not_a_customer"


def _outside_id(run: Segmentation) -> str | None:
    return next((segment.id for segment in run.segments if segment.kind == "not_a_customer"), None)


def _unplaced(customer: str, documents: int = 0) -> Assignment:
    return Assignment(customer, None, "unassigned", 0.0, documents=documents)


def _assigned(customer: str, row: Floats, stranger: bool, ids: Sequence[str], documents: int) -> Assignment:
    order = np.argsort(-row, kind="stable")
    best = float(row[order[0]])
    if stranger or best < JOINS:
        return Assignment(customer, None, "unassigned", round(best, 4), documents=documents)
    second = float(row[order[1]]) if len(order) > 1 else 0.0
    return Assignment(
        customer,
        ids[int(order[0])],
        "core" if best >= CORE else "soft",
        round(best, 4),
        ids[int(order[1])] if second >= SECOND else None,
        round(second, 4) if second >= SECOND else 0.0,
        documents,
    )


def _set_apart(material: Material, vectors: Vectors, run: Segmentation, new: Sequence[str]) -> set[str]:
    """Newcomers who are no customers at all: by their words, or by likeness to those the run set apart."""
    texts = keep_customers(material.evidence, list(material.evidence.customers))
    apart, wanted = run.outsiders(), set(new)
    status = [None if customer in wanted else customer in apart for customer in texts.customers]
    found = likely_outsiders(texts, vectors(texts.texts).astype(np.float64), status)
    return {
        customer
        for customer, out in zip(texts.customers, found, strict=True)
        if out and customer in wanted and not material.won.get(customer, False)
    }


@dataclass(frozen=True)
class _Place:
    """The run's customers in the learned space with their memberships, and how near the known lie to each other."""

    space: Space
    texts: Texts
    membership: Floats
    far: float
    """Mean cosine with the nearest under which a newcomer is a stranger."""
    own: Floats
    """Memberships the known would inherit from the others, (n, k)."""
    own_likeness: Floats

    @classmethod
    def learned(
        cls,
        texts: Texts,
        base: Sequence[str],
        known: dict[str, Assignment],
        ids: Sequence[str],
        vectors: Vectors,
        seed: int,
    ) -> _Place:
        """Fit the space on at most `SAMPLE` of the run's customers."""
        if len(base) > SAMPLE:
            drawn = np.sort(np.random.default_rng(seed).choice(len(base), SAMPLE, replace=False))
            base = [base[row] for row in drawn]
        kept = keep_customers(texts, list(base))
        space = learn_space(kept, vectors(kept.texts).astype(np.float64), seed)
        membership = np.zeros((len(space.customers), len(ids)))
        for row, customer in enumerate(space.customers):
            assignment = known[customer]
            for segment, value in (
                (assignment.segment, assignment.probability),
                (assignment.second_segment, assignment.second_probability),
            ):
                if segment in ids:
                    membership[row, ids.index(segment)] = value
        first = keep_customers(_first_documents(kept, 1), list(space.customers))
        placed = space.place(first, vectors(first.texts).astype(np.float64), PLACING_SHRINK)
        own, likeness = _inherited(space.customers_at(PLACING_SHRINK), membership, placed, itself=True)
        return cls(space, kept, membership, float(np.quantile(likeness, FAR)), own, likeness)

    def order(self, texts: Texts, wanted: Sequence[str]) -> tuple[str, ...]:
        """The customers of `wanted` in the order `of` answers."""
        return keep_customers(texts, list(wanted)).customers

    def of(self, texts: Texts, vectors: Vectors) -> tuple[Floats, NDArray[np.bool_]]:
        """Membership (m, k) of other customers, and who is a stranger: near nobody."""
        rows, strange = [], []
        for start in range(0, len(texts.customers), BATCH):
            batch = keep_customers(texts, list(texts.customers[start : start + BATCH]))
            placed = self.space.place(batch, vectors(batch.texts).astype(np.float64), PLACING_SHRINK)
            inherited, likeness = _inherited(self.space.customers_at(PLACING_SHRINK), self.membership, placed)
            rows.append(inherited)
            strange.append(likeness < self.far)
        if not rows:
            return np.zeros((0, self.membership.shape[1])), np.zeros(0, dtype=np.bool_)
        return np.vstack(rows), np.concatenate(strange)

    def known_unexplained(self) -> list[bool]:
        """For each of the known: whether they would have fitted nowhere, placed by their first document."""
        return [bool(a or b) for a, b in zip(self.own_likeness < self.far, self.own.max(axis=1) < JOINS, strict=True)]

    def gathering(
        self,
        texts: Texts,
        came: Sequence[str],
        found: dict[str, tuple[Floats, bool]],
        vectors: Vectors,
        seed: int,
    ) -> tuple[float, float, float]:
        """Share of newcomers among the nearest of newcomers, the share expected within their segments, and p.

        Both sides are placed by as many documents as half of the newcomers have: fewer documents lie elsewhere.
        """
        if len(came) < ENOUGH:
            return 0.0, 0.0, 1.0
        newcomers = keep_customers(texts, list(came)[:SAMPLE])
        most = max(1, int(np.median(np.bincount(newcomers.owner))))
        rows = []
        for side in (self.texts, newcomers):
            cut = _first_documents(side, most)
            rows.append(self.space.place(cut, vectors(cut.texts).astype(np.float64), PLACING_SHRINK))
        of_new = np.stack([found[customer][0] for customer in newcomers.customers]).argmax(axis=1)
        groups = np.concatenate([self.membership.argmax(axis=1), of_new])
        new = np.concatenate([np.zeros(len(rows[0]), dtype=bool), np.ones(len(rows[1]), dtype=bool)])
        return _gathered(np.vstack(rows), new, groups, seed)


def _gathered(
    places: Floats, new: NDArray[np.bool_], groups: NDArray[np.intp], seed: int
) -> tuple[float, float, float]:
    likeness = places @ places.T
    np.fill_diagonal(likeness, -2.0)
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, : min(GATHERING, len(places) - 1)]
    observed = float(new[nearest[new]].mean())
    rng = np.random.default_rng(seed)
    inside = [np.where(groups == group)[0] for group in np.unique(groups)]
    drawn = []
    for _ in range(PERMUTATIONS):
        shuffled = new.copy()
        for rows in inside:
            shuffled[rows] = new[rng.permutation(rows)]
        drawn.append(float(shuffled[nearest[shuffled]].mean()))
    beaten = sum(value >= observed for value in drawn)
    return observed, float(np.mean(drawn)), (beaten + 1) / (PERMUTATIONS + 1)


def _first_documents(texts: Texts, most: int) -> Texts:
    """At most so many documents of each customer, the first ones; customers keep their order."""
    seen = np.zeros(len(texts.customers), dtype=np.intp)
    kept = []
    for row, owner in enumerate(texts.owner):
        if seen[owner] < most:
            kept.append(row)
        seen[owner] += 1
    rows = np.array(kept, dtype=np.intp)
    return Texts(
        tuple(texts.texts[row] for row in rows),
        tuple(texts.kinds[row] for row in rows),
        texts.owner[rows],
        texts.customers,
    )


def _inherited(known: Floats, membership: Floats, placed: Floats, itself: bool = False) -> tuple[Floats, Floats]:
    """Mean membership of the nearest, (m, k), and the mean cosine with them; `itself`: row i of both is one customer,
    who does not vote for themselves."""
    likeness = placed @ known.T
    if itself:
        np.fill_diagonal(likeness, -2.0)
    count = min(NEIGHBOURS, likeness.shape[1] - int(itself))
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
    inherited = membership[order].mean(axis=1)
    mute = ~np.any(placed, axis=1)
    inherited[mute] = 0.0
    near = np.take_along_axis(likeness, order, axis=1).mean(axis=1)
    return np.asarray(inherited, dtype=np.float64), np.where(mute, -1.0, near)


def _drift(
    came: Sequence[bool],
    known: Sequence[bool],
    customers: int,
    too_few: bool = False,
    gathering: tuple[float, float, float] = (0.0, 0.0, 1.0),
) -> Drift:
    unexplained, expected = share(sum(came), len(came)), share(sum(known), len(known))
    observed, spread, p = gathering
    advice = "fits"
    if too_few or len(came) < ENOUGH:
        advice = "too_few"
    elif (unexplained.low or 0.0) > (expected.high or 0.0) or (p <= GATHERS and observed >= TWICE * spread):
        advice = "changed"
    elif len(came) >= GROWN * customers:
        advice = "grown"
    return Drift(len(came), customers, unexplained, expected, advice, round(observed, 4), round(spread, 4), round(p, 4))
