"""Calls of every known shape become utterances with tags, times and the other party's contact."""
# ruff: noqa: E501  (rows of real exports are easier to compare unwrapped)

from __future__ import annotations

from datetime import datetime

import pytest
from exports import as_json

from ingest.raw import RawDocument
from ingest.readers import registry
from ingest.readers.source import Source

TEAMS = (
    '\ufeffWEBVTT\r\n\r\nNOTE confidence 0.9\r\nduration:"00:00:05"\r\n\r\n'
    "a7939eec-1111/32-0\r\n00:00:00.000 --> 00:00:02.500 align:start position:0%\r\n<v John Smith>Hello &amp; welcome.</v>\r\n\r\n"
    "a7939eec-1111/33-0\r\n00:02.900 --> 00:04.000\r\n<v.loud Anna Petrova>Hi,\r\nI am calling about the course.\r\n\r\n"
    "a7939eec-1111/34-0\r\n00:00:04.100 --> 00:00:05.000\r\n<v Anna Petrova><c.yellow>Please.</c></v>\r\n"
)
ZOOM = (
    "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nMaria Lopez: Good afternoon.\n\n"
    "2\n00:00:03.500 --> 00:00:05.000\nTom: We have 10:30 Meeting: is it fine?\n\n"
    "3\n00:00:05.100 --> 00:00:06.000\nTom: I can move it.\n\n4\n00:00:09.100 --> 00:00:10.000\nMaria Lopez: Sure.\n"
)
SRT = "1\n00:00:00,400 --> 00:00:02,000\nКлиент: Добрый день\n\n2\n00:00:02,500 --> 00:00:04,000\nМенеджер: Слушаю вас\n\n"
BARE_SRT = "1\n00:00:00,400 --> 00:00:02,000\ngood morning how can i help\n\n2\n00:00:02,500 --> 00:00:04,000\nhow much is it\n"
WHISPER = {
    "text": "…",
    "language": "ru",
    "segments": [
        {"id": 0, "start": 0.5, "end": 2.0, "text": " Добрый день.", "speaker": "SPEAKER_01"},
        {"id": 1, "start": 2.5, "end": 4.0, "text": " Сколько стоит?", "speaker": "SPEAKER_00"},
    ],
    "meta": {"caller": "+7 912 345-67-89", "started_at": "2025-03-04T10:20:00"},
}
WHISPER_CPP = {"transcription": [
    {"offsets": {"from": 0, "to": 2000}, "text": "(speaker 0) Hello there"},
    {"offsets": {"from": 2000, "to": 4000}, "text": "(speaker 1) How much is it"},
]}  # fmt: skip
DEEPGRAM = {
    "metadata": {"created": "2026-01-19T11:40:00Z"},
    "results": {"utterances": [
        {"start": 0.4, "end": 1.0, "speaker": 0, "channel": 0, "transcript": "Hello there."},
        {"start": 1.4, "end": 2.0, "speaker": 1, "channel": 0, "transcript": "How much is it?"},
    ]},
}  # fmt: skip
DEEPGRAM_CHANNELS = {"metadata": {}, "results": {"channels": [
    {"alternatives": [{"transcript": "Hello there.", "words": [
        {"word": "hello", "punctuated_word": "Hello", "start": 0.1, "end": 0.3},
        {"word": "there", "punctuated_word": "there.", "start": 0.3, "end": 0.6}]}]},
    {"alternatives": [{"transcript": "How much is it?", "words": [
        {"word": "how", "punctuated_word": "How", "start": 1.0, "end": 1.2},
        {"word": "much", "punctuated_word": "much is it?", "start": 1.2, "end": 2.0}]}]},
]}}  # fmt: skip
ASSEMBLY = {"language_code": "en", "text": "…", "utterances": [
    {"speaker": "A", "text": "Hello there.", "start": 400, "end": 1000, "confidence": 0.9},
    {"speaker": "B", "text": "How much is it?", "start": 310000, "end": 312000, "confidence": 0.9},
]}  # fmt: skip
SPEECHKIT_3 = "\n".join(
    as_json({"result": item})
    for item in (
        {"final": {"alternatives": [{"text": "добрый день", "startTimeMs": "400", "endTimeMs": "1000"}]},
         "audioCursors": {"finalIndex": "0"}, "channelTag": "0"},
        {"finalRefinement": {"finalIndex": "0", "normalizedText": {
            "alternatives": [{"text": "Добрый день.", "startTimeMs": "400", "endTimeMs": "1000"}]}}, "channelTag": "0"},
        {"final": {"alternatives": [{"text": "сколько стоит", "startTimeMs": "1500", "endTimeMs": "2500"}]},
         "audioCursors": {"finalIndex": "1"}, "channelTag": "1"},
    )
)  # fmt: skip
SPEECHKIT_2 = {"done": True, "response": {"chunks": [
    {"channelTag": "1", "alternatives": [{"text": "Добрый день", "words": [
        {"word": "Добрый", "startTime": "0.4s", "endTime": "0.8s"}, {"word": "день", "startTime": "0.8s", "endTime": "1s"}]}]},
    {"channelTag": "2", "alternatives": [{"text": "Сколько стоит", "words": [
        {"word": "Сколько", "startTime": "1.5s", "endTime": "2s"}]}]},
]}}  # fmt: skip
GOOGLE = {"results": [
    {"alternatives": [{"transcript": "hello there how much"}]},
    {"alternatives": [{"words": [
        {"word": "hello", "startTime": "0.1s", "endTime": "0.3s", "speakerTag": 1},
        {"word": "there", "startTime": "0.3s", "endTime": "0.6s", "speakerTag": 1},
        {"word": "how", "startTime": "1s", "endTime": "1.2s", "speakerTag": 2},
        {"word": "much", "startTime": "1.2s", "endTime": "2s", "speakerTag": 2}]}]},
]}  # fmt: skip
GONG = {
    "callTranscripts": [{"callId": "77", "transcript": [
        {"speakerId": "1", "topic": "x", "sentences": [{"start": 400, "end": 1000, "text": "Hello there."}]},
        {"speakerId": "2", "sentences": [{"start": 460000, "end": 470000, "text": "How much is it?"}]}]}],
    "calls": [{"parties": [{"speakerId": "1", "affiliation": "Internal", "name": "Ann"},
                           {"speakerId": "2", "affiliation": "External", "name": "Bob"}]}],
}  # fmt: skip
OTTER = "Anna Petrova  0:03\nGood morning, how can I help?\n\nTom Reed  0:09\nHow much is it?\nAnd when do you open?\n"
STAMPED = "[00:00:01] Agent: Hello there.\n[00:00:04] Customer: How much is it?\n[00:00:09] Agent: Ten.\n"
BOLD = "**Агент (Мария):** Добрый день!\n**Клиент:** Сколько стоит?\nИ когда можно прийти?\n"
UNKNOWN_NUMBER = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn (Acme): Hello.\n\n00:03.000 --> 00:04.000\n+1 206-555-0140: Hi.\n"
)

