"""Ways in which files get damaged, by accident or on purpose, and sound ones of every family to try them on."""
# ruff: noqa: E501  (answers of services are easier to compare unwrapped)

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

CASES = Path(__file__).resolve().parent / "cases"
LARGEST = 40_000
"""Bytes of a sound file that takes part: damage shows as well on a part, and thousands are read."""
_ENCODINGS = (
    "cp1251",
    "utf-16",
    "utf-16-le",
    "utf-8-sig",
    "koi8-r",
    "cp866",
    "latin-1",
    "utf-32",
    "mac-cyrillic",
    "utf-7",
)
_ENDINGS = (
    "txt",
    "csv",
    "tsv",
    "json",
    "vtt",
    "srt",
    "md",
    "xlsx",
    "docx",
    "zip",
    "pdf",
    "eml",
    "rtf",
    "html",
    "xls",
    "",
)
_ODD = ("\x00", "\u202e", "\u200b", "\U000e0041", "\ud83d", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "&#x41;", "%s%n", "\x1b[31m",
        "{{7*7}}", "\u0600" * 40, "🏳️‍🌈", '"', "'", ";", "\t", "\r", "٣٫١٤", "1e999", "-0", "NaN", "Ω" * 5000)  # fmt: skip


class Sound(NamedTuple):
    """A file: `damage` names what was done to it, empty for a sound one."""

    name: str
    data: bytes
    damage: str = ""


def sound_files() -> list[Sound]:
    """Some of every kind of the demo companies' files, and small ones of the families those do not have."""
    found: list[Sound] = []
    for case in sorted(CASES.glob("*/inputs")):
        for folder in sorted({path.parent for path in case.rglob("*") if path.is_file()}):
            by_ending: dict[str, list[Path]] = {}
            for path in sorted(path for path in folder.iterdir() if path.is_file()):
                by_ending.setdefault(path.suffix, []).append(path)
            for paths in by_ending.values():
                found += [Sound(str(path.relative_to(case)), path.read_bytes()[:LARGEST]) for path in paths[:6]]
    return found + _made_tables(found) + _answers()


def _made_tables(found: list[Sound]) -> list[Sound]:
    """The demo tables as workbooks, pages and archives."""
    import openpyxl

    made: list[Sound] = []
    for file in [file for file in found if file.name.endswith(".csv")][:6]:
        rows = [
            line.split(";" if ";" in line else ",") for line in file.data.decode("utf-8", "replace").splitlines()[:40]
        ]
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([re.sub(r"[\x00-\x1f]", "", cell) for cell in row])
        held = BytesIO()
        book.save(held)
        stem = file.name.removesuffix(".csv")
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        made += [
            Sound(f"{stem}.xlsx", _timeless(held.getvalue())),
            Sound(f"{stem}.xls", f"<html><table>{cells}</table></html>".encode()),
        ]
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        for file in found[:10]:
            box.writestr(zipfile.ZipInfo(file.name), file.data[:4000])
    made.append(Sound("all.zip", held.getvalue()))
    made.append(Sound("personas/owner.docx", _word()))
    return made


def _word() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Who our client is (owner)", level=1)
    document.add_paragraph("Families who live near by and pay for half a year at once.")
    held = BytesIO()
    document.save(held)
    return _timeless(held.getvalue())


def _timeless(data: bytes) -> bytes:
    """An Office file without the moment it was made, so that the same seed makes the same damage."""
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as made, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        for name in sorted(made.namelist()):
            box.writestr(
                zipfile.ZipInfo(name), re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2026-01-01T00:00:00Z", made.read(name))
            )
    return held.getvalue()


