"""A persona's prose into sentences with their places and the context they stand in.

Headings and list marks are no claims; a heading, and a bold lead-in (`**Renters.** They …`), is the context of what
follows it. A sentence never crosses a paragraph or a list item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.+?)\s*#*\s*$")
_TITLE = re.compile(
    r"\s*(?P<title>[A-ZА-ЯЁ«“\"][^\n]{1,59}[^\s.!?…,;:\d»”\"])[ \t]*\n(?=[A-ZА-ЯЁ«“\"](?:[^\n]*[.!?…]|[^\n]{60}))"
)
"""A first line set without a mark, as a PDF or plain text gives it: short, unfinished, sentences right under it."""
_UNDERLINE = re.compile(r"^\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•–—]|\d{1,2}[.)])\s+")
_LEAD_IN = re.compile(r"\s*(?:\*\*|__)(?P<title>[^*_\n]{1,60}?)(?:[.:]?)(?:\*\*|__)\s*[.:—–-]?\s*")
_FIELD = re.compile(r"^(?P<title>[A-ZА-ЯЁ][^.:!?\n]{0,38}):\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:т|д|п|др|пр|руб|тыс|млн|мин|макс|г|гг|ул|стр|см|e\.g|i\.e|etc|vs|approx|Mr|Mrs|Ms|Dr|St|No|Inc|Ltd|[A-ZА-ЯЁ])\.$",
)
_STOP = re.compile(r"[.!?…]+[\"»”)\]*_]*(?=\s|$)")
_EDGE = " \t\r\n*_>"


@dataclass(frozen=True)
class Sentence:
    """One sentence: `persona[start:end] == text`. `block` counts paragraphs and list items from 0."""

    start: int
    end: int
    text: str
    heading: str
    lead_in: str
    block: int
    in_list: bool


@dataclass(frozen=True)
class _Block:
    start: int
    end: int
    in_list: bool
    heading: str
    lead_in: str = ""


def sentences(text: str) -> tuple[Sentence, ...]:
    """The persona's sentences in order, without headings, front matter and empty lines."""
    found = []
    for number, block in enumerate(_blocks(text)):
        for start, end in _split(text, block.start, block.end):
            found.append(Sentence(start, end, text[start:end], block.heading, block.lead_in, number, block.in_list))
    return tuple(found)


def _blocks(text: str) -> list[_Block]:
    """Paragraphs and list items with the heading above them; wrapped lines stay together."""
    blocks: list[_Block] = []
    heading, lead_in, open_start, open_end, in_list = "", "", -1, -1, False

    def close() -> None:
        nonlocal open_start
        if open_start >= 0 and text[open_start:open_end].strip(_EDGE):
            blocks.append(_Block(open_start, open_end, in_list, heading, lead_in))
        open_start = -1

    offset = _front_matter_end(text)
    if (first := _TITLE.match(text, offset)) and not _BULLET.match(first.group("title")):
        heading, offset = first.group("title").strip(_EDGE), first.end()
    for line in text[offset:].splitlines(keepends=True):
        begin, offset = offset, offset + len(line)
        title = _HEADING.match(line)
        if not line.strip() or title or _UNDERLINE.match(line):
            close()
            heading = title.group("title").strip(_EDGE) if title else heading
            lead_in = ""
            continue
        bullet = _BULLET.match(line)
        if bullet:
            close()
        if open_start < 0:
            in_list = bullet is not None
            open_start = begin + (bullet.end() if bullet else 0)
            opening = _LEAD_IN.match(text, open_start, offset)
            lead_in = opening.group("title").strip(_EDGE) if opening else (lead_in if bullet else "")
            if opening and opening.end() < offset:
                open_start = opening.end()
        open_end = offset
    close()
    return blocks


def _front_matter_end(text: str) -> int:
    if text.startswith("---"):
        closing = re.compile(r"^---\s*$", re.MULTILINE).search(text, 3)
        if closing:
            return closing.end()
    return 0


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence bounds inside one block, trimmed of spaces and emphasis marks."""
    bounds, begin = [], start
    for stop in _STOP.finditer(text, start, end):
        if stop.group().startswith(".") and len(stop.group()) == 1 and _is_abbreviation(text, begin, stop.end(), end):
            continue
        bounds.append((begin, stop.end()))
        begin = stop.end()
    bounds.append((begin, end))
    trimmed = [_trim(text, a, b) for a, b in bounds]
    return [(a, b) for a, b in trimmed if re.search(r"\w{2}", text[a:b])]


def _is_abbreviation(text: str, begin: int, stop: int, end: int) -> bool:
    following = text[stop:end].lstrip()
    if following[:1].islower():
        return True
    return bool(_ABBREVIATION.search(text[begin:stop])) and bool(following)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def field_title(sentence: str) -> str:
    """`Title` of a sentence like `Title: the rest`, else "": context, as a lead-in is."""
    match = _FIELD.match(sentence)
    return match.group("title") if match else ""
