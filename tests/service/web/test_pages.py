"""The pages and the API over a finished run, in both languages, with friendly and hostile words in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from company import HOSTILE
from fastapi.testclient import TestClient

Visitor = Callable[..., TestClient]
PAGES = (
    "/",
    "/segments",
    "/segments/s1",
    "/segments/edits",
    "/segments/history",
    "/comparison",
    "/comparison/claims",
    "/portrait",
    "/economics",
    "/economics/all/all",
    "/briefs",
    "/briefs/comparison",
    "/briefs/session",
    "/claims",
    "/campaigns",
    "/developers",
    "/hooks",
    "/uploads",
    "/runs",
)
DENIED = re.compile(
    r"\b(cluster\w*|embedding\w*|p-value|umap|hdbscan|tf-idf|cosine|centroid)\b|\bARI\b|кластер\w*|эмбеддинг\w*|центроид\w*",
    re.IGNORECASE,
)


class Shape(HTMLParser):
    """Collects headings, ids, links and what a strict policy forbids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.h1: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.outside: list[str] = []
        self.words: list[str] = []
        self.images = 0
        self._in_h1 = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._in_h1 = self._in_h1 or tag == "h1"
        self.images += tag == "img"
        if tag == "h1":
            self.h1.append("")
        if values.get("id"):
            self.ids.append(str(values["id"]))
        self.inline += [name for name in values if name.startswith("on") or name == "style"]
        if tag in ("script", "style") and not values.get("src"):
            self.inline.append(tag)
        for name in ("href", "src", "action"):
            if values.get(name):
                self.links.append(str(values[name]))
                if str(values[name]).startswith(("http:", "https:", "//")):
                    self.outside.append(str(values[name]))

    def handle_endtag(self, tag: str) -> None:
        self._in_h1 = self._in_h1 and tag != "h1"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in_h1:
            self.h1[-1] += data


@pytest.fixture
def home(request: pytest.FixtureRequest) -> str:
    """The Russian school, analysed, unless a test says otherwise."""
    return str(getattr(request, "param", "ru"))


@pytest.fixture
def school(client: TestClient) -> TestClient:
    """Somebody at the school's machine."""
    return client


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_states_a_finding_and_keeps_to_the_policy(visitor: Visitor, path: str, language: str) -> None:
    answer = visitor(language=language).get(path)
    assert answer.status_code == 200
    shape = Shape(answer.text)
    assert f'<html lang="{language}">' in answer.text
    assert len(shape.h1) == 1
    assert len(shape.h1[0].split()) >= 4, "a topic, not a finding"
    assert shape.inline == []
    assert shape.outside == []
    assert len(shape.ids) == len(set(shape.ids))
    assert DENIED.findall(" ".join(shape.words)) == []
    assert len(answer.content) < 150_000


POSTED = ("/upload", "/runs", "/claims/aliases", "/claims/cards")
"""Addresses that forms are sent to."""


def test_links_of_every_page_lead_somewhere(school: TestClient) -> None:
    seen: set[str] = set()
    for path in PAGES:
        shape = Shape(school.get(path).text)
        for link in shape.links:
            target, _, anchor = link.partition("#")
            if anchor and not target:
                assert anchor in shape.ids, (path, link)
            elif (
                target
                and target not in seen
                and not target.startswith(("/upload", "/runs", "/claims/aliases", "/claims/cards"))
            ):
                seen.add(target)
                assert school.get(target).status_code == 200, (path, link)
    assert len(seen) > 20


def test_segments_stand_most_money_first_with_their_uncertainty(school: TestClient) -> None:
    page = school.get("/segments").text
    names = re.findall(r'scope="row"><a href="/segments/(\w+)">', page)
    assert names == ["s2", "s1", "s4", "s3"]
    assert "«переезд, документы» приносит 38\u00a0% выручки" in page
    assert "от\u00a038 до\u00a071\u00a0%; 17\u00a0из\u00a031" in page
    assert "9 клиентов ни на кого не похожи" in page
    assert "8 обращений — не клиенты" in page
    assert "Весна: для души" in page


