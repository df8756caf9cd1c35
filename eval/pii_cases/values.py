"""Planted values and look-alikes: phones, cards, documents that pass their checksums; prices, orders and dates that stay.

A value is written once and, where people say it aloud, spoken once; numbers are drawn, they belong to nobody known.
"""
# ruff: noqa: E501  (rows are easier to compare unwrapped)

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from eval.pii_cases.people import Person, latin_of
from eval.pii_cases.speech import EN_MONTHS, RU_MONTHS, date, number, pairs, phone


class Value(NamedTuple):
    """One value: as written, as written by someone careless, as spoken (empty where nobody says it)."""

    kind: str
    written: str
    hard: str
    spoken: str


Maker = Callable[[str, Person, Random], Value]


def _digits(random: Random, count: int) -> str:
    return "".join(str(random.randrange(10)) for _ in range(count))


def _phone(language: str, person: Person, random: Random) -> Value:
    if language == "ru":
        code = random.choice(
            ("903", "905", "909", "911", "916", "917", "925", "937", "960", "987", "999", "495", "843")
        )
        body = code + _digits(random, 7)
        a, b, c, d = body[:3], body[3:6], body[6:8], body[8:]
        written = random.choice(
            (
                f"+7 ({a}) {b}-{c}-{d}",
                f"8 {a} {b} {c} {d}",
                f"8{body}",
                f"+7{body}",
                f"8-{a}-{b}-{c}-{d}",
                f"+7 {a} {b}-{c}-{d}",
            )
        )
        hard = random.choice(
            (
                f"8-{a}.{b}-{c}-{d}", f"7{body}", " ".join("8" + body), f"8{a} {b} {c}{d}", f"+7\u00a0{a}\u00a0{b}\u2011{c}\u2011{d}",
                f"{a}-{b}-{c}-{d}", f"+7 {a} / {b} {c} {d}", f"+7({a}){b}{c}{d}", f"8({a}) {b}–{c}–{d}",
            )
        )  # fmt: skip
        return Value("PHONE", written, hard, phone("8" + body, "ru", random))
    area = str(random.randrange(2, 10)) + _digits(random, 2)
    exchange, line = str(random.randrange(2, 10)) + _digits(random, 2), _digits(random, 4)
    written = random.choice(
        (
            f"({area}) {exchange}-{line}",
            f"{area}-{exchange}-{line}",
            f"{area} {exchange} {line}",
            f"+1 {area} {exchange} {line}",
        )
    )
    hard = random.choice(
        (
            f"{area}.{exchange}.{line}", f"1-{area}-{exchange}-{line}", f"{area}{exchange}{line}", f"+1{area}{exchange}{line}",
            f"({area}){exchange}-{line}", f"{area}/{exchange}/{line}", f"{area}\u00a0{exchange}\u2011{line}", f"1 ({area}) {exchange} {line}",
        )
    )  # fmt: skip
    return Value("PHONE", written, hard, phone("1" + area + exchange + line, "en", random))


_RU_HOSTS = {"mail.ru": "мейл точка ру", "yandex.ru": "яндекс точка ру", "gmail.com": "джимейл точка ком",
             "bk.ru": "бк точка ру", "inbox.ru": "инбокс точка ру", "rambler.ru": "рамблер ру"}  # fmt: skip
_EN_HOSTS = {"gmail.com": "gmail dot com", "yahoo.com": "yahoo dot com", "outlook.com": "outlook dot com",
             "icloud.com": "icloud dot com", "brightfield.org": "brightfield dot org", "aol.com": "a o l dot com"}  # fmt: skip


