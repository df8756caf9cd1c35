"""Zip archives as streams of files: never unpacked to disk, never more than a budget, never outside themselves."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from ingest.found import FoundFile, clean_name, is_system_file, mebibytes
from ingest.reasons import CannotRead

MAX_ENTRIES = 50_000
MAX_BYTES = 2 * 1024**3
"""What all files of one archive may take when unpacked, archives inside it included."""
MAX_DIRECTORY = 16 * 1024**2
"""Bytes of an archive's list of files; it is held in memory whole."""
MAX_RATIO = 200
"""An entry that unpacks to more than this many times its size, and to over 1 MiB, is refused as a bomb."""
MAX_NESTING = 2
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
"""LZMA may ask for gigabytes of memory in one line, and nothing but experts' tools writes it."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError,
    IndexError,
)  # fmt: skip


@dataclass
class Budget:
    """What one file on disk may still unpack to, however its archives are nested."""

    entries: int = MAX_ENTRIES
    size: int = MAX_BYTES

    def spend(self, entries: int, size: int) -> None:
        """Raises `CannotRead` (`zip_bomb`) when there is not so much left."""
        if entries > self.entries or size > self.size:
            raise CannotRead("zip_bomb", entries=entries, size=mebibytes(size))
        self.entries -= entries
        self.size -= size


def is_archive(stream: BinaryIO) -> bool:
    """A zip container by its first bytes; the stream is left at its start."""
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    return head in (b"PK\x03\x04", b"PK\x05\x06")


def files_inside(
    stream: BinaryIO, place: str, max_bytes: int, budget: Budget, *, prefix: str, depth: int = 0
) -> Iterator[FoundFile]:
    """The files of an archive, or the file itself when it is an Office document. `prefix` goes before their names."""
    try:
        _refuse_long_directory(stream)
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if _is_document(entries):
                yield _document(stream, entries, place, max_bytes)
            elif depth >= MAX_NESTING:
                yield FoundFile(place, problem=CannotRead("zip_nested"))
            elif not entries:
                yield FoundFile(place, problem=CannotRead("folder_empty"))
            else:
                budget.spend(len(entries), sum(entry.file_size for entry in entries if not _is_bomb(entry)))
                for entry in sorted(entries, key=lambda entry: entry.filename):
                    yield from _entry(archive, entry, max_bytes, budget, prefix=prefix, depth=depth)
    except CannotRead as problem:
        yield FoundFile(place, problem=problem)
    except _BROKEN as error:
        yield FoundFile(place, problem=CannotRead("zip_broken", detail=type(error).__name__))


def _refuse_long_directory(stream: BinaryIO) -> None:
    """Look at the size of the list of files before it is read. Raises `CannotRead`."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - 65_600))
    tail = stream.read()
    stream.seek(0)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 20:
        return
    entries, size = struct.unpack("<HL", tail[found + 10 : found + 16])
    wide = tail.rfind(b"PK\x06\x06", 0, found)
    if wide >= 0 and len(tail) >= wide + 48:
        entries, size = struct.unpack("<QQ", tail[wide + 32 : wide + 48])
    if size > MAX_DIRECTORY and size < end:
        raise CannotRead("zip_bomb", entries=entries, size=mebibytes(size))


def _is_document(entries: list[zipfile.ZipInfo]) -> bool:
    """Word, Excel and OpenDocument files are archives too."""
    names = {entry.filename for entry in entries}
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def _document(stream: BinaryIO, entries: list[zipfile.ZipInfo], place: str, max_bytes: int) -> FoundFile:
    size = stream.seek(0, io.SEEK_END)
    if size > max_bytes:
        return FoundFile(place, problem=CannotRead("too_large", size=mebibytes(size), limit=mebibytes(max_bytes)))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > 4 * max_bytes or any(_is_bomb(entry) and entry.file_size > max_bytes for entry in entries):
        return FoundFile(place, problem=CannotRead("zip_bomb", entries=len(entries), size=mebibytes(unpacked)))
    if any(entry.compress_type not in _METHODS for entry in entries):
        return FoundFile(place, problem=CannotRead("zip_broken", detail="compression"))
    stream.seek(0)
    return FoundFile(place, stream.read())


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, budget: Budget, *, prefix: str, depth: int
) -> Iterator[FoundFile]:
    name = _entry_name(entry)
    inside = "/".join(part for part in PurePosixPath(name).parts if part not in ("..", "/", "."))
    place = prefix + (inside or "unnamed")
    if problem := _refused(entry, name, max_bytes):
        yield FoundFile(place, problem=problem)
        return
    try:
        with archive.open(entry) as opened:
            data = opened.read(max_bytes + 1)
    except _BROKEN as error:
        yield FoundFile(place, problem=CannotRead("zip_broken", detail=type(error).__name__))
        return
    if data.startswith(b"PK\x03\x04"):
        yield from files_inside(io.BytesIO(data), place, max_bytes, budget, prefix=f"{place}/", depth=depth + 1)
    else:
        yield FoundFile(place, data)


def _refused(entry: zipfile.ZipInfo, name: str, max_bytes: int) -> CannotRead | None:
    """Why an entry is not even opened."""
    if _escapes(name):
        return CannotRead("zip_outside")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return CannotRead("link_outside")
    if is_system_file(name):
        return CannotRead("system_file")
    if entry.flag_bits & 0x1:
        return CannotRead("zip_encrypted")
    if _is_bomb(entry):
        return CannotRead("zip_bomb", entries=1, size=mebibytes(entry.file_size))
    if entry.file_size > max_bytes:
        return CannotRead("too_large", size=mebibytes(entry.file_size), limit=mebibytes(max_bytes))
    return None if entry.compress_type in _METHODS else CannotRead("zip_broken", detail="compression")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1024**2 and entry.file_size > MAX_RATIO * max(1, entry.compress_size)


def _escapes(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Names in archives made by Russian Windows are cp866 without a mark; zipfile reads those as cp437."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("cp866")
        except UnicodeError:
            name = entry.filename
    return clean_name(name) or "unnamed"
