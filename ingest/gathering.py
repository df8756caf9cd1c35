"""Paths in, raw records out: every file read by the reader its content asks for, every refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ingest.model import AdSpend, IngestOptions, Reject, SourceFile, StakeholderText
from ingest.raw import RawDeal, RawDocument, RawFile
from ingest.readers import registry
from ingest.readers.source import Source
from ingest.reasons import CannotRead, reason
from ingest.walk import FoundFile, walk

UNCHANGED = "unchanged"
"""`SourceFile.reader` of a file whose bytes were ingested before."""
ONE_PER_FILE = frozenset(
    {"dialogue", "vtt", "srt", "whisper", "deepgram", "recognition", "persona", "creative", "script"}
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

    def refuse(self, code: str, place: str, **facts: object) -> None:
        """List something that could not be used."""
        self.rejects.append(Reject(code, place, reason(code, **facts)))


def gather(paths: Sequence[Path], options: IngestOptions, progress: Callable[[int], None]) -> Gathered:
    """Read everything under `paths`. `progress` gets the number of files read so far."""
    gathered = Gathered()
    by_bytes = {sha256: path for path, sha256 in options.seen.items()}
    for number, found in enumerate(walk(paths, options.max_file_bytes), 1):
        _take(gathered, found, options, by_bytes)
        progress(number)
    _drop_repeated(gathered)
    return gathered


def _take(gathered: Gathered, found: FoundFile, options: IngestOptions, by_bytes: dict[str, str]) -> None:
    if found.problem is not None:
        _refuse_file(gathered, found, found.problem)
        return
    if options.seen.get(found.path) == found.sha256:
        gathered.files.append(SourceFile(found.path, found.sha256, UNCHANGED, 0))
        return
    source = Source(found.path, found.data, options.kind)
    try:
        name, raw = registry.read(source)
    except CannotRead as problem:
        _refuse_file(gathered, found, problem)
        return
    except Exception as error:  # a file somebody sent must never stop the others, whatever it does to a parser
        _refuse_file(gathered, found, CannotRead("reader_failed", detail=type(error).__name__))
        return
    if not raw.rows and not raw.rejects:
        _refuse_file(gathered, found, CannotRead("no_rows"))
        return
    first = by_bytes.setdefault(found.sha256, found.path)
    if first != found.path and (name not in ONE_PER_FILE or PurePosixPath(first).name == source.name):
        _refuse_file(gathered, found, CannotRead("same_file", first=first))
        return
    _keep(gathered, found, name, raw)
    if not source.is_office:
        for line in source.decoded.broken[:20]:
            gathered.refuse("broken_bytes", source.at(line))


def _refuse_file(gathered: Gathered, found: FoundFile, problem: CannotRead) -> None:
    gathered.files.append(SourceFile(found.path, found.sha256, None, 0))
    gathered.rejects.append(Reject(problem.code, found.path, problem.reason()))


def _keep(gathered: Gathered, found: FoundFile, name: str, raw: RawFile) -> None:
    gathered.files.append(SourceFile(found.path, found.sha256, name, raw.rows))
    gathered.documents += raw.documents
    gathered.deals += raw.deals
    gathered.ad_spend += raw.ad_spend
    gathered.texts += raw.texts
    gathered.rejects += [Reject(code, place, why) for code, place, why in raw.rejects]


def _drop_repeated(gathered: Gathered) -> None:
    """One record exported twice counts once; two records under one id get different refs."""
    gathered.documents = _unique_documents(gathered)
    gathered.deals = _unique_deals(gathered)
    gathered.ad_spend = _unique_spend(gathered)


def _unique_documents(gathered: Gathered) -> list[RawDocument]:
    kept: list[RawDocument] = []
    refs: set[str] = set()
    records: dict[object, str] = {}
    for document in gathered.documents:
        own = document.ref.rpartition("#")[2] if "#" in document.ref else ""
        texts = tuple(utterance.text for utterance in document.utterances)
        record = (document.reader, own, document.occurred_at, texts, document.contact.phones, document.contact.emails)
        if own and len(own) > 4 and record in records:
            gathered.refuse("repeated_row", document.ref, first=records[record])
            continue
        ref = _free(document.ref, refs)
        records[record] = ref
        kept.append(document if ref == document.ref else replace(document, ref=ref))
    return kept


def _unique_deals(gathered: Gathered) -> list[RawDeal]:
    """The same CRM deal in two exports: the one from the later file stands."""
    kept: dict[object, RawDeal] = {}
    refs: set[str] = set()
    for raw in gathered.deals:
        path, _, own = raw.deal.ref.rpartition("#")
        number = raw.contact.deal_ids[-1] if raw.contact.deal_ids else None
        record: object = number if number is not None and number == own else (path, own, len(kept))
        if record in kept:
            older = kept.pop(record)
            gathered.refuse("repeated_row", older.deal.ref, first=raw.deal.ref)
            refs.discard(older.deal.ref)
        ref = _free(raw.deal.ref, refs)
        kept[record] = raw if ref == raw.deal.ref else replace(raw, deal=replace(raw.deal, ref=ref))
    return list(kept.values())


def _unique_spend(gathered: Gathered) -> list[AdSpend]:
    refs: set[str] = set()
    return [replace(spend, ref=_free(spend.ref, refs)) for spend in gathered.ad_spend]


def _free(ref: str, taken: set[str]) -> str:
    candidate, number = ref, 1
    while candidate in taken:
        number += 1
        candidate = f"{ref}~{number}"
    taken.add(candidate)
    return candidate
