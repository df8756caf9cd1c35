"""The command line, through its own door: files in, tables out, one sentence for an error."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from unclear_calls import MURMUR, write_call

from service.cli import main
from service.core.settings import Settings
from service.store.db import open_store
from service.store.keys import find_key

ROOT = Path(__file__).parents[2]
CALL = "Менеджер: Добрый день, слушаю вас.\nКлиент: Здравствуйте, мне нужно помещение для занятий по вечерам.\n"
PERSONA = "# Наш клиент\n\nЭто молодая семья. Чаще всего они покупают на год вперёд.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "calls/a.txt": CALL,
        "calls/=cmd.txt": CALL.replace("вечерам", "утрам"),
        "personas/sales.md": PERSONA,
        "calls/empty.txt": "",
        "blob.bin": "\x00\x01\x02",
    }
    for name, text in files.items():
        path = tmp_path / "company" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "company"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_folder_goes_in_and_the_receipt_says_what_it_was(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said, _ = run(capsys, "ingest", str(folder))
    assert status == 0
    assert "2 звонка" in said
    assert "1 портрет клиента" in said
    assert "calls/empty.txt" in said
    assert "blob.bin" in said


def test_the_same_folder_twice_changes_nothing(home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "ingest", str(folder))
    before = run(capsys, "export", "documents")[1]
    again = json.loads(run(capsys, "ingest", str(folder), "--json")[1])
    assert (again["documents"], again["unchanged"]) == ({}, 3)
    assert run(capsys, "export", "documents")[1] == before


def test_documents_are_exported_as_the_contract_says(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ingest", str(folder))
    said = run(capsys, "export", "documents")[1]
    assert said.splitlines()[0] == "document,customer,segment,status,probability"
    assert [row["document"] for row in table(said)] == ["calls/=cmd.txt", "calls/a.txt"]
    as_json = json.loads(run(capsys, "export", "documents", "--format", "json")[1])
    assert [row["customer"] for row in as_json] == [row["customer"] for row in table(said)]


def test_a_name_that_a_spreadsheet_would_run_is_text(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ingest", str(folder / "calls"))
    said = run(capsys, "export", "documents")[1]
    assert [row["document"] for row in table(said)] == ["'=cmd.txt", "a.txt"]


def test_workspaces_see_nothing_of_each_other(home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "ingest", str(folder), "--workspace", "one")
    assert len(table(run(capsys, "--workspace", "one", "export", "documents")[1])) == 2
    assert table(run(capsys, "export", "documents", "-w", "two")[1]) == []
    assert table(run(capsys, "export", "documents")[1]) == []


def test_output_goes_to_a_file(home: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "ingest", str(folder))
    target = tmp_path / "new" / "documents.csv"
    status, said, _ = run(capsys, "export", "documents", "-o", str(target))
    assert (status, said) == (0, "")
    assert len(table(target.read_text(encoding="utf-8"))) == 2


WRONG = {
    "missing path": (["ingest", "nowhere"], "nowhere"),
    "unknown table": (["export", "cats"], "documents"),
    "unknown format": (["export", "documents", "--format", "xml"], "csv"),
    "nothing to analyse": (["analyze"], "whobuys ingest"),
    "no run yet": (["export", "segments"], "whobuys analyze"),
    "no summary yet": (["summary"], "whobuys analyze"),
    "no brief yet": (["brief", "comparison"], "whobuys analyze"),
    "no claims yet": (["claims"], "whobuys analyze"),
    "bad workspace": (["analyze", "--workspace", "../x"], "../x"),
    "unknown role": (["key", "create", "--role", "king"], "owner"),
    "nobody to forget": (["forget", "+79990000000"], "No such customer"),
    "no backup": (["restore", "none.zip"], "none.zip"),
    "no cards": (["claims", "confirm", "none.json"], "none.json"),
    "unknown command": (["exportt"], "exportt"),
    "folder for a file": (["export", "documents", "-o", "."], "folder"),
}


@pytest.mark.parametrize(("words", "expected"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    home: Path, words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said, complaint = run(capsys, *words)
    assert (status, said) == (2, "")
    assert expected in complaint
    assert "Traceback" not in complaint


def test_errors_are_said_in_the_language_of_the_company(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ingest", str(folder))
    assert "ещё ничего не проанализировано" in run(capsys, "summary")[2]


def test_a_backup_put_back_holds_the_same_documents(
    home: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ingest", str(folder))
    before = run(capsys, "export", "documents")[1]
    assert run(capsys, "backup", str(tmp_path / "b.zip"))[0] == 0
    assert run(capsys, "restore", str(tmp_path / "b.zip"))[0] == 2, "the database is not empty"
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "elsewhere"))
    assert run(capsys, "restore", str(tmp_path / "b.zip"))[0] == 0
    assert run(capsys, "export", "documents")[1] == before


def test_a_forgotten_customer_is_gone_and_stays_away(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ingest", str(folder))
    done = json.loads(run(capsys, "forget", "calls/a.txt", "--json")[1])
    assert (done["documents"], done["left"]) == (1, [])
    again = json.loads(run(capsys, "ingest", str(folder), "--json")[1])
    assert again["changes"]["forgotten"] == 1
    assert [row["document"] for row in table(run(capsys, "export", "documents")[1])] == ["calls/=cmd.txt"]


def test_a_key_is_printed_once_and_kept_as_a_hash(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(run(capsys, "key", "create", "--role", "owner", "-w", "acme", "--json")[1])
    store = open_store(Settings(home=home, _env_file=None))
    with store.session() as session:
        row = find_key(session, made["key"])
        assert row is not None
        assert (row.workspace_id, row.role) == ("acme", "owner")
    store.close()
    assert made["key"].encode() not in b"".join(path.read_bytes() for path in home.glob("whobuys.db*"))


def test_without_a_language_model_the_estimate_is_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = json.loads(run(capsys, "estimate", "--json")[1])
    assert {key: said[key] for key in ("model", "calls", "cost")} == {"model": None, "calls": 0, "cost": 0}


HEAVY = "torch sentence_transformers umap hdbscan chromadb dbos sklearn numpy pymorphy3 fastapi sqlalchemy pydantic"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from service.cli import main; status = main(['--help']); "
        f"sys.exit(status or ' '.join(n for n in '{HEAVY}'.split() if n in sys.modules) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("ingest", "analyze", "export", "brief", "claims", "forget", "serve", "worker"):
        assert command in done.stdout


def test_who_speaks_is_set_from_the_command_line_and_taken_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_call(tmp_path / "company" / "calls" / "call.json")
    run(capsys, "ingest", str(tmp_path / "company"))
    _, listed, _ = run(capsys, "speakers")
    assert "calls/call.json" in listed and "SPEAKER_01" in listed and MURMUR[1][1] in listed
    assert run(capsys, "speakers", "set", "call.json", "SPEAKER_00=agent")[0] == 0
    lines = json.loads(run(capsys, "speakers", "show", "call.json", "--json")[1])["lines"]
    assert [(line["speaker"], line["confidence"]) for line in lines] == [("agent", 1), ("customer", 1), ("agent", 1)]
    assert json.loads(run(capsys, "speakers", "--json")[1])["waiting"] == []
    assert "calls/call.json" in run(capsys, "speakers")[1]
    assert run(capsys, "speakers", "undo", "call.json")[0] == 0
    assert len(json.loads(run(capsys, "speakers", "--json")[1])["waiting"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("set", "call.json", "SPEAKER_00"), id="no-role"),
        pytest.param(("set", "call.json", "SPEAKER_05=agent"), id="no-such-voice"),
        pytest.param(("set", "other.json", "SPEAKER_00=agent"), id="no-such-call"),
        pytest.param(("undo", "call.json"), id="nothing-to-take-back"),
    ],
)
def test_a_wrong_word_about_speakers_is_one_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    write_call(tmp_path / "company" / "calls" / "call.json")
    run(capsys, "ingest", str(tmp_path / "company"))
    status, _, error = run(capsys, "speakers", *words)
    assert (status, error.count("\n")) == (2, 1)
