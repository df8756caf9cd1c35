"""Messages on their way: told of with what they tell, handed to durable jobs, tried until they arrive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.briefs.notices import repository
from service.briefs.notices.address import target_of
from service.briefs.notices.model import WAITS, Delivery, Event, Webhook, signed_headers
from service.briefs.notices.repository import Waiting
from service.briefs.notices.sending import Outcome, post
from service.briefs.versions.model import Version
from service.core.clock import now
from service.core.errors import BadInput
from service.core.settings import Settings
from service.store import jobs
from service.store.db import Store


def tell(session: Session, workspace: str, event: Event, versions: Sequence[Version]) -> list[str]:
    """Write messages about versions, in the transaction that made or decided them; none for no versions."""
    if not versions:
        return []
    data = {"workspace": workspace, "briefs": [described(version) for version in versions]}
    return repository.put_messages(session, workspace, event, data)


def described(version: Version) -> dict[str, Any]:
    """A version for a message: where it is and how it stands; what it says is fetched with a key."""
    kind, segment, language = version.place
    where = f"segment={segment}&" if segment else ""
    return {
        "kind": kind,
        "segment": segment,
        "language": language,
        "version": version.number,
        "status": version.status,
        "path": f"/api/v1/briefs/{kind}?{where}lang={language}&version={version.number}",
    }


def add(store: Store, settings: Settings, workspace: str, url: str, events: Sequence[str], who: str) -> Webhook:
    """A new webhook with its secret. BadInput for an address no webhook may point to."""
    target_of(url, settings.webhook_private)
    with store.session(write=True) as session:
        return repository.add_webhook(session, workspace, url, events, who)


def ping(store: Store, workspace: str, webhook_id: str) -> str:
    """A message to try an address with; returns its id. NotFound."""
    with store.session(write=True) as session:
        return repository.put_messages(session, workspace, "ping", {"workspace": workspace}, only=webhook_id)[0]


def try_now(store: Store, settings: Settings, workspace: str, webhook_id: str) -> Delivery:
    """One attempt to reach an address, with its place in the log; nobody tries it again. NotFound."""
    with store.session(write=True) as session:
        message_id = repository.put_messages(session, workspace, "ping", {"workspace": workspace}, only=webhook_id)[0]
        waiting = Waiting(workspace, message_id)
        repository.mark_queued(session, [waiting])
        found = repository.parcel(session, waiting)
    if found is None:
        raise RuntimeError("a message just written is there")
    outcome = _sent(settings, found)
    with store.session(write=True) as session:
        repository.note_attempt(session, waiting, outcome, give_up=True)
        sent = repository.deliveries(session, workspace, webhook_id, most=1)
    return sent[0]


def hand_over(store: Store, settings: Settings) -> bool:
    """Make a durable job of every message that has none; True while any message is under way.

    A job is named after its message, so doing this twice makes one.
    """
    with store.session() as session:
        waiting = repository.to_queue(session)
    for message in waiting:
        jobs.enqueue_errand(settings, jobs.Errand(*message))
    with store.session(write=bool(waiting)) as session:
        repository.mark_queued(session, waiting)
        return repository.any_waiting(session)


def deliver(store: Store, settings: Settings, workspace: str, message_id: str) -> float | None:
    """One attempt; returns the seconds to wait before the next, None when it is over."""
    waiting = Waiting(workspace, message_id)
    with store.session() as session:
        found = repository.parcel(session, waiting)
    if found is None:
        return None
    outcome = _sent(settings, found)
    give_up = outcome.hopeless or found.attempts >= len(WAITS)
    with store.session(write=True) as session:
        repository.note_attempt(session, waiting, outcome, give_up)
    return None if outcome.arrived or give_up else WAITS[found.attempts]


def _sent(settings: Settings, found: repository.Parcel) -> Outcome:
    try:
        target = target_of(found.url, settings.webhook_private)
    except BadInput:
        return Outcome(None, "private_address")
    body = json.dumps(found.payload, ensure_ascii=False, sort_keys=True).encode()
    return post(target, signed_headers(found.secret, found.id, now(), body), body, settings.webhook_private)
