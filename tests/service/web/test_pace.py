"""How often one may knock, and what a refusal looks like."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.core.settings import Settings
from service.web.pace import Door, Pace, TooMany, door_of, network

Visitor = Callable[..., TestClient]
Key = Callable[..., str]


class Clock:
    """Time as the test tells it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def pace_of(limit: int, clock: Clock | None = None) -> Pace:
    return Pace({"requests": limit, "uploads": limit, "sign_ins": limit}, clock or Clock())


def knocks(pace: Pace, door: Door, address: str, credential: str = "") -> int:
    """How many requests are let in one after another."""
    for count in range(1000):
        try:
            pace.take(door, address, credential)
        except TooMany:
            return count
    return 1000


def test_a_minute_s_worth_goes_through_and_the_rest_is_told_when_to_come() -> None:
    clock = Clock()
    pace = pace_of(6, clock)
    assert knocks(pace, "requests", "10.0.0.1") == 6
    with pytest.raises(TooMany) as refused:
        pace.take("requests", "10.0.0.1")
    assert refused.value.headers == {"Retry-After": "10"}
    clock.now = 10.0
    assert knocks(pace, "requests", "10.0.0.1") == 1
    clock.now = 1000.0
    assert knocks(pace, "requests", "10.0.0.1") == 6


def test_senders_do_not_pay_for_each_other() -> None:
    pace = pace_of(3)
    pace.prove("good")
    assert knocks(pace, "requests", "10.0.0.1") == 3
    assert knocks(pace, "requests", "10.0.0.1", "good") == 3
    assert knocks(pace, "requests", "10.0.0.2") == 3
    assert knocks(pace, "uploads", "10.0.0.2") == 3


def test_made_up_keys_win_nothing() -> None:
    pace = pace_of(3)
    taken = sum(knocks(pace, "requests", "10.0.0.1", f"made up {n}") for n in range(50))
    assert taken == 3


def test_signing_in_is_paced_by_address_whatever_the_key() -> None:
    pace = pace_of(3)
    pace.prove("good")
    assert knocks(pace, "sign_ins", "10.0.0.1", "good") == 3
    assert knocks(pace, "sign_ins", "10.0.0.1") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="one network of IPv6"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="another network of IPv6"),
        pytest.param("::ffff:10.0.0.1", "10.0.0.1", True, id="IPv4 inside IPv6"),
        pytest.param("10.0.0.1", "10.0.0.2", False, id="two addresses"),
        pytest.param("", "testclient", True, id="no address at all"),
    ],
)
def test_addresses_as_senders(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) == same


@pytest.mark.parametrize(
    ("method", "path", "door"),
    [
        ("GET", "/static/whobuys.css", None),
        ("GET", "/healthz", None),
        ("GET", "/metrics", None),
        ("POST", "/sign-in", "sign_ins"),
        ("GET", "/sign-in", "requests"),
        ("POST", "/upload", "uploads"),
        ("POST", "/api/v1/uploads", "uploads"),
        ("GET", "/api/v1/uploads", "requests"),
        ("GET", "/comparison", "requests"),
    ],
)
def test_doors(method: str, path: str, door: str | None) -> None:
    assert door_of(method, path) == door


class TestServed:
    """Limits of the settings, at the doors."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"requests_per_minute": 5, "uploads_per_minute": 2, "sign_ins_per_minute": 2})

    def test_a_machine_gets_a_problem_and_a_person_a_page(self, client: TestClient) -> None:
        for _ in range(5):
            assert client.get("/api/v1/uploads").status_code == 200
        refused = client.get("/api/v1/uploads")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        assert int(refused.headers["retry-after"]) in range(1, 13)
        page = client.get("/", headers={"Accept-Language": "en"})
        assert page.status_code == 429
        assert re.search(r"Too many requests\. Try again in \d+ s\.", page.text)
        assert client.get("/static/whobuys.css").status_code == 200
        assert client.get("/healthz").status_code == 200

    def test_uploads_have_their_own_limit(self, client: TestClient) -> None:
        for n in range(2):
            assert client.post("/api/v1/uploads", data={"note": f"Звонил {n}"}).status_code == 201
        assert client.post("/api/v1/uploads", data={"note": "Звонил третий"}).status_code == 429
        assert client.get("/api/v1/uploads").status_code == 200

    def test_each_key_has_its_own_pace_and_wrong_ones_share_the_address_s(self, visitor: Visitor, key: Key) -> None:
        one, other = visitor(key("sales")), visitor(key("owner"))
        for holder in (one, other):
            assert holder.get("/api/v1/uploads").status_code == 200
        for _ in range(5):
            assert one.get("/api/v1/uploads").status_code == 200
        assert one.get("/api/v1/uploads").status_code == 429
        assert other.get("/api/v1/uploads").status_code == 200
        answers = [visitor(f"wb_made_up_{n}").get("/api/v1/uploads").status_code for n in range(5)]
        assert answers[-1] == 429
        assert other.get("/api/v1/uploads").status_code == 200

    def test_guessing_at_the_sign_in_page_ends_soon(self, visitor: Visitor, key: Key) -> None:
        key("owner")
        answers = [visitor().post("/sign-in", data={"key": f"wb_{n}"}).status_code for n in range(4)]
        assert answers[2:] == [429, 429]
