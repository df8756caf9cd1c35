"""The command line, thin: names, options, and one sentence for an error. The work is in `service/commands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from service.commands.access_app import audit, key_app, people_app, persona_app, share_app, workspace_app
from service.commands.briefs_app import briefs_app, webhook_app
from service.commands.console import JsonOption, WorkspaceOption, wanted
from service.commands.customers_app import customers_app
from service.commands.sales_app import hook_app, runs_app, uploads
from service.commands.segments_app import segments_app

app = typer.Typer(
    name="whobuys",
    help="Who is our customer really? Segments, personas checked against data, and the briefs that follow.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
claims_app = typer.Typer(help="The claim cards of the personas, and their corrections.", invoke_without_command=True)
speakers_app = typer.Typer(help="Who speaks in calls where that is unclear.", invoke_without_command=True)
app.add_typer(claims_app, name="claims")
app.add_typer(segments_app, name="segments")
app.add_typer(speakers_app, name="speakers")
mapping_app = typer.Typer(help="What the columns of tables mean.", invoke_without_command=True)
app.add_typer(mapping_app, name="mapping")
app.add_typer(customers_app, name="customers")
app.add_typer(key_app, name="key")
app.add_typer(people_app, name="people")
app.add_typer(workspace_app, name="workspace")
app.add_typer(share_app, name="share")
app.add_typer(persona_app, name="persona")
app.command()(audit)
app.command()(uploads)
app.add_typer(hook_app, name="hook")
app.add_typer(runs_app, name="runs")
app.add_typer(briefs_app, name="briefs")
app.add_typer(webhook_app, name="webhook")

TABLES = (
    "documents, customers, segments, outside, claims, economics, facts, measures, overlap, pairs, divergences, tiers "
    "or axes."
)
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of the screen.")
]


@app.callback()
def before(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Options that every command knows."""
    wanted.workspace, wanted.as_json = workspace, json


@app.command()
def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="Files, folders, archives of any supported kind; - for standard input."),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help="What all of it is: call, note, ad_response, deals, ad_spend, persona, creative, script.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call standard input, such as calls/anna.txt.")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take files in: calls, notes, ad responses, deals, ad spend, personas, creatives, scripts."""
    from service.commands import data

    data.ingest(paths, kind, workspace, json, name)


@app.command()
def company(
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT…", help="Names, products, addresses, phones, mail boxes.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take these out of the list.")] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """The company's own names and contacts: redaction leaves them in the text."""
    from service.commands import company as own

    own.company(entries or [], remove, workspace, json)


