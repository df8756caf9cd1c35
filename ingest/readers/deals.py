"""Deals and orders of a CRM: stage, money, dates, product, satisfaction, reason of loss."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from ingest.model import Deal, DealStatus
from ingest.raw import RawDeal, RawFile
from ingest.readers.amounts import Mark, currency_in, parse_amount, parse_count, parse_flag, scale_in
from ingest.readers.columns import Table, normalised
from ingest.readers.moments import parse_day
from ingest.readers.sales_notes import note_text, unused_columns
from ingest.readers.sheet import Row
from ingest.readers.source import RejectedRow, listed, rejected
from ingest.readers.who import names_in, person_of, titles_in
from ingest.reasons import packaged


class Habits(NamedTuple):
    """How the columns of one table are written, found from all its values."""

    marks: dict[str, Mark]
    scales: dict[str, int]
    currency: str | None
    refund_is_flag: bool
    scale: Literal["nps", "csat"] | None


FINISHED = 0.8
"""Share of a stage's deals with a price and a closing date from which the stage is taken for won."""
ENOUGH_DEALS = 10
"""From this many deals it is worth a word that not one of them was won."""
_MONEY = ("amount", "accessories", "refund", "discount")


def read(table: Table) -> RawFile:
    """One deal a row; unreadable cells are listed and left empty, rows without any deal field too."""
    habits = _habits(table)
    deals: list[RawDeal] = []
    rejects: list[RejectedRow] = [*table.rejects, *unused_columns(table)]
    for row in table.rows:
        if not table.first(row, "stage", "amount", "title", "product") and not table.first(row, "is_won"):
            rejects.append(rejected("empty_row", table.place(row)))
            continue
        deals.append(_raw_deal(table, row, habits))
        rejects += _bad_cells(table, row, habits)
    deals, guessed = _with_guessed_stages(deals)
    if guessed:
        rejects.append(rejected("stages_guessed", table.source.path, stages=listed(guessed)))
    elif len(deals) >= ENOUGH_DEALS and not any(raw.deal.status is DealStatus.WON for raw in deals):
        stages = listed(sorted({raw.deal.stage for raw in deals if raw.deal.stage}))
        rejects.append(rejected("no_deal_won", table.source.path, stages=stages))
    return RawFile(deals=tuple(deals), rejects=tuple(rejects), rows=len(deals))


def _with_guessed_stages(deals: list[RawDeal]) -> tuple[list[RawDeal], list[str]]:
    """Where no stage sounds won, those whose deals have a price and a closing date are: trades have their own words."""
    if not deals or any(raw.deal.status is DealStatus.WON for raw in deals):
        return deals, []
    by_stage: dict[str, list[Deal]] = {}
    for raw in deals:
        if raw.deal.status is DealStatus.OPEN and raw.deal.stage:
            by_stage.setdefault(raw.deal.stage, []).append(raw.deal)
    won = [
        stage
        for stage, found in by_stage.items()
        if sum(bool(deal.amount) and deal.closed_on is not None for deal in found) >= FINISHED * len(found)
    ]
    if len(won) == len(by_stage) and not any(raw.deal.status is DealStatus.LOST for raw in deals):
        return deals, []
    finished = [
        replace(raw, deal=replace(raw.deal, status=DealStatus.WON)) if raw.deal.stage in won else raw for raw in deals
    ]
    return finished, won


def _habits(table: Table) -> Habits:
    refunds = set(table.values("refund"))
    flags = all(parse_flag(value) is not None for value in refunds)
    ratings = [number for value in table.values("csat") if (number := parse_amount(value)) is not None]
    scale: Literal["nps", "csat"] | None = "nps" if table.has("nps") else "csat" if ratings else None
    if scale == "csat" and max(ratings) > 5:
        scale = "nps"
    money = " ".join([table.header_of("amount"), *table.values("amount")[:20]])
    return Habits(
        marks={name: table.decimal_mark(name) for name in (*_MONEY, "nps", "csat")},
        scales={name: scale_in(table.header_of(name)) for name in _MONEY},
        currency=currency_in(money),
        refund_is_flag=bool(refunds) and flags and refunds != {"0"},
        scale=scale,
    )


def _raw_deal(table: Table, row: Row, habits: Habits) -> RawDeal:
    person = person_of(table, row)
    own, title = table.first(row, "id"), table.first(row, "title")
    contact = replace(
        person,
        deal_ids=tuple(dict.fromkeys((*person.deal_ids, *([own] if own else [])))),
        titles=titles_in((title,)),
        hints=tuple(word for part in names_in(re.split(r" [-–—|/:] ", title)[0]) for word in part.split()),
    )
    return RawDeal(_deal(table, row, habits), contact, note_text(table.first(row, "description")))


