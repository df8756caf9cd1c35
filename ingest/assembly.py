"""Raw records to what leaves `ingest`: redacted, in a language, marked."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import cast

from ingest.gathering import Gathered
from ingest.language import language_of
from ingest.marks import own_flags
from ingest.model import (
    Deal,
    Document,
    DocumentKind,
    Flag,
    IngestOptions,
    Reject,
    RolesBasis,
    SeenTable,
    Speaker,
    StakeholderText,
    Utterance,
    spoken_hash,
)
from ingest.people import People
from ingest.raw import RawDeal, RawDocument, RawUtterance, RoledCall
from ingest.readers.ad_responses import CHOICE
from ingest.reasons import reason
from ingest.redaction.redact import Redactor, count_words
from ingest.repeats import repeated
from ingest.sampling import shown_table

WITHHELD = "[…]"
"""What stands for an utterance in which personal data were still found after redaction."""
_TELLING = re.compile(r"@|\d(?:[\s().-]*\d){6}")


@dataclass
class Assembled:
    """The records that leave, and what their redaction cost."""

    documents: tuple[Document, ...] = ()
    deals: tuple[Deal, ...] = ()
    texts: tuple[StakeholderText, ...] = ()
    tables: tuple[SeenTable, ...] = ()
    rejects: list[Reject] = field(default_factory=list)
    redactions: dict[str, int] = field(default_factory=dict)


def assemble(
    gathered: Gathered,
    people: People,
    calls: Mapping[str, RoledCall],
    html: frozenset[str],
    options: IngestOptions,
) -> Assembled:
    """Redact and mark every record; documents in the order of their refs."""
    raw = sorted([*gathered.documents, *_descriptions(gathered.deals)], key=lambda document: document.ref)
    words = count_words(utterance.text for document in raw for utterance in document.utterances)
    redactor = Redactor(
        staff=people.staff,
        all_names=people.all_names,
        company_names=(*options.company_names, *sorted(people.companies)),
        corpus_words=words,
    )
    desk = Desk(redactor, people, _main_language(raw))
    documents = [desk.document(document, calls.get(document.ref), had_html=document.ref in html) for document in raw]
    again = repeated(documents, {document.ref: people.customer(document.ref) for document in documents})
    assembled = Assembled(
        documents=tuple(_flagged(document, again.get(document.ref)) for document in documents),
        deals=tuple(desk.deal(one) for one in sorted(gathered.deals, key=lambda one: one.deal.ref)),
        texts=tuple(desk.prose(text) for text in sorted(gathered.texts, key=lambda text: text.ref)),
        tables=tuple(shown_table(table, desk.shown) for table in gathered.tables),
        rejects=desk.rejects,
    )
    assembled.redactions = dict(sorted(desk.counts.items()))
    return assembled


def _descriptions(deals: Iterable[RawDeal]) -> list[RawDocument]:
    """Free text of deals as notes with the deal's own ref."""
    return [
        RawDocument(
            ref=raw.deal.ref,
            kind=DocumentKind.NOTE,
            reader="deals",
            utterances=(RawUtterance(raw.description),),
            contact=raw.contact,
            occurred_at=_noon(raw.deal),
            campaign=raw.deal.campaign,
            ad=raw.deal.ad,
        )
        for raw in deals
        if raw.description
    ]


def _noon(deal: Deal) -> datetime | None:
    day = deal.closed_on or deal.created_on
    return datetime.combine(day, time(12)) if day else None


def _main_language(documents: Iterable[RawDocument]) -> str:
    """What most documents are written in: the language of those too short to tell."""
    counts = Counter(language_of(document.utterances[0].text, "") for document in documents if document.utterances)
    counts.pop("", None)
    return min(counts, key=lambda language: (-counts[language], language)) if counts else "en"


def _flagged(document: Document, flag: Flag | None) -> Document:
    return replace(document, flags=(*document.flags, flag)) if flag else document


class Desk:
    """Redacts record by record and keeps count."""

    def __init__(self, redactor: Redactor, people: People, language: str) -> None:
        self._redactor = redactor
        self._people = people
        self._language = language
        self.counts: Counter[str] = Counter()
        self.rejects: list[Reject] = []

    def document(self, raw: RawDocument, roled: RoledCall | None, *, had_html: bool) -> Document:
        """A redacted document."""
        spoken = roled.utterances if roled is not None else tuple(map(_written, raw.utterances))
        language = language_of("\n".join(utterance.text for utterance in spoken), self._language)
        utterances = self._redacted(raw.ref, spoken, language)
        return Document(
            ref=raw.ref,
            kind=raw.kind,
            reader=raw.reader,
            utterances=utterances,
            keys=self._people.keys_of(raw.ref),
            language=language,
            content_hash=spoken_hash(utterances),
            occurred_at=raw.occurred_at,
            platform=raw.platform,
            campaign=raw.campaign,
            ad=raw.ad,
            roles=cast(RolesBasis, roled.roles) if roled is not None else "written",
            roles_confidence=roled.confidence if roled is not None else 1.0,
            flags=tuple(own_flags(raw.kind, utterances, had_html=had_html)),
        )

    def _redacted(self, ref: str, spoken: tuple[Utterance, ...], language: str) -> tuple[Utterance, ...]:
        names = self._people.names_of(ref)
        scope = self._people.customer(ref)
        kept: list[Utterance] = []
        before = ""
        for utterance in spoken:
            found = self._redactor.redact(
                utterance.text, language=language, own_names=names, context=before, scope=scope
            )
            self.counts.update(found.counts)
            before = utterance.text
            text = found.text
            if self._redactor.leaks(text, own_names=names):
                self.rejects.append(Reject("redaction_leak", ref, reason("redaction_leak")))
                text = WITHHELD
            kept.append(replace(utterance, text=text))
        return tuple(kept)

    def deal(self, raw: RawDeal) -> Deal:
        """A deal with hashed keys; contacts that slipped into its short fields are taken out."""
        deal = raw.deal
        return replace(
            deal,
            keys=self._people.keys_of(deal.ref),
            source=self._short(deal.source),
            loss_reason=self._short(deal.loss_reason),
            product=self._short(deal.product),
            stage=self._short(deal.stage) or "",
        )

    def _short(self, value: str | None) -> str | None:
        if not value or not _TELLING.search(value):
            return value
        found = self._redactor.redact(value, language=self._language)
        self.counts.update(found.counts)
        return found.text

    def shown(self, text: str, language: str) -> str | None:
        """A text nobody's document is made of, redacted; None when personal data were still found. Not counted."""
        found = self._redactor.redact(text, language=language).text
        return None if self._redactor.leaks(found) else found

    def prose(self, text: StakeholderText) -> StakeholderText:
        """A redacted persona, creative or script."""
        language = language_of(text.text, self._language)
        body = self._redactor.redact(text.text, language=language)
        title = self._redactor.redact(text.name, language=language)
        self.counts.update(body.counts)
        return replace(text, name=title.text, text=body.text, language=language, content_hash=_hash([body.text]))


def _written(utterance: RawUtterance) -> Utterance:
    """A note or an answer is the customer's side; a choice from a form's list is the form's words."""
    speaker = Speaker.UNKNOWN if utterance.tag == CHOICE else Speaker.CUSTOMER
    return Utterance(speaker, utterance.text, utterance.start, utterance.end)


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
