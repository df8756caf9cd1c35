"""What an unlisted table probably is: every column by its header and its cells, the kind of table by all columns."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ingest.readers.columns import KINDS, TableKind, normalised
from ingest.readers.headings import EXACT, PUBLIC, fields, likeness
from ingest.readers.values import FAMILIES, ColumnValues, Look
from ingest.reasons import packaged

SURE = 0.7
"""A suggestion at least this sure is used at once and said in the receipt; any other waits for a person. At .7 no table
of `python -m eval mapping` is read wrong, its traps included."""
NOT_OURS = 0.5
"""The most a table may be sure of whose headers or name speak of suppliers, purchases or pay."""
NO_CONTACT = 0.6
"""The most a list of sales without a stage may be sure of when nobody in it has a telephone or an e-mail."""
WORTH_SHOWING = 0.4
"""A column's meaning below this is not shown as a suggestion."""
HARMLESS = 0.6
"""Optional columns are read from here: a wrong `staff` or `source` costs little and is shown."""
FULL = 0.95
"""Confidence of a column whose header and cells agree; headers alone and cells alone give less."""
OURS = 0.4
"""Score below which a table is none of ours: stock lists, timesheets, reference books."""
BY_ANY_COLUMN = frozenset({"phone", "email", "answer"})
"""Fields that several columns of one table may have."""
STAND_INS = {"created": "occurred", "occurred": "created", "day": "created", "deal_ref": "id", "text": "description",
             "description": "text", "title": "subject"}  # fmt: skip
"""Field of another kind of table → what this kind calls it."""
STEEPNESS = 1.6
"""How fast a lead of one kind's score over the others' turns into certainty."""


class Guess(NamedTuple):
    """A column's field and how sure it is; (None, 0.0) for a column left aside."""

    field: str | None
    confidence: float


