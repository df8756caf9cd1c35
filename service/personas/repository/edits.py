"""People's corrections of claim cards and names: what holds now, and the log of who said what when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, Conflict, NotFound
from service.core.ids import random_id
from service.core.records import from_json, to_json
from service.personas.cards import MEASURES
from service.personas.model import Alias, Claim
from service.personas.repository.claims import KIND
from service.store.audit import note
from service.store.tables import CardEditRow, ClaimRow, ConfirmationRow, ResultRow, Workspace

T = TypeVar("T")

Kind = Literal["claim", "alias"]
NOBODY_NAMED = "open"
"""Who corrected a card where no caller says who it is."""


@dataclass(frozen=True)
class Confirmations:
    """What people said: readings by claim id, and segments by alias key (None: everybody)."""

    claims: Mapping[str, Claim]
    aliases: Mapping[str, str | None]


@dataclass(frozen=True)
class CardEdit:
    """A line of the log. `before` and `now`: what held then and since; None where nobody had said anything."""

    id: str
    number: int
    kind: Kind
    key: str
    who: str
    at: datetime
    before: Claim | Alias | None
    now: Claim | Alias | None
    undoes: str | None = None

    @property
    def words(self) -> str:
        """The sentence or the name it is about."""
        said = self.now or self.before
        return said.sentence if isinstance(said, Claim) else said.mention if said else self.key


def save_confirmations(
    session: Session, workspace: str, cards: Mapping[str, Any], who: str = NOBODY_NAMED
) -> dict[str, int]:
    """Keep the confirmed and the changed cards of `{"claims": […], "aliases": […]}`, as `whobuys claims --json` gives.

    A card counts when it is marked `confirmed` or differs from how the latest run read it. Returns how many were kept
    of each kind; raises BadInput, keeping none, when a card is not one.
    """
    claims = [_claim(item) for item in cards.get("claims") or ()]
    aliases = [_alias(item) for item in cards.get("aliases") or ()]
    told = _told_claims(session, workspace, [claim.id for claim in claims])
    named = _told_aliases(session, workspace)
    kept = [c for c in claims if c.confirmed or c.id not in told or told[c.id].atoms != c.atoms]
    known = [a for a in aliases if a.confirmed or (a.lemma in named and named[a.lemma] != a.segment)]
    for claim in kept:
        machine = told.get(claim.id)
        read = machine.read or machine.atoms if machine and not claim.read else claim.read
        keep(session, workspace, "claim", claim.id, replace(claim, confirmed=True, read=read), who)
    for alias in known:
        keep(session, workspace, "alias", alias.lemma, replace(alias, confirmed=True), who)
    return {"claims": len(kept), "aliases": len(known)}


def keep(session: Session, workspace: str, kind: Kind, key: str, said: Claim | Alias | None, who: str) -> bool:
    """Let `said` hold for a card or a name (None: the machine's reading again); False when it does already."""
    return _keep(session, workspace, kind, key, to_json(said) if said else None, who)


def undo(session: Session, workspace: str, edit_id: str, who: str) -> CardEdit:
    """Take a correction back, or an undo. NotFound for an unknown line, Conflict when the card was corrected since."""
    row = session.get(CardEditRow, (workspace, edit_id))
    if row is None:
        raise NotFound(f"No correction {edit_id!r}.", ru=f"Правки {edit_id!r} нет.")
    if _now(session, workspace, row.kind, row.key) != row.payload["now"]:
        raise Conflict(
            "The card was corrected again since; undo the later correction first.",
            ru="С тех пор карточку поправили ещё раз; сначала отмените ту правку.",
        )
    _keep(session, workspace, row.kind, row.key, row.payload["before"], who, undoes=row.id)
    return card_edits(session, workspace, 1)[0]


def card_edits(session: Session, workspace: str, most: int = 200) -> list[CardEdit]:
    """The log, newest first."""
    found = select(CardEditRow).where(CardEditRow.workspace_id == workspace)
    rows = session.scalars(found.order_by(CardEditRow.number.desc()).limit(most)).all()
    return [_edit(row) for row in rows]


def load_confirmations(session: Session, workspace: str) -> Confirmations:
    """Everything confirmed in the workspace."""
    rows = session.scalars(
        select(ConfirmationRow).where(ConfirmationRow.workspace_id == workspace).order_by(ConfirmationRow.key)
    ).all()
    return Confirmations(
        {row.key: from_json(Claim, row.payload["now"]) for row in rows if row.kind == "claim"},
        {row.key: from_json(Alias, row.payload["now"]).segment for row in rows if row.kind == "alias"},
    )


def _edit(row: CardEditRow) -> CardEdit:
    record: Any = Claim if row.kind == "claim" else Alias
    states = {k: from_json(record, row.payload[k]) if row.payload[k] else None for k in ("before", "now")}
    kind: Kind = "claim" if row.kind == "claim" else "alias"
    return CardEdit(row.id, row.number, kind, row.key, row.who, row.created_at, **states, undoes=row.payload["undoes"])


def _claim(item: Any) -> Claim:
    claim = _parsed(Claim, item.get("claim", item) if isinstance(item, dict) else item, "claim")
    for atom in claim.atoms:
        if atom.measure not in MEASURES:
            known = ", ".join(MEASURES)
            raise BadInput(
                f"{atom.measure!r} is no measure; there are: {known}.",
                ru=f"Меры {atom.measure!r} нет; есть: {known}.",
            )
    return claim


def _alias(item: Any) -> Alias:
    filled = {"score": 1.0, **item} if isinstance(item, dict) else item
    return _parsed(Alias, filled, "alias")


def _parsed(kind: type[T], item: Any, what: str) -> T:
    try:
        return from_json(kind, item)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"A {what} card does not fit at {place!r}: {first['msg']}. Start from `whobuys claims --json`.",
            ru=f"Карточка ({what}) не подходит в {place!r}. Возьмите за основу `whobuys claims --json`.",
        ) from error


