"""Whether a sentence plays down what it speaks of: "the price does not matter", «дорого? да нет, нормально».

The lists are general language, `locale/denials.yaml`: words of indifference and contentment, no trade's own words.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml


@cache
def _pattern(language: str) -> re.Pattern[str]:
    text = (files("service.comparison") / "locale" / "denials.yaml").read_text(encoding="utf-8")
    phrases: list[str] = yaml.safe_load(text)["ru" if language == "ru" else "en"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})", re.IGNORECASE)


def plays_down(sentence: str, language: str) -> bool:
    """Whether the speaker says that it is no worry, no need, or all the same."""
    return bool(_pattern(language).search(sentence.replace("ё", "е").replace("’", "'")))
