"""Harder companies made from known ones: fewer documents, more mixing, more noise, words misheard, other seeds.

Every change is a seeded function of a company; orders follow document references, so the same seed changes the same
words on any machine. `generated` runs a demo company's generator with another seed.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eval.segmenting.companies import Company, Planted, by_ref, read_company, with_documents
from ingest.model import Document, DocumentKind, Speaker, Utterance
from service.corpus.model import CorpusDocument

Variant = Callable[[Company, random.Random], Company]

SWAPPED = 0.2
"""Share of customers who trade documents with one of another segment."""
OUTSIDERS = Path(__file__).with_name("outsiders.yaml")
GENERATOR_FILES = frozenset({"gen.py", "sanity.py", "truth_build.py", "stock", "truth", "__pycache__"})
"""What lies beside a generator's output and is no input of the company."""


def one_document(company: Company, rng: random.Random) -> Company:
    """One document a customer, drawn."""
    kept = [rng.choice(documents) for documents in _told(company).values()]
    return with_documents(company, kept, variant="one document a customer")


def half_documents(company: Company, rng: random.Random) -> Company:
    """Half of each customer's documents, rounded up, drawn."""
    kept = [
        document
        for documents in _told(company).values()
        for document in rng.sample(documents, (len(documents) + 1) // 2)
    ]
    return with_documents(company, kept, variant="half the documents")


def calls_only(company: Company, rng: random.Random) -> Company:
    """Notes and ad responses are missing."""
    kept = [d for d in company.corpus.documents if d.document.kind is DocumentKind.CALL]
    return with_documents(company, kept, variant="calls only")


def half_the_customers(company: Company, rng: random.Random) -> Company:
    """Half of the contacts, drawn; the others never called."""
    contacts = [contact for contact in company.customers_of() if contact in company.planted]
    kept = set(rng.sample(contacts, len(contacts) // 2))
    documents = [d for d in company.corpus.documents if company.owner.get(d.document.ref) in kept]
    customers = {document.customer for document in documents}
    deals = [deal for deal in company.corpus.deals if deal.customer in customers]
    return with_documents(company, documents, deals=deals, variant="half the customers")


def more_mixing(company: Company, rng: random.Random) -> Company:
    """A fifth of the customers trade half of their documents (rounded down) with a customer of another segment."""
    told = {c: d for c, d in _told(company).items() if company.planted[c].kind == "one" and len(d) >= 2}
    names = sorted(told, key=lambda contact: told[contact][0].document.ref)
    wanted, moved, owner = int(SWAPPED * len(names)), {}, dict(company.owner)
    rng.shuffle(names)
    while wanted > 0 and names:
        one = names.pop()
        other = next((c for c in names if company.planted[c].segment != company.planted[one].segment), None)
        if other is None:
            continue
        names.remove(other)
        wanted -= 2
        count = min(len(told[one]), len(told[other])) // 2
        homes = {one: told[one][0].customer, other: told[other][0].customer}
        for giver, taker in ((one, other), (other, one)):
            for document in rng.sample(told[giver], count):
                moved[document.id] = replace(document, customer=homes[taker])
                owner[document.document.ref] = taker
    documents = [moved.get(document.id, document) for document in company.corpus.documents]
    return with_documents(company, documents, owner=owner, variant="a fifth mixed")


def more_outsiders(company: Company, rng: random.Random) -> Company:
    """Thirty more contacts who are no customers, in words no generator holds."""
    import yaml

    language = company.corpus.language
    lines = yaml.safe_load(OUTSIDERS.read_text(encoding="utf-8"))[language]
    documents, owner, planted = list(company.corpus.documents), dict(company.owner), dict(company.planted)
    for number, said in enumerate(lines):
        contact, ref = f"outsider {number}", f"calls/outsider_{number:02}.txt"
        utterances = tuple(Utterance(Speaker.CUSTOMER, line) for line in said.split("\n"))
        document = Document(
            ref, DocumentKind.CALL, "written", utterances, (), company.corpus.language, _hash(utterances)
        )
        documents.append(CorpusDocument(f"d_outsider_{number:02}", f"c_outsider_{number:02}", document))
        owner[ref] = contact
        planted[contact] = Planted("noise", None)
    changed = with_documents(company, documents, owner=owner, variant="30 more outsiders")
    return replace(changed, planted=planted)


def heard_badly(share: float) -> Variant:
    """What a poor transcript does: lower case, no punctuation, a share of words dropped or misspelt."""

    def variant(company: Company, rng: random.Random) -> Company:
        changed = {d.id: _misheard(d, share, rng) for d in by_ref(company.corpus.documents)}
        documents = [changed[d.id] for d in company.corpus.documents]
        return with_documents(company, documents, variant=f"{share:.0%} of words misheard")

    return variant


def everything(company: Company, rng: random.Random) -> Company:
    """Half the documents, a fifth mixed, 10 % of words misheard and 30 more outsiders."""
    for change in (more_mixing, half_documents, heard_badly(0.1), more_outsiders):
        company = change(company, rng)
    return replace(company, variant="all of it together")


VARIANTS: dict[str, Variant] = {
    "half": half_documents,
    "single": one_document,
    "calls": calls_only,
    "few": half_the_customers,
    "mixed": more_mixing,
    "outsiders": more_outsiders,
    "misheard10": heard_badly(0.1),
    "misheard20": heard_badly(0.2),
    "everything": everything,
}


def changed(company: Company, name: str, seed: int) -> Company:
    """The company under one of `VARIANTS`."""
    return VARIANTS[name](company, random.Random(f"{name} {seed}"))


def _told(company: Company) -> dict[str, list[CorpusDocument]]:
    """Planted contact → their documents in which they say something (all, where they never do), by reference."""
    found: dict[str, list[CorpusDocument]] = defaultdict(list)
    for document in by_ref(company.corpus.documents):
        contact = company.owner.get(document.document.ref)
        if contact is not None:
            found[contact].append(document)
    return {contact: [d for d in documents if d.customer_text] or documents for contact, documents in found.items()}


def _hash(utterances: Sequence[Utterance]) -> str:
    return hashlib.sha256("\n".join(f"{u.speaker} {u.text}" for u in utterances).encode()).hexdigest()


def _misheard(document: CorpusDocument, share: float, rng: random.Random) -> CorpusDocument:
    utterances = tuple(
        utterance
        if utterance.speaker is Speaker.AGENT
        else replace(utterance, text=misheard(utterance.text, share, rng))
        for utterance in document.document.utterances
    )
    return replace(document, document=replace(document.document, utterances=utterances, content_hash=_hash(utterances)))


_WORD = re.compile(r"\[[\w-]+\]|[^\W_]+(?:['’-][^\W_]+)*")


def misheard(text: str, share: float, rng: random.Random) -> str:
    """Lower case, no punctuation; of the words one in 1/share is dropped (one third) or misspelt. Placeholders stay."""
    words = []
    for word in _WORD.findall(text.lower()):
        if word.startswith("[") or rng.random() >= share:
            words.append(word)
        elif rng.random() >= 1 / 3:
            words.append(_misspelt(word, rng))
    return " ".join(words)


def _misspelt(word: str, rng: random.Random) -> str:
    """A letter lost, doubled, or swapped with the next."""
    place = rng.randrange(len(word))
    kind = rng.choice(("lost", "doubled", "swapped"))
    if kind == "lost" and len(word) > 1:
        return word[:place] + word[place + 1 :]
    if kind == "swapped" and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[: place + 1] + word[place:]


class GeneratorRefused(Exception):
    """A generator's own checks fail for a seed."""


def generators_in(folder: Path) -> dict[str, Path]:
    """Company → folder of its generator, for every `gen.py` under `folder`."""
    found = {}
    for script in sorted(folder.rglob("gen.py")):
        place = script.parent
        found[place.parent.name if place.name == "generator" else place.name] = place
    return found


def generated(name: str, generator: Path, seed: int) -> Company:
    """The company a generator makes with `seed`. Raises GeneratorRefused where the generator does."""
    with _made(generator, seed) as place:
        company = read_company(name, place / "inputs", place / "truth" / "truth.json")
    return replace(company, variant=f"generator seed {seed}")


@contextmanager
def _made(generator: Path, seed: int) -> Iterator[Path]:
    """A temporary folder with `inputs/` and `truth/`; the generator itself is copied and stays as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary) / "company"
        shutil.copytree(generator, place, copy_function=shutil.copyfile)
        script = place / "gen.py"
        source = script.read_text(encoding="utf-8")
        words = [sys.executable, "gen.py"]
        if '"--seed"' in source:
            words += ["--seed", str(seed)]
        else:
            script.write_text(re.sub(r"(?m)^SEED = \d+", f"SEED = {seed}", source), encoding="utf-8")
        done = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)
        if done.returncode:
            raise GeneratorRefused((done.stderr.strip().splitlines() or ["no reason given"])[-1])
        (place / "inputs").mkdir()
        for made in sorted(place.iterdir()):
            if made.name not in GENERATOR_FILES | {"inputs"}:
                made.rename(place / "inputs" / made.name)
        yield place
