"""The company's own creatives and scripts in pieces: lines and sections with their places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from service.corpus.model import CorpusText
from service.segments.topics import StemList, words_of
from service.segments.words import lemma, part_of_speech, words

LineKind = Literal["headline", "promise", "action", "scenery"]
Stage = Literal["greeting", "discovery", "offer", "objections", "close", "after", "other"]

_LABEL = re.compile(r"^\s*(?:[-*•]\s+)?\**([^:*«»\"“”]{1,40}?)(?:\s*\([^)]*\))?\s*:\**\s*(?=\S)")
_HEAD = re.compile(
    r"^(?:#{1,6}\s+(?P<hash>.+?)|\*\*(?P<bold>[^*]{2,70})\*\*:?"
    r"|(?:\d{1,2}[.)]|[IVX]{1,4}\.|(?:этап|шаг|блок|step|stage|part)\s*\d*[.:])\s*(?P<number>[^.!?\n]{2,60}):?)\s*$",
    re.IGNORECASE,
)
_MEANING = frozenset({"NOUN", "VERB", "INFN", "ADJF", "ADJS", "PRTF", "PRTS", "ADVB"})
"""Russian parts of speech that carry meaning."""
_EDGES = " \t*_#>-•–—`"
_QUOTED = re.compile(r"^[«“\"](?P<inner>.+)[»”\"]$", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+[)»”\"]*|$)")


@dataclass(frozen=True)
class Line:
    """A line of a creative: `text == source[start:end]`, marks and label left off."""

    kind: LineKind
    label: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a script under one heading. `start`/`end` are of the body."""

    title: str
    stage: Stage
    start: int
    end: int
    text: str


@cache
def _lists() -> dict[str, Any]:
    path = files("service.briefs") / "locale" / "words.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def _stems(group: str) -> StemList:
    lists = _lists()
    if group == "stages":
        return StemList({key: tuple(entries) for key, entries in lists["stages"].items()})
    return StemList({key: tuple(lists[f"label_{key}"]) for key in ("headline", "action", "scenery")})


@cache
def _plain_lemmas() -> frozenset[str]:
    lists = _lists()
    return frozenset(lemma(word) for word in (*lists["plain_en"], *lists["plain_ru"]))


def content_lemmas(text: str) -> frozenset[str]:
    """Dictionary forms of the words that carry meaning: nouns, verbs, adjectives; no function words."""
    found = set()
    for word in words(text):
        part = part_of_speech(word)
        if len(word) < 4 or (part and part not in _MEANING):
            continue
        base = lemma(word)
        if base not in _plain_lemmas() and word not in _lists()["plain_en"]:
            found.add(base)
    return frozenset(found)


def creative_lines(text: CorpusText) -> list[Line]:
    """The lines of a creative that a customer reads, and the scenery around them, in order."""
    source = text.text.text
    fields = {key.strip().casefold() for key, _ in text.text.attributes}
    found: list[Line] = []
    for start, raw in _rows(source):
        line = _line(start, raw, fields, first=not any(x.kind == "headline" for x in found))
        if line is not None:
            found.append(line)
    return found


def _rows(source: str) -> Iterator[tuple[int, str]]:
    """(offset, row) of every row after the front matter that is not blank."""
    position = 0
    matter = re.match(r"\s*---\n.*?\n---\s*\n", source, re.DOTALL)
    if matter:
        position = matter.end()
    for raw in source[position:].splitlines(keepends=True):
        if raw.strip():
            yield position, raw.rstrip("\n")
        position += len(raw)


def _line(start: int, raw: str, fields: set[str], *, first: bool) -> Line | None:
    label = ""
    offset = 0
    match = _LABEL.match(raw)
    if match and len(match.group(1).split()) <= 4:
        label, offset = match.group(1).strip(_EDGES), match.end()
    if label.casefold() in fields:
        return None
    body = raw[offset:]
    inner_start = len(body) - len(body.lstrip(_EDGES))
    text = body.strip(_EDGES)
    quoted = _QUOTED.match(text)
    if quoted:
        inner_start += 1
        text = quoted.group("inner")
    if not text:
        return None
    begin = start + offset + inner_start
    kinds = _stems("label").find(words_of(label)) if label else frozenset()
    kind: LineKind = "promise"
    if "action" in kinds:
        kind = "action"
    elif "scenery" in kinds:
        kind = "scenery"
    elif "headline" in kinds or (raw.lstrip().startswith("#") and first):
        kind = "headline"
    return Line(kind, label, begin, begin + len(text), text)


def sentences(line: Line) -> list[Line]:
    """A line cut into its sentences, each with its own place."""
    found = []
    for match in _SENTENCE.finditer(line.text):
        piece = match.group()
        left = len(piece) - len(piece.lstrip(_EDGES))
        text = piece.strip().strip("*_")
        if len(text) > 2:
            start = line.start + match.start() + left
            found.append(Line(line.kind, line.label, start, start + len(text), text))
    return found


def script_sections(text: CorpusText) -> list[Section]:
    """Sections by headings (`#`, numbered or bold rows); a script without any is one section."""
    source = text.text.text
    heads: list[tuple[int, int, str]] = []
    for start, raw in _rows(source):
        match = _HEAD.match(raw.strip())
        if match:
            title = next(group for group in match.groups() if group)
            heads.append((start, start + len(raw), re.sub(r"^[\d.)\s]+", "", title).strip(_EDGES + ":")))
    if not heads:
        return [_section("", 0, len(source), source)] if source.strip() else []
    ends = [start for start, _, _ in heads[1:]] + [len(source)]
    found = [_section(title, body, end, source) for (_, body, title), end in zip(heads, ends, strict=True)]
    if len(found) > 1:
        found = [s for s in found if s.text]
    return found


def _section(title: str, start: int, end: int, source: str) -> Section:
    body = source[start:end]
    left = len(body) - len(body.lstrip())
    text = body.strip()
    known = _stems("stages").hits(words_of(title))
    stage: Stage = known[0][0] if known else "other"  # type: ignore[assignment]
    return Section(title, stage, start + left, start + left + len(text), text)
