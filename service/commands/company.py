"""`whobuys company`: the company's own names and contacts, which are no personal data."""

from __future__ import annotations

from collections.abc import Sequence

from service.commands.console import desk


def company(entries: Sequence[str], remove: bool, workspace: str | None, as_json: bool) -> None:
    """Add `entries` to the list, or remove them; print the list."""
    from service.corpus.company_step import change_company, read_company

    with desk(workspace, as_json) as at:
        if not entries:
            listed = read_company(at.store, at.workspace)
        elif remove:
            listed = change_company(at.store, at.workspace, remove=entries)
        else:
            listed = change_company(at.store, at.workspace, add=entries)
        if at.as_json:
            at.answer(list(listed))
            return
        at.say("company.listed" if listed else "company.empty")
        for entry in listed:
            print(f"  {entry}")
