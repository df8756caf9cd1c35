"""One customer across calls, notes, ad responses and deals; and people who must stay apart."""
# ruff: noqa: E501  (rows of real exports are easier to compare unwrapped)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from exports import OPTIONS, harvested, table

from ingest.model import Harvest, IngestOptions, KnownItem

CALL = "Менеджер: Добрый день, чем могу помочь?\nКлиент: {words}\nМенеджер: Конечно, расскажу обо всём по порядку.\n"
LEAD_HEAD = ["ID заявки", "Дата и время", "Кампания", "Имя", "Телефон", "Email", "Что вам нужно?"]
NOTE_HEAD = ["ID примечания", "Дата создания", "Ответственный", "Контакт", "Рабочий телефон", "Рабочий email", "ID сделки", "Текст примечания"]  # fmt: skip
DEAL_HEAD = ["ID сделки", "Этап сделки", "Бюджет", "Телефон", "Создана"]


def lead(number: int, phone: str = "", email: str = "", name: str = "", day: str = "2025-03-03") -> list[str]:
    return [f"77{number:03}", f"{day} 10:00:00", "spring", name, phone, email, f"нужна консультация номер {number}"]


def note(
    number: int,
    phone: str = "",
    email: str = "",
    name: str = "",
    deal: str = "",
    text: str = "",
    day: str = "03.03.2025",
) -> list[str]:
    return [
        f"40{number:03}",
        f"{day} 12:00:00",
        "Ольга Пименова",
        name,
        phone,
        email,
        deal,
        text or f"просит перезвонить по вопросу {number}",
    ]


def leads(*rows: list[str]) -> str:
    return table([LEAD_HEAD, *rows], ";")


def notes(*rows: list[str]) -> str:
    return table([NOTE_HEAD, *rows], ";")


def together(found: Harvest, *refs: str) -> bool:
    return len({found.customer_of[ref] for ref in refs}) == 1


@pytest.mark.parametrize(
    "spelling",
    ["8 (912) 345-67-89", "+79123456789", "9123456789", "7 912 345 67 89", "8-912-345-67-89", "p:+79123456789"],
)
def test_one_phone_in_any_spelling_is_one_customer(tmp_path: Path, spelling: str) -> None:
    found = harvested(
        tmp_path,
        {
            "calls/2025-03-02_10-00_79123456789_in.txt": CALL.format(words="Хочу узнать цену"),
            "leads.csv": leads(lead(1, phone=spelling)),
            "deals.csv": table([DEAL_HEAD, ["18", "Думает", "", "8 912 3456789", "03.03.2025"]], ";"),
        },
    )
    assert together(found, "calls/2025-03-02_10-00_79123456789_in.txt", "leads.csv#77001", "deals.csv#18")
    assert {join.key_kind for join in found.joins} == {"phone"}


def test_american_phones_are_recognised_without_a_country_code(tmp_path: Path) -> None:
    rows = [
        ["lead id", "email", "phone number", "campaign", "Why now?"],
        ["L1", "", "(206) 555-0142", "A", "moving house"],
    ]
    found = harvested(
        tmp_path,
        {
            "calls/20260111-206-555-0142.txt": "Agent: Hello there.\nCustomer: I am calling about a table for my mother.\n",
            "leads.csv": table(rows),
        },
    )
    assert together(found, "calls/20260111-206-555-0142.txt", "leads.csv#L1")


def test_mail_tags_and_case_do_not_part_a_customer(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "leads.csv": leads(lead(1, email="Anna.Ilina+shop@Example.org")),
            "notes.csv": notes(note(1, email="anna.ilina@example.org")),
        },
    )
    assert together(found, "leads.csv#77001", "notes.csv#40001")


def test_a_deal_id_joins_a_note_to_a_deal_with_another_phone(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "notes.csv": notes(note(1, phone="+79123456789", deal="18")),
            "deals.csv": table([DEAL_HEAD, ["18", "Думает", "", "+79995550011", "03.03.2025"]], ";"),
        },
    )
    assert together(found, "notes.csv#40001", "deals.csv#18")


def test_an_office_phone_shared_by_many_people_joins_nobody_and_is_named(tmp_path: Path) -> None:
    people = ["Анна Ильина", "Пётр Громов", "Олег Сизов", "Вера Панова", "Инна Белова"]
    rows = [note(n, phone="+74950001122", email=f"p{n}@example.org", name=name) for n, name in enumerate(people)]
    found = harvested(tmp_path, {"notes.csv": notes(*rows)})
    assert len(set(found.customer_of.values())) == len(people)
    assert {join.key_kind for join in found.joins} == {"shared phone"}


def test_a_family_on_one_phone_stays_one_customer(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {"notes.csv": notes(note(1, phone="+79123456789", name="Анна"), note(2, phone="+79123456789", name="Пётр"))},
    )
    assert together(found, "notes.csv#40001", "notes.csv#40002")


def test_the_companys_own_number_in_every_file_name_joins_nobody(tmp_path: Path) -> None:
    calls = {
        f"calls/2025-03-{n:02}_10-00_74950001122_in.txt": CALL.format(words=f"Вопрос номер {n}") for n in range(1, 26)
    }
    found = harvested(tmp_path, calls)
    assert len(set(found.customer_of.values())) == 25


