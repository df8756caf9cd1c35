"""Redaction on a demo company: planted strings still readable, ordinary words gone."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.model import DocumentKind, Harvest, IngestOptions
from ingest.redaction.redact import PLACEHOLDERS, Redactor

SALT = b"eval"

_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\[(?:staff|name-\d+|" + "|".join(p.strip("[]") for p in PLACEHOLDERS.values()) + r")\]")


@dataclass
class DemoScore:
    """Figures of one company; `planted`: type → (still readable, all)."""

    case: str
    planted: dict[str, tuple[int, int]]
    words: int = 0
    """Words of all texts outside planted strings."""
    lost: Counter[str] = field(default_factory=Counter)
    """Of those, the ones that went, as written in lower case."""
    persons: int = 0
    """Of those that went, capitalised wherever the texts use capitals or part of a longer number: third persons,
    staff, repeated digits. The rest are ordinary words."""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def lost_share(self) -> float:
        """Share of words outside planted strings that went."""
        return sum(self.lost.values()) / max(1, self.words)

    @property
    def ordinary_share(self) -> float:
        """The same without names of persons and digits nobody listed."""
        return (sum(self.lost.values()) - self.persons) / max(1, self.words)


def score_case(case: Path) -> DemoScore:
    """Harvest a case as a user would and compare with its truth."""
    from eval.ingest import score as ingest_score
    from ingest.pipeline import harvest

    found = harvest([case / "inputs"], IngestOptions(salt=SALT))
    truth = json.loads((case / "truth" / "truth.json").read_text(encoding="utf-8"))
    planted = ingest_score(case, found, truth, 0.0).pii_left
    result = DemoScore(case.name, planted, counts=dict(found.redactions))
    count_lost(result, case, found, truth)
    return result


def pace(case: Path) -> tuple[int, float, float]:
    """Calls of a case, and how many a second one core takes: in the whole harvest, and in redaction alone.

    The second pass counts: dictionaries are loaded once a process.
    """
    from ingest.pipeline import harvest

    folder = case / "inputs" / "calls"
    seconds = 0.0
    for _ in range(2):
        started = time.process_time()
        calls = [d for d in harvest([folder], IngestOptions(salt=SALT)).documents if d.kind is DocumentKind.CALL]
        seconds = time.process_time() - started
    texts = [row for row in _rows(case) if row["document"].startswith("calls/")]
    redactor = Redactor()
    started = time.process_time()
    for row in texts:
        for line in f"{row['customer_text']}\n{row['agent_text']}".splitlines():
            redactor.leaks(redactor.redact(line, language="").text)
    return len(calls), len(calls) / seconds, len(texts) / (time.process_time() - started)


def _rows(case: Path) -> list[dict[str, Any]]:
    lines = (case / "truth" / "doc_texts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def count_lost(result: DemoScore, case: Path, found: Harvest, truth: dict[str, Any]) -> None:
    """Bags of words of each document's own text against what was kept of it."""
    kept = {document.ref: "\n".join(u.text for u in document.utterances) for document in found.documents}
    secret: dict[str, Counter[str]] = {}
    for item in truth.get("pii") or truth.get("planted_pii") or []:
        secret.setdefault(item["document"], Counter()).update(_bag(item["value"]))
    gone: list[Counter[str]] = []
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for row in _rows(case):
        if row["document"] not in kept:
            continue
        whole = f"{row['customer_text']}\n{row['agent_text']}"
        planted = secret.get(row["document"], Counter())
        ordinary = Counter({word: n for word, n in _bag(whole).items() if word not in planted})
        gone.append(ordinary - _bag(_PLACEHOLDER.sub(" ", kept[row["document"]])))
        result.words += sum(ordinary.values())
        for word in _WORD.findall(whole):
            (lower if word == word.lower() else upper)[word.lower().replace("ё", "е")] += 1
    for bag in gone:
        result.lost.update(bag)
    result.persons = sum(n for word, n in result.lost.items() if upper[word] > lower[word] or word[0].isdigit())


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower().replace("ё", "е")))
