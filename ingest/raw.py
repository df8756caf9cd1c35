"""What readers hand to the pipeline: text as found, before roles, redaction and joining. Never leaves `ingest`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ingest.model import AdSpend, Deal, DocumentKind, SeenTable, StakeholderText, Utterance


@dataclass(frozen=True, slots=True)
class RawUtterance:
    """One cue or turn. `tag` is the speaker as the file names it (`Менеджер`, `SPEAKER_01`, `Ann (Acme)`)."""

    text: str
    tag: str | None = None
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a record is about, in the clear; hashed and forgotten inside the pipeline."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    deal_ids: tuple[str, ...] = ()
    contact_ids: tuple[str, ...] = ()
    lead_ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    """Titles of deals: an id where no better one is exported."""
    hints: tuple[str, ...] = ()
    """Words that may be a name (of a file, of a deal's title): a name only where the corpus knows them as one."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A call, note or ad response as read. `written` texts (notes, forms) have one utterance without a tag."""

    ref: str
    kind: DocumentKind
    reader: str
    utterances: tuple[RawUtterance, ...]
    contact: Contact = Contact()
    staff: tuple[str, ...] = ()
    """Names of the company's people on this record (responsible, agent)."""
    occurred_at: datetime | None = None
    platform: str | None = None
    campaign: str | None = None
    ad: str | None = None


@dataclass(frozen=True, slots=True)
class RawDeal:
    """A deal with its contact still in the clear."""

    deal: Deal
    contact: Contact = Contact()
    description: str = ""
    """Free text of the row; when not empty it also becomes a note document with the same ref."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """All a reader took from one file."""

    documents: tuple[RawDocument, ...] = ()
    deals: tuple[RawDeal, ...] = ()
    ad_spend: tuple[AdSpend, ...] = ()
    texts: tuple[StakeholderText, ...] = ()
    rejects: tuple[tuple[str, str, dict[str, str]], ...] = ()
    """(code, place, reason by language) of rows that could not be used."""
    rows: int = field(default=0)
    contacts: tuple[Contact, ...] = ()
    """Cards of people, which add to records that name their ids."""
    tables: tuple[SeenTable, ...] = ()
    """Tables as understood, their samples still in the clear."""


@dataclass(frozen=True, slots=True)
class RoledCall:
    """A call whose speakers were told apart."""

    ref: str
    utterances: tuple[Utterance, ...]
    """Texts still unredacted at this point; `confidence` is the probability of the role."""
    roles: str
    confidence: float
