"""Other people's words inside a message: between marks made anew for every call, which the words cannot close.

Marks do not make an injection harmless (a model may obey anyway): what it writes is checked all the same. They tell an
honest model where the data end (delimiting and provenance of "spotlighting", arXiv 2403.14720).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
"""Control characters, zero-width and direction marks, variation selectors, tag characters: carriers of hidden text."""
_SPECIAL = re.compile(r"<(?=[|/\w])|\[(?=/?INST|/?SYS)|<<|>>", re.IGNORECASE)
"""What chat templates use as their own marks."""
_ROLE = re.compile(
    r"^(\s*)(system|assistant|user|human|developer|система|ассистент)(\s*):", re.IGNORECASE | re.MULTILINE
)
_DATA = {"ru": "данные", "en": "data"}
_END = {"ru": "конец данных", "en": "end of data"}


def new_mark() -> str:
    """An unguessable mark for one message."""
    return secrets.token_hex(12)


def quoter(language: str, mark: str | None = None) -> Callable[[str, str], str]:
    """A function (kind, text) → the text in this message's marks. `mark` is given in tests only."""
    token = mark or new_mark()
    known = "ru" if language == "ru" else "en"

    def quote(kind: str, text: str) -> str:
        body = harmless(text).replace(token, "")
        return f"<<{_DATA[known]} {token} {kind}>>\n{body}\n<<{_END[known]} {token}>>"

    return quote


def harmless(text: str) -> str:
    """The text without hidden characters, and with the marks of chat templates as plain letters."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n"))
    return _ROLE.sub(r"\1\2\3 :", _SPECIAL.sub(lambda found: " ".join(found.group()) + " ", seen))
