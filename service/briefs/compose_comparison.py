"""The comparison brief for the owner: the finding, what each sees, who is missing, the cost, what to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ingest.model import Stakeholder
from service.briefs import judged
from service.briefs.comparison_detail import detail
from service.briefs.costs import cost_sentences
from service.briefs.decisions import decisions
from service.briefs.headline import headline
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.material import Material
from service.briefs.model import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    QuoteBlock,
    Row,
    Sentence,
    Span,
    Table,
    block_sentences,
    plain,
)  # fmt: skip
from service.briefs.people import paid_share
from service.briefs.quotes import Quotes
from service.briefs.sentences import Value
from service.briefs.voices import Voices
from service.comparison.model import JudgedClaim, Verdict
from service.segments.model import Segment

ROUGH_SALES = 30
"""Below this many sales the front page says that shares are a guide."""
FEW_SALES = 10
"""Below this many sales a segment's share of buyers is said to be still moving."""
UNSEEN_ON_FRONT = 1
MOST_WORDS = 350
"""Of the first page (PAGES B26): what an owner reads in two minutes."""


class Room(NamedTuple):
    """How much the first page holds: words of a claim, sentences on cost, decisions. The rest stands below."""

    said: int
    costs: int
    decisions: int


ROOMS = (Room(10, 2, 3), Room(8, 2, 3), Room(8, 1, 3), Room(6, 1, 3), Room(6, 1, 2))
"""From roomy to tight: the first that keeps the page within its words is taken."""


def compose_comparison(material: Material) -> tuple[Sentence, list[Block]]:
    """(headline, blocks): a first page that is read in two minutes, then what it rests on."""
    title = headline(material)
    for room in ROOMS:
        quotes = Quotes(material)
        first = list(front(material, quotes, room))
        if words_in(title, first) <= MOST_WORDS:
            break
    return title, [*first, *_more(material, quotes, room), *detail(material, quotes)]


def words_in(title: Sentence, blocks: list[Block]) -> int:
    """How many words a reader of these blocks reads, headings and columns of tables too."""
    said = [plain(title)]
    for block in blocks:
        if isinstance(block, Heading):
            said.append(block.text)
        elif isinstance(block, Table):
            said.extend(block.columns)
        said.extend(plain(sentence) for sentence in block_sentences(block))
    return sum(any(c.isalnum() for c in word) for piece in said for word in piece.split())


def front(material: Material, quotes: Quotes, room: Room) -> Iterator[Block]:
    """The first screen."""
    yield from _data_line(material)
    if material.inputs.voices and material.inputs.claims:
        yield Heading(material.text("front.sees"))
        yield _sees(material, room)
        yield from _unseen(material, quotes)
    costs = cost_sentences(material)
    if costs and material.inputs.corpus.documents:
        yield Heading(material.text("front.cost"))
        yield Paragraph(tuple(costs[: room.costs]))
    decided = decisions(material)
    if decided:
        yield Heading(material.text("front.decide"))
        first = (judged.in_brief(material, one) for one in decided[: room.decisions])
        yield Bullets(tuple(first), ordered=True)


def _more(material: Material, quotes: Quotes, room: Room) -> Iterator[Block]:
    """What the first page had no room for, in the same order."""
    for segment in material.inputs.worthy_blind_spots[UNSEEN_ON_FRONT:2]:
        yield Heading(material.text("front.unseen_more"))
        sentences = (*_unseen_sentences(material, segment), *_reach(material, segment))
        yield from _one_unseen(material, quotes, segment, sentences)
    costs = cost_sentences(material)[room.costs :]
    if costs and material.inputs.corpus.documents:
        yield Heading(material.text("front.cost_more"))
        yield Paragraph(tuple(costs))
    decided = decisions(material)[room.decisions :]
    if decided:
        yield Heading(material.text("front.decide_more"))
        yield Bullets(tuple(decided))


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


def _sees(material: Material, room: Room) -> Table:
    columns = tuple(material.text(f"front.col_{c}") for c in ("who", "says", "right", "data"))
    return Table(columns, tuple(_stakeholder_row(material, who, room.said) for who in STAKEHOLDERS))


def _stakeholder_row(material: Material, who: Stakeholder, longest: int) -> Row:
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
            (judged.saying(material, hero, longest),) if hero else (),
            _beside(material, right, hero, longest) if right else material.say("front.nothing_right"),
            _beside(material, wrong, hero, longest) if wrong else material.say("front.nothing_against"),
        )
    )


def _beside(material: Material, claim: JudgedClaim, hero: JudgedClaim | None, longest: int) -> Sentence:
    """The claim with its figure; only the figure where the claim already stands in the row."""
    if claim is hero:
        return judged.in_brief(material, judged.figure(material, claim) or ())
    return _with_figure(material, claim, longest)


def _first_with_figure(material: Material, claims: list[JudgedClaim]) -> JudgedClaim | None:
    return next((c for c in claims if judged.figure(material, c) is not None), None)


def _with_figure(material: Material, claim: JudgedClaim, longest: int) -> Sentence:
    figure = judged.in_brief(material, judged.figure(material, claim) or ())
    return material.say("detail.claim", claim=(judged.saying(material, claim, longest),), figure=figure)


def _unseen(material: Material, quotes: Quotes) -> Iterator[Block]:
    spots = material.inputs.worthy_blind_spots[:UNSEEN_ON_FRONT]
    if not spots:
        return
    yield Heading(material.text("front.unseen"))
    for segment in spots:
        sentences = tuple(judged.in_brief(material, said) for said in _unseen_sentences(material, segment))
        yield from _one_unseen(material, quotes, segment, sentences)


def _one_unseen(
    material: Material, quotes: Quotes, segment: Segment, sentences: tuple[Sentence, ...]
) -> Iterator[Block]:
    yield Paragraph(sentences, about=segment.id)
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


def _reach(material: Material, segment: Segment) -> Iterator[Sentence]:
    paid = paid_share(material, segment)
    if paid is not None:
        yield material.say("unseen.ads" if paid.k else "unseen.no_ads", paid=paid)