def _answers() -> list[Sound]:
    """Answers of services, one small file each."""
    turns = [{"start": n, "end": n + 1, "speaker": f"SPEAKER_0{n % 2}", "text": f"words of turn {n}"} for n in range(6)]
    words = [{"word": f"w{n}", "startTime": f"{n}s", "endTime": f"{n + 1}s", "speakerTag": n % 2 + 1} for n in range(6)]
    stream = [{"result": {"final": {"alternatives": [{"text": f"слова {n}", "startTimeMs": str(n * 1000)}]}, "channelTag": str(n % 2)}} for n in range(4)]  # fmt: skip
    answers: dict[str, Any] = {
        "calls/gong": {"callTranscripts": [{"callId": "7", "transcript": [{"speakerId": "1", "sentences": turns}]}],
                       "calls": [{"metaData": {"id": "7"}, "parties": [{"speakerId": "1", "affiliation": "External", "name": "Ann"}]}]},
        "calls/google": {"results": [{"alternatives": [{"transcript": "a b", "words": words}]}]},
        "calls/deepgram": {"metadata": {}, "results": {"channels": [{"alternatives": [{"transcript": "a b", "words": words}]}]}},
        "calls/speechkit": stream,
        "meta": {"data": [{"id": "1", "created_time": "2026-01-05", "form_id": "5", "field_data": [{"name": "email", "values": ["a@example.com"]}, {"name": "why?", "values": ["because"]}]}]},
        "amo": {"_embedded": {"leads": [{"id": 26050861, "name": "x", "price": 5, "status_id": 142, "pipeline_id": 1, "created_at": 1738566300, "_embedded": {"contacts": [{"id": 7}]}}]}},
        "hubspot": {"results": [{"id": "501", "properties": {"hs_note_body": "wants a cake", "hs_timestamp": "2026-01-05"}, "associations": {"contacts": {"results": [{"id": "9"}]}}}]},
        "bitrix": {"result": [{"ID": "12", "CREATED": "2026-01-05", "ENTITY_ID": "4", "ENTITY_TYPE": "deal", "COMMENT": "[b]waits[/b]"}]},
    }  # fmt: skip
    letter = b"From: Ann <ann@example.com>\nTo: us@example.org\nSubject: cake\nDate: Tue, 03 Feb 2026 14:05:00 +0300\nMIME-Version: 1.0\nContent-Type: text/plain\n\nTwo tiers.\n"
    return [Sound(f"{name}.json", json.dumps(data, ensure_ascii=False).encode()) for name, data in answers.items()] + [
        Sound("mail/1.eml", letter),
        Sound("notes/a.rtf", rb"{\rtf1\ansi\ansicpg1251 Wants a cake by \b Saturday\b0 .\par}"),
    ]


def damaged(sound: list[Sound], count: int, seed: int) -> Iterator[Sound]:
    """`count` files, each a sound one with one to three damages, under names of their own."""
    at = random.Random(seed)
    names = sorted(DAMAGES)
    for number in range(count):
        file = sound[number % len(sound)] if number < len(sound) else at.choice(sound)
        applied = at.sample(names, at.choice((1, 1, 2, 3)))
        name, data = file.name, file.data
        for one in applied:
            name, data = DAMAGES[one](name, data, sound, at)
        place = PurePosixPath(name)
        yield Sound(str(place.with_name(f"{number:05d}_{place.name}")), data, "+".join(applied))


Damage = Callable[[str, bytes, list[Sound], random.Random], tuple[str, bytes]]


