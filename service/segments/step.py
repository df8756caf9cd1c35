"""The segments step: load the corpus, find segments, keep them."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.embedding.encoder import encoder_for
from service.embedding.vectors import Floats, cached_vectors
from service.llm.asker import asking
from service.segments.discover import discover
from service.segments.edits import found_again, in_force
from service.segments.proposed_names import plainly, with_proposed_names
from service.segments.repository import load_log, previous_segmentation, save_segmentation, with_given_names
from service.store.db import Store


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress = silent) -> None:
    """Find and keep the segments of `run_id`; doing it again replaces them with the same."""
    encoder = encoder_for(settings)
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)

        def vectors(texts: Sequence[str]) -> Floats:
            return cached_vectors(session, workspace, encoder, texts)

        before = previous_segmentation(session, workspace, run_id)
        customer_of = {document.id: document.customer for document in corpus.documents}
        edits = found_again(in_force(load_log(session, workspace)), customer_of)
        found = discover(corpus, vectors, settings.seed, plainly(before), progress, edits)
        called = with_given_names(session, workspace, found.segments)
        given = {segment.id for segment in found.segments if called[segment.id] != segment.name}
    with asking(store, settings, workspace, run_id) as asker:  # outside of any transaction: answers are kept at once
        if asker is not None:
            found = with_proposed_names(found, before, corpus, asker, given)
    with store.session(write=True) as session:
        save_segmentation(session, workspace, run_id, found)
