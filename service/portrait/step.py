"""The portrait of a run: segments and measures in, tiers out, stored in one transaction."""

from __future__ import annotations

from service.core.progress import Progress
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.economics.repository import load_measures
from service.portrait.repository import save_portrait
from service.portrait.tiers import place
from service.segments.repository import load_segmentation
from service.store.db import Store


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress) -> None:
    """Place every segment in its tier; running again replaces this run's portrait."""
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)
        segmentation = load_segmentation(session, workspace, run_id)
        book = load_measures(session, workspace, run_id)
    portrait = place(corpus, segmentation, book, settings.seed)
    with store.session(write=True) as session:
        save_portrait(session, workspace, run_id, portrait)
    progress(len(portrait.placed), len(portrait.placed))
