"""Doors for a CRM at work: a call is checked, noted, acknowledged; what it holds then goes the way of all files."""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.hooks import body_of, carried
from ingest.reasons import CannotRead, reason
from service.core.clock import now
from service.core.errors import BadInput
from service.core.ids import random_id
from service.core.settings import Settings
from service.corpus import spool
from service.corpus.hooks import (
    SIGNATURE,
    SIGNED,
    TOKEN_PREFIX,
    Hook,
    HookDelivery,
    NewHook,
    delivery_id,
    require_signature,
    secret_of,
    system_of,
)
from service.corpus.receipt import Receipt
from service.corpus.repository import hooks as repository
from service.corpus.step import ingest_paths
from service.store.audit import note
from service.store.db import Store, ensure_workspace
from service.store.tables import Workspace

FOLDER = "crm"
"""Where records of a CRM stand among the files: `crm/<door>/<kind>/<id>.json`."""
GATHER_SECONDS = 1.0
"""Calls that come within this time are one upload: a CRM sends a deal and its contact one after the other."""
PRIVATE = ("auth",)
"""What a CRM adds that opens its own doors: never kept."""


@dataclass(frozen=True)
class Call:
    """What came through a door."""

    body: bytes
    content_type: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""


def create_hook(store: Store, workspace: str, system: str, label: str, who: str) -> NewHook:
    """Make a door. BadInput for an unknown system."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    hook = Hook(random_id("h"), system_of(system), label.strip()[:200], who, now())
    with store.session(write=True) as session:
        salt = ensure_workspace(session, workspace).salt
        session.flush()
        repository.save_hook(session, workspace, hook, token)
        note(session, workspace, who, "hook created", hook=hook.id, system=hook.system)
    return NewHook(hook, token, secret_of(salt, hook.id) if hook.system in SIGNED else "")


def revoke_hook(store: Store, workspace: str, hook_id: str, who: str) -> Hook:
    """Close a door; what came through it stays. NotFound for an unknown one."""
    with store.session(write=True) as session:
        hook = repository.revoke_hook(session, workspace, hook_id)
        note(session, workspace, who, "hook revoked", hook=hook_id)
    return hook


def list_hooks(store: Store, workspace: str) -> list[Hook]:
    """Doors of a workspace, newest first."""
    with store.session() as session:
        return repository.load_hooks(session, workspace)


def list_deliveries(store: Store, workspace: str, hook: str, limit: int = 50) -> Sequence[HookDelivery]:
    """The latest calls through a door. NotFound for an unknown one."""
    with store.session() as session:
        return repository.load_deliveries(session, workspace, hook, limit)


def receive(store: Store, settings: Settings, system: str, token: str, call: Call) -> tuple[str, HookDelivery]:
    """Check a call and write it down; (workspace, delivery). The same call twice is written once.

    Nothing is written to the database here: a CRM has its answer at once even while an upload or analysis writes.

    NotFound for an unknown door, BadSignature, BadInput for a body that is neither JSON nor a form.
    """
    moment = now()
    with store.session() as session:
        workspace, hook = repository.find_hook(session, system, token)
        salt = session.get_one(Workspace, workspace).salt
    if hook.system in SIGNED:
        require_signature(secret_of(salt, hook.id), call.headers, call.body, moment)
    try:
        body = body_of(call.body, call.content_type, call.query)
    except CannotRead as problem:
        told = problem.reason()
        raise BadInput(told["en"], ru=told["ru"]) from problem
    signature = call.headers.get(SIGNATURE, "") if hook.system in SIGNED else ""
    delivery = delivery_id(call.body, call.query, signature)
    with store.session() as session:
        known = repository.find_delivery(session, workspace, hook.id, delivery)
    if known is not None or spool.holds(settings.home, workspace, hook.id, delivery):
        return workspace, HookDelivery(hook.id, delivery, moment, "taken")
    kept = {name: value for name, value in body.items() if name not in PRIVATE}
    spool.put(settings.home, workspace, hook.system, hook.id, delivery, time.time_ns(), kept)
    return workspace, HookDelivery(hook.id, delivery, moment, "waiting")


def take_waiting(store: Store, settings: Settings, workspace: str) -> list[Receipt]:
    """Take all calls that wait, an upload a door; a call that breaks is noted as failed and holds up no other."""
    receipts = []
    with store.alone(f"hooks-{workspace}"):
        by_hook: dict[tuple[str, str], list[spool.Waiting]] = defaultdict(list)
        for call in _noted(store, workspace, list(spool.waiting(settings.home, workspace))):
            by_hook[call.hook, call.system].append(call)
        for calls in by_hook.values():
            try:
                receipts.append(_take(store, settings, workspace, calls))
            except Exception:
                receipts += _one_by_one(store, settings, workspace, calls)
    return receipts


def _noted(store: Store, workspace: str, calls: Sequence[spool.Waiting]) -> list[spool.Waiting]:
    """Note calls as waiting; those that were taken before, should one have come twice at once, are dropped."""
    left = []
    with store.session(write=True) as session:
        for call in calls:
            if repository.note_delivery(session, workspace, call.hook, call.delivery, now()):
                left.append(call)
            else:
                spool.done([call])
    return left


def _one_by_one(store: Store, settings: Settings, workspace: str, calls: Sequence[spool.Waiting]) -> list[Receipt]:
    receipts = []
    for call in calls:
        try:
            receipts.append(_take(store, settings, workspace, [call]))
        except Exception as error:  # one call must never hold up the others
            problem = reason("hook_failed", detail=type(error).__name__)
            with store.session(write=True) as session:
                repository.settle_deliveries(
                    session, workspace, [(call.hook, call.delivery)], "failed", problem=problem
                )
            spool.done([call])
            logging.getLogger("whobuys.hooks").warning("a call failed: %s", type(error).__name__)
    return receipts


def _take(store: Store, settings: Settings, workspace: str, calls: Sequence[spool.Waiting]) -> Receipt:
    hook, system = calls[0].hook, calls[0].system
    found = carried(system, [call.body for call in calls], f"{FOLDER}/{hook}")
    with tempfile.TemporaryDirectory(prefix="whobuys-") as name:
        folder = Path(name)
        for path, text in found.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        paths = [folder] if found.files else []
        receipt = ingest_paths(store, settings, workspace, paths, who=hook, channel=system, refused=found.rejects)
    with store.session(write=True) as session:
        ended = [(call.hook, call.delivery) for call in calls]
        repository.settle_deliveries(session, workspace, ended, "taken", upload=receipt.id)
    spool.done(list(calls))
    return receipt


class Postbox:
    """Takes waiting calls in a thread of its own, so that a CRM has its answer at once."""

    def __init__(self, store: Store, settings: Settings, taken: Callable[[str], object]) -> None:
        self._store, self._settings, self._taken = store, settings, taken
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def notify(self) -> None:
        """Something waits."""
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="whobuys-hooks", daemon=True)
                self._thread.start()
        self._wake.set()

    def take_up(self) -> None:
        """Go on with what an earlier process acknowledged and did not take."""
        if spool.workspaces_waiting(self._settings.home):
            self.notify()

    def close(self) -> None:
        """Stop after the call in hand; the rest waits on disk."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def take_now(self) -> None:
        """Take everything that waits, in this thread."""
        for workspace in spool.workspaces_waiting(self._settings.home):
            if any(receipt.documents for receipt in take_waiting(self._store, self._settings, workspace)):
                self._taken(workspace)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            if self._stop.wait(GATHER_SECONDS):
                return
            try:
                self.take_now()
            except Exception as error:  # the thread must outlive a database that does not answer for a while
                logging.getLogger("whobuys.hooks").warning("calls wait: %s", type(error).__name__)
