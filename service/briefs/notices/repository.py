"""Webhooks and their messages in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.briefs.notices.model import DEFAULT_EVENTS, EVENTS, Delivery, Event, Webhook, message, new_secret
from service.briefs.notices.sending import Outcome
from service.core.clock import now
from service.core.errors import BadInput, NotFound
from service.core.ids import random_id
from service.store.audit import note
from service.store.tables import DeliveryRow, WebhookRow

MOST_WEBHOOKS = 20
KEPT_DAYS = 90


class Waiting(NamedTuple):
    """A message that has not arrived yet."""

    workspace: str
    id: str


class Parcel(NamedTuple):
    """A message to be sent now."""

    id: str
    url: str
    secret: str
    payload: dict[str, Any]
    attempts: int


def add_webhook(session: Session, workspace: str, url: str, events: Sequence[str], who: str) -> Webhook:
    """Keep an address (checked before); its secret is in the answer and nowhere else. BadInput for unknown events."""
    chosen = tuple(dict.fromkeys(events)) or DEFAULT_EVENTS
    unknown = [event for event in chosen if event not in EVENTS]
    if unknown:
        known = ", ".join(EVENTS)
        raise BadInput(f"{unknown[0]!r} is none of: {known}.", ru=f"{unknown[0]!r} — не из списка: {known}.")
    if len(webhooks(session, workspace)) >= MOST_WEBHOOKS:
        raise BadInput(f"{MOST_WEBHOOKS} webhooks at most.", ru=f"Не больше {MOST_WEBHOOKS} вебхуков.")
    row = WebhookRow(
        workspace_id=workspace, id=random_id("wh_"), url=url.strip(), secret=new_secret(), events=list(chosen),
        created_by=who, created_at=now(), removed_at=None,
    )  # fmt: skip
    session.add(row)
    note(session, workspace, who, "webhook added", webhook=row.id)
    session.flush()
    return _webhook(row, with_secret=True)


def webhooks(session: Session, workspace: str) -> list[Webhook]:
    """Addresses in force, the oldest first, without their secrets."""
    query = select(WebhookRow).where(WebhookRow.workspace_id == workspace, WebhookRow.removed_at.is_(None))
    return [_webhook(row) for row in session.scalars(query.order_by(WebhookRow.created_at, WebhookRow.id))]


def remove_webhook(session: Session, workspace: str, webhook_id: str, who: str) -> None:
    """Take an address back; messages that wait for it are given up. NotFound."""
    row = _row(session, workspace, webhook_id)
    row.removed_at, row.secret = now(), ""
    waiting = select(DeliveryRow).where(
        DeliveryRow.workspace_id == workspace, DeliveryRow.webhook_id == webhook_id, DeliveryRow.status == "waiting"
    )
    for delivery in session.scalars(waiting):
        delivery.status, delivery.error = "failed", "webhook_removed"
    note(session, workspace, who, "webhook removed", webhook=row.id)


def put_messages(
    session: Session, workspace: str, event: Event, data: dict[str, Any], only: str | None = None
) -> list[str]:
    """Write a message for every address that wants the event (or for the one named); returns their ids.

    In the caller's transaction: what is told of and the message about it are kept together or not at all.
    """
    moment, made = now(), []
    _forget_old(session, workspace)
    for webhook in webhooks(session, workspace):
        if webhook.id != only if only is not None else event not in webhook.events:
            continue
        row = DeliveryRow(
            workspace_id=workspace, id=random_id("msg_"), webhook_id=webhook.id, event=event,
            payload=message(event, moment, data), status="waiting", queued=False, attempts=0, answer=None, error="",
            created_at=moment, tried_at=None,
        )  # fmt: skip
        session.add(row)
        made.append(row.id)
    session.flush()
    if only is not None and not made:
        _row(session, workspace, only)
    return made


def _forget_old(session: Session, workspace: str) -> None:
    """The log goes back so many days."""
    old = DeliveryRow.created_at < now() - timedelta(days=KEPT_DAYS)
    session.execute(
        delete(DeliveryRow).where(DeliveryRow.workspace_id == workspace, DeliveryRow.status != "waiting", old)
    )


def to_queue(session: Session) -> list[Waiting]:
    """Messages of all workspaces that no job was made for yet, the oldest first."""
    query = select(DeliveryRow).where(DeliveryRow.status == "waiting", DeliveryRow.queued.is_(False))
    rows = session.scalars(query.order_by(DeliveryRow.created_at, DeliveryRow.id))
    return [Waiting(row.workspace_id, row.id) for row in rows]


def mark_queued(session: Session, queued: Iterable[Waiting]) -> None:
    """A job was made for these."""
    for waiting in queued:
        session.get_one(DeliveryRow, tuple(waiting)).queued = True


def any_waiting(session: Session) -> bool:
    """Whether any message has not arrived and is not given up."""
    wanted = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.status == "waiting")
    return bool(session.scalar(wanted))


def parcel(session: Session, waiting: Waiting) -> Parcel | None:
    """What to send for a message; None when it arrived, was given up, or its address was removed."""
    row = session.get(DeliveryRow, tuple(waiting))
    if row is None or row.status != "waiting":
        return None
    webhook = session.get(WebhookRow, (waiting.workspace, row.webhook_id))
    if webhook is None or webhook.removed_at is not None:
        return None
    return Parcel(row.id, webhook.url, webhook.secret, row.payload, row.attempts)


def note_attempt(session: Session, waiting: Waiting, outcome: Outcome, give_up: bool) -> None:
    """Write an attempt into the log."""
    row = session.get_one(DeliveryRow, tuple(waiting))
    row.attempts += 1
    row.answer, row.error, row.tried_at = outcome.answer, outcome.error, now()
    if outcome.arrived:
        row.status = "delivered"
    elif give_up:
        row.status = "failed"


def deliveries(session: Session, workspace: str, webhook_id: str | None = None, most: int = 50) -> list[Delivery]:
    """The log, the latest first."""
    query = (
        select(DeliveryRow, WebhookRow.url)
        .join(
            WebhookRow,
            (WebhookRow.workspace_id == DeliveryRow.workspace_id) & (WebhookRow.id == DeliveryRow.webhook_id),
        )
        .where(DeliveryRow.workspace_id == workspace)
    )
    if webhook_id is not None:
        query = query.where(DeliveryRow.webhook_id == webhook_id)
    query = query.order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc()).limit(most)
    return [_delivery(row, url) for row, url in session.execute(query)]


def _delivery(row: DeliveryRow, url: str) -> Delivery:
    return Delivery(
        row.id, row.webhook_id, url, row.event, cast(Any, row.status), row.attempts, row.answer, row.error,
        row.created_at, row.tried_at,
    )  # fmt: skip


def _row(session: Session, workspace: str, webhook_id: str) -> WebhookRow:
    row = session.get(WebhookRow, (workspace, webhook_id))
    if row is None or row.removed_at is not None:
        raise NotFound(f"There is no webhook {webhook_id!r}.", ru=f"Вебхука {webhook_id!r} нет.")
    return row


def _webhook(row: WebhookRow, with_secret: bool = False) -> Webhook:
    secret = row.secret if with_secret else ""
    return Webhook(row.id, row.url, tuple(row.events), row.created_by, row.created_at, secret)
