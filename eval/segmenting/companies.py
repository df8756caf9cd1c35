"""Companies whose segments are known: what the product reads of them, and what was planted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.planted import ROOT, WORKSPACE, ingested
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument

Kind = Literal["one", "mixed", "noise"]
"""A customer of one segment, of two, or no customer at all."""


class Planted(NamedTuple):
    """What a contact was made to be. `segment` is the main one, None for noise."""

    kind: Kind
    segment: str | None


@dataclass(frozen=True)
class Company:
    """A corpus with its truth. `owner`: document ref → planted contact; documents the truth does not know are absent.

    `note` says in a sentence how the company was made, where a reader of a table could not guess it.
    """

    name: str
    corpus: Corpus
    planted: dict[str, Planted]
    owner: dict[str, str]
    variant: str = ""
    note: str = ""

    @property
    def segments(self) -> int:
        """Number of planted segments with a customer of their own."""
        return len({planted.segment for planted in self.planted.values() if planted.kind == "one"})

    def customers_of(self) -> dict[str, list[str]]:
        """Planted contact → the product's customer of each of their documents, by document ref."""
        votes: dict[str, list[str]] = {}
        for document in by_ref(self.corpus.documents):
            planted = self.owner.get(document.document.ref)
            if planted is not None:
                votes.setdefault(planted, []).append(document.customer)
        return votes


def by_ref(documents: Sequence[CorpusDocument]) -> list[CorpusDocument]:
    """Documents in an order that does not hang on the workspace's salt."""
    return sorted(documents, key=lambda document: document.document.ref)


def with_documents(
    company: Company,
    documents: Sequence[CorpusDocument],
    *,
    variant: str,
    owner: dict[str, str] | None = None,
    deals: Sequence[CorpusDeal] | None = None,
) -> Company:
    """The company with other documents (sorted by id, as a corpus is)."""
    kept = tuple(sorted(documents, key=lambda document: document.id))
    deals = company.corpus.deals if deals is None else tuple(sorted(deals, key=lambda deal: deal.id))
    corpus = replace(
        company.corpus, documents=kept, deals=tuple(deals), input_hash=f"{company.corpus.input_hash} {variant}"
    )
    return replace(company, corpus=corpus, owner=company.owner if owner is None else owner, variant=variant)


def planted_in(truth: dict[str, Any]) -> dict[str, Planted]:
    """The planted contacts of a `truth.json`."""
    return {name: Planted(_kind(known["kind"]), _segment(known)) for name, known in truth["customers"].items()}


def _kind(word: str) -> Kind:
    return {"pure": "one", "genuine": "one", "mixed": "mixed", "noise": "noise"}[word]  # type: ignore[return-value]


def _segment(known: dict[str, Any]) -> str | None:
    return None if known["kind"] == "noise" else known["segment"]


def read_company(name: str, inputs: Path, truth_file: Path) -> Company:
    """The files of `inputs` through the product's own readers, in a store that is thrown away."""
    from service.corpus.repository import load_corpus

    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    with ingested(inputs) as (store, settings), store.session() as session:
        corpus = load_corpus(session, WORKSPACE, settings)
    return Company(name, corpus, planted_in(truth), dict(truth["documents"]))


def demo_company(case: str) -> Company:
    """One of the two demo companies."""
    return read_company(case, ROOT / case / "inputs", ROOT / case / "truth" / "truth.json")


Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Sentence vectors of texts: (n, dim), L2-normalised."""


class KeptVectors:
    """Sentence vectors, each text encoded once; with a `folder`, once for all runs (by encoder and text).

    `at_a_time`: texts given to the encoder together, all where it is None. The same text may come out a trifle
    different in other company.
    """

    def __init__(
        self, encoder_name: str | None = None, folder: Path | None = None, at_a_time: int | None = None
    ) -> None:
        from service.core.settings import Settings
        from service.embedding.encoder import Encoder, encoder_for

        settings = Settings()
        self._encoder = Encoder(encoder_name, settings.threads) if encoder_name else encoder_for(settings)
        self._at_a_time = at_a_time
        self._place = folder / f"{self.name}.npz" if folder else None
        self._rows: dict[str, NDArray[np.float32]] = {}
        if self._place is not None and self._place.exists():
            kept = np.load(self._place)
            self._rows = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    @property
    def name(self) -> str:
        """The encoder's name, fit for a file."""
        return self._encoder.name.replace("/", "_")

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = sorted({text for text in texts if text not in self._rows})
        if missing:
            step = self._at_a_time or len(missing)
            for start in range(0, len(missing), step):
                some = missing[start : start + step]
                self._rows.update(zip(some, self._encoder.encode(some), strict=True))
            self._keep()
        return np.vstack([self._rows[text] for text in texts])

    def _keep(self) -> None:
        if self._place is None:
            return
        self._place.parent.mkdir(parents=True, exist_ok=True)
        texts = sorted(self._rows)
        part = self._place.with_suffix(".part.npz")
        np.savez(part, texts=np.array(texts), vectors=np.vstack([self._rows[text] for text in texts]))
        part.replace(self._place)
