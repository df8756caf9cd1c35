"""A file that was found, in a folder or an archive, and the safe name it goes by."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from ingest.reasons import CannotRead

LONGEST_PART = 180
"""Letters of one folder or file name that are kept; file systems allow 255 bytes."""
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True)
class FoundFile:
    """One file with its bytes, or the reason why they could not be had. `path` becomes the ref of documents."""

    path: str
    data: bytes = field(default=b"", repr=False)
    problem: CannotRead | None = None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def clean_name(name: str) -> str:
    """A relative path in NFC with forward slashes, without control characters; very long parts are cut."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    kept = "".join(char for char in plain if char.isprintable())
    if len(kept) <= LONGEST_PART:
        return kept
    return "/".join(map(_cut, kept.split("/")[-12:]))


def _cut(part: str) -> str:
    """A long name with its ending, and a few letters that tell it from others cut alike."""
    if len(part) <= LONGEST_PART:
        return part
    mark = hashlib.sha256(part.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{part[: LONGEST_PART - 30]}~{mark}{PurePosixPath(part).suffix[:12]}"


def is_system_file(place: str) -> bool:
    """Files the operating system or an editor leaves behind."""
    parts = [part.lower() for part in PurePosixPath(place).parts]
    return any(part in _SYSTEM_NAMES for part in parts) or parts[-1].startswith(("~$", "._"))


def mebibytes(size: int) -> str:
    """A size for a sentence."""
    return f"{size / 1024**2:.0f}" if size >= 1024**2 else f"{size / 1024**2:.2f}"
