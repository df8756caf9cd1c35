"""Public sets of texts turned into companies, as far as they carry the task: who belongs together.

`tasks(FOLDER)` reads the folders it knows under FOLDER, each with the files their own README describes. Three shapes:

- *a text a customer*: every utterance is a customer with one document, its label the segment;
- *grouped*: a customer says two to four utterances of one label, one document each: what stays is the label, what
  changes is the sentence;
- *talks*: a customer is one side of a conversation, cut in two documents by turns.

The product finds no segment under 3 % of the customers, so sets of 77 or 150 labels are also measured on ten labels
drawn with a seed. Published figures come from `peer_figures.csv` of the same folder with their comparability.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from eval.segmenting.companies import Company, Planted
from ingest.model import Document, DocumentKind, Speaker, Utterance
from service.corpus.model import Corpus, CorpusDocument

FEW_LABELS = 10
"""Labels drawn of a set with more than the product can show."""
GROUPED = (2, 3, 4)
"""Utterances a customer of a grouped task may have."""
Record = dict[str, Any]


class Said(NamedTuple):
    """A customer of a task: their documents, each a list of utterances, and the segment (None: of several)."""

    segment: str | None
    documents: list[list[str]]


class Published(NamedTuple):
    """What a method reached elsewhere, and whether it can stand beside ours. `values`: ARI, NMI, ACC in 0..1."""

    method: str
    values: dict[str, float]
    dataset: str
    comparability: str


@dataclass(frozen=True)
class Task:
    """A company made of a public set. `build` takes a seeded generator and the most customers wanted."""

    name: str
    about: str
    language: str
    build: Callable[[random.Random, int], list[Said]]
    peer: str = ""
    dataset: str = ""
    """Prefixes of `peer` and `dataset` in the table of published figures."""

    def company(self, limit: int, seed: int = 0) -> Company:
        """The company of at most `limit` customers."""
        customers = self.build(random.Random(f"{self.name} {seed}"), limit)
        return company_of(self.name, self.about, self.language, customers)


def tasks(folder: Path) -> Iterator[Task]:
    """Every task whose files lie under `folder`."""
    for file, make in _SETS.items():
        if (folder / file).exists():
            yield from make(list(records(folder / file)))


def records(path: Path) -> Iterator[Record]:
    """The lines of a JSONL file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def published(folder: Path, task: Task) -> list[Published]:
    """Published ARI, NMI and accuracy for the set of a task, a record a method."""
    place = folder / "peer_figures.csv"
    if not task.peer or not place.exists():
        return []
    found: dict[tuple[str, str], Published] = {}
    with place.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = row["peer"].startswith(task.peer) and row["dataset"].startswith(task.dataset)
            if known and row["metric"] in ("ARI", "NMI", "ACC"):
                one = Published(row["method"], {}, row["dataset"], row["comparability"])
                one = found.setdefault((row["dataset"], row["method"]), one)
                one.values[row["metric"]] = float(row["value"]) / 100
    return list(found.values())


def company_of(name: str, about: str, language: str, customers: Sequence[Said]) -> Company:
    """Customers as a corpus of calls."""
    documents, planted, owner = [], {}, {}
    for number, said in enumerate(customers):
        contact = f"{number:05}"
        planted[contact] = Planted("one" if said.segment else "mixed", said.segment)
        for part, lines in enumerate(said.documents):
            ref = f"calls/{contact}_{part}.txt"
            owner[ref] = contact
            utterances = tuple(Utterance(Speaker.CUSTOMER, line) for line in lines if line.strip())
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            document = Document(ref, DocumentKind.CALL, "public set", utterances, (), language, digest)
            documents.append(CorpusDocument(f"d_{contact}_{part}", f"c_{contact}", document))
    corpus = Corpus(name, language, "", tuple(documents), (), (), (), name)
    return Company(name, corpus, planted, owner, note=about)


def single(pairs: Iterable[tuple[str, str]], rng: random.Random, limit: int) -> list[Said]:
    """(label, text) → a text a customer."""
    drawn = list(pairs)
    if len(drawn) > limit:
        drawn = rng.sample(drawn, limit)
    return [Said(label, [[text]]) for label, text in drawn]


