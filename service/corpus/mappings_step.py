"""A person tells what a table's columns mean: taken in one transaction, and taken back."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.clock import now
from service.corpus.mappings import KnownTable, decide
from service.corpus.repository import mappings as repository
from service.store.db import Store


def read_tables(store: Store, workspace: str) -> tuple[KnownTable, ...]:
    """All tables seen, those that wait for a person first."""
    with store.session() as session:
        return repository.tables_of(session, workspace)


def read_table(store: Store, workspace: str, named: str) -> KnownTable:
    """A table by signature or file. NotFound for none, BadInput when several are meant."""
    with store.session() as session:
        return repository.find_table(session, workspace, named)


def confirm_table(
    store: Store, workspace: str, named: str, kind: str | None, said: Mapping[str, str | None], who: str
) -> KnownTable:
    """Keep what a person said; every later file with these headers is read so. Waits for an upload under way.

    Raises as `service.corpus.mappings.decide` and `read_table` do.
    """
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        moment = now()
        known = decide(repository.find_table(session, workspace, named), kind, said, who, moment)
        repository.keep_decision(session, workspace, known, moment)
        return known


def drop_table(store: Store, workspace: str, named: str, who: str) -> KnownTable:
    """Take back what was said about a table. NotFound for none."""
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        known = repository.find_table(session, workspace, named)
        repository.drop_decision(session, workspace, known, who, now())
        return known
