"""An analysis from the browser and the API: started once, watched, stopped, the same after a restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service import flow
from service.app import create_app
from service.core.clock import now
from service.core.settings import Settings
from service.store.runs import latest_done, recent_runs, run_row
from service.store.tables import RunRow
from service.web.runs import RunState, seconds_left

Visitors = Callable[..., TestClient]
NOTE = {"text": "Ищет курс к экзамену, смущает цена.", "phone": "+7 916 555-01-23"}


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """With the real queue, and nobody who works on it unless the test does."""
    monkeypatch.setattr(flow, "ensure_worker", lambda settings: None)
    made = create_app(settings)
    yield made
    made.state.store.close()


@pytest.fixture
def begun(client: TestClient) -> str:
    """A run that waits in the queue."""
    client.post("/api/v1/notes", json=NOTE)
    return str(client.post("/api/v1/runs").json()["id"])


def test_two_people_pressing_analyse_at_once_start_one_run(client: TestClient, visitor: Visitors, app: FastAPI) -> None:
    client.post("/api/v1/notes", json=NOTE)
    people = 6
    together = threading.Barrier(people)

    def press(number: int) -> str:
        together.wait()
        one = visitor()
        if number % 2:
            return str(one.post("/api/v1/runs").json()["id"])
        return one.post("/runs").headers["location"].rpartition("/")[2]

    with ThreadPoolExecutor(people) as pool:
        found = set(pool.map(press, range(people)))
    assert len(found) == 1
    with app.state.store.session() as session:
        assert [run.id for run in recent_runs(session, "default", 10)] == list(found)


def test_a_run_is_stopped_from_its_page_and_stays_so_after_a_restart(
    client: TestClient, app: FastAPI, begun: str, settings: Settings
) -> None:
    assert "Остановить анализ" in client.get(f"/runs/{begun}").text
    assert client.post(f"/runs/{begun}/cancel").status_code == 303
    assert "Анализ остановлен" in client.get(f"/runs/{begun}").text
    flow.work(app.state.store, settings, threading.Event(), idle_seconds=0.5)
    state = client.get(f"/api/v1/runs/{begun}").json()
    assert (state["status"], state["done_stages"], state["cancelled_by"]) == ("cancelled", [], "open")
    again = client.post("/api/v1/runs").json()
    assert again["id"] != begun
    assert "остановлен" in client.get("/runs").text


def test_stopping_twice_is_a_conflict_and_a_foreign_run_is_unknown(
    client: TestClient, visitor: Visitors, key: Callable[..., str], begun: str
) -> None:
    assert client.post(f"/api/v1/runs/{begun}/cancel").json()["status"] == "cancelled"
    assert client.post(f"/api/v1/runs/{begun}/cancel").status_code == 409
    assert client.post(f"/runs/{begun}/cancel").status_code == 303
    stranger = visitor(key("owner", "other"))
    assert stranger.post(f"/api/v1/runs/{begun}/cancel").status_code == 404


def test_the_stream_ends_with_the_stop(client: TestClient, begun: str) -> None:
    client.post(f"/api/v1/runs/{begun}/cancel")
    events = client.get(f"/api/v1/runs/{begun}/events").text
    last = json.loads(events.strip().rpartition("data: ")[2])
    assert (last["status"], last["cancelled_by"], last["seconds_left"]) == ("cancelled", "open", None)


def test_time_left_is_told_while_a_run_works(client: TestClient, app: FastAPI, begun: str) -> None:
    assert client.get(f"/api/v1/runs/{begun}").json()["seconds_left"] is None
    with app.state.store.session(write=True) as session:
        row = run_row(session, "default", begun)
        row.status, row.stage, row.done_stages = "running", "segments", ["embedding"]
        row.manifest = {**row.manifest, "began": (now() - timedelta(seconds=100)).isoformat()}
    left = client.get(f"/api/v1/runs/{begun}").json()["seconds_left"]
    assert 100 < left < 250
    assert "Осталось около" in client.get(f"/runs/{begun}").text


def test_runs_are_listed_in_pages(client: TestClient, begun: str) -> None:
    client.post(f"/api/v1/runs/{begun}/cancel")
    second = client.post("/api/v1/runs").json()["id"]
    first_page = client.get("/api/v1/runs?limit=1").json()
    assert ([run["id"] for run in first_page["runs"]], first_page["next"]) == ([second], 2)
    rest = client.get(f"/api/v1/runs?before={first_page['next']}").json()
    assert ([run["id"] for run in rest["runs"]], rest["next"]) == ([begun], None)


@pytest.mark.parametrize("home", ["ru"], indirect=True)
def test_a_run_that_counted_an_upload_taken_back_says_so(client: TestClient, app: FastAPI) -> None:
    app.state.uploaded = lambda workspace: True
    upload = client.post("/api/v1/notes", json=NOTE).json()["receipt"]
    with app.state.store.session(write=True) as session:
        run = latest_done(session, "default").id
        session.get_one(RunRow, ("default", run)).created_at = now() + timedelta(seconds=5)
    done = client.post(f"/api/v1/uploads/{upload['id']}/undo").json()
    assert done["runs"] == 1
    assert client.get(f"/api/v1/runs/{run}").json()["stale"]
    assert "запустите анализ снова" in client.get("/runs").text


STAGES = ("embedding", "segments", "briefs")


@pytest.mark.parametrize(
    ("done", "stage", "part", "spent", "earlier", "left"),
    [
        pytest.param((), "embedding", (0, 0), 1, {}, None, id="just begun"),
        pytest.param(("embedding",), "segments", (0, 0), 40, {}, 51, id="as it went so far"),
        pytest.param((), "embedding", (1, 2), 9, dict(zip(STAGES, (60, 30, 10), strict=True)), 70, id="as last time"),
        pytest.param(("embedding", "segments"), "briefs", (0, 0), 9, {"embedding": 60}, 1, id="a stage that is new"),
    ],
)  # fmt: skip
def test_time_left(
    done: tuple[str, ...], stage: str, part: tuple[int, int], spent: float, earlier: dict[str, float], left: int | None
) -> None:
    moment = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    state = RunState("r1", 1, "running", stage, STAGES, done, *part, None, moment)
    assert seconds_left(state, spent, earlier) == left
