"""What comes out of the files: frozen records, already redacted, with hashed contact keys.

Nothing in this module knows about files, SQL or models; every later room speaks in these words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Speaker(StrEnum):
    """Who said an utterance."""

    CUSTOMER = "customer"
    AGENT = "agent"
    UNKNOWN = "unknown"


class DocumentKind(StrEnum):
    """The three kinds of customer document."""

    CALL = "call"
    NOTE = "note"
    AD_RESPONSE = "ad_response"


class TextKind(StrEnum):
    """What stakeholders wrote themselves."""

    PERSONA = "persona"
    CREATIVE = "creative"
    SCRIPT = "script"


class Stakeholder(StrEnum):
    """Whose picture of the client a persona is."""

    MARKETING = "marketing"
    SALES = "sales"
    OWNER = "owner"


class DealStatus(StrEnum):
    """How a deal stands."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


RolesBasis = Literal["labelled", "inferred", "unsure", "single", "written", "confirmed"]
"""How speakers were told apart: by labels, from the words, not surely, one speaker only, not a call, or by a person."""

Flag = Literal["voicemail", "empty", "duplicate", "near_duplicate", "boilerplate", "injection", "html"]
"""Marks on a document that keep it out of vectors (or only tell the reader), never a deletion."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech or text by one speaker. `text` is redacted; times are seconds from the start."""

    speaker: Speaker
    text: str
    start: float | None = None
    end: float | None = None
    confidence: float = 1.0
    """Probability that `speaker` is right; 1.0 where the file labels it."""
    voice: str | None = None
    """Which voice of the call it is: the file's own label where it names nobody (`SPEAKER_01`, `Менеджер`), otherwise
    `voice-` and a salted hash, the same wherever this person speaks; None where the file tells no voices apart."""


def spoken_hash(utterances: Iterable[Utterance]) -> str:
    """sha256 of who says what: equal text by equal speakers, equal hash."""
    lines = (f"{utterance.speaker.value}: {utterance.text}" for utterance in utterances)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """One call, note or ad response, redacted.

    `ref` is the path relative to the ingested folder, for tables `path#<the row's own id, else its number>`.
    `keys` are salted contact keys such as `phone:9f2c…`, `email:…`, `deal:…`, `contact:…`, see `ingest.identity`;
    `name:…` and `title:…` are shared by strangers and tell nothing alone.
    `content_hash` is sha256 of the redacted text with speakers: equal text, equal hash.
    """

    ref: str
    kind: DocumentKind
    reader: str
    utterances: tuple[Utterance, ...]
    keys: tuple[str, ...]
    language: str
    content_hash: str
    occurred_at: datetime | None = None
    platform: str | None = None
    campaign: str | None = None
    ad: str | None = None
    roles: RolesBasis = "written"
    roles_confidence: float = 1.0
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """One sale, lost or open, as the CRM has it. Money in the file's currency, never converted."""

    ref: str
    keys: tuple[str, ...]
    status: DealStatus
    stage: str = ""
    created_on: date | None = None
    closed_on: date | None = None
    amount: Decimal | None = None
    """Price of one period or one order, as in the file."""
    currency: str | None = None
    product: str | None = None
    quantity: int | None = None
    accessories: Decimal | None = None
    discount_percent: Decimal | None = None
    months_paid: int | None = None
    """Paid periods, for subscriptions; None where the file has no such column."""
    refund: Decimal | None = None
    refunded: bool | None = None
    referred: bool | None = None
    """Whether this customer brought somebody."""
    satisfaction: float | None = None
    satisfaction_scale: Literal["nps", "csat"] | None = None
    source: str | None = None
    """Lead source as written: `organic`, `Customer Referral`, `vk` …"""
    campaign: str | None = None
    ad: str | None = None
    loss_reason: str | None = None


@dataclass(frozen=True, slots=True)
class AdSpend:
    """One row of an advertising report."""

    ref: str
    day: date | None
    platform: str
    campaign: str
    ad: str | None
    spend: Decimal
    impressions: int | None = None
    clicks: int | None = None
    leads: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class StakeholderText:
    """A persona, a creative or a sales script: the company's own prose (redacted too)."""

    ref: str
    kind: TextKind
    name: str
    text: str
    language: str
    content_hash: str
    stakeholder: Stakeholder | None = None
    """Only for personas; None when the file does not tell."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Front matter or bullet fields of a creative, in file order: campaign, platform, audience …"""


@dataclass(frozen=True, slots=True)
class Reject:
    """A file or row that could not be used: never silent."""

    code: str
    place: str
    """`path`, `path:line` or `path#row`."""
    reason: dict[str, str] = field(hash=False)
    """One sentence that says what was expected, found and what to do, by language: `{"ru": …, "en": …}`."""


@dataclass(frozen=True, slots=True)
class Join:
    """One decision that two records belong to one customer."""

    customer: str
    item: str
    key_kind: str
    """`phone`, `email`, `deal`, `contact`, `lead`, `title`; `mentioned` for a contact said in the text; `name+time`,
    `name+spoken`, `name+surname` for a name with a second signal; `shared phone` for a key that joined nothing.
    """


