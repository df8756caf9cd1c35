"""One upload on its way in: its batches, and the one receipt they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from ingest.model import Harvest, KnownItem, Reject
from ingest.reasons import weight_of
from service.corpus import rows
from service.corpus.receipt import Changes, FileKind, Receipt, TableNote


@dataclass
class Taking:
    """What is kept of an upload while its batches come: names of files and records, never a text."""

    id: str
    moment: datetime
    who: str = ""
    channel: str = "files"
    owner_before: dict[str, str] | None = None
    """Reference → customer of all that was stored before the upload; None before its first batch."""
    files: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)
    """References of its documents and deals, as stored."""
    refused: list[Reject] = field(default_factory=list)
    """Rejects that are told but never stored."""
    parts: list[Receipt] = field(default_factory=list)

    def take(self, found: Harvest, refused: Iterable[Reject], known: Sequence[KnownItem]) -> None:
        """Note one more batch; `known` is what it was told of earlier records."""
        if self.owner_before is None:
            self.owner_before = {item.ref: item.customer for item in known}
        documents = {rows.storable(document.ref) for document in found.documents}
        self.files.update(file.path for file in found.files)
        self.documents |= documents
        self.records |= documents | {rows.storable(deal.ref) for deal in found.deals}
        self.refused += refused

    def add(self, part: Receipt) -> None:
        """Keep a batch's receipt; the rejects it lists are those of the whole upload, so the last list is enough."""
        self.parts = [*(replace(earlier, rejects=()) for earlier in self.parts), part]


def one_receipt(
    taking: Taking, owner: Mapping[str, str], rejects: tuple[Reject, ...], marks: dict[str, int]
) -> Receipt:
    """The receipt of the batches so far: that of a single batch as it is, of several their sum.

    The last batch tells the joins of the whole upload. `owner` maps every stored record to its customer now, so that
    customers joined across batches count once; `rejects` and `marks` are of all files and documents of the upload.
    """
    parts = taking.parts
    if len(parts) == 1:
        return parts[0]
    by_words = sum(part.roles_by_words for part in parts)
    sure = sum((part.roles_by_words_confidence or 0.0) * part.roles_by_words for part in parts)
    return replace(
        parts[-1],
        files=_files(parts),
        unchanged=sum(part.unchanged for part in parts),
        documents=_sum(part.documents for part in parts),
        deals=sum(part.deals for part in parts),
        ad_spend=sum(part.ad_spend for part in parts),
        texts=_sum(part.texts for part in parts),
        customers=len({owner[ref] for ref in taking.records if ref in owner}),
        redacted=_sum(part.redacted for part in parts),
        roles_unsure=sum(part.roles_unsure for part in parts),
        changes=_changes(parts, taking.owner_before or {}, owner),
        rejects=rejects,
        marked=marks,
        weights=_sum({weight_of(reject.code): 1} for reject in rejects),
        tables=_tables(parts),
        roles_by_words=by_words,
        roles_by_words_confidence=round(sure / by_words, 4) if by_words else None,
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))


def _files(parts: Sequence[Receipt]) -> tuple[FileKind, ...]:
    files, taken = Counter[str](), Counter[str]()
    for kind in (kind for part in parts for kind in part.files):
        files[kind.reader] += kind.files
        taken[kind.reader] += kind.rows
    return tuple(FileKind(reader, files[reader], taken[reader]) for reader in sorted(files))


def _tables(parts: Sequence[Receipt]) -> tuple[TableNote, ...]:
    return tuple({(note.signature, note.place): note for part in parts for note in part.tables}.values())


def _changes(parts: Sequence[Receipt], before: Mapping[str, str], owner: Mapping[str, str]) -> Changes:
    """Sums; but records that moved and customers that are new are told against what stood before the upload."""
    total = {one.name: sum(getattr(part.changes, one.name) for part in parts) for one in fields(Changes)}
    moved = sum(owner.get(ref, customer) != customer for ref, customer in before.items())
    return replace(Changes(**total), rejoined=moved, new_customers=len(set(owner.values()) - set(before.values())))
