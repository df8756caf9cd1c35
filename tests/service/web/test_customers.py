"""The pages and the API of who is one customer: see why, undo, part, join, forget; without scripts, by role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.core.settings import Settings
from service.corpus.step import ingest_paths
from service.store.db import ensure_workspace
from service.store.keys import create_key

LEADS = """ID заявки;Дата и время;Кампания;Имя;Телефон;Email;Что вас беспокоит?
77001;2025-03-03 10:00:00;весна;Анна Ильина;+79161234567;;<b>болит</b> зуб справа, хочу на этой неделе
77002;2025-03-04 10:00:00;весна;Пётр Громов;8 916 555 44 33;;сколько стоит имплант под ключ
"""
NOTES = """ID примечания;Дата создания;Ответственный;Контакт;Рабочий телефон;Рабочий email;ID сделки;Текст примечания
40001;03.03.2025 12:00:00;Ольга Пименова;Анна Ильина;8(916)123-45-67;;;просит перезвонить, второй номер 8 926 777 66 55
40002;05.03.2025 12:00:00;Ольга Пименова;Анна;+7 926 777-66-55;;;хочет рассрочку на лечение
"""
API = "/api/v1/customers"


@pytest.fixture(autouse=True)
def uploaded(app: FastAPI, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / "notes.csv").write_text(NOTES, encoding="utf-8")
    ingest_paths(app.state.store, settings, "default", [folder])


def found(client: TestClient, named: str) -> dict[str, object]:
    answer = client.post(f"{API}/find", json={"named": named})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refs(card: dict[str, object]) -> list[str]:
    return sorted(document["ref"] for document in card["documents"])  # type: ignore[index, attr-defined]


def test_a_search_leads_to_the_card_which_says_why(client: TestClient) -> None:
    answer = client.post("/customers/find", data={"find": "8 926 777-66-55"})
    assert answer.status_code == 303
    card = client.get(answer.headers["location"])
    assert card.status_code == 200
    for words in ("один телефон", "телефон или почта названы в самом разговоре", "notes.csv#40002", "[phone]"):
        assert words in card.text
    assert "777" not in card.text
    assert "<b>болит" not in card.text


def test_nobody_found_is_said_on_the_page(client: TestClient) -> None:
    answer = client.post("/customers/find", data={"find": "<script>"})
    assert answer.status_code == 404
    assert "Такого клиента нет" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_a_join_is_undone_by_one_button(client: TestClient) -> None:
    page = client.get("/customers").text
    entry = client.get(f"{API}/log").json()["entries"][0]["id"]
    assert f'action="/customers/log/{entry}/undo"' in page
    assert client.post(f"/customers/log/{entry}/undo").headers["location"] == "/customers?done=true"
    assert refs(found(client, "notes.csv#40002")) == ["notes.csv#40002"]


def test_ticked_records_become_another_customer(client: TestClient) -> None:
    customer = found(client, "leads.csv#77001")["customer"]
    done = client.post(f"/customers/{customer}/split", data={"out": ["notes.csv#40002"]})
    assert done.status_code == 303
    assert refs(found(client, "leads.csv#77001")) == ["leads.csv#77001", "notes.csv#40001"]


def test_ticking_nothing_is_answered_with_a_sentence(client: TestClient) -> None:
    customer = found(client, "leads.csv#77001")["customer"]
    answer = client.post(f"/customers/{customer}/split")
    assert answer.status_code == 422
    assert "Назовите часть записей" in answer.text


def test_two_customers_are_joined_on_the_card(client: TestClient) -> None:
    customer = found(client, "leads.csv#77001")["customer"]
    done = client.post(f"/customers/{customer}/merge", data={"other": "8 916 555 44 33"})
    assert done.status_code == 303
    assert len(refs(found(client, "leads.csv#77002"))) == 4


def test_machines_join_part_and_undo(client: TestClient) -> None:
    merged = client.post(f"{API}/merge", json={"one": "leads.csv#77001", "other": "leads.csv#77002"}).json()
    assert len(refs(merged)) == 4
    parted = client.post(f"{API}/{merged['customer']}/split", json={"out": ["leads.csv#77002"]}).json()
    assert refs(parted["went"]) == ["leads.csv#77002"]
    entry = client.get(f"{API}/log").json()["entries"][0]
    assert entry["kind"] == "split"
    assert len(client.post(f"{API}/log/{entry['id']}/undo").json()["customers"]) == 1
    assert client.post(f"{API}/log/{entry['id']}/undo").status_code == 409
    assert client.post(f"{API}/log/nothing/undo").status_code == 404


def test_a_forgotten_customer_is_answered_with_the_act(client: TestClient) -> None:
    customer = found(client, "leads.csv#77001")["customer"]
    done = client.post(f"{API}/{customer}/forget").json()
    assert (done["documents"], done["left"]) == (3, [])
    assert set(done["act"]["searched"].values()) == {0}
    assert client.get(f"{API}/{customer}").status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "edits", "forgets"),
    [("sales", 200, 404, 403), ("marketing", 403, 403, 403), ("owner", 200, 404, 404)],
)
def test_roles(
    app: FastAPI, visitor: Callable[..., TestClient], role: str, reads: int, edits: int, forgets: int
) -> None:
    with app.state.store.session(write=True) as session:
        ensure_workspace(session, "default")
        client = visitor(create_key(session, "default", role))
    assert client.get(f"{API}/log").status_code == reads
    assert client.post(f"{API}/merge", json={"one": "nobody", "other": "none"}).status_code == edits
    assert client.post(f"{API}/nobody/forget").status_code == forgets


def test_another_company_sees_nobody(app: FastAPI, visitor: Callable[..., TestClient]) -> None:
    with app.state.store.session(write=True) as session:
        ensure_workspace(session, "other")
        client = visitor(create_key(session, "other", "owner"))
    assert client.post(f"{API}/find", json={"named": "leads.csv#77001"}).status_code == 404
    assert client.get(f"{API}/log").json() == {"entries": []}