def grouped(pairs: Iterable[tuple[str, str]], rng: random.Random, limit: int) -> list[Said]:
    """(label, text) → customers of two to four texts of one label, no text twice."""
    texts: dict[str, list[str]] = defaultdict(list)
    for label, text in pairs:
        texts[label].append(text)
    customers = []
    for label in sorted(texts):
        rest = rng.sample(texts[label], len(texts[label]))
        while len(rest) >= GROUPED[0]:
            count = min(rng.choice(GROUPED), len(rest))
            customers.append(Said(label, [[text] for text in rest[:count]]))
            rest = rest[count:]
    return rng.sample(customers, min(limit, len(customers)))


def few_labels(pairs: Sequence[tuple[str, str]], rng: random.Random) -> list[tuple[str, str]]:
    """Ten of the labels with enough texts, drawn."""
    counts = Counter(label for label, _ in pairs)
    chosen = set(rng.sample(sorted(label for label, count in counts.items() if count >= 15), FEW_LABELS))
    return [pair for pair in pairs if pair[0] in chosen]


def halves(lines: Sequence[str]) -> list[list[str]]:
    """Turns dealt alternately to two documents."""
    return [half for half in (list(lines[0::2]), list(lines[1::2])) if half]


def _shapes(
    name: str, what: str, language: str, pairs: list[tuple[str, str]], peer: str = "", dataset: str = ""
) -> Iterator[Task]:
    """The tasks of a set of labelled texts; with many labels also ten of them."""
    labels = len({label for label, _ in pairs})
    about = f"{what}: a text a customer, {labels} labels"
    yield Task(f"{name}, single", about, language, lambda rng, limit: single(pairs, rng, limit), peer, dataset)
    if labels <= 2 * FEW_LABELS:
        about = f"{what}: 2–4 texts of a label a customer, {labels} labels"
        yield Task(f"{name}, grouped", about, language, lambda rng, limit: grouped(pairs, rng, limit))
        return
    about = f"{what}: 2–4 texts of a label a customer, {FEW_LABELS} labels drawn"
    yield Task(
        f"{name}, {FEW_LABELS} labels", about, language, lambda rng, limit: grouped(few_labels(pairs, rng), rng, limit)
    )


def _textoir(name: str, dataset: str) -> Callable[[list[Record]], Iterator[Task]]:
    """Grouped tasks take every split, the single one the test split that others publish on."""

    def make(rows: list[Record]) -> Iterator[Task]:
        test = [(row["label"], row["text"]) for row in rows if row["split"] == "test"]
        every = [(row["label"], row["text"]) for row in rows]
        labels = len({label for label, _ in test})
        about = f"{dataset}, test split: a text a customer, {labels} labels"
        yield Task(f"{name}, single", about, "en", lambda rng, limit: single(test, rng, limit), "TEXTOIR", dataset)
        about = f"{dataset}: 2–4 texts of a label a customer, {FEW_LABELS} labels drawn"
        yield Task(
            f"{name}, {FEW_LABELS} labels", about, "en", lambda rng, limit: grouped(few_labels(every, rng), rng, limit)
        )

    return make


def _hwu64(rows: list[Record]) -> Iterator[Task]:
    test = [(row["scenario"], row["text"]) for row in rows if row["split"] == "test"]
    yield from _shapes("hwu64 ru, scenarios", "voice assistant, machine-translated Russian", "ru", test)


def _dstc11(rows: list[Record]) -> Iterator[Task]:
    insurance = [(row["label"], row["text"]) for row in rows if row["domain"] == "insurance"]
    dataset = "insurance, 913 test utterances"
    yield from _shapes("dstc11 insurance", "call-centre intents", "en", insurance, "DSTC11-T2 Task 2", dataset)
    banking = [(row["label"], row["text"]) for row in rows if row["domain"] == "banking"]
    yield from _shapes("dstc11 banking", "call-centre intents", "en", banking)
    industries = [(row["domain"], row["text"]) for row in rows]
    yield from _shapes("dstc11 industries", "call-centre utterances of three industries", "en", industries)


