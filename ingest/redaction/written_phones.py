"""Phones in digits that their own marks and lengths tell apart from the numbers around them."""

from __future__ import annotations

import re

from ingest.redaction.spans import Span

_MARK = r"(?:[\s()\-–—‑/]|\.(?!\s))"
_PATTERNS = (
    # Russia: trunk 8 or country 7 and ten digits, of which the first is 3, 4, 8 or 9, marks anywhere between.
    re.compile(rf"(?<![\w$€£.])\+?[78]{_MARK}{{0,3}}[3489](?:{_MARK}{{0,3}}\d){{9}}(?!\d)"),
    # Russia without the trunk code, in its usual groups.
    re.compile(r"(?<![\w$€£.])\(?[3489]\d{2}\)?[\s.\-–‑]{1,2}\d{3}[\s\-–‑.]\d{2}[\s\-–‑.]\d{2}(?!\d)"),
    # North America: area and exchange never begin with 0 or 1.
    re.compile(
        rf"(?<![\w$€£.])(?:\+?1{_MARK}{{0,3}})?(?:\([2-9]\d{{2}}\)\s?|[2-9]\d{{2}}[\s.\-–‑/]{{1,2}})[2-9]\d{{2}}[\s.\-–‑/]\d{{4}}(?!\d)"
    ),
    re.compile(r"(?<!\w)\+1[2-9]\d{9}(?!\d)"),
)
_PLAIN_LIST = re.compile(r"\d+0 \d+0 \d+0")
""" "300 400 1200": prices in a row, not a phone."""


def find_written_phones(text: str) -> list[Span]:
    """Spans of kind `phone`, longer than any number beside them would leave them."""
    return [
        Span(match.start(), match.end(), "phone")
        for pattern in _PATTERNS
        for match in pattern.finditer(text)
        if _PLAIN_LIST.fullmatch(match.group()) is None
    ]
