"""What each customer says, ready to be counted: topics, dictionary forms, and the sentences they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.model import DealStatus, DocumentKind, Speaker
from service.corpus.model import KEEPS_OUT, Corpus
from service.segments.model import Quote, Segmentation
from service.segments.portrayal import Line, spans
from service.segments.topics import topics_in
from service.segments.words import lemma, words


@dataclass(frozen=True)
class Said:
    """One utterance of a customer, with the topics and dictionary forms in it."""

    line: Line
    topics: frozenset[str]
    lemmas: frozenset[str]


class Voices:
    """Everything customers said, by customer; built once a run from the corpus and its segments."""

    def __init__(self, corpus: Corpus, segmentation: Segmentation) -> None:
        self.language = corpus.language
        outsiders = segmentation.outsiders()
        segment_of = segmentation.segment_of()
        self.said: dict[str, list[Said]] = {}
        for document in corpus.documents:
            if document.customer in outsiders or KEEPS_OUT.intersection(document.document.flags):
                continue
            own = document.document.kind is not DocumentKind.NOTE
            for position, text in document.said_by(Speaker.CUSTOMER):
                said = Said(
                    Line(document.id, position, text, document.customer, own),
                    topics_in(text, document.document.language),
                    frozenset(lemma(word) for word in words(text)),
                )
                self.said.setdefault(document.customer, []).append(said)
        self.buyers = {d.customer for d in corpus.deals if d.deal.status is DealStatus.WON} - outsiders
        self.members: dict[str, list[str]] = {s.id: [] for s in segmentation.segments if s.kind == "segment"}
        for customer in sorted(self.said):
            if customer in segment_of:
                self.members[segment_of[customer]].append(customer)

    @cached_property
    def everybody(self) -> list[str]:
        """Customers who said anything, sorted."""
        return sorted(self.said)

    @cached_property
    def topics_of(self) -> dict[str, frozenset[str]]:
        """Customer → topics they voice."""
        return {c: frozenset().union(*(s.topics for s in said)) for c, said in self.said.items()}

    @cached_property
    def lemmas_of(self) -> dict[str, frozenset[str]]:
        """Customer → dictionary forms they use."""
        return {c: frozenset().union(*(s.lemmas for s in said)) for c, said in self.said.items()}

    @cached_property
    def customers_of(self) -> dict[str, set[str]]:
        """Dictionary form → customers who use it."""
        found: dict[str, set[str]] = {}
        for customer, forms in self.lemmas_of.items():
            for form in forms:
                found.setdefault(form, set()).add(customer)
        return found

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for form in sorted(self.customers_of):
            found.setdefault(form[:3], []).append(form)
        return found

    def kin(self, form: str) -> list[str]:
        """Dictionary forms that share the stem of `form`: "семейный" finds "семья" no, "семейство" yes."""
        stem = stem_of(form)
        return [other for other in self._by_start.get(form[:3], []) if other.startswith(stem)]

    def who_use(self, form: str) -> set[str]:
        """Customers who use the word or its kin."""
        found: set[str] = set()
        for other in self.kin(form):
            found |= self.customers_of[other]
        return found

    def customers(self, segment: str | None) -> list[str]:
        """Members of a segment who said anything; everybody for None."""
        return self.everybody if segment is None else self.members.get(segment, [])

    def quotes(self, customers: Iterable[str], fits: Callable[[Said], bool]) -> list[Quote]:
        """Sentences of those customers out of utterances that fit, in order; offsets are exact."""
        return [quote for c in customers for said in self.said.get(c, ()) if fits(said) for quote in spans(said.line)]


def stem_of(form: str) -> str:
    """The part of a dictionary form its kin share: all but the last two or three letters, four at least."""
    return form[: max(4, len(form) - (2 if len(form) < 8 else 3))]


def share_of(customers: Sequence[str], holders: set[str]) -> tuple[int, int]:
    """(how many of the customers are holders, how many customers)."""
    return sum(c in holders for c in customers), len(customers)
