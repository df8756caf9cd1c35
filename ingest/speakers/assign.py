"""The one door of the speakers' step: calls in, the same calls with roles out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.raw import RawDocument, RoledCall
from ingest.speakers.cases import FEW_CALLS, Case, cases_of, inferred_call
from ingest.speakers.evidence import seeds
from ingest.speakers.labelled import FEWEST_CALLS, doubted, labelled_call, lessons_of, spoken_of
from ingest.speakers.labels import LabelBook, call_tags, filled_tags
from ingest.speakers.training import self_train
from ingest.speakers.voices import is_person, voice_of
from ingest.speakers.words import speech


def assign_roles(
    calls: Sequence[RawDocument],
    *,
    staff: frozenset[str],
    names_of: Mapping[str, frozenset[str]],
    agent_utterances: Sequence[str] = (),
    customer_utterances: Sequence[str] = (),
    salt: bytes = b"",
    colleagues: frozenset[str] = frozenset(),
) -> dict[str, RoledCall]:
    """Tells agent and customer apart in every call; the result is keyed by `ref`.

    Labels decide where files have them (confidence 1.0), unless the words speak plainly against them. Other calls are
    judged together: by cues, by likeness to what is said in call after call, then by a classifier trained on the
    confident utterances of the other calls and on labelled ones, `agent_utterances` and `customer_utterances` of
    earlier batches among them. The best role is always given; `confidence` says how sure it is, per utterance and per
    call. Cues that run across turns come back in pieces. `salt` makes the names of voices; `colleagues` are voices a
    person called the company's own in earlier batches.
    """
    ordered = sorted(calls, key=lambda call: call.ref)
    book = LabelBook(ordered, staff, names_of, lambda tag: is_person(own := voice_of(tag, salt)) and own in colleagues)
    told: list[RoledCall] = []
    untold: list[RawDocument] = []
    for call in ordered:
        roles = book.roles(call)
        if roles is None:
            untold.append(call)
        else:
            told.append(labelled_call(call, roles))
    cases = cases_of(untold)
    told, scores = _weighed(told, cases, staff)
    lessons = lessons_of([call for call in told if call.roles != "unsure"], agent_utterances, customer_utterances)
    chances = _probabilities(cases, scores, len(ordered), lessons) if cases else []
    found = {call.ref: call for call in told} | {
        case.call.ref: inferred_call(case, own, len(ordered)) for case, own in zip(cases, chances, strict=True)
    }
    return {call.ref: _with_voices(call, found[call.ref], salt) for call in ordered}


def _weighed(
    told: Sequence[RoledCall], cases: Sequence[Case], staff: frozenset[str]
) -> tuple[list[RoledCall], list[list[float]]]:
    """Labelled calls with those doubted that speak against their labels, and the log-odds of all cases."""
    if not cases and len(told) < FEWEST_CALLS:
        return list(told), []
    names = frozenset(word for name in staff for word in speech(name).split()[:1] if len(word) > 2)
    context = [spoken_of(call) for call in told]
    scores = seeds([*(case.spoken for case in cases), *context], names)
    own = scores[len(cases) :]
    if len(told) + len(cases) < FEWEST_CALLS:
        return list(told), scores[: len(cases)]
    weighed = [doubted(call, said, odds) for call, said, odds in zip(told, context, own, strict=True)]
    return weighed, scores[: len(cases)]


def _probabilities(
    cases: Sequence[Case], scores: Sequence[list[float]], total: int, lessons: list[tuple[str, bool]]
) -> list[list[float]]:
    """Probabilities of "agent" by call and utterance; few calls with speakers are safer without training (A3)."""
    if total < FEW_CALLS and not lessons and all(case.tagged for case in cases):
        return [case.smooth(odds) for case, odds in zip(cases, scores, strict=True)]
    return self_train([case.spoken for case in cases], scores, lambda number, odds: cases[number].smooth(odds), lessons)


def _with_voices(call: RawDocument, roled: RoledCall, salt: bytes) -> RoledCall:
    if not call_tags(call):
        return roled
    voices = {tag: voice_of(tag, salt) for tag in call_tags(call)}
    spoken = zip(roled.utterances, filled_tags(call), strict=True)
    return replace(roled, utterances=tuple(replace(said, voice=voices.get(tag or "")) for said, tag in spoken))
