"""What whoever runs the machine sees: counts, request ids, log lines, limits, headers of every answer."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.core.logs import start_logs
from service.web.guard import PLAIN_BODY_BYTES

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
WORDS = "Анна Петрова, 8 916 555-01-23"


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Everything logged meanwhile, as objects."""
    root, ours, stream = logging.getLogger(), logging.getLogger("whobuys"), io.StringIO()
    before = (root.handlers, root.level, ours.level)
    start_logs("info", stream)
    server = logging.getLogger("uvicorn.error")
    as_it_was = (server.disabled, server.propagate, server.parent.propagate if server.parent else True)
    server.disabled, server.propagate = False, True  # a served application of another test set it up its own way
    if server.parent is not None:
        server.parent.propagate = True
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    server.disabled, server.propagate = as_it_was[:2]
    if server.parent is not None:
        server.parent.propagate = as_it_was[2]
    root.handlers = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def crash(app: FastAPI) -> None:
    """Let every admission fail with a bug whose text quotes a customer."""

    def fail(request: object) -> None:
        raise KeyError(WORDS)

    app.state.admit = fail


class TestLogs:
    def test_a_line_a_request_by_its_template(
        self, client: TestClient, logged: Callable[[], list[dict[str, object]]]
    ) -> None:
        client.get("/api/v1/segments/s1?run=Петрова", headers={"X-Request-ID": "crm-17"})
        client.get("/customers/c1?find=89165550123")
        client.get(f"/nowhere/{WORDS}")
        first, second, third = (line for line in logged() if line["event"] == "request")
        assert {"method", "route", "status", "ms", "request", "time", "level", "logger", "event"} == set(first)
        assert (first["method"], first["route"], first["request"]) == ("GET", "/api/v1/segments/{segment_id}", "crm-17")
        assert str(second["route"]).startswith("/customers/{")
        assert third["route"] == "unmatched"

    def test_nothing_anybody_typed_is_in_them(
        self, app: FastAPI, client: TestClient, logged: Callable[[], list[dict[str, object]]]
    ) -> None:
        client.post("/api/v1/uploads", data={"note": f"Звонила {WORDS}, ищет курс."})
        client.post("/api/v1/uploads", files={"files": (f"{WORDS}.txt", f"Клиент: {WORDS}".encode())})
        client.get("/api/v1/customers", params={"cursor": WORDS})
        client.get("/", headers={"User-Agent": "Петрова".encode(), "Referer": "http://x/Петрова".encode()})
        crash(app)
        assert client.get("/").status_code == 500
        text = json.dumps(logged(), ensure_ascii=False)
        for part in ("Петрова", "916", "5550123", "55501", "Анна"):
            assert part not in text
        assert any("KeyError" in str(line["event"]) for line in logged())

    def test_an_exception_s_and_a_library_s_words_are_left_out(
        self, logged: Callable[[], list[dict[str, object]]]
    ) -> None:
        try:
            raise ValueError(WORDS)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in %s", WORDS)
        (line,) = logged()
        assert str(line["error"]).startswith("ValueError")
        assert "Петрова" not in json.dumps(line, ensure_ascii=False)

    @pytest.mark.parametrize(
        "sent",
        ["a b", "x\ty", "я", "", "a" * 65, '"}', "<b>"],
        ids=["space", "tab", "letters", "none", "long", "json", "tag"],
    )
    def test_a_request_id_that_could_spoil_a_line_is_replaced(self, client: TestClient, sent: str) -> None:
        answer = client.get("/healthz", headers={"X-Request-ID": sent.encode()})
        assert answer.headers["x-request-id"] != sent
        assert answer.headers["x-request-id"].isalnum()

    def test_an_error_names_its_request(self, client: TestClient) -> None:
        answer = client.get("/api/v1/segments/none", headers={"X-Request-ID": "crm-18"})
        assert answer.headers["x-request-id"] == answer.json()["request"] == "crm-18"


