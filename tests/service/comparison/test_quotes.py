"""Quotes for and against a claim are told apart by a counter-claim, not by likeness alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_trade import call
from told_trade import TEENS, bag_of_words, evidence_of, school

from service.comparison.denials import plays_down
from service.comparison.model import JudgedClaim, Verdict
from service.comparison.quotes import counter_claim
from service.comparison.step import compared
from service.corpus.model import Corpus
from service.personas.model import Reading, Subject
from service.personas.step import persona_texts
from service.personas.subjects import read_personas

NAMES: dict[str, str | None] = {"high school student": TEENS}
CALM = "Honestly the price does not matter to our family at all, only the exam."


def told(text: str) -> Corpus:
    """The school, with four families who do not care about the price."""
    corpus = school(marketing=text)
    calm = [call(f"{TEENS}-{number:02d}", CALM, 7) for number in range(4)]
    documents = [
        d for d in corpus.documents if not (d.customer in {c.customer for c in calm} and d.id.endswith("-1.txt"))
    ]
    return replace(corpus, documents=tuple(sorted([*documents, *calm], key=lambda d: d.id)))


def judged(text: str) -> JudgedClaim:
    corpus = told(text)
    evidence = evidence_of(corpus)
    claims = compared(read_personas(persona_texts(corpus), evidence.company, NAMES), evidence, bag_of_words).claims
    return claims[0]


def test_what_plays_the_price_down_stands_against_the_claim_that_price_matters() -> None:
    found = judged("Price is the main objection for high school students.")
    assert found.quotes_for
    assert all("expensive" in quote.text for quote in found.quotes_for)
    assert [quote.text for quote in found.quotes_against][:1] == [CALM]


def test_a_denial_turns_the_sides() -> None:
    found = judged("High school students never talk about price.")
    assert CALM in {quote.text for quote in found.quotes_for}
    assert all("expensive" in quote.text for quote in found.quotes_against)


def test_what_comes_first_instead_stands_against_a_wrong_first() -> None:
    found = judged("Parking is the main objection for high school students.")
    assert found.verdict is Verdict.CONTRADICTED
    assert any("expensive" in quote.text for quote in found.quotes_against)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The price doesn't matter to us.", True), ("en", "It's not that expensive, really.", True),
        ("en", "Distance is not a problem.", True), ("en", "It is far too expensive.", False),
        ("en", "What matters to us is the price.", False), ("ru", "Цена для нас не важна.", True),
        ("ru", "Нам всё равно, сколько стоит.", True), ("ru", "Да недорого, нормально.", True),
        ("ru", "Это очень дорого.", False), ("ru", "Для нас важна цена.", False),
        ("ru", "Парковка нам не нужна.", True),
    ],
)  # fmt: skip
def test_who_plays_it_down(language: str, text: str, expected: bool) -> None:
    assert plays_down(text, language) is expected


def test_the_counter_claim_says_the_opposite_in_words() -> None:
    subject = Subject("all")
    much = Reading(subject, "topic", "is", topics=("price",))
    assert counter_claim(much, "en") != counter_claim(replace(much, operator="none"), "en")
    assert "цена" in counter_claim(much, "ru").lower()
