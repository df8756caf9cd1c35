"""Same customer: pairwise precision and recall on the demo companies, on a company written to deceive, and at scale."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from ingest.model import IngestOptions, KnownItem, Link

SALT = b"joining"
SEED = 20
GOAL = 0.97
WAYS = ("one batch", "halves", "halves back", "ten batches", "shuffled")
"""How the files come: at once; two halves, the same the other way round; in ten; in another order within one batch."""


class Pairs(NamedTuple):
    """Pairs of records of one customer: found rightly, found in all, to be found."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Joined:
    """What came of one way of uploading."""

    customer_of: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    known: tuple[KnownItem, ...] = ()
    own: tuple[str, ...] = ()
    seconds: float = 0.0


@contextmanager
def batches(inputs: Path, parts: Sequence[Sequence[Path]]) -> Iterator[list[Path]]:
    """Folders with the files of each part, under the same relative paths."""
    with tempfile.TemporaryDirectory() as name:
        folders = []
        for number, files in enumerate(parts):
            folder = Path(name) / str(number)
            for file in files:
                place = folder / file.relative_to(inputs)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)
            folders.append(folder)
        yield folders


def take(before: Joined, folder: Path) -> Joined:
    """Join one more batch, as an upload does, without its redaction."""
    from ingest.gathering import gather
    from ingest.people import texts_without_html
    from ingest.pipeline import identify

    started = time.perf_counter()
    options = IngestOptions(salt=SALT, known=before.known, own_contacts=before.own)
    gathered = gather([folder], options, lambda _: None)
    texts_without_html(gathered)
    people, _ = identify(gathered, options)
    customer_of = before.customer_of | people.customer_of()
    known = {item.ref: item for item in before.known}
    for ref in people.refs():
        known[ref] = KnownItem(ref, customer_of[ref], people.keys_of(ref), people.moments_of(ref))
    moved = [KnownItem(ref, customer_of[ref], item.keys, item.moments) for ref, item in known.items()]
    own = tuple(sorted(people.own_contacts))
    return Joined(customer_of, people.links(), tuple(moved), own, before.seconds + time.perf_counter() - started)


def divided(inputs: Path, way: str, seed: int = SEED) -> list[list[Path]]:
    """The files of a company in the parts of a way of uploading."""
    files = sorted(path for path in inputs.rglob("*") if path.is_file())
    mixed = random.Random(seed).sample(files, len(files))
    half = (len(files) + 1) // 2
    match way:
        case "halves":
            return [mixed[:half], mixed[half:]]
        case "halves back":
            return [mixed[half:], mixed[:half]]
        case "ten batches":
            return [mixed[start::10] for start in range(10)]
    return [files]


def run(inputs: Path, way: str) -> Joined:
    """Upload a company's files one way."""
    found = Joined()
    with batches(inputs, divided(inputs, way)) as folders:
        for folder in folders:
            if folder.exists():
                found = take(found, folder)
    return found


def reordered(found: Joined) -> Joined:
    """Settle the same records again in another order, from what is kept of them."""
    from ingest.clues import item_of
    from ingest.identity import resolve

    items = [item_of(item.ref, item.keys, item.moments) for item in found.known]
    settled = resolve(random.Random(SEED).sample(items, len(items)), own=frozenset(found.own))
    return Joined(settled.customer_of, settled.links, found.known, found.own)


