"""A call under study: its words as evidence, cut where a cue holds both sides, and back to utterances with roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.model import RolesBasis, Speaker, Utterance
from ingest.raw import RawDocument, RawUtterance, RoledCall
from ingest.speakers.evidence import Spoken
from ingest.speakers.inference import cue_probabilities, speaker_probabilities
from ingest.speakers.labels import call_tags, filled_tags
from ingest.speakers.splitting import Piece, cuts_of
from ingest.speakers.words import speech

SURE = 0.9
"""Calls below are "unsure": every measured call above was right, at .5 to .7 it is a coin's flip (recipe A4)."""
FULL_WORDS = 40
"""Words a call needs before its confidence counts in full."""
ONE_SPEAKER_TRUST = 0.3
FEW_CALLS = 10
"""Below this many calls roles of untagged calls stay unconfirmed and speakers are told apart without training."""
FEW_CALLS_CEILING = 0.89
MIN_WORDS = 15
CUT_TRUST = 0.87
"""Of cut cues what looks certain was right in .92 of words: a cut is rarely right to the word. Less where recognition
is so poor that the company's script is hardly there."""
CHANGE_AT_CUT, CHANGE_AT_CUE = 0.8, 0.1
"""Chance of a change of speaker where a cue was cut, and between two cues that run across turns."""


@dataclass(frozen=True, slots=True)
class Case:
    """An unlabelled call under study."""

    call: RawDocument
    spoken: tuple[Spoken, ...]
    tagged: bool
    single: bool
    pieces: tuple[Piece, ...] = ()
    """Parts of cues, in place of the call's utterances, where cues run across turns."""
    trust: float = 1.0
    """What is left of a probability's distance from one half: cuts are less sure than they look."""

    @property
    def size(self) -> int:
        """Words in all."""
        return sum(one.size for one in self.spoken)

    def smooth(self, odds: Sequence[float]) -> list[float]:
        """Probability of "agent" for every utterance or piece, from its own log-odds and those around it."""
        if self.tagged:
            return speaker_probabilities(self.spoken, odds)
        if not self.pieces:
            return cue_probabilities(odds)
        changes = [CHANGE_AT_CUT if piece.words[0] else CHANGE_AT_CUE for piece in self.pieces]
        return cue_probabilities(odds, changes)


def cases_of(calls: Sequence[RawDocument]) -> list[Case]:
    """Calls as cases, cues that run across turns cut. A label that all calls share tells nobody apart."""
    one_tag_corpus = all(len(call_tags(call)) < 2 for call in calls)
    cases = [_case(call, ignore_tags=one_tag_corpus) for call in calls]
    untold = [number for number, case in enumerate(cases) if not case.tagged and not case.single]
    cuts = cuts_of([cases[number].call for number in untold])
    for number, pieces in zip(untold, cuts.pieces, strict=True):
        if pieces is not None:
            cases[number] = _in_pieces(cases[number], pieces, CUT_TRUST * cuts.clear)
    return cases


def _case(call: RawDocument, *, ignore_tags: bool) -> Case:
    tags = filled_tags(call)
    numbers = {tag: place for place, tag in enumerate(dict.fromkeys(tags))}
    tagged = not ignore_tags and len(call_tags(call)) >= 1
    spoken = []
    for said, tag in zip(call.utterances, tags, strict=True):
        words = speech(said.text)
        spoken.append(Spoken(words, len(words.split()), numbers[tag] if tagged else -1))
    size = sum(one.size for one in spoken)
    single = (tagged and len(numbers) < 2) or len(call.utterances) < 2 or size < MIN_WORDS
    return Case(call, tuple(spoken), tagged, single)


def _in_pieces(case: Case, pieces: Sequence[Piece], trust: float) -> Case:
    spoken = tuple(Spoken(words, len(words.split()), -1) for words in (speech(piece.text) for piece in pieces))
    return replace(case, spoken=spoken, pieces=tuple(pieces), trust=trust)


def inferred_call(case: Case, chances: Sequence[float], total: int) -> RoledCall:
    """Roles from probabilities; the confidence is capped where experience says it looks higher than it is.

    `total` is the number of calls judged together.
    """
    size = case.size
    trust = case.trust * min(1.0, size / FULL_WORDS) * (ONE_SPEAKER_TRUST if case.single else 1.0)
    ceiling = FEW_CALLS_CEILING if not case.tagged and total < FEW_CALLS else 1.0
    utterances, weighted = [], 0.0
    for said, spoken, chance in zip(_said(case), case.spoken, chances, strict=True):
        sure = min(ceiling, 0.5 + (max(chance, 1 - chance) - 0.5) * trust)
        role = Speaker.AGENT if chance > 0.5 else Speaker.CUSTOMER
        utterances.append(Utterance(role, said.text, said.start, said.end, round(sure, 4)))
        weighted += sure * spoken.size
    confidence = round(weighted / size, 4) if size else 0.5
    basis: RolesBasis = "single" if case.single else "inferred" if confidence >= SURE else "unsure"
    spoken_by = _mended(case.pieces, utterances) if case.pieces else tuple(utterances)
    return RoledCall(case.call.ref, spoken_by, basis, confidence)


def _said(case: Case) -> Sequence[RawUtterance]:
    """The utterances as judged: the call's own, or pieces of them with their share of the time."""
    if not case.pieces:
        return case.call.utterances
    return [_part(case.call.utterances[piece.cue], piece) for piece in case.pieces]


def _part(cue: RawUtterance, piece: Piece) -> RawUtterance:
    first, last, words = piece.words
    if cue.start is None or cue.end is None:
        return replace(cue, text=piece.text)
    length = (cue.end - cue.start) / max(1, words)
    start, end = (round(cue.start + length * place, 3) for place in (first, last))
    return replace(cue, text=piece.text, start=start, end=end)


def _mended(pieces: Sequence[Piece], utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Pieces of one cue and one speaker are one utterance again, as sure as its words are on average."""
    mended: list[Utterance] = []
    sizes: list[int] = []
    for number, (piece, said) in enumerate(zip(pieces, utterances, strict=True)):
        size = piece.words[1] - piece.words[0]
        if number and pieces[number - 1].cue == piece.cue and mended[-1].speaker is said.speaker:
            before, total = mended[-1], sizes[-1] + size
            sure = round((before.confidence * sizes[-1] + said.confidence * size) / max(1, total), 4)
            mended[-1] = replace(before, text=f"{before.text} {said.text}", end=said.end, confidence=sure)
            sizes[-1] = total
        else:
            mended.append(said)
            sizes.append(size)
    return tuple(mended)
