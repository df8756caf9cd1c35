"""What a browser sees of every page: bytes and requests over the wire, when its largest part was painted, axe."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

MOST_BYTES = 100_000
"""Compressed, with style, script and pictures."""
MOST_REQUESTS = 10
PAINT_SECONDS = 1.0
"""Goal for the largest paint, on this machine."""
WINDOW = (1366, 768)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGES = (
    "/", "/uploads", "/tables", "/speakers", "/customers", "/runs", "/segments", "/segments/edits", "/segments/history",
    "/portrait", "/comparison", "/economics", "/campaigns", "/claims", "/personas", "/briefs", "/briefs/comparison",
    "/briefs/session", "/briefs/creative", "/briefs/script", "/shares", "/webhooks", "/hooks", "/developers", "/people",
    "/keys", "/settings", "/audit", "/account", "/sign-in",
)  # fmt: skip
"""Every page without an id in its address."""
LARGEST_PAINT = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 150);
})"""


class Look(NamedTuple):
    """One page as a fresh browser saw it."""

    path: str
    status: int
    sent: int
    """Bytes of all bodies as they came over the wire."""
    requests: int
    paint: float
    """Seconds to the largest paint; 0 where the browser told none."""
    complaints: tuple[str, ...]
    """axe's serious and critical findings."""


def look(browser: Any, address: str, path: str, scheme: str = "light", cookies: Sequence[Any] = ()) -> Look:
    """Open a page with an empty cache."""
    width, height = WINDOW
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True)
    try:
        context.add_cookies(list(cookies))
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sent: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
        answer = page.goto(address + path, wait_until="load")
        paint = page.evaluate(LARGEST_PAINT) / 1000
        return Look(path, answer.status if answer else 0, int(sum(sent)), len(sent), paint, complaints(page))
    finally:
        context.close()


def complaints(page: Any) -> tuple[str, ...]:
    """axe's findings that keep somebody from using the page: rule and the element."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page).response["violations"]
    return tuple(
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")
    )


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, closed with the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield browser
        browser.close()


def main(arguments: Sequence[str]) -> int:
    """Print a row a page; 1 where one is too heavy or axe finds something serious."""
    parser = argparse.ArgumentParser(prog="python -m eval pages", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="an analysed home (it is copied)")
    parser.add_argument("--language", choices=("ru", "en"), default="en")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(wanted.home, Path(name) / "home")
        looks = _looks(Path(name) / "home", wanted.language)
    print(show(looks))
    return int(any(too_much(one) for one in looks))


def _looks(home: Path, language: str) -> list[Look]:
    from eval.load import free_port, served
    from service.core.settings import Settings

    settings = Settings(home=home, port=free_port())
    address = f"http://127.0.0.1:{settings.port}"
    cookie = {"name": "whobuys_lang", "value": language, "url": address}
    with served(settings), chromium() as browser:
        browser.new_page().goto(f"{address}/comparison")
        return [look(browser, address, path, cookies=[cookie]) for path in PAGES]


def too_much(one: Look) -> bool:
    """Whether a page is heavier than it may be, does not stand, or keeps somebody out."""
    return one.status != 200 or one.sent > MOST_BYTES or one.requests > MOST_REQUESTS or bool(one.complaints)


def show(looks: Sequence[Look]) -> str:
    """The figures as a Markdown table, the heaviest page last."""
    rows = [
        f"| {one.path} | {one.sent / 1000:.1f} | {one.requests} | {1000 * one.paint:.0f} | {len(one.complaints)} |"
        for one in sorted(looks, key=lambda one: one.sent)
    ]
    told = [f"{one.path} ({one.status}): {said}" for one in looks for said in one.complaints]
    slow = sum(one.paint > PAINT_SECONDS for one in looks)
    return "\n".join(
        [
            "| page | kB over the wire | requests | largest paint, ms | axe, serious |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"{len(looks)} pages; largest paint over {PAINT_SECONDS:g} s: {slow}; not 200: "
            f"{', '.join(one.path for one in looks if one.status != 200) or 'none'}",
            *told,
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
