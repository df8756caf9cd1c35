"""Transcripts as recognition services return them: Whisper, Deepgram, AssemblyAI, SpeechKit, Google, Gong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.raw import Contact, RawDocument, RawFile, RawUtterance
from ingest.readers.dialogue import HeaderFacts, raw_call
from ingest.readers.moments import parse_moment
from ingest.readers.source import Source
from ingest.readers.speech_fields import (
    Piece,
    end_of,
    in_order,
    inner,
    pieces,
    speaker_of,
    speech_like,
    start_of,
    text_of,
    utterances_of,
)
from ingest.readers.who import names_in
from ingest.reasons import CannotRead

_LISTS = tuple(
    "utterances segments phrases chunks turns dialog dialogue messages transcript monologues sentences transcription "
    "results data items paragraphs".split()
)
_PHONE_KEYS = re.compile(r"caller|client|customer|abonent|contact|phone|number|msisdn|from|calling", re.IGNORECASE)
_OUR_KEYS = re.compile(
    r"called|callee|agent|manager|operator|employee|\bto\b|to_|redirect|internal|extension", re.IGNORECASE
)
_TIME_KEYS = re.compile(r"started|start_time|created|date|timestamp|recorded|time", re.IGNORECASE)
_STAFF_KEYS = re.compile(r"(?:manager|agent|operator|employee|user)(?:[._]?name)?$", re.IGNORECASE)
_PERSON_KEYS = re.compile(r"(?:client|customer|contact|caller)[._]?name$", re.IGNORECASE)
_DEAL_KEYS = re.compile(r"(?:deal|opportunity)_?id$", re.IGNORECASE)


def is_recognition(data: Any) -> bool:
    """Whether the JSON holds timed or attributed speech in any known shape."""
    return bool(_turns(data)) or _is_gong(data) or bool(_calls(data))


def read(source: Source) -> RawFile:
    """One call, or several for services that put many calls in one file. Raises `CannotRead` (`no_speech`)."""
    data = source.json
    if _is_gong(data):
        return _gong(source, data)
    if calls := _calls(data):
        return _many(source, calls)
    utterances = utterances_of(_turns(data))
    if not utterances:
        raise CannotRead("no_speech")
    return RawFile(documents=(raw_call(source, utterances, _facts(data), reader=_service(data)),), rows=1)


def _service(data: Any) -> str:
    keys = set(data) if isinstance(data, dict) else set()
    if "metadata" in keys and "results" in keys:
        return "deepgram"
    return "whisper" if "segments" in keys else "recognition"


def _turns(data: Any) -> list[Piece]:
    """The pieces of speech, whatever the service calls their list."""
    if isinstance(data, list):
        return _speechkit_stream(data) or _list_of_turns(data)
    if not isinstance(data, dict):
        return []
    if special := _speechkit_stream([data]) or _deepgram_channels(data):
        return special
    for place in (data, *(inner(data, name) for name in ("results", "result", "response", "data"))):
        for name in _LISTS:
            if turns := _list_of_turns(place.get(name)):
                return turns
    return []


def _list_of_turns(found: Any) -> list[Piece]:
    items = [_with_offsets(item) for item in pieces(found)]
    if any(isinstance(item.get("alternatives"), list) for item in items):
        return _alternatives(items)
    if any(isinstance(item.get("sentences"), list) for item in items):
        return [
            {**sentence, "speaker": speaker_of(item)} for item in items for sentence in pieces(item.get("sentences"))
        ]
    return [item for item in items if text_of(item)] if speech_like(items) else []


def _with_offsets(item: Piece) -> Piece:
    """whisper.cpp keeps times apart, in milliseconds."""
    offsets = inner(item, "offsets")
    return {**item, "start_ms": offsets.get("from"), "end_ms": offsets.get("to")} if offsets else item


def _alternatives(items: list[Piece]) -> list[Piece]:
    """Google and SpeechKit v2: the best alternative of each result, split where a word's speaker changes."""
    turns: list[Piece] = []
    for item in items:
        best = next(iter(pieces(item.get("alternatives"))), None)
        if best is None:
            continue
        words = pieces(best.get("words"))
        if len({str(word["speakerTag"]) for word in words if word.get("speakerTag")}) > 1:
            return _by_word_speaker(words)  # Google repeats all words with speakers in its last result
        times = {"start": start_of(words[0]), "end": end_of(words[-1])} if words else {}
        turns.append({**times, **best, "channelTag": item.get("channelTag", item.get("channel"))})
    return [turn for turn in turns if text_of(turn)]


def _by_word_speaker(words: list[Piece]) -> list[Piece]:
    turns: list[Piece] = []
    for word in words:
        spoken = str(word.get("word") or word.get("text") or "")
        if turns and turns[-1]["speaker"] == word.get("speakerTag"):
            turns[-1]["text"] += f" {spoken}"
            turns[-1]["end"] = end_of(word)
        else:
            own = {"speaker": word.get("speakerTag"), "text": spoken, "start": start_of(word), "end": end_of(word)}
            turns.append(own)
    return turns


