"""The agenda of the joint session: what all agree on, each divergence with its price and options, votes, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from service.briefs import judged
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.material import Material
from service.briefs.model import Block, Bullets, Fact, Heading, Paragraph, QuoteBlock, Row, Sentence, Span, Table, plain
from service.briefs.quotes import Quotes
from service.briefs.sentences import Value
from service.briefs.trials import LONG_TEST, people_a_month, people_needed
from service.briefs.voices import Voices
from service.comparison.model import Divergence, JudgedClaim, Verdict

MINUTES = {"rules": 5, "agree": 10, "differ": 40, "unseen": 10, "tiers": 15, "changes": 20, "tests": 15, "owners": 5}
"""The agenda of a two-hour slice; parts without content give their time back."""
MOST_DIVERGENCES = 3
UNSEEN = 2
REVIEW_MONTHS = 6
BLANK: Sentence = ()


def compose_session(
    material: Material, creative_heads: dict[str, Sentence], script_heads: dict[str, Sentence]
) -> tuple[Sentence, list[Block]]:
    """(headline, blocks). The headlines of the segments' briefs become the changes to discuss."""
    quotes = Quotes(material)
    parts: dict[str, list[Block]] = {
        "rules": list(_rules(material)),
        "agree": list(_agreed(material)),
        "differ": list(_divergences(material, quotes)),
        "unseen": list(_unseen(material, quotes)),
        "tiers": list(_tiers(material)),
        "changes": list(_changes(material, creative_heads, script_heads)),
        "tests": list(_tests(material)),
        "owners": list(_owners(material)),
    }
    held = {name: blocks for name, blocks in parts.items() if blocks}
    minutes = sum(MINUTES[name] for name in held)
    blocks: list[Block] = [Paragraph((material.say("session.lead"),), role="lead")]
    for name, content in held.items():
        time = material.ledger.count(f"agenda_minutes/{name}", MINUTES[name])
        blocks.append(Heading(plain(material.say(f"session.{name}", t=time))))
        blocks.extend(content)
    return _headline(material, minutes), blocks


def _headline(material: Material, minutes: int) -> Sentence:
    total = material.ledger.count("agenda_minutes/all", minutes)
    open_questions = divergences(material)
    if not open_questions and not material.inputs.worthy_blind_spots:
        return material.say("session.head_none", minutes=total)
    unseen = material.inputs.worthy_blind_spots[:UNSEEN]
    n = material.ledger.count("divergences", len(open_questions) + len(unseen))
    stakes = [d.money for d in open_questions if d.money]
    if stakes:
        money = material.ledger.money("stake", max(stakes))
        return material.say("session.head_money", minutes=total, n=n, money=money)
    return material.say("session.head", minutes=total, n=n)


def divergences(material: Material) -> list[Divergence]:
    """The dearest divergences except blind spots, which have their own part; one a segment and kind."""
    comparison = material.inputs.comparison
    found: dict[tuple[str, str | None], Divergence] = {}
    for divergence in sorted(comparison.divergences if comparison else (), key=_weight(material)):
        if divergence.kind != "blind_spot" and _claims(material, divergence):
            found.setdefault((divergence.kind, divergence.segment), divergence)
    ranked = sorted(found.values(), key=_weight(material))
    return ranked[:MOST_DIVERGENCES]


def _weight(material: Material) -> Callable[[Divergence], tuple[object, ...]]:
    """Sort key: dear first, then settled and weighty claims."""

    def key(divergence: Divergence) -> tuple[object, ...]:
        claims = _claims(material, divergence)
        first = min((judged.importance(c) for c in claims), default=(0.0, 0, 0, ""))
        return (-(divergence.money or 0.0), *first, divergence.id)

    return key


def _claims(material: Material, divergence: Divergence) -> list[JudgedClaim]:
    by_id = {c.claim.id: c for c in material.inputs.claims}
    return [by_id[c] for c in divergence.claims if c in by_id]


def _rules(material: Material) -> Iterator[Block]:
    inputs = material.inputs
    customers = material.people()
    sentences = [material.say("session.rule")]
    if inputs.has_deals:
        won = material.ledger.count("sales", len(inputs.winners - inputs.outsiders))
        sentences.append(material.say("session.word_customer", customers=customers, won=won))
    else:
        sentences.append(material.say("session.word_customer_no_deals", customers=customers))
    yield Paragraph(tuple(sentences))


