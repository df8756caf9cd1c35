"""Measures through the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_trade import ad, call, company, lead, sale, segmented

from service.core.errors import NotReady
from service.core.progress import silent
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.corpus.step import ingest_paths
from service.economics import step as economics
from service.economics.measures import measure_all
from service.economics.repository import load_measures, save_measures
from service.portrait import step as portrait
from service.portrait.repository import load_portrait
from service.segments.repository import save_segmentation
from service.store.db import Store, ensure_workspace, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path))
    with opened.session() as session:
        ensure_workspace(session, "one")
        ensure_workspace(session, "two")
    yield opened
    opened.close()


def test_a_book_comes_back_as_it_was(store: Store) -> None:
    corpus = company(
        ad("vk", "весна", "90"), ad("vk", "лето", "900"), lead("a", "vk", "весна"), call("b"),
        sale("a", amount=10, product="П" * 80), sale("b", "lost", source="по знакомству"),
    )  # fmt: skip
    book = measure_all(corpus, segmented(corpus, zeta=["a"], alpha=["b"]))
    with store.session() as session:
        save_measures(session, "one", "r1", book)
        save_measures(session, "one", "r1", book)
        save_measures(session, "two", "r1", measure_all(company(), segmented(company())))
    with store.session() as session:
        loaded = load_measures(session, "one", "r1")
    assert set(loaded) == set(book)
    assert loaded.currency == "EUR"
    for level in ("segment", "channel", "campaign"):
        assert loaded.names(level) == book.names(level)


def test_measures_asked_for_too_early_are_not_ready(store: Store) -> None:
    with store.session() as session, pytest.raises(NotReady):
        load_measures(session, "one", "r1")


DEALS = """Deal ID,Phone,Created,Stage,Amount,Closed,Source,Campaign
1,+14255550101,2025-01-02,Closed Won,100.10,2025-01-12,vk,spring
2,+14255550102,2025-01-03,Closed Won,200.20,2025-01-13,Referral,
3,+14255550103,2025-01-04,Closed Lost,,2025-01-14,vk,spring
"""
SPEND = "date,platform,campaign,ad,impressions,clicks,spend,leads\n2025-01-01,vk,spring,reel,100,10,30.05,2\n"


def test_files_become_measures_and_a_portrait(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "deals.csv").write_text(DEALS, encoding="utf-8")
    (folder / "ad_spend.csv").write_text(SPEND, encoding="utf-8")
    settings = Settings(home=tmp_path, evidence_index=False)
    ingest_paths(store, settings, "one", [folder])
    with store.session(write=True) as session:
        corpus = load_corpus(session, "one", settings)
        save_segmentation(session, "one", "r1", segmented(corpus, buyers=list(corpus.customers)))
    for _ in range(2):
        economics.run(store, settings, "one", "r1", silent)
        portrait.run(store, settings, "one", "r1", silent)
    with store.session() as session:
        book = load_measures(session, "one", "r1")
        placed = load_portrait(session, "one", "r1").placed
    assert book.value("all", "all", "revenue") == 300.3
    assert book.value("segment", "buyers", "won") == 2
    assert book.value("channel", "Referral", "revenue") == 200.2
    assert book.value("campaign", "spring", "cac") == 30.05
    assert [p.segment for p in placed] == ["buyers"]
