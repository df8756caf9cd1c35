"""What would settle a verdict: data, more cases, a person's word, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from told_trade import BOSSES

from ingest.model import Stakeholder
from service.comparison.model import Finding, JudgedClaim, Verdict
from service.comparison.rules import sentence
from service.comparison.settling import settle
from service.economics.intervals import wilson
from service.personas.model import Claim


def judged(verdict: Verdict, finding: Finding, note: str = "") -> JudgedClaim:
    claim = Claim("c", Stakeholder.OWNER, "personas/owner.md", 1, 0, 1, "x", "x", "", ())
    return JudgedClaim(claim, verdict, (finding,), BOSSES, note=note)


def share(k: int, n: int, against: float) -> Finding:
    low, high = wilson(k, n)
    return Finding(
        Verdict.PARTLY, "rate.high", "conversion", value=k / n, low=low, high=high, n=n, compared_with=against
    )


CASES = {
    "missing data": (judged(Verdict.NO_EVIDENCE, Finding(Verdict.NO_EVIDENCE, "open.no_ads"), "open.no_ads"), "data"),
    "within the error": (judged(Verdict.PARTLY, share(9, 20, 0.3)), "more"),
    "far apart": (judged(Verdict.SUPPORTED, share(90, 100, 0.3)), "settled"),
    "as good as equal": (judged(Verdict.PARTLY, share(9, 20, 0.449)), "equal"),
    "exactly equal": (judged(Verdict.PARTLY, share(9, 20, 0.45)), "equal"),
    "card not confirmed": (judged(Verdict.PARTLY, Finding(Verdict.PARTLY, "held_back")), "confirm"),
    "no interval": (judged(Verdict.PARTLY, Finding(Verdict.PARTLY, "part.most", "revenue", value=3.0, n=9)), "settled"),
}


def test_a_verdict_on_four_cases_waits_for_ten() -> None:
    few = Finding(Verdict.CONTRADICTED, "cost.best", "cac_kept", value=328.0, n=4, compared_with=78.0)
    found = settle(replace(judged(Verdict.CONTRADICTED, few), preliminary=True))
    assert (found.kind, found.now, found.more) == ("more", 4, 6)


@pytest.mark.parametrize(("claim", "kind"), CASES.values(), ids=CASES.keys())
def test_what_would_settle_it(claim: JudgedClaim, kind: str) -> None:
    assert settle(claim).kind == kind


def test_that_many_more_cases_do_settle_it() -> None:
    found = settle(judged(Verdict.PARTLY, share(9, 20, 0.3)))
    n = found.now + found.more
    low, _ = wilson(round(0.45 * n), n)
    assert low == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", ["confirm", "equal", "settled", "more"])
def test_it_is_said_in_both_languages(kind: str, language: str) -> None:
    assert sentence(f"settle.{kind}", language).format(now="20", more="30")
