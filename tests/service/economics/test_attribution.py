"""Who came through what, and whose money it was."""

from __future__ import annotations

from datetime import date

import pytest
from small_trade import ad, call, company, lead, sale, segmented

from ingest.model import AdSpend
from service.corpus.model import CorpusDeal, CorpusDocument
from service.economics.attribution import Origin, attribute
from service.economics.channels import is_referral
from service.economics.measures import measure_all
from service.economics.model import Level, MeasureBook

Item = CorpusDocument | CorpusDeal | AdSpend

ORIGINS: list[tuple[str, list[Item], Origin]] = [
    (
        "the deal's own campaign",
        [sale("a", source="Meta Lead Ad", campaign="spring"), ad("Meta", "spring", "1")],
        Origin("Meta", "spring"),
    ),
    (
        "the campaign decides the channel",
        [sale("a", source="site", campaign="spring"), ad("vk", "spring", "1")],
        Origin("vk", "spring"),
    ),
    (
        "only the ad is named",
        [sale("a", ad="reel"), ad("vk", "spring", "1", "reel")],
        Origin("vk", "spring"),
    ),
    (
        "the ad is called like the campaign of a report without ads",
        [lead("a", None, None, "Reel"), ad("vk", "reel", "1")],
        Origin("vk", "reel"),
    ),
    (
        "a source that is no advertising",
        [sale("a", source="Walk-in"), ad("vk", "spring", "1")],
        Origin("Walk-in"),
    ),
    (
        "the CRM's word goes before an ad response",
        [sale("a", source="referral"), lead("a", "vk", "spring")],
        Origin("referral"),
    ),
    (
        "a platform without a campaign takes the response's",
        [sale("a", source="vk ads"), lead("a", "vk", "spring")],
        Origin("vk", "spring"),
    ),
    (
        "no source at all takes the first response",
        [sale("a"), lead("a", "vk", "late", day=9), lead("a", "vk", "early")],
        Origin("vk", "early"),
    ),
    (
        "an ad response without a deal",
        [lead("a", "ig", "spring"), ad("Meta", "spring", "1")],
        Origin("Meta", "spring"),
    ),
    (
        "nothing is known",
        [call("a")],
        Origin("unknown"),
    ),
    (
        "Google Maps is not Google Ads",
        [sale("a", source="Google Maps"), ad("Google", "search", "1")],
        Origin("Google Maps"),
    ),
    (
        "spelling does not matter",
        [sale("a", source="ВКонтакте", campaign=" SPRING "), ad("VK", "spring", "1")],
        Origin("VK", "spring"),
    ),
    (
        "a campaign no report knows",
        [sale("a", source="email", campaign="may_letter")],
        Origin("email", "may_letter"),
    ),
]


@pytest.mark.parametrize(("items", "origin"), [c[1:] for c in ORIGINS], ids=[c[0] for c in ORIGINS])
def test_where_a_customer_came_from(items: list[Item], origin: Origin) -> None:
    corpus = company(*items)
    assert attribute(corpus, corpus.ad_spend).origin_of["a"] == origin


def test_the_earliest_deal_with_a_source_decides() -> None:
    corpus = company(
        sale("a", source="walk-in", created_on=date(2025, 3, 1)),
        sale("a", source="referral", created_on=date(2025, 2, 1), number=1),
        sale("a", created_on=date(2025, 1, 1), number=2),
    )
    assert attribute(corpus, ()).origin_of["a"] == Origin("referral")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Customer Referral", True),
        ("сарафан", True),
        ("По рекомендации друга", True),
        ("Website", False),
        ("organic", False),
    ],
)
def test_referrals_are_recognised(source: str, expected: bool) -> None:
    assert is_referral(source) is expected


def test_platforms_of_one_family_stay_apart_where_the_report_lists_them_apart() -> None:
    corpus = company(
        ad("Facebook", "a", "1"), ad("Instagram", "b", "1"), lead("x", "ig", "b"), sale("y", source="facebook")
    )
    origin = attribute(corpus, corpus.ad_spend).origin_of
    assert origin["x"].campaign == "b"
    assert origin["y"].channel == "Facebook"


def book_of(*items: Item, outsiders: tuple[str, ...] = (), **members: list[str]) -> MeasureBook:
    corpus = company(*items)
    return measure_all(corpus, segmented(corpus, outsiders, **members))


