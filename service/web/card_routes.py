"""HTTP: claim cards, a person's corrections of them and of names, their log, and the cases they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ingest.model import Stakeholder
from service.comparison.model import JudgedClaim, Verdict
from service.comparison.repository import load_comparison
from service.confirming import Confirmer, confirmed_cases, known_to
from service.core.errors import BadInput
from service.personas.cards import MEASURES, MOST_THOUGHTS, OPERATORS, Said, asks_whom, offered
from service.personas.model import Alias, Reading
from service.personas.repository import CardEdit, card_edits, load_proposals
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["claims"], responses=PROBLEMS)

MOST = 2000
"""Cards in one request."""
ClaimId = Annotated[str, Path(max_length=80)]


class Thought(BaseModel):
    """A reading with what a person is asked: one of `offered` measures; all or a group where `asks_whom`."""

    reading: Reading
    offered: list[str]
    asks_whom: bool


class Card(BaseModel):
    """A sentence of a persona as read; `confirmed` false: a machine reading."""

    id: str
    stakeholder: Stakeholder
    text: str
    quote: str
    verdict: Verdict
    preliminary: bool
    confirmed: bool
    thoughts: list[Thought]
    proposed: list[Reading]
    """How a language model reads it, where one was asked: a suggestion for whoever confirms, no part of the verdict."""


class Cards(BaseModel):
    """The cards of the latest run, the names to tie, and what a correction may name."""

    run: str
    cards: list[Card]
    aliases: list[Alias]
    segments: dict[str, str]
    campaigns: list[str]
    measures: list[str]
    operators: list[str]


class Correction(BaseModel):
    """Thoughts as a person reads them; left out: the card is right as it stands; empty: it claims nothing."""

    model_config = ConfigDict(extra="forbid")
    atoms: list[Said] | None = Field(default=None, max_length=MOST_THOUGHTS)


class Naming(BaseModel):
    """A segment's id, `all` for everybody, `none` for nobody among the segments, `ignored` for no customers at all."""

    model_config = ConfigDict(extra="forbid")
    whom: str = Field(min_length=1, max_length=80)


class Confirmations(BaseModel):
    """Cards as `GET /claims` gives them, corrected, and aliases; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    claims: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)
    aliases: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)


class Kept(BaseModel):
    """How many corrections were kept, and how many verdicts changed: they were judged again at once."""

    claims: int
    aliases: int
    changed: int


class Corrected(BaseModel):
    """The card after the correction; null when it claims nothing."""

    kept: Kept
    claim: JudgedClaim | None


class CardEditLine(BaseModel):
    """A line of the log; `now` null: the machine's reading holds again."""

    id: str
    number: int
    at: datetime
    who: str
    kind: str
    key: str
    words: str
    before: Any
    now: Any
    undoes: str | None


class CardLog(BaseModel):
    """The log, newest first."""

    edits: list[CardEditLine]


@router.get("/claims/cards")
def read_cards(
    where: Annotated[Visit, Depends(visit("read_claims"))],
    stakeholder: Annotated[Stakeholder | None, Query()] = None,
    confirmed: Annotated[bool | None, Query(description="Only cards that a person has, or has not, confirmed.")] = None,
) -> Cards:
    """The claim cards with what may be answered on them."""
    with where.session() as session:
        run = where.run(session)
        found = load_comparison(session, where.workspace, run.id)
        known = known_to(session, where.settings, where.workspace, run.id)
        proposed = load_proposals(session, where.workspace, run.id)
    chosen = [
        judged
        for judged in found.claims
        if stakeholder in (None, judged.claim.stakeholder) and confirmed in (None, judged.claim.confirmed)
    ]
    return Cards(
        run=run.id,
        cards=[_card(judged, proposed.get(judged.claim.id, ())) for judged in chosen],
        aliases=list(found.aliases),
        segments=dict(known.segments),
        campaigns=list(known.campaigns),
        measures=list(MEASURES),
        operators=list(OPERATORS),
    )


@router.put("/claims/{claim_id}")
def correct_card(
    claim_id: ClaimId, body: Correction, where: Annotated[Visit, Depends(visit("confirm_claims"))]
) -> Corrected:
    """Confirm a card, or put its reading right; the verdict and the briefs follow at once."""
    kept = confirmer_for(where).cards({claim_id: body.atoms})
    return _corrected(where, claim_id, Kept(claims=kept.claims, aliases=kept.aliases, changed=kept.changed))


