"""What of the corpus goes into segmentation: one row a document, the customer's own words only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.model import DealStatus, DocumentKind, Speaker
from service.corpus.model import Corpus, CorpusDocument
from service.segments.portrayal import Line
from service.segments.vectors import Texts

RETURNING = 0.3
"""Share of customers with two documents under which long documents are split in two, so that there is something to
see within a customer (RESEARCH, step 3)."""
SPLIT_FROM = 4
"""Utterances a document needs to be split."""


@dataclass(frozen=True)
class Material:
    """`texts`: rows for vectors; `evidence`: rows for the question who is a customer at all (every document, what a
    machine or an unknown voice said included); `lines_of`: utterances for phrases, topics and quotes."""

    texts: Texts
    evidence: Texts
    lines_of: dict[str, list[Line]]
    won: dict[str, bool]
    has_deal: dict[str, bool]
    split: bool


def _halves(document: CorpusDocument) -> list[str]:
    said = [text for _, text in document.said_by(Speaker.CUSTOMER)]
    if len(said) < SPLIT_FROM:
        return [document.customer_text]
    return ["\n".join(said[0::2]), "\n".join(said[1::2])]


def _texts(rows: list[tuple[str, str, str]]) -> Texts:
    """(customer, kind, text) rows, in order, as `Texts`; customers in the order they first speak.

    Customer ids hang on the workspace's salt; an order by id would let the draws of the looks, and with them single
    borderline customers, differ between two workspaces that hold the same files.
    """
    customers = tuple(dict.fromkeys(customer for customer, _, _ in rows))
    place = {customer: index for index, customer in enumerate(customers)}
    return Texts(
        texts=tuple(text for _, _, text in rows),
        kinds=tuple(kind for _, kind, _ in rows),
        owner=np.array([place[customer] for customer, _, _ in rows], dtype=np.intp),
        customers=customers,
    )


def _in_order(corpus: Corpus) -> list[CorpusDocument]:
    return sorted(corpus.documents, key=lambda document: document.document.ref)


def _said_or_heard(document: CorpusDocument) -> str:
    return "\n".join(u.text for u in document.document.utterances if u.speaker is not Speaker.AGENT)


def document_rows(corpus: Corpus) -> tuple[list[tuple[str, str, str]], bool]:
    """(customer, kind, text) of every document with customer's words, sorted by reference, and whether long
    documents were split. The same words twice from one customer count once."""
    spoken = [document for document in _in_order(corpus) if document.customer_text.strip()]
    per_customer: dict[str, int] = {}
    for document in spoken:
        per_customer[document.customer] = per_customer.get(document.customer, 0) + 1
    returning = sum(count >= 2 for count in per_customer.values()) / max(1, len(per_customer))
    split = returning < RETURNING
    rows: list[tuple[str, str, str]] = []
    seen: set[tuple[str, str]] = set()
    for document in spoken:
        for text in _halves(document) if split else [document.customer_text]:
            if text.strip() and (document.customer, text) not in seen:
                seen.add((document.customer, text))
                rows.append((document.customer, str(document.document.kind), text))
    return rows, split


def material_of(corpus: Corpus) -> Material:
    """Rows, lines and deals of the corpus, sorted by reference, so the order of files and rows does not matter."""
    rows, split = document_rows(corpus)
    evidence = [(d.customer, str(d.document.kind), _said_or_heard(d)) for d in _in_order(corpus)]
    lines_of: dict[str, list[Line]] = {}
    for document in _in_order(corpus):
        if document.customer_text:
            for position, text in document.said_by(Speaker.CUSTOMER):
                own = document.document.kind is not DocumentKind.NOTE
                line = Line(document.id, position, text, document.customer, own)
                lines_of.setdefault(document.customer, []).append(line)
    won: dict[str, bool] = {}
    for deal in corpus.deals:
        won[deal.customer] = won.get(deal.customer, False) or deal.deal.status is DealStatus.WON
    return Material(_texts(rows), _texts(evidence), lines_of, won, dict.fromkeys(won, True), split)


def keep_customers(texts: Texts, kept: list[str]) -> Texts:
    """The rows of the customers `kept`."""
    wanted = set(kept)
    rows = [
        (texts.customers[owner], kind, text)
        for owner, kind, text in zip(texts.owner, texts.kinds, texts.texts, strict=True)
        if texts.customers[owner] in wanted
    ]
    return _texts(rows)
