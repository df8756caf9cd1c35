"""How a thought speaks of its measure: at most, most, never, only … First the sign, then the word."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.personas.clauses import Group
from service.personas.cues import CueBook, Hit
from service.personas.model import Direction, Operator
from service.personas.numbers import Quantity
from service.personas.tokens import Tokens

NEGATION_REACH = 5.0
"""A negation speaks of the nearest cue of its clause, this many tokens away at most."""

SUPERLATIVE = ("only", "most", "least", "first")
FITTING = {
    "leads": ("share",),
    "wins": ("share",),
    "revenue": ("share",),
    "conversion": ("share",),
    "value": ("money", "times"),
    "lifetime": ("money", "times"),
    "retention": ("months", "years", "days", "share"),
    "cycle": ("days", "months"),
    "returns": ("share",),
    "referral": ("share",),
    "discount": ("share",),
    "basket": ("money", "share"),
    "channel": ("share",),
    "cost_per_lead": ("money", "times"),
    "cost_per_customer": ("money", "times"),
    "satisfaction": ("count",),
    "topic": ("share",),
    "identity": ("share",),
}
"""Kinds of quantity that can be the value of a measure."""


PARTS_OF_A_WHOLE = frozenset({"leads", "wins", "revenue", "cost_per_lead", "cost_per_customer", "identity"})
"""Measures that say nothing of everybody: "all our leads" is the whole, not the subject."""


@dataclass(frozen=True)
class Wording:
    """The operator as found. `cue` says whether a word of the list (and not the bare statement) carries it."""

    operator: Operator
    direction: Direction = "high"
    negated: bool = False
    cue: bool = False
    quantity: Quantity | None = None
    everyone: bool = False


@dataclass(frozen=True)
class Scene:
    """What the operator is read from."""

    tokens: Tokens
    group: Group
    measure: str
    hits: list[Hit]
    operators: list[Hit]
    negations: list[int]
    quantities: list[Quantity]
    book: CueBook
    leaning: int = 0
    """Which way the examples nearest to the sentence point: −1 little, 1 much, 0 unknown."""


def wording(scene: Scene) -> Wording:
    """The operator of the thought."""
    own = [hit for hit in scene.operators if scene.group.covers(hit) and not _part_of_cue(hit, scene)]
    names = {hit.name for hit in own}
    negated = _negated(scene)
    polarity = _polarity(scene)
    direction = _direction(scene, own, polarity)
    quantity = _fitting(scene)
    everyone = _everyone(scene)
    if quantity is not None:
        if scene.measure == "retention" and polarity < 0 and quantity.bound == "about":
            quantity = replace(quantity, bound="at_most")  # "they leave after two months"
        return Wording("number", direction, negated and not _bounds_only(scene, quantity), True, quantity, everyone)
    if _outdone_by_none(scene, own):
        return Wording("most", direction, False, True, None, everyone)
    if "equal" in names:  # "no worse than the rest": the rest is what it is held against
        return Wording("equal", "high", negated and not _within("equal", own, scene), True, None, everyone)
    for name in SUPERLATIVE:
        if name in names and not (name == "first" and scene.measure not in ("topic", "identity")):
            return _superlative(name, scene, direction, negated, everyone)
    return _plain(scene, names, direction, negated, polarity, everyone)


def _bounds_only(scene: Scene, quantity: Quantity) -> bool:
    """ "Two months, not longer": the negation makes the number's bound and denies nothing."""
    own = [place for place in scene.negations if scene.group.has(place)]
    words = [token.word for token in scene.tokens.items]
    return quantity.bound != "about" and all(
        (place + 1 < len(words) and words[place + 1] in BOUNDING) or place >= quantity.first for place in own
    )


BOUNDING = frozenset("больше меньше более менее дольше выше ниже more less longer fewer over higher lower".split())
"""Words that make a bound with a negation before them."""


def _within(name: str, own: list[Hit], scene: Scene) -> bool:
    """Whether every negation of the thought is part of such an operator: "no worse", "не хуже"."""
    spans = [hit for hit in own if hit.name == name]
    places = [place for place in scene.negations if scene.group.has(place)]
    return all(any(hit.first <= place < hit.last for hit in spans) for place in places)


