"""`whobuys briefs …` and `whobuys webhook …`: names and options. The work is in `service/commands/briefs`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

briefs_app = typer.Typer(
    help="Versions of briefs: list them, see what changed, approve, send back.", invoke_without_command=True
)
webhook_app = typer.Typer(help="Addresses that are told of new and approved briefs.", no_args_is_help=True)

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="comparison, creative, script or session.")]
SegmentOption = Annotated[str | None, typer.Option("--segment", metavar="ID", help="Which segment's brief.")]
LangOption = Annotated[str | None, typer.Option("--lang", help="ru or en; default: the customers' language.")]
NumberOption = Annotated[int | None, typer.Option("--version", min=1, help="Which version; default: the newest.")]


@briefs_app.callback(invoke_without_command=True)
def briefs(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Every brief with its newest version and how it stands."""
    if context.invoked_subcommand is None:
        from service.commands import briefs as shelf

        shelf.show(None, None, None, False, workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@briefs_app.command("list")
def list_briefs(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="Only this kind.")] = None,
    segment: SegmentOption = None,
    lang: LangOption = None,
    every: Annotated[bool, typer.Option("--all", help="Every version, not only the newest.")] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Versions and what was decided about them."""
    from service.commands import briefs as shelf

    shelf.show(kind, segment, lang, every, workspace, json)


@briefs_app.command("approve")
def approve(
    kind: KindArgument,
    segment: SegmentOption = None,
    lang: LangOption = None,
    version: NumberOption = None,
    comment: Annotated[str, typer.Option("--comment", "-m", help="A word to go with it.")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Approve a version: readers of the API get the latest approved one."""
    from service.commands import briefs as shelf

    shelf.decide("approved", kind, segment, lang, version, comment, workspace, json)


@briefs_app.command("return")
def send_back(
    kind: KindArgument,
    comment: Annotated[str, typer.Option("--comment", "-m", help="What is wrong.")],
    segment: SegmentOption = None,
    lang: LangOption = None,
    version: NumberOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Send a version back with a comment."""
    from service.commands import briefs as shelf

    shelf.decide("returned", kind, segment, lang, version, comment, workspace, json)


@briefs_app.command("changes")
def changes(
    kind: KindArgument,
    segment: SegmentOption = None,
    lang: LangOption = None,
    version: NumberOption = None,
    since: Annotated[int | None, typer.Option("--since", min=1, help="Since which version; default: the last.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """What changed in a version, and why."""
    from service.commands import briefs as shelf

    shelf.changes(kind, segment, lang, version, since, workspace, json)


@webhook_app.command("add")
def add_webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="An https address.")],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="brief.new, brief.approved, brief.returned; default: the first two."),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Tell an address; prints the secret its messages are signed with, once."""
    from service.commands import webhooks

    webhooks.add(url, event or [], workspace, json)


@webhook_app.command("list")
def list_webhooks(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Addresses, and what came of the latest messages."""
    from service.commands import webhooks

    webhooks.show(workspace, json)


@webhook_app.command("remove")
def remove_webhook(
    webhook: Annotated[str, typer.Argument(metavar="ID", help="As `webhook list` shows it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Tell this address no more."""
    from service.commands import webhooks

    webhooks.remove(webhook, workspace, json)


@webhook_app.command("test")
def try_webhook(
    webhook: Annotated[str, typer.Argument(metavar="ID", help="As `webhook list` shows it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Send a message now and print what came of it; it is not tried again."""
    from service.commands import webhooks

    webhooks.test(webhook, workspace, json)
