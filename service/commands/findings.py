"""What was found, on the console: who our customer is, where the pictures meet and part, the figures of a group.

The words and figures are those of the pages: both are written by `service.web.pages`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from service.commands.console import Desk, desk

if TYPE_CHECKING:
    from service.core.numbers import Formatter
    from service.economics.model import Level
    from service.web.i18n import Words
    from service.web.pages.economics import MeasureRow
    from service.web.pages.overlap import OverlapView
    from service.web.pages.portrait import PersonaView, TierRow
    from service.web.results import Results

BULLET = "  · "


class Pen(NamedTuple):
    """The results of the last run, and what writes them."""

    results: Results
    words: Words
    formatter: Formatter


def portrait(segment: str | None, workspace: str | None, as_json: bool) -> None:
    """Segments in tiers, each in the form of a persona."""
    from service.core.errors import NotFound
    from service.core.records import to_json
    from service.portrait.model import Portrait
    from service.portrait.persona import personas
    from service.web.pages.portrait import portrait_page

    with desk(workspace, as_json) as at:
        pen = _pen(at)
        inputs = pen.results.inputs
        found = personas(inputs.segmentation, inputs.measures, inputs.portrait or Portrait(()), inputs.comparison)
        if segment is not None and segment not in {one.segment for one in found}:
            raise NotFound(f"There is no segment {segment!r}.", ru=f"Сегмента {segment!r} нет.")
        if at.as_json:
            at.answer([to_json(one) for one in found if segment in (None, one.segment)])
            return
        page = portrait_page(*pen, money=True, claims=True)
        print(page.finding)
        tiers = {row.id: row for row in page.rows}
        for one in page.personas:
            if segment in (None, one.id):
                _print_persona(one, tiers.get(one.id), pen)


def _print_persona(one: PersonaView, row: TierRow | None, pen: Pen) -> None:
    print(f"\n# {one.name} ({one.id})")
    if row is not None:
        sure = f", {row.sure.lower()}, {row.probability}" if row.sure else ""
        print(f"{pen.words(f'tier.{row.tier}')}{sure}. {' '.join(row.why)}")
        if row.change:
            print(f"{pen.words('tiers.would_change')} {row.change}")
    print(f"{one.strength} {one.strength_why}")
    for line in one.lines:
        print(f"{line.label}:")
        for item in line.items:
            print(BULLET + " ".join(filter(None, (item.text, item.figure, item.more))))
    for said in one.quotes:
        print(f"  {pen.formatter.quote(said.text)} ({said.source})")


def comparison(workspace: str | None, as_json: bool) -> None:
    """Blind spots, coverage of each persona, pairs of stakeholders, divergences with their arithmetic."""
    from service.comparison.overlap import overlaps
    from service.core.errors import NotReady
    from service.core.records import to_json
    from service.web.pages.comparison import comparison_view

    with desk(workspace, as_json) as at:
        pen = _pen(at)
        found = pen.results.inputs.comparison
        if found is None:
            raise NotReady("There is no comparison yet.", ru="Сравнения ещё нет.")
        if at.as_json:
            pairs = [to_json(one) for one in overlaps(found, pen.results.inputs.measures)]
            parts = ("coverage", "agreements", "divergences")
            lists = {part: [to_json(one) for one in getattr(found, part)] for part in parts}
            at.answer({"blind_spots": list(found.blind_spots), "overlaps": pairs, **lists})
            return
        page = comparison_view(*pen)
        print(page.finding)
        for blind in page.blind:
            print(f"\n{pen.words('comparison.blind')}: {blind.name} ({blind.id})\n{BULLET}{blind.line}")
        print(f"\n{pen.words('comparison.voices')}")
        for voice in page.voices:
            _print_voice(voice, pen)
        if page.overlaps:
            print(f"\n{pen.words('overlap.title')}")
        for row in page.overlaps:
            print(BULLET + _pair(row, pen))
        print(f"\n{pen.words('comparison.divergences')}")
        for one in page.divergences:
            _print_divergence(one)


def _print_voice(voice: Any, pen: Pen) -> None:
    who = pen.words(f"who.{voice.who}")
    if voice.missing:
        print(f"{BULLET}{who}: {pen.words('comparison.no_persona')}")
        return
    hero = voice.protagonist or pen.words("comparison.ghost" if voice.ghost else "comparison.no_hero")
    parts = (
        ("comparison.of_leads", voice.leads),
        ("overlap.of_wins", voice.wins),
        ("comparison.of_revenue", voice.revenue),
    )
    covers = [pen.words(key, share=share) for key, share in parts if share]
    fared = [f"{pen.words(f'verdict.{verdict}')} {count}" for verdict, count in voice.counts if count]
    print(f"{BULLET}{who}: {'; '.join(filter(None, (hero, ', '.join(covers), ', '.join(fared))))}")


def _pair(row: OverlapView, pen: Pen) -> str:
    who = ", ".join(pen.words(f"who.{name}") for name in row.who)
    shared = "; ".join(one.name for one in row.shared) or pen.words("overlap.nobody")
    covers = f" ({', '.join(row.covers)})" if row.covers else ""
    money = f", {row.money}" if row.money else ""
    counts = f"{pen.words('overlap.meet').lower()} {row.meet}, {pen.words('overlap.part').lower()} {row.part}{money}"
    return f"{who}: {shared}{covers}; {counts}"


def _print_divergence(one: Any) -> None:
    money = f": {one.money} {one.stake}" if one.money else ""
    print(f"{BULLET}{one.segment}{money}")
    for parting in one.partings:
        print(f"      {parting.title}")
    sums = one.formula or "; ".join(f"{term.label} {term.value}" for term in one.terms)
    if sums:
        print(f"      {sums}")


def measures(level: Level, name: str, workspace: str | None, as_json: bool) -> None:
    """All measures of one group; without a name those of the company, or the names of the level's groups."""
    from service.core.records import to_json
    from service.economics.shrinkage import is_few, shrunk
    from service.web.pages.economics import group_page

    with desk(workspace, as_json) as at:
        pen = _pen(at)
        book = pen.results.inputs.measures
        if at.as_json:
            rows = [row for row in book if row.level == level and name in ("", row.name)]
            at.answer([to_json(row) | {"few": is_few(row), "shrunk": shrunk(row, book)} for row in rows])
            return
        if level != "all" and not name:
            if not book.names(level):
                at.say("measures.none")
            for group in book.names(level):
                known = pen.results.inputs.segment_by_id.get(group)
                print(f"{group}  {known.name}" if known else group)
            return
        page = group_page(pen.results, level, name or "all", pen.words, pen.formatter)
        print(page.shown)
        for row in (*page.figures, *page.said):
            print(BULLET + _measure(row, pen))


def _measure(row: MeasureRow, pen: Pen) -> str:
    beside = [row.figure.spread, row.base]
    if row.shrunk:
        beside.append(pen.words("economics.shrunk", value=row.shrunk))
    told = "; ".join(filter(None, beside))
    return f"{row.label}: {row.figure.value}" + (f" ({told})" if told else "")


def _pen(at: Desk) -> Pen:
    from service.core.numbers import Formatter
    from service.store.runs import latest_done
    from service.web.i18n import Words
    from service.web.results import Results, load_inputs

    with at.store.session() as session:
        run = latest_done(session, at.workspace)
        inputs = load_inputs(session, at.workspace, run.id, at.settings)
    formatter = Formatter(at.language, inputs.corpus.currency)
    return Pen(Results(run.id, run.number, run.finished_at, inputs), Words(formatter), formatter)