def _part_of_cue(hit: Hit, scene: Scene) -> bool:
    """ "Take the cheapest": the superlative is of the goods, and makes the order small."""
    return (
        scene.measure == "value"
        and hit.name in ("most", "least")
        and any(
            cue.name == "value" and cue.strength == "low" and cue.first <= hit.first < cue.last for cue in scene.hits
        )
    )


def _negates_itself(scene: Scene) -> bool:
    """Whether the word for "rarely" holds a negation."""
    return any(
        hit.name == "rare" and any(hit.first <= place < hit.last for place in scene.negations)
        for hit in scene.operators
        if scene.group.covers(hit)
    )


def _superlative(name: str, scene: Scene, direction: Direction, negated: bool, everyone: bool) -> Wording:
    if name == "only":
        return Wording("only", "high", negated, True, None, everyone)
    if scene.measure == "topic":
        return Wording("none" if negated and name == "first" else "first", direction, negated, True, None, everyone)
    return Wording("most", "low" if name == "least" else direction, negated, True, None, everyone)


def _plain(
    scene: Scene, names: set[str], direction: Direction, negated: bool, polarity: int, everyone: bool
) -> Wording:
    """Operators below the superlatives, in the order in which they win."""
    if "rare" in names:  # "almost never" brings its own negation: "почти не видно" is rare, not "rarely unseen"
        return Wording("rare", "high", polarity < 0 and not _negates_itself(scene), True, None, everyone)
    if polarity < 0 and names & {"all", "majority"} and not negated:
        return Wording("none", "high", False, True, None, everyone)
    if "majority" in names:
        return Wording("majority", direction, negated, True, None, everyone)
    if "than" in names:
        return Wording("than", direction, negated, True, None, everyone)
    if "all" in names and not everyone:
        return Wording("none" if negated else "all", direction, False, True, None, everyone)
    if negated:
        return Wording(
            "low" if polarity > 0 else "high" if polarity < 0 else "none", direction, False, True, None, everyone
        )
    if polarity:
        return Wording("high" if polarity > 0 else "low", direction, False, True, None, everyone)
    level = _level(scene, names)
    if level == "is" and scene.leaning < 0 and scene.measure not in ("identity", "wins", "channel"):
        return Wording("none" if scene.measure == "topic" else "low", "low", False, False, None, everyone)
    return Wording(level, direction, False, level != "is", None, everyone)


def _level(scene: Scene, names: set[str]) -> Operator:
    if scene.measure == "topic":
        return "is"
    if "low" in names and "high" not in names:
        return "low"
    if "high" in names and "low" not in names:
        return "high"
    return "is"


def _everyone(scene: Scene) -> bool:
    """Said of all groups: a word for everybody inside the thought."""
    superlatives = scene.book.patterns("not_everyone").spans(scene.tokens)
    if scene.measure in PARTS_OF_A_WHOLE:
        return False
    return any(
        scene.group.has(a) and hit_all and not any(x <= a < y for x, y in superlatives)
        for a, hit_all in ((h.first, h.name == "all") for h in scene.operators)
    ) and any(scene.group.has(a) for a, _ in scene.book.patterns("everyone").spans(scene.tokens))


def _polarity(scene: Scene) -> int:
    """+1 or −1 when a cue of the measure itself says much or little."""
    signs = [
        (hit.weight, 1 if hit.strength == "high" else -1)
        for hit in scene.hits
        if hit.name == scene.measure and hit.strength in ("high", "low") and scene.group.covers(hit)
    ]
    return max(signs)[1] if signs else 0


def _direction(scene: Scene, own: list[Hit], polarity: int) -> Direction:
    down = any(scene.group.has(a) for a, _ in scene.book.patterns("down").spans(scene.tokens))
    up = any(scene.group.has(a) for a, _ in scene.book.patterns("up").spans(scene.tokens))
    least = any(hit.name == "least" for hit in own)
    if scene.measure == "cost_per_customer":  # "the best campaign" is the one with the lowest cost
        return "high" if polarity > 0 else "low"
    if least or (down and not up):
        return "low"
    return "low" if polarity < 0 and not up else "high"


