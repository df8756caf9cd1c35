"""`python -m eval segments`: found segments against planted ones, beside peers on the same vectors.

Every method gets the same customers, the same words and the same sentence vectors, in one run. Scored over customers
planted in one segment; a customer a method leaves out counts as a member of one more cluster, so hiding behind noise
does not pay. The product reads the files with its defaults; nothing of the truth reaches it. BERTopic needs the extra
`[peers]`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.planted import CASES
from eval.public_sets import Published, Task, published, tasks
from eval.segmenting.companies import Company, KeptVectors, Vectors, demo_company
from eval.segmenting.cost import measured
from eval.segmenting.growth import measure_beside, measure_growth
from eval.segmenting.peers import PEERS, Customers, as_labels, peers_here
from eval.segmenting.product import customers_kept, every_customer, every_text, segmented, warm_up
from eval.segmenting.rows import Table
from eval.segmenting.scoring import apart, score
from eval.segmenting.steadiness import reordered, resampled, seeded
from eval.variants import VARIANTS, GeneratorRefused, changed, generated, generators_in
from service.segments.discover import FEWEST_CUSTOMERS
from service.segments.model import Segmentation


def main(argv: Sequence[str]) -> int:
    """Measure what the options ask for; the demo companies where they ask for nothing else."""
    options = _options(argv)
    table = Table(as_json=options.json, label=options.label)
    vectors = KeptVectors(options.encoder, options.cache)
    warm_up()
    if options.growth is not None:
        _growth(options, vectors, table)
    elif options.data is not None:
        _public(options, vectors, table)
    else:
        _planted(options, vectors, table)
    table.finish(options.rows)
    return 0


def _planted(options: argparse.Namespace, vectors: Vectors, table: Table) -> None:
    for company in _companies(options, table):
        runs = measure(company, vectors, table, options.seeds, peers=not options.no_peers)
        seeded(company, runs, table)
        if options.stability:
            resampled(company, vectors, runs[0], table)
        if options.shuffle:
            reordered(company, vectors, runs[0], table)


def _growth(options: argparse.Namespace, vectors: Vectors, table: Table) -> None:
    for case in options.case or CASES[:1]:
        company = demo_company(case)
        measure_growth(company, vectors, [int(size) for size in options.growth.split(",") if size], table)
        measure_beside(company, vectors, table)


def _public(options: argparse.Namespace, vectors: Vectors, table: Table) -> None:
    """The public sets, and what others published on them."""
    words = [word.lower() for word in options.set or [""]]
    for task in tasks(options.data):
        if not any(word in task.name for word in words):
            continue
        measure(task.company(options.limit), vectors, table, options.seeds, peers=not options.no_peers)
        others = published(options.data, task)
        if others and not options.no_peers:
            _whole_split(task, vectors, table)
        _published(others, table)


def _whole_split(task: Task, vectors: Vectors, table: Table) -> None:
    """k-means with the true k over the whole set, as the published figures are: texts, not customers of the product."""
    company = replace(task.company(sys.maxsize), variant="the whole set")
    texts = every_customer(company.corpus)
    customers = Customers(texts, vectors(texts.texts).astype(np.float64), company.segments)
    for name in ("k-means, true k, mean vectors", "k-means, true k, our customer vectors"):
        with measured() as cost:
            groups = PEERS[name](customers, 0)
        table.add(company, f"{name}, whole set", 0, score(as_labels(texts, groups), company), cost)


def _published(others: Sequence[Published], table: Table) -> None:
    for row in others:
        ari, nmi, accuracy = (
            f"{row.values[m]:6.3f}" if m in row.values else f"{'–':>6}" for m in ("ARI", "NMI", "ACC")
        )
        table.say(f"  {'published: ' + row.method:50} {ari} {'–':>6} {nmi} {accuracy}")
    for said in dict.fromkeys((row.dataset, row.comparability) for row in others):
        table.say(f"  published on {said[0]}; {said[1]}")


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval segments", description=__doc__)
    add = parser.add_argument
    add("--case", choices=CASES, action="append", help="one demo company only")
    add("--seeds", type=int, default=1, help="how many seeds to try")
    add("--encoder", help="another encoder than the default")
    add("--no-peers", action="store_true", help="the product alone")
    add("--stability", action="store_true", help="also compare runs on 80 %% of the customers")
    add("--shuffle", action="store_true", help="also with rows in another order and in new processes: must be 1.000")
    add("--variants", type=Path, nargs="?", const=Path(), metavar="DIR", help="harder variants instead of the plain "
        "companies; with a folder of generators also companies of other seeds")  # fmt: skip
    add("--only", choices=sorted({*VARIANTS, "seeds"}), action="append", help="of the variants these")
    add("--generator-seeds", default="1,2,3", help="seeds for the generators, by commas")
    add("--data", type=Path, metavar="FOLDER", help="the public sets in a folder instead of companies")
    add("--set", action="append", metavar="WORD", help="of the public sets those with this word in their name")
    add("--limit", type=int, default=600, help="most customers of a public set")
    add("--growth", nargs="?", const="1000,10000", metavar="SIZES", help="seconds and memory for so many customers "
        "(by commas), beside BERTopic and for a re-analysis")  # fmt: skip
    add("--cache", type=Path, metavar="FOLDER", help="keep sentence vectors here between runs")
    add("--rows", type=Path, metavar="CSV", help="also keep the rows in this file of baselines")
    add("--label", default="", help="what was changed in the product, for the file of baselines")
    add("--json", action="store_true", help="rows as JSON instead of tables")
    return parser.parse_args(argv)


def _companies(options: argparse.Namespace, table: Table) -> Iterator[Company]:
    for case in options.case or CASES:
        if options.variants is None:
            yield demo_company(case)
            continue
        names = options.only or [*VARIANTS, "seeds"]
        company = demo_company(case) if set(names) - {"seeds"} else None
        for name in names:
            if name != "seeds" and company is not None:
                yield changed(company, name, 0)
        if "seeds" in names:
            yield from _other_seeds(case, options, table)


def _other_seeds(case: str, options: argparse.Namespace, table: Table) -> Iterator[Company]:
    generator = generators_in(options.variants).get(case) if options.variants != Path() else None
    if generator is None:
        table.say(f"\n{case}: no generator given, no other seeds")
        return
    for seed in map(int, options.generator_seeds.split(",")):
        try:
            yield generated(case, generator, seed)
        except GeneratorRefused as refusal:
            table.say(f"\n{case}: the generator refuses seed {seed} ({refusal})")


def measure(company: Company, vectors: Vectors, table: Table, seeds: int, *, peers: bool) -> list[Segmentation]:
    """Rows of the product and, with `peers`, of every peer, for each seed; the product's runs."""
    with measured() as embedding:
        vectors(every_text(company.corpus))
    documents, customers = len(company.corpus.documents), len(company.corpus.customers)
    table.head(company, f"{documents} documents, {customers} customers; embedding {embedding.seconds:.1f} s")
    runs = []
    for seed in range(seeds):
        with measured() as cost:
            runs.append(segmented(company.corpus, vectors, seed))
        found = runs[-1]
        table.add(company, "whobuys", seed, score(found.segment_of(), company), cost, apart(found.outsiders(), company))
    if peers:
        _peers(company, vectors, table, seeds)
    return runs


def _peers(company: Company, vectors: Vectors, table: Table, seeds: int) -> None:
    texts = customers_kept(company.corpus, vectors)
    if len(texts.customers) < FEWEST_CUSTOMERS:
        table.say(f"  peers left out: {len(texts.customers)} customers only")
        return
    customers = Customers(texts, vectors(texts.texts).astype(np.float64), company.segments)
    here = peers_here()
    for name, peer in here.items():
        for seed in range(seeds):
            with measured() as cost:
                groups = peer(customers, seed)
            table.add(company, name, seed, score(as_labels(texts, groups), company), cost)
    if not any(name.startswith("BERTopic") for name in here):
        table.say("  BERTopic left out (install the extra [peers])")
