"""Who our customer is, money by group, all claims in one table: pages and API, by role and by filter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.store.runs import latest_done

Visitor = Callable[..., TestClient]
Key = Callable[..., str]
API = "/api/v1"


@pytest.fixture
def home(request: pytest.FixtureRequest) -> str:
    """The Russian school, analysed."""
    return str(getattr(request, "param", "ru"))


def rows(html: str) -> int:
    return len(re.findall(r'<tr id="claim-', html))


class TestClaimTable:
    def test_filters_are_plain_parameters(self, client: TestClient) -> None:
        everything = client.get(f"{API}/claims").json()["claims"]
        assert rows(client.get("/comparison/claims").text) == len(everything)
        for who in ("marketing", "sales", "owner"):
            mine = [c for c in everything if c["claim"]["stakeholder"] == who]
            assert rows(client.get("/comparison/claims", params={"stakeholder": who}).text) == len(mine)
        for verdict in ("supported", "partly", "contradicted", "no_evidence"):
            fitting = [c for c in everything if c["verdict"] == verdict]
            assert rows(client.get("/comparison/claims", params={"verdict": verdict}).text) == len(fitting)

    def test_by_segment_and_by_nobody(self, client: TestClient) -> None:
        everything = client.get(f"{API}/claims").json()["claims"]
        segment = next(c["segment"] for c in everything if c["segment"])
        mine = [c for c in everything if c["segment"] == segment]
        assert rows(client.get("/comparison/claims", params={"segment": segment}).text) == len(mine)
        assert client.get(f"{API}/claims", params={"segment": segment}).json()["claims"] == mine
        nobody = [c for c in everything if not c["segment"]]
        assert rows(client.get("/comparison/claims", params={"segment": "everybody"}).text) == len(nobody)

    @pytest.mark.parametrize("odd", ["nonsense", "<script>alert(1)</script>", "supported'--"])
    def test_an_unknown_choice_is_no_error_and_never_markup(self, client: TestClient, odd: str) -> None:
        answer = client.get("/comparison/claims", params={"verdict": odd[:20], "stakeholder": odd[:20], "segment": odd})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text

    def test_what_is_chosen_stays_chosen(self, client: TestClient) -> None:
        html = client.get("/comparison/claims", params={"verdict": "contradicted"}).text
        assert re.search(r'<option value="contradicted" selected>', html)


class TestPortrait:
    def test_every_segment_has_a_tier_an_interval_and_a_persona(self, client: TestClient) -> None:
        html = client.get("/portrait").text
        placed = client.get(f"{API}/portrait").json()["placed"]
        assert placed
        for one in placed:
            assert f'id="persona-{one["segment"]}"' in html
        assert html.count('class="range') >= 1

    def test_sales_see_whom_but_not_how_much(self, visitor: Visitor, key: Key) -> None:
        sales, owner = visitor(key("sales")), visitor(key("owner"))
        seen, full = (who.get(f"{API}/portrait/personas").json()["personas"] for who in (sales, owner))
        assert [one["segment"] for one in seen] == [one["segment"] for one in full]
        assert any(one["check"] for one in full)
        assert not any(one["check"] or one["shares"] or one["channels"] or one["known"] for one in seen)
        assert "₽" not in re.sub(r"<footer.*", "", sales.get("/portrait").text, flags=re.DOTALL)
        assert "₽" in owner.get("/portrait").text

    def test_claims_stand_on_both_axes(self, client: TestClient) -> None:
        found = client.get(f"{API}/portrait/axes").json()["claims"]
        tiers = {one["segment"]: one["tier"] for one in client.get(f"{API}/portrait").json()["placed"]}
        focus = {"most_profitable": "first", "promising": "test", "secondary": "later", "not_ours": "never"}
        assert found
        for claim in found:
            assert claim["focus"] == focus.get(tiers.get(claim["segment"] or "", ""), "everybody")
            assert claim["settling"]["kind"] in ("data", "more", "equal", "confirm", "settled")


class TestEconomics:
    def test_channels_and_campaigns_have_pages_of_their_own(self, client: TestClient) -> None:
        html = client.get("/economics").text
        groups = re.findall(r'href="(/economics/(?:segment|channel|campaign)/[^"]+)"', html)
        assert groups
        assert {client.get(path).status_code for path in groups} == {200}

    def test_an_unknown_group_is_not_found(self, client: TestClient) -> None:
        assert client.get("/economics/channel/nobody").status_code == 404
        assert client.get("/economics/planet/mars").status_code in (404, 422)

    def test_the_api_gives_one_group_one_measure(self, client: TestClient) -> None:
        asked = {"level": "all", "name": "all", "measure": "conversion"}
        found = client.get(f"{API}/economics", params=asked).json()
        assert [row["measure"] for row in found["measures"]] == ["conversion"]
        assert {"few", "shrunk"} <= set(found["measures"][0])
        assert isinstance(found["odd"], list)

    def test_sales_see_no_money(self, visitor: Visitor, key: Key) -> None:
        sales = visitor(key("sales"))
        key("owner")
        assert sales.get("/economics").status_code == 403
        assert sales.get(f"{API}/economics").status_code == 403


def test_pairs_of_stakeholders_are_told(client: TestClient, app: FastAPI) -> None:
    found = client.get(f"{API}/comparison").json()
    groups = [tuple(one["stakeholders"]) for one in found["overlaps"]]
    there = [who for who in ("marketing", "sales", "owner") if who not in found["missing"]]
    assert len(groups) == {0: 0, 1: 0, 2: 1, 3: 4}[len(there)]
    with app.state.store.session() as session:
        assert found["run"] == latest_done(session, "default").id
