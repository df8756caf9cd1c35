"""Every transcript shape that services and recorders write, each with the traps seen in real files."""
# ruff: noqa: E501  (files as services write them are easier to compare unwrapped)

from __future__ import annotations

from datetime import datetime

import pytest
from exports import as_json

from ingest.raw import RawDocument, RawFile
from ingest.readers import registry
from ingest.readers.source import Source
from ingest.reasons import CannotRead

Turn = tuple[str | None, str]
Span = tuple[float | None, float | None]


def taken(name: str, content: str | bytes) -> RawFile:
    return registry.read(Source(name, content if isinstance(content, bytes) else content.encode()))[1]


def call(name: str, content: str | bytes) -> RawDocument:
    (document,) = taken(name, content).documents
    return document


def turns(document: RawDocument) -> list[Turn]:
    return [(utterance.tag, utterance.text) for utterance in document.utterances]


def spans(document: RawDocument) -> list[Span]:
    return [(utterance.start, utterance.end) for utterance in document.utterances]


TWO: list[Turn] = [("Olga Dent", "Hello."), ("Mark Ivey", "Hi.")]
VTT = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Olga Dent>Hello.</v>\n\n2\n00:00:05.000 --> 00:00:06.000\n<v Mark Ivey>Hi.</v>\n"
VTT_TRAPS = [
    pytest.param(VTT, TWO, id="plain"),
    pytest.param("\ufeff" + VTT.replace("\n", "\r\n"), TWO, id="bom-and-crlf"),
    pytest.param(VTT.replace("\n", "\r"), TWO, id="cr-alone"),
    pytest.param(VTT.replace("00:00:", "00:"), TWO, id="no-hours"),
    pytest.param(VTT.replace("06.000", "06.000 align:start position:0% line:90%"), TWO, id="settings-after-the-time"),
    pytest.param(VTT.replace("</v>", ""), TWO, id="voice-tags-not-closed"),
    pytest.param(VTT.replace("WEBVTT", "WEBVTT - Weekly call\nKind: captions\nLanguage: en"), TWO, id="words-after-the-header"),
    pytest.param(VTT.replace("\n\n1\n", "\n\nSTYLE\n::cue(v) {\n  color: lime\n}\n\nREGION\nid:fred\n\nNOTE Agent: nobody said this\n\n1\n"), TWO, id="style-region-and-note"),
    pytest.param(VTT.replace("1\n00", "a7939eec-0f5a-4d1c-9d6c-2ad1bb6f7ee0/32-0\n00"), TWO, id="guid-cue-names"),
    pytest.param(VTT + "\n3\n00:00:07.000 --> 00:00:08.000\n<v Mark Ivey></v>\n", TWO, id="cue-of-a-tag-only"),
    pytest.param(VTT.replace("Hello.", "Tea &amp; cake &lt;3&nbsp;&#39;now&#39;"), [("Olga Dent", "Tea & cake <3 'now'"), ("Mark Ivey", "Hi.")], id="entities"),
    pytest.param(VTT.replace("<v Mark Ivey>Hi.</v>", "<v.loud.first Mark Ivey><00:05.200>Hi<00:05.500> <c.yellow>there</c>, <i>Olga</i>.</v>"), [TWO[0], ("Mark Ivey", "Hi there, Olga.")], id="classes-and-inner-times"),
    pytest.param(VTT.replace("Hi.</v>", "Hi,\nI am wrapped\nover lines.</v>"), [TWO[0], ("Mark Ivey", "Hi, I am wrapped over lines.")], id="wrapped-cue"),
    pytest.param(VTT.replace("00:00:05.000 --> 00:00:06.000\n<v Mark Ivey>", "00:00:04.000 --> 00:00:06.000\n<v Olga Dent>"), [("Olga Dent", "Hello. Hi.")], id="one-speaker-two-seconds-apart-is-one-turn"),
    pytest.param(VTT.replace("00:00:05.000 --> 00:00:06.000\n<v Mark Ivey>", "00:00:04.100 --> 00:00:06.000\n<v Olga Dent>"), [("Olga Dent", "Hello."), ("Olga Dent", "Hi.")], id="one-speaker-further-apart-is-two-turns"),
    pytest.param(VTT.replace("<v Olga Dent>Hello.</v>", "<v Olga Dent>Hello.</v>\n<v Mark Ivey>Yes?</v>"), [TWO[0], ("Mark Ivey", "Yes?"), TWO[1]], id="two-voices-in-one-cue"),
    pytest.param(VTT.replace("<v Olga Dent>Hello.</v>", "Our 10:30 Meeting: shall we keep it?").replace("<v Mark Ivey>Hi.</v>", "Yes."), [(None, "Our 10:30 Meeting: shall we keep it?"), (None, "Yes.")], id="a-time-and-a-word-are-no-speaker"),
    pytest.param(VTT.replace("<v Olga Dent>", "").replace("<v Mark Ivey>", "").replace("</v>", ""), [(None, "Hello."), (None, "Hi.")], id="no-names-are-never-invented"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["a.vtt", "a.txt", "a.srt", "a"])
@pytest.mark.parametrize(("content", "expected"), VTT_TRAPS)
def test_webvtt_of_teams_and_meet_under_any_extension(name: str, content: str, expected: list[Turn]) -> None:
    assert turns(call(name, content)) == expected


ZOOM = (
    "WEBVTT\r\n\r\n1\r\n00:00:04.120 --> 00:00:05.350\r\nChristina Holt: Good morning.\r\n\r\n"
    "2\r\n00:00:05.400 --> 00:00:09.000\r\nChristina Holt: It's about the 10:30 Meeting: can we move it?\r\n\r\n"
    "3\r\n00:00:12.000 --> 00:00:14.000\r\nT. O'Neil-Wu: Sure.\r\n\r\n4\r\n00:00:18.000 --> 00:00:19.000\r\nT. O'Neil-Wu: One thing: the price.\r\n"
)
MEET = (
    "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n(Anna Koch) Good morning\n\n00:00:05.000 --> 00:00:07.000\n(Paul Reis) Hello, how much is it\n\n"
    "00:00:08.000 --> 00:00:10.000\n(Anna Koch) Forty\n"
)


def test_zoom_names_stand_before_a_colon() -> None:
    assert turns(call("GMT20260121-161900_Recording.transcript.vtt", ZOOM)) == [
        ("Christina Holt", "Good morning. It's about the 10:30 Meeting: can we move it?"),
        ("T. O'Neil-Wu", "Sure."),
        ("T. O'Neil-Wu", "One thing: the price."),
    ]


def test_meet_names_stand_in_brackets() -> None:
    assert turns(call("a.vtt", MEET)) == [
        ("Anna Koch", "Good morning"),
        ("Paul Reis", "Hello, how much is it"),
        ("Anna Koch", "Forty"),
    ]


SRT_TRAPS = [
    pytest.param("1\n00:00:01,000 --> 00:00:02,000\nМенеджер: Добрый день\n\n2\n00:00:02,500 --> 00:00:04,000\nКлиент: Здравствуйте\n", [("Менеджер", "Добрый день"), ("Клиент", "Здравствуйте")], id="labels"),
    pytest.param("\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>- Алло</i>\r\n\r\n2\r\n00:00:02,500 --> 00:00:04,000\r\n{\\an8}да\r\n\r\n", [(None, "- Алло"), (None, "да")], id="bom-crlf-and-tags"),
    pytest.param("1\n0:00:01,0 --> 0:00:02,5\nhello\n2\n0:00:02,5 --> 0:00:04,0\nhi\n", [(None, "hello"), (None, "hi")], id="no-blank-lines-and-short-times"),
    pytest.param("1\n00:00:01.000 --> 00:00:02.000\n[SPEAKER_00]: hello\n\n2\n00:00:05.000 --> 00:00:06.000\n[SPEAKER_01]: hi\n", [("SPEAKER_00", "hello"), ("SPEAKER_01", "hi")], id="whisperx-brackets"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), SRT_TRAPS)
def test_srt_with_and_without_speakers(content: str, expected: list[Turn]) -> None:
    assert turns(call("rec.srt", content)) == expected


PLAIN = [
    pytest.param("Менеджер Анна: Добрый день!\nКлиент: Сколько стоит?\n", [("Менеджер Анна", "Добрый день!"), ("Клиент", "Сколько стоит?")], id="role-and-name"),
    pytest.param("Звонок №45\nДата: 03.02.2026 14:05\nТелефон: 8 (912) 345-67-89\nДлительность: 02:11\n\nОператор: Слушаю.\nАбонент: Мне бы записаться.\n", [("Оператор", "Слушаю."), ("Абонент", "Мне бы записаться.")], id="header-block"),
    pytest.param("М: Добрый день!\nК: Сколько стоит?\nМ: Тысячу.\nК: Спасибо.\n", [("М", "Добрый день!"), ("К", "Сколько стоит?"), ("М", "Тысячу."), ("К", "Спасибо.")], id="letters-for-roles"),
    pytest.param("Менеджер - Добрый день!\nКлиент - Сколько стоит?\nМенеджер - Тысячу.\n", [("Менеджер", "Добрый день!"), ("Клиент", "Сколько стоит?"), ("Менеджер", "Тысячу.")], id="dash-after-the-role"),
    pytest.param("[00:01] Менеджер: Добрый день!\n[00:04] Клиент: Сколько стоит?\n", [("Менеджер", "Добрый день!"), ("Клиент", "Сколько стоит?")], id="stamps"),
    pytest.param("00:01 - 00:03 SPEAKER_00: Hello there.\n00:04 - 00:06 SPEAKER_01: How much?\n", [("SPEAKER_00", "Hello there."), ("SPEAKER_01", "How much?")], id="stamp-ranges"),
    pytest.param("[SPEAKER_00] Hello there.\n[SPEAKER_01] How much?\n", [("SPEAKER_00", "Hello there."), ("SPEAKER_01", "How much?")], id="labels-in-brackets"),
    pytest.param("[00:00:01.000 --> 00:00:03.000]  (speaker 0) Hello there.\n[00:00:03.000 --> 00:00:05.000]  (speaker 1) How much?\n[00:00:05.000 --> 00:00:06.000]  (speaker ?) Hm.\n", [("speaker 0", "Hello there."), ("speaker 1", "How much?"), ("speaker ?", "Hm.")], id="whisper-cpp-text"),
    pytest.param("Анна Петрова (00:00:01)\nДобрый день!\n\nИван Седов (00:00:04)\nСколько стоит?\n", [("Анна Петрова", "Добрый день!"), ("Иван Седов", "Сколько стоит?")], id="name-and-stamp-on-a-line"),
    pytest.param("**Agent:**\nHello there.\n\n**Customer:**\nHow much?\n", [("Agent", "Hello there."), ("Customer", "How much?")], id="label-alone-on-a-line"),
    pytest.param("Агент\tДобрый день!\nКлиент\tСколько стоит?\nАгент\tТысячу.\n", [("Агент", "Добрый день!"), ("Клиент", "Сколько стоит?"), ("Агент", "Тысячу.")], id="tab-after-the-role"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), PLAIN)
def test_plain_text_with_speakers(content: str, expected: list[Turn]) -> None:
    assert turns(call("calls/a.txt", content)) == expected


def test_a_plain_header_gives_phone_and_time() -> None:
    found = call(
        "calls/a.txt",
        "Звонок №45\nДата: 03.02.2026 14:05\nТелефон: 8 (912) 345-67-89\nДлительность: 02:11\n\nОператор: Слушаю.\nАбонент: Да.\n",
    )
    assert (found.occurred_at, found.contact.phones) == (datetime(2026, 2, 3, 14, 5), ("8 (912) 345-67-89",))


SEGMENT = {
    "id": 0,
    "seek": 0,
    "start": 0.5,
    "end": 2.0,
    "text": " Добрый день.",
    "avg_logprob": -0.2,
    "no_speech_prob": 0.01,
}
WHISPER = {"task": "transcribe", "language": "russian", "duration": 9.1, "text": "Добрый день. Сколько стоит?",
           "segments": [SEGMENT, {**SEGMENT, "id": 1, "start": 2.5, "end": 4.0, "text": " Сколько стоит?", "words": [{"word": " Сколько", "start": 2.5, "end": 3.0, "probability": 0.9}]}]}  # fmt: skip
FASTER_WHISPER = [[2, 0.5, 2.0, " Hello."], [3, 2.5, 4.0, " How much?"]]
WHISPERX_WORDS = {"segments": [{"start": 0.5, "end": 4.0, "text": " Hello there. How much?", "words": [
    {"word": "Hello", "start": 0.5, "end": 0.8, "score": 0.9, "speaker": "SPEAKER_00"}, {"word": "there.", "start": 0.8, "end": 1.2, "score": 0.9, "speaker": "SPEAKER_00"},
    {"word": "How", "start": 2.5, "end": 2.8, "score": 0.9, "speaker": "SPEAKER_01"}, {"word": "much?", "score": 0.9, "speaker": "SPEAKER_01"}]}],
    "word_segments": [{"word": "Hello", "start": 0.5, "end": 0.8}], "language": "en"}  # fmt: skip
WHISPERX = {"segments": [{"start": 0.5, "end": 2.0, "text": " Hello there.", "speaker": "SPEAKER_00", "words": [{"word": "Hello", "start": 0.5, "end": 0.8, "speaker": "SPEAKER_00"}]},
                         {"start": 2.5, "end": 4.0, "text": " How much?", "speaker": "SPEAKER_01", "words": []}], "word_segments": []}  # fmt: skip
WHISPER_CPP = {"systeminfo": "AVX", "model": {"type": "base"}, "params": {"language": "en"}, "result": {"language": "en"}, "transcription": [
    {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"}, "offsets": {"from": 0, "to": 2000}, "text": " (speaker 0) Hello there", "speaker": "0"},
    {"timestamps": {"from": "00:00:02,000", "to": "00:00:04,000"}, "offsets": {"from": 2000, "to": 4000}, "text": " (speaker ?) How much"}]}  # fmt: skip
DEEPGRAM = {"metadata": {"request_id": "x", "created": "2026-01-19T11:40:00.000Z", "duration": 9.0, "channels": 1},
            "results": {"channels": [{"alternatives": [{"transcript": "hello there how much", "confidence": 0.9, "words": []}]}],
                        "utterances": [{"start": 0.4, "end": 1.0, "confidence": 0.9, "channel": 0, "transcript": "Hello there.", "words": [], "speaker": 0, "id": "u1"},
                                       {"start": 1.4, "end": 2.0, "confidence": 0.9, "channel": 0, "transcript": "How much?", "words": [], "speaker": 1, "id": "u2"}]}}  # fmt: skip
DEEPGRAM_WORDS = {"metadata": {"channels": 1}, "results": {"channels": [{"alternatives": [{"transcript": "Hello there. How much?", "words": [
    {"word": "hello", "start": 0.4, "end": 0.6, "confidence": 0.9, "speaker": 0, "punctuated_word": "Hello"}, {"word": "there", "start": 0.6, "end": 1.0, "speaker": 0, "punctuated_word": "there."},
    {"word": "how", "start": 1.4, "end": 1.6, "speaker": 1, "punctuated_word": "How"}, {"word": "much", "start": 1.6, "end": 2.0, "speaker": 1, "punctuated_word": "much?"}]}]}]}}  # fmt: skip
DEEPGRAM_PLAIN = {
    "metadata": {"channels": 1},
    "results": {"channels": [{"alternatives": [{"transcript": "hello there how much", "confidence": 0.9}]}]},
}
ASSEMBLY = {"id": "t1", "status": "completed", "language_code": "en", "text": "Hello there. How much?", "audio_duration": 9, "words": [
    {"text": "Hello", "start": 400, "end": 600, "confidence": 0.9, "speaker": "A"}, {"text": "there.", "start": 600, "end": 1000, "confidence": 0.9, "speaker": "A"}],
    "utterances": [{"confidence": 0.9, "speaker": "A", "start": 400, "end": 1000, "text": "Hello there.", "words": [{"text": "Hello", "start": 400, "end": 600, "speaker": "A"}]},
                   {"confidence": 0.9, "speaker": "B", "start": 1400, "end": 2000, "text": "How much?", "words": []}]}  # fmt: skip
ASSEMBLY_WORDS = {"id": "t1", "status": "completed", "language_code": "en", "text": "Hello there. How much?", "utterances": None, "words": [
    {"text": "Hello", "start": 400, "end": 600, "confidence": 0.9, "speaker": "A"}, {"text": "there.", "start": 600, "end": 1000, "speaker": "A"},
    {"text": "How", "start": 1400, "end": 1600, "speaker": "B"}, {"text": "much?", "start": 1600, "end": 2000, "speaker": "B"}]}  # fmt: skip


def speechkit_3(*, wrapped: bool, refined: bool) -> list[dict[str, object]]:
    cursors = {"receivedDataMs": "2500", "resetTimeMs": "0", "partialTimeMs": "2000", "finalTimeMs": "2000"}

    def final(index: int, channel: str, text: str, start: str, end: str) -> dict[str, object]:
        alternative = {
            "words": [{"text": text.split()[0], "startTimeMs": start, "endTimeMs": end}],
            "text": text,
            "startTimeMs": start,
            "endTimeMs": end,
            "confidence": 0,
            "languages": [],
        }
        return {
            "sessionUuid": {"uuid": "a"},
            "audioCursors": {**cursors, "finalIndex": str(index)},
            "responseWallTimeMs": "100",
            "final": {"alternatives": [alternative], "channelTag": channel},
            "channelTag": channel,
        }

    def refinement(index: int, channel: str, text: str, start: str, end: str) -> dict[str, object]:
        alternative = {"words": [], "text": text, "startTimeMs": start, "endTimeMs": end}
        return {
            "audioCursors": {**cursors, "finalIndex": str(index)},
            "finalRefinement": {
                "finalIndex": str(index),
                "normalizedText": {"alternatives": [alternative], "channelTag": channel},
            },
            "channelTag": channel,
        }

    stream = [
        {"sessionUuid": {"uuid": "a"}, "statusCode": {"codeType": "WORKING"}},
        {"partial": {"alternatives": [{"text": "добрый"}], "channelTag": "0"}, "channelTag": "0"},
        final(0, "0", "добрый день", "400", "1000"),
        *([refinement(0, "0", "Добрый день.", "400", "1000")] if refined else []),
        {"eouUpdate": {"timeMs": "1000"}, "channelTag": "0"},
        final(0, "1", "сколько стоит пять тысяч", "1400", "2000"),
        *([refinement(0, "1", "Сколько стоит, 5000?", "1400", "2000")] if refined else []),
        {"speakerAnalysis": {"speakerTag": "0", "windowType": "TOTAL"}, "channelTag": "0"},
        {"summarization": {"results": [{"response": "итог"}]}},
    ]
    return [{"result": item} for item in stream] if wrapped else stream


SPEECHKIT_2 = {"done": True, "id": "e0", "createdAt": "2026-02-03T14:05:00Z", "response": {"@type": "type.googleapis.com/yandex.cloud.ai.stt.v2.LongRunningRecognitionResponse", "chunks": [
    {"alternatives": [{"words": [{"startTime": "0.400s", "endTime": "0.600s", "word": "добрый", "confidence": 1}, {"startTime": "0.600s", "endTime": "1s", "word": "день", "confidence": 1}], "text": "Добрый день.", "confidence": 1}], "channelTag": "1"},
    {"alternatives": [{"words": [{"startTime": "1.400s", "endTime": "2s", "word": "сколько", "confidence": 1}], "text": "Сколько стоит?", "confidence": 1}], "channelTag": "2"}]}}  # fmt: skip
GOOGLE = {"results": [
    {"alternatives": [{"transcript": "hello there", "confidence": 0.9}], "channelTag": 1, "resultEndTime": "1s", "languageCode": "en-us"},
    {"alternatives": [{"transcript": "how much", "confidence": 0.9}], "channelTag": 2, "resultEndTime": "2s", "languageCode": "en-us"}]}  # fmt: skip
GOOGLE_LONG = {"name": "77", "metadata": {"@type": "x"}, "done": True, "response": {"results": [
    {"alternatives": [{"transcript": "hello there how much", "words": [{"startTime": "0.400s", "endTime": "1s", "word": "hello"}]}]},
    {"alternatives": [{"words": [{"startTime": "0.400s", "endTime": "0.600s", "word": "hello", "speakerTag": 1}, {"startTime": "0.600s", "endTime": "1s", "word": "there", "speakerTag": 1},
                                 {"startTime": "1.400s", "endTime": "1.600s", "word": "how", "speakerTag": 2}, {"startTime": "1.600s", "endTime": "2s", "word": "much", "speakerTag": 2}]}]}]}}  # fmt: skip
EXOLVE = {"uid": 9, "application_uuid": "a", "date_time": "2026-02-03T14:05:00+03:00", "called_number": "74951234567", "calling_number": "79123456789", "redirect_number": "", "duration": 31,
          "chunks": [{"channel_tag": "1", "start_time": "400", "end_time": "1000", "text": "Добрый день."}, {"channel_tag": "2", "start_time": "1400", "end_time": "2000", "text": "Сколько стоит?"}]}  # fmt: skip
LIA = {"interaction_id": "i-1", "channel": "voice", "timestamp": "2026-02-03T14:05:00Z", "manager": {"name": "Ольга Котова", "id": "m1", "department": "sales"},
       "client": {"name": "Иван Седов", "phone": "+79123456789", "email": "ivan@example.com"},
       "voice": {"duration": 31, "transcript": [{"channel": 0, "start": 0.4, "end": 1.0, "text": "Добрый день."}, {"channel": 1, "start": 1.4, "end": 2.0, "text": "Сколько стоит?"}]}}  # fmt: skip

RU: list[Turn] = [("0", "Добрый день."), ("1", "Сколько стоит, 5000?")]
TIMED: list[Span] = [(0.4, 1.0), (1.4, 2.0)]
EN: list[Turn] = [("0", "Hello there."), ("1", "How much?")]
JSON = [
    pytest.param(as_json(WHISPER), [(None, "Добрый день."), (None, "Сколько стоит?")], [(0.5, 2.0), (2.5, 4.0)], id="whisper"),
    pytest.param(as_json(FASTER_WHISPER), [(None, "Hello."), (None, "How much?")], [(0.5, 2.0), (2.5, 4.0)], id="faster-whisper-tuples"),
    pytest.param(as_json(WHISPERX), [("SPEAKER_00", "Hello there."), ("SPEAKER_01", "How much?")], [(0.5, 2.0), (2.5, 4.0)], id="whisperx"),
    pytest.param(as_json(WHISPERX_WORDS), [("SPEAKER_00", "Hello there."), ("SPEAKER_01", "How much?")], [(0.5, 1.2), (2.5, 2.8)], id="whisperx-speakers-on-words"),
    pytest.param(as_json(WHISPER_CPP), [("speaker 0", "Hello there"), ("speaker ?", "How much")], [(0.0, 2.0), (2.0, 4.0)], id="whisper-cpp"),
    pytest.param(as_json(DEEPGRAM), EN, TIMED, id="deepgram-utterances"),
    pytest.param(as_json(DEEPGRAM_WORDS), EN, TIMED, id="deepgram-words"),
    pytest.param(as_json(ASSEMBLY), [("A", "Hello there."), ("B", "How much?")], TIMED, id="assemblyai"),
    pytest.param(as_json(ASSEMBLY_WORDS), [("A", "Hello there."), ("B", "How much?")], TIMED, id="assemblyai-words"),
    pytest.param("\n".join(map(as_json, speechkit_3(wrapped=True, refined=True))), RU, TIMED, id="speechkit-3-lines"),
    pytest.param(as_json(speechkit_3(wrapped=False, refined=True)), RU, TIMED, id="speechkit-3-list"),
    pytest.param(as_json({"result": speechkit_3(wrapped=False, refined=True)}), RU, TIMED, id="speechkit-3-one-object"),
    pytest.param("\n".join(__import__("json").dumps(item, ensure_ascii=False, indent=2) for item in speechkit_3(wrapped=True, refined=True)), RU, TIMED, id="speechkit-3-pretty-objects"),
    pytest.param("\n".join(map(as_json, speechkit_3(wrapped=True, refined=False))), [("0", "добрый день"), ("1", "сколько стоит пять тысяч")], TIMED, id="speechkit-3-raw-only"),
    pytest.param(as_json(SPEECHKIT_2), [("1", "Добрый день."), ("2", "Сколько стоит?")], TIMED, id="speechkit-2"),
    pytest.param(as_json(SPEECHKIT_2["response"]), [("1", "Добрый день."), ("2", "Сколько стоит?")], TIMED, id="speechkit-2-response-only"),
    pytest.param(as_json(GOOGLE), [("1", "hello there"), ("2", "how much")], [(None, 1.0), (None, 2.0)], id="google-channels"),
    pytest.param(as_json(GOOGLE_LONG), [("1", "hello there"), ("2", "how much")], TIMED, id="google-long-running"),
    pytest.param(as_json(EXOLVE), [("1", "Добрый день."), ("2", "Сколько стоит?")], TIMED, id="mts-exolve"),
    pytest.param(as_json(LIA), [("manager", "Добрый день."), ("client", "Сколько стоит?")], TIMED, id="lia-chat"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "times"), JSON)
def test_recognition_results_of_every_service(content: str, expected: list[Turn], times: list[Span]) -> None:
    found = call("rec.json", content)
    assert turns(found) == expected
    assert spans(found) == times


def test_speech_without_speakers_in_one_block_is_refused_with_its_own_reason() -> None:
    with pytest.raises(CannotRead) as refused:
        taken("rec.json", as_json(DEEPGRAM_PLAIN))
    assert refused.value.code == "no_speakers"


def test_a_call_of_exolve_knows_who_called_and_when() -> None:
    found = call("rec.json", as_json(EXOLVE))
    assert (found.contact.phones, found.occurred_at) == (("79123456789",), datetime(2026, 2, 3, 14, 5))


def test_lia_chat_names_the_client_and_the_manager() -> None:
    found = call("rec.json", as_json(LIA))
    assert (found.contact.phones, found.contact.emails, found.contact.names) == (
        ("+79123456789",),
        ("ivan@example.com",),
        ("Иван Седов",),
    )
    assert (found.staff, found.occurred_at) == (("Ольга Котова",), datetime(2026, 2, 3, 14, 5))


def gong(unit: int) -> dict[str, object]:
    def sentence(start: float, end: float, text: str) -> dict[str, object]:
        return {"start": start * unit, "end": end * unit, "text": text}

    return {
        "requestId": "r", "records": {"totalRecords": 1, "currentPageSize": 1, "currentPageNumber": 0},
        "callTranscripts": [{"callId": "7782342274025937895", "transcript": [
            {"speakerId": "6432345678555530067", "topic": "Intro", "sentences": [sentence(46, 47.5, "No, not yet."), sentence(48, 49, "Go on.")]},
            {"speakerId": "845634532389", "topic": "Price", "sentences": [sentence(400, 410, "How much is it for a team of ten people?")]}]}],
    }  # fmt: skip


GONG_CALLS = {"calls": [{
    "metaData": {"id": "7782342274025937895", "title": "Intro", "started": "2026-02-03T14:05:00-08:00", "direction": "Outbound", "duration": 460},
    "parties": [{"id": "p1", "emailAddress": "olga@acme.example", "name": "Olga Dent", "affiliation": "Internal", "speakerId": "6432345678555530067"},
                {"id": "p2", "emailAddress": "ann@example.com", "phoneNumber": "+1 206 555 0142", "name": "Ann Reed", "affiliation": "External", "speakerId": "845634532389"}]}]}  # fmt: skip


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_gong_counts_in_seconds_or_milliseconds(unit: int) -> None:
    found = call("gong.json", as_json(gong(unit)))
    assert [(utterance.start, utterance.end) for utterance in found.utterances] == [
        (46.0, 47.5),
        (48.0, 49.0),
        (400.0, 410.0),
    ]
    assert {utterance.tag for utterance in found.utterances} == {"6432345678555530067", "845634532389"}


def test_gong_parties_name_the_speakers_and_the_customer() -> None:
    found = call("gong.json", as_json({**gong(1000), **GONG_CALLS}))
    assert [utterance.tag for utterance in found.utterances] == ["agent", "agent", "customer"]
    assert (found.contact.emails, found.contact.phones, found.contact.names) == (
        ("ann@example.com",),
        ("+1 206 555 0142",),
        ("Ann Reed",),
    )
    assert (found.staff, found.occurred_at) == (("Olga Dent",), datetime(2026, 2, 3, 14, 5))


def test_a_text_in_other_hands_without_speakers_is_refused() -> None:
    graph = "0:0:0.0 --> 0:0:2.0\nHello.\n0:0:2.0 --> 0:0:4.0\nHow much?\n"
    assert turns(call("a.vtt", graph)) == [(None, "Hello."), (None, "How much?")]
    with pytest.raises(CannotRead) as refused:
        taken("calls/a.txt", "One long block of speech in which nobody is named and nothing shows where a turn begins.")
    assert refused.value.code == "no_speakers"


def test_invisible_signs_do_not_hide_a_speaker() -> None:
    found = call(
        "calls/a.txt",
        "Мене\u200bджер:\u00ad Добрый\U000e0041 день!\n\u202eКлиент\u202c: Сколько\u2060 стоит \u2764\ufe0f?\n",
    )
    assert turns(found) == [("Менеджер", "Добрый день!"), ("Клиент", "Сколько стоит \u2764?")]
