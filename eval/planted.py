"""The demo companies read by the product, and the same with the planted customers and segments in their places."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from service.core.progress import silent
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.economics.model import MeasureBook
from service.portrait.model import Portrait
from service.segments.model import Assignment, Segment, Segmentation, Share
from service.store.db import Store, open_store

CASES = ("ru_coworking", "en_ebikes")
ROOT = Path(__file__).resolve().parent / "cases"
WORKSPACE = "eval"


def load_truth(case: str) -> dict[str, Any]:
    """What was planted in a demo company."""
    truth: dict[str, Any] = json.loads((ROOT / case / "truth" / "truth.json").read_text(encoding="utf-8"))
    return truth


@contextmanager
def ingested(case: str | Path) -> Iterator[tuple[Store, Settings]]:
    """A throw-away store with a demo company's files in it, or with those of any folder."""
    from service.corpus.step import ingest_paths

    inputs = case if isinstance(case, Path) else ROOT / case / "inputs"

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), evidence_index=False)
        store = open_store(settings)
        try:
            ingest_paths(store, settings, WORKSPACE, [inputs])
            yield store, settings
        finally:
            store.close()


def planted_corpus(case: str, truth: dict[str, Any]) -> Corpus:
    """The company as the readers read it, every document and deal with its planted customer."""
    from service.corpus.repository import load_corpus

    with ingested(case) as (store, settings), store.session() as session:
        corpus = load_corpus(session, WORKSPACE, settings)
    owner = truth["documents"] | {
        planted["deal"]: customer for customer, planted in truth["customers"].items() if planted.get("deal")
    }
    return replace(
        corpus,
        documents=tuple(replace(d, customer=owner.get(d.document.ref, d.customer)) for d in corpus.documents),
        deals=tuple(replace(d, customer=owner.get(d.deal.ref, d.customer)) for d in corpus.deals),
    )


def planted_segmentation(corpus: Corpus, truth: dict[str, Any], *, mixed: bool = True) -> Segmentation:
    """The planted segments as a result of the step; `mixed=False` leaves customers of two segments unassigned."""
    assignments = [_assignment(customer, truth["customers"].get(customer), mixed) for customer in corpus.customers]
    sizes = Counter(a.segment for a in assignments if a.segment)
    unknown = Share(0, 0, None, None, None)
    segments = [
        Segment(name, "segment", name, i, sizes[name], sizes[name], 0, unknown, 1.0)
        for i, name in enumerate(sorted(truth["segments"], key=lambda name: (-sizes[name], name)), 1)
    ]
    return Segmentation(tuple(segments), tuple(assignments), customers=len(assignments))


class OwnReading(NamedTuple):
    """What the product makes of a company by itself. `segment_of`: document or deal ref → its customer's segment."""

    book: MeasureBook
    portrait: Portrait
    segment_of: dict[str, str]


def own_reading(case: str) -> OwnReading:
    """Files in, segments, measures and portrait out, as a user gets them."""
    from service.corpus.repository import load_corpus
    from service.economics import step as economics
    from service.economics.repository import load_measures
    from service.portrait import step as portrait
    from service.portrait.repository import load_portrait
    from service.segments import step as segments
    from service.segments.repository import load_segmentation

    with ingested(case) as (store, settings):
        for step in (segments, economics, portrait):
            step.run(store, settings, WORKSPACE, "run", silent)
        with store.session() as session:
            corpus = load_corpus(session, WORKSPACE, settings)
            segment_of = load_segmentation(session, WORKSPACE, "run").segment_of()
            book = load_measures(session, WORKSPACE, "run")
            tiers = load_portrait(session, WORKSPACE, "run")
    refs = [(d.document.ref, d.customer) for d in corpus.documents] + [(d.deal.ref, d.customer) for d in corpus.deals]
    return OwnReading(book, tiers, {ref: segment_of[customer] for ref, customer in refs if customer in segment_of})


def _assignment(customer: str, planted: dict[str, Any] | None, mixed: bool) -> Assignment:
    if planted is None or planted["kind"] == "noise":
        return Assignment(customer, None, "not_a_customer", 1.0)
    if planted["kind"] == "mixed" and not mixed:
        return Assignment(customer, None, "unassigned", 0.5)
    return Assignment(customer, planted["segment"], "core", 1.0)
