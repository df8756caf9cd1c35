"""Who may do what: roles and their rights; and what a request tells of its sender."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from service.core.errors import NotAllowed
from service.store.audit import OPEN
from service.store.people import Company

COOKIE = "whobuys_session"


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
    "undo_uploads": _ALL,
    "undo_any_upload": _OWNER,
    "cancel_runs": _ALL,
    "read_hooks": _OWNER,
    "edit_hooks": _OWNER,
    "read_developers": _ALL,
    "read_campaigns": _MONEY,
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
    "return_brief": _ALL,
    "approve_brief": _OWNER,
    "manage_webhooks": _OWNER,
    "read_metrics": frozenset({Role.ADMIN}),
    "read_personas": _ALL,
    "write_persona": _ALL,
    "write_any_persona": frozenset({Role.ADMIN}),
    "share_briefs": _OWNER,
    "keep_account": _ALL,
    "manage_people": _OWNER,
    "manage_keys": _OWNER,
    "manage_settings": _OWNER,
    "read_audit": _OWNER,
    "manage_workspaces": frozenset({Role.ADMIN}),
}
"""The one table of rights. An action that is not here is nobody's."""

GRANTS: dict[Role, frozenset[Role]] = {
    Role.OWNER: frozenset({Role.SALES, Role.MARKETING, Role.OWNER}),
    Role.ADMIN: _ALL,
}
"""Which roles a role may give to people and keys, and take from them."""

KEEPERS = _OWNER
"""Roles that can let people in: somebody with one of them must always be left."""

SHOWS_PERSONAS = frozenset(
    {
        "read_claims", "confirm_claims", "read_comparison", "read_brief_comparison", "read_brief_session",
        "share_briefs",
    }
)  # fmt: skip
"""What shows the stakeholders' personas: withheld from those who must hand in their own first."""


class KeyNeeded(NotAllowed):
    """Nobody is signed in and no key was sent, or one that does not hold."""

    status = 401
    code = "key_needed"


class HandInFirst(NotAllowed):
    """The company wants each stakeholder's own persona before they see the others'."""

    code = "hand_in_first"


@dataclass(frozen=True)
class Account:
    """The person behind a visitor, and what their pages show of it."""

    id: str
    name: str
    email: str
    companies: tuple[Company, ...]


@dataclass(frozen=True)
class Visitor:
    """Who asks: a person, a key, or anybody on this machine while the demo is open; each with a role in a workspace."""

    workspace: str
    role: Role
    who: str
    """Person id, key id, or `open`."""
    account: Account | None = None
    """None for keys and for the open demo."""
    session: str | None = None
    """Id of the session, for those who are signed in."""
    form_token: str = ""
    """What every form of theirs must carry; "" where the browser sends no cookie of ours."""
    company: str = ""
    """What the workspace is called."""
    withheld: bool = False
    """Their own persona is not handed in yet, and the company wants it before they see the others'."""

    @property
    def open(self) -> bool:
        """True while nobody has an account or key and the visitor sits at this machine."""
        return self.who == OPEN

    def may(self, action: str) -> bool:
        """Whether the role covers the action, and nothing withholds it."""
        return self.role in MAY.get(action, frozenset()) and not (self.withheld and action in SHOWS_PERSONAS)

    def may_grant(self, role: str) -> bool:
        """Whether the visitor may give this role, or take it."""
        return role in GRANTS.get(self.role, frozenset())

    def require(self, action: str) -> None:
        """Raise NotAllowed unless the visitor may do this."""
        if self.role not in MAY.get(action, frozenset()):
            raise NotAllowed(
                f"The role {self.role.value!r} does not cover {action!r}. Ask the owner for another role.",
                ru=f"Роль {self.role.value!r} этого не позволяет ({action}). Попросите у собственника другую роль.",
            )
        if not self.may(action):
            raise HandInFirst(
                "First hand in your own picture of the customer; then you see the others'. It stands under Personas.",
                ru="Сначала сдайте свой портрет клиента — тогда откроются остальные. Это на странице «Портреты».",
            )

    def require_grant(self, role: str) -> None:
        """Raise NotAllowed unless the visitor may give or take this role."""
        if not self.may_grant(role):
            raise NotAllowed(
                f"Your role cannot give or take the role {role!r}.",
                ru=f"Ваша роль не позволяет давать или забирать роль {role!r}.",
            )


@dataclass(frozen=True)
class Knock:
    """What a request tells of its sender."""

    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    client: str | None
    cookie: str | None = None
    form_token: str = ""
    """What a form sent as `csrf`, or a script as `X-CSRF-Token`."""

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def address(self) -> str:
        """Where it comes from."""
        return self.client or "unknown"


def from_own_page(knock: Knock) -> bool:
    """Whether a request that changes something was sent by a page of ours (or by no page at all)."""
    if not knock.changes:
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


def bearer(headers: Mapping[str, str]) -> str | None:
    """The API key of a request."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
