"""Briefs kept in the database and read back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from brief_company import company

from service.briefs.compose import compose_all
from service.briefs.facts import Ledger
from service.briefs.model import Brief
from service.briefs.repository import content_hash, load_brief, load_briefs, save_briefs
from service.core.errors import NotFound
from service.core.settings import Settings
from service.store.db import Store, ensure_workspace, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path))
    with opened.session() as session:
        ensure_workspace(session, "test")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def briefs() -> list[Brief]:
    inputs = company("ru").inputs()
    ledger = Ledger(inputs)
    return [*compose_all(inputs, "ru", ledger), *compose_all(inputs, "en", ledger)]


def save(store: Store, briefs: list[Brief]) -> None:
    with store.session(write=True) as session:
        save_briefs(session, "test", "run1", briefs)


def test_briefs_come_back_as_they_were(store: Store, briefs: list[Brief]) -> None:
    save(store, briefs)
    with store.session() as session:
        found = load_briefs(session, "test", "run1")
    assert {b.id: b for b in found} == {b.id: b for b in briefs}
    assert [b.kind for b in found] == sorted((b.kind for b in found), key=["comparison", "session", "creative",
                                                                            "script"].index)  # fmt: skip


def test_saving_again_replaces(store: Store, briefs: list[Brief]) -> None:
    save(store, briefs)
    save(store, briefs[:2])
    with store.session() as session:
        assert len(load_briefs(session, "test", "run1")) == 2


def test_one_brief_by_kind_segment_and_language(store: Store, briefs: list[Brief]) -> None:
    save(store, briefs)
    with store.session() as session:
        assert load_brief(session, "test", "run1", "creative", "seg_moms", "en").title.startswith("“детские костюмы”")
        with pytest.raises(NotFound):
            load_brief(session, "test", "run1", "creative", "seg_nobody", "en")


def test_the_same_fact_has_one_id_in_both_languages(briefs: list[Brief]) -> None:
    by_id: dict[str, str] = {}
    for fact in (fact for brief in briefs for fact in brief.facts):
        assert by_id.setdefault(fact.id, fact.source) == fact.source


def test_the_day_it_was_made_is_no_content(briefs: list[Brief]) -> None:
    later = replace(briefs[0], made_on=date(2030, 1, 1))
    assert content_hash(later) == content_hash(briefs[0])
    assert content_hash(replace(briefs[0], title="Другое")) != content_hash(briefs[0])
