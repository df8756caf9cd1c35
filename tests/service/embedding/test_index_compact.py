"""What left the evidence index leaves its files too."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from service.core.settings import Settings
from service.embedding.index import Evidence, compact, open_index


def test_no_byte_of_a_removed_customer_stays_in_the_folder(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    evidence = [Evidence(f"d_{who}:{n}", f"d_{who}", n, f"c_{who}") for who in ("stays", "leaves") for n in range(300)]
    vectors = np.random.default_rng(0).normal(size=(len(evidence), 8)).astype(np.float32)
    for kept in (len(evidence), 300):
        with open_index(settings, "w", "m", 8) as index:
            index.replace(evidence[:kept], vectors[:kept])
    compact(settings)
    written = b"".join(path.read_bytes() for path in settings.index_path.rglob("*") if path.is_file())
    assert b"c_stays" in written
    assert b"c_leaves" not in written
    with open_index(settings, "w", "m", 8) as index:
        assert index.count() == 300
        assert {hit.customer for hit in index.search(vectors[0], 5)} == {"c_stays"}


def test_an_index_that_was_never_made_needs_nothing(tmp_path: Path) -> None:
    compact(Settings(home=tmp_path, _env_file=None))
