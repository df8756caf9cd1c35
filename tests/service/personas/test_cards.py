"""A person's words on a card, laid over a reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.model import Stakeholder
from service.core.errors import BadInput
from service.personas.cards import Known, Said, asks_whom, corrected, offered, quantity_of, subject_of, topics_and_words
from service.personas.model import Claim, Reading, Subject

KNOWN = Known({"s1": "Parents", "s2": "Students"}, ("summer", "winter"), "en")
READ = Reading(
    Subject("segment", "s1", mention="parents", second="s2"), "cycle", "number", value=14.0, unit="days",
    alternatives=("retention", "value"),
)  # fmt: skip
CLAIM = Claim("c1", Stakeholder.SALES, "sales.md", 1, 0, 10, "q", "q", "", (READ,))


def only(said: Said) -> Reading:
    return corrected(CLAIM, [said], KNOWN).atoms[0]


def test_what_is_left_out_stays() -> None:
    assert only(Said()) == replace(READ, subject=Subject("segment", "s1", mention="parents", confirmed=True))


@pytest.mark.parametrize(
    ("whom", "kind", "segment"),
    [
        pytest.param("s2", "segment", "s2", id="by id"),
        pytest.param("students", "segment", "s2", id="by name, any case"),
        pytest.param("all", "all", None, id="everybody"),
        pytest.param("none", "unresolved", None, id="nobody"),
        pytest.param("campaign:summer+winter", "campaign", None, id="campaigns"),
    ],
)
def test_whom(whom: str, kind: str, segment: str | None) -> None:
    subject = only(Said(whom=whom)).subject
    assert (subject.kind, subject.segment, subject.confirmed) == (kind, segment, True)


@pytest.mark.parametrize("whom", ["teachers", "campaign:autumn", "campaign:", ""])
def test_nobody_is_guessed(whom: str) -> None:
    with pytest.raises(BadInput):
        subject_of(whom, KNOWN)


def test_another_operator_drops_the_number_and_a_number_the_old_range() -> None:
    assert only(Said(operator="low")).value is None
    ranged = replace(CLAIM, atoms=(replace(READ, high=20.0),))
    assert corrected(ranged, [Said(value=3.0)], KNOWN).atoms[0].high is None


def test_thoughts_are_added_dropped_and_keep_their_place() -> None:
    two = replace(CLAIM, atoms=(READ, replace(READ, measure="value", operator="high", value=None)))
    assert [a.measure for a in corrected(two, [Said(place=1)], KNOWN).atoms] == ["value"]
    more = corrected(two, [Said(), Said(), Said(measure="referral", operator="most")], KNOWN)
    assert [a.measure for a in more.atoms] == ["cycle", "value", "referral"]
    assert more.read == two.atoms


def test_topics_by_name_and_other_words() -> None:
    assert topics_and_words("price, leather seats", "en") == (["price"], ["leather seats"])
    atom = only(Said(measure="topic", topics=["price"], words=["leather seats"]))
    assert atom.topics == ("price",)
    assert len(atom.words) == 2


@pytest.mark.parametrize(
    ("text", "language", "value", "kind", "bound"),
    [
        pytest.param("не меньше полугода", "ru", 6.0, "months", "at_least", id="a floor in words"),
        pytest.param("7 из 10", "ru", 0.7, "share", "about", id="a ratio"),
        pytest.param("at most 40%", "en", 0.4, "share", "at_most", id="a ceiling"),
    ],
)
def test_numbers_are_read_from_words(text: str, language: str, value: float, kind: str, bound: str) -> None:
    found = quantity_of(text, language)
    assert (found.value, found.kind, found.bound) == (value, kind, bound)


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput):
        quantity_of("a lot", "en")


def test_a_card_asks_whom_only_where_the_sentence_leaves_it_open() -> None:
    named = replace(READ, subject=Subject("segment", "s1", mention="parents"))
    assert not asks_whom(named)
    assert asks_whom(READ)
    assert asks_whom(replace(READ, subject=Subject("all")))
    assert not asks_whom(replace(READ, subject=Subject("all", confirmed=True)))
    assert not asks_whom(replace(READ, measure="demographic"))


def test_three_measures_are_offered_the_reading_s_own_first() -> None:
    assert offered(READ) == ("cycle", "retention", "value")
    assert len(offered(replace(READ, alternatives=()))) == 3