def _flip_bits(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    broken = bytearray(data)
    for _ in range(at.choice((1, 5, 50)) if broken else 0):
        broken[at.randrange(len(broken))] ^= 1 << at.randrange(8)
    return name, bytes(broken)


def _truncate(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    return name, data[: at.randrange(len(data) + 1)]


def _cut_out(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    start = at.randrange(len(data) + 1)
    return name, data[:start] + data[start + at.randrange(1, 4000) :]


def _repeat(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    start = at.randrange(len(data) + 1)
    part = data[start : start + at.randrange(1, 300)]
    return name, data[:start] + part * at.choice((2, 30, 500)) + data[start:]


def _splice(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    other = at.choice(sound).data
    start, stop = at.randrange(len(data) + 1), at.randrange(len(other) + 1)
    return name, data[:start] + other[stop:]


def _insert(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    start = at.randrange(len(data) + 1)
    odd = at.choice(_ODD).encode("utf-8", "surrogatepass")
    return name, data[:start] + odd * at.choice((1, 1, 100)) + data[start:]


def _recode(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    return name, data.decode("utf-8", "replace").encode(at.choice(_ENCODINGS), "replace")


def _recode_half(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    lines = data.split(b"\n")
    start = at.randrange(len(lines))
    page = at.choice(("cp1251", "koi8-r", "cp1252"))
    return name, b"\n".join(
        lines[:start] + [line.decode("utf-8", "replace").encode(page, "replace") for line in lines[start:]]
    )


def _shuffle_columns(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    delimiter = b";" if data.count(b";") > data.count(b",") else b","
    rows = [row.split(delimiter) for row in data.split(b"\n")]
    order = at.sample(range(len(rows[0])), len(rows[0]))
    if at.random() < 0.5:
        order = order[: at.randrange(1, len(order) + 1)]
    return name, b"\n".join(delimiter.join(row[i] for i in order if i < len(row)) for row in rows)


def _change_delimiter(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    return name, data.replace(at.choice((b",", b";", b"\t", b":")), at.choice((b",", b";", b"\t", b"|", b"", b"\x1f")))


def _shuffle_lines(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    lines = data.split(b"\n")
    at.shuffle(lines)
    return name, b"\n".join(lines)


def _change_ends(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    return name, data.replace(b"\n", at.choice((b"\r\n", b"\r", b"\r\r\n", b"", "\u2028".encode(), b"\x0b")))


def _huge_field(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    start = at.randrange(len(data) + 1)
    filler = at.choice((b"x", b"a ", b"1", b"+7 ", b"<", b"[", b'"', b": ", b"\n", b"-", "о".encode(), b"a@", b"&lt;"))
    return name, data[:start] + filler * at.choice((1_000, 30_000, 200_000)) + data[start:]


def _rename(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    ending = at.choice(_ENDINGS)
    return str(PurePosixPath(name).with_suffix(f".{ending}" if ending else "")), data


def _move(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    folder = at.choice(("", "calls", "personas", "creatives", "scripts", "notes", "заметки", "sent", "отклики"))
    return f"{folder}/{PurePosixPath(name).name}".lstrip("/"), data


def _spoil_json(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    """Keys dropped, values of another type, lists for objects; text that is no JSON gets its quotes spoilt."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return name, data.replace(b'"', at.choice((b"'", b"", b'""', "«".encode())))
    return name, json.dumps(_spoilt(value, at, 0.08), ensure_ascii=at.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoilt(value: Any, at: random.Random, share: float) -> Any:
    if at.random() < share:
        return at.choice(
            (
                None,
                True,
                -1,
                1e308,
                10**30,
                "",
                "x",
                [],
                {},
                [[]],
                [None],
                {"": ""},
                "0" * 400,
                value,
                [value],
                {"value": value},
            )
        )
    if isinstance(value, dict):
        return {key: _spoilt(inner, at, share) for key, inner in value.items() if at.random() > share}
    if isinstance(value, list):
        return [_spoilt(inner, at, share) for inner in value]
    return value


def _wrap(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    held = BytesIO()
    with zipfile.ZipFile(
        held, "w", at.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    ) as box:
        for inside in at.sample(
            (name, f"../{name}", "a/b", "/abs.txt", "[Content_Types].xml", "mimetype", "word/document.xml", ""), 3
        ):
            box.writestr(zipfile.ZipInfo(inside or "x"), data)
    return f"{name}.zip", held.getvalue()


def _inside_workbook(name: str, data: bytes, sound: list[Sound], at: random.Random) -> tuple[str, bytes]:
    """One part of an Office file damaged and packed again, so that its container is whole."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as box:
            parts = {entry: box.read(entry) for entry in box.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError, EOFError):
        return _flip_bits(name, data, sound, at)
    chosen = at.choice(sorted(parts)) if parts else ""
    if chosen:
        change = at.choice((_flip_bits, _truncate, _repeat, _cut_out))
        parts[chosen] = change(name, parts[chosen], sound, at)[1]
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        for entry, part in parts.items():
            box.writestr(zipfile.ZipInfo(entry), part)
    return name, held.getvalue()


DAMAGES: dict[str, Damage] = {
    "bits flipped": _flip_bits, "truncated": _truncate, "a part missing": _cut_out, "a part repeated": _repeat, "spliced": _splice,
    "odd characters": _insert, "recoded": _recode, "recoded from the middle": _recode_half, "columns shuffled": _shuffle_columns,
    "delimiters changed": _change_delimiter, "lines shuffled": _shuffle_lines, "line ends changed": _change_ends, "a huge field": _huge_field,
    "renamed": _rename, "moved": _move, "JSON spoilt": _spoil_json, "packed": _wrap, "a part of a container damaged": _inside_workbook,
}  # fmt: skip
"""By name, for the report."""
