"""Quantities as people write them."""

from __future__ import annotations

import pytest

from service.personas.numbers import in_text

CASES = [
    ("ru", "больше половины тех, кто платит", 0.5, "share", "at_least"),
    ("ru", "каждый второй покупает", 0.5, "share", "about"),
    ("ru", "семь из десяти", 0.7, "share", "about"),
    ("ru", "спрашивает один человек из ста", 0.01, "share", "about"),
    ("ru", "из десяти обратившихся покупает один", 0.1, "share", "about"),
    ("ru", "минимум на полгода", 6.0, "months", "at_least"),
    ("ru", "на третий день", 3.0, "days", "about"),
    ("ru", "чек 1,5–2к", 1500.0, "count", "about"),
    ("ru", "от 30 тысяч рублей", 30000.0, "money", "at_least"),
    ("ru", "60–70 % выручки", 0.6, "share", "about"),
    ("ru", "не меньше полугода", 6.0, "months", "at_least"),
    ("ru", "5 % обращений, не больше", 0.05, "share", "at_most"),
    ("ru", "чек 120 000 рублей", 120000.0, "money", "about"),
    ("ru", "30-ка процентов уходит", 0.3, "share", "about"),
    ("ru", "занимает день-два", 2.0, "days", "about"),
    ("en", "in a couple of days", 2.0, "days", "about"),
    ("en", "fifteen hundred dollars", 1500.0, "money", "about"),
    ("en", "at least half of them", 0.5, "share", "at_least"),
    ("en", "seven out of ten", 0.7, "share", "about"),
    ("en", "under $20 a lead", 20.0, "money", "at_most"),
    ("en", "over four thousand on average", 4000.0, "count", "at_least"),
    ("en", "every third dollar", 1 / 3, "share", "about"),
    ("en", "takes months", 2.0, "months", "at_least"),
    ("en", "$3,900", 3900.0, "money", "about"),
]


@pytest.mark.parametrize(("language", "text", "value", "kind", "bound"), CASES, ids=[case[1] for case in CASES])
def test_a_quantity_is_read_with_its_kind_and_bound(
    language: str, text: str, value: float, kind: str, bound: str
) -> None:
    found = in_text(text, language)[0]
    assert (round(found.value, 2), found.kind, found.bound) == (round(value, 2), kind, bound)


def test_a_range_keeps_both_ends() -> None:
    found = in_text("чек 1,5–2к", "ru")[0]
    assert (found.value, found.high) == (1500.0, 2000.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Я видел человека, похожего на себя десять лет назад", "ru", id="ru"),
        pytest.param("I opened the shop ten years ago", "en", id="en"),
    ],
)
def test_a_date_in_the_past_is_no_quantity(text: str, language: str) -> None:
    assert in_text(text, language) == []


def test_couples_are_people_not_two() -> None:
    assert in_text("Самые довольные клиенты — пожилые пары.", "ru") == []
