"""A seller, a marketer and the owner, each with a key of their own, from the sign-in page to what they came for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Tab = Callable[..., Any]
Shoot = Callable[[Any, str], None]
NOTES = {
    "ru": "Звонила мама, +7 916 555-01-23: ищет курс к экзамену, смущает цена.",
    "en": "A tenant called, 07700 900123: water is coming through the ceiling tonight.",
}
MONEY = {"ru": "₽", "en": "$"}


@pytest.fixture
def enter(tab: Tab, locked: dict[str, str], key_of: dict[tuple[str, str], str]) -> Callable[[str, str], Any]:
    """Signs somebody in with their key; returns the page they land on."""

    def make(role: str, language: str) -> Any:
        page = tab(language)
        page.goto(locked[language] + "/")
        key = page.locator("input[name=key]")
        if not key.is_visible():
            page.locator("summary").first.click()
        key.fill(key_of[language, role])
        key.press("Enter")
        page.wait_for_url(locked[language] + "/")
        return page

    return make


def menu(page: Any) -> list[str]:
    """Addresses of the main menu."""
    return [link.get_attribute("href") for link in page.locator("header nav a").all()]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_sales_paste_a_note_get_its_receipt_and_read_the_script(
    enter: Callable[[str, str], Any], shoot: Shoot, language: str
) -> None:
    page = enter("sales", language)
    assert "/comparison" not in menu(page)
    page.fill("#note", NOTES[language])
    page.locator("form:has(#note) button[type=submit], form:has(#note) button:not([type])").last.click()
    page.wait_for_url("**/uploads/*")
    assert "916 555" not in page.content()
    assert "900123" not in page.content()
    shoot(page, f"sales-receipt-{language}")
    page.goto(page.url.split("/uploads")[0] + "/briefs/script")
    assert page.locator("article.brief, .brief").first.is_visible()
    shoot(page, f"sales-script-{language}")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_marketing_go_from_segments_with_money_to_the_creative_brief_and_its_call(
    enter: Callable[[str, str], Any], locked: dict[str, str], shoot: Shoot, language: str
) -> None:
    page = enter("marketing", language)
    page.locator("header a[href='/segments']").first.click()
    page.wait_for_url("**/segments")
    page.goto(locked[language] + "/economics")
    assert MONEY[language] in page.text_content("main")
    page.locator("header a[href='/briefs']").first.click()
    page.locator("main a[href^='/briefs/creative']").first.click()
    page.wait_for_url("**/briefs/creative*")
    shoot(page, f"marketing-creative-{language}")
    page.goto(locked[language] + "/developers")
    assert "curl" in page.text_content("main")
    shoot(page, f"marketing-curl-{language}")
    page.goto(locked[language] + "/campaigns")
    assert page.locator("h1").count() == 1
    shoot(page, f"marketing-campaigns-{language}")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_owner_opens_the_comparison_its_evidence_and_the_agenda(
    enter: Callable[[str, str], Any], shoot: Shoot, language: str
) -> None:
    page = enter("owner", language)
    page.locator("header a[href='/comparison']").first.click()
    page.wait_for_url("**/comparison")
    shoot(page, f"owner-comparison-{language}")
    page.locator("main details summary").first.click()
    assert page.locator("details[open]").first.is_visible()
    page.goto(page.url.replace("/comparison", "/briefs/session"))
    assert page.locator("h1").count() == 1
    shoot(page, f"owner-agenda-{language}")


def test_a_role_that_does_not_cover_a_page_reads_why(enter: Callable[[str, str], Any], locked: dict[str, str]) -> None:
    page = enter("marketing", "en")
    answer = page.request.get(locked["en"] + "/comparison")
    assert answer.status == 403
    assert "<h1>" in answer.text()
