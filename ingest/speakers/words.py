"""Speech brought to bare words: what recognisers invent and how they punctuate must not matter."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = ("ru", "en")

_NOISE = re.compile(r"\[[^\]]{0,40}\]|\([^)]{0,30}\)|<[^>]{0,40}>")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_DIGIT = re.compile(r"\d+")


@cache
def phrases(language: str) -> dict[str, Any]:
    """The cues of one language."""
    text = resources.files("ingest.speakers").joinpath("locale", f"{language}.yaml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(text)
    assert isinstance(loaded, dict)
    return loaded


def speech(text: str) -> str:
    """Words in lower case between single spaces: no noise marks, no punctuation, digits as 0, stutters once."""
    plain = _NOISE.sub(" ", text).lower().replace("ё", "е").replace("’", "'")
    words: list[str] = []
    for word in _WORD.findall(_DIGIT.sub("0", plain)):
        if not words or words[-1] != word:
            words.append(word)
    spoken = " ".join(words)
    return _hallucinations().sub("", spoken).strip()


@lru_cache(maxsize=65536)
def bare(token: str) -> str:
    """One word between spaces as `speech` writes it; empty for a noise mark or a dash."""
    plain = _NOISE.sub("", token).lower().replace("ё", "е").replace("’", "'")
    return "".join(_WORD.findall(_DIGIT.sub("0", plain)))


@lru_cache(maxsize=1)
def _hallucinations() -> re.Pattern[str]:
    every = [pattern for language in LANGUAGES for pattern in phrases(language)["hallucinations"]]
    return re.compile(rf"^(?:{'|'.join(every)})$")
