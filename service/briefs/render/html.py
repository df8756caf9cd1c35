"""Briefs as one self-contained HTML page: no script, no link outside, prints well, light and dark."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from service.briefs.model import Brief, Chart
from service.briefs.render.evidence import evidence
from service.briefs.render.plain_text import one_line
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter

WIDTH, LEFT, RIGHT = 720, 215, 610
"""Drawing width, and where the plot begins and ends; labels stand left of it, counts right."""
ROW, TOP, BOTTOM = 30, 20, 30
LONGEST_LABEL = 28
STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)
MOST_TICKS = 5


def html(brief: Brief) -> str:
    """The page; everything but the style sheet is escaped by the template engine."""
    write = Formatter(brief.language, brief.currency)
    book = Phrasebook(brief.language, write)
    page: str = _template().render(
        brief=brief,
        facts=evidence(brief),
        css=Markup(_file("brief.css")),
        text=book.text,
        line=one_line,
        quoted=lambda words: write.quote(one_line(words)),
        geometry=lambda chart: _geometry(chart, write),
        made="".join(s.text for s in book.say("page.made", day=write.day(brief.made_on))) if brief.made_on else "",
        refused="".join(s.text for s in book.say("page.refused", n=write.count(brief.refused))),
    )
    return page


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    return environment.from_string(_file("brief.html.j2"))


@cache
def _file(name: str) -> str:
    return (files("service.briefs.render") / "templates" / name).read_text(encoding="utf-8")


def _geometry(chart: Chart, write: Formatter) -> dict[str, Any]:
    """Places of dots, ranges and ticks in drawing units."""
    top = max([row.high if row.high is not None else row.value for row in chart.rows] + [0.05])
    if chart.unit == "share":
        top = min(1.0, top)
    step = next((s for s in STEPS if top / s <= MOST_TICKS), STEPS[-1]) if chart.unit == "share" else top / MOST_TICKS
    end = step * -(-top // step)

    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * value / end, 1)

    rows = [
        {
            "y": TOP + ROW * index,
            "x": x(row.value),
            "fact": row.fact,
            "text": one_line(row.text),
            "low": x(row.low) if row.low is not None else None,
            "high": x(row.high) if row.high is not None else None,
            "label": _short(one_line(row.label)),
            "full": one_line(row.label),
        }
        for index, row in enumerate(chart.rows)
    ]
    ticks = [{"x": x(step * i), "text": write.value(step * i, chart.unit)} for i in range(round(end / step) + 1)]
    return {
        "width": WIDTH,
        "height": TOP + ROW * len(rows) + BOTTOM - 10,
        "left": LEFT,
        "right": RIGHT,
        "rows": rows,
        "ticks": ticks,
    }


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
