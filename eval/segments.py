"""`python -m eval segments`: the segments of the demo companies against the planted ones, beside peers.

Every method gets the same customers, the same words and the same sentence vectors, in one run. Scored over customers
planted in one segment; a customer a method leaves out counts as a member of one more cluster, so hiding behind noise
does not pay. The product reads the files; nothing of the truth reaches it. Peers need the extra `[peers]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.planted import CASES, WORKSPACE, ingested, load_truth
from service.core.progress import silent
from service.corpus.model import Corpus
from service.segments.discover import FEWEST_CUSTOMERS, discover, set_apart
from service.segments.space import learn_space
from service.segments.material import keep_customers, material_of
from service.segments.model import Segmentation
from service.segments.vectors import Floats, Texts, customer_means

Labels = dict[str, str]
"""Product customer → label; absent or "" is left out."""


class Score(NamedTuple):
    """Agreement with the planted segments; `found` clusters, `covered` share of customers put somewhere."""

    ari: float
    ami: float
    found: int
    covered: float
    seconds: float


def main(argv: Sequence[str]) -> int:
    """Print a table per company and the same as the average over seeds where several are asked for."""
    parser = argparse.ArgumentParser(prog="python -m eval segments", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="one company only")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds to try")
    parser.add_argument("--encoder", help="another encoder than the default")
    parser.add_argument("--no-peers", action="store_true", help="leave BERTopic out even where it is installed")
    parser.add_argument("--stability", action="store_true", help="also compare runs on 80 %% resamples")
    options = parser.parse_args(argv)
    for case in options.case or CASES:
        _case(case, options)
    return 0


def _case(case: str, options: argparse.Namespace) -> None:
    from service.corpus.repository import load_corpus
    from service.embedding.encoder import Encoder, encoder_for

    truth = load_truth(case)
    with ingested(case) as (store, settings):
        with store.session() as session:
            corpus = load_corpus(session, WORKSPACE, settings)
        encoder = Encoder(options.encoder, settings.threads) if options.encoder else encoder_for(settings)
    cache: dict[str, NDArray[np.float32]] = {}
    started = time.perf_counter()

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        missing = sorted({text for text in texts if text not in cache})
        if missing:
            cache.update(zip(missing, encoder.encode(missing), strict=True))
        return np.vstack([cache[text] for text in texts])

    material = material_of(corpus)
    vectors(material.texts.texts)
    vectors(material.evidence.texts)
    print(f"\n{case}: {len(corpus.documents)} documents, {len(corpus.customers)} customers, encoder {encoder.name}")
    print(f"  embedding (with loading the model) {time.perf_counter() - started:.1f} s")
    owners = _owner_votes(corpus, truth)
    print(f"  {'method':58} {'ARI':>6} {'AMI':>6} {'found':>6} {'cover':>6} {'s':>6}   true {len(truth['segments'])}")
    found: list[Segmentation] = []
    for seed in range(options.seeds):
        started = time.perf_counter()
        found.append(discover(corpus, vectors, seed))
        seconds = time.perf_counter() - started
        labels = found[-1].segment_of()
        _row(f"whobuys, seed {seed}", _score(labels, owners, truth, seconds))
    rest = [c for c in material.texts.customers if c not in set_apart(material, vectors)]
    _peers(keep_customers(material.texts, rest), vectors, owners, truth, peers=not options.no_peers)
    _apart(found[0], owners, truth)
    if options.stability:
        _stability(corpus, vectors, found[0])


def _owner_votes(corpus: Corpus, truth: dict[str, Any]) -> dict[str, list[str]]:
    """Planted customer → the product's customer of each of their documents."""
    votes: dict[str, list[str]] = {}
    for document in corpus.documents:
        planted = truth["documents"].get(document.document.ref)
        if planted is not None:
            votes.setdefault(planted, []).append(document.customer)
    return votes


def _score(labels: Labels, owners: dict[str, list[str]], truth: dict[str, Any], seconds: float) -> Score:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    wanted, got = [], []
    for planted, customers in sorted(owners.items()):
        known = truth["customers"][planted]
        if known["kind"] not in ("pure", "genuine") or not known["segment"]:
            continue
        votes = Counter(labels[customer] for customer in customers if labels.get(customer))
        wanted.append(known["segment"])
        got.append(min(votes, key=lambda label: (-votes[label], label)) if votes else "")
    return Score(
        float(adjusted_rand_score(wanted, got)),
        float(adjusted_mutual_info_score(wanted, got)),
        len(set(got) - {""}),
        sum(bool(label) for label in got) / max(1, len(got)),
        seconds,
    )


def _row(name: str, score: Score) -> None:
    print(
        f"  {name:58} {score.ari:6.3f} {score.ami:6.3f} {score.found:6d} {score.covered:6.2f} {score.seconds:6.1f}",
        flush=True,
    )