@app.command()
def analyze(
    force: Annotated[bool, typer.Option("--force", help="Again, even if this data was analysed already.")] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Find the segments, measure them, check the personas, write the briefs. Interrupted, it goes on where it was."""
    from service.commands import analysis

    analysis.analyze(force, workspace, json)


@app.command()
def arrivals(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Who came since the last analysis, which segment they belong to, and whether the segments still fit."""
    from service.commands import arrivals as newcomers

    newcomers.arrivals(workspace, json)


@app.command()
def summary(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The last analysis on one screen."""
    from service.commands import summary as screen

    screen.summary(workspace, json)


@app.command()
def portrait(
    segment: Annotated[str | None, typer.Option("--segment", metavar="ID", help="Only this segment.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Who our customer is: segments in tiers, each in the form of a persona."""
    from service.commands import findings

    findings.portrait(segment, workspace, json)


@app.command()
def comparison(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Where the three personas meet and part, whom nobody named, and the money that hangs on it."""
    from service.commands import findings

    findings.comparison(workspace, json)


@app.command()
def measures(
    level: Annotated[
        Literal["all", "segment", "channel", "campaign"], typer.Argument(help="all, segment, channel or campaign.")
    ] = "all",
    name: Annotated[str, typer.Argument(help="A group of that level; left out, its groups are listed.")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Every figure of the company, or of one segment, channel or campaign, with its interval and base."""
    from service.commands import findings

    findings.measures(level, name, workspace, json)


@app.command()
def export(
    table: Annotated[str, typer.Argument(help=TABLES)],
    format: Annotated[str, typer.Option("--format", "-f", help="csv or json.")] = "csv",
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """A table of the last analysis."""
    from service.commands import data

    data.export(table, "json" if json or wanted.as_json else format, output, workspace)


@app.command()
def brief(
    kind: Annotated[str, typer.Argument(help="comparison, creative, script or session.")],
    segment: Annotated[str | None, typer.Option("--segment", metavar="ID", help="Which segment's brief.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="md, html, docx, pdf or json.")] = "md",
    lang: Annotated[str | None, typer.Option("--lang", help="ru or en; default: the customers' language.")] = None,
    output: OutputOption = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="Instead of the brief: what changed since its last version, and why.")
    ] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """A brief of the last analysis."""
    from service.commands import analysis

    if changes:
        from service.commands import briefs as shelf

        shelf.changes(kind, segment, lang, None, None, workspace, json or format == "json")
        return
    analysis.brief(kind, segment, "json" if json or wanted.as_json else format, lang, output, workspace)


@claims_app.callback(invoke_without_command=True)
def claims(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The claim cards: what each persona says, how it was read, what the data say."""
    if context.invoked_subcommand is None:
        from service.commands import claims as cards

        cards.claims(workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@claims_app.command("confirm")
def confirm(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON as `whobuys claims --json` prints it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take corrected claim cards and names; verdicts and briefs follow at once."""
    from service.commands import claims as cards

    cards.confirm(file, workspace, json)


@claims_app.command("log")
def claims_log(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Who corrected which card when."""
    from service.commands import claims as cards

    cards.log(workspace, json)


@claims_app.command("undo")
def undo_claim(
    edit: Annotated[str, typer.Argument(metavar="EDIT", help="A line of `whobuys claims log`.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take a correction back, or an undo."""
    from service.commands import claims as cards

    cards.undo(edit, workspace, json)


@claims_app.command("cases")
def claims_cases(output: OutputOption = None, workspace: WorkspaceOption = None) -> None:
    """The confirmed cards as cases: `python -m eval claims --cases FILE` measures reading on them."""
    from service.commands import claims as cards

    cards.cases(output, workspace)


CallArgument = Annotated[str, typer.Argument(metavar="CALL", help="The call's path (or its end), or its id.")]


@mapping_app.callback(invoke_without_command=True)
def mapping(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Tables seen, those first whose columns wait for a word of yours."""
    if context.invoked_subcommand is None:
        from service.commands import mapping as tables

        tables.mapping(workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


TableArgument = Annotated[str, typer.Argument(metavar="TABLE", help="A file's path or name, or the table's signature.")]


@mapping_app.command("show")
def show_mapping(table: TableArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Every column of a table: what it is taken for, how surely, redacted samples."""
    from service.commands import mapping as tables

    tables.show(table, workspace, json)


@mapping_app.command("confirm")
def confirm_mapping(
    table: TableArgument,
    kind: Annotated[
        str | None, typer.Option("--kind", help="note, ad_response, deals, ad_spend, or skip; default: as suggested.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="FIELD=COLUMN", help='phone="Tel. no"; aside=… leaves a column out.'),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Say once what the columns are; TABLE may also be the JSON that `mapping show --json` prints."""
    from service.commands import mapping as tables

    tables.confirm(table, kind, column or [], workspace, json)


@mapping_app.command("drop")
def drop_mapping(table: TableArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Take back what was said about a table."""
    from service.commands import mapping as tables

    tables.drop(table, workspace, json)


@speakers_app.callback(invoke_without_command=True)
def speakers(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Calls kept out of the analysis because it is unclear who the customer is: two lines of each voice."""
    if context.invoked_subcommand is None:
        from service.commands import speakers as hearing

        hearing.speakers(workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@speakers_app.command("show")
def show_speakers(call: CallArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """All lines of a call with their positions, voices and roles."""
    from service.commands import speakers as hearing

    hearing.show(call, workspace, json)


@speakers_app.command("set")
def set_speakers(
    call: CallArgument,
    said: Annotated[
        list[str],
        typer.Argument(metavar="VOICE=ROLE…", help="SPEAKER_00=agent SPEAKER_01=customer, or lines: @3-7=customer."),
    ],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Say who speaks: agent, customer or unknown. It holds for every later upload of the same file."""
    from service.commands import speakers as hearing

    hearing.set_speakers(call, said, workspace, json)


@speakers_app.command("undo")
def undo_speakers(call: CallArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Take back what was set in a call."""
    from service.commands import speakers as hearing

    hearing.undo(call, workspace, json)


@app.command()
def estimate(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """What a language model would be asked and would cost for the next analysis; nothing is sent."""
    from service.commands import model

    model.estimate(workspace, json)


@app.command("map")
def draw_map(
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="svg or html; default: by the file's name.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="ru or en; default: the customers' language.")] = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The map of customers: who speaks alike stands near."""
    from service.commands import map as drawing

    drawing.draw(format, lang, output, workspace)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What to look for, in plain words.")],
    most: Annotated[int, typer.Option(min=1, max=100, help="How many utterances at most.")] = 10,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """What customers said about something, nearest in meaning first."""
    from service.commands import evidence

    evidence.search(words, most, workspace, json)


@app.command()
def reindex(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Build the evidence index again from the database."""
    from service.commands import upkeep

    upkeep.reindex(workspace, json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .zip to write.")], json: JsonOption = False
) -> None:
    """Everything of all workspaces in one file."""
    from service.commands import upkeep

    upkeep.backup(file, json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .zip made by `whobuys backup`.")],
    replace: Annotated[bool, typer.Option("--replace", help="Throw away what the database holds now.")] = False,
    json: JsonOption = False,
) -> None:
    """Put a backup into an empty database, SQLite or PostgreSQL."""
    from service.commands import upkeep

    upkeep.restore(file, replace, json)


@app.command()
def forget(
    customer: Annotated[str, typer.Argument(help="Customer id, document, telephone or e-mail.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Delete a customer everywhere, and keep them out of later uploads."""
    from service.commands import upkeep

    upkeep.forget(customer, workspace, json)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port; default 8765.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The pages and the HTTP API."""
    from service.commands import upkeep

    upkeep.serve(host, port, workspace)


@app.command()
def worker(
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Leave after two quiet minutes.")] = False,
) -> None:
    """A process that works on analyses started from the pages or the API."""
    from service.commands import upkeep

    upkeep.worker(until_idle)


def main(arguments: list[str] | None = None) -> int:
    """Run a command line. 0 done, 2 an error the person can act on (one sentence on stderr), 130 interrupted."""
    from service.core.errors import WhobuysError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        ended = app(arguments, standalone_mode=False)
    except WhobuysError as error:
        from service.commands.console import console_language

        print(error.said_in(wanted.language or console_language()), file=sys.stderr)
        return 2
    except typer.Abort:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return _usage(error)
    return ended if isinstance(ended, int) else 0


def _usage(error: Exception) -> int:
    """A wrong option: click says which. Anything else is a bug and keeps its traceback."""
    show = getattr(error, "show", None)
    if show is None:
        raise error
    show()
    return 2


def run() -> None:
    """Console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
