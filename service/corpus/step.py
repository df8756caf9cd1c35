"""Files in, receipt out: read outside the transaction, stored inside one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.model import IngestOptions, Reject
from service.core.clock import now
from service.core.errors import BadInput
from service.core.ids import random_id
from service.core.progress import Progress, silent
from service.core.records import to_json
from service.core.settings import Settings
from service.corpus import repository
from service.corpus.intake import KINDS
from service.corpus.receipt import Receipt, receipt_of
from service.corpus.repository import mappings, merging, speaking
from service.corpus.repository.keeping import drop_kept_before
from service.corpus.taking import Taking, one_receipt
from service.corpus.undoing import UNDO_DAYS
from service.store.audit import note
from service.store.db import Store, ensure_workspace
from service.store.tables import Upload

if TYPE_CHECKING:
    from ingest.pipeline import Batch


def ingest_paths(
    store: Store,
    settings: Settings,
    workspace: str,
    paths: Sequence[Path],
    kind: str | None = None,
    progress: Progress = silent,
    batch_bytes: int | None = None,
    who: str = "command line",
    channel: str = "files",
    refused: Sequence[Reject] = (),
) -> Receipt:
    """Read files and folders, store what they hold; `kind` forces the kind of every file, `who` sent them.

    `refused`: what came with them and is no file.

    More than `batch_bytes` of files come in batches, each in a transaction of its own, with one receipt: an upload
    that was broken off leaves whole batches, and the same upload again goes on where it stopped. Two uploads into one
    workspace wait for each other, so that both see the same customers. Raises BadInput for an unknown kind or a path
    that does not exist; a file or row that cannot be used is in the receipt's rejects.
    """
    from ingest.pipeline import BATCH_BYTES, harvests
    from ingest.readers.registry import KINDS as ACCEPTED

    if kind is not None and kind not in ACCEPTED:
        raise BadInput(
            f"There is no kind {kind!r}; use one of: {', '.join(KINDS)}.",
            ru=f"Вида {kind!r} нет; есть {', '.join(KINDS)}.",
        )
    for path in paths:
        if not path.exists():
            raise BadInput(f"There is no file or folder {str(path)!r}.", ru=f"Нет файла или папки {str(path)!r}.")
    taking = Taking(random_id("u"), now(), who, channel)
    with store.alone(f"ingest-{workspace}"):
        for batch in harvests(
            [Path(path) for path in paths],
            lambda: options_for(store, settings, workspace, kind),
            progress,
            BATCH_BYTES if batch_bytes is None else batch_bytes,
        ):
            if not taking.parts:
                batch = batch._replace(harvest=replace(batch.harvest, rejects=(*batch.harvest.rejects, *refused)))
                taking.files.update(reject.place for reject in refused)
            receipt = _store(store, settings, workspace, batch, taking)
            del batch
    return receipt


def options_for(store: Store, settings: Settings, workspace: str, kind: str | None) -> IngestOptions:
    """What an upload is read with: what is known of the workspace so far."""
    with store.session(write=True) as session:
        row = ensure_workspace(session, workspace)
        return IngestOptions(
            salt=row.salt,
            kind=kind,
            default_region=merging.region_of(session, workspace, settings.region),
            company_names=tuple(row.settings.get("company_names", ())),
            known=repository.known_items(session, workspace),
            seen={} if kind else repository.seen_files(session, workspace),
            agent_utterances=repository.labelled_voices(session, workspace, "agent"),
            customer_utterances=repository.labelled_voices(session, workspace, "customer"),
            max_file_bytes=settings.max_upload_bytes,
            mappings=mappings.mappings_of(session, workspace),
            colleagues=speaking.colleagues(session, workspace),
            decisions=merging.load_decisions(session, workspace),
            own_contacts=merging.own_contacts(session, workspace),
        )


def _store(store: Store, settings: Settings, workspace: str, batch: Batch, taking: Taking) -> Receipt:
    """Save a batch and the receipt of the upload so far, in one transaction."""
    found, seen = batch.harvest, batch.options.seen
    with store.session(write=True) as session:
        found = speaking.with_choices(session, workspace, found)
        whole = len(found.documents) + len(found.deals)
        found, refused = repository.without_forgotten(session, workspace, found)
        changes = repository.save_harvest(session, workspace, found, taking.id, seen)
        changes = replace(changes, forgotten=whole - len(found.documents) - len(found.deals))
        merging.keep_own_contacts(session, workspace, found.own_contacts, found.region)
        merging.write_log(session, workspace, found.links, taking.id, taking.moment)
        mappings.save_seen(session, workspace, found.tables, taking.moment)
        taking.take(found, refused, batch.options.known)
        rejects = (*repository.rejects_of(session, workspace, taking.files), *taking.refused)
        marks = repository.marks_of(session, workspace, taking.documents)
        part = receipt_of(
            found,
            upload=taking.id,
            workspace=workspace,
            moment=taking.moment,
            seen=seen,
            changes=changes,
            customers_total=repository.count_customers(session, workspace),
            rejects=rejects,
            language=repository.language_of(session, workspace, settings),
            marks=marks,
        )
        part = replace(part, who=taking.who, channel=taking.channel)
        if not taking.parts:
            note(session, workspace, taking.who, "upload", upload=taking.id, channel=taking.channel)
            drop_kept_before(session, workspace, taking.moment - timedelta(days=UNDO_DAYS))
        taking.add(part)
        receipt = one_receipt(taking, merging.customer_of(session, workspace), rejects, marks)
        session.merge(
            Upload(
                workspace_id=workspace,
                id=taking.id,
                created_at=taking.moment,
                receipt=to_json(receipt),
                who=taking.who,
                channel=taking.channel,
            )
        )
    return receipt
