"""Everything a verdict may look at, gathered once a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from service.corpus.model import Corpus
from service.economics.model import MeasureBook
from service.personas.company import Company
from service.personas.voices import Voices
from service.segments.model import Segmentation
from service.segments.shares import share


@dataclass(frozen=True)
class Evidence:
    """The book of measures, the customers' words and the company's campaigns."""

    corpus: Corpus
    segmentation: Segmentation
    book: MeasureBook
    voices: Voices
    company: Company

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Ids of real segments."""
        return tuple(s.id for s in self.segmentation.segments if s.kind == "segment")

    @property
    def has_deals(self) -> bool:
        """Whether any deal was ingested."""
        return bool(self.corpus.deals)

    @property
    def has_ads(self) -> bool:
        """Whether any advertising spend was ingested."""
        return bool(self.corpus.ad_spend)

    @staticmethod
    def interval(k: int, n: int) -> tuple[float | None, float | None]:
        """Wilson 95 %."""
        found = share(k, n)
        return found.low, found.high
