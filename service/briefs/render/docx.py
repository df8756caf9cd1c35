"""Briefs as a Word document, for those who edit and sign there."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.shared import Pt, RGBColor

from service.briefs.model import (
    Block,
    Brief,
    Bullets,
    Chart,
    Diff,
    Heading,
    Paragraph,
    QuoteBlock,
    Sentence,
    Table,
)
from service.briefs.render.evidence import evidence
from service.briefs.render.plain_text import one_line
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter

GREY = RGBColor(0x5C, 0x60, 0x66)


def docx(brief: Brief) -> bytes:
    """The document with styles of Word itself, so a company's own template can take it over."""
    writer = _Writer(Phrasebook(brief.language, Formatter(brief.language, brief.currency)))
    writer.document.core_properties.title = one_line(brief.title)[:255]
    writer.document.core_properties.author = ""
    writer.document.add_heading(one_line(brief.title), level=1)
    for block in brief.blocks:
        writer.block(block)
    writer.appendix(brief)
    stream = io.BytesIO()
    writer.document.save(stream)
    return stream.getvalue()


class _Writer:
    def __init__(self, book: Phrasebook) -> None:
        self.book = book
        self.document: Any = Document()
        self.document.styles["Normal"].font.size = Pt(11)

    def sentence(self, paragraph: Any, sentence: Sentence, *, struck: bool = False, grey: bool = False) -> None:
        """Runs of a sentence, fact marks as small raised text."""
        for index, span in enumerate(sentence):
            run = paragraph.add_run(one_line(span.text))
            run.bold = span.style in ("strong", "name")
            run.font.strike = struck
            if grey:
                run.font.color.rgb = GREY
            following = sentence[index + 1].fact if index + 1 < len(sentence) else None
            if span.fact and span.fact != following:
                mark = paragraph.add_run(f" {span.fact}")
                mark.font.superscript = True
                mark.font.color.rgb = GREY

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Heading():
                self.document.add_heading(one_line(block.text), level=min(4, block.level))
            case Paragraph():
                paragraph = self.document.add_paragraph()
                for index, sentence in enumerate(block.sentences):
                    if index:
                        paragraph.add_run(" ")
                    self.sentence(paragraph, sentence, grey=block.role == "note")
            case Bullets():
                style = "List Number" if block.ordered else "List Bullet"
                for item in block.items:
                    self.sentence(self.document.add_paragraph(style=style), item)
            case Table():
                self.table(list(block.columns), [list(row.cells) for row in block.rows])
            case QuoteBlock():
                self.sentence(self.document.add_paragraph(style="Intense Quote"), (*block.lead, block.quote))
            case Diff():
                self.diff(block)
            case Chart():
                self.chart(block)

    def table(self, columns: list[str], rows: list[list[Sentence]]) -> None:
        """A grid with a bold first row."""
        table = self.document.add_table(rows=1, cols=len(columns))
        table.style = "Light Grid Accent 1"
        for cell, title in zip(table.rows[0].cells, columns, strict=True):
            cell.text = one_line(title)
        for row in rows:
            cells = table.add_row().cells
            for cell, sentence in zip(cells, row, strict=False):
                self.sentence(cell.paragraphs[0], sentence)
        self.document.add_paragraph()

    def diff(self, diff: Diff) -> None:
        """Old struck through, new below it, why in grey."""
        head = self.document.add_paragraph()
        head.add_run(f"{self.book.text(f'diff.{diff.action}')} — {one_line(diff.section)}").bold = True
        for key, sentence in (("old", diff.old), ("new", diff.new)):
            if sentence:
                paragraph = self.document.add_paragraph(f"{self.book.text(f'diff.{key}')}: ")
                self.sentence(paragraph, sentence, struck=key == "old")
        if diff.why:
            paragraph = self.document.add_paragraph(f"{self.book.text('diff.why')}: ")
            for sentence in diff.why:
                self.sentence(paragraph, sentence, grey=True)
                paragraph.add_run(" ")

    def chart(self, chart: Chart) -> None:
        """The figures of the chart as a table: the same facts, and Word can sort them."""
        self.document.add_paragraph().add_run(one_line(chart.title)).bold = True
        table = self.document.add_table(rows=0, cols=3)
        for row in chart.rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = one_line(row.label), one_line(row.text)
            if row.low is not None and row.high is not None:
                cells[2].text = self.book.formatter.spread(row.low, row.high, chart.unit)
        self.document.add_paragraph(one_line(chart.caption))

    def appendix(self, brief: Brief) -> None:
        """Every fact."""
        found = evidence(brief)
        if not found.numbers and not found.quotes:
            return
        self.document.add_page_break()
        self.document.add_heading(self.book.text("evidence.title"), level=2)
        self.document.add_paragraph(self.book.text("evidence.intro"))
        columns = [self.book.text(f"evidence.col_{c}") for c in ("id", "what", "value", "base", "spread")]
        table = self.document.add_table(rows=1, cols=len(columns))
        table.style = "Light Grid Accent 1"
        for cell, title in zip(table.rows[0].cells, columns, strict=True):
            cell.text = title
        for line in found.numbers:
            cells = table.add_row().cells
            values = (line.id, line.what, line.value, line.base, line.spread)
            for cell, value in zip(cells, values, strict=True):
                cell.text = one_line(value)
        for quote in found.quotes:
            words = self.book.formatter.quote(one_line(quote.text))
            self.document.add_paragraph(f"{quote.id}  {words} — {one_line(quote.origin(', '))}")
