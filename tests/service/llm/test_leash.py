"""The leash: what holds is taken, complaints go back once, the rest stays plain and is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from model_minds import Plainly

from service.llm.leash import Request, Verdict, on_leash
from service.llm.model import Outcome, Question


def judge(answer: Mapping[str, Any]) -> Verdict[str]:
    """Holds what is written in small letters."""
    held, complaints = {}, {}
    for item in answer["sentences"]:
        target = held if item["text"].islower() else complaints
        target[item["id"]] = item["text"] if item["text"].islower() else "small letters"
    return Verdict(held, complaints)


def asked(*answers: dict[str, str] | Outcome) -> tuple[dict[str, str], dict[str, str], list[Question]]:
    """(held, plain, questions) of a request about items 1 to 3."""
    left = list(answers)

    def answer(question: Question) -> dict[str, Any] | Outcome:
        given = left.pop(0)
        if isinstance(given, str):
            return given
        return {"sentences": [{"id": number, "text": text} for number, text in given.items()]}

    asker = Plainly(answer)
    request = Request(Question("phrase_sections", "en", {"sentences": "…"}), ("1", "2", "3"), judge)
    taken = on_leash(asker, [request])[0]
    return taken.held, dict(taken.plain), asker.asked


def test_what_holds_is_taken_without_a_second_round() -> None:
    held, plain, questions = asked({"1": "a", "2": "b", "3": "c"})
    assert (held, plain, len(questions)) == ({"1": "a", "2": "b", "3": "c"}, {}, 1)


def test_complaints_go_back_once_and_may_be_mended() -> None:
    held, plain, questions = asked({"1": "a", "2": "B", "3": "C"}, {"2": "b", "3": "STILL"})
    assert held == {"1": "a", "2": "b"}
    assert plain == {"3": "check"}
    assert questions[1].complaints == "2. small letters\n3. small letters"


def test_what_the_model_leaves_out_stays_plain_and_asks_nothing() -> None:
    held, plain, questions = asked({"1": "a"})
    assert (held, plain, len(questions)) == ({"1": "a"}, {"2": "left_out", "3": "left_out"}, 1)


def test_items_nobody_asked_for_are_nothing() -> None:
    held, plain, _ = asked({"9": "x", "1": "a", "2": "b", "3": "c"})
    assert (sorted(held), plain) == (["1", "2", "3"], {})


@pytest.mark.parametrize("outcome", ["timeout", "rate_limit", "server_error", "unavailable", "refused", "budget"])
def test_a_call_that_failed_leaves_everything_plain(outcome: Outcome) -> None:
    held, plain, questions = asked(outcome)
    assert (held, set(plain.values()), len(questions)) == ({}, {outcome}, 1)


@pytest.mark.parametrize("outcome", ["cut_off", "wrong_schema"])
def test_an_unreadable_answer_is_asked_for_once_more(outcome: Outcome) -> None:
    held, plain, questions = asked(outcome, {"1": "a", "2": "b", "3": "c"})
    assert (len(held), plain, len(questions)) == (3, {}, 2)


@pytest.mark.parametrize("outcome", ["cut_off", "wrong_schema", "timeout"])
def test_a_second_failure_ends_it(outcome: Outcome) -> None:
    held, plain, questions = asked("wrong_schema", outcome)
    assert (held, set(plain.values()), len(questions)) == ({}, {outcome}, 2)
