"""`python -m eval portrayal`: are segments told rightly? Names, keyphrases and quotes against the planted segments.

For every found segment: the planted segment most of its members belong to, its name with the check, its keyphrases and
quotes. Scores: how well the name alone would find the planted customers (Youden's J: share of them it is true of, less
the share of everybody else), beside the name BERTopic's way of weighing words would give; keyphrases and quotes by
whether those who say them are planted in that segment; names that pass their check, unlike names, varied quotes.
`--planted` describes the planted segments themselves, without embedding and clustering. `--customers` prints the
seconds of describing many copies of the company.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.planted import CASES, WORKSPACE, ingested, load_truth, planted_corpus
from service.core.progress import silent
from service.corpus.model import Corpus
from service.segments import map as customer_maps
from service.segments.describe import described
from service.segments.hearing import Heard, listen
from service.segments.material import Material, material_of
from service.segments.model import Segment, Segmentation
from service.segments.namecheck import true_of
from service.segments.partition import Partition
from service.segments.phrases import phrases_of
from service.segments.portrayal import Line, soundness
from service.segments.space import PLACING_SHRINK
from service.segments.vectors import Texts

SOUND = 0.7
"""Worth from which a quote reads well alone: no greeting, no half sentence, no redaction mark."""
LEAST, MOST, EACH = 20, 20, 100
"""Of --data: rows a group needs, groups described, rows drawn of each."""
PLAIN_WORDS = 3
"""Words in a name made the usual way."""


@dataclass(frozen=True)
class Told:
    """A company's segments as described, and who was planted where (product customer → planted segment)."""

    case: str
    segmentation: Segmentation
    material: Material
    corpus: Corpus
    planted: dict[str, str]

    @property
    def segments(self) -> list[Segment]:
        return [segment for segment in self.segmentation.segments if segment.kind == "segment"]


def main(argv: Sequence[str]) -> int:
    """Print every segment's portrait and the scores of each company."""
    parser = argparse.ArgumentParser(prog="python -m eval portrayal", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="one company only")
    parser.add_argument("--planted", action="store_true", help="describe the planted segments, skip finding them")
    parser.add_argument("--customers", type=int, action="append", help="also time describing this many customers")
    parser.add_argument("--map", action="store_true", help="also score the map of customers")
    parser.add_argument("--brief", action="store_true", help="scores only")
    parser.add_argument("--data", type=Path, help="a .jsonl of labelled texts instead: each row stands for a customer")
    parser.add_argument("--by", default="label", help="which field of --data holds the group")
    parser.add_argument("--language", default="en", choices=("ru", "en"), help="of --data")
    options = parser.parse_args(argv)
    if options.data is not None:
        _print(_labelled(options.data, options.by, options.language), brief=options.brief)
        return 0
    for case in options.case or CASES:
        told = _planted(case) if options.planted else _found(case)
        _print(told, brief=options.brief)
        for customers in options.customers or ():
            _time(case, customers)
        if options.map:
            _map(case)
    return 0


def _found(case: str) -> Told:
    """The company as the product finds and describes it."""
    from service.corpus.repository import load_corpus
    from service.segments import step
    from service.segments.repository import load_segmentation

    truth = load_truth(case)
    with ingested(case) as (store, settings):
        step.run(store, settings, WORKSPACE, "run", silent)
        with store.session() as session:
            corpus = load_corpus(session, WORKSPACE, settings)
            found = load_segmentation(session, WORKSPACE, "run")
    votes: dict[str, Counter[str]] = {}
    for document in corpus.documents:
        owner = truth["documents"].get(document.document.ref)
        if owner is not None:
            segment = _segment_of(truth["customers"][owner])
            votes.setdefault(document.customer, Counter())[segment] += 1
    planted = {customer: max(sorted(v), key=lambda name: v[name]) for customer, v in votes.items()}
    return Told(case, found, material_of(corpus), corpus, planted)


def _planted(case: str) -> Told:
    """The planted segments described as if they had been found."""
    truth = load_truth(case)
    corpus = planted_corpus(case, truth)
    material = material_of(corpus)
    planted = {name: _segment_of(customer) for name, customer in truth["customers"].items()}
    found = described(corpus, material, *_partition(truth, material), {})
    return Told(case, found, material, corpus, planted)


