"""The table of measurements and the file of baselines."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from planted_shop import planted_shop

from eval.segmenting.cost import Cost
from eval.segmenting.rows import Table
from eval.segmenting.scoring import Apart, compared

GOOD = compared(["a", "b"], ["1", "2"])
POOR = compared(["a", "b"], ["1", "1"])


def lines(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_later_measurement_of_the_same_replaces_the_earlier(tmp_path: Path) -> None:
    place = tmp_path / "baselines" / "segments.csv"
    for result, labels in ((POOR, ("two views", "three views")), (GOOD, ("three views",))):
        for label in labels:
            table = Table(as_json=True, label=label)
            table.add(planted_shop(), "whobuys", 0, result, Cost(1.5, 20))
            table.finish(place)
    assert [(row["label"], row["ari"]) for row in lines(place)] == [("three views", "1.0"), ("two views", "0.0")]


def test_figures_stand_in_a_file_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    table.figure(planted_shop(), "80 % resamples, ARI between runs", [0.8, 1.0])
    table.finish(tmp_path / "segments.csv")
    assert not (tmp_path / "segments.csv").exists()
    (row,) = lines(tmp_path / "segments_figures.csv")
    assert (row["mean"], row["least"], row["most"], row["count"]) == ("0.9", "0.8", "1.0", "2")
    assert "0.900 (0.800–1.000, n 2)" in capsys.readouterr().out


def test_json_is_the_only_output_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(as_json=True)
    table.head(planted_shop(), "a word for people")
    table.add(planted_shop(), "whobuys", 0, GOOD, Cost(), Apart(3, 4, 0, 36))
    table.finish(None)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"][0]["noise_apart"], told["rows"][0]["ari"], told["figures"]) == (3, 1.0, [])
