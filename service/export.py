"""Tables for other programs: CSV and JSON, columns as the contract names them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.orm import Session

from service import measured
from service.core.errors import BadInput, NotReady
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import load_corpus
from service.store.db import Store
from service.store.runs import latest_done

if TYPE_CHECKING:
    from service.comparison.model import Finding, JudgedClaim
    from service.segments.model import Assignment, Quote, Segment, Segmentation

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "documents": ("document", "customer", "segment", "status", "probability"),
    "customers": (
        "customer", "segment", "sub_segment", "status", "probability", "second_segment", "second_probability",
        "documents", "won", "revenue",
    ),
    "segments": (
        "segment", "kind", "name", "size", "core", "soft", "share", "low", "high", "stability", "tier", "keyphrases",
        "name_members", "name_others", "name_holds", "facets",
    ),
    "outside": (
        "level", "name", "customers", "unassigned", "unassigned_low", "unassigned_high", "not_a_customer",
        "not_a_customer_low", "not_a_customer_high",
    ),
    "claims": (
        "stakeholder", "claim", "verdict", "measure", "value", "low", "high", "n", "segment", "evidence",
    ),
    "economics": ("level", "name", "measure", "value", "low", "high", "n", "unit"),
    "facts": (
        "id", "kind", "label", "value", "low", "high", "k", "n", "unit", "subject", "source", "speaker", "text",
    ),
    **measured.COLUMNS,
}  # fmt: skip
"""Table → columns, in order. Other programs rely on them: add at the end, never rename."""

FORMATS: Final = ("csv", "json")
DIGITS: Final = 6
"""Decimals of a float in an export: more is noise of the last bit."""

Row = dict[str, Any]


def export_table(store: Store, settings: Settings, workspace: str, table: str, format: str) -> str:
    """A table of the latest finished run as text. BadInput for an unknown table or format, NotReady before a run."""
    if table not in COLUMNS:
        raise BadInput(
            f"There is no table {table!r}; there are {', '.join(COLUMNS)}.",
            ru=f"Таблицы {table!r} нет; есть {', '.join(COLUMNS)}.",
        )
    if format not in FORMATS:
        raise BadInput(f"Format {format!r} is not csv or json.", ru=f"Формат {format!r} — не csv и не json.")
    with store.session() as session:
        rows = _READERS[table](session, settings, workspace)
    columns = COLUMNS[table]
    settled = [{name: _settled(row.get(name)) for name in columns} for row in rows]
    return as_csv(columns, settled) if format == "csv" else json.dumps(settled, ensure_ascii=False, indent=1)


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """UTF-8, comma, one header; a cell that a spreadsheet would run as a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(row[name]) for name in columns])
    return out.getvalue()


