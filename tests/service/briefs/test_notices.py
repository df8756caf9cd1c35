"""Webhooks: where they may point, how messages are signed, that they arrive, wait, and are given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from brief_company import company
from shop_home import by_words, put_shop

from service import flow
from service.briefs.compose import compose_all
from service.briefs.notices import repository, sending, step
from service.briefs.notices.address import Refused, Target, is_public, resolved, target_of
from service.briefs.notices.model import WAITS, signed_headers
from service.briefs.notices.sending import Outcome, post
from service.briefs.versions.model import Basis, Place
from service.briefs.versions.repository import keep_versions
from service.briefs.versions.step import judge
from service.cli import main
from service.core.errors import BadInput, NotFound
from service.core.settings import Settings
from service.flow import Cycle
from service.store import jobs
from service.store.db import Store, ensure_workspace, open_store


class Post:
    """A server on loopback that keeps what it gets and answers as told, one status a request."""

    def __init__(self, *answers: int) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        answering, got = list(answers), self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = answering.pop(0) if len(answering) > 1 else answering[0]
                self.send_response(status)
                if status in (301, 307):
                    self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/told?x=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, webhook_private=True, _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    with opened.session(write=True) as session:
        ensure_workspace(session, "test")
    yield opened
    opened.close()


@pytest.fixture
def taking(request: pytest.FixtureRequest) -> Iterator[Post]:
    answers = getattr(request, "param", (204,))
    found = Post(*answers)
    yield found
    found.server.shutdown()
    found.server.server_close()


def add(store: Store, settings: Settings, url: str, *events: str) -> str:
    return step.add(store, settings, "test", url, events, "owner").id


def write(store: Store) -> None:
    """New versions of all briefs of the made-up company, and the messages about them."""
    with store.session(write=True) as session:
        made = keep_versions(session, "test", "run1", compose_all(company("ru").inputs(), "ru"), Basis())
        step.tell(session, "test", "brief.new", made)


def log(store: Store) -> list[tuple[str, str, int, int | None, str]]:
    with store.session() as session:
        return [(d.event, d.status, d.attempts, d.answer, d.error) for d in repository.deliveries(session, "test")]


def waiting(store: Store) -> str:
    with store.session() as session:
        return repository.to_queue(session)[0].id


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x", "ftp://example.com/", "https://", "javascript:alert(1)", "https://a b.example/",
        "https://user:word@example.com/", "https://127.0.0.1/", "https://10.1.2.3/x", "https://169.254.169.254/meta",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/",
        "https://192.168.0.1:8443/", "https://example.com:notaport/", "https://example.com/\r\nX: y",
        "https://" + "a" * 2100,
    ],
    ids=str,
)  # fmt: skip
def test_an_address_that_no_webhook_may_have(url: str) -> None:
    with pytest.raises(BadInput):
        target_of(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_refused_when_they_are_looked_up(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    with pytest.raises(Refused):
        resolved(target_of(f"https://{host}/"))


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [(socket.AF_INET, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    with pytest.raises(Refused):
        resolved(target_of("https://example.com/"))


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    connected: list[object] = []

    def look_up(host: str, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        looked.append(host)
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34" if len(looked) == 1 else "127.0.0.1", 443))]

    def connect(address: object, *_: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(sending.socket, "create_connection", connect)
    assert post(target_of("https://rebinding.example/"), {}, b"{}").error == "no_connection"
    assert (looked, connected) == (["rebinding.example"], [("93.184.216.34", 443)])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("100.64.0.1", False), ("224.0.0.1", False),
        ("::ffff:8.8.8.8", True), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("fe80::1", False),
        ("fc00::1", False), ("198.18.0.1", False), ("255.255.255.255", False),
    ],
)  # fmt: skip
def test_which_addresses_are_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_the_signature_is_that_of_the_standard() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    moment = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", moment, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_message_tells_where_the_briefs_are_and_nothing_they_say(
    store: Store, settings: Settings, taking: Post
) -> None:
    made = step.add(store, settings, "test", taking.url, (), "owner")
    write(store)
    assert step.deliver(store, settings, "test", waiting(store)) is None
    headers, body = taking.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    told = json.loads(body)
    assert told["type"] == "brief.new"
    creative = next(b for b in told["data"]["briefs"] if b["segment"] == "seg_moms" and b["kind"] == "creative")
    assert creative["path"] == "/api/v1/briefs/creative?segment=seg_moms&lang=ru&version=1"
    assert "детские костюмы" not in body.decode()
    assert log(store) == [("brief.new", "delivered", 1, 204, "")]


def test_an_address_hears_only_of_what_it_asked_for(store: Store, settings: Settings) -> None:
    add(store, settings, "http://127.0.0.1:1/", "brief.approved")
    write(store)
    assert log(store) == []
    judge(store, "test", Place("creative", "seg_moms", "ru"), None, "approved", "owner")
    judge(store, "test", Place("creative", "seg_moms", "ru"), None, "returned", "owner", "нет")
    assert log(store) == [("brief.approved", "waiting", 0, None, "")]


@pytest.mark.parametrize("taking", [(500, 307, 429, 204)], indirect=True)
def test_a_message_that_is_not_taken_is_tried_again_later_and_later(
    store: Store, settings: Settings, taking: Post
) -> None:
    add(store, settings, taking.url)
    write(store)
    message = waiting(store)
    assert [step.deliver(store, settings, "test", message) for _ in range(5)] == [*WAITS[:3], None, None]
    assert log(store) == [("brief.new", "delivered", 4, 204, "")]
    assert len(taking.got) == 4
    assert len({headers["webhook-id"] for headers, _ in taking.got}) == 1


@pytest.mark.parametrize("taking", [(500,)], indirect=True)
def test_a_message_is_given_up_in_the_end(store: Store, settings: Settings, taking: Post) -> None:
    add(store, settings, taking.url)
    write(store)
    message = waiting(store)
    waits = [step.deliver(store, settings, "test", message) for _ in range(len(WAITS) + 1)]
    assert waits == [*WAITS, None]
    assert log(store) == [("brief.new", "failed", len(WAITS) + 1, 500, "not_taken")]


@pytest.mark.parametrize("taking", [(410,)], indirect=True)
def test_an_address_that_says_it_is_gone_is_not_asked_again(store: Store, settings: Settings, taking: Post) -> None:
    add(store, settings, taking.url)
    write(store)
    assert step.deliver(store, settings, "test", waiting(store)) is None
    assert log(store) == [("brief.new", "failed", 1, 410, "not_taken")]


def test_a_removed_address_gets_nothing(store: Store, settings: Settings, taking: Post) -> None:
    webhook = add(store, settings, taking.url)
    write(store)
    message = waiting(store)
    with store.session(write=True) as session:
        repository.remove_webhook(session, "test", webhook, "owner")
    assert step.deliver(store, settings, "test", message) is None
    assert taking.got == []
    assert log(store) == [("brief.new", "failed", 0, None, "webhook_removed")]
    with pytest.raises(NotFound):
        step.ping(store, "test", webhook)


def test_without_the_setting_even_a_kept_private_address_is_not_called(
    store: Store, settings: Settings, taking: Post
) -> None:
    add(store, settings, taking.url)
    strict = settings.model_copy(update={"webhook_private": False})
    write(store)
    assert step.deliver(store, strict, "test", waiting(store)) == WAITS[0]
    assert taking.got == []
    assert log(store)[0][4] == "private_address"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (Target(False, "127.0.0.1", 1, "/"), "no_connection"),
        (Target(False, "no-such-name.invalid", 80, "/"), "no_such_name"),
    ],
)
def test_what_the_other_side_does_never_raises(target: Target, error: str) -> None:
    assert post(target, {}, b"{}", private=True) == Outcome(None, error)


def test_a_side_that_answers_a_letter_at_a_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_IN_ALL", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        there, _ = listening.accept()
        try:
            there.sendall(b"HTTP/1.1 ")
            while True:
                there.sendall(b"a")
                time.sleep(0.05)
        except OSError:
            there.close()

    threading.Thread(target=drip, daemon=True).start()
    outcome = post(Target(False, "127.0.0.1", listening.getsockname()[1], "/"), {}, b"{}", private=True)
    listening.close()
    assert not outcome.arrived
    assert outcome.error == "no_connection"


def test_an_analysis_tells_of_its_briefs_and_a_worker_carries_it(
    tmp_path: Path, taking: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    by_words(monkeypatch, tmp_path)
    monkeypatch.setenv("WHOBUYS_WEBHOOK_PRIVATE", "true")
    monkeypatch.setattr(flow, "ensure_worker", lambda settings: None)
    settings = Settings(home=tmp_path, webhook_private=True, language="ru", evidence_index=False, _env_file=None)
    opened = open_store(settings)
    put_shop(opened)
    step.add(opened, settings, "default", taking.url, (), "owner")
    assert main(["analyze"]) == 0
    flow.work(opened, settings, threading.Event(), idle_seconds=1.0)
    told = [json.loads(body) for _, body in taking.got]
    assert [message["type"] for message in told] == ["brief.new"]
    assert {b["version"] for b in told[0]["data"]["briefs"]} == {1}
    assert main(["briefs", "approve", "comparison"]) == 0
    flow.work(opened, settings, threading.Event(), idle_seconds=1.0)
    assert json.loads(taking.got[-1][1])["type"] == "brief.approved"
    opened.close()
    capsys.readouterr()
    assert main(["briefs", "list", "comparison", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["versions"]
    assert {(v["language"], v["status"]) for v in listed} == {("ru", "approved"), ("en", "proposed")}
    assert main(["brief", "comparison", "--changes"]) == 0
    assert "первая версия" in capsys.readouterr().out
    assert main(["briefs", "return", "creative", "-m", "нет"]) == 0
    assert main(["briefs", "list", "creative"]) == 0
    assert "возвращена: нет" in capsys.readouterr().out
    assert main(["webhook", "list"]) == 0
    assert "brief.approved  delivered" in capsys.readouterr().out
    assert main(["briefs", "approve", "session", "--segment", "x"]) == 2


@pytest.mark.parametrize("taking", [(503, 204)], indirect=True)
def test_a_durable_job_carries_messages_until_they_arrive(
    store: Store, settings: Settings, taking: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "WAITS", (0.1,) * 6)
    add(store, settings, taking.url)
    write(store)
    assert step.hand_over(store, settings) is True

    def trying(workspace: str, message: str) -> float | None:
        return step.deliver(store, settings, workspace, message)

    with jobs.executing(settings, Cycle(store, settings), trying=trying):
        deadline = time.monotonic() + 20
        while log(store)[0][1] == "waiting" and time.monotonic() < deadline:
            time.sleep(0.05)
    assert log(store) == [("brief.new", "delivered", 2, 204, "")]
    assert step.hand_over(store, settings) is False


def test_the_secret_is_shown_once(store: Store, settings: Settings) -> None:
    made = step.add(store, settings, "test", "http://127.0.0.1:1/", (), "owner")
    with store.session() as session:
        kept = repository.webhooks(session, "test")
    assert made.secret.startswith("whsec_")
    assert [hook.secret for hook in kept] == [""]
    assert made.secret not in repr(made)


def test_unknown_events_are_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(BadInput):
        add(store, settings, "http://127.0.0.1:1/", "brief.burnt")
