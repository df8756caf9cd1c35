"""How long a whole demo takes, how much memory it needs, and how fast the command line starts."""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CASES = ("en_ebikes", "ru_coworking")
"""640 documents of 241 customers and 821 documents of 244 customers."""

HEAVY = frozenset(
    {"torch", "umap", "hdbscan", "chromadb", "dbos", "fastapi", "sklearn", "langchain", "langchain_core", "pymorphy3"}
    | {"sentence_transformers", "transformers", "scipy", "pandas", "numba"}
)
"""Libraries that take a second or more to import: none of them may be loaded when a command starts."""

MOST_SECONDS = 60.0
MOST_GIGABYTES = 2.0
MOST_START_SECONDS = 0.7


class Cost(NamedTuple):
    """What one demo took: wall and processor seconds, and the largest resident memory of any single process in GB."""

    seconds: float
    processor_seconds: float
    gigabytes: float
    status: int


def main(argv: Sequence[str]) -> int:
    """Print the figures as a Markdown table; 1 where a demo failed."""
    parser = argparse.ArgumentParser(prog="python -m eval speed", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="one demo company only")
    parser.add_argument("--start-only", action="store_true", help="only how fast the command line starts")
    arguments = parser.parse_args(argv)
    rows = [("whobuys --help, median of 5", f"{start_seconds():.2f} s", f"under {MOST_START_SECONDS} s")]
    rows.append(("heavy libraries loaded at start", ", ".join(heavy_at_start()) or "none", "none"))
    failed = False
    for case in [] if arguments.start_only else arguments.case or CASES:
        cost = demo_cost(case)
        failed |= cost.status != 0
        took = f"{cost.seconds:.0f} s ({cost.processor_seconds:.0f} s of processor time)"
        rows.append((f"demo --case {case}", took, f"under {MOST_SECONDS:.0f} s"))
        rows.append((f"its peak memory, {case}", f"{cost.gigabytes:.2f} GB", f"under {MOST_GIGABYTES:.0f} GB"))
    print(f"\n| {os.cpu_count()} cores | measured | aim |\n|---|---|---|")
    print("\n".join(f"| {name} | {value} | {aim} |" for name, value, aim in rows))
    return int(failed)


def demo_cost(case: str) -> Cost:
    """Run one demo in a fresh home, from files to briefs."""
    subprocess.run([sys.executable, "-c", "import run; run.set_up(())"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        words = [sys.executable, str(ROOT / "run.py"), "demo", "--no-serve", "--case", case, "--home", home]
        process = subprocess.Popen(words, cwd=ROOT)
        _, wait_status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    processor_seconds = usage.ru_utime + usage.ru_stime
    return Cost(
        seconds, processor_seconds, usage.ru_maxrss * memory_unit() / 1e9, os.waitstatus_to_exitcode(wait_status)
    )


def memory_unit() -> int:
    """Bytes in one unit of `ru_maxrss`: kilobytes on Linux, bytes on macOS."""
    return 1 if sys.platform == "darwin" else 1024


def start_seconds(times: int = 5) -> float:
    """Median seconds of `whobuys --help`."""
    taken = []
    for _ in range(times):
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "service.cli", "--help"], cwd=ROOT, check=True, capture_output=True)
        taken.append(time.monotonic() - started)
    return statistics.median(taken)


def heavy_at_start() -> list[str]:
    """Heavy libraries that `whobuys --help` imports, sorted."""
    words = [sys.executable, "-X", "importtime", "-m", "service.cli", "--help"]
    trace = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stderr
    loaded = {found.group(1) for found in re.finditer(r"^import time:.*\|\s*([\w]+)[\w.]*$", trace, re.MULTILINE)}
    return sorted(loaded & HEAVY)
