"""Numbers, addresses and e-mails as people say them and a recogniser writes them: words, no digits, no punctuation."""

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
_HESITATIONS = {"ru": ["э", "ну", "так", "потом"], "en": ["uh", "um", "then", "and"]}
RU_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
EN_MONTHS = "January February March April May June July August September October November December".split()
_RU_ORDINALS = (
    "- первого второго третьего четвертого пятого шестого седьмого восьмого девятого десятого одиннадцатого "
    "двенадцатого тринадцатого четырнадцатого пятнадцатого шестнадцатого семнадцатого восемнадцатого девятнадцатого "
    "двадцатого"
).split()
_EN_ORDINALS = (
    "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_RU_TENTH = {20: "двадцатого", 30: "тридцатого", 40: "сорокового", 50: "пятидесятого", 60: "шестидесятого",
             70: "семидесятого", 80: "восьмидесятого", 90: "девяностого"}  # fmt: skip


def number(value: int, language: str) -> str:
    """A whole number below a million in words."""
    if language == "ru":
        return _russian_number(value)
    if value >= 1000:
        rest = value % 1000
        return f"{number(value // 1000, 'en')} thousand" + (f" {number(rest, 'en')}" if rest else "")
    if value >= 100:
        rest = value % 100
        return f"{_UNITS['en'][value // 100]} hundred" + (f" {number(rest, 'en')}" if rest else "")
    return _below_hundred(value, "en")


def _russian_number(value: int) -> str:
    if value >= 1000:
        thousands, rest = divmod(value, 1000)
        noun = "тысяч" if thousands % 10 not in (1, 2, 3, 4) or thousands % 100 in range(11, 15) else "тысячи"
        head = _russian_number(thousands).removesuffix("один").removesuffix("два")
        ending = {1: "одна", 2: "две"}.get(thousands % 10, "") if thousands % 100 not in (11, 12) else ""
        noun = "тысяча" if ending == "одна" else noun
        said = " ".join(part for part in (head.strip(), ending, noun) if part)
        return f"{said} {_russian_number(rest)}" if rest else said
    if value >= 100:
        rest = value % 100
        return _HUNDREDS[value // 100] + (f" {_below_hundred(rest, 'ru')}" if rest else "")
    return _below_hundred(value, "ru")


def _below_hundred(value: int, language: str) -> str:
    if value < 10:
        return _UNITS[language][value]
    if value < 20:
        return _TEENS[language][value - 10]
    unit = value % 10
    return _TENS[language][value // 10] + (f" {_UNITS[language][unit]}" if unit else "")


def digit_by_digit(digits: str, language: str, random: Random) -> str:
    """ "восемь девять один"; the English zero is "oh" or "zero"."""
    zero = random.choice(("oh", "zero")) if language == "en" else "ноль"
    return " ".join(zero if digit == "0" else _UNITS[language][int(digit)] for digit in digits)


def in_groups(digits: str, sizes: tuple[int, ...], language: str, random: Random) -> str:
    """Groups read as numbers, leading zeros said."""
    words, place = [], 0
    for size in sizes:
        words.append(_group(digits[place : place + size], language, random))
        place += size
    return " ".join(words)


def _group(digits: str, language: str, random: Random) -> str:
    if len(digits) == 1 or digits[0] == "0":
        first = digit_by_digit(digits[0], language, random)
        return f"{first} {_group(digits[1:], language, random)}" if len(digits) > 1 else first
    if len(digits) == 3 and language == "en":
        return digit_by_digit(digits, "en", random)
    return number(int(digits), language)


def phone(digits: str, language: str, random: Random) -> str:
    """A phone as it is dictated: groups, digit by digit, doubles, hesitations, a repeated or a cut-off word."""
    if language == "ru":
        sizes: tuple[int, ...] = random.choice(((1, 3, 3, 2, 2), (1, 3, 3, 2, 2), (1, 3, 2, 2, 1, 2), (1, 3, 3, 4)))
        body, sizes = (digits, sizes) if random.random() < 0.6 else (digits[1:], sizes[1:])
        fours = tuple(part for size in sizes for part in ((2, 2) if size == 4 else (size,)))
        said = in_groups(body, fours, "ru", random) if random.random() < 0.65 else digit_by_digit(body, "ru", random)
        if body == digits and random.random() < 0.3:
            said = "плюс семь " + said.split(" ", 1)[1]
    else:
        body = digits[1:]
        said = random.choice(
            (
                lambda: digit_by_digit(body, "en", random),
                lambda: digit_by_digit(body, "en", random),
                lambda: _doubled(body, random),
                lambda: in_groups(body, (3, 3, 2, 2), "en", random),
                lambda: f"area code {digit_by_digit(body[:3], 'en', random)} {digit_by_digit(body[3:], 'en', random)}",
            )
        )()
        said = said.removeprefix("area code ")
    return _damaged(said, language, random)


def _doubled(digits: str, random: Random) -> str:
    words, place = [], 0
    while place < len(digits):
        run = 1
        while place + run < len(digits) and digits[place + run] == digits[place] and run < 3:
            run += 1
        unit = digit_by_digit(digits[place], "en", random)
        words.append({1: unit, 2: f"double {unit}", 3: f"triple {unit}"}[run])
        place += run
    return " ".join(words)


def _damaged(said: str, language: str, random: Random) -> str:
    words = said.split()
    place = random.randrange(2, len(words) - 1)
    fate = random.random()
    if fate < 0.1:
        words.insert(place, random.choice(_HESITATIONS[language]))
    elif fate < 0.18:
        words.insert(place, words[place])
    elif fate < 0.28 and len(words[place]) > 4:
        words[place] = words[place][:-2]
    return " ".join(words)


def pairs(digits: str, language: str, random: Random) -> str:
    """A document's number, by pairs or digit by digit."""
    if random.random() < 0.5:
        return digit_by_digit(digits, language, random)
    sizes = (2,) * (len(digits) // 2) + ((1,) if len(digits) % 2 else ())
    return in_groups(digits, sizes, language, random)


def date(day: int, month: int, year: int | None, language: str, random: Random) -> str:
    """ "пятого мая восемьдесят девятого года", "march fifth nineteen eighty nine"."""
    if language == "ru":
        said = f"{_ordinal_ru(day)} {RU_MONTHS[month - 1]}"
        if year is None:
            return said
        short = year % 100
        long = ("тысяча девятьсот " if year < 2000 else "две тысячи ") + _ordinal_ru(short)
        return f"{said} {long if year >= 2000 or random.random() < 0.5 else _ordinal_ru(short)} года"
    ordinal = _ordinal_en(day)
    spoken_month = EN_MONTHS[month - 1].lower()
    said = random.choice((f"{spoken_month} {ordinal}", f"the {ordinal} of {spoken_month}"))
    if year is None:
        return said
    century = "nineteen" if year < 2000 else "twenty" if year > 2009 else "two thousand"
    tail = number(year % 100, "en") if year % 100 else ""
    return f"{said} {century} {tail}".strip()


def _ordinal_ru(value: int) -> str:
    if value <= 20:
        return _RU_ORDINALS[value]
    tens, unit = value // 10 * 10, value % 10
    return _RU_TENTH[tens] if not unit else f"{_TENS['ru'][tens // 10]} {_RU_ORDINALS[unit]}"


def _ordinal_en(value: int) -> str:
    if value <= 20:
        return _EN_ORDINALS[value]
    return "thirtieth" if value == 30 else f"{_TENS['en'][value // 10]} {_EN_ORDINALS[value % 10]}"