def _harmless(value: Any) -> Any:
    """OWASP's rule for spreadsheets: a text that begins like a formula gets an apostrophe before it."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}:
        return f"'{value}"
    return "" if value is None else value


def _settled(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _documents(session: Session, settings: Settings, workspace: str) -> list[Row]:
    corpus = load_corpus(session, workspace, settings)
    placed, real = _assignments(session, workspace)
    rows = []
    for document in sorted(corpus.documents, key=lambda d: d.document.ref):
        place = placed.get(document.customer)
        rows.append({"document": document.document.ref, "customer": document.customer, **_place(place, real)})
    return rows


def _customers(session: Session, settings: Settings, workspace: str) -> list[Row]:
    corpus = load_corpus(session, workspace, settings)
    placed, real = _assignments(session, workspace)
    documents = Counter(document.customer for document in corpus.documents)
    won = Counter(deal.customer for deal in corpus.deals if deal.deal.status == "won")
    revenue = _revenue(corpus)
    parts = _sub_segments(session, workspace) if placed else {}
    rows: list[Row] = []
    for customer in corpus.customers:
        place = placed.get(customer)
        counts: Row = {"documents": documents[customer], "won": won[customer], "revenue": revenue.get(customer)}
        part = parts.get(customer)
        rows.append(
            {"customer": customer, "sub_segment": part, **_place(place, real), **_second(place, real), **counts}
        )
    return rows


def _sub_segments(session: Session, workspace: str) -> dict[str, str]:
    """Customer → id of their sub-segment, where their segment has two levels."""
    parts = [part for segment in _segmentation(session, workspace).segments for part in segment.parts]
    return {customer: part.id for part in parts for customer in part.members}


def _second(place: Assignment | None, real: set[str]) -> Row:
    """The next nearest segment, where there is one."""
    if place is None or place.second_segment not in real:
        return {}
    return {"second_segment": place.second_segment, "second_probability": place.second_probability}


def _place(place: Assignment | None, real: set[str]) -> Row:
    """Where a customer stands; nothing for one who came after the run."""
    if place is None:
        return {"segment": None, "status": None, "probability": None}
    return {
        "segment": place.segment if place.segment in real else None,
        "status": place.status,
        "probability": place.probability,
    }


def _assignments(session: Session, workspace: str) -> tuple[dict[str, Assignment], set[str]]:
    """Customer → place, and the ids of real segments; empty before the first run. Who came since is placed too."""
    from service.segments.repository.arrivals import load_arrivals

    try:
        segmentation = _segmentation(session, workspace)
    except NotReady:
        return {}, set()
    real = {segment.id for segment in segmentation.segments if segment.kind == "segment"}
    placed = {place.customer: place for place in segmentation.assignments}
    arrived = load_arrivals(session, workspace, latest_done(session, workspace).id)
    placed |= {place.customer: place for place in (arrived.assignments if arrived else ())}
    return placed, real


def _segmentation(session: Session, workspace: str) -> Segmentation:
    run = latest_done(session, workspace)
    from service.segments.repository import load_segmentation

    return load_segmentation(session, workspace, run.id)


def _segments(session: Session, settings: Settings, workspace: str) -> list[Row]:
    segmentation = _segmentation(session, workspace)
    tiers = _tiers(session, workspace)
    return [
        {
            "segment": segment.id,
            "kind": segment.kind,
            "name": segment.name,
            "size": segment.size,
            "core": segment.core,
            "soft": segment.soft,
            "share": segment.share.value,
            "low": segment.share.low,
            "high": segment.share.high,
            "stability": segment.stability,
            "tier": tiers.get(segment.id),
            "keyphrases": "; ".join(phrase.text for phrase in segment.keyphrases),
            **_name_check(segment),
            "facets": "; ".join(row.topic for row in segment.facets),
        }
        for segment in segmentation.segments
    ]


def _name_check(segment: Segment) -> Row:
    """How true the name is; nothing of a name a person gave."""
    check = segment.name_check
    if check is None:
        return {}
    return {"name_members": check.members.value, "name_others": check.others.value, "name_holds": check.passed}


def _outside(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """Unassigned and not-a-customer by source and campaign; shares of the customers seen there."""
    return [
        {
            "level": row.level,
            "name": row.name,
            "customers": row.customers,
            "unassigned": row.unassigned.value,
            "unassigned_low": row.unassigned.low,
            "unassigned_high": row.unassigned.high,
            "not_a_customer": row.not_a_customer.value,
            "not_a_customer_low": row.not_a_customer.low,
            "not_a_customer_high": row.not_a_customer.high,
        }
        for row in _segmentation(session, workspace).outside
    ]


def _tiers(session: Session, workspace: str) -> dict[str, str]:
    from service.portrait.repository import load_portrait

    portrait = load_portrait(session, workspace, latest_done(session, workspace).id)
    return {placed.segment: placed.tier.value for placed in portrait.placed}


def _claims(session: Session, settings: Settings, workspace: str) -> list[Row]:
    from service.comparison.repository import load_comparison

    comparison = load_comparison(session, workspace, latest_done(session, workspace).id)
    refs = {document.id: document.document.ref for document in load_corpus(session, workspace, settings).documents}
    return [_claim(judged, refs) for judged in comparison.claims]


def _claim(judged: JudgedClaim, refs: dict[str, str]) -> Row:
    deciding: Finding | None = judged.findings[0] if judged.findings else None
    quotes = [("+", quote) for quote in judged.quotes_for] + [("-", quote) for quote in judged.quotes_against]
    return {
        "stakeholder": judged.claim.stakeholder.value,
        "claim": judged.claim.quote,
        "verdict": judged.verdict.value,
        "measure": deciding.measure if deciding else None,
        "value": deciding.value if deciding else None,
        "low": deciding.low if deciding else None,
        "high": deciding.high if deciding else None,
        "n": deciding.n if deciding else 0,
        "segment": judged.segment,
        "evidence": " | ".join(_evidence(sign, quote, refs) for sign, quote in quotes),
    }


def _evidence(sign: str, quote: Quote, refs: dict[str, str]) -> str:
    """`for` or `against`, the document, the words."""
    side = "for" if sign == "+" else "against"
    return f"{side} {refs.get(quote.document, quote.document)}: {quote.text}"


def _economics(session: Session, settings: Settings, workspace: str) -> list[Row]:
    from service.economics.repository import load_measures

    book = load_measures(session, workspace, latest_done(session, workspace).id)
    return [{name: getattr(measure, name) for name in COLUMNS["economics"]} for measure in book]


def _facts(session: Session, settings: Settings, workspace: str) -> list[Row]:
    """What the briefs in the company's own language state; the other language has the same facts under other labels."""
    from service.briefs.repository import load_briefs

    run = latest_done(session, workspace)
    found = {
        fact.id: {name: getattr(fact, name) for name in COLUMNS["facts"]}
        for brief in load_briefs(session, workspace, run.id)
        if brief.language == run.manifest["language"]
        for fact in brief.facts
    }
    return [found[key] for key in sorted(found, key=lambda key: (len(key), key))]


def _revenue(corpus: Corpus) -> dict[str, float]:
    """Customer → money received, by the same rule as the measures."""
    from service.economics.ledger import revenue_of_customers

    return revenue_of_customers(corpus)


_READERS: Final[dict[str, Callable[[Session, Settings, str], list[Row]]]] = {
    "documents": _documents,
    "customers": _customers,
    "segments": _segments,
    "outside": _outside,
    "claims": _claims,
    "economics": _economics,
    "facts": _facts,
    **measured.READERS,
}
