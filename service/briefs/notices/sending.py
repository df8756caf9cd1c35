"""One signed request to a webhook: to the address that was checked, no redirects, little patience."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from typing import NamedTuple

from service.briefs.notices.address import Refused, Target, resolved

SECONDS = 10.0
"""For connecting, and again for each silence of the other side."""
SECONDS_IN_ALL = 30.0
"""For a whole attempt: a side that answers a letter at a time is not waited for."""


class Outcome(NamedTuple):
    """What came of an attempt: the status answered, or a code of what went wrong."""

    answer: int | None
    error: str

    @property
    def arrived(self) -> bool:
        """Whether the other side took the message."""
        return self.answer is not None and 200 <= self.answer < 300

    @property
    def hopeless(self) -> bool:
        """Whether the other side says that nobody is there any more."""
        return self.answer == http.HTTPStatus.GONE


def post(target: Target, headers: dict[str, str], body: bytes, private: bool = False) -> Outcome:
    """Send; never raises for what the other side does."""
    try:
        address = resolved(target, private)
    except Refused as error:
        return Outcome(None, error.code)
    except OSError:
        return Outcome(None, "no_such_name")
    connection = _Pinned(target, address)
    patience = threading.Timer(SECONDS_IN_ALL, connection.hang_up)
    patience.daemon = True
    patience.start()
    try:
        connection.request("POST", target.path, body, {"content-type": "application/json", **headers})
        status = connection.getresponse().status
        return Outcome(status, "" if 200 <= status < 300 else "not_taken")
    except TimeoutError:
        return Outcome(None, "timeout")
    except ssl.SSLError:
        return Outcome(None, "certificate")
    except (OSError, http.client.HTTPException):
        return Outcome(None, "no_connection")
    finally:
        patience.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to a numeric address under the name it was found by (certificate and Host are of the name)."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target, self._address = target, address
        self.default_port = 443 if target.secure else 80

    def hang_up(self) -> None:
        """End the connection from another thread; whoever waits for an answer sees it end."""
        sock = self.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        """Connect to the address that was checked."""
        raw = socket.create_connection((self._address, self._target.port), SECONDS)
        raw.settimeout(SECONDS)
        if self._target.secure:
            try:
                raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)
            except BaseException:
                raw.close()
                raise
        self.sock = raw