def test_the_same_name_alone_joins_nobody(tmp_path: Path) -> None:
    others = [
        lead(n, phone=f"+7912000{n:04}", name=f"Анна Ильина{'а' * (n % 7)}", day=f"2025-0{1 + n % 9}-11")
        for n in range(10, 60)
    ]
    found = harvested(
        tmp_path,
        {
            "leads.csv": leads(lead(1, phone="+79123456789", name="Анна", day="2025-01-10"), *others),
            "notes.csv": notes(note(1, name="Анна", day="20.09.2025")),
        },
    )
    assert not together(found, "leads.csv#77001", "notes.csv#40001")


def test_a_rare_full_name_close_in_time_joins_a_note_without_contacts(tmp_path: Path) -> None:
    surnames = [
        f"{first}{second}ов" for first in ("Гром", "Сиз", "Пан", "Бел", "Тих") for second in ("", "ач", "ин", "ец")
    ]
    people = [
        (f"{('Пётр', 'Олег', 'Иван', 'Глеб')[n % 4]} {surname}", f"+7912000{n:04}", n)
        for n, surname in enumerate(surnames)
    ]
    rows = [lead(10 + n, phone=phone, name=name, day=f"2025-03-{1 + n % 28:02}") for name, phone, n in people]
    same = [note(10 + n, phone=phone, name=name, day=f"{1 + n % 28:02}.03.2025") for name, phone, n in people]
    found = harvested(
        tmp_path,
        {
            "leads.csv": leads(lead(1, phone="+79123456789", name="Анна Ильина"), *rows),
            "notes.csv": notes(note(1, name="Анна Ильина"), *same),
        },
    )
    assert together(found, "leads.csv#77001", "notes.csv#40001")
    assert {join.key_kind for join in found.joins if join.item == "notes.csv#40001"} == {"name+time"}


def test_two_people_of_one_name_with_phones_of_their_own_stay_apart(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "leads.csv": leads(lead(1, phone="+79123456789", name="Анна Ильина")),
            "notes.csv": notes(note(1, phone="+79995550011", name="Анна Ильина")),
        },
    )
    assert not together(found, "leads.csv#77001", "notes.csv#40001")


def test_a_number_given_in_the_talk_joins_the_record_that_has_it(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "leads.csv": leads(lead(1, phone="+79123456789", name="Анна")),
            "notes.csv": notes(
                note(1, phone="+79995550011", name="Анна", text="второй номер 8 912 345-67-89, писать туда")
            ),
        },
    )
    assert together(found, "leads.csv#77001", "notes.csv#40001")


def test_ids_hold_when_files_come_in_two_batches(tmp_path: Path) -> None:
    first = harvested(tmp_path / "one", {"leads.csv": leads(lead(1, phone="+79123456789", name="Анна Ильина"))})
    known = tuple(KnownItem(d.ref, first.customer_of[d.ref], d.keys) for d in first.documents)
    second = harvested(
        tmp_path / "two",
        {"notes.csv": notes(note(1, phone="89123456789"), note(2, phone="+79995550011"))},
        replace(OPTIONS, known=known),
    )
    assert second.customer_of["notes.csv#40001"] == first.customer_of["leads.csv#77001"]
    assert second.customer_of["notes.csv#40002"] != first.customer_of["leads.csv#77001"]
    assert "leads.csv#77001" not in second.customer_of


def test_a_new_record_can_show_that_two_earlier_customers_are_one(tmp_path: Path) -> None:
    first = harvested(
        tmp_path / "one", {"leads.csv": leads(lead(1, phone="+79123456789"), lead(2, email="anna@example.org"))}
    )
    assert not together(first, "leads.csv#77001", "leads.csv#77002")
    known = tuple(KnownItem(d.ref, first.customer_of[d.ref], d.keys) for d in first.documents)
    second = harvested(
        tmp_path / "two",
        {"notes.csv": notes(note(1, phone="89123456789", email="anna@example.org"))},
        replace(OPTIONS, known=known),
    )
    moved = {ref: customer for ref, customer in second.customer_of.items() if ref.startswith("leads.csv")}
    assert len(moved) == 1
    assert set(moved.values()) == {second.customer_of["notes.csv#40001"]} <= set(first.customer_of.values())


def test_keys_of_two_workspaces_have_nothing_in_common(tmp_path: Path) -> None:
    files = {"leads.csv": leads(lead(1, phone="+79123456789", email="anna@example.org", name="Анна Ильина"))}
    one = harvested(tmp_path / "a", files)
    other = harvested(tmp_path / "a", files, IngestOptions(salt=b"another"))
    assert one.documents[0].keys
    assert not set(one.documents[0].keys) & set(other.documents[0].keys)


def test_no_contact_leaves_in_the_clear(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {"leads.csv": leads(lead(1, phone="+79123456789", email="anna.ilina@example.org", name="Анна Ильина"))},
    )
    shown = repr((found.documents, found.deals, found.customer_of, found.joins))
    assert not any(secret in shown for secret in ("9123456789", "anna", "Ильина"))
