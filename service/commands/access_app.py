"""`whobuys people | key | workspace | share | persona | audit`: names and options. The work is in their modules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

people_app = typer.Typer(help="Who may sign in to a company, and as what.", invoke_without_command=True)
key_app = typer.Typer(help="API keys, for programs.", no_args_is_help=True)
workspace_app = typer.Typer(help="Companies: list, make, tune, delete.", invoke_without_command=True)
share_app = typer.Typer(help="Links by which the comparison brief is read without an account.", no_args_is_help=True)
persona_app = typer.Typer(help="Stakeholders' personas: read, write, versions.", no_args_is_help=True)

EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL")]
RoleOption = Annotated[str, typer.Option("--role", help="sales, marketing, owner or admin.")]
StakeholderArgument = Annotated[str, typer.Argument(metavar="WHO", help="marketing, sales or owner.")]


def _remember(context: typer.Context, workspace: str | None, json: bool) -> bool:
    """Whether the group itself is meant; else its options count for the command that follows."""
    if context.invoked_subcommand is None:
        return True
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json
    return False


@people_app.callback(invoke_without_command=True)
def people(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Everybody of the company, and invitations that wait."""
    if _remember(context, workspace, json):
        from service.commands import people as access

        access.people(workspace, json)


@people_app.command("add")
def add_person(
    email: EmailArgument, role: RoleOption, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """Invite somebody: prints a link that works once; the first admin comes in by it too."""
    from service.commands import people as access

    access.add(email, role, workspace, json)


@people_app.command("role")
def set_role(
    email: EmailArgument,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="sales, marketing, owner or admin.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Give somebody another role."""
    from service.commands import people as access

    access.role(email, role, workspace, json)


@people_app.command("remove")
def remove_person(email: EmailArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Take somebody out of the company; an account without a company is deleted."""
    from service.commands import people as access

    access.remove(email, workspace, json)


@people_app.command("reset")
def reset_password(email: EmailArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Print a link by which somebody chooses a new password."""
    from service.commands import people as access

    access.reset(email, workspace, json)


@key_app.command("create")
def create_key(
    role: RoleOption,
    label: Annotated[str, typer.Option("--label", help="Whose it is.")] = "",
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="How long; else for good.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Make an API key and print it once."""
    from service.commands import people as access

    access.create_key(role, label, days, workspace, json)


@key_app.command("list")
def list_keys(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """All keys: role, end, last use. Never the keys themselves."""
    from service.commands import people as access

    access.list_keys(workspace, json)


@key_app.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="ID", help="As `whobuys key list` shows it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take a key back at once."""
    from service.commands import people as access

    access.revoke_key(key, workspace, json)


@workspace_app.callback(invoke_without_command=True)
def workspaces(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """All companies with their settings."""
    if _remember(context, workspace, json):
        from service.commands import workspaces as companies

        companies.workspaces(json)


WorkspaceArgument = Annotated[str, typer.Argument(metavar="ID", help="The company's id.")]


@workspace_app.command("create")
def create_workspace(
    name: WorkspaceArgument,
    title: Annotated[str, typer.Option("--title", help="What the pages call it.")] = "",
    json: JsonOption = False,
) -> None:
    """Make a company."""
    from service.commands import workspaces as companies

    companies.create(name, title, json)


@workspace_app.command("set")
def set_workspace(
    name: WorkspaceArgument,
    settings: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE…", help="title, language, currency, sealed_personas=yes; empty takes back."),
    ],
    json: JsonOption = False,
) -> None:
    """Name or tune a company."""
    from service.commands import workspaces as companies

    companies.change(name, settings, json)


@workspace_app.command("delete")
def delete_workspace(
    name: WorkspaceArgument,
    confirm: Annotated[str, typer.Option("--confirm", metavar="ID", help="The id once more, letter by letter.")],
    json: JsonOption = False,
) -> None:
    """Delete a company with everything it holds."""
    from service.commands import workspaces as companies

    companies.delete(name, confirm, json)


@share_app.command("create")
def create_share(
    label: Annotated[str, typer.Option("--label", help="For whom.")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How long it works.")] = 14,
    lang: Annotated[str | None, typer.Option("--lang", help="ru or en; default: the customers' language.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Print a link to the latest comparison brief."""
    from service.commands import workspaces as companies

    companies.create_share(label, days, lang, workspace, json)


@share_app.command("list")
def list_shares(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """All links: for whom, until when, last opened."""
    from service.commands import workspaces as companies

    companies.list_shares(workspace, json)


@share_app.command("revoke")
def revoke_share(
    share: Annotated[str, typer.Argument(metavar="ID", help="As `whobuys share list` shows it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take a link back at once."""
    from service.commands import workspaces as companies

    companies.revoke_share(share, workspace, json)


@persona_app.command("show")
def show_persona(
    who: StakeholderArgument,
    version: Annotated[int | None, typer.Option("--version", min=1, help="An earlier version.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """A stakeholder's persona as it stands."""
    from service.commands import persona

    persona.show(who, version, workspace, json)


@persona_app.command("set")
def set_persona(
    who: StakeholderArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text file; - for standard input.")],
    version: Annotated[
        int | None, typer.Option("--version", min=0, help="The version the text was made from: refuse if it moved on.")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Save the next version of a persona."""
    from service.commands import persona

    persona.write(who, file, version, workspace, json)


@persona_app.command("history")
def persona_history(who: StakeholderArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Every version: who wrote it, when, what changed."""
    from service.commands import persona

    persona.history(who, workspace, json)


def audit(
    who: Annotated[str, typer.Option("--who", help="Only changes by this person or key.")] = "",
    what: Annotated[str, typer.Option("--what", help="Only this kind of change.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="From this day, 2026-11-24.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="How many lines at most.")] = 100,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Who changed what, the latest first."""
    from service.commands import workspaces as companies

    companies.audit(who, what, since, most, workspace, json)
