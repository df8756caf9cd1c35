"""Who speaks in a call, as people set it: which calls need an ear, what a person said, what it does to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, cast

from ingest.model import Document, DocumentKind, RolesBasis, Speaker, Utterance, spoken_hash
from service.core.errors import BadInput
from service.core.ids import text_hash
from service.corpus.model import KEEPS_OUT, SURE

ROLE_WORDS: Final = {
    "agent": Speaker.AGENT,
    "customer": Speaker.CUSTOMER,
    "unknown": Speaker.UNKNOWN,
    "сотрудник": Speaker.AGENT,
    "клиент": Speaker.CUSTOMER,
    "неясно": Speaker.UNKNOWN,
}
"""What a person may call a voice; `unknown` is neither side and stays out of the analysis."""
SAMPLES: Final = 2
SAMPLE_LETTERS: Final = 160
_LINES = re.compile(r"@?(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")
_MARK = 16


@dataclass(frozen=True)
class Choice:
    """What a person said about one call."""

    voices: Mapping[str, Speaker]
    lines: Mapping[tuple[int, str], Speaker]
    """(position, mark of its words) → role; a line's own role wins over its voice's."""

    def joined(self, newer: Choice) -> Choice:
        """This choice with what was said later; a voice set anew frees its lines, which the caller has left out."""
        return Choice({**self.voices, **newer.voices}, {**self.lines, **newer.lines})

    def role_of(self, position: int, utterance: Utterance, places: Mapping[str, Sequence[int]]) -> Speaker | None:
        """The role a person gave this line. After an edit of the file a line is known again by its words."""
        mark = mark_of(utterance.text)
        if (position, mark) in self.lines:
            return self.lines[position, mark]
        alike = {role for (_, own), role in self.lines.items() if own == mark}
        if len(alike) == 1 and len(places[mark]) == 1:
            return next(iter(alike))
        return self.voices.get(utterance.voice or "")


@dataclass(frozen=True)
class VoiceHeard:
    """One voice of a call: what it is taken for, and two of its longest lines."""

    voice: str
    speaker: Speaker
    confidence: float
    lines: int
    words: int
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A call as shown to whoever tells its speakers apart."""

    id: str
    document: Document
    chosen: bool
    """Whether a person has set roles in it."""

    @property
    def needs_ear(self) -> bool:
        """Whether its words stay out of the analysis because nobody surely knows who speaks."""
        return needs_ear(self.document)

    @cached_property
    def voices(self) -> tuple[VoiceHeard, ...]:
        """Voices in order of first speech; for a file that tells none apart, one a role."""
        grouped: dict[str, list[Utterance]] = {}
        told = any(utterance.voice for utterance in self.document.utterances)
        for utterance in self.document.utterances:
            grouped.setdefault((utterance.voice or "") if told else utterance.speaker.value, []).append(utterance)
        return tuple(_heard(voice, said) for voice, said in grouped.items())

    @property
    def has_voices(self) -> bool:
        """Whether the file tells voices apart: then a voice is set, otherwise lines are."""
        return any(utterance.voice for utterance in self.document.utterances)


def _heard(voice: str, said: Sequence[Utterance]) -> VoiceHeard:
    sizes = [len(utterance.text.split()) for utterance in said]
    words = sum(sizes)
    weight: dict[Speaker, float] = {}
    for utterance, size in zip(said, sizes, strict=True):
        weight[utterance.speaker] = weight.get(utterance.speaker, 0.0) + size
    longest = sorted(range(len(said)), key=lambda place: (-sizes[place], place))[:SAMPLES]
    sure = sum(utterance.confidence * size for utterance, size in zip(said, sizes, strict=True))
    return VoiceHeard(
        voice=voice,
        speaker=max(weight, key=lambda speaker: (weight[speaker], speaker.value)),
        confidence=round(sure / words, 4) if words else 0.5,
        lines=len(said),
        words=words,
        samples=tuple(_short(said[place].text) for place in sorted(longest)),
    )


def _short(text: str) -> str:
    if len(text) <= SAMPLE_LETTERS:
        return text
    return text[:SAMPLE_LETTERS].rsplit(" ", 1)[0].rstrip(" ,.;:–—-") + " …"


def needs_ear(document: Document) -> bool:
    """A call with words in it, not surely told apart, that nobody has set by hand."""
    return (
        document.kind is DocumentKind.CALL
        and (document.roles == "unsure" or (document.roles != "confirmed" and document.roles_confidence < SURE))
        and not KEEPS_OUT.intersection(document.flags)
    )


def mark_of(text: str) -> str:
    """A line's (redacted) words as a short hash: to know it again."""
    return text_hash(" ".join(text.lower().split()))[:_MARK]


