"""A small language school whose clients, ads and personas are known: for tests of claims and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from small_trade import ad, call, company, lead, sale

from ingest.model import Stakeholder, StakeholderText, TextKind
from service.comparison.evidence import Evidence
from service.core.ids import text_hash
from service.corpus.model import Corpus, CorpusText
from service.economics.measures import measure_all
from service.economics.step import voiced_topics
from service.personas.company import Company
from service.personas.voices import Voices
from service.segments.model import Assignment, Segment, Segmentation, Share
from service.segments.phrases import contrast, vocabulary

TEENS, BOSSES = "s_teens", "s_bosses"
SIZES = {TEENS: 20, BOSSES: 10}
WORDS = {
    TEENS: (
        "My daughter is in high school and has an exam in June, can parents come along?",
        "Honestly it is too expensive for our family budget.",
    ),
    BOSSES: (
        "I manage a sales department and need English for negotiations with partners.",
        "Our accountant needs an invoice and a contract for the company.",
    ),
}


def bag_of_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """A stand-in encoder: texts that share words are near. (n, 256) float32, unit rows."""
    rows = np.zeros((len(texts), 256), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.lower().split():
            row[int(text_hash(word.strip(".,?!")[:6])[:8], 16) % 256] += 1.0
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def school(**texts: str) -> Corpus:
    """Twenty teenagers (4 buy, 100 each) and ten managers (6 buy, 1,000 each); ads bring teenagers only."""
    records = []
    for segment, size in SIZES.items():
        for number in range(size):
            customer = f"{segment}-{number:02d}"
            records += [call(customer, text, place) for place, text in enumerate(WORDS[segment])]
            teen = segment == TEENS
            if teen:
                records.append(lead(customer, "Meta", "Summer_Exam_Prep", day=1 + number % 20))
            won = number < (4 if teen else 6)
            records.append(
                sale(
                    customer,
                    "won" if won else "lost",
                    amount=100 if teen else 1000,
                    source="Meta" if teen else "Referral",
                )
            )
    corpus = company(*records, ad("Meta", "Summer_Exam_Prep", "400", leads=20))
    return replace(corpus, texts=tuple(persona(who, text) for who, text in sorted(texts.items())))


def persona(who: str, text: str, language: str = "en") -> CorpusText:
    """A stakeholder's text in its first version."""
    return CorpusText(
        1,
        StakeholderText(f"personas/{who}.md", TextKind.PERSONA, who, text, language, text_hash(text), Stakeholder(who)),
    )


def segmentation(corpus: Corpus) -> Segmentation:
    """The two segments, with keyphrases."""
    members = {s: [c for c in corpus.customers if c.startswith(s)] for s in SIZES}
    said = {d.customer: [] for d in corpus.documents}
    for document in corpus.documents:
        said[document.customer].append(document.customer_text)
    known = vocabulary(said)
    names = {TEENS: "Exam · daughter", BOSSES: "Negotiations · department"}
    segments = tuple(
        Segment(
            s, "segment", names[s], i, len(members[s]), len(members[s]), 0, Share(0, 0, None, None, None), 1.0,
            contrast(members[s], [c for o in SIZES if o != s for c in members[o]], known),
        )
        for i, s in enumerate(SIZES, 1)
    )  # fmt: skip
    assignments = tuple(Assignment(c, s, "core", 1.0) for s in SIZES for c in members[s])
    return Segmentation(segments, assignments, customers=len(assignments))


def evidence_of(corpus: Corpus) -> Evidence:
    """Everything a verdict may look at, without a store."""
    found = segmentation(corpus)
    voices = Voices(corpus, found)
    book = measure_all(corpus, found, topics=voiced_topics(corpus, lambda done, total: None))
    return Evidence(corpus, found, book, voices, Company(corpus, found, voices, bag_of_words))
