"""Personas and comparison through the database, corrections included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from told_trade import BOSSES, TEENS, bag_of_words, school, segmentation

from ingest.model import Harvest
from service.comparison import step as comparison
from service.comparison.model import Verdict
from service.comparison.repository import load_comparison
from service.core.errors import BadInput, NotReady
from service.core.records import to_json
from service.core.settings import Settings
from service.corpus.repository import load_corpus, save_harvest
from service.economics import step as economics
from service.personas import step as personas
from service.personas.repository import load_confirmations, load_personas, save_confirmations
from service.segments.repository import save_segmentation
from service.store.db import Store, ensure_workspace, open_store

TEXTS = {
    "marketing": "Most of our leads are high school students. High school students buy best of all.",
    "sales": "Managers sign quickly.\n\nPrice is the main objection for high school students.",
}


class Words:
    """A stand-in encoder: texts that share words are near."""

    name = "words"

    def encode(self, texts, progress=None):  # type: ignore[no-untyped-def]
        return bag_of_words(texts)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for module in (personas, comparison):
        monkeypatch.setattr(module, "encoder_for", lambda _: Words())
    opened = open_store(settings)
    corpus = school(**TEXTS)
    harvest = Harvest(
        files=(), documents=tuple(d.document for d in corpus.documents), deals=tuple(d.deal for d in corpus.deals),
        ad_spend=corpus.ad_spend, texts=tuple(t.text for t in corpus.texts), rejects=(),
        customer_of={d.document.ref: d.customer for d in corpus.documents}
        | {d.deal.ref: d.customer for d in corpus.deals},
    )  # fmt: skip
    with opened.session(write=True) as session:
        ensure_workspace(session, "w")
        save_harvest(session, "w", harvest, "u1", {})
        save_segmentation(session, "w", "r", segmentation(load_corpus(session, "w", settings)))
    economics.run(opened, settings, "w", "r", lambda done, total: None)
    yield opened
    opened.close()


def test_the_steps_can_be_repeated(store: Store, settings: Settings) -> None:
    comparison.rejudge(store, settings, "w", "r")
    with store.session() as session:
        first = load_comparison(session, "w", "r")
    comparison.rejudge(store, settings, "w", "r")
    with store.session() as session:
        assert load_comparison(session, "w", "r") == first
    assert len(first.claims) == 4


def test_results_asked_for_too_early_are_not_ready(store: Store) -> None:
    with store.session() as session, pytest.raises(NotReady):
        load_personas(session, "w", "r")
    with store.session() as session, pytest.raises(NotReady):
        load_comparison(session, "w", "r")


def test_quotes_are_verbatim_words_of_customers(store: Store, settings: Settings) -> None:
    comparison.rejudge(store, settings, "w", "r")
    with store.session() as session:
        claims = load_comparison(session, "w", "r").claims
        corpus = load_corpus(session, "w", settings)
    text = {d.id: [u.text for u in d.document.utterances] for d in corpus.documents}
    quotes = [q for c in claims for q in (*c.quotes_for, *c.quotes_against)]
    assert quotes
    assert all(text[q.document][q.position][q.start : q.end] == q.text for q in quotes)


def test_a_confirmed_name_and_reading_stick_and_change_the_verdict(store: Store, settings: Settings) -> None:
    comparison.rejudge(store, settings, "w", "r")
    with store.session() as session:
        before = load_comparison(session, "w", "r")
    leads = next(c for c in before.claims if c.claim.atoms[0].measure == "leads")
    atom = replace(leads.claim.atoms[0], subject=replace(leads.claim.atoms[0].subject, segment=BOSSES))
    card = to_json(leads) | {"claim": to_json(replace(leads.claim, atoms=(atom,)))}
    alias = to_json(next(a for a in before.aliases if "student" in a.lemma)) | {"segment": TEENS, "confirmed": True}
    with store.session(write=True) as session:
        assert save_confirmations(session, "w", {"claims": [card], "aliases": [alias]}) == {"claims": 1, "aliases": 1}
    comparison.rejudge(store, settings, "w", "r")
    with store.session() as session:
        after = load_comparison(session, "w", "r")
        assert load_confirmations(session, "w").aliases == {alias["lemma"]: TEENS}
    changed = next(c for c in after.claims if c.claim.id == leads.claim.id)
    assert changed.claim.confirmed
    assert changed.verdict is Verdict.CONTRADICTED
    assert all(a.confirmed for a in after.aliases if a.lemma == alias["lemma"])


def test_unchanged_cards_are_not_taken_for_corrections(store: Store, settings: Settings) -> None:
    comparison.rejudge(store, settings, "w", "r")
    with store.session(write=True) as session:
        found = load_comparison(session, "w", "r")
        cards = {"claims": [to_json(c) for c in found.claims], "aliases": [to_json(a) for a in found.aliases]}
        assert save_confirmations(session, "w", cards) == {"claims": 0, "aliases": 0}


def test_a_card_that_is_none_is_named(store: Store) -> None:
    with store.session(write=True) as session, pytest.raises(BadInput, match="operator"):
        save_confirmations(session, "w", {"claims": [{
            "id": "c", "stakeholder": "sales", "ref": "r", "version": 1, "start": 0, "end": 1, "quote": "x",
            "sentence": "x", "heading": "", "atoms": [{"subject": {"kind": "all"}, "measure": "wins", "operator": "?"}],
        }]})  # fmt: skip
