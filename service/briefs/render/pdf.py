"""Briefs as PDF by typst: the words travel as JSON data, so nothing in them is markup."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

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

Data = dict[str, Any]


def pdf(brief: Brief) -> bytes:
    """A4 pages, the evidence appendix on its own page."""
    import typst

    template = (files("service.briefs.render") / "templates" / "brief.typ").read_bytes()
    made: bytes = typst.compile(template, sys_inputs={"brief": json.dumps(_data(brief), ensure_ascii=False)})
    return made


def _data(brief: Brief) -> Data:
    book = Phrasebook(brief.language, Formatter(brief.language, brief.currency))
    found = evidence(brief)
    known = {n.id for n in found.numbers} | {q.id for q in found.quotes}
    return {
        "title": one_line(brief.title),
        "language": brief.language,
        "kind": book.text(f"page.kind.{brief.kind}"),
        "blocks": [_block(block, book, known) for block in brief.blocks],
        "numbers": [
            {"id": n.id, "what": one_line(n.what), "value": n.value, "base": n.base, "spread": n.spread}
            for n in found.numbers
        ],
        "quotes": [
            {
                "id": q.id,
                "text": book.formatter.quote(one_line(q.text)),
                "source": one_line(q.origin(" · ")),
            }
            for q in found.quotes
        ],
        "evidence": {
            "title": book.text("evidence.title"),
            "intro": book.text("evidence.intro"),
            "columns": [book.text(f"evidence.col_{c}") for c in ("id", "what", "value", "base", "spread")],
        },
    }


def _spans(sentence: Sentence, known: set[str]) -> list[Data]:
    found = []
    for index, span in enumerate(sentence):
        following = sentence[index + 1].fact if index + 1 < len(sentence) else None
        mark = span.fact if span.fact in known and span.fact != following else ""
        found.append(
            {"text": one_line(span.text), "bold": span.style in ("strong", "name"), "quote": False, "mark": mark or ""}
        )
    return found


def _block(block: Block, book: Phrasebook, known: set[str]) -> Data:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": one_line(block.text)}
        case Paragraph():
            spans = [s for sentence in block.sentences for s in [*_spans(sentence, known), _blank()]]
            return {"kind": "paragraph", "role": block.role, "spans": spans}
        case Bullets():
            return {"kind": "bullets", "ordered": block.ordered, "items": [_spans(i, known) for i in block.items]}
        case Table():
            cells = [
                _spans(cell, known)
                for row in block.rows
                for cell in [*row.cells, *([()] * (len(block.columns) - len(row.cells)))]
            ]
            return {
                "kind": "table",
                "columns": [one_line(c) for c in block.columns],
                "numeric": list(block.numeric),
                "rows": {"flatten-cells": cells},
            }
        case QuoteBlock():
            return {"kind": "quote", "spans": _spans((*block.lead, block.quote), known)}
        case Diff():
            return {
                "kind": "diff",
                "head": f"{book.text(f'diff.{block.action}')} — {one_line(block.section)}",
                "old": _spans(block.old, known),
                "new": _spans(block.new, known),
                "why": [s for sentence in block.why for s in [*_spans(sentence, known), _blank()]],
                "labels": {key: book.text(f"diff.{key}") for key in ("old", "new", "why")},
            }
        case Chart():
            return _chart(block)


def _chart(chart: Chart) -> Data:
    """Values as parts of the widest range, so the template only draws."""
    end = max([row.high if row.high is not None else row.value for row in chart.rows] + [1e-9])
    rows = [
        {
            "label": one_line(row.label),
            "text": one_line(row.text),
            "value": min(1.0, row.value / end),
            "low": row.low / end if row.low is not None and row.high is not None else None,
            "high": row.high / end if row.low is not None and row.high is not None else None,
        }
        for row in chart.rows
    ]
    return {"kind": "chart", "title": one_line(chart.title), "rows": rows, "caption": one_line(chart.caption)}


def _blank() -> Data:
    return {"text": " ", "bold": False, "quote": False, "mark": ""}
