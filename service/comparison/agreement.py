"""Where the three pictures meet and part, and what each parting may cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from ingest.model import Stakeholder
from service.comparison.model import Agreement, Comparison, Coverage, Divergence, JudgedClaim, Verdict
from service.comparison.money import Purse
from service.core.ids import stable_id
from service.economics.model import MeasureBook
from service.personas.model import Alias, Reading

DISMISSING = frozenset({"none", "rare", "low"})
SIZE = frozenset({"leads", "wins", "revenue", "identity"})
"""Measures by which a text can wave a group aside."""
PROUD = frozenset({"most", "first", "majority", "high", "all", "only", "is", "number", "equal"})
LEAN_SPEND = 1.5
"""A segment whose part of the ad money is this many times its part of the revenue is dear."""


def compare(
    judged: Sequence[JudgedClaim],
    aliases: Sequence[Alias],
    book: MeasureBook,
    segments: Sequence[str],
    present: Iterable[Stakeholder],
) -> Comparison:
    """The whole comparison. `present`: stakeholders who wrote a persona; `segments`: ids of real segments."""
    there = [who for who in Stakeholder if who in set(present)]
    purse = Purse(book)
    coverage = tuple(_coverage(who, judged, book, segments) for who in there)
    heroes = {c.stakeholder: c.segments[0] for c in coverage if c.segments}
    seen = {s for c in coverage for s in c.segments}
    blind = sorted((s for s in segments if s not in seen and there), key=lambda s: (-purse.revenue(s), s))
    divergences = [
        *_protagonists(heroes, judged, purse),
        *_against_data(judged, purse),
        *_against_each_other(judged, purse),
        *(_blind_spot(s, judged, there, purse) for s in blind),
        *_dear_spend(segments, coverage, judged, purse),
    ]
    return Comparison(
        claims=tuple(judged),
        aliases=tuple(aliases),
        coverage=coverage,
        agreements=tuple(_agreements(judged, heroes)),
        divergences=tuple(sorted(divergences, key=lambda d: (d.money is None, -(d.money or 0.0), d.id))),
        blind_spots=tuple(blind),
        ghosts=tuple(who for who in there if who not in heroes),
        missing=tuple(who for who in Stakeholder if who not in there),
    )


def _dismisses(atom: Reading) -> bool:
    return atom.measure in SIZE and (atom.operator in DISMISSING or atom.negated)


def protagonist_and_named(who: Stakeholder, judged: Sequence[JudgedClaim]) -> tuple[str, ...]:
    """Segments a persona stands for, the protagonist first; groups it names mostly to wave aside are not among them."""
    mine = [j.claim for j in judged if j.claim.stakeholder is who]
    weights: dict[str, float] = {}
    named: dict[str, int] = {}
    for place, claim in enumerate(mine):
        for atom in claim.atoms:
            segment = atom.subject.segment
            if atom.subject.kind != "segment" or segment is None:
                continue
            if atom.subject.mention:
                named[segment] = named.get(segment, 0) + (-1 if _dismisses(atom) else 1)
            if not _dismisses(atom):
                ours = 2.0 if atom.measure == "identity" else 0.0
                weight = 1.0 if atom.subject.mention else 0.5
                weights[segment] = weights.get(segment, 0.0) + (1.5 - place / max(1, len(mine))) * weight + ours
    return tuple(sorted((s for s in weights if named.get(s, 0) > 0), key=lambda s: (-weights[s], s)))


def _coverage(who: Stakeholder, judged: Sequence[JudgedClaim], book: MeasureBook, segments: Sequence[str]) -> Coverage:
    named = tuple(s for s in protagonist_and_named(who, judged) if s in segments)

    def total(measure: str) -> float | None:
        parts = [book.value("segment", s, measure) for s in named]
        known = [part for part in parts if part is not None]
        return sum(known) if known else None

    verdicts = [j.verdict for j in judged if j.claim.stakeholder is who]
    return Coverage(
        stakeholder=who,
        segments=named,
        leads=total("share_of_customers"),
        wins=total("share_of_won"),
        revenue=total("share_of_revenue"),
        right=verdicts.count(Verdict.SUPPORTED),
        partly=verdicts.count(Verdict.PARTLY),
        wrong=verdicts.count(Verdict.CONTRADICTED),
        unknown=verdicts.count(Verdict.NO_EVIDENCE),
    )


# -- divergences -----------------------------------------------------------------------------------------------


def _divergence(
    kind: str,
    segment: str | None,
    who: Sequence[Stakeholder],
    claims: Sequence[str],
    priced: tuple[float | None, tuple[tuple[str, float], ...]],
) -> Divergence:
    people = tuple(s for s in Stakeholder if s in who)
    key = stable_id("d_", kind, segment or "", *(s.value for s in people), *claims)
    return Divergence(key, kind, segment, people, tuple(claims), priced[0], priced[1])


def _protagonists(heroes: dict[Stakeholder, str], judged: Sequence[JudgedClaim], purse: Purse) -> list[Divergence]:
    """Two stakeholders with different people in mind: the difference of those people's revenue."""
    found = []
    for one, two in combinations([s for s in Stakeholder if s in heroes], 2):
        a, b = heroes[one], heroes[two]
        if a != b:
            richer = max((a, b), key=lambda s: (purse.revenue(s), s))
            claims = [c for who, s in ((one, a), (two, b)) for c in _about(judged, who, s)[:1]]
            found.append(_divergence("protagonist", richer, (one, two), claims, purse.gap(a, b)))
    return found


