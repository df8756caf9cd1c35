"""The map of customers as SVG: drawn on the server, read without scripts, in grey and on a phone.

Every segment has a colour and a number; full dots are core members, hollow ones soft; grey dots are in no segment;
those who are no customers stand apart below, as crosses. Nobody's words, name or id is in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import median
from typing import Final, Literal, NamedTuple

from service.core.numbers import Formatter
from service.segments.model import CustomerMap, Segment, Segmentation, Status

Language = Literal["ru", "en"]

WIDTH: Final = 720
EDGE: Final = 26
RADIUS: Final = 4.6
SMALL_RADIUS: Final = 3.2
CROWDED: Final = 500
"""Dots from which they are drawn smaller."""
COLOURS: Final = (
    "#0b6bb0", "#c2570c", "#0b8060", "#a83a7c", "#7d6608", "#5a4fb0", "#b3261e", "#3d6f1f",
)  # fmt: skip
"""Told apart by most colour-blind eyes and at least 4.5:1 on white; the number on the map tells the rest."""
COLOURS_IN_DARK: Final = (
    "#6db8f2", "#ff9d5c", "#4fd0a5", "#ee9bcb", "#dcc04a", "#b5abff", "#ff8f86", "#9fd07a",
)  # fmt: skip
STRIP: Final = 60
"""Crosses in a row of the strip below."""

WORDS: Final[dict[str, dict[str, str]]] = {
    "title": {"ru": "Карта клиентов", "en": "The map of customers"},
    "caption": {
        "ru": "Близко — говорят похоже. Размеры пятен и расстояния между ними ничего не значат.",
        "en": "Near means speaking alike. The size of a patch and the gaps between patches mean nothing.",
    },
    "drawn": {
        "ru": "На карте {drawn} из {all} клиентов, отобранных наугад.",
        "en": "{drawn} of {all} customers, drawn at random.",
    },
    "core": {"ru": "{name}: уверенно, {first}", "en": "{name}: surely, {first}"},
    "soft": {"ru": "{name}: на границе, {first}", "en": "{name}: on the border, {first}"},
    "mixed": {
        "ru": "На границе: {name} {first}, {other} {second}",
        "en": "On the border: {name} {first}, {other} {second}",
    },
    "unassigned": {"ru": "Вне сегментов", "en": "In no segment"},
    "not_a_customer": {"ru": "Не клиенты: {n}", "en": "Not customers: {n}"},
    "legend.core": {"ru": "уверенно в сегменте", "en": "surely in the segment"},
    "legend.soft": {"ru": "на границе сегментов", "en": "on the border of segments"},
    "legend.unassigned": {"ru": "вне сегментов", "en": "in no segment"},
    "legend.not_a_customer": {"ru": "не клиент", "en": "not a customer"},
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """A line of the legend: `mark` is the class of its dot, `number` the segment's on the map."""

    mark: str
    number: int
    name: str
    size: int


class Dot(NamedTuple):
    """A customer on the map, nameless."""

    x: float
    y: float
    segment: str | None
    status: Status
    probability: float
    second_segment: str | None
    second_probability: float


def dots_of(segmentation: Segmentation) -> list[Dot]:
    """Who is on the map and where they belong now: who was forgotten or set apart since is not."""
    place_of = {assignment.customer: assignment for assignment in segmentation.assignments}
    found = []
    for point in segmentation.map.points if segmentation.map else ():
        place = place_of.get(point.customer)
        if place is not None and place.status != "not_a_customer":
            second = (place.second_segment, place.second_probability)
            found.append(Dot(point.x, point.y, place.segment, place.status, place.probability, *second))
    return found


def legend(segmentation: Segmentation) -> tuple[Key, ...]:
    """Segments as numbered on the map, largest first."""
    real = [segment for segment in segmentation.segments if segment.kind == "segment"]
    return tuple(
        Key(f"g{place % len(COLOURS)}", place + 1, segment.name, segment.size) for place, segment in enumerate(real)
    )


def map_svg(segmentation: Segmentation, language: Language, *, alone: bool = False) -> str:
    """The map as an `<svg>` element; `alone`: with its own colours and legend, as a file. "" where there is no map."""
    if segmentation.map is None:
        return ""
    return _Drawing(segmentation, segmentation.map, language).svg(_style() if alone else "", key=alone)


