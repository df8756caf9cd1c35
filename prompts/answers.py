"""What a language model may answer, task by task. Anything else is no answer.

Ids and closed sets are checked by whoever asked; lengths are bounded here, so that no answer can flood a page.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(max_length=16)]
Line = Annotated[str, Field(max_length=240)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ClaimReading(_Answer):
    """One reading of one sentence of a persona."""

    sentence: Id
    words: Annotated[str, Field(max_length=600)]
    whom: Id
    measure: Annotated[str, Field(max_length=32)]
    operator: Annotated[str, Field(max_length=16)]
    direction: Literal["high", "low"]
    value: float | None
    topics: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=4)]


class ClaimReadings(_Answer):
    """Readings of a persona's sentences."""

    readings: Annotated[list[ClaimReading], Field(max_length=200)]


class SegmentName(_Answer):
    """A name for one segment."""

    segment: Id
    name: Annotated[str, Field(max_length=120)]


class SegmentNames(_Answer):
    """Names of segments."""

    names: Annotated[list[SegmentName], Field(max_length=60)]


class Phrasing(_Answer):
    """A sentence put better."""

    id: Id
    text: Annotated[str, Field(max_length=1200)]


class Phrasings(_Answer):
    """Sentences put better."""

    sentences: Annotated[list[Phrasing], Field(max_length=200)]


class CreativeDraft(_Answer):
    """An ad for one segment."""

    headline: Line
    lines: Annotated[list[Line], Field(max_length=3)]


class ScriptLine(_Answer):
    """What a salesperson may say at one place of the call."""

    id: Id
    text: Annotated[str, Field(max_length=400)]


class ScriptDraft(_Answer):
    """Spoken lines for places of the script."""

    lines: Annotated[list[ScriptLine], Field(max_length=40)]


ANSWERS: dict[str, type[BaseModel]] = {
    kind.__name__: kind for kind in (ClaimReadings, SegmentNames, Phrasings, CreativeDraft, ScriptDraft)
}
"""By the name a prompt's `output` gives."""
