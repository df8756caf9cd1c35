"""A whole `Corpus` out of SQL, and what the next upload must know of the earlier ones."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.model import KnownItem, Speaker
from service.core.settings import Settings
from service.corpus import rows
from service.corpus.model import KEEPS_OUT, SURE, Corpus, CorpusDeal, CorpusDocument, CorpusText
from service.corpus.receipt import Language
from service.store.tables import (
    AdSpendRow,
    CustomerRow,
    DealRow,
    DocumentRow,
    SourceFileRow,
    StakeholderTextRow,
    UtteranceRow,
)
from service.store.workspaces import tuned

VOICES = 4000
"""Labelled utterances of earlier batches handed to the speaker step: enough to learn from, cheap to read."""


def load_corpus(session: Session, workspace: str, settings: Settings) -> Corpus:
    """Everything of the workspace, sorted by id, with a hash over all of it."""
    documents = _load_documents(session, workspace)
    deals = tuple(
        CorpusDeal(row.id, row.customer_id, rows.to_deal(row))
        for row in session.scalars(select(DealRow).where(DealRow.workspace_id == workspace).order_by(DealRow.id))
    )
    spend = tuple(
        rows.to_spend(row)
        for row in session.scalars(
            select(AdSpendRow).where(AdSpendRow.workspace_id == workspace).order_by(AdSpendRow.id)
        )
    )
    texts = _latest_texts(session, workspace)
    settings = tuned(session, workspace, settings)
    language = settings.language or _spoken(documents, texts)
    currency = settings.currency or _currency([d.deal.currency for d in deals] + [s.currency for s in spend], language)
    return Corpus(
        workspace=workspace,
        language=language,
        currency=currency,
        documents=documents,
        deals=deals,
        ad_spend=spend,
        texts=texts,
        input_hash=_hash(language, currency, documents, deals, spend, texts),
    )


def _load_documents(session: Session, workspace: str) -> tuple[CorpusDocument, ...]:
    said: dict[str, list[UtteranceRow]] = defaultdict(list)
    utterances = select(UtteranceRow).where(UtteranceRow.workspace_id == workspace)
    for row in session.scalars(utterances.order_by(UtteranceRow.document_id, UtteranceRow.position)):
        said[row.document_id].append(row)
    found = select(DocumentRow).where(DocumentRow.workspace_id == workspace).order_by(DocumentRow.id)
    return tuple(
        CorpusDocument(row.id, row.customer_id, rows.to_document(row, said[row.id])) for row in session.scalars(found)
    )


def _latest_texts(session: Session, workspace: str) -> tuple[CorpusText, ...]:
    found = select(StakeholderTextRow).where(StakeholderTextRow.workspace_id == workspace)
    latest = {row.ref: row for row in session.scalars(found.order_by(StakeholderTextRow.version))}
    return tuple(CorpusText(row.version, rows.to_text(row)) for _, row in sorted(latest.items()))


def _spoken(documents: Sequence[CorpusDocument], texts: Sequence[CorpusText]) -> Language:
    """What most customers speak, by letters of their own words; without documents, what the company writes."""
    letters: Counter[str] = Counter()
    for document in documents:
        letters[document.document.language] += len(document.customer_text)
    return _most_spoken(letters, texts)


def _most_spoken(letters: Counter[str], texts: Sequence[CorpusText]) -> Language:
    letters = letters.copy()
    if not letters["ru"] and not letters["en"]:
        for text in texts:
            letters[text.text.language] += len(text.text.text)
    return "ru" if letters["ru"] > letters["en"] else "en"


def _letters(session: Session, workspace: str) -> Counter[str]:
    """Letters of `CorpusDocument.customer_text` by the document's language, counted where the texts lie."""
    kept_out = {
        row
        for row, flags in session.execute(
            select(DocumentRow.id, DocumentRow.flags).where(DocumentRow.workspace_id == workspace)
        )
        if KEEPS_OUT.intersection(flags)
    }
    said = (
        select(DocumentRow.id, DocumentRow.language, func.sum(func.length(UtteranceRow.text)), func.count())
        .join(
            UtteranceRow,
            (DocumentRow.id == UtteranceRow.document_id) & (DocumentRow.workspace_id == UtteranceRow.workspace_id),
        )
        .where(DocumentRow.workspace_id == workspace, UtteranceRow.speaker == Speaker.CUSTOMER.value)
        .where(UtteranceRow.confidence >= SURE, func.trim(UtteranceRow.text) != "")
        .group_by(DocumentRow.id, DocumentRow.language)
    )
    letters: Counter[str] = Counter()
    for row, language, size, lines in session.execute(said):
        if row not in kept_out:
            letters[language] += int(size) + lines - 1
    return letters


