"""The corpus as every step reads it: ingest's records with their opaque ids and customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ingest.model import AdSpend, Deal, Document, Speaker, StakeholderText

SURE = 0.9
"""Below this probability of the speaker an utterance is nobody's (INGEST: cues under .9 are coin flips)."""

KEEPS_OUT = frozenset({"voicemail", "empty", "boilerplate"})
"""Flags whose documents give no text to vectors, names and quotes."""


@dataclass(frozen=True)
class CorpusDocument:
    """A stored document. `position` in quotes counts `document.utterances` from 0."""

    id: str
    customer: str
    document: Document

    def said_by(self, speaker: Speaker) -> list[tuple[int, str]]:
        """(position, text) of the utterances surely said by `speaker`, in order."""
        return [
            (position, utterance.text)
            for position, utterance in enumerate(self.document.utterances)
            if utterance.speaker is speaker and utterance.confidence >= SURE and utterance.text.strip()
        ]

    @cached_property
    def customer_text(self) -> str:
        """The customer's own words, one line an utterance; empty when the document is kept out."""
        if KEEPS_OUT.intersection(self.document.flags):
            return ""
        return "\n".join(text for _, text in self.said_by(Speaker.CUSTOMER))


@dataclass(frozen=True)
class CorpusDeal:
    """A stored deal."""

    id: str
    customer: str
    deal: Deal


@dataclass(frozen=True)
class CorpusText:
    """A persona, creative or script in its latest version."""

    version: int
    text: StakeholderText


@dataclass(frozen=True)
class Corpus:
    """Everything a run reads. Sequences are sorted by id, so the same data gives the same order."""

    workspace: str
    language: str
    """`ru` or `en`: what most customers speak (or the setting)."""
    currency: str
    documents: tuple[CorpusDocument, ...]
    deals: tuple[CorpusDeal, ...]
    ad_spend: tuple[AdSpend, ...]
    texts: tuple[CorpusText, ...]
    input_hash: str

    @cached_property
    def customers(self) -> tuple[str, ...]:
        """All customer ids, sorted: of documents and of deals."""
        return tuple(sorted({d.customer for d in self.documents} | {d.customer for d in self.deals}))

    @cached_property
    def documents_of(self) -> dict[str, list[CorpusDocument]]:
        """Customer id → documents."""
        found: dict[str, list[CorpusDocument]] = {}
        for document in self.documents:
            found.setdefault(document.customer, []).append(document)
        return found
