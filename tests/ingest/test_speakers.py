"""Who is the customer: by labels where files have them, by the words where they have none."""

from __future__ import annotations

import pytest
from small_calls import as_captions, calls_without_labels, chatty_calls, labelled_calls, raw_call

from ingest.model import Speaker
from ingest.speakers import assign_roles
from ingest.speakers.evidence import cue_score
from ingest.speakers.voices import voice_of
from ingest.speakers.words import speech

NOBODY: frozenset[str] = frozenset()
AGENT, CUSTOMER = Speaker.AGENT, Speaker.CUSTOMER


@pytest.mark.parametrize(
    ("tags", "staff", "roles"),
    [
        pytest.param(("Менеджер", "Клиент"), (), (AGENT, CUSTOMER), id="ru-roles"),
        pytest.param(("Customer", "Agent"), (), (CUSTOMER, AGENT), id="en-roles"),
        pytest.param(("Агент 2", "SPEAKER_01"), (), (AGENT, CUSTOMER), id="one-role-word"),
        pytest.param(("Менеджер Ольга", "Света"), (), (AGENT, CUSTOMER), id="role-and-name"),
        pytest.param(("Priya (Brightline)", "Joan"), (), (AGENT, CUSTOMER), id="company-in-brackets"),
        pytest.param(("Joan (guest)", "Priya"), (), (CUSTOMER, AGENT), id="guest-in-brackets"),
        pytest.param(("Joan", "Priya"), ("Priya Nair",), (CUSTOMER, AGENT), id="staff-name"),
        pytest.param(("+7 912 345-67-89", "Priya"), ("Priya Nair",), (CUSTOMER, AGENT), id="phone-as-label"),
    ],
)
def test_labels_decide(tags: tuple[str, str], staff: tuple[str, ...], roles: tuple[Speaker, Speaker]) -> None:
    call = raw_call("a", [(tags[0], "one two three"), (tags[1], "four five six"), (None, "seven")])
    found = assign_roles([call], staff=frozenset(staff), names_of={})["a"]
    assert tuple(utterance.speaker for utterance in found.utterances) == (*roles, roles[1])
    assert (found.roles, found.confidence) == ("labelled", 1.0)
    assert {utterance.confidence for utterance in found.utterances} == {1.0}


def test_the_name_that_speaks_in_many_calls_is_the_agent() -> None:
    calls = [
        raw_call(name, [("Theo", "hello there"), (name, "hi I need help")]) for name in ("Ann", "Bea", "Cyd", "Dan")
    ]
    found = assign_roles(calls, staff=NOBODY, names_of={})
    assert all([u.speaker for u in call.utterances] == [AGENT, CUSTOMER] for call in found.values())


def test_the_customers_known_name_is_the_customer() -> None:
    call = raw_call("a", [("Дарья", "Добрый день"), ("Марина", "Здравствуйте")])
    found = assign_roles([call], staff=NOBODY, names_of={"a": frozenset({"Марина"})})["a"]
    assert [utterance.speaker for utterance in found.utterances] == [AGENT, CUSTOMER]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("tagged", [True, False], ids=["speakers", "no-speakers"])
def test_words_decide_where_labels_do_not(language: str, tagged: bool) -> None:
    calls, truth = calls_without_labels(language, count=24, tagged=tagged)
    found = assign_roles(calls, staff=NOBODY, names_of={})
    words = right = 0
    for call in found.values():
        for utterance, role in zip(call.utterances, truth[call.ref], strict=True):
            size = len(utterance.text.split())
            words += size
            right += size * (utterance.speaker == role)
    assert right / words > 0.95
    assert {call.roles for call in found.values()} <= {"inferred", "unsure"}
    sure = [call for call in found.values() if call.confidence >= 0.9]
    assert len(sure) > len(calls) / 2


def test_few_untagged_calls_stay_unconfirmed() -> None:
    calls, _ = calls_without_labels("en", count=4, tagged=False)
    found = assign_roles(calls, staff=NOBODY, names_of={})
    assert {call.roles for call in found.values()} == {"unsure"}
    assert max(call.confidence for call in found.values()) < 0.9


