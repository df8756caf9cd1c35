"""Whom the existing ads speak to by measurement, and where a segment's people come from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from service.briefs.inputs import BriefInputs
from service.corpus.model import CorpusText
from service.segments.model import Segment

SHORTEST_TITLE = 4
"""Shorter titles match too much to tie an ad to its text."""
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Reach:
    """Who answered a creative: customers by segment, those who are no customers, all of them."""

    campaigns: tuple[str, ...]
    by_segment: dict[str, int]
    outsiders: int
    everybody: int


def _folded(text: str) -> str:
    return _MARKS.sub(" ", text.casefold().replace("ё", "е")).strip()


def campaigns_of(inputs: BriefInputs, text: CorpusText) -> frozenset[tuple[str, str]]:
    """(`campaign` or `ad`, name) pairs a creative names in its fields, or that bear its title."""
    fields = f" {_folded(' '.join(value for _, value in text.text.attributes))} "
    titles = {_folded(text.text.name), _folded(_first_row(text.text.text))}
    titles = {title for title in titles if len(title) >= SHORTEST_TITLE}
    found = set()
    for kind, name in _known(inputs):
        folded = _folded(name)
        if len(folded) < SHORTEST_TITLE:
            continue
        if f" {folded} " in fields or any(title in folded for title in titles):
            found.add((kind, name))
    campaigns = frozenset(pair for pair in found if pair[0] == "campaign")
    return campaigns or frozenset(found)


def _first_row(text: str) -> str:
    rows = [row.strip(" #*") for row in text.splitlines() if row.strip() and not row.startswith("---")]
    return rows[0] if rows else ""


def _known(inputs: BriefInputs) -> set[tuple[str, str]]:
    spent = [(row.campaign, row.ad) for row in inputs.corpus.ad_spend]
    touched = [(campaign, ad) for _, campaign, ad in _touches(inputs)]
    pairs = [pair for campaign, ad in (*spent, *touched) for pair in (("campaign", campaign), ("ad", ad))]
    return {(kind, name) for kind, name in pairs if name}


def reach(inputs: BriefInputs, text: CorpusText) -> Reach:
    """Customers whose documents or deals carry one of the creative's campaigns (or ads)."""
    pairs = campaigns_of(inputs, text)
    customers = {
        customer
        for customer, campaign, ad in _touches(inputs)
        if ("campaign", campaign) in pairs or ("ad", ad) in pairs
    }
    counts = Counter(inputs.segment_of[c] for c in customers if c in inputs.segment_of)
    return Reach(
        tuple(sorted(name for _, name in pairs)), dict(counts), len(customers & inputs.outsiders), len(customers)
    )


def _touches(inputs: BriefInputs) -> list[tuple[str, str | None, str | None]]:
    found = [(d.customer, d.document.campaign, d.document.ad) for d in inputs.corpus.documents]
    return found + [(d.customer, d.deal.campaign, d.deal.ad) for d in inputs.corpus.deals]


def sources(inputs: BriefInputs, segment: Segment) -> list[tuple[str, int, int]]:
    """(campaign or lead source, people of the segment, of them bought), most people first."""
    members = set(inputs.members.get(segment.id, ()))
    people: dict[str, set[str]] = {}
    for document in inputs.corpus.documents:
        name = document.document.campaign or document.document.platform
        if name and document.customer in members:
            people.setdefault(name, set()).add(document.customer)
    for deal in inputs.corpus.deals:
        name = deal.deal.campaign or deal.deal.source
        placed = any(deal.customer in customers for customers in people.values())
        if name and deal.customer in members and not placed:
            people.setdefault(name, set()).add(deal.customer)
    counted = [(name, len(c), len(c & inputs.winners)) for name, c in people.items()]
    return sorted(counted, key=lambda row: (-row[1], row[0]))
