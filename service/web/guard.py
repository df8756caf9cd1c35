"""The outermost layer of the app: security headers, a request id, limits, counts, and a sentence instead of a crash."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.errors import BadInput, WhobuysError
from service.core.ids import random_id
from service.core.logs import FIELDS
from service.web.metrics import Metrics
from service.web.pace import Pace, digest, door_of
from service.web.security import COOKIE

API = "/api/v1"
"""Where the doors for machines are."""
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
ONLY_HTTPS = "max-age=31536000"
"""Strict-Transport-Security of an answer that came over HTTPS."""
FOREVER = "public, max-age=31536000, immutable"
PLAIN_BODY_BYTES = 2 * 1024 * 1024
"""Largest body of a request that is no upload."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What another system may call its request: nothing that could begin a new line or column of a log."""


class TooLarge(WhobuysError):
    """The body is larger than this door takes."""

    status = 413
    code = "too_large"

    def __init__(self, limit: int) -> None:
        size = limit // 1024 // 1024
        super().__init__(
            f"The request is larger than {size} MB. Send the files in several uploads.",
            ru=f"Запрос больше {size} МБ. Загрузите файлы в несколько приёмов.",
        )


class Guard:
    """ASGI middleware. `limits` maps the end of a path to its own body limit; `on_error` answers what nobody caught."""

    def __init__(
        self,
        app: ASGIApp,
        limits: dict[str, int],
        pace: Pace,
        metrics: Metrics,
        on_error: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self.app, self.limits, self.pace, self.metrics, self.on_error = app, limits, pace, metrics, on_error
        self.log = logging.getLogger("whobuys.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(scope, headers, send)
        body = _Body(receive, next((n for end, n in self.limits.items() if scope["path"].endswith(end)), None))
        self.metrics.began()
        try:
            await self._serve(scope, headers, body, answer)
        finally:
            self._note(scope, answer)

    async def _serve(self, scope: Scope, headers: Headers, body: _Body, answer: _Answer) -> None:
        async def unless_too_large(message: Message) -> None:
            if body.error is None:
                await answer(message)

        credential = digest(_credential(headers))
        try:
            self._let_in(scope, headers, body, credential)
            await self.app(scope, body, unless_too_large)
        except Exception as error:
            if answer.status:  # the answer has begun: nothing can be said any more
                raise
            await (await self._said(Request(scope), body.error or error))(scope, body.receive, answer)
        else:
            if body.error is not None and not answer.status:
                await (await self._said(Request(scope), body.error))(scope, body.receive, answer)
        if scope["state"].get("admitted"):
            self.pace.prove(credential)

    async def _said(self, request: Request, error: Exception) -> Response:
        """The answer to an error; two lines where even that cannot be made."""
        try:
            return await self.on_error(request, error)
        except Exception:
            self.log.exception("no page for an error")
            words = f"whobuys: ошибка в программе / a bug of ours ({request.state.request_id})\n"
            return PlainTextResponse(words, status_code=500)

    def _let_in(self, scope: Scope, headers: Headers, body: _Body, credential: str) -> None:
        """Refuse who comes too often, and what says itself that it is too large, before any of it is read."""
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            raise BadInput("The address holds a character of no text.", ru="В адресе знак, которого нет в текстах.")
        door = door_of(scope["method"], scope["path"])
        if door is not None:
            client = scope.get("client")
            self.pace.take(door, client[0] if client else "", credential)
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit():
            body.expect(int(announced))

    def _note(self, scope: Scope, answer: _Answer) -> None:
        """Count and log a request by its route's template; never the path or the query, which may name a customer."""
        seconds, route = time.monotonic() - answer.began, template(scope)
        self.metrics.ended(scope["method"], route, answer.status or 500, seconds, answer.streamed)
        if (answer.status or 500) == 500:
            self.metrics.crashed()
        fields = {
            "method": scope["method"],
            "route": route,
            "status": answer.status or 500,
            "ms": round(1000 * seconds),
            "request": answer.request_id,
        }
        self.log.info("request", extra={FIELDS: fields})


class _Answer:
    """`send` that dresses the answer and remembers how it went."""

    def __init__(self, scope: Scope, headers: Headers, send: Send) -> None:
        self.send, self.scope = send, scope
        self.began, self.status, self.streamed = time.monotonic(), 0, False
        asked = headers.get("x-request-id", "")
        self.request_id = asked if REQUEST_ID.fullmatch(asked) else random_id("q")
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def __call__(self, message: Message) -> None:
        """Pass a message on, the first one with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            self.streamed = headers.get("content-type", "").startswith("text/event-stream")
            _dress(headers, self.scope, self.request_id)
        await self.send(message)


class _Body:
    """`receive` that stops at a limit. Frameworks turn what a read raises into answers of their own, so it is kept."""

    def __init__(self, receive: Receive, limit: int | None) -> None:
        self.receive, self.limit, self.seen = receive, limit or PLAIN_BODY_BYTES, 0
        self.error: TooLarge | None = None

    async def __call__(self) -> Message:
        """The next piece of the body; raises TooLarge beyond the limit."""
        message = await self.receive()
        self.seen += len(message.get("body", b""))
        self.expect(self.seen)
        return message

    def expect(self, size: int) -> None:
        """Raise TooLarge for a body of so many bytes."""
        if size > self.limit:
            self.error = TooLarge(self.limit)
            raise self.error


def template(scope: Scope) -> str:
    """The route's own pattern (`/api/v1/segments/{segment_id}`), `unmatched` where there is none."""
    if scope["path"].startswith("/static/"):
        return "/static"
    pattern = str(getattr(scope.get("route"), "path", ""))
    if not pattern:
        return "unmatched"
    # An included router's route knows only its own part of the address.
    return API + pattern if scope["path"].startswith(f"{API}/") and not pattern.startswith(API) else pattern


def _credential(headers: Headers) -> str:
    """The key or the sign-in cookie that came with a request, whichever it is."""
    if "authorization" in headers:
        return headers["authorization"]
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def _dress(headers: MutableHeaders, scope: Scope, request_id: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers["X-Request-Id"] = request_id
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = ONLY_HTTPS
    if scope["path"].startswith("/static/"):
        headers["Cache-Control"] = FOREVER
    elif "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"
