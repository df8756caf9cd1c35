"""Money by segment, channel and campaign: the few figures an owner compares, all figures of one group, oddities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.core.errors import NotFound
from service.core.numbers import Formatter
from service.economics.measures_catalogue import CATALOGUE, counted, entry_of, explain, group_name, label
from service.economics.model import Level, Measure, MeasureBook
from service.economics.oddities import named_oddities
from service.economics.shrinkage import is_few, shrunk
from service.web.charts import Range, axis_end, measured_range
from service.web.i18n import Words
from service.web.pages.figures import Figure, figure
from service.web.results import Results

LEVELS: Final[tuple[Level, ...]] = ("segment", "channel", "campaign")
COMPARED: Final = ("won", "spend", "cac", "ltv", "ltv_cac", "revenue")
"""Columns of the tables beside customers and conversion."""
HEADLINE: Final = (
    "customers", "won", "conversion", "average_check", "revenue", "ltv", "ltv_expected", "spend", "cac", "cac_paid",
    "days_to_close", "satisfaction",
)  # fmt: skip
SAID: Final = ("topic:", "facet:")


@dataclass(frozen=True)
class GroupRow:
    """A group in a table of its level."""

    name: str
    shown: str
    customers: str
    conversion: Figure
    chart: Range | None
    figures: tuple[tuple[str, Figure], ...]
    few: bool
    outsiders: str


@dataclass(frozen=True)
class LevelTable:
    """All groups of a level."""

    level: str
    rows: tuple[GroupRow, ...]
    axis: str


@dataclass(frozen=True)
class MeasureRow:
    """One measure in full: how it is counted, and what a small group's value becomes beside the company's."""

    label: str
    explain: str
    figure: Figure
    base: str
    shrunk: str


@dataclass(frozen=True)
class TileView:
    """One of the company's figures."""

    label: str
    figure: Figure
    floor: bool
    """A lower bound: some buyers still pay."""


@dataclass(frozen=True)
class EconomicsPage:
    """The company, its groups by level, and what its files leave unclear."""

    finding: str
    tiles: tuple[TileView, ...]
    tables: tuple[LevelTable, ...]
    odd: tuple[MeasureRow, ...]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GroupPage:
    """Everything measured of one group, what its customers say apart."""

    level: str
    shown: str
    figures: tuple[MeasureRow, ...]
    said: tuple[MeasureRow, ...]


def economics_page(results: Results, words: Words, formatter: Formatter) -> EconomicsPage:
    """The page of all groups."""
    writer = _Writer(results, words, formatter)
    book = writer.book
    tables = tuple(writer.table(level) for level in LEVELS if book.names(level))
    return EconomicsPage(
        finding=writer.finding(),
        tiles=tuple(writer.tile(m) for m in HEADLINE if book.value("all", "all", m) is not None),
        tables=tables,
        odd=tuple(writer.measure(row) for m in named_oddities(book) if (row := book.get("all", "all", m))),
        columns=tuple((m, label(m, words.language)) for m in COMPARED if writer.known(m)),
    )


def group_page(results: Results, level: Level, name: str, words: Words, formatter: Formatter) -> GroupPage:
    """The page of one group. NotFound for a group this run does not have."""
    writer = _Writer(results, words, formatter)
    rows = [row for row in writer.book if (row.level, row.name) == (level, name) and row.value is not None]
    if not rows:
        raise NotFound(f"There is no {level} {name!r}.", ru=f"Такой группы нет: {name!r}.")
    order = {entry.name: i for i, entry in enumerate(CATALOGUE)}
    rows.sort(key=lambda row: (order[entry_of(row.measure).name], -(row.value or 0.0), row.measure))
    said = [row for row in rows if row.measure.startswith(SAID) and row.value]
    return GroupPage(
        level=level,
        shown=writer.name(level, name),
        figures=tuple(writer.measure(row) for row in rows if not row.measure.startswith(SAID)),
        said=tuple(writer.measure(row) for row in sorted(said, key=lambda row: (-(row.value or 0.0), row.measure))),
    )


