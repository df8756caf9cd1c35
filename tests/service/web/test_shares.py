"""Links by which somebody without an account reads the comparison brief, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from service.core.clock import now
from service.store.installation import sha256
from service.store.tables import ShareRow

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
FAR = {"base": "https://whobuys.example", "address": "10.9.9.9"}


@pytest.fixture
def home() -> str:
    return "ru"


@pytest.fixture
def owner(visitor: Visitor, key: Key) -> TestClient:
    return visitor(key("owner"))


def share(owner: TestClient, **fields: str) -> str:
    """The path of a new link."""
    answer = owner.post("/shares", data={"label": "партнёр", **fields})
    found = re.search(r'id="secret">http://127\.0\.0\.1:8765(/share/[\w-]+)<', answer.text)
    assert found, answer.text[:400]
    return found[1]


def test_the_link_opens_the_brief_for_anybody_and_sets_no_cookie(owner: TestClient, visitor: Visitor) -> None:
    path = share(owner)
    reader = visitor(**FAR)
    page = reader.get(f"{path}?lang=en")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert 'name="robots" content="noindex' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "<h1>" in page.text and '<html lang="ru"' in page.text
    inner = set(re.findall(r'(?:href|action)="([^"#?]*)', page.text)) - {""}
    assert all(link.startswith(("/share/", "/static/")) for link in inner), inner
    assert "<form" not in page.text and "<script" not in page.text


@pytest.mark.parametrize(("format", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_it_prints_and_downloads(owner: TestClient, visitor: Visitor, format: str, start: bytes) -> None:
    answer = visitor(**FAR).get(f"{share(owner)}/file?format={format}")
    assert answer.content.startswith(start)
    assert answer.headers["x-robots-tag"].startswith("noindex")


def test_it_opens_nothing_else(owner: TestClient, visitor: Visitor) -> None:
    reader = visitor(**FAR)
    reader.get(share(owner))
    for path in ("/comparison", "/briefs", "/segments", "/personas", "/shares"):
        assert reader.get(path).status_code == 303, path
    assert reader.get("/api/v1/briefs/comparison").status_code == 401


def test_taken_back_and_past_its_end_it_opens_nothing(app: FastAPI, owner: TestClient, visitor: Visitor) -> None:
    one, other = share(owner), share(owner)
    with app.state.store.session(write=True) as session:
        rows = {row.token_hash: row for row in session.scalars(select(ShareRow))}
        rows[sha256(other.rpartition("/")[2])].ends_at = now()
        first = rows[sha256(one.rpartition("/")[2])].id
    assert owner.post(f"/shares/{first}/revoke").status_code == 303
    reader = visitor(**FAR)
    answers = [reader.get(path) for path in (one, other, "/share/guess", f"{one}/file")]
    assert [answer.status_code for answer in answers] == [404] * 4
    page = owner.get("/shares").text
    assert "отозвана" in page and "срок вышел" in page


def test_only_a_hash_is_kept_and_the_last_opening(app: FastAPI, owner: TestClient, visitor: Visitor) -> None:
    path = share(owner)
    visitor(**FAR).get(path)
    app.state.doorkeeper.sights.write()
    with app.state.store.session() as session:
        row = session.scalars(select(ShareRow)).one()
        assert path.rpartition("/")[2] not in str(row.__dict__)
        assert row.opened_at is not None
    assert path.rpartition("/")[2] not in owner.get("/shares").text


@pytest.mark.parametrize("days", ["0", "91", "x"])
def test_a_link_for_ever_is_refused(owner: TestClient, days: str) -> None:
    assert owner.post("/shares", data={"days": days}).status_code == 422


def test_only_who_reads_the_brief_may_share_it(visitor: Visitor, key: Key) -> None:
    for role in ("sales", "marketing"):
        assert visitor(key(role)).post("/shares").status_code == 403


def test_links_of_another_company_are_not_there(owner: TestClient, visitor: Visitor, key: Key, app: FastAPI) -> None:
    share(owner)
    with app.state.store.session() as session:
        share_id = session.scalars(select(ShareRow.id)).one()
    stranger = visitor(key("owner", "other"))
    assert share_id not in stranger.get("/shares").text
    assert stranger.post(f"/shares/{share_id}/revoke").status_code == 404