NOTHING = Guess(None, 0.0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The likeliest reading of a table."""

    kind: TableKind
    confidence: float
    guesses: tuple[Guess, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the table may be read with it before anybody looked."""
        return self.confidence >= SURE


def suggest(
    headers: Sequence[str],
    values: Sequence[ColumnValues],
    hints: Mapping[TableKind, float],
    only: TableKind | None = None,
) -> Suggestion | None:
    """The best reading, of kind `only` if given; None when no column looks like one of ours.

    `hints` is what file and sheet names add to a kind's score. A kind whose needed columns are not all there is
    suggested with confidence 0: a start for the person who confirms.
    """
    found = {kind: _columns(headers, values, kind) for kind in ((only,) if only else KINDS)}
    scores = {kind: _score(guesses, values, kind) + hints.get(kind, 0.0) for kind, guesses in found.items()}
    needs = {kind: _needs(guesses, kind) for kind, guesses in found.items()}
    best = max(scores, key=lambda kind: (needs[kind] > 0, scores[kind], kind))
    if scores[best] < OURS:
        return None
    ours = 1.0 if not _elsewhere(headers) else NOT_OURS
    rivals = [scores[kind] for kind in scores if needs[kind] > 0 or kind == best]
    total = sum(math.exp(STEEPNESS * (score - scores[best])) for score in rivals)
    return Suggestion(best, round(min(1.0 / total, needs[best], ours), 3), found[best])


def guess_column(header: str, values: ColumnValues, kind: TableKind) -> dict[str, float]:
    """Field → confidence for one column of a table of this kind."""
    near = likeness(header, kind)
    for field in [field for field in near if field not in _fields_of(kind)]:
        stand_in = STAND_INS.get(field, "")
        near = near | {stand_in: max(near[field], near.get(stand_in, 0.0))}
    guesses: dict[str, float] = {}
    for field in _fields_of(kind):
        said = near.get(field, 0.0)
        fit = _fit(field, values)
        alone = _alone(field, values)
        confidence = _together(said, fit, alone)
        if confidence > 0.05:
            guesses[field] = confidence * _voice(field, values)
    return guesses


def _together(said: float, fit: float, alone: float) -> float:
    """Header (0..1), whether the cells fit (1 yes, .5 cannot tell, 0 no), and the field's chance by cells alone."""
    if said >= EXACT:
        return {1.0: 0.98, 0.5: 0.85}.get(fit, 0.3)
    if fit == 0.0:
        return 0.0
    by_header = said * (FULL if fit == 1.0 else 0.75)
    return 1.0 - (1.0 - by_header) * (1.0 - alone * (1.0 if said else 0.9))


def _fit(field: str, values: ColumnValues) -> float:
    looks = _looks(field)
    if values.look in looks:
        return 1.0
    if values.look == "empty" or not looks:
        return 0.5
    family = next(family for family in FAMILIES if values.look in family)
    return 0.5 if any(look in family for look in looks) else 0.0


def _alone(field: str, values: ColumnValues) -> float:
    """The chance of the field by the cells alone."""
    chance = _looks(field).get(values.look, 0.0) * values.share
    if field == "stage":
        chance = max(chance * 0.5, 0.85 * values.status) if values.look in ("choice", "words") else 0.0
    elif field in ("staff", "campaign", "platform", "product", "source") and values.different > 0.5:
        chance *= 0.3
    elif field in ("id", "title", "full_name") and values.different < 0.6:
        chance *= 0.4
    return chance * min(1.0, values.filled / 0.3)


def _voice(field: str, values: ColumnValues) -> float:
    """Free text of a customer is an answer, free text about one is a note."""
    if values.look != "text" or field not in ("text", "answer", "description"):
        return 1.0
    leaning = values.report - values.own_voice
    return min(1.0, max(0.5, 0.85 + 0.5 * (leaning if field != "answer" else -leaning)))


def _columns(headers: Sequence[str], values: Sequence[ColumnValues], kind: TableKind) -> tuple[Guess, ...]:
    """The surest pairs of column and field first; a field has one column, some may have several."""
    pairs = [
        (confidence, -index, field)
        for index, (header, own) in enumerate(zip(headers, values, strict=True))
        for field, confidence in guess_column(header, own, kind).items()
        if confidence >= WORTH_SHOWING
    ]
    chosen: dict[int, Guess] = {}
    taken: set[str] = set()
    for confidence, index, field in sorted(pairs, reverse=True):
        if -index in chosen or (field in taken and field not in BY_ANY_COLUMN):
            continue
        chosen[-index] = Guess(field, round(confidence, 3))
        taken.add(field)
    return tuple(chosen.get(index, NOTHING) for index in range(len(headers)))


def _needs(guesses: Sequence[Guess], kind: TableKind) -> float:
    """How sure the columns are without which the table cannot be read: the least of them."""
    sure: dict[str, float] = {}
    for guess in guesses:
        if guess.field:
            sure[guess.field] = max(sure.get(guess.field, 0.0), guess.confidence)
    rules = packaged("columns.yaml")["kinds"][kind]
    linked = {"lead": [*rules["any_of"], "answer"], "note": [f for f in rules["any_of"] if f != "id"]}
    groups = [*rules["needs"], linked.get(kind, rules["any_of"])]
    met = min(max((sure.get(field, 0.0) for field in group), default=0.0) for group in groups)
    return max(met, _sold(sure)) if kind == "deal" else met


def _sold(sure: Mapping[str, float]) -> float:
    """A list of sales has no stage: amounts with their days and who bought, or what."""
    day = max(sure.get("created", 0.0), sure.get("closed", 0.0))
    who = max(sure.get(field, 0.0) for field in ("phone", "email", "full_name", "contact_id", "product"))
    found = min(sure.get("amount", 0.0), day, who)
    return found if max(sure.get("phone", 0.0), sure.get("email", 0.0)) >= SURE else min(found, NO_CONTACT)


def _elsewhere(headers: Sequence[str]) -> bool:
    """Whether the headers speak of what a company pays, not of what it is paid."""
    stems = re.compile(r"\b(?:" + "|".join(packaged("mapping.yaml")["not_ours"]) + ")")
    return any(stems.search(normalised(header)) for header in headers)


def _score(guesses: Sequence[Guess], values: Sequence[ColumnValues], kind: TableKind) -> float:
    tells = fields()["kinds"][PUBLIC[kind]]["tells"]
    best: dict[str, float] = {}
    for guess in guesses:
        if guess.field:
            best[guess.field] = max(best.get(guess.field, 0.0), guess.confidence * tells.get(guess.field, 0.1))
    unused = sum(
        0.6
        for guess, own in zip(guesses, values, strict=True)
        if guess.field is None and own.look in ("phone", "email", "text", "name", "money")
    )
    return sum(best.values()) - unused


def _fields_of(kind: TableKind) -> tuple[str, ...]:
    return tuple(fields()["kinds"][PUBLIC[kind]]["fields"])


@cache
def _looks(field: str) -> dict[Look, float]:
    return fields()["fields"][field]["looks"]  # type: ignore[no-any-return]
