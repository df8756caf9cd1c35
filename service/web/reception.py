"""Signing in and out, and the one-time links: what each checks, and the session that follows.

Every way in begins a new session, so that a cookie planted before is worth nothing. Nothing here tells whether an
account exists: a wrong password and an unknown address get the same sentence after the same work.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.core.errors import BadInput, Conflict, NotAllowed
from service.core.settings import Settings
from service.store.attempts import begin_attempt, forgive
from service.store.audit import note
from service.store.db import Store, ensure_workspace
from service.store.keys import any_key, find_key
from service.store.passwords import LONGEST, fits, hash_password, outdated, require_good
from service.store.people import (
    add_person,
    companies_of,
    find_person,
    person_row,
    plain_email,
    plain_name,
    set_password,
    set_role,
)
from service.store.sessions import choose_company, end_session, end_sessions_of, open_session
from service.store.tickets import Ticket, end_tickets_of, look_at, use_ticket
from service.web.doorkeeper import Doorkeeper
from service.web.security import KEEPERS, KeyNeeded, Knock, Role, Visitor


class WrongPassword(KeyNeeded):
    """The address and the password do not fit together."""

    code = "wrong_password"


@dataclass(frozen=True)
class Invitation:
    """What a link to join says."""

    email: str
    company: str
    role: str


class Reception:
    """Lets people in for longer than one request."""

    def __init__(self, store: Store, doorkeeper: Doorkeeper, settings: Settings) -> None:
        self._store, self._doorkeeper, self._settings = store, doorkeeper, settings

    def sign_in(self, email: str, password: str, knock: Knock) -> str:
        """The cookie of a new session. Raises WrongPassword, TooManyAttempts."""
        person = self._recognise(email.strip().lower(), password, knock.address)
        with self._store.session(write=True) as session:
            self._leave_old(session, knock)
            return self._seat(session, person)

    def sign_in_with_key(self, key: str, knock: Knock) -> str:
        """The same with an API key; the session ends with the key. Raises KeyNeeded, TooManyAttempts."""
        with self._store.session(write=True) as session:
            begin_attempt(session, "an API key", knock.address)
        with self._store.session(write=True) as session:
            row = find_key(session, key.strip())
            if row is None:
                raise KeyNeeded(
                    "This key is unknown, was revoked or is past its end.",
                    ru="Такого ключа нет, или он отозван, или его срок вышел.",
                )
            forgive(session, "an API key", knock.address)
            self._leave_old(session, knock)
            token = open_session(session, key=row.id, workspace=row.workspace_id)
            note(session, row.workspace_id, row.id, "signed in with a key")
            return self._doorkeeper.sealed_cookie(session, token)

    def sign_out(self, knock: Knock) -> None:
        """End the session of the browser, if it has one."""
        with self._store.session(write=True) as session:
            self._leave_old(session, knock)

    def set_up(self, token: str, email: str, name: str, password: str, knock: Knock) -> str:
        """Make the first account, an admin's, and close the door. `token` "" stands for the open demo.

        NotFound for a link that does not work, Conflict when the door is closed already.
        """
        email, name = plain_email(email), plain_name(name)
        self.look_at_set_up(token)
        require_good(password, email)
        hashed = hash_password(password)
        with self._store.session(write=True) as session:
            self._require_open(session)
            if token:
                use_ticket(session, "setup", token)
            person = add_person(session, email, name, hashed)
            workspace = self._settings.workspace
            ensure_workspace(session, workspace)
            set_role(session, workspace, person.id, Role.ADMIN, KEEPERS)
            note(session, workspace, person.id, "first account made", person=person.id, role=Role.ADMIN.value)
            self._leave_old(session, knock)
            return self._seat(session, person.id)

    def look_at_set_up(self, token: str) -> None:
        """Raise NotFound or Conflict where `set_up` would."""
        with self._store.session() as session:
            self._require_open(session)
            if token:
                look_at(session, "setup", token)

    def invitation(self, token: str) -> Invitation:
        """What a link to join says. NotFound for one that does not work."""
        with self._store.session() as session:
            ticket = look_at(session, "join", token)
            title = str(ensure_workspace(session, str(ticket.workspace)).settings.get("title") or ticket.workspace)
        return Invitation(ticket.email, title, ticket.role)

    def join(self, token: str, name: str, password: str, knock: Knock) -> str:
        """Take an invitation up: somebody new chooses a password, somebody known proves theirs."""
        with self._store.session() as session:
            ticket = look_at(session, "join", token)
            known = find_person(session, ticket.email) is not None
        if known:
            self._recognise(ticket.email, password, knock.address)
            hashed = ""
        else:
            name = plain_name(name)
            require_good(password, ticket.email)
            hashed = hash_password(password)
        with self._store.session(write=True) as session:
            used = use_ticket(session, "join", token)
            person = find_person(session, used.email)
            if person is None:
                person = add_person(session, used.email, name, hashed)
            elif hashed:
                raise Conflict("Open the link once more.", ru="Откройте ссылку ещё раз.")
            self._take_seat(session, used, person.id)
            self._leave_old(session, knock)
            return self._seat(session, person.id, used.workspace)

    def reset(self, token: str, password: str, knock: Knock) -> str:
        """Choose a new password by a link; every session of the person ends but the new one."""
        with self._store.session() as session:
            person = person_row(session, str(look_at(session, "reset", token).person))
        require_good(password, person.email)
        hashed = hash_password(password)
        with self._store.session(write=True) as session:
            used = use_ticket(session, "reset", token)
            self._set_password(session, str(used.person), hashed, "password chosen by a link")
            self._leave_old(session, knock)
            return self._seat(session, str(used.person))

    def look_at_reset(self, token: str) -> str:
        """The address a link to a new password is for. NotFound for one that does not work."""
        with self._store.session() as session:
            return person_row(session, str(look_at(session, "reset", token).person)).email

    def change_password(self, visitor: Visitor, old: str, new: str, knock: Knock) -> str:
        """Change one's own password; every other session ends and this one gets a new cookie."""
        if visitor.account is None:
            raise NotAllowed("Only people have passwords.", ru="Пароль есть только у людей.")
        self._recognise(visitor.account.email, old, knock.address)
        if old == new:
            raise BadInput("The new password is the old one.", ru="Новый пароль совпадает со старым.")
        require_good(new, visitor.account.email)
        hashed = hash_password(new)
        with self._store.session(write=True) as session:
            self._set_password(session, visitor.account.id, hashed, "password changed")
            return self._seat(session, visitor.account.id, visitor.workspace)

    def sign_out_everywhere(self, visitor: Visitor) -> int:
        """End every session of the person but this one; returns how many."""
        if visitor.account is None:
            return 0
        with self._store.session(write=True) as session:
            ended = end_sessions_of(session, visitor.account.id, but=visitor.session)
            note(session, visitor.workspace, visitor.who, "signed out elsewhere", sessions=ended)
        return ended

    def look_elsewhere(self, visitor: Visitor, workspace: str) -> None:
        """Turn to another company of the person's. NotAllowed for one that is not theirs."""
        if visitor.account is None or workspace not in {one.workspace for one in visitor.account.companies}:
            raise NotAllowed("You do not belong to that company.", ru="Вы не относитесь к этой компании.")
        with self._store.session(write=True) as session:
            choose_company(session, str(visitor.session), workspace)

    def _recognise(self, email: str, password: str, address: str) -> str:
        """Id of the person whose address and password these are; every try counts against the limits."""
        with self._store.session(write=True) as session:
            begin_attempt(session, email, address)
            person = find_person(session, email)
        right = fits(person.password_hash if person else None, password)
        if person is None or not right:
            logging.getLogger("whobuys.access").warning("sign-in refused")
            raise WrongPassword(
                "The address or the password is wrong.", ru="Адрес почты или пароль не подходит."
            )  # fmt: skip
        fresh = hash_password(password) if outdated(person.password_hash) and len(password) <= LONGEST else ""
        with self._store.session(write=True) as session:
            forgive(session, email, address)
            if fresh:
                person_row(session, person.id).password_hash = fresh
        return person.id

    def _seat(self, session: Session, person: str, workspace: str | None = None) -> str:
        token = open_session(session, person=person, workspace=workspace)
        for company in companies_of(session, person):
            note(session, company.workspace, person, "signed in")
        return self._doorkeeper.sealed_cookie(session, token)

    def _leave_old(self, session: Session, knock: Knock) -> None:
        old = self._doorkeeper.token_in(knock.cookie)
        if old:
            end_session(session, self._doorkeeper.session_id(old))

    def _take_seat(self, session: Session, ticket: Ticket, person: str) -> None:
        workspace = str(ticket.workspace)
        set_role(session, workspace, person, ticket.role, KEEPERS)
        note(session, workspace, person, "invitation taken up", person=person, role=ticket.role)

    def _set_password(self, session: Session, person: str, hashed: str, what: str) -> None:
        set_password(session, person, hashed)
        end_sessions_of(session, person)
        end_tickets_of(session, person)
        for company in companies_of(session, person):
            note(session, company.workspace, person, what)

    def _require_open(self, session: Session) -> None:
        if any_key(session):
            raise Conflict(
                "whobuys is set up already: sign in, or ask an admin for an invitation.",
                ru="whobuys уже настроен: войдите или попросите у администратора приглашение.",
            )
