"""Whether the briefs of a demo company bring up what was planted in it, by rules that need no judge.

Conclusions: a checklist (`brief_checklist.yaml`); surfaced when at least `ENOUGH` of its parts are found.
Insights: about one segment, looked for in the briefs of that segment and in the comparison brief;
- a list of topics with counts: surfaced when at least half of the topics are facts of the segment's own briefs;
- else words: surfaced when one section holds at least `FOUND` of the insight's content words (dictionary forms), or
  when at least half of its clauses have that share and not less than two of their words in one section each.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from service.briefs.inputs import BriefInputs
from service.briefs.model import Brief, Heading, block_sentences, plain
from service.briefs.own_texts import content_lemmas

FOUND = 0.4
"""Share of an insight's (or a clause's) content words that one section must hold."""
FEWEST_WORDS = 2
ENOUGH = 0.6
"""Share of a checklist's parts that make a conclusion surfaced."""
SAME_TOPIC = {"noise": "comfort", "range": "distance"}
"""Names of the truth for topics that the catalogue calls otherwise."""
_TOPICS = re.compile(r"\[\(.*\)\]")
_CLAUSE = re.compile(r"[,;:]")


class Planted(NamedTuple):
    """Something of the truth that briefs should bring up. `segment` is of the truth, empty for conclusions."""

    text: str
    segment: str


def conclusions(case: str, truth: dict[str, Any], inputs: BriefInputs, briefs: list[Brief]) -> list[tuple[str, float]]:
    """(conclusion, share of its checklist that was found) in the order of the truth."""
    segments = segments_found(truth, inputs)
    entries = _checklist()[case]
    return [
        (text, sum(_part_found(part, briefs, segments) for part in entry["parts"]) / len(entry["parts"]))
        for text, entry in zip(truth["expected_conclusions"], entries, strict=True)
    ]


@cache
def _checklist() -> dict[str, list[dict[str, Any]]]:
    path = Path(__file__).with_name("brief_checklist.yaml")
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def _part_found(part: dict[str, str], briefs: list[Brief], segments: dict[str, str]) -> bool:
    there = [
        b for b in briefs if (b.kind == part["in"] if b.segment is None else b.segment == segments.get(part["in"]))
    ]
    if "says" in part:
        return any(re.search(part["says"], _whole(brief)) for brief in there)
    pattern = part["fact"]
    for name, found in segments.items():
        pattern = pattern.replace("{" + name + "}", found)
    wanted = re.compile(pattern.replace("*", "[^/]*") + "$")
    return any(wanted.match(fact.source) for brief in there for fact in brief.facts)


def _whole(brief: Brief) -> str:
    """Everything the brief says as one line."""
    parts = [plain(brief.headline)]
    for block in brief.blocks:
        if isinstance(block, Heading):
            parts.append(block.text)
        parts.extend(plain(sentence) for sentence in block_sentences(block))
    return " ".join(parts).replace("\u00a0", " ")


def segments_found(truth: dict[str, Any], inputs: BriefInputs) -> dict[str, str]:
    """Segment of the truth → the found segment that most of its customers are in."""
    planted = {ref: truth["customers"][customer].get("segment") for ref, customer in truth["documents"].items()}
    seen: dict[str, Counter[str]] = {}
    for document in inputs.corpus.documents:
        segment, found = planted.get(document.document.ref), inputs.segment_of.get(document.customer)
        if segment and found:
            seen.setdefault(segment, Counter())[found] += 1
    return {segment: min(counts, key=lambda s: (-seen[segment][s], s)) for segment, counts in seen.items()}


def insights(truth: dict[str, Any], inputs: BriefInputs, briefs: list[Brief]) -> list[tuple[Planted, bool]]:
    """Every insight and whether it surfaced."""
    segments = segments_found(truth, inputs)
    found = []
    for segment, node in truth["insights"].items():
        there = [b for b in briefs if b.kind == "comparison" or b.segment == segments.get(segment)]
        for text in texts(node):
            found.append((Planted(text, segment), insight_found(text, there, segments.get(segment, ""))))
    return found


def insight_found(text: str, briefs: list[Brief], segment: str) -> bool:
    """Whether an insight about a found segment is in these briefs, by the rule above."""
    topics = _TOPICS.search(text)
    if topics:
        named = [SAME_TOPIC.get(name, name) for name, _ in ast.literal_eval(topics.group())]
        sources = {fact.source for brief in briefs if brief.segment == segment for fact in brief.facts}
        return 2 * sum(f"topic:{segment}/{name}" in sources for name in named) >= len(named)
    sections = [words for brief in briefs for words in _sections(brief)]
    if _held(content_lemmas(text), sections, 1):
        return True
    clauses = [words for clause in _CLAUSE.split(text) if (words := content_lemmas(clause))]
    return len(clauses) > 1 and 2 * sum(_held(words, sections, FEWEST_WORDS) for words in clauses) >= len(clauses)


def _held(wanted: frozenset[str], sections: list[frozenset[str]], least: int) -> bool:
    need = max(FOUND * len(wanted), min(least, len(wanted)))
    return bool(wanted) and any(len(wanted & words) >= need for words in sections)


def _sections(brief: Brief) -> Iterator[frozenset[str]]:
    """Content words of each stretch between headings."""
    text = [plain(brief.headline)]
    for block in brief.blocks:
        if isinstance(block, Heading):
            yield content_lemmas(" ".join(text))
            text = []
        text.extend(plain(sentence) for sentence in block_sentences(block))
    yield content_lemmas(" ".join(text))


def texts(node: Any) -> Iterator[str]:
    """Every text in a tree of the truth."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