def _email(language: str, person: Person, random: Random) -> Value:
    hosts = _RU_HOSTS if language == "ru" else _EN_HOSTS
    host = random.choice(sorted(hosts))
    first, last, tail = (
        person.given.lower(),
        person.surname.lower(),
        random.choice(("", "", str(random.randrange(70, 99)))),
    )
    joiner = random.choice((".", "_", ""))
    latin = (latin_of(first).lower(), latin_of(last).lower()) if language == "ru" else (first, last)
    local = joiner.join(latin if random.random() < 0.7 else (latin[0][:1], latin[1])) + tail
    written = f"{local}@{host}"
    zone = host.rsplit(".", 1)
    hard = random.choice((written.upper(), f"{local} @ {host}", f"{local}(at){host}" if language == "en" else f"{local}(собака){host}",
                          f"{local} [at] {zone[0]} [dot] {zone[1]}" if language == "en" else f"{local} собака {zone[0]} точка {zone[1]}"))  # fmt: skip
    said_tail = f" {number(int(tail), language)}" if tail else ""
    words = {
        ".": "точка" if language == "ru" else "dot",
        "_": "нижнее подчеркивание" if language == "ru" else "underscore",
    }
    said = f"{first} {words[joiner]} {last}" if joiner else last
    at = random.choice(("собака", "собака", "собачка", "эт")) if language == "ru" else "at"
    return Value("EMAIL", written, hard, f"{said}{said_tail} {at} {hosts[host]}")


def _card(language: str, person: Person, random: Random) -> Value:
    body = random.choice("2456") + _digits(random, 14)
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    card = body + str(-total % 10)
    groups = [card[i : i + 4] for i in range(0, 16, 4)]
    return Value("CARD", random.choice((" ".join(groups), card)), "-".join(groups), pairs(card, language, random))


def _passport(language: str, person: Person, random: Random) -> Value:
    if language == "en":
        written = (
            random.choice("ABCEX") + _digits(random, 8)
            if random.random() < 0.5
            else str(random.randrange(3, 7)) + _digits(random, 8)
        )
        spoken = pairs(written, "en", random) if written.isdigit() else ""
        return Value("PASSPORT", written, written.lower(), spoken)
    series, year, num = f"{random.randrange(10, 99)}", f"{random.randrange(1, 24):02}", _digits(random, 6)
    written = random.choice((f"{series} {year} {num}", f"{series}{year} {num}", f"{series}{year}{num}"))
    hard = random.choice((f"{series} {year} № {num}", f"серия {series}{year} номер {num}", f"{series}-{year} {num}"))
    return Value("PASSPORT", written, hard, pairs(series + year + num, "ru", random))


def _snils(language: str, person: Person, random: Random) -> Value:
    body = str(random.randrange(1, 9)) + _digits(random, 8)
    rest = sum(int(digit) * (9 - place) for place, digit in enumerate(body)) % 101 % 100
    full = f"{body}{rest:02}"
    parts = (full[:3], full[3:6], full[6:9], full[9:])
    written = random.choice((f"{'-'.join(parts[:3])} {parts[3]}", f"{'-'.join(parts)}", " ".join(parts)))
    return Value("SNILS", written, full, pairs(full, "ru", random))


def inn(random: Random) -> str:
    """A valid taxpayer number of a person (12 digits) or a company (10), often beginning like a phone."""
    first = random.choice("1234567778885")
    if random.random() < 0.5:
        body = first + _digits(random, 8)
        company = (2, 4, 10, 3, 5, 9, 4, 6, 8)
        return body + str(sum(w * int(d) for w, d in zip(company, body, strict=True)) % 11 % 10)
    body = first + _digits(random, 9)
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        body += str(sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11 % 10)
    return body


def _inn(language: str, person: Person, random: Random) -> Value:
    written = inn(random)
    return Value("INN", written, f"{written[:4]} {written[4:]}", pairs(written, "ru", random))


