"""`whobuys speakers`: calls in which it is unclear who the customer is, and who it is by a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.commands.console import Desk, desk

if TYPE_CHECKING:
    from service.corpus.speaking import Call

WHO = "console"
"""Who a change is put down to in the audit log."""
SHOWN = 20
"""Calls printed at most; JSON has them all."""


def speakers(workspace: str | None, as_json: bool) -> None:
    """Print the calls that wait for an ear, two lines a voice, and those set by hand."""
    from service.corpus.speaking import as_shown
    from service.corpus.speaking_step import hearing

    with desk(workspace, as_json) as at:
        found = hearing(at.store, at.workspace)
        if at.as_json:
            at.answer({"waiting": list(map(as_shown, found.waiting)), "chosen": list(map(as_shown, found.chosen))})
            return
        if not found.waiting:
            at.say("speakers.none")
        for call in found.waiting[:SHOWN]:
            _print(at, call)
        if len(found.waiting) > SHOWN:
            at.say("speakers.more", n=len(found.waiting) - SHOWN)
        if found.waiting:
            at.say("speakers.how")
        if found.chosen:
            at.say(
                "speakers.chosen", n=len(found.chosen), calls=", ".join(c.document.ref for c in found.chosen[:SHOWN])
            )


def show(call: str, workspace: str | None, as_json: bool) -> None:
    """Print all lines of a call with their positions, voices, roles and confidence."""
    from service.corpus.speaking import as_shown
    from service.corpus.speaking_step import read_call

    with desk(workspace, as_json) as at:
        found = read_call(at.store, at.workspace, call)
        if at.as_json:
            at.answer(as_shown(found, lines=True))
            return
        sure = at.formatter().percent
        for position, said in enumerate(found.document.utterances):
            who = at.words(f"speakers.{said.speaker.value}")
            voice = f" {said.voice}" if said.voice else ""
            print(f"@{position}{voice} · {who} {sure(said.confidence)} · {said.text}")


def set_speakers(call: str, said: list[str], workspace: str | None, as_json: bool) -> None:
    """Keep who speaks, as `VOICE=role` and `@FIRST-LAST=role`."""
    from service.corpus.speaking_step import set_roles

    with desk(workspace, as_json) as at:
        _answer(at, set_roles(at.store, at.workspace, call, _pairs(said), WHO), "speakers.kept")


def undo(call: str, workspace: str | None, as_json: bool) -> None:
    """Take back what was set in a call."""
    from service.corpus.speaking_step import set_back

    with desk(workspace, as_json) as at:
        _answer(at, set_back(at.store, at.workspace, call, WHO), "speakers.taken_back")


def _pairs(said: list[str]) -> dict[str, str]:
    from service.core.errors import BadInput

    found: dict[str, str] = {}
    for one in said:
        name, sign, role = one.rpartition("=")
        if not sign or not name:
            raise BadInput(
                f"{one!r} is not VOICE=role; for example SPEAKER_00=agent or @3-7=customer.",
                ru=f"{one!r} — не ГОЛОС=роль; например, SPEAKER_00=agent или @3-7=customer.",
            )
        found[name] = role
    return found


def _answer(at: Desk, call: Call, key: str) -> None:
    from service.corpus.speaking import as_shown

    if at.as_json:
        at.answer(as_shown(call))
        return
    at.say(key, ref=call.document.ref)
    _print(at, call)


def _print(at: Desk, call: Call) -> None:
    percent = at.formatter().percent
    print(f"{call.document.ref} · {at.words('speakers.confidence', share=percent(call.document.roles_confidence))}")
    for voice in call.voices:
        name = f"{voice.voice} · " if call.has_voices and voice.voice else ""
        print(f"  {name}{at.words(f'speakers.{voice.speaker.value}')} {percent(voice.confidence)}")
        for sample in voice.samples:
            print(f"    — {sample}")
