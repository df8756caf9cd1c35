"""The comparison brief below the first screen: claims, segments with money, who is no customer, what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.model import Stakeholder, TextKind
from service.briefs import judged
from service.briefs.costs import outsider_campaigns
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.material import Material
from service.briefs.model import (
    Block,
    Bullets,
    Chart,
    ChartRow,
    Fact,
    Heading,
    Paragraph,
    QuoteBlock,
    Row,
    Sentence,
    Span,
    Table,
)
from service.briefs.people import counted_words, doubts, marks, needs
from service.briefs.quotes import Quotes
from service.briefs.sentences import joined
from service.briefs.voices import Voices
from service.comparison.model import JudgedClaim, Verdict
from service.segments.model import Segment

GROUPS = (
    (Verdict.SUPPORTED, "right"),
    (Verdict.PARTLY, "partly"),
    (Verdict.CONTRADICTED, "wrong"),
    (Verdict.NO_EVIDENCE, "unknown"),
)
"""Order of verdicts under a stakeholder: what they are right about comes first."""
FEW_SALES = 5
MOST_ALIASES = 6
UNCLEAR = frozenset({"open.subject", "open.subject_part", "open.words", "open.campaign", "open.channel"})
"""Notes of claims that wait for a person to say what they are about."""


def detail(material: Material, quotes: Quotes) -> Iterator[Block]:
    """All sections below the first screen; a section without content has no heading."""
    yield from _agreements(material)
    yield from _stakeholders(material, quotes)
    yield from _segments(material, quotes)
    yield from _outsiders(material)
    yield from _unknown(material)


def _agreements(material: Material) -> Iterator[Block]:
    comparison = material.inputs.comparison
    by_id = {c.claim.id: c for c in material.inputs.claims}
    items = []
    for agreement in comparison.agreements if comparison else ():
        claims = [by_id[c] for c in agreement.claims if c in by_id]
        if len({c.claim.stakeholder for c in claims}) < 2:
            continue
        parts = [
            material.say(
                "detail.agree_one", first=(judged.saying(material, c),), who=material.stakeholder(c.claim.stakeholder)
            )
            for c in _one_each(claims)
        ]
        figure = next((f for c in claims if (f := judged.figure(material, c))), None)
        items.append(joined(material.book.listed(parts), ". ", figure) if figure else material.book.listed(parts))
    if items:
        yield Heading(material.text("front.agree"))
        yield Bullets(tuple(items))


def _one_each(claims: list[JudgedClaim]) -> list[JudgedClaim]:
    return list({c.claim.stakeholder: c for c in reversed(claims)}.values())[::-1]


def _stakeholders(material: Material, quotes: Quotes) -> Iterator[Block]:
    if not material.inputs.claims:
        return
    yield Heading(material.text("detail.stakeholders"))
    for who in STAKEHOLDERS:
        claims = material.inputs.claims_of(who)
        if claims:
            yield from _stakeholder(material, quotes, who, claims)
    if any(not c.claim.confirmed for c in material.inputs.claims):
        yield Paragraph((material.say("detail.machine"), *aliases(material)), role="note")


def aliases(material: Material) -> list[Sentence]:
    """Whom the machine took the personas' names for, until a person confirms it; the least sure first."""
    parts = guesses(material, list(material.inputs.segment_by_id), MOST_ALIASES)
    return [material.say("detail.aliases", aliases=material.book.listed(parts))] if parts else []


def guesses(material: Material, segments: list[str], most: int) -> list[Sentence]:
    """`the mention is the segment` for unconfirmed aliases of these segments, the least sure first."""
    comparison = material.inputs.comparison
    open_ones = [a for a in (comparison.aliases if comparison else ()) if not a.confirmed and a.segment in segments]
    parts = []
    for alias in sorted(open_ones, key=lambda a: (a.score, a.lemma))[:most]:
        fact = material.ledger.mention(alias.mention)
        if fact is not None and alias.segment is not None:
            mention = Span(material.write.quote(alias.mention), fact.id, "quote")
            parts.append(material.say("detail.alias", mention=(mention,), name=material.name(alias.segment)))
    return parts


