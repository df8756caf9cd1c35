"""reindex, backup, restore, forget, serve, worker."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from service.commands.console import Desk, desk
from service.commands.people import base_of
from service.core.settings import Settings

IDLE_SECONDS = 120.0
"""A worker that the pages started leaves after this long without work: models and their memory go with it."""


def reindex(workspace: str | None, as_json: bool) -> None:
    """Build the evidence index again."""
    from service.embedding.step import rebuild

    with desk(workspace, as_json) as at:
        n = rebuild(at.store, at.settings, at.workspace)
        if at.as_json:
            at.answer({"entries": n})
        at.say("reindexed", n=n)


def backup(file: Path, as_json: bool) -> None:
    """Write a backup."""
    from service.store.backup import write_backup

    with desk(None, as_json) as at:
        rows = write_backup(at.store, file)
        if at.as_json:
            at.answer({"file": str(file), "rows": rows})
        at.say("backed_up", path=file, rows=rows)


def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Put a backup back."""
    from service.store.backup import read_backup

    with desk(None, as_json) as at:
        rows = read_backup(at.store, file, replace)
        if at.as_json:
            at.answer({"file": str(file), "rows": rows})
        at.say("restored", rows=rows)


def forget(customer: str, workspace: str | None, as_json: bool) -> None:
    """Delete a customer everywhere."""
    from service.core.records import to_json
    from service.forgetting import forget as forget_customer

    with desk(workspace, as_json) as at:
        done = forget_customer(at.store, at.settings, at.workspace, customer)
        if at.as_json:
            at.answer(to_json(done))
            return
        at.say(
            "forgotten",
            customer=done.customer,
            documents=done.documents,
            deals=done.deals,
            vectors=done.vectors,
            results=done.results,
            left=len(done.left),
        )
        for place in done.left:
            print(f"  {place}")
        at.say(
            "forgotten_act",
            act=done.act.id,
            at=done.act.at.strftime("%Y-%m-%d %H:%M UTC"),
            columns=len(done.act.searched) - 1,
            files=done.act.files,
            hits=done.act.hits,
            sha256=done.act.sha256,
        )
        at.say("stale")
        at.say("backups_left")


def serve(host: str | None, port: int | None, workspace: str | None) -> None:
    """The pages and the API, until stopped."""
    import uvicorn

    from service.app import create_app
    from service.core.logs import start_logs

    with desk(workspace) as at:
        settings = at.settings.model_copy(
            update={
                "host": host or at.settings.host,
                "port": port or at.settings.port,
                "workspace": at.workspace,
            }
        )
        at.say("serving", url=f"http://{settings.host}:{settings.port}")
        _offer_setup(at, settings)
    start_logs(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def _offer_setup(at: Desk, settings: Settings) -> None:
    """While nobody has an account or key: a link that makes the first one, good for once."""
    from service.store.audit import COMMAND_LINE
    from service.store.keys import any_key
    from service.store.tickets import make_ticket

    with at.store.session(write=True) as session:
        if any_key(session):
            return
        token = make_ticket(session, "setup", who=COMMAND_LINE)
    at.say("access.setup")
    print(f"{base_of(settings)}/setup/{token}", flush=True)


def worker(until_idle: bool) -> None:
    """Work on analyses until stopped."""
    from service import flow
    from service.core.logs import start_logs
    from service.store.jobs import executor_id

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with desk() as at:
        at.say("working", name=executor_id(at.settings))
        start_logs(at.settings.log_level)
        flow.work(at.store, at.settings, stop, IDLE_SECONDS if until_idle else None)
    if stop.is_set():
        os._exit(0)  # a stage may still compute in its thread; the next worker does it again
