"""Who is one customer: the list with the joins worth a look, and a customer's card with why they are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.numbers import Formatter
from service.corpus.merging import Card, Entry, Line
from service.corpus.merging_words import evidence_words
from service.web.i18n import Words

SHOWN_CUSTOMERS = 100
SHOWN_JOINS = 50
SHOWN_RECORDS = 300
"""Of one customer; a company's own number taken for a customer may have thousands."""


@dataclass(frozen=True)
class JoinView:
    """One entry of the log in words."""

    id: str
    words: str
    when: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    customers: tuple[str, ...]
    can_undo: bool


@dataclass(frozen=True)
class LineView:
    """A customer in the list."""

    customer: str
    documents: int
    deals: int
    last: str


@dataclass(frozen=True)
class CustomersView:
    """The list page."""

    finding: str
    joins: tuple[JoinView, ...]
    more_joins: int
    lines: tuple[LineView, ...]
    more: int
    wanted: str
    error: str
    done: bool


@dataclass(frozen=True)
class RecordView:
    """A document or deal on the card."""

    ref: str
    heading: str
    said: tuple[tuple[str, str], ...]
    """(who, words) of every utterance; a deal has none."""
    facts: str = ""


@dataclass(frozen=True)
class ReasonView:
    """What several records have in common."""

    words: str
    refs: tuple[str, ...]


@dataclass(frozen=True)
class CardView:
    """The card page."""

    customer: str
    finding: str
    records: tuple[RecordView, ...]
    more: int
    reasons: tuple[ReasonView, ...]
    joins: tuple[JoinView, ...]
    error: str
    done: bool


def customers_view(
    lines: Sequence[Line],
    entries: Sequence[Entry],
    words: Words,
    formatter: Formatter,
    *,
    wanted: str = "",
    error: str = "",
    done: bool = False,
) -> CustomersView:
    """The list: joins in force, the least sure first, then customers with most records."""
    standing = sorted(
        (entry for entry in entries if entry.state == "in_force"),
        key=lambda entry: (
            entry.kind != "join",
            entry.probability if entry.probability is not None else 0.95,
            entry.id,
        ),
    )
    return CustomersView(
        finding=words("customers.finding", n=len(lines)),
        joins=tuple(_join(entry, words, formatter) for entry in standing[:SHOWN_JOINS]),
        more_joins=max(0, len(standing) - SHOWN_JOINS),
        lines=tuple(
            LineView(line.customer, line.documents, line.deals, formatter.day(line.last) if line.last else "—")
            for line in lines[:SHOWN_CUSTOMERS]
        ),
        more=max(0, len(lines) - SHOWN_CUSTOMERS),
        wanted=wanted,
        error=error,
        done=done,
    )


def card_view(card: Card, words: Words, formatter: Formatter, *, error: str = "", done: bool = False) -> CardView:
    """The card: records with their words, what they have in common, and what was joined or parted."""
    records = [*_documents(card, words, formatter), *_deals(card, words, formatter)]
    return CardView(
        customer=card.customer,
        finding=words("customers.card_finding", n=len(card.refs)),
        records=tuple(records[:SHOWN_RECORDS]),
        more=max(0, len(records) - SHOWN_RECORDS),
        reasons=tuple(ReasonView(evidence_words(held.kind, words.language), held.refs) for held in card.held),
        joins=tuple(_join(entry, words, formatter) for entry in card.entries),
        error=error,
        done=done,
    )


def _documents(card: Card, words: Words, formatter: Formatter) -> list[RecordView]:
    found = []
    for document in card.documents:
        day = formatter.day(document.occurred_at) if document.occurred_at else words("customers.undated")
        said = tuple((words(f"customers.{u.speaker.value}"), u.text) for u in document.utterances)
        found.append(RecordView(document.ref, f"{words(f'document.{document.kind.value}')}, {day}", said))
    return found


def _deals(card: Card, words: Words, formatter: Formatter) -> list[RecordView]:
    found = []
    for deal in card.deals:
        day = formatter.day(deal.day) if deal.day else words("customers.undated")
        facts = " · ".join(part for part in (words(f"customers.{deal.status}"), deal.product, deal.amount) if part)
        found.append(RecordView(deal.ref, f"{words('customers.deal')}, {day}", (), facts))
    return found


def _join(entry: Entry, words: Words, formatter: Formatter) -> JoinView:
    said = evidence_words(entry.evidence, words.language) if entry.kind == "join" else words(f"customers.{entry.kind}")
    if entry.probability is not None:
        said = f"{said}, {words('customers.sure', share=formatter.value(entry.probability, 'share'))}"
    if entry.state != "in_force":
        said = f"{said} ({words(f'customers.{entry.state}')})"
    return JoinView(
        entry.id,
        said,
        formatter.day(entry.at),
        entry.one,
        entry.other,
        entry.customers,
        entry.state == "in_force",
    )
