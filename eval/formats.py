"""Figures of a case by the format of its files, each with how many it is of and an interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from ingest.model import Deal, Document
from service.core.intervals import wilson


class RoleCounts(NamedTuple):
    """Words of calls: given the right role, all, and the same of those given with confidence."""

    right: int = 0
    words: int = 0
    sure_right: int = 0
    sure: int = 0


class FormatLine(NamedTuple):
    """One format: documents recognised of those the truth has, and role words of its calls."""

    name: str
    """The ending of the file and the reader that took it: `json whisper`; the ending alone of what nobody took."""
    recognised: int
    documents: int
    roles: RoleCounts


def by_format(
    owner: Mapping[str, str],
    documents: Sequence[Document],
    deals: Sequence[Deal],
    roles: Mapping[str, RoleCounts],
) -> tuple[FormatLine, ...]:
    """`owner` are the truth's documents, `roles` the words by format as `format_of` names it."""
    name_of = {deal.ref: f"{ending_of(deal.ref)} deals" for deal in deals}
    name_of |= {document.ref: format_of(document) for document in documents}
    found, wanted = Counter[str](), Counter[str]()
    for ref in owner:
        wanted[name_of.get(ref, ending_of(ref))] += 1
        found[name_of.get(ref, ending_of(ref))] += ref in name_of
    return tuple(FormatLine(name, found[name], wanted[name], roles.get(name, RoleCounts())) for name in sorted(wanted))


def format_of(document: Document) -> str:
    """`vtt`, `json whisper`, `csv notes`: the file's ending, and its reader where that says more."""
    ending = ending_of(document.ref)
    return ending if document.reader == ending else f"{ending} {document.reader}"


def ending_of(ref: str) -> str:
    """The ending of the file a record comes from."""
    return PurePosixPath(ref.partition("#")[0]).suffix.lstrip(".").lower() or "no ending"


def show_formats(lines: Sequence[FormatLine]) -> str:
    """A Markdown table; intervals are Wilson's at 95 %, those of words as if each stood alone."""
    head = [
        "  | format | documents recognised | words with the right role | those given surely |",
        "  |---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, lines)])


def _row(line: FormatLine) -> str:
    roles = line.roles
    cells = (
        share(line.recognised, line.documents),
        share(roles.right, roles.words) if roles.words else "–",
        share(roles.sure_right, roles.sure) if roles.sure else "–",
    )
    return f"  | {line.name} | {' | '.join(cells)} |"


def share(count: int, n: int) -> str:
    """`.981 [.970, .988] of 1204`."""
    if not n:
        return "none to find"
    ends = wilson(count, n)
    return f"{count / n:.3f} [{ends.low:.3f}, {ends.high:.3f}] of {n}"
