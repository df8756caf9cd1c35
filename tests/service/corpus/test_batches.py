"""An upload too large for one batch: the same corpus, one receipt, and nothing half stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from exports import folder, table
from sqlalchemy import select

from service.core.records import from_json
from service.core.settings import Settings
from service.corpus.receipt import Receipt
from service.corpus.repository import load_corpus
from service.corpus.step import ingest_paths
from service.store.db import Store, open_store
from service.store.tables import SourceFileRow, Upload

ONE_FILE = 1
"""Bytes after which a batch is full: every file is a batch of its own."""
WHOLE = None

CRM = table(
    [
        ["ID сделки", "Имя", "Телефон", "Этап", "Сумма", "Дата создания"],
        ["18001", "Ульяна Резникова", "+7 916 200-00-01", "Оплачено", "9000", "03.03.2026"],
        ["18002", "Ермолай Стожаров", "+7 916 200-00-02", "Отказ", "5000", "04.03.2026"],
    ]
)


def call(name: str, words: str) -> str:
    return (
        "Менеджер: Добрый день, чем могу помочь?\n"
        f"Клиент: Здравствуйте, меня зовут {name}. {words}\n"
        "Менеджер: Спасибо, записала, до свидания.\n"
    )


FILES = {
    "calls/a_79162000001.txt": call("резникова", "Ищу зал на двадцать человек, лучше с проектором."),
    "calls/b_79162000002.txt": call("Ермолай", "У вас слишком дорого, подумаю до весны."),
    "calls/c_79162000001.txt": call("Ульяна", "Снова я, хочу продлить договор ещё на год."),
    "sales/deals.csv": CRM,
    "table_of_nothing.txt": "",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return folder(tmp_path / "upload", FILES)


def told(receipt: Receipt) -> Receipt:
    """What a receipt says, without when and under which id."""
    return replace(receipt, id="", workspace="", created_at=None)  # type: ignore[arg-type]


def texts(store: Store, settings: Settings, workspace: str) -> dict[str, str]:
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)
    return {d.document.ref: "\n".join(u.text for u in d.document.utterances) for d in corpus.documents}


def customers(store: Store, settings: Settings, workspace: str) -> set[frozenset[str]]:
    with store.session() as session:
        corpus = load_corpus(session, workspace, settings)
    return {
        frozenset(d.document.ref for d in corpus.documents if d.customer == customer)
        | frozenset(d.deal.ref for d in corpus.deals if d.customer == customer)
        for customer in corpus.customers
    }


def test_many_batches_give_the_customers_and_the_receipt_of_one(store: Store, settings: Settings, files: Path) -> None:
    at_once = ingest_paths(store, settings, "whole", [files])
    in_parts = ingest_paths(store, settings, "parts", [files], batch_bytes=ONE_FILE)
    assert customers(store, settings, "parts") == customers(store, settings, "whole")
    assert told(in_parts) == told(at_once)


def test_a_name_of_the_table_is_taken_out_of_a_call_of_a_later_batch(
    store: Store, settings: Settings, files: Path
) -> None:
    ingest_paths(store, settings, "w", [files], batch_bytes=ONE_FILE)
    everything = "\n".join(texts(store, settings, "w").values()).lower()
    assert not [name for name in ("резников", "ульян", "ермола", "стожаров") if name in everything]


def test_the_same_large_upload_again_changes_nothing(store: Store, settings: Settings, files: Path) -> None:
    first = ingest_paths(store, settings, "w", [files], batch_bytes=ONE_FILE)
    before = texts(store, settings, "w")
    again = ingest_paths(store, settings, "w", [files], batch_bytes=ONE_FILE)
    assert texts(store, settings, "w") == before
    assert again.unchanged == 4
    assert (again.changes.added, again.changes.removed, again.changes.new_customers) == (0, 0, 0)
    assert again.customers_total == first.customers_total


def test_a_new_upload_in_batches_counts_only_what_is_new_to_the_workspace(
    store: Store, settings: Settings, files: Path, tmp_path: Path
) -> None:
    ingest_paths(store, settings, "w", [files])
    more = folder(
        tmp_path / "more",
        {
            "d_79162000002.txt": call("Ермолай", "Это снова я, договор уже готов?"),
            "e_79162000003.txt": call("Прохор", "Нужен склад на три месяца, звоню впервые."),
        },
    )
    changes = ingest_paths(store, settings, "w", [more], batch_bytes=ONE_FILE).changes
    assert (changes.added, changes.new_customers, changes.rejoined) == (2, 1, 0)


def test_an_upload_broken_off_keeps_whole_batches_with_their_receipt_and_goes_on_when_repeated(
    store: Store, settings: Settings, files: Path
) -> None:
    class PulledPlug(Exception):
        pass

    def pull(done: int, total: int) -> None:
        if done > 7:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        ingest_paths(store, settings, "w", [files], progress=pull, batch_bytes=ONE_FILE)
    with store.session() as session:
        stored = set(session.scalars(select(SourceFileRow.path)))
        receipt = from_json(Receipt, session.scalars(select(Upload.receipt)).one())
    assert {"sales/deals.csv"} <= stored < set(FILES)
    assert sum(kind.files for kind in receipt.files) == len(stored)
    ingest_paths(store, settings, "w", [files], batch_bytes=ONE_FILE)
    assert len(texts(store, settings, "w")) == 3


def test_progress_never_goes_back(store: Store, settings: Settings, files: Path) -> None:
    seen: list[tuple[int, int]] = []
    ingest_paths(
        store, settings, "w", [files], progress=lambda done, total: seen.append((done, total)), batch_bytes=ONE_FILE
    )
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]