def _labelled(path: Path, by: str, language: str) -> Told:
    """The groups of a labelled file described as if they had been found: the largest, a seeded draw of each."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sizes = Counter(str(row[by]) for row in rows)
    groups = [name for name, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])) if size >= LEAST][
        :MOST
    ]
    rng, kept = np.random.default_rng(0), []
    for name in groups:
        mine = [row for row in rows if str(row[by]) == name]
        kept += [mine[int(row)] for row in rng.choice(len(mine), min(EACH, len(mine)), replace=False)]
    said = {f"{number}": row for number, row in enumerate(kept)}
    lines = {customer: [Line(customer, 0, str(row["text"]), customer)] for customer, row in said.items()}
    planted = {customer: str(row[by]) for customer, row in said.items()}
    membership = np.array([[float(planted[customer] == name) for name in groups] for customer in said])
    nothing = np.zeros((len(groups), len(groups)))
    partition = Partition(tuple(said), membership, tuple(groups), np.ones(len(groups)), nothing, {})
    corpus = Corpus("eval", language, "", (), (), (), (), "")
    nobody = Texts((), (), np.array([], dtype=np.intp), ())
    material = Material(nobody, nobody, lines, {}, {}, False)
    return Told(path.parent.name, described(corpus, material, partition, set(), {}), material, corpus, planted)


def _segment_of(customer: dict[str, Any]) -> str:
    """The planted segment; "" for who is no customer."""
    return "" if customer["kind"] == "noise" else str(customer["segment"] or "")


def _partition(truth: dict[str, Any], material: Material) -> tuple[Partition, set[str]]:
    """The planted segments as a partition, largest first, and the planted non-customers."""
    segment_of = {name: _segment_of(customer) for name, customer in truth["customers"].items()}
    sizes = Counter(segment_of[c] for c in material.texts.customers if segment_of.get(c))
    ids = tuple(sorted(sizes, key=lambda name: (-sizes[name], name)))
    customers = tuple(c for c in material.texts.customers if segment_of.get(c))
    membership = np.array([[float(segment_of[c] == name) for name in ids] for c in customers])
    nothing = np.zeros((len(ids), len(ids)))
    outsiders = {c for c in material.evidence.customers if c in segment_of and not segment_of[c]}
    return Partition(customers, membership, ids, np.ones(len(ids)), nothing, {}), outsiders


def _print(told: Told, *, brief: bool) -> None:
    customers = [a.customer for a in told.segmentation.assignments if a.status != "not_a_customer"]
    heard = listen(told.material.lines_of, customers, told.corpus.language)
    print(f"\n{told.case}: {len(told.segments)} segments of {len(customers)} customers")
    scores: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        scores.setdefault(name, []).append(value)

    members = _members(told)
    plain = _plain_names(members, heard)
    for segment in told.segments:
        planted = Counter(told.planted.get(c, "") for c in members[segment.id]).most_common(1)[0][0]
        inside = {c for c in customers if told.planted.get(c) == planted}
        check = segment.name_check
        add("names that pass their check", float(bool(check and check.passed)))
        add("J of the name on the planted segment", _youden(true_of(segment.name, heard), inside, customers))
        add(
            f"J of the {PLAIN_WORDS} strongest words (c-TF-IDF)",
            _youden(_any(plain[segment.id], heard), inside, customers),
        )
        for phrase in segment.keyphrases:
            sayers = heard.known.said_by[phrase.lemma]
            add("keyphrases truer of the planted segment", float(_youden(sayers, inside, customers) > 0))
            mine = sayers & set(members[segment.id])
            add("members who say a keyphrase, planted there", mean(float(c in inside) for c in sorted(mine)))
        for quote in segment.quotes:
            add("quotes by customers planted there", float(quote.customer in inside))
            add("quotes that read well alone", float(_sound(quote.document, quote.position, quote, told) >= SOUND))
        if segment.quotes:
            add("different customers among quotes", len({q.customer for q in segment.quotes}) / len(segment.quotes))
            add("different documents among quotes", len({q.document for q in segment.quotes}) / len(segment.quotes))
            add("keyphrases and traits the quotes hold", _covered(segment))
        if not brief:
            _portrait(segment, planted, plain[segment.id])
    for one, other in combinations(told.segments, 2):
        add("pairs of names without a common word", float(not _words(one.name) & _words(other.name)))
    for name, values in scores.items():
        print(f"  {name:52} {mean(values):6.3f}  n {len(values)}")


def _portrait(segment: Segment, planted: str, plain: Sequence[str]) -> None:
    check = segment.name_check
    shares = ""
    if check is not None:
        shares = f"{check.members.k} of {check.members.n} against {check.others.k} of {check.others.n}"
        shares += ", holds" if check.passed else ", does not hold"
    print(f"\n  {planted}: {segment.name!r} ({segment.size} customers; {shares}); c-TF-IDF: {', '.join(plain)}")
    print("    phrases: " + ", ".join(f"{p.text} {p.members.k}:{p.others.k}" for p in segment.keyphrases))
    print("    traits:  " + ", ".join(f"{t.topic} {t.members.k}:{t.others.k}" for t in segment.facets[:8]))
    for quote in segment.quotes:
        print(f"    > {quote.text}")


def _members(told: Told) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {segment.id: [] for segment in told.segments}
    for customer, segment in told.segmentation.segment_of().items():
        found[segment].append(customer)
    return found


def _plain_names(members: dict[str, list[str]], heard: Heard) -> dict[str, list[str]]:
    """The strongest single words of each segment by c-TF-IDF, as BERTopic names its topics."""
    counts = {
        id_: Counter(p for c in people for p in heard.known.of_customer.get(c, ()) if " " not in p)
        for id_, people in members.items()
    }
    everywhere: Counter[str] = sum(counts.values(), Counter())
    average = sum(everywhere.values()) / max(1, len(counts))
    found = {}
    for id_, mine in counts.items():
        weight = {word: k * log(1 + average / everywhere[word]) for word, k in mine.items()}
        found[id_] = sorted(weight, key=lambda word: (-weight[word], word))[:PLAIN_WORDS]
    return found


def _any(words: Sequence[str], heard: Heard) -> frozenset[str]:
    return frozenset[str]().union(*(heard.known.said_by.get(word, frozenset()) for word in words))


def _youden(who: frozenset[str], inside: set[str], customers: Sequence[str]) -> float:
    outside = [customer for customer in customers if customer not in inside]
    return len(who & inside) / max(1, len(inside)) - sum(c in who for c in outside) / max(1, len(outside))


def _covered(segment: Segment) -> float:
    """Share of the keyphrases' weight that the quotes hold."""
    held = {phrase.lemma for quote in segment.quotes for phrase in phrases_of(quote.text)}
    weight = sum(phrase.score for phrase in segment.keyphrases)
    return sum(p.score for p in segment.keyphrases if p.lemma in held) / weight if weight else 0.0


