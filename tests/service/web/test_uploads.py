"""Uploading: through the API and the page, good files and bad ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

import pytest
from fastapi.testclient import TestClient

from service.corpus.intake import MAX_NOTE_LETTERS, safe_path, without_container

CALL = (
    "Менеджер: Школа языков, добрый день!\n"
    "Клиент: Здравствуйте, сыну сдавать экзамен в мае, телефон +7 916 555-01-23.\n"
    "Менеджер: Какой у него уровень?\n"
    "Клиент: Путает времена. Сколько это стоит?\n"
)


def files(*named: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name, data)) for name, data in named]


def test_a_call_is_taken_and_its_receipt_can_be_read_again(client: TestClient) -> None:
    answer = client.post("/api/v1/uploads", files=files(("calls/one.txt", CALL.encode())))
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["documents"] == {"call": 1}
    assert receipt["redacted"]["phone"] == 1
    assert answer.headers["location"] == f"/api/v1/uploads/{receipt['id']}"
    assert client.get(answer.headers["location"]).json() == receipt


def test_the_same_file_twice_changes_nothing(client: TestClient) -> None:
    client.post("/api/v1/uploads", files=files(("calls/one.txt", CALL.encode())))
    again = client.post("/api/v1/uploads", files=files(("calls/one.txt", CALL.encode()))).json()
    assert (again["unchanged"], again["documents"]) == (1, {})


def test_a_pasted_note_is_a_document(client: TestClient) -> None:
    receipt = client.post("/api/v1/uploads", data={"note": "Звонила мама, ищет курс к экзамену, смущает цена."}).json()
    assert receipt["documents"] == {"note": 1}


def test_a_note_finds_its_customer_by_the_phone_in_it(client: TestClient) -> None:
    client.post("/api/v1/uploads", data={"note": "Звонила мама, +7 916 555-01-23, ищет курс к экзамену."})
    receipt = client.post("/api/v1/uploads", data={"note": "Перезвонить по 8 (916) 555-01-23, ждёт расписание."}).json()
    assert (receipt["changes"]["new_customers"], receipt["customers_total"]) == (0, 1)


def test_what_was_uploaded_is_not_left_lying_about(client: TestClient, settings: object) -> None:
    client.post("/api/v1/uploads", files=files(("calls/one.txt", CALL.encode())), data={"note": "Тел. 89165550123"})
    home = settings.home  # type: ignore[attr-defined]
    assert list((home / "incoming").iterdir()) == []
    assert not any(b"5550123" in p.read_bytes() for p in home.rglob("*") if p.is_file())


def zipped(size: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * size)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("calls/empty.txt", b"", id="empty"),
        pytest.param("calls/photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, id="binary"),
        pytest.param("deals.xlsx", zipped(200_000_000), id="zip bomb"),
        pytest.param("calls/broken.json", b'{"segments": [{"text": ', id="broken json"),
        pytest.param("leads.csv", b"a,b,c\n1,2,3\n4,5,6\n", id="table without a known column"),
    ],
)
def test_a_bad_file_is_in_the_rejects_with_a_reason_in_both_languages(
    client: TestClient, name: str, data: bytes
) -> None:
    answer = client.post("/api/v1/uploads", files=files((name, data), ("calls/one.txt", CALL.encode())))
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["documents"] == {"call": 1}
    assert [r["place"] for r in receipt["rejects"] if not r["place"].startswith(name)] == []
    assert receipt["rejects"]
    assert set(receipt["rejects"][0]["reason"]) >= {"ru", "en"}
    assert [r["place"] for r in client.get("/api/v1/rejects").json()["rejects"]]


def test_a_page_in_a_file_is_text_and_never_markup(client: TestClient) -> None:
    page = "Клиент: <script>alert(1)</script> <img src=x onerror=alert(1)> сколько стоит курс?\nМенеджер: Десять тысяч."
    receipt = client.post("/upload", files=files(("calls/<b>x.txt", page.encode())))
    assert receipt.status_code == 303
    shown = client.get(receipt.headers["location"]).text
    assert "<script>alert" not in shown
    assert "<b>x" not in shown


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("..\\..\\windows\\system.ini", "windows/system.ini"),
        ("/absolute/path.txt", "absolute/path.txt"),
        ("C:\\calls\\a.txt", "calls/a.txt"),
        ("calls/./a.txt", "calls/a.txt"),
        ("calls/a\x00b\n.txt", "calls/a_b_.txt"),
        ("звонки/Анна, +7 916.txt", "звонки/Анна, +7 916.txt"),
        ("", "file-7"),
        ("...", "file-7"),
        ("a" * 400 + ".txt", "a" * 110 + ".txt"),
        ("a/" * 40 + "b.txt", "a/a/a/a/a/a/a/b.txt"),
    ],
)
def test_names_stay_inside_their_folder(name: str, safe: str) -> None:
    assert safe_path(name, 7) == PurePosixPath(safe)


def test_the_one_folder_around_everything_is_dropped_as_on_the_command_line() -> None:
    def shortened(*paths: str) -> list[str]:
        return [str(p) for p in without_container([PurePosixPath(p) for p in paths])]

    assert shortened("firm/calls/a.txt", "firm/deals.csv") == ["calls/a.txt", "deals.csv"]
    assert shortened("personas/sales.md", "personas/owner.md") == ["personas/sales.md", "personas/owner.md"]
    assert shortened("a.txt") == ["a.txt"]


def test_two_files_of_one_name_both_arrive(client: TestClient) -> None:
    other = CALL.replace("экзамен в мае", "собеседование в июне")
    sent = files(("a.txt", CALL.encode()), ("a.txt", other.encode()))
    assert client.post("/api/v1/uploads", files=sent).json()["documents"] == {"call": 2}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({}, 422, id="nothing"),
        pytest.param({"json": {"note": "x"}}, 422, id="json instead of a form"),
        pytest.param({"data": {"note": "   "}}, 422, id="blank note"),
        pytest.param({"data": {"note": "x", "kind": "poem"}}, 422, id="unknown kind"),
        pytest.param({"data": {"note": "ж" * (MAX_NOTE_LETTERS + 1)}}, 422, id="note too long"),
        pytest.param(
            {"content": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 422,
            id="broken form",
        ),
        pytest.param(
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 422, id="form without a boundary"
        ),
    ],
)  # fmt: skip
def test_a_useless_upload_is_a_problem_and_not_a_crash(
    client: TestClient, request_: dict[str, object], status: int
) -> None:
    answer = client.post("/api/v1/uploads", **request_)  # type: ignore[arg-type]
    assert answer.status_code == status
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert client.post("/upload", **request_).status_code == status  # type: ignore[arg-type]


def test_a_body_over_the_limit_is_refused_while_it_comes(client: TestClient) -> None:
    answer = client.post("/api/v1/claims/confirmations", content=b"0" * (3 * 1024 * 1024))
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_the_page_shows_the_receipt_in_words(client: TestClient) -> None:
    sent = client.post("/upload", files=files(("calls/one.txt", CALL.encode()), ("calls/empty.txt", b"")))
    page = client.get(sent.headers["location"]).text
    assert "Принят 1 файл" in page
    assert "Скрыт" in page
    assert "Не принято: 1 — можно исправить" in page
    assert "calls/empty.txt" in page
    listed = client.get("/").text
    assert sent.headers["location"] in listed
