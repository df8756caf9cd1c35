"""The last analysis on one screen: segments with their money, three personas held against the data, the briefs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk
from service.commands.model import bill_line

if TYPE_CHECKING:
    from rich.table import Table

    from service.comparison.model import Comparison
    from service.economics.model import Measure, MeasureBook
    from service.llm.model import Bill
    from service.portrait.model import Portrait
    from service.segments.model import Segmentation
    from service.store.runs import Run

SHOWN = ("conversion", "ltv", "cac")


@dataclass(frozen=True)
class Results:
    """What the screen is made of."""

    run: Run
    segmentation: Segmentation
    measures: MeasureBook
    comparison: Comparison
    portrait: Portrait
    briefs: tuple[tuple[str, str | None], ...]
    """(kind, segment) in the language of the data."""
    stale: bool
    """Data came or went since the run."""
    bill: Bill | None
    """What a language model was asked, where one was."""


def summary(workspace: str | None, as_json: bool) -> None:
    """Print it, or give it as JSON."""
    with desk(workspace, as_json) as at:
        results = _load(at)
        if at.as_json:
            at.answer(_as_json(results))
            return
        screen = at.screen()
        screen.rule(at.words("summary.title"))
        screen.print(at.words("summary.counts", number=results.run.number, **_counts(results.run)))
        if results.stale:
            screen.print(at.words("summary.stale"), style="yellow")
        if results.segmentation.small:
            screen.print(at.words("summary.small"), style="yellow")
        screen.print(_segments(at, results))
        screen.print(_personas(at, results))
        for line in _briefs(at, results):
            screen.print(line, markup=False)
        if results.bill is not None:
            screen.print(bill_line(at, results.bill), markup=False)


def _load(at: Desk) -> Results:
    from service.briefs.repository import load_briefs
    from service.comparison.repository import load_comparison
    from service.economics.repository import load_measures
    from service.flow import is_stale
    from service.llm.repository import bill_of
    from service.portrait.repository import load_portrait
    from service.segments.repository import load_segmentation
    from service.store.runs import latest_done

    with at.store.session() as session:
        run = latest_done(session, at.workspace)
        place = (session, at.workspace, run.id)
        briefs = [brief for brief in load_briefs(*place) if brief.language == at.language]
        return Results(
            run,
            load_segmentation(*place),
            load_measures(*place),
            load_comparison(*place),
            load_portrait(*place),
            tuple((brief.kind, brief.segment) for brief in briefs),
            is_stale(at.store, at.settings, run),
            bill_of(*place, currency=at.settings.llm_currency),
        )


def _counts(run: Run) -> dict[str, Any]:
    return {name: run.manifest.get(name, "?") for name in ("documents", "customers", "deals")}


def _segments(at: Desk, results: Results) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)  # two lines a row, so that 80 columns hold it
    table.add_column(
        f"{at.words('summary.segment')}\n{at.words('summary.tier').lower()}", min_width=16, overflow="fold"
    )
    for key in ("size", *SHOWN):
        table.add_column(at.words(f"summary.{key}"), justify="right", no_wrap=True)
    tiers = {placed.segment: placed.tier.value for placed in results.portrait.placed}
    book, write = results.measures, at.formatter()
    for segment in results.segmentation.segments:
        if segment.kind == "segment":
            tier = f"\n{at.words(f'tier.{tiers[segment.id]}')}" if segment.id in tiers else ""
            figures = [_figure(at, book, book.get("segment", segment.id, key)) for key in SHOWN]
            table.add_row(Text(segment.name) + Text(tier, style="dim"), write.count(segment.size), *figures)
    table.add_row(at.words("summary.unassigned"), write.count(results.segmentation.unassigned), *[""] * len(SHOWN))
    outside = write.count(results.segmentation.not_a_customer)
    table.add_row(at.words("summary.not_a_customer"), outside, *[""] * len(SHOWN))
    everybody = [_figure(at, book, book.get("all", "all", key)) for key in SHOWN]
    table.add_row(at.words("summary.all"), write.count(results.segmentation.customers), *everybody, style="bold")
    return table


def _figure(at: Desk, book: MeasureBook, measure: Measure | None) -> str:
    """The figure of the pages, its interval below, on two lines where its language writes one with blanks."""
    from service.web.i18n import Words
    from service.web.pages.figures import figure

    write = at.formatter(book.currency)
    shown = figure(measure, Words(write), write)
    return "\n".join((shown.value, *shown.spread.split(" "))).rstrip()


def _personas(at: Desk, results: Results) -> Table:
    from rich.table import Table

    verdicts = ("supported", "partly", "contradicted", "no_evidence")
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(at.words("summary.persona"))
    for verdict in verdicts:
        table.add_column(at.words(f"summary.{verdict}"), justify="right")
    table.add_column(at.words("summary.sees"), justify="right")
    write = at.formatter()
    for covered in results.comparison.coverage:
        counts = [write.count(n) for n in (covered.right, covered.partly, covered.wrong, covered.unknown)]
        sees = write.unknown if covered.revenue is None else write.percent(covered.revenue)
        table.add_row(at.words(f"stakeholder.{covered.stakeholder.value}"), *counts, sees)
    for stakeholder in results.comparison.missing:
        table.add_row(at.words(f"stakeholder.{stakeholder.value}"), at.words("summary.no_persona"))
    return table


def _briefs(at: Desk, results: Results) -> list[str]:
    lines = [f"{at.words('summary.briefs')}:"]
    segments: dict[str, list[str]] = {}
    for kind, segment in results.briefs:
        segments.setdefault(kind, []).extend([segment] if segment else [])
    for kind, of in segments.items():
        option = f" --segment {'|'.join(of)}" if of else ""
        lines.append(f"  {at.words(f'brief.{kind}')} — {at.words('summary.read', kind=kind, segment=option)}")
    url = f"http://{at.settings.host}:{at.settings.port}"
    return [*lines, at.words("summary.pages", url=url)]


def _as_json(results: Results) -> dict[str, Any]:
    from service.core.records import to_json

    tiers = {placed.segment: placed.tier.value for placed in results.portrait.placed}
    book = results.measures
    return {
        "run": results.run.number,
        "stale": results.stale,
        **_counts(results.run),
        "unassigned": results.segmentation.unassigned,
        "not_a_customer": results.segmentation.not_a_customer,
        "segments": [
            {"segment": s.id, "name": s.name, "size": s.size, "tier": tiers.get(s.id)}
            | {key: book.value("segment", s.id, key) for key in SHOWN}
            for s in results.segmentation.segments
            if s.kind == "segment"
        ],
        "personas": [to_json(covered) for covered in results.comparison.coverage],
        "missing_personas": [stakeholder.value for stakeholder in results.comparison.missing],
        "briefs": [{"kind": kind, "segment": segment} for kind, segment in results.briefs],
        **({"bill": to_json(results.bill)} if results.bill else {}),
    }