def _iban(language: str, person: Person, random: Random) -> Value:
    country, size = random.choice((("DE", 18), ("FR", 23), ("NL", 14), ("GB", 18), ("ES", 20)))
    bank = "".join(random.choice("ABCDEFGHKLMNPR") for _ in range(4)) if country in ("GB", "NL") else ""
    body = bank + _digits(random, size - len(bank))
    check = 98 - int("".join(str(int(letter, 36)) for letter in f"{body}{country}00")) % 97
    whole = f"{country}{check:02}{body}"
    grouped = " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
    return Value("IBAN", random.choice((whole, grouped)), grouped.lower(), "")


def _account(language: str, person: Person, random: Random) -> Value:
    written = random.choice(("40817", "40702", "40802")) + "810" + _digits(random, 12)
    return Value("IBAN", written, " ".join(written[i : i + 5] for i in range(0, 20, 5)), "")


_RU_STREETS = (
    "Лесная,Лесной", "Баумана,Баумана", "Гагарина,Гагарина", "Садовая,Садовой", "Мира,Мира", "Космонавтов,Космонавтов",
    "Зелёная,Зелёной", "Островского,Островского", "Красноармейская,Красноармейской", "Фурманова,Фурманова",
    "8 Марта,8 Марта", "Большая Грузинская,Большой Грузинской", "Чистопольская,Чистопольской", "Ленина,Ленина",
)  # fmt: skip
_EN_STREETS = (
    "Maple Street", "Oak Avenue", "Washington Blvd", "Church Lane", "Cedar Court", "Willow Drive", "Lakeview Road",
    "Park Place", "Elm St", "Sunset Terrace", "Birch Way", "Mill Creek Road", "King Street", "North 5th Avenue",
)  # fmt: skip


def _address(language: str, person: Person, random: Random) -> Value:
    house, flat = random.randrange(1, 140), random.randrange(1, 200)
    if language == "ru":
        name = random.choice(_RU_STREETS).split(",")[0]
        written = random.choice((f"улица {name}, дом {house}, квартира {flat}", f"ул. {name}, {house}-{flat}", f"ул. {name}, д. {house}, кв. {flat}",
                                 f"{name} улица, {house}" if name[-1] == "я" else f"улица {name} {house}"))  # fmt: skip
        hard = random.choice(
            (
                f"{name} {house} кв {flat}",
                f"ул {name} д{house} кв{flat}",
                f"{name}, дом {house}, квартира {flat}",
                f"{name} {house}/2, подъезд 3",
            )
        )
        said_name = {"8 Марта": "восьмого марта"}.get(name, name.lower())
        spoken = random.choice(
            (
                f"улица {said_name} дом {number(house, 'ru')} квартира {number(flat, 'ru')}",
                f"{said_name} {number(house, 'ru')} квартира {number(flat, 'ru')}",
            )
        )
        return Value("ADDRESS", written, hard, spoken)
    name = random.choice(_EN_STREETS)
    written = random.choice((f"{house} {name}", f"{house} {name}, Apt {flat}", f"{house} {name}, unit {flat}"))
    hard = random.choice(
        (f"{house} {name} #{flat}", f"{house} {name}, Springfield, IL 62{flat:03}", f"apt {flat}, {house} {name}")
    )
    long = name.replace("Blvd", "boulevard").replace("Elm St", "elm street").replace("5th", "fifth").lower()
    return Value("ADDRESS", written, hard, f"{number(house, 'en')} {long} apartment {number(flat, 'en')}")


def _dob(language: str, person: Person, random: Random) -> Value:
    day, month, year = (
        random.randrange(1, 29),
        random.randrange(1, 13),
        random.choice((*range(1958, 2000), *range(2010, 2017))),
    )
    if language == "ru":
        written = random.choice(
            (f"{day:02}.{month:02}.{year}", f"{day} {RU_MONTHS[month - 1]} {year}", f"{day:02}.{month:02}.{year}")
        )
        hard = random.choice(
            (f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year % 100:02}", f"{day:02} {month:02} {year}")
        )
    else:
        name = EN_MONTHS[month - 1]
        written = random.choice((f"{name} {day}, {year}", f"{month:02}/{day:02}/{year}", f"{day} {name} {year}"))
        hard = random.choice((f"{month}-{day}-{year}", f"{name[:3]} {day} {year}", f"{year}-{month:02}-{day:02}"))
    return Value("DOB", written, hard, date(day, month, year, language, random))


