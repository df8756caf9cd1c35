"""What made records one customer, in words: one table for the command line and the pages."""

from __future__ import annotations

from typing import Final

_BY: Final[dict[str, dict[str, str]]] = {
    "phone": {"ru": "один телефон", "en": "the same phone"},
    "email": {"ru": "одна почта", "en": "the same e-mail"},
    "contact": {"ru": "один контакт в CRM", "en": "the same CRM contact"},
    "deal": {"ru": "одна сделка", "en": "the same deal"},
    "lead": {"ru": "один лид", "en": "the same lead"},
    "title": {"ru": "одно название сделки", "en": "the same deal title"},
    "mentioned": {
        "ru": "телефон или почта названы в самом разговоре",
        "en": "a phone or e-mail given in the talk itself",
    },
    "name+time": {"ru": "одно имя и близкое время", "en": "the same name, close in time"},
    "name+spoken": {"ru": "одно имя, и в разговоре оно названо", "en": "the same name, and it is said in the talk"},
    "name+surname": {"ru": "одни имя и фамилия", "en": "the same first name and surname"},
    "name+only": {"ru": "единственный с таким именем", "en": "the only one of that name"},
    "person": {"ru": "решил человек", "en": "a person's decision"},
}
_WITH_NAME: Final = {
    "ru": "{key}, общий на нескольких людей, и одно имя",
    "en": "{key} that several people share, and one name",
}


def evidence_words(kind: str, language: str) -> str:
    """`phone`, `name+time`, `phone+name` … as a person would say it."""
    if kind in _BY:
        return _BY[kind][language]
    key = kind.removesuffix("+name")
    return _WITH_NAME[language].format(key=_BY[key][language]) if key in _BY else kind
