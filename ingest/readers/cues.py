"""Subtitles of calls: WebVTT (Teams voice tags, Zoom inline names) and SRT (with or without speakers)."""

from __future__ import annotations

import html
import re

from ingest.raw import RawFile, RawUtterance
from ingest.readers.dialogue import Labels, header_facts, labels_of, raw_call
from ingest.readers.source import Source, clean, rejected
from ingest.reasons import CannotRead

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t]+\S.*)?$", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,40})?[ \t]{1,4}([^<>\n]{1,80})>")
_TAGS = re.compile(
    r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[.\s][^<>]{0,80})?>|<\d[\d:.]{0,14}>|\{\\[^{}]{0,80}\}", re.IGNORECASE
)
JOIN_GAP = 2.0
"""Consecutive cues of one named speaker this close in seconds are one utterance."""


def is_cues(source: Source) -> bool:
    """WebVTT by its header, SRT by two timing lines or one after a number."""
    text = source.text
    if text.lstrip("\ufeff \n").startswith("WEBVTT"):
        return True
    head = text[:4000]
    return bool(_TIMING.search(head)) and (bool(re.match(r"\s*\d+\s*\n\s*\d", head)) or len(_TIMING.findall(head)) > 1)


def read(source: Source) -> RawFile:
    """One call. Raises `CannotRead` (`no_cues`) when no cue holds words."""
    blocks = re.split(r"\n\s*\n", source.text.lstrip("\ufeff \n"))
    is_vtt = blocks[0].startswith("WEBVTT")
    cues: list[tuple[float, float, str]] = []
    notes: list[str] = []
    for number, block in enumerate(blocks):
        found = _TIMING.search(block)
        if found is not None:
            cues += _cues(block)
        elif is_vtt and (number == 0 or block.startswith("NOTE")):
            notes += block.split("\n")[0 if number else 1 :]
    utterances = _utterances(cues)
    if not utterances:
        raise CannotRead("no_cues")
    rejects = []
    last = source.text.rstrip("\n").rsplit("\n", 1)[-1]
    if "-->" in last:
        rejects.append(rejected("cut_cue", source.at(source.text.rstrip("\n").count("\n") + 1)))
    facts = header_facts([line.removeprefix("NOTE").strip() for line in notes])
    document = raw_call(source, utterances, facts, reader="vtt" if is_vtt else "srt")
    return RawFile(documents=(document,), rejects=tuple(rejects), rows=1)


def _cues(block: str) -> list[tuple[float, float, str]]:
    """Cues of a block; a missing blank line between two cues still parts them."""
    found = list(_TIMING.finditer(block))
    cues = []
    for index, timing in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(block)
        body = block[timing.end() : end]
        if index + 1 < len(found):
            body = re.sub(r"\n\s*\d+\s*$", "", body.rstrip())
        start, stop = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        cues.append((start, stop, body.strip()))
    return cues


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return round(whole + float(f"0.{fraction or 0}"), 3)


def _utterances(cues: list[tuple[float, float, str]]) -> tuple[RawUtterance, ...]:
    inline = labels_of([body.split("\n")[0] for _, _, body in cues])
    merged: list[RawUtterance] = []
    tag: str | None = None
    for start, stop, body in cues:
        for own, words in _spoken(body, inline):
            tag = own if own is not None else tag
            text = clean(words)
            if not text:
                continue
            last = merged[-1] if merged else None
            near = last is not None and last.end is not None and start - last.end <= JOIN_GAP
            if last is not None and tag is not None and last.tag == tag and near:
                merged[-1] = RawUtterance(f"{last.text} {text}", tag, last.start, stop)
            else:
                merged.append(RawUtterance(text, tag, start, stop))
    return tuple(merged)


def _spoken(body: str, inline: Labels | None) -> list[tuple[str | None, str]]:
    """(speaker or None, words) of a cue: by `<v Name>` tags, else by a known `Name:` or `(Name)` at a line's start."""
    if _VOICE.search(body):
        parts = _VOICE.split(body)
        spoken: list[tuple[str | None, str]] = [(None, _plain(parts[0]))] if parts[0].strip() else []
        return spoken + [
            (name.strip() or None, _plain(words)) for name, words in zip(parts[1::2], parts[2::2], strict=True)
        ]
    turns: list[tuple[str | None, str]] = []
    for line in body.split("\n"):
        if inline is not None and (found := inline.split(line)):
            turns.append((found[0], _plain(found[1])))
        elif turns:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {_plain(line)}")
        else:
            turns.append((None, _plain(line)))
    return turns


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAGS.sub("", text)).split())