Clusterer = Callable[[], Sequence[int]]


def _peers(
    texts: Texts,
    vectors: Callable[[Sequence[str]], NDArray[np.float32]],
    owners: dict[str, list[str]],
    truth: dict[str, Any],
    *,
    peers: bool,
) -> None:
    """The same customers (those the product does not set apart, so peers are spared the noise) by other methods."""
    dense = vectors(texts.texts).astype(np.float64)
    means = customer_means(dense, texts)
    white = learn_space(texts, dense, 0).customers_at(0.7)
    joined = ["\n".join(texts.texts[row] for row in np.where(texts.owner == i)[0]) for i in range(len(texts.customers))]
    true_k = len(truth["segments"])

    def by_customer(name: str, cluster: Clusterer) -> None:
        started = time.perf_counter()
        found = cluster()
        labels = {c: str(label) for c, label in zip(texts.customers, found, strict=True) if label >= 0}
        _row(name, _score(labels, owners, truth, time.perf_counter() - started))

    by_customer("k-means, true k, mean vectors", lambda: _k_means(means, true_k))
    by_customer("k-means, true k, our customer vectors", lambda: _k_means(white, true_k))
    by_customer("UMAP + HDBSCAN, mean vectors", lambda: _umap_hdbscan(means))
    if not peers or importlib.util.find_spec("bertopic") is None:
        print("  BERTopic left out (install the extra [peers])")
        return
    by_customer("BERTopic defaults, a customer a row, mean vectors", lambda: _bertopic(joined, means))
    by_customer("BERTopic defaults, a customer a row, our customer vectors", lambda: _bertopic(joined, white))
    started = time.perf_counter()
    topics = _bertopic(list(texts.texts), dense)
    votes: dict[str, Counter[int]] = {}
    for owner, topic in zip(texts.owner, topics, strict=True):
        if topic >= 0:
            votes.setdefault(texts.customers[owner], Counter())[topic] += 1
    labels = {customer: str(count.most_common(1)[0][0]) for customer, count in votes.items()}
    name = "BERTopic defaults, a document a row, majority per customer"
    _row(name, _score(labels, owners, truth, time.perf_counter() - started))


def _k_means(matrix: Floats, k: int) -> Sequence[int]:
    from sklearn.cluster import KMeans

    return [int(label) for label in KMeans(k, n_init=10, random_state=0).fit_predict(matrix)]


def _umap_hdbscan(matrix: Floats) -> Sequence[int]:
    from service.segments.consensus import look
    from service.segments.vectors import centred

    return [int(label) for label in look(centred(matrix), 15, 10, 0)]


def _bertopic(documents: list[str], matrix: Floats) -> Sequence[int]:
    from bertopic import BERTopic

    topics, _ = BERTopic().fit_transform(documents, embeddings=matrix.astype(np.float32))
    return [int(topic) for topic in topics]


def _apart(found: Segmentation, owners: dict[str, list[str]], truth: dict[str, Any]) -> None:
    """Non-customers set apart, customers wrongly set apart, by planted customer (majority of their documents)."""
    outside = found.outsiders()
    counts = {"noise": [0, 0], "real": [0, 0]}
    for planted, customers in owners.items():
        kind = "noise" if truth["customers"][planted]["kind"] == "noise" else "real"
        counts[kind][1] += 1
        counts[kind][0] += sum(customer in outside for customer in customers) * 2 > len(customers)
    hit, all_noise = counts["noise"]
    wrong, all_real = counts["real"]
    print(f"  not customers set apart {hit} of {all_noise}; real customers wrongly set apart {wrong} of {all_real}")


def _stability(corpus: Corpus, vectors: Callable[[Sequence[str]], NDArray[np.float32]], whole: Segmentation) -> None:
    """Mean ARI between the whole run and runs on 80 % of the customers."""
    from dataclasses import replace

    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(0)
    labels = whole.segment_of()
    scores = []
    for _ in range(5):
        kept = set(rng.choice(list(corpus.customers), int(0.8 * len(corpus.customers)), replace=False))
        if len(kept) < FEWEST_CUSTOMERS:
            return
        part = replace(
            corpus,
            documents=tuple(d for d in corpus.documents if d.customer in kept),
            deals=tuple(d for d in corpus.deals if d.customer in kept),
        )
        again = discover(part, vectors, 0, progress=silent).segment_of()
        both = sorted(kept)
        scores.append(adjusted_rand_score([labels.get(c, "") for c in both], [again.get(c, "") for c in both]))
    print(f"  80 % resamples: ARI with the whole run {np.mean(scores):.3f} (of 5: {min(scores):.3f}–{max(scores):.3f})")
