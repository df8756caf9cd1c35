"""How well files become documents: recognition, joining, roles, redaction, against a case's truth."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.formats import FormatLine, RoleCounts, by_format, format_of, share, show_formats
from eval.marks import show_case, show_speed, show_texts
from eval.pii_cases.demo import DemoScore, count_lost
from ingest.model import Document, DocumentKind, Harvest, IngestOptions, Speaker

SALT = b"eval"
_WORD = re.compile(r"[^\W_]+")

MORE = (
    "More of this kind: python -m eval speakers (no labels, spoilt words), joining (batches, a company written to"
    " deceive), pii (clean, adversarial, recognised speech), mapping (unlisted tables), throughput (speed, memory)"
)


@dataclass(frozen=True)
class IngestScore:
    """Figures of one case. Shares are 0..1; `missed`, `wrong_joins` and `leaks` name the first failures."""

    case: str
    seconds: float
    documents: int
    recognised: float
    """Share of the truth's documents that came out under exactly their ref."""
    extra: int
    """Documents and deals the truth does not know."""
    join_precision: float
    join_recall: float
    join_f1: float
    """Of pairs of records of one customer."""
    roles: RoleCounts = field(default_factory=RoleCounts)
    """Words of all calls by whether they got the right role; words of an unknown role count as wrong; sure is a
    confidence of .9 or more."""
    formats: tuple[FormatLine, ...] = ()
    """The same, and documents recognised, by format."""
    pairs: tuple[int, int, int] = (0, 0, 0)
    """Pairs of records of one customer: found rightly, found in all, in the truth."""
    ordinary_words: int = 0
    """Words of the documents outside planted strings."""
    ordinary_lost: int = 0
    """Of those, the ones redaction took that are neither anybody's name nor a number."""
    pii_left: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Planted strings still to be read, of all planted, by type."""
    flagged: dict[str, int] = field(default_factory=dict)
    rejects: dict[str, int] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    wrong_joins: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    marks: str = ""
    """What `eval.marks` says of the case."""


def run(case_dir: Path) -> IngestScore:
    """Harvest `case_dir/inputs` with fixed options and score it against `case_dir/truth`."""
    from ingest.pipeline import harvest

    started = time.perf_counter()
    found = harvest([case_dir / "inputs"], IngestOptions(salt=SALT))
    seconds = time.perf_counter() - started
    truth = json.loads((case_dir / "truth" / "truth.json").read_text(encoding="utf-8"))
    return replace(score(case_dir, found, truth, seconds), marks=show_case(case_dir, found))


def score(case_dir: Path, found: Harvest, truth: dict[str, Any], seconds: float) -> IngestScore:
    """Compare a harvest with the truth of its case."""
    owner: dict[str, str] = truth["documents"]
    refs = {document.ref for document in found.documents} | {deal.ref for deal in found.deals}
    pairs, wrong = _pairs(owner, found.customer_of)
    precision, recall = pairs[0] / max(1, pairs[1]), pairs[0] / max(1, pairs[2])
    words = _role_words(case_dir, found.documents)
    left, leaks = _pii_left(truth.get("pii") or truth.get("planted_pii") or [], found.documents)
    lost = DemoScore(case_dir.name, left)
    count_lost(lost, case_dir, found, truth)
    return IngestScore(
        case=case_dir.name,
        seconds=round(seconds, 2),
        documents=len(owner),
        recognised=len(refs & set(owner)) / len(owner),
        extra=len(refs - set(owner)),
        join_precision=precision,
        join_recall=recall,
        join_f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        pairs=pairs,
        roles=words["all"],
        formats=by_format(owner, found.documents, found.deals, words),
        ordinary_words=lost.words,
        ordinary_lost=lost.lost.total() - lost.persons,
        pii_left=left,
        flagged=dict(sorted(Counter(flag for document in found.documents for flag in document.flags).items())),
        rejects=dict(sorted(Counter(reject.code for reject in found.rejects).items())),
        missed=tuple(sorted(set(owner) - refs)[:20]),
        wrong_joins=tuple(wrong[:40]),
        leaks=tuple(leaks[:40]),
    )


def _pairs(owner: dict[str, str], customer_of: dict[str, str]) -> tuple[tuple[int, int, int], list[str]]:
    """Pairs of the truth's records that were found (right, said, in the truth), and the records that went wrong."""
    refs = [ref for ref in owner if ref in customer_of]
    together = Counter((owner[ref], customer_of[ref]) for ref in refs)
    true, given = Counter(owner[ref] for ref in refs), Counter(customer_of[ref] for ref in refs)
    right = sum(n * (n - 1) // 2 for n in together.values())
    asked = sum(n * (n - 1) // 2 for n in true.values())
    said = sum(n * (n - 1) // 2 for n in given.values())
    main = {customer: max(given, key=lambda g: (together[customer, g], g)) for customer in true}
    wrong = [ref for ref in sorted(refs) if customer_of[ref] != main[owner[ref]]]
    mixed = {g for (c, g) in together if main[c] != g} & set(main.values())
    notes = [f"{ref} ({'wrong' if customer_of[ref] in mixed else 'apart'})" for ref in wrong]
    return (right, said, asked), notes


def _role_words(case_dir: Path, documents: Sequence[Document]) -> dict[str, RoleCounts]:
    """Words by format and for `all`.

    Gold roles come from the two texts of each call in `doc_texts.jsonl`; a word found on both sides takes the side of
    its run, so the comparison is of aligned word sequences. Placeholders are skipped.
    """
    gold = {}
    for line in (case_dir / "truth" / "doc_texts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold[row["document"]] = (_bag(row["customer_text"]), _bag(row["agent_text"]))
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for document in documents:
        if document.kind is not DocumentKind.CALL or document.ref not in gold:
            continue
        counts = _document_words(document, *gold[document.ref])
        for name in (format_of(document), "all"):
            totals[name] = [a + b for a, b in zip(totals[name], counts, strict=True)]
    totals.setdefault("all", [0, 0, 0, 0])
    return {name: RoleCounts(*counts) for name, counts in totals.items()}


def _document_words(document: Document, customer: Counter[str], agent: Counter[str]) -> tuple[int, int, int, int]:
    """Words of a call by which side said them, counted as bags: word order inside a side does not matter."""
    right = total = sure_right = sure = 0
    for speaker, bag in ((Speaker.CUSTOMER, customer), (Speaker.AGENT, agent)):
        for is_sure in (True, False):
            said = Counter[str]()
            for utterance in document.utterances:
                if utterance.speaker is speaker and (utterance.confidence >= 0.9) is is_sure:
                    said += _bag(re.sub(r"\[[\w-]+\]", " ", utterance.text))
            known = Counter({word: count for word, count in said.items() if word in customer or word in agent})
            hits = sum((known & bag).values())
            right += hits
            total += sum(known.values())
            sure_right += hits if is_sure else 0
            sure += sum(known.values()) if is_sure else 0
    unknown = sum(len(_WORD.findall(u.text)) for u in document.utterances if u.speaker is Speaker.UNKNOWN)
    return right, total + unknown, sure_right, sure


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower().replace("ё", "е")))


def _pii_left(
    planted: Iterable[dict[str, Any]], documents: Sequence[Document]
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    texts = {document.ref: "\n".join(utterance.text for utterance in document.utterances) for document in documents}
    left: Counter[str] = Counter()
    total: Counter[str] = Counter()
    leaks = []
    for item in planted:
        text = texts.get(item["document"])
        if text is None:
            continue
        total[item["type"]] += 1
        if _reads(item["value"], text):
            left[item["type"]] += 1
            leaks.append(f"{item['document']} {item['type']}")
    return {kind: (left[kind], total[kind]) for kind in sorted(total)}, leaks


def _reads(value: str, text: str) -> bool:
    """Whether a planted string can still be read, in any case and spacing."""
    pattern = r"[\W_]*".join(map(re.escape, re.findall(r"\w+", value)))
    return bool(re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))


def show(result: IngestScore) -> str:
    """The figures as a short text."""
    pii = [f"    {kind}: {share(left, total)}" for kind, (left, total) in result.pii_left.items()]
    right, said, asked = result.pairs
    return "\n".join(
        [
            f"{result.case}: {result.documents} documents in {result.seconds:.1f} s",
            f"  recognised {result.recognised:.4f}, extra {result.extra}, missed {list(result.missed[:5])}",
            show_formats(result.formats),
            f"  role words of all calls: {share(result.roles.right, result.roles.words)}",
            f"    given surely ({result.roles.sure / max(1, result.roles.words):.3f} of words): "
            + share(result.roles.sure_right, result.roles.sure),
            f"  joins F1 {result.join_f1:.4f}; of pairs, precision {share(right, said)}, recall {share(right, asked)}",
            "  planted strings still to be read:",
            *pii,
            f"  ordinary words lost to redaction: {share(result.ordinary_lost, result.ordinary_words)}",
            f"  flags {result.flagged}, rejects {result.rejects}",
            *([result.marks] if result.marks else []),
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Score the cases named, or both demo cases. 0 unless a document is missing or planted data can be read."""
    parser = argparse.ArgumentParser(prog="python -m eval ingest", description=__doc__)
    parser.add_argument("case", nargs="*", type=Path, help="a folder with inputs/ and truth/; default: the demo cases")
    cases = parser.parse_args(arguments).case or sorted((Path(__file__).parent / "cases").iterdir())
    bad = False
    print(show_texts())
    for case in cases:
        if (case / "truth").is_dir():
            result = run(case)
            bad = bad or result.recognised < 1 or any(left for left, _ in result.pii_left.values())
            print(show(result))
            print("  wrong joins:", *result.wrong_joins[:30], sep="\n    ")
            print("  leaks:", *result.leaks[:10], sep="\n    ")
    print(show_speed())
    print(MORE)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
