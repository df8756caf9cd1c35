"""What the company is called and where it is: public words and contacts that redaction leaves in the text."""

from __future__ import annotations

from collections.abc import Iterable

from service.core.errors import BadInput
from service.store.audit import COMMAND_LINE, note
from service.store.db import Store, ensure_workspace

SETTING = "company_names"
LONGEST, MOST = 200, 200
"""Characters of one entry, entries of one workspace."""


def read_company(store: Store, workspace: str) -> tuple[str, ...]:
    """The names, products, addresses, phones and mail boxes listed for a workspace, sorted."""
    with store.session(write=True) as session:
        return tuple(ensure_workspace(session, workspace).settings.get(SETTING, ()))


def change_company(
    store: Store, workspace: str, *, add: Iterable[str] = (), remove: Iterable[str] = (), who: str = COMMAND_LINE
) -> tuple[str, ...]:
    """Add and remove entries; files taken in from now on are read with the new list. Returns the list."""
    added, removed = _clean(add), set(_clean(remove))
    with store.session(write=True) as session:
        row = ensure_workspace(session, workspace)
        listed = set(row.settings.get(SETTING, ()))
        unknown = sorted(removed - listed)
        if unknown:
            raise BadInput(f"{unknown[0]!r} is not in the list.", ru=f"{unknown[0]!r} в списке нет.")
        kept = tuple(sorted((listed | set(added)) - removed))
        if len(kept) > MOST:
            raise BadInput(f"The list holds at most {MOST} entries.", ru=f"В списке не больше {MOST} записей.")
        row.settings = {**row.settings, SETTING: list(kept)}
        counts = {"added": len(set(kept) - listed), "removed": len(removed)}
        note(session, workspace, who, "company names changed", **counts)
    return kept


def _clean(entries: Iterable[str]) -> list[str]:
    cleaned = [" ".join(entry.split()) for entry in entries]
    if any(not entry or len(entry) > LONGEST for entry in cleaned):
        raise BadInput(f"An entry is one to {LONGEST} characters long.", ru=f"Запись — от одного до {LONGEST} знаков.")
    return cleaned