class TestMetrics:
    def test_counts_by_template_and_status(self, client: TestClient) -> None:
        client.get("/api/v1/segments/one")
        client.get("/api/v1/segments/two")
        client.get(f"/nowhere/{WORDS}")
        text = client.get("/metrics").text
        total = "whobuys_http_requests_total"
        assert f'{total}{{method="GET",route="/api/v1/segments/{{segment_id}}",status="409"}} 2.0' in text
        assert f'{total}{{method="GET",route="unmatched",status="404"}} 1.0' in text
        assert 'whobuys_http_request_seconds_bucket{le="0.15",method="GET",route="unmatched"}' in text
        assert "whobuys_oldest_unfinished_run_seconds 0.0" in text
        assert "Петрова" not in text

    def test_a_strange_method_is_one_label(self, client: TestClient) -> None:
        for n in range(3):
            client.request(f"MADE{n}", "/")
        assert "MADE" not in client.get("/metrics").text

    def test_a_bug_is_counted(self, app: FastAPI, client: TestClient) -> None:
        crash(app)
        client.get("/")
        assert "whobuys_crashes_total 1.0" in client.get("/metrics").text

    @pytest.mark.parametrize("role", ["sales", "marketing", "owner"])
    def test_from_outside_only_an_admin_s_key_opens(self, visitor: Visitor, key: Key, role: str) -> None:
        outside = {"base": "http://reports.example", "address": "192.168.1.7"}
        assert visitor(**outside).get("/metrics").status_code == 401
        assert visitor(key(role), **outside).get("/metrics").status_code == 403
        assert visitor(key("admin"), **outside).get("/metrics").status_code == 200

    def test_a_proxy_on_this_machine_is_not_this_machine(self, visitor: Visitor, key: Key) -> None:
        key("owner")
        assert visitor(base="http://reports.example").get("/metrics").status_code == 401


class TestLimits:
    def test_what_says_itself_that_it_is_too_large_is_refused_unread(self, client: TestClient) -> None:
        read: list[int] = []

        def body() -> Iterator[bytes]:
            read.append(1)
            yield b"x"

        headers = {"Content-Length": str(PLAIN_BODY_BYTES + 1)}
        answer = client.post("/api/v1/claims/confirmations", content=body(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    @pytest.mark.parametrize("path", ["/segments/a%00b", "/api/v1/segments?run=%00", "/api/v1/customers/%00"])
    def test_a_zero_byte_in_an_address_is_refused(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 422

    @pytest.mark.parametrize("length", ["-1", "x", "1e9", "٣"])
    def test_a_senseless_length_is_no_crash(self, client: TestClient, length: str) -> None:
        answer = client.post("/api/v1/runs", headers={"Content-Length": length.encode()})
        assert answer.status_code < 500


class TestHeaders:
    def answers(self, app: FastAPI, client: TestClient) -> Iterator[object]:
        yield client.get("/")
        yield client.get("/nowhere")
        yield client.get("/api/v1/nowhere")
        yield client.delete("/api/v1/segments")
        yield client.get("/api/v1/customers?limit=x")
        yield client.post("/api/v1/claims/confirmations", content=b"0" * (PLAIN_BODY_BYTES + 1))
        yield client.get("/metrics")
        yield client.get("/static/whobuys.js")
        yield client.get("/static/nothing.js")
        crash(app)
        yield client.get("/")
        yield client.get("/api/v1/segments")

    def test_every_answer_is_dressed_errors_too(self, app: FastAPI, client: TestClient) -> None:
        seen = set()
        for answer in self.answers(app, client):
            headers = answer.headers  # type: ignore[attr-defined]
            seen.add(answer.status_code)  # type: ignore[attr-defined]
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-request-id"]
            assert "server" not in headers
        assert {200, 404, 405, 413, 422, 500} <= seen

    def test_an_error_of_the_error_page_is_still_an_answer(
        self, app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> str:
            raise KeyError(WORDS)

        monkeypatch.setattr("service.web.problems.render", fail)
        answer = client.get("/nowhere")
        assert answer.status_code == 500
        assert answer.headers["x-request-id"] in answer.text
        assert answer.headers["x-frame-options"] == "DENY"

    def test_a_database_that_does_not_answer_has_a_page(self, app: FastAPI, client: TestClient) -> None:
        crash(app)
        answer = client.get("/segments")
        assert (answer.status_code, "<h1>" in answer.text) == (500, True)

    def test_https_is_asked_for_only_where_there_is_https(self, visitor: Visitor) -> None:
        assert "strict-transport-security" not in visitor().get("/healthz").headers
        assert visitor(base="https://reports.example").get("/healthz").headers["strict-transport-security"]
