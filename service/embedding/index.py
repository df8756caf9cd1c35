"""The evidence index: customers' utterances by meaning. The one door to chromadb.

SQL is the truth; the index is rebuilt from it at will. Embedded Chroma loses vectors in silence when two processes
write one folder, so a file lock makes the second opener fail at once with a sentence; a Chroma server has no such
limit.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlparse

import numpy as np
from numpy.typing import NDArray

from service.core.errors import Conflict, Unavailable
from service.core.settings import Settings

Floats = NDArray[np.float32]
_BATCH = 1000


@dataclass(frozen=True)
class Evidence:
    """One indexed utterance. `key` is `<document id>:<position>`."""

    key: str
    document: str
    position: int
    customer: str


@dataclass(frozen=True)
class Hit:
    """A found utterance; `distance` is 1 − cosine."""

    document: str
    position: int
    customer: str
    distance: float


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; Conflict when another process has it. The lock dies with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "owner.lock", os.O_CREAT | os.O_RDWR)
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise Conflict(
                "The evidence index is in use by another whobuys process. Wait until it ends, or set "
                "WHOBUYS_CHROMA_URL to a Chroma server that several processes may share."
            ) from error
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def collection_name(workspace: str, model: str, dimension: int) -> str:
    """One collection per workspace, model and width: a filter on one big collection is ten times slower."""
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", f"{workspace}-{model}").strip("-")[:40]
    digest = hashlib.sha256(f"{workspace}\x1f{model}\x1f{dimension}".encode()).hexdigest()[:12]
    return f"wb-{readable}-{dimension}-{digest}"


class EvidenceIndex:
    """An open index of one workspace and model."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def _collection(self) -> Any:
        return self._client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def replace(self, evidence: Sequence[Evidence], vectors: Floats) -> None:
        """Make the index hold exactly `evidence`; `vectors`: (n, dim) float32."""
        self.drop()
        collection = self._collection()
        for start in range(0, len(evidence), _BATCH):
            part = evidence[start : start + _BATCH]
            collection.add(
                ids=[item.key for item in part],
                embeddings=vectors[start : start + _BATCH],
                metadatas=[
                    {"document": item.document, "position": item.position, "customer": item.customer} for item in part
                ],
            )

    def drop(self) -> None:
        """Delete the whole collection, if there is one."""
        try:
            self._client.delete_collection(self._name)
        except Exception as error:  # chromadb raises its own NotFoundError or ValueError by version
            if "exist" not in str(error).lower():
                raise

    def count(self) -> int:
        """Utterances held."""
        return int(self._collection().count())

    def search(self, vector: Floats, most: int = 10) -> list[Hit]:
        """Nearest utterances to one unit vector (dim,), nearest first."""
        collection = self._collection()
        held = int(collection.count())
        if held == 0:
            return []
        found = collection.query(
            query_embeddings=[vector.tolist()], n_results=min(most, held), include=["metadatas", "distances"]
        )
        metadatas = cast(list[dict[str, Any]], found["metadatas"][0])
        return [
            Hit(str(meta["document"]), int(meta["position"]), str(meta["customer"]), float(distance))
            for meta, distance in zip(metadatas, found["distances"][0], strict=True)
        ]

    def forget(self, customer: str) -> None:
        """Remove everything a customer said."""
        self._collection().delete(where={"customer": customer})


@contextmanager
def open_index(settings: Settings, workspace: str, model: str, dimension: int) -> Iterator[EvidenceIndex]:
    """The index of a workspace: embedded under `settings.home` (locked), or on the Chroma server of the settings."""
    name = collection_name(workspace, model, dimension)
    if settings.chroma_url:
        yield EvidenceIndex(_server(settings.chroma_url), name)
        return
    with _only_writer(settings.index_path):
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        client = chromadb.PersistentClient(
            path=str(settings.index_path), settings=ChromaSettings(anonymized_telemetry=False)
        )
        yield EvidenceIndex(client, name)


def drop_index(settings: Settings, workspace: str, model: str, dimension: int) -> None:
    """Delete a workspace's collection of one model, byte for byte; does nothing where no index was ever made."""
    if not settings.chroma_url and not (settings.index_path / "chroma.sqlite3").exists():
        return
    with open_index(settings, workspace, model, dimension) as index:
        index.drop()
    compact(settings)


def compact(settings: Settings) -> None:
    """Leave no byte of deleted entries in the embedded index: Chroma keeps freed pages and dropped folders.

    Does nothing for a Chroma server, whose files are not ours.
    """
    catalogue = settings.index_path / "chroma.sqlite3"
    if settings.chroma_url or not catalogue.exists():
        return
    with _only_writer(settings.index_path), closing(sqlite3.connect(catalogue, isolation_level=None)) as connection:
        live = {str(row[0]) for row in connection.execute("SELECT id FROM segments")}
        connection.execute("VACUUM")
    for folder in settings.index_path.iterdir():
        if folder.is_dir() and folder.name not in live:
            shutil.rmtree(folder)


def _server(url: str) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    parts = urlparse(url)
    try:
        client = chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=ChromaSettings(anonymized_telemetry=False),
        )
        client.heartbeat()
    except Exception as error:  # the client raises plain ValueError, httpx errors, its own
        raise Unavailable(
            "The Chroma server of WHOBUYS_CHROMA_URL does not answer: check that it runs and that the address is right."
        ) from error
    return client
