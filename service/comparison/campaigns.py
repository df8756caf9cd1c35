"""Rules over what advertising costs: per lead, per customer kept, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.comparison.evidence import Evidence
from service.comparison.figures import (
    CONTRADICTED,
    OPEN,
    PARTLY,
    SUPPORTED,
    Figures,
    Judged,
    against,
    banded,
    named_amount,
)
from service.comparison.model import Finding
from service.comparison.rules import threshold
from service.economics.model import Level
from service.personas.model import Reading


@dataclass(frozen=True)
class Bill:
    """What one campaign (or several, a channel, a segment) cost and brought. `revenue`: of those whom ads brought."""

    level: Level
    name: str
    spend: float
    leads: float
    kept: float
    revenue: float
    names: tuple[str, ...] = ()
    """Of several: each of them; `name` says them all."""

    @property
    def cpl(self) -> float | None:
        """Spend a lead."""
        return self.spend / self.leads if self.leads else None

    @property
    def cac(self) -> float | None:
        """Spend a customer kept."""
        return self.spend / self.kept if self.kept else None

    @property
    def roas(self) -> float | None:
        """Revenue for each unit of spend."""
        return self.revenue / self.spend if self.spend else None


def bill(evidence: Evidence, level: Level, names: Sequence[str]) -> Bill:
    """Summed rows of the book."""

    def total(measure: str) -> float:
        return sum(evidence.book.value(level, name, measure) or 0.0 for name in names)

    def earned(name: str) -> float:  # what advertising is credited with: not those who came to a segment unasked
        spend, back = evidence.book.value(level, name, "spend"), evidence.book.value(level, name, "roas")
        return (spend or 0.0) * (back or 0.0)

    leads = sum(_leads(evidence, level, name) for name in names)
    several = tuple(names) if len(names) > 1 else ()
    return Bill(level, " + ".join(names), total("spend"), leads, total("kept"), sum(map(earned, names)), several)


def _leads(evidence: Evidence, level: Level, name: str) -> float:
    spend, cpl = evidence.book.value(level, name, "spend"), evidence.book.value(level, name, "cpl")
    return spend / cpl if spend and cpl else 0.0


def judge_cost(reading: Reading, evidence: Evidence) -> Finding:
    """Cost of a lead or of a customer, of the campaigns, channel or segment the reading means."""
    if not evidence.has_ads:
        return Finding(OPEN, "open.no_ads")
    level, names = _meant(reading, evidence)
    if not names:
        return Finding(OPEN, "open.campaign")
    mine = bill(evidence, level, names)
    rivals = [bill(evidence, level, [n]) for n in _paid_names(evidence, level) if n not in names]
    if not mine.spend:
        return Finding(OPEN, "open.no_spend", level=level, name=mine.name)
    if reading.other is not None and reading.other.kind == "campaign":
        return _against(reading, mine, bill(evidence, "campaign", reading.other.campaigns))
    if reading.measure == "cost_per_lead":
        return _per_lead(reading, mine, rivals)
    if not evidence.has_deals:
        return Finding(OPEN, "open.no_deals")
    return _per_customer(reading, mine, rivals)


def _meant(reading: Reading, evidence: Evidence) -> tuple[Level, list[str]]:
    if reading.subject.kind == "campaign":
        return "campaign", list(reading.subject.campaigns or (reading.subject.campaign or "",))
    if reading.channel in evidence.book.names("channel"):
        return "channel", [reading.channel or ""]
    if reading.subject.kind == "segment" and reading.subject.segment:
        return "segment", [reading.subject.segment]
    if reading.channel:
        from service.comparison.channels import matching

        names = [n for n in matching(reading.channel, evidence) if evidence.book.value("channel", n, "spend")]
        return "channel", names
    return "all", []


def _paid_names(evidence: Evidence, level: Level) -> list[str]:
    return [name for name in evidence.book.names(level) if evidence.book.value(level, name, "spend")]


def _finding(judged: Judged, mine: Bill, measure: str, value: float | None, n: float, unit: str) -> Finding:
    return Finding(
        judged.verdict, judged.rule, measure, mine.level, mine.name, value, None, None, round(n), None, unit,
        judged.compared, names=mine.names,
    )  # fmt: skip


def _per_lead(reading: Reading, mine: Bill, rivals: Sequence[Bill]) -> Finding:
    value = mine.cpl
    if value is None:
        return Finding(OPEN, "open.no_leads", "cpl", mine.level, mine.name)
    others = [r.cpl for r in rivals if r.cpl is not None]
    total = mine.leads + sum(r.leads for r in rivals)
    average = (mine.spend + sum(r.spend for r in rivals)) / total if total else value
    judged = _priced(reading, value, others, average)
    return _finding(judged, mine, "cpl", value, mine.leads, "money")


def _against(reading: Reading, mine: Bill, other: Bill) -> Finding:
    """Two named campaigns by what a lead, or a kept customer, costs."""
    per_lead = reading.measure == "cost_per_lead"
    measure = "cpl" if per_lead else "cac_kept"
    value, theirs = (mine.cpl, other.cpl) if per_lead else (mine.cac, other.cac)
    if value is None or theirs is None:
        return Finding(OPEN, "open.no_leads" if per_lead else "open.no_figure", measure, mine.level, mine.name)
    times = reading.value if reading.unit == "times" else None
    judged = against(value, theirs, reading.direction, times)
    return _finding(judged, mine, measure, value, mine.leads if per_lead else mine.kept, "money")


def _priced(reading: Reading, value: float, others: Sequence[float], average: float) -> Judged:
    cheap = reading.direction == "low"
    if reading.operator == "number" and reading.value is not None and reading.unit == "money":
        figures = Figures(value, None, None, average, tuple(others))
        return named_amount(figures, reading.value, reading.high or reading.value, reading.bound)
    if reading.operator in ("most", "first") and others:
        best = min(others) if cheap else max(others)
        ahead = value <= best * 1.05 if cheap else value >= best * 0.95
        verdict = SUPPORTED if ahead else CONTRADICTED
        return Judged(verdict, "cost.cheapest" if cheap else "cost.dearest", best)
    low = reading.operator in ("low", "rare") or (cheap and reading.operator != "high")
    if low:
        return Judged(
            banded(value, value <= threshold("campaign.cheap") * average, value >= average), "cost.cheap", average
        )
    return Judged(banded(value, value >= threshold("campaign.dear") * average, value <= average), "cost.dear", average)


def _per_customer(reading: Reading, mine: Bill, rivals: Sequence[Bill]) -> Finding:
    """Good: few kept customers' money; bad ("waste"): revenue below spend, or the worst return of all."""
    good = reading.operator == "low" or reading.direction == "low"
    good = good != reading.negated
    if reading.operator == "number" and reading.value is not None and mine.cac is not None:
        figures = Figures(mine.cac, None, None, None, ())
        judged = named_amount(figures, reading.value, reading.high or reading.value, reading.bound)
        return _finding(judged, mine, "cac_kept", mine.cac, mine.kept, "money")
    returns = [r.roas for r in rivals if r.roas is not None]
    roas = mine.roas or 0.0
    if not good:
        worst = roas < 1 or (bool(returns) and roas < min(returns))
        total = mine.spend + sum(r.spend for r in rivals)
        average = (mine.revenue + sum(r.revenue for r in rivals)) / total if total else roas
        verdict = SUPPORTED if worst else PARTLY if roas < 0.5 * average else CONTRADICTED
        return _finding(Judged(verdict, "cost.waste", average), mine, "roas", mine.roas, mine.kept, "ratio")
    costs = [r.cac for r in rivals if r.cac is not None]
    if mine.cac is None:
        return _finding(Judged(CONTRADICTED, "cost.best"), mine, "cac_kept", None, 0, "money")
    if not costs:
        return Finding(OPEN, "open.alone", "cac_kept", mine.level, mine.name, mine.cac)
    first_cost = mine.cac <= min(costs)
    first_return = roas >= max(returns, default=0.0)
    if reading.operator in ("most", "first"):
        verdict = SUPPORTED if first_cost and first_return else PARTLY if first_cost or first_return else CONTRADICTED
        return _finding(Judged(verdict, "cost.best", min(costs)), mine, "cac_kept", mine.cac, mine.kept, "money")
    better = sum(c < mine.cac for c in costs) * 2 < len(costs)
    verdict = SUPPORTED if better and roas >= 1 else CONTRADICTED if roas < 1 else PARTLY
    return _finding(Judged(verdict, "cost.pays", min(costs)), mine, "cac_kept", mine.cac, mine.kept, "money")


