"""`python -m eval lineage`: planted changes between two runs, recognised or not, on generated customers.

Each case has four to eight segments of a few to some hundred customers. Between the runs some customers leave, others
come, and a share of all is moved at random, as clustering does; in all cases but "nothing" one change is planted. Right
is a case whose planted change is told as what it is, of the segments it happened to; ids are right where every segment
that lives on keeps its own, the larger heir of a split and the larger part of a merge included.

`--split`: customers of every two planted segments of a demo company as one segment that a person asks to split in two.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eval.planted import CASES
from eval.segmenting.companies import KeptVectors, demo_company
from eval.segmenting.product import customers_kept
from service.core.errors import BadInput
from service.core.intervals import wilson
from service.segments import lineage
from service.segments.lineage import UNASSIGNED, AsFound, Standing, changes, remembered, segment_ids
from service.segments.parts import positions_in, proposed_parts, space_of
from service.segments.vectors import Floats

Places = dict[str, str]
"""Customer → planted segment or `unassigned`."""
NOISE = (0.05, 0.15, 0.25)
"""Shares of customers who move at random between the runs."""
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


class Case(NamedTuple):
    """Two runs and what was planted. `heir`: segment of the second run → the id it must have, None a new one."""

    before: Places
    now: Places
    kind: str
    about: str
    heir: Mapping[str, str | None]


def main(argv: Sequence[str]) -> int:
    """Print a row for each planted change, noise and threshold."""
    parser = argparse.ArgumentParser(prog="python -m eval lineage", description=__doc__)
    parser.add_argument("--cases", type=int, default=200, help="of each kind and noise")
    parser.add_argument("--thresholds", action="store_true", help="also other thresholds of the overlap")
    parser.add_argument("--split", choices=CASES, action="append", help="the parts proposed, on a demo company")
    options = parser.parse_args(argv)
    if options.split:
        for case in options.split:
            print(_split_rows(case))
        return 0
    print(
        f"{'planted':10} {'noise':>6} {'cases':>6} {'told right':>11} {'95 %':>13} {'ids right':>10} {'false news':>11}"
    )
    for kind in PLANTED:
        for noise in NOISE:
            print(_row(kind, noise, options.cases))
    print(_row_of_by_number(options.cases))
    if options.thresholds:
        for threshold in THRESHOLDS:
            print(_row_of_threshold(threshold, options.cases))
    return 0


def _row(kind: str, noise: float, cases: int) -> str:
    found = [judged(PLANTED[kind](np.random.default_rng((seed, round(100 * noise))), noise)) for seed in range(cases)]
    told, ids = sum(f.told for f in found), sum(f.ids for f in found)
    low, high = wilson(told, cases)
    news = sum(f.false_news for f in found) / cases
    interval = f"{low or 0:.3f}–{high or 0:.3f}"
    return f"{kind:10} {noise:6.2f} {cases:6d} {told / cases:11.3f} {interval:>13} {ids / cases:10.3f} {news:11.3f}"


class Judged(NamedTuple):
    """Whether a case came out right; `false_news`: changes told of segments that nothing was planted in."""

    told: bool
    ids: bool
    false_news: int


def judged(case: Case) -> Judged:
    """Match, tell, compare with what was planted."""
    before = _members(case.before)
    now = _members(case.now)
    planted = sorted(now)
    ids = segment_ids([now[name] for name in planted], before, _remembering(case, before))
    called = dict(zip(planted, ids, strict=True))
    right = all(called[name] == (heir or called[name]) for name, heir in case.heir.items() if name in called)
    right &= all(called[name] not in before for name, heir in case.heir.items() if heir is None and name in called)
    places = {customer: called.get(place, place) for customer, place in case.now.items()}
    found = changes(
        Standing(case.before, {name: name for name in before}),
        Standing(places, {name: name for name in ids}),
        revived=frozenset({case.about}) if case.kind == "returned" else frozenset(),
    )
    about = {case.about, called.get(case.about, case.about)}
    news = [c for c in found if c.kind != "continued"]
    mine = [c for c in news if about & {side.segment for side in (*c.before, *c.now)}]
    if case.kind == "redrawn":
        return Judged(all(c.kind != "continued" for c in found), right, 0)
    told = [c.kind for c in mine] == ([case.kind] if case.kind != "continued" else [])
    return Judged(told, right, len(news) - len(mine))


def _remembering(case: Case, before: Mapping[str, list[str]]) -> AsFound | None:
    """Where a lost segment is to come back: what the run before the two kept of it."""
    if case.kind != "returned":
        return None
    lived = AsFound({case.about: tuple(c for c, place in case.now.items() if place == case.about)}, {})
    lost, missed = remembered(lived, before)
    return AsFound({}, {}, {}, lost, missed)


def _members(places: Places) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for customer, place in sorted(places.items()):
        if place != UNASSIGNED:
            found.setdefault(place, []).append(customer)
    return found


def _company(rng: np.random.Generator) -> Places:
    sizes = rng.integers(12, 160, size=int(rng.integers(4, 9)))
    places = {f"c{n}-{i}": f"s{n}" for n, size in enumerate(sizes) for i in range(size)}
    return places | {f"u{i}": UNASSIGNED for i in range(int(0.15 * len(places)))}


def _disturbed(places: Places, rng: np.random.Generator, noise: float, sparing: str = "") -> Places:
    """Customers come, go and move at random; `sparing` gets no newcomers of its own."""
    names = sorted(set(places.values()))
    now = {}
    for customer, place in sorted(places.items()):
        if rng.random() < 0.05:
            continue
        now[customer] = str(rng.choice(names)) if rng.random() < noise else place
    open_names = [name for name in names if name != sparing]
    for number in range(int(rng.uniform(0, 0.3) * len(places))):
        now[f"n{number}"] = str(rng.choice(open_names))
    return now


def _same(places: Places) -> dict[str, str | None]:
    return {name: name for name in set(places.values()) - {UNASSIGNED}}


def _nothing(rng: np.random.Generator, noise: float) -> Case:
    before = _company(rng)
    return Case(before, _disturbed(before, rng, noise), "continued", "s0", _same(before))


def _drift(rng: np.random.Generator, noise: float) -> Case:
    """A third of one segment goes elsewhere, and as many newcomers come to it."""
    before = _company(rng)
    mine = [customer for customer, place in before.items() if place == "s0"]
    moved = dict(before)
    for customer in mine[: len(mine) // 3]:
        moved[customer] = UNASSIGNED
    moved |= {f"d{i}": "s0" for i in range(len(mine) // 3)}
    return Case(before, _disturbed(moved, rng, noise), "continued", "s0", _same(before))


def _split(rng: np.random.Generator, noise: float) -> Case:
    before = _company(rng)
    mine = [customer for customer, place in before.items() if place == "s0"]
    before |= {f"m{i}": "s0" for i in range(max(0, 30 - len(mine)))}
    mine = [customer for customer, place in before.items() if place == "s0"]
    smaller = int(rng.uniform(0.36, 0.45) * len(mine))
    parted = before | dict.fromkeys(mine[:smaller], "part")
    return Case(before, _disturbed(parted, rng, noise), "split", "s0", {**_same(before), "part": None})


def _merge(rng: np.random.Generator, noise: float) -> Case:
    before = _company(rng)
    sizes = Counter(before.values())
    small, large = sorted(("s0", "s1"), key=lambda name: (sizes[name], name))
    joined = {customer: large if place == small else place for customer, place in before.items()}
    return Case(before, _disturbed(joined, rng, noise), "merged", small, _same(joined))


def _birth(rng: np.random.Generator, noise: float) -> Case:
    before = _company(rng)
    now = _disturbed(before, rng, noise) | {f"b{i}": "fresh" for i in range(int(rng.integers(12, 60)))}
    return Case(before, now, "born", "fresh", {**_same(before), "fresh": None})


def _death(rng: np.random.Generator, noise: float) -> Case:
    """The members go to nobody, and to everybody a little."""
    before = _company(rng)
    others = [name for name in sorted(set(before.values())) if name not in ("s0", UNASSIGNED)]
    gone = {c: (UNASSIGNED if rng.random() < 0.6 else str(rng.choice(others))) for c in before if before[c] == "s0"}
    return Case(before, _disturbed(before | gone, rng, noise), "died", "s0", _same(before | gone))


def _return(rng: np.random.Generator, noise: float) -> Case:
    """A segment that one run had lost is found again."""
    whole = _company(rng)
    before = {customer: UNASSIGNED if place == "s0" else place for customer, place in whole.items()}
    return Case(before, _disturbed(whole, rng, noise), "returned", "s0", _same(whole))


def _redrawn(rng: np.random.Generator, noise: float) -> Case:
    """Everybody is dealt anew: no segment lives on."""
    before = _company(rng)
    places = list(before.values())
    rng.shuffle(places)
    dealt = {c: UNASSIGNED if p == UNASSIGNED else f"new-{p}" for c, p in zip(sorted(before), places, strict=True)}
    return Case(before, _disturbed(dealt, rng, noise), "redrawn", "", dict.fromkeys(set(dealt.values()) - {UNASSIGNED}))


PLANTED: dict[str, Callable[[np.random.Generator, float], Case]] = {
    "nothing": _nothing,
    "drift": _drift,
    "split": _split,
    "merge": _merge,
    "birth": _birth,
    "death": _death,
    "return": _return,
    "redrawn": _redrawn,
}


def _row_of_threshold(threshold: float, cases: int) -> str:
    kept = lineage.CONTINUES
    lineage.CONTINUES = threshold
    shares = []
    try:
        for noise in NOISE[1:]:
            drawn = [
                judged(plant(np.random.default_rng((seed, round(100 * noise))), noise)).ids
                for plant in PLANTED.values()
                for seed in range(cases)
            ]
            shares.append(f"{np.mean(drawn):.3f} (noise {noise:.2f})")
    finally:
        lineage.CONTINUES = kept
    return f"overlap from {threshold:.2f}: ids right in {', '.join(shares)} of all cases"


def _row_of_by_number(cases: int) -> str:
    """The naive way beside it: a segment is the same one when it has the same rank by size."""
    right = []
    for plant in PLANTED.values():
        for seed in range(cases):
            case = plant(np.random.default_rng((seed, 15)), 0.15)
            old, new = Counter(case.before.values()), Counter(case.now.values())
            earlier = [n for n in sorted(old, key=lambda n: (-old[n], n)) if n != UNASSIGNED]
            later = [n for n in sorted(new, key=lambda n: (-new[n], n)) if n != UNASSIGNED]
            called = dict(zip(later, earlier, strict=False))
            right.append(all(called.get(name) == heir for name, heir in case.heir.items() if name in new))
    return f"by rank instead of members: ids right in {np.mean(right):.3f} of all cases, noise 0.15"


def _split_rows(case: str) -> str:
    """Mean and least agreement (ARI) of two proposed parts with the two planted segments, by way of parting."""
    company, vectors = demo_company(case), KeptVectors(None, None)
    texts = customers_kept(company.corpus, vectors)
    positions = positions_in(space_of(texts, vectors, 0), texts, vectors)
    of = {
        customer: company.planted[contact].segment or ""
        for contact, customers in company.customers_of().items()
        for customer in customers
        if company.planted[contact].kind == "one" and customer in set(texts.customers)
    }
    names = sorted(set(of.values()))
    rows = []
    for way, cut in {"k-means": None, "average-link": _average_link}.items():
        scores = []
        for number, one in enumerate(names):
            for other in names[number + 1 :]:
                people = sorted(customer for customer, name in of.items() if name in (one, other))
                scores.append(_agreement(people, of, positions(people), cut))
        rows.append(f"{case:14} {way:13} pairs {len(scores)}  ARI mean {np.mean(scores):.3f}  least {min(scores):.3f}")
    return "\n".join(rows)


def _agreement(
    people: Sequence[str], of: Mapping[str, str], vectors: Floats, cut: Callable[[Floats], Sequence[int]] | None
) -> float:
    from sklearn.metrics import adjusted_rand_score

    if cut is not None:
        return float(adjusted_rand_score([of[customer] for customer in people], cut(vectors)))
    try:
        parts = proposed_parts(people, lambda _: vectors, 2, 0)
    except BadInput:
        return 0.0
    part_of = {customer: number for number, part in enumerate(parts) for customer in part}
    return float(adjusted_rand_score([of[c] for c in people], [part_of[c] for c in people]))


def _average_link(vectors: Floats) -> Sequence[int]:
    from sklearn.cluster import AgglomerativeClustering

    return list(AgglomerativeClustering(2, metric="cosine", linkage="average").fit_predict(vectors))