def _absa(rows: list[Record]) -> Iterator[Task]:
    for language, field in (("ru", "text"), ("en", "text_en")):
        pairs = [(row["domain"], row[field]) for row in rows if row["split"] == "test" and row[field]]
        yield from _shapes(f"m-absa {language}, trades", "review sentences of seven trades", language, pairs)


def _restaurants(rows: list[Record]) -> Iterator[Task]:
    only = [(row["categories"][0], row["text"]) for row in rows if len(row["categories"]) == 1]
    common = {label for label, count in Counter(label for label, _ in only).items() if count >= 30}
    pairs = [pair for pair in only if pair[0] in common]
    yield from _shapes("restaurants ru, aspects", "restaurant review sentences, native Russian", "ru", pairs)


def _multiwoz(rows: list[Record]) -> Iterator[Task]:
    def build(rng: random.Random, limit: int) -> list[Said]:
        talks = [(row["domains"], [t["text"] for t in row["turns"] if t["speaker"] == "customer"]) for row in rows]
        lone = Counter(domains[0] for domains, _ in talks if len(domains) == 1)
        kept = [Said(d[0], halves(lines)) for d, lines in talks if len(d) == 1 and lone[d[0]] >= 8]
        return kept if len(kept) <= limit else rng.sample(kept, limit)

    about = "tourist information, Russian: a dialogue of one purpose a customer, their turns cut in two documents"
    yield Task("multiwoz ru, purposes", about, "ru", build)


def _persuasion(rows: list[Record]) -> Iterator[Task]:
    def build(rng: random.Random, limit: int) -> list[Said]:
        talks = [
            Said(
                "gave" if row["outcome_converted"] else "gave nothing",
                halves([t["text"] for t in row["turns"] if t["speaker"] == "customer"]),
            )
            for row in rows
        ]
        return talks if len(talks) <= limit else rng.sample(talks, limit)

    about = (
        "charity calls; the outcome stands for the segment, though nobody says people who give are one kind: a floor"
    )
    yield Task("persuasion, outcome", about, "en", build)


def _spc(rows: list[Record]) -> Iterator[Task]:
    """Twelve talkative people; each of their utterances comes as a customer of its own."""

    def build(rng: random.Random, limit: int) -> list[Said]:
        people = []
        for row in rows:
            lines = [t["text"] for t in row["turns"] if t["speaker"] == "user1" and len(t["text"].split()) >= 5]
            if len(lines) >= 14:
                people.append((row["id"], lines))
        chosen = sorted(rng.sample(people, min(12, len(people), max(2, limit // 14))))
        return [Said(name, [[line]]) for name, lines in chosen for line in lines]

    about = "twelve people with written personas: an utterance a customer; are one person's put together again?"
    yield Task("synthetic persona chat, people", about, "en", build)


def _itmo(rows: list[Record]) -> Iterator[Task]:
    def build(rng: random.Random, limit: int) -> list[Said]:
        sides = []
        for row in rows:
            for number, person in enumerate(row["person_ids"]):
                lines = [t["text"] for t in row["turns"] if t["speaker"] == f"speaker{number}"]
                if len(lines) >= 2:
                    sides.append(Said(person, halves(lines)))
        return sides if len(sides) <= limit else rng.sample(sides, limit)

    about = "Russian talks of two authors: one side of a talk a customer, cut in two documents; who is who?"
    yield Task("itmo personas ru, authors", about, "ru", build)


_SETS: dict[str, Callable[[list[Record]], Iterator[Task]]] = {
    "en_intents_textoir/banking.jsonl.gz": _textoir("banking77", "BANKING"),
    "en_intents_textoir/clinc.jsonl.gz": _textoir("clinc150", "CLINC"),
    "en_callcenter_intents_dstc11/utterances.jsonl": _dstc11,
    "ru_intents_hwu64/ru_intents.jsonl": _hwu64,
    "ru_en_m_absa/m_absa_ru_en.jsonl.gz": _absa,
    "ru_restaurants_semeval2016/sentences.jsonl": _restaurants,
    "ru_calls_multiwoz/dialogues.jsonl.gz": _multiwoz,
    "en_calls_persuasion/dialogues.jsonl.gz": _persuasion,
    "en_persona_spc/conversations.jsonl.gz": _spc,
    "ru_persona_itmo/dialogues.jsonl": _itmo,
}