def test_the_matrix_marks_hits_and_misses_in_words(school: TestClient) -> None:
    page = school.get("/comparison").text
    row = page[page.index('href="/segments/s4"', page.index("matrix")) :]
    row = row[: row.index("</tr>")]
    assert re.findall(r'class="mark (\w+)"', row) == ["silent", "silent", "contradicted"]
    assert "мимо" in row


def test_a_claim_shows_figure_interval_base_and_quotes(school: TestClient) -> None:
    page = school.get("/comparison").text
    claim = page[page.index('id="claim-k-owner-0"') :]
    claim = claim[: claim.index("</article>")]
    assert "Наш клиент — компания" in claim
    assert "данные против" in claim
    assert "6\u00a0%" in claim
    assert "3\u00a0из\u00a050" in claim
    assert "двадцать человек по вторникам" in claim
    assert "звонок, 1\u00a0января 2026\u00a0г." in claim


@pytest.mark.parametrize("home", ["hostile"], indirect=True)
def test_hostile_words_of_a_customer_stay_words(client: TestClient) -> None:
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text
        assert Shape(answer.text).images == 0
        assert "&gt; 49 " not in answer.text
    assert HOSTILE in client.get("/api/v1/segments").json()["segments"][0]["name"]


def test_no_page_names_a_file_of_the_customer(school: TestClient) -> None:
    for path in PAGES:
        assert "calls/c-" not in school.get(path).text


def test_sales_see_segments_without_money(visitor: Visitor, key: Callable[..., str]) -> None:
    page = visitor(key("sales")).get("/segments")
    assert page.status_code == 200
    assert "₽" not in page.text
    assert "выручк" not in page.text.lower()


@pytest.mark.parametrize("home", ["blank"], indirect=True)
def test_before_any_analysis_the_pages_say_what_to_do(client: TestClient) -> None:
    for path in ("/segments", "/comparison", "/briefs", "/claims"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "начните с загрузки" in answer.text
    problem = client.get("/api/v1/segments")
    assert (problem.status_code, problem.json()["code"]) == (409, "not_ready")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/segments/x9", 404),
        ("/uploads/u9", 404),
        ("/runs/r9", 404),
        ("/briefs/poem", 422),
        ("/briefs/creative?segment=x9", 404),
        ("/segments/<script>alert(1)</script>", 404),
        ("/runs/r9/cancel", 405),
    ],
)
def test_an_error_page_says_what_happened_and_what_next(school: TestClient, path: str, status: int) -> None:
    answer = school.get(path)
    assert answer.status_code == status
    shape = Shape(answer.text)
    assert shape.h1[0].strip()
    assert "/" in shape.links
    assert "<script>alert" not in answer.text


def test_language_by_address_then_cookie_then_browser(visitor: Visitor) -> None:
    browser = visitor(language="en-GB,en;q=0.9,ru;q=0.2")
    assert '<html lang="en">' in browser.get("/").text
    assert '<html lang="ru">' in browser.get("/?lang=ru").text
    assert '<html lang="ru">' in browser.get("/").text
    assert '<html lang="ru">' in browser.get("/?lang=xx").text


def test_starting_an_analysis_leads_to_its_progress(client: TestClient) -> None:
    started = client.post("/runs")
    assert (started.status_code, started.headers["location"]) == (303, "/runs/r-default")
    page = client.get("/runs/r-default").text
    assert "40\u00a0из\u00a0200" in page or "40 из 200" in page
    assert 'http-equiv="refresh"' in page
    assert "Открыть сравнение" in client.get("/runs/r-default").text


def test_progress_is_streamed_until_the_end(client: TestClient) -> None:
    client.post("/api/v1/runs")
    answer = client.get("/api/v1/runs/r-default/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [line for line in answer.text.splitlines() if line.startswith("data:")]
    assert '"status": "running"' in events[0]
    assert '"percent": 47' in events[0]
    assert '"status": "done"' in events[-1]
    assert '"percent": 100' in events[-1]


def test_a_run_is_a_job_resource(client: TestClient) -> None:
    answer = client.post("/api/v1/runs")
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/runs/{answer.json()['id']}"
    assert client.get(answer.headers["location"]).json()["stage"] == "segments"
    asked = client.post("/api/v1/briefs/creative")
    assert (asked.status_code, asked.headers["location"]) == (202, answer.headers["location"])
