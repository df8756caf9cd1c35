"""One figure is written one way: on a page, in every document format and in the tables of the command line."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest
from company import Company, company, finished_run
from docx import Document
from fastapi.testclient import TestClient
from pypdf import PdfReader
from two_step_runs import TwoStepRuns

from service.app import create_app
from service.cli import main
from service.core.settings import Settings
from service.economics.model import Measure, MeasureBook
from service.export import export_table
from service.store.db import open_store

FIGURES: dict[str, tuple[float | None, float | None, float | None]] = {
    "conversion": (0.12344, 0.10444, 0.14555),
    "ltv": (84_231.4, 71_840.0, 99_512.0),
    "cac": (1_234_567.0, None, None),
    "days_to_close": (47.4, 41.0, 55.0),
}
"""What the first segment is made to have: value, low, high."""
SIZE = 12_345
EXPECTED = {
    "ru": {
        "share": "12 %", "share interval": "от 10 до 15 %", "money": "84 200 ₽", "millions": "1,23 млн ₽",
        "money interval": "от 71 800 до 99 500 ₽", "count": "12 345", "days": "47 дней", "unknown": "нет данных",
    },
    "en": {
        "share": "12%", "share interval": "10–15%", "money": "$84,200", "millions": "$1.23 million",
        "money interval": "$71,800–99,500", "count": "12,345", "days": "47 days", "unknown": "no data",
    },
}  # fmt: skip
DOCUMENTS = ("md", "docx", "pdf")
PLACES = ("page", *DOCUMENTS, "command line")


def with_figures(made: Company) -> Company:
    """The company with our figures in its first segment, and no price of a customer in its second."""
    first, second = made.segmentation.segments[:2]
    rows = []
    for row in made.measures:
        if (row.level, row.name) == ("segment", first.id) and row.measure in FIGURES:
            row = replace(row, **dict(zip(("value", "low", "high"), FIGURES[row.measure], strict=True)), n=SIZE)
        if (row.level, row.name, row.measure) == ("segment", second.id, "cac"):
            row = Measure(row.level, row.name, row.measure, None, None, None, 0, row.unit)
        rows.append(row)
    share = replace(first.share, k=SIZE, n=2 * SIZE, value=0.5)
    segments = (replace(first, size=SIZE, share=share), *made.segmentation.segments[1:])
    segmentation = replace(made.segmentation, segments=segments, customers=2 * SIZE)
    return replace(made, segmentation=segmentation, measures=MeasureBook(rows, made.measures.currency))


def spaced(text: str) -> str:
    """Line breaks and no-break spaces as spaces: a table or a page may break a line at them."""
    return " ".join(text.split())


def said(*words: str) -> str:
    """What a command prints, as spaced text; a document as bytes comes through `-o`."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(list(words)) == 0
    return spaced(out.getvalue())


def columns(screen: str) -> str:
    """A table of the console read column by column: a cell of several lines becomes one text."""
    lines = screen.splitlines()
    width = max(map(len, lines), default=0)
    breaks = [x for x in range(width) if all(len(line) <= x or line[x] in "│┃|┼╇" for line in lines if "│" in line)]
    edges = [-1, *breaks, width]
    return spaced(" ".join(line[a + 1 : b] for a, b in zip(edges, edges[1:], strict=False) for line in lines))


def document(home: Path, kind: str, language: str) -> str:
    """The comparison brief's text in a format."""
    path = home / f"brief.{kind}"
    assert main(["brief", "comparison", "--format", kind, "--lang", language, "-o", str(path)]) == 0
    if kind == "pdf":
        return spaced(" ".join(page.extract_text() for page in PdfReader(path).pages))
    if kind == "docx":
        made = Document(str(path))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        return spaced(" ".join([*(paragraph.text for paragraph in made.paragraphs), *cells]))
    return spaced(path.read_text(encoding="utf-8").replace("\\$", "$"))


def pages(settings: Settings, language: str, segment: str) -> str:
    """The text of the pages with the segments' figures."""
    app = create_app(settings, TwoStepRuns())
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 50000)) as client:
        shown = [
            client.get(path, params={"lang": language}).text for path in ("/segments", f"/economics/segment/{segment}")
        ]
    return spaced(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(shown))))


@pytest.fixture(scope="module", params=["ru", "en"])
def texts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """Language, home, and the same company's figures by place."""
    language = str(request.param)
    home = tmp_path_factory.mktemp(f"figures_{language}")
    settings = Settings(home=home)
    made = with_figures(company(language))
    store = open_store(settings)
    finished_run(store, settings, made)
    store.close()
    first = made.segmentation.segments[0].id
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("WHOBUYS_HOME", str(home)), ("WHOBUYS_LANGUAGE", language), ("COLUMNS", "80")):
            patch.setenv(name, value)
        out = io.StringIO()
        with redirect_stdout(out):
            assert main(["summary"]) == 0
        found = {kind: document(home, kind, language) for kind in ("md", "docx", "pdf")}
        found["command line"] = f"{columns(out.getvalue())} {said('measures', 'segment', first)}"
        found["page"] = pages(settings, language, first)
        yield language, home, found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("figure", list(EXPECTED["ru"]))
def test_a_figure_reads_the_same_everywhere(texts: tuple[str, Path, dict[str, str]], figure: str, place: str) -> None:
    language, _, found = texts
    wanted = EXPECTED[language][figure]
    if figure == "days" and place in DOCUMENTS:
        wanted = f" {wanted.split()[0]} "  # the documents say the unit once, in the head of the column
    assert wanted in found[place]


def test_the_table_of_the_console_keeps_every_figure_whole_in_80_columns(
    texts: tuple[str, Path, dict[str, str]],
) -> None:
    assert "…" not in said("summary")


def test_tables_for_programs_hold_the_numbers_themselves(texts: tuple[str, Path, dict[str, str]]) -> None:
    _, home, _ = texts
    settings = Settings(home=home)
    store = open_store(settings)
    try:
        for kind in ("csv", "json"):
            made = str(export_table(store, settings, "default", "economics", kind))
            assert all(number in made for number in ("84231.4", "0.12344", "47.4"))
            assert "\u00a0" not in made
    finally:
        store.close()