@router.delete("/claims/{claim_id}")
def forget_correction(claim_id: ClaimId, where: Annotated[Visit, Depends(visit("confirm_claims"))]) -> Corrected:
    """Let the machine's reading hold again."""
    kept = confirmer_for(where).forget(claim_id)
    return _corrected(where, claim_id, Kept(claims=kept.claims, aliases=kept.aliases, changed=kept.changed))


@router.put("/claims/aliases/{lemma}")
def tie_name(
    lemma: Annotated[str, Path(max_length=400)],
    body: Naming,
    where: Annotated[Visit, Depends(visit("confirm_claims"))],
) -> Kept:
    """Say whom a name of the personas stands for; every card with it is judged again at once."""
    kept = confirmer_for(where).cards({}, {lemma: body.whom})
    return Kept(claims=kept.claims, aliases=kept.aliases, changed=kept.changed)


@router.post("/claims/confirmations")
def confirm_claims(cards: Confirmations, where: Annotated[Visit, Depends(visit("confirm_claims"))]) -> Kept:
    """Keep corrected readings and aliases, many at once; verdicts and briefs follow at once."""
    if not cards.claims and not cards.aliases:
        raise BadInput(
            "Nothing to confirm: send `claims` or `aliases`.",
            ru="Подтверждать нечего: передайте `claims` или `aliases`.",
        )
    kept = confirmer_for(where).file({"claims": cards.claims, "aliases": cards.aliases})
    return Kept(claims=kept.claims, aliases=kept.aliases, changed=kept.changed)


@router.get("/claims/edits")
def read_card_edits(
    where: Annotated[Visit, Depends(visit("confirm_claims"))],
    most: Annotated[int, Query(ge=1, le=1000, description="How many of the latest.")] = 200,
) -> CardLog:
    """Who corrected which card when, and what stood there before."""
    with where.session() as session:
        return CardLog(edits=[_line(edit) for edit in card_edits(session, where.workspace, most)])


@router.post("/claims/edits/{edit_id}/undo", status_code=201)
def undo_card_edit(
    edit_id: Annotated[str, Path(max_length=40)], where: Annotated[Visit, Depends(visit("confirm_claims"))]
) -> CardEditLine:
    """Take back a correction, or an undo."""
    return _line(confirmer_for(where).undo(edit_id))


@router.get("/claims/cases")
def read_cases(where: Annotated[Visit, Depends(visit("confirm_claims"))]) -> dict[str, Any]:
    """The confirmed cards as cases that measure reading (`python -m eval claims --cases FILE`)."""
    with where.session() as session:
        return confirmed_cases(session, where.settings, where.workspace)


def confirmer_for(where: Visit) -> Confirmer:
    """The visitor at the cards."""
    return Confirmer(where.store, where.settings, where.workspace, where.visitor.who)


def _corrected(where: Visit, claim_id: str, kept: Kept) -> Corrected:
    with where.session() as session:
        found = load_comparison(session, where.workspace, where.run(session).id)
    return Corrected(kept=kept, claim=next((j for j in found.claims if j.claim.id == claim_id), None))


def _card(judged: JudgedClaim, proposed: Sequence[Reading] = ()) -> Card:
    claim = judged.claim
    thoughts = [Thought(reading=a, offered=list(offered(a)), asks_whom=asks_whom(a)) for a in claim.atoms]
    return Card(
        id=claim.id,
        stakeholder=claim.stakeholder,
        text=claim.ref,
        quote=claim.quote,
        verdict=judged.verdict,
        preliminary=judged.preliminary,
        confirmed=claim.confirmed,
        thoughts=thoughts,
        proposed=list(proposed),
    )


def _line(edit: CardEdit) -> CardEditLine:
    return CardEditLine(
        id=edit.id,
        number=edit.number,
        at=edit.at,
        who=edit.who,
        kind=edit.kind,
        key=edit.key,
        words=edit.words,
        before=edit.before,
        now=edit.now,
        undoes=edit.undoes,
    )