class TestSpend:
    def test_an_ads_money_is_shared_by_those_who_answered_it(self) -> None:
        book = book_of(
            ad("vk", "spring", "90", "cheap"), ad("vk", "spring", "60", "dear"),
            lead("a", "vk", "spring", "cheap"), lead("b", "vk", "spring", "cheap"), lead("x", "vk", "spring", "cheap"),
            lead("c", "vk", "spring", "dear"), sale("a", amount=500), sale("c", amount=100),
            outsiders=("x",), families=["a", "b"], students=["c"],
        )  # fmt: skip
        assert book.value("segment", "families", "spend") == 60
        assert book.value("segment", "families", "cac") == 60
        assert book.value("segment", "families", "cpl") == 30
        assert book.value("segment", "students", "cac") == 60
        assert book.value("all", "all", "spend_on_not_customers") == 30
        assert book.value("all", "all", "spend_unattributed") == 0

    def test_a_campaign_without_lead_files_is_shared_by_its_deals(self) -> None:
        book = book_of(
            ad("vk", "spring", "90"),
            sale("a", amount=1, campaign="spring"),
            sale("b", "lost", campaign="spring"),
            families=["a"],
        )
        assert book.value("segment", "families", "spend") == 45

    def test_money_nobody_answered_is_said_to_be_unattributed(self) -> None:
        book = book_of(ad("vk", "spring", "90"), sale("a", amount=1, source="referral"), families=["a"])
        assert book.value("all", "all", "spend_unattributed") == 90
        assert book.value("segment", "families", "spend") == 0
        assert book.value("campaign", "spring", "won") == 0
        assert book.value("campaign", "spring", "cac") is None

    def test_money_that_reached_nobody_leaves_the_cost_of_who_may_have_come_by_it_unknown(self) -> None:
        book = book_of(
            ad("vk", "spring", "90"), sale("a", amount=1, source="vk"), sale("b", amount=1, source="referral"),
            call("c"), families=["a"], students=["b"], silent=["c"],
        )  # fmt: skip
        assert book.value("segment", "families", "cac") is None
        assert book.value("segment", "silent", "spend") is None
        assert book.value("segment", "students", "cac") == 0

    def test_sums_over_channels_and_campaigns_are_the_whole(self) -> None:
        book = book_of(
            ad("vk", "spring", "10.01"), ad("Meta", "summer", "5.5"), ad("Meta", "", "4.49"),
            *(sale(c, amount=10, source=s) for c, s in zip("abcd", ("vk", "referral", None, "Meta"), strict=True)),
        )  # fmt: skip
        sums: list[tuple[Level, str]] = [
            ("channel", "won"), ("channel", "revenue"), ("channel", "spend"), ("campaign", "spend"),
        ]  # fmt: skip
        for level, measure in sums:
            total = sum(book.value(level, name, measure) or 0 for name in book.names(level))
            assert total == pytest.approx(book.value("all", "all", measure))

    def test_cost_per_lead_uses_the_reports_own_count(self) -> None:
        book = book_of(ad("vk", "spring", "90", leads=9), lead("a", "vk", "spring"))
        assert book.value("campaign", "spring", "cpl") == 10
        assert book.value("campaign", "spring", "leads") == 1

    def test_an_unpaid_channel_costs_nothing_but_an_unreported_platform_is_unknown(self) -> None:
        book = book_of(
            ad("vk", "spring", "90"),
            sale("a", amount=5, source="referral"),
            lead("b", "avito", "flat"),
            sale("b", amount=5),
        )
        assert book.value("channel", "referral", "cac") == 0
        assert book.value("channel", "avito", "spend") is None

    def test_paid_and_blended_costs_are_both_there(self) -> None:
        book = book_of(
            ad("vk", "spring", "90"),
            sale("a", amount=90, campaign="spring"),
            *(sale(c, amount=90, source="site") for c in "bc"),
        )
        assert book.value("all", "all", "cac") == 30
        assert book.value("all", "all", "cac_paid") == 90
        assert book.value("all", "all", "roas") == 1  # who came by the site owes nothing to the ad
        assert book.value("all", "all", "ltv_cac") == 3

    def test_a_cost_from_few_wins_has_a_wide_interval(self) -> None:
        book = book_of(
            ad("vk", "spring", "90"),
            *(sale(f"c{i}", "won" if i < 2 else "lost", amount=9, campaign="spring") for i in range(12)),
        )
        row = book.get("campaign", "spring", "cac")
        assert row is not None
        assert row.low is not None
        assert row.high is not None
        assert row.value == 45
        assert row.low < 20
        assert row.high > 100


def test_free_text_sources_do_not_flood_the_channels() -> None:
    book = book_of(
        *(sale(f"c{i:03d}", amount=1, source=f"came by road {chr(97 + i // 26)}{chr(97 + i % 26)}") for i in range(200))
    )
    assert len(book.names("channel")) == 41
    assert book.value("channel", "other", "won") == 160
