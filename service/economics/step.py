"""Economics of a run: read the corpus and its segments, measure, store in one transaction."""

from __future__ import annotations

from datetime import timedelta

from service.core.progress import Progress
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import load_corpus
from service.economics.measures import measure_all
from service.economics.measures_catalogue import FACET
from service.economics.repository import save_measures
from service.segments.facets import facets_in
from service.segments.repository import load_segmentation
from service.segments.topics import topics_in
from service.store.db import Store
from service.store.uploads import newest_upload


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress) -> None:
    """Measure the company, its segments, channels and campaigns; running again replaces this run's rows."""
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)
        segmentation = load_segmentation(session, workspace, run_id)
        uploaded = newest_upload(session, workspace)
    topics = voiced_topics(corpus, progress)
    # A day of grace: the files' days are local, the store's moments are not.
    until = uploaded.date() + timedelta(days=1) if uploaded else None
    book = measure_all(corpus, segmentation, seed=settings.seed, topics=topics, until=until)
    with store.session(write=True) as session:
        save_measures(session, workspace, run_id, book)
    progress(len(corpus.documents), len(corpus.documents))


def voiced_topics(corpus: Corpus, progress: Progress) -> dict[str, frozenset[str]]:
    """Customer → topics of the catalogue, and `facet:<id>`, in their own words, documents of all kinds together."""
    found: dict[str, set[str]] = {}
    for done, item in enumerate(corpus.documents):
        if item.customer_text:
            text, language = item.customer_text, item.document.language
            heard = found.setdefault(item.customer, set())
            heard.update(topics_in(text, language))
            heard.update(f"{FACET}{facet}" for facet in facets_in(text, language))
        if done % 200 == 0:
            progress(done, len(corpus.documents))
    return {customer: frozenset(topics) for customer, topics in found.items()}
