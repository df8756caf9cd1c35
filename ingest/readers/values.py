"""What the cells of a column look like: telephones, dates, money, ids, names, choices, talk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import phonenumbers

from ingest.contacts import EMAIL, PHONE
from ingest.readers.amounts import currency_in, parse_flag
from ingest.readers.moments import parse_moment
from ingest.reasons import packaged

Look = Literal[
    "empty", "email", "phone", "link", "date", "flag", "whole", "decimal", "money", "percent", "id", "name", "choice",
    "words", "text",
]  # fmt: skip

SAMPLED = 300
"""Cells of a column that are looked at, spread over the table."""
MOST = 0.7
"""Share of the filled cells that must agree before a column is called by their look."""
TALK_WORDS = 4.0
"""Words in the average cell from which a column is free text (names and titles have two or three)."""
CHOICES = 15
"""Different answers a column of choices may have, each given about twice or more."""

FAMILIES: tuple[frozenset[Look], ...] = (
    frozenset({"name", "choice", "words", "text"}),
    frozenset({"whole", "decimal", "money", "percent", "flag", "id"}),
    frozenset({"phone"}),
    frozenset({"email"}),
    frozenset({"date"}),
    frozenset({"link"}),
)
"""Looks that may be taken for one another; across families a column's cells speak against a field."""

_NUMBER = re.compile(r"[-+(]?\s*[^\w\s]?\s*\d[\d\s\u00a0\u202f'.,]*\)?\s*(?P<sign>[%\w.₽$€£₸]{0,6})$")
_ID = re.compile(r"(?=[^\s]*\d)[#№]?[\w:/.#-]{1,40}$")
_LINK = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NAME_WORDS = re.compile(r"[^\W\d_][\w'’-]*\.?(?:[ ,]+[^\W\d_][\w'’.-]*){0,3}$")
_COUNTRIES = ("RU", "US", "GB")


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """A column's cells in figures. Shares are of the filled cells looked at."""

    look: Look
    share: float
    """Of the cells that have this look."""
    filled: float
    """Share of all cells that are not empty."""
    different: float
    """Different cells per filled cell."""
    words: float
    """Words in the average cell."""
    status: float
    """Share of cells that name the state of a deal."""
    own_voice: float
    """Share of cells in the first person: the customer's own writing."""
    report: float
    """Share of cells that tell of a customer in the third person: an employee's note."""
    clock: float
    """Share of dates that carry a time of day."""


def values_of(cells: Sequence[str]) -> ColumnValues:
    """Look at a column; all cells of it, empty ones too."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return ColumnValues("empty", 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    step = max(1, len(filled) // SAMPLED)
    seen = filled[::step][:SAMPLED]
    look, share = _look(seen)
    texts = [_plain(cell) for cell in seen]
    return ColumnValues(
        look=look,
        share=share,
        filled=len(filled) / len(cells),
        different=len(set(seen)) / len(seen),
        words=sum(len(_WORD.findall(cell)) for cell in seen) / len(seen),
        status=_share(texts, lambda text: bool(_status().search(text))),
        own_voice=_share(texts, lambda text: bool(_voice("own_voice").search(text))),
        report=_share(texts, lambda text: bool(_voice("report").search(text))),
        clock=_share(seen, lambda cell: bool(re.search(r"\d{1,2}:\d{2}", cell))) if look == "date" else 0.0,
    )


def cell_look(cell: str) -> Look | None:
    """The look of one cell by itself; None for words, whose look only the whole column tells."""
    if EMAIL.search(cell) and len(EMAIL.sub("", cell)) <= 0.5 * len(cell):
        return "email"
    if _LINK.match(cell):
        return "link"
    if parse_moment(cell) is not None:
        return "date"
    if is_phone(cell):
        return "phone"
    if (number := _NUMBER.match(cell)) is not None:
        return _numeric(cell, number["sign"])
    if parse_flag(cell) is not None:
        return "flag"
    return "id" if _ID.match(cell) else None


def is_phone(cell: str) -> bool:
    """Whether the cell is a telephone number and little else; bare digits must be a number somebody can have."""
    match = PHONE.search(cell)
    if match is None or len(re.sub(r"[\s+().-]", "", cell.replace(match[0], ""))) > 12:
        return False
    digits = re.sub(r"\D", "", match[0])
    if match[0].strip().startswith("+") or re.search(r"\d[\s().-]+\d", match[0]):
        return 10 <= len(digits) <= 15
    return any(_valid(digits, country) for country in _COUNTRIES)


def _valid(digits: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, country))
    except phonenumbers.NumberParseException:
        return False


def _numeric(cell: str, sign: str) -> Look | None:
    if sign == "%":
        return "percent"
    if currency_in(cell):
        return "money"
    if sign and not sign.strip(".").isdigit():
        return None
    return "decimal" if re.search(r"[.,]\d{1,2}$|\d[\s\u00a0\u202f]\d{3}\b", cell) else "whole"


def _look(seen: Sequence[str]) -> tuple[Look, float]:
    counts = Counter(cell_look(cell) for cell in seen)
    numbers: tuple[Look, ...] = ("money", "decimal", "whole")
    together = sum(counts[kind] for kind in numbers)
    if together >= MOST * len(seen):
        if together == counts["whole"] and _are_ids(seen):
            return "id", 1.0
        return next(kind for kind in numbers if counts[kind]), together / len(seen)
    look, count = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    if look is not None and count >= MOST * len(seen):
        return look, count / len(seen)
    if (ids := counts["id"] + counts["whole"]) >= MOST * len(seen):
        return "id", ids / len(seen)
    return _wording(seen)


def _are_ids(seen: Sequence[str]) -> bool:
    """Whole numbers that never repeat and have about the same length are numbers of records, not amounts."""
    lengths = Counter(len(cell) for cell in seen)
    return len(set(seen)) == len(seen) > 2 and lengths.most_common(1)[0][1] >= 0.9 * len(seen) and len(seen[0]) >= 4


def _wording(seen: Sequence[str]) -> tuple[Look, float]:
    different = len(set(seen))
    words = sum(len(_WORD.findall(cell)) for cell in seen) / len(seen)
    if words >= TALK_WORDS and different > 0.4 * len(seen):
        return "text", 1.0
    named = _share(seen, _is_name)
    if named >= 0.6:
        return "name", named
    if different <= CHOICES and 2 * different <= len(seen):
        return "choice", 1.0
    return "words", 1.0


def _is_name(cell: str) -> bool:
    """A person's name: two to four words with a known given name, a patronymic, or a given name alone."""
    if not _NAME_WORDS.match(cell):
        return False
    words = [word.lower().replace("ё", "е") for word in _WORD.findall(cell)]
    return any(word in _given_names() or word.endswith(("ович", "евич", "овна", "евна", "ична")) for word in words)


@cache
def _given_names() -> frozenset[str]:
    from ingest.redaction.lexicon import english_names, russian_names

    return frozenset().union(*(lists.sure | lists.ambiguous for lists in (russian_names(), english_names())))


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, cells)) / len(cells) if cells else 0.0


def _plain(cell: str) -> str:
    return cell.lower().replace("ё", "е").replace("’", "'")


@cache
def _status() -> re.Pattern[str]:
    stages = packaged("stages.yaml")
    words = [
        *stages["lost"]["phrases"],
        *stages["won"]["phrases"],
        *stages["closed"],
        *packaged("mapping.yaml")["open"],
    ]
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")\b")


@cache
def _voice(name: str) -> re.Pattern[str]:
    words = [word.strip() for word in packaged("mapping.yaml")[name].split(",")]
    return re.compile(r"\b(?:" + "|".join(words) + r")\b")
