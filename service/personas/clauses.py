"""A sentence's clauses: what is claimed, on what condition, and what is only proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from service.personas.cues import CueBook, Hit
from service.personas.tokens import Tokens, is_end, is_pause

Role = Literal["claim", "premise", "proposal", "prediction"]


@dataclass(frozen=True)
class Clause:
    """Tokens `first` to `last` (exclusive) and what they do. `contrast`: it opens with "but"."""

    first: int
    last: int
    role: Role
    contrast: bool = False


STRONG = 2.0
"""A clause whose best class weighs this much says something of its own."""


def clauses(tokens: Tokens, hits: list[Hit], book: CueBook) -> list[Clause]:
    """The sentence cut at marks, at "but"/"because", and at "and" between two sayings of different kinds."""
    cuts = {0}
    for index, token in enumerate(tokens.items):
        if is_end(token) or is_pause(token):
            cuts.add(index + 1)
    for name in ("contrast", "premises"):
        cuts.update(first for first, _ in book.patterns(name).spans(tokens))
    ordered = sorted(cuts | {len(tokens.items)})
    pieces = [(a, b) for a, b in zip(ordered, ordered[1:], strict=False) if tokens.words(a, b)]
    pieces = [part for piece in pieces for part in _cut_at_joiners(piece, tokens, hits, book)]
    return [_roled(a, b, tokens, book) for a, b in pieces]


def _cut_at_joiners(piece: tuple[int, int], tokens: Tokens, hits: list[Hit], book: CueBook) -> list[tuple[int, int]]:
    first, last = piece
    for place, after in book.patterns("joiners").spans(tokens):
        if first < place and after < last:
            left, right = _best(hits, first, place), _best(hits, after, last)
            if min(len(tokens.words(first, place)), len(tokens.words(after, last))) < 2:
                continue
            if left and right and left != right and "topic" not in (left, right):
                return [(first, place), *_cut_at_joiners((place, last), tokens, hits, book)]
    return [piece]


def _best(hits: list[Hit], first: int, last: int) -> str:
    """The class that weighs most within the tokens, "" when none is strong."""
    weights = weigh(hits, first, last)
    top = max(weights, key=lambda name: (weights[name], name), default="")
    return top if top and weights[top] >= STRONG else ""


def weigh(hits: list[Hit], first: int, last: int) -> dict[str, float]:
    """Class → weight of its cues inside the tokens; of cues that share a token only the heaviest counts."""
    weights: dict[str, float] = {}
    taken: dict[str, set[int]] = {}
    for hit in sorted(hits, key=lambda h: (-h.weight, h.first)):
        if (
            first <= hit.first
            and hit.last <= last
            and not taken.setdefault(hit.name, set()) & set(range(hit.first, hit.last))
        ):
            weights[hit.name] = weights.get(hit.name, 0.0) + hit.weight
            taken[hit.name].update(range(hit.first, hit.last))
    return weights


def _roled(first: int, last: int, tokens: Tokens, book: CueBook) -> Clause:
    opening = first
    while opening < last and (is_pause(tokens.items[opening]) or is_end(tokens.items[opening])):
        opening += 1

    def at_opening(name: str, reach: int) -> bool:
        return any(opening <= a < opening + reach for a, _ in book.patterns(name).spans(tokens))

    def within(name: str) -> bool:
        return any(first <= a and b <= last for a, b in book.patterns(name).spans(tokens))

    contrast = at_opening("contrast", 2)
    role: Role = "claim"
    if at_opening("premises", 2) or _is_relative(opening, last, tokens, book):
        role = "premise"
    elif within("proposals"):
        role = "proposal"
    elif within("predictions"):
        role = "prediction"
    return Clause(first, last, role, contrast)


def _is_relative(opening: int, last: int, tokens: Tokens, book: CueBook) -> bool:
    """ "Who asks for time, …": a clause of that kind opens the sentence and another follows."""
    opens = any(a == opening for a, _ in book.patterns("relatives").spans(tokens))
    return opens and opening <= 1 and last < len(tokens.items) - 2


@dataclass(frozen=True)
class Group:
    """Clauses that make one thought: the spans of what is claimed, and of its condition."""

    spans: tuple[tuple[int, int], ...]
    premises: tuple[tuple[int, int], ...] = ()
    best: str = ""

    def has(self, index: int) -> bool:
        """Whether a token belongs to the thought (its condition aside)."""
        return any(a <= index < b for a, b in self.spans)

    def covers(self, hit: Hit) -> bool:
        """Whether a cue lies in it whole."""
        return any(a <= hit.first and hit.last <= b for a, b in self.spans)


def _without_explanations(found: list[Clause], tokens: Tokens, hits: list[Hit]) -> list[Clause]:
    """What follows a colon explains the thought before it: more of the same, or else no thought of its own."""
    colon = next((i for i, token in enumerate(tokens.items) if token.word == ":"), None)
    said = {_best(hits, c.first, c.last) for c in found if colon is not None and c.last <= colon + 1} - {""}
    if colon is None or not said:
        return found
    return [
        replace(c, role="premise")
        if c.first > colon and c.role == "claim" and _best(hits, c.first, c.last) not in (*said, "")
        else c
        for c in found
    ]


MOST_THOUGHTS = 3


def thoughts(tokens: Tokens, hits: list[Hit], book: CueBook) -> tuple[list[Group], bool]:
    """The sentence's thoughts, and whether it also foretells something no data can show."""
    found = _without_explanations(clauses(tokens, hits, book), tokens, hits)
    claiming = [c for c in found if c.role == "claim"]
    if not any(_best(hits, c.first, c.last) for c in claiming):
        claiming = [c for c in found if c.role != "proposal"] or found
    premises = tuple((c.first, c.last) for c in found if c.role == "premise" and c not in claiming)
    groups: list[Group] = []
    waiting: list[tuple[int, int]] = []
    for clause in claiming:
        span, best = (clause.first, clause.last), _best(hits, clause.first, clause.last)
        last = groups[-1] if groups else None
        if not best and last is None:
            waiting.append(span)
        elif last is None:
            groups.append(Group((*waiting, span), premises, best))
            waiting = []
        elif not best or best == last.best or (len(groups) >= MOST_THOUGHTS):
            groups[-1] = replace(last, spans=(*last.spans, span))
        else:
            groups.append(Group((span,), premises, best))
    if waiting and not groups:
        groups.append(Group(tuple(waiting), premises))
    foretells = any(c.role == "prediction" for c in found if c not in claiming)
    return groups, foretells
