"""Home addresses and birthdays, written or said aloud."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.redaction.lexicon import rules
from ingest.redaction.numbers import number_words
from ingest.redaction.spans import Span

_CYRILLIC = re.compile("[а-яё]", re.I)
_LATIN = re.compile("[a-z]", re.I)


class _Address(NamedTuple):
    pattern: re.Pattern[str]
    needs: re.Pattern[str]
    """Found in every lower-case text that holds such an address: quicker to look for."""


class _Patterns(NamedTuple):
    addresses: tuple[_Address, ...]
    births: re.Pattern[str]
    born: re.Pattern[str]
    """Found in every lower-case text that speaks of a birth."""


def find_addresses(text: str) -> list[Span]:
    """Spans of kind `address`: a street with a house number, with flat, city code and the like after it."""
    spans = []
    lower = text.lower()
    for language in _languages(text):
        for pattern, needs in _patterns(language).addresses:
            if needs.search(lower) is None:
                continue
            spans += [
                Span(m.start("address"), m.end("address"), "address")
                for m in pattern.finditer(text)
                if not _ordinary_street(m, language)
            ]
    return spans


def find_births(text: str) -> list[Span]:
    """Spans of kind `birth`: the date after "born", "date of birth" and the like."""
    lower = text.lower()
    return [
        Span(*match.span("date" if match["date"] else "ahead"), "birth")
        for language in _languages(text)
        if _patterns(language).born.search(lower)
        for match in _patterns(language).births.finditer(text)
    ]


def _languages(text: str) -> list[str]:
    found = ["ru"] if _CYRILLIC.search(text) else []
    return found + (["en"] if _LATIN.search(text) else [])


def _ordinary_street(match: re.Match[str], language: str) -> bool:
    words = {word.lower() for word in (match.groupdict().get("street") or "").split()}
    return bool(words & set(rules(language)["streets"]["not_names"])) or any(word in number_words() for word in words)


@lru_cache(maxsize=2)
def _patterns(language: str) -> _Patterns:
    return _russian() if language == "ru" else _english()


def _number(maximum: int = 4) -> str:
    """A house or flat number, "15", "15а", "12/3" or up to `maximum` number words."""
    word = "|".join(sorted((*number_words(), "hundred"), key=lambda spoken: (-len(spoken), spoken)))
    written = r"\d{1,5}(?:\s?[/-]\s?\d{1,4})?(?:\s?[A-Za-zА-Яа-я](?!\w))?"
    spoken = rf"(?!hundred\b)(?:{word})(?:[\s-]+(?:and\s+)?(?:{word})){{0,{maximum - 1}}}(?:\s[a-f](?!\w))?"
    return rf"(?:{written}|{spoken})(?!\w)"


def _russian() -> _Patterns:
    part, dates = rules("ru")["streets"], rules("ru")["dates"]
    number = _number()
    rooms = rf"(?:[,\s]+{part['rooms']}\s*№?\s*{number})*"
    house = rf"[,\s]+(?:{part['house']}\s*)?{number}{rooms}"
    street = r"(?P<street>[^\W\d_]+(?:[\s-]+[^\W\d_]+){0,2}?|\d+[-\s]?(?:й|я|го|ая)?\s+[^\W\d_]+)"
    one = r"[^\W\d_]+(?:ский|ская|ском|ской|ого|ый|ий|ая|яя|ой|ом|ей)"
    adjective = rf"(?P<street>(?:{one}\s+)?{one})"
    capitalised = r"(?P<street>(?:\d{1,2}\s)?[А-ЯЁ][а-яё]+(?:[\s-]+[А-ЯЁ][а-яё]+)?)"
    at_home = rf"{part['homes']}(?:\s+в\s+\w+)?(?:\s*{part['home_words']}){{0,3}}\s+"
    flat = rf"(?:квартир[аеуы]|кв\.?)\s*№?\s*{number}(?!\s*(?:комнат|ком\b|м\b|м2|метр|этаж))"
    inside = rf"(?:{flat}|(?:подъезд[ауе]?|корпус[ауе]?|корп\.?|строение|домофон)\s*№?\s*{number})"
    dated = rf"{dates['ordinals']}\s+(?:{dates['months']})|\d{{1,2}}\s+[А-ЯЁ][а-яё]+"
    named = rf"(?P<street>(?:{dated}|(?:{one}\s+)?[^\W\d_]{{4,}}))"
    bare = rf"(?P<street>[^\W\d_]{{3,}}{part['endings']})"
    return _Patterns(
        (
            _address(rf"{part['before']}\s*{street}{house}", needs=part["before"]),
            _address(rf"{adjective}\s+{part['before']}{house}", needs=rf"\s{part['before']}"),
            _address(rf"{named}[,\s]+(?:{part['house']}\s*)?{number}[,\s]*{flat}", needs="кв"),
            _address(rf"{capitalised}[,\s]+{number}[,\s]+{inside}", flags=0, needs="кв|подъ|кор|стро|домоф"),
            _address(rf"дом[ае]?\s+{number}[,\s]+{flat}", needs="кв"),
            _address(rf"{bare}{house}", cue=at_home, needs=part["homes"]),
            _address(rf"{capitalised}[,\s]+(?:дом|д\.)\s*{number}{rooms}", flags=0, needs=r"[,\s](?:дом|д\.)"),
        ),
        _births("ru", day_first=True),
        re.compile(rules("ru")["dates"]["born_signs"]),
    )


def _english() -> _Patterns:
    part = rules("en")["streets"]
    number, flat = _number(maximum=5), rf"(?:number\s+)?(?:{_number()}|[A-Za-z]\d{{0,3}}(?!\w))"
    room = rf"(?:,?\s+{part['rooms']}\s*{flat}|,?\s*\#\s?\w{{1,5}})"
    surely_room = room.replace("floor|room|number|", "")
    ahead = rf"(?:{part['rooms'].replace('floor|room|number|', '')}\s*{flat},?\s+)?"
    numbered = rf"\d{{1,3}}(?:st|nd|rd|th)|{rules('en')['dates']['ordinals']}"
    named = r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:\s+[^\W\d_]+){0,2}?"
    street = rf"(?P<street>(?:(?:north|south|east|west|n|s|e|w)\.?\s+)?(?:{named}|{numbered}))"
    capitalised = r"(?P<street>(?:[NSEW]\.?\s+)?[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2}|\d{1,3}(?:st|nd|rd|th))"
    city = r"(?:,?\s+[A-Z][a-z]+(?:\s[A-Z][a-z]+)?,?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?)?"
    end = rf"(?!\w)\.?(?i:{room})?{city}"
    loose = part["loose_types"]
    return _Patterns(
        (
            _address(rf"{ahead}{number}\s+{street}\s+{part['types']}{end}", needs=rf"\s{part['types']}"),
            _address(rf"{number}\s+{street}\s+{loose}{end}", cue=rf"{part['homes']}\s+", needs=rf"\s{loose}(?!\w)"),
            _address(
                rf"{number}\s+{street}(?:\s+{loose})?{surely_room}",
                needs=r"[\s,](?:apartment|apt|unit|suite|ste|flat|#)",
            ),
            _address(
                rf"(?i:{ahead})\d{{1,5}}[A-Za-z]?\s+{capitalised}\s+(?:{_capitalised(loose)}){end}",
                flags=0,
                needs=rf"\s{loose}(?!\w)",
            ),
            _address(rf"(?:{part['states'].replace(' ', '|')})\s+\d{{5}}(?:-\d{{4}})?(?!\w)", flags=0),
            _address(r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)", flags=0),
        ),
        _births("en", day_first=False),
        re.compile(rules("en")["dates"]["born_signs"]),
    )


def _address(pattern: str, *, cue: str = "", flags: int = re.IGNORECASE, needs: str = "") -> _Address:
    """The pattern as a whole word, never a price; `cue` stands before the address and is no part of it."""
    start = rf"(?<!\w){cue}" if cue else r"(?<![\w$£€.])"
    return _Address(re.compile(rf"{start}(?P<address>{pattern})", flags), re.compile(needs))


def _capitalised(types: str) -> str:
    return "|".join(word.capitalize() for word in types.removeprefix("(?:").removesuffix(")").split("|"))


def _births(language: str, *, day_first: bool) -> re.Pattern[str]:
    dates = rules(language)["dates"]
    words = "|".join(sorted(number_words(), key=lambda word: (-len(word), word)))
    spoken = rf"(?:{dates['ordinals']}|{words}|тысяч[аи]|hundred|thousand)"
    some = rf"(?!o\b)(?:\d{{1,4}}(?:st|nd|rd|th|-?го|-?е)?|{spoken}(?:[\s-]+(?:and\s+)?{spoken}){{0,5}})(?!\w)"
    month = rf"(?:{dates['months']})\.?(?!\w)"
    year = rf"(?:[,\s]+(?:of\s+)?{some}(?:\s*{dates['year']})?)?"
    numeric = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s\d{1,2}\s\d{4}"
    day_month = rf"(?:the\s+)?{some}\s+(?:of\s+)?{month}{year}"
    month_day = rf"{month}\s+(?:the\s+)?{some}{year}"
    only_year = r"(?:19[2-9]\d|20[0-2]\d)(?!\d)(?:\s*(?:год[ауе]?|г\.))?"
    order = [numeric, day_month, month_day] if day_first else [numeric, month_day, day_month]
    date = "|".join([*order, only_year])
    day = rf"(?:\d{{1,2}}|(?:(?:двадцать|тридцать|twenty|thirty)[\s-])?{dates['ordinals']})"
    earlier = "|".join([numeric, rf"{day}\s+(?:of\s+)?{month}{year}", only_year])
    before = rf"(?<!\w)(?:{dates['born']})(?:\s*{dates['filler']}){{0,4}}\s*(?P<date>{date})"
    return re.compile(rf"{before}|(?<![\w.])(?P<ahead>{earlier}),?\s*(?:{dates['born_after']})", re.I)
