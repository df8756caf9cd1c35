"""The one door of the speakers' step: calls in, the same calls with roles out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.model import RolesBasis, Speaker, Utterance
from ingest.raw import RawDocument, RoledCall
from ingest.speakers.evidence import Spoken, seeds
from ingest.speakers.inference import cue_probabilities, speaker_probabilities
from ingest.speakers.labels import LabelBook, call_tags, filled_tags
from ingest.speakers.training import self_train
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


@dataclass(frozen=True, slots=True)
class _Case:
    """An unlabelled call under study."""

    call: RawDocument
    spoken: tuple[Spoken, ...]
    tagged: bool
    single: bool


def assign_roles(
    calls: Sequence[RawDocument],
    *,
    staff: frozenset[str],
    names_of: Mapping[str, frozenset[str]],
    agent_utterances: Sequence[str] = (),
    customer_utterances: Sequence[str] = (),
) -> dict[str, RoledCall]:
    """Tells agent and customer apart in every call; the result is keyed by `ref`.

    Labels decide where files have them (confidence 1.0). Other calls are judged together: by cues, by likeness to what
    is said in call after call, then by a classifier trained on the confident utterances of the other calls and on
    labelled ones, `agent_utterances` and `customer_utterances` of earlier batches among them. The best role is always
    given; `confidence` says how sure it is, per utterance and per call.
    """
    ordered = sorted(calls, key=lambda call: call.ref)
    book = LabelBook(ordered, staff, names_of)
    labelled: dict[str, RoledCall] = {}
    open_calls: list[RawDocument] = []
    for call in ordered:
        roles = book.roles(call)
        if roles is None:
            open_calls.append(call)
        else:
            labelled[call.ref] = _labelled_call(call, roles)
    lessons = _lessons(labelled.values(), agent_utterances, customer_utterances)
    return labelled | _judged(open_calls, list(labelled.values()), staff, lessons)


def _labelled_call(call: RawDocument, roles: Mapping[str, Speaker]) -> RoledCall:
    utterances = tuple(
        Utterance(roles[tag] if tag else Speaker.UNKNOWN, said.text, said.start, said.end, 1.0)
        for said, tag in zip(call.utterances, filled_tags(call), strict=True)
    )
    basis: RolesBasis = "labelled" if len({u.speaker for u in utterances}) > 1 else "single"
    return RoledCall(call.ref, utterances, basis, 1.0)


def _lessons(labelled: Iterable[RoledCall], agent: Sequence[str], customer: Sequence[str]) -> list[tuple[str, bool]]:
    lessons = [(speech(text), True) for text in agent] + [(speech(text), False) for text in customer]
    for call in labelled:
        lessons += [(speech(u.text), u.speaker == Speaker.AGENT) for u in call.utterances]
    return sorted({(words, side) for words, side in lessons if " " in words})


def _judged(
    calls: Sequence[RawDocument], labelled: Sequence[RoledCall], staff: frozenset[str], lessons: list[tuple[str, bool]]
) -> dict[str, RoledCall]:
    """Roles of all calls without labels, found together."""
    if not calls:
        return {}
    one_tag_corpus = all(len(call_tags(call)) < 2 for call in calls)
    cases = [_case(call, ignore_tags=one_tag_corpus) for call in calls]
    context = [[Spoken(words, 0, 0) for words in map(speech, (u.text for u in call.utterances))] for call in labelled]
    names = frozenset(word for name in staff for word in speech(name).split()[:1] if len(word) > 2)
    scores = seeds([*(case.spoken for case in cases), *context], names)[: len(cases)]
    total = len(cases) + len(labelled)
    chances = _probabilities(cases, scores, total, lessons)
    return {case.call.ref: _inferred_call(case, own, total) for case, own in zip(cases, chances, strict=True)}


def _case(call: RawDocument, *, ignore_tags: bool) -> _Case:
    tags = filled_tags(call)
    numbers = {tag: place for place, tag in enumerate(dict.fromkeys(tags))}
    tagged = not ignore_tags and len(call_tags(call)) >= 1
    spoken = []
    for said, tag in zip(call.utterances, tags, strict=True):
        words = speech(said.text)
        spoken.append(Spoken(words, len(words.split()), numbers[tag] if tagged else -1))
    size = sum(one.size for one in spoken)
    single = (tagged and len(numbers) < 2) or len(call.utterances) < 2 or size < MIN_WORDS
    return _Case(call, tuple(spoken), tagged, single)


def _probabilities(
    cases: Sequence[_Case], scores: Sequence[list[float]], total: int, lessons: list[tuple[str, bool]]
) -> list[list[float]]:
    """Probabilities of "agent" by call and utterance; few calls with speakers are safer without training (A3)."""
    if total < FEW_CALLS and not lessons and all(case.tagged for case in cases):
        return [_smooth(case, odds) for case, odds in zip(cases, scores, strict=True)]

    def smooth(number: int, odds: Sequence[float]) -> list[float]:
        return _smooth(cases[number], odds)

    return self_train([case.spoken for case in cases], scores, smooth, lessons)


def _smooth(case: _Case, odds: Sequence[float]) -> list[float]:
    return speaker_probabilities(case.spoken, odds) if case.tagged else cue_probabilities(odds)


def _inferred_call(case: _Case, chances: Sequence[float], total: int) -> RoledCall:
    size = sum(spoken.size for spoken in case.spoken)
    trust = min(1.0, size / FULL_WORDS) * (ONE_SPEAKER_TRUST if case.single else 1.0)
    ceiling = FEW_CALLS_CEILING if not case.tagged and total < FEW_CALLS else 1.0
    utterances, weighted = [], 0.0
    for said, spoken, chance in zip(case.call.utterances, case.spoken, chances, strict=True):
        sure = min(ceiling, 0.5 + (max(chance, 1 - chance) - 0.5) * trust)
        role = Speaker.AGENT if chance > 0.5 else Speaker.CUSTOMER
        utterances.append(Utterance(role, said.text, said.start, said.end, round(sure, 4)))
        weighted += sure * spoken.size
    confidence = round(weighted / size, 4) if size else 0.5
    basis: RolesBasis = "single" if case.single else "inferred" if confidence >= SURE else "unsure"
    return RoledCall(case.call.ref, tuple(utterances), basis, confidence)
