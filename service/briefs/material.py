"""What a composer works with: the results of a run, its ledger of facts and one language to write in."""

from __future__ import annotations

from functools import cached_property

from ingest.model import Stakeholder, TextKind
from service.briefs.facts import FEWEST, Ledger, differ
from service.briefs.inputs import BriefInputs
from service.briefs.model import Direction, Fact, Sentence, Span
from service.briefs.own_texts import script_sections
from service.briefs.sentences import Name, Phrasebook, Value
from service.core.numbers import LANGUAGES, Formatter, language_of
from service.economics.measures_catalogue import label
from service.economics.model import Level, Measure
from service.portrait.model import Tier
from service.segments.facets import facet_names
from service.segments.model import Segment, TopicShare
from service.segments.topics import catalogue


class Material:
    """One run in one language. Every method that gives a `Fact` enters it into the ledger."""

    def __init__(self, inputs: BriefInputs, language: str, ledger: Ledger | None = None) -> None:
        self.inputs = inputs
        self.language = language_of(language)
        self.write = Formatter(self.language, inputs.corpus.currency)
        self.book = Phrasebook(self.language, self.write)
        self.ledger = Ledger(inputs) if ledger is None else ledger
        self._topics = {topic.id: topic.name[self.language] for topic in catalogue(self.language)}
        self._topics |= facet_names(self.language)

    def say(self, key: str, **values: Value) -> Sentence:
        """A sentence of the phrasebook."""
        return self.book.say(key, **values)

    def text(self, key: str) -> str:
        """A fixed text of the phrasebook."""
        return self.book.text(key)

    # --- names -----------------------------------------------------------------------------------------------

    def name(self, segment: str) -> Name:
        """A segment's name for a sentence."""
        return Name(self.printed(segment))

    def printed(self, segment: str) -> str:
        """A segment's name for a table cell."""
        return self.inputs.segment_by_id[segment].name

    def tier(self, tier: Tier) -> Sentence:
        """A tier's name, backed by the portrait."""
        names = [Phrasebook(language, self.write).text(f"tier.{tier}") for language in LANGUAGES]
        fact = self.ledger.add(Fact("", "comparison", "", f"tier:{tier}", text=" / ".join(names)))
        return (Span(self.text(f"tier.{tier}"), fact.id),)

    def topic_name(self, topic: str) -> str:
        """A topic's name in the language of the brief."""
        return self._topics.get(topic, topic.replace("_", " "))

    def source(self, name: str) -> str:
        """Where somebody came from in words; a name that only this company uses stays as its files spell it."""
        key = f"source.{' '.join(name.casefold().replace('_', ' ').replace('-', ' ').split())}"
        return self.text(key) if self.book.has(key) else name

    def source_span(self, name: str) -> Span:
        """The same for a sentence: set apart when it is a name."""
        words = self.source(name)
        return Span(words, style="name") if words == name else Span(words)

    def stakeholder(self, who: Stakeholder, case: str = "nom") -> str:
        """The stakeholder in words."""
        return self.text(f"stakeholder.{who}.{case}")

    def measure_label(self, measure: str) -> str:
        """What people call a measure, in the brief's own words or the economics catalogue's.

        `topic:a+b` is called by its topics; `words:…` holds stems, which nobody wants to read.
        """
        kind, colon, names = measure.partition(":")
        if colon and kind == "topic":
            return ", ".join(self.topic_name(topic) for topic in names.split("+"))
        if colon and kind == "channel_share":
            return self.source(names)
        if colon and kind == "words":
            return self.text("evidence.same_words")
        if self.book.has(f"measure.{measure}"):
            return self.text(f"measure.{measure}")
        try:
            known = label(measure, self.language)
        except KeyError:
            return measure.replace("_", " ")
        return known[:1].lower() + known[1:] if known[1:2].islower() else known

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Every name a brief may print, by id."""
        found = {s.id: s.name for s in self.inputs.segmentation.segments}
        levels: tuple[Level, ...] = ("channel", "campaign")
        for level in levels:
            for name in self.inputs.measures.names(level):
                found.setdefault(name, name)
        for document in self.inputs.corpus.documents:
            record = document.document
            found.update({n: n for n in (record.campaign, record.platform, record.ad) if n and n not in found})
        for text in self.inputs.corpus.texts:
            found.setdefault(f"{text.text.kind}:{text.text.name}", text.text.name)
        return tuple(sorted(found.items()))

    @cached_property
    def known_words(self) -> tuple[str, ...]:
        """Names besides those of groups that may stand in quotation marks: topics, sections of the script."""
        found = set(self._topics.values()) | set(self.text("joint.words").split(", "))
        for text in self.inputs.texts(TextKind.SCRIPT):
            found |= {section.title for section in script_sections(text) if section.title}
        return tuple(sorted(found))

    # --- figures ---------------------------------------------------------------------------------------------

    def figure(self, segment: str | None, measure: str) -> Fact | None:
        """A measure of a segment, or of everybody."""
        if segment is None:
            return self.ledger.measure("all", "all", measure)
        return self.ledger.measure("segment", segment, measure)

    def row(self, segment: str, measure: str) -> Measure | None:
        """The bare row, without entering a fact."""
        found = self.inputs.measures.get("segment", segment, measure)
        return found if found is not None and found.value is not None else None

    def people(self) -> Fact:
        """Everybody who got in touch, without those who are no customers."""
        inputs = self.inputs
        known = {a.customer for a in inputs.segmentation.assignments} or set(inputs.corpus.customers)
        return self.ledger.count("customers", len(known - inputs.outsiders))

    def size(self, segment: Segment) -> Fact:
        """How many of all customers belong to the segment, out of the same number as everywhere else."""
        measured = self.figure(segment.id, "share_of_customers")
        if measured is not None and measured.k is not None:
            return measured
        return self.ledger.share(f"size/{segment.id}", segment.share.k, segment.share.n, subject=segment.id)

    def won(self, segment: str) -> tuple[int, int] | None:
        """(won, customers) behind the segment's conversion; None without deals."""
        row = self.row(segment, "conversion")
        return (round((row.value or 0.0) * row.n), row.n) if row and row.n else None

    def won_share(self, segment: str) -> Fact | None:
        """How many of all paying customers are of the segment."""
        mine, everybody = self.won(segment), len(self.inputs.winners - self.inputs.outsiders)
        if mine is None or not everybody:
            return None
        return self.ledger.share(f"won_share/{segment}", min(mine[0], everybody), everybody, subject=segment)

    def revenue_share(self, segment: str) -> Fact | None:
        """The segment's part of all revenue."""
        measured = self.figure(segment, "share_of_revenue")
        if measured is not None:
            return measured
        row, whole = self.row(segment, "revenue"), self.inputs.measures.value("all", "all", "revenue")
        if row is None or not whole or row.value is None:
            return None
        terms = [f for f in (self.figure(segment, "revenue"), self.figure(None, "revenue")) if f]
        return self.ledger.ratio(f"revenue_share/{segment}", row.value / whole, subject=segment, terms=terms)

    def conversion_elsewhere(self, segment: str) -> Fact | None:
        """Conversion of all other segments together."""
        others = [self.won(s.id) for s in self.inputs.segments if s.id != segment]
        known = [pair for pair in others if pair is not None]
        if not known:
            return None
        return self.ledger.share(
            f"conversion_elsewhere/{segment}", sum(k for k, _ in known), sum(n for _, n in known), subject=segment
        )

    def stands_out(self, segment: str) -> Direction | None:
        """Whether the segment buys better or worse than all others together, beyond chance."""
        mine, rest = self.won(segment), self.conversion_elsewhere(segment)
        if mine is None or rest is None or rest.k is None or not rest.n:
            return None
        if not differ(*mine, rest.k, rest.n):
            return None
        return "highest" if mine[0] / mine[1] > (rest.value or 0.0) else "lowest"

    # --- rankings --------------------------------------------------------------------------------------------

    def first(self, measure: str, direction: Direction = "highest") -> tuple[str, Fact] | None:
        """The segment that is first in a measure, only if the data tell it apart from the second."""
        rows = [(s.id, self.row(s.id, measure)) for s in self.inputs.segments]
        return self._first([(name, row) for name, row in rows if row is not None], measure, direction)

    def first_campaign(self, measure: str, direction: Direction = "highest") -> tuple[str, Fact] | None:
        """The campaign that is first in a measure, exact figures only."""
        book = self.inputs.measures
        rows = [(name, book.get("campaign", name, measure)) for name in book.names("campaign")]
        return self._first([(n, r) for n, r in rows if r is not None and r.value is not None], measure, direction)

    def _first(self, rows: list[tuple[str, Measure]], measure: str, direction: Direction) -> tuple[str, Fact] | None:
        sign = -1 if direction == "highest" else 1
        ranked = sorted(rows, key=lambda pair: (sign * (pair[1].value or 0.0), pair[0]))
        if len(ranked) < 2 or not _told_apart(ranked[0][1], ranked[1][1]):
            return None
        name = ranked[0][0]
        return name, self.ledger.rank(measure, name, direction, len(ranked))

    def largest(self) -> tuple[str, Fact] | None:
        """The segment with most customers, if it is larger than the second beyond chance."""
        ranked = sorted(self.inputs.segments, key=lambda s: (-s.size, s.id))
        if len(ranked) < 2 or ranked[0].size <= ranked[1].size:
            return None
        n = ranked[0].share.n
        if not differ(ranked[0].size, n, ranked[1].size, n):
            return None
        return ranked[0].id, self.ledger.rank("size", ranked[0].id, "highest", len(ranked))

    # --- topics ----------------------------------------------------------------------------------------------

    def telling(self, segment: Segment, facets: frozenset[str]) -> list[TopicShare]:
        """Topics voiced more often here than elsewhere, beyond chance; the widest gap first."""
        found = [t for t in segment.topics if t.facet in facets and marked(t)]
        return sorted(found, key=lambda t: (-((t.members.value or 0) - (t.others.value or 0)), t.topic))

    def foremost(self, segment: Segment, facets: frozenset[str], least: int = 3) -> list[TopicShare]:
        """Topics voiced here more than elsewhere, the widest gap first; then the others by how many voice them."""
        telling = self.telling(segment, facets)
        return telling + [t for t in self.frequent(segment, facets, least) if t not in telling]

    def frequent(self, segment: Segment, facets: frozenset[str], least: int = 3) -> list[TopicShare]:
        """Topics by how many of the segment's customers voice them."""
        found = [t for t in segment.topics if t.facet in facets and t.members.k >= least]
        return sorted(found, key=lambda t: (-t.members.k, t.topic))


def marked(topic: TopicShare) -> bool:
    """Whether the topic is voiced more often by members than by others, beyond chance."""
    here, there = topic.members, topic.others
    if here.k < FEWEST:
        return False
    return (here.value or 0.0) > (there.value or 0.0) and differ(here.k, here.n, there.k, there.n)


def _told_apart(best: Measure, second: Measure) -> bool:
    """Whether two rows differ beyond their intervals: neither interval holds the other's estimate."""
    if best.value is None or second.value is None or best.value == second.value:
        return False
    if best.unit == "share":
        pairs = [(round((m.value or 0) * m.n), m.n) for m in (best, second)]
        return min(best.n, second.n) >= FEWEST and differ(*pairs[0], *pairs[1])
    if any(bound is None for bound in (best.low, best.high, second.low, second.high)):
        return best.unit in ("count", "money") and (best.low is None and second.low is None)
    return not _inside(second.value, best) and not _inside(best.value, second)


def _inside(value: float, row: Measure) -> bool:
    return row.low is not None and row.high is not None and row.low <= value <= row.high
