"""Calls that were acknowledged and wait to be taken: files in the home, for seconds, gone once they are taken.

They hold what the CRM sent, unredacted; only the owner of the process may read them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """A call on disk."""

    place: Path
    hook: str
    delivery: str
    system: str
    body: dict[str, Any] = field(repr=False, hash=False)


def folder_of(home: Path, workspace: str) -> Path:
    """Where the calls of a workspace wait."""
    return home / "waiting" / workspace


def put(home: Path, workspace: str, system: str, hook: str, delivery: str, number: int, body: dict[str, Any]) -> None:
    """Write a call down; `number` keeps the order in which calls came."""
    folder = folder_of(home, workspace)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{number:020d}-{hook}-{delivery[:16]}.json"
    unfinished = place.with_suffix(".part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump({"system": system, "hook": hook, "delivery": delivery, "body": body}, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(place)


def waiting(home: Path, workspace: str) -> Iterator[Waiting]:
    """Calls in the order in which they came."""
    folder = folder_of(home, workspace)
    for place in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        held = json.loads(place.read_text(encoding="utf-8"))
        yield Waiting(place, held["hook"], held["delivery"], held["system"], held["body"])


def holds(home: Path, workspace: str, hook: str, delivery: str) -> bool:
    """Whether this call waits already."""
    return any(folder_of(home, workspace).glob(f"*-{hook}-{delivery[:16]}.json"))


def workspaces_waiting(home: Path) -> list[str]:
    """Workspaces with calls on disk."""
    folder = home / "waiting"
    return sorted(one.name for one in folder.iterdir() if any(one.glob("*.json"))) if folder.is_dir() else []


def done(calls: Iterator[Waiting] | list[Waiting]) -> None:
    """Remove calls that were taken."""
    for call in calls:
        call.place.unlink(missing_ok=True)
