"""Text made safe for formats: one line, without control characters that no format may carry."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
"""Marks that would turn the reading direction of the text around them."""


def one_line(text: str) -> str:
    """Runs of blanks (line ends too) as one, no-break spaces kept, control and direction marks dropped."""
    cleaned = _DIRECTION.sub("", _CONTROL.sub("", text))
    cleaned = "".join(c for c in cleaned if unicodedata.category(c) != "Cs")
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", cleaned)
