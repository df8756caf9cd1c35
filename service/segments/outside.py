"""Who stands outside every segment, by the source and the campaign they came through."""

from __future__ import annotations

from collections.abc import Iterable

from service.corpus.model import Corpus, CorpusDocument
from service.segments.model import Assignment, OutsideCount
from service.segments.shares import share


def outside_counts(corpus: Corpus, assignments: Iterable[Assignment]) -> tuple[OutsideCount, ...]:
    """Per source and campaign: its customers, and how many of them are unassigned or no customers.

    A customer counts once in every source they used and every campaign they answered (or their deal names), so rows do
    not add up to the total.
    """
    status = {assignment.customer: assignment.status for assignment in assignments}
    by: dict[tuple[str, str], set[str]] = {}
    for document in corpus.documents:
        by.setdefault(("source", source_of(document)), set()).add(document.customer)
        if document.document.campaign:
            by.setdefault(("campaign", document.document.campaign), set()).add(document.customer)
    for deal in corpus.deals:
        if deal.deal.campaign:
            by.setdefault(("campaign", deal.deal.campaign), set()).add(deal.customer)
    rows = []
    for (level, name), customers in by.items():
        counted = [status[customer] for customer in customers if customer in status]
        rows.append(
            OutsideCount(
                level="source" if level == "source" else "campaign",
                name=name,
                customers=len(counted),
                unassigned=share(counted.count("unassigned"), len(counted)),
                not_a_customer=share(counted.count("not_a_customer"), len(counted)),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.level != "source", -row.customers, row.name)))


def source_of(document: CorpusDocument) -> str:
    """`call`, `note`, `ad_response`, with the platform where it is known."""
    kind = str(document.document.kind)
    return f"{kind}/{document.document.platform}" if document.document.platform else kind
