"""Small exports of telephony, recognition services and CRMs, written to a folder as their owners would."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.model import Harvest, IngestOptions
from ingest.pipeline import harvest

OPTIONS = IngestOptions(salt=b"a salt of one workspace")


def folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by relative path; text as UTF-8."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def harvested(root: Path, files: Mapping[str, str | bytes], options: IngestOptions = OPTIONS) -> Harvest:
    """Write files and harvest their folder."""
    return harvest([folder(root, files)], options)


def as_json(data: Any) -> str:
    """JSON as services write it."""
    return json.dumps(data, ensure_ascii=False)


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    """A text table with every cell in quotes."""
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(quoted) + "\r\n"


def workbook(path: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    """An xlsx file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def archive(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip file with these entries, names taken as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def codes(found: Harvest) -> dict[str, str]:
    """place → code of every reject."""
    return {reject.place: reject.code for reject in found.rejects}
