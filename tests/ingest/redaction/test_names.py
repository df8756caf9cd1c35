"""Persons' names: surnames that are words, initials, titles, short forms, Latin letters; brands and places stay."""

from __future__ import annotations

import pytest

from ingest.redaction.redact import Redactor

GONE: tuple[tuple[str, str, str], ...] = (
    ("surname is a plant", "Звонила Лидия Орехова, мама ученика", "Звонила [name-1], мама ученика"),
    ("surname is a smith", "Звонила Лидия Коваль, мама ученика", "Звонила [name-1], мама ученика"),
    ("surname first", "Клиент Гончаров Андрей просит замер", "Клиент [name-1] просит замер"),
    ("full name opens", "Гончаров Юрий Эдуардович, повторный", "[name-1], повторный"),
    ("declined", "Оформляем на Прокопивича Дмитрия Николаевича", "Оформляем на [name-1]"),
    ("surname alone", "Передайте Гребенщиковой, что букет готов", "Передайте [name-1], что букет готов"),
    ("initials", "контакт Коваль А.В., смета готова", "контакт [name-1], смета готова"),
    ("initials first", "К. С. Прокопов утвердил", "[name-1] утвердил"),
    ("hyphen", "подписан с Дианой Соловьёвой-Седой", "подписан с [name-1]"),
    ("role", "Света-флорист обещала", "[name-1]-флорист обещала"),
    ("dative like a word", "Перезвоните Жене завтра", "Перезвоните [name-1] завтра"),
    ("tender stranger", "Мы с Мишулей зайдём", "Мы с [name-1] зайдём"),
    ("unknown in lower case", "спросите перизат у входа", "спросите [name-1] у входа"),
    ("unknown patronymic", "можно перизат романовну", "можно [name-1]"),
    ("introduced surname", "алло это иван катков я вам звонил", "алло это [name-1] я вам звонил"),
    ("latin", "там Arkadiy Dobychin, я отвечаю", "там [name-1], я отвечаю"),
    ("alone before a phone", "Богдан, +7 916 123-45-67", "[name-1], [phone]"),
    ("alone after a phone", "торт, +7 916 123-45-67, Юна", "торт, [phone], [name-1]"),
    ("title", "Decision maker is Mr. Bush, the CFO", "Decision maker is Mr. [name-1], the CFO"),
    ("lower title", "an appointment with doctor black today", "an appointment with doctor [name-1] today"),
    ("stranger's wife", "My wife Kellye will be there", "My wife [name-1] will be there"),
    ("stranger with surname", "The caller was Idell Wiggins today", "The caller was [name-1] today"),
    ("inverted", "Lead: Barnett, Emma, wants a demo", "Lead: [name-1], wants a demo"),
    ("middle initial", "ask Joy N. Russell about it", "ask [name-1] about it"),
    ("initial", "signed by A. Kelley today", "signed by [name-1] today"),
    ("possessive", "Hope's mom paid the deposit", "[name-1]'s mom paid the deposit"),
    ("alias", "Barbara Carr (Barb) called", "[name-1] ([name-1]) called"),
    ("name on account", "The name on the account is Idell Pike.", "The name on the account is [name-1]."),
    ("again", "my name is Kellye. Thanks. Kellye is fine", "my name is [name-1]. Thanks. [name-1] is fine"),
    ("before a colon", "Complaint from Emma West: parcel lost", "Complaint from [name-1]: parcel lost"),
    ("lone surname", "Please send Wiggins two decks", "Please send [name-1] two decks"),
    ("under", "it is booked under Black, two nights", "it is booked under [name-1], two nights"),
    ("form", "Customer: Marisol Quintana Phone: 206 443 0111", "Customer: [name-1] Phone: [phone]"),
)

KEPT: tuple[tuple[str, str], ...] = (
    ("legal", "Ask for the Will and Trust package"),
    ("bank", "not the Chase account, it ships from Austin"),
    ("flight", "The flight to Paris is on April 13"),
    ("brands", "comparing us with Salesforce and Aetna, we use Dell"),
    ("medicine", "врач сказала, что Нурофен и Мирамистин можно"),
    ("town", "едем в Сочи, обратно через Ростов"),
    ("companies", "a Dyson vacuum, Wells Fargo declined, Bosch parts"),
    ("car", "ремонт Шкода Октавия 2018 года"),
    ("plan b", "Это план Б. Завтра решим, вариант А. Всё"),
    ("role words", "Наш менеджер и ваш бухгалтер согласны"),
    ("place", "доставка в Нижний Новгород и Казань"),
    ("wife", "скажите жене и мужу, им нравится"),
    ("quoted brand", "компания «Калашников» и «Столичный»"),
    ("faith", "вера и надежда на вас, мир на душе"),
)


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GONE])
def test_names_become_placeholders(text: str, expected: str) -> None:
    assert Redactor().redact(text, language="ru").text == expected


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in KEPT])
def test_words_and_brands_stay(text: str) -> None:
    assert Redactor().redact(text, language="ru").text == text


@pytest.mark.parametrize(
    ("own", "text", "expected"),
    [
        pytest.param(
            "Dmitry Sokolov", "дмитрий сказал, дима придёт", "[name-1] сказал, [name-1] придёт", id="from-latin"
        ),
        pytest.param("Юлия Щербакова", "write to Julia or Iuliia", "write to [name-1] or [name-1]", id="to-latin"),
        pytest.param("Katherine Long", "it's kate, Kathy Long", "it's [name-1], [name-1]", id="nicknames"),
        pytest.param("Bob Ferris", "i am robert, bob is fine", "i am [name-1], [name-1] is fine", id="full-name"),
        pytest.param("Мария Лис", "маша и Марусей зовут", "[name-1] и [name-1] зовут", id="diminutives"),
    ],
)
def test_the_customer_is_one_person_in_every_spelling(own: str, text: str, expected: str) -> None:
    assert Redactor().redact(text, language="ru", own_names=(own,)).text == expected


def test_who_was_introduced_once_is_known_in_later_texts_of_the_customer() -> None:
    redactor = Redactor()
    redactor.redact("my name is Kellye Idell", language="en", scope="c1")
    assert redactor.redact("Great, Kellye, bye", language="en", scope="c1").text == "Great, [name-1], bye"
    assert redactor.redact("Great, Kellye, bye", language="en", scope="c2").text == "Great, Kellye, bye"
