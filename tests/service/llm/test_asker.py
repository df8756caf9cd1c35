"""Asking: kept answers, tries, fallbacks, the cap, giving up; the bill says it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from model_minds import Scripted

from service.core.errors import BadInput
from service.core.settings import Settings
from service.llm.asker import GIVEN_UP_AFTER, Asker, asking
from service.llm.budget import budget_of, tokens_of
from service.llm.client import Client, clients_of
from service.llm.model import Outcome, Question
from service.llm.repository import bill_of
from service.store.db import Store, ensure_workspace, open_store
from service.store.tables import ModelAnswerRow, ModelCallRow


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path / "home", _env_file=None))
    with opened.session(write=True) as session:
        ensure_workspace(session, "w")
    yield opened
    opened.close()


def settings(store: Store, **given: Any) -> Settings:
    wanted = {"llm": "scripted:model", "llm_retries": 2, "llm_answer_tokens": 64, "llm_concurrency": 1, **given}
    return Settings(home=store.home, _env_file=None, **wanted)


def asker(store: Store, *clients: Client, run: str = "r1", **given: Any) -> Asker:
    known = settings(store, **given)
    return Asker(store, known, "w", run, clients, budget_of(known), pause=lambda seconds: None)


def names(task: str, user: str) -> dict[str, Any]:
    return {"names": [{"segment": "1", "name": "Parents"}]}


def question(words: str = "1. 40 people", complaints: str = "") -> Question:
    return Question("name_segments", "en", {"segments": words}, complaints)


def outcomes(store: Store, run: str = "r1") -> list[str]:
    with store.session() as session:
        return [row.outcome for row in session.query(ModelCallRow).filter_by(run_id=run).order_by(ModelCallRow.at)]


def test_the_same_question_is_paid_for_once(store: Store) -> None:
    model = Scripted(names)
    first = asker(store, model).ask([question()])[0]
    again = asker(store, model, run="r2").ask([question()])[0]
    assert (first.answer, first.kept, again.answer, again.kept) == (again.answer, False, first.answer, True)
    assert len(model.asked) == 1
    with store.session() as session:
        bills = [bill_of(session, "w", run) for run in ("r1", "r2")]
    assert [(b.calls, b.kept, b.tokens_in) for b in bills if b] == [(1, 0, 100), (0, 1, 0)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"words": "1. 41 people"}, id="another input"),
        pytest.param({"complaints": "1. no"}, id="a repair round"),
        pytest.param({"llm": "scripted:other"}, id="another model"),
        pytest.param({"llm_output": "json_mode"}, id="another output method"),
        pytest.param({"llm_base_url": "http://elsewhere"}, id="another server"),
    ],
)
def test_another_question_is_asked_anew(store: Store, other: dict[str, str]) -> None:
    model = Scripted(names)
    asker(store, model).ask([question()])
    words = {key: other[key] for key in ("words", "complaints") if key in other}
    rest = {key: value for key, value in other.items() if key not in words}
    second = Scripted(names)
    second.name = rest.get("llm", model.name)
    asker(store, second, **rest).ask([question(**words)])
    assert len(second.asked) == 1


def test_the_question_itself_is_not_kept(store: Store) -> None:
    asker(store, Scripted(names)).ask([question("1. тайные слова клиента")])
    with store.session() as session:
        row = session.query(ModelAnswerRow).one()
    assert "тайные" not in str({c.name: getattr(row, c.name) for c in row.__table__.columns})


@pytest.mark.parametrize(
    ("fails", "calls", "outcome"),
    [
        pytest.param(["timeout"], 2, "answered", id="a timeout, then an answer"),
        pytest.param(["rate_limit", "server_error"], 3, "answered", id="429, 500, then an answer"),
        pytest.param(["timeout"] * 3, 3, "timeout", id="nothing but timeouts"),
        pytest.param(["refused"], 1, "refused", id="a refusal is not repeated"),
        pytest.param(["wrong_schema"], 1, "wrong_schema", id="a wrong schema goes to the repair round"),
        pytest.param(["cut_off"], 1, "cut_off", id="a cut answer goes to the repair round"),
    ],
)
def test_tries(store: Store, fails: list[Outcome], calls: int, outcome: str) -> None:
    model = Scripted(names, fails)
    reply = asker(store, model).ask([question()])[0]
    assert (len(model.asked), reply.tries, reply.outcome) == (calls, calls, outcome)
    assert outcomes(store) == [outcome]


def test_failed_calls_are_not_kept(store: Store) -> None:
    asker(store, Scripted(names, ["refused"])).ask([question()])
    assert asker(store, Scripted(names), run="r2").ask([question()])[0].outcome == "answered"


def test_a_fallback_answers_where_the_first_does_not(store: Store) -> None:
    dead, alive = Scripted(names, ["timeout"] * 3), Scripted(names)
    alive.name = "scripted:second"
    reply = asker(store, dead, alive).ask([question()])[0]
    assert (reply.outcome, reply.model, reply.tries) == ("answered", "scripted:second", 4)


def test_a_dead_model_is_given_up(store: Store) -> None:
    model = Scripted(names, ["unavailable"] * 99)
    replies = asker(store, model, llm_retries=0).ask([question(f"{n}.") for n in range(6)])
    assert len(model.asked) == GIVEN_UP_AFTER
    assert {reply.outcome for reply in replies} == {"unavailable"}


def test_the_cap_of_tokens_stops_asking(store: Store) -> None:
    model = Scripted(names)
    one = 64 + 500
    replies = asker(store, model, llm_token_cap=one).ask([question(f"{n}.") for n in range(12)])
    told = [reply.outcome for reply in replies]
    assert told[0] == "answered"
    assert told[-1] == "budget"
    assert 100 * len(model.asked) <= one


def test_the_cap_of_money_stops_asking(store: Store) -> None:
    prices = {"llm_price_in": 1000.0, "llm_price_out": 1000.0}
    model = Scripted(names)
    told = [
        r.outcome for r in asker(store, model, llm_cost_cap=0.7, **prices).ask([question(str(n)) for n in range(9)])
    ]
    assert told[0] == "answered"
    assert told[-1] == "budget"
    with store.session() as session:
        bill = bill_of(session, "w", "r1", "USD")
    assert bill is not None
    assert bill.cost == pytest.approx(0.11 * len(model.asked))
    assert bill.failed == {"budget": told.count("budget")}


def test_a_run_taken_up_again_goes_on_with_what_is_left(store: Store) -> None:
    given = settings(store, llm="replay:nowhere.json", llm_token_cap=1000)
    asker(store, Scripted(names), llm_token_cap=1000).ask([question()])
    answers = store.home / "answers.json"
    answers.write_text("[]")
    with asking(store, given.model_copy(update={"llm": f"replay:{answers}"}), "w", "r1") as again:
        assert again is not None
        assert again.budget.tokens == 110


def test_without_a_model_there_is_nobody_to_ask(store: Store) -> None:
    with asking(store, settings(store, llm=None), "w", "r1") as nobody:
        assert nobody is None


@pytest.mark.parametrize("name", ["gpt-4.1-mini", "openai:", ":x"])
def test_a_model_without_a_provider_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="provider:model"):
        clients_of(Settings(llm=name, _env_file=None))


@pytest.mark.parametrize(
    ("fallbacks", "expected"),
    [
        pytest.param("", [("openai:a", "http://one")], id="none"),
        pytest.param("openai:b, openai:c@http://two", [("openai:a", "http://one"), ("openai:b", "http://one"),
                     ("openai:c", "http://two")], id="two, one of them elsewhere"),
    ],
)  # fmt: skip
def test_fallbacks_are_asked_in_order(fallbacks: str, expected: Sequence[tuple[str, str]]) -> None:
    given = clients_of(Settings(llm="openai:a", llm_base_url="http://one", llm_fallbacks=fallbacks, _env_file=None))
    assert [(client.name, client.base_url) for client in given] == expected  # type: ignore[attr-defined]


def test_an_estimate_of_tokens_counts_cyrillic_double() -> None:
    assert tokens_of("слово" * 4) == 2 * tokens_of("words" * 4)
