"""Who is one customer: the log explains it, a person puts it right, and later uploads keep to what was said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from service.core.errors import BadInput, Conflict, NotFound
from service.core.settings import Settings
from service.corpus import merging_step as merging
from service.corpus.repository import load_corpus
from service.corpus.step import ingest_paths
from service.forgetting import forget
from service.store.backup import read_backup, write_backup
from service.store.db import Store, open_store
from service.store.runs import corpus_stamp
from service.store.tables import AuditRow, CustomerDecisionRow, MergeLogRow

LEADS = """ID заявки;Дата и время;Кампания;Имя;Телефон;Email;Что вас беспокоит?
77001;2025-03-03 10:00:00;весна;Анна Ильина;+79161234567;;болит зуб справа, хочу на этой неделе
77002;2025-03-04 10:00:00;весна;Пётр Громов;8 916 555 44 33;petr.gromov@example.org;сколько стоит имплант под ключ
"""
NOTES = """ID примечания;Дата создания;Ответственный;Контакт;Рабочий телефон;Рабочий email;ID сделки;Текст примечания
40001;03.03.2025 12:00:00;Ольга Пименова;Анна Ильина;8(916)123-45-67;;;просит перезвонить, второй номер 8 926 777 66 55
40002;05.03.2025 12:00:00;Ольга Пименова;Анна;+7 926 777-66-55;;;хочет рассрочку на лечение
40003;05.03.2025 12:00:00;Ольга Пименова;Пётр;+7 916 555 44 33;;;перенёс приём на субботу
"""
ANNA = ("leads.csv#77001", "notes.csv#40001", "notes.csv#40002")
PETR = ("leads.csv#77002", "notes.csv#40003")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "leads.csv").write_text(LEADS, encoding="utf-8")
    (made / "notes.csv").write_text(NOTES, encoding="utf-8")
    return made


@pytest.fixture
def store(settings: Settings, folder: Path) -> Iterator[Store]:
    opened = open_store(settings)
    ingest_paths(opened, settings, "w", [folder])
    yield opened
    opened.close()


def customers(store: Store, settings: Settings) -> set[tuple[str, ...]]:
    """References of each customer's records."""
    with store.session() as session:
        corpus = load_corpus(session, "w", settings)
    found: dict[str, list[str]] = {}
    for document in corpus.documents:
        found.setdefault(document.customer, []).append(document.document.ref)
    return {tuple(sorted(refs)) for refs in found.values()}


def again(store: Store, settings: Settings, folder: Path) -> None:
    """The same people in new files: every record once more under another path, and a changed old file."""
    (folder / "leads_april.csv").write_text(LEADS.replace("770", "880"), encoding="utf-8")
    (folder / "notes.csv").write_text(NOTES.replace("субботу", "воскресенье"), encoding="utf-8")
    ingest_paths(store, settings, "w", [folder])


def test_a_join_that_no_equal_key_makes_is_explained(store: Store) -> None:
    (entry,) = merging.read_log(store, "w")
    assert (entry.kind, entry.evidence, entry.who, entry.state) == ("join", "mentioned", "machine", "in_force")
    assert {*entry.one, *entry.other} == {"notes.csv#40001", "notes.csv#40002"}
    assert len(entry.customers) == 1
    assert entry.upload is not None


def test_the_same_upload_again_changes_neither_customers_nor_log(
    store: Store, settings: Settings, folder: Path
) -> None:
    before = customers(store, settings), merging.read_log(store, "w")
    ingest_paths(store, settings, "w", [folder])
    assert (customers(store, settings), merging.read_log(store, "w")) == before


def test_the_card_says_what_holds_a_customer_together(store: Store, settings: Settings) -> None:
    card = merging.read_card(store, settings, "w", "8 926 777 66 55")
    assert card.refs == ANNA
    assert [(held.kind, held.refs) for held in card.held] == [("phone", ("leads.csv#77001", "notes.csv#40001"))]
    assert [entry.evidence for entry in card.entries] == ["mentioned"]
    assert not any("777" in utterance.text for document in card.documents for utterance in document.utterances)


@pytest.mark.parametrize("named", ["leads.csv#77001", "+7 (926) 777-66-55", "customer id", "document id"])
def test_a_customer_is_found_by(store: Store, settings: Settings, named: str) -> None:
    with store.session() as session:
        corpus = load_corpus(session, "w", settings)
    own = next(document for document in corpus.documents if document.document.ref == ANNA[0])
    named = {"customer id": own.customer, "document id": own.id}.get(named, named)
    assert merging.read_card(store, settings, "w", named).customer == own.customer


def test_an_undone_join_is_never_made_again(store: Store, settings: Settings, folder: Path) -> None:
    (entry,) = merging.read_log(store, "w")
    assert len(merging.undo(store, settings, "w", entry.id, "k1")) == 2
    again(store, settings, folder)
    parted = customers(store, settings)
    assert ("notes.csv#40002",) in parted
    assert ("leads.csv#77001", "leads_april.csv#88001", "notes.csv#40001") in parted
    with pytest.raises(Conflict):
        merging.undo(store, settings, "w", entry.id, "k1")


