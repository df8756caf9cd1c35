"""All measures of a large company: seconds of one core and memory, on a company drawn with a seed."""

from __future__ import annotations

import resource
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from eval.speed import memory_unit
from ingest.model import AdSpend, Deal, DealStatus, Document, DocumentKind, Speaker, Utterance
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument
from service.economics.measures import measure_all
from service.segments.model import Assignment, Segment, Segmentation, Share

CUSTOMERS, DEALS = 100_000, 300_000
SEGMENTS, SOURCES, CAMPAIGNS, PRODUCTS, TOPICS = 8, 6, 40, 20, 25
GOAL_SECONDS, GOAL_MEGABYTES = 10.0, 1024.0


class Cost(NamedTuple):
    """What measuring took. `before_mb`: memory of the process with the company in it, nothing measured yet."""

    measures: int
    seconds: float
    before_mb: float
    peak_mb: float

    @property
    def good(self) -> bool:
        """Within both goals."""
        return self.seconds < GOAL_SECONDS and self.peak_mb < GOAL_MEGABYTES


def cost_of(customers: int = CUSTOMERS, deals: int = DEALS, seed: int = 5) -> Cost:
    """Measure everything of a drawn company once."""
    corpus, segmentation, topics = drawn_company(customers, deals, seed)
    before = _peak()
    started = time.process_time()
    book = measure_all(corpus, segmentation, topics=topics)
    return Cost(len(book), time.process_time() - started, before, _peak())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * memory_unit() / 1e6


def drawn_company(customers: int, deals: int, seed: int) -> tuple[Corpus, Segmentation, dict[str, frozenset[str]]]:
    """Customers with a document each, deals of a subscription, a year of advertising; everything seeded."""
    generator = np.random.default_rng(seed)
    ids = [f"c{i:07d}" for i in range(customers)]
    corpus = Corpus(
        "scale", "en", "EUR", _documents(ids, generator), _deals(ids, deals, generator), _spend(generator), (), ""
    )
    voiced = generator.random((customers, TOPICS)) < 0.15
    topics = {c: frozenset(f"t{j}" for j in np.flatnonzero(row)) for c, row in zip(ids, voiced, strict=True)}
    return corpus, _segmentation(ids, generator), topics


def _documents(ids: list[str], generator: np.random.Generator) -> tuple[CorpusDocument, ...]:
    said = (Utterance(Speaker.CUSTOMER, "hello"),)
    campaigns = generator.integers(0, CAMPAIGNS, len(ids)).tolist()
    return tuple(
        CorpusDocument(
            f"d{i}", customer,
            Document(
                f"leads.csv#{i}", DocumentKind.AD_RESPONSE, "leads", said, (), "en", str(i),
                datetime(2025, 1, 1) + timedelta(hours=i % 8760), f"platform {campaign % SOURCES}",
                f"campaign {campaign}",
            ),
        )
        for i, (customer, campaign) in enumerate(zip(ids, campaigns, strict=True))
    )  # fmt: skip


def _deals(ids: list[str], deals: int, generator: np.random.Generator) -> tuple[CorpusDeal, ...]:
    whose = generator.integers(0, len(ids), deals).tolist()
    won = (generator.random(deals) < 0.4).tolist()
    days = generator.integers(0, 365, deals).tolist()
    amounts = np.round(generator.gamma(2.0, 50.0, deals), 2).tolist()
    months = generator.geometric(0.2, deals).tolist()
    start = date(2025, 1, 1)
    return tuple(
        CorpusDeal(
            f"{i:07d}", ids[whose[i]],
            Deal(
                f"deals.csv#{i}", (), DealStatus.WON if won[i] else DealStatus.LOST, "",
                start + timedelta(days=days[i]), start + timedelta(days=days[i] + i % 40),
                Decimal(str(amounts[i])), "EUR", f"product {i % PRODUCTS}", quantity=1 + i % 3,
                months_paid=months[i], refunded=i % 25 == 0, referred=i % 9 == 0, satisfaction=float(i % 11),
                satisfaction_scale="nps",
            ),
        )
        for i in range(deals)
    )  # fmt: skip


def _spend(generator: np.random.Generator) -> tuple[AdSpend, ...]:
    return tuple(
        AdSpend(
            f"ads.csv#{day}-{campaign}", date(2025, 1, 1) + timedelta(days=day), f"platform {campaign % SOURCES}",
            f"campaign {campaign}", None, Decimal(str(round(float(generator.gamma(2.0, 20.0)), 2))), leads=7,
        )
        for day in range(365)
        for campaign in range(CAMPAIGNS)
    )  # fmt: skip


def _segmentation(ids: list[str], generator: np.random.Generator) -> Segmentation:
    placed = generator.integers(-1, SEGMENTS + 1, len(ids)).tolist()
    assignments = []
    for customer, place in zip(ids, placed, strict=True):
        if place < 0:
            assignments.append(Assignment(customer, None, "not_a_customer", 1.0))
        elif place == SEGMENTS:
            assignments.append(Assignment(customer, None, "unassigned", 0.4))
        else:
            assignments.append(Assignment(customer, f"s{place}", "core", 1.0))
    unknown = Share(0, 0, None, None, None)
    segments = [
        Segment(f"s{i}", "segment", f"s{i}", i, placed.count(i), placed.count(i), 0, unknown, 1.0)
        for i in range(SEGMENTS)
    ]
    return Segmentation(tuple(segments), tuple(assignments), customers=len(ids))