def _deal(table: Table, row: Row, habits: Habits) -> Deal:
    stage = table.first(row, "stage")
    amount = _money(table, row, "amount", habits)
    reason = table.first(row, "loss_reason") or None
    refund = None if habits.refund_is_flag else _money(table, row, "refund", habits)
    score = parse_amount(table.first(row, "nps", "csat"), habits.marks["nps" if table.has("nps") else "csat"])
    return Deal(
        ref=table.ref_of(row),
        keys=(),
        status=status_of(stage, won=parse_flag(table.first(row, "is_won")), amount=amount, reason=reason),
        stage=stage,
        created_on=_day(table, row, "created"),
        closed_on=_day(table, row, "closed"),
        amount=amount,
        currency=currency_in(table.first(row, "currency")) or habits.currency,
        product=table.first(row, "product") or None,
        quantity=parse_count(table.first(row, "quantity")),
        accessories=_money(table, row, "accessories", habits),
        discount_percent=_discount(table, row, amount, habits),
        months_paid=parse_count(table.first(row, "months")),
        refund=refund,
        refunded=_refunded(table, row, refund, habits),
        referred=parse_flag(table.first(row, "referred")),
        satisfaction=float(score) if score is not None and 0 <= score <= 10 else None,
        satisfaction_scale=habits.scale if score is not None and 0 <= score <= 10 else None,
        source=table.first(row, "source") or None,
        campaign=table.first(row, "campaign", "campaign_id") or None,
        ad=table.first(row, "ad", "ad_id") or None,
        loss_reason=reason,
    )


def _money(table: Table, row: Row, field: str, habits: Habits) -> Decimal | None:
    amount = parse_amount(table.first(row, field), habits.marks[field])
    return amount * habits.scales[field] if amount is not None else None


def _day(table: Table, row: Row, field: str) -> date | None:
    cell = table.first(row, field)
    return parse_day(cell, table.date_order(field)) if cell else None


def _discount(table: Table, row: Row, amount: Decimal | None, habits: Habits) -> Decimal | None:
    """Percent. A column over 100 holds money and is turned into a share of the price before the discount."""
    cell = table.first(row, "discount")
    value = _money(table, row, "discount", habits)
    if value is None:
        return None
    if 0 < value < 1 and "%" not in cell:
        return value * 100
    if value > 100:
        return (value / (amount + value) * 100).quantize(Decimal("0.1")) if amount and amount > 0 else None
    return value


def _refunded(table: Table, row: Row, refund: Decimal | None, habits: Habits) -> bool | None:
    said = parse_flag(table.first(row, "refunded"))
    if said is None and habits.refund_is_flag:
        said = parse_flag(table.first(row, "refund"))
    if said is None and refund is not None:
        said = refund > 0
    return said


def _bad_cells(table: Table, row: Row, habits: Habits) -> list[RejectedRow]:
    bad = [
        rejected("bad_date", table.place(row), column=table.header_of(field))
        for field in ("created", "closed")
        if table.first(row, field) and _day(table, row, field) is None
    ]
    if table.first(row, "amount") and _money(table, row, "amount", habits) is None:
        bad.append(rejected("bad_amount", table.place(row), column=table.header_of("amount")))
    return bad


def status_of(
    stage: str, *, won: bool | None = None, amount: Decimal | None = None, reason: str | None = None
) -> DealStatus:
    """Won, lost or open by the stage's words in either language; a plain `closed` is settled by the other columns."""
    plain = normalised(stage)
    code = stage.strip().lower().rsplit(":", 1)[-1]
    patterns = _stage_patterns()
    if won:
        return DealStatus.WON
    for status in (DealStatus.LOST, DealStatus.WON):
        codes, phrases = patterns[status.value]
        if code in codes or phrases.search(plain):
            return status
    if plain in patterns["closed"][0]:
        return DealStatus.LOST if reason or not amount else DealStatus.WON
    return DealStatus.LOST if reason and won is False else DealStatus.OPEN


@cache
def _stage_patterns() -> dict[str, tuple[frozenset[str], re.Pattern[str]]]:
    words = packaged("stages.yaml")
    found = {
        status: (frozenset(words[status]["codes"]), _whole_words(words[status]["phrases"]))
        for status in ("lost", "won")
    }
    found["closed"] = (frozenset(words["closed"]), _whole_words(words["closed"]))
    return found


def _whole_words(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(map(normalised, phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?<!не )(?<!not )(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
