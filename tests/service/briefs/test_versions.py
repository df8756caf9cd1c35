"""Versions of briefs: numbered when they say something new, compared, decided on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from brief_company import RU, company

from service.briefs.compose import compose_all
from service.briefs.inputs import BriefInputs
from service.briefs.model import Brief, Fact
from service.briefs.versions.basis import basis_of
from service.briefs.versions.changes import compare
from service.briefs.versions.model import Basis, Held, Place, Version
from service.briefs.versions.repository import decide, keep_versions, load_held, load_versions
from service.briefs.versions.telling import changes_markdown
from service.briefs.versions.wording import said_hash
from service.core.errors import BadInput, NotFound
from service.core.settings import Settings
from service.store.db import Store, ensure_workspace, open_store

CREATIVE = Place("creative", "seg_moms", "ru")
COMPARISON = Place("comparison", None, "ru")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path))
    with opened.session(write=True) as session:
        ensure_workspace(session, "test")
    yield opened
    opened.close()


def moms_buy_more() -> BriefInputs:
    """The same company with four more of the mothers buying."""
    return company("ru", tuple(replace(g, won=g.won + 4) if g.id == "seg_moms" else g for g in RU)).inputs()


@pytest.fixture(scope="module")
def first() -> list[Brief]:
    return compose_all(company("ru").inputs(), "ru")


@pytest.fixture(scope="module")
def second() -> list[Brief]:
    return compose_all(moms_buy_more(), "ru")


def keep(store: Store, run: str, briefs: list[Brief], basis: Basis | None = None) -> list[Version]:
    with store.session(write=True) as session:
        return keep_versions(session, "test", run, briefs, basis or Basis())


def held(store: Store, place: Place, wanted: str | int = "approved") -> Held:
    with store.session() as session:
        found = load_held(session, "test", place, wanted)  # type: ignore[arg-type]
    assert found is not None
    return found


def word(store: Store, decision: str, number: int | None = None, comment: str = "") -> Version:
    with store.session(write=True) as session:
        return decide(session, "test", CREATIVE, number, decision, "owner", comment)  # type: ignore[arg-type]


def at(briefs: list[Brief], place: Place) -> Brief:
    return next(b for b in briefs if (b.kind, b.segment, b.language) == place)


def test_the_first_briefs_are_version_one_each(store: Store, first: list[Brief]) -> None:
    made = keep(store, "run1", first)
    assert {v.place for v in made} == {Place(b.kind, b.segment, b.language) for b in first}
    assert {v.number for v in made} == {1}
    assert held(store, CREATIVE).brief == at(first, CREATIVE)


def test_a_run_that_says_the_same_adds_nothing(store: Store, first: list[Brief]) -> None:
    keep(store, "run1", first)
    assert keep(store, "run2", [replace(b, made_on=date(2030, 1, 1)) for b in first]) == []


def test_renumbered_facts_are_nothing_new(first: list[Brief]) -> None:
    brief = at(first, COMPARISON)
    shifted = {fact.id: f"f{int(fact.id[1:]) + 100}" for fact in brief.facts}
    assert said_hash(_renumbered(brief, shifted)) == said_hash(brief)


def _renumbered(brief: Brief, ids: dict[str, str]) -> Brief:
    from service.core.records import from_json, to_json

    def walk(node: object) -> object:
        if isinstance(node, dict):
            return {key: ids.get(str(v), v) if key in ("fact", "id") else walk(v) for key, v in node.items()}
        if isinstance(node, list):
            return [ids.get(x, x) if isinstance(x, str) else walk(x) for x in node]
        return node

    return from_json(Brief, walk(to_json(brief)))


def test_only_briefs_that_say_something_new_get_a_number(store: Store, first: list[Brief]) -> None:
    keep(store, "run1", first)
    changed = [replace(b, title="Иначе", headline=b.headline[:-1]) if b.kind == "script" else b for b in first]
    made = keep(store, "run2", changed)
    assert {v.place.kind for v in made} == {"script"}
    assert {v.number for v in made} == {2}


def test_a_run_that_writes_again_replaces_its_own_undecided_version(
    store: Store, first: list[Brief], second: list[Brief]
) -> None:
    keep(store, "run1", first)
    assert {v.number for v in keep(store, "run1", second)} == {1}
    word(store, "approved")
    keep(store, "run1", first)
    assert held(store, CREATIVE, "newest").version.number == 2
    assert held(store, CREATIVE, 1).brief == at(second, CREATIVE)


def test_readers_get_the_latest_approved_and_the_newest_until_one_is(
    store: Store, first: list[Brief], second: list[Brief]
) -> None:
    keep(store, "run1", first)
    keep(store, "run2", second)
    assert held(store, CREATIVE).version.number == 2
    word(store, "approved", 1)
    assert held(store, CREATIVE).version.number == 1
    assert held(store, CREATIVE, "newest").version.status == "proposed"
    word(store, "approved", 2)
    assert held(store, CREATIVE).version.number == 2
    word(store, "returned", 2, "цифры не те")
    assert held(store, CREATIVE).version.number == 1
    decided = held(store, CREATIVE, 2).version.decided
    assert [(d.decision, d.who, d.comment) for d in decided] == [
        ("approved", "owner", ""),
        ("returned", "owner", "цифры не те"),
    ]


def test_decisions_need_a_version_and_a_reason(store: Store, first: list[Brief]) -> None:
    keep(store, "run1", first)
    with pytest.raises(BadInput):
        word(store, "returned")
    with pytest.raises(BadInput):
        word(store, "returned", comment="х" * 3000)
    with pytest.raises(NotFound):
        word(store, "approved", 7)


def test_versions_are_listed_newest_first(store: Store, first: list[Brief], second: list[Brief]) -> None:
    keep(store, "run1", first)
    keep(store, "run2", second)
    with store.session() as session:
        numbers = [v.number for v in load_versions(session, "test", CREATIVE)]
        names = {v.segment_name for v in load_versions(session, "test", CREATIVE)}
    assert numbers == [2, 1]
    assert names == {"детские костюмы"}


# -- what changed ---------------------------------------------------------------------------------------------------


def test_moved_figures_are_told_with_both_values_and_give_the_reason(first: list[Brief], second: list[Brief]) -> None:
    old, new = at(first, CREATIVE), at(second, CREATIVE)
    found = compare(old, new, basis_of(company("ru").inputs()), basis_of(moms_buy_more()))
    source = "measure:segment/seg_moms/conversion"
    moved = {m.source: (m.before, m.after) for m in found.moved}
    assert "10 из 25" in moved[source][0].replace("\u00a0", " ")
    assert "14 из 25" in moved[source][1].replace("\u00a0", " ")
    figures = [c for c in found.changes if c.kind == "figures"]
    assert any(why.moved and why.moved.source == source for change in figures for why in change.why)


def test_every_difference_is_told_once(first: list[Brief], second: list[Brief]) -> None:
    for old in first:
        new = at(second, Place(old.kind, old.segment, old.language))
        found = compare(old, new, Basis(), Basis(documents=1))
        assert found.nothing == (said_hash(old) == said_hash(new))
        assert all(c.before != c.after and c.why for c in found.changes)


def test_nothing_changed_between_equal_briefs(first: list[Brief]) -> None:
    for brief in first:
        assert compare(brief, brief, Basis(), Basis(documents=3)).nothing


def test_a_renamed_segment_is_one_line_and_no_changed_sentences(first: list[Brief]) -> None:
    renamed = company("ru", tuple(replace(g, name="Мамы") if g.id == "seg_moms" else g for g in RU)).inputs()
    new = at(compose_all(renamed, "ru"), CREATIVE)
    found = compare(at(first, CREATIVE), new, Basis(), Basis(edits=1))
    assert [(s.before, s.after) for s in found.renamed] == [("детские костюмы", "Мамы")]
    assert found.changes == ()


def test_a_replaced_text_is_given_as_the_reason(first: list[Brief]) -> None:
    old = at(first, CREATIVE)
    quoted = next(f for f in old.facts if f.source.startswith("text:creative"))
    without = replace(old, blocks=tuple(b for b in old.blocks if quoted.text not in str(b)))
    found = compare(without, old, Basis(texts=(("creative", "aa"),)), Basis(texts=(("creative", "bb"),)))
    told = [c for c in found.changes if quoted.text in c.after]
    assert told
    assert all(why.reason == "text" for change in told for why in change.why)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_account_is_written_in_both_languages_and_inert(
    first: list[Brief], second: list[Brief], language: str
) -> None:
    old, new = at(first, CREATIVE), at(second, CREATIVE)
    hostile = replace(new, headline=(replace(new.headline[0], text="<script>x</script> [a](http://b)"),))
    written = changes_markdown(
        compare(old, hostile, Basis(documents=1), Basis(documents=2)),
        language,  # type: ignore[arg-type]
        "creative",
        1,
        2,
    )
    assert "<script>" not in written
    assert "](http" not in written.replace("\\](", "")
    assert {"ru": "разговоров и записей было 1, стало 2", "en": "went from 1 to 2"}[language] in written.replace(
        "\u00a0", " "
    )


def test_facts_of_the_calendar_make_no_version(first: list[Brief]) -> None:
    session = next(b for b in first if b.kind == "session")
    review = [f for f in session.facts if f.source == "calc:review"]
    assert len(review) == 1
    later = tuple(replace(f, on=date(2030, 2, 3)) if f in review else f for f in session.facts)
    assert said_hash(replace(session, facts=later)) == said_hash(session)
    assert isinstance(review[0], Fact)
