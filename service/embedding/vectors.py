"""Vectors cached in SQL by content hash and model: a text is embedded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.ids import text_hash
from service.core.progress import Progress, silent
from service.embedding.encoder import Encoder
from service.store.db import Store
from service.store.runs import removals
from service.store.tables import VectorRow

Floats = NDArray[np.float32]

_LOOKUP = 500
"""Hashes a query: SQLite allows 32,766 variables, PostgreSQL plans long lists badly."""


def _stored(session: Session, workspace: str, model: str, hashes: Sequence[str]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for start in range(0, len(hashes), _LOOKUP):
        rows = session.execute(
            select(VectorRow.content_hash, VectorRow.vector, VectorRow.dimension).where(
                VectorRow.workspace_id == workspace,
                VectorRow.model == model,
                VectorRow.content_hash.in_(hashes[start : start + _LOOKUP]),
            )
        )
        for content_hash, blob, dimension in rows:
            if len(blob) != 4 * dimension:
                continue
            vector = np.frombuffer(blob, dtype="<f4")
            if np.isfinite(vector).all():
                found[content_hash] = vector
    return found


def models_of(session: Session, workspace: str) -> list[tuple[str, int]]:
    """(model, dimension) of every cached vector of a workspace, sorted."""
    found = select(VectorRow.model, VectorRow.dimension).where(VectorRow.workspace_id == workspace).distinct()
    return sorted((str(model), int(dimension)) for model, dimension in session.execute(found))


def _one_width(found: dict[str, Floats]) -> dict[str, Floats]:
    """The vectors of the most common width: a row of another width was left by another build of the model."""
    if not found:
        return found
    widths = [vector.shape[0] for vector in found.values()]
    width = max(set(widths), key=widths.count)
    return {key: vector for key, vector in found.items() if vector.shape[0] == width}


def cached_vectors(
    session: Session, workspace: str, encoder: Encoder, texts: Sequence[str], progress: Progress = silent
) -> Floats:
    """Vectors of `texts` in order: (n, dim) float32, L2-normalised; missing ones are embedded and kept.

    Texts are embedded in the order of their hash, so the batches, and with them the last bits, do not depend on the
    order of the corpus.
    """
    text_of = {text_hash(text): text for text in texts}
    found = _one_width(_stored(session, workspace, encoder.name, sorted(text_of)))
    fresh = _embedded(encoder, text_of, found, progress)
    if fresh:
        _keep(session, workspace, encoder.name, fresh)
    return _in_order(texts, found | fresh)


def vectors_of(
    store: Store,
    workspace: str,
    encoder: Encoder,
    texts: Sequence[str],
    read_at: str,
    progress: Progress = silent,
) -> Floats:
    """The same without a transaction around the embedding, which takes long: an upload need not wait for it.

    `read_at`: the workspace's `removals` when the texts were read. What was embedded is kept only while it holds:
    somebody forgotten meanwhile stays forgotten.
    """
    text_of = {text_hash(text): text for text in texts}
    with store.session() as session:
        found = _one_width(_stored(session, workspace, encoder.name, sorted(text_of)))
    fresh = _embedded(encoder, text_of, found, progress)
    if fresh:
        with store.session(write=True) as session:
            if removals(session, workspace) == read_at:
                _keep(session, workspace, encoder.name, fresh)
    return _in_order(texts, found | fresh)


def _embedded(
    encoder: Encoder, text_of: Mapping[str, str], found: Mapping[str, Floats], progress: Progress
) -> dict[str, Floats]:
    """Vectors by hash of the texts that have none in `found`, or one of another width than the encoder makes now."""
    missing = sorted(set(text_of) - set(found))
    if not missing:
        progress(len(text_of), len(text_of))
        return {}
    fresh = encoder.encode([text_of[key] for key in missing], progress)
    stale = [key for key, vector in found.items() if vector.shape[0] != fresh.shape[1]]
    if stale:
        fresh = np.vstack([fresh, encoder.encode([text_of[key] for key in stale])])
    return dict(zip(missing + stale, fresh, strict=True))


def _in_order(texts: Sequence[str], vectors: Mapping[str, Floats]) -> Floats:
    if not texts:
        return np.zeros((0, 0), dtype=np.float32)
    return np.vstack([vectors[text_hash(text)] for text in texts])


def _keep(session: Session, workspace: str, model: str, fresh: Mapping[str, Floats]) -> None:
    hashes = list(fresh)
    for start in range(0, len(hashes), _LOOKUP):
        session.execute(
            delete(VectorRow).where(
                VectorRow.workspace_id == workspace,
                VectorRow.model == model,
                VectorRow.content_hash.in_(hashes[start : start + _LOOKUP]),
            )
        )
    session.add_all(
        VectorRow(
            workspace_id=workspace,
            content_hash=key,
            model=model,
            dimension=int(vector.shape[0]),
            vector=np.ascontiguousarray(vector, dtype="<f4").tobytes(),
        )
        for key, vector in fresh.items()
    )
    session.flush()


def forget_vectors(session: Session, workspace: str, texts: Iterable[str]) -> int:
    """Delete the vectors of `texts` under every model; returns how many rows went."""
    hashes = sorted({text_hash(text) for text in texts})
    gone = 0
    for start in range(0, len(hashes), _LOOKUP):
        result = session.execute(
            delete(VectorRow).where(
                VectorRow.workspace_id == workspace, VectorRow.content_hash.in_(hashes[start : start + _LOOKUP])
            )
        )
        gone += int(getattr(result, "rowcount", 0))
    return gone
