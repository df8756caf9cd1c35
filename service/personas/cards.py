"""A claim card as a person corrects it: thoughts said in words and closed sets, laid over the machine's reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from service.core.errors import BadInput
from service.personas.cues import cue_book
from service.personas.model import Bound, Claim, Direction, Operator, Reading, Subject
from service.personas.numbers import Quantity, in_text
from service.segments.topics import catalogue
from service.segments.words import lemma, words

MEASURES = (
    "leads", "wins", "revenue", "identity", "conversion", "value", "lifetime", "retention", "cycle", "returns",
    "referral", "discount", "basket", "channel", "cost_per_lead", "cost_per_customer", "satisfaction", "topic",
    "demographic", "no_data",
)  # fmt: skip
"""Every measure class, in the order in which a list offers them."""
OPERATORS: tuple[Operator, ...] = get_args(Operator)
OFFERED = 3
"""Measures offered on a card before the whole list."""
MOST_THOUGHTS = 6
"""Thoughts of one sentence; more would be several claims."""
EVERYBODY, NOBODY = "all", "none"
"""`whom` of everybody, and of somebody who is none of the segments."""
ALONE = frozenset({"demographic", "no_data"})
"""Measures no file holds: nothing further is asked of them."""

Measure = Literal[
    "leads", "wins", "revenue", "identity", "conversion", "value", "lifetime", "retention", "cycle", "returns",
    "referral", "discount", "basket", "channel", "cost_per_lead", "cost_per_customer", "satisfaction", "topic",
    "demographic", "no_data",
]  # fmt: skip
Unit = Literal["share", "money", "days", "months", "years", "times", "count"]
Whom = Field(default=None, max_length=200, description="`all`, `none`, a segment's id or name, `campaign:` and a name.")


class Said(BaseModel):
    """One thought as a person reads it. What is left out stays as the card has it, in thought number `place`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    place: int | None = Field(default=None, ge=0, le=20, description="From 0; left out: the same place in the list.")
    whom: str | None = Whom
    measure: Measure | None = None
    operator: Operator | None = None
    direction: Direction | None = Field(default=None, description="`most` with `low` is the least.")
    negated: bool | None = None
    value: float | None = Field(default=None, ge=-1e12, le=1e12, description="A share is 0 to 1.")
    high: float | None = Field(default=None, ge=-1e12, le=1e12, description="The far end of a range.")
    unit: Unit | None = None
    bound: Bound | None = None
    other: str | None = Field(default=None, max_length=200, description="Whom it is compared with; as `whom`.")
    topics: list[str] | None = Field(default=None, max_length=20, description="Topics of the catalogue, by id or name.")
    versus: list[str] | None = Field(default=None, max_length=20, description="Topics that come second.")
    condition: list[str] | None = Field(default=None, max_length=20, description="Topics of those it speaks of.")
    words: list[str] | None = Field(default=None, max_length=40, description="Words to look for in customers' speech.")
    channel: str | None = Field(default=None, max_length=200, description='A source of customers; "" for none.')
    everyone: bool | None = Field(default=None, description="Said of every group.")


@dataclass(frozen=True)
class Known:
    """What a card may name: segments by id, campaigns, and the language in which words are read."""

    segments: Mapping[str, str]
    campaigns: tuple[str, ...]
    language: str


def corrected(claim: Claim, said: Sequence[Said] | None, known: Known) -> Claim:
    """The claim as a person reads it: None confirms it as it stands, an empty list says that it claims nothing.

    BadInput for a segment, campaign or topic there is none of.
    """
    machine = claim.read or claim.atoms
    if said is None:
        return replace(claim, confirmed=True, read=machine)
    shown = claim.atoms or machine
    atoms = tuple(
        _over(_at(shown, place if one.place is None else one.place), one, known) for place, one in enumerate(said)
    )
    return replace(claim, atoms=atoms, confirmed=True, read=machine)


def _at(shown: Sequence[Reading], place: int) -> Reading:
    """The thought in that place; a new one has the first's subject, for the same sentence."""
    if place < len(shown):
        return shown[place]
    subject = shown[0].subject if shown else Subject("unresolved")
    return Reading(subject, "no_data", "is", alternatives=shown[0].alternatives if shown else ())


