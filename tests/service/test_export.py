"""Tables for other programs: columns as the contract names them, cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from harvests import a_deal, a_document, a_harvest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clock import now
from service.core.settings import Settings
from service.corpus.repository import save_harvest
from service.economics.model import Measure, MeasureBook
from service.economics.repository import save_measures
from service.export import COLUMNS, as_csv, export_table
from service.portrait.model import Portrait
from service.portrait.repository import save_portrait
from service.segments.model import Assignment, Keyphrase, Segment, Segmentation, Share
from service.segments.repository import save_segmentation
from service.store.db import Store, ensure_workspace, open_store
from service.store.tables import RunRow

SHARE = Share(k=1, n=3, value=1 / 3, low=0.1, high=0.7)
SEGMENT = Segment(
    id="g_one", kind="segment", name="Учителя", ordinal=1, size=1, core=1, soft=0, share=SHARE, stability=0.9,
    keyphrases=(Keyphrase("урок", "урок", SHARE, SHARE, 1.0), Keyphrase("класс", "класс", SHARE, SHARE, 0.5)),
)  # fmt: skip
JOBS = Segment(
    id="g_job", kind="not_a_customer", name="Соискатели", ordinal=2, size=1, core=1, soft=0, share=SHARE,
    stability=0.9,
)  # fmt: skip
PLACES = (
    Assignment("c1", "g_one", "core", 0.912345678, "g_job", 0.05),
    Assignment("c2", "g_job", "not_a_customer", 0.8),
    Assignment("c3", None, "unassigned", 0.3, "g_one", 0.3),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    documents = [a_document(f"calls/{n}.txt", f"Речь номер {n}", "Хочу", keys=(f"phone:{n}",)) for n in (1, 2, 3, 4)]
    deals = [a_deal("deals.csv#1", keys=("deal:1", "phone:1"), amount="-5"), a_deal("deals.csv#2", keys=("deal:2",))]
    customers = {document.ref: f"c{n}" for n, document in enumerate(documents, start=1)}
    found = a_harvest(documents, deals, customer_of=customers | {"deals.csv#1": "c1", "deals.csv#2": "c1"})
    with opened.session(write=True) as session:
        ensure_workspace(session, "w")
        save_harvest(session, "w", found, "u", {})
    yield opened
    opened.close()


def analysed(store: Store) -> None:
    with store.session(write=True) as session:
        session.add(
            RunRow(workspace_id="w", id="r", number=1, status="done", input_hash="i", manifest={}, created_at=now())
        )
        save_segmentation(session, "w", "r", Segmentation((SEGMENT, JOBS), PLACES, customers=3))
        measures = [
            Measure("all", "all", "conversion", 0.5, 0.25, 0.75, 4, "share"),
            Measure("segment", "g_one", "cac", None, None, None, 0, "money"),
        ]
        save_measures(session, "w", "r", MeasureBook(measures, "RUB"))
        save_portrait(session, "w", "r", Portrait(placed=()))


def rows(store: Store, settings: Settings, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_table(store, settings, "w", table, "csv"))))


def test_documents_carry_their_customers_place(store: Store, settings: Settings) -> None:
    analysed(store)
    assert [tuple(row.values()) for row in rows(store, settings, "documents")] == [
        ("calls/1.txt", "c1", "g_one", "core", "0.912346"),
        ("calls/2.txt", "c2", "", "not_a_customer", "0.8"),
        ("calls/3.txt", "c3", "", "unassigned", "0.3"),
        ("calls/4.txt", "c4", "", "", ""),
    ]


def test_before_a_run_documents_have_no_place(store: Store, settings: Settings) -> None:
    assert {row["status"] for row in rows(store, settings, "documents")} == {""}


def test_customers_carry_their_deals(store: Store, settings: Settings) -> None:
    analysed(store)
    first, second, third, _ = rows(store, settings, "customers")
    assert (first["documents"], first["won"], first["second_segment"]) == ("1", "2", "")
    assert (third["segment"], third["second_segment"], third["second_probability"]) == ("", "g_one", "0.3")
    assert (second["won"], second["revenue"]) == ("0", "")


def test_segments_and_economics(store: Store, settings: Settings) -> None:
    analysed(store)
    one = rows(store, settings, "segments")[0]
    assert (one["segment"], one["kind"], one["name"], one["keyphrases"]) == (
        "g_one", "segment", "Учителя", "урок; класс",
    )  # fmt: skip
    economics = rows(store, settings, "economics")
    assert ("all", "all", "conversion", "0.5", "0.25", "0.75", "4", "share") in [tuple(r.values()) for r in economics]
    assert ("segment", "g_one", "cac", "", "", "", "0", "money") in [tuple(r.values()) for r in economics]


@pytest.mark.parametrize("table", ["documents", "customers", "segments", "economics"])
def test_json_has_the_same_rows_and_columns(store: Store, settings: Settings, table: str) -> None:
    analysed(store)
    as_json = json.loads(export_table(store, settings, "w", table, "json"))
    assert [tuple(row) for row in as_json] == [COLUMNS[table]] * len(rows(store, settings, table))


def test_the_contract_columns_stand() -> None:
    assert ",".join(COLUMNS["documents"]) == "document,customer,segment,status,probability"
    assert ",".join(COLUMNS["claims"]) == "stakeholder,claim,verdict,measure,value,low,high,n,segment,evidence"
    assert ",".join(COLUMNS["economics"]) == "level,name,measure,value,low,high,n,unit"


@given(st.text(max_size=30), st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n"]))
def test_no_text_cell_begins_like_a_formula(text: str, first: str) -> None:
    made = as_csv(["cell"], [{"cell": first + text}])
    cell = list(csv.reader(io.StringIO(made, newline="")))[1:]
    shown = cell[0][0] if cell and cell[0] else ""
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("number", [-5, -0.5, 1e-9, 10**12])
def test_numbers_stay_numbers(number: float) -> None:
    assert float(list(csv.reader(io.StringIO(as_csv(["n"], [{"n": number}]))))[1][0]) == number
