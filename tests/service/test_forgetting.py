"""A forgotten customer is nowhere: rows, results, receipts, vectors, files; and does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from company import company, finished_run
from harvests import a_deal, a_document, a_harvest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from ingest.contacts import Keys
from ingest.model import Harvest
from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import text_hash
from service.core.settings import Settings
from service.corpus.repository import load_corpus, save_harvest, seen_files
from service.corpus.rows import document_id
from service.corpus.step import ingest_paths
from service.forgetting import act_hash, forget
from service.store.acts import load_acts
from service.store.db import Store, ensure_workspace, open_store
from service.store.erasure import traces_of
from service.store.proof import hits_in_tables
from service.store.tables import (
    AuditRow,
    Base,
    BriefDecisionRow,
    BriefRow,
    BriefVersionRow,
    Moment,
    Money,
    ResultRow,
    RunRow,
    Upload,
    VectorRow,
)

SECRET = "Моя бабушка живёт у вокзала и держит козу."
SHARED = "Сколько стоит у вас полный месяц со скидкой?"
REF = "calls/79161234567_in.txt"
OTHER = "calls/other.txt"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    with opened.session(write=True) as session:
        salt = ensure_workspace(session, "w").salt
    phone = Keys(salt, "RU").of_phones(["+79161234567"]).pop()
    save(opened, harvest(phone))
    add_results(opened)
    yield opened
    opened.close()


def harvest(phone: str) -> Harvest:
    return a_harvest(
        documents=[
            a_document(REF, "Алло.", SECRET, "Понятно.", SHARED, keys=(phone,)),
            a_document(OTHER, "Алло.", SHARED, keys=("phone:2",)),
        ],
        deals=[a_deal("deals.csv#1", keys=("deal:1", phone)), a_deal("deals.csv#2", keys=("deal:2", "phone:2"))],
        customer_of={REF: "c_first", "deals.csv#1": "c_first", OTHER: "c_second", "deals.csv#2": "c_second"},
    )


def save(store: Store, found: Harvest) -> int:
    with store.session(write=True) as session:
        return save_harvest(session, "w", found, "u", seen_files(session, "w")).forgotten


def add_results(store: Store) -> None:
    document = document_id("w", REF)
    quote = {"document": document, "position": 1, "start": 0, "end": 11, "text": SECRET[:11], "customer": "c_first"}
    fact = {"id": "f1", "kind": "quote", "source": f"document:{document}/1/12-41", "text": SECRET[12:41]}
    brief = {"facts": [fact], "blocks": [{"text": f"Один клиент сказал: «{SECRET[12:41]}»."}]}
    with store.session(write=True) as session:
        session.add(
            RunRow(
                workspace_id="w", id="r", number=1, status="done", input_hash="i", result_hash="h", manifest={},
                created_at=now(),
            )
        )  # fmt: skip
        session.add(ResultRow(workspace_id="w", run_id="r", kind="x", payload={"quotes": [quote], "n": 3}))
        session.add(
            BriefRow(
                workspace_id="w", run_id="r", id="b", kind="script", language="ru", content_hash="c", payload=brief,
                created_at=now(),
            )
        )  # fmt: skip
        session.add(
            BriefVersionRow(
                workspace_id="w", id="v", kind="script", segment_id="s", language="ru", number=1, status="approved",
                run_id="gone", said_hash="h", created_at=now(), payload={"brief": brief},
            )
        )  # fmt: skip
        session.add(
            BriefDecisionRow(
                workspace_id="w", id="d", version_id="v", number=1, decision="approved", who="k",
                comment=f"Хорошо: «{SECRET[12:41]}»", at=now(),
            )
        )  # fmt: skip
        session.add(Upload(workspace_id="w", id="u", created_at=now(), receipt={"rejects": [{"place": f"{REF}:3"}]}))
        for words in (SECRET, SHARED):
            vector = {"content_hash": text_hash(words), "model": "m", "dimension": 1, "vector": b"\0\0\0\0"}
            session.add(VectorRow(workspace_id="w", **vector))


def bytes_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


@pytest.mark.parametrize("wanted", ["c_first", REF, "8 (916) 123-45-67"])
def test_no_byte_of_a_forgotten_customer_stays(store: Store, settings: Settings, wanted: str) -> None:
    assert "79161234567" in bytes_of(settings.home).decode(errors="ignore")
    done = forget(store, settings, "w", wanted)
    assert (done.customer, done.documents, done.deals, done.vectors, done.left) == ("c_first", 1, 1, 1, ())
    store.close()
    left = bytes_of(settings.home)
    for trace in (SECRET, SECRET[12:41], "79161234567", document_id("w", REF), text_hash(SECRET)):
        assert trace.encode() not in left, trace


def test_others_keep_their_words_vectors_and_deals(store: Store, settings: Settings) -> None:
    forget(store, settings, "w", "c_first")
    with store.session() as session:
        corpus = load_corpus(session, "w", settings)
        assert session.scalars(select(VectorRow.content_hash)).all() == [text_hash(SHARED)]
    assert corpus.customers == ("c_second",)
    assert corpus.documents[0].customer_text == SHARED
    assert [deal.deal.ref for deal in corpus.deals] == ["deals.csv#2"]


def test_earlier_results_stay_readable_and_are_marked_stale(store: Store, settings: Settings) -> None:
    forget(store, settings, "w", "c_first")
    with store.session() as session:
        run = session.get_one(RunRow, ("w", "r"))
        quote = session.get_one(ResultRow, ("w", "r", "x")).payload["quotes"][0]
        brief = session.get_one(BriefRow, ("w", "r", "b")).payload
        act = session.scalars(select(AuditRow)).one()
    assert run.manifest["stale"] is True
    assert run.result_hash != "h"
    assert (quote["text"], quote["customer"], quote["start"]) == ("[…]", "[…]", 0)
    assert brief["blocks"][0]["text"] == "Один клиент сказал: «[…]»."
    assert (act.what, act.details) == ("customer forgotten", {"documents": 1, "deals": 1, "results": 5})


def test_approved_versions_of_briefs_lose_their_words_too(store: Store, settings: Settings) -> None:
    forget(store, settings, "w", "c_first")
    with store.session() as session:
        version = session.get_one(BriefVersionRow, ("w", "v"))
        decision = session.get_one(BriefDecisionRow, ("w", "d"))
        assert version.payload["brief"]["blocks"][0]["text"] == "Один клиент сказал: «[…]»."
        assert decision.comment == "Хорошо: «[…]»"


def test_words_that_others_said_too_are_left_to_them(store: Store, settings: Settings) -> None:
    part = {"document": document_id("w", REF), "text": SHARED[:20], "customer": "c_first"}
    with store.session(write=True) as session:
        session.add(ResultRow(workspace_id="w", run_id="r", kind="y", payload={"quotes": [part]}))
    assert forget(store, settings, "w", "c_first").left == ()
    with store.session() as session:
        quote = session.get_one(ResultRow, ("w", "r", "y")).payload["quotes"][0]
    assert (quote["customer"], quote["document"], quote["text"]) == ("[…]", "[…]", SHARED[:20])


def test_a_brief_saved_beside_the_database_is_named(store: Store, settings: Settings) -> None:
    saved = settings.home / "briefs" / "script.md"
    saved.parent.mkdir()
    saved.write_text(f"Клиент: «{SECRET[12:41]}»", encoding="utf-8")
    assert forget(store, settings, "w", "c_first").left == (str(saved),)


def test_the_next_upload_does_not_bring_them_back(store: Store, settings: Settings) -> None:
    with store.session() as session:
        key = next(d.document.keys[0] for d in load_corpus(session, "w", settings).documents if d.customer == "c_first")
    forget(store, settings, "w", "c_first")
    new, other = a_document("calls/new.txt", "Алло.", SECRET, keys=(key,)), a_document("calls/n2.txt", keys=("p:7",))
    again = a_harvest(
        documents=[new, other],
        customer_of={"calls/new.txt": "c_first", "calls/n2.txt": "c_third"},
    )
    assert save(store, again) == 1
    with store.session() as session:
        assert load_corpus(session, "w", settings).customers == ("c_second", "c_third")


def test_a_phone_shared_by_two_customers_bars_nobody_else(store: Store, settings: Settings) -> None:
    office = a_harvest(
        documents=[a_document("a.txt", keys=("phone:2", "email:a")), a_document("b.txt", keys=("phone:2", "email:b"))],
        customer_of={"a.txt": "ca", "b.txt": "cb"},
    )
    save(store, office)
    forget(store, settings, "w", "ca")
    assert save(store, a_harvest(documents=[a_document("c.txt", "Новое", keys=("phone:2",))])) == 0


@pytest.mark.parametrize("wanted", ["nobody", "+7 999 000-00-00", "a@b.ru", ""])
def test_nobody_is_forgotten_by_mistake(store: Store, settings: Settings, wanted: str) -> None:
    with pytest.raises(NotFound):
        forget(store, settings, "w", wanted)


def test_every_column_that_can_hold_words_is_searched(store: Store) -> None:
    words = {c for table in Base.metadata.sorted_tables for c in table.columns if "workspace_id" in table.columns}
    wordless = (Integer, BigInteger, Float, Boolean, Date, DateTime, Moment, Money)
    expected = {f"{c.table.name}.{c.name}" for c in words if not isinstance(c.type, wordless)}
    assert set(hits_in_tables(store, "w", ["nowhere to be found"])) == expected


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_a_trace_is_found_in_any_table(settings: Settings, table: Table) -> None:
    """Whatever column a later feature adds, a trace left there is seen."""
    readable = [c for c in table.columns if isinstance(c.type, (String, JSON)) and not isinstance(c.type, Money)]
    if "workspace_id" not in table.columns:
        return
    opened = open_store(settings)
    for column in readable:
        if column.name == "workspace_id":
            continue
        row = {c.name: _anything(c) for c in table.columns if not c.nullable}
        row |= {"workspace_id": "w", column.name: {"deep": [SECRET]} if isinstance(column.type, JSON) else SECRET}
        with opened.session(write=True) as session:
            ensure_workspace(session, "w")
            session.execute(delete(table).where(table.c.workspace_id == "w"))
            for key in table.foreign_keys:
                if key.column.table.name != "workspaces" and row.get(key.parent.name):
                    parent = {c.name: _anything(c) for c in key.column.table.columns if not c.nullable}
                    parent[key.column.name] = row[key.parent.name]
                    session.execute(insert(key.column.table).prefix_with("OR REPLACE").values(**parent))
            session.execute(insert(table).values(**row))
        assert hits_in_tables(opened, "w", [SECRET])[f"{table.name}.{column.name}"] == 1
    opened.close()


def _anything(column: Column[Any]) -> object:
    """A value the column takes."""
    match column.type:
        case Money() | Integer() | BigInteger() | Float():
            return 1
        case Moment() | DateTime():
            return now()
        case Date():
            return now().date()
        case Boolean():
            return False
        case LargeBinary():
            return b"0"
        case JSON():
            return {}
    return "x"


def test_a_whole_company_forgets_one_of_its_customers(tmp_path: Path) -> None:
    """After an analysis, with briefs: not a byte of the ids or of the files' names, in results either."""
    settings = Settings(home=tmp_path / "home", _env_file=None)
    store = open_store(settings)
    finished_run(store, settings, company("ru"))
    with store.session() as session:
        corpus = load_corpus(session, settings.workspace, settings)
        customer = max(corpus.customers, key=lambda one: len(corpus.documents_of.get(one, ())))
        traces = traces_of(session, settings.workspace, customer)
    assert all(mark.encode() in bytes_of(settings.home) for mark in (customer, *traces.documents))
    done = forget(store, settings, settings.workspace, customer)
    store.close()
    assert done.left == ()
    assert not any(mark.encode() in bytes_of(settings.home) for mark in traces.marks)


