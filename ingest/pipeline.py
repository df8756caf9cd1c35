"""Files in, one redacted harvest out: read → join → tell speakers apart → redact → mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ingest.assembly import assemble
from ingest.contacts import Keys, region_of
from ingest.found import FoundFile
from ingest.gathering import Gathered, gather, gather_files
from ingest.model import DocumentKind, Harvest, IngestOptions, Reject
from ingest.people import People, texts_without_html
from ingest.raw import RoledCall
from ingest.remembered import Remembered
from ingest.walk import outgrows, tables_first

Progress = Callable[[int, int], None]
"""(done, total) of the steps below; the total grows by one for every file found."""

BATCH_BYTES = 48 * 1024**2
"""New bytes of files of one batch. An upload of so little is one batch, judged whole: who speaks, what repeats."""


def _silent(done: int, total: int) -> None:
    """No progress shown."""


class Batch(NamedTuple):
    """One part of an upload, with the options it was read with."""

    harvest: Harvest
    options: IngestOptions


def harvest(paths: Sequence[Path], options: IngestOptions, progress: Progress = _silent) -> Harvest:
    """Read every file and folder of `paths` and hand on redacted records with their customers.

    Never raises for what a file holds: whatever cannot be used is in `rejects`. The same paths, options and bytes give
    the same harvest.
    """
    steps = _Steps(progress)
    return _harvested(partial(gather, paths, options, steps.read), options, Remembered(), steps)


def harvests(
    paths: Sequence[Path],
    fresh_options: Callable[[], IngestOptions],
    progress: Progress = _silent,
    batch_bytes: int = BATCH_BYTES,
) -> Iterator[Batch]:
    """The same in batches, so that memory holds one batch of texts however much there is.

    Up to `batch_bytes` in all it is one batch, as `harvest` makes it. Beyond, tables come first, since they tell whose
    telephone and name it is, then the other files; `fresh_options` is asked before every batch and must know the
    records of those before. Names in the clear are handed from batch to batch.
    """
    options = fresh_options()
    if not outgrows(paths, options.max_file_bytes, batch_bytes):
        yield Batch(harvest(paths, options, progress), options)
        return
    files = _Unread(tables_first(paths, options.max_file_bytes))
    remembered, steps = Remembered(), _Steps(progress)
    while files.more():
        read = partial(gather_files, files, options, remembered, steps.read, batch_bytes)
        # The batch is handed on without a name here: what the caller lets go is free before the next is read.
        yield Batch(_harvested(read, options, remembered, steps), options)
        if files.more():
            options = fresh_options()


class _Unread:
    """An iterator that tells whether anything is left."""

    def __init__(self, files: Iterator[FoundFile]) -> None:
        self._files = files
        self._ahead: list[FoundFile] = []

    def __iter__(self) -> Iterator[FoundFile]:
        while self.more():
            yield self._ahead.pop()

    def more(self) -> bool:
        """Whether there is another file; it is read ahead."""
        if not self._ahead:
            self._ahead.extend(islice(self._files, 1))
        return bool(self._ahead)


class _Steps:
    """Counts files and the steps after them, over all batches."""

    AFTER = 4

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._before = self._files = 0

    def read(self, files: int) -> None:
        self._files = files
        self.after(0)

    def after(self, steps: int) -> None:
        done = self._before + self._files
        self._progress(done + steps, done + self.AFTER)
        if steps == self.AFTER:
            self._before, self._files = done + steps, 0


def _harvested(read: Callable[[], Gathered], options: IngestOptions, remembered: Remembered, steps: _Steps) -> Harvest:
    gathered = read()
    html = texts_without_html(gathered)
    steps.after(1)
    people, calls = identify(gathered, options, remembered)
    steps.after(2)
    assembled = assemble(gathered, people, calls, html, options)
    people.remember()
    steps.after(_Steps.AFTER)
    return Harvest(
        files=tuple(gathered.files),
        documents=assembled.documents,
        deals=assembled.deals,
        ad_spend=tuple(gathered.ad_spend),
        texts=assembled.texts,
        rejects=_one_each([*gathered.rejects, *assembled.rejects]),
        customer_of=people.customer_of(),
        joins=people.joins(),
        links=people.links(),
        own_contacts=tuple(sorted(people.own_contacts)),
        region=people.region if people.region != options.default_region else None,
        redactions=assembled.redactions,
        tables=assembled.tables,
    )


def identify(
    gathered: Gathered, options: IngestOptions, remembered: Remembered | None = None
) -> tuple[People, dict[str, RoledCall]]:
    """Whose record each is and who speaks in the calls: each needs the other, so names are looked for twice."""
    keys = Keys(options.salt, _region(gathered, options))
    people = People(gathered, keys, options.known, options.decisions, options.own_contacts, remembered)
    calls = _roles(gathered, people, options)
    people.hear(calls)
    return people, calls


def _region(gathered: Gathered, options: IngestOptions) -> str:
    """The country phones without a code belong to."""
    contacts = [d.contact for d in gathered.documents] + [d.contact for d in gathered.deals]
    return region_of((phone for contact in contacts for phone in contact.phones), options.default_region)


def _roles(gathered: Gathered, people: People, options: IngestOptions) -> dict[str, RoledCall]:
    calls = [document for document in gathered.documents if document.kind is DocumentKind.CALL]
    if not calls:
        return {}
    from ingest.speakers import assign_roles

    return assign_roles(
        calls,
        staff=people.staff,
        names_of={call.ref: people.names_of(call.ref) for call in calls},
        agent_utterances=options.agent_utterances,
        customer_utterances=options.customer_utterances,
        salt=options.salt,
        colleagues=options.colleagues,
    )


def _one_each(rejects: Sequence[Reject]) -> tuple[Reject, ...]:
    """One reject a place and code, by place."""
    first: dict[tuple[str, str], Reject] = {}
    for reject in rejects:
        first.setdefault((reject.place, reject.code), reject)
    return tuple(first[key] for key in sorted(first))
