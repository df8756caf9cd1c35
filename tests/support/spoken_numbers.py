"""Numbers as people say them, drawn with a seed: phones by digits, by groups, with doubles and fillers."""

from __future__ import annotations

from random import Random

_UNITS = {
    "ru": "ноль один два три четыре пять шесть семь восемь девять".split(),
    "en": "zero one two three four five six seven eight nine".split(),
}
_TEENS = {
    "ru": "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать "
    "девятнадцать".split(),
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
}
_TENS = {
    "ru": "- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split(),
    "en": "- - twenty thirty forty fifty sixty seventy eighty ninety".split(),
}
_HUNDREDS = "- сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
_FILLERS = {"ru": ["э", "ну", "так", "потом"], "en": ["uh", "um", "then", "and"]}


def digit_by_digit(digits: str, language: str) -> str:
    """ "восемь девять один …"; in English zeros are "oh" as often as "zero" would be, here always."""
    said = [_UNITS[language][int(digit)] for digit in digits]
    return " ".join("oh" if word == "zero" else word for word in said)


def in_groups(digits: str, language: str, sizes: list[int]) -> str:
    """Groups of one to three digits read as numbers, leading zeros said."""
    words, position = [], 0
    for size in sizes:
        words.append(_group(digits[position : position + size], language))
        position += size
    return " ".join(words)


def with_doubles(digits: str) -> str:
    """English "double five", "triple oh" where digits repeat."""
    words, place = [], 0
    while place < len(digits):
        run = 1
        while place + run < len(digits) and digits[place + run] == digits[place] and run < 3:
            run += 1
        unit = digit_by_digit(digits[place], "en")
        words.append({1: unit, 2: f"double {unit}", 3: f"triple {unit}"}[run])
        place += run
    return " ".join(words)


def hesitating(spoken: str, language: str, random: Random) -> str:
    """The same with a filler word somewhere inside."""
    words = spoken.split()
    words.insert(random.randrange(1, len(words)), random.choice(_FILLERS[language]))
    return " ".join(words)


def _group(digits: str, language: str) -> str:
    if len(digits) == 1 or digits[0] == "0":
        rest = _group(digits[1:], language) if len(digits) > 1 else ""
        return f"{digit_by_digit(digits[0], language)} {rest}".strip()
    if len(digits) == 2:
        tens, unit = int(digits[0]), int(digits[1])
        if tens == 1:
            return _TEENS[language][unit]
        return _TENS[language][tens] + (f" {_UNITS[language][unit]}" if unit else "")
    if language == "en":
        return digit_by_digit(digits, "en")
    rest = digits[1:].lstrip("0")
    return _HUNDREDS[int(digits[0])] + (f" {_group(rest, 'ru')}" if rest else "")


def luhn_card(random: Random) -> str:
    """Sixteen digits that pass the Luhn check."""
    body = "4" + "".join(str(random.randrange(10)) for _ in range(14))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)
