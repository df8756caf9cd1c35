"""Marks against what they should be: a list of texts in both languages, copies made of a case's documents, and how many
genuine documents of a case are marked away."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from ingest.marks import own_flags
from ingest.model import Document, DocumentKind, Harvest, Speaker, Utterance
from ingest.repeats import repeated
from service.core.intervals import wilson

CASES = Path(__file__).with_name("marks_cases.yaml")
AWAY = ("empty", "voicemail", "boilerplate", "duplicate", "near_duplicate")
"""Marks that say a document adds nothing."""
COPIES = 150
"""Documents of a case that are copied with every kind of change."""
LONG = 40
"""Words of the customer from which a copy by somebody else counts as one."""


@dataclass(frozen=True)
class Copies:
    """Found copies of one kind of change."""

    change: str
    found: int
    made: int


def show_texts() -> str:
    """The listed texts: how many got the mark they should, and the others."""
    entries: list[dict[str, Any]] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    lines = []
    for split in ("plain", "speech"):
        own = [entry for entry in entries if entry["split"] == split]
        wrong = [(entry, found) for entry in own if (found := _mark(entry)) != (entry["mark"] or "")]
        low, high = wilson(len(own) - len(wrong), len(own))
        lines.append(f"marks, {split} texts: {len(own) - len(wrong)}/{len(own)} right ({low:.2f}–{high:.2f})")
        lines += [f"  {entry['said']}: {found or 'no mark'}, should be {entry['mark']}" for entry, found in wrong]
    return "\n".join(lines)


def _mark(entry: dict[str, Any]) -> str:
    said = entry["said"]
    turns = [("customer", said)] if isinstance(said, str) else said
    utterances = [Utterance(Speaker(who), words) for who, words in turns]
    return next(
        (flag for flag in own_flags(DocumentKind(entry["kind"]), utterances, had_html=False) if flag in AWAY), ""
    )


def show_case(case_dir: Path, found: Harvest) -> str:
    """Genuine documents of a case that are marked away, and copies of its documents found again."""
    genuine = _genuine(case_dir)
    marked = Counter(flag for d in found.documents if d.ref in genuine for flag in d.flags if flag in AWAY)
    wrongly = sum(bool(set(d.flags) & set(AWAY)) for d in found.documents if d.ref in genuine)
    low, high = wilson(wrongly, len(genuine))
    lines = [
        f"  marked away of genuine documents: {wrongly}/{len(genuine)} ({wrongly / max(1, len(genuine)):.4f}, "
        f"{low:.4f}–{high:.4f}) {dict(sorted(marked.items()))}"
    ]
    lines += [f"  copies, {c.change}: {c.found}/{c.made} found" for c in copies(found)]
    return "\n".join(lines)


def _genuine(case_dir: Path) -> set[str]:
    """Documents of customers, as the truth has it: not noise, not empty."""
    rows = map(json.loads, (case_dir / "truth" / "doc_texts.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["document"] for row in rows if row["segment"] != "noise" and row["customer_text"].strip()}


def copies(found: Harvest) -> list[Copies]:
    """Copies of a case's documents under another customer, changed in one way each, and how many are found again."""
    at = random.Random(0)
    long = [
        d
        for d in found.documents
        if sum(len(u.text.split()) for u in d.utterances if u.speaker is not Speaker.AGENT) >= LONG
    ]
    chosen = at.sample(sorted(long, key=lambda d: d.ref), min(COPIES, len(long)))
    changes = {
        "word for word": lambda words: words,
        "as recognised speech": lambda words: [re.sub(r"[^\w\s\[\]-]", "", word).lower() for word in words],
        "1 word of 50 misheard": lambda words: [word if at.random() > 1 / 50 else f"{word}x" for word in words],
        "1 word of 20 misheard": lambda words: [word if at.random() > 1 / 20 else f"{word}x" for word in words],
        "six words added": lambda words: [*words, "и", "ещё", "one", "more", "thing"],
        "half of it": lambda words: words[: len(words) // 2],
    }
    results = []
    for name, change in changes.items():
        made = [_copy(document, change) for document in chosen]
        owner = {d.ref: "a" for d in chosen} | {d.ref: "b" for d in made}
        flags = repeated([*chosen, *made], owner)
        results.append(Copies(name, sum(d.ref in flags for d in made), len(made)))
    return results


def _copy(document: Document, change: Any) -> Document:
    """The customer's side as one text, changed."""
    words = [word for u in document.utterances if u.speaker is not Speaker.AGENT for word in u.text.split()]
    text = Utterance(Speaker.CUSTOMER, " ".join(change(words)))
    return replace(document, ref=f"{document.ref}~copy", utterances=(text,))


def seconds_for(documents: int) -> float:
    """Seconds to find repeats among this many made-up documents of 120 words, one in ten a near copy."""
    at = random.Random(1)
    vocabulary = [f"word{n}" for n in range(5000)]
    made: list[Document] = []
    for number in range(documents):
        words = at.choices(vocabulary, k=120) if number % 10 or not made else made[-1].utterances[0].text.split()[:115]
        text = Utterance(Speaker.CUSTOMER, " ".join(words))
        made.append(Document(f"d{number:07}", DocumentKind.NOTE, "x", (text,), (), "en", str(number)))
    started = time.perf_counter()
    repeated(made, {document.ref: document.ref for document in made})
    return time.perf_counter() - started


def show_speed(sizes: Sequence[int] = (2000, 8000)) -> str:
    """Time of the search for repeats at two sizes: it must grow with the documents, not with their pairs."""
    return "repeats: " + ", ".join(f"{size} documents {seconds_for(size):.2f} s" for size in sizes)