def _sound(document: str, position: int, quote: Any, told: Told) -> float:
    lines: Sequence[Line] = told.material.lines_of.get(quote.customer, ())
    line = next(line for line in lines if line.document == document and line.position == position)
    return soundness(quote, line)


def _words(name: str) -> set[str]:
    return {phrase.lemma for phrase in phrases_of(name) if " " not in phrase.lemma}


def _map(case: str) -> None:
    """How well the map keeps neighbours: of the vectors alone, and with landing together weighed in."""
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    from service.corpus.repository import load_corpus
    from service.embedding.encoder import encoder_for
    from service.embedding.vectors import cached_vectors
    from service.segments.discover import set_apart
    from service.segments.material import keep_customers
    from service.segments.partition import find_partition

    with ingested(case) as (store, settings), store.session() as session:
        encoder = encoder_for(settings)
        material = material_of(load_corpus(session, WORKSPACE, settings))

        def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
            return cached_vectors(session, WORKSPACE, encoder, texts)

        apart = set_apart(material, vectors)
        kept = [customer for customer in material.texts.customers if customer not in apart]
        found = find_partition(keep_customers(material.texts, kept), vectors, settings.seed)
    alike, labels = found.space.customers_at(PLACING_SHRINK), found.partition.labels
    for name, weight in (("vectors alone", 0.0), ("and landing together", customer_maps.TOGETHER)):
        drawn = customer_maps.customer_map(found.space, found.partition, settings.seed, weight)
        if drawn is None:
            continue
        places = np.array([(point.x, point.y) for point in drawn.points])
        near = NearestNeighbors(n_neighbors=6).fit(places).kneighbors(return_distance=False)
        inside = labels >= 0
        same = float(np.mean(labels[near[inside]] == labels[inside][:, None]))
        kept_near = float(trustworthiness(alike, places, n_neighbors=10))
        print(f"  map, {name:20} trustworthiness {kept_near:.3f}, nearest of one's own segment {same:.3f}")


def _time(case: str, customers: int) -> None:
    """Seconds to describe the planted segments of as many copies of the company as make `customers`."""
    truth = load_truth(case)
    corpus = planted_corpus(case, truth)
    material = material_of(corpus)
    partition, _ = _partition(truth, material)
    copies = max(1, round(customers / len(partition.customers)))
    names = tuple(f"{c}/{copy}" for copy in range(copies) for c in partition.customers)
    many = replace(partition, customers=names, membership=np.tile(partition.membership, (copies, 1)))
    lines = {
        f"{c}/{copy}": [replace(line, customer=f"{c}/{copy}") for line in material.lines_of.get(c, ())]
        for copy in range(copies)
        for c in partition.customers
    }
    started = time.perf_counter()
    described(replace(corpus, documents=(), deals=()), replace(material, lines_of=lines), many, set(), {})
    seconds, memory = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  describing {len(names):6d} customers: {seconds:6.2f} s; peak of the process {memory} MiB")
