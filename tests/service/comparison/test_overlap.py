"""Each pair of stakeholders and all three: whom they share, where they meet and part."""

from __future__ import annotations

import pytest
from told_trade import BOSSES, TEENS, evidence_of, school

from ingest.model import Stakeholder
from service.comparison.overlap import Overlap, overlaps
from service.comparison.step import compared
from service.personas.step import persona_texts
from service.personas.subjects import read_personas

NAMES: dict[str, str | None] = {"high school student": TEENS, "student": TEENS, "manag": BOSSES}
BOTH = "High school students buy best of all. Managers bring most of the revenue."


def found(**texts: str) -> dict[tuple[str, ...], Overlap]:
    corpus = school(**texts)
    evidence = evidence_of(corpus)
    comparison = compared(read_personas(persona_texts(corpus), evidence.company, NAMES), evidence)
    return {tuple(s.value for s in one.stakeholders): one for one in overlaps(comparison, evidence.book)}


def test_three_personas_make_three_pairs_and_all_three() -> None:
    keys = list(found(marketing=BOTH, sales=BOTH, owner="Our client is the high school student."))
    assert keys == [
        ("marketing", "sales"), ("marketing", "owner"), ("sales", "owner"), ("marketing", "sales", "owner"),
    ]  # fmt: skip


@pytest.mark.parametrize("texts", [{}, {"owner": BOTH}], ids=["nobody wrote", "one wrote"])
def test_fewer_than_two_personas_share_nothing(texts: dict[str, str]) -> None:
    assert found(**texts) == {}


def test_shared_segments_carry_their_part_of_the_business() -> None:
    pair = found(marketing=BOTH, owner="Our client is first of all managers.")[("marketing", "owner")]
    assert pair.shared == (BOSSES,)
    assert pair.revenue == pytest.approx(6000 / 6400)
    assert pair.wins == pytest.approx(0.6)
    assert dict(pair.only)[Stakeholder.MARKETING] == (TEENS,)
    assert dict(pair.only)[Stakeholder.OWNER] == ()


def test_nothing_shared_is_nothing_of_the_business() -> None:
    pair = found(marketing="Our client is the high school student.", owner="Our client is first of all managers.")[
        ("marketing", "owner")
    ]
    assert pair.shared == ()
    assert pair.revenue == 0
    assert pair.part
    assert pair.money == 6000 - 400


def test_what_two_say_against_each_other_is_theirs_and_not_the_third_ones() -> None:
    seen = found(
        marketing="High school students buy best of all.", sales="High school students never buy.",
        owner="Our client is first of all managers.",
    )  # fmt: skip
    assert set(seen[("marketing", "sales")].part) - set(seen[("marketing", "owner")].part)
    assert set(seen[("marketing", "sales", "owner")].part) >= set(seen[("marketing", "sales")].part)
