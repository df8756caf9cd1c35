"""The error tree. Each error has an HTTP status, a code and a sentence the user can act on.

WhobuysError
├── NotFound          404  no such workspace, run, segment, brief …
├── BadInput          422  the request or file cannot be used as it is
├── Conflict          409  something else changed or is running
├── NotReady          409  a result is asked for before the step that makes it
├── NotAllowed        403  the key's role does not cover this
├── TooMany           429  the sender comes too often (service.web.pace)
└── Unavailable       503  a part we depend on (index, model server) does not answer
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class WhobuysError(Exception):
    """Base of every error meant for a person. `ru` is the same sentence in Russian, where it was written."""

    status = 500
    code = "error"
    headers: Mapping[str, str] = MappingProxyType({})
    """HTTP headers of its answer, where it needs any."""

    def __init__(self, sentence: str, *, ru: str = "", **details: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details
        self._ru = ru

    def said_in(self, language: str) -> str:
        """The sentence in `ru` or `en`; English where there is no other."""
        return self._ru if language == "ru" and self._ru else self.sentence


class NotFound(WhobuysError):
    status = 404
    code = "not_found"


class BadInput(WhobuysError):
    status = 422
    code = "bad_input"


class Conflict(WhobuysError):
    status = 409
    code = "conflict"


class NotReady(WhobuysError):
    status = 409
    code = "not_ready"


class NotAllowed(WhobuysError):
    status = 403
    code = "not_allowed"


class Unavailable(WhobuysError):
    status = 503
    code = "unavailable"
