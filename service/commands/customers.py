"""`whobuys customers`: who is one customer and why; joining, parting and undoing by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.commands.console import Desk, desk

if TYPE_CHECKING:
    from service.corpus.merging import Card, Entry

WHO = "console"
"""Who a change is put down to in the audit log."""
SHOWN = 30
"""Customers and log entries printed at most; JSON has them all."""
LETTERS = 90
"""Of a document's first words on a card."""


def customers(find: str | None, workspace: str | None, as_json: bool) -> None:
    """Print the customers with most records, or the one that `find` names."""
    from service.core.records import to_json
    from service.corpus.merging_step import list_customers

    if find is not None:
        show(find, workspace, as_json)
        return
    with desk(workspace, as_json) as at:
        found = list_customers(at.store, at.workspace)
        if at.as_json:
            at.answer([to_json(line) for line in found])
            return
        at.say("customers.all", n=len(found))
        for line in found[:SHOWN]:
            day = line.last.isoformat() if line.last else "—"
            print(f"{line.customer}  {at.words('customers.line', documents=line.documents, deals=line.deals, day=day)}")
        if len(found) > SHOWN:
            at.say("customers.more", n=len(found) - SHOWN)


def show(named: str, workspace: str | None, as_json: bool) -> None:
    """Print a customer's card."""
    from service.core.records import to_json
    from service.corpus.merging_step import read_card

    with desk(workspace, as_json) as at:
        card = read_card(at.store, at.settings, at.workspace, named)
        if at.as_json:
            at.answer(to_json(card))
            return
        _print_card(at, card)


def log(workspace: str | None, as_json: bool) -> None:
    """Print the joins an equal key does not explain, and people's decisions, newest first."""
    from service.core.records import to_json
    from service.corpus.merging_step import read_log

    with desk(workspace, as_json) as at:
        entries = read_log(at.store, at.workspace)
        if at.as_json:
            at.answer([to_json(entry) for entry in entries])
            return
        if not entries:
            at.say("customers.log_empty")
        for entry in entries[:SHOWN]:
            _print_entry(at, entry)
        if len(entries) > SHOWN:
            at.say("customers.more", n=len(entries) - SHOWN)


def merge(one: str, other: str, workspace: str | None, as_json: bool) -> None:
    """Make two customers one."""
    from service.core.records import to_json
    from service.corpus.merging_step import merge as merge_customers

    with desk(workspace, as_json) as at:
        card = merge_customers(at.store, at.settings, at.workspace, one, other, WHO)
        if at.as_json:
            at.answer(to_json(card))
            return
        at.say("customers.merged", customer=card.customer, n=len(card.refs))
        at.say("customers.again")


def split(named: str, out: list[str], workspace: str | None, as_json: bool) -> None:
    """Take records out of a customer."""
    from service.core.records import to_json
    from service.corpus.merging_step import split as split_customer

    with desk(workspace, as_json) as at:
        stayed, went = split_customer(at.store, at.settings, at.workspace, named, out, WHO)
        if at.as_json:
            at.answer({"stayed": to_json(stayed), "went": to_json(went)})
            return
        at.say(
            "customers.parted", one=stayed.customer, other=went.customer, stayed=len(stayed.refs), went=len(went.refs)
        )
        at.say("customers.again")


def undo(entry: str, workspace: str | None, as_json: bool) -> None:
    """Undo an entry of the log."""
    from service.corpus.merging_step import undo as undo_entry

    with desk(workspace, as_json) as at:
        now = undo_entry(at.store, at.settings, at.workspace, entry, WHO)
        if at.as_json:
            at.answer({"undone": entry, "customers": list(now)})
            return
        at.say("customers.undone", entry=entry, customers=", ".join(now))
        at.say("customers.again")


def _print_card(at: Desk, card: Card) -> None:
    from service.corpus.merging_words import evidence_words

    print(f"{card.customer}  {at.words('customers.size', documents=len(card.documents), deals=len(card.deals))}")
    for document in card.documents:
        day = document.occurred_at.date().isoformat() if document.occurred_at else "—"
        words = " ".join(utterance.text for utterance in document.utterances)
        print(f"  {day}  {document.ref}  {words[:LETTERS]}")
    for deal in card.deals:
        print(f"  {deal.day or '—'}  {deal.ref}  {deal.status} {deal.product or ''} {deal.amount or ''}".rstrip())
    if card.held or card.entries:
        at.say("customers.why")
    for held in card.held:
        print(f"  {evidence_words(held.kind, at.language)}: {', '.join(held.refs)}")
    for entry in card.entries:
        _print_entry(at, entry)


def _print_entry(at: Desk, entry: Entry) -> None:
    from service.corpus.merging_words import evidence_words

    day = entry.at.date().isoformat()
    state = f" ({at.words(f'customers.state.{entry.state}')})" if entry.state != "in_force" else ""
    sure = f" {at.formatter().percent(entry.probability)}" if entry.probability is not None else ""
    by = evidence_words(entry.evidence, at.language) if entry.kind == "join" else at.words(f"customers.{entry.kind}")
    print(f"  {entry.id}  {day}  {by}{sure}{state}: {', '.join(entry.one)} ↔ {', '.join(entry.other)}")