def _about(judged: Sequence[JudgedClaim], who: Stakeholder, segment: str) -> list[str]:
    return [j.claim.id for j in judged if j.claim.stakeholder is who and j.segment == segment]


def _against_data(judged: Sequence[JudgedClaim], purse: Purse) -> list[Divergence]:
    """Claims the data contradict, priced by what the claim steers."""
    return [
        _divergence("claim_vs_data", j.segment, (j.claim.stakeholder,), (j.claim.id,), purse.at_stake(j))
        for j in judged
        if j.verdict is Verdict.CONTRADICTED
    ]


def _against_each_other(judged: Sequence[JudgedClaim], purse: Purse) -> list[Divergence]:
    """Two stakeholders who say opposite things of the same people, by the same measure."""
    found = []
    for one, two in combinations(judged, 2):
        if one.claim.stakeholder is two.claim.stakeholder:
            continue
        pair = _opposed(one, two)
        if pair is not None:
            who = (one.claim.stakeholder, two.claim.stakeholder)
            found.append(_divergence("claim_vs_claim", pair, who, (one.claim.id, two.claim.id), purse.of_segment(pair)))
    return found


def _opposed(one: JudgedClaim, two: JudgedClaim) -> str | None:
    """The segment of which the two say opposite things."""
    for a in one.claim.atoms:
        for b in two.claim.atoms:
            same = a.measure == b.measure and a.subject.segment == b.subject.segment and a.subject.kind == "segment"
            on_topic = a.measure != "topic" or bool(set(a.topics) & set(b.topics))
            if same and on_topic and sign(a) * sign(b) < 0:
                return a.subject.segment
    return None


def sign(atom: Reading) -> int:
    """+1 when the reading says much, −1 when it says little, 0 when it compares."""
    if atom.operator in DISMISSING:
        return 1 if atom.negated else -1
    if atom.operator in PROUD:
        low = atom.direction == "low" and atom.operator == "most"
        return -1 if (atom.negated != low) else 1
    return 0


def _blind_spot(segment: str, judged: Sequence[JudgedClaim], there: Sequence[Stakeholder], purse: Purse) -> Divergence:
    waved = [j.claim.id for j in judged if j.segment == segment]
    return _divergence("blind_spot", segment, there, waved, purse.of_segment(segment))


def _dear_spend(
    segments: Sequence[str], coverage: Sequence[Coverage], judged: Sequence[JudgedClaim], purse: Purse
) -> list[Divergence]:
    """Segments that take much more of the ad money than they bring of the revenue, held dear by somebody."""
    found = []
    for segment in segments:
        priced = purse.dear(segment, LEAN_SPEND)
        who = [c.stakeholder for c in coverage if c.segments[:1] == (segment,)]
        if priced is not None and who:
            found.append(_divergence("spend", segment, who, _about(judged, who[0], segment)[:2], priced))
    return found


# -- agreements ------------------------------------------------------------------------------------------------


def _agreements(judged: Sequence[JudgedClaim], heroes: dict[Stakeholder, str]) -> list[Agreement]:
    """Claims of different stakeholders that say the same and that the data do not contradict."""
    groups: dict[tuple[str, str, tuple[str, ...], int], list[JudgedClaim]] = {}
    for j in judged:
        if j.verdict in (Verdict.CONTRADICTED, Verdict.NO_EVIDENCE):
            continue
        for atom in j.claim.atoms:
            if sign(atom) and (atom.subject.segment or atom.subject.kind == "all"):
                topics = tuple(sorted(atom.topics)) if atom.measure == "topic" else ()
                key = (atom.subject.segment or "", atom.measure, topics, sign(atom))
                groups.setdefault(key, []).append(j)
    found: dict[tuple[str, ...], Agreement] = {}
    for segment in sorted(set(heroes.values())):
        who = tuple(s for s in Stakeholder if heroes.get(s) == segment)
        if len(who) >= 2:
            claims = tuple(c for s in who for c in _about(judged, s, segment)[:1])
            found[(segment, *claims)] = Agreement(segment, who, claims)
    for (segment, _, _, _), members in sorted(groups.items()):
        who = tuple(s for s in Stakeholder if any(j.claim.stakeholder is s for j in members))
        claims = tuple(dict.fromkeys(j.claim.id for j in members))
        if len(who) >= 2 and len(claims) >= 2:
            found.setdefault((segment, *claims), Agreement(segment or None, who, claims))
    return list(found.values())
