"""What people say of segments, through the command line on a real database: shown at once, surviving later runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import company, finished_run
from harvests import a_persona
from shop_home import ShopHome, by_words, put_shop, segment_of_group
from sqlalchemy import select

from service.cli import main
from service.core.errors import NotFound
from service.core.settings import Settings
from service.editing import Editor
from service.forgetting import forget
from service.personas import step as personas
from service.personas.repository import save_confirmations
from service.segments.edits import in_force
from service.segments.repository import load_log, load_segmentation
from service.store.db import open_store
from service.store.tables import AuditRow, SegmentEditRow

GROUPS: dict[str, str] = {}
"""Planted group of every customer of the home below."""


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with one finished run over the shop."""
    home = tmp_path_factory.mktemp("shop") / "home"
    with pytest.MonkeyPatch.context() as patched:
        by_words(patched, home)
        store = open_store(Settings(home=home))
        GROUPS.update(put_shop(store, texts=[a_persona("Наш клиент — студенты и родители. Студенты покупают чаще.")]))
        store.close()
        assert main(["analyze", "--json"]) == 0
        yield home


@pytest.fixture
def shop(
    analysed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> ShopHome:
    """A copy of it of one's own."""
    shutil.copytree(analysed, tmp_path / "home")
    by_words(monkeypatch, tmp_path / "home")
    return ShopHome(tmp_path / "home", capsys)


@pytest.fixture
def ids(shop: ShopHome) -> dict[str, str]:
    """Planted group → its segment."""
    return segment_of_group(shop.places(), GROUPS)


def customers(group: str) -> list[str]:
    return sorted(customer for customer, planted in GROUPS.items() if planted == group)


def test_a_new_name_is_everywhere_at_once_and_in_every_later_run(shop: ShopHome, ids: dict[str, str]) -> None:
    machine = {line["segment"]: line["name"] for line in shop.json("segments")["segments"]}[ids["students"]]
    made = shop.json("segments", "rename", ids["students"], "Будущие инженеры")
    assert (made["state"], made["waiting"], made["was"]) == ("applied", False, machine)
    assert "Будущие инженеры" in shop.run("export", "segments")[1]
    assert "Будущие инженеры" in shop.run("brief", "creative", "--segment", ids["students"])[1]
    assert "Будущие инженеры" in shop.run("summary")[1]
    shop.put(16)
    shop.json("analyze")
    assert {s.id: s.name for s in shop.segmentation().segments}[ids["students"]] == "Будущие инженеры"
    shop.json("segments", "undo", made["edit"])
    shown = {line["segment"]: line for line in shop.json("segments")["segments"]}[ids["students"]]
    assert (shown["name"], shown["named_by"]) == (machine, "machine")


def test_edits_survive_runs_newcomers_follow_and_undoing_gives_the_segments_back(
    shop: ShopHome, ids: dict[str, str]
) -> None:
    merge = shop.json("segments", "merge", ids["parents"], ids["students"])
    assert merge["state"] == "waiting"
    moved, left = customers("offices")[0], customers("offices")[1]
    shop.json("segments", "pin", moved, ids["students"])
    shop.json("segments", "exclude", left)
    assert shop.json("segments")["waiting"]
    for per_group in (14, 17):
        shop.put(per_group)
        run = shop.json("analyze")
        assert run["new"]
        places = shop.places()
        assert ids["parents"] not in places.values()
        assert {places[c] for c in customers("parents")} == {ids["students"]}
        assert (places[moved], places[left]) == (ids["students"], "not_a_customer")
    newcomers = set(places) - set(GROUPS)
    assert len([c for c in newcomers if places[c] == ids["students"]]) == 6
    assert {line["state"] for line in shop.json("segments", "log")} == {"applied"}
    told = shop.run("segments", "history")[1]
    assert "вобрал" in told and "Это правка" in told
    shop.json("segments", "undo", merge["edit"])
    assert shop.json("analyze")["new"]
    assert {shop.places()[c] for c in customers("parents")} == {ids["parents"]}


def test_undoing_before_the_next_run_needs_no_new_run(shop: ShopHome, ids: dict[str, str]) -> None:
    merge = shop.json("segments", "merge", ids["parents"], ids["students"])
    undo = shop.json("segments", "undo", merge["edit"])
    assert not undo["waiting"]
    assert not shop.json("analyze")["new"]
    assert shop.json("segments", "undo", undo["edit"])["waiting"]


def test_a_split_by_list_and_one_by_itself_last(shop: ShopHome, ids: dict[str, str], tmp_path: Path) -> None:
    chosen = customers("offices")[:5]
    path = tmp_path / "five.txt"
    path.write_text("\n".join(chosen), encoding="utf-8")
    by_list = shop.json("segments", "split", ids["offices"], "--members", str(path))
    new = next(part["segment"] for part in by_list["parts"] if part["segment"] != ids["offices"])
    by_itself = shop.json("segments", "split", ids["parents"], "--parts", "2")
    sizes = [len(part["customers"]) for part in by_itself["parts"]]
    assert sum(sizes) == 14 and min(sizes) >= 4
    shop.json("segments", "rename", new, "Крупные")
    shop.put(16)
    shop.json("analyze")
    places = shop.places()
    assert {places[c] for c in chosen} == {new}
    assert {places[c] for c in customers("offices")[5:]} == {ids["offices"]}
    for part in by_itself["parts"]:
        assert {places[c] for c in part["customers"]} == {part["segment"]}
    assert {s.id: s.name for s in shop.segmentation().segments}[new] == "Крупные"
    arrived = set(places) - set(GROUPS)
    assert {places[c] for c in arrived} <= {new, *ids.values(), *(part["segment"] for part in by_itself["parts"])}


def test_an_alias_confirmed_for_a_merged_segment_means_the_whole(shop: ShopHome, ids: dict[str, str]) -> None:
    store = shop.store()
    with store.session(write=True) as session:
        alias = {"mention": "Студенты", "lemma": "студент", "segment": ids["students"], "confirmed": True}
        save_confirmations(session, "default", {"aliases": [alias]})
    store.close()
    shop.json("segments", "merge", ids["students"], ids["parents"])
    shop.json("analyze")
    found = {a["lemma"]: a for a in shop.json("claims")["aliases"]}["студент"]
    assert (found["segment"], found["confirmed"]) == (ids["parents"], True)


def test_a_forgotten_customer_is_in_no_edit(shop: ShopHome, ids: dict[str, str], tmp_path: Path) -> None:
    first, second = customers("offices")[:2]
    pin = shop.json("segments", "pin", first, ids["students"])
    shop.json("segments", "undo", pin["edit"])
    shop.json("segments", "exclude", second)
    path = tmp_path / "two.txt"
    path.write_text(f"{first}\n{second}\n{customers('offices')[2]}\n", encoding="utf-8")
    shop.json("segments", "split", ids["offices"], "--members", str(path))
    store = shop.store()
    assert forget(store, shop.settings, "default", first).left == ()
    with store.session() as session:
        rows = session.scalars(select(SegmentEditRow)).all()
        acts = session.scalars(select(AuditRow).where(AuditRow.what == "segment edit")).all()
    store.close()
    assert sorted(row.kind for row in rows) == ["exclude", "split"]
    assert len(acts) == 4
    assert "exclude" in {line["kind"] for line in shop.json("segments", "log")}
    assert "Такого клиента нет" in shop.refused("segments", "pin", first, ids["students"])


def test_an_edit_whose_segment_died_sleeps_and_is_said_so(shop: ShopHome, ids: dict[str, str]) -> None:
    split = shop.json("segments", "split", ids["parents"], "--parts", "2")
    new = next(part["segment"] for part in split["parts"] if part["segment"] != ids["parents"])
    shop.json("segments", "pin", customers("offices")[0], new)
    shop.json("segments", "undo", split["edit"])
    shop.json("analyze")
    states = {line["kind"]: (line["state"], line["reason"]) for line in shop.json("segments", "log")}
    assert states["pin"] == ("sleeping", "segment")
    assert states["split"] == ("undone", None)
    assert not shop.json("segments")["waiting"]
    assert "такого сегмента сейчас нет" in shop.run("segments", "log")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["rename", "{students}", ""], "хотя бы одна буква", id="no name"),
        pytest.param(["rename", "{students}", "ы" * 10_000], "10000 знаков", id="a long name"),
        pytest.param(["rename", "s_none", "Имя"], "Сегмента 's_none' нет", id="an unknown segment"),
        pytest.param(["merge", "{students}", "{students}"], "с самим собой", id="into itself"),
        pytest.param(["split", "{students}"], "--parts", id="a split into nothing"),
        pytest.param(["split", "{students}", "--parts", "1"], "от 2 до", id="one part"),
        pytest.param(["split", "{students}", "--parts", "5"], "не распадается", id="more parts than it holds"),
        pytest.param(["split", "{students}", "--members", "none.txt"], "не читается", id="no file"),
        pytest.param(["pin", "c_none", "{students}"], "Такого клиента нет", id="an unknown customer"),
        pytest.param(["exclude", "c\0none"], "Такого клиента нет", id="a customer with a zero byte"),
        pytest.param(["undo", "x_none"], "Правки 'x_none' нет", id="an unknown edit"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    shop: ShopHome, ids: dict[str, str], words: list[str], sentence: str
) -> None:
    assert sentence in shop.refused("segments", *(word.format(**ids) for word in words))
    assert shop.json("segments", "log") == []


