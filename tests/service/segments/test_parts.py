"""Outsiders, phrases, lineage, whitening: table cases."""

from __future__ import annotations

import numpy as np
import pytest

from service.segments.lineage import segment_ids
from service.segments.outsiders import cue
from service.segments.phrases import contrast, phrases_of, vocabulary
from service.segments.portrayal import Line, spans
from service.segments.shares import share
from service.segments.vectors import Texts, whitening, within_covariance
from service.segments.words import lemmas, words


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("Ой, простите, ошибся номером", "wrong_number", id="ru wrong number"),
        pytest.param("Sorry, I must have dialed the wrong number", "wrong_number", id="en wrong number"),
        pytest.param("Предлагаем продвижение сайтов, кому направить КП?", "offer", id="ru seller"),
        pytest.param("We supply office chairs, factory price", "offer", id="en seller"),
        pytest.param("Здравствуйте, я по вакансии бухгалтера", "job", id="ru job seeker"),
        pytest.param("are you hiring", "job", id="en job seeker"),
        pytest.param("Абонент временно недоступен", "machine", id="ru machine"),
        pytest.param("please leave a message after the tone", "machine", id="en machine"),
        pytest.param("asdfgh", "test", id="keyboard"),
        pytest.param("👍👍", "junk", id="no words"),
        pytest.param("Сколько стоит ремонт и когда можно забрать?", None, id="ru customer"),
        pytest.param("Could I book a test ride for Saturday?", None, id="en customer"),
        pytest.param("my job is on the other side of town", None, id="a customer's own job"),
        pytest.param("моя работа далеко, еду час", None, id="ru customer's own job"),
    ],
)
def test_cues_tell_outsiders(text: str, reason: str | None) -> None:
    assert cue(text) == reason


def test_placeholders_and_digits_are_no_words() -> None:
    assert words("Позвоните [phone], это [name-1], 5 штук ещё") == ["позвоните", "это", "штук", "еще"]


def test_russian_forms_fold_to_one_lemma() -> None:
    assert lemmas("столы столами стола") == ["стол"] * 3


def test_stop_words_carry_no_phrase_and_break_pairs() -> None:
    assert [phrase.lemma for phrase in phrases_of("договор и акт")] == ["договор", "акт"]
    assert "детский комната" in [phrase.lemma for phrase in phrases_of("детская комната")]


def test_contrast_needs_more_than_an_anecdote() -> None:
    lines = {f"m{i}": ["чертёж моста"] for i in range(2)} | {f"m{i}": ["ремонт"] for i in range(2, 20)}
    lines |= {f"o{i}": ["ремонт"] for i in range(20)}
    known = vocabulary(lines)
    assert contrast([c for c in lines if c[0] == "m"], [c for c in lines if c[0] == "o"], known) == ()


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [pytest.param(7, 98, 0.035, 0.140, id="7 of 98"), pytest.param(0, 16, 0.0, 0.194, id="none of 16")],
)
def test_wilson_interval(k: int, n: int, low: float, high: float) -> None:
    found = share(k, n)
    assert found.low == pytest.approx(low, abs=5e-4)
    assert found.high == pytest.approx(high, abs=5e-4)


def test_no_cases_no_share() -> None:
    assert share(0, 0).value is None


def test_a_note_gives_only_what_it_quotes() -> None:
    note = Line("d", 0, 'думает, перезв. "мне бы на две недели, чтобы дописать" тариф гибк.', "c", own=False)
    assert [quote.text for quote in spans(note)] == ["мне бы на две недели, чтобы дописать"]


def test_a_segment_keeps_its_id_by_members_and_a_new_one_gets_its_own() -> None:
    before = {"s_old": ["a", "b", "c", "d"], "s_gone": ["x", "y"]}
    ids = segment_ids([["n1", "n2", "n3"], ["a", "b", "c", "n4"]], before)
    assert ids[1] == "s_old"
    assert ids[0] not in before
    assert segment_ids([["n3", "n2", "n1"]], {}) == [ids[0]]


def test_two_segments_never_take_one_id() -> None:
    ids = segment_ids([["a", "b"], ["c", "d"]], {"s_one": ["a", "b", "c", "d"]})
    assert len(set(ids)) == 2


def test_whitening_damps_what_varies_within_customers() -> None:
    rng = np.random.default_rng(0)
    owner = np.repeat(np.arange(50), 4)
    identity = rng.normal(size=(50, 1))[owner]
    topic = 5 * rng.normal(size=(200, 1))
    matrix = np.hstack([identity, topic])
    texts = Texts(("x",) * 200, ("call",) * 200, owner, tuple(str(i) for i in range(50)))
    covariance, customers = within_covariance(matrix, texts)
    assert customers == 50
    before = matrix[:, 1].std() / matrix[:, 0].std()
    white = whitening(covariance).applied(matrix, 0.1) @ whitening(covariance).vectors.T
    assert white[:, 1].std() / white[:, 0].std() < before / 2
    plain = whitening(covariance).applied(matrix, 1.0) @ whitening(covariance).vectors.T
    assert plain[:, 1].std() / plain[:, 0].std() == pytest.approx(before)
