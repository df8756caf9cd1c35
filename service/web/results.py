"""The results of one finished run as the pages read them; a finished run never changes, so the last few are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any

from ingest.model import DocumentKind, Speaker
from service.briefs.inputs import BriefInputs
from service.core.errors import NotFound
from service.core.numbers import Formatter, Language
from service.core.settings import Settings
from service.segments.model import Quote, Segment
from service.segments.portrayal import Line
from service.store.routes import Visit

Key = tuple[str, str, str]
"""Workspace, run, and what the run is worth now."""
KEPT = 4
"""Runs kept in memory: a few workspaces' latest."""


@dataclass(frozen=True)
class Results:
    """A run and all that came of it."""

    run_id: str
    run_number: int
    finished_at: datetime | None
    inputs: BriefInputs = field(repr=False)

    @property
    def currency(self) -> str:
        """ISO code of the money on the pages."""
        return self.inputs.corpus.currency

    @cached_property
    def period(self) -> tuple[datetime, datetime] | None:
        """First and last day of the documents."""
        days = [d.document.occurred_at for d in self.inputs.corpus.documents if d.document.occurred_at]
        return (min(days), max(days)) if days else None

    def lines_of(self, customer: str) -> list[Line]:
        """What a customer surely said, in order of the documents."""
        return [
            Line(document.id, position, text, customer, document.document.kind is not DocumentKind.NOTE)
            for document in self.inputs.corpus.documents_of.get(customer, [])
            if document.customer_text
            for position, text in document.said_by(Speaker.CUSTOMER)
        ]

    def segment(self, segment_id: str) -> Segment:
        """A segment of this run. NotFound for any other id."""
        found = self.inputs.segment_by_id.get(segment_id)
        if found is None:
            raise NotFound(f"No segment {segment_id!r}.", ru=f"Сегмента {segment_id!r} нет.")
        return found


@dataclass(frozen=True)
class Said:
    """A quote as a page shows it: the words, and where and when they were said (never who)."""

    text: str
    source: str
    href: str = ""
    """Where the redacted document shows it; "" for who may not read documents."""


def said(quote: Quote, results: Results, formatter: Formatter, kinds: dict[str, str], *, linked: bool = False) -> Said:
    """A quote with its source in words: kind of document and day, never a file name."""
    document = results.inputs.document_by_id.get(quote.document)
    if document is None:
        return Said(quote.text, "")
    day = document.document.occurred_at
    source = kinds[document.document.kind.value]
    href = f"/documents/{document.id}#u{quote.position}" if linked else ""
    return Said(quote.text, f"{source}, {formatter.day(day)}" if day else source, href)


class Shelf:
    """Loads results, and keeps those of the last few runs."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Results] = OrderedDict()
        self._turns: dict[Key, Lock] = {}
        self._lock = Lock()

    def results(self, where: Visit, run_id: str | None = None) -> Results:
        """The results of a run, the latest finished one if none is named. NotReady before the first."""
        with where.session() as session:
            run = where.run(session, run_id)
            key = (where.workspace, run.id, f"{run.finished_at}/{run.result_hash}")
        with self._loading(key):
            found = self._kept_one(key)
            if found is None:
                with where.session() as session:
                    inputs = load_inputs(session, where.workspace, run.id, where.settings)
                found = Results(run.id, run.number, run.finished_at, inputs)
                self._keep(key, found)
        return found

    @contextmanager
    def _loading(self, key: Key) -> Iterator[None]:
        """One reader loads a run, the others wait for it: fifty loading it at once take fifty times as long."""
        if self._kept_one(key) is not None:
            yield
            return
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        try:
            with turn:
                yield
        finally:
            with self._lock:
                self._turns.pop(key, None)

    def _kept_one(self, key: Key) -> Results | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Key, results: Results) -> None:
        with self._lock:
            self._kept[key] = results
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def load_inputs(session: Any, workspace: str, run_id: str, settings: Settings) -> BriefInputs:
    """Everything the steps of a run left."""
    from service.comparison.repository import load_comparison
    from service.corpus.repository import load_corpus
    from service.economics.repository import load_measures
    from service.portrait.repository import load_portrait
    from service.segments.repository import load_segmentation

    return BriefInputs(
        corpus=load_corpus(session, workspace, settings),
        segmentation=load_segmentation(session, workspace, run_id),
        measures=load_measures(session, workspace, run_id),
        comparison=load_comparison(session, workspace, run_id),
        portrait=load_portrait(session, workspace, run_id),
    )


def formatter_for(results: Results | None, language: Language) -> Formatter:
    """The formatter of a page: its language, the company's currency."""
    return Formatter(language, results.currency if results else "RUB")