CASES = [
    pytest.param("a.vtt", TEAMS, [("John Smith", "Hello & welcome."), ("Anna Petrova", "Hi, I am calling about the course. Please.")], id="teams"),
    pytest.param("a.txt", TEAMS, [("John Smith", "Hello & welcome."), ("Anna Petrova", "Hi, I am calling about the course. Please.")], id="teams-named-txt"),
    pytest.param("a.vtt", ZOOM, [("Maria Lopez", "Good afternoon."), ("Tom", "We have 10:30 Meeting: is it fine? I can move it."), ("Maria Lopez", "Sure.")], id="zoom"),
    pytest.param("a.srt", SRT, [("Клиент", "Добрый день"), ("Менеджер", "Слушаю вас")], id="srt-with-speakers"),
    pytest.param("a.srt", BARE_SRT, [(None, "good morning how can i help"), (None, "how much is it")], id="srt-bare"),
    pytest.param("a.json", as_json(WHISPER), [("SPEAKER_01", "Добрый день."), ("SPEAKER_00", "Сколько стоит?")], id="whisperx"),
    pytest.param("a.json", as_json(WHISPER_CPP), [("speaker 0", "Hello there"), ("speaker 1", "How much is it")], id="whisper-cpp"),
    pytest.param("a.json", as_json(DEEPGRAM), [("0", "Hello there."), ("1", "How much is it?")], id="deepgram"),
    pytest.param("a.json", as_json(DEEPGRAM_CHANNELS), [("0", "Hello there."), ("1", "How much is it?")], id="deepgram-channels"),
    pytest.param("a.json", as_json(ASSEMBLY), [("A", "Hello there."), ("B", "How much is it?")], id="assemblyai"),
    pytest.param("a.json", SPEECHKIT_3, [("0", "Добрый день."), ("1", "сколько стоит")], id="speechkit-3"),
    pytest.param("a.json", as_json(SPEECHKIT_2), [("1", "Добрый день"), ("2", "Сколько стоит")], id="speechkit-2"),
    pytest.param("a.json", as_json(GOOGLE), [("1", "hello there"), ("2", "how much")], id="google"),
    pytest.param("a.json", as_json(GONG), [("agent", "Hello there."), ("customer", "How much is it?")], id="gong"),
    pytest.param("a.txt", OTTER, [("Anna Petrova", "Good morning, how can I help?"), ("Tom Reed", "How much is it? And when do you open?")], id="otter"),
    pytest.param("a.txt", STAMPED, [("Agent", "Hello there."), ("Customer", "How much is it?"), ("Agent", "Ten.")], id="time-stamped-labels"),
    pytest.param("a.txt", BOLD, [("Агент (Мария)", "Добрый день!"), ("Клиент", "Сколько стоит? И когда можно прийти?")], id="markdown-labels"),
    pytest.param("a.vtt", UNKNOWN_NUMBER, [("Ann (Acme)", "Hello."), ("+1 206-555-0140", "Hi.")], id="number-for-a-name"),
]  # fmt: skip


