"""Tables that nobody knows by their headers: asked about once, on the page, over the API and on the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from odd_tables import NAMES, doubtful_sales, stock

from service.cli import main
from service.core.settings import Settings
from service.forgetting import forget

SALES = {"kind": "deals", "columns": [{"header": "Число", "field": "closed"}, {"header": "Кто", "field": "full_name"}]}


def send(client: TestClient, name: str, text: str) -> dict[str, object]:
    answer = client.post("/api/v1/uploads", files=[("files", (name, text.encode()))])
    assert answer.status_code == 201
    return dict(answer.json())


def waiting(client: TestClient) -> str:
    """The signature of the one table that waits."""
    (one,) = [m for m in client.get("/api/v1/mappings").json()["mappings"] if m["table"]["state"] == "needed"]
    return str(one["table"]["signature"])


def test_said_once_it_holds_for_every_file_with_these_columns(client: TestClient) -> None:
    first = send(client, "march.csv", doubtful_sales())
    assert (first["deals"], first["weights"]) == (0, {"mend": 1})
    signature = waiting(client)
    told = client.post(f"/api/v1/mappings/{signature}", json=SALES).json()
    assert (told["table"]["state"], told["who"]) == ("confirmed", "open")
    again = send(client, "march.csv", doubtful_sales())
    assert (again["deals"], again["unchanged"]) == (len(NAMES), 0)
    assert send(client, "april.csv", doubtful_sales().replace("500,00", "700,00"))["deals"] == len(NAMES)
    assert send(client, "april.csv", doubtful_sales().replace("500,00", "700,00"))["unchanged"] == 1


def test_what_was_said_can_be_taken_back(client: TestClient) -> None:
    send(client, "march.csv", doubtful_sales())
    signature = waiting(client)
    client.post(f"/api/v1/mappings/{signature}", json=SALES)
    send(client, "march.csv", doubtful_sales())
    client.delete(f"/api/v1/mappings/{signature}")
    assert send(client, "march.csv", doubtful_sales())["deals"] == 0
    assert waiting(client) == signature


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"kind": "poem"}, "poem", id="unknown-kind"),
        pytest.param({"columns": [{"header": "Нет", "field": "phone"}]}, "нет", id="unknown-column"),
        pytest.param({"columns": [{"header": "Кто", "field": "clicks"}]}, "clicks", id="field-of-another-kind"),
        pytest.param({"kind": "note"}, "Что сказал клиент", id="nothing-to-read"),
        pytest.param(
            {"columns": [{"header": "Кто", "field": "amount"}, {"header": "Число", "field": "amount"}]}, "Два столбца",
            id="one-meaning-twice",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(
    client: TestClient, said: dict[str, object], words: str
) -> None:
    send(client, "march.csv", doubtful_sales())
    answer = client.post(f"/api/v1/mappings/{waiting(client)}", json=said)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert waiting(client)


def test_the_page_asks_keeps_and_says_what_to_do_next(client: TestClient) -> None:
    receipt = send(client, "march.csv", doubtful_sales())
    signature = waiting(client)
    shown = client.get(f"/uploads/{receipt['id']}").text
    assert f'href="/tables/{signature}"' in shown
    assert "1 таблица ждёт вас" in shown
    asked = client.get(f"/tables/{signature}").text
    assert "Похоже на «Сделки и заказы»" in asked
    assert '<option value="amount" selected>Сумма</option>' in asked
    form = {"kind": "deals", "column-1": "closed", "column-2": "full_name", "column-4": "amount"}
    kept = client.post(f"/tables/{signature}", data=form)
    assert (kept.status_code, kept.headers["location"]) == (303, f"/tables/{signature}?saved=true")
    assert "загрузите этот файл ещё раз" in client.get(kept.headers["location"]).text
    assert "подтверждено вами" in client.get("/tables").text


def test_the_page_keeps_the_choices_when_something_is_missing(client: TestClient) -> None:
    send(client, "march.csv", doubtful_sales())
    refused = client.post(f"/tables/{waiting(client)}", data={"kind": "ad_spend", "column-1": "day"})
    assert refused.status_code == 422
    assert "Пока не сохранено" in refused.text
    assert '<option value="day" selected>' in refused.text


def test_another_workspace_sees_nothing_of_it(visitor: Callable[..., TestClient], key: Callable[..., str]) -> None:
    mine, theirs = visitor(key("sales", "a")), visitor(key("owner", "b"))
    send(mine, "march.csv", doubtful_sales())
    signature = waiting(mine)
    assert theirs.get("/api/v1/mappings").json() == {"mappings": []}
    assert theirs.get(f"/api/v1/mappings/{signature}").status_code == 404
    assert theirs.post(f"/api/v1/mappings/{signature}", json=SALES).status_code == 404


def test_forgetting_anybody_empties_the_samples(client: TestClient, app: FastAPI, settings: Settings) -> None:
    send(client, "march.csv", doubtful_sales())
    client.post("/api/v1/uploads", data={"note": "Звонила мама, +7 916 555-01-23, ищет курс к экзамену в мае."})
    assert any(column["samples"] for column in columns(client))
    forget(app.state.store, settings, "default", "+7 916 555-01-23")
    assert not any(column["samples"] for column in columns(client))
    send(client, "march.csv", doubtful_sales())
    assert [column["header"] for column in columns(client) if column["samples"]] == ["Число", "Итого к оплате"]


def columns(client: TestClient) -> list[dict[str, object]]:
    return list(client.get(f"/api/v1/mappings/{waiting(client)}").json()["table"]["columns"])


def test_nobody_is_found_in_the_database_of_an_unread_table(client: TestClient, settings: Settings) -> None:
    send(client, "march.csv", doubtful_sales())
    stored = b"".join(path.read_bytes() for path in settings.home.rglob("*.db*") if path.is_file())
    assert "Число".encode() in stored or b"\\u0427\\u0438\\u0441\\u043b\\u043e" in stored
    for name in NAMES:
        surname = name.split()[1]
        assert surname.encode() not in stored
        assert json.dumps(surname)[1:-1].encode() not in stored


def test_uploads_are_listed_newest_first_page_by_page(client: TestClient) -> None:
    made = [str(send(client, f"{n}.csv", stock().replace("1;", f"{n};"))["id"]) for n in range(3)]
    first = client.get("/api/v1/uploads", params={"limit": 2}).json()
    rest = client.get("/api/v1/uploads", params={"limit": 2, "before": first["next"]}).json()
    assert {one["id"] for one in first["uploads"] + rest["uploads"]} == set(made)
    assert (len(first["uploads"]), rest["next"]) == (2, None)
    assert client.get("/api/v1/uploads", params={"before": "nowhere"}).status_code == 404
    assert all(f"/uploads/{upload}" in client.get("/uploads").text for upload in made)


def test_the_console_lists_shows_and_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WHOBUYS_LANGUAGE", "ru")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "march.csv").write_text(doubtful_sales(), encoding="utf-8")

    def said(*words: str, status: int = 0) -> str:
        assert main(list(words)) == status
        spoken = capsys.readouterr()
        return spoken.out + spoken.err

    assert "ждёт вас" in said("ingest", "in")
    assert "march.csv" in said("mapping")
    shown = json.loads(said("mapping", "show", "march.csv", "--json"))
    assert "нет" in said("mapping", "confirm", "march.csv", "--column", "phone=нет", status=2)
    shown["table"]["columns"][0]["field"] = "closed"
    (tmp_path / "said.json").write_text(json.dumps(shown), encoding="utf-8")
    assert "Запомнено" in said("mapping", "confirm", "said.json")
    assert "6 сделок" in said("ingest", "in")
    assert "забыт" in said("mapping", "drop", "march.csv")
    assert len(said("uploads").splitlines()) == 2
