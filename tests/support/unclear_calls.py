"""Files of calls in which the words alone do not tell who the customer is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

MURMUR = (
    ("SPEAKER_00", "Так вот про вторую половину недели."),
    ("SPEAKER_01", "Ремень на левом колесе опять гудит, третий раз за лето."),
    ("SPEAKER_00", "Ясно, третий."),
)
"""Two voices, too few words to tell."""


def write_call(place: Path, said: Sequence[tuple[str | None, str]] = MURMUR) -> Path:
    """A recogniser's JSON, five seconds a line, with or without speakers."""
    segments = [
        {"text": text, "start": 5.0 * number, "end": 5.0 * number + 4} | ({"speaker": voice} if voice else {})
        for number, (voice, text) in enumerate(said)
    ]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"segments": segments}, ensure_ascii=False), encoding="utf-8")
    return place


def write_dialogue(place: Path, said: Sequence[tuple[str, str]]) -> Path:
    """`Name: words` lines."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(f"{name}: {text}" for name, text in said), encoding="utf-8")
    return place
