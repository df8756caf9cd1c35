"""A receipt counts one upload and says it in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from harvests import a_deal, a_document, a_harvest, a_persona

from ingest.model import Join, Reject
from service.commands.receipt import receipt_lines
from service.core.errors import BadInput
from service.core.records import from_json, to_json
from service.core.settings import Settings
from service.corpus.receipt import Changes, Receipt, receipt_of
from service.corpus.step import ingest_paths
from service.store.db import Store, open_store
from service.store.tables import Upload

REASON = {"ru": "Нет заголовка.", "en": "There is no header."}


def receipt(**changed: object) -> Receipt:
    found = replace(
        a_harvest(
            documents=[a_document(), replace(a_document("b.txt", keys=("email:2",)), roles="unsure")],
            deals=[a_deal()],
            texts=[a_persona()],
        ),
        joins=(Join("c", "b.txt", "name+company"), Join("c", "deals.csv#1", "phone")),
    )
    values = {
        "upload": "u1",
        "workspace": "w",
        "moment": datetime(2026, 3, 1, tzinfo=UTC),
        "seen": {"b.txt": found.files[0].sha256},
        "changes": Changes(new_customers=2),
        "customers_total": 9,
        "rejects": (Reject("header", "x.csv:1", REASON),),
        "language": "ru",
    }
    return receipt_of(found, **values | changed)  # type: ignore[arg-type]


def test_it_counts_what_came() -> None:
    counted = receipt()
    assert counted.documents == {"call": 2}
    assert (counted.deals, counted.customers, counted.customers_total) == (1, 2, 9)
    assert counted.joined == {"name+company": 1, "phone": 1}
    assert counted.redacted == {"phone": 2}
    assert (counted.unchanged, counted.roles_unsure) == (1, 1)
    assert {kind.reader: (kind.files, kind.rows) for kind in counted.files} == {"reader": (3, 3)}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_is_said_in_both_languages_with_place_and_sentence(language: str) -> None:
    words = "\n".join(receipt_lines(receipt(), language))
    assert f"{REASON[language]}\n    x.csv:1" in words
    assert ("1 сделка" in words, "1 deal" in words) == (language == "ru", language == "en")
    assert ("имя + компания" in words) == (language == "ru")
    assert ("Скрыт" in words) == (language == "ru")


def test_many_rejects_are_counted_not_poured() -> None:
    many = tuple(Reject("bad", f"x.csv:{n}", REASON) for n in range(50))
    lines = receipt_lines(receipt(rejects=many), "en", shown=3)
    assert sum("x.csv" in line for line in lines) == 1
    assert lines[-1].endswith("x.csv:2 and 47 more")


def test_what_asks_for_mending_comes_before_what_asks_for_nothing() -> None:
    said = (
        Reject("total_row", "a.csv:9", {"ru": "Итоги.", "en": "Totals."}),
        Reject("unknown_text", "b.txt", {"ru": "Не разговор.", "en": "No talk."}),
        Reject("bad_date", "c.csv:2", {"ru": "Дата.", "en": "Date."}),
    )
    counted = receipt(rejects=said)
    assert counted.weights == {"check": 1, "fine": 1, "mend": 1}
    text = "\n".join(receipt_lines(counted, "en"))
    assert text.index("b.txt") < text.index("c.csv:2") < text.index("a.csv:9")


def test_marks_are_counted_and_named() -> None:
    counted = receipt(marks={"voicemail": 3, "near_duplicate": 1})
    words = "\n".join(receipt_lines(counted, "ru"))
    assert "Отмечено 4 записи" in words or "Отмечены 4 записи" in words
    assert "автоответчик или никто не ответил 3" in words


def test_it_survives_the_way_through_json() -> None:
    assert from_json(Receipt, to_json(receipt())) == receipt()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path / "home", _env_file=None))
    yield opened
    opened.close()


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


CALL = "Менеджер: Добрый день, слушаю вас.\nКлиент: Здравствуйте, мне нужно помещение для занятий по вечерам.\n"


def test_files_become_a_stored_receipt_and_again_unchanged(store: Store, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", _env_file=None)
    folder = write(tmp_path / "in", {"calls/a.txt": CALL, "calls/empty.txt": ""})
    first = ingest_paths(store, settings, "w", [folder])
    assert first.documents == {"call": 1}
    assert [reject.place for reject in first.rejects] == ["calls/empty.txt"]
    again = ingest_paths(store, settings, "w", [folder])
    assert (again.documents, again.unchanged, again.changes) == ({}, 1, Changes())
    assert [reject.place for reject in again.rejects] == ["calls/empty.txt"]
    with store.session() as session:
        kept = session.get_one(Upload, ("w", again.id))
        assert from_json(Receipt, kept.receipt) == again


def test_a_missing_path_is_one_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file or folder") as caught:
        ingest_paths(store, Settings(home=tmp_path, _env_file=None), "w", [tmp_path / "nowhere"])
    assert caught.value.said_in("ru").startswith("Нет файла")
