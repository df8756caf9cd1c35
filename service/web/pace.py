"""How often one sender may knock: a bucket of tokens a key or address, a sentence for who comes too often."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from service.core.errors import WhobuysError
from service.core.settings import Settings

Door = Literal["requests", "uploads", "sign_ins"]
MINUTE = 60.0
KEPT = 20_000
"""Senders remembered; the one that was silent longest is forgotten first."""
FREE = ("/static/", "/healthz", "/readyz", "/metrics")
"""Beginnings of paths that cost nothing to answer, or that a machine asks for by the clock."""


class TooMany(WhobuysError):
    """The sender comes too often."""

    status = 429
    code = "too_many"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many requests. Try again in {seconds} s.",
            ru=f"Слишком много запросов. Повторите через {seconds} с.",
        )
        self.headers = {"Retry-After": str(seconds)}


@dataclass
class _Bucket:
    tokens: float
    at: float


class Pace:
    """Token buckets: each holds a minute's worth of requests and fills evenly. Used from the event loop only."""

    def __init__(self, limits: Mapping[Door, int], clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: OrderedDict[tuple[Door, str], _Bucket] = OrderedDict()
        self._proven: OrderedDict[str, None] = OrderedDict()

    def take(self, door: Door, address: str, credential: str = "") -> None:
        """Count one request. Raises TooMany when the sender's bucket is empty.

        A key or cookie has a bucket of its own once it was seen to be good; until then its sender's address pays, so
        that made-up keys win nothing. An attempt to sign in is always the address's.
        """
        limit = self._limits[door]
        if not limit:
            return
        proven = door != "sign_ins" and credential in self._proven
        sender = credential if proven else network(address)
        moment = self._clock()
        bucket = self._buckets.setdefault((door, sender), _Bucket(float(limit), moment))
        self._buckets.move_to_end((door, sender))
        bucket.tokens = min(float(limit), bucket.tokens + (moment - bucket.at) * limit / MINUTE)
        bucket.at = moment
        if bucket.tokens < 1:
            raise TooMany(max(1, math.ceil((1 - bucket.tokens) * MINUTE / limit)))
        bucket.tokens -= 1
        _shorten(self._buckets)

    def prove(self, credential: str) -> None:
        """The doorkeeper let somebody in with it."""
        if credential:
            self._proven[credential] = None
            self._proven.move_to_end(credential)
            _shorten(self._proven)


def pace_of(settings: Settings) -> Pace:
    """The limits of the settings."""
    return Pace(
        {
            "requests": settings.requests_per_minute,
            "uploads": settings.uploads_per_minute,
            "sign_ins": settings.sign_ins_per_minute,
        }
    )


def door_of(method: str, path: str) -> Door | None:
    """Which limit a request falls under; None for what is free."""
    if path.startswith(FREE):
        return None
    if method == "POST" and path == "/sign-in":
        return "sign_ins"
    return "uploads" if method == "POST" and path.endswith(("/upload", "/uploads")) else "requests"


def digest(secret: str) -> str:
    """A key or cookie as it is remembered here: never itself."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:32] if secret else ""


def network(address: str) -> str:
    """An address as a sender: of IPv6 the first 64 bits, which one household or server has for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _shorten(kept: OrderedDict[tuple[Door, str], _Bucket] | OrderedDict[str, None]) -> None:
    while len(kept) > KEPT:
        kept.popitem(last=False)
