"""The three people's ways through the pages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Tab = Callable[..., Any]
Shoot = Callable[[Any, str], None]
PATHS = (
    "/",
    "/segments",
    "/segments/s1",
    "/segments/edits",
    "/segments/history",
    "/comparison",
    "/briefs",
    "/briefs/script",
    "/briefs/creative",
    "/claims",
)
CALLS = {
    "ru": "Менеджер: Школа языков, добрый день!\nКлиент: Нам сдавать экзамен в мае, телефон 8 916 555-01-23.\n",
    "en": "Agent: Plumbing, good evening.\nCustomer: Water is coming through the ceiling, call 07700 900123.\n",
}
WORDS = {
    "ru": {"send": "Отправить", "taken": "Принят", "start": "Запустить анализ", "open": "Открыть сравнение",
           "why": "Почему так и что говорят клиенты"},
    "en": {"send": "Send", "taken": "taken", "start": "Start the analysis", "open": "Open the comparison",
           "why": "Why, and what customers say"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
def test_from_a_file_to_the_owners_page(
    tab: Tab, addresses: dict[str, str], shoot: Shoot, tmp_path: Path, language: str
) -> None:
    words, page = WORDS[language], tab(language)
    call = tmp_path / "call.txt"
    call.write_text(CALLS[language], encoding="utf-8")
    page.goto(addresses[language])
    page.set_input_files("#files", call)
    assert "1" in page.text_content("[data-chosen]")
    shoot(page, f"upload-{language}")
    page.get_by_role("button", name=words["send"]).click()
    page.wait_for_url("**/uploads/*")
    assert words["taken"] in page.text_content("h1")
    assert "916" not in page.content()
    assert "900123" not in page.content()
    shoot(page, f"receipt-{language}")
    page.get_by_role("button", name=words["start"]).click()
    page.wait_for_url("**/runs/*")
    shoot(page, f"progress-{language}")
    page.reload()
    link = page.get_by_role("link", name=words["open"])
    link.wait_for()
    shoot(page, f"done-{language}")
    link.click()
    page.wait_for_url("**/comparison")
    summary = page.locator("summary", has_text=words["why"]).first
    summary.click()
    assert page.locator(".claim details[open] blockquote").first.is_visible()
    shoot(page, f"comparison-{language}")
    page.locator("a[href='/segments']").first.click()
    page.wait_for_url("**/segments")
    shoot(page, f"segments-{language}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_its_window(
    tab: Tab, addresses: dict[str, str], shoot: Shoot, path: str, size: str, scheme: str
) -> None:
    page = tab("ru", size, scheme)
    page.goto(addresses["ru"] + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main .button, header a, summary')]"
        ".filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 24).map(e => e.textContent)"
    )
    assert small == []
    shoot(page, f"{path.strip('/').replace('/', '-') or 'upload'}-{size}-{scheme}")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_finding_and_next_step_stand_above_the_fold(tab: Tab, addresses: dict[str, str], size: str) -> None:
    page = tab("ru", size)
    for path in ("/", "/segments", "/comparison"):
        page.goto(addresses["ru"] + path)
        assert page.locator("h1").bounding_box()["y"] < 400
        assert page.locator("h1 + *").first.bounding_box()["y"] < page.viewport_size["height"]


def test_a_pasted_note_goes_in_by_keyboard_alone(tab: Tab, addresses: dict[str, str]) -> None:
    page = tab("ru")
    page.goto(addresses["blank"])
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "note":
            break
    page.keyboard.type("Звонила мама, ищет курс к экзамену, смущает цена.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uploads/*")
    assert "Заметка принята" in page.text_content("h1")


def test_everything_works_without_scripts(tab: Tab, addresses: dict[str, str], tmp_path: Path) -> None:
    page = tab("en", script=False)
    call = tmp_path / "call.txt"
    call.write_text(CALLS["en"], encoding="utf-8")
    page.goto(addresses["blank"])
    page.set_input_files("#files", call)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/uploads/*")
    page.get_by_role("button", name="Start the analysis").click()
    page.wait_for_url("**/runs/*")
    assert page.locator("meta[http-equiv=refresh]").count() == 1


def test_an_empty_form_says_so_and_stays(tab: Tab, addresses: dict[str, str]) -> None:
    page = tab("en")
    page.goto(addresses["blank"])
    page.get_by_role("button", name="Send").click()
    assert "Nothing chosen" in page.text_content("[data-chosen]")


def test_empty_and_error_pages_say_what_next(tab: Tab, addresses: dict[str, str], shoot: Shoot) -> None:
    page = tab("ru")
    page.goto(addresses["blank"] + "/comparison")
    assert page.get_by_role("link", name="Перейти к загрузке").is_visible()
    shoot(page, "empty-ru")


def test_the_script_is_small() -> None:
    script = Path(__file__).parents[2] / "service" / "web" / "static" / "whobuys.js"
    assert script.stat().st_size < 20_000
