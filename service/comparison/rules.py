"""The table of rules: every threshold that decides a verdict, with where it comes from.

Code, pages and prompts read the same table. `locale/{ru,en}.yaml` says each rule in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Threshold:
    """One number that steers a verdict."""

    value: float
    origin: str


DEFINITION = "definition: what the word means in plain use"
GRID = "picked inside a flat region of a 135-point grid on one company, checked on another"

TABLE: dict[str, Threshold] = {
    "majority": Threshold(0.5, DEFINITION),
    "majority.near": Threshold(0.4, "ten points below a majority: the error of a count on some fifty customers"),
    "only": Threshold(0.8, DEFINITION),
    "only.broken": Threshold(0.5, DEFINITION),
    "none": Threshold(0.05, DEFINITION),
    "none.of_average": Threshold(1 / 3, DEFINITION),
    "none.broken": Threshold(0.25, DEFINITION),
    "none.broken_of_average": Threshold(0.75, DEFINITION),
    "part.small": Threshold(0.5, "of an equal part: half as much as if all segments were alike"),
    "part.small_broken": Threshold(0.75, "of an equal part"),
    "part.large": Threshold(1.25, "of an equal part"),
    "rate.low": Threshold(0.67, "of the average: a third below it"),
    "rate.low_broken": Threshold(0.9, "of the average"),
    "rate.high": Threshold(1.2, "of the average: a fifth above it"),
    "rate.high_broken": Threshold(0.9, "of the average"),
    "rate.all": Threshold(0.7, GRID),
    "rate.all_broken": Threshold(0.4, DEFINITION),
    "rate.equal": Threshold(0.9, "of the average: ten per cent is no difference"),
    "rate.equal_broken": Threshold(0.75, "of the average"),
    "amount.tolerance": Threshold(0.1, "ten per cent around a named figure"),
    "amount.near": Threshold(0.25, 'a quarter around a figure named as "about"'),
    "amount.far": Threshold(0.5, "half off a named figure is another figure"),
    "amount.low": Threshold(0.8, "of the median of the other segments"),
    "amount.high": Threshold(1.2, "of the median of the other segments"),
    "share.tolerance": Threshold(0.15, "points around a named share"),
    "tie": Threshold(0.03, "relative difference too small to rank"),
    "topic.none": Threshold(0.05, GRID),
    "topic.none_broken": Threshold(0.12, GRID),
    "topic.all": Threshold(0.7, GRID),
    "topic.all_broken": Threshold(0.2, GRID),
    "topic.rare_broken": Threshold(0.15, GRID),
    "topic.rare": Threshold(0.08, "half of what breaks it"),
    "topic.everyone": Threshold(0.1, GRID),
    "topic.only": Threshold(1 / 3, "of the segment's share: others say it three times more rarely"),
    "topic.first_share": Threshold(0.4, GRID),
    "topic.lift": Threshold(1.5, GRID),
    "topic.is": Threshold(0.25, "a quarter of the segment says so unasked"),
    "topic.is_broken": Threshold(0.1, "fewer than one in ten says so"),
    "topic.lost": Threshold(0.5, "of the average conversion"),
    "topic.lost_broken": Threshold(0.75, "of the average conversion"),
    "topic.error": Threshold(0.1, "measured error of topic shares: about ten points"),
    "channel.none": Threshold(0.15, DEFINITION),
    "channel.none_broken": Threshold(0.3, DEFINITION),
    "channel.high": Threshold(0.4, DEFINITION),
    "channel.high_broken": Threshold(0.2, DEFINITION),
    "campaign.cheap": Threshold(0.8, "of the average of all campaigns"),
    "campaign.dear": Threshold(1.25, "of the average of all campaigns"),
    "few": Threshold(10, "buyers or customers behind a figure: fewer make it preliminary"),
}


def threshold(key: str) -> float:
    """The value of a threshold."""
    return TABLE[key].value


@cache
def _sentences(language: str) -> dict[str, str]:
    known = language if language in ("ru", "en") else "en"
    path = files("service.comparison") / "locale" / f"{known}.yaml"
    found: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def sentence(rule: str, language: str) -> str:
    """The rule in words; `note.*` keys say what would settle an open claim."""
    return _sentences(language)[rule]


def rules() -> tuple[str, ...]:
    """Keys of all rules that have a sentence."""
    return tuple(_sentences("en"))
