"""What a segment's briefs are written from, gathered once."""

from __future__ import annotations

from dataclasses import dataclass

from service.briefs.material import Material
from service.briefs.model import Fact, Span
from service.briefs.promises import Vocabulary
from service.briefs.quotes import Quotes
from service.briefs.voices import Voices
from service.segments.model import Segment


@dataclass
class Sheet:
    """One segment's brief in the making: its quotations are each used once."""

    material: Material
    segment: Segment
    quotes: Quotes
    vocabulary: Vocabulary
    voices: Voices


def sheet_for(material: Material, segment: Segment) -> Sheet:
    """A fresh sheet."""
    inputs = material.inputs
    return Sheet(
        material,
        segment,
        Quotes(material),
        Vocabulary(inputs, inputs.members.get(segment.id, ())),
        Voices(inputs, segment),
    )


def quoted(material: Material, fact: Fact) -> Span:
    """A quotation as it stands in a sentence."""
    return Span(material.book.state(fact), fact.id, "quote")
