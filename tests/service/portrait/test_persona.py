"""The unified portrait in persona form, and the second axis of a verdict."""

from __future__ import annotations

import pytest
from told_trade import BOSSES, TEENS, evidence_of, school, segmentation

from ingest.model import Stakeholder
from service.comparison.model import Comparison, Finding, JudgedClaim, Verdict
from service.comparison.step import compared
from service.personas.model import Claim
from service.personas.step import persona_texts
from service.personas.subjects import read_personas
from service.portrait.focus import Focus, advice, focus_of
from service.portrait.model import Placed, Portrait, Tier
from service.portrait.persona import Persona, personas, strength_of
from service.segments.model import Segment, Segmentation, Share, TopicShare

NAMES: dict[str, str | None] = {"high school student": TEENS}
PLACED = Portrait((
    Placed(BOSSES, Tier.MOST_PROFITABLE, 0.95, (), ""), Placed(TEENS, Tier.SECONDARY, 0.8, (), ""),
))  # fmt: skip


def share(k: int, n: int) -> Share:
    return Share(k, n, k / n, 0.0, 1.0)


def topic(name: str, facet: str, k: int, elsewhere: int, score: float) -> TopicShare:
    return TopicShare(name, facet, share(k, 20), share(elsewhere, 20), score=score)


def one_segment(*topics: TopicShare) -> Segmentation:
    segment = Segment(
        TEENS, "segment", "Exam", 1, 20, 20, 0, share(20, 30), 0.9, topics=topics,
        facets=(topic("student", "who", 15, 1, 5.0), topic("goal:price", "goal", 2, 0, 3.0)),
    )  # fmt: skip
    return Segmentation((segment,), (), customers=20)


def made(**texts: str) -> tuple[tuple[Persona, ...], Comparison]:
    corpus = school(**texts)
    evidence = evidence_of(corpus)
    found = compared(read_personas(persona_texts(corpus), evidence.company, NAMES), evidence)
    return personas(segmentation(corpus), evidence.book, PLACED, found), found


def test_segments_stand_in_the_order_of_their_tiers() -> None:
    assert [one.segment for one in made()[0]] == [BOSSES, TEENS]


def test_a_persona_tells_money_channels_and_share_of_the_business() -> None:
    bosses, teens = made()[0]
    assert {row.measure: row.value for row in bosses.check}["average_check"] == 1000
    assert {row.measure for row in bosses.shares} >= {"share_of_customers", "share_of_won", "share_of_revenue"}
    assert [row.measure for row in teens.channels] == ["channel_share:Meta"]
    assert teens.words


def test_a_persona_says_which_stakeholder_sees_it_and_how_right_they_are() -> None:
    bosses, teens = made(marketing="High school students never buy.")[0]
    assert [(k.stakeholder, k.named) for k in bosses.known] == [(Stakeholder.MARKETING, False)]
    assert sum((teens.known[0].right, teens.known[0].partly, teens.known[0].wrong)) == 1


def test_common_doubts_are_told_and_marked_and_rare_traits_are_not() -> None:
    told = one_segment(
        topic("price", "objection", 10, 10, 0.0), topic("distance", "objection", 9, 1, 3.0),
        topic("trust", "objection", 2, 0, 4.0), topic("delivery", "objection", 1, 1, 0.0),
    )  # fmt: skip
    (one,) = personas(told, evidence_of(school()).book, Portrait(()))
    traits = {facet: [(t.row.topic, t.distinct) for t in rows] for facet, rows in one.traits}
    assert traits["objection"] == [("distance", True), ("price", False)]
    assert traits["who"] == [("student", True)]
    assert "goal" not in traits


@pytest.mark.parametrize(
    ("customers", "won", "stability", "strength"),
    [(40, 12, 0.9, "strong"), (40, 12, 0.5, "fair"), (15, 4, 0.9, "fair"), (15, 2, 0.9, "weak"), (8, 8, 1.0, "weak")],
)
def test_what_a_portrait_rests_on(customers: int, won: int, stability: float, strength: str) -> None:
    assert strength_of(customers, won, stability) == strength


def judged(verdict: Verdict, segment: str | None) -> JudgedClaim:
    claim = Claim("c", Stakeholder.OWNER, "personas/owner.md", 1, 0, 1, "x", "x", "", ())
    return JudgedClaim(claim, verdict, (Finding(verdict, "rate.high"),), segment)


@pytest.mark.parametrize(
    ("segment", "focus"), [(BOSSES, Focus.FIRST), (TEENS, Focus.LATER), (None, Focus.EVERYBODY), ("s", Focus.EVERYBODY)]
)
def test_the_second_axis_is_the_tier_of_whom_it_speaks(segment: str | None, focus: Focus) -> None:
    assert focus_of(judged(Verdict.SUPPORTED, segment), PLACED) is focus


def test_wrong_about_the_main_customers_comes_first() -> None:
    assert advice(Verdict.CONTRADICTED, Focus.FIRST) == "correct_first"
    assert advice(Verdict.SUPPORTED, Focus.LATER) == "true_but_small"
    assert advice(Verdict.NO_EVIDENCE, Focus.EVERYBODY) == ""
