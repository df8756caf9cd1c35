"""What came over HTTP, laid down as files under safe relative names, ready for the same door the command line uses."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ingest.contacts import emails_in, phones_in
from service.core.errors import BadInput
from service.core.ids import text_hash

MAX_FILES = 5000
"""Files in one upload."""
MAX_UPLOAD_BYTES = 1024 * 1024 * 1024
"""One upload, all files together; each file has its own limit in the settings."""
MAX_NOTE_LETTERS = 200_000
"""Letters of a pasted note."""
KINDS = ("call", "note", "ad_response", "deals", "ad_spend", "persona", "creative", "script")
"""What the sender may say an upload is."""

_NAME_LETTERS = 120
_DEPTH = 8
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def safe_path(name: str, number: int = 1) -> PurePosixPath:
    """A name as a browser sent it, as a relative path that stays inside its folder: no drive, `..`, control character.

    Letters of any language stay; an empty name becomes `file-<number>`.
    """
    parts: list[str] = []
    for part in re.split(r"[/\\]+", unicodedata.normalize("NFC", name)):
        clean = _FORBIDDEN.sub("_", part.encode("utf-8", "replace").decode()).strip(" .")
        if clean and not re.fullmatch(r"[A-Za-z]_", clean):
            stem, dot, ending = clean.rpartition(".")
            clean = f"{stem[: _NAME_LETTERS - 10]}{dot}{ending[:9]}" if len(clean) > _NAME_LETTERS else clean
            parts.append(clean)
    return PurePosixPath(*parts[-_DEPTH:]) if parts else PurePosixPath(f"file-{number}")


def without_container(paths: list[PurePosixPath]) -> list[PurePosixPath]:
    """Drop the one folder that holds everything, as `whobuys ingest FOLDER` does.

    Only when it holds folders itself: a folder of files such as `personas/` says by its name what they are.
    """
    tops = {path.parts[0] for path in paths if len(path.parts) > 1}
    if len(tops) == 1 and all(len(p.parts) > 1 for p in paths) and any(len(p.parts) > 2 for p in paths):
        return [PurePosixPath(*path.parts[1:]) for path in paths]
    return paths


def free_place(folder: Path, relative: PurePosixPath) -> Path:
    """Where to write: two parts of one name in one upload do not overwrite each other."""
    place = folder.joinpath(*relative.parts)
    number = 2
    while place.exists() or any(parent.is_file() for parent in place.parents if parent != folder):
        place = folder.joinpath(*relative.parts[:-1]) / f"{relative.stem}-{number}{relative.suffix}"
        if any(parent.is_file() for parent in place.parents):
            place = folder / f"{relative.stem}-{number}{relative.suffix}"
        number += 1
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def lay_down(stream: BinaryIO, folder: Path, name: str | None) -> Path:
    """Standard input as a file in `folder`; the path to ingest. Raises BadInput when it is empty or too large.

    Without a name it is called by its own bytes: the same input twice is the same file, another one replaces nothing.
    """
    place = folder / "input"
    digest, size = sha256(), 0
    with place.open("wb") as held:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > MAX_UPLOAD_BYTES:
                raise BadInput(
                    f"Standard input is over {MAX_UPLOAD_BYTES // 1024**2} MiB; send it in parts or as a folder.",
                    ru=f"На вход подано больше {MAX_UPLOAD_BYTES // 1024**2} МиБ; отправьте частями или папкой.",
                )
            digest.update(block)
            held.write(block)
    if not size:
        raise BadInput("Standard input is empty.", ru="На стандартном входе ничего нет.")
    relative = safe_path(name) if name else PurePosixPath(f"stdin-{digest.hexdigest()[:12]}")
    root = folder / "named"
    final = free_place(root, relative)
    place.rename(final)
    return root if len(relative.parts) > 1 else final


@dataclass(frozen=True)
class Note:
    """What a seller wrote after a talk, and whose it is where they said so."""

    text: str = field(repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    day: date | None = None

    @property
    def name(self) -> str:
        """A name for its file: the same note of the same customer on the same day is the same file."""
        return f"note-{text_hash(chr(31).join((self.text, self.phone, self.email, str(self.day or ''))))[:12]}"


def checked_note(text: str, phone: str = "", email: str = "", day: str = "", today: date | None = None) -> Note:
    """A note with its customer's contacts and the day of the talk (ISO, or as a Russian writes it).

    BadInput for an empty or too long text, for what is no telephone, no e-mail, no day, or a day to come.
    """
    text, phone, email, day = text.strip(), phone.strip(), email.strip(), day.strip()
    if not text:
        raise BadInput("The note is empty.", ru="Заметка пустая.")
    if len(text) > MAX_NOTE_LETTERS:
        raise BadInput(
            f"The note has {len(text)} letters; at most {MAX_NOTE_LETTERS} fit. Save it as a file and upload that.",
            ru=f"В заметке {len(text)} знаков, помещается {MAX_NOTE_LETTERS}. Сохраните её файлом и загрузите файл.",
        )
    if phone and not phones_in(phone):
        raise BadInput(
            "This is not a telephone: write it with the code, such as +7 900 000-00-00.",
            ru="Это не телефон: запишите его с кодом, например +7 900 000-00-00.",
        )
    if email and not emails_in(email):
        raise BadInput(
            "This is not an e-mail: write it whole, such as name@example.com.",
            ru="Это не адрес почты: запишите его целиком, например name@example.com.",
        )
    return Note(text, phone, email, _day(day, today) if day else None)


def _day(written: str, today: date | None) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"):
        try:
            day = datetime.strptime(written, form).date()
        except ValueError:
            continue
        if today is not None and day > today + timedelta(days=1):  # somebody east of us may already have tomorrow
            raise BadInput("The day of the talk is still to come.", ru="День разговора ещё не наступил.")
        return day
    raise BadInput(
        f"{written!r} is not a day: write 2026-02-03.", ru=f"{written!r} — не дата: запишите её как 03.02.2026."
    )


def note_table(note: Note, today: date) -> str:
    """A note as the one row of a table of notes, with the contacts given or those its text holds: so it finds its
    customer."""
    phones = (note.phone,) if note.phone else phones_in(note.text)
    emails = (note.email,) if note.email else emails_in(note.text)
    held = io.StringIO()
    table = csv.writer(held)
    table.writerow(("Note ID", "Activity date", "Phone", "Email", "Note body"))
    first = (phones[0] if phones else "", emails[0] if emails else "")
    table.writerow((note.name.removeprefix("note-"), (note.day or today).isoformat(), *first, note.text))
    return held.getvalue()
