"""The real encoder, the SQL cache and the real index."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from service.core.errors import BadInput, Conflict
from service.core.progress import Progress, silent
from service.core.settings import Settings
from service.embedding.encoder import Encoder, encoder_for
from service.embedding.index import Evidence, collection_name, open_index
from service.embedding.vectors import cached_vectors, forget_vectors
from service.store.db import Store, ensure_workspace, open_store
from service.store.tables import VectorRow


class Counting(Encoder):
    """An encoder of letters that counts what it was asked."""

    def __init__(self, width: int = 4) -> None:
        super().__init__("counting", 1)
        self.width = width
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        self.asked.extend(texts)
        rows = [[float(len(text) + column) for column in range(self.width)] for text in texts]
        matrix = np.array(rows, dtype=np.float32)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path))
    with opened.session() as session:
        ensure_workspace(session, "w")
    yield opened
    opened.close()


def test_the_packaged_encoder_knows_both_languages() -> None:
    vectors = encoder_for(Settings()).encode(["Где можно припарковаться?", "Where can I park?", "Ребёнок спит", ""])
    assert vectors.shape == (4, 512)
    assert vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert not vectors[3].any()


def test_an_unknown_model_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="WHOBUYS_ENCODER"):
        Encoder("./no-such-model", 1).encode(["текст"])


def test_a_text_is_embedded_once_and_in_any_order_the_same(store: Store) -> None:
    encoder = Counting()
    with store.session() as session:
        first = cached_vectors(session, "w", encoder, ["a", "bb", "a"])
        again = cached_vectors(session, "w", encoder, ["bb", "a"])
    assert sorted(encoder.asked) == ["a", "bb"]
    assert (first[0] == first[2]).all()
    assert (again == first[[1, 0]]).all()


def test_vectors_of_another_width_are_made_anew(store: Store) -> None:
    with store.session() as session:
        cached_vectors(session, "w", Counting(3), ["a"])
        mixed = cached_vectors(session, "w", Counting(5), ["a", "b"])
        assert mixed.shape == (2, 5)
        assert {row.dimension for row in session.scalars(select(VectorRow))} == {5}


def test_a_damaged_vector_is_made_anew(store: Store) -> None:
    encoder = Counting()
    with store.session() as session:
        cached_vectors(session, "w", encoder, ["a"])
        session.scalars(select(VectorRow)).one().vector = b"\x00\x00"
    with store.session() as session:
        assert cached_vectors(session, "w", encoder, ["a"]).shape == (1, 4)
    assert encoder.asked == ["a", "a"]


def test_forgotten_texts_leave_no_vector(store: Store) -> None:
    with store.session() as session:
        cached_vectors(session, "w", Counting(), ["mine", "yours"])
        assert forget_vectors(session, "w", ["mine"]) == 1
        assert len(session.scalars(select(VectorRow)).all()) == 1


def test_the_index_finds_the_nearest_and_forgets_a_customer(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    vectors = np.eye(4, dtype=np.float32)
    evidence = [Evidence(f"d{i}:0", f"d{i}", 0, f"c{i % 2}") for i in range(4)]
    with open_index(settings, "w", "m", 4) as index:
        index.replace(evidence, vectors)
        assert index.search(vectors[2], 1)[0].document == "d2"
        index.replace(evidence[:3], vectors[:3])
        assert index.count() == 3
        index.forget("c0")
        assert {hit.customer for hit in index.search(vectors[0], 10)} == {"c1"}
    with open_index(settings, "w", "m", 4) as index:
        assert index.count() == 1


def test_a_second_process_on_one_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    code = (
        "from service.core.settings import Settings; from service.embedding.index import open_index; import sys\n"
        f"with open_index(Settings(home={str(tmp_path)!r}), 'w', 'm', 4): pass"
    )
    with open_index(settings, "w", "m", 4):
        other = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path.cwd(), env=os.environ
        )
    assert other.returncode != 0
    assert Conflict.__name__ in other.stderr
    assert "in use by another whobuys process" in other.stderr


def test_collections_differ_by_workspace_model_and_width() -> None:
    names = {collection_name(*parts) for parts in (("a", "m", 4), ("b", "m", 4), ("a", "n", 4), ("a", "m", 5))}
    assert len(names) == 4
    assert all(3 <= len(name) <= 63 for name in names)
