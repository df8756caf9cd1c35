"""`whobuys uploads`, `hook` and `runs` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli import main
from service.core.settings import Settings
from service.store.db import open_store
from service.store.runs import open_run

Run = Callable[..., tuple[int, str, str]]
NOTES = "Note ID,Activity date,Phone,Note body\n1,2026-02-03,+7 916 555-01-23,Ищет курс к экзамену\n"


@pytest.fixture
def whobuys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: (exit status, output, errors)."""
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))

    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_an_upload_is_taken_back_by_its_id(whobuys: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(NOTES, encoding="utf-8")
    upload = json.loads(whobuys("ingest", str(tmp_path / "notes.csv"), "--json")[1])["id"]
    assert upload in whobuys("uploads")[1]
    status, said, _ = whobuys("uploads", "undo", upload)
    assert (status, "1 разговор" in said) == (0, True)
    assert "отменена" in whobuys("uploads")[1]
    status, _, refused = whobuys("uploads", "undo", upload)
    assert (status, "уже отменена" in refused) == (2, True)
    assert json.loads(whobuys("uploads", upload, "--json")[1])["undone_at"]


@pytest.mark.parametrize("words", [("undo",), ("undo", "a", "b"), ("a", "b"), ("u-nowhere",)])
def test_uploads_without_a_clear_meaning_is_a_sentence(whobuys: Run, words: tuple[str, ...]) -> None:
    status, _, said = whobuys("uploads", *words)
    assert status == 2
    assert said.strip()


def test_a_door_is_made_listed_and_closed(whobuys: Run) -> None:
    assert "hook create" in whobuys("hook")[1]
    made = json.loads(whobuys("hook", "create", "generic", "--label", "shop", "--json")[1])
    assert made["path"].startswith("/api/v1/hooks/generic/wh_")
    assert made["secret"]
    listed = whobuys("hook")[1]
    assert "shop" in listed
    assert made["path"] not in listed
    assert whobuys("hook", "revoke", made["hook"]["id"])[0] == 0
    assert json.loads(whobuys("hook", "--json")[1])[0]["revoked_at"]
    assert whobuys("hook", "create", "pipedrive")[0] == 2
    assert whobuys("hook", "revoke", "h-nowhere")[0] == 2


def test_a_run_under_way_is_listed_and_stopped(whobuys: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(NOTES, encoding="utf-8")
    whobuys("ingest", str(tmp_path / "notes.csv"))
    assert "ещё не было" in whobuys("runs")[1]
    assert whobuys("runs", "cancel")[0] == 2
    store = open_store(Settings(home=tmp_path / "home", _env_file=None))
    with store.session(write=True) as session:
        run = open_run(session, "default", "hash", {}, force=False).id
    store.close()
    assert run in whobuys("runs")[1]
    assert whobuys("runs", "cancel")[0] == 0
    assert "остановлен" in whobuys("runs")[1]
    assert json.loads(whobuys("runs", "--json")[1])[0]["status"] == "cancelled"
