"""The phrasebook: both languages say the same things with the same facts."""

from __future__ import annotations

import pytest

from service.briefs.model import Fact, plain
from service.briefs.sentences import Name, Phrasebook, keys, places
from service.core.numbers import Formatter, Language

LANGUAGE_WORDS = ("осуществля", "является", "данный", "в рамках", "рекомендуется рассмотреть", "utilize", "leverage")


def book(language: Language) -> Phrasebook:
    return Phrasebook(language, Formatter(language, "RUB"))


def test_both_languages_have_the_same_keys() -> None:
    assert keys("ru").keys() == keys("en").keys()


def test_both_languages_use_the_same_facts() -> None:
    templates = {key: text for key, text in keys("ru").items() if isinstance(text, str)}
    assert [key for key, text in templates.items() if places(text) != places(str(keys("en")[key]))] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_officialese(language: Language) -> None:
    texts = [value.casefold() for value in keys(language).values() if isinstance(value, str)]
    assert [text for text in texts if any(word in text for word in LANGUAGE_WORDS)] == []


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (1, "1 заявка", "1 lead"),
        (2, "2 заявки", "2 leads"),
        (11, "11 заявок", "11 leads"),
        (21, "21 заявка", "21 leads"),
    ],
)
def test_nouns_agree_with_their_number(value: int, russian: str, english: str) -> None:
    fact = Fact("f1", "number", "", "calc:x", "count", value)
    assert book("ru").state(fact, None, "lead").replace("\u00a0", " ") == russian
    assert book("en").state(fact, None, "lead").replace("\u00a0", " ") == english


def test_a_fraction_takes_the_form_of_what_is_printed() -> None:
    fact = Fact("f1", "number", "", "calc:x", "months", 12.13)
    assert book("ru").state(fact, None, "month").replace("\u00a0", " ") == "12,1 месяца"


def test_every_figure_in_a_sentence_points_to_its_fact() -> None:
    fact = Fact("f7", "number", "", "calc:x", "share", 0.5, 5, 10, 0.24, 0.76)
    sentence = book("en").say("creative.for_whom", name=Name("x"), size=fact)
    assert [span.fact for span in sentence if any(c.isdigit() for c in span.text)] == ["f7"]


def test_words_of_customers_are_never_templates() -> None:
    hostile = Fact("f1", "quote", "", "document:d/0/0-9", text="{conversion} **bold** {0}")
    sentence = book("ru").say("creative.reason_quote", quote=hostile)
    assert plain(sentence) == " «{conversion} **bold** {0}»"


def test_russian_dashes_do_not_start_a_line() -> None:
    assert " — " not in book("ru").text("front.sees").replace("\u00a0— ", "")
