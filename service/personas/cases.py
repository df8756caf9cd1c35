"""Confirmed cards as cases that measure reading: sentences with the reading a person gave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.personas.model import Claim, Reading, Subject

FORMAT = 1


def cases_of(claims: Iterable[Claim], language_of: Mapping[str, str]) -> dict[str, Any]:
    """`{"format", "cases", "nothing"}` of the confirmed claims; `language_of`: text → its language.

    A thought says only what differs from the plainest reading. Segments are not named, the words for people are: a
    case can be measured without the company's data. `nothing` are sentences that a person says claim nothing.
    """
    confirmed = [claim for claim in claims if claim.confirmed]
    cases = [
        {
            "said": claim.sentence,
            "language": language_of.get(claim.ref, "en"),
            "stakeholder": claim.stakeholder.value,
            "atoms": [_atom(atom) for atom in claim.atoms],
            "machine": [_atom(atom) for atom in claim.read],
        }
        for claim in confirmed
        if claim.atoms
    ]
    return {"format": FORMAT, "cases": cases, "nothing": [claim.sentence for claim in confirmed if not claim.atoms]}


def _atom(atom: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {
        "whom": _whom(atom.subject),
        "measure": atom.measure,
        "operator": atom.operator,
        "direction": atom.direction if atom.direction != "high" else None,
        "negated": atom.negated or None,
        "everyone": atom.everyone or None,
        "value": atom.value,
        "high": atom.high,
        "unit": atom.unit,
        "bound": atom.bound if atom.value is not None else None,
        "topics": list(atom.topics) or None,
        "versus": list(atom.versus) or None,
        "condition": list(atom.condition) or None,
        "channel": atom.channel,
    }
    return {key: value for key, value in found.items() if value is not None}


def _whom(subject: Subject) -> str:
    """The words that name people; `all` for everybody, "" where other sentences tell."""
    return subject.mention or ("all" if subject.kind == "all" else "")