def _stakeholder(
    material: Material, quotes: Quotes, who: Stakeholder, claims: tuple[JudgedClaim, ...]
) -> Iterator[Block]:
    yield Heading(material.stakeholder(who, "cap"), level=3)
    counts = [(name, sum(c.verdict is verdict for c in claims), verdict) for verdict, name in GROUPS]
    parts = [
        material.say(f"detail.count_{name}", n=material.ledger.count(f"claims/{who}/{verdict}", n))
        for name, n, verdict in counts
        if n
    ]
    yield Paragraph((joined(material.book.listed(parts), "."),))
    for verdict, name in GROUPS:
        group = judged.verdicts(claims, verdict)
        if group:
            yield Heading(material.text(f"detail.{name}"), level=4)
            yield Bullets(tuple(_claim(material, quotes, c) for c in group))


def _claim(material: Material, quotes: Quotes, claim: JudgedClaim) -> Sentence:
    words: Sentence = (judged.saying(material, claim),)
    figure = None if claim.verdict is Verdict.NO_EVIDENCE else judged.figure(material, claim)
    if figure is None:
        return material.say("detail.claim_bare", claim=words)
    said = quotes.pick(judged.telling_quotes(claim))
    tail = material.say("detail.preliminary") if claim.preliminary else ()
    if said is not None:
        return joined(material.say("detail.claim_quote", claim=words, figure=figure, quote=said), tail)
    return joined(material.say("detail.claim", claim=words, figure=figure), "." if tail else "", tail)


def _segments(material: Material, quotes: Quotes) -> Iterator[Block]:
    segments = material.inputs.segments
    if not segments:
        return
    yield Heading(material.text("detail.segments"))
    rows = [row for s in segments if (row := chart_row(material, s)) is not None]
    if len(rows) > 1:
        yield Chart(material.text("detail.chart"), tuple(rows), material.text("detail.chart_caption"))
    yield _money_table(material)
    for segment in segments:
        yield from _segment(material, quotes, segment)
    unassigned, people = material.inputs.segmentation.unassigned, int(material.people().value or 0)
    if unassigned and people:
        share = material.ledger.share("unassigned", min(unassigned, people), people)
        yield Paragraph((material.say("front.unassigned", unassigned=share),), role="note")


def chart_row(material: Material, segment: Segment) -> ChartRow | None:
    """The segment's dot: its conversion with the interval."""
    fact = material.figure(segment.id, "conversion")
    if fact is None or fact.value is None or not fact.n:
        return None
    return ChartRow(segment.name, fact.value, fact.low, fact.high, fact.n, fact.id, material.book.state(fact, "of"))


def _money_table(material: Material) -> Table:
    """Columns nobody has a figure for are left out."""
    makers: dict[str, Callable[[Segment], Fact | None]] = {
        "people": material.size,
        "bought": lambda s: material.figure(s.id, "conversion"),
        "check": lambda s: material.figure(s.id, "average_check"),
        "ltv": lambda s: material.figure(s.id, "ltv"),
        "cac": lambda s: material.figure(s.id, "cac"),
        "revenue": lambda s: material.revenue_share(s.id),
        "days": lambda s: material.figure(s.id, "days_to_close"),
    }
    forms = {"people": "k", "bought": "full"}
    facts: dict[str, list[Fact | None]] = {
        column: [make(s) for s in material.inputs.segments] for column, make in makers.items()
    }
    shown = [column for column, values in facts.items() if any(values)]
    titles = [material.text("detail.col_segment"), *(material.text(f"detail.col_{c}") for c in shown)]
    if material.inputs.portrait:
        titles.append(material.text("detail.col_tier"))
    unknown = (Span(material.write.unknown),)
    rows = []
    for index, segment in enumerate(material.inputs.segments):
        cells: list[Sentence] = [(Span(segment.name, style="name"),)]
        for column in shown:
            fact = facts[column][index]
            cells.append((Span(material.book.state(fact, forms.get(column)), fact.id),) if fact else unknown)
        if material.inputs.portrait:
            placed = material.inputs.placed(segment.id)
            cells.append(material.tier(placed.tier) if placed else unknown)
        rows.append(Row(tuple(cells), segment.id))
    return Table(tuple(titles), tuple(rows), numeric=tuple(range(1, len(shown) + 1)))


