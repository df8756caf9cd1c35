"""The persons of the generated texts and every form of their names that the templates ask for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

RARE_SHARE = 0.2
"""Of given names drawn from the long tail."""
CASES = ("nom", "gen", "dat", "acc", "ins", "prep")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)


@dataclass(frozen=True)
class Person:
    """One person; surnames in the masculine or only form, `father` in Russian only."""

    language: str
    female: bool
    given: str
    surname: str
    father: str
    short: str
    word: str
    hyphen: tuple[str, str]
    middle: str


@cache
def _lists(language: str) -> dict[str, Any]:
    path = Path(__file__).with_name(f"people_{language}.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def half_of(name: str) -> str:
    """Which half of the texts a name may appear in: `dev` or `held`, by its checksum."""
    return "held" if zlib.crc32(name.encode()) % 2 else "dev"


@cache
def _pool(language: str, key: str, half: str) -> tuple[str, ...]:
    listed = _lists(language)[key]
    return tuple(name for name in listed if half_of(name) == half) or tuple(listed)


def draw(language: str, half: str, random: Random, *, informal: bool = False, gender: str = "") -> Person:
    """A person whose names belong to the half; `informal`: one with an everyday short form; `gender`: f, m or any."""
    chosen = random.choice(("female", "male"))
    gender = {"f": "female", "m": "male"}.get(gender, chosen)
    rare = random.random() < RARE_SHARE
    given = random.choice(_pool(language, f"rare_{gender}" if rare else gender, half))
    shorts: dict[str, list[str]] = _lists(language)["diminutives"]
    if informal:
        listed = set(_lists(language)[gender])
        given = random.choice([name for name in shorts if name in listed])
    return Person(
        language,
        gender == "female",
        given,
        random.choice(_pool(language, "surnames", half)),
        random.choice(_lists(language)["fathers"]) if language == "ru" else "",
        random.choice(shorts.get(given, [given])),
        random.choice(_lists(language)[f"word_{gender}"]),
        (random.choice(_lists(language)[f"hyphen_{gender}"]), random.choice(_lists(language)["hyphen_surnames"])),
        random.choice("ABCDEGHJKLMNPRSTW"),
    )


def named(person: Person, form: str) -> str:
    """The name in a template's form: `g`, `f.dat`, `fio`, `d`, `i` …"""
    kind, _, case = form.partition(".")
    return _russian(person, kind, case or "nom") if person.language == "ru" else _english(person, kind)


def _english(person: Person, kind: str) -> str:
    given, surname = person.given, person.surname
    return {
        "g": given,
        "n": person.short,
        "s": surname,
        "f": f"{given} {surname}",
        "sf": f"{surname}, {given}",
        "fm": f"{given} {person.middle}. {surname}",
        "i": f"{given[0]}. {surname}",
        "t": f"Mr. {surname}" if not person.female else f"Ms. {surname}",
        "w": person.word,
        "h": f"{person.hyphen[0]} {surname}" if person.middle < "L" else f"{given} {person.hyphen[1]}",
    }[kind]


def _russian(person: Person, kind: str, case: str) -> str:
    given, surname = decline(person.given, case, person.female), declined_surname(person.surname, case, person.female)
    father = patronymic(person.father, case, person.female)
    latin = f"{latin_of(person.given)} {latin_of(declined_surname(person.surname, 'nom', person.female))}"
    initials = f"{person.given[0]}.{person.father[0]}."
    hyphened = "-".join(declined_surname(part, case, person.female) for part in person.hyphen[1].split("-"))
    return {
        "g": given,
        "d": decline(person.short, case, person.female),
        "s": surname,
        "f": f"{given} {surname}",
        "sf": f"{surname} {given}",
        "gp": f"{given} {father}",
        "fio": f"{surname} {given} {father}",
        "p": father,
        "i": f"{surname} {initials}",
        "ii": f"{initials[:2]} {initials[2:]} {surname}",
        "l": latin,
        "w": decline(person.word, case, person.female),
        "h": f"{given} {hyphened}" if person.middle < "L" else person.hyphen[0] if case == "nom" else given,
    }[kind]


def latin_of(name: str) -> str:
    """A Russian name in Latin letters."""
    made = "".join(_LATIN.get(letter, letter) for letter in name.lower())
    return "-".join(part.capitalize() for part in made.split("-"))


def decline(name: str, case: str, female: bool) -> str:
    """A given or short name in a case, by its ending."""
    if case == "nom" or (name.lower() == "любовь" and case == "acc"):
        return name
    column = CASES.index(case)
    if name in ("Лев", "Павел", "Пётр", "Любовь"):
        stem = {"Лев": "Льв", "Павел": "Павл", "Пётр": "Петр", "Любовь": "Любов"}[name]
        endings = "ь и и ь ью и" if name == "Любовь" else "- а у а ом е"
        return stem + endings.split()[column]
    last, stem = name[-1], name[:-1]
    if last == "а":
        hissing = stem[-1] in "жчшщц"
        return stem + [last, "и" if stem[-1] in "гкхжчшщ" else "ы", "е", "у", "ей" if hissing else "ой", "е"][column]
    if last == "я":
        return (
            stem
            + [last, "и", "и" if stem.endswith("и") else "е", "ю", "ей", "и" if stem.endswith("и") else "е"][column]
        )
    if last in "йь" and not (female and last == "ь"):
        return stem + [last, "я", "ю", "я", "ем", "и" if stem.endswith("и") else "е"][column]
    if last == "ь":
        return stem + [last, "и", "и", "ь", "ью", "и"][column]
    if last in "еиоуыэю" or female:
        return name
    if name.endswith(("ек", "ёк", "ок")) and len(name) > 4:
        stem, last = name[:-2], "к"
        return stem + last + ["", "а", "у", "а", "ом", "е"][column]
    return name + ["", "а", "у", "а", "ем" if last in "жчшщ" else "ом", "е"][column]


def declined_surname(name: str, case: str, female: bool) -> str:
    """A surname, given in its masculine form, by gender and case."""
    column = CASES.index(case)
    if name.endswith(("ский", "цкий", "ской", "ый", "ой")):
        endings = "ая ой ой ую ой ой" if female else f"{name[-2:]} ого ому ого им ом"
        return name[:-2] + endings.split()[column]
    if name.endswith(("ов", "ев", "ёв", "ин", "ын")):
        endings = ("а ой ой у ой ой" if female else "- а у а ым е").split()[column]
        return name + endings.strip("-")
    if female and name[-1] not in "ая":
        return name
    return decline(name, case, False)


def patronymic(father: str, case: str, female: bool) -> str:
    """Иванович, Ивановне, Ильич."""
    stems = {"Илья": ("Ильич", "Ильинична"), "Павел": ("Павлович", "Павловна"), "Пётр": ("Петрович", "Петровна")}
    if father in stems:
        made = stems[father][female]
    elif father.endswith("ий"):
        soft = father[:-2] + "ь"
        made = soft + ("евна" if female else "евич")
    elif father.endswith(("й", "ь")):
        made = father[:-1] + ("евна" if female else "евич")
    else:
        made = father + ("овна" if female else "ович")
    return decline(made, case, female)
