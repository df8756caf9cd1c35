"""One file on its way through the readers, and the small shapes they share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ingest.encoding import Decoded, decode
from ingest.model import TableMapping
from ingest.readers.json_text import Parsed, parse
from ingest.reasons import reason

RejectedRow = tuple[str, str, dict[str, str]]
"""(code, place, reason by language), as `RawFile.rejects` holds them."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Marks without a glyph: joiners, direction marks, variation selectors, tag characters. They hide words from people."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    r"\s*<(?:!doctype html|html|head|body|table|meta|style|div|p|h\d|\?mso-|(?:\w+:)?workbook)\b|\s*<\?xml[^>]*>", re.I
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True)
class Source:
    """A file: `path` is its ref, `data` its bytes, `kind` what the caller said it is (`--as`), `mappings` what people
    said about tables."""

    path: str
    data: bytes
    kind: str | None = None
    mappings: tuple[TableMapping, ...] = ()

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        return self.name.rsplit(".", 1)[0]

    @property
    def extension(self) -> str:
        return PurePosixPath(self.path).suffix.lower().lstrip(".")

    @property
    def folders(self) -> tuple[str, ...]:
        """Names of the folders above, lower case, nearest last."""
        return tuple(part.lower() for part in PurePosixPath(self.path).parts[:-1])

    @property
    def is_office(self) -> bool:
        """A workbook or document in a container: xlsx, docx, ods, odt (archives were unpacked before), xls."""
        return self.data.startswith((b"PK\x03\x04", OLD_OFFICE))

    @property
    def is_old_office(self) -> bool:
        """A container of old Excel and Word, and of books with a password."""
        return self.data.startswith(OLD_OFFICE)

    @property
    def is_pdf(self) -> bool:
        return self.data[:1024].lstrip(b"\r\n \t\xef\xbb\xbf").startswith(b"%PDF-")

    @property
    def is_rtf(self) -> bool:
        return self.data.startswith(b"{\\rtf")

    @property
    def is_binary(self) -> bool:
        """Whether the bytes are no text by themselves, though a reader may find text in them."""
        return self.is_office or self.is_pdf or self.is_rtf

    @property
    def damaged_lines(self) -> tuple[int, ...]:
        """Lines of a text in which bytes could not be read."""
        return () if self.is_binary else self.decoded.broken

    @property
    def foreign_lines(self) -> tuple[int, ...]:
        """Lines of a text in another encoding than the rest."""
        return () if self.is_binary else self.decoded.mixed

    @cached_property
    def decoded(self) -> Decoded:
        return decode(self.data)

    @cached_property
    def text(self) -> str:
        """The file as text without invisible marks, or empty for what is no text by itself. Raises `CannotRead`."""
        return "" if self.is_binary else _INVISIBLE.sub("", self.decoded.text)

    @cached_property
    def looks_html(self) -> bool:
        """A page, or a workbook in XML: markup from the first sign on."""
        return bool(_MARKUP.match(self.text[:4000]))

    @cached_property
    def looks_json(self) -> bool:
        return self.text.lstrip()[:1] in ("{", "[")

    @cached_property
    def parsed(self) -> Parsed:
        """JSON with the places where it is broken. Raises `CannotRead` (`json_broken`, `json_deep`)."""
        return parse(self.text)

    @property
    def json(self) -> Any:
        """Parsed JSON, or a list of objects for JSON lines. Raises `CannotRead`."""
        return self.parsed.data

    def at(self, line: int) -> str:
        """A place such as `path:12`."""
        return f"{self.path}:{line}"


def rejected(code: str, place: str, **facts: object) -> RejectedRow:
    """A row or file to list, with its sentence."""
    return code, place, reason(code, **facts)


def clean(text: str) -> str:
    """NFC without control and invisible characters; line breaks stay, ends are trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    if not text.isprintable() or _INVISIBLE.search(text) or not unicodedata.is_normalized("NFC", text):
        text = _CONTROL.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return "\n".join(line.strip() for line in text.replace("\xa0", " ").split("\n")).strip()


def listed(values: list[str], limit: int = 12) -> str:
    """Names for a sentence: `a, b, c …`, each cut at 40 characters."""
    shown = [value if len(value) <= 40 else value[:39] + "…" for value in values[:limit]]
    return ", ".join(shown) + (" …" if len(values) > limit else "")
