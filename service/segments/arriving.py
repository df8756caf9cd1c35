"""Placing newcomers: load the corpus and the last run, place, keep; and doing so in the background after uploads."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Sequence

from service.core.background import spawn
from service.core.errors import NotReady
from service.core.settings import Settings
from service.segments.arrivals import Arrivals, place_arrivals
from service.segments.edits import in_force
from service.segments.repository import load_log
from service.segments.repository.arrivals import save_arrivals, unplaced_uploads
from service.segments.repository.segmentation import load_segmentation
from service.store.db import Store
from service.store.runs import corpus_stamp, latest_done, run_under_way

TRIES = 3
"""Placings given up because data changed meanwhile, before nobody may change any until it is done."""
CALM_SECONDS = 2.0
"""Between an upload and the placing: several uploads in a row are placed at once."""
LOOK_SECONDS = 5.0
"""Between two looks whether an analysis is over: it takes in the newcomers itself."""


def place_newcomers(store: Store, settings: Settings, workspace: str) -> Arrivals:
    """Place whoever came since the last finished run, and keep it; doing it again replaces it.

    The result of the run is untouched: its figures stay those of its own customers. NotReady before the first run.
    """
    with store.alone(f"arrivals-{workspace}"):
        for _ in range(TRIES):
            with store.session() as session:
                stamp = corpus_stamp(session, workspace)
            found = _placed(store, settings, workspace)
            with store.session(write=True) as session:
                if corpus_stamp(session, workspace) == stamp:
                    save_arrivals(session, workspace, latest_done(session, workspace).id, found)
                    return found
        with store.alone(f"ingest-{workspace}"):
            found = _placed(store, settings, workspace)
            with store.session(write=True) as session:
                save_arrivals(session, workspace, latest_done(session, workspace).id, found)
    return found


def _placed(store: Store, settings: Settings, workspace: str) -> Arrivals:
    """No transaction is open while texts are embedded and customers placed: an upload need not wait for it."""
    from service.corpus.repository import load_corpus
    from service.embedding.encoder import encoder_for
    from service.embedding.vectors import Floats, vectors_of
    from service.store.runs import removals

    encoder = encoder_for(settings)
    with store.session() as session:
        read_at = removals(session, workspace)
        run = latest_done(session, workspace)
        corpus = load_corpus(session, workspace, settings)
        edits = in_force(load_log(session, workspace))
        shown = load_segmentation(session, workspace, run.id)

    def vectors(texts: Sequence[str]) -> Floats:
        return vectors_of(store, workspace, encoder, texts, read_at)

    settled = {edit.change.customer for edit in edits if edit.change.customer}
    return place_arrivals(corpus, vectors, shown, settings.seed, settled)


class Placing:
    """Places the newcomers of each workspace soon after its uploads, one process at a time.

    The web process holds no model, so another process does it. Uploads that come meanwhile are placed together
    afterwards; while an analysis runs nothing is placed, for it takes them in itself.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = threading.Lock()
        self._asked: dict[str, bool] = {}
        """Workspaces being seen to; True when something came since the last placing began."""
        self._over = threading.Event()
        self._busy: dict[str, subprocess.Popen[bytes]] = {}

    def take_up(self) -> None:
        """See to the workspaces whose last upload nobody was placed after: the process before this one was stopped."""
        with self._store.session() as session:
            left = unplaced_uploads(session)
        for workspace in left:
            self.soon(workspace)

    def soon(self, workspace: str) -> bool:
        """See to the newcomers of a workspace. False where nothing was analysed yet."""
        with self._store.session() as session:
            try:
                latest_done(session, workspace)
            except NotReady:
                return False
        with self._lock:
            seen_to = workspace in self._asked
            self._asked[workspace] = True
        if not seen_to:
            threading.Thread(target=self._see_to, args=(workspace,), daemon=True).start()
        return True

    def close(self) -> None:
        """Begin nothing any more, and stop what is under way: the next process takes it up."""
        self._over.set()
        with self._lock:
            for process in self._busy.values():
                process.terminate()

    def _see_to(self, workspace: str) -> None:
        try:
            self._place(workspace)
        except Exception:
            logging.getLogger("whobuys.segments").exception("newcomers were not placed")
            with self._lock:
                self._asked.pop(workspace, None)

    def _place(self, workspace: str) -> None:
        while self._again(workspace):
            wait = CALM_SECONDS
            while not self._over.wait(wait) and self._analysing(workspace):
                wait = LOOK_SECONDS
            if self._over.is_set():
                return
            with self._lock:
                self._asked[workspace] = False
            process = self._begin(workspace)
            if process is None:
                return
            process.wait()

    def _begin(self, workspace: str) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._over.is_set():
                return None
            self._busy[workspace] = spawn(self._settings, "arrivals", "--workspace", workspace, "--json")
            return self._busy[workspace]

    def _again(self, workspace: str) -> bool:
        """Whether something waits to be placed; the last look ends the seeing to."""
        with self._lock:
            if self._asked[workspace]:
                return True
            del self._asked[workspace]
            return False

    def _analysing(self, workspace: str) -> bool:
        with self._store.session() as session:
            return run_under_way(session, workspace)
