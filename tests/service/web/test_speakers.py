"""Who speaks: one click on the page, the same over the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from unclear_calls import MURMUR, write_call

from service.corpus.repository.speaking import find_call

LINES = ("так значит гудит", "ремень <b>гудит</b> третий раз за лето", "приезжайте к нам завтра до обеда")


def upload(client: TestClient, path: Path) -> str:
    sent = client.post("/api/v1/uploads", files=[("files", ("calls/call.json", path.read_bytes()))])
    assert sent.json()["roles_unsure"] + sent.json()["documents"]["call"] >= 1
    waiting = client.get("/api/v1/speakers").json()["waiting"]
    assert len(waiting) == 1
    return str(waiting[0]["id"])


@pytest.fixture
def call(client: TestClient, tmp_path: Path) -> str:
    return upload(client, write_call(tmp_path / "call.json"))


@pytest.fixture
def lines(client: TestClient, tmp_path: Path) -> str:
    return upload(client, write_call(tmp_path / "call.json", [(None, text) for text in LINES]))


def spoken(client: TestClient, call: str) -> list[str]:
    return [line["speaker"] for line in client.get(f"/api/v1/speakers/{call}").json()["lines"]]


def test_one_click_says_who_the_colleague_is(client: TestClient, call: str) -> None:
    page = client.get("/speakers").text
    assert MURMUR[1][1] in page and 'name="agent" value="SPEAKER_00"' in page
    answer = client.post(f"/speakers/{call}", data={"agent": "SPEAKER_00"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/speakers?saved=true")
    assert spoken(client, call) == ["agent", "customer", "agent"]
    after = client.get("/speakers?saved=true").text
    assert f'action="/speakers/{call}/undo"' in after and 'name="agent"' not in after
    assert client.post(f"/speakers/{call}/undo").status_code == 303
    assert 'name="agent"' in client.get("/speakers").text


def test_a_call_that_seemed_clear_can_be_set_too(client: TestClient) -> None:
    said = "Agent: how can I help you\nCustomer: my belt hums and hums\n"
    client.post("/api/v1/uploads", files=[("files", ("calls/a.txt", said.encode()))])
    assert client.get("/api/v1/speakers").json()["waiting"] == []
    held = client.app.state.store  # type: ignore[attr-defined]
    with held.session() as session:
        call = find_call(session, "default", "a.txt").id
    assert 'name="agent" value="Customer"' in client.get(f"/speakers/{call}").text
    client.post(f"/speakers/{call}", data={"agent": "Customer"})
    assert spoken(client, call) == ["customer", "agent"]
    assert f'action="/speakers/{call}/undo"' in client.get(f"/speakers/{call}").text
    assert client.get("/speakers/dunknown").status_code == 404


def test_lines_of_a_file_without_voices_are_kept_as_shown_or_corrected(client: TestClient, lines: str) -> None:
    page = client.get("/speakers").text
    assert 'name="line-2"' in page
    assert "<b>гудит</b>" not in page
    client.post(f"/speakers/{lines}", data={"line-0": "agent", "line-1": "customer", "line-2": "agent"})
    assert spoken(client, lines) == ["agent", "customer", "agent"]
    assert client.get("/api/v1/speakers").json()["waiting"] == []


@pytest.mark.parametrize(
    "form", [{"agent": "SPEAKER_09"}, {"line-0": "boss"}, {"other": "x"}, {}], ids=["voice", "role", "field", "nothing"]
)
def test_a_form_that_is_none_of_ours_changes_nothing(client: TestClient, call: str, form: dict[str, str]) -> None:
    before = spoken(client, call)
    assert client.post(f"/speakers/{call}", data=form).status_code == 422
    assert spoken(client, call) == before


def test_the_api_sets_and_takes_back(client: TestClient, call: str) -> None:
    at = f"/api/v1/speakers/{call}"
    assert client.post(at, json={"roles": {"SPEAKER_01": "customer"}}).json()["confidence"] == 1
    assert client.post(at, json={"roles": {"SPEAKER_01": "nobody"}}).status_code == 422
    assert client.post(at, json={"roles": {}}).status_code == 422
    assert client.post("/api/v1/speakers/dunknown", json={"roles": {"@0": "agent"}}).status_code == 404
    assert client.delete(at).json()["waiting"] is True
    assert client.delete(at).status_code == 404


def test_the_receipt_leads_to_the_calls_that_wait(client: TestClient, tmp_path: Path) -> None:
    said = [(voice, f"{text} {text}") for voice, text in MURMUR]
    sent = client.post(
        "/api/v1/uploads", files=[("files", ("calls/a.json", write_call(tmp_path / "a.json", said).read_bytes()))]
    ).json()
    assert sent["roles_unsure"] == 1, json.dumps(sent, ensure_ascii=False)
    assert 'href="/speakers"' in client.get(f"/uploads/{sent['id']}").text
    assert 'href="/speakers"' in client.get("/").text