def _agreed(material: Material) -> Iterator[Block]:
    """What each is right about: shared ground to start from."""
    items = []
    for who in material.inputs.voices:
        right = judged.verdicts(material.inputs.claims_of(who), Verdict.SUPPORTED)
        for claim in right:
            figure = judged.figure(material, claim)
            if figure is not None:
                items.append(
                    material.say(
                        "session.right_of",
                        who=material.stakeholder(who, "cap"),
                        claim=(judged.saying(material, claim),),
                        figure=figure,
                    )
                )
                break
    if items:
        yield Bullets(tuple(items))
    elif material.inputs.voices:
        yield Paragraph((material.say("session.nothing_agreed"),))


def _divergences(material: Material, quotes: Quotes) -> Iterator[Block]:
    for divergence in divergences(material):
        claims = _claims(material, divergence)
        yield Heading(plain(_question(material, divergence, claims)), level=3)
        yield Paragraph((_stake(material, divergence),))
        columns = tuple(material.text(f"session.col_{c}") for c in ("who", "says", "data"))
        yield Table(columns, tuple(_position(material, c) for c in claims[:4]))
        said = quotes.pick([q for c in claims for q in judged.telling_quotes(c)])
        if said is not None:
            yield QuoteBlock(Span(material.book.state(said), said.id, "quote"))
        yield Bullets(tuple(_options(material, divergence)))


def _stake(material: Material, divergence: Divergence) -> Sentence:
    if not divergence.money:
        return material.say("session.stake_unknown")
    return material.say("session.stake", money=material.ledger.money(f"divergence/{divergence.id}", divergence.money))


def _position(material: Material, claim: JudgedClaim) -> Row:
    figure = judged.figure(material, claim)
    verdict = Span(material.text(f"verdict.{claim.verdict}"))
    data: Sentence = (verdict, Span(": "), *figure) if figure else (verdict,)
    return Row(
        (
            (Span(material.stakeholder(claim.claim.stakeholder, "cap"), style="strong"),),
            (judged.saying(material, claim),),
            data,
        )
    )


def _question(material: Material, divergence: Divergence, claims: list[JudgedClaim]) -> Sentence:
    segment = divergence.segment if divergence.segment in material.inputs.segment_by_id else None
    if divergence.kind == "spend" and segment:
        return material.say("session.q_spend", name=material.name(segment))
    if divergence.kind == "protagonist" and _many_heroes(material):
        heroes = [
            material.say("session.hero_of", name=material.name(hero), who=material.stakeholder(who))
            for who, hero in material.inputs.protagonists.items()
        ]
        return material.say("session.q_hero", heroes=material.book.listed(heroes, "or"))
    if divergence.kind == "claim_vs_claim" or len({c.claim.stakeholder for c in claims}) > 1:
        return material.say("session.q_clash")
    return material.say("session.q_claim", claim=(judged.saying(material, claims[0]),))


def _many_heroes(material: Material) -> bool:
    """Whether the portraits are about different segments: with one segment they cannot be."""
    return len(set(material.inputs.protagonists.values())) > 1


def _options(material: Material, divergence: Divergence) -> Iterator[Sentence]:
    if divergence.kind == "spend":
        yield material.say("session.o_spend_cut")
        yield material.say("session.o_spend_offer")
        return
    if divergence.kind == "protagonist" and _many_heroes(material):
        heroes = set(material.inputs.protagonists.values())
        known = [(material.revenue_share(h), h) for h in sorted(heroes)]
        with_money = [(share, h) for share, h in known if share is not None]
        if len(with_money) > 1:
            share, hero = max(with_money, key=lambda pair: (pair[0].value or 0.0, pair[1]))
            yield material.say("session.o_hero_money", name=material.name(hero), revenue=share)
        yield material.say("session.o_hero_both")
        return
    yield material.say("session.o_drop")
    yield material.say("session.o_keep")


def _unseen(material: Material, quotes: Quotes) -> Iterator[Block]:
    for segment in material.inputs.worthy_blind_spots[:UNSEEN]:
        conversion, name = material.figure(segment.id, "conversion"), material.name(segment.id)
        yield Heading(plain(material.say("session.q_unseen", name=name)), level=3)
        values: dict[str, Value] = {"name": name, "size": material.size(segment)}
        yield Paragraph(
            (
                material.say("session.unseen_line", **values, conversion=conversion)
                if conversion
                else material.say("session.unseen_line_bare", **values),
            )
        )
        said = quotes.pick(Voices(material.inputs, segment).typical())
        if said is not None:
            yield QuoteBlock(Span(material.book.state(said), said.id, "quote"))
        yield Bullets(tuple(material.say(f"session.o_unseen_{o}") for o in ("go", "try", "no")))


