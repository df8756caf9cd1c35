"""Personas entered and edited by their owners: versions, two tabs at once, sealed ones, and what an upload adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from service.core.settings import Settings
from service.corpus.step import ingest_paths
from service.store.tables import AuditRow, StakeholderTextRow
from service.store.workspaces import SEALED, change_workspace

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
FIRST = "# Кто покупает\n\nЧаще всего родители. Каждый второй торгуется."
SECOND = FIRST.replace("Каждый второй", "Каждый третий")


def put(client: TestClient, stakeholder: str, text: str, version: int | None = None) -> tuple[int, dict[str, object]]:
    body = {"text": text} | ({"version": version} if version is not None else {})
    answer = client.put(f"/api/v1/personas/{stakeholder}", json=body)
    return answer.status_code, answer.json()


def test_versions_grow_and_the_same_text_is_no_new_one(visitor: Visitor, key: Key) -> None:
    sales = visitor(key("sales"))
    assert put(sales, "sales", FIRST, 0)[1]["version"] == 1
    assert put(sales, "sales", FIRST, 1)[1]["version"] == 1
    assert put(sales, "sales", SECOND, 1)[1]["version"] == 2
    versions = sales.get("/api/v1/personas/sales/versions").json()["versions"]
    assert [(one["version"], one["text"]) for one in versions] == [(2, SECOND), (1, FIRST)]
    page = sales.get("/personas/sales/versions").text
    assert "<del>второй</del>" in page and "<ins>третий</ins>" in page


def test_two_tabs_get_both_texts(visitor: Visitor, key: Key) -> None:
    sales = visitor(key("sales"))
    put(sales, "sales", FIRST, 0)
    assert put(sales, "sales", SECOND, 1)[0] == 200
    status, said = put(sales, "sales", "Покупают все подряд.", 1)
    assert status == 409
    assert (said["code"], said["version"], said["saved"], said["yours"]) == (
        "overtaken", 2, SECOND, "Покупают все подряд.",
    )  # fmt: skip
    page = sales.post("/personas/sales", data={"text": "Покупают все подряд.", "version": "1"})
    assert page.status_code == 409
    assert "Каждый третий" in page.text and "Покупают все подряд." in page.text
    assert 'name="version" value="2"' in page.text
    settled = sales.post("/personas/sales", data={"text": SECOND + " Почти все подряд.", "version": "2"})
    assert settled.headers["location"] == "/personas?saved=3"


def test_the_version_may_come_as_if_match(visitor: Visitor, key: Key) -> None:
    sales = visitor(key("sales"))
    put(sales, "sales", FIRST)
    stale = sales.put("/api/v1/personas/sales", json={"text": SECOND}, headers={"If-Match": '"0"'})
    assert stale.status_code == 409
    assert sales.put("/api/v1/personas/sales", json={"text": SECOND}, headers={"If-Match": '"1"'}).status_code == 200
    assert sales.put("/api/v1/personas/sales", json={"text": FIRST}, headers={"If-Match": "x"}).status_code == 422


def test_the_form_puts_answers_to_its_questions_at_the_end(visitor: Visitor, key: Key) -> None:
    sales = visitor(key("sales"))
    data = {"text": "Пишу что слышу.", "version": "0", "q_who": "Родители подростков.", "q_fears": "  ", "q_where": ""}
    assert sales.post("/personas/sales", data=data).status_code == 303
    text = sales.get("/api/v1/personas/sales").json()["text"]
    assert text == "Пишу что слышу.\n\n**Кто покупает чаще всего.** Родители подростков."


def test_personal_data_are_hidden_before_a_version_is_kept(app: FastAPI, visitor: Visitor, key: Key) -> None:
    sales = visitor(key("sales"))
    put(sales, "sales", "Типичный клиент — Марина Котова, +7 921 555-44-33, marina@mail.ru, двое детей.")
    with app.state.store.session() as session:
        kept = session.scalars(select(StakeholderTextRow.text)).one()
        logged = str([(row.what, row.details) for row in session.scalars(select(AuditRow))])
    assert "555-44-33" not in kept and "marina@mail.ru" not in kept
    assert "[phone]" in kept
    assert "persona written" in logged and "клиент" not in logged


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), ("   \n", 422), ("!!! ???", 422), ("а" * 60_001, 422), ("<script>alert(1)</script> покупают", 200)],
    ids=["empty", "spaces", "no words", "too long", "a script"],
)
def test_odd_texts(visitor: Visitor, key: Key, text: str, status: int) -> None:
    sales = visitor(key("sales"))
    assert put(sales, "sales", text)[0] == status
    assert "<script>alert" not in sales.get("/personas").text


def test_everybody_writes_their_own_and_an_admin_any(visitor: Visitor, key: Key) -> None:
    sales, owner, admin = visitor(key("sales")), visitor(key("owner")), visitor(key("admin"))
    assert put(sales, "owner", FIRST)[0] == 403
    assert put(owner, "sales", FIRST)[0] == 403
    assert sales.post("/personas/marketing", data={"text": FIRST, "version": "0"}).status_code == 403
    assert sales.get("/personas/owner").status_code == 403
    assert put(admin, "owner", FIRST)[0] == 200
    assert sales.get("/api/v1/personas/nobody").status_code == 422


def test_an_upload_and_the_form_are_one_history(
    app: FastAPI, settings: Settings, visitor: Visitor, key: Key, tmp_path: Path
) -> None:
    folder = tmp_path / "personas"
    folder.mkdir()
    file = folder / "продажи.md"
    file.write_text(FIRST, encoding="utf-8")
    ingest_paths(app.state.store, settings, "default", [tmp_path / "personas"])
    sales = visitor(key("sales"))
    assert put(sales, "sales", SECOND, 1)[1]["version"] == 2
    ingest_paths(app.state.store, settings, "default", [tmp_path / "personas"])
    assert sales.get("/api/v1/personas/sales").json()["text"] == SECOND, "the same file again takes nothing back"
    file.write_text(FIRST + " И бабушки.", encoding="utf-8")
    ingest_paths(app.state.store, settings, "default", [tmp_path / "personas"])
    versions = sales.get("/api/v1/personas/sales/versions").json()["versions"]
    assert [(one["version"], bool(one["who"])) for one in versions] == [(3, False), (2, True), (1, False)]


class TestSealed:
    @pytest.fixture(autouse=True)
    def _sealed(self, app: FastAPI, visitor: Visitor, key: Key) -> None:
        put(visitor(key("admin")), "marketing", "Ядро — фрилансеры.")
        with app.state.store.session(write=True) as session:
            change_workspace(session, "default", {SEALED: "yes"}, "open")

    def test_others_open_once_ones_own_is_handed_in(self, visitor: Visitor, key: Key) -> None:
        sales = visitor(key("sales"))
        closed = sales.get("/api/v1/personas/marketing").json()
        assert (closed["sealed"], closed["text"], closed["version"]) == (True, "", 1)
        assert "фрилансеры" not in sales.get("/personas").text
        assert sales.get("/api/v1/personas/marketing/versions").status_code == 403
        assert sales.get("/personas/marketing/versions").status_code == 403
        put(sales, "sales", FIRST, 0)
        assert sales.get("/api/v1/personas/marketing").json()["text"] == "Ядро — фрилансеры."
        assert "фрилансеры" in sales.get("/personas").text

    @pytest.mark.parametrize("home", ["ru"], indirect=True)
    def test_nothing_that_quotes_personas_opens_before(self, app: FastAPI, visitor: Visitor, key: Key) -> None:
        with app.state.store.session(write=True) as session:
            session.execute(delete(StakeholderTextRow).where(StakeholderTextRow.stakeholder == "owner"))
        doors = (
            "/claims", "/comparison", "/briefs/comparison", "/briefs/session", "/api/v1/claims", "/api/v1/comparison",
            "/api/v1/briefs/comparison", "/api/v1/briefs/session", "/shares",
        )  # fmt: skip
        owner = visitor(key("owner"))
        answers = {path: owner.get(path) for path in doors}
        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(doors, 403)
        assert answers["/api/v1/claims"].json()["code"] == "hand_in_first"
        put(owner, "owner", FIRST, 0)
        assert owner.get("/comparison").status_code == 200

    def test_an_admin_sees_all(self, visitor: Visitor, key: Key) -> None:
        assert visitor(key("admin")).get("/api/v1/personas/marketing").json()["text"]
