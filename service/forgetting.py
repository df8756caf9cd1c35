"""Forgetting a customer: everywhere, for good, and with a search that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.core.errors import NotFound
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.store import erasure
from service.store.db import Store
from service.store.tables import CustomerRow, Workspace


@dataclass(frozen=True)
class Forgotten:
    """What went. `left` names where a trace was still found: table columns (never, or it did not work), saved files."""

    customer: str
    documents: int
    deals: int
    vectors: int
    results: int
    left: tuple[str, ...]


def forget(store: Store, settings: Settings, workspace: str, wanted: str, who: str = "command line") -> Forgotten:
    """Forget the customer named by id, document, telephone or e-mail. NotFound when nobody is meant.

    Earlier results stay, without their words, marked stale; later uploads leave out what carries their keys.
    """
    with store.session(write=True) as session:
        customer = _find(session, settings, workspace, wanted)
        traces = erasure.traces_of(session, workspace, customer)
        erased = erasure.erase(session, workspace, traces, who)
        kept = load_corpus(session, workspace, settings).documents
        texts = [u.text for d in kept for u in d.document.utterances] + [d.customer_text for d in kept]
        vectors = erasure.forget_vectors_except(session, workspace, texts)
    _out_of_index(store, settings, workspace)
    erasure.wipe_free_space(store)
    left = (*erasure.find_left(store, workspace, erased.marks), *erasure.find_in_files(settings.home, erased.marks))
    return Forgotten(customer, len(traces.documents), traces.deals, vectors, erased.results, left)


def _find(session: Session, settings: Settings, workspace: str, wanted: str) -> str:
    """A customer's id from an id, a document's reference, or a contact."""
    if session.get(CustomerRow, (workspace, wanted)) is not None:
        return wanted
    if (found := erasure.customer_of_document(session, workspace, wanted)) is not None:
        return found
    if (found := _by_contact(session, settings, workspace, wanted)) is not None:
        return found
    raise NotFound(
        "No such customer: name an id, a document, a telephone or an e-mail.",
        ru="Такого клиента нет: назовите его id, документ, телефон или почту.",
    )


def _by_contact(session: Session, settings: Settings, workspace: str, wanted: str) -> str | None:
    from ingest.contacts import Keys

    row = session.get(Workspace, workspace)
    if row is None:
        return None
    regions = sorted({settings.region, "RU", "US", "GB"})
    keys = set().union(
        *(Keys(row.salt, r).of_phones([wanted]) | Keys(row.salt, r).of_emails([wanted]) for r in regions)
    )
    return erasure.customer_holding(session, workspace, keys)


def _out_of_index(store: Store, settings: Settings, workspace: str) -> None:
    """The evidence index is built again from what is left; without one there is nothing to take out of."""
    if not settings.chroma_url and not settings.index_path.exists():
        return
    from service.embedding.index import compact
    from service.embedding.step import rebuild

    rebuild(store, settings, workspace)
    compact(settings)