def test_the_act_is_kept_without_the_person_and_its_hash_can_be_computed_again(
    store: Store, settings: Settings
) -> None:
    act = forget(store, settings, "w", "c_first").act
    assert (act.hits, act.removed["documents"], act.removed["deals"], act.removed["utterances"]) == (0, 1, 1, 4)
    assert act.files > 0
    with store.session() as session:
        (kept,) = load_acts(session, "w")
    assert act_hash(kept) == act.sha256 == kept["sha256"]
    assert act_hash({**kept, "removed": {}}) != act.sha256
    assert not any(trace in str(kept) for trace in ("c_first", REF, "79161234567", SECRET))


PERSON = """ID заявки;Дата и время;Кампания;Имя;Телефон;Email;Что вас беспокоит?
77001;2025-03-03 10:00:00;весна;Анна Ильина;+79161234567;;болит зуб справа, хочу на этой неделе
"""


def test_the_same_person_is_refused_politely_and_a_namesake_is_not(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "calls").mkdir(parents=True)
    (folder / "leads.csv").write_text(PERSON, encoding="utf-8")
    call = "Менеджер: Добрый день, чем помочь?\nКлиент: Хочу узнать цену на имплант.\nМенеджер: Конечно, расскажу.\n"
    (folder / "calls" / "2025-03-02_10-00_79161234567_in.txt").write_text(call, encoding="utf-8")
    opened = open_store(settings)
    ingest_paths(opened, settings, "v", [folder])
    assert forget(opened, settings, "v", "+7 916 123-45-67").left == ()
    namesake = PERSON.splitlines()[1].replace("77001", "77002").replace("+79161234567", "+79265554433")
    (folder / "leads.csv").write_text(f"{PERSON}{namesake}\n", encoding="utf-8")
    receipt = ingest_paths(opened, settings, "v", [folder])
    refused = {reject.place: reject.reason for reject in receipt.rejects if reject.code == "forgotten_customer"}
    assert set(refused) == {"leads.csv", "calls/[…]"}
    assert all(reason["ru"] and reason["en"] for reason in refused.values())
    assert receipt.changes.forgotten == 2
    with opened.session() as session:
        assert [d.document.ref for d in load_corpus(session, "v", settings).documents] == ["leads.csv#77002"]
    opened.close()
    assert b"79161234567" not in bytes_of(settings.home)


def test_another_person_in_a_row_of_the_same_number_is_taken(settings: Settings, tmp_path: Path) -> None:
    """A row without an id of its own is named by its place; the next month's table has somebody else there."""
    table = "Дата и время;Имя;Телефон;Что вас беспокоит?\n2025-03-03 10:00:00;{name};{phone};болит зуб справа\n"
    (tmp_path / "leads.csv").write_text(table.format(name="Анна", phone="+79161234567"), encoding="utf-8")
    opened = open_store(settings)
    ingest_paths(opened, settings, "v", [tmp_path / "leads.csv"])
    forget(opened, settings, "v", "+79161234567")
    (tmp_path / "leads.csv").write_text(table.format(name="Пётр", phone="+79265554433"), encoding="utf-8")
    assert ingest_paths(opened, settings, "v", [tmp_path / "leads.csv"]).changes.forgotten == 0
    opened.close()