def test_an_undone_undo_joins_them_again(store: Store, settings: Settings) -> None:
    (entry,) = merging.read_log(store, "w")
    before = customers(store, settings)
    merging.undo(store, settings, "w", entry.id, "k1")
    said = next(one for one in merging.read_log(store, "w") if one.kind == "split")
    merging.undo(store, settings, "w", said.id, "k1")
    assert customers(store, settings) == before


def test_a_merge_by_a_person_outlives_every_upload(store: Store, settings: Settings, folder: Path) -> None:
    card = merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")
    assert set(card.refs) == {*ANNA, *PETR}
    again(store, settings, folder)
    assert len(customers(store, settings)) == 1
    with pytest.raises(Conflict):
        merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")


def test_a_split_by_a_person_outlives_every_upload_and_sends_new_records_to_the_nearer_side(
    store: Store, settings: Settings, folder: Path
) -> None:
    stayed, went = merging.split(store, settings, "w", PETR[0], ["notes.csv#40003"], "k1")
    assert (stayed.refs, went.refs) == (("leads.csv#77002",), ("notes.csv#40003",))
    again(store, settings, folder)
    assert {("leads.csv#77002", "leads_april.csv#88002"), ("notes.csv#40003",)} <= customers(store, settings)


def test_the_last_word_counts(store: Store, settings: Settings) -> None:
    before = customers(store, settings)
    merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")
    merging.split(store, settings, "w", ANNA[0], list(PETR), "k1")
    assert customers(store, settings) == before
    merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")
    assert len(customers(store, settings)) == 1


@pytest.mark.parametrize(
    ("named", "out", "error"),
    [
        (PETR[0], [], BadInput),
        (PETR[0], list(PETR), BadInput),
        (PETR[0], [ANNA[0]], BadInput),
        ("nobody", [ANNA[0]], NotFound),
    ],
    ids=["nothing", "everything", "another's record", "unknown customer"],
)
def test_what_cannot_be_parted(
    store: Store, settings: Settings, named: str, out: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        merging.split(store, settings, "w", named, out, "k1")


def test_a_persons_word_is_in_the_audit_log_and_makes_the_data_new(store: Store, settings: Settings) -> None:
    with store.session() as session:
        stamp, corpus = corpus_stamp(session, "w"), load_corpus(session, "w", settings).input_hash
    merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")
    with store.session() as session:
        assert corpus_stamp(session, "w") != stamp
        assert load_corpus(session, "w", settings).input_hash != corpus
        row = session.scalars(select(AuditRow).where(AuditRow.what == "customers merged")).one()
    assert (row.who, row.details["records"]) == ("k1", [3, 2])
    assert not any(ref in str(row.details) for ref in (*ANNA, *PETR))


def test_a_forgotten_customer_leaves_no_line_in_the_log(store: Store, settings: Settings) -> None:
    merging.split(store, settings, "w", PETR[0], ["notes.csv#40003"], "k1")
    assert forget(store, settings, "w", ANNA[0]).left == ()
    assert forget(store, settings, "w", "notes.csv#40003").left == ()
    with store.session() as session:
        assert session.scalars(select(MergeLogRow)).all() == []
        assert session.scalars(select(CustomerDecisionRow)).all() == []


def test_decisions_and_log_are_in_a_backup(store: Store, settings: Settings, tmp_path: Path) -> None:
    merging.merge(store, settings, "w", ANNA[0], PETR[0], "k1")
    log = merging.read_log(store, "w")
    write_backup(store, tmp_path / "b.zip")
    other = open_store(Settings(home=tmp_path / "other", _env_file=None))
    read_backup(other, tmp_path / "b.zip")
    assert merging.read_log(other, "w") == log
    other.close()


def test_a_key_that_turns_out_to_be_an_offices_parts_those_it_joined(
    store: Store, settings: Settings, folder: Path
) -> None:
    """What was joined early is settled again when more is known: the order of uploads changes nothing."""
    head = LEADS.splitlines()[0]
    people = ["Вера Панова", "Инна Белова", "Олег Сизов", "Глеб Тихов", "Юрий Лапин"]
    rows = [
        f"9900{n};2025-05-0{n + 1} 10:00:00;весна;{name};+79161234567;p{n}@example.org;вопрос {n}"
        for n, name in enumerate(people)
    ]
    (folder / "office.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    ingest_paths(store, settings, "w", [folder / "office.csv"])
    parted = customers(store, settings)
    assert {(f"office.csv#9900{n}",) for n in range(5)} <= parted


def test_the_country_of_phones_is_learnt_once(settings: Settings, tmp_path: Path) -> None:
    """A later file with bare digits only is read for the country that the earlier files showed."""
    head = "Lead ID,Submission Time,Campaign,Full Name,User Phone,User Email,What are you planning?\n"
    (tmp_path / "one.csv").write_text(f"{head}1,2026-01-15 17:38:00,spring,Ruth Mistry,(206) 555-0142,,a new kitchen\n")
    (tmp_path / "two.csv").write_text(f"{head}2,2026-01-19 17:38:00,spring,Ruth Mistry,2065550142,,and a worktop\n")
    opened = open_store(settings)
    for name in ("one.csv", "two.csv"):
        ingest_paths(opened, settings, "w", [tmp_path / name])
    assert customers(opened, settings) == {("one.csv#1", "two.csv#2")}
    opened.close()
