"""What buyers bring in the end, when some still pay."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from small_trade import company, sale, segmented

from service.economics.lifetime import Leaving, Stays, expected_worth, leaving_of
from service.economics.measures import measure_all


def stays(months: list[int], price: list[float], open_: list[bool]) -> Stays:
    ends = np.array(months, dtype=np.int64)
    return Stays(ends, ends * np.array(price), np.array(open_, dtype=bool))


def own_course(known: Stays, horizon: int) -> Leaving:
    """How these buyers leave, all of them gone."""
    paid = [int((known.months >= month).sum()) for month in range(horizon + 1)]
    gone = [int((known.months == month).sum()) for month in range(horizon)]
    return Leaving(horizon, np.array([left / max(1, there) for left, there in zip(gone, paid[:-1], strict=True)]))


def left_out(known: Stays, row: int) -> Stays:
    return Stays(np.delete(known.months, row), np.delete(known.worth, row), np.delete(known.open, row))


def test_when_everybody_has_left_it_is_the_plain_mean() -> None:
    known = stays([1, 3, 7, 2], [10, 20, 5, 100], [False] * 4)
    assert leaving_of(known) is None
    found = expected_worth(known, own_course(known, 7), 0)
    assert found is not None
    assert found.value == pytest.approx(known.worth.mean())


def test_half_leave_each_month_by_hand() -> None:
    """Month 1 by all, month 2 by half of those watched, month 3 by half of these: 100 + 50 + 25."""
    known = stays([1, 1, 2, 2, 2, 3, 3, 1], [100.0] * 8, [False, False, False, True, True, True, True, False])
    course = leaving_of(known)
    assert course is not None
    found = expected_worth(known, course, 0)
    assert found is not None
    staying = (1 - 3 / 8) * (1 - 1 / 3)
    assert found.value == pytest.approx(100 + 100 * (1 - 3 / 8) + 100 * staying)


def test_those_who_still_pay_make_it_more_than_what_came_in_so_far() -> None:
    known = stays([1, 2, 5, 6, 6, 4], [100.0] * 6, [False, False, True, True, True, True])
    course = leaving_of(known)
    assert course is not None
    found = expected_worth(known, course, 0)
    assert found is not None
    assert found.value > known.worth.mean()
    assert course.horizon == 6
    assert found.leaving == pytest.approx(2 / (2 + 18))


def test_leaving_one_out_is_what_it_says() -> None:
    generator = np.random.default_rng(3)
    life, watched = generator.geometric(0.2, 30), generator.integers(1, 13, 30)
    known = Stays(
        np.minimum(life, watched), np.minimum(life, watched) * generator.gamma(4.0, 25.0, 30), life >= watched
    )
    course = Leaving(12, np.full(12, 0.2))
    whole = expected_worth(known, course, 0)
    assert whole is not None
    apart = [expected_worth(left_out(known, i), course, 0) for i in range(30)]
    pseudo = 30 * whole.value - 29 * np.array([one.value for one in apart if one])
    assert whole.interval.low is not None
    assert whole.interval.high is not None
    spread = 1.96 * float(pseudo.std(ddof=1)) / np.sqrt(30)
    assert spread < (whole.interval.high - whole.interval.low) / 2 < 1.5 * spread


def test_a_group_hardly_watched_leaves_as_the_company_does() -> None:
    company = Leaving(12, np.full(12, 0.5))
    loyal = stays([2, 2, 2], [100.0] * 3, [True] * 3)
    found = expected_worth(loyal, company, 0)
    assert found is not None
    assert found.value < 100 * (1 - 5 / 8 * 0.5) * 3
    assert found.value > 150


def test_the_book_tells_both_the_lower_bound_and_the_expected_value() -> None:
    today = date(2025, 12, 1)
    deals = [
        sale(f"c{i:02d}", amount=100, months_paid=i % 6 + 1, closed_on=today - timedelta(days=30 * (i % 6 + i % 2 * 9)))
        for i in range(24)
    ]
    corpus = company(*deals)
    book = measure_all(corpus, segmented(corpus, regulars=[f"c{i:02d}" for i in range(0, 24, 2)]))
    for level, name in (("all", "all"), ("segment", "regulars")):
        ltv, expected = book.get(level, name, "ltv"), book.get(level, name, "ltv_expected")  # type: ignore[arg-type]
        assert ltv is not None
        assert expected is not None
        assert (expected.value or 0) >= (ltv.value or 0)
    assert (book.value("all", "all", "ltv_months") or 0) <= 6


def test_orders_without_months_have_no_expected_value() -> None:
    corpus = company(sale("a", amount=10), sale("b", amount=20))
    assert measure_all(corpus, segmented(corpus)).get("all", "all", "ltv_expected") is None