def map_page(segmentation: Segmentation, language: Language) -> str:
    """A whole HTML page around the map, for a file to send. "" where there is no map."""
    if segmentation.map is None:
        return ""
    drawing = _Drawing(segmentation, segmentation.map, language)
    title = escape(WORDS["title"][language])
    keys = "".join(
        f"<li>{_swatch(key.mark)}{escape(f'{key.number}. {key.name} — {key.size}')}</li>" for key in drawing.keys
    )
    marks = "".join(f"<li>{mark}{escape(drawing.say(f'legend.{word}'))}</li>" for word, mark in _MARKS.items())
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        "<style>:root{color-scheme:light dark}body{margin:1.5rem auto;max-width:60rem;padding:0 1rem;"
        "font:1rem/1.5 system-ui,sans-serif}ul{list-style:none;padding:0;columns:2 20rem}"
        ".customer-map{width:100%;height:auto}.swatch{width:1.1rem;height:1.1rem;margin-right:.5rem;"
        f"vertical-align:-.2rem}}</style></head><body><h1>{title}</h1>{drawing.svg(_style(), key=False)}"
        f"<p>{escape(drawing.about())}</p><ul>{keys}</ul><ul>{marks}</ul></body></html>\n"
    )


def _swatch(mark: str, inside: str = '<circle cx="8" cy="8" r="6"/>') -> str:
    return (
        f'<svg class="customer-map swatch" viewBox="0 0 16 16" aria-hidden="true"><g class="{mark}">{inside}</g></svg>'
    )


_MARKS: Final = {
    "core": _swatch("g0"),
    "soft": _swatch("g0", '<circle class="soft" cx="8" cy="8" r="6"/>'),
    "unassigned": _swatch("none"),
    "not_a_customer": _swatch("", '<path class="cross" d="M3 3l10 10M13 3L3 13"/>'),
}


