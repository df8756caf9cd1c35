"""What the measures are worth: money rules, bases, shares, oddities."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from small_trade import ad, call, company, lead, sale, segmented

from ingest.model import AdSpend
from service.corpus.model import CorpusDeal, CorpusDocument
from service.economics.measures import measure_all, revenue_of_customers
from service.economics.measures_catalogue import CATALOGUE, CONTRACT, counted, entry_of, explain, group_name, label
from service.economics.model import Level, MeasureBook


def measured(
    *items: CorpusDocument | CorpusDeal | AdSpend, outsiders: tuple[str, ...] = (), **members: list[str]
) -> MeasureBook:
    corpus = company(*items)
    return measure_all(corpus, segmented(corpus, outsiders, **members))


MONEY_CASES: list[tuple[str, dict[str, Any], float]] = [
    ("one order", {"amount": 100}, 100.0),
    ("paid months multiply", {"amount": 100, "months_paid": 3}, 300.0),
    ("no month was paid", {"amount": 100, "months_paid": 0}, 0.0),
    ("quantity never multiplies", {"amount": 3800, "quantity": 2}, 3800.0),
    ("accessories add once", {"amount": 100, "months_paid": 2, "accessories": "9.99"}, 209.99),
    ("refund goes off", {"amount": 100, "months_paid": 2, "refund": 50}, 150.0),
    ("a negative refund is the same refund", {"amount": 100, "refund": -30}, 70.0),
    ("returned without a sum is worth nothing", {"amount": 100, "accessories": 5, "refunded": True}, 0.0),
    ("returned with a sum loses the sum", {"amount": 100, "refunded": True, "refund": 40}, 60.0),
    ("not returned", {"amount": 100, "refunded": False}, 100.0),
    ("refund above payment stays negative", {"amount": 100, "refund": 130}, -30.0),
]


@pytest.mark.parametrize(("deal", "net"), [c[1:] for c in MONEY_CASES], ids=[c[0] for c in MONEY_CASES])
def test_what_an_order_is_worth(deal: dict[str, Any], net: float) -> None:
    corpus = company(sale("a", **deal))
    assert measure_all(corpus, segmented(corpus)).value("all", "all", "revenue") == net
    assert revenue_of_customers(corpus) == {"a": net}


class TestBases:
    def test_the_unit_is_the_customer_not_the_deal(self) -> None:
        book = measured(sale("a", amount=10), sale("a", amount=30, number=1), sale("b", "lost"), call("c"))
        assert [book.value("all", "all", m) for m in ("customers", "won", "orders")] == [3, 1, 2]
        assert book.value("all", "all", "conversion") == pytest.approx(1 / 3)
        assert book.value("all", "all", "ltv") == 40
        assert book.value("all", "all", "average_check") == 20
        assert book.value("all", "all", "repeat_share") == 1.0

    def test_people_who_are_no_customers_are_out_of_every_base_but_their_own(self) -> None:
        book = measured(
            lead("a", "vk", "spring"), lead("x", "vk", "spring", day=2),
            sale("a", amount=10, source="vk", campaign="spring"), ad("vk", "spring", "100"), outsiders=("x",),
        )  # fmt: skip
        groups: list[tuple[Level, str]] = [("all", "all"), ("channel", "vk"), ("campaign", "spring")]
        for level, name in groups:
            assert book.value(level, name, "customers") == 1
            assert book.value(level, name, "leads") == 2
            assert book.value(level, name, "conversion") == 1.0
            assert book.value(level, name, "not_a_customer_share") == 0.5
        assert book.value("all", "all", "spend_on_not_customers") == 50

    def test_whoever_paid_is_a_customer_whatever_the_segments_say(self) -> None:
        book = measured(sale("x", amount=10), sale("y", "lost"), call("z"), outsiders=("x", "y"))
        assert book.value("all", "all", "customers") == 2
        assert book.value("all", "all", "revenue") == 10

    def test_segments_and_the_unassigned_add_up_to_all(self) -> None:
        book = measured(
            *(sale(c, amount=amount) for c, amount in zip("abcd", (10, 20, 30, 40), strict=True)),
            sale("e", "lost"), families=["a", "b", "e"], students=["c"],
        )  # fmt: skip
        parts = [book.value("segment", "families", "revenue"), book.value("segment", "students", "revenue")]
        assert [*parts, book.value("all", "all", "unassigned_revenue")] == [30, 30, 40]
        assert book.value("segment", "families", "share_of_customers") == 0.6
        assert book.value("segment", "families", "share_of_won") == 0.5
        assert book.value("segment", "families", "share_of_revenue") == pytest.approx(0.3)
        assert book.value("all", "all", "unassigned_customers") == 1

    def test_every_group_has_every_contract_row(self) -> None:
        book = measured(call("a"), lead("b", "vk", "spring"), families=["a"])
        groups: list[tuple[Level, str]] = [
            ("all", "all"), ("segment", "families"), ("channel", "vk"), ("campaign", "spring"),
        ]  # fmt: skip
        for level, name in groups:
            assert [m for m in CONTRACT if book.get(level, name, m) is None] == []

    def test_without_deals_and_ads_money_is_unknown_not_zero(self) -> None:
        book = measured(call("a"), call("b"), families=["a"])
        for measure in ("won", "conversion", "revenue", "ltv", "spend", "cac", "days_to_close", "satisfaction"):
            row = book.get("segment", "families", measure)
            assert row is not None
            assert (row.value, row.low, row.high, row.n) == (None, None, None, 0)
        assert book.value("segment", "families", "customers") == 1

    def test_an_empty_company_has_rows_and_no_values(self) -> None:
        book = measured()
        assert book.value("all", "all", "customers") == 0
        assert book.value("all", "all", "conversion") is None


class TestLoyalty:
    def test_months_stay_and_churn(self) -> None:
        book = measured(
            sale("a", amount=10, months_paid=1, closed_on=date(2025, 1, 20)),
            sale("b", amount=10, months_paid=2, closed_on=date(2025, 1, 20)),
            sale("c", amount=10, months_paid=6, closed_on=date(2025, 1, 20)),
            sale("d", amount=10, months_paid=12, closed_on=date(2025, 1, 20)),
            sale("z", "lost", closed_on=date(2025, 8, 1)),
        )  # fmt: skip
        assert book.value("all", "all", "months_paid") == 5.25
        assert book.value("all", "all", "stays_6_months") == 0.5
        assert book.value("all", "all", "stay_share") == 0.75
        assert book.value("all", "all", "still_paying_share") == 0.25

    def test_no_months_no_stay_measures(self) -> None:
        book = measured(sale("a", amount=10), sale("b", amount=10))
        assert book.get("all", "all", "stays_6_months") is None
        assert book.get("all", "all", "stay_share") is None

    def test_kept_leaves_out_whole_returns_only(self) -> None:
        book = measured(
            sale("a", amount=10, refunded=True), sale("b", amount=10, refund=4), sale("c", amount=10, refund=0),
            sale("d", amount=10, refund=10), ad("vk", "spring", "60"), families=["a", "b"],
        )  # fmt: skip
        assert book.value("all", "all", "kept") == 2
        assert book.value("all", "all", "cac_kept") == 30
        assert book.value("all", "all", "refund_share") == 0.75
        assert book.value("segment", "families", "share_of_refunds") == pytest.approx(2 / 3)

    def test_nps_counts_promoters_less_detractors(self) -> None:
        scores = (10, 9, 8, 3)
        book = measured(
            *(
                sale(c, amount=1, satisfaction=float(s), satisfaction_scale="nps")
                for c, s in zip("abcd", scores, strict=True)
            )
        )
        assert book.value("all", "all", "satisfaction") == 7.5
        assert book.value("all", "all", "nps") == 25.0

    def test_two_scales_are_never_averaged(self) -> None:
        book = measured(
            sale("a", amount=1, satisfaction=5.0, satisfaction_scale="csat"),
            sale("b", amount=1, satisfaction=4.0, satisfaction_scale="csat"),
            sale("c", amount=1, satisfaction=9.0, satisfaction_scale="nps"),
        )
        row = book.get("all", "all", "satisfaction")
        assert row is not None
        assert (row.value, row.n) == (4.5, 2)

    def test_habits_are_shares_of_what_is_known(self) -> None:
        book = measured(
            sale("a", amount=1, discount_percent=10, quantity=2, referred=True, product="Big", accessories=4),
            sale("b", amount=1, discount_percent=0, quantity=1, referred=False, product="Big", accessories=0),
            sale("c", amount=1),
        )
        shares = {m: book.value("all", "all", m) for m in ("discount_share", "quantity_pairs", "referral_share")}
        assert shares == dict.fromkeys(shares, 0.5)
        assert book.value("all", "all", "product_share:Big") == 1.0
        assert book.value("all", "all", "accessories") == 2.0
        assert book.value("all", "all", "basket") == pytest.approx(7 / 3)


class TestOddData:
    def test_two_currencies_are_never_summed(self) -> None:
        book = measured(
            sale("a", amount=100, currency="EUR"), sale("b", amount=100, currency="EUR"),
            sale("c", amount=7, currency="USD"), sale("d", amount=1),
            ad("vk", "spring", "10", currency="EUR"), ad("vk", "summer", "3", currency="USD"),
        )  # fmt: skip
        assert book.currency == "EUR"
        assert book.value("all", "all", "revenue") == 201
        assert book.value("all", "all", "revenue:USD") == 7
        assert book.value("all", "all", "spend") == 10
        assert book.value("all", "all", "spend:USD") == 3
        assert book.value("all", "all", "mixed_currency") == 1
        assert book.value("all", "all", "won") == 4
        assert book.value("campaign", "summer", "cac") is None

    def test_a_win_without_an_amount_counts_as_a_win_only(self) -> None:
        book = measured(sale("a"), sale("b", amount=50))
        assert book.value("all", "all", "won") == 2
        assert book.value("all", "all", "ltv") == 50
        assert book.value("all", "all", "orders_without_amount") == 1

    def test_impossible_dates_are_counted_and_left_out(self) -> None:
        book = measured(
            sale("a", amount=1, closed_on=date(2025, 1, 20)), sale("b", amount=1, closed_on=date(2024, 1, 1)),
            sale("c", amount=1, closed_on=date(2062, 1, 1)), sale("d", amount=1),
        )  # fmt: skip
        row = book.get("all", "all", "days_to_close")
        assert row is not None
        assert (row.value, row.n) == (10.0, 1)
        assert book.value("all", "all", "odd_dates") == 2

    def test_money_is_exact_over_many_small_sums(self) -> None:
        book = measured(*(sale(f"c{i:04d}", amount="0.10") for i in range(3000)))
        assert book.value("all", "all", "revenue") == 300.0

    def test_the_same_data_give_the_same_book(self) -> None:
        items: list[CorpusDeal | AdSpend] = [
            *(sale(f"c{i}", amount=i * 7 % 50 + 1) for i in range(40)),
            ad("vk", "spring", "10"),
        ]
        assert list(measured(*items)) == list(measured(*items))

    def test_a_shop_with_hundreds_of_products_names_the_common_ones(self) -> None:
        sales: list[CorpusDeal] = [sale(f"c{i}", amount=1, product=f"P{i // 2 if i < 10 else i}") for i in range(60)]
        book = measured(*sales)
        named = [m.measure for m in book if m.level == "all" and m.measure.startswith("product_share:")]
        assert len(named) == 13
        assert sum(book.value("all", "all", m) or 0 for m in named) == pytest.approx(1.0)

    def test_long_product_names_with_one_beginning_stay_two(self) -> None:
        book = measured(*(sale(c, amount=1, product="Very long product name " * 3 + c) for c in "ab"))
        named = [m for m in book if m.level == "all" and m.measure.startswith("product_share:")]
        assert [m.value for m in named] == [0.5, 0.5]
        assert all(len(m.measure) <= 48 for m in named)


class TestTopics:
    def test_topics_are_shares_of_customers_whose_words_are_known(self) -> None:
        corpus = company(call("a"), call("b"), call("c", ""), sale("d", "lost"))
        voiced = {"a": frozenset({"price", "trust"}), "b": frozenset({"price"})}
        book = measure_all(corpus, segmented(corpus, families=["a", "c"]), topics=voiced)
        assert book.value("all", "all", "topic:price") == 1.0
        assert book.value("all", "all", "topic:trust") == 0.5
        row = book.get("segment", "families", "topic:trust")
        assert row is not None
        assert (row.value, row.n) == (1.0, 1)


class TestWords:
    @pytest.mark.parametrize("language", ["ru", "en"])
    @pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE])
    def test_every_measure_has_words(self, name: str, language: str) -> None:
        measure = f"{name}X" if name.endswith(":") else name
        assert label(measure, language)
        assert explain(measure, language).endswith(".")
        assert counted(measure, language)

    def test_families_carry_their_item(self) -> None:
        assert label("channel_share:unknown", "ru") == "Канал: источник неизвестен"
        assert group_name("Walk-in", "en") == "Walk-in"

    def test_a_name_outside_the_catalogue_is_a_mistake(self) -> None:
        with pytest.raises(KeyError):
            entry_of("profit")
