"""What the company wrote itself: personas, creatives, sales scripts, whatever document they are kept in."""

from __future__ import annotations

import re
from functools import cache

import yaml

from ingest.model import Stakeholder, StakeholderText, TextKind
from ingest.raw import RawFile
from ingest.readers.source import Source, clean
from ingest.reasons import CannotRead, packaged

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BULLET = re.compile(r"^\s*[-*•]\s+\**(?P<key>[^\W\d_][^:*\n]{0,40}?)\**\s*:\**\s*(?P<value>\S.*)$")
_PLAIN_FIELD = re.compile(r"^\**(?P<key>[^\W\d_][\w -]{0,30}?)\**\s*:\**\s*(?P<value>\S.*)$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.+?)\s*#*\s*$", re.MULTILINE)
_EXTENSIONS = frozenset({"md", "markdown", "txt", "text", "docx", "odt", "rtf", "pdf", "html", "htm", "eml", "rst", ""})
LEAD = 600
"""Characters at the start in which the writer says who they are."""


def kind_of(source: Source) -> TextKind | None:
    """The kind of prose by `--as`, the folders, the file's name, or the first heading; None for other files."""
    if source.kind:
        return next(
            (TextKind(kind) for kind, names in packaged("prose.yaml")["forced"].items() if source.kind in names), None
        )
    if source.extension not in _EXTENSIONS or source.is_binary:
        return None
    for folder in reversed(source.folders):
        if found := _kind_in(folder):
            return found
    if found := _kind_in(source.stem.lower()):
        return found
    heading = _HEADING.search(source.text[:LEAD])
    return _kind_in(heading["title"].lower()) if heading else None


@cache
def _patterns(section: str) -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})(?![^\W_])")
        for name, words in packaged("prose.yaml")[section].items()
    }


def _kind_in(text: str) -> TextKind | None:
    plain = text.lower().replace("ё", "е")
    return next((TextKind(kind) for kind, pattern in _patterns("kinds").items() if pattern.search(plain)), None)


def read(source: Source, kind: TextKind) -> RawFile:
    """One text. Raises `CannotRead` (`empty`) when nothing is written."""
    body = clean(source.text)
    if not re.search(r"[^\W\d_]{2}", body):
        raise CannotRead("empty")
    return RawFile(
        texts=(
            StakeholderText(
                ref=source.path,
                kind=kind,
                name=_title(body) or source.stem,
                text=body,
                language="",
                content_hash="",
                stakeholder=stakeholder_of(source, body) if kind is TextKind.PERSONA else None,
                attributes=attributes_of(body) if kind is TextKind.CREATIVE else (),
            ),
        ),
        rows=1,
    )


def stakeholder_of(source: Source, text: str) -> Stakeholder | None:
    """Whose picture it is: by the file's name, the heading, the first lines; None when none tells."""
    heading = _HEADING.search(text)
    places = (source.stem, heading["title"] if heading else "", text[:LEAD])
    for place in places:
        if found := _earliest_stakeholder(place):
            return found
    return next((found for folder in reversed(source.folders) if (found := _earliest_stakeholder(folder))), None)


def _earliest_stakeholder(place: str) -> Stakeholder | None:
    plain = re.sub(r"[_]", " ", place.lower().replace("ё", "е"))
    hits = [
        (found.start(), name) for name, pattern in _patterns("stakeholders").items() if (found := pattern.search(plain))
    ]
    return Stakeholder(min(hits)[1]) if hits else None


def _title(text: str) -> str | None:
    body = _FRONT_MATTER.sub("", text)
    if heading := _HEADING.search(body):
        return re.sub(r"[*_`]", "", heading["title"]).strip()
    first = next((line.strip() for line in body.split("\n") if line.strip()), "")
    return first.strip("*_ ") if 0 < len(first) <= 80 else None


def attributes_of(text: str) -> tuple[tuple[str, str], ...]:
    """Fields of a creative in file order: YAML front matter, then bullets or lines of `key: value` on top."""
    fields: list[tuple[str, str]] = []
    body = text
    if front := _FRONT_MATTER.match(text):
        body = text[front.end() :]
        fields += _front_fields(front["fields"])
    for line in body.split("\n"):
        if not line.strip() or _HEADING.match(line):
            if fields and not line.strip():
                break
            continue
        found = _BULLET.match(line) or (_PLAIN_FIELD.match(line) if not line.startswith("**") else None)
        if found is None:
            break
        fields.append((found["key"].strip().lower(), found["value"].strip()))
    return tuple(fields)


def _front_fields(block: str) -> list[tuple[str, str]]:
    try:
        parsed = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return [(str(key).strip().lower(), _flat(value)) for key, value in parsed.items() if value is not None]
    found = [match for line in block.split("\n") if (match := _PLAIN_FIELD.match(line))]
    return [(match["key"].strip().lower(), match["value"].strip()) for match in found]


def _flat(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
