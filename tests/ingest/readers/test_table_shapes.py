"""Tables as people keep them: titles, two header rows, totals, notes to oneself, money and dates in any hand."""
# ruff: noqa: E501  (rows are easier to compare unwrapped)

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from exports import OPTIONS, as_json, codes, harvested, table, workbook

from ingest.pipeline import harvest
from ingest.raw import RawDeal
from ingest.readers import registry
from ingest.readers.amounts import parse_amount
from ingest.readers.moments import first_day
from ingest.readers.source import Source


def deals(name: str, data: str | bytes) -> list[RawDeal]:
    reader, raw = registry.read(Source(name, data if isinstance(data, bytes) else data.encode()))
    assert "deals" in reader
    return list(raw.deals)


MERGED: list[list[object]] = [
    ["Реестр продаж за 2026 год"],
    ["№", "Клиент", None, "Сделка", None, None, "Комментарий"],
    [None, "Имя", "Телефон", "Этап", "Сумма", "Дата закрытия", None],
    [101, "Анна Ильина", "8 912 345-67-89", "Оплачено", "12 900,50 ₽", "13.02.2026", "взяла два яруса"],
    [102, "Олег Седов", "8 912 345-67-80", "Отказ", None, "14.02.2026", None],
    ["Итого", None, None, None, "12 900,50 ₽"],
]


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "реестр.xlsx", {"Продажи": MERGED})
    found = harvest([path], OPTIONS)
    assert [(deal.ref, deal.status.value, deal.amount, deal.closed_on) for deal in found.deals] == [
        ("реестр.xlsx#101", "won", Decimal("12900.50"), date(2026, 2, 13)),
        ("реестр.xlsx#102", "lost", None, date(2026, 2, 14)),
    ]
    assert codes(found) == {"реестр.xlsx:6": "total_row"}
    assert len(found.documents) == 1