def _currency(named: Iterable[str | None], language: str) -> str:
    """What most rows of the files name, else the language's."""
    counted = Counter(name for name in named if name)
    if counted:
        return min(counted, key=lambda name: (-counted[name], name))
    return "RUB" if language == "ru" else "USD"


def _hash(*parts: object) -> str:
    """sha256 over everything a run can read of the corpus."""
    return hashlib.sha256(json.dumps(parts, default=_plain, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    names = getattr(value, "__dataclass_fields__", None)
    return [getattr(value, name) for name in names] if names else str(value)


def language_of(session: Session, workspace: str, settings: Settings) -> Language:
    """The corpus' language, without its hash."""
    chosen = tuned(session, workspace, settings).language
    if chosen:
        return chosen
    letters = _letters(session, workspace)
    return _most_spoken(letters, () if letters.total() else _latest_texts(session, workspace))


def count_customers(session: Session, workspace: str) -> int:
    """Customers known in the workspace."""
    return (
        session.scalar(select(func.count()).select_from(CustomerRow).where(CustomerRow.workspace_id == workspace)) or 0
    )


def marks_of(session: Session, workspace: str, refs: Iterable[str]) -> dict[str, int]:
    """How many of these documents carry which mark."""
    wanted = {rows.storable(ref) for ref in refs}
    found = select(DocumentRow.ref, DocumentRow.flags).where(DocumentRow.workspace_id == workspace)
    counted = Counter(flag for ref, flags in session.execute(found) if ref in wanted for flag in flags)
    return dict(sorted(counted.items()))


def seen_files(session: Session, workspace: str) -> dict[str, str]:
    """path → sha256 of every file that gave something; a file rejected whole is tried again."""
    found = select(SourceFileRow.path, SourceFileRow.sha256).where(
        SourceFileRow.workspace_id == workspace, SourceFileRow.reader.is_not(None)
    )
    return dict(session.execute(found).tuples().all())


def known_items(session: Session, workspace: str) -> tuple[KnownItem, ...]:
    """Documents and deals already stored, as the identity step needs them."""
    items = []
    written = select(DocumentRow.ref, DocumentRow.customer_id, DocumentRow.keys, DocumentRow.occurred_at)
    for ref, customer, keys, moment in session.execute(written.where(DocumentRow.workspace_id == workspace)):
        items.append(KnownItem(ref, customer, tuple(keys), (moment,) if moment else ()))
    sold = select(DealRow.ref, DealRow.customer_id, DealRow.keys, DealRow.created_on, DealRow.closed_on)
    for ref, customer, keys, *days in session.execute(sold.where(DealRow.workspace_id == workspace)):
        noons = tuple(datetime.combine(day, time(12)) for day in days if day)
        items.append(KnownItem(ref, customer, tuple(keys), noons))
    return tuple(sorted(items, key=lambda item: item.ref))


def labelled_voices(session: Session, workspace: str, speaker: str) -> tuple[str, ...]:
    """Utterances of `agent` or `customer` where a person said who speaks, then where the file did."""
    found = (
        select(UtteranceRow.text)
        .join(
            DocumentRow,
            (DocumentRow.id == UtteranceRow.document_id) & (DocumentRow.workspace_id == UtteranceRow.workspace_id),
        )
        .where(UtteranceRow.workspace_id == workspace, UtteranceRow.speaker == speaker, UtteranceRow.confidence == 1.0)
        .where(DocumentRow.roles.in_(("labelled", "confirmed")))
        .order_by(DocumentRow.roles, UtteranceRow.document_id, UtteranceRow.position)
        .limit(VOICES)
    )
    return tuple(session.scalars(found))
