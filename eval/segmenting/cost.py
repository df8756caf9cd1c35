"""Seconds and peak memory of a stretch of work."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


@dataclass
class Cost:
    """Wall seconds, and the megabytes that were needed at most beyond what was held before."""

    seconds: float = 0.0
    megabytes: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Fills the cost when the stretch ends.

    On Linux the kernel's high-water mark is reset first; elsewhere a peak of before hides a lower one of now.
    """
    cost = Cost()
    _reset_peak()
    before, started = _held(), time.perf_counter()
    yield cost
    cost.seconds = time.perf_counter() - started
    cost.megabytes = max(0.0, _peak() - before)


def _reset_peak() -> None:
    try:
        CLEAR.write_text("5", encoding="ascii")  # 5 resets VmHWM, see proc(5)
    except OSError:
        return


def _status(field: str) -> float | None:
    if not STATUS.exists():
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB$", STATUS.read_text(encoding="ascii"), re.MULTILINE)
    return int(found.group(1)) / 1024 if found else None


def _largest() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def _held() -> float:
    held = _status("VmRSS")
    return _largest() if held is None else held


def _peak() -> float:
    peak = _status("VmHWM")
    return _largest() if peak is None else peak
