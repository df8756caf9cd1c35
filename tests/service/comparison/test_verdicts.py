"""Claims against the data: each rule with a figure on each side of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from told_trade import BOSSES, TEENS, evidence_of, persona, school

from ingest.model import AdSpend
from service.comparison.campaigns import bill, judge_cost
from service.comparison.figures import Figures, amount, combined, named_share, part, rate
from service.comparison.model import Verdict
from service.comparison.rules import TABLE, rules, sentence
from service.comparison.verdicts import judge
from service.personas.model import Claim, Reading, Subject
from service.personas.subjects import read_personas

S, P, C, N = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE
ALL = Subject("all")


def reading(operator: str, value: float | None = None, **fields: object) -> Reading:
    return replace(
        Reading(ALL, "conversion", "is", value, measure_cue=True, operator_cue=True), operator=operator, **fields
    )  # type: ignore[arg-type]


def figures(value: float, *others: float, average: float = 0.3) -> Figures:
    return Figures(value, value - 0.05, value + 0.05, average, others)


@pytest.mark.parametrize(
    ("rule", "said", "found", "verdict"),
    [
        pytest.param(part, reading("most"), figures(0.4, 0.3, 0.3), S, id="largest part"),
        pytest.param(part, reading("most"), figures(0.3, 0.4, 0.3), C, id="not the largest"),
        pytest.param(part, reading("majority"), figures(0.55, 0.45), S, id="majority"),
        pytest.param(part, reading("majority"), figures(0.47, 0.3), P, id="largest, majority within the interval"),
        pytest.param(part, reading("rare"), figures(0.05, 0.5, 0.45), S, id="small part"),
        pytest.param(part, reading("rare"), figures(0.33, 0.33, 0.34), C, id="an equal part is not small"),
        pytest.param(rate, reading("none"), figures(0.02), S, id="never"),
        pytest.param(rate, reading("none"), figures(0.28), C, id="near the average is not never"),
        pytest.param(rate, reading("equal"), figures(0.1), C, id="far below the average is worse"),
        pytest.param(rate, reading("low"), figures(0.0, average=0.0), S, id="nothing is low"),
        pytest.param(amount, reading("low"), figures(5.0, 10.0, 12.0), S, id="low against the median"),
        pytest.param(amount, reading("low"), figures(20.0, 10.0, 12.0), C, id="high is not low"),
        pytest.param(named_share, reading("number", 0.5, bound="at_least"), figures(0.6), S, id="floor reached"),
        pytest.param(named_share, reading("number", 0.5, bound="at_least"), figures(0.15), C, id="floor missed"),
        pytest.param(named_share, reading("number", 0.7), figures(0.38), C, id="another share"),
    ],
)
def test_a_figure_is_held_to_its_rule(rule, said: Reading, found: Figures, verdict: Verdict) -> None:  # type: ignore[no-untyped-def]
    assert rule(found, said).verdict is verdict


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([S, S], S), ([C, C], C), ([S, C], P), ([S, N], P), ([C, N], C), ([N], N)],
)
def test_thoughts_make_the_claim_s_verdict(parts: list[Verdict], whole: Verdict) -> None:
    assert combined(parts) is whole


@pytest.mark.parametrize(
    ("text", "verdict", "measure"),
    [
        pytest.param("Most of our leads are high school students.", S, "share_of_customers", id="leads"),
        pytest.param("Most of our revenue comes from high school students.", C, "share_of_revenue", id="revenue"),
        pytest.param("Managers convert better than high school students.", S, "conversion", id="comparison"),
        pytest.param("High school students convert as well as anybody.", C, "conversion", id="no worse"),
        pytest.param("Nobody among managers asks about a contract.", C, "topic:documents", id="a topic denied"),
        pytest.param("Price is the main objection for high school students.", S, "topic:price", id="first objection"),
        pytest.param("Managers come only through ads.", C, "paid_share", id="channel"),
        pytest.param("The average customer is forty years old.", N, "", id="no such data"),
    ],
)
def test_a_sentence_gets_its_verdict(text: str, verdict: Verdict, measure: str) -> None:
    evidence = evidence_of(school())
    confirmed = {"high school student": TEENS, "manag": BOSSES, "school student": TEENS, "student": TEENS}
    found = read_personas([persona("owner", text)], evidence.company, confirmed)
    judged = judge(found.claims[0], evidence)
    assert (judged.verdict, judged.findings[0].measure) == (verdict, measure)


def test_a_machine_reading_without_an_operator_is_never_supported() -> None:
    evidence = evidence_of(school())
    atom = replace(reading("high"), subject=Subject("segment", BOSSES), operator_cue=False)
    claim = Claim("c", persona("owner", "x").text.stakeholder, "r", 1, 0, 1, "x", "x", "", (atom,))  # type: ignore[arg-type]
    assert judge(claim, evidence).verdict is P
    assert judge(replace(claim, confirmed=True), evidence).verdict is S


def test_without_deals_money_claims_have_no_evidence() -> None:
    corpus = replace(school(), deals=())
    evidence = evidence_of(corpus)
    found = read_personas([persona("owner", "Managers convert better than students.")], evidence.company)
    judged = judge(found.claims[0], evidence)
    assert (judged.verdict, judged.note) == (N, "open.no_deals")


def test_every_rule_is_said_in_both_languages_and_every_threshold_has_an_origin() -> None:
    assert all(sentence(rule, code) for rule in rules() for code in ("ru", "en"))
    assert all(entry.origin for entry in TABLE.values())


def test_a_figure_of_two_campaigns_is_said_to_be_of_both() -> None:
    spent = (
        AdSpend("spend.csv#1", date(2026, 1, 12), "vk", "vk_teens", None, Decimal(3000), leads=30),
        AdSpend("spend.csv#2", date(2026, 1, 12), "meta", "meta_teens", None, Decimal(1000), leads=10),
        AdSpend("spend.csv#3", date(2026, 1, 12), "vk", "vk_bosses", None, Decimal(9000), leads=10),
    )
    evidence = evidence_of(replace(school(), ad_spend=spent))
    both = Subject("campaign", campaign="vk_teens", campaigns=("vk_teens", "meta_teens"))
    found = judge_cost(reading("low", subject=both, measure="cost_per_lead", direction="low"), evidence)
    assert (found.name, found.names, found.value) == ("vk_teens + meta_teens", ("vk_teens", "meta_teens"), 100.0)
    alone = judge_cost(reading("low", subject=replace(both, campaigns=()), measure="cost_per_lead"), evidence)
    assert (alone.name, alone.names) == ("vk_teens", ())


def test_the_return_of_a_segment_is_the_book_s_own() -> None:
    spent = (AdSpend("spend.csv#1", date(2026, 1, 12), "vk", "vk_teens", None, Decimal(3000), leads=30),)
    evidence = evidence_of(replace(school(), ad_spend=spent))
    for level in ("all", "segment", "campaign"):
        for name in evidence.book.names(level):
            back, spend = evidence.book.value(level, name, "roas"), evidence.book.value(level, name, "spend")
            if back is not None and spend:
                assert bill(evidence, level, [name]).roas == pytest.approx(back)