def test_labelled_texts_of_earlier_batches_help_a_lonely_call() -> None:
    calls, truth = calls_without_labels("ru", count=1, tagged=True)
    history, roles = calls_without_labels("ru", count=20, tagged=True, start=5)
    said = [(u.text, role) for call in history for u, role in zip(call.utterances, roles[call.ref], strict=True)]
    found = assign_roles(
        calls,
        staff=NOBODY,
        names_of={},
        agent_utterances=[text for text, role in said if role == AGENT],
        customer_utterances=[text for text, role in said if role == CUSTOMER],
    )[calls[0].ref]
    assert [utterance.speaker for utterance in found.utterances] == truth[calls[0].ref]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([("SPEAKER_00", "Алло, вас не слышно. Алло!")], id="voicemail"),
        pytest.param([(None, "Продолжение следует...")], id="hallucination"),
        pytest.param([("0", "hello hello"), ("1", "wrong number sorry")], id="wrong-number"),
        pytest.param([], id="empty"),
    ],
)
def test_calls_too_short_to_tell_are_single_and_unsure(said: list[tuple[str | None, str]]) -> None:
    others, _ = calls_without_labels("ru", count=12, tagged=True)
    found = assign_roles([raw_call("x", said), *others], staff=NOBODY, names_of={})["x"]
    assert found.roles == "single"
    assert found.confidence < 0.9


def test_order_of_calls_changes_nothing_and_texts_and_times_pass_through() -> None:
    calls, _ = calls_without_labels("en", count=15, tagged=False)
    forward = assign_roles(calls, staff=NOBODY, names_of={})
    backward = assign_roles(calls[::-1], staff=NOBODY, names_of={})
    assert forward == backward
    for call in calls:
        assert [(u.text, u.start, u.end) for u in forward[call.ref].utterances] == [
            (u.text, u.start, u.end) for u in call.utterances
        ]


def test_a_third_voice_does_not_take_the_agents_place() -> None:
    calls, truth = calls_without_labels("ru", count=12, tagged=True)
    first = calls[0]
    voices = [(u.tag, u.text) for u in first.utterances]
    crowded = raw_call(first.ref, [*voices[:2], ("SPEAKER_07", "Мам, ну пойдём уже"), *voices[2:]])
    found = assign_roles([crowded, *calls[1:]], staff=NOBODY, names_of={})[first.ref]
    expected = [*truth[first.ref][:2], CUSTOMER, *truth[first.ref][2:]]
    assert [utterance.speaker for utterance in found.utterances] == expected


def test_a_colleague_who_takes_the_call_over_is_an_agent_too() -> None:
    calls, truth = calls_without_labels("ru", count=12, tagged=True)
    first = calls[0]
    half = len(first.utterances) // 2
    voices = [
        ("SPEAKER_09" if place >= half and role is AGENT else said.tag, said.text)
        for place, (said, role) in enumerate(zip(first.utterances, truth[first.ref], strict=True))
    ]
    found = assign_roles([raw_call(first.ref, voices), *calls[1:]], staff=NOBODY, names_of={})[first.ref]
    assert [utterance.speaker for utterance in found.utterances] == truth[first.ref]


def test_labels_the_wrong_way_round_are_doubted_and_teach_nobody() -> None:
    calls = labelled_calls("ru", count=16)
    turn = {"Менеджер": "Клиент", "Клиент": "Менеджер"}
    wrong = raw_call(calls[3].ref, [(turn[said.tag or ""], said.text) for said in calls[3].utterances])
    found = assign_roles([*calls[:3], wrong, *calls[4:]], staff=NOBODY, names_of={})
    assert (found[wrong.ref].roles, found[wrong.ref].confidence) == ("unsure", 0.5)
    assert {call.roles for ref, call in found.items() if ref != wrong.ref} == {"labelled"}


