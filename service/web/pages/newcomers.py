"""Who came since the analysis, in sentences for the segments page."""

from __future__ import annotations

from service.core.numbers import Formatter
from service.segments.arrivals import Arrivals
from service.web.i18n import Words


def newcomers_said(found: Arrivals | None, words: Words, formatter: Formatter) -> tuple[str, ...]:
    """How many came, how they fit, what to do; nothing where nobody came."""
    if found is None or not found.assignments:
        return ()
    drift = found.drift
    said = [words("segments.newcomers.some", new=len(found.assignments) - found.returning, returning=found.returning)]
    if drift.unexplained.value is not None and drift.expected.value is not None:
        share, expected = formatter.percent(drift.unexplained.value), formatter.percent(drift.expected.value)
        said.append(words("segments.newcomers.fit", share=share, expected=expected))
    return (*said, words(f"segments.newcomers.{drift.advice}"))
