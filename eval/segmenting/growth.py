"""How seconds and memory grow with the number of customers, and what a re-analysis costs.

The customers are synthetic: each takes after a customer of a known company. Their documents are put together from
utterances said in documents of that kind by people of the same planted segment, and each document's vector is the
model's with noise. Sentence vectors are made before the clock starts: measured is the way from vectors to named
segments, as for BERTopic's `fit_transform` on the same words and vectors.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.segmenting.companies import Company, Planted, Vectors, by_ref
from eval.segmenting.cost import Cost, measured
from eval.segmenting.peers import Customers, bertopic
from eval.segmenting.product import customers_kept, segmented
from eval.segmenting.rows import Table
from eval.segmenting.scoring import score
from eval.variants import misheard
from ingest.model import Document, DocumentKind, Speaker, Utterance
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument
from service.segments.arrivals import place_arrivals

BESIDE = 2000
"""Customers for the run beside BERTopic and for the re-analysis."""
ARRIVING = 0.01
"""Share of documents that come new before the re-analysis."""
SHORT = 4
"""Utterances under which a document is varied by its words as well."""
MISHEARD = 0.15
"""Share of words lost or misspelt in a short document."""
OWN = 0.5
"""Share of a document's utterances that stay those of the document it takes after."""
NOISE = 0.5
"""Length of the noise added to a unit vector before it is scaled back: cosine to the model's about 0.9."""


@dataclass(frozen=True)
class KnownVectors:
    """Sentence vectors at hand: `rows[text]` of `matrix`."""

    matrix: NDArray[np.float32]
    rows: dict[str, int]

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.matrix[[self.rows[text] for text in texts]]


class Grown(NamedTuple):
    """A company of many customers, with its vectors."""

    company: Company
    vectors: KnownVectors


def grown(company: Company, vectors: Vectors, customers: int, seed: int = 0) -> Grown:
    """`customers` synthetic customers, each after the next contact of `company`, its noise among them."""
    rng = random.Random(f"growth {seed} {customers}")
    models = _models(company)
    pool = _said(company, models)
    documents: list[CorpusDocument] = []
    deals: list[CorpusDeal] = []
    planted: dict[str, Planted] = {}
    owner: dict[str, str] = {}
    origin: dict[str, str] = {}
    won = {deal.customer: deal.deal for deal in company.corpus.deals}
    names = list(models)
    for number in range(customers):
        model = names[number % len(names)]
        name = f"{number:07}"
        planted[name] = company.planted[model]
        for part, like in enumerate(models[model]):
            ref = f"calls/{name}_{part}.txt"
            document = _after(like, pool[_crowd(company, model, like)], ref, f"c_{name}", rng)
            documents.append(document)
            owner[ref] = name
            origin.setdefault(document.customer_text, like.customer_text)
        deal = won.get(models[model][0].customer)
        if deal is not None:
            deals.append(CorpusDeal(f"d_{name}", f"c_{name}", replace(deal, ref=f"deals.csv#{name}")))
    corpus = replace(company.corpus, documents=tuple(documents), deals=tuple(deals), input_hash=f"{customers}")
    made = replace(company, corpus=corpus, planted=planted, owner=owner, variant=f"{customers} synthetic customers")
    return Grown(made, _with_noise(origin, vectors))


def _models(company: Company) -> dict[str, list[CorpusDocument]]:
    """Planted contact → their documents with words."""
    found: dict[str, list[CorpusDocument]] = defaultdict(list)
    for document in by_ref(company.corpus.documents):
        contact = company.owner.get(document.document.ref)
        if contact is not None and document.customer_text.strip():
            found[contact].append(document)
    return dict(found)


Crowd = tuple[str, DocumentKind]


def _crowd(company: Company, contact: str, document: CorpusDocument) -> Crowd:
    planted = company.planted[contact]
    return planted.segment or planted.kind, document.document.kind


def _said(company: Company, models: dict[str, list[CorpusDocument]]) -> dict[Crowd, list[Utterance]]:
    pool: dict[Crowd, list[Utterance]] = defaultdict(list)
    for contact, documents in models.items():
        for document in documents:
            said = [Utterance(Speaker.CUSTOMER, text) for _, text in document.said_by(Speaker.CUSTOMER)]
            pool[_crowd(company, contact, document)] += said
    return pool


