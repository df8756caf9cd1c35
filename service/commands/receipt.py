"""A receipt on the console: the same sentences as on the page."""

from __future__ import annotations

from collections.abc import Iterator

from service.corpus.receipt import Receipt
from service.web.i18n import Words
from service.web.pages.receipt import Group, ReceiptView, RejectSection, receipt_view

SHOWN_PLACES = 5
"""Places named under one reason; the rest are counted."""


def receipt_lines(receipt: Receipt, language: str | None = None, shown: int = SHOWN_PLACES) -> list[str]:
    """The receipt as lines of text, in the language of the customers unless told otherwise."""
    from service.core.numbers import Formatter

    words = Words(Formatter(language or receipt.language))
    view = receipt_view(receipt, words)
    asked = (line for section in view.sections for line in _asked(section, words, shown))
    return [*_head(view, words), *_tables(view, words), *asked]


def upload_line(receipt: Receipt, language: str | None = None) -> str:
    """An upload on one line: when, its id, what it brought."""
    from service.core.numbers import Formatter

    words = Words(Formatter(language or receipt.language))
    return f"{receipt.created_at:%Y-%m-%d %H:%M}  {receipt.id}  {receipt_view(receipt, words).finding}"


def _head(view: ReceiptView, words: Words) -> Iterator[str]:
    yield f"{view.finding}."
    if view.tiles:
        yield "  " + ", ".join(f"{tile.count} {tile.what}" for tile in view.tiles)
    yield from (f"  {line}" for line in view.lines)
    if view.files:
        yield f"{words('receipt.recognised')}:"
        for line in view.files:
            detail = f" ({line.detail})" if line.detail else ""
            yield f"  {line.name}: {words('count.files', n=line.files)} → {words('count.records', n=line.rows)}{detail}"
    yield from map(_counted, view.groups)
    if view.receipt.roles_unsure:
        yield f"  {words('speakers.to_hear', n=view.receipt.roles_unsure)} — whobuys speakers"
    yield words("receipt.total", customers=words("count.customers", n=view.receipt.customers_total))


def _counted(group: Group) -> str:
    return f"{group.title}: " + ", ".join(f"{tile.what} {tile.count}" for tile in group.rows)


def _tables(view: ReceiptView, words: Words) -> Iterator[str]:
    for key, tables in (("receipt.tables_waiting", view.waiting), ("receipt.tables_read", view.guessed)):
        if tables:
            yield words(key, n=len(tables))
        for table in tables:
            yield f"  {table.place}: {table.title}"
            if table.columns:
                yield f"    {table.columns}"
            yield f"    whobuys mapping show {table.signature}"


def _asked(section: RejectSection, words: Words, shown: int) -> Iterator[str]:
    yield f"{section.title}. {section.explained}"
    for group in section.groups:
        places = ", ".join(group.places[:shown])
        more = words("receipt.more_places", n=len(group.places) - shown) if len(group.places) > shown else ""
        yield f"  {group.reason}"
        yield f"    {places}{' ' + more if more else ''}"
