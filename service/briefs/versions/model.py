"""A brief's place, its versions, and what people decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from service.briefs.model import Brief, BriefKind
from service.core.numbers import Language

Status = Literal["proposed", "approved", "returned"]
Decision = Literal["approved", "returned"]
Wanted = Literal["approved", "newest"]
"""Which version a reader means: the latest approved one (the newest while none was approved), or the newest."""


class Place(NamedTuple):
    """Where versions are counted: one line of versions a kind, segment and language."""

    kind: BriefKind
    segment: str | None
    language: Language


@dataclass(frozen=True)
class Decided:
    """Somebody's word on a version. `who`: key id, `open` or `command line`."""

    decision: Decision
    who: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class Basis:
    """What a version rests on, as far as it can tell why the next one differs."""

    documents: int = 0
    customers: int = 0
    deals: int = 0
    texts: tuple[tuple[str, str], ...] = ()
    """(kind and writer of a company text, mark of its words), sorted."""
    edits: int = 0
    """Edits of segments in force."""
    product: str = ""
    """Version of whobuys."""


@dataclass(frozen=True)
class Version:
    """A version on the shelf, without its content."""

    id: str
    place: Place
    number: int
    status: Status
    run: str
    created_at: datetime
    title: str
    segment_name: str
    decided: tuple[Decided, ...] = ()
    """First to last."""


@dataclass(frozen=True)
class Held:
    """A version with its content and basis."""

    version: Version
    brief: Brief
    basis: Basis
