"""Case forms of Russian names by their endings: no dictionary needed, so it works for rare names and surnames too."""

from __future__ import annotations

from functools import lru_cache

_HARD = "гкхжчшщц"
_ADJECTIVE = ("ский", "цкий", "ской", "цкой", "ый", "ой")
_ADJECTIVE_ENDINGS = ("ий", "ый", "ой", "ого", "ому", "им", "ым", "ом", "ая", "ую", "ие", "ых", "их", "ыми", "ими")
_POSSESSIVE = ("ов", "ев", "ин", "ын")
_POSSESSIVE_ENDINGS = ("", "а", "у", "ым", "е", "ой", "ы", "ых", "ыми", "ою")


@lru_cache(maxsize=65536)
def given_forms(name: str) -> frozenset[str]:
    """All case forms of a given name in lower case ("ё" as "е"), itself included."""
    if len(name) < 3 or not _cyrillic(name):
        return frozenset({name})
    return frozenset({name} | _noun_forms(name))


@lru_cache(maxsize=65536)
def name_forms(name: str) -> frozenset[str]:
    """All case forms of a given name, surname (of both genders) or patronymic in lower case, itself included."""
    if len(name) < 3 or not _cyrillic(name):
        return frozenset({name})
    return frozenset({name} | _surname_forms(name) | _noun_forms(name))


@lru_cache(maxsize=4096)
def endearments(name: str) -> frozenset[str]:
    """Everyday tender and short forms made by suffix: Алина → алиночка, алинка, алинушка; Тимур → тимурчик."""
    if len(name) < 4 or not _cyrillic(name):
        return frozenset()
    stem = name[:-1] if name[-1] in "аяй" else name
    stem = stem[:-1] if stem.endswith("и") else stem
    suffixes = (
        ("очка", "ечка", "енька", "ушка", "юшка", "ка") if name[-1] in "ая" else ("чик", "ик", "ушка", "ка", "ок")
    )
    return frozenset(stem + suffix for suffix in suffixes)


def _cyrillic(name: str) -> bool:
    return all("а" <= letter <= "я" or letter == "-" for letter in name)


def _surname_forms(name: str) -> set[str]:
    if name.endswith(("ская", "цкая", "ский", "цкий")):
        return {name[:-2] + ending for ending in _ADJECTIVE_ENDINGS}
    if len(name) > 4 and name.endswith(_POSSESSIVE):
        return {name + ending for ending in _POSSESSIVE_ENDINGS}
    if len(name) > 5 and name[:-1].endswith(_POSSESSIVE) and name.endswith("а"):
        return {name[:-1] + ending for ending in _POSSESSIVE_ENDINGS}
    return set()


def _noun_forms(name: str) -> set[str]:
    stem, last = name[:-1], name[-1]
    if name.endswith("ия"):
        endings: tuple[str, ...] = ("я", "и", "ю", "ей", "ею")
    elif last == "а":
        endings = ("а", "и" if stem[-1] in _HARD else "ы", "е", "у", "ой", "ою", "ей")
    elif last == "я":
        endings = ("я", "и", "е", "ю", "ей", "ею")
    elif last == "й":
        endings = ("й", "я", "ю", "ем", "е", "и")
    elif last == "ь":
        endings = ("ь", "я", "ю", "ем", "е", "и", "ью")
    elif last in "оиуэыею":
        return {name}
    else:
        stem, endings = name, ("", "а", "у", "ом", "ем", "е")
        if name.endswith(("ек", "ок")) and len(name) > 4:
            short = name[:-2] + "к"
            return {name + e for e in endings} | {short + e for e in ("а", "у", "ом", "е")} | _lev(name)
    return {stem + ending for ending in endings} | _lev(name)


def _lev(name: str) -> set[str]:
    """The few names whose stem loses a vowel: Лев, Пётр is regular once "ё" is "е", Павел."""
    if name == "лев":
        return {"льва", "льву", "львом", "льве"}
    if name == "павел":
        return {"павла", "павлу", "павлом", "павле"}
    return set()


def to_latin(name: str) -> str:
    """A Russian name as it is usually written in Latin letters."""
    return "".join(_LATIN.get(letter, letter) for letter in name)


def romanised(name: str) -> frozenset[str]:
    """All usual spellings in Latin letters: Юлия → yuliya, iuliia, julia …"""
    spellings = {to_latin(name)}
    for usual, others in _SPELLINGS:
        spellings |= {one.replace(usual, other) for one in spellings for other in others}
    return frozenset(spellings)


_SPELLINGS = (
    ("iya", ("ia", "iia")),
    ("ya", ("ia", "ja")),
    ("yu", ("iu", "ju", "u")),
    ("iy", ("y", "i", "ii", "ij")),
    ("ey", ("ei", "ej", "eyi")),
    ("ay", ("ai", "aj")),
    ("kh", ("h",)),
    ("ks", ("x",)),
    ("zh", ("j",)),
    ("shch", ("sch",)),
)
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
