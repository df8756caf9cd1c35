"""Each pair of stakeholders and all three: whom both see, what part of the business, where they meet and part."""

from __future__ import annotations

from dataclasses import dataclass

from service.comparison.overlap import Overlap, overlaps
from service.core.numbers import Formatter
from service.web.i18n import Words
from service.web.results import Results


@dataclass(frozen=True)
class NamedView:
    """A segment with a link."""

    id: str
    name: str


@dataclass(frozen=True)
class OverlapView:
    """A row of the table of pairs."""

    who: tuple[str, ...]
    shared: tuple[NamedView, ...]
    only: tuple[tuple[str, tuple[NamedView, ...]], ...]
    covers: tuple[str, ...]
    """Parts of the business, in words."""
    meet: int
    part: int
    money: str


def overlap_views(results: Results, words: Words, formatter: Formatter) -> tuple[OverlapView, ...]:
    """Every pair, then all three; nothing for fewer than two personas."""
    comparison = results.inputs.comparison
    if comparison is None:
        return ()
    found = overlaps(comparison, results.inputs.measures)
    return tuple(_view(one, results, words, formatter) for one in found)


def _view(one: Overlap, results: Results, words: Words, formatter: Formatter) -> OverlapView:
    parts = (
        ("comparison.of_leads", one.leads), ("overlap.of_wins", one.wins), ("comparison.of_revenue", one.revenue),
    )  # fmt: skip
    covers = [words(key, share=formatter.percent(share)) for key, share in parts if share is not None]
    return OverlapView(
        who=tuple(s.value for s in one.stakeholders),
        shared=_named(one.shared, results),
        only=tuple((who.value, _named(segments, results)) for who, segments in one.only if segments),
        covers=tuple(covers) if one.shared else (),
        meet=len(one.meet),
        part=len(one.part),
        money=formatter.money(one.money) if one.money else "",
    )


def _named(segments: tuple[str, ...], results: Results) -> tuple[NamedView, ...]:
    known = results.inputs.segment_by_id
    return tuple(NamedView(s, known[s].name) for s in segments if s in known)
