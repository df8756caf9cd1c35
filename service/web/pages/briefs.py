"""Briefs on pages: the shelf of all of them, and one brief with the sources of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.briefs.model import KINDS, Block, Brief, Chart, Heading, Sentence
from service.briefs.render.evidence import Evidence, evidence
from service.briefs.versions.model import Version
from service.segments.model import Segment
from service.web.charts import Range, axis_end, dot_range

DOCUMENTS = ("pdf", "docx", "md")
"""Formats offered beside each brief."""


@dataclass(frozen=True)
class ShelfLine:
    """A brief on the shelf."""

    kind: str
    segment: str | None
    name: str
    title: str
    version: int = 0
    """0 for a brief from before there were versions."""
    status: str = ""


@dataclass(frozen=True)
class ShelfGroup:
    """Briefs of one kind."""

    kind: str
    lines: tuple[ShelfLine, ...]


@dataclass(frozen=True)
class ShelfView:
    """The page of all briefs."""

    groups: tuple[ShelfGroup, ...]
    count: int
    formats: tuple[str, ...]
    address: str
    example: str
    """A segment that exists, for the example call."""


@dataclass(frozen=True)
class ChartLine:
    """A row of a brief's chart."""

    label: str
    text: str
    fact: str
    drawing: Range | None


@dataclass(frozen=True)
class BriefView:
    """One brief. `charts` are the drawings of its chart blocks by their position."""

    brief: Brief
    headline: Sentence
    blocks: tuple[Block, ...]
    charts: dict[int, tuple[ChartLine, ...]]
    evidence: Evidence
    """Where every figure and quotation comes from."""


def shelf_view(
    briefs: Sequence[Brief], segments: Sequence[Segment], address: str, newest: Mapping[str, Version] | None = None
) -> ShelfView:
    """Briefs by kind, those about segments with most money first; `address` is ours, for the example.

    `newest` is the newest version by the brief's id.
    """
    order = {segment.id: place for place, segment in enumerate(segments)}
    groups = []
    for kind in KINDS:
        lines = [_shelf_line(b, (newest or {}).get(b.id)) for b in briefs if b.kind == kind]
        lines.sort(key=lambda line: order.get(line.segment or "", len(order)))
        if lines:
            groups.append(ShelfGroup(kind, tuple(lines)))
    example = segments[0].id if segments else ""
    return ShelfView(tuple(groups), len(briefs), DOCUMENTS, address, example)


def _shelf_line(brief: Brief, version: Version | None) -> ShelfLine:
    number, status = (version.number, version.status) if version else (0, "")
    return ShelfLine(brief.kind, brief.segment, brief.segment_name, brief.title, number, status)


def brief_view(brief: Brief) -> BriefView:
    """A brief as a page shows it."""
    charts = {i: _drawn(b) for i, b in enumerate(brief.blocks) if isinstance(b, Chart)}
    return BriefView(brief, brief.headline, brief.blocks, charts, evidence(brief))


def sections(brief: Brief) -> list[tuple[str, tuple[Block, ...]]]:
    """(heading, blocks) of every section; the first has no heading."""
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in brief.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            found.append((block.text, []))
        else:
            found[-1][1].append(block)
    return [(title, tuple(blocks)) for title, blocks in found]


def _drawn(chart: Chart) -> tuple[ChartLine, ...]:
    end = axis_end(v for row in chart.rows for v in (row.value, row.high))
    if chart.unit != "share":
        end = max((row.high or row.value for row in chart.rows), default=1.0) or 1.0
    return tuple(
        ChartLine(row.label, row.text, row.fact, dot_range(row.value, row.low, row.high, row.n, end))
        for row in chart.rows
    )
