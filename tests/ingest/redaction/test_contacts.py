"""Phones, documents, accounts, addresses, mail boxes and handles, however they are written or said; look-alikes stay."""
# ruff: noqa: E501  (rows are easier to compare unwrapped)

from __future__ import annotations

import pytest

from ingest.redaction.redact import Redactor, leaks

Case = tuple[str, str, str]
"""Id, text, the text without personal data."""

GONE: tuple[Case, ...] = (
    ("cut-off word", "номер восемь девятьсот восемьдесят семь триста тридцать два девянос восемнадцать да", "номер [phone] да"),
    ("cut-off word en", "call two four seven four eight seven nine eig three two bye", "call [phone] bye"),
    ("spoken plus", "мой телефон плюс семь девятьсот три двести девяносто один семьдесят семьдесят пять", "мой телефон [phone]"),
    ("twice", "телефон 8 916 123 45 67, ещё раз, 8 916 123 45 67", "телефон [phone], ещё раз, [phone]"),
    ("twice aloud", "девять один семь семь восемь пять три ноль семь четыре ещё раз девять один семь семь восемь пять три ноль семь четыре", "[phone] ещё раз [phone]"),
    ("phone then code", "Анна, 89161234567, код 50", "[name-1], [phone], код 50"),
    ("ascending groups", "cell 1-482-846-7341", "cell [phone]"),
    ("brackets", "text 1 (592) 620 4901", "text [phone]"),
    ("phone before mail", "Kim Cole, 1 (233) 362 7959, k.cole @ gmail.com", "[name-1], [phone], [email]"),
    ("hidden at", "Ann: ann_lee(at)icloud.com", "[name-1]: [email]"),
    ("hidden dots", "write ann.lee [at] brightfield [dot] org", "write [email]"),
    ("hidden at ru", "почта ivan.petrov(собака)mail.ru", "почта [email]"),
    ("capitals", "почта IVAN.PETROV@MAIL.RU", "почта [email]"),
    ("spelt domain", "it's brandon dot bush at a o l dot com", "it's [email]"),
    ("counted mail", "the email is chen seventy one at yahoo dot com", "the email is [email]"),
    ("link", "пишите https://t.me/semen_art7 или vk.com/semen.art", "пишите [handle] или [handle]"),
    ("handle with a dot", "телеграм @olga.art7 или директ", "телеграм [handle] или директ"),
    ("passport in parts", "паспорт серия 4508 номер 739164, выдан", "паспорт [passport], выдан"),
    ("passport with a sign", "паспорт 45 08 № 739164", "паспорт [passport]"),
    ("lower passport", "passport number is c47391648", "passport number is [passport]"),
    ("folded snils", "снилс восемьдесят два тридцать девять сорок один четырнадцать шестьдесят два", "снилс [snils]"),
    ("inn like a phone", "ИНН 7707083893, чек", "ИНН [inn], чек"),
    ("inn in two", "инн 7707 083893", "инн [inn]"),
    ("lower iban", "iban de89 3704 0044 0532 0130 00 thanks", "iban [iban] thanks"),
    ("no street word", "живу на Космонавтов 31, кв 49", "живу на [address]"),
    ("no street word aloud", "я живу на космонавтов тридцать один квартира сорок девять", "я живу на [address]"),
    ("date street", "8 Марта 79/2, подъезд 3", "[address]"),
    ("two adjectives", "Большая Грузинская улица, 67", "[address]"),
    ("hundreds", "i live at one hundred eight sunset terrace apartment eighty five ok", "i live at [address] ok"),
    ("flat first", "apt 86, 130 Oak Avenue", "[address]"),
    ("date then cue", "Иванов Пётр, 14.03.1987 г.р., прививка", "[name-1], [birth] г.р., прививка"),
    ("date then words", "пятого мая восемьдесят девятого года рождения", "[birth] рождения"),
    ("two thousands", "дата рождения двадцатого апреля две тысячи одиннадцатого года", "дата рождения [birth]"),
    ("the third", "my date of birth is the first of may twenty twelve and that is it", "my date of birth is [birth] and that is it"),
)  # fmt: skip

KEPT: tuple[tuple[str, str], ...] = (
    ("policy", "полис номер № 1664299, заканчивается 28.06"),
    ("policy aloud", "полис номер восемьдесят сорок пять девятнадцать ноль заканчивается двадцать пятого марта"),
    ("money", "the estimate was $35,700.00, right"),
    ("item number", "the sofa, number #25545028"),
    ("date and price", "renewal November 9, 2026, 27,750 dollars per seat"),
    ("appointment", "запись на 25 марта 2026, в 15:30, кабинет 12"),
    ("appointment aloud", "see you on the third of june at half past two"),
    ("delivery price", "доставка триста пятьдесят тысяч рублей"),
    ("prices", "на 9 500, 12 900 и 15 000 рублей"),
    ("flat for sale", "ЖК Солнечный, 54 кв 3 комнаты"),
    ("brackets", "a table (at noon) and a chair [dot] matrix"),
    ("reference", "the reservation number is 48213377"),
)


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GONE])
def test_personal_data_become_placeholders(redactor: Redactor, text: str, expected: str) -> None:
    found = redactor.redact(text, language="ru")
    assert found.text == expected
    assert leaks(found.text) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in KEPT])
def test_look_alikes_stay(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text, language="ru").text == text


def test_spans_are_places_of_the_original_text(redactor: Redactor) -> None:
    text = "сын Тимур и дочь Аделя, тел 8 916 123 45 67, почта a.b@mail.ru, потом Тимур"
    spans = redactor.redact(text, language="ru").spans
    assert [text[span.start : span.end] for span in spans] == [
        "Тимур", "Аделя", "8 916 123 45 67", "a.b@mail.ru", "Тимур",
    ]  # fmt: skip
    assert [span.kind for span in spans] == ["name", "name", "phone", "email", "name"]


COMPANY = (
    "Brightline",
    "улица Баумана, дом 58",
    "+7 843 200-00-01",
    "hello@brightline.example",
    "1420 Maple Avenue",
    "@brightline_ru",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("мы на улице Баумана 58", "мы на улице Баумана 58", id="own-address"),
        pytest.param("улица баумана пятьдесят восемь", "улица баумана пятьдесят восемь", id="own-address-aloud"),
        pytest.param("живу на улице Баумана, дом 12", "живу на [address]", id="a-neighbour"),
        pytest.param("живу на улице Баумана, дом 58, квартира 3", "живу на [address]", id="a-flat-in-the-house"),
        pytest.param("наберите 8 (843) 200-00-01", "наберите 8 (843) 200-00-01", id="own-phone"),
        pytest.param("наберите 8 (843) 200-00-02", "наберите [phone]", id="another-phone"),
        pytest.param("пишите hello@brightline.example", "пишите hello@brightline.example", id="own-box"),
        pytest.param("пишите ann@brightline.example", "пишите [email]", id="a-person's-box"),
        pytest.param("пишите @brightline_ru", "пишите @brightline_ru", id="own-handle"),
        pytest.param("1420 Maple Avenue, not 14 Maple Avenue", "1420 Maple Avenue, not [address]", id="english"),
    ],
)
def test_the_companys_own_contacts_are_public(text: str, expected: str) -> None:
    redactor = Redactor(company_names=COMPANY)
    found = redactor.redact(text, language="ru")
    assert found.text == expected
    assert redactor.leaks(found.text) == []