def _speechkit_stream(items: list[Any]) -> list[Piece]:
    """SpeechKit v3: `final` pieces, each replaced by its refinement when that came too."""
    final: dict[tuple[str, str], Piece] = {}
    for item in pieces(items):
        piece = inner(item, "result") or item
        refined = inner(piece, "finalRefinement")
        body = inner(refined, "normalizedText") or inner(piece, "final")
        if not body:
            continue
        index = refined.get("finalIndex", inner(piece, "audioCursors").get("finalIndex", len(final)))
        channel = str(piece.get("channelTag", body.get("channelTag", "")))
        if turns := _alternatives([{**body, "channelTag": channel or None}]):
            final[channel, str(index)] = turns[0]
    return in_order(list(final.values()))


def _deepgram_channels(data: Piece) -> list[Piece]:
    """Deepgram without utterances: paragraphs or words of each channel."""
    results = inner(data, "results")
    channels = pieces(results.get("channels"))
    if not channels or _list_of_turns(results.get("utterances")):
        return []
    turns: list[Piece] = []
    for number, channel in enumerate(channels):
        own = number if len(channels) > 1 else None
        best = next(iter(pieces(channel.get("alternatives"))), {})
        paragraphs = pieces(inner(best, "paragraphs").get("paragraphs"))
        for paragraph in paragraphs:
            text = " ".join(text_of(sentence) for sentence in pieces(paragraph.get("sentences")))
            turns.append({**paragraph, "text": text, "speaker": paragraph.get("speaker") if own is None else own})
        if not paragraphs:
            turns += _by_word_speaker([_deepgram_word(word, own) for word in pieces(best.get("words"))])
    return in_order(turns)


def _deepgram_word(word: Piece, channel: int | None) -> Piece:
    speaker = word.get("speaker") if channel is None else channel
    return {**word, "word": word.get("punctuated_word") or word.get("word"), "speakerTag": speaker}


def _facts(data: Any) -> HeaderFacts:
    """Phone, time, deal and people from the fields around the speech."""
    fields = list(_scalars(data)) if isinstance(data, dict) else []
    ways = [value.lower() for key, value in fields if "direction" in key.lower()]
    outgoing = any(way.startswith(("out", "исх")) for way in ways)
    contact = Contact(
        phones=tuple(value for key, value in fields if _is_customers_phone(key, value, outgoing=outgoing)),
        emails=tuple(value for key, value in fields if key.lower().endswith("email") and not _OUR_KEYS.search(key)),
        names=tuple(name for key, value in fields if _PERSON_KEYS.search(key) for name in names_in(value)),
        deal_ids=tuple(value for key, value in fields if _DEAL_KEYS.search(key)),
    )
    staff = tuple(name for key, value in fields if _STAFF_KEYS.search(key) for name in names_in(value))
    moment = next((m for key, value in fields if _TIME_KEYS.search(key) and (m := parse_moment(value))), None)
    return HeaderFacts(contact, staff, moment, known=bool(fields))


def _is_customers_phone(key: str, value: str, *, outgoing: bool) -> bool:
    """The other party's number: who calls in, or who is called out."""
    if not _PHONE_KEYS.search(key) or len(re.sub(r"\D", "", value)) < 9:
        return False
    ours = bool(_OUR_KEYS.search(key))
    return ours == (outgoing and "from" not in key.lower() and "calling" not in key.lower())


def _scalars(data: Piece, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """`a.b` → value for every plain field outside lists, three levels down."""
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < 3:
            yield from _scalars(value, f"{name}.", depth + 1)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and len(str(value)) < 100:
            yield name, str(value)


def _calls(data: Any) -> list[Piece]:
    """Whole calls in a list, each with its own list of speech."""
    items = pieces(data) if isinstance(data, list) else []
    return [item for item in items if any(_list_of_turns(item.get(name)) for name in _LISTS)]


def _many(source: Source, calls: list[Piece]) -> RawFile:
    """One document a call: `path#<its id, else its number>`."""
    documents = []
    for number, call in enumerate(calls, 1):
        own = next(
            (call[name] for name in ("id", "call_id", "callId", "uid") if isinstance(call.get(name), (str, int))),
            number,
        )
        place = Source(f"{source.path}#{own}", b"")
        documents.append(raw_call(place, utterances_of(_turns(call)), _facts(call), reader=_service(call)))
    return RawFile(documents=tuple(documents), rows=len(documents))


def _is_gong(data: Any) -> bool:
    return isinstance(data, dict) and bool(pieces(data.get("callTranscripts")))


def _gong(source: Source, data: Piece) -> RawFile:
    """Gong puts many calls in one answer: one document a call, `path#callId`; party names when they came along."""
    calls = pieces(data.get("calls"))
    parties = {str(party.get("speakerId")): party for call in calls for party in pieces(call.get("parties"))}
    documents: list[RawDocument] = []
    for number, call in enumerate(pieces(data["callTranscripts"]), 1):
        turns = utterances_of(_list_of_turns(call.get("transcript")))
        if turns:
            place = Source(f"{source.path}#{call.get('callId') or number}", b"")
            named = tuple(_named(utterance, parties) for utterance in turns)
            documents.append(raw_call(place, named, _facts(call), reader="gong"))
    if not documents:
        raise CannotRead("no_speech")
    return RawFile(documents=tuple(documents), rows=len(documents))


def _named(utterance: RawUtterance, parties: dict[str, Piece]) -> RawUtterance:
    party = parties.get(utterance.tag or "", {})
    role = {"internal": "agent", "external": "customer"}.get(str(party.get("affiliation", "")).lower())
    name = party.get("name") if isinstance(party.get("name"), str) else None
    return RawUtterance(utterance.text, role or name or utterance.tag, utterance.start, utterance.end)
