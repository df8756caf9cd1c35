"""Who may do what: roles and their rights, the sign-in cookie, and which requests come from our own pages.

Without any key ever made, a demo on this machine is open; from the first key on, every door asks for one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from service.core.clock import now
from service.core.errors import NotAllowed
from service.core.settings import Settings
from service.store.db import Store
from service.store.keys import any_key, find_key, live_key

COOKIE = "whobuys_key"
COOKIE_HOURS = 12


class Role(StrEnum):
    """What a key's holder does in the company."""

    SALES = "sales"
    MARKETING = "marketing"
    OWNER = "owner"
    ADMIN = "admin"


_ALL = frozenset(Role)
_MONEY = frozenset({Role.MARKETING, Role.OWNER, Role.ADMIN})
_OWNER = frozenset({Role.OWNER, Role.ADMIN})

MAY: dict[str, frozenset[Role]] = {
    "upload": _ALL,
    "read_uploads": _ALL,
    "read_mappings": _ALL,
    "confirm_mappings": _ALL,
    "run": _ALL,
    "read_runs": _ALL,
    "read_segments": _ALL,
    "read_portrait": _ALL,
    "edit_segments": _OWNER,
    "read_customers": frozenset({Role.SALES, Role.OWNER, Role.ADMIN}),
    "forget_customers": _OWNER,
    "edit_customers": frozenset({Role.SALES, Role.OWNER, Role.ADMIN}),
    "read_speakers": frozenset({Role.SALES, Role.OWNER, Role.ADMIN}),
    "set_speakers": frozenset({Role.SALES, Role.OWNER, Role.ADMIN}),
    "read_economics": _MONEY,
    "read_claims": _MONEY | {Role.SALES},
    "confirm_claims": _OWNER,
    "read_comparison": _OWNER,
    "list_briefs": _ALL,
    "read_brief_comparison": _OWNER,
    "read_brief_session": _OWNER,
    "read_brief_creative": _MONEY,
    "read_brief_script": frozenset({Role.SALES, Role.OWNER, Role.ADMIN}),
    "request_brief": _MONEY,
}
"""The one table of rights. An action that is not here is nobody's."""


class KeyRow(Protocol):
    """What the cookie is made of."""

    workspace_id: str
    id: str
    key_hash: str


class KeyNeeded(NotAllowed):
    """No key, or one that is unknown or revoked."""

    status = 401
    code = "key_needed"


@dataclass(frozen=True)
class Visitor:
    """Who asks: a key's role in its workspace, or anybody on this machine while the demo is open."""

    workspace: str
    role: Role
    who: str
    """Key id, or `open`."""

    @property
    def open(self) -> bool:
        """True while no key was ever made and the visitor sits at this machine."""
        return self.who == "open"

    def may(self, action: str) -> bool:
        """Whether the role covers the action."""
        return self.role in MAY.get(action, frozenset())

    def require(self, action: str) -> None:
        """Raise NotAllowed unless the role covers the action."""
        if not self.may(action):
            raise NotAllowed(
                f"The role {self.role.value!r} does not cover {action!r}. Ask the owner for another key.",
                ru=f"Роль {self.role.value!r} этого не позволяет ({action}). Попросите у собственника другой ключ.",
            )


@dataclass(frozen=True)
class Knock:
    """What a request tells of its sender."""

    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    client: str | None
    cookie: str | None = None


class Doorkeeper:
    """Lets a request in as a Visitor, or says why not."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def admit(self, knock: Knock) -> Visitor:
        """The visitor behind a request. Raises KeyNeeded (401) or NotAllowed (403)."""
        token = _bearer(knock.headers)
        if token is None:
            require_own_page(knock)
        workspace, key_id, expires = _cookie_parts(knock.cookie)
        with self._store.session() as session:
            row = find_key(session, token) if token else live_key(session, workspace, key_id)
            if row is not None and (token or _holds(row, expires, knock.cookie)):
                return Visitor(row.workspace_id, Role(row.role), row.id)
            if token or any_key(session):
                raise KeyNeeded(
                    "A key is needed: send it as 'Authorization: Bearer wb_…', or sign in with it.",
                    ru="Нужен ключ: передайте его как «Authorization: Bearer wb_…» или войдите с ним.",
                )
        if not is_loopback(knock):
            raise KeyNeeded(
                "Without keys whobuys answers only on this machine. Make one: whobuys key create.",
                ru="Без ключей whobuys отвечает только на этом компьютере. Создайте ключ: whobuys key create.",
            )
        return Visitor(self._settings.workspace, Role.ADMIN, "open")

    def sign_in(self, key: str) -> str:
        """The cookie value for a valid key; raises KeyNeeded for any other."""
        with self._store.session() as session:
            row = find_key(session, key.strip())
            if row is None:
                raise KeyNeeded("This key is unknown or was revoked.", ru="Такого ключа нет, или он отозван.")
            return _signature(row, int(now().timestamp()) + COOKIE_HOURS * 3600)


def from_own_page(knock: Knock) -> bool:
    """Whether a request that changes something was sent by a page of ours (or by no page at all)."""
    if knock.method in ("GET", "HEAD", "OPTIONS"):
        return True
    site = knock.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = knock.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == knock.headers.get("host", "")


def require_own_page(knock: Knock) -> None:
    """Raise NotAllowed for a request that another site made the browser send."""
    if not from_own_page(knock):
        raise NotAllowed(
            "This request came from another site and changes nothing here.",
            ru="Запрос пришёл с чужого сайта и ничего здесь не меняет.",
        )


def is_loopback(knock: Knock) -> bool:
    """Whether both the sender and the name it used for us are this machine (a foreign name may be rebound to us)."""
    host = urlsplit("//" + knock.headers.get("host", "")).hostname or ""
    return _loopback(knock.client or "") and (host == "localhost" or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _bearer(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _signature(row: KeyRow, expires: int) -> str:
    """`<workspace|key id|expiry in base64>.<mac>`: signed with the key's own hash, so revoking the key ends it."""
    body = base64.urlsafe_b64encode(f"{row.workspace_id}|{row.id}|{expires}".encode()).decode()
    return f"{body}.{hmac.new(row.key_hash.encode(), body.encode(), hashlib.sha256).hexdigest()}"


def _cookie_parts(cookie: str | None) -> tuple[str, str, int]:
    """(workspace, key id, expiry), empty where the cookie is none of ours."""
    try:
        body = base64.urlsafe_b64decode((cookie or "").partition(".")[0].encode())
        workspace, key_id, expires = body.decode().split("|")
        return workspace, key_id, int(expires)
    except ValueError:  # not base64, not UTF-8, not three parts, not a number
        return "", "", 0


def _holds(row: KeyRow, expires: int, cookie: str | None) -> bool:
    mac = _signature(row, expires).encode()
    return expires > now().timestamp() and hmac.compare_digest(mac, (cookie or "").encode())
