"""`whobuys map` and the tables beside it, through the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from company import company, finished_run

from service.cli import main
from service.core.settings import Settings
from service.store.db import open_store


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the Russian school analysed."""
    settings = Settings(home=tmp_path / "home")
    store = open_store(settings)
    finished_run(store, settings, company("ru"))
    store.close()
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(("name", "start"), [("map.svg", "<svg"), ("map.html", "<!doctype html>")])
def test_the_format_goes_by_the_files_name(school: Path, name: str, start: str) -> None:
    assert main(["map", "-o", str(school / name)]) == 0
    assert (school / name).read_text(encoding="utf-8").startswith(start)


def test_the_picture_alone_is_whole(school: Path) -> None:
    assert main(["map", "--lang", "en", "-o", str(school / "map.svg")]) == 0
    picture = ElementTree.parse(school / "map.svg").getroot()
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert {"style", "circle", "text", "title"} <= tags


def test_an_unknown_format_is_one_sentence(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "--format", "bmp"]) == 2
    assert "svg, html" in capsys.readouterr().err


def test_before_any_analysis_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    assert main(["map"]) == 2
    assert "analyze" in capsys.readouterr().err


def test_those_outside_are_a_table(school: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "outside"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert {row["level"] for row in rows} >= {"source"}
    assert all(0 <= float(row["unassigned"]) <= 1 for row in rows)