def call(name: str, content: str) -> RawDocument:
    """The one call of a file."""
    _, raw = registry.read(Source(name, content.encode()))
    (document,) = raw.documents
    return document


@pytest.mark.parametrize(("name", "content", "turns"), CASES)
def test_turns_keep_their_speaker_and_words(name: str, content: str, turns: list[tuple[str | None, str]]) -> None:
    assert [(utterance.tag, utterance.text) for utterance in call(name, content).utterances] == turns


@pytest.mark.parametrize(
    ("content", "times"),
    [
        pytest.param(as_json(ASSEMBLY), [(0.4, 1.0), (310.0, 312.0)], id="milliseconds-guessed"),
        pytest.param(SPEECHKIT_3, [(0.4, 1.0), (1.5, 2.5)], id="milliseconds-named"),
        pytest.param(as_json(SPEECHKIT_2), [(0.4, 1.0), (1.5, 2.0)], id="seconds-with-a-unit"),
        pytest.param(as_json(DEEPGRAM), [(0.4, 1.0), (1.4, 2.0)], id="seconds"),
    ],
)
def test_times_are_seconds_whatever_the_service_counts_in(content: str, times: list[tuple[float, float]]) -> None:
    assert [(utterance.start, utterance.end) for utterance in call("a.json", content).utterances] == times


HEADERS = [
    pytest.param("a.txt", "Date: 2026-01-12 17:48\nCaller: 1 (564) 555 0191\n\nAgent: Hi.\nCustomer: Hello.\n", datetime(2026, 1, 12, 17, 48), "1 (564) 555 0191", id="english-fields"),
    pytest.param("a.txt", "Запись от 05.12.2024 13:03, входящий\nНомер: +7 (945) 000-75-73\nОператор: Гульнара\n\nМенеджер: Добрый день\nКлиент: Алло\n", datetime(2024, 12, 5, 13, 3), "+7 (945) 000-75-73", id="russian-fields"),
    pytest.param("a.txt", "04/28/2026 04:42 PM | 564 555 0132 | agent Priya\n\nAgent: Hi.\nCustomer: Hello.\n", datetime(2026, 4, 28, 16, 42), "564 555 0132", id="one-line"),
    pytest.param("a.vtt", "WEBVTT\n\nNOTE\nabonent: 8-945-000-87-83\n\n00:01.000 --> 00:02.000\n<v Менеджер>Да\n", None, "8-945-000-87-83", id="vtt-note"),
    pytest.param("a.json", as_json(WHISPER), datetime(2025, 3, 4, 10, 20), "+7 912 345-67-89", id="json-meta"),
    pytest.param("20241203_1539_+79450004840.txt", "Менеджер: Да\nКлиент: Алло\n", datetime(2024, 12, 3, 15, 39), "+79450004840", id="file-name"),
    pytest.param("in-89450009762-20241217-152300.txt", "Менеджер: Да\nКлиент: Алло\n", datetime(2024, 12, 17, 15, 23), "89450009762", id="file-name-phone-first"),
    pytest.param("20260111-360-555-0112.txt", "Agent: Hi.\nCustomer: Hello.\n", datetime(2026, 1, 11), "360-555-0112", id="file-name-dashed"),
    pytest.param("GMT20260121-161900_Recording.transcript.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi\n", datetime(2026, 1, 21, 16, 19), None, id="zoom-file-name"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "moment", "phone"), HEADERS)
def test_time_and_phone_come_from_header_note_meta_or_file_name(
    name: str, content: str, moment: datetime | None, phone: str | None
) -> None:
    found = call(name, content)
    assert found.occurred_at == moment
    assert found.contact.phones == ((phone,) if phone else ())


def test_an_operators_first_words_are_not_taken_for_a_header() -> None:
    found = call("a.txt", "Оператор: Добрый день, компания слушает\nКлиент: Здравствуйте\n")
    assert [utterance.tag for utterance in found.utterances] == ["Оператор", "Клиент"]


def test_a_colon_inside_a_sentence_does_not_make_a_speaker() -> None:
    found = call("a.txt", "Agent: Hello.\nCustomer: My plan\nhere it comes: buy two.\nAgent: Fine.\n")
    assert {utterance.tag for utterance in found.utterances} == {"Agent", "Customer"}
    assert found.utterances[1].text == "My plan here it comes: buy two."
