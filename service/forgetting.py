"""Forgetting a customer: everywhere, for good, and with an act that shows where was looked and that nothing is left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from service.core.clock import now
from service.core.ids import random_id
from service.core.records import to_json
from service.core.settings import Settings
from service.corpus.repository import load_corpus
from service.corpus.repository.merging import find_customer
from service.store import erasure, proof
from service.store.acts import keep_act
from service.store.db import Store

INDEX = "evidence_index"


@dataclass(frozen=True)
class Act:
    """What a forgetting did, without a word about whom; kept, and the same for whoever computes its hash again."""

    id: str
    at: datetime
    who: str
    removed: dict[str, int] = field(hash=False)
    """What went, by kind: documents, deals, utterances, vectors, results corrected, log entries …"""
    searched: dict[str, int] = field(hash=False)
    """Where was looked afterwards → hits: every `table.column` that can hold words, and `files` of the data folder."""
    files: int
    """Files whose bytes were searched: database, index, queue, saved briefs and tables."""
    sha256: str
    """Over all of the above as JSON with sorted keys."""

    @property
    def hits(self) -> int:
        """Places where something was still found."""
        return sum(bool(count) for count in self.searched.values())


@dataclass(frozen=True)
class Forgotten:
    """What went. `left` names where a trace was still found: table columns (never, or it did not work), saved files."""

    customer: str
    documents: int
    deals: int
    vectors: int
    results: int
    left: tuple[str, ...]
    act: Act


def forget(store: Store, settings: Settings, workspace: str, wanted: str, who: str = "command line") -> Forgotten:
    """Forget the customer named by id, document, telephone or e-mail. NotFound when nobody is meant.

    Earlier results stay, without their words, marked stale; later uploads leave out what carries their keys.
    """
    with store.alone(f"ingest-{workspace}"):
        with store.session(write=True) as session:
            customer = find_customer(session, settings, workspace, wanted)
            traces = erasure.traces_of(session, workspace, customer)
            erased = erasure.erase(session, workspace, traces, who)
            kept = load_corpus(session, workspace, settings).documents
            texts = [u.text for d in kept for u in d.document.utterances] + [d.customer_text for d in kept]
            vectors = erasure.forget_vectors_except(session, workspace, texts)
        indexed = _out_of_index(store, settings, workspace)
        proof.wipe_free_space(store)
        removed = {**erased.removed, "vectors": vectors, **({INDEX: 1} if indexed else {})}
        tables = proof.hits_in_tables(store, workspace, erased.marks)
        files = proof.hits_in_files(settings.home, erased.marks)
        act = _act(who, {kind: n for kind, n in sorted(removed.items()) if n}, tables, files)
        with store.session(write=True) as session:
            keep_act(session, workspace, act.id, act.at, who, to_json(act), act.sha256)
    return Forgotten(
        customer=customer,
        documents=removed["documents"],
        deals=removed["deals"],
        vectors=vectors,
        results=removed["results"],
        left=(
            *(place for place, hits in tables.items() if hits),
            *(str(settings.home / name) for name, hit in files.items() if hit),
        ),
        act=act,
    )


def _act(who: str, removed: dict[str, int], tables: Mapping[str, int], files: Mapping[str, bool]) -> Act:
    searched = {**tables, "files": sum(files.values())}
    bare = Act(random_id("f_"), now(), who, removed, searched, len(files), "")
    return replace(bare, sha256=act_hash(to_json(bare)))


def act_hash(act: Mapping[str, Any]) -> str:
    """sha256 of an act as JSON, its own hash left out: what was kept can be held against what was printed."""
    told = {name: value for name, value in act.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _out_of_index(store: Store, settings: Settings, workspace: str) -> bool:
    """The evidence index is built again from what is left; without one there is nothing to take out of."""
    if not settings.chroma_url and not settings.index_path.exists():
        return False
    from service.embedding.index import compact
    from service.embedding.step import rebuild

    rebuild(store, settings, workspace)
    compact(settings)
    return True