def _told_claims(session: Session, workspace: str, ids: list[str]) -> dict[str, Claim]:
    """Claim id → the claim as the latest run has it."""
    rows = session.scalars(
        select(ClaimRow).where(ClaimRow.workspace_id == workspace, ClaimRow.id.in_(ids)).order_by(ClaimRow.run_id)
    ).all()
    return {row.id: from_json(Claim, row.payload["claim"]) for row in rows}


def _told_aliases(session: Session, workspace: str) -> dict[str, str | None]:
    rows = session.scalars(
        select(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.kind == KIND).order_by(ResultRow.run_id)
    ).all()
    return {item["lemma"]: item["segment"] for row in rows for item in row.payload["aliases"]}


def _now(session: Session, workspace: str, kind: str, key: str) -> Any:
    row = session.get(ConfirmationRow, (workspace, kind, key))
    return row.payload["now"] if row else None


def _keep(
    session: Session, workspace: str, kind: str, key: str, payload: Any, who: str, undoes: str | None = None
) -> bool:
    row = session.get(ConfirmationRow, (workspace, kind, key))
    before = row.payload["now"] if row else None
    if before == payload:
        return False
    if row is not None and payload is None:
        session.delete(row)
    elif row is not None:
        row.payload, row.created_at = {"now": payload}, now()
    else:
        session.add(
            ConfirmationRow(workspace_id=workspace, kind=kind, key=key, payload={"now": payload}, created_at=now())
        )
    _log(session, workspace, kind, key, {"before": before, "now": payload, "undoes": undoes}, who)
    return True


def _log(session: Session, workspace: str, kind: str, key: str, payload: dict[str, Any], who: str) -> None:
    session.execute(select(Workspace.id).where(Workspace.id == workspace).with_for_update())
    last = session.scalar(select(func.max(CardEditRow.number)).where(CardEditRow.workspace_id == workspace))
    row = CardEditRow(
        workspace_id=workspace, id=random_id("k"), number=(last or 0) + 1, kind=kind, key=key, who=who,
        created_at=now(), payload=payload,
    )  # fmt: skip
    session.add(row)
    note(session, workspace, who, "card edit", edit=row.id, number=row.number, kind=kind, undoes=payload["undoes"])
    session.flush()
