"""The language school with a finished run in a real database: for tests of claim cards."""

from __future__ import annotations

from typing import Any

import pytest
from told_trade import bag_of_words, school, segmentation

from ingest.model import Harvest
from service.briefs import step as briefs
from service.comparison import step as comparison
from service.core.clock import now
from service.core.progress import silent
from service.core.settings import Settings
from service.corpus.repository import load_corpus, save_harvest
from service.economics import step as economics
from service.personas import step as personas
from service.portrait import step as portrait
from service.segments.repository import save_segmentation
from service.store.db import Store, ensure_workspace, open_store
from service.store.tables import RunRow

RUN = "r1"
TEXTS = {
    "marketing": "Most of our leads are high school students. High school students buy best of all.",
    "sales": "Managers sign quickly.\n\nPrice is the main objection for high school students.",
}


class Words:
    """A stand-in encoder: texts that share words are near."""

    name = "words"

    def encode(self, texts: Any, progress: Any = None) -> Any:
        return bag_of_words(texts)


def card_home(settings: Settings, monkeypatch: pytest.MonkeyPatch, **texts: str) -> Store:
    """A store with the school's finished run; the caller closes it."""
    for module in (personas, comparison):
        monkeypatch.setattr(module, "encoder_for", lambda _: Words())
    store = open_store(settings)
    corpus = school(**(texts or TEXTS))
    harvest = Harvest(
        files=(), documents=tuple(d.document for d in corpus.documents), deals=tuple(d.deal for d in corpus.deals),
        ad_spend=corpus.ad_spend, texts=tuple(t.text for t in corpus.texts), rejects=(),
        customer_of={d.document.ref: d.customer for d in corpus.documents}
        | {d.deal.ref: d.customer for d in corpus.deals},
    )  # fmt: skip
    with store.session(write=True) as session:
        ensure_workspace(session, "default")
        save_harvest(session, "default", harvest, "u1", {})
        session.add(
            RunRow(
                workspace_id="default", id=RUN, number=1, status="done", stage="", done_stages=[], attempt=1,
                input_hash="0" * 64, manifest={}, created_at=now(), finished_at=now(),
            )
        )  # fmt: skip
        session.flush()
        save_segmentation(session, "default", RUN, segmentation(load_corpus(session, "default", settings)))
    for step in (economics, personas, comparison, portrait, briefs):
        step.run(store, settings, "default", RUN, silent)
    return store