@dataclass(frozen=True, slots=True)
class Link:
    """One join that rests on more than an equal key: which records were put with which, by what.

    `kind` is `mentioned`, `name+time`, `name+spoken`, `name+surname`, `name+only` as in `Join`, or `phone+name`,
    `email+name` … for a shared key behind which the names agree.
    """

    one: tuple[str, ...]
    """Records of the smaller side, sorted."""
    other: str
    """A record of the other side."""
    kind: str
    probability: float | None = None
    """Of a join by name; None where no odds were weighed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said about customers, in the order said: a later one outranks an earlier.

    `merge`: all records of `one` and `other` are one customer. `split`: those of `one` and those of `other` are two.
    Records are named by their marks, `ref:<salted hash of the reference>`, so that the decision outlives the file.
    """

    kind: Literal["merge", "split"]
    one: tuple[str, ...]
    other: tuple[str, ...] = ()


TableState = Literal["known", "suggested", "needed", "confirmed", "skipped"]
"""How a table's columns got their meaning: by known headers, by a sure suggestion, not yet (so it was not read), by a
person, or a person said it is not needed."""


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column of a table. `samples` are redacted cells, kept only while nobody has said what the columns mean."""

    header: str
    """As the file has it; `#3` where the table has no header row."""
    field: str | None
    """What the column means (`phone`, `amount` …, see `ingest/locale/fields.yaml`); None when it is left aside."""
    confidence: float
    """Of `field`; 1.0 for known headers and for what a person said."""
    looks: str
    """What most cells look like: `phone`, `date`, `number`, `text` …"""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table of this batch and how its columns were understood."""

    signature: str
    """The same for every table with these headers, in any order."""
    place: str
    """`path`, or `path [worksheet]`."""
    state: TableState
    kind: str | None
    """`note`, `ad_response`, `deals` or `ad_spend`; of a table not read, the likeliest."""
    confidence: float
    rows: int
    columns: tuple[SeenColumn, ...]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What a person said about all tables of one signature. `kind` is `skip` for tables that are not needed."""

    signature: str
    kind: str
    columns: dict[str, str] = field(hash=False)
    """Header, as `ingest.readers.mapping.header_key` writes it → field; other columns are left aside."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was recognised."""

    path: str
    sha256: str
    reader: str | None
    """None when it was rejected whole; `unchanged` when the same bytes were ingested before."""
    rows: int
    """Documents, deals, spend rows or texts taken from it."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """Everything one call of the pipeline brought in; the only thing `ingest` hands on.

    `customer_of` maps the `ref` of every document and deal to a customer id; ids are stable across batches when
    the same keys come again. `redactions` counts replaced strings by type (`phone`, `email`, `name` …).
    """

    files: tuple[SourceFile, ...]
    documents: tuple[Document, ...]
    deals: tuple[Deal, ...]
    ad_spend: tuple[AdSpend, ...]
    texts: tuple[StakeholderText, ...]
    rejects: tuple[Reject, ...]
    customer_of: dict[str, str] = field(hash=False)
    joins: tuple[Join, ...] = ()
    """Of records of this upload, its earlier batches included."""
    links: tuple[Link, ...] = ()
    """Every join of the workspace, earlier batches included, that an equal key alone does not explain."""
    own_contacts: tuple[str, ...] = ()
    """Keys of phones and mailboxes the company gives as its own in its creatives and scripts."""
    region: str | None = None
    """The country most phones of the batch are written for; None when it is the one of the options."""
    redactions: dict[str, int] = field(default_factory=dict, hash=False)
    tables: tuple[SeenTable, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A document or deal of an earlier batch, as the identity step needs it."""

    ref: str
    customer: str
    keys: tuple[str, ...]
    moments: tuple[datetime, ...] = ()
    """When it happened: `occurred_at` of a document, creation and closing of a deal; joins by name need it."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the caller knows before reading.

    `salt` hashes contact keys (one per workspace); `kind` forces the kind of every file (`--as`);
    `company_names` are never redacted; `known` are items of earlier batches, joined with the new ones;
    `seen` maps path → sha256 of files already ingested (same bytes are skipped and reported as unchanged);
    `agent_utterances` and `customer_utterances` are labelled texts of earlier batches, used to tell speakers apart;
    `mappings` are what people said about tables of the same headers;
    `colleagues` are voices (see `Utterance.voice`) that a person said belong to the company's own people.
    """

    salt: bytes
    kind: str | None = None
    default_region: str = "RU"
    company_names: tuple[str, ...] = ()
    known: tuple[KnownItem, ...] = ()
    seen: dict[str, str] = field(default_factory=dict, hash=False)
    agent_utterances: tuple[str, ...] = ()
    customer_utterances: tuple[str, ...] = ()
    max_file_bytes: int = 64 * 1024 * 1024
    mappings: tuple[TableMapping, ...] = ()
    decisions: tuple[Decision, ...] = ()
    own_contacts: tuple[str, ...] = ()
    colleagues: frozenset[str] = frozenset()