def test_a_split_by_a_list_of_others_is_refused(shop: ShopHome, ids: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    for listed, sentence in (
        ([customers("parents")[0]], "не в этом сегменте"),
        (customers("offices"), "не никого и не всех"),
        ([""], "не назван ни один"),
        (["c_none"], "Такого клиента нет"),
    ):
        path.write_text("\n".join(listed), encoding="utf-8")
        assert sentence in shop.refused("segments", "split", ids["offices"], "--members", str(path))


def test_segments_may_be_named_and_customers_meant_by_a_document(shop: ShopHome, ids: dict[str, str]) -> None:
    shop.json("segments", "rename", ids["students"], "Вечные студенты")
    made = shop.json("segments", "pin", "parents/0-0.txt", "вечные студенты")
    assert (made["segment"], made["customer"] in customers("parents")) == (ids["students"], True)


def test_another_workspace_sees_and_touches_nothing(shop: ShopHome, ids: dict[str, str]) -> None:
    store = shop.store()
    put_shop(store, workspace="other")
    store.close()
    assert "ещё ничего не проанализировано" in shop.refused("segments", "-w", "other")
    assert shop.run("segments", "rename", ids["students"], "Чужие", "-w", "other")[0] == 2
    assert shop.json("segments", "log") == []


def test_a_run_stopped_half_way_leaves_the_segments_and_takes_the_edits_when_done_again(
    shop: ShopHome, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put(16)
    with monkeypatch.context() as broken:
        broken.setattr(personas, "run", _break)
        with pytest.raises(RuntimeError):
            shop.run("analyze")
    assert shop.json("segments")["run"] == 1
    shop.json("segments", "rename", ids["students"], "После обрыва")
    shop.json("analyze")
    assert {s.id: s.name for s in shop.segmentation().segments}[ids["students"]] == "После обрыва"
    told = shop.json("segments", "history")
    assert {change["kind"] for change in told[0]["changes"]} == {"continued"}
    assert [side["size"] for change in told[0]["changes"] for side in change["before"]] == [14, 14, 14]


def _break(*_: object) -> None:
    raise RuntimeError("stopped")


@pytest.mark.postgres
def test_the_log_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    settings = Settings(home=tmp_path, database_url=postgresql_url)
    store = open_store(settings)
    finished_run(store, settings, company("ru"))
    editor = Editor(store, settings, "default", "k")
    merge = editor.merge("s1", "s2")
    editor.undo(merge.id)
    editor.rename("s3", "Для удовольствия")
    assert [edit.number for edit in (merge, editor.pin("c-s1-000", "s3"), editor.exclude("c-s1-001"))] == [1, 4, 5]
    with pytest.raises(NotFound):
        editor.pin("c\0", "s3")
    with store.session() as session:
        names = {s.id: s.name for s in load_segmentation(session, "default", "r1").segments}
        assert [edit.change.kind for edit in in_force(load_log(session, "default"))] == ["rename", "pin", "exclude"]
    store.close()
    assert names["s3"] == "Для удовольствия"
