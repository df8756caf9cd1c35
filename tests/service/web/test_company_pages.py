"""A company's settings, new companies, deleting one, and the log of changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from members import add_member, enter, send
from sqlalchemy import func, select

from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.store.audit import note
from service.store.tables import AuditRow, Base, MembershipRow, PersonRow, RunRow, Workspace
from service.store.workspaces import tuned

Visitor = Callable[..., TestClient]
Key = Callable[..., str]


@pytest.fixture
def admin(app: FastAPI, visitor: Visitor) -> TestClient:
    add_member(app, "root@polka.ru", "admin")
    browser = visitor()
    enter(browser, "root@polka.ru")
    return browser


class TestSettings:
    @pytest.mark.parametrize("home", ["ru"], indirect=True)
    def test_language_and_currency_hold_for_the_next_analysis(
        self, app: FastAPI, admin: TestClient, settings: Settings
    ) -> None:
        saved = send(admin, "/settings", title="Школа «Полка»", language="en", currency="KZT")
        assert saved.headers["location"] == "/settings?done=saved"
        assert "Школа «Полка»" in admin.get("/people").text
        with app.state.store.session() as session:
            corpus = load_corpus(session, "default", settings)
            assert (corpus.language, corpus.currency) == ("en", "KZT")
        send(admin, "/settings", title="Школа «Полка»")
        with app.state.store.session() as session:
            assert tuned(session, "default", settings) == settings

    @pytest.mark.parametrize(
        "fields",
        [{"title": "x" * 81}, {"title": "a", "currency": "ZZZ"}, {"title": "a", "sealed_personas": "maybe"}],
        ids=["long name", "no currency", "no choice"],
    )
    def test_what_cannot_be_a_setting_changes_nothing(
        self, app: FastAPI, admin: TestClient, fields: dict[str, str]
    ) -> None:
        assert send(admin, "/settings", **fields).status_code == 422
        with app.state.store.session() as session:
            assert session.get_one(Workspace, "default").settings == {}

    def test_only_owners_and_admins_tune(self, visitor: Visitor, key: Key) -> None:
        for role in ("sales", "marketing"):
            assert visitor(key(role)).get("/settings").status_code == 403


class TestCompanies:
    def test_who_makes_one_is_its_admin_and_looks_at_it(self, app: FastAPI, admin: TestClient) -> None:
        assert send(admin, "/workspaces", workspace="вторая", title="Вторая").headers["location"].endswith("made")
        assert "Вторая" in admin.get("/settings").text
        assert send(admin, "/workspaces", workspace="вторая").status_code == 409
        assert send(admin, "/workspaces", workspace="../etc").status_code == 422

    def test_an_owner_makes_none(self, app: FastAPI, visitor: Visitor) -> None:
        add_member(app, "anna@polka.ru", "owner")
        browser = visitor()
        enter(browser, "anna@polka.ru")
        assert send(browser, "/workspaces", workspace="two").status_code == 403

    @pytest.mark.parametrize("home", ["ru"], indirect=True)
    def test_deleting_asks_for_the_name_and_leaves_nothing(
        self, app: FastAPI, admin: TestClient, visitor: Visitor
    ) -> None:
        add_member(app, "root@polka.ru", "admin", "other")
        add_member(app, "gone@polka.ru", "sales")
        assert send(admin, "/settings/delete", typed="defaul").status_code == 422
        assert send(admin, "/settings/delete", typed="default").status_code == 303
        with app.state.store.session() as session:
            for table in Base.metadata.sorted_tables:
                if "workspace_id" in table.columns and table.name != "sessions":
                    here = select(func.count()).where(table.c.workspace_id == "default")
                    assert session.scalar(here) == 0, table.name
            assert session.scalars(select(PersonRow.email)).all() == ["root@polka.ru"]
            assert session.scalars(select(MembershipRow.workspace_id)).all() == ["other"]
        assert admin.get("/people").status_code == 200, "the admin looks at the other company now"
        assert visitor().get("/").status_code == 303

    def test_not_while_an_analysis_runs(self, app: FastAPI, admin: TestClient) -> None:
        from service.core.clock import now

        with app.state.store.session(write=True) as session:
            session.add(
                RunRow(
                    workspace_id="default", id="r1", number=1, status="running", stage="", done_stages=[], attempt=1,
                    input_hash="h", manifest={}, created_at=now(),
                )
            )  # fmt: skip
        assert send(admin, "/settings/delete", typed="default").status_code == 409


class TestLog:
    @pytest.fixture(autouse=True)
    def _lines(self, app: FastAPI, admin: TestClient) -> None:
        with app.state.store.session(write=True) as session:
            note(session, "default", "open", "upload", upload="u1")
            note(session, "default", "k1", "=cmd|' /C calc'!A1", key="+1", empty=None)

    def test_the_page_filters_by_who_and_what(self, admin: TestClient) -> None:
        text = admin.get("/audit?who=open").text
        assert "upload: u1" in text and "calc" not in text.split("<tbody>")[1]
        assert "upload: u1" not in admin.get("/audit?what=signed%20in").text.split("<tbody>")[1]
        assert "upload: u1" not in admin.get("/audit?until=2020-01-01").text

    def test_the_file_runs_no_formula(self, admin: TestClient) -> None:
        answer = admin.get("/audit.csv")
        assert answer.headers["content-disposition"].endswith('"audit.csv"')
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert any(row["what"].startswith("'=cmd") for row in rows)
        assert {"at", "who", "name", "what", "details"} == set(rows[0])

    def test_pages_of_the_api_go_through_all_lines_once(self, visitor: Visitor, key: Key, app: FastAPI) -> None:
        with app.state.store.session(write=True) as session:
            for i in range(7):
                note(session, "default", "open", "upload", upload=f"x{i}")
        reader, seen, before = visitor(key("owner")), [], None
        while True:
            more = f"&before={before}" if before else ""
            page = reader.get(f"/api/v1/audit?what=upload&limit=3{more}").json()
            seen += [line["id"] for line in page["changes"]]
            before = page["next"]
            if before is None:
                break
        assert len(seen) == len(set(seen)) == 8

    @pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "0000-00-00"])
    def test_a_day_that_is_none(self, visitor: Visitor, key: Key, day: str) -> None:
        assert visitor(key("owner")).get(f"/api/v1/audit?since={day}").status_code == 422

    def test_of_another_company_nothing_shows(self, visitor: Visitor, key: Key) -> None:
        found = visitor(key("owner", "other")).get("/api/v1/audit").json()["changes"]
        assert [line for line in found if line["what"] == "upload"] == []

    def test_every_page_of_an_empty_company_says_something(self, app: FastAPI, admin: TestClient) -> None:
        with app.state.store.session(write=True) as session:
            for row in session.scalars(select(AuditRow)):
                session.delete(row)
        for path in ("/people", "/keys", "/shares", "/personas", "/personas/owner/versions", "/audit", "/account"):
            assert admin.get(path).status_code == 200, path
