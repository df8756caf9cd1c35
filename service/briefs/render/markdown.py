"""Briefs as Markdown: readable as it stands, inert wherever customers' words hold markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    Span,
    Table,
)
from service.briefs.render.evidence import Evidence, evidence
from service.briefs.render.plain_text import one_line
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$^])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)|(?<=mailto)(:)|(@)")


def markdown(brief: Brief) -> str:
    """The whole document, evidence appendix last."""
    write = Formatter(brief.language, brief.currency)
    page = _Page(Phrasebook(brief.language, write))
    parts = [f"# {page.sentence(brief.headline, linked=False)}"]
    parts.extend(page.block(block) for block in brief.blocks)
    parts.append(page.appendix(evidence(brief)))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Text that Markdown and HTML read as plain text: no emphasis, link, tag, entity, table or heading."""
    plain = _SPECIAL.sub(r"\\\1", one_line(text))
    plain = plain.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
    plain = _LINK.sub(lambda m: "&#58;" if m.group() == ":" else "&#46;" if m.group() == "." else "&#64;", plain)
    return re.sub(r"^(\s*)([-+=]|\d+[.)](?=\s|$))", _escape_start, plain)


def _escape_start(match: re.Match[str]) -> str:
    mark = match.group(2)
    return match.group(1) + (f"\\{mark}" if len(mark) == 1 else f"{mark[:-1]}\\{mark[-1]}")


class _Page:
    def __init__(self, book: Phrasebook) -> None:
        self.book = book

    def sentence(self, sentence: Sentence, *, linked: bool = True) -> str:
        """Spans with the marks of their facts, which the references at the end make links into the appendix."""
        parts: list[str] = []
        for index, span in enumerate(sentence):
            parts.append(_styled(span) if linked else escape(span.text))
            following = sentence[index + 1].fact if index + 1 < len(sentence) else None
            if linked and span.fact and span.fact != following:
                parts.append(f" [{span.fact}]")
        return "".join(parts)

    def block(self, block: Block) -> str:
        """One block as Markdown."""
        match block:
            case Heading():
                return f"{'#' * block.level} {escape(block.text)}"
            case Paragraph():
                text = " ".join(self.sentence(s) for s in block.sentences)
                return f"*{text}*" if block.role == "note" and "*" not in text else text
            case Bullets():
                marks = (f"{i}." if block.ordered else "-" for i, _ in enumerate(block.items, 1))
                return "\n".join(f"{mark} {self.sentence(item)}" for mark, item in zip(marks, block.items, strict=True))
            case Table():
                return "\n".join(self._table(block))
            case QuoteBlock():
                lead = f"{self.sentence(block.lead)} " if block.lead else ""
                return f"> {lead}{self.sentence((block.quote,))}"
            case Diff():
                return "\n".join(self._diff(block))
            case Chart():
                return "\n".join(self._chart(block))

    def _table(self, table: Table) -> Iterator[str]:
        yield "| " + " | ".join(escape(c) or " " for c in table.columns) + " |"
        yield "|" + "|".join("---:" if i in table.numeric else "---" for i, _ in enumerate(table.columns)) + "|"
        for row in table.rows:
            cells = [*row.cells, *([()] * (len(table.columns) - len(row.cells)))]
            yield "| " + " | ".join(self.sentence(cell) or " " for cell in cells) + " |"

    def _diff(self, diff: Diff) -> Iterator[str]:
        yield f"- **{self.book.text(f'diff.{diff.action}')} — {escape(diff.section)}**"
        if diff.old:
            yield f"  - {self.book.text('diff.old')}: {self.sentence(diff.old)}"
        if diff.new:
            yield f"  - {self.book.text('diff.new')}: {self.sentence(diff.new)}"
        if diff.why:
            yield f"  - {self.book.text('diff.why')}: {' '.join(self.sentence(s) for s in diff.why)}"

    def _chart(self, chart: Chart) -> Iterator[str]:
        yield f"**{escape(chart.title)}**"
        yield ""
        width = 40
        top = max((row.high or row.value for row in chart.rows), default=1.0) or 1.0
        labels = max(len(one_line(row.label)) for row in chart.rows)
        yield "```text"
        for row in chart.rows:
            label = one_line(row.label).replace("`", " ")
            yield f"{label:<{labels}} {_strip(row.low, row.value, row.high, top, width)} {row.text}"
        yield "```"
        if chart.caption:
            yield ""
            yield escape(chart.caption)

    def appendix(self, found: Evidence) -> str:
        """Every fact with its anchor."""
        if not found.numbers and not found.quotes:
            return ""
        text = self.book.text
        lines = [f"## {text('evidence.title')}", "", text("evidence.intro"), ""]
        if found.numbers:
            heads = [text(f"evidence.col_{c}") for c in ("id", "what", "value", "base", "spread", "from")]
            lines += ["| " + " | ".join(heads) + " |", "|---|---|---:|---:|---|---|"]
            for n in found.numbers:
                terms = ", ".join(f"[{t}]" for t in n.terms) or "—"
                cells = (escape(n.what), escape(n.value), escape(n.base), escape(n.spread), terms)
                lines.append(f'| <a id="{n.id}"></a>{n.id} | ' + " | ".join(cells) + " |")
            lines.append("")
        for q in found.quotes:
            lines.append(
                f'- <a id="{q.id}"></a>{q.id}: {escape(self.book.formatter.quote(q.text))} — {escape(q.origin(", "))}'
            )
        ids = [line.id for line in found.numbers] + [line.id for line in found.quotes]
        lines += ["", *(f"[{fact}]: #{fact}" for fact in ids)]
        return "\n".join(lines)


def _styled(span: Span) -> str:
    text = escape(span.text)
    if span.style in ("strong", "name") and text.strip():
        inner = text.strip()
        left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{left}**{inner}**{right}"
    return text


def _strip(low: float | None, value: float, high: float | None, top: float, width: int) -> str:
    """A dot on its interval in characters."""
    row = [" "] * (width + 1)
    place = round(value / top * width)
    if low is not None and high is not None:
        for index in range(round(low / top * width), min(width, round(high / top * width)) + 1):
            row[index] = "─"
    row[min(width, place)] = "●"
    return "".join(row)
