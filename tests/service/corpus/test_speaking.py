"""A person says who speaks: it counts, it holds for later uploads, it teaches, it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from unclear_calls import MURMUR, write_call, write_dialogue

from ingest.model import Speaker
from service.core.errors import BadInput, NotFound
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import labelled_voices, load_corpus
from service.corpus.speaking import as_shown
from service.corpus.speaking_step import hearing, read_call, set_back, set_roles
from service.corpus.step import ingest_paths
from service.forgetting import forget
from service.segments.material import material_of
from service.store.backup import read_backup, write_backup
from service.store.db import Store, open_store
from service.store.runs import corpus_stamp
from service.store.tables import AuditRow, SpeakerRolesRow

CALL = "calls/call.json"
AGENT, CUSTOMER, UNKNOWN = Speaker.AGENT, Speaker.CUSTOMER, Speaker.UNKNOWN


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_call(tmp_path / "in" / CALL)
    return tmp_path / "in"


def take(store: Store, settings: Settings, folder: Path) -> None:
    ingest_paths(store, settings, "w", [folder])


def corpus(store: Store, settings: Settings) -> Corpus:
    with store.session() as session:
        return load_corpus(session, "w", settings)


def stamp(store: Store) -> str:
    with store.session() as session:
        return corpus_stamp(session, "w")


def roles(store: Store, named: str = CALL) -> list[Speaker]:
    return [utterance.speaker for utterance in read_call(store, "w", named).document.utterances]


def test_an_unclear_call_waits_and_its_words_stay_out(store: Store, settings: Settings, folder: Path) -> None:
    take(store, settings, folder)
    assert [call.document.ref for call in hearing(store, "w").waiting] == [CALL]
    assert corpus(store, settings).documents[0].customer_text == ""
    assert material_of(corpus(store, settings)).texts.texts == ()


def test_what_a_person_says_brings_the_words_in_and_marks_results_as_stale(
    store: Store, settings: Settings, folder: Path
) -> None:
    take(store, settings, folder)
    before, stamped = corpus(store, settings), stamp(store)
    set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1")
    after = corpus(store, settings)
    assert after.documents[0].customer_text == MURMUR[1][1]
    assert after.input_hash != before.input_hash
    assert stamp(store) != stamped
    assert (after.documents[0].document.roles, hearing(store, "w").waiting) == ("confirmed", ())


def test_taken_back_everything_is_as_it_was(store: Store, settings: Settings, folder: Path) -> None:
    take(store, settings, folder)
    before = corpus(store, settings)
    set_roles(store, "w", CALL, {"SPEAKER_00": "customer", "SPEAKER_01": "customer"}, "key-1")
    set_roles(store, "w", CALL, {"@0": "unknown"}, "key-1")
    assert roles(store) == [UNKNOWN, CUSTOMER, CUSTOMER]
    set_back(store, "w", CALL, "key-1")
    assert corpus(store, settings) == before
    with pytest.raises(NotFound):
        set_back(store, "w", CALL, "key-1")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param(MURMUR, [AGENT, CUSTOMER, AGENT], id="the-same-file"),
        pytest.param((("SPEAKER_01", "Алло."), *MURMUR), [CUSTOMER, AGENT, CUSTOMER, AGENT], id="a-line-more-before"),
        pytest.param((*MURMUR, ("SPEAKER_07", "Обед!")), [AGENT, CUSTOMER, AGENT, None], id="a-third-voice"),
    ],
)
def test_a_voice_set_once_stays_set_in_a_new_version_of_the_file(
    store: Store, settings: Settings, folder: Path, said: tuple[tuple[str, str], ...], found: list[Speaker | None]
) -> None:
    take(store, settings, folder)
    set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1")
    write_call(folder / CALL, said)
    take(store, settings, folder)
    assert [own for own, role in zip(roles(store), found, strict=True) if role] == [role for role in found if role]
    set_back(store, "w", CALL, "key-1")
    assert read_call(store, "w", CALL).document.roles != "confirmed"


def test_lines_of_a_file_without_voices_are_known_again_by_their_words(
    store: Store, settings: Settings, folder: Path
) -> None:
    lines = [
        (None, "так значит гудит"),
        (None, "ремень гудит третий раз за лето"),
        (None, "приезжайте к нам завтра до обеда посмотрим"),
    ]
    write_call(folder / CALL, lines)
    take(store, settings, folder)
    set_roles(store, "w", CALL, {"0": "agent", "@1": "customer", "@2-2": "agent"}, "key-1")
    assert roles(store) == [AGENT, CUSTOMER, AGENT]
    write_call(folder / CALL, [lines[1], lines[0], lines[2], (None, "хорошо")])
    take(store, settings, folder)
    assert roles(store)[:3] == [CUSTOMER, AGENT, AGENT]
    assert corpus(store, settings).documents[0].customer_text == "ремень гудит третий раз за лето"


def test_what_was_set_teaches_the_next_upload(store: Store, settings: Settings, folder: Path) -> None:
    take(store, settings, folder)
    with store.session() as session:
        assert labelled_voices(session, "w", "customer") == ()
    set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1")
    with store.session() as session:
        assert labelled_voices(session, "w", "customer") == (MURMUR[1][1],)
        assert labelled_voices(session, "w", "agent") == (MURMUR[0][1], MURMUR[2][1])


def test_a_colleague_named_once_is_known_in_later_calls_and_their_name_is_kept_nowhere(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    first, later = tmp_path / "a", tmp_path / "b"
    write_dialogue(first / "one.txt", [("Виринея", "Так вот."), ("Прохор", "Гудит ремень."), ("Виринея", "Ясно.")])
    write_dialogue(later / "two.txt", [("Прасковья", "Ремень бы."), ("Виринея", "Так."), ("Прасковья", "Ну да.")])
    take(store, settings, first)
    call = read_call(store, "w", "one.txt")
    voices = [heard.voice for heard in call.voices]
    assert all(voice.startswith("voice-") for voice in voices)
    set_roles(store, "w", "one.txt", {voices[0]: "agent"}, "key-1")
    take(store, settings, later)
    assert roles(store, "two.txt") == [CUSTOMER, AGENT, CUSTOMER]
    with store.engine.connect() as connection:
        held = [str(row) for row in connection.execute(text("select * from utterances")).all()]
    assert not any("Виринея" in row or "Прохор" in row for row in held)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"SPEAKER_00": "boss"}, id="no-such-role"),
        pytest.param({"SPEAKER_09": "agent"}, id="no-such-voice"),
        pytest.param({"@3": "agent"}, id="past-the-end"),
        pytest.param({"@2-1": "agent"}, id="backwards"),
        pytest.param({"": "agent"}, id="nothing-named"),
        pytest.param({}, id="nothing-said"),
    ],
)
def test_what_cannot_be_understood_changes_nothing(
    store: Store, settings: Settings, folder: Path, said: dict[str, str]
) -> None:
    take(store, settings, folder)
    before = corpus(store, settings)
    with pytest.raises(BadInput):
        set_roles(store, "w", CALL, said, "key-1")
    assert corpus(store, settings) == before


def test_a_call_is_found_by_the_end_of_its_path_and_notes_are_not_calls(
    store: Store, settings: Settings, folder: Path
) -> None:
    (folder / "notes.csv").write_text("Note ID,Phone,Note body\n1,+79161234567,Ремень гудит\n", encoding="utf-8")
    take(store, settings, folder)
    assert read_call(store, "w", "call.json").document.ref == CALL
    for unknown in ("other.json", "notes.csv#1", ""):
        with pytest.raises(NotFound):
            read_call(store, "w", unknown)


def test_the_audit_log_says_who_set_which_call_and_none_of_its_words(
    store: Store, settings: Settings, folder: Path
) -> None:
    take(store, settings, folder)
    call = set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1")
    set_back(store, "w", CALL, "key-2")
    with store.session() as session:
        found = select(AuditRow.who, AuditRow.what, AuditRow.details).where(AuditRow.what.startswith("speakers"))
        log = session.execute(found).all()
    assert sorted((who, what) for who, what, _ in log) == [("key-1", "speakers set"), ("key-2", "speakers set back")]
    assert {details["call"] for _, _, details in log} == {call.id}


def test_a_forgotten_customer_leaves_no_roles_and_no_trace_in_the_log(
    store: Store, settings: Settings, folder: Path
) -> None:
    take(store, settings, folder)
    call = set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1")
    assert forget(store, settings, "w", CALL, "key-1").left == ()
    with store.session() as session:
        assert session.scalars(select(SpeakerRolesRow)).all() == []
        assert call.id not in str(session.scalars(select(AuditRow.details)).all())


def test_roles_go_with_a_backup(store: Store, settings: Settings, folder: Path, tmp_path: Path) -> None:
    take(store, settings, folder)
    shown = as_shown(set_roles(store, "w", CALL, {"SPEAKER_00": "agent"}, "key-1"), lines=True)
    write_backup(store, tmp_path / "all.zip")
    other = open_store(Settings(home=tmp_path / "other", _env_file=None))
    read_backup(other, tmp_path / "all.zip")
    assert as_shown(read_call(other, "w", CALL), lines=True) == shown
    assert set_back(other, "w", CALL, "key-1").document.roles != "confirmed"
    other.close()
