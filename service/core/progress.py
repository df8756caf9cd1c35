"""How a step tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) units of the step's work."""


def silent(done: int, total: int) -> None:
    """A progress that nobody watches."""
