"""Doors for a CRM and their calls in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound
from service.corpus.hooks import KEPT_DAYS, DeliveryState, Hook, HookDelivery
from service.store.tables import HookDeliveryRow, HookRow


def hash_token(token: str) -> str:
    """sha256 of a token, hexadecimal: a token is 256 random bits, so that is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def save_hook(session: Session, workspace: str, hook: Hook, token: str) -> None:
    """Store a door."""
    session.add(
        HookRow(
            workspace_id=workspace, id=hook.id, system=hook.system, label=hook.label, token_hash=hash_token(token),
            who=hook.who, created_at=hook.created_at, revoked_at=None,
        )
    )  # fmt: skip


def load_hooks(session: Session, workspace: str) -> list[Hook]:
    """Doors of a workspace, newest first, with how many calls came."""
    counted = {
        hook: (count, last)
        for hook, count, last in session.execute(
            select(HookDeliveryRow.hook_id, func.count(), func.max(HookDeliveryRow.received_at))
            .where(HookDeliveryRow.workspace_id == workspace)
            .group_by(HookDeliveryRow.hook_id)
        )
    }
    found = select(HookRow).where(HookRow.workspace_id == workspace).order_by(HookRow.created_at.desc(), HookRow.id)
    return [_hook(row, *counted.get(row.id, (0, None))) for row in session.scalars(found)]


def find_hook(session: Session, system: str, token: str) -> tuple[str, Hook]:
    """(workspace, door) of a token. NotFound for an unknown or revoked one, and for another system's."""
    row = session.scalars(select(HookRow).where(HookRow.token_hash == hash_token(token))).one_or_none()
    if row is None or row.revoked_at is not None or row.system != system:
        raise NotFound("There is no such address.", ru="Такого адреса нет.")
    return row.workspace_id, _hook(row)


def revoke_hook(session: Session, workspace: str, hook_id: str) -> Hook:
    """Close a door. NotFound for an unknown one."""
    row = _row(session, workspace, hook_id)
    row.revoked_at = row.revoked_at or now()
    return _hook(row)


def find_delivery(session: Session, workspace: str, hook: str, delivery: str) -> HookDelivery | None:
    """A call by its id; None where none such was noted."""
    row = session.get(HookDeliveryRow, (workspace, hook, delivery))
    return _delivery(row) if row is not None else None


def note_delivery(session: Session, workspace: str, hook: str, delivery: str, moment: datetime) -> bool:
    """Note a call as waiting; False where the same one was taken before. Calls of long ago are forgotten."""
    row = session.get(HookDeliveryRow, (workspace, hook, delivery))
    if row is not None:
        return row.state == "waiting"
    session.execute(
        delete(HookDeliveryRow).where(
            HookDeliveryRow.workspace_id == workspace,
            HookDeliveryRow.received_at < moment - timedelta(days=KEPT_DAYS),
            HookDeliveryRow.state != "waiting",
        )
    )
    session.add(
        HookDeliveryRow(
            workspace_id=workspace, hook_id=hook, id=delivery, received_at=moment, state="waiting", problem={}
        )
    )
    session.flush()
    return True


def settle_deliveries(
    session: Session,
    workspace: str,
    deliveries: Iterable[tuple[str, str]],
    state: DeliveryState,
    upload: str | None = None,
    problem: dict[str, str] | None = None,
) -> None:
    """Note how calls (door, id) ended."""
    for hook, delivery in deliveries:
        row = session.get(HookDeliveryRow, (workspace, hook, delivery))
        if row is not None:
            row.state, row.upload_id, row.problem = state, upload, dict(problem or {})


def load_deliveries(session: Session, workspace: str, hook: str, limit: int) -> Sequence[HookDelivery]:
    """The latest calls through a door. NotFound for an unknown one."""
    _row(session, workspace, hook)
    found = (
        select(HookDeliveryRow)
        .where(HookDeliveryRow.workspace_id == workspace, HookDeliveryRow.hook_id == hook)
        .order_by(HookDeliveryRow.received_at.desc(), HookDeliveryRow.id)
        .limit(limit)
    )
    return [_delivery(row) for row in session.scalars(found)]


def _row(session: Session, workspace: str, hook_id: str) -> HookRow:
    row = session.get(HookRow, (workspace, hook_id))
    if row is None:
        raise NotFound(f"There is no address {hook_id!r}.", ru=f"Адреса {hook_id!r} нет.")
    return row


def _hook(row: HookRow, deliveries: int = 0, last: datetime | None = None) -> Hook:
    return Hook(row.id, row.system, row.label, row.who, row.created_at, row.revoked_at, deliveries, last)  # type: ignore[arg-type]  # written by this module only


def _delivery(row: HookDeliveryRow) -> HookDelivery:
    return HookDelivery(row.hook_id, row.id, row.received_at, row.state, row.upload_id, dict(row.problem))  # type: ignore[arg-type]  # written by this module only
