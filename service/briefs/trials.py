"""How large a trial must be to show anything, and how long that takes at the present flow of people."""

from __future__ import annotations

from collections.abc import Iterator

from service.briefs.material import Material
from service.briefs.model import Fact, Sentence
from service.segments.model import Segment

UPLIFT = 1.5
"""The growth in the share of buyers that a trial should be able to see."""
POWER_Z = 1.959964 + 0.841621
"""Two-sided 5 % and 80 % power (Fleiss, Statistical Methods for Rates and Proportions)."""
DAYS_A_MONTH = 30.4
LONG_TEST = 6
"""Months: a trial longer than the half-year between revisions is no trial."""
ENDLESS_TEST = 24
"""Months from which no length is named at all."""


def test_size(material: Material, segment: Segment, conversion: Fact) -> Iterator[Sentence]:
    """How many people a test takes, and how long that is at the present flow."""
    needed = people_needed(conversion.value or 0.0)
    if not needed:
        return
    fact = material.ledger.number(
        f"calc:people_needed/{segment.id}", needed, "count", subject=segment.id, terms=(conversion,)
    )
    uplift = material.ledger.ratio("uplift", UPLIFT - 1)
    months = 2 * needed / flow if (flow := people_a_month(material, segment)) else 0.0
    if months <= LONG_TEST:
        yield material.say("creative.kpi_needed", needed=fact, uplift=uplift)
        return
    if not months or months > ENDLESS_TEST:
        yield material.say("creative.kpi_endless", uplift=uplift)
        return
    time = material.ledger.number(
        f"calc:test_months/{segment.id}", round(months), "count", subject=segment.id, terms=(fact,)
    )
    yield material.say("creative.kpi_too_long", needed=fact, months=time, uplift=uplift)


def people_a_month(material: Material, segment: Segment) -> float:
    """The segment's customers over the months its documents span."""
    members = set(material.inputs.members.get(segment.id, ()))
    dates = [
        d.document.occurred_at
        for d in material.inputs.corpus.documents
        if d.customer in members and d.document.occurred_at
    ]
    if not dates:
        return 0.0
    return len(members) / max(1.0, (max(dates) - min(dates)).days / DAYS_A_MONTH)


def people_needed(share: float) -> int | None:
    """People per variant to see the uplift with 80 % power at 5 %, rounded up to tens; None where it cannot grow."""
    better = share * UPLIFT
    if not 0 < better < 1:
        return None
    spread = share * (1 - share) + better * (1 - better)
    exact = POWER_Z**2 * spread / (better - share) ** 2
    return -int(-exact // 10) * 10
