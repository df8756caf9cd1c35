"""Editing segments through the API and the pages: roles, two people at once, other workspaces, hostile words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from company import company, finished_run
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.core.settings import Settings

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
API = "/api/v1/segments"


@pytest.fixture
def home() -> str:
    return "ru"


@pytest.fixture
def owner(visitor: Visitor, key: Key) -> TestClient:
    return visitor(key("owner"))


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_rename_is_seen_on_pages_in_the_api_and_in_briefs(owner: TestClient) -> None:
    etag = owner.get("/api/v1/briefs/creative?segment=s3").headers["etag"]
    made = owner.post(f"{API}/s3/rename", json={"name": "Для удовольствия"})
    assert made.status_code == 201
    assert made.json()["said"] == "«для души, вечером» теперь называется «Для удовольствия»"
    assert made.json()["who"] == "owner"
    assert {s["id"]: (s["name"], s["named_by"]) for s in owner.get(API).json()["segments"]}["s3"] == (
        "Для удовольствия",
        "person",
    )
    for path in ("/segments", "/segments/s3", "/comparison", "/briefs"):
        assert "Для удовольствия" in owner.get(path).text, path
    brief = owner.get("/api/v1/briefs/creative?segment=s3", headers={"If-None-Match": etag})
    assert brief.status_code == 200
    assert "Для удовольствия" in brief.text


def test_the_log_tells_who_did_what_and_takes_back(owner: TestClient) -> None:
    assert owner.post(f"{API}/s1/merge", json={"into": "s2"}).status_code == 201
    customer = owner.get("/api/v1/customers?segment=s3").json()["customers"][0]["customer"]
    assert owner.post(f"{API}/s2/pin", json={"customer": customer}).status_code == 201
    assert owner.post(f"{API}/exclude", json={"customer": customer}).status_code == 201
    log = owner.get(f"{API}/edits").json()
    assert [(line["kind"], line["state"]) for line in log["edits"]] == [
        ("exclude", "waiting"),
        ("pin", "waiting"),
        ("merge", "waiting"),
    ]
    assert log["waiting"]
    for line in log["edits"]:
        assert owner.post(f"{API}/edits/{line['id']}/undo").status_code == 201
    assert not owner.get(f"{API}/edits").json()["waiting"]
    assert owner.post(f"{API}/edits/{log['edits'][0]['id']}/undo").status_code == 409


def test_two_people_at_once(owner: TestClient) -> None:
    seen = owner.get(f"{API}/edits").headers["etag"]
    first = owner.post(f"{API}/s1/rename", json={"name": "Первое"}, headers={"If-Match": seen})
    assert first.status_code == 201
    again = {"If-Match": seen}
    assert owner.post(f"{API}/s1/rename", json={"name": "Второе"}, headers=again).status_code == 409
    assert owner.post(f"{API}/s1/merge", json={"into": "s2"}, headers=again).status_code == 409
    assert owner.post(f"{API}/edits/{first.json()['id']}/undo", headers=again).status_code == 409
    assert owner.post(f"{API}/s2/rename", json={"name": "Другой"}, headers=again).status_code == 201
    latest = {"If-Match": first.headers["etag"]}
    assert owner.post(f"{API}/s1/rename", json={"name": "Второе"}, headers=latest).status_code == 201


@pytest.mark.parametrize("stale", ['"r0.0"', '"r1"', '"r1.-1"', '"r1.99999999999"', "nonsense", '""'])
def test_a_version_of_another_run_or_of_none_is_a_conflict(owner: TestClient, stale: str) -> None:
    answer = owner.post(f"{API}/s1/rename", json={"name": "Имя"}, headers={"If-Match": stale})
    assert answer.status_code == 409
    assert owner.get(f"{API}/edits").json()["edits"] == []


def test_who_may(visitor: Visitor, key: Key) -> None:
    for role, status in (("sales", 403), ("marketing", 403), ("owner", 201), ("admin", 201)):
        client = visitor(key(role))
        assert client.post(f"{API}/s1/rename", json={"name": f"Имя {role}"}).status_code == status
        assert client.get(f"{API}/edits").status_code == (200 if status == 201 else 403)
        assert client.get(f"{API}/history").status_code == 200
        page = client.get("/segments").text
        assert ("/segments/edits" in page) == (status == 201)


def test_ids_of_another_workspace_are_unknown(
    owner: TestClient, visitor: Visitor, key: Key, app: FastAPI, settings: Settings
) -> None:
    edit = owner.post(f"{API}/s1/rename", json={"name": "Наши"}).json()["id"]
    stranger = visitor(key("owner", "other"))
    assert stranger.get(f"{API}/edits").status_code == 409  # nothing analysed there yet
    finished_run(app.state.store, settings, company("en"), "other")
    assert stranger.post(f"{API}/s1/rename", json={"name": "Чужие"}).status_code == 404
    assert stranger.post(f"{API}/p1/merge", json={"into": "s1"}).status_code == 404
    assert stranger.post(f"{API}/p1/pin", json={"customer": "c-s1-001"}).status_code == 404
    assert stranger.post(f"{API}/edits/{edit}/undo").status_code == 404
    assert stranger.get(f"{API}/edits").json()["edits"] == []
    assert [line["name"] for line in owner.get(f"{API}/edits").json()["edits"]] == ["Наши"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param("s1/rename", {"name": "x" * 10_000}, 422, id="10,000 characters"),
        pytest.param("s1/rename", {"name": " \u202e "}, 422, id="nothing to see"),
        pytest.param("s1/rename", {}, 422, id="no name"),
        pytest.param("s1/rename", {"name": "ПЕРЕЕЗД, документы"}, 422, id="a sibling's name"),
        pytest.param("s9/rename", {"name": "x1"}, 404, id="an unknown segment"),
        pytest.param("s1/merge", {"into": "s1"}, 422, id="into itself"),
        pytest.param("s1/merge", {"into": "s9"}, 404, id="into an unknown one"),
        pytest.param("s1/split", {}, 422, id="a split into nothing"),
        pytest.param("s1/split", {"parts": 2, "groups": [["c"]]}, 422, id="two ways at once"),
        pytest.param("s1/split", {"parts": 99}, 422, id="99 parts"),
        pytest.param("s1/split", {"groups": [["c-none"]]}, 404, id="an unknown customer in a part"),
        pytest.param("s1/split", {"groups": [["c-s2-001"]]}, 422, id="a stranger in a part"),
        pytest.param("s1/split", {"groups": [["c-s1-001"], ["c-s1-001"]]}, 422, id="one in two parts"),
        pytest.param("s1/pin", {"customer": "c-none"}, 404, id="an unknown customer"),
        pytest.param("exclude", {"customer": ""}, 422, id="nobody"),
        pytest.param("edits/x9/undo", None, 404, id="an unknown edit"),
    ],
)
def test_what_cannot_be_is_a_problem_and_changes_nothing(
    owner: TestClient, path: str, body: dict[str, object] | None, status: int
) -> None:
    answer = owner.post(f"{API}/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert owner.get(f"{API}/edits").json()["edits"] == []


def test_a_waiting_merge_is_a_conflict_for_later_edits(owner: TestClient) -> None:
    owner.post(f"{API}/s1/merge", json={"into": "s2"})
    assert owner.post(f"{API}/s1/merge", json={"into": "s3"}).status_code == 409
    assert owner.post(f"{API}/s3/merge", json={"into": "s1"}).status_code == 409
    groups = {"groups": [["c-s3-001"]]}
    part = owner.post(f"{API}/s3/split", json=groups).json()["parts"][1]["segment"]
    assert owner.post(f"{API}/{part}/rename", json={"name": "Одна"}).json()["state"] == "waiting"
    assert owner.post(f"{API}/{part}/split", json={"parts": 2}).status_code == 409


def test_forms_do_it_without_a_script(owner: TestClient) -> None:
    page = owner.get("/segments/edits")
    assert page.status_code == 200
    form = {"version": version_on(page.text), "verb": "rename", "segment": "s1", "name": "<b>Свои</b>"}
    answer = owner.post("/segments/edits", data=form)
    assert answer.status_code == 303
    page = owner.get(answer.headers["location"]).text
    assert "&lt;b&gt;Свои&lt;/b&gt;" in page
    assert "<b>Свои</b>" not in page
    undo = {"verb": "undo", "version": version_on(page), "edit": answer.headers["location"].split("=")[1]}
    assert owner.post("/segments/edits", data=undo).status_code == 303
    assert "экзамен, подросток" in owner.get("/segments").text


def test_a_form_that_cannot_be_done_says_why(owner: TestClient) -> None:
    page = owner.get("/segments/edits").text
    form = {"version": version_on(page), "verb": "merge", "segment": "s1", "into": "s1"}
    answer = owner.post("/segments/edits", data=form)
    assert answer.status_code == 422
    assert "Сегмент нельзя слить с самим собой" in answer.text
    owner.post(f"{API}/s1/rename", json={"name": "Тем временем"})
    late = owner.post("/segments/edits", data={**form, "into": "s2"})
    assert late.status_code == 409
    assert "взгляните ещё раз" in late.text
    assert owner.post("/segments/edits", data={"version": "x"}).status_code == 422


def test_a_merge_on_the_page_offers_the_analysis(owner: TestClient) -> None:
    form = {"version": version_on(owner.get("/segments/edits").text), "verb": "merge", "segment": "s1", "into": "s2"}
    assert owner.post("/segments/edits", data=form).status_code == 303
    page = owner.get("/segments/edits").text
    assert "Цифры посчитаны без последних правок" in page
    assert 'action="/runs"' in page


def test_another_site_cannot_edit_through_the_browser(client: TestClient) -> None:
    form = {"verb": "merge", "segment": "s1", "into": "s2"}
    answer = client.post("/segments/edits", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("path", ["/segments/edits", "/segments/history"])
def test_the_pages_exist_in_both_languages(visitor: Visitor, settings: Settings, path: str, language: str) -> None:
    page = visitor(language=language).get(path)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
