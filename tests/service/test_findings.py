"""What was found, by the command line and in tables for other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from company import company, finished_run

from service.cli import main
from service.core.settings import Settings
from service.export import COLUMNS, export_table
from service.store.db import open_store


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Russian school with a finished run; nothing here writes to it."""
    home = tmp_path_factory.mktemp("findings")
    settings = Settings(home=home)
    store = open_store(settings)
    finished_run(store, settings, company("ru"))
    store.close()
    return home


@pytest.fixture
def home(analysed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOBUYS_HOME", str(analysed))
    monkeypatch.setenv("WHOBUYS_LANGUAGE", "ru")
    return analysed


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def rows(home: Path, table: str) -> list[dict[str, str]]:
    settings = Settings(home=home)
    store = open_store(settings)
    try:
        return list(csv.DictReader(io.StringIO(export_table(store, settings, "default", table, "csv"))))
    finally:
        store.close()


def test_the_portrait_names_every_segment_with_its_tier(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said, _ = run(capsys, "portrait")
    personas = json.loads(run(capsys, "portrait", "--json")[1])
    assert status == 0
    assert personas
    assert all(f"# {one['name']} ({one['segment']})" in said for one in personas)


def test_one_segment_alone_and_an_unknown_one(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(run(capsys, "portrait", "--json")[1])[0]["segment"]
    assert [one["segment"] for one in json.loads(run(capsys, "portrait", "--segment", first, "--json")[1])] == [first]
    status, _, error = run(capsys, "portrait", "--segment", "nobody")
    assert status != 0
    assert "nobody" in error


def test_the_comparison_tells_pairs_and_divergences(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said, _ = run(capsys, "comparison")
    as_json = json.loads(run(capsys, "comparison", "--json")[1])
    assert status == 0
    assert "Кого видят вместе" in said
    assert {"blind_spots", "overlaps", "coverage", "divergences", "agreements"} == set(as_json)


@pytest.mark.parametrize("words", [(), ("channel",), ("segment",)], ids=["company", "channels", "segments"])
def test_measures_of_the_company_and_names_of_its_groups(
    home: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, said, _ = run(capsys, "measures", *words)
    assert status == 0
    assert said.strip()


def test_measures_of_an_unknown_group_say_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, error = run(capsys, "measures", "channel", "nobody")
    assert status != 0
    assert "nobody" in error


def test_the_table_of_measures_holds_the_table_of_the_contract(home: Path) -> None:
    keys = ("level", "name", "measure", "value", "low", "high", "n", "unit")
    plain, full = rows(home, "economics"), rows(home, "measures")
    assert [tuple(row[key] for key in keys) for row in full] == [tuple(row[key] for key in keys) for row in plain]
    assert COLUMNS["economics"] == keys


def test_every_claim_stands_in_the_table_of_axes(home: Path) -> None:
    claims, axes = rows(home, "claims"), rows(home, "axes")
    assert [row["claim"] for row in axes] == [row["claim"] for row in claims]
    assert [row["verdict"] for row in axes] == [row["verdict"] for row in claims]


def test_tiers_overlap_and_divergences_speak_of_known_segments(home: Path) -> None:
    known = {row["segment"] for row in rows(home, "segments")}
    assert {row["segment"] for row in rows(home, "tiers")} <= known
    assert {row["segment"] for row in rows(home, "overlap")} <= known
    money = [float(row["money"]) for row in rows(home, "divergences") if row["money"]]
    assert money == sorted(money, reverse=True)
