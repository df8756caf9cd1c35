"""Readers, uploaders and somebody who keeps an analysis going: what each does for a minute, and what was noted."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from eval.bulk import MadeFile
from eval.loading.knocking import Knocker, Reply

POLL_SECONDS = 1.0
UPLOAD_PAUSE = 5.0
"""Mean seconds an uploader waits between a receipt and the next file."""
BOUNDARY = "whobuys-load"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass
class Notes:
    """What was seen: seconds of every good answer, and each failure in a word."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    sent_bytes: int = 0
    analysing_seconds: float = 0.0
    analyses: int = 0
    first_visit_seconds: float = 0.0

    def good(self, kind: str, reply: Reply) -> None:
        """An answer as wanted."""
        self.seconds.setdefault(kind, []).append(reply.seconds)
        self.sent_bytes += len(reply.body)


async def _asked(
    notes: Notes, knocker: Knocker, kind: str, wanted: int, method: str, path: str, body: bytes = b"", media: str = ""
) -> Reply | None:
    try:
        reply = await knocker.ask(method, path, body, media)
    except (OSError, TimeoutError) as error:
        notes.failures.append(f"{kind}: {type(error).__name__}")
        return None
    if reply.status != wanted:
        notes.failures.append(f"{kind}: {reply.status}")
        return None
    notes.good(kind, reply)
    return reply


async def first_visit(knocker: Knocker, paths: Sequence[str], calls: Iterator[MadeFile]) -> float:
    """Open every page and send one call, before the others come; returns the seconds it took."""
    began = time.monotonic()
    for path in paths:
        await knocker.ask("GET", path)
    await knocker.ask("POST", "/api/v1/uploads", form(next(calls)), FORM)
    return time.monotonic() - began


async def read(notes: Notes, knocker: Knocker, paths: Sequence[str], pause: float, until: float, seed: int) -> None:
    """Open one brief page after another, reading each for about `pause` seconds."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, pause))
    while time.monotonic() < until:
        await _asked(notes, knocker, "page", 200, "GET", chance.choice(paths))
        await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)


async def upload(notes: Notes, knocker: Knocker, calls: Iterator[MadeFile], until: float, seed: int) -> None:
    """Send one new call after another and wait for each receipt."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, UPLOAD_PAUSE))
    while time.monotonic() < until:
        await _asked(notes, knocker, "upload", 201, "POST", "/api/v1/uploads", form(next(calls)), FORM)
        await asyncio.sleep(chance.uniform(0.5, 1.5) * UPLOAD_PAUSE)


async def analyse(notes: Notes, knocker: Knocker, until: float) -> None:
    """Start an analysis whenever none runs: uploads bring something new to analyse all the time."""
    run = ""
    while time.monotonic() < until:
        if not run:
            reply = await _asked(notes, knocker, "start", 202, "POST", "/api/v1/runs")
            run = str(json.loads(_plain(reply))["id"]) if reply else ""
            notes.analyses += bool(run)
        began = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)
        reply = await _asked(notes, knocker, "progress", 200, "GET", f"/api/v1/runs/{run}") if run else None
        if reply:
            notes.analysing_seconds += time.monotonic() - began
            run = "" if json.loads(_plain(reply))["status"] in ("done", "failed", "cancelled") else run


def _plain(reply: Reply) -> bytes:
    return gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body


def form(call: MadeFile) -> bytes:
    """One file as a multipart form."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="calls/{call.name}"\r\n'
    return f"{head}Content-Type: text/plain\r\n\r\n{call.text}\r\n--{BOUNDARY}--\r\n".encode()
