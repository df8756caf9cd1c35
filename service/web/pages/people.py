"""People, keys, links, settings and the log on pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from service.core.numbers import Formatter
from service.store.audit import COMMAND_LINE, OPEN, AuditLine
from service.store.keys import Key
from service.store.people import Member
from service.store.shares import DAYS, USUAL_DAYS, Share
from service.store.tickets import Ticket
from service.store.workspaces import CHOICES, About
from service.web.i18n import Words
from service.web.security import Role, Visitor


@dataclass(frozen=True)
class Choice:
    """An entry of a list to choose from."""

    value: str
    words: str


@dataclass(frozen=True)
class PersonLine:
    """A person of the company, and what the visitor may do about them."""

    id: str
    email: str
    name: str
    role: str
    since: datetime
    me: bool
    may_change: bool
    may_reset: bool


@dataclass(frozen=True)
class PeopleView:
    """The page of people. `link` is shown once."""

    members: tuple[PersonLine, ...]
    invitations: tuple[Ticket, ...]
    grants: tuple[str, ...]
    roles: tuple[str, ...]
    email: str
    link: str
    until: str
    done: str
    error: str


@dataclass(frozen=True)
class KeyLine:
    """A key in the list."""

    id: str
    role: str
    label: str
    state: str
    created_at: datetime
    made_by: str
    ends_at: datetime | None
    used_at: datetime | None
    may_revoke: bool


@dataclass(frozen=True)
class KeysView:
    """The page of keys. `key` is shown once."""

    keys: tuple[KeyLine, ...]
    live: int
    grants: tuple[str, ...]
    key: str
    done: str
    error: str


@dataclass(frozen=True)
class ShareLine:
    """A link to read in the list."""

    id: str
    label: str
    state: str
    made_by: str
    created_at: datetime
    ends_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True)
class SharesView:
    """The page of links to read. `link` is shown once."""

    shares: tuple[ShareLine, ...]
    live: int
    link: str
    days: tuple[int, ...]
    usual: int
    done: str
    error: str


@dataclass(frozen=True)
class CompanyView:
    """The page of a company's settings."""

    about: About
    languages: tuple[Choice, ...]
    currencies: tuple[Choice, ...]
    may_make: bool
    may_delete: bool
    done: str
    error: str


@dataclass(frozen=True)
class LogLine:
    """A line of the log in words."""

    when: str
    who: str
    what: str
    details: str


@dataclass(frozen=True)
class LogView:
    """The page of the log with its filter; `query` is the filter as it stands in an address."""

    lines: tuple[LogLine, ...]
    whos: tuple[Choice, ...]
    whats: tuple[Choice, ...]
    who: str
    what: str
    since: str
    until: str
    query: str
    older: str


def who_said(who: str, words: Words, names: Mapping[str, str]) -> str:
    """Somebody by name; this machine and the command line in words."""
    if who in (OPEN, COMMAND_LINE):
        return words("who_here.open" if who == OPEN else "who_here.command_line")
    return names.get(who, who)


def people_view(
    members: Sequence[Member],
    invitations: Sequence[Ticket],
    visitor: Visitor,
    may_reset: Callable[[Member], bool],
    *,
    email: str = "",
    link: str = "",
    until: str = "",
    done: str = "",
    error: str = "",
) -> PeopleView:
    """Everybody, and what the visitor may do about each; nobody changes their own role."""
    lines = []
    for one in members:
        me = one.id == visitor.who
        changeable = not me and visitor.may_grant(one.role)
        lines.append(
            PersonLine(one.id, one.email, one.name, one.role, one.since, me, changeable, not me and may_reset(one))
        )
    return PeopleView(
        tuple(lines), tuple(invitations), grants_of(visitor), tuple(role.value for role in Role), email, link, until,
        done, error,
    )  # fmt: skip


def grants_of(visitor: Visitor) -> tuple[str, ...]:
    """Roles the visitor may give, in their usual order."""
    return tuple(role.value for role in Role if visitor.may_grant(role))


