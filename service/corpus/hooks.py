"""Doors for a CRM: whose they are, how a call proves itself, and that no call counts twice."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from service.core.errors import BadInput, NotAllowed

HookSystem = Literal["amocrm", "bitrix24", "generic"]
SYSTEMS: Final[tuple[HookSystem, ...]] = ("amocrm", "bitrix24", "generic")
SIGNED: Final[frozenset[HookSystem]] = frozenset({"generic"})
"""Systems whose calls must be signed: the others cannot sign, their address is their secret."""
TOKEN_PREFIX: Final = "wh_"
TIMESTAMP, SIGNATURE = "x-whobuys-timestamp", "x-whobuys-signature"
"""Headers of a signed call: seconds since 1970, and `sha256=<hex>` over `<timestamp>.<body>`."""
WINDOW_SECONDS: Final = 300
"""How far the clock of a signed call may be off; within it the same call counts once."""
KEPT_DAYS: Final = 30
"""Days for which calls are remembered."""

DeliveryState = Literal["waiting", "taken", "failed"]


@dataclass(frozen=True)
class Hook:
    """A door. Its address holds the token, which is shown once."""

    id: str
    system: HookSystem
    label: str
    who: str
    created_at: datetime
    revoked_at: datetime | None = None
    deliveries: int = 0
    """Calls of the last days."""
    last_at: datetime | None = None


@dataclass(frozen=True)
class NewHook:
    """A door just made: the only time its token and secret are seen."""

    hook: Hook
    token: str = field(repr=False)
    secret: str = field(repr=False)
    """Key of the signature; empty for systems that do not sign."""

    @property
    def path(self) -> str:
        """Where to send calls, below the address of this server."""
        return f"/api/v1/hooks/{self.hook.system}/{self.token}"


@dataclass(frozen=True)
class HookDelivery:
    """One call through a door."""

    hook: str
    id: str
    received_at: datetime
    state: DeliveryState
    upload: str | None = None
    problem: dict[str, str] = field(default_factory=dict, hash=False)
    """Why nothing could be taken, by language."""


class BadSignature(NotAllowed):
    """A signed call whose signature does not hold, or is too old."""

    code = "bad_signature"


def system_of(name: str) -> HookSystem:
    """The system of this name. BadInput for any other."""
    if name not in SYSTEMS:
        raise BadInput(
            f"There is no system {name!r}; use one of: {', '.join(SYSTEMS)}.",
            ru=f"Системы {name!r} нет; есть {', '.join(SYSTEMS)}.",
        )
    return name


def secret_of(salt: bytes, hook: str) -> str:
    """The key of a door's signatures: derived from what only this workspace holds, so it need not be stored."""
    return hmac.new(salt, f"hook signature {hook}".encode(), hashlib.sha256).hexdigest()


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=<hex>` over `<timestamp>.<body>`, as a sender computes it."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def require_signature(secret: str, headers: Mapping[str, str], body: bytes, moment: datetime) -> None:
    """Raise BadSignature unless the headers sign this body now. `headers` have names in lower case."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15 and signature):
        raise BadSignature(
            f"The call must carry {TIMESTAMP} (seconds since 1970) and {SIGNATURE}.",
            ru=f"В вызове нужны заголовки {TIMESTAMP} (секунды с 1970 года) и {SIGNATURE}.",
        )
    if not hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode()):
        raise BadSignature("The signature does not fit the body.", ru="Подпись не подходит к телу вызова.")
    if abs(moment.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature(
            f"The call is more than {WINDOW_SECONDS // 60} minutes old, or the sender's clock is wrong.",
            ru=f"Вызову больше {WINDOW_SECONDS // 60} минут, или у отправителя неверные часы.",
        )


def delivery_id(body: bytes, query: str, signature: str) -> str:
    """The same call has the same id, and is taken once."""
    return hashlib.sha256(b"\x1f".join([signature.encode(), query.encode(), body])).hexdigest()
