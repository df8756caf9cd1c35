"""reindex, backup, restore, forget, key create, serve, worker."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from service.commands.console import desk
from service.core.errors import BadInput

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


def create_key(role: str, label: str, workspace: str | None, as_json: bool) -> None:
    """Make an API key; its hash is kept, the key is printed once."""
    from service.store.db import ensure_workspace
    from service.store.keys import create_key as make_key
    from service.web.security import Role

    if role not in set(Role):
        names = ", ".join(Role)
        raise BadInput(f"There is no role {role!r}; there are {names}.", ru=f"Роли {role!r} нет; есть {names}.")
    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            ensure_workspace(session, at.workspace)
            key = make_key(session, at.workspace, role, label)
        if at.as_json:
            at.answer({"key": key, "role": role, "workspace": at.workspace})
            return
        at.say("key_made", role=role, workspace=at.workspace)
        print(key)


def serve(host: str | None, port: int | None, workspace: str | None) -> None:
    """The pages and the API, until stopped."""
    import uvicorn

    from service.app import create_app

    with desk(workspace) as at:
        settings = at.settings.model_copy(
            update={
                "host": host or at.settings.host,
                "port": port or at.settings.port,
                "workspace": at.workspace,
            }
        )
        at.say("serving", url=f"http://{settings.host}:{settings.port}")
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning", server_header=False)


def worker(until_idle: bool) -> None:
    """Work on analyses until stopped."""
    from service import flow
    from service.store.jobs import executor_id

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with desk() as at:
        at.say("working", name=executor_id(at.settings))
        flow.work(at.store, at.settings, stop, IDLE_SECONDS if until_idle else None)
    if stop.is_set():
        os._exit(0)  # a stage may still compute in its thread; the next worker does it again
