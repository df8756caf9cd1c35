"""The claim cards: how a machine read the personas, and what a person may put right."""

from __future__ import annotations

from dataclasses import dataclass

from service.briefs.format import Formatter
from service.personas.aliases import NOBODY
from service.personas.model import Reading, Subject
from service.web.i18n import Words
from service.web.results import Results

EVERYBODY = "all"
"""Value of the choice for an alias of everybody; `NOBODY` for one that fits no segment."""


@dataclass(frozen=True)
class Choice:
    """A segment a name may stand for."""

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
class ReadingView:
    """One atom of a claim in words."""

    whom: str
    what: str
    says: str


@dataclass(frozen=True)
class CardView:
    """One claim as it was read."""

    id: str
    who: str
    quote: str
    verdict: str
    confirmed: bool
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True)
class ClaimsView:
    """The whole page."""

    finding: str
    aliases: tuple[AliasView, ...]
    choices: tuple[Choice, ...]
    cards: tuple[CardView, ...]
    saved: int


def claims_view(results: Results, words: Words, formatter: Formatter, saved: int = 0) -> ClaimsView:
    """Build the page from a run; `saved` corrections were just kept."""
    inputs = results.inputs
    judged = inputs.claims
    waiting = sum(not c.claim.confirmed for c in judged)
    if not judged:
        finding = words("claims.finding_none")
    else:
        finding = words("claims.finding", n=waiting) if waiting else words("claims.finding_done")
    names = {s.id: s.name for s in inputs.segmentation.segments}
    choices = [Choice(s.id, s.name) for s in inputs.segments]
    choices += [Choice(EVERYBODY, words("claims.everybody")), Choice(NOBODY, words("claims.nobody"))]
    aliases = inputs.comparison.aliases if inputs.comparison else ()
    return ClaimsView(
        finding=finding,
        aliases=tuple(AliasView(a.mention, a.lemma, a.segment or EVERYBODY, a.confirmed) for a in aliases),
        choices=tuple(choices),
        cards=tuple(
            CardView(
                id=c.claim.id,
                who=c.claim.stakeholder.value,
                quote=c.claim.quote,
                verdict=c.verdict.value,
                confirmed=c.claim.confirmed,
                readings=tuple(_reading(atom, names, words, formatter) for atom in c.claim.atoms),
            )
            for c in judged
        ),
        saved=saved,
    )


def changed_aliases(results: Results, lemmas: list[str], chosen: list[str]) -> list[dict[str, object]]:
    """Aliases whose segment a person chose anew, as corrections; choices that are none of the page's are left out."""
    inputs = results.inputs
    known = {a.lemma: a for a in inputs.comparison.aliases} if inputs.comparison else {}
    allowed = {s.id for s in inputs.segments} | {EVERYBODY, NOBODY}
    changed: list[dict[str, object]] = []
    for lemma, segment in zip(lemmas, chosen, strict=False):
        alias = known.get(lemma)
        if alias is None or segment not in allowed:
            continue
        if not alias.confirmed or (alias.segment or EVERYBODY) != segment:
            value = None if segment == EVERYBODY else segment
            changed.append({"mention": alias.mention, "lemma": lemma, "segment": value, "confirmed": True})
    return changed


def _reading(atom: Reading, names: dict[str, str], words: Words, formatter: Formatter) -> ReadingView:
    kind = f"class.{atom.measure}"
    says = words(f"operator.{atom.operator}")
    if atom.value is not None:
        unit = {"percent": "share", "share": "share", "money": "money", "days": "days"}.get(atom.unit or "", "")
        says = f"{says}: {formatter.value(atom.value, unit)}"
    return ReadingView(_whom(atom.subject, names, words), words(kind) if words.has(kind) else atom.measure, says)


def _whom(subject: Subject, names: dict[str, str], words: Words) -> str:
    if subject.kind == "all":
        return words("claims.everybody")
    if subject.kind == "segment":
        return names.get(subject.segment or "", words("claims.unresolved"))
    return subject.campaign or words("claims.unresolved")
