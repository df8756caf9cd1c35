"""Claim cards over HTTP: the page as a plain form, and the API."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from card_home import card_home
from fastapi.testclient import TestClient
from told_trade import BOSSES
from two_step_runs import TwoStepRuns

from service.app import create_app
from service.core.settings import Settings


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path)
    card_home(settings, monkeypatch).close()
    app = create_app(settings, TwoStepRuns())
    yield TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 1))
    app.state.store.close()


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the cards' form untouched."""
    body = page[page.index('action="/claims/cards"') :]
    body = body[: body.index("</form>")]
    found = {m[1]: html.unescape(m[2]) for m in re.finditer(r'type="hidden" name="([^"]+)" value="([^"]*)"', body)}
    found |= {m[1]: html.unescape(m[2]) for m in re.finditer(r'type="text" name="([^"]+)" value="([^"]*)"', body)}
    found |= {m[1]: m[2] for m in re.finditer(r'type="radio" name="([^"]+)" value="([^"]*)" checked', body)}
    found |= {m[1]: "1" for m in re.finditer(r'type="checkbox" name="([^"]+)" value="1"[^>]* checked', body)}
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)">(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_page_shows_one_persona_with_its_readings(cards: TestClient, lang: str) -> None:
    page = cards.get(f"/claims?who=sales&lang={lang}").text
    assert "Managers sign quickly." in page
    assert "Most of our leads" not in page
    assert {"ru": "прочитано машиной", "en": "read by machine"}[lang] in page


def test_a_form_sent_untouched_corrects_nothing(cards: TestClient) -> None:
    form = form_of(cards.get("/claims?who=marketing&lang=en").text)
    assert len(form) > 15
    answer = cards.post("/claims/cards", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/claims?who=marketing&saved=0")
    assert cards.get("/api/v1/claims/edits").json()["edits"] == []


def test_a_form_with_a_tick_and_a_change_is_kept_and_can_be_undone(cards: TestClient) -> None:
    form = form_of(cards.get("/claims?who=marketing&lang=en").text)
    form |= {"c0-0-whom": BOSSES, "c1-ok": "1"}
    assert cards.post("/claims/cards", data=form, follow_redirects=False).status_code == 303
    shown = cards.get("/api/v1/claims/cards?stakeholder=marketing").json()["cards"]
    assert [card["confirmed"] for card in shown] == [True, True]
    assert shown[0]["thoughts"][0]["reading"]["subject"]["segment"] == BOSSES
    edit = cards.get("/api/v1/claims/edits").json()["edits"][1]["id"]
    assert cards.post("/claims/undo", data={"edit": edit}, follow_redirects=False).status_code == 303
    assert [c["confirmed"] for c in cards.get("/api/v1/claims/cards?stakeholder=marketing").json()["cards"]] == [
        False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("c0-0-value", "rubbish", id="a number that is none"),
        pytest.param("c0-0-whom", "s_foreign", id="a foreign segment"),
        pytest.param("c0-0-says", "shouts", id="an operator that is none"),
        pytest.param("c0-was", "{", id="a broken form"),
    ],
)
def test_a_form_that_cannot_be_is_said_on_the_page(cards: TestClient, field: str, value: str) -> None:
    form = form_of(cards.get("/claims?who=marketing&lang=en").text) | {field: value}
    answer = cards.post("/claims/cards", data=form, follow_redirects=False)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert cards.get("/api/v1/claims/edits").json()["edits"] == []


def test_a_card_is_put_right_and_set_back_over_the_api(cards: TestClient) -> None:
    card = cards.get("/api/v1/claims/cards?stakeholder=marketing").json()["cards"][0]
    put = cards.put(f"/api/v1/claims/{card['id']}", json={"atoms": [{"whom": BOSSES, "measure": "leads"}]}).json()
    assert (put["kept"]["claims"], put["claim"]["verdict"], put["claim"]["claim"]["confirmed"]) == (
        1, "contradicted", True,
    )  # fmt: skip
    assert cards.get("/api/v1/claims/cases").json()["cases"][0]["said"] == card["quote"]
    back = cards.delete(f"/api/v1/claims/{card['id']}").json()
    assert back["claim"]["claim"]["confirmed"] is False
    assert cards.put(f"/api/v1/claims/{card['id']}", json={"atoms": [{"measure": "weather"}]}).status_code == 422
    assert cards.put("/api/v1/claims/aliases/nobody", json={"whom": "all"}).status_code == 404


def test_names_are_confirmed_in_one_go(cards: TestClient) -> None:
    aliases = cards.get("/api/v1/claims/cards").json()["aliases"]
    data = {"lemma": [a["lemma"] for a in aliases], "segment": [BOSSES for _ in aliases]}
    assert cards.post("/claims/aliases", data=data, follow_redirects=False).status_code == 303
    now = cards.get("/api/v1/claims/cards").json()["aliases"]
    assert all(a["confirmed"] and a["segment"] == BOSSES for a in now)
