"""Briefs in SQL: structured content a run, language, kind and segment; formats are rendered from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.briefs.model import KINDS, SCHEMA, Brief
from service.core.clock import now
from service.core.errors import NotFound
from service.core.records import from_json, to_json
from service.store.tables import BriefRow


def save_briefs(session: Session, workspace: str, run_id: str, briefs: Iterable[Brief]) -> None:
    """Store the briefs in place of what this run had."""
    session.execute(delete(BriefRow).where(BriefRow.workspace_id == workspace, BriefRow.run_id == run_id))
    moment = now()
    for brief in briefs:
        session.add(
            BriefRow(
                workspace_id=workspace,
                run_id=run_id,
                id=brief.id,
                kind=brief.kind,
                segment_id=brief.segment,
                language=brief.language,
                content_hash=content_hash(brief),
                created_at=moment,
                payload={"schema": SCHEMA, "brief": to_json(brief)},
            )
        )


def content_hash(brief: Brief) -> str:
    """sha256 of what the brief says; the day it was made does not count."""
    content: Any = to_json(replace(brief, made_on=None))
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def load_briefs(session: Session, workspace: str, run_id: str) -> list[Brief]:
    """All briefs of a run: by kind in reading order, then as they were written."""
    rows = session.scalars(select(BriefRow).where(BriefRow.workspace_id == workspace, BriefRow.run_id == run_id)).all()
    briefs = [_read(row) for row in rows]
    return sorted(briefs, key=lambda b: (KINDS.index(b.kind), b.order, b.language, b.id))


def load_brief(
    session: Session, workspace: str, run_id: str, kind: str, segment: str | None = None, language: str = "ru"
) -> Brief:
    """One brief. Raises NotFound when the run has none of this kind, segment and language."""
    row = session.scalars(
        select(BriefRow).where(
            BriefRow.workspace_id == workspace,
            BriefRow.run_id == run_id,
            BriefRow.kind == kind,
            BriefRow.language == language,
            BriefRow.segment_id.is_(None) if segment is None else BriefRow.segment_id == segment,
        )
    ).first()
    if row is None:
        of = f" of segment {segment!r}" if segment else ""
        raise NotFound(
            f"There is no {kind!r} brief{of} in {language!r}; `whobuys export segments` lists the segments.",
            ru=f"Брифа {kind!r}{f' для сегмента {segment!r}' if segment else ''} нет; сегменты покажет "
            f"`whobuys export segments`.",
        )
    return _read(row)


def _read(row: BriefRow) -> Brief:
    return from_json(Brief, row.payload["brief"])
