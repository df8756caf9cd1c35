"""Builders of a small company's records: documents, deals, spend, segments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ingest.model import AdSpend, Deal, DealStatus, Document, DocumentKind, Speaker, Utterance
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument
from service.segments.model import Assignment, Segment, Segmentation, Share

_MONEY = ("amount", "accessories", "refund", "discount_percent")


def sale(customer: str, status: str = "won", *, number: int = 0, **fields: Any) -> CorpusDeal:
    """A deal of a customer; money fields may be plain numbers or strings."""
    ref = f"deals.csv#{customer}-{number}"
    money = {name: Decimal(str(fields.pop(name))) for name in _MONEY if fields.get(name) is not None}
    deal = Deal(ref, (), DealStatus(status), **{"created_on": date(2025, 1, 10), **money, **fields})
    return CorpusDeal(ref, customer, deal)


def call(customer: str, text: str = "hello", number: int = 0) -> CorpusDocument:
    """A call in which the customer says `text`."""
    ref = f"calls/{customer}-{number}.txt"
    said = (Utterance(Speaker.CUSTOMER, text),) if text else ()
    return CorpusDocument(ref, customer, Document(ref, DocumentKind.CALL, "calls", said, (), "en", ref))


def lead(
    customer: str, platform: str | None, campaign: str | None, ad: str | None = None, *, day: int = 1
) -> CorpusDocument:
    """A response to an ad in January 2025."""
    ref = f"leads.csv#{customer}-{campaign}-{ad}-{day}"
    at = datetime(2025, 1, day)
    said = (Utterance(Speaker.CUSTOMER, "interested"),)
    document = Document(ref, DocumentKind.AD_RESPONSE, "leads", said, (), "en", ref, at, platform, campaign, ad)
    return CorpusDocument(ref, customer, document)


def ad(platform: str, campaign: str, spend: str, name: str | None = None, **fields: Any) -> AdSpend:
    """One row of the advertising report."""
    ref = f"ads.csv#{platform}-{campaign}-{name}"
    return AdSpend(ref, date(2025, 1, 5), platform, campaign, name, Decimal(spend), **fields)


def company(*items: CorpusDocument | CorpusDeal | AdSpend, currency: str = "EUR") -> Corpus:
    """A corpus of these records."""
    return Corpus(
        workspace="test",
        language="en",
        currency=currency,
        documents=tuple(sorted((i for i in items if isinstance(i, CorpusDocument)), key=lambda d: d.id)),
        deals=tuple(sorted((i for i in items if isinstance(i, CorpusDeal)), key=lambda d: d.id)),
        ad_spend=tuple(i for i in items if isinstance(i, AdSpend)),
        texts=(),
        input_hash="",
    )


def segmented(corpus: Corpus, outsiders: tuple[str, ...] = (), **members: list[str]) -> Segmentation:
    """Segments by name → customers; everybody else is unassigned, except the outsiders."""
    place = {customer: name for name, customers in members.items() for customer in customers}
    assignments = []
    for customer in corpus.customers:
        if customer in outsiders:
            assignments.append(Assignment(customer, None, "not_a_customer", 1.0))
        elif customer in place:
            assignments.append(Assignment(customer, place[customer], "core", 1.0))
        else:
            assignments.append(Assignment(customer, None, "unassigned", 0.4))
    unknown = Share(0, 0, None, None, None)
    segments = [
        Segment(name, "segment", name.title(), i, len(customers), len(customers), 0, unknown, 1.0)
        for i, (name, customers) in enumerate(members.items(), 1)
    ]
    return Segmentation(tuple(segments), tuple(assignments), customers=len(assignments))
