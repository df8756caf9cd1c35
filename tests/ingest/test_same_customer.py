"""Who must be joined and who must not: shared lines, placeholders, spellings, chains, systems that count from one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from exports import OPTIONS, harvested, table

from ingest.clues import Item, Name, item_of
from ingest.contacts import Keys, numbers_of, phones_in
from ingest.identity import resolve
from ingest.model import Decision, Harvest, KnownItem
from ingest.placeholders import is_nobodys_mailbox
from ingest.spelling import family_of, folded

KEYS = Keys(b"salt", "RU")
PEOPLE = ("Анна Ильина", "Пётр Громов", "Вера Панова", "Олег Сизов", "Инна Белова", "Глеб Тихов", "Юрий Лапин",
          "Нина Зуева", "Роман Ершов", "Егор Бочаров", "Лидия Уткина", "Тимур Пчелин")  # fmt: skip
HEAD = ["ID заявки", "Дата и время", "Кампания", "Имя", "Телефон", "Email", "Что нужно?"]
DEAL_HEAD = ["ID сделки", "Этап сделки", "Бюджет", "Контакт", "Телефон", "Дата создания"]


def record(ref: str, *keys: str, name: str = "", said: str = "", day: int = 0) -> Item:
    """A record with plain keys such as `phone:1` and a name in the clear."""
    kept = {*keys, *KEYS.clues(_contact(name), words=said.split())}
    return item_of(ref, kept, [datetime(2025, 1, 1 + day)] if day else ())


def _contact(name: str) -> object:
    from ingest.raw import Contact

    return Contact(names=(name,) if name else ())


def groups(*items: Item, decisions: tuple[Decision, ...] = ()) -> set[str]:
    """Customers as their references, joined by spaces."""
    found: dict[str, list[str]] = {}
    for ref, customer in resolve(items, decisions=decisions).customer_of.items():
        found.setdefault(customer, []).append(ref)
    return {" ".join(sorted(refs)) for refs in found.values()}


def leads(*rows: tuple[str, str, str]) -> str:
    """(name, phone, email) of each."""
    cells = [[f"77{n:03}", "2025-03-03 10:00:00", "весна", *row, f"вопрос номер {n}"] for n, row in enumerate(rows)]
    return table([HEAD, *cells], ";")


def apart(found: Harvest) -> int:
    return len(set(found.customer_of.values()))


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("8 (916) 123-45-67", "RU", ("+79161234567",)),
        ("+8 916 123 45 67", "RU", ("+79161234567",)),
        ("0079161234567", "RU", ("+79161234567",)),
        ("79161234567.0", "RU", ("+79161234567",)),
        ("8 916 123 45 67, 8 926 765 43 21", "RU", ("+79161234567", "+79267654321")),
        ("+7 495 123-45-67 доб. 104", "RU", ("+74951234567;ext=104",)),
        ("(206) 555-0142 ext 12", "US", ("+12065550142;ext=12",)),
        ("020 7946 0958", "GB", ("+442079460958",)),
        ("+7 (000) 000-00-00", "RU", ()),
        ("9999999999", "RU", ()),
        ("1234567890", "RU", ()),
        ("8 800 555 35 35", "RU", ()),
        ("1-800-555-3535", "US", ()),
        ("перезвонить", "RU", ()),
    ],
)
def test_numbers_of_a_cell(written: str, region: str, number: tuple[str, ...]) -> None:
    assert numbers_of(written, region) == number


def test_an_extension_in_a_text_stays_with_its_number() -> None:
    assert phones_in("звоните +7 495 123-45-67 доб. 104 или 8(916)1234567") == (
        "+7 495 123-45-67 доб. 104",
        "8(916)1234567",
    )


@pytest.mark.parametrize("address", ["test@test.ru", "no-reply@shop.com", "mail@mail.ru", "aaa@bk.ru", "none@none.com"])
def test_an_address_of_nobody_is_no_key(address: str) -> None:
    assert is_nobodys_mailbox(address)
    assert not KEYS.of_emails([address])


@pytest.mark.parametrize("address", ["anna.ilina@example.org", "testov@mail.ru", "mark@shop.com", "m.bell@bk.ru"])
def test_an_address_of_somebody_is_a_key(address: str) -> None:
    assert len(KEYS.of_emails([address])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Юлия", "Yulia"), ("Юлия", "Julia"), ("Наталья", "Natalia"), ("Саша", "Александр"), ("Щукин", "Shchukin"),
     ("Дмитрий", "Dmitry"), ("Алексей", "Aleksei"), ("Ильина", "Ilyina")],
)  # fmt: skip
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Jane", "Anne"), ("Мария", "Марина"), ("Ann", "Ian"), ("Громов", "Громова")]
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_family_shares_its_surname_and_no_given_name() -> None:
    assert family_of("Ильина") == family_of("Ильин")
    assert family_of("Анна") is None


class TestSharedKeys:
    """One key, several people."""

    def test_two_colleagues_with_contacts_of_their_own_are_two(self) -> None:
        one = record("a", "phone:office", "email:a", name="Анна Ильина")
        other = record("b", "phone:office", "email:b", name="Пётр Громов")
        assert groups(one, other) == {"a", "b"}

    def test_a_couple_with_one_surname_is_one(self) -> None:
        one = record("a", "phone:home", "email:a", name="Анна Ильина")
        other = record("b", "phone:home", "email:b", name="Пётр Ильин")
        assert groups(one, other) == {"a b"}

    def test_behind_a_shared_key_the_name_decides(self) -> None:
        items = [record(f"{n}", "phone:office", f"email:{n}", name=PEOPLE[n]) for n in range(5)]
        assert groups(*items, record("note", "phone:office", name=PEOPLE[3])) == {"0", "1", "2", "3 note", "4"}

    def test_a_record_without_a_name_joins_nobody_behind_an_office_phone(self) -> None:
        items = [record(f"{n}", "phone:office", f"email:{n}", name=PEOPLE[n]) for n in range(5)]
        assert "call" in groups(*items, record("call", "phone:office"))

    def test_a_first_name_that_fits_two_people_bridges_nobody(self) -> None:
        items = [
            record("a", "phone:office", "email:a", name="Анна Ильина"),
            record("b", "phone:office", "email:b", name="Анна Громова"),
            record("c", "phone:office", name="Анна"),
        ]
        assert groups(*items) == {"a", "b", "c"}

    def test_the_agents_number_in_two_callers_files_joins_nobody(self) -> None:
        items = [record("a", "phone:1", "phone:agent"), record("b", "phone:2", "phone:agent")]
        assert groups(*items) == {"a", "b"}

    def test_one_person_on_two_phones_is_one(self) -> None:
        items = [record("a", "phone:1"), record("b", "phone:2"), record("ab", "phone:1", "phone:2")]
        assert groups(*items) == {"a ab b"}

    def test_a_chain_of_neighbours_swallows_nobody(self) -> None:
        items = []
        for n, name in enumerate(PEOPLE[:6]):
            items.append(record(f"{n}a", f"phone:{n}", name=name))
            items.append(record(f"{n}b", f"phone:{n + 1}", name=name))
        assert max(len(group.split()) for group in groups(*items)) <= 4

    def test_a_regular_with_many_records_is_not_taken_for_the_company(self) -> None:
        regular = [record(f"r{n}", "phone:1", name="Анна Ильина") for n in range(30)]
        others = [record(f"o{n}", f"phone:x{n}") for n in range(60)]
        assert " ".join(sorted(item.ref for item in regular)) in groups(*regular, *others)


class TestSystems:
    """Ids that count from one in every system."""

    def test_equal_deal_numbers_of_two_systems_join_nobody(self) -> None:
        notes = [record(f"notes.csv#{n}", f"deal:{n}", f"phone:{n}") for n in range(4)]
        old = [record(f"old.csv#{n}", f"deal:{n}", f"phone:old{n}") for n in range(4)]
        assert len(groups(*notes, *old)) == 8

    def test_within_one_system_a_deal_number_joins_a_second_contact(self) -> None:
        notes = [record(f"notes.csv#{n}", f"deal:{n}", f"phone:{n}") for n in range(4)]
        deals = [record(f"deals.csv#{n}", f"deal:{n}", f"phone:{n if n else 'new'}") for n in range(4)]
        assert len(groups(*notes, *deals)) == 4

    def test_two_exports_with_one_number_for_two_people_keep_both_deals(self, tmp_path: Path) -> None:
        new = table([DEAL_HEAD, ["18", "Думает", "", "Анна Ильина", "+79161234567", "03.03.2025"]], ";")
        old = table([DEAL_HEAD, ["18", "Думает", "", "Пётр Громов", "+79267654321", "03.03.2023"]], ";")
        found = harvested(tmp_path, {"deals.csv": new, "archive.csv": old})
        assert [deal.ref for deal in found.deals] == ["archive.csv#18", "deals.csv#18"]
        assert apart(found) == 2


class TestDecisions:
    """What a person said outranks keys and names; the last word counts."""

    def test_a_split_holds_against_an_equal_key(self) -> None:
        items = [record("a", "phone:1"), record("b", "phone:1")]
        assert groups(*items, decisions=(Decision("split", ("a",), ("b",)),)) == {"a", "b"}

    def test_a_merge_holds_against_everything(self) -> None:
        items = [record("a", "phone:1", name="Анна Ильина"), record("b", "phone:2", name="Пётр Громов")]
        assert groups(*items, decisions=(Decision("merge", ("a",), ("b",)),)) == {"a b"}

    def test_a_later_merge_lifts_a_split(self) -> None:
        items = [record("a", "phone:1"), record("b", "phone:1")]
        said = (Decision("split", ("a",), ("b",)), Decision("merge", ("a",), ("b",)))
        assert groups(*items, decisions=said) == {"a b"}

    def test_a_later_split_divides_a_merge(self) -> None:
        items = [record(ref, f"phone:{ref}") for ref in "abc"]
        said = (Decision("merge", ("a", "b"), ("c",)), Decision("split", ("b",), ("a", "c")))
        assert groups(*items, decisions=said) == {"a c", "b"}

    def test_a_new_record_goes_to_the_side_it_shares_more_with(self) -> None:
        items = [
            record("a", "phone:1", name="Анна Ильина"),
            record("b", "phone:1", name="Пётр Ильин"),
            record("new", "phone:1", name="Пётр Ильин"),
        ]
        assert groups(*items, decisions=(Decision("split", ("b",), ("a",)),)) == {"a", "b new"}


def test_the_order_of_records_changes_nothing() -> None:
    dice = random.Random(3)
    items = [
        record(
            f"r{n}",
            f"phone:{dice.randrange(40)}",
            name=dice.choice(["Анна Ильина", "Анна", "Пётр Громов", "Вера"]),
            day=1 + n % 25,
        )
        for n in range(120)
    ]
    first = resolve(items).customer_of
    for _ in range(3):
        dice.shuffle(items)
        assert resolve(items).customer_of == first


def test_ids_stay_with_most_of_their_records_and_are_given_once() -> None:
    items = [replace(record(ref, "phone:1"), customer="c_old", fresh=False) for ref in ("a", "b", "c")]
    found = resolve(items, decisions=(Decision("split", ("c",), ("a", "b")),)).customer_of
    assert (found["a"], found["b"]) == ("c_old", "c_old")
    assert found["c"] != "c_old"


def test_ten_batches_give_the_customers_of_one(tmp_path: Path) -> None:
    rows = [
        ("Анна Ильина", "+79161234567", ""),
        ("Пётр", "", "petr.gromov@example.org"),
        ("Пётр Громов", "8 926 765 43 21", ""),
    ]
    rows += [(name, f"+7903{n + 200:07}", "") for n, name in enumerate(PEOPLE[2:])]
    rows += [("Анна", "89161234567", ""), ("Громов Пётр", "79267654321", "petr.gromov@example.org")]
    whole = harvested(tmp_path / "whole", {f"leads{n}.csv": leads(row) for n, row in enumerate(rows)})
    known: tuple[KnownItem, ...] = ()
    owner: dict[str, str] = {}
    for n, row in enumerate(rows):
        found = harvested(tmp_path / f"{n}", {f"leads{n}.csv": leads(row)}, replace(OPTIONS, known=known))
        owner |= found.customer_of
        fresh = tuple(
            KnownItem(d.ref, owner[d.ref], d.keys, (d.occurred_at,) if d.occurred_at else ()) for d in found.documents
        )
        known = (*(replace(item, customer=owner[item.ref]) for item in known), *fresh)
    assert partition(owner) == partition(whole.customer_of)


def partition(owner: dict[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for ref, customer in owner.items():
        found.setdefault(customer, set()).add(ref)
    return {frozenset(refs) for refs in found.values()}


def test_the_companys_own_number_in_its_script_joins_nobody(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {
            "scripts/hello.md": "Добрый день! Наш телефон +7 495 123-45-67, почта zakaz@klinika.example.com.\n",
            "leads.csv": leads(("Анна", "+74951234567", ""), ("Анна", "+74951234567", "zakaz@klinika.example.com")),
        },
    )
    assert apart(found) == 2


def test_a_name_is_kept_as_hashes_and_read_back() -> None:
    kept = KEYS.clues(_contact("Анна С. Ильина"))
    (name,) = item_of("a", kept).names
    assert isinstance(name, Name)
    assert name == KEYS.of_name("Анна С. Ильина")
    assert not any("анна" in one.lower() or "anna" in one for one in kept)
