"""`whobuys segments …`: names and options. The work is in `service/commands/segments`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

segments_app = typer.Typer(
    help="The segments: list, rename, merge, split, pin or exclude customers; their log and history.",
    invoke_without_command=True,
)

SegmentArgument = Annotated[str, typer.Argument(metavar="SEGMENT", help="Id or name of a segment.")]
CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Customer id, or a document of theirs.")]


@segments_app.callback(invoke_without_command=True)
def segments(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The segments of the last analysis with their ids."""
    if context.invoked_subcommand is None:
        from service.commands import segments as editing

        editing.show(workspace, json)
    else:
        wanted.workspace = workspace or wanted.workspace
        wanted.as_json = json or wanted.as_json


@segments_app.command("rename")
def rename_segment(
    segment: SegmentArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Call a segment something; the name stays through all later analyses."""
    from service.commands import segments as editing

    editing.rename(segment, name, workspace, json)


@segments_app.command("merge")
def merge_segments(
    segment: SegmentArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The segment whose id and name stay.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Put one segment into another."""
    from service.commands import segments as editing

    editing.merge(segment, into, workspace, json)


@segments_app.command("split")
def split_segment(
    segment: SegmentArgument,
    parts: Annotated[int | None, typer.Option("--parts", help="Let it fall into this many parts.")] = None,
    members: Annotated[
        Path | None,
        typer.Option("--members", metavar="FILE", help="Customers of the new segment, one a line; `,part` for more."),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Split a segment: by what its customers say, or by a list of customers."""
    from service.commands import segments as editing

    editing.split(segment, parts, members, workspace, json)


@segments_app.command("pin")
def pin_customer(
    customer: CustomerArgument, segment: SegmentArgument, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """Hold a customer in a segment, whatever the analysis finds."""
    from service.commands import segments as editing

    editing.pin(customer, segment, workspace, json)


@segments_app.command("exclude")
def exclude_customer(customer: CustomerArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Count a customer nowhere: no customer at all."""
    from service.commands import segments as editing

    editing.exclude(customer, workspace, json)


@segments_app.command("log")
def segments_log(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Who changed what and when, newest first."""
    from service.commands import segments as editing

    editing.log(workspace, json)


@segments_app.command("undo")
def undo_edit(
    edit: Annotated[str, typer.Argument(metavar="EDIT", help="An edit's id, as `segments log` shows it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take back an edit, or an undo."""
    from service.commands import segments as editing

    editing.undo(edit, workspace, json)


@segments_app.command("history")
def segments_history(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """What became of the segments from run to run."""
    from service.commands import segments as editing

    editing.history(workspace, json)
