"""Briefs in versions through the API and the pages: what readers get, decisions by role, changes, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service import flow
from service.briefs.model import Brief, Span
from service.briefs.repository import load_briefs
from service.briefs.versions.model import Basis
from service.briefs.versions.repository import keep_versions
from service.store.runs import latest_done

CREATIVE = "/api/v1/briefs/creative"
LEAK = {"segment": "p1", "lang": "en"}


@pytest.fixture
def home() -> str:
    return "en"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "ensure_worker", lambda settings: None)


@pytest.fixture
def versions(app: FastAPI) -> Callable[[str], None]:
    """Writes the briefs of the run as new versions, each with a word added to its headline."""

    def write(word: str) -> None:
        from dataclasses import replace

        with app.state.store.session(write=True) as session:
            run = latest_done(session, "default")
            briefs: list[Brief] = [
                replace(b, headline=(*b.headline, Span(f" {word}"))) if word else b
                for b in load_briefs(session, "default", run.id)
            ]
            keep_versions(session, "default", f"{run.id}{word}", briefs, Basis(documents=len(word)))

    return write


@pytest.fixture
def two(versions: Callable[[str], None]) -> None:
    versions("")
    versions("indeed")


def get(client: TestClient, **params: Any) -> tuple[str, str, str]:
    answer = client.get(CREATIVE, params={**LEAK, "format": "md", **params})
    assert answer.status_code == 200, answer.text
    headers = answer.headers
    return headers["whobuys-brief-version"], headers["whobuys-brief-status"], headers["etag"]


def say(client: TestClient, decision: str, version: int | None = None, **more: str) -> Any:
    body = {"decision": decision, "version": version, "segment": "p1", "language": "en", **more}
    return client.post(f"{CREATIVE}/decision", json=body)


@pytest.mark.usefixtures("two")
def test_readers_get_the_newest_until_a_version_is_approved_then_that_one(client: TestClient) -> None:
    assert get(client)[:2] == ("2", "proposed")
    assert say(client, "approved", 1).json()["status"] == "approved"
    assert get(client)[:2] == ("1", "approved")
    assert get(client, version="newest")[:2] == ("2", "proposed")
    assert get(client, version="2")[:2] == ("2", "proposed")
    line = next(b for b in client.get("/api/v1/briefs?lang=en").json()["briefs"] if b["segment"] == "p1")
    assert line["approved"] == 1


@pytest.mark.usefixtures("two")
def test_an_etag_holds_until_another_version_is_approved(client: TestClient) -> None:
    say(client, "approved", 1)
    etag = get(client)[2]

    def again() -> int:
        return client.get(CREATIVE, params={**LEAK, "format": "md"}, headers={"If-None-Match": etag}).status_code

    assert again() == 304
    say(client, "approved", 2)
    assert again() == 200


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("format", ["md", "html", "docx", "pdf", "json"])
def test_the_approved_version_comes_in_every_format(client: TestClient, format: str) -> None:
    say(client, "approved", 1)
    answer = client.get(CREATIVE, params={**LEAK, "format": format})
    assert answer.status_code == 200
    assert answer.headers["whobuys-brief-version"] == "1"


@pytest.mark.usefixtures("two")
def test_versions_with_their_decisions_and_what_changed(client: TestClient) -> None:
    say(client, "returned", 2, comment="too long")
    found = client.get(f"{CREATIVE}/versions", params=LEAK).json()["versions"]
    assert [(v["number"], v["status"]) for v in found] == [(2, "returned"), (1, "proposed")]
    assert found[0]["decided"][0]["comment"] == "too long"
    changes = client.get(f"{CREATIVE}/changes", params=LEAK).json()
    assert (changes["version"], changes["since"]) == (2, 1)
    assert [c["kind"] for c in changes["changes"]["changes"]] == ["reworded"]
    first = client.get(f"{CREATIVE}/changes", params={**LEAK, "version": "1"}).json()
    assert first == {"version": 1, "since": None, "changes": None}


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("role", "decision", "status"),
    [
        ("owner", "approved", 200), ("admin", "approved", 200), ("marketing", "approved", 403),
        ("marketing", "returned", 200), ("sales", "returned", 403),
    ],
)  # fmt: skip
def test_who_may_decide_on_a_creative_brief(
    visitor: Callable[..., TestClient], key: Callable[..., str], role: str, decision: str, status: int
) -> None:
    assert say(visitor(key(role)), decision, 2, comment="no").status_code == status


@pytest.mark.usefixtures("two")
def test_what_the_owner_approved_only_the_owner_takes_back(
    visitor: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    owner, marketing = visitor(key("owner")), visitor(key("marketing"))
    assert say(owner, "approved", 2).status_code == 200
    assert say(marketing, "returned", 2, comment="no").status_code == 403
    assert say(owner, "returned", 2, comment="no").status_code == 200


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"version": "9"}, 404), ({"version": "0"}, 422), ({"version": "latest"}, 422), ({"version": "-1"}, 422),
        ({"segment": "none"}, 404),
    ],
)  # fmt: skip
def test_a_version_that_is_not_there(client: TestClient, params: dict[str, str], status: int) -> None:
    assert client.get(CREATIVE, params={**LEAK, **params}).status_code == status


def test_another_workspace_sees_none_of_it(
    visitor: Callable[..., TestClient], key: Callable[..., str], versions: Callable[[str], None]
) -> None:
    versions("")
    stranger = visitor(key("owner", "other"))
    assert stranger.get(CREATIVE, params=LEAK).status_code in (404, 409)
    assert stranger.get(f"{CREATIVE}/versions", params=LEAK).json()["versions"] == []


@pytest.mark.usefixtures("two")
def test_the_page_shows_the_version_and_takes_a_decision(client: TestClient) -> None:
    page = client.get("/briefs/creative?segment=p1&lang=en").text
    assert "Version 2 of 2" in page
    assert "awaits a decision" in page
    data = {"decision": "approved", "version": "2", "segment": "p1"}
    answer = client.post("/briefs/creative/decision", params={"lang": "en"}, data=data)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"] + "&lang=en").text
    assert "Readers of the API get version 2" in page
    refused = client.post("/briefs/creative/decision?lang=en", data={**data, "decision": "returned", "comment": " "})
    assert refused.status_code == 422
    assert "sent back with a comment" in refused.text
    changes = client.get("/briefs/creative/changes?segment=p1&lang=en").text
    assert "Version 2: what changed since version 1" in changes
    assert "indeed" in changes
    first = client.get("/briefs/creative/changes?segment=p1&lang=en&version=1").text
    assert "This is the first version" in first


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("version", ["2", "1"])
def test_files_of_the_page_are_of_the_version_it_shows(client: TestClient, version: str) -> None:
    page = client.get(f"/briefs/creative?segment=p1&lang=en&version={version}").text
    assert f"segment=p1&version={version}" in page.replace("&amp;", "&")
    text = client.get(f"/briefs/creative/file?format=md&segment=p1&lang=en&version={version}").text
    assert ("indeed" in text) is (version == "2")


def test_webhooks_over_the_api(client: TestClient) -> None:
    refused = client.post("/api/v1/webhooks", json={"url": "https://10.0.0.1/"})
    assert refused.status_code == 422
    made = client.post("/api/v1/webhooks", json={"url": "https://hooks.example/whobuys"})
    assert made.status_code == 201
    hook = made.json()
    assert hook["secret"].startswith("whsec_")
    assert "secret" not in client.get("/api/v1/webhooks").json()["webhooks"][0]
    sent = client.post(f"/api/v1/webhooks/{hook['id']}/test")
    assert sent.status_code == 202
    log = client.get("/api/v1/webhooks/deliveries").json()["deliveries"]
    assert [(d["event"], d["status"]) for d in log] == [("ping", "waiting")]
    assert client.delete(f"/api/v1/webhooks/{hook['id']}").status_code == 200
    assert client.get("/api/v1/webhooks").json()["webhooks"] == []
    assert client.delete(f"/api/v1/webhooks/{hook['id']}").status_code == 404


def test_webhooks_are_the_owners(visitor: Callable[..., TestClient], key: Callable[..., str]) -> None:
    owner = visitor(key("owner"))
    assert visitor(key("marketing")).get("/api/v1/webhooks").status_code == 403
    assert owner.get("/api/v1/webhooks").status_code == 200


def test_the_page_of_webhooks(client: TestClient) -> None:
    assert "Nobody is told" in client.get("/webhooks?lang=en").text
    shown = client.post("/webhooks?lang=en", data={"url": "https://hooks.example/whobuys"}).text
    assert "whsec_" in shown
    page = client.get("/webhooks?lang=en").text
    assert "https://hooks.example/whobuys" in page
    assert "whsec_" not in page
    bad = client.post("/webhooks?lang=en", data={"url": "https://127.0.0.1/<b>"})
    assert bad.status_code == 422
    assert "<b>" not in bad.text
