"""Files, folders and archives to a stream of files with safe relative names."""

from __future__ import annotations

import hashlib
import io
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.reasons import CannotRead

MAX_ARCHIVE_ENTRIES = 50_000
MAX_ARCHIVE_BYTES = 2 * 1024**3
"""What all files of one archive may take when unpacked."""
MAX_RATIO = 200
"""An entry that unpacks to more than this many times its size, and to over 1 MiB, is refused as a bomb."""
MAX_NESTING = 2
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file with its bytes, or the reason why they could not be had. `path` becomes the ref of documents."""

    path: str
    data: bytes = b""
    problem: CannotRead | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def walk(paths: Sequence[Path], max_bytes: int) -> Iterator[FoundFile]:
    """Every file under `paths` in name order. A lone file is named by its name, others relative to their folder.

    A name met twice (two folders given at once) gets the folder's name in front, so refs stay unique.
    """
    taken: set[str] = set()
    for path in paths:
        for found in _of_path(path, max_bytes):
            name = _free_name(found.path, path, taken)
            taken.add(name)
            yield FoundFile(name, found.data, found.problem)


def _free_name(name: str, root: Path, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        folder = clean_name(root.parent.name if root.is_file() else root.resolve().name) or "files"
        candidate = f"{folder}/{name}" if number == 1 else f"{folder}-{number}/{name}"
        number += 1
    return candidate


def clean_name(name: str) -> str:
    """A relative path in NFC with forward slashes and without control characters."""
    return "".join(char for char in unicodedata.normalize("NFC", name).replace("\\", "/") if char.isprintable())


def _of_path(path: Path, max_bytes: int) -> Iterator[FoundFile]:
    if path.is_dir():
        yield from _of_folder(path, max_bytes)
    elif path.exists():
        yield from _of_file(path, path.name, max_bytes, alone=True)
    else:
        yield FoundFile(clean_name(path.name), problem=CannotRead("missing"))


def _of_folder(root: Path, max_bytes: int) -> Iterator[FoundFile]:
    inside = root.resolve()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            place = clean_name(path.relative_to(root).as_posix())
            if not path.resolve().is_relative_to(inside):
                yield FoundFile(place, problem=CannotRead("link_outside"))
            else:
                yield from _of_file(path, place, max_bytes, alone=False)
        for name in [name for name in folders if (Path(folder) / name).is_symlink()]:
            place = (Path(folder) / name).relative_to(root).as_posix()
            yield FoundFile(clean_name(place), problem=CannotRead("link_outside"))


def _of_file(path: Path, place: str, max_bytes: int, *, alone: bool) -> Iterator[FoundFile]:
    place = clean_name(place)
    try:
        size = path.stat().st_size
        if not path.is_file():
            yield FoundFile(place, problem=CannotRead("not_a_file"))
        elif is_system_file(place):
            yield FoundFile(place, problem=CannotRead("system_file"))
        elif size > max_bytes and not _looks_like_archive(path):
            yield FoundFile(place, problem=CannotRead("too_large", size=_mib(size), limit=_mib(max_bytes)))
        else:
            yield from unpacked(place, path.read_bytes(), max_bytes, prefix="" if alone else f"{place}/")
    except OSError as error:
        yield FoundFile(place, problem=CannotRead("unreadable", detail=error.strerror or type(error).__name__))


def _looks_like_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04" and path.stat().st_size <= MAX_ARCHIVE_BYTES // 4


def _mib(size: int) -> str:
    return f"{size / 1024**2:.0f}" if size >= 1024**2 else f"{size / 1024**2:.2f}"


def is_system_file(place: str) -> bool:
    """Files the operating system or an editor leaves behind."""
    parts = [part.lower() for part in PurePosixPath(place).parts]
    return any(part in _SYSTEM_NAMES for part in parts) or parts[-1].startswith(("~$", "._"))


def unpacked(place: str, data: bytes, max_bytes: int, *, prefix: str, depth: int = 0) -> Iterator[FoundFile]:
    """The file itself, or the files inside when it is an archive (Office documents are not)."""
    if not data.startswith(b"PK\x03\x04"):
        if len(data) > max_bytes:
            yield FoundFile(place, problem=CannotRead("too_large", size=_mib(len(data)), limit=_mib(max_bytes)))
        else:
            yield FoundFile(place, data)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _archive_files(archive, place, data, max_bytes, prefix=prefix, depth=depth)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        yield FoundFile(place, problem=CannotRead("zip_broken", detail=type(error).__name__))


def _archive_files(
    archive: zipfile.ZipFile, place: str, data: bytes, max_bytes: int, *, prefix: str, depth: int
) -> Iterator[FoundFile]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ARCHIVE_ENTRIES or total > MAX_ARCHIVE_BYTES:
        yield FoundFile(place, problem=CannotRead("zip_bomb", entries=len(entries), size=_mib(total)))
        return
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        if len(data) > max_bytes or any(_is_bomb(entry) and entry.file_size > max_bytes for entry in entries):
            yield FoundFile(place, problem=CannotRead("zip_bomb", entries=len(entries), size=_mib(total)))
        else:
            yield FoundFile(place, data)
        return
    if depth >= MAX_NESTING:
        yield FoundFile(place, problem=CannotRead("zip_nested"))
        return
    for entry in sorted(entries, key=lambda entry: entry.filename):
        yield from _archive_entry(archive, entry, max_bytes, prefix=prefix, depth=depth)


def _archive_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, *, prefix: str, depth: int
) -> Iterator[FoundFile]:
    name = _entry_name(entry)
    place = prefix + "/".join(part for part in PurePosixPath(name).parts if part not in ("..", "/", "."))
    if _escapes(name):
        yield FoundFile(place, problem=CannotRead("zip_outside"))
    elif is_system_file(name):
        yield FoundFile(place, problem=CannotRead("system_file"))
    elif entry.flag_bits & 0x1:
        yield FoundFile(place, problem=CannotRead("zip_encrypted"))
    elif _is_bomb(entry):
        yield FoundFile(place, problem=CannotRead("zip_bomb", entries=1, size=_mib(entry.file_size)))
    elif entry.file_size > max_bytes:
        yield FoundFile(place, problem=CannotRead("too_large", size=_mib(entry.file_size), limit=_mib(max_bytes)))
    else:
        yield from _opened_entry(archive, entry, place, max_bytes, depth=depth)


def _opened_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str, max_bytes: int, *, depth: int
) -> Iterator[FoundFile]:
    try:
        with archive.open(entry) as stream:
            data = stream.read(max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        yield FoundFile(place, problem=CannotRead("zip_broken", detail=type(error).__name__))
        return
    yield from unpacked(place, data, max_bytes, prefix=f"{place}/", depth=depth + 1)


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
    return clean_name(name)
