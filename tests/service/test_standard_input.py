"""`whobuys ingest -`: what is piped in is read like a file, and goes when it has been read."""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from service.cli import main

CALL = "Менеджер: Добрый день, слушаю вас.\nКлиент: Здравствуйте, мне нужен торт на юбилей к субботе.\n"


class Piped(io.TextIOWrapper):
    """Standard input that a program feeds."""

    def isatty(self) -> bool:
        return False


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def piped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: bytes, *words: str) -> str:
    monkeypatch.setattr(sys, "stdin", Piped(io.BytesIO(data)))
    status = main(["ingest", "-", *words, "--json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def documents(capsys: pytest.CaptureFixture[str]) -> list[str]:
    main(["export", "documents"])
    return [row["document"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]


def zipped(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        for name, text in files.items():
            box.writestr(name, text)
    return held.getvalue()


def test_one_file_is_read_under_the_name_given(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped(monkeypatch, capsys, CALL.encode(), "--name", "calls/20260203_1405_+79123456789.txt")
    assert documents(capsys) == ["calls/20260203_1405_+79123456789.txt"]
    assert not [path for path in home.iterdir() if path.name.startswith("whobuys-")]


def test_an_archive_is_read_as_its_folder(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    piped(monkeypatch, capsys, zipped({"calls/a.txt": CALL, "calls/b.txt": CALL.replace("субботе", "среде")}))
    assert documents(capsys) == ["calls/a.txt", "calls/b.txt"]


def test_the_same_input_twice_changes_nothing_and_another_replaces_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped(monkeypatch, capsys, CALL.encode())
    assert json.loads(piped(monkeypatch, capsys, CALL.encode()))["unchanged"] == 1
    piped(monkeypatch, capsys, CALL.replace("субботе", "среде").encode())
    assert len(documents(capsys)) == 2


def test_the_kind_can_be_given(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = json.loads(piped(monkeypatch, capsys, "Хочет торт на юбилей.".encode(), "--as", "note"))
    assert receipt["documents"] == {"note": 1}


@pytest.mark.parametrize(
    "words", [["ingest", "-"], ["ingest", "x", "--name", "y"]], ids=["nothing-piped", "a-name-for-a-file"]
)
def test_mistakes_are_one_sentence(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(io.BytesIO(b"")))
    assert main(words) != 0
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
