"""Reading without a company: sentences with the reading a person gave them, by hand or by confirming cards.

A file is what `whobuys claims cases -o FILE` writes, or `cases/readings/trades_{ru,en}.yaml`: sentences of a language,
each with its thoughts. Whom a thought speaks of is compared by the words that name people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from eval.claim_readings import Tally, same_operator, same_topics
from service.personas.cards import Known, Said, corrected
from service.personas.cues import cue_book
from service.personas.model import Claim, Reading
from service.personas.people import mentions
from service.personas.reading import ReadSentence, read_all
from service.personas.tokens import tokens_of

Encode = Callable[[Sequence[str]], Any]
NOWHERE = Known({}, (), "en")


def read_cases(file: Path, encode: Encode | None) -> tuple[Tally, int, int]:
    """(the tally, sentences that state nothing and were taken for claims, such sentences)."""
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    tally = Tally()
    cases = raw.get("cases") or []
    for language in sorted({_language(raw, case) for case in cases}):
        own = [case for case in cases if _language(raw, case) == language]
        for case, found in zip(own, read_all([case["said"] for case in own], language, encode), strict=True):
            _tell(tally, case, found, language)
    nothing = [str(sentence) for sentence in raw.get("nothing") or ()]
    taken = sum(bool(found.thoughts) for found in read_all(nothing, raw.get("language", "en"), encode))
    return tally, taken, len(nothing)


def _language(raw: dict[str, Any], case: dict[str, Any]) -> str:
    return str(case.get("language") or raw.get("language") or "en")


def _tell(tally: Tally, case: dict[str, Any], found: ReadSentence, language: str) -> None:
    tally.cards += 1
    thoughts = [thought.reading for thought in found.thoughts]
    if not thoughts:
        tally.missed += 1
        tally.wrong.append(f"    {case['said']!r}: missed")
        return
    wanted = [_wanted(atom, language) for atom in case["atoms"]]
    notes = []
    if not tally.add("split", len(thoughts) == len(wanted)):
        notes.append(f"{len(thoughts)} thoughts: {[t.measure for t in thoughts]}")
    named = {mention.key for mention in found.people}
    for place, (whom, right) in enumerate(wanted):
        same = [t for t in thoughts if t.measure == right.measure]
        read = same[0] if same else thoughts[min(place, len(thoughts) - 1)]
        notes += _faults(tally, whom, right, read, named, language)
    tally.untouched += not notes
    if notes:
        tally.wrong.append(f"    {case['said']!r}: {'; '.join(notes)}")


def _wanted(atom: dict[str, Any], language: str) -> tuple[str, Reading]:
    said = Said.model_validate({key: value for key, value in atom.items() if key != "whom"})
    blank = Claim("", "owner", "", 1, 0, 0, "", "", "", ())  # type: ignore[arg-type]
    return str(atom.get("whom", "")), corrected(blank, [said], Known({}, (), language)).atoms[0]


def _faults(tally: Tally, whom: str, right: Reading, read: Reading, named: set[str], language: str) -> list[str]:
    found = []
    if not tally.add("measure", read.measure == right.measure):
        found.append(f"measure {read.measure} for {right.measure}")
    tally.add("measure in 3", right.measure in (read.measure, *read.alternatives))
    if right.measure in ("demographic", "no_data"):
        return found
    if whom and not tally.add("subject", _names(whom, named, language)):
        found.append(f"names {sorted(named)} for {whom}")
    if not tally.add("operator", same_operator(read, right)):
        found.append(f"operator {read.operator}{' negated' if read.negated else ''} for {right.operator}")
    if right.value is not None:
        near = read.value is not None and abs(read.value - right.value) <= 0.02 * max(1.0, right.value)
        if not tally.add("value", near and read.unit == right.unit):
            found.append(f"value {read.value} {read.unit} for {right.value} {right.unit}")
    if right.topics and not tally.add("topics", same_topics(read, right)):
        found.append(f"topics {read.topics}/{read.versus} for {right.topics}/{right.versus}")
    return found


def _names(whom: str, named: set[str], language: str) -> bool:
    """Whether the people meant were seen; of everybody, whether nobody in particular was."""
    if whom == "all":
        return not named
    keys = {mention.key for mention in mentions(tokens_of(whom), cue_book(language).language)}
    return bool(keys & named) if keys else any(set(whom.lower().split()) & set(key.split()) for key in named)
