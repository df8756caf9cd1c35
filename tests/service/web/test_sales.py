"""The seller's side: a pasted note and the next call, own uploads, mending, taking back, names of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.core.settings import Settings
from service.corpus.places import without_contacts
from service.segments.model import Assignment
from service.segments.repository.arrivals import save_arrivals
from service.store.db import Store
from service.store.runs import latest_done

Visitors = Callable[..., TestClient]
Keys = Callable[..., str]

CALL = (
    "Менеджер: Школа языков, добрый день!\n"
    "Клиент: Здравствуйте, сыну сдавать экзамен в мае, телефон +7 916 555-01-23.\n"
    "Менеджер: Какой у него уровень?\n"
    "Клиент: Путает времена. Сколько это стоит?\n"
)
NOTE = {"text": "Ищет курс к экзамену, смущает цена, перезвонить в четверг.", "phone": "+7 916 555-01-23"}
DEALS = "Номер сделки;Этап;Сумма;Телефон\n501;Новая;{amount};+7 916 555-01-23\n"


def files(*named: tuple[str, str]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name, text.encode())) for name, text in named]


def test_a_note_tells_whose_it_is_and_hides_what_is_personal(client: TestClient) -> None:
    first = client.post("/api/v1/notes", json=NOTE)
    assert first.status_code == 201
    said = first.json()
    assert said["receipt"]["documents"] == {"note": 1}
    assert said["receipt"]["channel"] == "note"
    (customer,) = said["customers"]
    assert customer["state"] == "unanalysed"
    again = client.post("/api/v1/notes", json={**NOTE, "text": "Тел. 8 (916) 555-01-23. Готовы прийти в среду."}).json()
    assert again["receipt"]["redacted"]["phone"] == 1
    assert [one["customer"] for one in again["customers"]] == [customer["customer"]]
    shown = [client.get(f"/uploads/{one['receipt']['id']}").text for one in (said, again)]
    assert ["клиент новый" in page for page in shown] == [True, False]
    assert "клиент уже известен" in shown[1]


def test_the_same_note_twice_is_one_and_of_another_customer_another(client: TestClient) -> None:
    client.post("/api/v1/notes", json=NOTE)
    assert client.post("/api/v1/notes", json=NOTE).json()["receipt"]["unchanged"] == 1
    other = client.post("/api/v1/notes", json={**NOTE, "phone": "+7 916 555-09-99"}).json()
    assert other["receipt"]["changes"]["new_customers"] == 1


def test_a_note_may_be_of_an_earlier_day(client: TestClient, app: FastAPI) -> None:
    for day in ("2026-02-03", "03.02.2026"):
        client.post("/api/v1/notes", json={**NOTE, "day": day, "text": f"Заметка за {day}: нужен курс."})
    (customer,) = client.post("/api/v1/notes", json=NOTE).json()["customers"]
    card = client.get(f"/api/v1/customers/{customer['customer']}").json()
    assert [d["occurred_at"][:10] for d in card["documents"]].count("2026-02-03") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"phone": "позвоню сам"}, id="no telephone"),
        pytest.param({"email": "анна"}, id="no e-mail"),
        pytest.param({"day": "вчера"}, id="no day"),
        pytest.param({"day": "2999-01-01"}, id="a day to come"),
        pytest.param({"text": "   "}, id="blank"),
        pytest.param({"mood": "good"}, id="a field nobody knows"),
    ],
)
def test_a_note_that_cannot_be_used_is_a_sentence(client: TestClient, wrong: dict[str, str]) -> None:
    answer = client.post("/api/v1/notes", json={**NOTE, **wrong})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_note_in_the_browser_beside_a_file_is_one_upload(client: TestClient) -> None:
    sent = client.post(
        "/upload",
        files=files(("calls/one.txt", CALL)),
        data={"note": NOTE["text"], "phone": NOTE["phone"], "day": "2026-02-03"},
    )
    page = client.get(sent.headers["location"]).text
    assert "Приняты 2 файла, в них 1 клиент" in page
    assert "Сегменты появятся после первого анализа" in page
    assert client.get("/api/v1/uploads").json()["uploads"][0]["documents"] == {"call": 1, "note": 1}


def place(app: FastAPI, customer: str, segment: str | None, status: str = "core") -> None:
    """As the process that places newcomers does."""
    store: Store = app.state.store
    with store.session(write=True) as session:
        run = latest_done(session, "default")
        found = Assignment(customer, segment, status, 0.8, documents=1)  # type: ignore[arg-type]
        from service.segments.arrivals import Arrivals, Drift
        from service.segments.model import Share

        none = Share(None, None, None, 0, 0)
        save_arrivals(session, "default", run.id, Arrivals((found,), Drift(1, 1, none, none, "too_few")))


@pytest.mark.parametrize("home", ["ru"], indirect=True)
class TestNextCall:
    """With an analysis: the segment and the hints of its script."""

    @pytest.fixture
    def placed(self, app: FastAPI, client: TestClient) -> str:
        """The upload of a note whose customer was placed in the first segment."""
        app.state.uploaded = lambda workspace: True
        said = client.post("/api/v1/notes", json=NOTE).json()
        assert said["customers"][0]["state"] == "placing"
        segment = client.get("/api/v1/segments").json()["segments"][0]["id"]
        place(app, said["customers"][0]["customer"], segment)
        return str(said["receipt"]["id"])

    def test_the_hints_come_once_the_customer_is_placed(self, client: TestClient, placed: str) -> None:
        (call,) = client.get(f"/api/v1/uploads/{placed}/customers").json()["customers"]
        assert call["state"] == "placed"
        assert call["segment_name"]
        page = client.get(f"/uploads/{placed}").text
        assert call["segment_name"].split(" · ")[0] in page
        assert "data-placing" not in page

    def test_marketing_sees_the_segment_and_not_the_script(
        self, visitor: Visitors, key: Keys, app: FastAPI, placed: str
    ) -> None:
        (call,) = visitor(key("marketing")).get(f"/api/v1/uploads/{placed}/customers").json()["customers"]
        assert call["segment_name"]
        assert (call["recognise"], call["ask"], call["objections"]) == ([], [], [])

    def test_who_fits_nowhere_or_is_no_customer_is_told_so(self, app: FastAPI, client: TestClient) -> None:
        app.state.uploaded = lambda workspace: True
        said = client.post("/api/v1/notes", json=NOTE).json()
        customer = said["customers"][0]["customer"]
        for status, words in (("unassigned", "не похож ни на один"), ("not_a_customer", "это не клиент")):
            place(app, customer, None, status)
            assert words in client.get(f"/uploads/{said['receipt']['id']}").text


def test_own_uploads_are_listed_apart(visitor: Visitors, key: Keys, client: TestClient) -> None:
    client.post("/api/v1/notes", json=NOTE)
    anna, boris = visitor(key("sales")), visitor(key("sales"))
    mine = anna.post("/api/v1/notes", json={**NOTE, "text": "Перезвонить в среду, ждёт расписание."}).json()["receipt"]
    boris.post("/api/v1/uploads", files=files(("leads.csv", "a,b,c\n1,2,3\n4,5,6\n")))
    assert [u["id"] for u in anna.get("/api/v1/uploads?mine=true").json()["uploads"]] == [mine["id"]]
    assert len(anna.get("/api/v1/uploads").json()["uploads"]) == 3  # the demo's, hers, his
    waiting = boris.get("/uploads?mine=true").text
    assert "leads.csv" in waiting
    assert 'href="/tables"' in waiting
    assert "leads.csv" not in anna.get("/uploads?mine=true").text


def test_an_upload_is_taken_back_on_its_page_and_listed_as_undone(client: TestClient) -> None:
    client.post("/api/v1/uploads", files=files(("deals.csv", DEALS.format(amount=100))))
    second = client.post("/api/v1/uploads", files=files(("deals.csv", DEALS.format(amount=900)))).json()
    page = client.get(f"/uploads/{second['id']}").text
    assert "Вернётся прежнее: 1 сделка, 1 файл" in page
    assert client.post(f"/uploads/{second['id']}/undo").status_code == 303
    assert "Загрузка отменена" in client.get(f"/uploads/{second['id']}").text
    assert "отменена" in client.get("/uploads").text
    assert client.get(f"/api/v1/uploads/{second['id']}").json()["undone_at"]


def test_what_a_later_upload_changed_is_told_and_stands_in_the_way(client: TestClient) -> None:
    first = client.post("/api/v1/uploads", files=files(("deals.csv", DEALS.format(amount=100)))).json()
    second = client.post("/api/v1/uploads", files=files(("deals.csv", DEALS.format(amount=900)))).json()
    page = client.get(f"/uploads/{first['id']}").text
    assert f"Загрузка {second['id']} заменила 1 запись этой" in page
    assert client.get(f"/api/v1/uploads/{first['id']}/undo").json()["later"] == {second["id"]: 1}
    refused = client.post(f"/api/v1/uploads/{first['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert second["id"] in refused.json()["detail"]
    assert client.post(f"/uploads/{first['id']}/undo").status_code == 409


def test_somebody_elses_upload_is_the_owners_to_undo(visitor: Visitors, key: Keys) -> None:
    anna, boris, owner = visitor(key("sales")), visitor(key("sales")), visitor(key("owner"))
    upload = anna.post("/api/v1/notes", json=NOTE).json()["receipt"]["id"]
    assert boris.post(f"/api/v1/uploads/{upload}/undo").status_code == 403
    assert "может собственник" in boris.get(f"/uploads/{upload}").text
    assert owner.post(f"/api/v1/uploads/{upload}/undo").status_code == 200
    stranger = visitor(key("owner", "other"))
    assert stranger.post(f"/api/v1/uploads/{upload}/undo").status_code == 404
    assert stranger.get(f"/api/v1/uploads/{upload}/customers").status_code == 404


def test_a_number_in_a_files_name_is_masked_for_who_may_not_see_contacts(visitor: Visitors, key: Keys) -> None:
    sales, marketing = visitor(key("sales")), visitor(key("marketing"))
    sales.post("/api/v1/uploads", files=files(("calls/79165550123.jpg", "\ufffd\x00"), ("calls/one.txt", CALL)))
    upload = sales.get("/api/v1/uploads").json()["uploads"][0]["id"]
    for address in (
        "/api/v1/rejects",
        "/api/v1/uploads",
        f"/api/v1/uploads/{upload}",
        f"/uploads/{upload}",
        "/uploads",
    ):
        assert "79165550123" not in marketing.get(address).text, address
        assert "79165550123" in sales.get(address).text, address


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("calls/2026-02-03_79161234567_anna.txt", "calls/2026-02-03_[phone]_anna.txt"),
        ("calls/+7 916 123-45-67.txt", "calls/[phone].txt"),
        ("call_8(916)123-45-67.json:12", "call_[phone].json:12"),
        ("20260203101530-in-447700900123.json", "20260203101530-in-[phone].json"),
        ("anna@example.com/letter.eml", "[email]/letter.eml"),
        ("deals_2026-02-03.csv#501", "deals_2026-02-03.csv#501"),
        ("1C_export_2025.12.31_v2.xlsx [Лист 1]", "1C_export_2025.12.31_v2.xlsx [Лист 1]"),
    ],
)
def test_numbers_and_addresses_in_places_are_masked_days_are_not(place: str, shown: str) -> None:
    assert without_contacts(place) == shown


def test_nothing_taken_is_never_followed_by_what_was_recognised(client: TestClient, settings: Settings) -> None:
    sent = client.post("/upload", files=files(("x.txt", "просто текст"), ("t.csv", "a;b;c\n1;2;3\n")))
    page = client.get(sent.headers["location"]).text
    assert "Ничего не принято" in page
    assert "Что распознано" not in page
    assert not Path(settings.home / "incoming").exists() or not any((settings.home / "incoming").iterdir())
