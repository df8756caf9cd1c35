"""Sentences of many trades: which measure, which operator. By cues alone, no encoder."""

from __future__ import annotations

import pytest

from service.personas.cues import cue_book
from service.personas.reading import read

CASES = [
    ("ru", "Покупают у нас в основном дачники.", "wins", "majority"),
    ("ru", "Примерно 70 % звонков — это владельцы собак.", "leads", "number"),
    ("ru", "Молодые семьи дают нам львиную долю выручки.", "revenue", "majority"),
    ("ru", "Ни один студент так и не заплатил.", "conversion", "low"),
    ("ru", "Пенсионеры не торгуются.", "discount", "low"),
    ("ru", "Владельцы кафе торгуются до последнего.", "discount", "high"),
    ("ru", "Цена для них не вопрос.", "topic", "none"),
    ("ru", "Им важна не цена, а сервис.", "topic", "than"),
    ("ru", "Главное возражение — цена.", "topic", "first"),
    ("ru", "Никто из них не смотрит на гарантию.", "topic", "none"),
    ("ru", "Средний возраст клиента сорок лет.", "demographic", "is"),
    ("ru", "Маржинальность у оптовиков ниже плинтуса.", "no_data", "is"),
    ("ru", "Реклама приносит нам большинство оплат.", "channel", "majority"),
    ("ru", "Яндекс Директ даёт самые дорогие заявки.", "cost_per_lead", "most"),
    ("ru", "Чем дешевле заявка, тем дешевле клиент.", "cost_per_customer", "follows"),
    ("ru", "Собственники квартир — не наша аудитория.", "identity", "none"),
    ("en", "Most of our buyers are dog owners.", "wins", "majority"),
    ("en", "About 70% of the calls are from homeowners.", "leads", "number"),
    ("en", "Landlords generate the lion's share of our income.", "revenue", "majority"),
    ("en", "We lose practically all students.", "conversion", "none"),
    ("en", "Gardeners hardly ever ask for a discount.", "discount", "rare"),
    ("en", "Price is not an issue for them.", "topic", "none"),
    ("en", "Allergy sufferers worry about ingredients, not about price.", "topic", "than"),
    ("en", "Price is THE objection for brides.", "topic", "first"),
    ("en", "Our customer is around fifty.", "demographic", "is"),
    ("en", "Wholesale has the worst margins.", "no_data", "most"),
    ("en", "Two thirds of new patients come by recommendation.", "channel", "number"),
    ("en", "Google Ads gives us the most expensive leads.", "cost_per_lead", "most"),
    ("en", "The Spring Sale ad is our best campaign.", "cost_per_customer", "most"),
    ("en", "Apartment owners are not our audience.", "identity", "none"),
    ("en", "Adult learners stay with us longer than kids.", "retention", "than"),
    ("en", "Nobody refers like gardeners do.", "referral", "most"),
]


@pytest.mark.parametrize(("language", "text", "measure", "operator"), CASES, ids=[case[1] for case in CASES])
def test_a_sentence_is_read(language: str, text: str, measure: str, operator: str) -> None:
    first = read(text, language).thoughts[0].reading
    assert (first.measure, first.operator) == (measure, operator)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Писал ночью, поэтому коротко."),
        ("ru", "Привет!"),
        ("en", "Please read before the meeting."),
        ("en", "Same face, same song."),
    ],
)
def test_a_sentence_without_a_cue_is_no_claim(language: str, text: str) -> None:
    assert read(text, language).thoughts == ()


def test_two_thoughts_of_different_kinds_are_two_atoms() -> None:
    found = [t.reading.measure for t in read("Они думают долго, зато чек у них самый большой.", "ru").thoughts]
    assert found == ["cycle", "value"]


def test_what_stands_first_in_a_contrast_comes_second() -> None:
    reading = read("Им важна не цена, а качество.", "ru").thoughts[0].reading
    assert (reading.topics, reading.versus) == (("quality",), ("price",))


def test_cue_files_of_both_languages_name_the_same_measures() -> None:
    assert cue_book("ru").measures == cue_book("en").measures


@pytest.mark.parametrize(
    ("text", "measure", "operator"),
    [
        pytest.param("Срочные звонки закрываются лучше всех.", "conversion", "most", id="what becomes of leads"),
        pytest.param("Мы существуем ради небольших команд.", "identity", "is", id="small belongs to the name"),
        pytest.param("Покупают они не хуже остальных.", "conversion", "equal", id="no worse is no superlative"),
        pytest.param("Денег с них почти не видно.", "revenue", "rare", id="almost not is not denied"),
        pytest.param("Начинающие фотографы берут самое дешёвое.", "value", "low", id="the cheapest is a small order"),
        pytest.param("Студенты ходят к нам 2 месяца, не дольше.", "retention", "number", id="a bound denies nothing"),
    ],
)
def test_words_that_mislead(text: str, measure: str, operator: str) -> None:
    reading = read(text, "ru").thoughts[0].reading
    assert (reading.measure, reading.operator, reading.negated) == (measure, operator, False)


def test_years_ago_are_no_loyalty() -> None:
    assert read("Я видел человека, похожего на себя десять лет назад.", "ru").thoughts == ()
