"""Taking an upload back: what it brought goes, what it replaced returns, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.core.clock import now
from service.core.errors import Conflict, NotFound
from service.core.settings import Settings
from service.corpus.receipt import Receipt
from service.corpus.repository import load_corpus
from service.corpus.step import ingest_paths
from service.corpus.undoing_step import preview_undo, undo_upload
from service.forgetting import forget
from service.store.db import Store, open_store
from service.store.runs import corpus_stamp, latest_done, open_run, run_row
from service.store.tables import AuditRow, Base, KeptRow, Upload

CALL = (
    "Менеджер: Добрый день, чем помочь?\n"
    "Клиент: Нужен зал на субботу, мой телефон +7 916 555-01-23.\n"
    "Менеджер: На сколько человек?\nКлиент: На тридцать, и чтобы с проектором.\n"
)
DEALS = "Номер сделки;Этап;Сумма;Телефон;Дата создания\n{rows}"
OLD = DEALS.format(rows="501;Новая;10000;+7 916 555-01-23;01.02.2026\n502;Новая;7000;+7 916 555-09-99;02.02.2026\n")
NEW = DEALS.format(rows="501;Успешно;12500;+7 916 555-01-23;01.02.2026\n503;Новая;900;+7 916 555-04-44;03.02.2026\n")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def send(store: Store, settings: Settings, tmp_path: Path) -> Callable[..., Receipt]:
    """Lay texts down under the names given and ingest them."""

    def ingest(**files: str) -> Receipt:
        folder = tmp_path / "files"
        for name, text in files.items():
            place = folder / name.replace("__", "/").replace("_", ".")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        taken = ingest_paths(store, settings, "w", [folder], who="k1")
        for place in sorted(folder.rglob("*"), reverse=True):
            place.rmdir() if place.is_dir() else place.unlink()
        return taken

    return ingest


def everything(store: Store) -> dict[str, list[Any]]:
    """All rows of what was uploaded, without the traces that uploads leave on purpose."""
    left = {"uploads", "audit_log", "workspaces", "kept_rows", "column_mappings", "runs", "merge_log", "customers"}
    with store.session() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in left
        }


def test_what_an_upload_brought_goes(store: Store, send: Callable[..., Receipt], settings: Settings) -> None:
    send(calls__one_txt=CALL)
    before = everything(store)
    receipt = send(deals_csv=OLD, notes_txt="", personas__sales_md="# Клиент\nЧаще всего это семьи с детьми.\n")
    done = undo_upload(store, "w", receipt.id, "k1")
    assert done.removed == {"deals": 2, "files": 3, "texts": 1}
    assert everything(store) == before
    with store.session() as session:
        assert len(load_corpus(session, "w", settings).customers) == 1
        assert session.get_one(Upload, ("w", receipt.id)).undone_by == "k1"


def test_a_newer_version_of_a_file_gives_way_to_the_earlier(store: Store, send: Callable[..., Receipt]) -> None:
    send(deals_csv=OLD, calls__one_txt=CALL)
    before = everything(store)
    receipt = send(deals_csv=NEW, calls__one_txt=CALL.replace("тридцать", "сорок"))
    plan = preview_undo(store, "w", receipt.id)
    assert plan.restored == {"deals": 2, "documents": 1, "files": 2}
    undo_upload(store, "w", receipt.id, "k1")
    assert everything(store) == before


def test_deals_superseded_by_another_export_come_back(store: Store, send: Callable[..., Receipt]) -> None:
    send(february_csv=OLD)
    before = everything(store)
    receipt = send(march_csv=NEW)
    assert receipt.changes.superseded_deals == 1
    undo_upload(store, "w", receipt.id, "k1")
    assert everything(store) == before


def test_the_same_words_elsewhere_are_no_repeat_once_the_first_is_gone(
    store: Store, send: Callable[..., Receipt], settings: Settings
) -> None:
    long = CALL + "Клиент: " + " ".join(f"слово{n}" for n in range(60)) + "\n"
    first = send(calls__a_txt=long)
    assert send(calls__b_txt=long).marked == {"duplicate": 1}
    undo_upload(store, "w", first.id, "k1")
    with store.session() as session:
        assert [d.document.flags for d in load_corpus(session, "w", settings).documents] == [()]


def test_the_same_file_may_be_sent_again_after_it_was_taken_back(store: Store, send: Callable[..., Receipt]) -> None:
    first = send(calls__one_txt=CALL)
    before = everything(store)
    undo_upload(store, "w", first.id, "k1")
    again = send(calls__one_txt=CALL)
    assert (again.unchanged, again.documents) == (0, {"call": 1})
    assert [len(rows) for rows in everything(store).values()] == [len(rows) for rows in before.values()]


def test_a_later_upload_that_replaced_its_rows_has_to_go_first(store: Store, send: Callable[..., Receipt]) -> None:
    first, second = send(deals_csv=OLD), send(deals_csv=NEW)
    with pytest.raises(Conflict, match=second.id):
        undo_upload(store, "w", first.id, "k1")
    undo_upload(store, "w", second.id, "k1")
    undo_upload(store, "w", first.id, "k1")
    assert not any(everything(store)[name] for name in ("deals", "documents", "source_files"))


def test_an_earlier_version_of_the_same_file_does_not_stand_in_the_way(
    store: Store, send: Callable[..., Receipt]
) -> None:
    send(deals_csv=OLD)
    send(deals_csv=NEW)
    before = everything(store)
    third = send(deals_csv=OLD.replace("7000", "7100"))
    undo_upload(store, "w", third.id, "k1")
    assert everything(store) == before


def test_refused_twice_unknown_foreign_and_too_old(store: Store, send: Callable[..., Receipt]) -> None:
    receipt = send(deals_csv=OLD)
    for workspace, upload in (("w", "u-nowhere"), ("other", receipt.id)):
        with pytest.raises(NotFound):
            undo_upload(store, workspace, upload, "k1")
    undo_upload(store, "w", receipt.id, "k1")
    with pytest.raises(Conflict, match="before"):
        undo_upload(store, "w", receipt.id, "k1")
    old = send(deals_csv=OLD)
    with store.session(write=True) as session:
        row = session.get_one(Upload, ("w", old.id))
        row.receipt = {**row.receipt, "created_at": (now() - timedelta(days=31)).isoformat()}
    with pytest.raises(Conflict, match="30 days"):
        undo_upload(store, "w", old.id, "k1")


def test_an_upload_that_replaced_rows_before_anything_was_kept_is_refused(
    store: Store, send: Callable[..., Receipt]
) -> None:
    send(deals_csv=OLD)
    second = send(deals_csv=NEW)
    with store.session(write=True) as session:
        for row in session.scalars(select(KeptRow)):
            session.delete(row)
    with pytest.raises(Conflict, match="nothing was kept"):
        undo_upload(store, "w", second.id, "k1")


def test_analyses_that_counted_it_are_marked_and_the_act_is_in_the_audit_log(
    store: Store, send: Callable[..., Receipt]
) -> None:
    receipt = send(deals_csv=OLD)
    with store.session(write=True) as session:
        run = open_run(session, "w", "hash", {}, force=False)
        run_row(session, "w", run.id).status = "done"
        stamp = corpus_stamp(session, "w")
    assert undo_upload(store, "w", receipt.id, "k1").runs == 1
    with store.session() as session:
        assert latest_done(session, "w").manifest["stale"]
        assert corpus_stamp(session, "w") != stamp
        lines = session.execute(select(AuditRow.what, AuditRow.who)).tuples().all()
    assert ("upload undone", "k1") in lines


def test_a_forgotten_customer_is_in_no_kept_row_and_does_not_come_back(
    store: Store, settings: Settings, send: Callable[..., Receipt]
) -> None:
    send(deals_csv=OLD, calls__one_txt=CALL)
    second = send(deals_csv=NEW, calls__one_txt=CALL.replace("тридцать", "сорок"))
    gone = forget(store, settings, "w", "+7 916 555-01-23")
    assert gone.left == ()
    undo_upload(store, "w", second.id, "k1")
    with store.session() as session:
        corpus = load_corpus(session, "w", settings)
    assert [deal.deal.ref for deal in corpus.deals] == ["deals.csv#502"]
    assert corpus.documents == ()


def misheard(text: str) -> str:
    """A call recognised anew: one word of twenty is another."""
    return " ".join("эээ" if number % 20 == 5 else word for number, word in enumerate(text.split(" ")))


TALE = (
    "Клиент: "
    + " ".join(
        f"{a} {b}"
        for a in "нам нужен зал для праздника дочки".split()
        for b in "в субботу днём на тридцать человек".split()
    )
    + "\n"
)


def test_a_call_recognised_anew_in_a_later_upload_is_nearly_a_repeat(
    store: Store, send: Callable[..., Receipt], settings: Settings
) -> None:
    first = send(calls__a_txt=CALL + TALE)
    second = send(calls__b_txt=CALL + misheard(TALE))
    assert second.marked == {"near_duplicate": 1}
    undo_upload(store, "w", first.id, "k1")
    with store.session() as session:
        assert [d.document.flags for d in load_corpus(session, "w", settings).documents] == [()]


def test_another_talk_of_the_same_customer_is_no_repeat(store: Store, send: Callable[..., Receipt]) -> None:
    send(calls__a_txt=CALL + TALE)
    other = CALL.replace("зал на субботу", "договор на бумаге") + "Клиент: " + " ".join(f"слово{n}" for n in range(60))
    assert send(calls__b_txt=other + "\n").marked == {}
