"""Advertising reports: what was paid for which campaign and ad, day by day."""

from __future__ import annotations

from decimal import Decimal

from ingest.model import AdSpend
from ingest.raw import RawFile
from ingest.readers.ad_responses import platform_in
from ingest.readers.amounts import currency_in, parse_amount, parse_count, scale_in
from ingest.readers.columns import Table
from ingest.readers.moments import first_day
from ingest.readers.sales_notes import unused_columns
from ingest.readers.sheet import Row
from ingest.readers.source import RejectedRow, rejected

MICROS = Decimal(1_000_000)


def read(table: Table) -> RawFile:
    """One spend a row; rows whose money cannot be read are listed."""
    mark = table.decimal_mark("spend")
    scale = 1 / MICROS if _in_micros(table) else Decimal(scale_in(table.header_of("spend")))
    currency = currency_in(
        " ".join([table.header_of("spend"), *table.values("currency")[:1], *table.values("spend")[:5]])
    )
    spends: list[AdSpend] = []
    rejects: list[RejectedRow] = [*table.rejects, *unused_columns(table)]
    for row in table.rows:
        cell = table.first(row, "spend")
        amount = parse_amount(cell, mark)
        if amount is None:
            rejects.append(rejected("no_spend", table.place(row), column=table.header_of("spend")))
            continue
        day_cell = table.first(row, "day")
        day = first_day(day_cell, table.date_order("day")) if day_cell else None
        if day_cell and day is None:
            rejects.append(rejected("bad_date", table.place(row), column=table.header_of("day")))
        spends.append(
            AdSpend(
                ref=f"{table.source.path}#{row.number}",
                day=day,
                platform=_platform(table, row),
                campaign=table.first(row, "campaign", "campaign_id"),
                ad=table.first(row, "ad", "ad_id") or None,
                spend=amount * scale,
                impressions=parse_count(table.first(row, "impressions")),
                clicks=parse_count(table.first(row, "clicks")),
                leads=parse_count(table.first(row, "leads")),
                currency=currency,
            )
        )
    return RawFile(ad_spend=tuple(spends), rejects=tuple(rejects), rows=len(spends))


def _in_micros(table: Table) -> bool:
    """Yandex Direct's interface of reports gives money in millionths unless asked otherwise."""
    cells = [cell for cell in table.values("spend") if cell != "0"]
    return (
        table.header_of("spend").lower() == "cost"
        and bool(cells)
        and all(cell.isdigit() and int(cell) >= 10_000 and int(cell) % 10_000 == 0 for cell in cells)
    )


def _platform(table: Table, row: Row) -> str:
    if written := table.first(row, "platform"):
        return written
    joined = " ".join(table.headers).lower()
    if "adgroupname" in joined or "campaignname" in joined or "№" in joined:
        return "yandex"
    return platform_in(f"{table.source.stem} {table.title}") or platform_in(table.first(row, "campaign")) or ""
