"""Where three pictures meet and part, and what it costs."""

from __future__ import annotations

import pytest
from told_trade import BOSSES, TEENS, evidence_of, school

from ingest.model import Stakeholder
from service.comparison.model import Comparison
from service.comparison.step import compared
from service.personas.step import persona_texts
from service.personas.subjects import read_personas

NAMES: dict[str, str | None] = {"high school student": TEENS, "student": TEENS, "manag": BOSSES}
TEXTS = {
    "marketing": "Most leads are high school students. High school students buy best of all.",
    "sales": "High school students never buy. Students waste our time.",
}


def comparison(**texts: str) -> Comparison:
    corpus = school(**texts)
    evidence = evidence_of(corpus)
    return compared(read_personas(persona_texts(corpus), evidence.company, NAMES), evidence)


def test_a_segment_nobody_names_is_a_blind_spot_with_its_money() -> None:
    found = comparison(**TEXTS)
    assert found.blind_spots == (BOSSES,)
    blind = next(d for d in found.divergences if d.kind == "blind_spot")
    assert blind.money == 6000
    assert ("revenue", 6000.0) in blind.arithmetic


def test_opposite_sayings_of_the_same_people_part() -> None:
    found = comparison(**TEXTS)
    pairs = [d for d in found.divergences if d.kind == "claim_vs_claim"]
    assert pairs
    assert set(pairs[0].stakeholders) == {Stakeholder.MARKETING, Stakeholder.SALES}


def test_different_protagonists_part_by_the_difference_of_revenue() -> None:
    found = comparison(marketing="Our client is the high school student.", owner="Our client is first of all managers.")
    parted = next(d for d in found.divergences if d.kind == "protagonist")
    assert parted.money == 6000 - 400


def test_coverage_counts_what_a_persona_names() -> None:
    found = comparison(**TEXTS)
    marketing = next(c for c in found.coverage if c.stakeholder is Stakeholder.MARKETING)
    assert marketing.segments == (TEENS,)
    assert marketing.leads == pytest.approx(2 / 3)


def test_a_group_only_waved_aside_is_not_named() -> None:
    found = comparison(owner="Our client is the high school student. Managers are not our market.")
    assert BOSSES in found.blind_spots


def test_missing_personas_are_told_and_the_rest_works() -> None:
    found = comparison(owner="Our client is first of all managers.")
    assert found.missing == (Stakeholder.MARKETING, Stakeholder.SALES)
    assert comparison().missing == tuple(Stakeholder)


def test_dearest_divergences_come_first() -> None:
    money = [d.money for d in comparison(**TEXTS).divergences if d.money is not None]
    assert money == sorted(money, reverse=True)
