"""ingest and export."""

from __future__ import annotations

from pathlib import Path

from service.commands.console import desk, write_out


def ingest(paths: list[Path], kind: str | None, workspace: str | None, as_json: bool) -> None:
    """Take files in and print the receipt."""
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
