"""ingest and export."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from service.commands.console import desk, write_out


def ingest(paths: list[Path], kind: str | None, workspace: str | None, as_json: bool, name: str | None = None) -> None:
    """Take files in and print the receipt; `-` among the paths is standard input, called `name`."""
    with ExitStack() as held:
        _ingest(_with_standard_input(paths, name, held), kind, workspace, as_json)


def _with_standard_input(paths: list[Path], name: str | None, held: ExitStack) -> list[Path]:
    """The paths with `-` laid down as a file, which goes when `held` closes."""
    from service.core.errors import BadInput
    from service.corpus.intake import lay_down

    if Path("-") not in paths:
        if name is not None:
            raise BadInput(
                "--name is for standard input: whobuys ingest - --name NAME.",
                ru="--name нужен только для стандартного ввода: whobuys ingest - --name ИМЯ.",
            )
        return paths
    if sys.stdin.isatty():
        raise BadInput(
            "Nothing is piped in: try `cat calls.zip | whobuys ingest -`.",
            ru="На вход ничего не подано: попробуйте `cat calls.zip | whobuys ingest -`.",
        )
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="whobuys-")))
    laid = lay_down(sys.stdin.buffer, folder, name)
    return [laid if path == Path("-") else path for path in dict.fromkeys(paths)]


def _ingest(paths: list[Path], kind: str | None, workspace: str | None, as_json: bool) -> None:
    from rich.progress import BarColumn, Progress, TextColumn

    from service.commands.arrivals import tell_newcomers
    from service.commands.receipt import receipt_lines
    from service.core.records import to_json
    from service.corpus.step import ingest_paths

    with desk(workspace, as_json) as at:
        bars = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
            console=at.screen(stderr=True), transient=True, disable=at.as_json,
        )  # fmt: skip
        with bars:
            task = bars.add_task(at.words("reading"), total=None)
            receipt = ingest_paths(
                at.store,
                at.settings,
                at.workspace,
                paths,
                kind,
                lambda done, total: bars.update(task, completed=done, total=total),
            )
        if at.as_json:
            at.answer(to_json(receipt))
        else:
            print("\n".join(receipt_lines(receipt)))
            tell_newcomers(at)


def export(table: str, format: str, output: Path | None, workspace: str | None) -> None:
    """Write a table as CSV or JSON."""
    from service.export import export_table

    with desk(workspace) as at:
        write_out(export_table(at.store, at.settings, at.workspace, table, format), output)
