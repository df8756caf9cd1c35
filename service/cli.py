"""The command line, thin: names, options, and one sentence for an error. The work is in `service/commands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

app = typer.Typer(
    name="whobuys",
    help="Who is our customer really? Segments, personas checked against data, and the briefs that follow.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
claims_app = typer.Typer(help="The claim cards of the personas, and their corrections.", invoke_without_command=True)
key_app = typer.Typer(help="API keys.", no_args_is_help=True)
app.add_typer(claims_app, name="claims")
app.add_typer(key_app, name="key")

OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of the screen.")
]


@app.callback()
def before(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Options that every command knows."""
    wanted.workspace, wanted.as_json = workspace, json


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders of any supported kind.")],
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help="What all of it is: call, note, ad_response, deals, ad_spend, persona, creative, script.",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take files in: calls, notes, ad responses, deals, ad spend, personas, creatives, scripts."""
    from service.commands import data

    data.ingest(paths, kind, workspace, json)


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
def summary(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The last analysis on one screen."""
    from service.commands import summary as screen

    screen.summary(workspace, json)


@app.command()
def export(
    table: Annotated[str, typer.Argument(help="documents, customers, segments, claims, economics or facts.")],
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
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """A brief of the last analysis."""
    from service.commands import analysis

    analysis.brief(kind, segment, "json" if json or wanted.as_json else format, lang, output, workspace)


@claims_app.callback(invoke_without_command=True)
def claims(context: typer.Context, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """The claim cards: what each persona says, how it was read, what the data say."""
    if context.invoked_subcommand is None:
        from service.commands import analysis

        analysis.claims(workspace, json)
    elif workspace:
        wanted.workspace = workspace


@claims_app.command("confirm")
def confirm(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON as `whobuys claims --json` prints it.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Take corrected claim cards and aliases."""
    from service.commands import analysis

    analysis.confirm(file, workspace, json)


@app.command()
def estimate(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """What a language model would cost for the next analysis."""
    from service.commands import analysis

    analysis.estimate(workspace, json)


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


@key_app.command("create")
def create_key(
    role: Annotated[str, typer.Option("--role", help="sales, marketing, owner or admin.")],
    label: Annotated[str, typer.Option("--label", help="Whose it is.")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Make an API key and print it once."""
    from service.commands import upkeep

    upkeep.create_key(role, label, workspace, json)


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
