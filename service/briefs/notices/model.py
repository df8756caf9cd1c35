"""Webhooks, the messages they get, and how a message is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Event = Literal["brief.new", "brief.approved", "brief.returned", "ping"]
EVENTS: tuple[Event, ...] = get_args(Event)
DEFAULT_EVENTS: tuple[Event, ...] = ("brief.new", "brief.approved")

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32

WAITS: tuple[float, ...] = (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600)
"""Seconds before each further attempt: seven in nine hours, then the message is given up."""


@dataclass(frozen=True)
class Webhook:
    """An address that is told. The secret never leaves through a page or the API again once it was shown."""

    id: str
    url: str
    events: tuple[str, ...]
    created_by: str
    created_at: datetime
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Delivery:
    """One message to one address, as the log shows it."""

    id: str
    webhook: str
    url: str
    event: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    answer: int | None
    error: str
    created_at: datetime
    tried_at: datetime | None


def new_secret() -> str:
    """A fresh signing secret."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(secret: str, message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Headers after the Standard Webhooks specification (standardwebhooks.com, v1: HMAC-SHA256).

    The signature covers `id.timestamp.body`, so neither can be replaced nor an old message sent again later.
    """
    stamp = str(int(moment.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, message_id, stamp, body),
    }


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` under the decoded secret."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def message(event: Event, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The body of a message: names and numbers only, no words of customers."""
    return {"type": event, "timestamp": moment.isoformat(), "data": data}
