"""Takes the README's pictures from a served demo: `python docs/images/take.py http://127.0.0.1:8765 en`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGES = {"comparison": 1010, "segments": 900}
"""Page → height of the picture."""


def take(address: str, language: str) -> None:
    """Both pictures, light, 1366 wide, next to this file; the ones in Russian end in `.ru.png`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for name, height in PAGES.items():
            page = browser.new_page(viewport={"width": 1366, "height": height}, color_scheme="light")
            page.goto(f"{address}/{name}?lang={language}", wait_until="networkidle")
            ending = "" if language == "en" else f".{language}"
            page.screenshot(path=Path(__file__).with_name(f"{name}{ending}.png"))
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "en")
