"""One file on its way through the readers, and the small shapes they share."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ingest.encoding import Decoded, decode
from ingest.reasons import CannotRead, reason

RejectedRow = tuple[str, str, dict[str, str]]
"""(code, place, reason by language), as `RawFile.rejects` holds them."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True)
class Source:
    """A file: `path` is its ref, `data` its bytes, `kind` what the caller said it is (`--as`)."""

    path: str
    data: bytes
    kind: str | None = None

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
        """A zip container: xlsx or docx (archives were unpacked before)."""
        return self.data.startswith(b"PK\x03\x04")

    @cached_property
    def decoded(self) -> Decoded:
        return decode(self.data)

    @cached_property
    def text(self) -> str:
        """The file as text, or empty for Office containers. Raises `CannotRead`."""
        return "" if self.is_office else self.decoded.text

    @cached_property
    def looks_json(self) -> bool:
        return self.text.lstrip()[:1] in ("{", "[")

    @cached_property
    def json(self) -> Any:
        """Parsed JSON, or a list of objects for JSON lines. Raises `CannotRead` (`json_broken`)."""
        try:
            return json.loads(self.text)
        except RecursionError as error:
            raise CannotRead("json_deep") from error
        except ValueError as error:
            lines = [line for line in self.text.splitlines() if line.strip()]
            try:
                if len(lines) > 1:
                    return [json.loads(line) for line in lines]
            except (ValueError, RecursionError):
                pass
            line = getattr(error, "lineno", 1)
            raise CannotRead("json_broken", line=line) from error

    def at(self, line: int) -> str:
        """A place such as `path:12`."""
        return f"{self.path}:{line}"


def rejected(code: str, place: str, **facts: object) -> RejectedRow:
    """A row or file to list, with its sentence."""
    return code, place, reason(code, **facts)


def clean(text: str) -> str:
    """NFC without control and invisible characters; line breaks stay, ends are trimmed."""
    text = _CONTROL.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return "\n".join(line.strip() for line in text.replace("\xa0", " ").split("\n")).strip()


def listed(values: list[str], limit: int = 12) -> str:
    """Names for a sentence: `a, b, c …`, each cut at 40 characters."""
    shown = [value if len(value) <= 40 else value[:39] + "…" for value in values[:limit]]
    return ", ".join(shown) + (" …" if len(values) > limit else "")