def _handle(language: str, person: Person, random: Random) -> Value:
    nick = (
        latin_of(person.given).lower()
        + random.choice(("_", ".", ""))
        + random.choice(("pro", "home", "art", "x", "life"))
        + random.choice(("", "7", "22"))
    )
    hosts = (
        ("t.me/", "vk.com/", "https://t.me/")
        if language == "ru"
        else ("instagram.com/", "t.me/", "https://twitter.com/")
    )
    return Value("HANDLE", f"@{nick}", f"@{nick}" if random.random() < 0.5 else random.choice(hosts) + nick, "")


PLANTED: dict[str, Maker] = {
    "phone": _phone, "email": _email, "card": _card, "passport": _passport, "snils": _snils, "inn": _inn, "iban": _iban,
    "account": _account, "address": _address, "dob": _dob, "handle": _handle,
}  # fmt: skip


def _look_alike(written: str, spoken: str) -> Value:
    return Value("", written, written, spoken)


def _order(language: str, person: Person, random: Random) -> Value:
    digits = str(random.randrange(1, 9)) + _digits(random, random.choice((5, 6, 7)))
    prefix = random.choice(("", "", "№ " if language == "ru" else "#"))
    return _look_alike(prefix + digits, pairs(digits, language, random))


def _price(language: str, person: Person, random: Random) -> Value:
    value = random.randrange(8, 950) * random.choice((50, 100, 1000))
    grouped = f"{value:,}"
    if language == "ru":
        grouped = grouped.replace(",", " ")
        return _look_alike(
            random.choice((f"{grouped} рублей", f"{grouped} ₽", f"{value} руб.")), f"{number(value, 'ru')} рублей"
        )
    return _look_alike(
        random.choice((f"${grouped}", f"${grouped}.00", f"{grouped} dollars")), f"{number(value, 'en')} dollars"
    )


def _date(language: str, person: Person, random: Random) -> Value:
    day, month = random.randrange(1, 29), random.randrange(1, 13)
    if language == "ru":
        return _look_alike(
            random.choice((f"{day} {RU_MONTHS[month - 1]}", f"{day:02}.{month:02}.2026", f"{day:02}.{month:02}")),
            date(day, month, None, "ru", random),
        )
    name = EN_MONTHS[month - 1]
    return _look_alike(
        random.choice((f"{name} {day}", f"{month}/{day}/2026", f"{name} {day}, 2026")),
        date(day, month, None, "en", random),
    )


def _time(language: str, person: Person, random: Random) -> Value:
    hour, minute = random.randrange(8, 20), random.choice((0, 15, 30, 45))
    said = f"{number(hour, language)} {number(minute, language) if minute else ('ноль ноль' if language == 'ru' else 'sharp')}"
    return _look_alike(f"{hour}:{minute:02}", said)


def _sku(language: str, person: Person, random: Random) -> Value:
    digits = _digits(random, 6)
    return _look_alike(
        random.choice((f"AX-{digits[:4]}-{digits[4:]}", f"{digits[:3]}.{digits[3:]}.10", f"KR{digits}")),
        pairs(digits, language, random),
    )


def _quantity(low: int, high: int) -> Maker:
    def make(language: str, person: Person, random: Random) -> Value:
        value = random.randrange(low, high)
        return _look_alike(str(value), number(value, language))

    return make


LOOK_ALIKES: dict[str, Maker] = {
    "order": _order, "price": _price, "date": _date, "time": _time, "sku": _sku, "qty": _quantity(2, 60), "area": _quantity(20, 140),
}  # fmt: skip
