"""The commands `whobuys uploads`, `hook` and `runs`: names and options; the work is in `service/commands/sales.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

hook_app = typer.Typer(help="Addresses to which a CRM sends what happens in it.", invoke_without_command=True)
runs_app = typer.Typer(help="Analyses: how they went, and stopping one.", invoke_without_command=True)


def uploads(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[ID | undo ID]", help="An upload's id, for its whole receipt.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """The latest uploads, the receipt of one; or take one back: whobuys uploads undo ID."""
    from service.commands import sales

    sales.uploads(words or [], most, workspace, json)


@hook_app.callback(invoke_without_command=True)
def hooks(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """All addresses, with how many events came lately."""
    if context.invoked_subcommand is None:
        from service.commands import sales

        sales.hooks(workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@hook_app.command("create")
def create_hook(
    system: Annotated[str, typer.Argument(help="amocrm, bitrix24 or generic.")],
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Make an address and print it once."""
    from service.commands import sales

    sales.create(system, label, workspace, json)


@hook_app.command("revoke")
def revoke_hook(
    hook: Annotated[str, typer.Argument(metavar="ID", help="As `whobuys hook` lists it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Close an address; what came through it stays."""
    from service.commands import sales

    sales.revoke(hook, workspace, json)


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The latest analyses, newest first."""
    if context.invoked_subcommand is None:
        from service.commands import sales

        sales.runs(workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@runs_app.command("cancel")
def cancel_run(
    run: Annotated[str | None, typer.Argument(metavar="ID", help="Default: the one under way.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Stop an analysis, whoever works on it."""
    from service.commands import sales

    sales.cancel(run, workspace, json)
