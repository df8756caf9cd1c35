"""Who speaks in the calls where that is unclear: two lines of each voice and one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.numbers import Formatter
from service.corpus.model import SURE
from service.corpus.speaking import Call
from service.corpus.speaking_step import Hearing
from service.web.i18n import Words

SHOWN = 25
"""Calls on one page: after a click the next ones come up."""
LINE = "line-"
"""Names of the form's fields for single lines."""
ROLES = ("customer", "agent", "unknown")


@dataclass(frozen=True)
class VoiceView:
    """One voice and the button that names it the company's own."""

    name: str
    voice: str
    guess: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class LineView:
    """One line of a call whose file tells no voices apart."""

    field: str
    text: str
    speaker: str
    unsure: bool
    confidence: str


@dataclass(frozen=True)
class CallView:
    """One call to be told apart, or one that was."""

    id: str
    ref: str
    heading: str
    confidence: str
    voices: tuple[VoiceView, ...]
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class SpeakersView:
    """The whole page."""

    finding: str
    waiting: tuple[CallView, ...]
    more: int
    chosen: tuple[CallView, ...]
    saved: bool


def speakers_view(found: Hearing, words: Words, formatter: Formatter, saved: bool = False) -> SpeakersView:
    """Build the page; `saved` says that an answer was just kept."""
    waiting = len(found.waiting)
    if waiting:
        finding = words("speakers.finding", n=waiting)
    else:
        finding = words("speakers.finding_done" if found.chosen else "speakers.finding_none")
    return SpeakersView(
        finding=finding,
        waiting=tuple(_call(call, words, formatter) for call in found.waiting[:SHOWN]),
        more=max(0, waiting - SHOWN),
        chosen=tuple(_call(call, words, formatter) for call in found.chosen),
        saved=saved,
    )


def one_call_view(call: Call, words: Words, formatter: Formatter) -> SpeakersView:
    """The page of one call, whatever is thought of it."""
    shown = (_call(call, words, formatter),)
    chosen = shown if call.chosen else ()
    return SpeakersView(words("speakers.finding_one"), shown, 0, chosen, saved=False)


def answers(call: Call, form: Mapping[str, str]) -> dict[str, str]:
    """What was clicked, as `understood` takes it: this voice is ours and the others customers, or roles of lines."""
    voices = [heard.voice for heard in call.voices] if call.has_voices else []
    if (ours := form.get("agent")) in voices:
        return {voice: "agent" if voice == ours else "customer" for voice in voices if voice}
    if (theirs := form.get("customer")) in voices:
        return {theirs: "customer"} if theirs else {}
    chosen = {name: role for name, role in form.items() if name.startswith(LINE) and role in ROLES}
    return {f"@{name.removeprefix(LINE)}": role for name, role in chosen.items()}


def _call(call: Call, words: Words, formatter: Formatter) -> CallView:
    moment = call.document.occurred_at
    return CallView(
        id=call.id,
        ref=call.document.ref,
        heading=formatter.day(moment) if moment else words("speakers.undated"),
        confidence=words("speakers.confidence", share=formatter.value(call.document.roles_confidence, "share")),
        voices=tuple(
            VoiceView(
                words("speakers.voice", n=number), heard.voice, words(f"speakers.{heard.speaker.value}"), heard.samples
            )
            for number, heard in enumerate(call.voices, 1)
        ),
        lines=() if call.has_voices else _lines(call, formatter),
    )


def _lines(call: Call, formatter: Formatter) -> tuple[LineView, ...]:
    return tuple(
        LineView(
            f"{LINE}{position}",
            said.text,
            said.speaker.value,
            said.confidence < SURE,
            formatter.value(said.confidence, "share"),
        )
        for position, said in enumerate(call.document.utterances)
    )