def keys_view(
    keys: Sequence[Key],
    visitor: Visitor,
    words: Words,
    names: Mapping[str, str],
    *,
    key: str = "",
    done: str = "",
    error: str = "",
) -> KeysView:
    """All keys, those that work first."""
    lines = [
        KeyLine(
            id=one.id,
            role=one.role,
            label=one.label,
            state="live" if one.live else "revoked" if one.revoked_at else "over",
            created_at=one.created_at,
            made_by=who_said(one.made_by, words, names) if one.made_by else "",
            ends_at=one.ends_at,
            used_at=one.used_at,
            may_revoke=visitor.may_grant(one.role),
        )
        for one in sorted(keys, key=lambda one: not one.live)
    ]
    return KeysView(tuple(lines), sum(one.live for one in keys), grants_of(visitor), key, done, error)


def shares_view(
    shares: Sequence[Share],
    words: Words,
    names: Mapping[str, str],
    *,
    link: str = "",
    done: str = "",
    error: str = "",
) -> SharesView:
    """All links, those that work first."""
    lines = [
        ShareLine(
            id=one.id,
            label=one.label,
            state="live" if one.live else "revoked" if one.revoked_at else "over",
            made_by=who_said(one.made_by, words, names),
            created_at=one.created_at,
            ends_at=one.ends_at,
            opened_at=one.opened_at,
        )
        for one in sorted(shares, key=lambda one: not one.live)
    ]
    return SharesView(tuple(lines), sum(one.live for one in shares), link, DAYS, USUAL_DAYS, done, error)


def company_view(
    about: About, visitor: Visitor, words: Words, *, done: str = "", error: str = ""
) -> CompanyView:  # fmt: skip
    """Settings of a company. A new one is for a person: a key could not get into it."""
    languages = tuple(Choice(code, words(f"company.language_name.{code}")) for code in CHOICES["language"])
    may = visitor.may("manage_workspaces")
    return CompanyView(
        about=about,
        languages=languages,
        currencies=tuple(Choice(code, code) for code in CHOICES["currency"]),
        may_make=may and visitor.account is not None,
        may_delete=may and visitor.account is not None,
        done=done,
        error=error,
    )


def log_view(
    lines: Sequence[AuditLine],
    choices: tuple[Sequence[str], Sequence[str]],
    words: Words,
    formatter: Formatter,
    names: Mapping[str, str],
    chosen: Mapping[str, str],
    older: str,
) -> LogView:
    """Lines in words, and what the filter offers."""
    whos, whats = choices
    return LogView(
        lines=tuple(log_line(line, words, formatter, names) for line in lines),
        whos=tuple(Choice(who, who_said(who, words, names)) for who in whos),
        whats=tuple(Choice(what, what_said(what, words)) for what in whats),
        who=chosen.get("who", ""),
        what=chosen.get("what", ""),
        since=chosen.get("since", ""),
        until=chosen.get("until", ""),
        query=urlencode({name: value for name, value in chosen.items() if value}),
        older=older,
    )


def log_line(line: AuditLine, words: Words, formatter: Formatter, names: Mapping[str, str]) -> LogLine:
    """One line in words."""
    when = f"{formatter.short_day(line.at)} {line.at:%H:%M} UTC"
    return LogLine(when, who_said(line.who, words, names), what_said(line.what, words), said_details(line.details))


def what_said(what: str, words: Words) -> str:
    """A kind of change in the page's language; as it was written where there are no words for it."""
    key = f"audit_what.{what}"
    return words(key) if words.has(key) else what


def said_details(details: Mapping[str, Any]) -> str:
    """`name: value` of every detail that says something."""
    said = ((name, ", ".join(map(str, v)) if isinstance(v, list) else v) for name, v in sorted(details.items()))
    return "; ".join(f"{name}: {value}" for name, value in said if value not in (None, "", {}))
