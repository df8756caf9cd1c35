"""What the batches of one upload tell each other, in the clear; gone when the upload ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.raw import Contact


@dataclass
class Remembered:
    """Names and contacts of the batches read so far: small beside the texts, which are let go batch by batch.

    Without it a name of the first batch's CRM table could stay in the second batch's call.
    """

    by_bytes: dict[str, str] = field(default_factory=dict)
    """sha256 of a file → the path it was first met under."""
    cards: list[Contact] = field(default_factory=list)
    """People of contact lists."""
    refs: set[str] = field(default_factory=set)
    """References of all documents and deals."""
    names_of: dict[str, frozenset[str]] = field(default_factory=dict)
    """Reference of a document or deal → names it is known by; records without a name are not in it."""
    staff: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    all_names: frozenset[str] = frozenset()
    tagged_calls: Counter[str] = field(default_factory=Counter)
    """Speaker's label → calls it speaks in."""
