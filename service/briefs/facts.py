"""The facts ledger: the only place a number or a quotation of a brief can come from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ingest.model import TextKind
from service.briefs.inputs import BriefInputs
from service.briefs.model import Direction, Fact
from service.corpus.model import CorpusText
from service.economics.intervals import wilson
from service.economics.model import Level, Measure
from service.personas.model import Claim
from service.segments.model import Keyphrase, Quote, Share, TopicShare

FEWEST = 5
"""Groups smaller than this take no part in a ranking."""

UNCOUNTED = frozenset({"share_of_revenue", "share_of_spend", "conversion_shrunk"})
"""Shares of money, or smoothed ones: their n is no base of a `k of n`."""


def differ(k1: int, n1: int, k2: int, n2: int) -> bool:
    """Whether two shares are told apart: Newcombe's 95 % interval of the difference leaves out zero."""
    if not n1 or not n2:
        return False
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    if l1 is None or u1 is None or l2 is None or u2 is None:
        return False
    p1, p2 = k1 / n1, k2 / n2
    low = (p1 - p2) - math.hypot(p1 - l1, u2 - p2)
    high = (p1 - p2) + math.hypot(u1 - p1, p2 - l2)
    return low > 0 or high < 0


class Ledger:
    """Facts of one run, one id a source; asking again for the same source gives the same fact.

    `labels` turns a measure's key into words for the evidence appendix (see `service.briefs.material`).
    """

    def __init__(self, inputs: BriefInputs) -> None:
        self._inputs = inputs
        self._by_source: dict[str, Fact] = {}
        self._by_id: dict[str, Fact] = {}

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_source.values())

    def __len__(self) -> int:
        return len(self._by_source)

    def get(self, fact_id: str) -> Fact | None:
        """The fact with this id."""
        return self._by_id.get(fact_id)

    def add(self, fact: Fact) -> Fact:
        """Enter a fact (its `id` is given here), or return the one with the same source."""
        known = self._by_source.get(fact.source)
        if known is not None:
            return known
        entered = replace(fact, id=f"f{len(self._by_source) + 1}")
        self._by_source[fact.source] = entered
        self._by_id[entered.id] = entered
        return entered

    def measure(self, level: Level, name: str, measure: str) -> Fact | None:
        """A row of the economics book; None where the data hold nothing for it."""
        row = self._inputs.measures.get(level, name, measure)
        return self._from_measure(row) if row is not None and row.value is not None else None

    def _from_measure(self, row: Measure) -> Fact:
        counted = row.unit == "share" and row.value is not None and row.measure not in UNCOUNTED
        k = round(row.value * row.n) if counted and row.value is not None else None
        return self.number(
            f"measure:{row.level}/{row.name}/{row.measure}",
            row.value or 0.0,
            row.unit,
            k=k,
            n=row.n,
            low=row.low,
            high=row.high,
            subject=None if row.level == "all" else row.name,
        )

    def number(
        self,
        source: str,
        value: float,
        unit: str,
        *,
        k: int | None = None,
        n: int | None = None,
        low: float | None = None,
        high: float | None = None,
        subject: str | None = None,
        text: str = "",
        terms: Iterable[Fact] = (),
    ) -> Fact:
        """A number with its base."""
        return self.add(
            Fact(
                "",
                "number",
                "",
                source,
                unit,
                value,
                k,
                n,
                low,
                high,
                text,
                subject,
                terms=tuple(term.id for term in terms),
            )
        )

    def count(self, source: str, value: int, *, subject: str | None = None, terms: Iterable[Fact] = ()) -> Fact:
        """An exact count."""
        return self.number(f"calc:{source}", value, "count", subject=subject, terms=terms)

    def share(
        self, source: str, k: int, n: int, *, subject: str | None = None, text: str = "", terms: Iterable[Fact] = ()
    ) -> Fact:
        """k of n with its Wilson interval."""
        low, high = wilson(k, n)
        return self.number(
            f"calc:{source}",
            k / n if n else 0.0,
            "share",
            k=k,
            n=n,
            low=low,
            high=high,
            subject=subject,
            text=text,
            terms=terms,
        )

    def money(
        self, source: str, value: float, *, subject: str | None = None, n: int | None = None, terms: Iterable[Fact] = ()
    ) -> Fact:
        """An amount calculated from other facts."""
        return self.number(f"calc:{source}", value, "money", n=n, subject=subject, terms=terms)

    def ratio(
        self, source: str, value: float, unit: str = "share", *, subject: str | None = None, terms: Iterable[Fact] = ()
    ) -> Fact:
        """A share of money or another quotient without a base of people."""
        return self.number(f"calc:{source}", value, unit, subject=subject, terms=terms)

    def period(self, source: str, first: date, last: date) -> Fact:
        """A stretch of time."""
        return self.add(Fact("", "number", "", f"calc:{source}", "period", on=first, until=last))

    def rank(self, measure: str, subject: str, direction: Direction, among: int, terms: Iterable[Fact] = ()) -> Fact:
        """That the subject is first in a measure, among so many groups. Ask `service.briefs.material` for it."""
        return self.add(
            Fact(
                "",
                "comparison",
                "",
                f"rank:{measure}/{direction}/{subject}",
                "count",
                1.0,
                n=among,
                subject=subject,
                direction=direction,
                text=measure,
                terms=tuple(term.id for term in terms),
            )
        )

    def topic(self, segment: str, topic: TopicShare) -> Fact:
        """How many of the segment's customers voice a topic."""
        return self._of_share(f"topic:{segment}/{topic.topic}", topic.members, segment)

    def topic_elsewhere(self, segment: str, topic: TopicShare) -> Fact:
        """How many customers of the other segments voice it."""
        return self._of_share(f"topic:{segment}/{topic.topic}/others", topic.others, segment)

    def phrase(self, segment: str, phrase: Keyphrase) -> Fact:
        """How many of the segment's customers say a phrase."""
        return self._of_share(f"phrase:{segment}/{phrase.lemma}", phrase.members, segment, phrase.text)

    def phrase_elsewhere(self, segment: str, phrase: Keyphrase) -> Fact:
        """How many customers of the other segments say it."""
        return self._of_share(f"phrase:{segment}/{phrase.lemma}/others", phrase.others, segment, phrase.text)

    def _of_share(self, source: str, share: Share, subject: str, text: str = "") -> Fact:
        return self.number(
            source,
            share.value or 0.0,
            "share",
            k=share.k,
            n=share.n,
            low=share.low,
            high=share.high,
            subject=subject,
            text=text,
        )

    def quote(self, quote: Quote, speaker: str = "customer") -> Fact | None:
        """Words of a document, only if they stand there; None otherwise."""
        document = self._inputs.document_by_id.get(quote.document)
        if document is None or not 0 <= quote.position < len(document.document.utterances):
            return None
        said = document.document.utterances[quote.position].text[quote.start : quote.end]
        if said != quote.text or not said.strip():
            return None
        moment = document.document.occurred_at
        source = f"document:{quote.document}/{quote.position}/{quote.start}-{quote.end}"
        return self.add(
            Fact(
                "",
                "quote",
                "",
                source,
                text=said,
                subject=self._inputs.segment_of.get(document.customer),
                on=moment.date() if moment else None,
                speaker=speaker,
            )
        )

    def claim(self, claim: Claim) -> Fact:
        """The words of a persona."""
        source = f"text:persona/{claim.stakeholder}/v{claim.version}/{claim.start}-{claim.end}"
        return self.add(Fact("", "quote", "", source, text=claim.quote, speaker=str(claim.stakeholder)))

    def mention(self, words: str) -> Fact | None:
        """A name the personas use for people, where it stands in one of them."""
        for text in self._inputs.texts(TextKind.PERSONA):
            start = text.text.text.find(words)
            if start >= 0:
                return self.own_words(text, start, start + len(words))
        return None

    def own_words(self, text: CorpusText, start: int, end: int) -> Fact | None:
        """A stretch of one of the company's texts; None when it is blank."""
        words = text.text.text[start:end]
        if not words.strip():
            return None
        order = [t.text.ref for t in self._inputs.texts(text.text.kind)].index(text.text.ref) + 1
        source = f"text:{text.text.kind}/{order}/v{text.version}/{start}-{end}"
        return self.add(Fact("", "quote", "", source, text=words, speaker=str(text.text.kind)))
