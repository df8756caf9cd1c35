"""Companies: making, naming, tuning and deleting them.

A company's own settings lie in its row and win over those of the installation. `CHOICES` is the one list of them: the
settings page, `whobuys workspace set` and the checks below read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.errors import BadInput, Conflict, NotFound
from service.core.settings import Settings
from service.store.audit import note
from service.store.db import ensure_workspace
from service.store.people import forget_if_nowhere
from service.store.tables import MembershipRow, RunRow, StakeholderTextRow, Workspace

TITLE: Final = "title"
LONGEST_TITLE: Final = 80
SEALED: Final = "sealed_personas"

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "language": ("ru", "en"),
    "currency": ("RUB", "USD", "EUR", "GBP", "KZT", "BYN", "UAH", "AED", "TRY", "GEL", "AMD", "UZS", "CNY"),
    SEALED: ("yes",),
}
"""Setting → what it may be; left empty it is as the installation has it (language, currency), or off."""


@dataclass(frozen=True)
class About:
    """A company as its page shows it."""

    id: str
    title: str
    chosen: Mapping[str, str]
    """Setting → choice, "" where nothing was chosen."""


def tuned(session: Session, workspace: str, settings: Settings) -> Settings:
    """The settings with the company's own language and currency in place."""
    row = session.get(Workspace, workspace)
    own = {name: row.settings[name] for name in ("language", "currency") if row.settings.get(name)} if row else {}
    return settings.model_copy(update=own) if own else settings


def about(session: Session, workspace: str) -> About:
    """A company's name and settings; its id and nothing chosen for one that holds nothing yet."""
    row = session.get(Workspace, workspace)
    kept: Mapping[str, Any] = row.settings if row else {}
    chosen = {name: str(kept.get(name) or "") for name in CHOICES}
    return About(workspace, str(kept.get(TITLE) or workspace), chosen)


def list_workspaces(session: Session) -> list[About]:
    """Every company of the installation, by id."""
    return [about(session, name) for name in session.scalars(select(Workspace.id).order_by(Workspace.id))]


def require_known(session: Session, workspace: str, default: str) -> None:
    """NotFound for a name nobody has made, which is likely a slip; the default, and the first of all, are made here."""
    if session.get(Workspace, workspace) is not None:
        return
    if workspace != default and session.scalar(select(Workspace.id).limit(1)) is not None:
        raise NotFound(
            f"There is no company {workspace!r}. Make it first: whobuys workspace create {workspace}",
            ru=f"Компании {workspace!r} нет. Сначала создайте её: whobuys workspace create {workspace}",
        )
    ensure_workspace(session, workspace)


def make_workspace(session: Session, workspace: str, title: str, who: str) -> None:
    """Make a company. Conflict when there is one of this id, BadInput for an id that cannot be one."""
    if session.get(Workspace, workspace) is not None:
        raise Conflict(f"There is a company {workspace!r} already.", ru=f"Компания {workspace!r} уже есть.")
    ensure_workspace(session, workspace)
    note(session, workspace, who, "company made")
    if title:
        change_workspace(session, workspace, {TITLE: title}, who)


def change_workspace(session: Session, workspace: str, changes: Mapping[str, str], who: str) -> list[str]:
    """Keep settings; "" takes a choice back. Returns the names of those that changed. BadInput changes nothing."""
    wanted = {name: _checked(name, value) for name, value in changes.items()}
    row = ensure_workspace(session, workspace)
    changed = sorted(name for name, value in wanted.items() if str(row.settings.get(name) or "") != value)
    if changed:
        kept = {**row.settings, **{name: wanted[name] for name in changed}}
        row.settings = {name: value for name, value in kept.items() if value != ""}
        said = {name: wanted[name] for name in changed if name != TITLE}
        note(session, workspace, who, "settings changed", settings=changed, **said)
    return changed


def delete_workspace(session: Session, workspace: str, typed: str) -> None:
    """Delete a company with all it holds, and the accounts of people who belong nowhere else.

    `typed` must be its id, letter by letter. Conflict while an analysis runs. The evidence index is the caller's.
    """
    row = require_deletable(session, workspace, typed)
    people = list(session.scalars(select(MembershipRow.person_id).where(MembershipRow.workspace_id == workspace)))
    session.delete(row)
    session.flush()
    for person in sorted(people):
        forget_if_nowhere(session, person)


def require_deletable(session: Session, workspace: str, typed: str) -> Workspace:
    """The company's row; raises what `delete_workspace` would."""
    row = session.get(Workspace, workspace)
    if row is None:
        raise NotFound(f"There is no company {workspace!r}.", ru=f"Компании {workspace!r} нет.")
    if typed.strip() != workspace:
        raise BadInput(
            f"To delete the company, type its name: {workspace}.",
            ru=f"Чтобы удалить компанию, введите её имя: {workspace}.",
        )
    going = select(RunRow.id).where(RunRow.workspace_id == workspace, RunRow.status.in_(("pending", "running")))
    if session.scalars(going).first() is not None:
        raise Conflict(
            "An analysis is under way. Wait until it ends, or cancel it.",
            ru="Идёт анализ. Дождитесь конца или отмените его.",
        )
    return row


def sealed(session: Session, workspace: str) -> bool:
    """Whether stakeholders see the others' personas only after handing in their own."""
    return bool(about(session, workspace).chosen[SEALED])


def handed_in(session: Session, workspace: str) -> frozenset[str]:
    """Stakeholders whose persona is there."""
    found = select(StakeholderTextRow.stakeholder).where(
        StakeholderTextRow.workspace_id == workspace, StakeholderTextRow.kind == "persona"
    )
    return frozenset(name for name in session.scalars(found.distinct()) if name)


def _checked(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name == TITLE:
        if len(value) > LONGEST_TITLE:
            raise BadInput(
                f"A company's name has at most {LONGEST_TITLE} letters.",
                ru=f"В названии компании не больше {LONGEST_TITLE} знаков.",
            )
        return value
    if name not in CHOICES:
        known = ", ".join((TITLE, *CHOICES))
        raise BadInput(f"There is no setting {name!r}; there are {known}.", ru=f"Настройки {name!r} нет; есть {known}.")
    if value and value not in CHOICES[name]:
        choices = ", ".join(CHOICES[name])
        raise BadInput(f"{name} can be {choices}, or empty.", ru=f"{name} может быть {choices} или пусто.")
    return value
