"""The one clock, so that tests can hold it still."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Current time, UTC, without microseconds."""
    return datetime.now(UTC).replace(microsecond=0)
