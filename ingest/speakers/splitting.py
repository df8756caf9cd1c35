"""Cues that hold words of both sides, cut where the speaker changes.

Recognisers that write a cue every few seconds, whoever speaks, put most changes of speaker inside a cue. Word by word
the evidence is how much of the company's script a word stands in, and cues around it; two states forward and backward
give where the speaker changes. Calls whose changes fall between cues are left as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.raw import RawDocument, RawUtterance
from ingest.speakers.evidence import GRAM, SCRIPT_MIDDLE, cue_places, enough_calls
from ingest.speakers.inference import two_states
from ingest.speakers.words import bare

SCRIPT_PULL = 2.4
"""Log-odds of a word between no and all of its word sequences being script."""
CUE_PULL = 2.0
"""Log-odds a cue brings, shared by the words it spans and `AFTER_CUE` more."""
AFTER_CUE = 2
CHANGE = 0.08
"""Chance that the speaker changes after a word: turns are some dozen words."""
CHANGE_AT_STOP, CHANGE_IN_SENTENCE = 0.3, 0.02
"""The same where the text has punctuation."""
STOPPED = 25
"""Words a full stop from which a text counts as punctuated."""
CROSSING = 0.22
"""Changes a place inside cues over changes a place between them from which cues run across turns. Measured on cues of
thirteen words: .3 to 3 where cues ignore turns, under .15 where they do not."""
FEWEST_CHANGES = 3
SHORT = 3
SHORT_SHARE = 0.06
"""Cues of so few words are turns of their own ("yes, please"): where they are this common, cues follow turns."""
_STOP = re.compile(r"[.!?…][\"»”')\]]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cue said by one speaker, as far as can be told."""

    text: str
    cue: int
    """Number of the cue in its call."""
    words: tuple[int, int, int]
    """First and last word and the number of words of the cue: to share out its time."""


@dataclass(slots=True)
class _Stream:
    """A call word by word."""

    tokens: list[list[str]]
    """By cue, as written."""
    words: list[str]
    starts: list[bool]
    """Whether a word begins a cue."""
    stops: list[bool]
    """Whether a word ends a sentence."""


class _Rates(NamedTuple):
    """Changes of speaker inside cues of so many words, and between so many cues."""

    inside: int
    words: int
    between: int
    cues: int


class Cuts(NamedTuple):
    """Pieces of every call whose cues run across turns, None for a call that can stay as it is; and how far the script
    that the cuts rest on is there to be recognised, 0 to 1."""

    pieces: list[list[Piece] | None]
    clear: float


def cuts_of(calls: Sequence[RawDocument]) -> Cuts:
    """Find the calls whose cues run across turns, and cut them."""
    streams = [_stream(call.utterances) for call in calls]
    pieces: list[list[Piece] | None] = [None] * len(streams)
    suspects = _heedless(streams)
    if not suspects:
        return Cuts(pieces, 1.0)
    scripts = _script_shares(streams)
    middle = min(SCRIPT_MIDDLE, _mean(share for shares in scripts for share in shares))
    sides = [_sides(streams[number], scripts[number], middle) for number in suspects]
    rates = [_rates(streams[number], agent) for number, agent in zip(suspects, sides, strict=True)]
    usual = _Rates(*(sum(column) for column in zip(*rates, strict=True)))
    for number, agent, own in zip(suspects, sides, rates, strict=True):
        if _crosses(own, usual):
            pieces[number] = _pieces(streams[number], agent)
    return Cuts(pieces, middle / SCRIPT_MIDDLE)


def _heedless(streams: Sequence[_Stream]) -> list[int]:
    """Numbers of calls with hardly a short cue, half by this call and half by all: turns did not make their cues.

    The last cue of a call is short anyway and is left out.
    """
    short = [sum(len(tokens) <= SHORT for tokens in stream.tokens[:-1]) for stream in streams]
    cues = [len(stream.tokens) for stream in streams]
    usual = sum(short) / max(1, sum(cues))
    return [
        number
        for number, stream in enumerate(streams)
        if len(stream.words) > cues[number] > 1 and short[number] / cues[number] + usual < 2 * SHORT_SHARE
    ]


