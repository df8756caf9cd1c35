"""Readings a language model proposes for claims that were read without certainty; only a person makes them count.

A proposal stands beside the machine's reading on the claim's card and takes no part in verdicts. It is kept only where
its words stand in the sentence, its number is one of the sentence's, and everything else comes from closed sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from service.llm.asker import Asking
from service.llm.leash import Request, Verdict, on_leash
from service.llm.model import Question
from service.personas.cues import cue_book
from service.personas.model import Claim, Operator, Proposal, Reading, Subject
from service.personas.numbers import in_text
from service.segments.model import Segment
from service.segments.topics import catalogue

AT_ONCE = 40
"""Sentences of one question: a long persona is read in parts, none of it is cut."""
MOST_THOUGHTS = 3
"""Readings kept of one sentence."""

COMPLAINTS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "words": "таких слов подряд во фразе нет",
        "set": "величина, отношение, тема или сегмент не из списка",
        "value": "такого числа во фразе нет",
    },
    "en": {
        "words": "the sentence does not have these words in a row",
        "set": "the measure, relation, topic or segment is not on the list",
        "value": "the sentence does not have this number",
    },
}
"""What the model is told of a refused reading."""


def propose(claims: Sequence[Claim], segments: Sequence[Segment], language: str, asker: Asking) -> tuple[Proposal, ...]:
    """Proposals for unsure claims that differ from the machine's reading; one question for `AT_ONCE` sentences."""
    real = [segment for segment in segments if segment.kind == "segment"]
    unsure = [claim for claim in claims if _is_unsure(claim)]
    parts = [unsure[start : start + AT_ONCE] for start in range(0, len(unsure), AT_ONCE)]
    requests = [_request(part, real, language) for part in parts]
    held: dict[str, tuple[Reading, ...]] = {}
    for part, taken in zip(parts, on_leash(asker, requests), strict=True):
        held |= {claim.id: taken.held[str(n)] for n, claim in enumerate(part, 1) if str(n) in taken.held}
    return tuple(
        Proposal(claim.id, held[claim.id])
        for claim in unsure
        if claim.id in held and not _same(claim.atoms, held[claim.id])
    )


def _is_unsure(claim: Claim) -> bool:
    return not claim.confirmed and not all(
        atom.measure_cue and atom.operator_cue and atom.subject.kind != "unresolved" for atom in claim.atoms
    )


def _request(claims: Sequence[Claim], segments: Sequence[Segment], language: str) -> Request[tuple[Reading, ...]]:
    known = "ru" if language == "ru" else "en"
    sentences = {str(number): claim for number, claim in enumerate(claims, 1)}
    variables = {
        "sentences": "\n".join(f"{number}. {claim.sentence}" for number, claim in sentences.items()),
        "segments": "\n".join(f"{number}. {segment.own_name}" for number, segment in enumerate(segments, 1)) or "—",
        "measures": ", ".join(cue_book(known).measures),
        "operators": ", ".join(get_args(Operator)),
        "topics": ", ".join(topic.id for topic in catalogue(known)),
    }
    judge = _judge(sentences, segments, known)
    return Request(Question("extract_claims", known, variables), tuple(sentences), judge)


def _judge(
    sentences: Mapping[str, Claim], segments: Sequence[Segment], language: str
) -> Callable[[Mapping[str, Any]], Verdict[tuple[Reading, ...]]]:
    def judge(answer: Mapping[str, Any]) -> Verdict[tuple[Reading, ...]]:
        read: dict[str, list[Reading]] = {}
        complaints: dict[str, str] = {}
        for item in answer["readings"]:
            number = item["sentence"]
            if number not in sentences:
                continue
            made = _checked(item, sentences[number].sentence, segments, language)
            if isinstance(made, Reading):
                read.setdefault(number, []).append(made)
            else:
                complaints[number] = made
        held = {number: tuple(found[:MOST_THOUGHTS]) for number, found in read.items() if number not in complaints}
        return Verdict(held, complaints)

    return judge


def _checked(item: Mapping[str, Any], sentence: str, segments: Sequence[Segment], language: str) -> Reading | str:
    """The reading an item stands for, or the complaint."""
    said = COMPLAINTS[language]
    if not item["words"].strip() or item["words"] not in sentence:
        return said["words"]
    topics = {topic.id for topic in catalogue(language)}
    subject = _subject(item["whom"], segments)
    closed = item["measure"] in cue_book(language).measures and item["operator"] in get_args(Operator)
    if subject is None or not closed or not set(item["topics"]) <= topics:
        return said["set"]
    value = item["value"]
    found = [] if value is None else [q for q in in_text(sentence, language) if abs(q.value - value) < 1e-9]
    if value is not None and not found:
        return said["value"]
    bare = Reading(subject, item["measure"], cast(Operator, item["operator"]))
    return replace(
        bare,
        value=value,
        unit=found[0].kind if found else None,
        bound=found[0].bound if found else "about",
        topics=tuple(dict.fromkeys(item["topics"])),
        direction=item["direction"],
    )


def _subject(whom: str, segments: Sequence[Segment]) -> Subject | None:
    if whom == "all":
        return Subject("all")
    if whom == "unknown":
        return Subject("unresolved")
    place = int(whom) - 1 if whom.isascii() and whom.isdigit() else -1
    return Subject("segment", segments[place].id) if 0 <= place < len(segments) else None


def _same(ours: Sequence[Reading], theirs: Sequence[Reading]) -> bool:
    def told(atoms: Sequence[Reading]) -> list[tuple[object, ...]]:
        return [
            (a.subject.kind, a.subject.segment, a.measure, a.operator, a.direction, a.value, a.topics) for a in atoms
        ]

    return told(ours) == told(theirs)
