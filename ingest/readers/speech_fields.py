"""Fields of a piece of speech under the names services give them; any JSON may stand where a list was expected."""

from __future__ import annotations

import re
from typing import Any

from ingest.raw import RawUtterance
from ingest.readers.source import clean

Piece = dict[str, Any]

_TEXT = ("text", "transcript", "phrase", "normalizedText", "content", "utterance", "sentence", "words_text")
_CHANNEL = ("channelTag", "channel_tag", "channel")
_SPEAKER = tuple(
    "speaker speaker_label speakerLabel speaker_name speakerName role speakerTag speaker_id speakerId channelTag "
    "channel_tag channel participant from author side party".split()
)
_START = tuple(
    "start start_time startTime startTimeMs begin from_ms offset startMs start_ms startOffset start_offset time".split()
)
_END = tuple(
    "end end_time endTime endTimeMs stop to_ms endMs end_ms endOffset end_offset resultEndTime resultEndOffset".split()
)
_PREFIX = re.compile(r"^\s*\((speaker [\d?]+)\)\s*", re.IGNORECASE)
SLOWEST = 15.0
"""Time units a word over which a talk must be counted in milliseconds: people say two or three words a second."""


def pieces(value: Any) -> list[Piece]:
    """The objects of a list; none when it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(item: Any, name: str) -> Piece:
    """An object inside an object; empty when there is none."""
    found = item.get(name) if isinstance(item, dict) else None
    return found if isinstance(found, dict) else {}


def text_of(item: Piece) -> str:
    """The words of a piece."""
    found = _first(item, _TEXT)
    return found if isinstance(found, str) else ""


def start_of(item: Piece) -> Any:
    """When a piece begins, as written."""
    return _first(item, _START)


def end_of(item: Piece) -> Any:
    """When a piece ends, as written."""
    return _first(item, _END)


def speaker_of(item: Piece, names: tuple[str, ...] = _SPEAKER) -> str | None:
    """Who speaks, as the service names them."""
    found = _first(item, names)
    if isinstance(found, dict):
        found = found.get("name") or found.get("label") or found.get("id")
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) and str(found).strip() else None


def _first(item: Piece, names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def number(value: Any) -> float | None:
    """Seconds or milliseconds as written: `0.8`, `"0.8s"`, `"1200"`, `{"seconds": 1, "nanos": 5}`."""
    if isinstance(value, dict):
        whole, nanos = number(value.get("seconds") or 0), number(value.get("nanos") or 0)
        return None if whole is None or nanos is None else whole + nanos / 1e9
    try:
        found = float(str(value).rstrip("s"))
    except ValueError:
        return None
    return found if 0 <= found < 1e12 else None


def in_order(turns: list[Piece]) -> list[Piece]:
    """Pieces by the time they begin; those without a time first."""
    return sorted((turn for turn in turns if text_of(turn)), key=lambda turn: number(start_of(turn)) or 0.0)


def speech_like(items: list[Any]) -> bool:
    """Most items hold text together with a speaker or a time."""
    speech = [
        item for item in pieces(items) if text_of(item) and (speaker_of(item) is not None or start_of(item) is not None)
    ]
    return bool(speech) and len(speech) >= 0.5 * len(items)


def utterances_of(turns: list[Piece]) -> tuple[RawUtterance, ...]:
    """Utterances with times in seconds; two channels tell speakers apart where the speakers' own numbers do not."""
    scale = 1000.0 if _in_milliseconds(turns) else 1.0
    speakers = {speaker_of(turn) for turn in turns}
    channels = {speaker_of(turn, _CHANNEL) for turn in turns} - {None}
    names = _CHANNEL if len(speakers) < 2 <= len(channels) else _SPEAKER
    found: list[RawUtterance] = []
    for turn in turns:
        text, tag = text_of(turn), speaker_of(turn, names)
        if prefixed := _PREFIX.match(text):
            tag, text = prefixed[1].lower(), text[prefixed.end() :]
        if words := " ".join(clean(text).split()):
            found.append(RawUtterance(words, tag, _scaled(start_of(turn), scale), _scaled(end_of(turn), scale)))
    return tuple(found)


def _scaled(value: Any, scale: float) -> float | None:
    found = number(value)
    return round(found / scale, 3) if found is not None else None


def _in_milliseconds(turns: list[Piece]) -> bool:
    """By the fields' names or units, else by how long a word would take: pauses do not count where ends are known."""
    if any(name.lower().endswith("ms") for turn in turns[:5] for name in turn if name in (*_START, *_END)):
        return True
    if any(str(value).endswith("s") for turn in turns[:5] for value in (start_of(turn), end_of(turn))):
        return False
    times = [(number(start_of(turn)), number(end_of(turn)), len(text_of(turn).split())) for turn in turns]
    spoken = [(end - start, words) for start, end, words in times if start is not None and end is not None]
    if spoken:
        return sum(length for length, _ in spoken) > SLOWEST * max(1, sum(words for _, words in spoken))
    marks = [mark for start, end, _ in times if (mark := end if end is not None else start) is not None]
    return bool(marks) and max(marks) > SLOWEST * max(20, sum(words for _, _, words in times))
