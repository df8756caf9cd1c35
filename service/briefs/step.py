"""All briefs of a run, in both languages, stored and numbered in one transaction."""

from __future__ import annotations

from service.briefs.compose import compose_all
from service.briefs.facts import Ledger
from service.briefs.inputs import BriefInputs
from service.briefs.material import Material
from service.briefs.model import Brief
from service.briefs.notices import step as notices
from service.briefs.repository import save_briefs
from service.briefs.spoken.hand import spoken
from service.briefs.versions.step import publish
from service.comparison.repository import load_comparison
from service.core.clock import now
from service.core.numbers import LANGUAGES
from service.core.progress import Progress
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.economics.repository import load_measures
from service.llm.asker import asking
from service.portrait.repository import load_portrait
from service.segments.repository import load_segmentation
from service.store.db import Store


def run(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress) -> None:
    """Compose, verify and store every brief; running again replaces this run's briefs and adds no version."""
    inputs = gather(store, settings, workspace, run_id)
    ledger = Ledger(inputs)
    briefs: list[Brief] = []
    for done, language in enumerate(LANGUAGES, 1):
        briefs.extend(compose_all(inputs, language, ledger))
        progress(done, len(LANGUAGES))
    with asking(store, settings, workspace, run_id) as asker:
        if asker is not None:
            briefs = spoken(briefs, Material(inputs, inputs.corpus.language, ledger), asker)
    with store.session(write=True) as session:
        save_briefs(session, workspace, run_id, briefs)
        publish(session, workspace, run_id, inputs, briefs)
    notices.hand_over(store, settings)


def gather(store: Store, settings: Settings, workspace: str, run_id: str) -> BriefInputs:
    """The results of the steps before."""
    with store.session() as session:
        return BriefInputs(
            corpus=load_corpus(session, workspace, settings),
            segmentation=load_segmentation(session, workspace, run_id),
            measures=load_measures(session, workspace, run_id),
            comparison=load_comparison(session, workspace, run_id),
            portrait=load_portrait(session, workspace, run_id),
            made_on=now().date(),
        )
