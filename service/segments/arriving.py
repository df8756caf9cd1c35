"""Placing newcomers: load the corpus and the last run, place, keep; one transaction."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from service.core.errors import NotReady
from service.core.settings import Settings
from service.segments.arrivals import Arrivals, place_arrivals
from service.segments.edits import in_force
from service.segments.repository import load_log
from service.segments.repository.arrivals import save_arrivals
from service.segments.repository.segmentation import load_segmentation
from service.store.db import Store
from service.store.runs import latest_done


def place_newcomers(store: Store, settings: Settings, workspace: str) -> Arrivals:
    """Place whoever came since the last finished run, and keep it; doing it again replaces it.

    The result of the run is untouched: its figures stay those of its own customers. NotReady before the first run.
    """
    from service.corpus.repository import load_corpus
    from service.embedding.encoder import encoder_for
    from service.embedding.vectors import Floats, cached_vectors

    encoder = encoder_for(settings)
    with store.alone(f"arrivals-{workspace}"), store.session(write=True) as session:
        run = latest_done(session, workspace)
        corpus = load_corpus(session, workspace, settings)

        def vectors(texts: Sequence[str]) -> Floats:
            return cached_vectors(session, workspace, encoder, texts)

        edits = in_force(load_log(session, workspace))
        settled = {edit.change.customer for edit in edits if edit.change.customer}
        shown = load_segmentation(session, workspace, run.id)
        found = place_arrivals(corpus, vectors, shown, settings.seed, settled)
        save_arrivals(session, workspace, run.id, found)
    return found


def place_soon(store: Store, settings: Settings, workspace: str) -> bool:
    """Have another process place the newcomers: the web process holds no model. False where nothing was analysed."""
    with store.session() as session:
        try:
            latest_done(session, workspace)
        except NotReady:
            return False
    told = {
        f"WHOBUYS_{name.upper()}": str(value)
        for name, value in settings.model_dump(exclude_unset=True).items()
        if value is not None
    }
    with (settings.home / "worker.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "service.cli", "arrivals", "--workspace", workspace, "--json"],
            env={**os.environ, **told, "WHOBUYS_HOME": str(settings.home.absolute())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    return True
