"""Lets requests in: by a session's cookie, by an API key, or openly on this machine while nobody has either.

The cookie is `<token>.<mac>`: 256 random bits and their HMAC under the installation's secret, so that a forged one is
refused without asking the database; what the token opens stands in SQL, under its sha256.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from datetime import datetime

from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotAllowed
from service.core.settings import Settings
from service.store.audit import OPEN
from service.store.db import Store
from service.store.installation import make_secret, read_secret
from service.store.keys import any_key, find_key, live_key, write_used
from service.store.people import companies_of, person_row
from service.store.sessions import ABSOLUTE, Seat, find_session, write_seen
from service.store.shares import write_opened
from service.store.tables import ApiKey
from service.store.workspaces import about, handed_in, sealed
from service.web.security import (
    Account,
    KeyNeeded,
    Knock,
    Role,
    Visitor,
    bearer,
    is_loopback,
    require_own_page,
)

COOKIE_SECONDS = int(ABSOLUTE.total_seconds())
WRITE_EVERY = 60.0
"""Seconds between two writings of when sessions and keys were last seen: reading must not wait for writers."""


class Doorkeeper:
    """Tells who is behind a request, or says why nobody is let in."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._secret: bytes | None = None
        self.sights = Sights(store)

    def admit(self, knock: Knock) -> Visitor:
        """The visitor behind a request. Raises KeyNeeded (401) or NotAllowed (403)."""
        token = bearer(knock.headers)
        if token is None:
            require_own_page(knock)
        with self._store.session() as session:
            visitor = self._by_key(session, token) if token else self._by_cookie(session, knock)
            if visitor is None and (token or any_key(session)):
                raise KeyNeeded(
                    "Sign in, or send an API key as 'Authorization: Bearer wb_…'.",
                    ru="Войдите или передайте ключ API как «Authorization: Bearer wb_…».",
                )
            called = "" if visitor else about(session, self._settings.workspace).title
        if visitor is not None:
            return visitor
        if not is_loopback(knock):
            raise KeyNeeded(
                "While nobody has an account, whobuys answers only on this machine. Open the link that `whobuys serve` "
                "prints, or run whobuys people add.",
                ru="Пока ни у кого нет учётной записи, whobuys отвечает только на этом компьютере. Откройте ссылку, "
                "которую печатает `whobuys serve`, или выполните whobuys people add.",
            )
        return Visitor(self._settings.workspace, Role.ADMIN, OPEN, company=called)

    def sealed_cookie(self, session: Session, token: str) -> str:
        """The cookie of a session's token. Wants a write transaction: the first one makes the secret."""
        if self._known_secret() is None:
            secret = make_secret(session)
            return f"{token}.{_mac(secret, 'cookie', token)}"
        return f"{token}.{self._mac('cookie', token)}"

    def session_id(self, token: str) -> str:
        """Under which id SQL keeps the session of a token."""
        return sha(token)

    def token_in(self, cookie: str | None) -> str | None:
        """The token of a cookie that we signed; None for any other."""
        token, _, mac = (cookie or "").partition(".")
        if not token or not mac or self._known_secret() is None:
            return None
        signed = hmac.compare_digest(self._mac("cookie", token).encode(), mac.encode("utf-8", "surrogateescape"))
        return token if signed else None

    def seat(self, session: Session, cookie: str | None) -> Seat | None:
        """The live session of a cookie."""
        token = self.token_in(cookie)
        return find_session(session, token, self.sights.session(sha(token))) if token else None

    def _by_key(self, session: Session, token: str) -> Visitor | None:
        row = find_key(session, token)
        return self._holder(session, row) if row else None

    def _by_cookie(self, session: Session, knock: Knock) -> Visitor | None:
        seat = self.seat(session, knock.cookie)
        token = self.token_in(knock.cookie)
        if seat is None or token is None:
            return None
        form_token = self._mac("form", token)
        if knock.changes and not hmac.compare_digest(form_token.encode(), _bytes(knock.form_token)):
            raise NotAllowed(
                "This form is out of date. Open the page again and send it once more.",
                ru="Форма устарела. Откройте страницу заново и отправьте ещё раз.",
            )
        self.sights.saw(session=seat.id)
        if seat.key is not None:
            row = live_key(session, seat.workspace or "", seat.key)
            return self._holder(session, row, seat.id, form_token) if row else None
        return self._person(session, seat, form_token)

    def _person(self, session: Session, seat: Seat, form_token: str) -> Visitor | None:
        person, companies = person_row(session, str(seat.person)), companies_of(session, str(seat.person))
        if not companies:
            return None
        company = next((one for one in companies if one.workspace == seat.workspace), companies[0])
        role = Role(company.role)
        return Visitor(
            workspace=company.workspace,
            role=role,
            who=person.id,
            account=Account(person.id, person.name or person.email, person.email, companies),
            session=seat.id,
            form_token=form_token,
            company=company.title,
            withheld=_withheld(session, company.workspace, role),
        )

    def _holder(self, session: Session, row: ApiKey, seat: str | None = None, form_token: str = "") -> Visitor:
        """Whoever holds a key, by itself or by a session begun with it."""
        self.sights.saw(key=(row.workspace_id, row.id))
        role = Role(row.role)
        return Visitor(
            workspace=row.workspace_id,
            role=role,
            who=row.id,
            session=seat,
            form_token=form_token,
            company=about(session, row.workspace_id).title,
            withheld=_withheld(session, row.workspace_id, role),
        )

    def _mac(self, purpose: str, token: str) -> str:
        return _mac(self._known_secret() or b"", purpose, token)

    def _known_secret(self) -> bytes | None:
        if self._secret is None:
            with self._store.session() as session:
                self._secret = read_secret(session)
        return self._secret


class Sights:
    """When sessions, keys and links were last seen: kept in memory, written now and then by a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._sessions: dict[str, datetime] = {}
        self._keys: dict[tuple[str, str], datetime] = {}
        self._links: dict[str, datetime] = {}
        self._written = time.monotonic()

    def session(self, session_id: str) -> datetime | None:
        """A sight of a session that is not written yet."""
        return self._sessions.get(session_id)

    def saw(self, *, session: str = "", key: tuple[str, str] | None = None, link: str = "") -> None:
        """Note a request of a session, with a key (workspace, id), by a link."""
        with self._lock:
            if session:
                self._sessions[session] = now()
            if key:
                self._keys[key] = now()
            if link:
                self._links[link] = now()
            due = time.monotonic() - self._written > WRITE_EVERY
            if due:
                self._written = time.monotonic()
        if due:
            threading.Thread(target=self.write, name="sights", daemon=True).start()

    def write(self) -> None:
        """Write what was seen since the last time."""
        with self._lock:
            sessions, keys, links = self._sessions, self._keys, self._links
            self._sessions, self._keys, self._links = {}, {}, {}
        if sessions or keys or links:
            with self._store.session(write=True) as session:
                write_seen(session, sessions)
                write_used(session, keys)
                write_opened(session, links)


def _mac(secret: bytes, purpose: str, token: str) -> str:
    return hmac.new(secret, f"{purpose}\x1f{token}".encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def sha(token: str) -> str:
    """Id of the session of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _withheld(session: Session, workspace: str, role: Role) -> bool:
    """Whether the role's own persona is missing where the company wants it first."""
    return role is not Role.ADMIN and sealed(session, workspace) and role.value not in handed_in(session, workspace)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