def _stream(utterances: Sequence[RawUtterance]) -> _Stream:
    stream = _Stream([], [], [], [])
    for utterance in utterances:
        tokens = utterance.text.split()
        stream.tokens.append(tokens)
        for place, token in enumerate(tokens):
            stream.words.append(bare(token))
            stream.starts.append(place == 0)
            stream.stops.append(_STOP.search(token) is not None)
    return stream


def _script_shares(streams: Sequence[_Stream]) -> list[list[float]]:
    """For every word the share of the sequences it stands in that enough other calls hold too."""
    grams = [
        [" ".join(stream.words[place : place + GRAM]) for place in range(len(stream.words) - GRAM + 1)]
        for stream in streams
    ]
    held = Counter(gram for own in grams for gram in set(own))
    enough = enough_calls(len(streams))
    shares = []
    for stream, own in zip(streams, grams, strict=True):
        common = [held[gram] > enough for gram in own]
        sums = [0]
        for hit in common:
            sums.append(sums[-1] + hit)
        shares.append([_share(sums, place, len(common)) for place in range(len(stream.words))])
    return shares


def _mean(values: Iterable[float]) -> float:
    """0 of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _share(sums: Sequence[int], place: int, grams: int) -> float:
    first, last = max(0, place - GRAM + 1), min(place + 1, grams)
    return (sums[last] - sums[first]) / (last - first) if last > first else SCRIPT_MIDDLE


def _sides(stream: _Stream, shares: Sequence[float], middle: float) -> list[bool]:
    """For every word whether the agent says it, as far as script and cues tell; `middle` tells nothing."""
    odds = [SCRIPT_PULL * (share - middle) for share in shares]
    for first, last, side in cue_places(stream.words):
        end = min(len(odds), last + AFTER_CUE + 1)
        for place in range(first, end):
            odds[place] += side * CUE_PULL / (last - first + 1)
    return [chance > 0.5 for chance in two_states(odds, _changes(stream))]


def _changes(stream: _Stream) -> list[float]:
    """Chance of a change of speaker before every word."""
    if sum(stream.stops) * STOPPED < len(stream.words):
        return [CHANGE] * len(stream.words)
    before = [True, *stream.stops[:-1]]
    return [
        CHANGE_AT_STOP if stop or start else CHANGE_IN_SENTENCE
        for stop, start in zip(before, stream.starts, strict=True)
    ]


def _rates(stream: _Stream, agent: Sequence[bool]) -> _Rates:
    changed = [place for place in range(1, len(agent)) if agent[place] is not agent[place - 1]]
    inside = sum(not stream.starts[place] for place in changed)
    between = sum(stream.starts[1:])
    return _Rates(inside, max(0, len(agent) - 1 - between), len(changed) - inside, between)


def _crosses(own: _Rates, usual: _Rates) -> bool:
    """Whether changes fall inside cues as readily as between them: half by this call, half by all that are suspected.

    Words misheard make changes out of noise: that is why a look at the cues themselves comes first.
    """
    if own.inside < FEWEST_CHANGES or not own.words or not usual.words:
        return False
    inside = own.inside / own.words + usual.inside / usual.words
    between = (own.between + 0.5) / (own.cues + 1) + (usual.between + 0.5) / (usual.cues + 1)
    return inside >= CROSSING * between


def _pieces(stream: _Stream, agent: Sequence[bool]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for cue, tokens in enumerate(stream.tokens):
        cuts = [0, *(p for p in range(1, len(tokens)) if agent[at + p] is not agent[at + p - 1]), len(tokens)]
        pieces += [
            Piece(" ".join(tokens[first:last]), cue, (first, last, len(tokens)))
            for first, last in zip(cuts, cuts[1:], strict=False)
        ]
        at += len(tokens)
    return pieces
