"""Whom a claim speaks of."""

from __future__ import annotations

import pytest
from told_trade import BOSSES, TEENS, evidence_of, persona, school

from service.personas.model import Claim
from service.personas.subjects import NOBODY, read_personas


def claims_of(text: str, confirmed: dict[str, str | None] | None = None) -> list[Claim]:
    evidence = evidence_of(school())
    return list(read_personas([persona("sales", text)], evidence.company, confirmed).claims)


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        pytest.param("Parents of high school kids never buy.", TEENS, id="by words"),
        pytest.param("Sales managers and their partners decide quickly.", BOSSES, id="by keyphrases"),
        pytest.param("High school parents call a lot. They never buy.", TEENS, id="carried by a pronoun"),
        pytest.param("**High school parents.** Never buy anything.", TEENS, id="carried by a lead-in"),
    ],
)
def test_a_name_is_tied_to_the_segment_that_speaks_like_it(text: str, segment: str) -> None:
    assert claims_of(text)[-1].atoms[0].subject.segment == segment


def test_a_word_for_everybody_means_all() -> None:
    assert claims_of("Nobody ever asks about the warranty.")[0].atoms[0].subject.kind == "all"


def test_the_second_party_of_a_comparison_is_kept() -> None:
    atom = claims_of("Managers convert better than high school parents.")[0].atoms[0]
    assert (atom.operator, atom.subject.segment) == ("than", BOSSES)
    assert atom.other is not None
    assert atom.other.segment == TEENS


def test_a_person_s_word_decides() -> None:
    text = "High school students never buy."
    key = read_personas([persona("sales", text)], evidence_of(school()).company).aliases[0].lemma
    assert claims_of(text, {key: BOSSES})[0].atoms[0].subject.segment == BOSSES
    assert claims_of(text, {key: None})[0].atoms[0].subject.kind == "all"
    assert claims_of(text, {key: NOBODY})[0].atoms[0].subject.kind == "unresolved"


def test_ids_are_stable_and_quotes_verbatim() -> None:
    text = "High school students never buy. Managers decide quickly."
    first, again = claims_of(text), claims_of(text)
    assert [c.id for c in first] == [c.id for c in again]
    assert all(text[c.start : c.end] == c.quote for c in first)


def test_a_campaign_is_known_by_its_words() -> None:
    atom = claims_of("The summer exam campaign is a waste of money.")[0].atoms[0]
    assert atom.subject.campaigns == ("Summer_Exam_Prep",)
