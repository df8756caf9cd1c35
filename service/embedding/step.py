"""The embedding step: vectors of documents and utterances into SQL, utterances into the evidence index."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ingest.model import Speaker
from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import load_corpus
from service.embedding.encoder import Encoder, encoder_for
from service.embedding.index import Evidence, Hit, open_index
from service.embedding.vectors import Floats, cached_vectors, vectors_of
from service.store.db import Store
from service.store.runs import removals

FEWEST_WORDS = 4
"""An utterance of fewer words ("yes, of course") is evidence of nothing."""


def utterances(corpus: Corpus) -> list[tuple[Evidence, str]]:
    """Every customer utterance worth finding, in document order."""
    return [
        (Evidence(f"{document.id}:{position}", document.id, position, document.customer), text)
        for document in corpus.documents
        if document.customer_text
        for position, text in document.said_by(Speaker.CUSTOMER)
        if len(text.split()) >= FEWEST_WORDS
    ]


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress = silent) -> None:
    """Embed what is new and bring the index up to date."""
    encoder = encoder_for(settings)
    while True:
        with store.session() as session:
            read_at = removals(session, workspace)
            corpus = load_corpus(session, workspace, settings)
        found = utterances(corpus)
        texts = [document.customer_text for document in corpus.documents if document.customer_text.strip()]
        vectors_of(store, workspace, encoder, [text for _, text in found] + texts, read_at, progress)
        with store.session() as session:
            if settings.evidence_index and found and removals(session, workspace) == read_at:
                _index(session, settings, workspace, encoder, found)
        with store.session() as session:
            if removals(session, workspace) == read_at:
                return  # nobody was forgotten meanwhile: what was written may stay


def _index(
    session: Session, settings: Settings, workspace: str, encoder: Encoder, found: list[tuple[Evidence, str]]
) -> None:
    vectors: Floats = cached_vectors(session, workspace, encoder, [text for _, text in found])
    with open_index(settings, workspace, encoder.name, vectors.shape[1]) as index:
        index.replace([evidence for evidence, _ in found], vectors)


def search(store: Store, settings: Settings, workspace: str, query: str, most: int = 10) -> list[Hit]:
    """Customer utterances nearest in meaning to `query`."""
    encoder = encoder_for(settings)
    vector = encoder.encode([query])[0]
    with open_index(settings, workspace, encoder.name, int(vector.shape[0])) as index:
        return index.search(vector, most)


def rebuild(store: Store, settings: Settings, workspace: str) -> int:
    """Build the index anew from SQL; returns how many utterances it holds."""
    encoder = encoder_for(settings)
    with store.session() as session:
        found = utterances(load_corpus(session, workspace, settings))
        if found:
            _index(session, settings, workspace, encoder, found)
            return len(found)
    nothing = encoder.encode([""])[:0]
    with open_index(settings, workspace, encoder.name, nothing.shape[1]) as index:
        index.replace([], nothing)
    return 0
