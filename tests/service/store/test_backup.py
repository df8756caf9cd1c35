"""A backup taken from one database is whole in another, of either kind."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from harvests import a_deal, a_document, a_harvest, a_persona, a_spend
from sqlalchemy import select

from service.core.errors import BadInput, Conflict
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import load_corpus, save_harvest
from service.store.backup import read_backup, write_backup
from service.store.db import HEAD, Store, ensure_workspace, open_store
from service.store.keys import any_key
from service.store.people import add_person, find_person
from service.store.sessions import open_session
from service.store.tables import SessionRow, TicketRow, VectorRow, Workspace
from service.store.tickets import make_ticket


def new_store(folder: Path, url: str | None = None) -> Store:
    return open_store(Settings(home=folder, database_url=url, _env_file=None))


def filled(folder: Path) -> Store:
    store = new_store(folder)
    with store.session(write=True) as session:
        ensure_workspace(session, "w")
        session.add(VectorRow(workspace_id="w", content_hash="h", model="m", dimension=1, vector=b"\x00\x01\xff\x7f"))
        found = a_harvest([a_document()], [a_deal(satisfaction=0.1)], [a_spend()], [a_persona()])
        save_harvest(session, "w", found, "u", {})
    return store


def contents(store: Store) -> tuple[Corpus, bytes, bytes]:
    with store.session() as session:
        corpus = load_corpus(session, "w", Settings(_env_file=None))
        return corpus, session.scalars(select(VectorRow.vector)).one(), session.get_one(Workspace, "w").salt


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_everything_comes_back(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    source = filled(tmp_path / "a")
    rows = write_backup(source, tmp_path / "b.zip")
    url = None if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    target = new_store(tmp_path / "c", url)
    assert read_backup(target, tmp_path / "b.zip") == rows
    assert contents(target) == contents(source)
    write_backup(target, tmp_path / "d.zip")
    tables = [zipfile.ZipFile(tmp_path / name).read("manifest.json") for name in ("b.zip", "d.zip")]
    assert tables[0] == tables[1], "the same rows, byte for byte"
    source.close()
    target.close()


def test_a_full_database_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    write_backup(store, tmp_path / "b.zip")
    with pytest.raises(Conflict, match="--replace"):
        read_backup(store, tmp_path / "b.zip")
    before = contents(store)
    read_backup(store, tmp_path / "b.zip", replace=True)
    assert contents(store) == before
    store.close()


def test_a_restored_backup_signs_nobody_in_and_revives_no_link(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    with store.session(write=True) as session:
        person = add_person(session, "anna@polka.ru", "Anna", "hash")
        open_session(session, person=person.id)
        make_ticket(session, "reset", who="open", person=person.id)
    write_backup(store, tmp_path / "b.zip")
    target = new_store(tmp_path / "c")
    with target.session(write=True) as session:
        make_ticket(session, "setup", who="command line")  # `serve` may have printed a link already: no data
    read_backup(target, tmp_path / "b.zip")
    with target.session() as session:
        assert find_person(session, "anna@polka.ru") is not None
        assert any_key(session), "the door stays closed"
        assert session.scalars(select(SessionRow.id)).all() == session.scalars(select(TicketRow.id)).all() == []
    store.close()
    target.close()


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    write_backup(store, tmp_path / "b.zip")
    before = contents(store)
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in whole.namelist():
            bad.writestr(name, whole.read(name).replace(b"phone", b"fone!"))
    for name in ("bad.zip", "none.zip"):
        with pytest.raises(BadInput):
            read_backup(store, tmp_path / name, replace=True)
    (tmp_path / "text.zip").write_text("not a zip")
    with pytest.raises(BadInput):
        read_backup(store, tmp_path / "text.zip", replace=True)
    assert contents(store) == before
    store.close()


def test_a_backup_of_another_database_version_says_so(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    write_backup(store, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        for name in whole.namelist():
            old.writestr(name, whole.read(name).replace(f'"revision": "{HEAD}"'.encode(), b'"revision": "0000"'))
    with pytest.raises(BadInput, match="0000"):
        read_backup(store, tmp_path / "old.zip", replace=True)
    store.close()
