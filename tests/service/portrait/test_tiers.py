"""Where segments stand, how sure that is, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_trade import ad, call, company, lead, sale, segmented

from ingest.model import AdSpend
from service.core.errors import NotReady
from service.core.settings import Settings
from service.corpus.model import CorpusDeal, CorpusDocument
from service.economics.measures import measure_all
from service.portrait.model import Placed, Portrait, Tier
from service.portrait.repository import load_portrait, save_portrait
from service.portrait.tiers import place
from service.portrait.words import CHANGES, REASONS, reason, rules, tier_name, would_change
from service.store.db import Store, ensure_workspace, open_store

Item = CorpusDocument | CorpusDeal | AdSpend


def crowd(name: str, customers: int, won: int, amount: float | None) -> list[Item]:
    """`customers` of a segment, the first `won` of whom bought; every third pays a fifth more or less."""
    items: list[Item] = []
    for i in range(customers):
        paid = None if amount is None else round(amount * (0.8, 1.0, 1.2)[i % 3], 2)
        items.append(sale(f"{name}{i:03d}", "won" if i < won else "lost", amount=paid if i < won else None))
    return items


def portrait_of(*items: Item, seed: int = 0, **sizes: int) -> dict[str, Placed]:
    corpus = company(*items)
    members = {name: [c for c in corpus.customers if c.startswith(name)] for name in sizes}
    segmentation = segmented(corpus, (), **members)
    portrait = place(corpus, segmentation, measure_all(corpus, segmentation), seed)
    return {placed.segment: placed for placed in portrait.placed}


def placed(*crowds: tuple[str, int, int, float | None]) -> dict[str, Placed]:
    items = [item for c in crowds for item in crowd(*c)]
    return portrait_of(*items, **{c[0]: c[1] for c in crowds})


class TestTiers:
    def test_every_tier_has_its_segment(self) -> None:
        found = placed(
            ("core", 40, 25, 2000), ("few", 20, 5, 9000), ("eager", 50, 30, 400), ("mass", 90, 20, 300),
            ("idle", 40, 0, 0),
        )  # fmt: skip
        assert {name: p.tier.value for name, p in found.items()} == {
            "core": "most_profitable",
            "few": "promising",
            "eager": "promising",
            "mass": "secondary",
            "idle": "not_ours",
        }
        assert next(iter(found)) == "core"
        assert list(found)[-1] == "idle"

    def test_a_rich_segment_on_few_sales_is_promising_and_says_so(self) -> None:
        found = placed(("core", 60, 30, 500), ("few", 20, 4, 3000))
        assert found["few"].tier is Tier.PROMISING
        assert "few_wins" in found["few"].reasons
        assert found["few"].would_change == "more_wins"

    def test_half_of_the_money_is_the_core_even_when_an_enquiry_is_worth_less(self) -> None:
        found = placed(("mass", 300, 60, 1000), ("nice", 60, 20, 1500))
        assert found["mass"].tier is Tier.MOST_PROFITABLE
        assert "half_of_revenue" in found["mass"].reasons

    def test_no_sale_among_few_customers_is_too_few_to_tell(self) -> None:
        found = placed(("core", 40, 15, 500), ("tiny", 6, 0, 0))
        assert (found["tiny"].tier, found["tiny"].reasons) == (Tier.SECONDARY, ("too_few",))
        assert found["tiny"].would_change == "more_data"

    def test_giving_a_segment_up_needs_proof(self) -> None:
        found = placed(("core", 60, 20, 500), ("rare", 12, 1, 100))
        assert found["rare"].tier is Tier.SECONDARY
        assert "may_not_be_ours" in found["rare"].reasons

    def test_segments_the_data_cannot_tell_apart_stand_side_by_side(self) -> None:
        found = placed(("left", 40, 20, 1000), ("right", 40, 20, 1010), ("rest", 60, 6, 300))
        assert found["left"].tier is found["right"].tier is Tier.MOST_PROFITABLE
        assert found["left"].tie
        assert found["right"].tie
        assert 0.2 < found["left"].probability < 0.8

    def test_a_clear_first_is_no_tie(self) -> None:
        found = placed(("core", 40, 25, 2000), ("next", 40, 20, 700), ("rest", 60, 6, 300))
        assert not found["core"].tie
        assert found["core"].probability > 0.95
        assert found["next"].tier is not Tier.MOST_PROFITABLE

    def test_what_costs_more_than_it_brings_is_never_above_secondary(self) -> None:
        items = [*crowd("core", 40, 15, 500), *crowd("dear", 40, 30, 100), ad("vk", "spring", "9000")]
        items += [lead(f"dear{i:03d}", "vk", "spring") for i in range(40)]
        found = portrait_of(*items, core=40, dear=40)
        assert found["dear"].tier is Tier.SECONDARY
        assert found["dear"].would_change == "cheaper_to_win"

    def test_a_young_company_may_have_a_core_on_five_sales(self) -> None:
        found = placed(("core", 12, 6, 900), ("rest", 20, 4, 200))
        assert found["core"].tier is Tier.MOST_PROFITABLE


class TestThinData:
    def test_without_deals_all_are_secondary_and_nothing_is_sure(self) -> None:
        found = portrait_of(call("a1"), call("a2"), call("b1"), a=2, b=1)
        assert [(p.tier, p.reasons, p.probability) for p in found.values()] == [
            (Tier.SECONDARY, ("no_deals",), 0.0)
        ] * 2
        assert list(found) == ["a", "b"]

    def test_deals_without_a_sale(self) -> None:
        found = placed(("a", 20, 0, 0), ("b", 10, 0, 0))
        assert {p.reasons for p in found.values()} == {("no_sales",)}

    def test_without_amounts_sales_are_counted(self) -> None:
        found = placed(("core", 40, 25, None), ("rest", 80, 10, None))
        assert found["core"].tier is Tier.MOST_PROFITABLE
        assert "no_amounts" in found["core"].reasons

    def test_no_segments_no_portrait(self) -> None:
        corpus = company(sale("a", amount=1))
        segmentation = segmented(corpus)
        assert place(corpus, segmentation, measure_all(corpus, segmentation), 0) == Portrait(())

    def test_a_single_segment(self) -> None:
        found = placed(("only", 40, 20, 100))
        assert found["only"].tier is Tier.MOST_PROFITABLE
        assert found["only"].would_change == "nothing_to_compare"

    def test_refunds_above_revenue_do_not_break_the_ranking(self) -> None:
        items: list[Item] = [sale(f"a{i:02d}", amount=10, refund=30) for i in range(12)]
        found = portrait_of(*items, *crowd("b", 20, 12, 100), a=12, b=20)
        assert found["b"].tier is Tier.MOST_PROFITABLE
        assert found["a"].tier is not Tier.MOST_PROFITABLE


def test_the_same_seed_gives_the_same_portrait() -> None:
    items = [*crowd("a", 30, 12, 100), *crowd("b", 30, 9, 120)]
    assert portrait_of(*items, a=30, b=30) == portrait_of(*items, a=30, b=30)


def test_odds_of_a_segment_add_up() -> None:
    for found in placed(("a", 30, 12, 100), ("b", 30, 9, 120), ("c", 15, 1, 50)).values():
        assert sum(odd for _, odd in found.odds) == pytest.approx(1.0, abs=0.002)


class TestWords:
    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_every_key_has_a_sentence(self, language: str) -> None:
        assert all(reason(key, language).endswith(".") for key in REASONS)
        assert all(would_change(key, language).endswith(".") for key in CHANGES)
        assert all(tier_name(tier, language) for tier in Tier)

    def test_the_rules_are_stated_with_their_numbers(self) -> None:
        assert "5\u00a0% выручки" in rules("ru")[3]
        assert "1,2 раза" in rules("ru")[1]
        assert "under 5% of revenue" in rules("en")[3]
        assert len(rules("en")) == len(rules("ru")) == 5


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path))
    with opened.session() as session:
        ensure_workspace(session, "one")
    yield opened
    opened.close()


def test_a_portrait_comes_back_as_it_was(store: Store) -> None:
    portrait = Portrait(tuple(placed(("a", 30, 12, 100), ("b", 30, 9, 120)).values()))
    with store.session() as session:
        with pytest.raises(NotReady):
            load_portrait(session, "one", "r1")
        save_portrait(session, "one", "r1", Portrait(()))
        save_portrait(session, "one", "r1", portrait)
    with store.session() as session:
        assert load_portrait(session, "one", "r1") == portrait
