"""Numbers, money, shares and dates as people of both languages write them."""

from __future__ import annotations

from datetime import date

import pytest

from service.core.numbers import Formatter, plural, significant

NB = "\u00a0"
PERSON = {"one": "человек", "few": "человека", "many": "человек", "other": "человека"}


def spaced(text: str) -> str:
    return text.replace(NB, " ")


@pytest.mark.parametrize(
    ("value", "unit", "russian", "english"),
    [
        (0, "count", "0", "0"),
        (1234567, "count", "1 234 567", "1,234,567"),
        (-1200, "count", "\u22121 200", "\u22121,200"),
        (0.07, "share", "7 %", "7%"),
        (0.004, "share", "0,4 %", "0.4%"),
        (0.996, "share", "99,6 %", "99.6%"),
        (0.125, "share", "13 %", "13%"),
        (1, "share", "100 %", "100%"),
        (84231, "money", "84 200 ₽", "84,200 ₽"),
        (999.6, "money", "1 000 ₽", "1,000 ₽"),
        (519.4, "money", "519 ₽", "519 ₽"),
        (1_234_567, "money", "1,23 млн ₽", "1.23 million ₽"),
        (999_600, "money", "1 млн ₽", "1 million ₽"),
        (4.26, "months", "4,3", "4.3"),
        (12.0, "months", "12", "12"),
        (4.5, "days", "4,5", "4.5"),
        (47.4, "days", "47", "47"),
    ],
)
def test_values_by_unit(value: float, unit: str, russian: str, english: str) -> None:
    assert spaced(Formatter("ru", "RUB").value(value, unit)) == russian
    assert spaced(Formatter("en", "RUB").value(value, unit)) == english


@pytest.mark.parametrize(
    ("currency", "russian", "english"),
    [("USD", "19 500 $", "$19,500"), ("EUR", "19 500 €", "€19,500"), ("KZT", "19 500 ₸", "19,500 ₸")],
)
def test_currency_sign_stands_where_the_language_puts_it(currency: str, russian: str, english: str) -> None:
    assert spaced(Formatter("ru", currency).money(19_480)) == russian
    assert spaced(Formatter("en", currency).money(19_480)) == english


@pytest.mark.parametrize(
    ("k", "n", "russian", "english"),
    [
        (7, 98, "7 из 98 (7 %, вероятно от 3 до 14 %)", "7 of 98 (7%, likely 3–14%)"),
        (7, 20, "7 из 20 (35 %, оценка грубая: от 18 до 57 %)", "7 of 20 (35%, rough: 18–57%)"),
        (1, 3, "1 из 3", "1 of 3"),
    ],
    ids=["large", "small-says-rough", "tiny-gives-no-percent"],
)
def test_a_share_carries_its_base_and_doubt(k: int, n: int, russian: str, english: str) -> None:
    low, high = {98: (0.03, 0.14), 20: (0.18, 0.57), 3: (0.06, 0.79)}[n]
    assert spaced(Formatter("ru").full_share(k, n, k / n, low, high)) == russian
    assert spaced(Formatter("en").full_share(k, n, k / n, low, high)) == english


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "человек"), (1, "человек"), (2, "человека"), (5, "человек"), (11, "человек"), (21, "человек"),
     (22, "человека"), (1.5, "человека")],
)  # fmt: skip
def test_russian_plurals_follow_cldr(number: float, form: str) -> None:
    assert plural("ru", number, PERSON) == form


def test_dates_in_text_and_tables() -> None:
    day = date(2026, 11, 3)
    assert spaced(Formatter("ru").day(day)) == "3 ноября 2026 г."
    assert Formatter("ru").short_day(day) == "03.11.2026"
    assert spaced(Formatter("en").day(day)) == "3 November 2026"
    assert spaced(Formatter("ru").period(date(2026, 1, 5), date(2026, 6, 1))) == "январь–июнь 2026"
    assert spaced(Formatter("ru").period(date(2025, 9, 5), date(2026, 6, 1))) == "сентябрь 2025 — июнь 2026"
    assert Formatter("en").period(date(2026, 1, 5), date(2026, 1, 9)) == "January 2026"


def test_inner_quotation_marks_become_inner_ones() -> None:
    assert Formatter("ru").quote('магазин "Лён" и «Пух»') == "«магазин „Лён“ и „Пух“»"
    assert Formatter("en").quote('the "Linen" shop') == "“the ‘Linen’ shop”"


def test_intervals_of_money() -> None:
    assert spaced(Formatter("ru", "RUB").spread(3120, 9800, "money")) == "от 3 120 до 9 800 ₽"
    assert Formatter("en", "USD").spread(3120, 9800, "money") == "$3,120–9,800"


@pytest.mark.parametrize(("value", "kept"), [(84231, 84200), (1005, 1010), (0, 0), (-84231, -84200), (99.95, 100)])
def test_three_significant_digits(value: float, kept: float) -> None:
    assert significant(value) == pytest.approx(kept)