def follows(evidence: Evidence) -> Finding:
    """ "The cheaper the lead, the cheaper the customer": the order of campaigns by one is their order by the other."""
    if not evidence.has_ads or not evidence.has_deals:
        return Finding(OPEN, "open.no_ads" if not evidence.has_ads else "open.no_deals")
    bills = [bill(evidence, "campaign", [name]) for name in _paid_names(evidence, "campaign")]
    pairs = sorted((b.cpl, b.cac, b.name) for b in bills if b.cpl is not None and b.cac is not None)
    if len(pairs) < 3:
        return Finding(OPEN, "open.few_campaigns")
    agree = [(b[1] > a[1]) for i, a in enumerate(pairs) for b in pairs[i + 1 :] if b[1] != a[1]]
    share = sum(agree) / len(agree) if agree else 0.0
    cheapest_lead, cheapest_customer = pairs[0], min(pairs, key=lambda p: p[1])
    same = cheapest_lead[2] == cheapest_customer[2]
    verdict = SUPPORTED if same and share >= 0.9 else PARTLY if same and share >= 0.7 else CONTRADICTED
    return Finding(
        verdict, "cost.follows", "cac_kept", "campaign", cheapest_lead[2], cheapest_lead[1], None, None, len(pairs),
        None, "money", cheapest_customer[1], cheapest_customer[2],
    )  # fmt: skip