def _tiers(material: Material) -> Iterator[Block]:
    """A voting sheet: the data's proposal beside an empty column for each stakeholder."""
    portrait = material.inputs.portrait
    placed = [p for p in portrait.placed if p.segment in material.inputs.segment_by_id] if portrait else []
    if not placed:
        return
    columns = (
        material.text("session.col_segment"),
        material.text("session.col_bought"),
        material.text("session.col_data_tier"),
        *(material.stakeholder(w) for w in STAKEHOLDERS),
    )
    rows = []
    for place in placed:
        fact = material.figure(place.segment, "conversion")
        rows.append(
            Row(
                (
                    (Span(material.printed(place.segment), style="name"),),
                    _of(material, fact),
                    material.tier(place.tier),
                    *(BLANK for _ in STAKEHOLDERS),
                ),
                place.segment,
            )
        )
    yield Table(columns, tuple(rows))


def _of(material: Material, fact: Fact | None) -> Sentence:
    return (Span(material.book.state(fact, "of"), fact.id),) if fact else BLANK


def _changes(
    material: Material, creative_heads: dict[str, Sentence], script_heads: dict[str, Sentence]
) -> Iterator[Block]:
    items = []
    for segment in material.inputs.segments:
        for key, heads in (("creative", creative_heads), ("script", script_heads)):
            if segment.id in heads:
                items.append(material.say(f"session.change_{key}", headline=heads[segment.id]))
    if items:
        yield Bullets(tuple(items))


def _tests(material: Material) -> Iterator[Block]:
    if not material.inputs.segments:
        return
    items = []
    for segment in material.inputs.segments:
        conversion = material.figure(segment.id, "conversion")
        needed = people_needed(conversion.value or 0.0) if conversion else None
        if conversion is None or not needed:
            continue
        flow = people_a_month(material, segment)
        if flow and 2 * needed / flow <= LONG_TEST:
            fact = material.ledger.number(
                f"calc:people_needed/{segment.id}", needed, "count", subject=segment.id, terms=(conversion,)
            )
            items.append(
                material.say("session.test", name=material.name(segment.id), conversion=conversion, needed=fact)
            )
        else:
            items.append(material.say("session.test_long", name=material.name(segment.id), conversion=conversion))
    yield Bullets(tuple(items)) if items else Paragraph((material.say("session.test_none"),))


def _owners(material: Material) -> Iterator[Block]:
    """The decision log to fill in, one row a decision, and the date of the next review."""
    rows = [Row((_decision(material, d), BLANK, BLANK, BLANK, BLANK)) for d in divergences(material)]
    rows += [
        Row((material.say("session.log_unseen", name=material.name(s.id)), BLANK, BLANK, BLANK, BLANK), s.id)
        for s in material.inputs.worthy_blind_spots[:UNSEEN]
    ]
    if material.inputs.portrait and material.inputs.portrait.placed:
        rows.append(Row((material.say("session.log_tiers"), BLANK, BLANK, BLANK, BLANK)))
    if rows:
        columns = tuple(material.text(f"session.col_{c}") for c in ("decision", "owner", "due", "measure", "dissent"))
        yield Table(columns, tuple(rows))
    if material.inputs.made_on is not None:
        day = material.ledger.add(Fact("", "number", "", "calc:review", "date", on=_later(material.inputs.made_on)))
        yield Paragraph((material.say("session.review", day=day),))


def _decision(material: Material, divergence: Divergence) -> Sentence:
    segment = divergence.segment if divergence.segment in material.inputs.segment_by_id else None
    if divergence.kind == "protagonist" and _many_heroes(material):
        return material.say("session.log_hero")
    if divergence.kind == "spend" and segment:
        return material.say("session.log_spend", name=material.name(segment))
    return material.say("session.log_claim", claim=(judged.saying(material, _claims(material, divergence)[0]),))


def _later(day: date) -> date:
    """The same day half a year on (the 28th at most, so that every month has it)."""
    month = day.month - 1 + REVIEW_MONTHS
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))
