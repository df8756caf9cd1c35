"""The comparison step: claims judged against the data, then held against each other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.comparison.agreement import compare
from service.comparison.evidence import Evidence
from service.comparison.model import Comparison
from service.comparison.quotes import Encode, with_quotes
from service.comparison.repository import save_comparison
from service.comparison.verdicts import judge
from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.economics.repository import load_measures
from service.embedding.encoder import encoder_for
from service.embedding.vectors import Floats, cached_vectors
from service.personas import step as personas
from service.personas.company import Company
from service.personas.repository import load_personas
from service.personas.step import persona_texts
from service.personas.subjects import ReadPersonas
from service.personas.voices import Voices
from service.segments.repository import load_segmentation
from service.store.db import Store


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress = silent) -> None:
    """Judge and compare the claims of `run_id`; doing it again replaces the result."""
    encoder = encoder_for(settings)
    with store.session() as session:

        def vectors(wanted: Sequence[str]) -> Floats:
            return cached_vectors(session, workspace, encoder, wanted)

        evidence = gather(session, settings, workspace, run_id)
        found = load_personas(session, workspace, run_id)
        save_comparison(session, workspace, run_id, compared(found, evidence, vectors, progress))


def rejudge(store: Store, settings: Settings, workspace: str, run_id: str) -> None:
    """Read and judge again with the corrections kept since: what `claims confirm` changes shows at once."""
    personas.run(store, settings, workspace, run_id, silent)
    run(store, settings, workspace, run_id, silent)


def gather(session: Session, settings: Settings, workspace: str, run_id: str) -> Evidence:
    """Everything a verdict may look at."""
    corpus = load_corpus(session, workspace, settings)
    segmentation = load_segmentation(session, workspace, run_id)
    voices = Voices(corpus, segmentation)
    return Evidence(
        corpus, segmentation, load_measures(session, workspace, run_id), voices,
        Company(corpus, segmentation, voices, None),
    )  # fmt: skip


def compared(
    found: ReadPersonas, evidence: Evidence, encode: Encode | None = None, progress: Progress = silent
) -> Comparison:
    """The comparison of claims as read."""
    judged = []
    for done, claim in enumerate(found.claims):
        progress(done, len(found.claims))
        judged.append(with_quotes(judge(claim, evidence), evidence, encode))
    progress(len(found.claims), len(found.claims))
    present = [t.text.stakeholder for t in persona_texts(evidence.corpus) if t.text.stakeholder is not None]
    return compare(judged, found.aliases, evidence.book, evidence.segments, present)
