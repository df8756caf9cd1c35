"""Files, folders and archives to a stream of files with safe relative names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from ingest.archives import Budget, files_inside, is_archive
from ingest.found import FoundFile, clean_name, is_system_file, mebibytes
from ingest.reasons import CannotRead

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
"""How names of files end that are tables."""


class Names:
    """Names already given, so that refs stay unique."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def free(self, name: str, root: Path) -> str:
        """The name, or with the folder's name in front when it was met before (two folders given at once)."""
        candidate = name
        while candidate in self._taken:
            folder = clean_name(root.parent.name if root.is_file() else root.resolve().name) or "files"
            number = self._next.get(name, 1)
            self._next[name] = number + 1
            candidate = f"{folder}/{name}" if number == 1 else f"{folder}-{number}/{name}"
        self._taken.add(candidate)
        return candidate


def walk(paths: Sequence[Path], max_bytes: int) -> Iterator[FoundFile]:
    """Every file under `paths` in name order, one at a time. A lone file is named by its name, others relative to
    their folder; names stay unique."""
    names = Names()
    for path in paths:
        for found in _of_path(path, max_bytes):
            yield FoundFile(names.free(found.path, path), found.data, found.problem)


def outgrows(paths: Sequence[Path], max_bytes: int, most: int) -> bool:
    """Whether the files under `paths`, unpacked, are more than `most` bytes; stops looking as soon as they are."""
    size = 0
    for found in walk(paths, max_bytes):
        size += len(found.data)
        if size > most:
            return True
    return False


def tables_first(paths: Sequence[Path], max_bytes: int) -> Iterator[FoundFile]:
    """The files of `walk` under the same names, tables before all others, one at a time in memory."""
    for wanted in (True, False):
        yield from (found for found in walk(paths, max_bytes) if found.path.lower().endswith(TABLES) is wanted)


def _of_path(path: Path, max_bytes: int) -> Iterator[FoundFile]:
    if path.is_dir():
        yield from _of_folder(path, max_bytes)
    elif path.exists():
        yield from _of_file(path, path.name, max_bytes, alone=True)
    else:
        yield FoundFile(clean_name(path.name) or "unnamed", problem=CannotRead("missing"))


def _of_folder(root: Path, max_bytes: int) -> Iterator[FoundFile]:
    inside = root.resolve()
    closed: list[OSError] = []
    empty = True
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            empty = False
            path = Path(folder) / name
            place = _place(path, root)
            if not _stays(path, inside):
                yield FoundFile(place, problem=CannotRead("link_outside"))
            else:
                yield from _of_file(path, place, max_bytes, alone=False)
        for name in [name for name in folders if (Path(folder) / name).is_symlink()]:
            empty = False
            yield FoundFile(_place(Path(folder) / name, root), problem=CannotRead("link_outside"))
    for error in closed:
        empty = False
        place = _place(Path(str(error.filename)), root)
        yield FoundFile(place, problem=CannotRead("unreadable", detail=error.strerror or type(error).__name__))
    if empty:
        yield FoundFile(clean_name(inside.name) or "unnamed", problem=CannotRead("folder_empty"))


def _place(path: Path, root: Path) -> str:
    relative = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return clean_name(relative if relative != "." else path.name) or "unnamed"


def _stays(path: Path, inside: Path) -> bool:
    """Whether a file, followed through its links, lies in the folder; a link to itself leads nowhere."""
    try:
        return path.resolve().is_relative_to(inside)
    except (OSError, RuntimeError):
        return False


def _of_file(path: Path, place: str, max_bytes: int, *, alone: bool) -> Iterator[FoundFile]:
    place = clean_name(place) or "unnamed"
    if is_system_file(place):
        yield FoundFile(place, problem=CannotRead("system_file"))
        return
    try:
        with _opened(path) as stream:
            if is_archive(stream):
                yield from files_inside(stream, place, max_bytes, Budget(), prefix="" if alone else f"{place}/")
            else:
                yield FoundFile(place, _whole(stream, max_bytes))
    except CannotRead as problem:
        yield FoundFile(place, problem=problem)
    except OSError as error:
        yield FoundFile(place, problem=CannotRead("unreadable", detail=error.strerror or type(error).__name__))


def _opened(path: Path) -> BinaryIO:
    """A regular file for reading; anything else is refused before and after opening, and a pipe is never waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise CannotRead("not_a_file")
    number = os.open(path, _OPEN)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise CannotRead("not_a_file")
    return open(number, "rb")


def _whole(stream: BinaryIO, max_bytes: int) -> bytes:
    """All bytes of a file that stays as it is while it is read; tried twice. Raises `CannotRead`."""
    for _ in range(2):
        before = os.fstat(stream.fileno())
        if before.st_size > max_bytes:
            raise CannotRead("too_large", size=mebibytes(before.st_size), limit=mebibytes(max_bytes))
        stream.seek(0)
        data = stream.read(max_bytes + 1)
        after = os.fstat(stream.fileno())
        if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
            return data
    raise CannotRead("changing")
