"""A model's readings of claims: kept as proposals where they hold, and no part of any verdict."""

from __future__ import annotations

from typing import Any

import pytest
from model_minds import NUMBERED, Plainly
from told_trade import bag_of_words, persona, school, segmentation

from service.llm.model import Outcome, Question
from service.personas.company import Company
from service.personas.model import Claim, Reading
from service.personas.proposals import propose
from service.personas.subjects import read_personas
from service.personas.voices import Voices

GOOD = {
    "words": "pay", "whom": "all", "measure": "wins", "operator": "most", "direction": "high", "value": None,
    "topics": [],
}  # fmt: skip


def claims() -> tuple[Claim, ...]:
    corpus = school()
    found = segmentation(corpus)
    company = Company(corpus, found, Voices(corpus, found), bag_of_words)
    return read_personas([persona("sales", "Parents pay for 3 months. They ask about the price.")], company).claims


def proposals(**changed: Any) -> dict[str, tuple[Reading, ...]]:
    """What is kept when the model reads every sentence the same way."""

    def mind(question: Question) -> dict[str, Any] | Outcome:
        found = NUMBERED.findall(question.variables["sentences"])
        return {"readings": [{"sentence": n, **GOOD, "words": text.split()[0], **changed} for n, text in found]}

    made = claims()
    unsure = tuple(
        Claim(**{**claim.__dict__, "atoms": tuple(Reading(a.subject, "topic", "is") for a in claim.atoms)})
        for claim in made
    )
    found = propose(unsure, segmentation(school()).segments, "en", Plainly(mind))
    return {one.claim: one.atoms for one in found}


def test_a_reading_from_closed_sets_is_kept() -> None:
    found = proposals()
    assert found
    assert {atom.measure for atoms in found.values() for atom in atoms} == {"wins"}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"words": "our best customers"}, id="words that are not there"),
        pytest.param({"words": " "}, id="no words"),
        pytest.param({"measure": "happiness"}, id="an unknown measure"),
        pytest.param({"operator": "obviously"}, id="an unknown relation"),
        pytest.param({"whom": "99"}, id="an unknown segment"),
        pytest.param({"topics": ["secrets"]}, id="an unknown topic"),
        pytest.param({"value": 97.0}, id="an invented number"),
    ],
)
def test_anything_else_is_dropped(wrong: dict[str, Any]) -> None:
    assert proposals(**wrong) == {}


def test_a_confirmed_claim_is_not_asked_about() -> None:
    asker = Plainly(lambda question: {"readings": []})
    sure = tuple(Claim(**{**claim.__dict__, "confirmed": True}) for claim in claims())
    assert propose(sure, (), "en", asker) == ()
    assert asker.asked == []
