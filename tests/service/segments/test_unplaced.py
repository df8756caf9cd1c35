"""After a restart the uploads nobody was placed after are found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.core.settings import Settings
from service.segments.arrivals import Arrivals, Drift
from service.segments.model import Share
from service.segments.repository import arrivals
from service.segments.repository.arrivals import save_arrivals, unplaced_uploads
from service.store.db import Store, ensure_workspace, open_store
from service.store.tables import RunRow, Upload

NONE = Share(None, None, None, 0, 0)
NOBODY = Arrivals((), Drift(0, 0, NONE, NONE, "too_few"))


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path / "home", _env_file=None))
    with opened.session(write=True) as session:
        ensure_workspace(session, "shop")
    yield opened
    opened.close()


def uploaded(store: Store, hour: int) -> None:
    with store.session(write=True) as session:
        session.add(Upload(workspace_id="shop", id=f"u_{hour}", created_at=at(hour), receipt={}))


def analysed(store: Store, hour: int) -> None:
    with store.session(write=True) as session:
        session.add(
            RunRow(
                workspace_id="shop",
                id="r_1",
                number=1,
                status="done",
                input_hash="",
                created_at=at(hour),
                finished_at=at(hour),
            )
        )


def unplaced(store: Store) -> list[str]:
    with store.session() as session:
        return unplaced_uploads(session)


def test_an_upload_waits_until_its_customers_are_placed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    uploaded(store, 8)
    assert unplaced(store) == [], "nothing was analysed: nowhere to place them"
    analysed(store, 9)
    assert unplaced(store) == [], "the analysis has seen it"
    uploaded(store, 10)
    assert unplaced(store) == ["shop"]
    monkeypatch.setattr(arrivals, "now", lambda: at(11))
    with store.session(write=True) as session:
        save_arrivals(session, "shop", "r_1", NOBODY)
    assert unplaced(store) == []
