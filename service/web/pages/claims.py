"""The claim cards: one screen a persona, how the machine read each sentence, and what a person may put right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from service.comparison.model import JudgedClaim
from service.core.numbers import Formatter
from service.personas.aliases import IGNORED, NOBODY
from service.personas.cards import EVERYBODY, MEASURES, asks_whom, offered
from service.personas.cues import cue_book
from service.personas.model import Reading, Subject
from service.personas.repository import CardEdit
from service.segments.topics import catalogue
from service.web.i18n import Words
from service.web.results import Results

STAKEHOLDERS = ("owner", "sales", "marketing")
SAYS = (
    "is", "high", "low", "most", "most:low", "first", "majority", "number", "all", "none", "rare", "only", "than",
    "than:low", "equal", "follows", "not_stated",
)  # fmt: skip
"""Operators as the list offers them; `:low` looks downwards."""
SHOWN_EDITS = 20


@dataclass(frozen=True)
class Choice:
    """An entry of a list; `value` is what the form sends."""

    value: str
    name: str


@dataclass(frozen=True)
class AliasView:
    """A name the personas use, and whom it stands for."""

    mention: str
    lemma: str
    chosen: str
    confirmed: bool


@dataclass(frozen=True)
class ThoughtView:
    """One thought: in words, and as the fields a person may change (name → value as shown)."""

    words: str
    fields: Mapping[str, str]
    offered: tuple[Choice, ...]
    asks: bool
    negated: bool


@dataclass(frozen=True)
class CardView:
    """One sentence as it was read."""

    id: str
    quote: str
    heading: str
    verdict: str
    confirmed: bool
    thoughts: tuple[ThoughtView, ...]
    proposed: tuple[str, ...]
    """How a language model reads it, in words; nothing where none was asked."""
    was: str
    """The fields as shown, as JSON: the form sends it back, and what differs is a correction."""


@dataclass(frozen=True)
class PersonaTab:
    """A persona: how many of its cards wait."""

    who: str
    cards: int
    waiting: int


@dataclass(frozen=True)
class EditView:
    """A line of the log."""

    id: str
    when: str
    what: str
    words: str


@dataclass(frozen=True)
class Lists:
    """What the lists of every card offer."""

    whom: tuple[Choice, ...]
    names: tuple[Choice, ...]
    """Whom a name may stand for: as `whom`, or no customers at all."""
    campaigns: tuple[Choice, ...]
    measures: tuple[Choice, ...]
    says: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class ClaimsView:
    """The whole page."""

    finding: str
    who: str
    tabs: tuple[PersonaTab, ...]
    aliases: tuple[AliasView, ...]
    cards: tuple[CardView, ...]
    lists: Lists
    edits: tuple[EditView, ...]
    saved: int | None
    error: str


def claims_view(
    results: Results,
    words: Words,
    formatter: Formatter,
    who: str = "",
    edits: Sequence[CardEdit] = (),
    saved: int | None = None,
    error: str = "",
    proposals: Mapping[str, Sequence[Reading]] = MappingProxyType({}),
) -> ClaimsView:
    """Build the page of one persona; `saved`: how many verdicts the corrections just kept have changed."""
    judged = results.inputs.claims
    tabs = tuple(tab for name in STAKEHOLDERS if (tab := _tab(name, judged)).cards)
    chosen = who if who in {tab.who for tab in tabs} else next((t.who for t in tabs if t.waiting), _first(tabs))
    waiting = sum(tab.waiting for tab in tabs)
    finding = words("claims.finding", n=waiting) if waiting else words("claims.finding_done")
    aliases = results.inputs.comparison.aliases if results.inputs.comparison else ()
    writer = _Writer(results, words, formatter)
    return ClaimsView(
        finding=finding if judged else words("claims.finding_none"),
        who=chosen,
        tabs=tabs,
        aliases=tuple(AliasView(a.mention, a.lemma, a.segment or EVERYBODY, a.confirmed) for a in aliases),
        cards=tuple(
            writer.card(one, proposals.get(one.claim.id, ())) for one in judged if one.claim.stakeholder.value == chosen
        ),
        lists=writer.lists(),
        edits=tuple(writer.edit(edit) for edit in edits[:SHOWN_EDITS]),
        saved=saved,
        error=error,
    )


def _tab(who: str, judged: Sequence[JudgedClaim]) -> PersonaTab:
    own = [one for one in judged if one.claim.stakeholder.value == who]
    return PersonaTab(who, len(own), sum(not one.claim.confirmed for one in own))


def _first(tabs: Sequence[PersonaTab]) -> str:
    return tabs[0].who if tabs else ""


class _Writer:
    """Writes cards of one run in one language."""

    def __init__(self, results: Results, words: Words, formatter: Formatter) -> None:
        self._results, self._words, self._formatter = results, words, formatter
        self._segments = {s.id: s.name for s in results.inputs.segments}
        self._topics = {topic.id: topic.name[words.language] for topic in catalogue(words.language)}

    def lists(self) -> Lists:
        """The lists of the forms."""
        words, corpus = self._words, self._results.inputs.corpus
        whom = [Choice(EVERYBODY, words("claims.everybody")), *(Choice(i, n) for i, n in self._segments.items())]
        campaigns = sorted({row.campaign for row in corpus.ad_spend if row.campaign})
        channels = [name for name, _ in cue_book(words.language).channels]
        whom.append(Choice(NOBODY, words("claims.nobody")))
        return Lists(
            whom=tuple(whom),
            names=(*whom, Choice(IGNORED, words("cards.no_customers"))),
            campaigns=tuple(Choice(f"campaign:{name}", name) for name in campaigns),
            measures=tuple(Choice(name, self._class(name)) for name in MEASURES),
            says=tuple(Choice(name, words(f"cards.says.{name.replace(':', '_')}")) for name in SAYS),
            channels=tuple(Choice(name, words(f"cards.channel.{name}")) for name in channels),
            topics=tuple(self._topics.values()),
        )

    def card(self, judged: JudgedClaim, proposed: Sequence[Reading] = ()) -> CardView:
        claim = judged.claim
        thoughts = tuple(self._thought(atom) for atom in claim.atoms)
        was = {str(place): dict(thought.fields) for place, thought in enumerate(thoughts)}
        return CardView(
            id=claim.id,
            quote=claim.quote,
            heading=claim.heading,
            verdict=judged.verdict.value,
            confirmed=claim.confirmed,
            thoughts=thoughts,
            proposed=tuple(self._thought(atom).words for atom in proposed),
            was=json.dumps(was, ensure_ascii=False, sort_keys=True),
        )

    def edit(self, edit: CardEdit) -> EditView:
        what = "undo" if edit.undoes else "forgot" if edit.now is None else edit.kind
        return EditView(edit.id, self._formatter.day(edit.at), self._words(f"cards.did.{what}"), edit.words)

    def _thought(self, atom: Reading) -> ThoughtView:
        fields = {
            "whom": _whom_value(atom.subject),
            "measure": atom.measure,
            "says": _says(atom),
            "not": "1" if atom.negated else "",
            "value": self._value(atom),
            "about": ", ".join([*(self._topics.get(t, t) for t in atom.topics), *(() if atom.topics else atom.words)]),
            "versus": ", ".join(self._topics.get(t, t) for t in atom.versus),
            "other": _whom_value(atom.other) if atom.other else "",
            "channel": atom.channel or "",
        }
        return ThoughtView(
            words=self._in_words(atom),
            fields=fields,
            offered=tuple(Choice(name, self._class(name)) for name in offered(atom)),
            asks=asks_whom(atom),
            negated=atom.negated,
        )

    def _in_words(self, atom: Reading) -> str:
        """The reading as one line: whom, what, how much."""
        said = self._words(f"cards.says.{_says(atom).replace(':', '_')}")
        if atom.negated:
            said = self._words("cards.not_so", said=said)
        about = [*(self._topics.get(t, t) for t in atom.topics), *(() if atom.topics else atom.words)]
        parts = [self._whom(atom.subject), self._class(atom.measure), said, self._value(atom)]
        if atom.measure == "topic":
            parts.append(", ".join(about))
        if atom.channel:
            parts.append(self._channel(atom.channel))
        if atom.other:
            parts.append(self._words("cards.than", other=self._whom(atom.other)))
        return " · ".join(part for part in parts if part)

    def _value(self, atom: Reading) -> str:
        """The number in words; an unchanged one is never read again."""
        if atom.value is None:
            return ""
        shown = self._number(atom.value, atom.unit)
        if atom.high is not None:
            shown = f"{self._number(atom.value, None)}–{self._number(atom.high, atom.unit)}"
        return shown if atom.bound == "about" else self._words(f"cards.bound.{atom.bound}", value=shown)

    def _number(self, value: float, unit: str | None) -> str:
        if unit in ("share", "money", "days"):
            return self._formatter.value(value, unit)
        shown = self._formatter.decimal(value)
        key = f"cards.unit.{unit}"
        return self._words(key, n=value, shown=shown) if self._words.has(key) else shown

    def _channel(self, channel: str) -> str:
        if channel.startswith("campaign:"):
            return channel.partition(":")[2]
        return ", ".join(
            self._words(f"cards.channel.{part}") if self._words.has(f"cards.channel.{part}") else part
            for part in channel.split("+")
        )

    def _class(self, measure: str) -> str:
        key = f"class.{measure}"
        return self._words(key) if self._words.has(key) else measure

    def _whom(self, subject: Subject) -> str:
        if subject.kind == "all":
            return self._words("claims.everybody")
        if subject.kind == "segment":
            return self._segments.get(subject.segment or "", self._words("claims.unresolved"))
        return ", ".join(subject.campaigns) or subject.campaign or self._words("claims.unresolved")


def _whom_value(subject: Subject) -> str:
    if subject.kind == "segment":
        return subject.segment or NOBODY
    if subject.kind == "campaign":
        return "campaign:" + ("+".join(subject.campaigns) or subject.campaign or "")
    return EVERYBODY if subject.kind == "all" else NOBODY


def _says(atom: Reading) -> str:
    return f"{atom.operator}:low" if atom.direction == "low" and atom.operator in ("most", "than") else atom.operator
