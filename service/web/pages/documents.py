"""One redacted document: what was said, by whom as far as known, with the place a quote comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model import DocumentKind, Speaker
from service.core.errors import NotFound
from service.core.numbers import Formatter
from service.corpus.model import SURE
from service.web.i18n import Words
from service.web.results import Results


@dataclass(frozen=True)
class SpokenLine:
    """An utterance under its place in the document."""

    position: int
    who: str
    customer: bool
    text: str


@dataclass(frozen=True)
class DocumentView:
    """A document as shown: never its file's name, which may hold a telephone number."""

    title: str
    segment: str
    segment_id: str
    lines: tuple[SpokenLine, ...]
    speakers: str = ""
    """Where a person may say who speaks; "" for what is no call."""


def document_view(results: Results, document_id: str, words: Words, formatter: Formatter) -> DocumentView:
    """A document of the run's company. NotFound for a foreign id."""
    found = results.inputs.document_by_id.get(document_id)
    if found is None:
        raise NotFound(f"No document {document_id!r}.", ru=f"Документа {document_id!r} нет.")
    kind = words(f"documents.kind.{found.document.kind.value}")
    day = found.document.occurred_at
    segment = results.inputs.segment_by_id.get(results.inputs.segment_of.get(found.customer, ""))
    lines = []
    for position, utterance in enumerate(found.document.utterances):
        sure = utterance.confidence >= SURE
        speaker = utterance.speaker if sure else Speaker.UNKNOWN
        who = words(f"documents.who.{speaker.value}")
        lines.append(SpokenLine(position, who, speaker is Speaker.CUSTOMER, utterance.text))
    return DocumentView(
        title=f"{kind}, {formatter.day(day)}" if day else kind,
        segment=segment.name if segment else "",
        segment_id=segment.id if segment else "",
        lines=tuple(lines),
        speakers=f"/speakers/{found.id}" if found.document.kind is DocumentKind.CALL else "",
    )
