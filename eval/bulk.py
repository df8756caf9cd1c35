"""As many calls as one likes out of the demo companies': other halves together, other numbers, other file names."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ingest.model import IngestOptions
from ingest.raw import RawDocument, RawUtterance

CASES = Path(__file__).resolve().parent / "cases"
SEED = 60
FEWEST_TURNS = 4
"""Turns a call must have to lend a half of itself."""
CODES = {"ru_coworking": "7916", "en_ebikes": "1212"}
"""How telephones of a company's country begin."""
SHAPES = {"dialogue": "txt", "vtt": "vtt", "srt": "srt"}
"""Reader → ending of the file; every other reader's calls are written as word-timed JSON."""
_NUMBER = re.compile(r"\d(?:[\s().-]*\d){6,}")
_SECONDS_A_WORD = 0.4


class MadeFile(NamedTuple):
    """A transcript to be written: its name and its text."""

    name: str
    text: str


def made_calls(turns: int | None = None) -> Iterator[MadeFile]:
    """Calls without end, both companies in turn, the shares of formats as in the demos, no two of them alike.

    A call is the first half of one demo call and the second half of another, so that every sentence is somebody's and
    no text comes twice; with `turns`, stretches of many calls until it is so long. Telephones are drawn anew.
    """
    at = random.Random(SEED)
    companies = [(case, _calls(CASES / case)) for case in sorted(CODES)]
    orders = [at.sample(calls, len(calls)) for _, calls in companies]
    number = 0
    while True:
        for (case, calls), order in zip(companies, orders, strict=True):
            first = order[number % len(order)]
            kin = [call for call in calls if call.reader == first.reader]
            spoken = _joined(first, kin, turns, at)
            # Two calls a customer: the share of joins of the demos.
            phone = CODES[case] + str(2_000_000 + number // 2)
            yield _written(f"{case}/call_{number:06d}_{phone}", SHAPES.get(first.reader, "json"), spoken)
        number += 1


def write_calls(folder: Path, calls: Iterator[MadeFile], *, count: int = 0, size: int = 0) -> int:
    """Write calls until there are `count` of them or `size` bytes; returns how many."""
    written = taken = 0
    while (count and written < count) or (size and taken < size):
        made = next(calls)
        place = folder / made.name
        place.parent.mkdir(parents=True, exist_ok=True)
        taken += place.write_bytes(made.text.encode())
        written += 1
    return written


def _calls(case: Path) -> list[RawDocument]:
    from ingest.gathering import gather

    found = gather([case / "inputs" / "calls"], IngestOptions(salt=b"bulk"), lambda _: None).documents
    return [call for call in found if len(call.utterances) >= FEWEST_TURNS]


def _joined(first: RawDocument, kin: Sequence[RawDocument], turns: int | None, at: random.Random) -> list[RawUtterance]:
    spoken = list(first.utterances[: len(first.utterances) // 2])
    while True:
        other = at.choice(kin).utterances
        spoken += other[len(other) // 2 :] if turns is None else other
        if turns is None or len(spoken) >= turns:
            return [replace(turn, text=_with_other_numbers(turn.text, at)) for turn in spoken[:turns]]


def _with_other_numbers(text: str, at: random.Random) -> str:
    """Long numbers keep their spelling and first digits."""
    return _NUMBER.sub(lambda found: _renumbered(found.group(), at), text)


def _renumbered(written: str, at: random.Random) -> str:
    kept = 4
    digits = 0
    made = []
    for letter in written:
        digits += letter.isdigit()
        made.append(str(at.randrange(10)) if letter.isdigit() and digits > kept else letter)
    return "".join(made)


def _written(stem: str, shape: str, spoken: Sequence[RawUtterance]) -> MadeFile:
    text = {"txt": _dialogue, "vtt": _vtt, "srt": _srt, "json": _json}[shape](_timed(spoken))
    return MadeFile(f"{stem}.{shape}", text)


def _timed(spoken: Sequence[RawUtterance]) -> list[RawUtterance]:
    clock, timed = 0.0, []
    for turn in spoken:
        end = clock + _SECONDS_A_WORD * max(1, len(turn.text.split()))
        timed.append(replace(turn, start=clock, end=end))
        clock = end + 0.2
    return timed


def _dialogue(spoken: Sequence[RawUtterance]) -> str:
    return "".join(f"{turn.tag or 'A'}: {' '.join(turn.text.split())}\n" for turn in spoken)


def _vtt(spoken: Sequence[RawUtterance]) -> str:
    cues = (
        f"{_moment(turn.start)} --> {_moment(turn.end)}\n{f'<v {turn.tag}>' if turn.tag else ''}{turn.text}\n"
        for turn in spoken
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _srt(spoken: Sequence[RawUtterance]) -> str:
    cues = (
        f"{number}\n{_moment(turn.start, ',')} --> {_moment(turn.end, ',')}\n{turn.text}\n"
        for number, turn in enumerate(spoken, 1)
    )
    return "\n".join(cues)


def _json(spoken: Sequence[RawUtterance]) -> str:
    segments: list[dict[str, object]] = []
    voices: dict[str | None, str] = defaultdict(lambda: f"SPEAKER_{len(voices):02d}")
    for turn in spoken:
        words = turn.text.split()
        start = turn.start or 0.0
        timed = [
            {
                "word": word,
                "start": round(start + place * _SECONDS_A_WORD, 2),
                "end": round(start + (place + 1) * _SECONDS_A_WORD, 2),
                "score": 0.9,
            }
            for place, word in enumerate(words)
        ]
        segment: dict[str, object] = {"start": start, "end": turn.end, "text": turn.text, "words": timed}
        segments.append(segment | ({"speaker": voices[turn.tag]} if turn.tag else {}))
    return json.dumps({"segments": segments}, ensure_ascii=False)


def _moment(seconds: float | None, comma: str = ".") -> str:
    milliseconds = round((seconds or 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{comma}{rest % 1000:03d}"
