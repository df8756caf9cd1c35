"""Rules over sources: by what way a group comes, and what a way brings."""

from __future__ import annotations

from dataclasses import replace

from service.comparison.evidence import Evidence
from service.comparison.figures import OPEN, Figures, Judged, against, banded, named_share
from service.comparison.model import Finding
from service.comparison.rules import threshold
from service.economics.channels import UNKNOWN, is_referral
from service.personas.cues import cue_book
from service.personas.model import Reading
from service.personas.tokens import tokens_of
from service.segments.shares import share

PAID = "ads"


def judge_channel(reading: Reading, evidence: Evidence) -> Finding:
    """ "They come only by recommendation", "advertising brings most sales"."""
    if reading.channel is None and reading.subject.kind != "campaign":
        return Finding(OPEN, "open.channel")
    segment = reading.subject.segment if reading.subject.kind == "segment" else None
    counted = _counted(reading, evidence, segment)
    if counted is None:
        return Finding(OPEN, "open.no_channel")
    measure, k, n = counted
    if reading.other_channel is not None and n:
        return _against(reading, evidence, segment, counted)
    if not n:
        return Finding(OPEN, "open.no_channel", measure)
    found = share(k, n)
    judged = _judged(reading, k / n, found.low, found.high)
    return Finding(
        judged.verdict, judged.rule, measure, "segment" if segment else "all", segment or "all",
        k / n, found.low, found.high, n, k, "share", judged.compared,
    )  # fmt: skip


def _against(reading: Reading, evidence: Evidence, segment: str | None, mine: tuple[str, int, int]) -> Finding:
    """Two named sources by what they bring."""
    other = _counted(replace(reading, channel=reading.other_channel), evidence, segment)
    measure, k, n = mine
    if other is None:
        return Finding(OPEN, "open.no_channel", measure)
    found = share(k, n)
    judged = against(k / n, other[1] / n, reading.direction, reading.value if reading.unit == "times" else None)
    place = ("segment", segment) if segment else ("all", "all")
    return Finding(
        judged.verdict, judged.rule, measure, *place, k / n, found.low, found.high, n, k, "share", judged.compared,
        reading.other_channel or "",
    )  # fmt: skip


def _counted(reading: Reading, evidence: Evidence, segment: str | None) -> tuple[str, int, int] | None:
    """(measure, customers through the channel, customers): buyers when the claim is about everybody's sales."""
    level, name = ("segment", segment) if segment else ("all", "all")
    of_sales = (
        segment is None and evidence.has_deals and bool({"wins", "conversion", "revenue"} & set(reading.alternatives))
    )
    base = evidence.book.value(level, name, "won" if of_sales else "customers")  # type: ignore[arg-type]
    n = round(base or 0)
    if reading.channel == PAID:
        row = evidence.book.value(level, name, "paid_share_of_won" if of_sales else "paid_share")  # type: ignore[arg-type]
        return None if row is None else ("paid_share_of_won" if of_sales else "paid_share", round(row * n), n)
    if (reading.channel or "").startswith("campaign:"):
        return _through_campaigns((reading.channel or "")[9:].split("+"), evidence, segment, n)
    names = [name for part in (reading.channel or "").split("+") for name in matching(part, evidence)]
    if not names:
        return ("channel_share", 0, n) if reading.channel == "referral" and _sources_known(evidence) else None
    if segment:
        parts = [evidence.book.value("segment", segment, f"channel_share:{c}"[:48]) or 0.0 for c in names]
    else:
        parts = [
            evidence.book.value("channel", c, "share_of_won" if of_sales else "share_of_customers") or 0.0
            for c in names
        ]
    label = "referral_source_share" if reading.channel == "referral" else f"channel_share:{names[0]}"
    return label, round(sum(parts) * n), n


def _through_campaigns(names: list[str], evidence: Evidence, segment: str | None, n: int) -> tuple[str, int, int]:
    brought = [c.customers for c in evidence.company.campaigns if c.name in names]
    k = sum(counts.get(segment, 0) if segment else sum(counts.values()) for counts in brought)
    return "campaign_share", min(k, n), n


def _sources_known(evidence: Evidence) -> bool:
    return any(name != UNKNOWN for name in evidence.book.names("channel"))


def matching(channel: str, evidence: Evidence) -> list[str]:
    """Channels of the book that a channel word means: its own name, or every one of that kind."""
    names = evidence.book.names("channel")
    if channel in names:
        return [channel]
    if channel == "referral":
        return [name for name in names if is_referral(name) or name.lower() == "referral"]
    found = []
    for language in ("ru", "en"):
        for kind, patterns in cue_book(language).channels:
            if kind == channel:
                found += [name for name in names if patterns.any(tokens_of(name.replace("_", " ")))]
    return list(dict.fromkeys(found))


def _judged(reading: Reading, value: float, low: float | None, high: float | None) -> Judged:
    operator = reading.operator
    if operator == "number" and reading.value is not None:
        return named_share(Figures(value, low, high, None, ()), reading)
    if operator == "only":
        return Judged(
            banded(value, value >= threshold("only"), value < threshold("only.broken")),
            "channel.only",
            threshold("only"),
        )
    if operator == "all":
        return Judged(
            banded(value, value >= threshold("only"), value < threshold("only.broken")),
            "channel.only",
            threshold("only"),
        )
    if operator in ("majority", "most", "first"):
        verdict = banded(value, value > threshold("majority"), value < threshold("majority"))
        return Judged(verdict, "channel.majority", threshold("majority"))
    if operator in ("none", "rare", "low"):
        verdict = banded(value, value < threshold("channel.none"), value > threshold("channel.none_broken"))
        return Judged(verdict, "channel.none", threshold("channel.none"))
    verdict = banded(value, value >= threshold("channel.high"), value < threshold("channel.high_broken"))
    return Judged(verdict, "channel.high", threshold("channel.high"))
