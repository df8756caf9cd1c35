"""Personas as texts: which is a stakeholder's own, its versions, and what changed between two of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

STAKEHOLDERS = ("marketing", "sales", "owner")
LONGEST = 60_000
"""Characters of a persona: some thirty pages."""

MOST_COMPARED = 1_000_000
"""Pairs of words looked at in one changed passage (0.2 s); a longer one is told as taken out and put in."""

_PIECES = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True)
class Written:
    """One version of a stakeholder's persona. `who`: who wrote it by hand, "" for one read from a file."""

    stakeholder: str
    ref: str
    version: int
    name: str
    text: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Own:
    """A stakeholder's persona as it stands. `others` are further texts of theirs, from files under other names."""

    stakeholder: str
    ref: str
    versions: tuple[Written, ...]
    """Oldest first; empty while nothing is handed in."""
    others: tuple[Written, ...] = ()

    @property
    def now(self) -> Written | None:
        """The latest version."""
        return self.versions[-1] if self.versions else None

    @property
    def version(self) -> int:
        """Its number; 0 while nothing is handed in."""
        return self.versions[-1].version if self.versions else 0

    @property
    def text(self) -> str:
        """Its words."""
        return self.versions[-1].text if self.versions else ""


@dataclass(frozen=True)
class Piece:
    """Words of two versions put together."""

    kind: Literal["same", "added", "removed"]
    text: str


def own_persona(versions: Sequence[Written], stakeholder: str) -> Own:
    """The persona a stakeholder edits: the text of theirs that changed last, else `personas/<stakeholder>.md`.

    An upload of a file under that name and the form are one history.
    """
    theirs = [one for one in versions if one.stakeholder == stakeholder]
    if not theirs:
        return Own(stakeholder, f"personas/{stakeholder}.md", ())
    ref = max(theirs, key=lambda one: (one.at, one.version, one.ref)).ref
    latest = {one.ref: one for one in theirs if one.ref != ref}
    mine = tuple(sorted((one for one in theirs if one.ref == ref), key=lambda one: one.version))
    return Own(stakeholder, ref, mine, tuple(latest[other] for other in sorted(latest)))


def difference(before: str, after: str) -> list[Piece]:
    """What changed, line by line and inside changed lines word by word; neighbours of one kind are one piece."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[i:j]), "".join(new[k:m])
        pieces += [Piece("same", was)] if tag == "equal" else _words(_PIECES.findall(was), _PIECES.findall(now))
    return _joined(pieces)


def _words(old: list[str], new: list[str]) -> list[Piece]:
    if len(old) * len(new) > MOST_COMPARED:
        return [Piece("removed", "".join(old)), Piece("added", "".join(new))]
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += [Piece("removed", "".join(old[i:j])), Piece("added", "".join(new[k:m]))]
    return pieces


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


def with_answers(text: str, answers: Sequence[tuple[str, str]]) -> str:
    """A free text with answers to questions as paragraphs of their own: `**question.** answer`."""
    said = [f"**{question.rstrip('.:?')}.** {answer.strip()}" for question, answer in answers if answer.strip()]
    return "\n\n".join(part for part in (text.strip(), *said) if part)
