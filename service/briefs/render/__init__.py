"""A finished brief in a format people or programs read: `render(brief, 'md')` gives bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Literal, cast

from service.briefs.model import Brief
from service.core.errors import BadInput
from service.core.records import to_json

Format = Literal["md", "html", "docx", "pdf", "json"]
FORMATS: tuple[Format, ...] = ("md", "html", "docx", "pdf", "json")
MEDIA_TYPES: dict[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
_MAKERS = {"md": "markdown:markdown", "html": "html:html", "docx": "docx:docx", "pdf": "pdf:pdf"}
"""Loaded on first use: python-docx and typst are heavy."""


def render(brief: Brief, format: str) -> bytes:
    """The brief in one of `FORMATS`; BadInput for any other."""
    if format not in FORMATS:
        known = ", ".join(FORMATS)
        raise BadInput(
            f"Briefs come as {known}; {format!r} is none of them.",
            ru=f"Брифы бывают в форматах {known}; {format!r} среди них нет.",
        )
    if format == "json":
        return json.dumps(to_json(brief), ensure_ascii=False, indent=1, sort_keys=True).encode()
    module, _, name = _MAKERS[format].partition(":")
    make = cast("Callable[[Brief], str | bytes]", getattr(import_module(f"service.briefs.render.{module}"), name))
    made = make(brief)
    return made.encode() if isinstance(made, str) else made
