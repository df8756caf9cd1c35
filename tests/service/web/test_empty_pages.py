"""Every page before there is any data: it stands, and says what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from route_table import PUBLIC, ROUTES

from service.app import create_app
from service.core.settings import Settings

LETTERS = {"S": "sales", "M": "marketing", "O": "owner", "A": "admin"}
PAGES = [
    row.removeprefix("GET ")
    for row, who in ROUTES.items()
    if row.startswith("GET /") and who != PUBLIC and not re.search(r"[{.]|/api/|/metrics|/x1", row)
]


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    """With the real runs, of which there are none."""
    made = create_app(settings)
    yield made
    made.state.store.close()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_page_opened_before_any_data_stands_and_leads_on(
    visitor: Callable[..., TestClient], key: Callable[..., str], letter: str, language: str
) -> None:
    holder, wrong = visitor(key(LETTERS[letter]), language=language), []
    for path in PAGES:
        if letter not in ROUTES[f"GET {path}"] or (path.startswith("/briefs/") and path.count("/") > 2):
            continue
        answer = holder.get(path)
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        stands = answer.status_code == 200 and main.count("<h1") == 1
        leads = bool(re.search(r"<(a|form)\b", main)) and bool(re.search(r"<(p|li|label|legend)\b", main))
        if not (stands and leads):
            wrong.append((path, answer.status_code, main[:200]))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(PAGES) > 20
