"""The segments pages tell who people are: traits, the checked name, mixed customers, the map, a quote's document."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

Visitor = Callable[..., TestClient]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def home(request: pytest.FixtureRequest) -> str:
    """The Russian school, analysed, unless a test says otherwise."""
    return str(getattr(request, "param", "ru"))


def test_a_card_tells_who_they_are_with_both_shares(client: TestClient) -> None:
    page = client.get("/segments").text
    assert "Кто они" in page
    assert re.search(r"новички <span class=\"soft nowrap\">\(\d+\u00a0%, у остальных \d+\u00a0%\)", page)


def test_the_map_stands_on_the_page_with_its_legend(client: TestClient) -> None:
    page = client.get("/segments").text
    found = re.search(r'<svg xmlns.*?role="img">.*?</svg>', page, re.S)
    assert found is not None
    picture = ElementTree.fromstring(found.group())
    assert len(list(picture.iter(f"{SVG}circle"))) > 100
    assert "style" not in {element.tag.removeprefix(SVG) for element in picture.iter()}, "the policy forbids it"
    assert len(re.findall(r"<li><svg[^>]*swatch[^>]*>.*?</svg>\d+\. ", page)) == 4, "every segment under its number"


def test_a_segment_shows_its_check_its_mixed_customers_and_what_tells_it_from_the_nearest(client: TestClient) -> None:
    page = client.get("/segments/s1").text
    assert "Имя проверено и держится" in page
    assert "стоят и в другом сегменте" in page
    assert "46\u00a0%" in page
    assert "31\u00a0%" in page
    assert "Ближайший сегмент" in page
    assert "<th>Там</th>" in page


def test_stability_is_said_in_words_with_its_figure(client: TestClient) -> None:
    page = client.get("/segments/s1").text
    assert "оставались вместе в 78 случаях из 100" in page
    assert "от 60" in client.get("/segments").text, "the thresholds are stated"


def test_a_quote_leads_to_its_place_in_the_redacted_document(client: TestClient) -> None:
    page = client.get("/segments/s1").text
    link = re.search(r'href="(/documents/[^"#]+)#(u\d+)"', page)
    assert link is not None
    document = client.get(link.group(1))
    assert document.status_code == 200
    assert f'id="{link.group(2)}"' in document.text
    assert "Клиент" in document.text


def test_marketing_reads_quotes_but_no_documents(visitor: Visitor, key: Callable[..., str]) -> None:
    marketer = visitor(key("marketing"))
    assert "/documents/" not in marketer.get("/segments").text
    assert marketer.get("/documents/d_whatever").status_code == 403


def test_a_foreign_document_is_not_found(client: TestClient) -> None:
    assert client.get("/documents/d_nobody").status_code == 404


def test_sources_and_campaigns_of_those_outside(client: TestClient) -> None:
    page = client.get("/segments").text
    assert "Откуда пришли те, кто остался вне групп" in page
    rows = client.get("/api/v1/segments").json()["outside"]
    assert {row["level"] for row in rows} >= {"source"}
    assert all(row["customers"] >= row["unassigned"]["k"] + row["not_a_customer"]["k"] for row in rows)


def test_the_map_as_data_names_nobody(client: TestClient) -> None:
    found = client.get("/api/v1/segments/map").json()
    assert found["drawn"] == len(found["dots"]) == found["customers"]
    assert set(found["dots"][0]) == {
        "x", "y", "segment", "status", "probability", "second_segment", "second_probability",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_map_as_a_picture(client: TestClient, language: str) -> None:
    answer = client.get("/api/v1/segments/map", params={"format": "svg", "lang": language})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    picture = ElementTree.fromstring(answer.text)
    assert picture.findtext(f"{SVG}title") == {"ru": "Карта клиентов", "en": "The map of customers"}[language]


@pytest.mark.parametrize("home", ["hostile"], indirect=True)
def test_hostile_names_and_words_stay_text(client: TestClient) -> None:
    for path in ("/segments", "/segments/s1"):
        page = client.get(path).text
        assert "<script>" not in page
        assert not re.search(r"<\w[^>]*\sonerror=", page)
