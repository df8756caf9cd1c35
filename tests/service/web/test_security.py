"""Who gets in: keys, roles, the open demo, the sign-in cookie, foreign sites."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import select

from service.app import API, API_ROUTERS, PAGE_ROUTERS
from service.store.keys import revoke_key
from service.store.tables import ApiKey
from service.web.security import COOKIE, MAY

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
PUBLIC = {"/healthz", "/readyz", "/hooks/{system}/{token}"}


def data_routes() -> list[tuple[str, str, str]]:
    """(method, path, action) of every route of data and pages, the action read from its dependency."""
    found = []
    for prefix, router in [*((API, r) for r in API_ROUTERS), *(("", r) for r in PAGE_ROUTERS)]:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            actions = [getattr(d.call, "action", None) for d in route.dependant.dependencies]
            action = next((a for a in actions if a), "")
            found += [(m, prefix + route.path, action) for m in sorted(route.methods) if route.path not in PUBLIC]
    return found


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "x1", path)


def test_every_route_names_a_right_of_the_table() -> None:
    routes = data_routes()
    assert len(routes) > 20
    assert [(m, p) for m, p, action in routes if action not in MAY] == []


def test_without_a_key_the_demo_is_open_on_this_machine_and_says_so(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/setup"' in page.text


@pytest.mark.parametrize(
    ("base", "address"),
    [
        pytest.param("http://127.0.0.1:8765", "192.168.1.7", id="another machine"),
        pytest.param("http://evil.example", "127.0.0.1", id="a foreign name bound to this machine"),
        pytest.param("http://192.168.1.5:8765", "127.0.0.1", id="this machine by its network address"),
    ],
)
def test_without_a_key_nobody_else_is_let_in(visitor: Visitor, base: str, address: str) -> None:
    stranger = visitor(base=base, address=address)
    assert stranger.get("/api/v1/segments").status_code == 401
    assert stranger.get("/segments").status_code == 303


def test_the_first_key_locks_every_data_route(visitor: Visitor, key: Key) -> None:
    key("sales")
    nobody = visitor()
    for method, path, _ in data_routes():
        answer = nobody.request(method, filled(path))
        assert answer.status_code in (401, 303), (method, path)
        if path.startswith("/api/"):
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"].startswith("Bearer")
        else:
            assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("bad", ["wb_unknown", "", "wb_", "Bearer", "wb_' OR 1=1 --", "é"])
def test_a_wrong_key_is_refused(visitor: Visitor, key: Key, bad: str) -> None:
    key("owner")
    answer = visitor().get("/api/v1/segments", headers={"Authorization": f"Bearer {bad}".encode()})
    assert answer.status_code == 401


def test_a_revoked_key_is_refused_and_keeps_the_door_locked(app: FastAPI, visitor: Visitor, key: Key) -> None:
    token = key("owner")
    with app.state.store.session() as session:
        revoke_key(session, "default", session.scalars(select(ApiKey.id)).one())
    assert visitor(token).get("/api/v1/segments").status_code == 401
    assert visitor().get("/api/v1/segments").status_code == 401


def test_only_the_hash_of_a_key_is_stored(app: FastAPI, key: Key) -> None:
    token = key("owner")
    with app.state.store.session() as session:
        row = session.scalars(select(ApiKey)).one()
        assert token not in (row.key_hash, row.label, row.id)
        assert len(row.key_hash) == 64


def test_a_key_sees_its_own_workspace_only(visitor: Visitor, key: Key) -> None:
    ours, theirs = visitor(key("admin", "ours")), visitor(key("admin", "theirs"))
    receipt = ours.post("/api/v1/uploads", data={"note": "Звонила мама, ищет курс."}).json()
    assert ours.get(f"/api/v1/uploads/{receipt['id']}").status_code == 200
    assert theirs.get(f"/api/v1/uploads/{receipt['id']}").status_code == 404
    assert theirs.get(f"/uploads/{receipt['id']}").status_code == 404
    run = ours.post("/api/v1/runs").json()
    assert theirs.get(f"/api/v1/runs/{run['id']}").status_code == 404
    assert theirs.get(f"/api/v1/runs/{run['id']}/events").status_code == 404


def test_signing_in_lasts_as_long_as_the_key(app: FastAPI, visitor: Visitor, key: Key) -> None:
    token = key("owner")
    browser = visitor()
    assert browser.post("/sign-in", data={"key": "wb_wrong"}).status_code == 401
    entered = browser.post("/sign-in", data={"key": token, "next": "/segments"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/segments")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert token not in cookie
    assert browser.get("/").status_code == 200
    with app.state.store.session() as session:
        revoke_key(session, "default", session.scalars(select(ApiKey.id)).one())
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("cookie", ["x", "a.b", "ZGVmYXVsdHxrMXw5OTk5OTk5OTk5.00", "é.é", "." * 500])
def test_a_forged_cookie_is_no_cookie(visitor: Visitor, key: Key, cookie: str) -> None:
    key("owner")
    answer = visitor().get("/", headers={"Cookie": f"{COOKIE}={cookie}".encode()})
    assert answer.status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_site(visitor: Visitor, key: Key, target: str) -> None:
    answer = visitor().post("/sign-in", data={"key": key("owner"), "next": target})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="sent by another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="sent by a sister site"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="old browser, another origin"),
        pytest.param({"Origin": "null"}, 403, id="sandboxed page"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 303, id="our own page"),
        pytest.param({"Origin": "http://127.0.0.1:8765"}, 303, id="old browser, our origin"),
        pytest.param({}, 303, id="no browser"),
    ],
)
def test_another_site_cannot_act_through_the_browser(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/runs", headers=headers).status_code == status


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/api/v1/nowhere", "/healthz", "/static/whobuys.css", "/api/v1/segments"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert ("no-store" in headers["cache-control"]) == (not path.startswith("/static/"))