def test_cells_merged_downwards_belong_to_every_row_they_cover(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [
        ["ID примечания", "Контакт", "Телефон", "Текст примечания"],
        [40001, "Анна", "+79265550142", "просит счёт"],
        [40002, None, None, "оплатит в среду"],
        [40003, "Олег", "+79265550177", "думает"],
    ]:
        book.active.append(row)
    for cells in ("B2:B3", "C2:C3"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "notes.xlsx")
    found = harvest([tmp_path / "notes.xlsx"], OPTIONS)
    assert (
        found.customer_of["notes.xlsx#40001"]
        == found.customer_of["notes.xlsx#40002"]
        != found.customer_of["notes.xlsx#40003"]
    )


def test_a_row_of_words_under_a_header_with_a_gap_stays_a_row() -> None:
    (only,) = deals("d.csv", "ID сделки;;Этап;Телефон\n18001;Анна;Оплачено;+79123456789\n")
    assert only.deal.ref == "d.csv#18001"


MONEY: list[Any] = [
    pytest.param("1 234,50 ₽", ",", "1234.50", id="roubles"), pytest.param("1\u00a0234,5", ",", "1234.5", id="no-break-space"), pytest.param("1\u202f234", ".", "1234", id="narrow-space"),
    pytest.param("12,5 тыс. руб.", ",", "12500", id="thousands"), pytest.param("1.2 млн", ".", "1200000", id="millions"), pytest.param("15к", ".", "15000", id="k-in-russian"), pytest.param("$12k", ".", "12000", id="k"),
    pytest.param("USD 1,234.50", ".", "1234.50", id="code-before"), pytest.param("1'234.50", ".", "1234.50", id="swiss"), pytest.param("12 900 руб. 00 коп.", ",", "12900", id="kopecks"),
    pytest.param("−500", ".", "-500", id="unicode-minus"), pytest.param("скидка 10% от 5000", ".", None, id="two-figures"), pytest.param("10-20", ".", None, id="a-range"), pytest.param("нет", ".", None, id="no-figure"),
    pytest.param("9" * 40, ".", None, id="no-money-has-forty-digits"), pytest.param("", ".", None, id="empty"), pytest.param("5 900 р", ",", "5900", id="r"), pytest.param("1 234,50 руб", ",", "1234.50", id="no-full-stop"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "mark", "value"), MONEY)
def test_money_in_any_hand(written: str, mark: Any, value: str | None) -> None:
    assert parse_amount(written, mark) == (Decimal(value) if value is not None else None)


DAYS = [
    ("05.01.2026", date(2026, 1, 5)), ("2026-01-05T10:00:00Z", date(2026, 1, 5)), ("01.01.2026–07.01.2026", date(2026, 1, 1)), ("01.01.2026 - 07.01.2026", date(2026, 1, 1)),
    ("2026-01-01 to 2026-01-07", date(2026, 1, 1)), ("с 01.01.2026 по 07.01.2026", date(2026, 1, 1)), ("январь 2026", date(2026, 1, 1)), ("Март 2026 г.", date(2026, 3, 1)), ("Jan 2026", date(2026, 1, 1)),
    ("2026-03", date(2026, 3, 1)), ("03.2026", date(2026, 3, 1)), ("5 января 2026 г.", date(2026, 1, 5)), ("2026-13", None), ("всё время", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "day"), DAYS, ids=[written for written, _ in DAYS])
def test_days_weeks_and_months_of_reports(written: str, day: date | None) -> None:
    assert first_day(written) == day


def test_the_same_deal_twice_in_a_file_keeps_the_last_row_and_says_so(tmp_path: Path) -> None:
    rows = [["ID сделки", "Этап", "Сумма"], ["18001", "Думает", "5"], ["18001", "Оплачено", "7"]]
    found = harvested(tmp_path, {"deals.csv": table(rows, ";")})
    assert [(deal.ref, deal.status.value) for deal in found.deals] == [("deals.csv#18001", "won")]
    assert codes(found) == {"deals.csv#18001": "repeated_deal"}


CONTACTS = table(
    [
        ["ID контакта", "Имя", "Фамилия", "Рабочий телефон", "Email"],
        ["7143559", "Анна", "Ильина", "8 926 555-01-42", "anna@example.com"],
        ["7143560", "Олег", "Седов", "8 926 555-01-77", ""],
    ],
    ";",
)


def test_a_list_of_contacts_adds_no_document_and_ties_records_by_their_contact(tmp_path: Path) -> None:
    notes = table(
        [
            ["ID примечания", "ID контакта", "Текст примечания"],
            ["40001", "7143559", "просит счёт"],
            ["40002", "7143560", "думает"],
        ],
        ";",
    )
    call = "Менеджер: Добрый день, чем помочь?\nКлиент: Хочу торт на юбилей мамы в субботу, два яруса\n"
    found = harvested(
        tmp_path, {"контакты.csv": CONTACTS, "notes.csv": notes, "calls/20260203_1405_+79265550142.txt": call}
    )
    assert {document.kind.value for document in found.documents} == {"note", "call"}
    assert found.customer_of["notes.csv#40001"] == found.customer_of["calls/20260203_1405_+79265550142.txt"]
    assert found.customer_of["notes.csv#40002"] != found.customer_of["notes.csv#40001"]
    assert {file.path: file.reader for file in found.files}["контакты.csv"] == "contacts"


@pytest.mark.parametrize("name", ["contact_form.csv", "clients.csv"])
def test_answers_to_a_form_are_no_list_of_contacts(tmp_path: Path, name: str) -> None:
    rows = [
        ["ID", "Имя", "Телефон", "Какой торт вы хотите?"],
        ["77001", "Анна", "+79265550142", "двухъярусный на юбилей"],
    ]
    found = harvested(tmp_path, {name: table(rows, ";")})
    assert [document.kind.value for document in found.documents] == ["ad_response"]


def test_contacts_of_an_interface_do_the_same(tmp_path: Path) -> None:
    cards = {
        "_embedded": {
            "contacts": [
                {
                    "id": 7143559,
                    "name": "Анна Ильина",
                    "first_name": "Анна",
                    "last_name": "Ильина",
                    "custom_fields_values": [
                        {
                            "field_code": "PHONE",
                            "field_name": "Телефон",
                            "values": [{"value": "+79265550142", "enum_code": "WORK"}],
                        }
                    ],
                }
            ]
        }
    }
    leads = {
        "_embedded": {
            "leads": [
                {
                    "id": 26050861,
                    "name": "Сделка",
                    "price": 900,
                    "status_id": 142,
                    "pipeline_id": 1,
                    "created_at": 1738566300,
                    "_embedded": {"contacts": [{"id": 7143559, "is_main": True}]},
                }
            ]
        }
    }
    call = "Менеджер: Добрый день, чем помочь?\nКлиент: Хочу торт на юбилей мамы в субботу, два яруса\n"
    found = harvested(
        tmp_path,
        {"contacts.json": as_json(cards), "leads.json": as_json(leads), "calls/20260203_1405_+79265550142.txt": call},
    )
    assert len(set(found.customer_of.values())) == 1
    assert len(found.deals) == 1


def test_a_text_nobody_could_have_said_is_listed_whole(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "calls/long.txt": "Менеджер: Да?\nКлиент: " + "слово " * 200_000,
            "calls/b.txt": "Менеджер: Да?\nКлиент: Сколько стоит торт?\n",
        },
    )
    assert codes(found) == {"calls/long.txt": "text_long"}
    assert [document.ref for document in found.documents] == ["calls/b.txt"]
