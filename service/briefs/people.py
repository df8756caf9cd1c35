"""A segment in words: how to recognise its people, what they talk about, what they doubt, where they come from."""

from __future__ import annotations

from ingest.model import DocumentKind
from service.briefs.facts import differ
from service.briefs.material import Material
from service.briefs.model import Fact, Sentence, Span
from service.segments.model import Keyphrase, Segment, TopicShare

DOUBTS = frozenset({"objection"})
WISHES = frozenset({"need", "trigger", "question", "who", "pain"})
MARKED = (
    "months_paid",
    "referral_share",
    "refund_share",
    "discount_share",
    "days_to_close",
    "paid_share",
    "satisfaction",
    "average_check",
)
"""Measures that may set a segment apart, the most telling first."""
FEWEST_MEASURED = 5
PROMISED = frozenset({"need", "question", "pain"})
"""Facets an ad may promise something about."""
FEWEST_SAID = 3
"""A phrase or topic said by fewer customers tells nothing about the group."""


def telling_phrases(segment: Segment, most: int) -> list[Keyphrase]:
    """Phrases said more often here than elsewhere, beyond chance; one of two that share a word."""
    found: list[Keyphrase] = []
    seen: set[str] = set()
    for phrase in segment.keyphrases:
        here, there = phrase.members, phrase.others
        words = set(phrase.lemma.split())
        if here.k < FEWEST_SAID or not differ(here.k, here.n, there.k, there.n) or words & seen:
            continue
        if (here.value or 0.0) <= (there.value or 0.0):
            continue
        seen |= words
        found.append(phrase)
        if len(found) == most:
            break
    return found


def said(material: Material, segment: Segment, phrase: Keyphrase) -> Span:
    """A phrase in quotation marks, backed by how many say it."""
    return Span(material.write.quote(phrase.text), material.ledger.phrase(segment.id, phrase).id, "quote")


def giveaways(material: Material, segment: Segment, most: int) -> list[Sentence]:
    """The telling phrases as quoted words."""
    return [(said(material, segment, phrase),) for phrase in telling_phrases(segment, most)]


def counted_words(material: Material, segment: Segment, most: int) -> Sentence | None:
    """`Words that give them away: …` with how many say each here and elsewhere."""
    phrases = telling_phrases(segment, most)
    if not phrases:
        return None
    parts = [
        material.say(
            "segment.word",
            phrase=(said(material, segment, phrase),),
            here=material.ledger.phrase(segment.id, phrase),
            there=material.ledger.phrase_elsewhere(segment.id, phrase),
        )
        for phrase in phrases
    ]
    return material.say("segment.words", words=_semicolons(parts))


def themes(material: Material, segment: Segment) -> list[TopicShare]:
    """What may be promised: wishes voiced here more than elsewhere, the widest gap first."""
    return material.telling(segment, PROMISED)


def needs(material: Material, segment: Segment, most: int) -> Sentence | None:
    """What they talk about more than others."""
    topics = material.telling(segment, WISHES | DOUBTS)[:most]
    if not topics:
        return None
    return material.say("segment.needs", topics=_semicolons([_topic(material, segment, t) for t in topics]))


def doubts(material: Material, segment: Segment, most: int) -> Sentence | None:
    """What they doubt, by how many."""
    topics = material.foremost(segment, DOUBTS)[:most]
    if not topics:
        return None
    parts = [
        material.say("segment.doubt", topic=material.topic_name(t.topic), here=material.ledger.topic(segment.id, t))
        for t in topics
    ]
    return material.say("segment.doubts", topics=material.book.listed(parts))


def marks(material: Material, segment: Segment, most: int) -> Sentence | None:
    """Figures that set the segment apart from everybody: the whole's value lies outside the segment's interval."""
    parts = []
    for measure in MARKED:
        here, whole = material.figure(segment.id, measure), material.figure(None, measure)
        if here is None or whole is None or here.low is None or here.high is None or whole.value is None:
            continue
        if (here.n or 0) < FEWEST_MEASURED or here.low <= whole.value <= here.high:
            continue
        figure = material.say(f"figure.{measure}", f=here)
        parts.append(material.say("segment.mark", figure=figure, whole=whole))
    return material.say("segment.marks", figures=_semicolons(parts[:most])) if parts else None


def _topic(material: Material, segment: Segment, topic: TopicShare) -> Sentence:
    return material.say(
        "segment.topic",
        topic=material.topic_name(topic.topic),
        here=material.ledger.topic(segment.id, topic),
        there=material.ledger.topic_elsewhere(segment.id, topic),
    )


def _semicolons(parts: list[Sentence]) -> Sentence:
    spans: list[Span] = []
    for index, part in enumerate(parts):
        if index:
            spans.append(Span("; "))
        spans.extend(part)
    return tuple(spans)


def paid_share(material: Material, segment: Segment) -> Fact | None:
    """How many of the segment's customers answered an ad; None where no ad responses are in the data at all."""
    inputs = material.inputs
    answered = {d.customer for d in inputs.corpus.documents if d.document.kind is DocumentKind.AD_RESPONSE}
    members = inputs.members.get(segment.id, ())
    if not answered or not members:
        return None
    came = sum(customer in answered for customer in members)
    return material.ledger.share(f"answered_ad/{segment.id}", came, len(members), subject=segment.id)


def largest_in_campaigns(material: Material) -> dict[str, tuple[str, int, int]]:
    """Campaign → (segment with most of its customers, how many, of how many assigned)."""
    inputs = material.inputs
    people: dict[str, set[str]] = {}
    for document in inputs.corpus.documents:
        campaign = document.document.campaign
        if campaign and document.customer in inputs.segment_of:
            people.setdefault(campaign, set()).add(document.customer)
    found = {}
    for campaign, customers in sorted(people.items()):
        counts: dict[str, int] = {}
        for customer in customers:
            counts[inputs.segment_of[customer]] = counts.get(inputs.segment_of[customer], 0) + 1
        segment, k = max(counts.items(), key=lambda item: (item[1], item[0]))
        found[campaign] = (segment, k, len(customers))
    return found