def _segment(material: Material, quotes: Quotes, segment: Segment) -> Iterator[Block]:
    sentences = [
        s
        for s in (
            counted_words(material, segment, 3),
            marks(material, segment, 3),
            needs(material, segment, 3),
            doubts(material, segment, 3),
        )
        if s
    ]
    said = quotes.pick(Voices(material.inputs, segment).typical())
    if not sentences and said is None:
        return
    yield Heading(segment.name, level=3, about=segment.id)
    if sentences:
        yield Paragraph(tuple(sentences))
    if said is not None:
        yield QuoteBlock(Span(material.book.state(said), said.id, "quote"))


def _outsiders(material: Material) -> Iterator[Block]:
    campaigns = outsider_campaigns(material)
    if not campaigns:
        return
    yield Heading(material.text("detail.outsiders"))
    unknown = (Span(material.write.unknown),)
    rows = []
    for campaign, share in campaigns:
        spend = material.ledger.measure("campaign", campaign, "spend")
        rows.append(
            Row(
                (
                    (Span(campaign, style="name"),),
                    (Span(material.book.state(share, "full"), share.id),),
                    (Span(material.book.state(spend), spend.id),) if spend else unknown,
                ),
                campaign,
            )
        )
    columns = tuple(material.text(f"detail.col_{c}") for c in ("campaign", "outsiders", "spend"))
    yield Table(columns, tuple(rows), numeric=(1, 2))


def _unknown(material: Material) -> Iterator[Block]:
    items = list(_open_questions(material))
    if items:
        yield Heading(material.text("detail.unknown_title"))
        yield Bullets(tuple(items))


def _open_questions(material: Material) -> Iterator[Sentence]:
    inputs = material.inputs
    if inputs.segmentation.small and inputs.corpus.documents:
        people = material.people()
        yield material.say("unknown.small", customers=people)
    if not inputs.has_deals:
        yield material.say("unknown.no_deals")
    if not inputs.has_spend:
        yield material.say("unknown.no_spend")
    if not inputs.voices:
        yield material.say("unknown.no_personas")
    else:
        for who in STAKEHOLDERS:
            if who not in inputs.voices:
                yield material.say("unknown.missing_persona", who=material.stakeholder(who, "gen"))
    for who in inputs.comparison.ghosts if inputs.comparison else ():
        yield material.say("unknown.ghosts", who=material.stakeholder(who, "gen"))
    yield from _unanswered(material)
    for segment in inputs.segments:
        pair = material.won(segment.id)
        if pair is not None and 0 < pair[0] < FEW_SALES:
            won = material.ledger.count(f"sales/{segment.id}", pair[0], subject=segment.id)
            yield material.say("unknown.few_deals", name=material.name(segment.id), won=won)
    if not inputs.texts(TextKind.CREATIVE):
        yield material.say("unknown.no_creatives")
    if not inputs.texts(TextKind.SCRIPT):
        yield material.say("unknown.no_scripts")


def _unanswered(material: Material) -> Iterator[Sentence]:
    """Claims without evidence, grouped by what would settle them."""
    groups: dict[str, list[JudgedClaim]] = {}
    for claim in judged.verdicts(material.inputs.claims, Verdict.NO_EVIDENCE):
        kinds = [a.measure for a in claim.claim.atoms]
        known = next((k for k in ("demographic", "no_data", "topic") if k in kinds), "other")
        if claim.note in UNCLEAR:
            known = "unclear"
        groups.setdefault(known, []).append(claim)
    for kind, claims in sorted(groups.items()):
        words = material.book.listed([(judged.saying(material, c),) for c in claims[:3]])
        yield material.say(f"unknown.{kind}", claims=words)
