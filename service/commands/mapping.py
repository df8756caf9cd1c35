"""`whobuys mapping`: what the columns of tables mean, by suggestion and by a person's word; `whobuys uploads`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk
from service.core.errors import BadInput

if TYPE_CHECKING:
    from service.corpus.mappings import KnownTable

WHO = "console"
"""Who a change is put down to in the audit log."""
SAMPLE_LETTERS = 60
"""Letters of a sample cell on the console; JSON has it whole."""


def mapping(workspace: str | None, as_json: bool) -> None:
    """Print the tables seen, those that wait first."""
    from service.corpus.mappings import kind_name
    from service.corpus.mappings_step import read_tables

    with desk(workspace, as_json) as at:
        tables = read_tables(at.store, at.workspace)
        if at.as_json:
            at.answer([_plain(known) for known in tables])
            return
        if not tables:
            at.say("mapping.none")
        for known in tables:
            table = known.table
            named = kind_name(table.kind, at.language) if table.kind else "—"
            print(f"{table.signature}  {at.words(f'mapping.{table.state}')}  {named}  {table.place}")
        if any(known.table.state in ("needed", "suggested") for known in tables):
            at.say("mapping.how")


def show(named: str, workspace: str | None, as_json: bool) -> None:
    """Print one table: every column with what it is taken for and redacted samples."""
    from service.corpus.mappings_step import read_table

    with desk(workspace, as_json) as at:
        known = read_table(at.store, at.workspace, named)
        if at.as_json:
            at.answer(_plain(known))
            return
        _print(at, known)


def confirm(named: str, kind: str | None, said: list[str], workspace: str | None, as_json: bool) -> None:
    """Keep what the columns mean: `field=Header` for each, over the suggestion, or a JSON file as `show` prints it."""
    from service.corpus.mappings_step import confirm_table

    columns = _columns(said)
    if named.endswith(".json") and Path(named).is_file() and not columns and kind is None:
        named, kind, columns = _from_file(Path(named))
    with desk(workspace, as_json) as at:
        known = confirm_table(at.store, at.workspace, named, kind, columns, WHO)
        if at.as_json:
            at.answer(_plain(known))
            return
        _print(at, known)
        at.say("mapping.confirmed_now", files=", ".join(known.files))


def drop(named: str, workspace: str | None, as_json: bool) -> None:
    """Take back what was said about a table."""
    from service.corpus.mappings_step import drop_table

    with desk(workspace, as_json) as at:
        known = drop_table(at.store, at.workspace, named, WHO)
        if at.as_json:
            at.answer(_plain(known))
            return
        at.say("mapping.dropped_now", place=known.table.place)


def _print(at: Desk, known: KnownTable) -> None:
    from ingest.readers.mapping import fields_of
    from service.corpus.mappings import SURE, field_name, kind_name

    percent, table = at.formatter().percent, known.table
    named = kind_name(table.kind, at.language) if table.kind else "—"
    print(f"{table.place}: {at.words(f'mapping.{table.state}')} · {named} · {percent(table.confidence)}")
    for column in table.columns:
        unsure = f" ({percent(column.confidence)})" if column.field and column.confidence < SURE else ""
        field = (
            f"{field_name(column.field, at.language)} [{column.field}]"
            if column.field
            else field_name(None, at.language)
        )
        samples = " | ".join(cell[:SAMPLE_LETTERS] for cell in column.samples if cell)
        print(f"  {column.header} → {field}{unsure}" + (f"    {samples}" if samples else ""))
    if not known.decided and table.state != "known":
        kind = table.kind or "deals"
        at.say("mapping.fields", kind=kind, fields=", ".join(fields_of(kind)))
        at.say("mapping.confirm_how", signature=table.signature, kind=kind)


def _columns(said: list[str]) -> dict[str, str | None]:
    """`phone=Тел.` → {"Тел.": "phone"}; `aside=…` leaves a column aside."""
    columns: dict[str, str | None] = {}
    for pair in said:
        field, equals, header = pair.partition("=")
        if not equals or not field.strip() or not header.strip():
            raise BadInput(
                f'{pair!r} is not a field and a column: write --column phone="Tel. no".',
                ru=f'{pair!r} — не поле и столбец: пишите --column phone="Тел.".',
            )
        columns[header.strip()] = field.strip()
    return columns


def _from_file(path: Path) -> tuple[str, str | None, dict[str, str | None]]:
    """(signature, kind, header → field) of a file as `whobuys mapping show --json` prints it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        table = data.get("table", data)
        columns = {str(column["header"]): column.get("field") for column in table["columns"]}
        return str(table["signature"]), table.get("kind"), columns
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{str(path)!r} is not a mapping as `whobuys mapping show NAME --json` prints it.",
            ru=f"{str(path)!r} — не описание столбцов, какое печатает `whobuys mapping show ИМЯ --json`.",
        ) from error


def _plain(known: KnownTable) -> Any:
    from service.core.records import to_json

    return to_json(known)
