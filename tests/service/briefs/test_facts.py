"""The ledger: one id a source, quotations only where they stand, first places only where the data tell apart."""

from __future__ import annotations

from dataclasses import replace

from brief_company import company

from service.briefs.facts import Ledger, differ
from service.briefs.material import Material
from service.segments.model import Quote


def test_the_same_source_is_the_same_fact_in_both_languages() -> None:
    inputs = company("ru").inputs()
    ledger = Ledger(inputs)
    russian, english = Material(inputs, "ru", ledger), Material(inputs, "en", ledger)
    assert russian.figure("seg_crowd", "ltv") is english.figure("seg_crowd", "ltv")


def test_a_quotation_must_stand_where_it_says() -> None:
    inputs = company("ru").inputs()
    true = inputs.segments[0].quotes[0]
    ledger = Ledger(inputs)
    assert ledger.quote(true) is not None
    assert ledger.quote(replace(true, text="Совсем другие слова")) is None
    assert ledger.quote(replace(true, document="d_nowhere")) is None
    assert ledger.quote(replace(true, position=99)) is None


def test_a_quotation_knows_its_day_and_segment_but_no_file() -> None:
    inputs = company("ru").inputs()
    fact = Ledger(inputs).quote(inputs.segments[0].quotes[0])
    assert fact is not None
    assert (fact.subject, fact.on is not None) == (inputs.segments[0].id, True)
    assert "+7945" not in fact.source


def test_no_measure_no_fact() -> None:
    assert Material(company("ru").inputs(), "ru").figure("seg_atelier", "cac") is None


def test_first_place_is_given_only_when_the_second_is_told_apart() -> None:
    material = Material(company("ru").inputs(), "ru")
    revenue = material.first("revenue")
    assert revenue is not None
    assert revenue[0] == "seg_atelier"
    assert material.first("days_to_close") is None, "all segments take the same time"


def test_close_shares_are_not_told_apart() -> None:
    assert not differ(10, 40, 12, 40)
    assert differ(4, 40, 20, 40)
    assert not differ(1, 1, 0, 0)


def test_quotes_of_redacted_text_keep_their_offsets() -> None:
    inputs = company("en").inputs()
    document = inputs.calls()[0]
    text = document.document.utterances[1].text
    assert Ledger(inputs).quote(Quote(document.id, 1, 2, 9, text[2:9], document.customer)) is not None
