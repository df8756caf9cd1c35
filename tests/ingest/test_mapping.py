"""Unlisted tables: read when there is no doubt, kept for a person when there is, and then read as the person says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from exports import OPTIONS, codes, harvested, table
from odd_tables import NAMES, SAID, clear_notes, doubtful_sales, lines, stock

from eval.mapping import score
from ingest.model import Harvest, SeenTable, TableMapping
from ingest.readers.headings import header_key, likeness
from ingest.readers.mapping import signature_of
from ingest.readers.values import values_of
from ingest.reasons import packaged, weight_of


def seen(found: Harvest) -> SeenTable:
    (one,) = found.tables
    return one


def meanings(found: SeenTable) -> dict[str, str | None]:
    return {column.header: column.field for column in found.columns}


def told(found: SeenTable, kind: str, columns: dict[str, str]) -> TableMapping:
    return TableMapping(found.signature, kind, {header_key(header): field for header, field in columns.items()})


COLUMNS = [
    pytest.param(["+7 916 555-01-23", "8 (916) 555-01-24", "9165550125"], "phone", id="phones-in-any-spelling"),
    pytest.param(["ann@example.com", "bob@example.com", ""], "email", id="e-mails"),
    pytest.param(["01.02.2025", "2.3.2025", "31.12.2024 10:00"], "date", id="dates"),
    pytest.param(["1735689600", "1735776000", "1738454400"], "date", id="seconds-since-1970-are-no-phones"),
    pytest.param(["12 900,50", "1 200,00", "99,90"], "decimal", id="amounts"),
    pytest.param(["12 900 ₽", "500 руб.", "1 200 ₽"], "money", id="money-with-its-currency"),
    pytest.param(["4011", "4012", "4019"], "id", id="numbers-of-records"),
    pytest.param(["7", "12", "7", "300"], "whole", id="counts"),
    pytest.param(["770123456789", "770123456788", "770123456700"], "id", id="tax-numbers-are-no-phones"),
    pytest.param(["Анна Ильина", "Пётр Орлов", "Мария"], "name", id="russian-names"),
    pytest.param(["Ann Reed", "Marcus Cole", "Priya Nair"], "name", id="english-names"),
    pytest.param(["Оплачено", "Отказ", "Оплачено", "Отказ"], "choice", id="few-answers"),
    pytest.param(list(SAID), "text", id="what-somebody-wrote"),
    pytest.param(["", "", ""], "empty", id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "look"), COLUMNS)
def test_a_column_is_known_by_its_cells(cells: list[str], look: str) -> None:
    assert values_of(cells).look == look


@pytest.mark.parametrize(
    ("header", "kind", "field"),
    [
        pytest.param("Контактный номер клиента", "deal", "phone", id="synonym"),
        pytest.param("Телефонн", "note", "phone", id="cut-off-word"),
        pytest.param("Комментраий", "note", "text", id="typo"),
        pytest.param("summa_sdelki", "deal", "amount", id="russian-in-latin-letters"),
        pytest.param("clientPhone", "lead", "phone", id="camel-case"),
        pytest.param("Money spent", "spend", "spend", id="other-form-of-a-word"),
    ],
)
def test_a_header_nobody_listed_comes_near_its_field(header: str, kind: str, field: str) -> None:
    near = likeness(header, kind)  # type: ignore[arg-type]
    assert max(near, key=lambda name: near[name]) == field


def test_a_clear_table_is_read_at_once_and_said_so(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"log.csv": clear_notes()})
    assert (seen(found).state, seen(found).kind) == ("suggested", "note")
    assert meanings(seen(found)) == {
        "День звонка": "occurred",
        "С кем": "full_name",
        "Сотовый": "phone",
        "Суть беседы": "text",
    }
    assert len(found.documents) == len(NAMES)
    assert len(set(found.customer_of.values())) == len(NAMES)
    assert codes(found)["log.csv"] == "mapping_guessed"


def test_a_doubtful_table_is_kept_for_a_person_not_dropped(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"march.csv": doubtful_sales()})
    assert (seen(found).state, seen(found).kind, found.deals) == ("needed", "deals", ())
    (reject,) = found.rejects
    assert (reject.code, reject.place) == ("mapping_needed", "march.csv")
    assert all(seen(found).signature in reason for reason in reject.reason.values())
    assert [file.reader for file in found.files] == [None]


def test_what_a_person_said_is_used_for_the_same_headers_in_any_order(tmp_path: Path) -> None:
    first = seen(harvested(tmp_path / "a", {"march.csv": doubtful_sales()}))
    mapping = told(first, "deals", {"Число": "closed", "Кто": "full_name", "Итого к оплате": "amount"})
    other = lines("КТО;Итого к  оплате;число;Наименование", [f"{name};1 000,50;01.04.2025;x" for name in NAMES])
    found = harvested(tmp_path / "b", {"april.csv": other}, replace(OPTIONS, mappings=(mapping,)))
    assert (seen(found).state, seen(found).signature) == ("confirmed", first.signature)
    assert {(str(deal.amount), str(deal.closed_on), deal.status.value, deal.product) for deal in found.deals} == {
        ("1000.50", "2025-04-01", "won", None)
    }
    assert codes(found) == {"april.csv": "sales_assumed"}


def test_a_person_overrules_known_headers(tmp_path: Path) -> None:
    rows = table(
        [
            ["ID заявки", "Кампания", "Имя", "Телефон", "Комментарий"],
            ["77001", "x", "Анна", "+79165550123", "просит скидку"],
        ]
    )
    first = seen(harvested(tmp_path / "a", {"x.csv": rows}))
    assert (first.state, first.kind) == ("known", "ad_response")
    mapping = told(first, "note", {"Телефон": "phone", "Комментарий": "text"})
    found = harvested(tmp_path / "b", {"x.csv": rows}, replace(OPTIONS, mappings=(mapping,)))
    assert [document.kind.value for document in found.documents] == ["note"]


def test_a_table_that_is_not_needed_is_left_out_on_purpose(tmp_path: Path) -> None:
    first = seen(harvested(tmp_path / "a", {"stock.csv": stock()}))
    assert (first.state, first.kind) == ("needed", None)
    found = harvested(tmp_path / "b", {"stock.csv": stock()}, replace(OPTIONS, mappings=(told(first, "skip", {}),)))
    assert (seen(found).state, codes(found)) == ("skipped", {"stock.csv": "table_skipped"})
    assert weight_of("table_skipped") == "fine"


def test_telephones_under_an_unknown_header_of_a_known_export_join_and_are_no_answer(tmp_path: Path) -> None:
    rows = [["ID заявки", "Кампания", "Имя", "Куда писать вам", "Что нужно?"]]
    rows += [[f"7700{n}", "x", name, f"8916555010{n}", "окно на кухню"] for n, name in enumerate(NAMES)]
    found = harvested(tmp_path, {"leads.csv": table(rows)})
    assert all(any(key.startswith("phone:") for key in document.keys) for document in found.documents)
    assert {utterance.text for document in found.documents for utterance in document.utterances} == {"окно на кухню"}


def test_money_and_dates_under_unknown_headers_of_a_known_export_are_taken_and_shown(tmp_path: Path) -> None:
    rows = [["Client", "Client mobile", "Outcome", "Package", "Package price", "Signed on", "Found us via"]]
    for number, name in enumerate(NAMES):
        channel = "Google" if number % 2 else "friends"
        rows.append([name, f"0700912{number:04}", "Booked", "full", "£2,400.00", "21.02.2025", channel])
    found = harvested(tmp_path, {"bookings.csv": table(rows)})
    assert {(str(deal.amount), str(deal.closed_on), deal.status.value) for deal in found.deals} == {
        ("2400.00", "2025-02-21", "open")
    }
    assert {deal.source for deal in found.deals} == {"Google", "friends"}
    assert seen(found).state == "suggested"
    assert "mapping_guessed" in [reject.code for reject in found.rejects]


def test_a_table_without_headers_shows_no_persons_cells_as_headers(tmp_path: Path) -> None:
    rows = [f"{name};+7 916 555-01-{n + 10};{SAID[n]}" for n, name in enumerate(NAMES)]
    found = harvested(tmp_path, {"list.csv": "\n".join(rows) + "\n"})
    spoken = str(found.rejects) + str(found.tables)
    assert [column.header for column in seen(found).columns] == ["#1 name", "#2 phone", "#3 text"]
    assert not any(secret in spoken for secret in ("Ильина", "Орлов", "555"))


def test_samples_show_nobody(tmp_path: Path) -> None:
    rows = lines("Число;Кто;Наименование;Итого к оплате;Пометка", [
        f"0{n + 1}.03.2025;{name};Окно;5 000,00;звонить +7 916 555-01-2{n}, {name} или m{n}@example.com"
        for n, name in enumerate(NAMES)
    ])  # fmt: skip
    found = harvested(tmp_path, {"x.csv": rows})
    samples = [cell for column in seen(found).columns for cell in column.samples]
    assert "5 000,00" in samples
    assert not any(secret in cell for cell in samples for secret in ("555", "Ильина", "Анна", "@example"))


def test_an_unread_sheet_of_a_workbook_does_not_stop_the_others(tmp_path: Path) -> None:
    from exports import workbook

    from ingest.pipeline import harvest

    path = workbook(tmp_path / "in" / "crm.xlsx", {
        "Сделки": [["ID сделки", "Этап", "Сумма"], [18001, "Оплачено", 500]],
        "Склад": [["Ячейка", "Остаток", "Вес"], [1, 2, 3], [2, 3, 4]],
    })  # fmt: skip
    found = harvest([path.parent], OPTIONS)
    assert [(one.place, one.state) for one in found.tables] == [
        ("crm.xlsx [Сделки]", "known"),
        ("crm.xlsx [Склад]", "needed"),
    ]
    assert len(found.deals) == 1


def test_signatures_do_not_depend_on_order_case_and_spacing() -> None:
    assert signature_of(["Телефон", "Сумма,  руб"]) == signature_of(["сумма, РУБ", "телефон"])
    assert signature_of(["Телефон"]) != signature_of(["Телефон", "Телефон"])


@pytest.mark.parametrize("split", ["seen", "unseen", "traps"])
@pytest.mark.parametrize("headers", [True, False], ids=["own-headers", "headers-erased"])
def test_no_table_of_the_measurement_is_read_wrong(split: str, headers: bool) -> None:
    assert score(split, headers=headers).read_wrong == 0


def test_every_weighed_reason_exists() -> None:
    assert {code for codes in packaged("reason_weights.yaml").values() for code in codes} <= set(
        packaged("reasons.yaml")
    )


def test_a_kind_the_sender_names_needs_less_certainty(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"march.csv": doubtful_sales()}, replace(OPTIONS, kind="deals"))
    assert len(found.deals) == len(NAMES)
    assert "sales_assumed" in {reject.code for reject in found.rejects}


TOO_WIDE = "\n".join(";".join(f"{word}{n}" for n in range(400)) for word in ("h", "слово ")) + "\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("Ячейка;Остаток;Вес\n", "no_rows", id="headers-only"),
        pytest.param(TOO_WIDE, "unknown_table", id="too-wide-to-ask-about"),
    ],
)
def test_what_nobody_can_be_asked_about_is_refused_plainly(tmp_path: Path, content: str, code: str) -> None:
    found = harvested(tmp_path, {"x.csv": content})
    assert (codes(found), found.tables) == ({"x.csv": code}, ())


def test_a_table_without_headers_is_read_as_a_person_says(tmp_path: Path) -> None:
    rows = "\n".join(f"{name};+7 916 555-01-{n + 10};{n}" for n, name in enumerate(NAMES)) + "\n"
    first = seen(harvested(tmp_path / "a", {"list.csv": rows}))
    (first_header, phone, last) = (column.header for column in first.columns)
    mapping = told(first, "ad_response", {first_header: "full_name", phone: "phone", last: "id"})
    found = harvested(tmp_path / "b", {"list.csv": rows}, replace(OPTIONS, mappings=(mapping,)))
    assert len(found.documents) == len(NAMES)
