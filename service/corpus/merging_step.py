"""A person looks at customers, joins and parts them: each act in one transaction, settled at once, undone by its id."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from ingest.clues import item_of
from ingest.decisions import with_refs
from ingest.identity import Resolution, resolve
from ingest.model import Decision
from service.core.clock import now
from service.core.errors import BadInput, Conflict, NotFound
from service.core.settings import Settings
from service.corpus import repository
from service.corpus.merging import Card, Entry, Line, LoggedJoin, side_of
from service.corpus.repository import merging
from service.store.db import Store

BY_HAND = "by-hand"
"""Stands for the upload in log entries that a person's act brought about."""


def list_customers(store: Store, workspace: str) -> list[Line]:
    """All customers, those with most records first."""
    with store.session() as session:
        return merging.lines(session, workspace)


def read_card(store: Store, settings: Settings, workspace: str, named: str) -> Card:
    """The customer named by id, document, deal, telephone or e-mail. NotFound when nobody is meant."""
    with store.session() as session:
        return merging.load_card(session, workspace, merging.find_customer(session, settings, workspace, named))


def read_log(store: Store, workspace: str) -> list[Entry]:
    """Every join beyond an equal key and every decision, newest first."""
    with store.session() as session:
        return merging.load_log(session, workspace)


def merge(store: Store, settings: Settings, workspace: str, one: str, other: str, who: str) -> Card:
    """All records of two customers are one from now on, in every later upload too. Conflict when they are already."""
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        first, second = (merging.find_customer(session, settings, workspace, named) for named in (one, other))
        if first == second:
            raise Conflict("These are one customer already.", ru="Это уже один клиент.")
        keys = merging.keys_of(session, workspace)
        sides = [_refs_of(session, workspace, customer) for customer in (first, second)]
        decision = Decision("merge", *(tuple(map(keys.of_ref, refs)) for refs in sides))
        merging.keep_decision(session, workspace, decision, who)
        settle(session, workspace)
        return merging.load_card(session, workspace, merging.find_customer(session, settings, workspace, sides[0][0]))


def split(
    store: Store, settings: Settings, workspace: str, named: str, out: Sequence[str], who: str
) -> tuple[Card, Card]:
    """Take records out of a customer as a customer of their own, never to be joined again by the machine.

    Returns who stays and who went. BadInput unless `out` are some of the customer's records and not all.
    """
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        customer = merging.find_customer(session, settings, workspace, named)
        refs = _refs_of(session, workspace, customer)
        gone = sorted({_own_ref(session, workspace, refs, one) for one in out})
        if not gone or len(gone) == len(refs):
            raise BadInput(
                f"Name some of the customer's {len(refs)} records, not all of them.",
                ru=f"Назовите часть записей клиента (всего их {len(refs)}), не все сразу.",
            )
        stay = [ref for ref in refs if ref not in gone]
        _part(session, workspace, gone, stay, who)
        cards = (merging.find_customer(session, settings, workspace, side[0]) for side in (stay, gone))
        stayed, went = (merging.load_card(session, workspace, customer) for customer in cards)
        return stayed, went


def undo(store: Store, settings: Settings, workspace: str, entry: str, who: str) -> tuple[str, ...]:
    """Undo an entry of the log: a person's decision is lifted, a join by the machine is parted for good.

    Returns the customers it concerned, as they are now. NotFound for an unknown id, Conflict when it is over already.
    """
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        decision = merging.decision_row(session, workspace, entry)
        if decision is not None:
            if decision.undone_at is not None:
                raise Conflict(f"{entry!r} was undone before.", ru=f"{entry!r} уже отменено.")
            decision.undone_at, decision.undone_by = now(), who
            merging.note(session, workspace, who, "customer decision undone", entry)
            settle(session, workspace)
        else:
            _undo_join(session, workspace, entry, who)
        found = next((one for one in merging.load_log(session, workspace) if one.id == entry), None)
        return found.customers if found else ()


def _undo_join(session: Session, workspace: str, entry: str, who: str) -> None:
    row = merging.join_row(session, workspace, entry)
    if row is None:
        raise NotFound(f"The log has no entry {entry!r}.", ru=f"В журнале нет записи {entry!r}.")
    owner = merging.customer_of(session, workspace)
    keys = merging.keys_of(session, workspace)
    ref_of = {keys.of_ref(ref): ref for ref in owner}
    join = LoggedJoin(row.id, ref_of.get(row.one, ""), ref_of.get(row.other, ""))
    if row.ended_at is not None or owner.get(join.one) is None or owner.get(join.one) != owner.get(join.other):
        raise Conflict(f"{entry!r} no longer joins anything.", ru=f"{entry!r} уже ничего не соединяет.")
    refs = _refs_of(session, workspace, owner[join.one])
    gone = [ref for ref in side_of(_resolved(session, workspace).links, join) if ref in refs]
    _part(session, workspace, gone, [ref for ref in refs if ref not in gone], who)


def _part(session: Session, workspace: str, gone: Sequence[str], stay: Sequence[str], who: str) -> None:
    keys = merging.keys_of(session, workspace)
    decision = Decision("split", tuple(map(keys.of_ref, gone)), tuple(map(keys.of_ref, stay)))
    merging.keep_decision(session, workspace, decision, who)
    settle(session, workspace)


def settle(session: Session, workspace: str) -> None:
    """Say anew who is one customer, from everything that is kept, and write down what changed."""
    settled = _resolved(session, workspace)
    repository.move_customers(session, workspace, settled.customer_of)
    merging.write_log(session, workspace, settled.links, BY_HAND, now())


def _resolved(session: Session, workspace: str) -> Resolution:
    known = repository.known_items(session, workspace)
    keys = merging.keys_of(session, workspace)
    decisions = with_refs(merging.load_decisions(session, workspace), keys, {item.ref for item in known})
    items = [item_of(item.ref, item.keys, item.moments, item.customer, fresh=False) for item in known]
    return resolve(items, decisions=decisions, own=frozenset(merging.own_contacts(session, workspace)))


def _refs_of(session: Session, workspace: str, customer: str) -> list[str]:
    return sorted(ref for ref, owner in merging.customer_of(session, workspace).items() if owner == customer)


def _own_ref(session: Session, workspace: str, refs: Sequence[str], named: str) -> str:
    """A record of the customer by its reference, the end of it, or its id. BadInput for any other."""
    ids = merging.refs_by_id(session, workspace)
    found = [ref for ref in refs if ref == named or ids.get(named) == ref] or [
        ref for ref in refs if ref.endswith(("/" + named, "#" + named))
    ]
    if len(found) != 1:
        raise BadInput(
            f"{named!r} is not one record of this customer.", ru=f"{named!r} — не одна запись этого клиента."
        )
    return found[0]