def test_a_few_calls_are_taken_at_their_labels_word() -> None:
    calls = labelled_calls("en", count=3)
    turned = [raw_call(c.ref, [("Agent" if u.tag == "Customer" else "Customer", u.text) for u in c.utterances])
              for c in calls]  # fmt: skip
    found = assign_roles(turned, staff=NOBODY, names_of={})
    assert {call.roles for call in found.values()} == {"labelled"}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_cues_that_run_across_turns_are_cut_and_lose_no_word(language: str) -> None:
    calls, truth = chatty_calls(language, count=30)
    captions, sides = as_captions(calls, truth, words=13)
    found = assign_roles(captions, staff=NOBODY, names_of={})
    words = right = 0
    for call in captions:
        spoken = found[call.ref].utterances
        assert " ".join(u.text for u in spoken).split() == " ".join(u.text for u in call.utterances).split()
        edges = [edge for u in spoken for edge in (u.start, u.end)]
        assert edges == sorted(edges)  # type: ignore[type-var]
        given = [u.speaker for u in spoken for _ in u.text.split()]
        words += len(given)
        right += sum(own is role for own, role in zip(given, sides[call.ref], strict=True))
    assert right / words > 0.85
    cut = [found[call.ref] for call in captions if len(found[call.ref].utterances) > len(call.utterances)]
    assert len(cut) > len(calls) / 3
    assert max(call.confidence for call in cut) < 0.95


def test_cues_that_follow_turns_come_back_whole() -> None:
    calls, _ = calls_without_labels("en", count=30, tagged=False)
    found = assign_roles(calls, staff=NOBODY, names_of={})
    assert all([u.text for u in found[c.ref].utterances] == [u.text for u in c.utterances] for c in calls)


def test_a_colleague_named_before_is_the_agent() -> None:
    call = raw_call("a", [("Виринея", "Так вот."), ("Прохор", "Гудит ремень.")])
    known = frozenset({voice_of("Прохор", b"salt")})
    found = assign_roles([call], staff=NOBODY, names_of={}, salt=b"salt", colleagues=known)["a"]
    assert [utterance.speaker for utterance in found.utterances] == [CUSTOMER, AGENT]
    assert assign_roles([call], staff=NOBODY, names_of={}, salt=b"other", colleagues=known)["a"].roles != "labelled"


@pytest.mark.parametrize(
    "label",
    [
        pytest.param(label, id=label)
        for label in ("SPEAKER_00", "0", "Менеджер", "Agent 2", "guest", "Speaker A", "channel 1", "Sales rep")
    ],
)
def test_a_label_that_names_nobody_is_the_voice(label: str) -> None:
    assert voice_of(label, b"salt") == label


@pytest.mark.parametrize(
    "label",
    [
        pytest.param(label, id=label)
        for label in (
            "Анна",
            "Менеджер Ольга",
            "Priya (Brightline)",
            "Joan (guest)",
            "+7 912 345-67-89",
            "834283492",
            "А. Б.",
        )
    ],
)
def test_a_label_that_may_name_somebody_is_hashed(label: str) -> None:
    voice = voice_of(label, b"salt")
    assert voice.startswith("voice-") and voice != voice_of(label, b"other salt")
    assert voice == voice_of(f" {label} ", b"salt")


@pytest.mark.parametrize(
    ("text", "side"),
    [
        pytest.param("соедините с лицом принимающим решения", -1, id="ru-seller"),
        pytest.param("у вас вакансии есть я ищу подработку", -1, id="ru-job"),
        pytest.param("по какому вопросу вы звоните", 1, id="ru-reception"),
        pytest.param("is the business owner there today", -1, id="en-seller"),
        pytest.param("are you guys hiring I could drop off my resume", -1, id="en-job"),
        pytest.param("what is this regarding", 1, id="en-reception"),
    ],
)
def test_callers_who_sell_or_look_for_work_sound_like_callers(text: str, side: int) -> None:
    score = cue_score(speech(text))
    assert score * side > 0
