"""uploads, hook and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.commands.console import Desk, desk
from service.core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from service.corpus.undoing import Undoing

WHO = "command line"
LISTED = 20


def uploads(words: list[str], most: int, workspace: str | None, as_json: bool) -> None:
    """Print the latest uploads, a line each; with an id its receipt; with `undo ID` take it back."""
    from service.commands.receipt import receipt_lines, upload_line
    from service.core.records import from_json, to_json
    from service.corpus.receipt import Receipt
    from service.store.uploads import recent_receipts, upload_receipt

    if words[:1] == ["undo"]:
        undo(words[1:], workspace, as_json)
        return
    if len(words) > 1:
        raise BadInput("Name one upload, or: uploads undo ID.", ru="Назовите одну загрузку, или: uploads undo НОМЕР.")
    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            if words:
                found = [from_json(Receipt, upload_receipt(session, at.workspace, words[0]))]
            else:
                found = [from_json(Receipt, one) for one in recent_receipts(session, at.workspace, most)]
        if at.as_json:
            at.answer(to_json(found[0]) if words else [to_json(one) for one in found])
        elif words:
            print("\n".join(receipt_lines(found[0], at.language)))
        else:
            for one in found:
                mark = f"  ({at.words('uploads.undone')})" if one.undone_at else ""
                print(upload_line(one, at.language) + mark)
            if not found:
                at.say("uploads.none")


def undo(words: list[str], workspace: str | None, as_json: bool) -> None:
    """Take an upload back and say what went and what returned."""
    from service.core.records import to_json
    from service.corpus.undoing_step import undo_upload

    if len(words) != 1:
        raise BadInput("Name the upload: uploads undo ID.", ru="Назовите загрузку: uploads undo НОМЕР.")
    with desk(workspace, as_json) as at:
        done = undo_upload(at.store, at.workspace, words[0], WHO)
        if at.as_json:
            at.answer(to_json(done))
            return
        _tell_undone(at, done)


def _tell_undone(at: Desk, done: Undoing) -> None:
    from service.core.numbers import Formatter
    from service.web.i18n import Words

    page = Words(Formatter(at.language))

    def counted(counts: dict[str, int]) -> str:
        return ", ".join(page(f"undo.{kind}", n=n) for kind, n in counts.items()) or "—"

    at.say("uploads.undone_now", upload=done.upload, removed=counted(done.removed), restored=counted(done.restored))
    if done.runs:
        at.say("uploads.runs_stale")


def hooks(workspace: str | None, as_json: bool) -> None:
    """List the addresses, never their secrets."""
    from service.core.records import to_json
    from service.corpus.hook_step import list_hooks

    with desk(workspace, as_json) as at:
        found = list_hooks(at.store, at.workspace)
        if at.as_json:
            at.answer([to_json(one) for one in found])
            return
        if not found:
            at.say("hook.none")
        for one in found:
            closed = f"  ({at.words('hook.closed')})" if one.revoked_at else ""
            print(f"{one.id}  {one.system}  {one.created_at:%Y-%m-%d}  {one.deliveries}  {one.label}{closed}")


def create(system: str, label: str, workspace: str | None, as_json: bool) -> None:
    """Make an address; it and the key of its signature are printed this once."""
    from service.core.records import to_json
    from service.corpus.hook_step import create_hook

    with desk(workspace, as_json) as at:
        made = create_hook(at.store, at.workspace, system, label, WHO)
        if at.as_json:
            at.answer({"hook": to_json(made.hook), "path": made.path, "secret": made.secret})
            return
        at.say("hook.made")
        print(f"http://{at.settings.host}:{at.settings.port}{made.path}")
        if made.secret:
            at.say("hook.secret", secret=made.secret)


def revoke(hook: str, workspace: str | None, as_json: bool) -> None:
    """Close an address."""
    from service.core.records import to_json
    from service.corpus.hook_step import revoke_hook

    with desk(workspace, as_json) as at:
        closed = revoke_hook(at.store, at.workspace, hook, WHO)
        if at.as_json:
            at.answer(to_json(closed))
            return
        at.say("hook.revoked", hook=closed.id)


def runs(workspace: str | None, as_json: bool) -> None:
    """List analyses with their state."""
    from service.store.runs import recent_runs

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            found = recent_runs(session, at.workspace, LISTED)
        if at.as_json:
            at.answer(
                [
                    {"id": run.id, "number": run.number, "status": run.status, "stage": run.stage,
                     "created_at": run.created_at.isoformat(), "stale": bool(run.manifest.get("stale"))}
                    for run in found
                ]
            )  # fmt: skip
            return
        if not found:
            at.say("runs.none")
        for run in found:
            state = "stopped" if "cancelled_by" in run.manifest else run.status
            stale = f"  ({at.words('runs.stale')})" if run.manifest.get("stale") else ""
            print(f"{run.number}  {run.id}  {run.created_at:%Y-%m-%d %H:%M}  {at.words('runs.' + state)}{stale}")


def cancel(wanted: str | None, workspace: str | None, as_json: bool) -> None:
    """Stop the analysis named, or the one under way."""
    from service import flow
    from service.store.runs import recent_runs

    with desk(workspace, as_json) as at:
        if wanted is None:
            with at.store.session() as session:
                found = [run for run in recent_runs(session, at.workspace, LISTED) if not run.over]
            if not found:
                raise NotFound("No analysis is under way.", ru="Ни один анализ сейчас не идёт.")
            wanted = found[0].id
        run = flow.cancel(at.store, at.workspace, wanted, WHO)
        if at.as_json:
            at.answer({"id": run.id, "number": run.number, "status": run.status})
            return
        at.say("runs.cancelled_now", number=run.number)
