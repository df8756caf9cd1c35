"""One line a method and company: printed as a table, as JSON, or kept in a CSV file of baselines."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from eval.segmenting.companies import Company
from eval.segmenting.cost import Cost
from eval.segmenting.scoring import Apart, Score

KEYS = frozenset({"case", "variant", "method", "label", "seed", "figure"})
"""What a row is about; a later measurement of the same replaces the earlier one in a file of baselines."""


@dataclass(frozen=True)
class Row:
    """A measured line. Shares are 0..1; `label` is the experimenter's word for what was changed in the product."""

    case: str
    variant: str
    method: str
    label: str
    seed: int
    scored: int
    ari: float
    ami: float
    nmi: float
    accuracy: float
    found: int
    true: int
    covered: float
    seconds: float
    megabytes: float
    noise_apart: int | None = None
    noise: int | None = None
    real_apart: int | None = None
    real: int | None = None


@dataclass(frozen=True)
class Figure:
    """One more measured value of a company: the mean, least and most of `count` measurements."""

    case: str
    variant: str
    figure: str
    label: str
    mean: float
    least: float
    most: float
    count: int


class Table:
    """Prints rows as they come and keeps them; silent until the end where JSON is asked for."""

    def __init__(self, *, as_json: bool = False, label: str = "") -> None:
        self.rows: list[Row] = []
        self.figures: list[Figure] = []
        self._as_json = as_json
        self._label = label

    def say(self, text: str) -> None:
        """A line for a person."""
        if not self._as_json:
            print(text, flush=True)

    def head(self, company: Company, about: str) -> None:
        """The company, and the names of the columns."""
        name = f"{company.name}, {company.variant}" if company.variant else company.name
        self.say(f"\n{name}: {about}" + (f"\n  {company.note}" if company.note else ""))
        self.say(
            f"  {'method':50} {'ARI':>6} {'AMI':>6} {'NMI':>6} {'ACC':>6} {'found':>7} {'cover':>6} {'s':>7} {'MB':>6}"
            "  apart: noise, real"
        )

    def add(
        self, company: Company, method: str, seed: int, score: Score, cost: Cost, apart: Apart | None = None
    ) -> None:
        """Keep and print a line."""
        row = Row(
            case=company.name,
            variant=company.variant,
            method=method,
            label=self._label,
            seed=seed,
            scored=score.scored,
            ari=round(score.ari, 4),
            ami=round(score.ami, 4),
            nmi=round(score.nmi, 4),
            accuracy=round(score.accuracy, 4),
            found=score.found,
            true=score.true,
            covered=round(score.covered, 4),
            seconds=round(cost.seconds, 2),
            megabytes=round(cost.megabytes),
        )
        if apart is not None:
            row = replace(row, noise_apart=apart.noise, noise=apart.of_noise, real_apart=apart.real, real=apart.of_real)
        self.rows.append(row)
        self.say(_line(row))

    def figure(self, company: Company, name: str, values: Sequence[float]) -> None:
        """Keep and print the mean of values, with their range."""
        mean, least, most = round(sum(values) / len(values), 4), round(min(values), 4), round(max(values), 4)
        self.figures.append(Figure(company.name, company.variant, name, self._label, mean, least, most, len(values)))
        self.say(f"  {name}: {mean:.3f}" + (f" ({least:.3f}–{most:.3f}, n {len(values)})" if len(values) > 1 else ""))

    def finish(self, place: Path | None) -> None:
        """Print JSON where asked for; put the rows into the file of baselines `place`."""
        if self._as_json:
            told = {"rows": [asdict(row) for row in self.rows], "figures": [asdict(value) for value in self.figures]}
            print(json.dumps(told, ensure_ascii=False, indent=1))
        if place is not None:
            keep(self.rows, Row, place)
            keep(self.figures, Figure, place.with_name(f"{place.stem}_figures.csv"))


def _line(row: Row) -> str:
    name = f"{row.method}, seed {row.seed}" if row.seed else row.method
    line = (
        f"  {name:50} {row.ari:6.3f} {row.ami:6.3f} {row.nmi:6.3f} {row.accuracy:6.3f}"
        f" {row.found:>3}/{row.true:<3} {row.covered:6.2f} {row.seconds:7.1f} {row.megabytes:6.0f}"
    )
    if row.noise is not None:
        line += f"  {row.noise_apart}/{row.noise}, {row.real_apart}/{row.real}"
    return line


def keep(rows: Sequence[Row] | Sequence[Figure], shape: type[Row] | type[Figure], place: Path) -> None:
    """Add rows to a CSV file; a row about the same replaces the one there. Sorted, so that a change reads well."""
    if not rows:
        return
    names = [field.name for field in fields(shape)]
    key = [name for name in names if name in KEYS]
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    if place.exists():
        with place.open(encoding="utf-8", newline="") as file:
            kept = {tuple(row[name] for name in key): row for row in csv.DictReader(file)}
    for row in rows:
        written = {name: "" if value is None else str(value) for name, value in asdict(row).items()}
        kept[tuple(written[name] for name in key)] = written
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept[key] for key in sorted(kept))