def _after(like: CorpusDocument, pool: list[Utterance], ref: str, customer: str, rng: random.Random) -> CorpusDocument:
    """A document of as many utterances as `like`, about half of them its own; short ones also lose or misspell words,
    or thousands of customers would say the very same."""
    own = [Utterance(Speaker.CUSTOMER, text) for _, text in like.said_by(Speaker.CUSTOMER)]
    said = tuple(utterance if rng.random() < OWN else rng.choice(pool) for utterance in own)
    if len(said) < SHORT:
        said = tuple(replace(one, text=misheard(one.text, MISHEARD, rng) or one.text) for one in said)
    digest = hashlib.sha256("\n".join(utterance.text for utterance in said).encode()).hexdigest()
    document = Document(ref, like.document.kind, "synthetic", said, (), like.document.language, digest)
    return CorpusDocument(f"d_{ref}", customer, document)


def _with_noise(origin: dict[str, str], vectors: Vectors) -> KnownVectors:
    """The vector of the document a text takes after, with noise of the text's own."""
    models = sorted(set(origin.values()))
    place = {text: row for row, text in enumerate(models)}
    matrix = vectors(models)[[place[model] for model in origin.values()]]
    for row, text in zip(matrix, origin, strict=True):
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        drawn = np.random.Generator(np.random.SFC64(seed)).standard_normal(len(row), dtype=np.float32)
        row += drawn * np.float32(NOISE / math.sqrt(len(row)))
        row /= max(float(np.linalg.norm(row)), 1e-9)
    return KnownVectors(matrix, {text: row for row, text in enumerate(origin)})


def measure_growth(company: Company, vectors: Vectors, sizes: Sequence[int], table: Table) -> None:
    """A row a size, with seconds per thousand customers and the exponent of growth between neighbours."""
    costs: list[tuple[int, Cost]] = []
    for size in sizes:
        many = grown(company, vectors, size)
        table.head(many.company, f"{len(many.company.corpus.documents)} documents")
        with measured() as cost:
            found = segmented(many.company.corpus, many.vectors, 0)
        table.add(many.company, "whobuys", 0, score(found.segment_of(), many.company), cost)
        table.figure(many.company, "seconds per 1,000 customers", [1000 * cost.seconds / size])
        costs.append((size, cost))
    for (fewer, less), (more, most) in zip(costs, costs[1:], strict=False):
        exponent = math.log(most.seconds / less.seconds) / math.log(more / fewer)
        table.figure(company, f"exponent of seconds, {fewer} to {more} customers", [exponent])


def measure_beside(company: Company, vectors: Vectors, table: Table, customers: int = BESIDE) -> None:
    """Seconds beside BERTopic's defaults on the same words and vectors, and of a re-analysis, in one run."""
    many = grown(company, vectors, customers)
    earlier = _before_arrivals(many.company)
    table.head(many.company, f"{len(many.company.corpus.documents)} documents")
    with measured() as whole:
        found = segmented(earlier, many.vectors, 0)
    table.add(many.company, "whobuys", 0, score(found.segment_of(), many.company), whole)
    for name, seconds in _bertopic_seconds(many):
        table.figure(many.company, f"{name}, seconds", [seconds])
        table.figure(many.company, f"whobuys / {name}, seconds", [whole.seconds / seconds])
    with measured() as placing:
        place_arrivals(many.company.corpus, many.vectors, found)
    table.figure(
        many.company, "1 % more documents placed at once, seconds / whole run", [placing.seconds / whole.seconds]
    )
    with measured() as again:
        segmented(many.company.corpus, many.vectors, 0, found)
    table.figure(many.company, "… and everything found anew, seconds / whole run", [again.seconds / whole.seconds])


def _before_arrivals(company: Company) -> Corpus:
    """The corpus without 1 % of its documents, of any customers."""
    documents = company.corpus.documents
    new = set(random.Random(0).sample(range(len(documents)), max(1, int(ARRIVING * len(documents)))))
    kept = tuple(document for number, document in enumerate(documents) if number not in new)
    return replace(company.corpus, documents=kept)


def _bertopic_seconds(many: Grown) -> Iterator[tuple[str, float]]:
    """BERTopic as it comes (its UMAP unseeded, on all threads), after a small run so that nothing is compiled now."""
    texts = customers_kept(many.company.corpus, many.vectors)
    customers = Customers(texts, many.vectors(texts.texts).astype(np.float64), many.company.segments)
    bertopic(customers.joined[:100], customers.means[:100], None)
    for name, words, matrix in (
        ("BERTopic fit_transform, a customer a row", customers.joined, customers.means),
        ("BERTopic fit_transform, a document a row", list(texts.texts), customers.dense),
    ):
        with measured() as cost:
            bertopic(words, matrix, None)
        yield name, cost.seconds
