"""Transcripts as recognition services return them: Whisper, Deepgram, AssemblyAI, SpeechKit, Google, Gong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
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

WORDS_ALONE = 100
"""Letters of text without pieces from which JSON is a transcript in one block."""
_LISTS = tuple(
    "utterances segments phrases chunks turns dialog dialogue messages transcript monologues sentences transcription "
    "results data items paragraphs parts replicas speech words".split()
)
_LIA_CHANNELS = {"0": "manager", "1": "client"}
"""lia.chat asks for the manager on the first channel and the client on the second."""
_PHONE_KEYS = re.compile(r"caller|client|customer|abonent|contact|phone|number|msisdn|from|calling", re.IGNORECASE)
_OUR_KEYS = re.compile(
    r"called|callee|agent|manager|operator|employee|\bto\b|to_|redirect|internal|extension", re.IGNORECASE
)
_TIME_KEYS = re.compile(r"started|start_time|created|date|timestamp|recorded|time", re.IGNORECASE)
_STAFF_KEYS = re.compile(r"(?:manager|agent|operator|employee|user)(?:[._]?name)?$", re.IGNORECASE)
_PERSON_KEYS = re.compile(r"(?:client|customer|contact|caller)[._]?name$", re.IGNORECASE)
_DEAL_KEYS = re.compile(r"(?:deal|opportunity)_?id$", re.IGNORECASE)


def speaks_as_one(data: Any) -> bool:
    """Whether the JSON is a transcript in one block, without pieces, times or speakers."""
    if not isinstance(data, dict):
        return False
    channels = pieces(inner(data, "results").get("channels"))
    best = [next(iter(pieces(channel.get("alternatives"))), {}) for channel in channels]
    places = (place for place in data.values() if isinstance(place, dict))
    whole = [text_of(data), *map(text_of, best), *map(text_of, places)]
    return any(map(text_of, best)) or max(map(len, whole)) > WORDS_ALONE


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
    if isinstance(data, dict) and {"interaction_id", "manager", "client"} <= set(data):
        utterances = tuple(replace(one, tag=_LIA_CHANNELS.get(one.tag or "", one.tag)) for one in utterances)
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
        return _speechkit_stream(data) or _list_of_turns(data) or _tuples(data)
    if not isinstance(data, dict):
        return []
    for streamed in ([data], data.get("result"), data.get("results")):
        if isinstance(streamed, list) and (turns := _speechkit_stream(streamed)):
            return turns
    if special := _deepgram_channels(data):
        return special
    known = (data, *(inner(data, name) for name in ("results", "result", "response", "data")))
    others = (place for name, place in data.items() if isinstance(place, dict) and place not in known)
    for place in (*known, *others):
        for name in _LISTS:
            if turns := _list_of_turns(place.get(name)):
                return turns
    return []


def _tuples(items: list[Any]) -> list[Piece]:
    """Segments dumped as bare lists: numbers, the last two before the words being start and end (faster-whisper)."""
    turns: list[Piece] = []
    for item in items:
        if not isinstance(item, list):
            return []
        place = next((index for index, value in enumerate(item) if isinstance(value, str)), 0)
        times = item[:place][-2:]
        if len(times) == 2 and all(isinstance(value, (int, float)) for value in times):
            turns.append({"start": times[0], "end": times[1], "text": item[place]})
    return turns if len(turns) > 1 and len(turns) >= 0.5 * len(items) else []


def _list_of_turns(found: Any) -> list[Piece]:
    items = [_with_offsets(item) for item in pieces(found)]
    if any(isinstance(item.get("alternatives"), list) for item in items):
        return _alternatives(items)
    if any(isinstance(item.get("sentences"), list) for item in items):
        return [
            {**sentence, "speaker": speaker_of(item)} for item in items for sentence in pieces(item.get("sentences"))
        ]
    if not speech_like(items):
        return _by_word_speaker(items) if _are_words(items) else []
    if _are_words(items):
        return _by_word_speaker(items)
    return [turn for item in items if text_of(item) for turn in _split_by_words(item)]


def _are_words(items: list[Piece]) -> bool:
    """A list of single words with their speakers rather than of turns."""
    said = [str(item.get("word") or item.get("text") or "").split() for item in items]
    return len(items) > 3 and all(len(words) <= 1 for words in said) and any(map(_word_speaker, items))


def _split_by_words(item: Piece) -> list[Piece]:
    """A segment none named but whose words are, as one turn a speaker (whisperX)."""
    words = pieces(item.get("words"))
    if speaker_of(item) is None and any(map(_word_speaker, words)):
        return _by_word_speaker(words)
    return [item]


def _word_speaker(word: Piece) -> str | None:
    return speaker_of(word, ("speakerTag", "speaker", "speaker_label", "speakerLabel"))


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
        times = {"start": start_of(words[0]), "end": end_of(words[-1])} if words else {"end": end_of(item)}
        turns.append({**times, **best, "channelTag": item.get("channelTag", item.get("channel"))})
    return [turn for turn in turns if text_of(turn)]


def _by_word_speaker(words: list[Piece]) -> list[Piece]:
    """Turns of words that name their speaker; a word without one goes to the speaker before."""
    turns: list[Piece] = []
    for word in words:
        spoken = str(word.get("word") or text_of(word)).strip()
        speaker = _word_speaker(word)
        if turns and speaker in (None, turns[-1]["speaker"]):
            turns[-1]["text"] += f" {spoken}"
            turns[-1]["end"] = end_of(word) if end_of(word) is not None else turns[-1]["end"]
        else:
            turns.append({"speaker": speaker, "text": spoken, "start": start_of(word), "end": end_of(word)})
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
    described = {str(inner(call, "metaData").get("id")): call for call in pieces(data.get("calls"))}
    strangers = [party for call in described.values() for party in pieces(call.get("parties"))]
    documents: list[RawDocument] = []
    for number, call in enumerate(pieces(data["callTranscripts"]), 1):
        turns = utterances_of(_list_of_turns(call.get("transcript")))
        if turns:
            own = str(call.get("callId") or number)
            about = described.get(own, {})
            parties = pieces(about.get("parties")) or strangers
            by_speaker = {str(party.get("speakerId")): party for party in parties}
            named = tuple(_named(utterance, by_speaker) for utterance in turns)
            place = Source(f"{source.path}#{own}", b"")
            facts = _gong_facts(call, about, pieces(about.get("parties")))
            documents.append(raw_call(place, named, facts, reader="gong"))
    if not documents:
        raise CannotRead("no_speech")
    return RawFile(documents=tuple(documents), rows=len(documents))


def _gong_facts(call: Piece, about: Piece, parties: list[Piece]) -> HeaderFacts:
    """Contacts of the parties from outside, names of our own, the time the call began."""
    outside = [party for party in parties if _affiliation(party) == "customer"]
    contact = Contact(
        phones=tuple(str(party["phoneNumber"]) for party in outside if party.get("phoneNumber")),
        emails=tuple(str(party["emailAddress"]) for party in outside if party.get("emailAddress")),
        names=tuple(name for party in outside for name in names_in(str(party.get("name") or ""))),
    )
    ours = tuple(name for p in parties if _affiliation(p) == "agent" for name in names_in(str(p.get("name") or "")))
    moment = parse_moment(inner(about, "metaData").get("started") or call.get("started") or "")
    return HeaderFacts(contact, ours, moment, known=bool(about))


def _affiliation(party: Piece) -> str | None:
    return {"internal": "agent", "external": "customer"}.get(str(party.get("affiliation", "")).lower())


def _named(utterance: RawUtterance, parties: dict[str, Piece]) -> RawUtterance:
    party = parties.get(utterance.tag or "", {})
    name = party.get("name") if isinstance(party.get("name"), str) else None
    return RawUtterance(utterance.text, _affiliation(party) or name or utterance.tag, utterance.start, utterance.end)
