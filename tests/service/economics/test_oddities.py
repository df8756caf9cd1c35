"""What the files leave unclear is counted and named; small groups are marked."""

from __future__ import annotations

from datetime import date

import pytest
from small_trade import ad, call, company, sale, segmented

from service.corpus.model import CorpusDeal
from service.economics.measures import measure_all
from service.economics.measures_catalogue import explain, label
from service.economics.model import Measure, MeasureBook
from service.economics.oddities import ODDITIES, named_oddities
from service.economics.shrinkage import PRIOR, is_few, shrunk

UNTIL = date(2025, 6, 1)


def book_of(*items: CorpusDeal) -> MeasureBook:
    corpus = company(*items, call("a"), call("b"), ad("Meta", "spring", "10"))
    return measure_all(corpus, segmented(corpus), until=UNTIL)


CASES = {
    "refund larger than what was paid": ("refunds_over_paid", sale("a", amount=10, refund=15), 1),
    "an order without a sum": ("orders_without_amount", sale("a"), 1),
    "closed before it was created": ("odd_dates", sale("a", amount=1, closed_on=date(2024, 1, 1)), 1),
    "won on a day still to come": ("future_dates", sale("a", amount=1, closed_on=date(2031, 1, 1)), 1),
    "nobody is named": ("nameless_orders", sale("z", amount=1), 1),
    "another currency": ("mixed_currency", sale("b", amount=1, currency="USD", number=1), 1),
}


@pytest.mark.parametrize(("measure", "odd", "count"), CASES.values(), ids=CASES.keys())
def test_an_oddity_is_counted(measure: str, odd: CorpusDeal, count: int) -> None:
    book = book_of(odd, sale("b", amount=5, currency="EUR"), sale("a", amount=5, currency="EUR", number=2))
    assert book.value("all", "all", measure) == count
    assert measure in named_oddities(book)


def test_clean_files_have_nothing_odd() -> None:
    clean = sale("a", amount=5, closed_on=date(2025, 2, 1), source="Meta", campaign="spring")
    assert named_oddities(book_of(clean)) == []


def test_a_future_day_tells_nothing_of_time_but_its_money_counts() -> None:
    book = book_of(sale("a", amount=5, closed_on=date(2031, 1, 1)), sale("b", amount=7, closed_on=date(2025, 1, 15)))
    assert book.value("all", "all", "revenue") == 12
    assert book.value("all", "all", "days_to_close") == 5


def test_spend_without_a_campaign_and_from_the_future_is_named() -> None:
    corpus = company(sale("a", amount=5), ad("Meta", "", "30"), ad("Meta", "spring", "10"))
    book = measure_all(corpus, segmented(corpus), until=date(2025, 1, 1))
    assert book.value("all", "all", "spend_without_campaign") == 30
    assert book.value("all", "all", "spend") == 40
    assert book.value("all", "all", "future_spend") == 40


def test_every_oddity_is_explained_in_both_languages() -> None:
    for measure in ODDITIES:
        for language in ("ru", "en"):
            assert label(measure, language)
            assert explain(measure, language)


def test_what_went_back_and_what_came_again_are_parts_of_the_revenue() -> None:
    first, second = date(2025, 1, 5), date(2025, 3, 5)
    book = book_of(
        sale("a", amount=100, closed_on=second, number=1), sale("a", amount=60, closed_on=first),
        sale("b", amount=50, refund=20, closed_on=first),
    )  # fmt: skip
    assert [book.value("all", "all", m) for m in ("revenue", "refunds", "revenue_again")] == [190, 20, 100]


class TestSmallGroups:
    def book(self) -> MeasureBook:
        rows = [
            Measure("all", "all", "conversion", 0.2, None, None, 100, "share"),
            Measure("segment", "s", "conversion", 1.0, None, None, 10, "share"),
            Measure("segment", "s", "revenue", 500.0, None, None, 10, "money"),
            Measure("segment", "t", "conversion", 1.0, None, None, 2, "share"),
        ]
        return MeasureBook(rows, "EUR")

    def test_ten_units_are_moved_half_way(self) -> None:
        book = self.book()
        row = book.get("segment", "s", "conversion")
        assert row is not None
        assert row.n == PRIOR
        assert shrunk(row, book) == pytest.approx(0.6)

    def test_sums_and_the_company_itself_stay(self) -> None:
        book = self.book()
        for level, name, measure in (("all", "all", "conversion"), ("segment", "s", "revenue")):
            row = book.get(level, name, measure)  # type: ignore[arg-type]
            assert row is not None
            assert shrunk(row, book) is None

    def test_few_are_marked(self) -> None:
        book = self.book()
        marked = {(row.name, row.measure) for row in book if is_few(row)}
        assert marked == {("t", "conversion")}
