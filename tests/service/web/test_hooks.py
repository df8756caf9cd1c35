"""Doors for a CRM: made once, checked, acknowledged at once, taken once, closed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from service.corpus import spool
from service.corpus.hook_step import Postbox
from service.store.tables import AuditRow, HookDeliveryRow, HookRow

Visitors = Callable[..., TestClient]
Keys = Callable[..., str]

NOTE = {"notes": [{"id": 9001, "text": "Просит счёт на юрлицо", "phone": "+7 912 345-67-89", "created": "04.02.2026"}]}
AMO = {
    "leads[note][0][note][id]": "42709325",
    "leads[note][0][note][note_type]": "4",
    "leads[note][0][note][element_type]": "2",
    "leads[note][0][note][element_id]": "26050861",
    "leads[note][0][note][text]": "Ждёт договор, смущает цена. Тел. +7 912 345-67-89",
    "account[subdomain]": "example",
}
BITRIX = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": "410", "auth[application_token]": "secret-of-bitrix"}


@pytest.fixture
def postbox(app: FastAPI) -> Postbox:
    """Taken when the test says so, instead of a second later."""
    box: Postbox = app.state.postbox
    box.notify = lambda: None  # type: ignore[method-assign]
    return box


@pytest.fixture
def make(client: TestClient) -> Callable[[str], tuple[str, str]]:
    """Makes a door: (path, secret)."""

    def door(system: str) -> tuple[str, str]:
        made = client.post("/api/v1/hooks", json={"system": system, "label": "отдел продаж"})
        assert made.status_code == 201
        return made.json()["address"].removeprefix(str(client.base_url).rstrip("/")), made.json()["secret"]

    return door


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    moment = str(int(at if at is not None else time.time()))
    signature = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "X-Whobuys-Timestamp": moment, "X-Whobuys-Signature": f"sha256={signature}", "Content-Type": "application/json",
    }  # fmt: skip


def uploads(client: TestClient) -> list[dict[str, Any]]:
    return list(client.get("/api/v1/uploads").json()["uploads"])


def test_a_note_of_a_crm_is_acknowledged_written_down_and_taken(
    client: TestClient, visitor: Visitors, make: Callable[[str], tuple[str, str]], postbox: Postbox, app: FastAPI
) -> None:
    path, _ = make("amocrm")
    sender = visitor(address="203.0.113.7", base="https://whobuys.example")
    answer = sender.post(path, data=AMO)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    home = app.state.settings.home
    (call,) = spool.waiting(home, "default")
    assert call.place.stat().st_mode & 0o077 == 0
    assert uploads(client) == []
    postbox.take_now()
    (receipt,) = uploads(client)
    assert (receipt["channel"], receipt["documents"], receipt["redacted"]["phone"]) == ("amocrm", {"note": 1}, 1)
    assert list(spool.waiting(home, "default")) == []
    (hook,) = client.get("/api/v1/hooks").json()["hooks"]
    assert receipt["who"] == hook["id"]
    (delivery,) = client.get(f"/api/v1/hooks/{hook['id']}/deliveries").json()["deliveries"]
    assert (delivery["state"], delivery["upload"], hook["deliveries"]) == ("taken", receipt["id"], 1)


def test_the_same_call_twice_is_taken_once_and_a_changed_note_replaces_the_old(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox
) -> None:
    path, _ = make("amocrm")
    assert [client.post(path, data=AMO).json()["state"] for _ in range(3)] == ["waiting", "known", "known"]
    postbox.take_now()
    client.post(path, data=AMO | {"leads[note][0][note][text]": "Договор получил"})
    postbox.take_now()
    newest = next(one for one in uploads(client) if one["changes"]["replaced_files"])
    assert newest["changes"]["added"] == 0
    assert newest["customers_total"] == 1


def test_calls_that_come_together_are_one_upload(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox
) -> None:
    path, _ = make("amocrm")
    for number in range(5):
        client.post(
            path,
            data=AMO | {"leads[note][0][note][id]": str(number), "leads[note][0][note][text]": f"№ {number}: звонил"},
        )
    postbox.take_now()
    assert [one["documents"] for one in uploads(client)] == [{"note": 5}]


def test_what_bitrix_sends_without_fields_is_a_reject_and_its_secret_is_kept_nowhere(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox, app: FastAPI
) -> None:
    path, _ = make("bitrix24")
    assert client.post(path, data=BITRIX).status_code == 202
    home = app.state.settings.home
    assert not any(b"secret-of-bitrix" in one.read_bytes() for one in home.rglob("*") if one.is_file())
    postbox.take_now()
    (reject,) = client.get("/api/v1/rejects").json()["rejects"]
    assert reject["code"] == "hook_only_id"
    assert reject["place"].endswith("/deals/410")
    assert "робота" in reject["reason"]["ru"]
    assert 'href="/hooks"' in client.get("/uploads").text


def test_the_generic_door_takes_only_what_is_signed_now(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox
) -> None:
    path, secret = make("generic")
    body = json.dumps(NOTE).encode()
    good = signed(body, secret)
    for headers in (
        {},
        signed(body, "another secret"),
        signed(body + b" ", secret),
        signed(body, secret, time.time() - 3600),
        signed(body, secret, time.time() + 3600),
        good | {"X-Whobuys-Timestamp": "yesterday"},
        good | {"X-Whobuys-Signature": "sha256=ключ"},
    ):
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        answer = client.post(path, content=body, headers=raw)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert [client.post(path, content=body, headers=good).json()["state"] for _ in range(2)] == ["waiting", "known"]
    postbox.take_now()
    assert [one["documents"] for one in uploads(client)] == [{"note": 1}]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/api/v1/hooks/amocrm/wh_nobody", id="unknown token"),
        pytest.param("/api/v1/hooks/pipedrive/wh_x", id="unknown system"),
    ],
)
def test_an_unknown_address_takes_nothing(client: TestClient, path: str) -> None:
    assert client.post(path, data=AMO).status_code in (404, 422)


def test_a_token_of_another_system_or_closed_takes_nothing(
    client: TestClient, make: Callable[[str], tuple[str, str]]
) -> None:
    path, _ = make("amocrm")
    assert client.post(path.replace("amocrm", "bitrix24"), data=AMO).status_code == 404
    (hook,) = client.get("/api/v1/hooks").json()["hooks"]
    assert client.post(f"/hooks/{hook['id']}/revoke").status_code == 303
    assert client.post(path, data=AMO).status_code == 404
    assert "закрыт" in client.get("/hooks").text


def test_a_call_goes_to_the_company_of_its_door(visitor: Visitors, key: Keys, postbox: Postbox) -> None:
    mine, other = visitor(key("owner")), visitor(key("owner", "other"))
    path = (
        other.post("/api/v1/hooks", json={"system": "amocrm"}).json()["address"].removeprefix("http://127.0.0.1:8765")
    )
    assert visitor(address="203.0.113.7").post(path, data=AMO).status_code == 202
    postbox.take_now()
    assert (len(uploads(other)), len(uploads(mine))) == (1, 0)
    assert mine.get("/api/v1/hooks").json()["hooks"] == []


def test_the_token_is_stored_as_a_hash_and_told_once(
    client: TestClient, make: Callable[[str], tuple[str, str]], app: FastAPI
) -> None:
    path, secret = make("generic")
    token = path.rpartition("/")[2]
    with app.state.store.session() as session:
        stored = [
            str(getattr(row, column.key))
            for row in session.scalars(select(HookRow))
            for column in HookRow.__table__.columns
        ]
        lines = session.execute(select(AuditRow.what)).scalars().all()
    assert not {token, secret} & set(stored)
    assert "hook created" in lines
    for page in ("/hooks", "/api/v1/hooks"):
        shown = client.get(page).text
        assert token not in shown
        assert secret not in shown


@pytest.mark.parametrize("system", ["amocrm", "bitrix24", "generic"])
def test_the_page_makes_a_door_and_says_how_to_use_it(client: TestClient, system: str) -> None:
    page = client.post("/hooks", data={"system": system, "label": "<b>наш отдел</b>"})
    assert page.status_code == 201
    assert f"/api/v1/hooks/{system}/wh_" in page.text
    assert "<b>наш отдел" not in page.text


def test_only_who_keeps_the_company_may_make_doors(visitor: Visitors, key: Keys) -> None:
    for role in ("sales", "marketing"):
        assert visitor(key(role)).get("/hooks").status_code == 403
        assert visitor(key(role)).post("/api/v1/hooks", json={"system": "amocrm"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b'{"a": ', "application/json", id="cut json"),
        pytest.param(b"[" * 100_000, "application/json", id="deep json"),
        pytest.param(b"\xff\xfe\x00", "application/json", id="binary"),
    ],
)
def test_a_body_nobody_can_read_is_refused(
    client: TestClient, make: Callable[[str], tuple[str, str]], content: bytes, kind: str
) -> None:
    path, _ = make("amocrm")
    answer = client.post(path, content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_a_call_that_breaks_holds_up_no_other(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox, app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from service.corpus import hook_step

    taken = hook_step.carried

    def break_on_second(system: str, bodies: Any, folder: str) -> Any:
        if any("leads[break]" in str(body) or "break" in body for body in bodies):
            raise ZeroDivisionError
        return taken(system, bodies, folder)

    monkeypatch.setattr(hook_step, "carried", break_on_second)
    path, _ = make("amocrm")
    client.post(path, data={"break": "1"})
    client.post(path, data=AMO)
    postbox.take_now()
    assert [one["documents"] for one in uploads(client)] == [{"note": 1}]
    with app.state.store.session() as session:
        states = {row.state: row.problem for row in session.scalars(select(HookDeliveryRow))}
    assert set(states) == {"taken", "failed"}
    assert "ZeroDivisionError" in states["failed"]["ru"]
    assert list(spool.waiting(app.state.settings.home, "default")) == []


def test_what_was_acknowledged_before_a_restart_is_taken_after_it(
    client: TestClient, make: Callable[[str], tuple[str, str]], postbox: Postbox, app: FastAPI
) -> None:
    path, _ = make("amocrm")
    client.post(path, data=AMO)
    again = Postbox(app.state.store, app.state.settings, lambda workspace: True)
    again.take_up()
    deadline = time.monotonic() + 20
    while not uploads(client) and time.monotonic() < deadline:
        time.sleep(0.05)
    again.close()
    assert [one["documents"] for one in uploads(client)] == [{"note": 1}]