def pairs_of(owner: Mapping[str, str], customer_of: Mapping[str, str]) -> Pairs:
    """Pairs over the records of the truth; a record that was not found makes pairs that are missing."""
    refs = [ref for ref in owner if ref in customer_of]
    together = Counter((owner[ref], customer_of[ref]) for ref in refs)
    given, true = Counter(customer_of[ref] for ref in refs), Counter(owner.values())
    return Pairs(*(sum(n * (n - 1) // 2 for n in counted.values()) for counted in (together, given, true)))


def same_partition(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two answers put the same records together."""
    return _partition(one) == _partition(other)


def _partition(customer_of: Mapping[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for ref, customer in customer_of.items():
        found[customer].add(ref)
    return {frozenset(refs) for refs in found.values()}


def causes(owner: Mapping[str, str], found: Joined) -> tuple[Counter[str], Counter[str]]:
    """Wrong pairs by what joined them, missing pairs by what the two records have in common."""
    keys = {item.ref: {key for key in item.keys if _is_key(key)} for item in found.known}
    by = {frozenset((one, link.other)): link.kind for link in found.links for one in link.one}
    wrong: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for refs in _grouped(found.customer_of, owner).values():
        for one, other in combinations(refs, 2):
            if owner[one] != owner[other]:
                wrong[by.get(frozenset((one, other))) or _common(keys, one, other) or "a chain"] += 1
    for refs in _grouped(owner, found.customer_of).values():
        for one, other in combinations(refs, 2):
            if found.customer_of[one] != found.customer_of[other]:
                missing[_common(keys, one, other) or "no key in common"] += 1
    return wrong, missing


def _is_key(key: str) -> bool:
    from ingest.clues import proves

    return proves(key)


def _common(keys: Mapping[str, set[str]], one: str, other: str) -> str:
    kinds = sorted({key.partition(":")[0] for key in keys.get(one, set()) & keys.get(other, set())})
    return f"the same {' and '.join(kinds)}" if kinds else ""


def _grouped(group_of: Mapping[str, str], among: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for ref in sorted(group_of):
        if ref in among:
            found[group_of[ref]].append(ref)
    return found


def measure(name: str, inputs: Path, owner: Mapping[str, str], ways: Sequence[str], scenes: Mapping[str, str]) -> bool:
    """Print a row for each way of uploading; whether all reach the goal and none differs from one batch."""
    first: Joined | None = None
    good = True
    for way in ways:
        found = reordered(first) if way == "shuffled" and first is not None else run(inputs, way)
        first = first or found
        pairs = pairs_of(owner, found.customer_of)
        same = same_partition(first.customer_of, found.customer_of)
        figures = " | ".join(f"{figure:.4f}" for figure in (pairs.precision, pairs.recall, pairs.f1))
        alike = "yes" if same else f"{_moved(first, found)} records apart"
        print(f"| {name} | {way} | {len(set(owner.values()))} | {len(owner)} | {figures} | {alike} |")
        good = good and pairs.f1 >= GOAL
    if first is not None:
        _show_causes(owner, first, scenes)
    return good


def _moved(one: Joined, other: Joined) -> int:
    mine, theirs = _partition(one.customer_of), _partition(other.customer_of)
    return sum(len(group) for group in theirs - mine)


def _show_causes(owner: Mapping[str, str], found: Joined, scenes: Mapping[str, str]) -> None:
    wrong, missing = causes(owner, found)
    for words, counted in (("wrongly joined", wrong), ("not joined", missing)):
        if counted:
            print(f"  {words}, pairs: " + ", ".join(f"{cause} {n}" for cause, n in counted.most_common()))
    for scene, pairs in scene_pairs(owner, found.customer_of, scenes).items():
        print(f"  {scene:<34} precision {pairs.precision:.3f}  recall {pairs.recall:.3f}  pairs {pairs.wanted}")


def scene_pairs(owner: Mapping[str, str], given: Mapping[str, str], scenes: Mapping[str, str]) -> dict[str, Pairs]:
    """Pairs of the records of each scene by themselves, and of all scenes."""
    found = {}
    for scene in sorted(set(scenes.values())):
        own = {ref: customer for ref, customer in owner.items() if scenes.get(ref) == scene}
        found[scene] = pairs_of(own, {ref: given[ref] for ref in own if ref in given})
    return found


def scale(records: int) -> None:
    """Seconds to settle `records` records of a third as many customers, and the growth from half of them."""
    from eval.joining_cases import synthetic_items
    from ingest.identity import resolve

    for size in (records // 4, records // 2, records):
        items = synthetic_items(size)
        started = time.perf_counter()
        settled = resolve(items)
        seconds = time.perf_counter() - started
        print(f"{size} records, {len(set(settled.customer_of.values()))} customers: {seconds:.1f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Print the tables; 0 when every way of uploading reaches the goal."""
    parser = argparse.ArgumentParser(prog="python -m eval joining", description=__doc__)
    parser.add_argument("case", nargs="*", type=Path, help="folders with inputs/ and truth/; default: the demo cases")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS, help="how the files come")
    parser.add_argument("--no-deceiving", action="store_true", help="leave out the generated company")
    parser.add_argument("--scale", type=int, metavar="N", help="only: seconds for N records with made-up keys")
    given = parser.parse_args(arguments)
    if given.scale:
        scale(given.scale)
        return 0
    print("| company | files came as | customers | records | precision | recall | F1 | as in one batch |")
    print("|---|---|---|---|---|---|---|---|")
    good = True
    for case in given.case or sorted((Path(__file__).parent / "cases").iterdir()):
        if (case / "truth").is_dir():
            truth = json.loads((case / "truth" / "truth.json").read_text(encoding="utf-8"))
            good = measure(case.name, case / "inputs", truth["documents"], given.ways, {}) and good
    if not given.case and not given.no_deceiving:
        from eval.joining_cases import deceiving

        for language in ("ru", "en"):
            with tempfile.TemporaryDirectory() as name:
                made = deceiving(Path(name), language)
                good = measure(f"deceiving {language}", Path(name), made.owner, given.ways, made.scene) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
