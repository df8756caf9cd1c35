"""Tables of what was measured and compared, beside those of the contract: for `service/export`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from service.core.settings import Settings
from service.store.runs import latest_done

Row = dict[str, Any]
Reader = Callable[[Session, Settings, str], list[Row]]

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "measures": ("level", "name", "measure", "label", "value", "low", "high", "n", "of", "unit", "shrunk", "few"),
    "overlap": (
        "segment", "name", "stakeholder", "named", "protagonist", "supported", "partly", "contradicted",
        "no_evidence", "share_of_customers", "share_of_won", "share_of_revenue", "blind",
    ),
    "pairs": ("stakeholders", "shared", "leads", "wins", "revenue", "meet", "part", "money"),
    "divergences": ("id", "kind", "segment", "name", "stakeholders", "claims", "money", "arithmetic"),
    "tiers": (
        "segment", "name", "tier", "probability", "tie", "most_profitable", "promising", "secondary", "not_ours",
        "customers", "won", "value_per_lead", "low", "high", "share_of_revenue", "reasons", "would_change", "strength",
    ),
    "axes": (
        "claim_id", "stakeholder", "claim", "segment", "verdict", "preliminary", "focus", "advice", "settling", "more",
        "rule",
    ),
}  # fmt: skip
"""Table → columns, in order: add at the end, never rename."""


def _measures(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """The economics table with each measure's name in the company's language, and small groups beside the company."""
    from service.economics.measures_catalogue import counted, label
    from service.economics.repository import load_measures
    from service.economics.shrinkage import is_few, shrunk

    run = latest_done(session, workspace)
    book = load_measures(session, workspace, run.id)
    language = str(run.manifest.get("language", "en"))
    plain = ("level", "name", "measure", "value", "low", "high", "n", "unit")
    return [
        {name: getattr(row, name) for name in plain}
        | {"label": label(row.measure, language), "of": counted(row.measure, language)}
        | {"shrunk": shrunk(row, book), "few": is_few(row)}
        for row in book
    ]


def _overlap(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Personas × segments: one row a segment and stakeholder, the segments of the best tier first."""
    from service.comparison.repository import load_comparison
    from service.economics.repository import load_measures

    run = latest_done(session, workspace).id
    comparison = load_comparison(session, workspace, run)
    book = load_measures(session, workspace, run)
    shares = ("share_of_customers", "share_of_won", "share_of_revenue")
    return [
        {
            "segment": one.segment, "name": one.name, "stakeholder": known.stakeholder.value, "named": known.named,
            "protagonist": known.protagonist, "supported": known.right, "partly": known.partly,
            "contradicted": known.wrong, "no_evidence": known.unknown, "blind": one.segment in comparison.blind_spots,
        } | {share: book.value("segment", one.segment, share) for share in shares}
        for one in _personas(session, workspace, run)
        for known in one.known
    ]  # fmt: skip


def _pairs(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Each pair of stakeholders, and all three."""
    from service.comparison.overlap import overlaps
    from service.comparison.repository import load_comparison
    from service.economics.repository import load_measures

    run = latest_done(session, workspace).id
    found = overlaps(load_comparison(session, workspace, run), load_measures(session, workspace, run))
    return [
        {
            "stakeholders": "; ".join(s.value for s in one.stakeholders), "shared": "; ".join(one.shared),
            "leads": one.leads, "wins": one.wins, "revenue": one.revenue, "meet": len(one.meet),
            "part": "; ".join(one.part), "money": one.money,
        }
        for one in found
    ]  # fmt: skip


def _divergences(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Where pictures part, the dearest first, with the terms of each sum."""
    from service.comparison.repository import load_comparison
    from service.segments.repository import load_segmentation

    run = latest_done(session, workspace).id
    comparison = load_comparison(session, workspace, run)
    names = {s.id: s.name for s in load_segmentation(session, workspace, run).segments}
    quotes = {judged.claim.id: judged.claim.quote for judged in comparison.claims}
    return [
        {
            "id": one.id, "kind": one.kind, "segment": one.segment, "name": names.get(one.segment or ""),
            "stakeholders": "; ".join(s.value for s in one.stakeholders),
            "claims": " | ".join(quotes[claim] for claim in one.claims if claim in quotes), "money": one.money,
            "arithmetic": "; ".join(f"{term} {value:.12g}" for term, value in one.arithmetic),
        }
        for one in comparison.divergences
    ]  # fmt: skip


def _tiers(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Segments in their tiers, with the odds of every tier and what an enquiry brings."""
    from service.economics.repository import load_measures

    run = latest_done(session, workspace).id
    book = load_measures(session, workspace, run)
    rows = []
    for one in _personas(session, workspace, run):
        placed, value = one.placed, book.get("segment", one.segment, "value_per_lead")
        if placed is None:
            continue
        rows.append(
            {
                "segment": one.segment, "name": one.name, "tier": placed.tier.value,
                "probability": placed.probability, "tie": placed.tie, "customers": one.customers, "won": one.won,
                "value_per_lead": value.value if value else None, "low": value.low if value else None,
                "high": value.high if value else None, "reasons": "; ".join(placed.reasons),
                "share_of_revenue": book.value("segment", one.segment, "share_of_revenue"),
                "would_change": placed.would_change, "strength": one.strength,
            } | {tier.value: odds for tier, odds in placed.odds}
        )  # fmt: skip
    return rows


def _axes(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Every claim on both axes: is it real, does it deserve the first place; and what would settle it."""
    from service.comparison.repository import load_comparison
    from service.comparison.settling import settle
    from service.portrait.focus import advice, focus_of
    from service.portrait.repository import load_portrait

    run = latest_done(session, workspace).id
    portrait = load_portrait(session, workspace, run)
    rows = []
    for judged in load_comparison(session, workspace, run).claims:
        focus, settling = focus_of(judged, portrait), settle(judged)
        rows.append(
            {
                "claim_id": judged.claim.id, "stakeholder": judged.claim.stakeholder.value,
                "claim": judged.claim.quote, "segment": judged.segment, "verdict": judged.verdict.value,
                "preliminary": judged.preliminary, "focus": focus.value,
                "advice": advice(judged.verdict, focus), "settling": settling.kind, "more": settling.more or None,
                "rule": settling.rule or (judged.findings[0].rule if judged.findings else ""),
            }
        )  # fmt: skip
    return rows


def _personas(session: Session, workspace: str, run: str) -> Any:
    from service.comparison.repository import load_comparison
    from service.economics.repository import load_measures
    from service.portrait.persona import personas
    from service.portrait.repository import load_portrait
    from service.segments.repository import load_segmentation

    return personas(
        load_segmentation(session, workspace, run),
        load_measures(session, workspace, run),
        load_portrait(session, workspace, run),
        load_comparison(session, workspace, run),
    )


READERS: Final[dict[str, Reader]] = {
    "measures": _measures,
    "overlap": _overlap,
    "pairs": _pairs,
    "divergences": _divergences,
    "tiers": _tiers,
    "axes": _axes,
}
