"""Taking an upload back, in one transaction: rows, customers, repeats, runs, and a line in the audit log."""

from __future__ import annotations

from dataclasses import replace

from service.core.clock import now
from service.core.records import from_json
from service.corpus import merging_step, repository
from service.corpus.receipt import Receipt
from service.corpus.repository.undoing import plan_undo, undo_rows
from service.corpus.undoing import Undoing, require_possible
from service.store.audit import note
from service.store.db import Store
from service.store.uploads import upload_receipt


def preview_undo(store: Store, workspace: str, upload: str) -> Undoing:
    """What taking the upload back would do. NotFound for an unknown one; a refusal is told by `undo_upload`."""
    with store.session() as session:
        receipt = from_json(Receipt, upload_receipt(session, workspace, upload))
        return replace(plan_undo(session, workspace, upload), undone_at=receipt.undone_at)


def undo_upload(store: Store, workspace: str, upload: str, who: str) -> Undoing:
    """Remove what an upload brought; what it replaced comes back, and analyses that counted it are marked.

    NotFound for an unknown upload, Conflict with the reason where it cannot be taken back.
    """
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        receipt = from_json(Receipt, upload_receipt(session, workspace, upload))
        plan = plan_undo(session, workspace, upload)
        moment = now()
        require_possible(receipt, plan, moment)
        runs = undo_rows(session, workspace, upload, who, moment)
        merging_step.settle(session, workspace)
        repository.settle_stored(session, workspace)
        note(
            session, workspace, who, "upload undone",
            upload=upload, removed=plan.removed, restored=plan.restored, runs=runs,
        )  # fmt: skip
    return replace(plan, undone_at=moment, runs=runs)
