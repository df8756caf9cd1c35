"""The smallest HTTP/1.1 client that can knock fifty times at once without taking the processor from the server."""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

SECONDS = 30.0
"""An answer that takes longer is an error."""
IDLE_SECONDS = 3.0
"""After so long a connection is opened anew, as browsers do: the server ends idle ones after five."""


class Reply(NamedTuple):
    """One answer: its status, body as sent over the wire, headers, and seconds from the first to the last byte."""

    status: int
    body: bytes
    headers: dict[str, str]
    seconds: float


class Knocker:
    """One kept-alive connection to a server, as one browser or one machine would hold it."""

    def __init__(self, host: str, port: int, key: str) -> None:
        self._host, self._port, self._key = host, port, key
        self._used = 0.0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", media: str = "") -> Reply:
        """Send one request and read its whole answer. Raises OSError or TimeoutError when there is none."""
        began = time.perf_counter()
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Authorization: Bearer {self._key}",
            "Accept-Encoding: gzip",
            f"Content-Length: {len(body)}",
        ]
        if media:
            head.append(f"Content-Type: {media}")
        async with asyncio.timeout(SECONDS):
            reader, writer = await self._open()
            try:
                writer.write("\r\n".join([*head, "", ""]).encode() + body)
                await writer.drain()
                status, headers, content = await _answer(reader)
            except BaseException:
                self.close()
                raise
        if headers.get("connection", "").lower() == "close":
            self.close()
        self._used = time.perf_counter()
        return Reply(status, content, headers, time.perf_counter() - began)

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if time.perf_counter() - self._used > IDLE_SECONDS:
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=2**22)
        return self._streams


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Raises OSError for an answer that breaks off."""
    try:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        status = int(first.split(" ")[1])
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return status, headers, await _chunks(reader)
        return status, headers, await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, ValueError, IndexError) as error:
        raise ConnectionError("the answer broke off") from error


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while size := int((await reader.readline()).split(b";")[0], 16):
        found += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return bytes(found)
