"""The comparison brief for the owner: the finding, what each sees, who is missing, the cost, what to decide."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model import Stakeholder
from service.briefs import judged
from service.briefs.comparison_detail import detail, guesses
from service.briefs.costs import cost_sentences
from service.briefs.decisions import decisions
from service.briefs.headline import headline
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.material import Material
from service.briefs.model import Block, Bullets, Heading, Paragraph, QuoteBlock, Row, Sentence, Span, Table
from service.briefs.people import giveaways, paid_share
from service.briefs.quotes import Quotes
from service.briefs.sentences import Value
from service.briefs.voices import Voices
from service.comparison.model import JudgedClaim, Verdict
from service.segments.model import Segment

ROUGH_SALES = 30
"""Below this many sales the front page says that shares are a guide."""
COSTS_ON_FRONT = 4
FEW_SALES = 10
"""Below this many sales a segment's share of buyers is said to be still moving."""
UNSEEN_ON_FRONT = 2
GUESSED_ON_FRONT = 3


def compose_comparison(material: Material) -> tuple[Sentence, list[Block]]:
    """(headline, blocks)."""
    quotes = Quotes(material)
    return headline(material), [*front(material, quotes), *detail(material, quotes)]


def front(material: Material, quotes: Quotes) -> Iterator[Block]:
    """The first screen."""
    yield from _data_line(material)
    if material.inputs.voices and material.inputs.claims:
        yield Heading(material.text("front.sees"))
        yield _sees(material)
        guessed = guesses(material, sorted(set(material.inputs.protagonists.values())), GUESSED_ON_FRONT)
        if guessed:
            yield Paragraph((material.say("front.guessed", aliases=material.book.listed(guessed)),), role="note")
        yield from _unseen(material, quotes)
    costs = cost_sentences(material)
    if costs and material.inputs.corpus.documents:
        yield Heading(material.text("front.cost"))
        yield Paragraph(tuple(costs[:COSTS_ON_FRONT]))
    decided = decisions(material)
    if decided:
        yield Heading(material.text("front.decide"))
        yield Bullets(tuple(decided), ordered=True)


def _data_line(material: Material) -> Iterator[Block]:
    inputs, ledger = material.inputs, material.ledger
    dates = sorted(d.document.occurred_at.date() for d in inputs.corpus.documents if d.document.occurred_at)
    values: dict[str, Value] = {
        "documents": ledger.count("documents", len(inputs.corpus.documents)),
        "customers": material.people(),
    }
    sales = len(inputs.winners - inputs.outsiders)
    if inputs.has_deals:
        values["won"] = ledger.count("sales", sales)
    if dates:
        values["period"] = ledger.period("period", dates[0], dates[-1])
        key = "front.facts" if inputs.has_deals else "front.facts_no_deals"
    else:
        key = "front.facts_undated"
    sentences = [material.say(key, **values)]
    if inputs.outsiders:
        sentences.append(material.say("front.outsiders", outsiders=ledger.count("outsiders", len(inputs.outsiders))))
    if inputs.has_deals and 0 < sales < ROUGH_SALES:
        sentences.append(material.say("front.tone_rough", won=values["won"]))
    yield Paragraph(tuple(sentences), role="lead")


def _sees(material: Material) -> Table:
    columns = tuple(material.text(f"front.col_{c}") for c in ("who", "says", "right", "data"))
    return Table(columns, tuple(_stakeholder_row(material, who) for who in STAKEHOLDERS))


def _stakeholder_row(material: Material, who: Stakeholder) -> Row:
    name = (Span(material.stakeholder(who, "cap"), style="strong"),)
    claims = material.inputs.claims_of(who)
    if not claims:
        key = "front.no_claims" if who in material.inputs.voices else "front.no_persona"
        return Row((name, material.say(key), (), ()))
    hero = judged.about_hero(material, who)
    right = _first_with_figure(
        material, [*judged.verdicts(claims, Verdict.SUPPORTED), *judged.verdicts(claims, Verdict.PARTLY)]
    )
    against = [
        c
        for c in (*judged.verdicts(claims, Verdict.CONTRADICTED), *judged.verdicts(claims, Verdict.PARTLY))
        if c is not right
    ]
    wrong = _first_with_figure(material, [hero, *against] if hero in against else against)
    return Row(
        (
            name,
            (judged.saying(material, hero),) if hero else (),
            _beside(material, right, hero) if right else material.say("front.nothing_right"),
            _beside(material, wrong, hero) if wrong else material.say("front.nothing_against"),
        )
    )


def _beside(material: Material, claim: JudgedClaim, hero: JudgedClaim | None) -> Sentence:
    """The claim with its figure; only the figure where the claim already stands in the row."""
    if claim is hero:
        return judged.figure(material, claim) or ()
    return _with_figure(material, claim)


def _first_with_figure(material: Material, claims: list[JudgedClaim]) -> JudgedClaim | None:
    return next((c for c in claims if judged.figure(material, c) is not None), None)


def _with_figure(material: Material, claim: JudgedClaim) -> Sentence:
    figure = judged.figure(material, claim) or ()
    return material.say("detail.claim", claim=(judged.saying(material, claim),), figure=figure)


def _unseen(material: Material, quotes: Quotes) -> Iterator[Block]:
    spots = material.inputs.worthy_blind_spots[:UNSEEN_ON_FRONT]
    if not spots:
        return
    yield Heading(material.text("front.unseen"))
    for segment in spots:
        yield Paragraph(tuple(_unseen_sentences(material, segment)), about=segment.id)
        said = quotes.pick(Voices(material.inputs, segment).typical())
        if said is not None:
            yield QuoteBlock(Span(material.book.state(said), said.id, "quote"))


def _unseen_sentences(material: Material, segment: Segment) -> Iterator[Sentence]:
    yield material.say("unseen.people", name=material.name(segment.id), size=material.size(segment))
    revenue, total = material.revenue_share(segment.id), material.figure(segment.id, "revenue")
    first = material.first("revenue")
    if revenue and first and first[0] == segment.id:
        yield material.say("unseen.revenue_first", revenue=revenue, rank=first[1])
    elif revenue and total and revenue.value:
        yield material.say("unseen.revenue", revenue=revenue, sum=total)
    conversion, rest = material.figure(segment.id, "conversion"), material.conversion_elsewhere(segment.id)
    if conversion and rest:
        key = "unseen.buys" if material.stands_out(segment.id) else "unseen.buys_same"
        yield material.say(key, conversion=conversion, rest=rest)
    won = material.won(segment.id)
    if won is not None and 0 < won[0] < FEW_SALES:
        count = material.ledger.count(f"sales/{segment.id}", won[0], subject=segment.id)
        yield material.say("unseen.few", won=count)
    yield from _reach(material, segment)
    words = giveaways(material, segment, 3)
    if words:
        yield material.say("unseen.talk", words=material.book.listed(words))


def _reach(material: Material, segment: Segment) -> Iterator[Sentence]:
    paid = paid_share(material, segment)
    if paid is not None:
        yield material.say("unseen.ads" if paid.k else "unseen.no_ads", paid=paid)
