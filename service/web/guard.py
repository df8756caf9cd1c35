"""The outermost layer of the app: security headers, a request id, body limits, and a sentence instead of a crash."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.errors import WhobuysError
from service.core.ids import random_id

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
FOREVER = "public, max-age=31536000, immutable"
PLAIN_BODY_BYTES = 2 * 1024 * 1024
"""Largest body of a request that is no upload."""


class TooLarge(WhobuysError):
    """The body is larger than this door takes."""

    status = 413
    code = "too_large"


class Guard:
    """ASGI middleware. `limits` maps the end of a path to its own body limit; `on_error` answers what nobody caught."""

    def __init__(
        self,
        app: ASGIApp,
        limits: dict[str, int],
        on_error: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self.app, self.limits, self.on_error = app, limits, on_error
        self.log = logging.getLogger("whobuys.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, began = random_id("q"), time.monotonic()
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        limit = next((n for end, n in self.limits.items() if scope["path"].endswith(end)), PLAIN_BODY_BYTES)
        body = _Body(receive, limit)

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), scope["path"], request_id)
            await send(message)

        async def unless_too_large(message: Message) -> None:
            if body.error is None:
                await dressed(message)

        try:
            await self.app(scope, body, unless_too_large)
        except Exception as error:
            if status:  # the answer has begun: nothing can be said any more
                raise
            await (await self.on_error(Request(scope), body.error or error))(scope, receive, dressed)
        else:
            if body.error is not None and not status:
                await (await self.on_error(Request(scope), body.error))(scope, receive, dressed)
        self._note(scope, status, request_id, time.monotonic() - began)

    def _note(self, scope: Scope, status: int, request_id: str, seconds: float) -> None:
        """One line a request: the route's template, never the path or the query, which may name a customer."""
        route = getattr(scope.get("route"), "path", "unmatched")
        self.log.debug("%s %s %s %d ms %s", scope["method"], route, status, round(1000 * seconds), request_id)


class _Body:
    """`receive` that stops at a limit. Frameworks turn what a read raises into answers of their own, so it is kept."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive, self.limit, self.seen = receive, limit, 0
        self.error: TooLarge | None = None

    async def __call__(self) -> Message:
        """The next piece of the body; raises TooLarge beyond the limit."""
        message = await self.receive()
        self.seen += len(message.get("body", b""))
        if self.seen > self.limit:
            size = self.limit // 1024 // 1024
            self.error = TooLarge(
                f"The request is larger than {size} MB. Send the files in several uploads.",
                ru=f"Запрос больше {size} МБ. Загрузите файлы в несколько приёмов.",
            )
            raise self.error
        return message


def _dress(headers: MutableHeaders, path: str, request_id: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers["X-Request-Id"] = request_id
    if path.startswith("/static/"):
        headers["Cache-Control"] = FOREVER
    elif "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"