class _Writer:
    def __init__(self, results: Results, words: Words, formatter: Formatter) -> None:
        self.results, self.words, self.formatter = results, words, formatter
        self.book: MeasureBook = results.inputs.measures

    def name(self, level: str, name: str) -> str:
        """A group's name for people."""
        if level == "all":
            return self.words("economics.company")
        if level == "segment":
            segment = self.results.inputs.segment_by_id.get(name)
            return segment.name if segment else name
        return group_name(name, self.words.language)

    def known(self, measure: str) -> bool:
        """Whether any group has it."""
        return any(row.measure == measure and row.value is not None for row in self.book if row.level != "all")

    def finding(self) -> str:
        """The paid channels whose customers cost least and most, where the data tell the two apart."""
        rows = [self.book.get("channel", name, "cac") for name in self.book.names("channel")]
        costs = [row for row in rows if row and row.value and not is_few(row)]
        if len(costs) < 2:
            return self.words("economics.finding.plain")
        cheap, dear = min(costs, key=_cost), max(costs, key=_cost)
        apart = cheap.high is not None and dear.low is not None and cheap.high < dear.low
        return self.words(
            "economics.finding.cost" if apart else "economics.finding.alike",
            cheap=self.formatter.quote(self.name("channel", cheap.name)),
            low=self.formatter.money(cheap.value or 0.0),
            dear=self.formatter.quote(self.name("channel", dear.name)),
            high=self.formatter.money(dear.value or 0.0),
        )

    def tile(self, measure: str) -> TileView:
        """A figure of the company."""
        row = self.book.get("all", "all", measure)
        open_ = bool(self.book.value("all", "all", "still_paying_share"))
        shown = figure(row, self.words, self.formatter)
        return TileView(label(measure, self.words.language), shown, measure == "ltv" and open_)

    def table(self, level: Level) -> LevelTable:
        """The groups of a level, biggest spend and size first."""
        names = self.book.names(level)
        rows = [self.book.get(level, name, "conversion") for name in names]
        end = axis_end([row.high for row in rows if row and row.n >= 5])
        return LevelTable(level, tuple(self._group(level, name, end) for name in names), self.formatter.percent(end))

    def _group(self, level: Level, name: str, end: float) -> GroupRow:
        conversion = self.book.get(level, name, "conversion")
        outsiders = self.book.get(level, name, "not_a_customer_share")
        return GroupRow(
            name=name,
            shown=self.name(level, name),
            customers=self.formatter.count(self.book.value(level, name, "customers") or 0),
            conversion=figure(conversion, self.words, self.formatter),
            chart=measured_range(conversion, end, self.book.value("all", "all", "conversion")),
            figures=tuple((m, self._figure(level, name, m)) for m in COMPARED if self.known(m)),
            few=bool(conversion and is_few(conversion)),
            outsiders=self.formatter.percent(outsiders.value) if outsiders and outsiders.value else "",
        )

    def _figure(self, level: Level, name: str, measure: str) -> Figure:
        return figure(self.book.get(level, name, measure), self.words, self.formatter)

    def measure(self, row: Measure) -> MeasureRow:
        """One measure in full."""
        language = self.words.language
        moved = shrunk(row, self.book) if is_few(row) else None
        return MeasureRow(
            label=label(row.measure, language),
            explain=explain(row.measure, language),
            figure=self._written(row),
            base=f"{counted(row.measure, language)}: {self.formatter.count(row.n)}" if row.n else "",
            shrunk=self.formatter.value(moved, row.unit) if moved is not None else "",
        )

    def _written(self, row: Measure) -> Figure:
        code = row.measure.partition(":")[2] if row.measure.startswith(("revenue:", "spend:")) else ""
        return figure(row, self.words, Formatter(self.words.language, code) if code else self.formatter)


def _cost(row: Measure) -> tuple[float, str]:
    return row.value or 0.0, row.name
