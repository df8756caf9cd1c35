"""For developers: calls that work when copied; and campaigns with what they cost."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.economics.model import Measure, MeasureBook
from service.web.pages.campaigns import campaign_lines

Visitors = Callable[..., TestClient]
Keys = Callable[..., str]
CALLS = {
    "sales": ["note", "files", "script"],
    "marketing": ["note", "files", "request", "creative"],
    "owner": ["note", "files", "request", "creative", "script", "comparison"],
}


def commands(page: str) -> dict[str, str]:
    """Calls of the page by their name."""
    found = re.findall(r'<pre id="call-(\w+)"[^>]*>(.*?)</pre>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


@pytest.mark.parametrize("role", sorted(CALLS))
def test_a_role_is_shown_the_calls_it_may_make(visitor: Visitors, key: Keys, role: str) -> None:
    page = visitor(key(role)).get("/developers")
    assert page.status_code == 200
    assert list(commands(page.text)) == CALLS[role]


@pytest.mark.parametrize("home", ["ru"], indirect=True)
def test_every_call_works_when_copied(visitor: Visitors, key: Keys) -> None:
    token = key("owner")
    owner = visitor(token)
    for name, command in commands(owner.get("/developers").text).items():
        words = shlex.split(command.replace("$WHOBUYS_KEY", token).replace("\\\n", " "))
        method, sent, headers = "GET", {}, {}
        for option, value in zip(words, words[1:], strict=False):
            if option == "-H":
                header, _, content = value.partition(": ")
                headers[header] = content
            elif option == "-d":
                method, sent = "POST", {"content": value}
                assert json.loads(value)
            elif option == "-F":
                method, sent = "POST", {"files": [("files", ("calls.txt", "Клиент: да\nМенеджер: да\n".encode()))]}
            elif option == "-X":
                method = value
        assert words[-1].startswith("http://127.0.0.1:8765/api/v1/")
        answer = owner.request(method, words[-1], headers=headers, **sent)  # type: ignore[arg-type]
        assert answer.status_code in (200, 201, 202), (name, answer.text[:200])


@pytest.mark.parametrize(("language", "words"), [("ru", "не клиенты, на них ушло"), ("en", "are no customers")])
@pytest.mark.parametrize("home", ["ru"], indirect=True)
def test_the_campaigns_page_names_the_one_that_wastes_most(visitor: Visitors, language: str, words: str) -> None:
    page = visitor(language=language).get("/campaigns").text
    assert words in page
    told = visitor().get("/api/v1/campaigns").json()
    assert told["campaigns"][0]["wasted"] == pytest.approx(told["campaigns"][0]["outside"] * 184000)


def test_sales_sees_no_campaigns_and_nobody_before_the_first_analysis(visitor: Visitors, key: Keys) -> None:
    assert visitor(key("sales")).get("/campaigns").status_code == 403
    assert visitor(key("marketing")).get("/api/v1/campaigns").json()["code"] == "not_ready"
    assert "Кампании" not in visitor(key("marketing")).get("/campaigns").text


def book(*rows: tuple[str, str, float, int]) -> MeasureBook:
    return MeasureBook(
        (Measure("campaign", name, measure, value, value / 2, value * 2, n, "share" if n < 900 else "money")
         for name, measure, value, n in rows),
        "RUB",
    )  # fmt: skip


def test_campaigns_come_by_the_money_they_waste_and_few_people_tell_no_share() -> None:
    lines = campaign_lines(
        book(
            ("cheap", "not_a_customer_share", 0.5, 40), ("cheap", "spend", 100.0, 900),
            ("dear", "not_a_customer_share", 0.1, 40), ("dear", "spend", 9000.0, 900),
            ("tiny", "not_a_customer_share", 1.0, 3), ("tiny", "spend", 90000.0, 900),
            ("free", "not_a_customer_share", 0.2, 40),
        )
    )  # fmt: skip
    assert [line.name for line in lines] == ["dear", "cheap", "free", "tiny"]
    dear, _, free, tiny = lines
    assert (dear.wasted, dear.wasted_low, dear.wasted_high) == (900.0, 450.0, 1800.0)
    assert (free.wasted, tiny.outside, tiny.wasted, tiny.people) == (None, None, None, 3)
