"""Every page in a real browser: light enough, few requests, and usable by everybody as far as axe can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.pages import MOST_BYTES, MOST_REQUESTS, PAGES, look, show

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("kind", "scheme"), [("ru", "light"), ("en", "dark")], ids=["Russian by day", "English by night"]
)
def test_every_page_is_light_and_open_to_all(
    browser: Any, addresses: dict[str, str], kind: str, scheme: str, kept: Callable[[str, str], None]
) -> None:
    cookie = {"name": "whobuys_lang", "value": kind, "url": addresses[kind]}
    looks = [look(browser, addresses[kind], path, scheme, [cookie]) for path in PAGES]
    kept(f"pages-{kind}.md", show(looks))
    wrong = [
        (one.path, one.status, one.sent, one.requests, one.complaints)
        for one in looks
        if one.status != 200 or one.sent > MOST_BYTES or one.requests > MOST_REQUESTS or one.complaints
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_pages_without_any_data_are_open_to_all_too(browser: Any, addresses: dict[str, str]) -> None:
    looks = [look(browser, addresses["blank"], path) for path in ("/", "/segments", "/uploads", "/personas")]
    assert [one.complaints for one in looks] == [()] * len(looks)
