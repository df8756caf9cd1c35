"""The generated texts are what they say, the scorer counts by hand what can be counted by hand, the baseline holds."""

from __future__ import annotations

import json

import pytest

from eval import pii
from eval.pii_cases.people import decline, declined_surname, half_of
from eval.pii_cases.render import HALVES, LANGUAGES, SPLITS, Case, Gold, Split, cases
from eval.pii_cases.score import score, wilson

NUMBER = "звоните 8 916 123-45-67, заказ 40120688"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", SPLITS)
def test_the_same_seed_gives_the_same_texts_with_gold_inside(language: str, split: Split) -> None:
    made = cases(language, split, "dev", 40)
    assert made == cases(language, split, "dev", 40)
    assert made != cases(language, split, "dev", 40, seed=2)
    for case in made:
        assert all(case.text[gold.start : gold.end].strip() for gold in case.gold)
        assert "{" not in case.text
        assert split != "asr" or case.text == case.text.lower()


def test_halves_share_no_template_and_no_name_is_in_both() -> None:
    assert half_of("Наталья") in HALVES
    dev, held = (" ".join(case.text for case in cases("ru", "clean", half, 150)) for half in HALVES)
    assert "Запишите меня на" in dev
    assert "Запишите меня на" not in held


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(decline("Мария", "dat", True), "Марии", id="iya"),
        pytest.param(decline("Павел", "ins", False), "Павлом", id="runaway-vowel"),
        pytest.param(decline("Ольга", "gen", True), "Ольги", id="hard"),
        pytest.param(declined_surname("Чуковский", "gen", True), "Чуковской", id="adjective"),
        pytest.param(declined_surname("Коваль", "dat", True), "Коваль", id="a-woman's"),
    ],
)
def test_names_are_declined(made: str, expected: str) -> None:
    assert made == expected


def test_scores_are_counted_by_hand() -> None:
    phone = Gold(8, 23, "PHONE", "PHONE 1")
    whole = score([Case("ru", "clean", "dev", NUMBER, (phone,), ())])
    wrong = score([Case("ru", "clean", "dev", NUMBER, (Gold(25, 30, "NAME", "NAME 1"),), ())])
    assert (whole.types["PHONE"].masked, whole.types["PHONE"].exact, whole.leaking, whole.lost_words) == (1, 1, 0, 0)
    assert (wrong.types["NAME"].masked, wrong.types["PHONE"].needless, wrong.leaking) == (0, 1, 1)
    assert wrong.misses == ["NAME     звоните 8 916 123-45-67, ⟦заказ⟧ 40120688"]


def test_intervals_hold_the_share() -> None:
    low, high = wilson(9, 10)
    assert low < 0.9 < high
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_committed_baseline_holds() -> None:
    assert pii.check(json.loads(pii.BASELINE.read_text(encoding="utf-8"))) == []


def test_a_fall_beyond_the_gate_is_named() -> None:
    before = {"ru clean dev NAME": {"n": 100.0, "masked": 0.97, "precision": 0.95}}
    now = {"ru clean dev NAME": {"n": 100.0, "masked": 0.94, "precision": 0.94}}
    assert pii.fallen(now, before) == ["ru clean dev NAME masked: 0.970 → 0.940"]
    assert pii.fallen(before, before) == []