class _Drawing:
    """One map being drawn."""

    def __init__(self, segmentation: Segmentation, points: CustomerMap, language: Language) -> None:
        self.map, self.language = points, language
        self.keys = legend(segmentation)
        real = [segment for segment in segmentation.segments if segment.kind == "segment"]
        self.key_of = {segment.id: key for segment, key in zip(real, self.keys, strict=True)}
        self.segments: Mapping[str, Segment] = {segment.id: segment for segment in real}
        self.dots = dots_of(segmentation)
        self.outsiders = segmentation.not_a_customer
        self.radius = RADIUS if points.drawn <= CROWDED else SMALL_RADIUS
        self.bottom = EDGE + (WIDTH - 2 * EDGE) * max((point.y for point in points.points), default=0.0) + EDGE

    def say(self, key: str, **values: object) -> str:
        return WORDS[key][self.language].format(**values)

    def about(self) -> str:
        """What nearness means, and how many are drawn."""
        if self.map.drawn == self.map.customers:
            return self.say("caption")
        return f"{self.say('caption')} {self.say('drawn', drawn=self.map.drawn, all=self.map.customers)}"

    def svg(self, style: str, *, key: bool) -> str:
        lines, height = [style, *self._dots(), *self._numbers()], self.bottom
        if self.outsiders:
            strip, height = self._strip(height)
            lines += strip
        if key:
            told, height = self._legend(height)
            lines += told
        title = f"<title>{escape(self.say('title'))}</title><desc>{escape(self.about())}</desc>"
        box = f'viewBox="0 0 {WIDTH} {height:.0f}"'
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" class="customer-map" {box} role="img">'
        return f"{opening}{title}{''.join(lines)}</svg>"

    def _dots(self) -> list[str]:
        """Unassigned first, so that segments lie above them; each segment in one group."""
        groups: dict[str, list[str]] = {"none": []}
        for key in self.keys:
            groups[key.mark] = []
        for dot in self.dots:
            key_of = self.key_of.get(dot.segment or "")
            groups[key_of.mark if key_of else "none"].append(self._dot(dot))
        return [f'<g class="{mark}">{"".join(dots)}</g>' for mark, dots in groups.items() if dots]

    def _dot(self, place: Dot) -> str:
        x, y = self._at(place)
        soft = ' class="soft"' if place.status == "soft" else ""
        title = escape(self._title(place))
        return f'<circle{soft} cx="{x}" cy="{y}" r="{self.radius}"><title>{title}</title></circle>'

    def _at(self, point: Dot) -> tuple[float, float]:
        across = WIDTH - 2 * EDGE
        return round(EDGE + across * point.x, 1), round(EDGE + across * point.y, 1)

    def _title(self, place: Dot) -> str:
        segment = self.segments.get(place.segment or "")
        if segment is None:
            return self.say("unassigned")
        other = self.segments.get(place.second_segment or "")
        percent = Formatter(self.language).percent
        first = percent(place.probability)
        if place.status == "soft" and other is not None:
            second = percent(place.second_probability)
            return self.say("mixed", name=segment.name, first=first, other=other.name, second=second)
        return self.say("core" if place.status == "core" else "soft", name=segment.name, first=first)

    def _numbers(self) -> list[str]:
        """The number of each segment in the middle of its core members."""
        drawn = []
        for id_, key in self.key_of.items():
            places = [self._at(dot) for dot in self.dots if dot.segment == id_ and dot.status == "core"]
            if places:
                x, y = median(x for x, _ in places), median(y for _, y in places)
                drawn.append(
                    f'<g class="number {key.mark}"><circle cx="{x:.1f}" cy="{y:.1f}" r="14"/>'
                    f'<text x="{x:.1f}" y="{y + 6:.1f}">{key.number}</text></g>'
                )
        return drawn

    def _strip(self, top: float) -> tuple[list[str], float]:
        """Those who are no customers: crosses in rows, as many as there are, at most three rows."""
        shown = min(self.outsiders, 3 * STRIP)
        step = (WIDTH - 2 * EDGE) / STRIP
        marks = []
        for number in range(shown):
            x = EDGE + step * (number % STRIP) + step / 2
            y = top + 44 + 14 * (number // STRIP)
            marks.append(f"M{x - 3.5:.1f} {y - 3.5:.1f}l7 7m0-7l-7 7")
        text = escape(self.say("not_a_customer", n=self.outsiders))
        drawn = [
            f'<line class="rule" x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{top + 8:.0f}" y2="{top + 8:.0f}"/>',
            f'<text class="label" x="{EDGE}" y="{top + 29:.0f}">{text}</text>',
            f'<path class="cross" d="{"".join(marks)}"/>',
        ]
        return drawn, top + 56 + 14 * ((shown - 1) // STRIP)

    def _legend(self, top: float) -> tuple[list[str], float]:
        """The legend inside the picture, for a file without a page around it."""
        y, drawn = top + 24, []
        for key in self.keys:
            text = escape(f"{key.number}. {key.name} — {key.size}")
            drawn.append(f'<g class="{key.mark}"><circle cx="{EDGE + 6}" cy="{y - 5:.0f}" r="6"/></g>')
            drawn.append(f'<text class="label" x="{EDGE + 22}" y="{y:.0f}">{text}</text>')
            y += 24
        for word, mark, shape in (("core", "g0", ""), ("soft", "g0", ' class="soft"'), ("unassigned", "none", "")):
            drawn.append(f'<g class="{mark}"><circle{shape} cx="{EDGE + 6}" cy="{y - 5:.0f}" r="6"/></g>')
            drawn.append(f'<text class="label" x="{EDGE + 22}" y="{y:.0f}">{escape(self.say(f"legend.{word}"))}</text>')
            y += 24
        for sentence in self.about().split(". "):
            drawn.append(f'<text class="label" x="{EDGE}" y="{y:.0f}">{escape(sentence.rstrip("."))}.</text>')
            y += 22
        return drawn, y


def _style() -> str:
    """The colours of a map that stands alone; on a page the style sheet has the same."""
    return (
        "<style>.customer-map{font:15px system-ui,sans-serif;background:#fff;color:#1c201e;--paper:#fff}"
        + _colours(COLOURS)
        + ".customer-map .none{fill:#9aa19c}.customer-map .soft{fill:var(--paper);stroke-width:1.8}"
        ".customer-map .number circle{fill:var(--paper);stroke-width:2.5}.customer-map .number text,"
        ".customer-map .label{fill:currentColor;stroke:none}"
        ".customer-map .number text{text-anchor:middle;font-weight:700;font-size:17px}"
        ".customer-map .cross{stroke:#7b827d;stroke-width:1.5;fill:none}.customer-map .rule{stroke:#d5d5d0}"
        "@media(prefers-color-scheme:dark){.customer-map{background:#1a1f1d;color:#eceeea;--paper:#1a1f1d}"
        + _colours(COLOURS_IN_DARK)
        + "}</style>"
    )


def _colours(palette: Sequence[str]) -> str:
    return "".join(f".customer-map .g{place}{{fill:{c};stroke:{c}}}" for place, c in enumerate(palette))
