"""Taking an upload back: what it will do, and why it may have to be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from service.core.errors import Conflict
from service.corpus.receipt import Receipt

UNDO_DAYS: Final = 30
"""Days for which an upload can be taken back; what it replaced is kept no longer."""


@dataclass(frozen=True)
class Undoing:
    """What taking an upload back does, or did; counts of documents, deals and rows of advertising reports."""

    upload: str
    removed: dict[str, int] = field(hash=False)
    """Rows that go, by kind: documents, deals, ad_spend, texts, files."""
    restored: dict[str, int] = field(hash=False)
    """Rows that come back as they were before it, by the same kinds."""
    later: dict[str, int] = field(default_factory=dict, hash=False)
    """Later uploads that replaced rows of this one → how many: they have to be taken back first."""
    undone_at: datetime | None = None
    runs: int = 0
    """Analyses that counted it: marked as of older data."""


def require_possible(receipt: Receipt, plan: Undoing, moment: datetime) -> None:
    """Raise Conflict, with the reason, where the upload cannot be taken back."""
    if receipt.undone_at is not None:
        raise Conflict(f"Upload {receipt.id!r} was taken back before.", ru=f"Загрузка {receipt.id!r} уже отменена.")
    if receipt.created_at < moment - timedelta(days=UNDO_DAYS):
        raise Conflict(
            f"Upload {receipt.id!r} is older than {UNDO_DAYS} days: what it replaced is no longer kept.",
            ru=f"Загрузке {receipt.id!r} больше {UNDO_DAYS} дней: того, что она заменила, уже нет.",
        )
    if plan.later:
        newest = next(iter(plan.later))
        raise Conflict(
            f"A later upload, {newest!r}, replaced rows of this one; take that one back first.",
            ru=f"Более поздняя загрузка {newest!r} заменила строки этой; сначала отмените её.",
        )
    if _replaced(receipt) and not plan.restored:
        raise Conflict(
            f"Upload {receipt.id!r} replaced earlier rows, and nothing was kept of them: "
            "it came before this could be undone.",
            ru=f"Загрузка {receipt.id!r} заменила прежние строки, и они не сохранились: "
            "она пришла до того, как появилась отмена.",
        )


def _replaced(receipt: Receipt) -> int:
    changes = receipt.changes
    return changes.replaced_files + changes.removed + changes.superseded_deals


def total(counts: Mapping[str, int]) -> int:
    """All records of a count, files and texts left out."""
    return sum(n for kind, n in counts.items() if kind not in {"files", "texts"})
