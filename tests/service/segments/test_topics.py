"""The topic catalogue: same topics in both languages, found as whole words, fast."""

from __future__ import annotations

import time

import pytest

from service.segments.topics import StemList, catalogue, topics_in, words_of


def test_both_languages_have_the_same_topics_with_names_in_both() -> None:
    russian, english = catalogue("ru"), catalogue("en")
    assert [(t.id, t.facet) for t in russian] == [(t.id, t.facet) for t in english]
    assert all(t.name["ru"] and t.name["en"] and t.stems for t in (*russian, *english))


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        pytest.param("Дороговато, честно говоря", "ru", "price", id="ru price"),
        pytest.param("Надо с женой посоветоваться", "ru", "consult", id="ru consult"),
        pytest.param("А счёт-фактуру дадите?", "ru", "documents", id="ru hyphen"),
        pytest.param("I'd have to talk to my wife first", "en", "consult", id="en consult"),
        pytest.param("Do you have a warranty?", "en", "warranty", id="en warranty"),
        pytest.param("I'm self-employed", "en", "business", id="en hyphen"),
    ],
)
def test_a_topic_is_heard_in_everyday_words(text: str, language: str, topic: str) -> None:
    assert topic in topics_in(text, language)


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        pytest.param("Мы в центре города", "ru", "price", id="ru centre is no price"),
        pytest.param("The parking attendant", "en", "documents", id="en tend is no tender"),
    ],
)
def test_a_stem_does_not_match_inside_another_word(text: str, language: str, topic: str) -> None:
    assert topic not in topics_in(text, language)


def test_phrases_need_their_words_side_by_side() -> None:
    stems = StemList({"t": ("not now",)})
    assert stems.find(words_of("not now please")) == {"t"}
    assert stems.find(words_of("now is not it")) == frozenset()


def test_thousands_of_utterances_take_a_moment() -> None:
    text = "Сколько стоит, есть ли рассрочка и когда привезёте, мне к пятнице надо, муж просил узнать"
    topics_in(text, "ru")
    started = time.perf_counter()
    for number in range(3000):
        topics_in(f"{text} {number}", "ru")
    assert time.perf_counter() - started < 3.0