def understood(document: Document, said: Mapping[str, str]) -> Choice:
    """`{"SPEAKER_00": "agent", "@3-7": "customer"}` as a choice; positions count from 0.

    `@` may be left out where no voice has that name. Of two voices one tells the other. BadInput for a voice, line or
    role there is none of.
    """
    known: set[str] = {utterance.voice for utterance in document.utterances if utterance.voice}
    voices: dict[str, Speaker] = {}
    lines: dict[tuple[int, str], Speaker] = {}
    for name, word in said.items():
        role = ROLE_WORDS.get(word.strip().lower())
        if role is None:
            raise BadInput(
                f"There is no role {word!r}; use agent, customer or unknown.",
                ru=f"Роли {word!r} нет; есть agent, customer, unknown (или «сотрудник», «клиент», «неясно»).",
            )
        if name in known:
            voices[name] = role
            continue
        for position in _positions(document, name, sorted(known)):
            lines[position, mark_of(document.utterances[position].text)] = role
    if not voices and not lines:
        raise BadInput("Say who speaks: VOICE=agent.", ru="Скажите, кто говорит: ГОЛОС=agent.")
    return Choice(_both(voices, known), lines)


def _both(voices: dict[str, Speaker], known: set[str]) -> dict[str, Speaker]:
    """Of two voices, one of which was named, the other is the other side."""
    rest = known - set(voices)
    if len(known) == 2 and len(rest) == 1:
        role = next(iter(voices.values()))
        if role is not Speaker.UNKNOWN:
            other = Speaker.CUSTOMER if role is Speaker.AGENT else Speaker.AGENT
            return {**voices, rest.pop(): other}
    return voices


def _positions(document: Document, name: str, known: Sequence[str]) -> range:
    found = _LINES.fullmatch(name.strip())
    last = len(document.utterances) - 1
    if found is not None:
        first = int(found["first"])
        end = int(found["last"] or first)
        if first <= end <= last:
            return range(first, end + 1)
    have_en = f"voices {', '.join(known)} and lines" if known else "lines"
    have_ru = f"голоса {', '.join(known)} и строки" if known else "строки"
    raise BadInput(
        f"This call has no {name!r}; it has {have_en} @0-{last}.",
        ru=f"В этом звонке нет {name!r}; в нём {have_ru} @0-{last}.",
    )


def without_lines_of(choice: Choice, document: Document, voices: Iterable[str]) -> Choice:
    """The choice without lines of these voices: a voice set anew is set whole."""
    wanted = set(voices)
    own = {mark_of(u.text) for u in document.utterances if u.voice in wanted}
    return Choice(choice.voices, {key: role for key, role in choice.lines.items() if key[1] not in own})


def with_choice(document: Document, choice: Choice) -> Document:
    """The document as a person set it: their roles are certain, other lines stay as they were found."""
    places: dict[str, list[int]] = {}
    for position, utterance in enumerate(document.utterances):
        places.setdefault(mark_of(utterance.text), []).append(position)
    roles = [choice.role_of(position, said, places) for position, said in enumerate(document.utterances)]
    if not any(roles):
        return document
    spoken = [
        said if role is None else replace(said, speaker=role, confidence=1.0)
        for said, role in zip(document.utterances, roles, strict=True)
    ]
    return _told_apart(document, spoken)


def _told_apart(document: Document, spoken: Sequence[Utterance]) -> Document:
    confidence = _confidence(spoken)
    roles: RolesBasis = "confirmed" if confidence >= SURE else "unsure"
    return replace(
        document,
        utterances=tuple(spoken),
        roles=roles,
        roles_confidence=confidence,
        content_hash=spoken_hash(spoken),
    )


def _confidence(spoken: Sequence[Utterance]) -> float:
    sizes = [len(utterance.text.split()) for utterance in spoken]
    total = sum(sizes)
    return round(sum(u.confidence * n for u, n in zip(spoken, sizes, strict=True)) / total, 4) if total else 1.0


def as_found(document: Document) -> dict[str, Any]:
    """Roles as found without a person, to be kept beside a choice."""
    return {
        "roles": document.roles,
        "confidence": document.roles_confidence,
        "spoken": [[utterance.speaker.value, utterance.confidence] for utterance in document.utterances],
    }


def as_before(document: Document, before: Mapping[str, Any]) -> Document:
    """The document with the roles of `as_found` again."""
    spoken = [
        replace(utterance, speaker=Speaker(speaker), confidence=float(confidence))
        for utterance, (speaker, confidence) in zip(document.utterances, before["spoken"], strict=True)
    ]
    return replace(
        document,
        utterances=tuple(spoken),
        roles=cast(RolesBasis, before["roles"]),
        roles_confidence=float(before["confidence"]),
        content_hash=spoken_hash(spoken),
    )


def as_shown(call: Call, *, lines: bool = False) -> dict[str, Any]:
    """A call as the command line and the API give it; `lines` adds every utterance."""
    document = call.document
    shown: dict[str, Any] = {
        "id": call.id,
        "document": document.ref,
        "occurred_at": document.occurred_at.isoformat() if document.occurred_at else None,
        "roles": document.roles,
        "confidence": document.roles_confidence,
        "chosen": call.chosen,
        "waiting": call.needs_ear,
        "has_voices": call.has_voices,
        "voices": [
            {
                "voice": heard.voice,
                "speaker": heard.speaker.value,
                "confidence": heard.confidence,
                "lines": heard.lines,
                "words": heard.words,
                "samples": list(heard.samples),
            }
            for heard in call.voices
        ],
    }
    if lines:
        shown["lines"] = [
            {
                "position": position,
                "voice": said.voice,
                "speaker": said.speaker.value,
                "confidence": said.confidence,
                "text": said.text,
            }
            for position, said in enumerate(document.utterances)
        ]
    return shown
