"""Bytes to text: byte-order marks, UTF-8, UTF-16, the Cyrillic code pages, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ingest.reasons import CannotRead

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"ID3", "MP3"),
    (b"\xff\xfb", "MP3"),
    (b"RIFF", "WAV/AVI"),
    (b"OggS", "OGG"),
    (b"fLaC", "FLAC"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\xd0\xcf\x11\xe0", "XLS/DOC (old Microsoft Office)"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
"""First bytes of formats people put beside their exports; named in the reject so that the reader knows the file."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC_PAGES = ("cp1251", "koi8_r", "cp866", "mac_cyrillic")
_COMMON = frozenset("оеаинтсрвлкмдпу")
_EXPECTED = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ«»—–…№„“”’\xa0₽°")
_RARE_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MIXED = 0.1
"""Share of the lines beyond ASCII that must be UTF-8 for the others to be taken for another encoding."""
MAX_BROKEN = 0.02
"""A text whose broken UTF-8 bytes are under this share of its letters beyond ASCII is UTF-8 with damage."""


class Decoded(NamedTuple):
    """`broken` holds 1-based numbers of lines in which bytes could not be read and stand as U+FFFD, `mixed` those
    written in another encoding than the rest."""

    text: str
    encoding: str
    broken: tuple[int, ...]
    mixed: tuple[int, ...] = ()


def signature_of(data: bytes) -> str | None:
    """The name of the binary format `data` begins like, if any."""
    if data[4:8] == b"ftyp":
        return "MP4/M4A"
    return next((name for start, name in SIGNATURES if data.startswith(start)), None)


def decode(data: bytes) -> Decoded:
    """Text of `data` with line ends as `\\n`. Raises `CannotRead` (`empty`, `binary`, `encoding`)."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"):
        raise CannotRead("empty")
    if found := signature_of(data):
        raise CannotRead("binary", format=found)
    if two := _mixed(data):
        return two
    text, encoding = _decoded(data)
    broken = tuple(number for number, line in enumerate(text.split("\n"), 1) if "\ufffd" in line)
    return Decoded(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), encoding, broken)


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    if wide := _utf16_without_mark(data):
        return data.decode(wide, errors="replace"), wide
    if len(_RARE_CONTROL.findall(data[:65536])) > len(data[:65536]) * 0.005:
        raise CannotRead("binary", format="binary")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _single_byte(data)


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with whole lines of a Cyrillic code page: two exports that were put into one file."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data.isascii() or 0 in data[:4096]:
        return None
    try:
        data.decode("utf-8")
        return None
    except UnicodeDecodeError:
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    read = [_utf8_line(line) for line in lines]
    foreign = [number for number, line in enumerate(read) if line is None]
    beyond = sum(line is not None and not line.isascii() for line in read)
    if len(foreign) == len(lines) or beyond < MIXED * (beyond + len(foreign)):
        return None
    rest = b"\n".join(lines[number] for number in foreign)
    best, page = max((_russianness(rest, page), page) for page in _CYRILLIC_PAGES)
    if best < 0.45 or _damaged_utf8(rest):
        return None
    text = "\n".join(
        raw.decode(page, "replace") if line is None else line for raw, line in zip(lines, read, strict=True)
    )
    mixed = tuple(number + 1 for number in foreign)
    return Decoded(text.removeprefix("\ufeff"), f"utf-8+{page}", (), mixed)


def _utf8_line(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Little or big endian by the high bytes: 0 for Latin and 4 for Cyrillic stand at one parity only."""
    head = data[: 4096 - len(data) % 2]
    if len(head) < 8 or head.count(0) + head.count(4) < len(head) * 0.3:
        return None
    odd = sum(byte in (0, 4) for byte in head[1::2])
    even = sum(byte in (0, 4) for byte in head[::2])
    half = len(head) // 2
    if odd > 0.8 * half > even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * half > odd else None


def _damaged_utf8(data: bytes) -> tuple[str, str] | None:
    text = data.decode("utf-8", errors="replace")
    beyond_ascii = sum(char > "\x7f" for char in text)
    broken = text.count("\ufffd")
    if broken <= max(3, beyond_ascii * MAX_BROKEN) and broken < beyond_ascii / 3:
        return text, "utf-8"
    return None


def _single_byte(data: bytes) -> tuple[str, str]:
    """The Cyrillic code page whose letters are most like Russian; else a Latin one; else charset-normalizer."""
    high = [byte for byte in data if byte > 0x7F]
    letters = sum(bytes([byte]).isalpha() for byte in data if byte < 0x80)
    scored = sorted(((_russianness(data, page), page) for page in _CYRILLIC_PAGES), reverse=True)
    best, page = scored[0]
    if best >= 0.45 and len(high) > 0.03 * max(1, letters):
        return data.decode(page, errors="replace"), page
    if len(high) <= 0.1 * max(1, letters):
        return data.decode("cp1252", errors="replace"), "cp1252"
    return _guessed(data)


def _russianness(data: bytes, page: str) -> float:
    """How much the characters beyond ASCII look like Russian: common small letters, and hardly anything but letters."""
    text = data[:65536].decode(page, errors="replace")
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    strange = sum(char not in _EXPECTED for char in beyond)
    return (sum(char in _COMMON for char in beyond) - strange) / len(beyond)


def _guessed(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:262144]).best()
    if best is None:
        raise CannotRead("encoding")
    return data.decode(best.encoding, errors="replace"), best.encoding
