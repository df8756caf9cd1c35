"""A whole cycle with a language model, through the command line: estimate, names, briefs, the bill, forgetting."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harvests import sha
from model_minds import NUMBERED, nothing
from shop_home import ShopHome, by_words, put_shop

from eval.leashing.server import Asked, Fault, ModelServer, serving
from ingest.model import Stakeholder, StakeholderText, TextKind
from service.store.tables import ModelAnswerRow, ModelCallRow

Mind = Callable[[Asked], dict[str, Any] | Fault]


def mind(asked: Asked) -> dict[str, Any] | Fault:
    """Names a segment, smooths sentences, keeps silent else."""
    if asked.task == "name_segments":
        numbers = [n for n, _ in NUMBERED.findall(asked.user)]
        return {"names": [{"segment": n, "name": "Дочка и планшет"} for n in numbers]}
    if asked.task == "phrase_sections":
        lines = NUMBERED.findall(asked.user)
        return {"sentences": [{"id": n, "text": f"И {text[0].lower()}{text[1:]}"} for n, text in lines]}
    return nothing(asked.task)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> ShopHome:
    by_words(monkeypatch, tmp_path / "home")
    home = ShopHome(tmp_path / "home", capsys)
    store = home.store()
    words = "# Кто наш клиент\n\nЧаще всего к нам обращаются офисы. Скидку просят студенты. Цена их пугает."
    persona = StakeholderText("personas/o.md", TextKind.PERSONA, "o", words, "ru", sha(words), Stakeholder.OWNER)
    put_shop(store, texts=[persona])
    store.close()
    return home


def use(monkeypatch: pytest.MonkeyPatch, server: ModelServer, **more: str) -> None:
    given = {"LLM": "openai:scripted", "LLM_BASE_URL": server.url, "LLM_PRICE_IN": "10", "LLM_RETRIES": "0", **more}
    for name, value in given.items():
        monkeypatch.setenv(f"WHOBUYS_{name}", value)


def rows(shop: ShopHome, table: type[Any]) -> int:
    store = shop.store()
    with store.session() as session:
        found = session.query(table).count()
    store.close()
    return found


def test_before_the_first_analysis_an_estimate_says_what_to_do(shop: ShopHome) -> None:
    assert shop.json("estimate") | {"known": False, "calls": 0} == shop.json("estimate")
    assert "whobuys analyze" in shop.run("estimate")[1]


def test_without_a_model_nothing_is_asked(shop: ShopHome) -> None:
    run = shop.json("analyze")
    assert "llm" not in run["manifest"]
    assert "bill" not in run["manifest"]
    assert rows(shop, ModelCallRow) == 0
    assert "bill" not in shop.json("summary")


def test_a_cycle_with_a_model(shop: ShopHome, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = shop.json("analyze")
    tables = {name: shop.json("export", name) for name in ("claims", "economics", "customers")}
    estimated = shop.json("estimate")
    assert estimated["model"] is None
    assert estimated["calls"] > 3

    with serving(mind) as server:
        use(monkeypatch, server)
        assert shop.json("estimate")["cost"] > 0
        assert server.asked == []
        led = shop.json("analyze")
        asked = len(server.asked)

        assert led["id"] != plain["id"]
        assert led["manifest"]["llm"]["models"] == ["openai:scripted"]
        bill = shop.json("summary")["bill"]
        assert bill == led["manifest"]["bill"] | {"tasks": bill["tasks"], "failed": bill["failed"]}
        assert bill["calls"] == asked >= estimated["calls"]
        assert bill["cost"] > 0
        assert "openai:scripted" in shop.run("summary")[1]

        names = [segment["name"] for segment in shop.json("summary")["segments"]]
        assert "Дочка и планшет" in names
        brief = shop.run("brief", "comparison")[1]
        assert "openai:scripted" in brief
        assert "openai:scripted" not in shop.run("brief", "comparison", "--lang", "en")[1]
        assert {name: shop.json("export", name) for name in tables} == tables

        shop.json("analyze", "--force")  # names that hold stay; only for the others a question is asked
        asked = len(server.asked)
        assert {message.task for message in server.asked[bill["calls"] :]} <= {"name_segments"}
        shop.json("analyze", "--force")
        assert len(server.asked) == asked
        assert shop.json("estimate")["kept"] > 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(Fault(429), "ограничила число запросов", id="429"),
        pytest.param(Fault(500), "ответил ошибкой", id="500"),
        pytest.param(Fault(text='{"sent', finish="length"), "оборвался", id="cut off"),
        pytest.param(Fault(text='{"other": 1}'), "не подошёл по форме", id="wrong schema"),
    ],
)
def test_with_a_broken_model_every_brief_comes_and_says_so(
    shop: ShopHome, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    with serving(lambda asked: fault) as server:
        use(monkeypatch, server)
        shop.json("analyze")
        for kind in ("comparison", "session", "creative", "script"):
            brief = shop.run("brief", kind)[1].replace("\u00a0", " ")
            assert words in brief or "не отвечала" in brief
        assert "ответов" in shop.run("summary")[1]


def test_a_forgotten_customer_is_not_in_kept_answers(shop: ShopHome, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(mind) as server:
        use(monkeypatch, server)
        shop.json("analyze")
        assert rows(shop, ModelAnswerRow) > 0
        customer = shop.json("customers")[0]["customer"]
        forgotten = shop.json("forget", customer)
    assert rows(shop, ModelAnswerRow) == 0
    assert forgotten["left"] == []


def test_a_name_a_person_gives_wins(shop: ShopHome, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(mind) as server:
        use(monkeypatch, server)
        shop.json("analyze")
        segment = next(s for s in shop.json("summary")["segments"] if s["name"] == "Дочка и планшет")
        shop.json("segments", "rename", segment["segment"], "Мамы и папы")
        shop.json("analyze")
    assert "Мамы и папы" in [s["name"] for s in shop.json("summary")["segments"]]


def test_answers_may_come_from_a_file(shop: ShopHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    name = {"names": [{"segment": str(n), "name": "Дочка и планшет"} for n in range(1, 6)]}
    file.write_text(json.dumps([{"task": "name_segments", "language": "ru", "answer": name}]), encoding="utf-8")
    monkeypatch.setenv("WHOBUYS_LLM", f"replay:{file}")
    shop.json("analyze")
    assert "Дочка и планшет" in [s["name"] for s in shop.json("summary")["segments"]]
    assert str(tmp_path) not in json.dumps(shop.json("summary"))


def test_a_reading_of_a_claim_is_a_proposal_and_no_verdict(shop: ShopHome, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.json("analyze")
    before = shop.json("claims")
    assert "proposals" not in before

    def reads(asked: Asked) -> dict[str, Any] | Fault:
        if asked.task != "extract_claims":
            return nothing(asked.task)
        lines = [(n, text) for n, text in NUMBERED.findall(asked.user.partition("sentences>>")[2])]
        return {
            "readings": [
                {"sentence": n, "words": text.split()[0], "whom": "all", "measure": "wins", "operator": "most",
                 "direction": "high", "value": None, "topics": []}
                for n, text in lines
            ]
        }  # fmt: skip

    with serving(reads) as server:
        use(monkeypatch, server)
        shop.json("analyze")
    after = shop.json("claims")
    assert after["proposals"]
    assert {**after, "proposals": None} == {**before, "proposals": None}


def test_a_malformed_model_is_refused_before_anything_starts(shop: ShopHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOBUYS_LLM", "gpt-4.1-mini")
    assert "поставщик:модель" in shop.refused("analyze")
