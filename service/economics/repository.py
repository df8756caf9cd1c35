"""Measures in SQL: one row a measure, and one result with the currency and the groups' order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.core.errors import NotReady
from service.economics.measures_catalogue import CATALOGUE, CONTRACT, entry_of
from service.economics.model import Measure, MeasureBook
from service.store.tables import MeasureRow, ResultRow

KIND = "economics"
SCHEMA = 1

_PLACE = {name: i for i, name in enumerate(dict.fromkeys((*CONTRACT, *(entry.name for entry in CATALOGUE))))}


def save_measures(session: Session, workspace: str, run_id: str, book: MeasureBook) -> None:
    """Store the book in place of what this run had."""
    forget_measures(session, workspace, run_id)
    rows = [
        {
            "workspace_id": workspace,
            "run_id": run_id,
            "level": row.level,
            "name": row.name,
            "measure": row.measure,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "n": row.n,
            "unit": row.unit,
        }
        for row in book
    ]
    if rows:
        session.execute(insert(MeasureRow), rows)
    groups = list(dict.fromkeys((row.level, row.name) for row in book))
    payload: dict[str, Any] = {"schema": SCHEMA, "currency": book.currency, "groups": [list(group) for group in groups]}
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=KIND, payload=payload))


def forget_measures(session: Session, workspace: str, run_id: str) -> None:
    """Delete the run's measures."""
    for table in (MeasureRow, ResultRow):
        own = [table.workspace_id == workspace, table.run_id == run_id]
        if table is ResultRow:
            own.append(ResultRow.kind == KIND)
        session.execute(delete(table).where(*own))


def load_measures(session: Session, workspace: str, run_id: str) -> MeasureBook:
    """The run's measures, groups in the order they were measured. Raises NotReady before the step has run."""
    head = session.get(ResultRow, (workspace, run_id, KIND))
    if head is None:
        raise NotReady(
            f"Run {run_id!r} has no measures yet; let `whobuys analyze` finish.",
            ru=f"В прогоне {run_id!r} ещё нет показателей; дождитесь конца `whobuys analyze`.",
        )
    found = session.scalars(
        select(MeasureRow).where(MeasureRow.workspace_id == workspace, MeasureRow.run_id == run_id)
    ).all()
    order = {tuple(group): i for i, group in enumerate(head.payload["groups"])}
    rows = sorted(found, key=lambda row: (order[row.level, row.name], *_place(row)))
    return MeasureBook((_measure(row) for row in rows), str(head.payload["currency"]))


def _place(row: MeasureRow) -> tuple[int, float, str]:
    """Catalogue order; members of a family largest first."""
    largest = -(row.value or 0.0) if ":" in row.measure else 0.0
    return _PLACE[entry_of(row.measure).name], largest, row.measure


def _measure(row: MeasureRow) -> Measure:
    return Measure(
        level=row.level,  # type: ignore[arg-type]
        name=row.name,
        measure=row.measure,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        unit=row.unit,  # type: ignore[arg-type]
    )
