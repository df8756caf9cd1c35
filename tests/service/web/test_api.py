"""The data doors of the API over a finished run."""

from __future__ import annotations

import pytest
from card_home import Words
from fastapi.testclient import TestClient

from service.comparison import step as comparison
from service.personas import step as personas


@pytest.fixture
def home() -> str:
    return "en"


@pytest.fixture
def plumber(client: TestClient) -> TestClient:
    """The English plumber, analysed."""
    return client


def test_results_of_a_run(plumber: TestClient) -> None:
    segments = plumber.get("/api/v1/segments").json()
    assert [s["id"] for s in segments["segments"] if s["kind"] == "segment"] == ["p1", "p2", "p3"]
    assert plumber.get("/api/v1/segments/p1").json()["name"] == "leak, tonight"
    money = plumber.get("/api/v1/economics", params={"level": "all"}).json()
    assert money["currency"] == "GBP"
    assert {m["level"] for m in money["measures"]} == {"all"}
    assert len(plumber.get("/api/v1/portrait").json()["placed"]) == 3
    comparison = plumber.get("/api/v1/comparison").json()
    assert comparison["verdicts"] == {"supported": 2, "partly": 1, "contradicted": 2, "no_evidence": 1}
    wrong = plumber.get("/api/v1/claims", params={"verdict": "contradicted", "stakeholder": "owner"}).json()
    assert [c["claim"]["quote"] for c in wrong["claims"]] == ["Landlords pay our wages"]


def test_customers_come_in_pages_that_meet(plumber: TestClient) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = plumber.get("/api/v1/customers", params={"limit": 50} | ({"cursor": cursor} if cursor else {})).json()
        seen += [c["customer"] for c in page["customers"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 41 + 27 + 38 + 9 + 8
    assert seen == sorted(seen)
    some = plumber.get("/api/v1/customers", params={"segment": "p2"}).json()["customers"]
    assert len(some) == 27


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/segments/none", "/api/v1/runs/none", "/api/v1/uploads/none", "/api/v1/segments?run=none",
        "/api/v1/economics?run=none", "/api/v1/briefs/creative?segment=none", "/api/v1/portrait?run=none",
    ],
)  # fmt: skip
def test_an_unknown_id_is_404_with_a_sentence(plumber: TestClient, path: str) -> None:
    answer = plumber.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/customers?cursor=zzz", "/api/v1/customers?limit=0", "/api/v1/customers?limit=99999",
        "/api/v1/economics?level=moon", "/api/v1/claims?verdict=maybe", "/api/v1/briefs/poem",
        "/api/v1/briefs/creative?format=exe", "/api/v1/briefs/creative?lang=fr",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_422_and_is_not_echoed(plumber: TestClient, path: str) -> None:
    answer = plumber.get(path)
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_input"


@pytest.mark.parametrize(
    ("format", "begins", "media"),
    [
        ("md", b"# ", "text/markdown"),
        ("html", b"<!doctype html>", "text/html"),
        ("json", b"{", "application/json"),
        ("docx", b"PK", "application/vnd.openxmlformats"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_a_brief_in_every_format_with_an_etag(plumber: TestClient, format: str, begins: bytes, media: str) -> None:
    path = f"/api/v1/briefs/comparison?format={format}&lang=en"
    answer = plumber.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert answer.content.lower().startswith(begins.lower())
    etag = answer.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = plumber.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert plumber.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_formats_and_languages_have_their_own_etags(plumber: TestClient) -> None:
    etags = {
        plumber.get(f"/api/v1/briefs/comparison?format={kind}&lang={lang}").headers["etag"]
        for kind in ("md", "json")
        for lang in ("ru", "en")
    }
    assert len(etags) == 4


def test_the_shelf_lists_briefs_by_kind_and_segment(plumber: TestClient) -> None:
    shelf = plumber.get("/api/v1/briefs", params={"lang": "en"}).json()
    kinds = [b["kind"] for b in shelf["briefs"]]
    assert kinds.count("comparison") == 1
    assert kinds.count("creative") == kinds.count("script") == 3
    assert shelf["formats"] == ["md", "html", "docx", "pdf", "json"]


def test_confirmations_are_counted_and_empty_ones_refused(plumber: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (personas, comparison):
        monkeypatch.setattr(module, "encoder_for", lambda _: Words())
    claims = plumber.get("/api/v1/claims").json()
    alias, card = claims["aliases"][0] | {"confirmed": True}, claims["claims"][0]
    card["claim"]["confirmed"] = True
    answer = plumber.post("/api/v1/claims/confirmations", json={"claims": [card], "aliases": [alias]})
    assert answer.status_code == 200
    assert (answer.json()["claims"], answer.json()["aliases"]) == (1, 1)
    assert plumber.post("/api/v1/claims/confirmations", json={}).status_code == 422
    assert plumber.post("/api/v1/claims/confirmations", json={"rubbish": 1}).status_code == 422
    assert plumber.post("/api/v1/claims/confirmations", content=b"\xff\x00").status_code == 422


def test_the_openapi_document_covers_every_data_route_with_a_model(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    operations = {
        (path, method): operation for path, item in document["paths"].items() for method, operation in item.items()
    }
    assert len(operations) >= 18
    for (path, method), operation in operations.items():
        if not path.startswith("/api/"):
            continue
        good = next(code for code in operation["responses"] if code.startswith("2"))
        content = operation["responses"][good]["content"]
        assert content, (path, method)
        assert {"401", "403", "404", "409", "422"} <= set(operation["responses"]), (path, method)
        if "application/json" in content and "briefs/{kind}" not in path:
            assert content["application/json"]["schema"], (path, method)
    assert client.get("/docs").status_code == 404


def test_health_needs_no_key(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}
