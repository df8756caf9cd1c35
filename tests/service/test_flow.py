"""One cycle: shared, resumed, repeated, stopped by a bug or by new data. Stages here are small stand-ins that write."""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harvests import a_deal, a_document, a_harvest
from sqlalchemy import delete

from ingest.model import Harvest
from service import flow
from service.core.clock import now
from service.core.errors import BadInput, Conflict
from service.core.progress import Progress
from service.core.settings import Settings
from service.corpus.repository import load_corpus, save_harvest, seen_files
from service.store import jobs
from service.store.db import Store, ensure_workspace, open_store
from service.store.runs import Run
from service.store.tables import MeasureRow, ResultRow, Upload

Steps = dict[str, Callable[[Store, Settings, str, str], None]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """What each stage does; tests may put another function in. Each notes that it ran."""
    doing: Steps = dict.fromkeys(flow.STAGES, measure)
    for stage in flow.STAGES:
        module = types.ModuleType(f"service.{stage}.step")

        def run(
            store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress, stage: str = stage
        ) -> None:
            progress(1, 2)
            doing[stage](store, settings, workspace, run_id)

        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return doing


def measure(store: Store, settings: Settings, workspace: str, run_id: str) -> None:
    """Writes what it finds in the corpus, and which run it was for."""
    with store.session(write=True) as session:
        corpus = load_corpus(session, workspace, settings)
        for table in (MeasureRow, ResultRow):
            session.execute(delete(table).where(table.workspace_id == workspace, table.run_id == run_id))
        place = {"workspace_id": workspace, "run_id": run_id}
        value = float(len(corpus.customers))
        session.add(MeasureRow(**place, level="all", name="all", measure="customers", value=value, n=1, unit="count"))
        session.add(ResultRow(**place, kind="note", payload={"run": run_id, "made_on": str(now()), "n": value}))


def put(store: Store, harvest: Harvest) -> None:
    with store.session(write=True) as session:
        ensure_workspace(session, "w")
        save_harvest(session, "w", harvest, "u", seen_files(session, "w"))
        number = len(session.query(Upload).all())
        session.add(Upload(workspace_id="w", id=f"u{number}", created_at=now(), receipt={}))


def analyze(store: Store, settings: Settings, force: bool = False) -> Run:
    return flow.analyze(store, settings, "w", lambda run, tick: None, force)


def test_a_run_goes_through_every_stage_and_ends_with_a_hash(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    seen: list[jobs.Tick] = []
    run = flow.analyze(store, settings, "w", lambda run, tick: seen.append(tick))
    assert (run.number, run.status, run.done_stages) == (1, "done", flow.STAGES)
    assert run.result_hash
    assert run.finished_at
    assert list(dict.fromkeys(tick.stage for tick in seen)) == list(flow.STAGES)
    assert set(run.manifest["seconds"]) == set(flow.STAGES)


def test_the_same_input_is_analysed_once_and_again_with_force(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    first = analyze(store, settings)
    assert analyze(store, settings) == first
    forced = analyze(store, settings, force=True)
    assert (forced.number, forced.result_hash) == (2, first.result_hash)


def test_new_data_make_a_new_run_with_another_result(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    first = analyze(store, settings)
    put(store, a_harvest(deals=[a_deal(keys=("deal:9",))]))
    second = analyze(store, settings)
    assert second.number == 2
    assert second.result_hash != first.result_hash


def test_a_run_is_stale_once_the_data_changed_and_not_after_an_empty_upload(
    store: Store, settings: Settings, steps: Steps
) -> None:
    put(store, a_harvest(documents=[a_document()]))
    run = analyze(store, settings)
    assert not flow.is_stale(store, settings, run)
    put(store, a_harvest(documents=[a_document()]))
    assert not flow.is_stale(store, settings, run)
    put(store, a_harvest(deals=[a_deal(keys=("deal:9",))]))
    assert flow.is_stale(store, settings, run)


def test_two_callers_share_one_run(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    first = flow.start(store, settings, "w")
    assert flow.start(store, settings, "w").id == first.id
    runs: list[Run] = []
    callers = [threading.Thread(target=lambda: runs.append(analyze(store, settings))) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert {(run.id, run.status) for run in runs} == {(first.id, "done")}


def test_a_stage_that_broke_is_named_and_taken_up_again(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    steps["comparison"] = fail_with(ZeroDivisionError("слова клиента"))
    with pytest.raises(ZeroDivisionError):
        analyze(store, settings)
    begun: list[str] = []
    for stage in flow.STAGES:
        steps[stage] = lambda *_, stage=stage: begun.append(stage)
    run = analyze(store, settings)
    assert (run.number, run.status, run.attempt) == (1, "done", 2)
    assert begun == ["comparison", "portrait", "briefs"]


def test_the_run_says_what_broke_without_the_words_of_customers(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    steps["segments"] = fail_with(ValueError("слова клиента"))
    with pytest.raises(ValueError, match="слова"):
        analyze(store, settings)
    error = flow.load(store, "w", flow.start(store, settings, "w").id).error
    assert error is None, "a new attempt begins clean"


def fail_with(error: Exception) -> Callable[..., None]:
    def step(*_: object) -> None:
        raise error

    return step


def test_data_that_change_under_a_run_start_it_over(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    late = [a_harvest(deals=[a_deal(keys=("deal:9",))])]

    def upload_once(store: Store, settings: Settings, workspace: str, run_id: str) -> None:
        if late:
            put(store, late.pop())

    steps["economics"] = upload_once
    run = analyze(store, settings)
    assert (run.number, run.status, run.manifest["deals"]) == (2, "done", 1)
    with store.session() as session:
        states = {row.number: row.status for row in session.query(flow.runs.RunRow).all()}
    assert states == {1: "cancelled", 2: "done"}


def test_an_upload_that_changes_nothing_disturbs_no_run(store: Store, settings: Settings, steps: Steps) -> None:
    same = a_harvest(documents=[a_document()])
    put(store, same)
    steps["economics"] = lambda store, *_: put(store, same)
    assert analyze(store, settings).number == 1


def test_data_that_never_rest_end_in_a_sentence(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    counter = iter(range(100))
    steps["segments"] = lambda store, *_: put(store, a_harvest(documents=[a_document(f"{next(counter)}.txt")]))
    with pytest.raises(Conflict, match="kept changing"):
        analyze(store, settings)


def test_nothing_to_analyse_is_said(store: Store, settings: Settings, steps: Steps) -> None:
    with pytest.raises(BadInput, match="ingest"):
        analyze(store, settings)


def test_a_cancelled_run_stops_after_its_stage(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    begun: list[str] = []
    for stage in flow.STAGES:
        steps[stage] = lambda *_, stage=stage: begun.append(stage)
    steps["segments"] = lambda store, settings, workspace, run_id: flow.cancel(store, workspace, run_id) and None
    run = flow.start(store, settings, "w")
    stop = threading.Event()
    worker = threading.Thread(target=flow.work, args=(store, settings, stop))
    worker.start()
    while not flow.load(store, "w", run.id).over:
        stop.wait(0.05)
    stop.wait(0.5)
    stop.set()
    worker.join()
    assert flow.load(store, "w", run.id).status == "cancelled"
    assert begun == ["embedding"]


def test_a_cancelled_run_stops_in_the_middle_of_a_stage(
    store: Store, settings: Settings, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, a_harvest(documents=[a_document()]))
    monkeypatch.setattr(flow, "LOOK_SECONDS", 0.0)
    ticks: list[int] = []

    def endless(store: Store, settings: Settings, workspace: str, run_id: str, progress: Progress) -> None:
        for tick in range(1000):
            if tick == 3:
                flow.cancel(store, workspace, run_id, "p1")
            ticks.append(tick)
            progress(tick, 1000)

    monkeypatch.setattr(sys.modules["service.segments.step"], "run", endless)
    with pytest.raises(Conflict, match="cancelled"):
        analyze(store, settings)
    assert ticks == [0, 1, 2, 3]
    with store.session() as session:
        (run,) = flow.runs.recent_runs(session, "w", 5)
    assert (run.status, run.done_stages, run.manifest["cancelled_by"]) == ("cancelled", ("embedding",), "p1")


def test_a_run_whose_queue_was_lost_goes_on(store: Store, settings: Settings, steps: Steps) -> None:
    put(store, a_harvest(documents=[a_document()]))
    run = flow.start(store, settings, "w")
    with store.session(write=True) as session:
        row = flow.runs.run_row(session, "w", run.id)
        row.status, row.done_stages = "running", ["embedding", "segments"]
    jobs._prepared.clear()
    for file in settings.home.glob("jobs.db*"):
        file.unlink()
    done = analyze(store, settings)
    assert (done.id, done.status) == (run.id, "done")


def test_settings_that_steer_results_make_a_new_run_and_others_do_not(
    store: Store, settings: Settings, steps: Steps
) -> None:
    put(store, a_harvest(documents=[a_document()]))
    assert analyze(store, settings).number == 1
    assert analyze(store, settings.model_copy(update={"threads": 1, "port": 1})).number == 1
    assert analyze(store, settings.model_copy(update={"seed": 5})).number == 2


@pytest.mark.postgres
def test_a_cycle_on_postgresql(tmp_path: Path, postgresql_url: str, steps: Steps) -> None:
    settings = Settings(home=tmp_path / "home", database_url=postgresql_url, executor_id="box", _env_file=None)
    store = open_store(settings)
    put(store, a_harvest(documents=[a_document()]))
    first = analyze(store, settings)
    assert (first.status, first.done_stages) == ("done", flow.STAGES)
    assert analyze(store, settings, force=True).result_hash == first.result_hash
    store.close()
