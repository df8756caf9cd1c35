"""Sentences a second of the encoder as the product calls it, beside plain loops over the same model."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.segmenting.companies import demo_company
from service.core.settings import load_settings
from service.embedding.encoder import Encoder, encoder_for

CASES = ("ru_coworking", "en_ebikes")
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def texts_of(case: str, limit: int) -> list[str]:
    """What customers said, an utterance each, by document reference: as many as the limit allows, no text twice."""
    company = demo_company(case)
    documents = sorted(company.corpus.documents, key=lambda document: document.document.ref)
    said = [u.text for document in documents for u in document.document.utterances if u.text.strip()]
    return list(dict.fromkeys(said))[:limit]


def ways(encoder: Encoder) -> dict[str, Embed]:
    """The plain loop, plain calls with other batches, and the product's own."""
    encoder.encode(["warm"])
    model: Any = encoder.model

    def plain(size: int) -> Embed:
        return lambda texts: np.asarray(model.encode(list(texts), batch_size=size, show_progress_bar=False))

    return {
        "one text a call": lambda texts: np.vstack([model.encode(text, show_progress_bar=False) for text in texts]),
        "plain encode, its own batch of 32": plain(32),
        "plain encode, batch of 256": plain(256),
        "the product": encoder.encode,
    }


def measure(case: str, limit: int) -> None:
    """Print a table of one demo company's utterances."""
    encoder = encoder_for(load_settings())
    texts = texts_of(case, limit)
    words = np.array([len(text.split()) for text in texts])
    print(f"{case}: {len(texts)} utterances, {np.median(words):.0f} words at the median, {words.max()} at most")
    first: float | None = None
    known: NDArray[np.float32] | None = None
    for name, embed in ways(encoder).items():
        started = time.perf_counter()
        found = embed(texts)
        rate = len(texts) / (time.perf_counter() - started)
        found = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
        first, known = first or rate, found if known is None else known
        likeness = float((known * found).sum(axis=1).min())
        print(f"  {name:36} {rate:8.0f} sentences/s  {rate / first:5.2f}×  least cosine with the loop {likeness:.5f}")


def main(arguments: Sequence[str]) -> int:
    """Measure both demo companies."""
    parser = argparse.ArgumentParser(prog="python -m eval embedding", description=__doc__)
    parser.add_argument("--limit", type=int, default=4000, help="most utterances of a company")
    limit = parser.parse_args(arguments).limit
    for case in CASES:
        measure(case, limit)
    return 0
