"""Personas on pages: three side by side, the form of one, its versions with what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from service.core.numbers import Formatter
from service.corpus.written import Own, Piece, Written, difference
from service.web.i18n import Words
from service.web.pages.people import who_said

QUESTIONS = ("who", "why", "decides", "fears", "money", "where", "not_ours")
"""What the form asks beside the free text: what the claims of most personas are about."""
LEAD_LINES = 5
"""Paragraphs of a persona shown before its page is opened."""


@dataclass(frozen=True)
class OtherText:
    """A further text of a stakeholder."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PersonaCard:
    """One of the three."""

    stakeholder: str
    version: int
    by: str
    lead: tuple[str, ...]
    sealed: bool
    may_write: bool
    others: tuple[OtherText, ...]


@dataclass(frozen=True)
class PersonasView:
    """The page of all three."""

    personas: tuple[PersonaCard, ...]
    handed_in: int
    sealed: bool
    stale: bool
    """A version is newer than the latest analysis."""
    done: str


@dataclass(frozen=True)
class Question:
    """A question of the form, with what was answered before the form came back."""

    name: str
    words: str
    answer: str


@dataclass(frozen=True)
class FormView:
    """The form of one, or both texts after somebody else was faster."""

    stakeholder: str
    version: int
    by: str
    text: str
    saved: str
    questions: tuple[Question, ...]
    conflict: bool
    error: str


@dataclass(frozen=True)
class VersionView:
    """A version and what changed against the one before."""

    version: int
    against: int | None
    by: str
    parts: tuple[Piece, ...]


@dataclass(frozen=True)
class VersionsView:
    """Every version, the newest first."""

    stakeholder: str
    versions: tuple[VersionView, ...]


def personas_view(
    personas: Sequence[Own],
    words: Words,
    formatter: Formatter,
    names: Mapping[str, str],
    hidden: Set[str],
    writable: Set[str],
    sealed: bool,
    analysed: datetime | None,
    *,
    saved: int = 0,
    same: bool = False,
) -> PersonasView:
    """The three of a company. `hidden`: stakeholders whose words stay closed; `analysed`: start of the latest run."""
    cards = [
        PersonaCard(
            stakeholder=own.stakeholder,
            version=own.version,
            by=_by(own.now, words, formatter, names) if own.now else "",
            lead=() if own.stakeholder in hidden else _paragraphs(own.text)[:LEAD_LINES],
            sealed=own.stakeholder in hidden,
            may_write=own.stakeholder in writable,
            others=() if own.stakeholder in hidden else tuple(map(_other, own.others)),
        )
        for own in personas
    ]
    newest = max((own.now.at for own in personas if own.now), default=None)
    done = (words("personas.unchanged") if same else words("personas.saved", n=saved)) if saved else ""
    return PersonasView(
        personas=tuple(cards),
        handed_in=sum(card.version > 0 for card in cards),
        sealed=sealed,
        stale=bool(newest and analysed and newest > analysed),
        done=done,
    )


def form_view(
    own: Own,
    text: str,
    words: Words,
    formatter: Formatter,
    names: Mapping[str, str],
    *,
    conflict: bool,
    error: str,
    answers: Mapping[str, str],
) -> FormView:
    """The form; `text` is what stands in the field, `own` what is saved."""
    asked = tuple(Question(n, words(f"personas.question.{n}"), answers.get(f"q_{n}", "")) for n in QUESTIONS)
    by = _by(own.now, words, formatter, names) if own.now else ""
    return FormView(own.stakeholder, own.version, by, text, own.text, asked, conflict, error)


def versions_view(own: Own, words: Words, formatter: Formatter, names: Mapping[str, str]) -> VersionsView:
    """Every version with what changed, the newest first."""
    before: Written | None = None
    found: list[VersionView] = []
    for one in own.versions:
        parts = difference(before.text, one.text) if before else [Piece("same", one.text)]
        by = _by(one, words, formatter, names)
        found.append(VersionView(one.version, before.version if before else None, by, tuple(parts)))
        before = one
    return VersionsView(own.stakeholder, tuple(reversed(found)))


def _by(one: Written, words: Words, formatter: Formatter, names: Mapping[str, str]) -> str:
    who = who_said(one.who, words, names) if one.who else words("personas.from_file")
    return words("personas.by", who=who, when=formatter.day(one.at))


def _other(one: Written) -> OtherText:
    return OtherText(one.name, _paragraphs(one.text))


def _paragraphs(text: str) -> tuple[str, ...]:
    lines = (line.strip().lstrip("#").strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
