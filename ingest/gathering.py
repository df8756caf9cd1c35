"""Paths in, raw records out: every file read by the reader its content asks for, every refusal with its reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ingest.contacts import may_be_one
from ingest.found import FoundFile
from ingest.model import AdSpend, IngestOptions, Reject, SeenTable, SourceFile, StakeholderText
from ingest.raw import Contact, RawDeal, RawDocument, RawFile
from ingest.readers import contact_cards, registry
from ingest.readers.source import Source
from ingest.reasons import CannotRead, reason
from ingest.remembered import Remembered
from ingest.walk import walk

UNCHANGED = "unchanged"
"""`SourceFile.reader` of a file whose bytes were ingested before."""
MAX_LETTERS = 1_000_000
"""Letters of one document: a working day of uninterrupted talk is half of that."""
ONE_PER_FILE = frozenset(
    {"dialogue", "vtt", "srt", "whisper", "deepgram", "recognition", "persona", "creative", "script", "mail"}
)


@dataclass
class Gathered:
    """Everything the readers took, in the order of the paths."""

    files: list[SourceFile] = field(default_factory=list)
    documents: list[RawDocument] = field(default_factory=list)
    deals: list[RawDeal] = field(default_factory=list)
    ad_spend: list[AdSpend] = field(default_factory=list)
    texts: list[StakeholderText] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    tables: list[SeenTable] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def refuse(self, code: str, place: str, **facts: object) -> None:
        """List something that could not be used."""
        self.rejects.append(Reject(code, place, reason(code, **facts)))


def gather(paths: Sequence[Path], options: IngestOptions, progress: Callable[[int], None]) -> Gathered:
    """Read everything under `paths`. `progress` gets the number of files read so far."""
    return gather_files(walk(paths, options.max_file_bytes), options, Remembered(), progress)


def gather_files(
    files: Iterable[FoundFile],
    options: IngestOptions,
    remembered: Remembered,
    progress: Callable[[int], None],
    most_bytes: float = math.inf,
) -> Gathered:
    """Read files until those with anything new in them make `most_bytes`, or to the end."""
    gathered = Gathered()
    by_bytes = {sha256: path for path, sha256 in options.seen.items()} | remembered.by_bytes
    size = 0
    for number, found in enumerate(files, 1):
        if _take(gathered, found, options, by_bytes):
            size += len(found.data)
            remembered.by_bytes[found.sha256] = by_bytes[found.sha256]
        progress(number)
        if size >= most_bytes:
            break
    remembered.cards += gathered.contacts
    _add_cards(gathered, remembered.cards)
    _drop_repeated(gathered)
    return gathered


def _take(gathered: Gathered, found: FoundFile, options: IngestOptions, by_bytes: dict[str, str]) -> bool:
    """Read one file; False when there is nothing new to be had of it."""
    if found.problem is not None:
        _refuse_file(gathered, found, found.problem)
        return False
    if options.seen.get(found.path) == found.sha256:
        gathered.files.append(SourceFile(found.path, found.sha256, UNCHANGED, 0))
        return False
    source = Source(found.path, found.data, options.kind, options.mappings)
    try:
        name, raw = registry.read(source)
    except CannotRead as problem:
        _refuse_file(gathered, found, problem)
        return False
    except Exception as error:  # a file somebody sent must never stop the others, whatever it does to a parser
        _refuse_file(gathered, found, CannotRead("reader_failed", detail=type(error).__name__))
        return False
    if not raw.rows and not raw.rejects:
        _refuse_file(gathered, found, CannotRead("no_rows"))
        return False
    first = by_bytes.setdefault(found.sha256, found.path)
    if first != found.path and (name not in ONE_PER_FILE or PurePosixPath(first).name == source.name):
        _refuse_file(gathered, found, CannotRead("same_file", first=first))
        return False
    _keep(gathered, found, name, raw)
    if damaged := source.damaged_lines:
        gathered.refuse("broken_bytes", source.at(damaged[0]), count=len(damaged), lines=_first_few(damaged))
    if foreign := source.foreign_lines:
        gathered.refuse("mixed_encodings", source.at(foreign[0]), count=len(foreign), lines=_first_few(foreign))
    return True


def _first_few(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")


def _refuse_file(gathered: Gathered, found: FoundFile, problem: CannotRead) -> None:
    gathered.files.append(SourceFile(found.path, found.sha256, None, 0))
    gathered.rejects.append(Reject(problem.code, found.path, problem.reason()))


def _keep(gathered: Gathered, found: FoundFile, name: str, raw: RawFile) -> None:
    gathered.files.append(SourceFile(found.path, found.sha256, name or None, raw.rows))
    gathered.documents += [one for one in raw.documents if _is_readable(gathered, one)]
    for deal in raw.deals:
        if len(deal.description) > MAX_LETTERS:
            gathered.refuse("text_long", deal.deal.ref, limit=MAX_LETTERS)
        gathered.deals.append(replace(deal, description="") if len(deal.description) > MAX_LETTERS else deal)
    gathered.ad_spend += raw.ad_spend
    for text in raw.texts:
        if len(text.text) > MAX_LETTERS:
            gathered.refuse("text_long", text.ref, limit=MAX_LETTERS)
        else:
            gathered.texts.append(text)
    gathered.tables += raw.tables
    gathered.contacts += raw.contacts
    gathered.rejects += [Reject(code, place, why) for code, place, why in raw.rejects]


def _is_readable(gathered: Gathered, document: RawDocument) -> bool:
    """Whether a document is of a length that a person could have said or written; a longer one is listed, never cut."""
    readable = sum(len(utterance.text) for utterance in document.utterances) <= MAX_LETTERS
    if not readable:
        gathered.refuse("text_long", document.ref, limit=MAX_LETTERS)
    return readable


def _add_cards(gathered: Gathered, contacts: list[Contact]) -> None:
    """Phones, e-mails and names of contact lists go to the records that name those contacts by id."""
    cards = contact_cards.by_id(contacts)
    if cards:
        gathered.documents = [
            replace(one, contact=contact_cards.with_cards(one.contact, cards)) for one in gathered.documents
        ]
        gathered.deals = [replace(one, contact=contact_cards.with_cards(one.contact, cards)) for one in gathered.deals]


def _drop_repeated(gathered: Gathered) -> None:
    """One record exported twice counts once; two records under one id get different refs."""
    gathered.documents = _unique_documents(gathered)
    gathered.deals = _unique_deals(gathered)
    gathered.ad_spend = _unique_spend(gathered)


def _unique_documents(gathered: Gathered) -> list[RawDocument]:
    kept: list[RawDocument] = []
    refs = _Refs()
    records: dict[object, str] = {}
    for document in gathered.documents:
        own = document.ref.rpartition("#")[2] if "#" in document.ref else ""
        texts = tuple(utterance.text for utterance in document.utterances)
        record = (document.reader, own, document.occurred_at, texts, document.contact.phones, document.contact.emails)
        if own and len(own) > 4 and record in records:
            gathered.refuse("repeated_row", document.ref, first=records[record])
            continue
        ref = refs.free(document.ref)
        records[record] = ref
        kept.append(document if ref == document.ref else replace(document, ref=ref))
    return kept


def _unique_deals(gathered: Gathered) -> list[RawDeal]:
    """The same CRM deal in two exports: the later file's stands; two systems' equal numbers are two deals."""
    kept: dict[object, RawDeal] = {}
    refs = _Refs()
    for raw in gathered.deals:
        path, _, own = raw.deal.ref.rpartition("#")
        number = raw.contact.deal_ids[-1] if raw.contact.deal_ids else None
        record: object = number if number is not None and number == own else (path, own, len(kept))
        while record in kept and not may_be_one(kept[record].contact, raw.contact):
            record = (path, record)
        if record in kept:
            older = kept.pop(record)
            gathered.refuse("repeated_deal", older.deal.ref, last=raw.deal.ref)
            refs.release(older.deal.ref)
        ref = refs.free(raw.deal.ref)
        kept[record] = raw if ref == raw.deal.ref else replace(raw, deal=replace(raw.deal, ref=ref))
    return list(kept.values())


def _unique_spend(gathered: Gathered) -> list[AdSpend]:
    refs = _Refs()
    return [replace(spend, ref=refs.free(spend.ref)) for spend in gathered.ad_spend]


class _Refs:
    """Refs given so far; the second of one name gets `~2`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def free(self, ref: str) -> str:
        candidate = ref
        while candidate in self._taken:
            self._next[ref] = self._next.get(ref, 1) + 1
            candidate = f"{ref}~{self._next[ref]}"
        self._taken.add(candidate)
        return candidate

    def release(self, ref: str) -> None:
        self._taken.discard(ref)
