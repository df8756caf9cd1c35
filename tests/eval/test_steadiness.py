"""Whether the same people land together again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from planted_shop import drawn, planted_shop
from talking_shop import word_vectors

from eval.segmenting.companies import Vectors
from eval.segmenting.product import segmented
from eval.segmenting.rows import Table
from eval.segmenting.steadiness import APART, between, everybody, reordered, resampled, seeded, shuffle_tables


def test_runs_are_compared_on_whom_both_know() -> None:
    assert between([{"a": "1", "b": "2", "c": "2"}, {"b": "x", "c": "x", "d": "y"}]) == [1.0]


@pytest.mark.slow
def test_resamples_seeds_and_another_order(capsys: pytest.CaptureFixture[str]) -> None:
    company, table = planted_shop(20), Table()
    known: Vectors = word_vectors
    runs = [segmented(company.corpus, known, seed) for seed in (0, 1)]
    assert APART in everybody(runs[0]).values()
    seeded(company, runs, table)
    resampled(company, known, runs[0], table, times=2)
    reordered(company, known, runs[0], table)
    means = {figure.figure: (figure.mean, figure.count) for figure in table.figures}
    assert means["records shuffled, ARI with the run above"] == (1.0, 1)
    assert means["80 % resamples, ARI between runs"][0] > 0.8
    assert means["80 % resamples, ARI between runs"][1] == 1
    assert means["seeds, ARI between runs"][0] > 0.8


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("cp1251", ";"), ("utf-16", "\t")]
)
def test_rows_of_a_table_change_places_and_stay_whole(tmp_path: Path, encoding: str, delimiter: str) -> None:
    place = tmp_path / "notes.csv"
    rows = [["номер", "слова"], *([str(number), f"первая\nвторая, {number}; да"] for number in range(20))]
    with place.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    before = place.read_bytes()
    assert shuffle_tables(tmp_path, drawn()) == 1
    with place.open(encoding=encoding, newline="") as file:
        head, *rest = csv.reader(file, delimiter=delimiter)
    assert head == rows[0]
    assert sorted(rest) == sorted(rows[1:])
    assert rest != rows[1:]
    assert place.read_bytes()[:2] == before[:2]


def test_rows_of_a_workbook_change_places(tmp_path: Path) -> None:
    book = Workbook()
    for row in [("id", "sum"), *((number, number * 10) for number in range(20))]:
        book.active.append(row)
    book.save(tmp_path / "deals.xlsx")
    shuffle_tables(tmp_path, drawn())
    head, *rest = load_workbook(tmp_path / "deals.xlsx").active.iter_rows(values_only=True)
    assert head == ("id", "sum")
    assert sorted(rest) == [(number, number * 10) for number in range(20)]
    assert [number for number, _ in rest] != list(range(20))