def _over(reading: Reading, said: Said, known: Known) -> Reading:
    """The reading with the person's words laid over it."""
    found = _with_figures(reading, said)
    if said.whom is not None:
        found = replace(found, subject=subject_of(said.whom, known, reading.subject.mention))
    if said.other is not None:
        found = replace(found, other=subject_of(said.other, known) if said.other else None)
    if said.channel is not None:
        found = replace(found, channel=said.channel.strip() or None)
    if said.words is not None:
        found = replace(found, words=tuple(form for text in said.words for form in forms_of(text)))

    def topics(named: list[str] | None, before: tuple[str, ...]) -> tuple[str, ...]:
        return before if named is None else tuple(topic_of(one, known.language) for one in named)

    return replace(
        found,
        topics=topics(said.topics, found.topics),
        versus=topics(said.versus, found.versus),
        condition=topics(said.condition, found.condition),
        subject=replace(found.subject, confirmed=True, second=None),
    )


def _with_figures(reading: Reading, said: Said) -> Reading:
    """Measure, operator and value as said; a value goes with the operator `number` that it belonged to."""
    figures: dict[str, Any] = said.model_dump(
        exclude_none=True,
        include={
            "measure", "operator", "direction", "negated", "value", "high", "unit", "bound", "everyone",
        },
    )  # fmt: skip
    if said.value is not None and said.high is None:
        figures["high"] = None
    if said.operator is not None and said.operator != "number" and said.value is None:
        figures |= {"value": None, "high": None, "unit": None, "bound": "about"}
    return replace(reading, **figures)


def subject_of(whom: str, known: Known, mention: str = "") -> Subject:
    """Whom an id or a name stands for. BadInput when it is nobody's."""
    wanted = whom.strip()
    if wanted == EVERYBODY:
        return Subject("all", mention=mention, confirmed=True)
    if wanted == NOBODY:
        return Subject("unresolved", mention=mention, confirmed=True)
    if wanted.startswith("campaign:"):
        names = tuple(part for part in wanted.removeprefix("campaign:").split("+") if part)
        strangers = [name for name in names if name not in known.campaigns]
        if names and not strangers:
            return Subject("campaign", campaign=names[0], campaigns=names, mention=mention, confirmed=True)
        raise BadInput(f"There is no campaign {wanted!r}.", ru=f"Кампании {wanted!r} нет.")
    if wanted in known.segments:
        return Subject("segment", wanted, mention=mention, confirmed=True)
    by_name = [key for key, name in sorted(known.segments.items()) if name.lower() == wanted.lower()]
    if len(by_name) == 1:
        return Subject("segment", by_name[0], mention=mention, confirmed=True)
    raise BadInput(
        f"There is no segment {wanted!r}; name one by its id, or write `all` or `none`.",
        ru=f"Сегмента {wanted!r} нет; назовите его идентификатор либо напишите `all` или `none`.",
    )


def topic_of(named: str, language: str) -> str:
    """A topic's id by its id or its name in either language. BadInput for any other."""
    wanted = named.strip().lower()
    for topic in catalogue(language):
        if wanted == topic.id or wanted in (name.lower() for name in topic.name.values()):
            return topic.id
    raise BadInput(
        f"There is no topic {named!r}; words outside the catalogue go into `words`.",
        ru=f"Темы {named!r} нет; слова вне каталога указывают в `words`.",
    )


def forms_of(text: str) -> list[str]:
    """Dictionary forms of a person's words."""
    return [lemma(word) for word in words(text.replace("-", " ")) if len(word) > 2]


def topics_and_words(text: str, language: str) -> tuple[list[str], list[str]]:
    """What a person wrote into one field, apart by commas: topics of the catalogue, and other words."""
    topics: list[str] = []
    others: list[str] = []
    for part in text.split(","):
        if not part.strip():
            continue
        try:
            topics.append(topic_of(part, language))
        except BadInput:
            others.append(part.strip())
    return topics, others


def quantity_of(text: str, language: str) -> Quantity:
    """The number in a person's words: "7 из 10", "не меньше полугода". BadInput when there is none."""
    found = in_text(text, cue_book(language).language)
    if not found:
        raise BadInput(
            f"No number is found in {text!r}; write it like 40%, 7 out of 10, 6 months.",
            ru=f"В {text!r} числа не видно; напишите, например: 40 %, 7 из 10, 6 месяцев.",
        )
    return found[0]


def offered(reading: Reading) -> tuple[str, ...]:
    """The likeliest measures, the reading's own first."""
    likely = [reading.measure, *reading.alternatives, *("conversion", "revenue", "topic")]
    return tuple(dict.fromkeys(likely))[:OFFERED]


def asks_whom(reading: Reading) -> bool:
    """Whether the sentence names nobody, so that a person should say: all, or the group spoken of before?"""
    subject = reading.subject
    if subject.confirmed or reading.measure in ALONE or subject.kind == "campaign":
        return False
    return subject.kind == "unresolved" or subject.second is not None or not subject.mention
