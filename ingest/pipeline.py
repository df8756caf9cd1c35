"""Files in, one redacted harvest out: read → join → tell speakers apart → redact → mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.assembly import assemble
from ingest.contacts import Keys, region_of
from ingest.gathering import Gathered, gather
from ingest.model import DocumentKind, Harvest, IngestOptions, Reject
from ingest.people import People, texts_without_html
from ingest.raw import RoledCall

Progress = Callable[[int, int], None]
"""(done, total) of the steps below; the total grows by one for every file found."""


def _silent(done: int, total: int) -> None:
    """No progress shown."""


def harvest(paths: Sequence[Path], options: IngestOptions, progress: Progress = _silent) -> Harvest:
    """Read every file and folder of `paths` and hand on redacted records with their customers.

    Never raises for what a file holds: whatever cannot be used is in `rejects`. The same paths, options and bytes give
    the same harvest.
    """
    gathered = gather(paths, options, lambda number: progress(number, number + 4))
    files = len(gathered.files)
    html = texts_without_html(gathered)
    people = People(gathered, Keys(options.salt, _region(gathered, options)), options.known)
    progress(files + 1, files + 4)
    calls = _roles(gathered, people, options)
    people.hear(calls)
    progress(files + 2, files + 4)
    assembled = assemble(gathered, people, calls, html, options)
    progress(files + 4, files + 4)
    return Harvest(
        files=tuple(gathered.files),
        documents=assembled.documents,
        deals=assembled.deals,
        ad_spend=tuple(gathered.ad_spend),
        texts=assembled.texts,
        rejects=_one_each([*gathered.rejects, *assembled.rejects]),
        customer_of=people.customer_of(),
        joins=people.joins(),
        redactions=assembled.redactions,
    )


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
    )


def _one_each(rejects: Sequence[Reject]) -> tuple[Reject, ...]:
    """One reject a place and code, by place."""
    first: dict[tuple[str, str], Reject] = {}
    for reject in rejects:
        first.setdefault((reject.place, reject.code), reject)
    return tuple(first[key] for key in sorted(first))
