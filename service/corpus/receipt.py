"""What an upload brought in, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ingest.model import Harvest, Reject, SeenTable, TableState
from ingest.reasons import weight_of
from service.corpus.speaking import needs_ear

Language = Literal["ru", "en"]


@dataclass(frozen=True)
class Changes:
    """What saving a harvest did to the stored corpus; all counts of rows unless named otherwise."""

    added: int = 0
    removed: int = 0
    """Rows that a re-read file no longer holds."""
    replaced_files: int = 0
    """Files known by path whose bytes were new."""
    superseded_deals: int = 0
    """Deals of earlier files that came again in a newer export."""
    rejoined: int = 0
    """Earlier documents and deals that moved to another customer because keys now connect them."""
    new_customers: int = 0
    forgotten: int = 0
    """Documents and deals left out because their customer asked to be forgotten."""


@dataclass(frozen=True)
class FileKind:
    """Files of one reader in this upload."""

    reader: str
    files: int
    rows: int


@dataclass(frozen=True)
class TableNote:
    """A table that a machine understood, or that waits until a person says what its columns mean."""

    signature: str
    place: str
    state: TableState
    kind: str | None
    rows: int
    columns: tuple[tuple[str, str | None], ...]
    """(header, field or None for a column left aside), in the order of the file."""


@dataclass(frozen=True)
class Receipt:
    """The answer to an upload. Counts are of this upload, except `customers_total`."""

    id: str
    workspace: str
    created_at: datetime
    files: tuple[FileKind, ...]
    unchanged: int
    """Files whose bytes were already stored."""
    documents: dict[str, int] = field(hash=False)
    """By kind: call, note, ad_response."""
    deals: int
    ad_spend: int
    texts: dict[str, int] = field(hash=False)
    """By kind: persona, creative, script."""
    customers: int
    customers_total: int
    joined: dict[str, int] = field(hash=False)
    """Records tied to a customer, by the kind of key that did it."""
    redacted: dict[str, int] = field(hash=False)
    """Replaced strings by type."""
    roles_unsure: int
    """Calls in which it is not sure who the customer is: their words stay out until a person says."""
    changes: Changes
    rejects: tuple[Reject, ...]
    marked: dict[str, int] = field(default_factory=dict, hash=False)
    """Documents of this upload by mark: `voicemail`, `empty`, `duplicate`, `near_duplicate`, `boilerplate` …"""
    weights: dict[str, int] = field(default_factory=dict, hash=False)
    """Rejects by what they ask for: `mend`, `check`, `fine`."""
    tables: tuple[TableNote, ...] = ()
    """Tables not known by their headers."""
    language: Language = "en"
    """What most customers of the workspace speak: the language of this receipt."""
    roles_by_words: int = 0
    """Calls whose files do not say who is who, told apart by what is said, `roles_unsure` not counted."""
    roles_by_words_confidence: float | None = None
    """Mean confidence of those calls."""
    who: str = ""
    """Who sent it: a person, a key, a door for a CRM; empty for uploads of earlier releases."""
    channel: str = "files"
    """`files`, `note`, or the system a door stands open for."""
    undone_at: datetime | None = None
    """When the upload was taken back; None while it counts."""


def receipt_of(
    harvest: Harvest,
    *,
    upload: str,
    workspace: str,
    moment: datetime,
    seen: dict[str, str],
    changes: Changes,
    customers_total: int,
    rejects: tuple[Reject, ...],
    language: Language,
    marks: dict[str, int] | None = None,
) -> Receipt:
    """Count a harvest. `seen` is what the pipeline was told it knew; `rejects` those of all files named now; `marks`
    the marks of its documents as stored (earlier uploads may hold the same text)."""
    fresh = [file for file in harvest.files if seen.get(file.path) != file.sha256]
    files: Counter[str] = Counter(file.reader for file in fresh if file.reader)
    taken: Counter[str] = Counter()
    for file in fresh:
        if file.reader:
            taken[file.reader] += file.rows
    by_words = [d.roles_confidence for d in harvest.documents if d.roles == "inferred"]
    refs = [*(d.ref for d in harvest.documents), *(d.ref for d in harvest.deals)]
    return Receipt(
        id=upload,
        workspace=workspace,
        created_at=moment,
        files=tuple(FileKind(reader, files[reader], taken[reader]) for reader in sorted(files)),
        unchanged=len(harvest.files) - len(fresh),
        documents=_counted(d.kind.value for d in harvest.documents),
        deals=len(harvest.deals),
        ad_spend=len(harvest.ad_spend),
        texts=_counted(t.kind.value for t in harvest.texts),
        customers=len({harvest.customer_of[ref] for ref in refs if ref in harvest.customer_of}),
        customers_total=customers_total,
        joined=_counted(join.key_kind for join in harvest.joins),
        redacted={kind: n for kind, n in sorted(harvest.redactions.items()) if n},
        roles_unsure=sum(map(needs_ear, harvest.documents)),
        changes=changes,
        rejects=rejects,
        marked=marks if marks is not None else _counted(flag for d in harvest.documents for flag in d.flags),
        weights=_counted(weight_of(reject.code) for reject in rejects),
        tables=tuple(_noted(table) for table in harvest.tables if table.state != "known"),
        language=language,
        roles_by_words=len(by_words),
        roles_by_words_confidence=round(sum(by_words) / len(by_words), 4) if by_words else None,
    )


def _noted(table: SeenTable) -> TableNote:
    columns = tuple((column.header, column.field) for column in table.columns)
    return TableNote(table.signature, table.place, table.state, table.kind, table.rows, columns)


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(kinds).items()))