def _negated(scene: Scene) -> bool:
    """Whether a negation reaches a cue of the measure. Negations inside a high or low cue are part of it."""
    polar = [hit for hit in scene.hits if hit.strength in ("high", "low") and hit.name == scene.measure]
    free = [
        place
        for place in scene.negations
        if scene.group.has(place)
        and not any(hit.first <= place < hit.last for hit in polar)
        and not any(hit.first <= place < hit.last for hit in scene.operators if hit.name == "most")
    ]
    return any(_reaches(place, scene) for place in free)


def _reaches(place: int, scene: Scene) -> bool:
    """Whether what the negation speaks of, the nearest cue of its clause, is the measure's."""
    span = next(((a, b) for a, b in scene.group.spans if a <= place < b), None)
    if span is None:
        return False
    near = [hit for hit in scene.hits if span[0] <= hit.first and hit.last <= span[1]]
    if not near:
        return len(scene.group.spans) == 1
    nearest = min(near, key=lambda hit: (_distance(place, hit), -hit.weight, hit.name != scene.measure))
    within = _distance(place, nearest) <= NEGATION_REACH
    absolute = scene.tokens.items[place].word in ABSOLUTE or _dismissed(place, scene)
    return (within or absolute) and any(
        hit.name == scene.measure and _distance(place, hit) <= _distance(place, nearest) for hit in near
    )


def _distance(place: int, hit: Hit) -> float:
    """Tokens from the negation to the cue; a cue behind it is a little farther than one ahead."""
    if hit.first <= place < hit.last:
        return 0.0
    return float(hit.first - place) if hit.first > place else place - hit.last + 1.5


def _dismissed(place: int, scene: Scene) -> bool:
    """Whether the negation is part of "not an issue", which reaches whatever the clause names."""
    return any(a <= place < b for a, b in scene.book.patterns("dismissals").spans(scene.tokens))


ABSOLUTE = frozenset("никто никого никому никогда ничего nobody none never nothing neither without без нет".split())
"""Negations that reach the whole clause."""


def _outdone_by_none(scene: Scene, own: list[Hit]) -> bool:
    """ "Nobody refers like they do", "никто так не советует, как они"."""
    return any(
        hit.name == "most" and hit.last - hit.first >= 2 and scene.tokens.items[hit.first].word in ABSOLUTE
        for hit in own
    )


def _fitting(scene: Scene) -> Quantity | None:
    kinds = FITTING.get(scene.measure, ())
    inside = [q for q in scene.quantities if scene.group.has(q.first)]
    if scene.measure in ("value", "lifetime", "basket", "cost_per_lead", "cost_per_customer"):
        inside = [_as_money(q) for q in inside]
    if scene.measure in ("topic", "discount"):
        inside = [q for q in inside if not _is_percent_off(scene.tokens, q)]
    return next((q for q in inside if q.kind in kinds and not (q.kind == "money" and q.value <= 1)), None)


def _is_percent_off(tokens: Tokens, quantity: Quantity) -> bool:
    """ "10 % off" is the size of a discount, "10 % of them" a share of people."""
    words = [token.word for token in tokens.items]
    percent = any(
        word in ("%", "percent", "per") or word.startswith("процент") for word in words[quantity.first : quantity.last]
    )
    following = words[quantity.last] if quantity.last < len(words) else ""
    return percent and following not in (
        "of",
        "клиентов",
        "людей",
        "наших",
        "из",
        "покупателей",
        "customers",
        "clients",
    )


def _as_money(quantity: Quantity) -> Quantity:
    """A bare number of a hundred or more next to a money measure is money."""
    if quantity.kind == "count" and quantity.value >= 100:
        return Quantity(quantity.value, "money", quantity.bound, quantity.first, quantity.last, quantity.high)
    return quantity
