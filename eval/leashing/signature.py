"""What an analysis states, apart from how it is worded: equal signatures state the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.briefs.model import Block, Brief, Bullets, Fact, Heading, Paragraph, block_sentences, block_spans, plain
from service.briefs.numerals import numerals
from service.briefs.render import render

_LINK = re.compile(r"\]\((?!#)[^)\s]*|https?://\S+|www\.\S+|\S+@\S+|<(?!a id=)\w+", re.IGNORECASE)
LEDGER_OF_MODEL = "calc:llm_"


@dataclass(frozen=True)
class Signature:
    """Everything a brief states, by brief id."""

    facts: dict[str, Counter[Any]]
    numbers: dict[str, Counter[str]]
    quotes: dict[str, Counter[str]]
    links: dict[str, Counter[str]]
    tables: dict[str, tuple[str, ...]]
    """Headlines, tables, charts, changes and quotations as printed: no model's hand reaches them."""
    names: dict[str, tuple[tuple[str, str], ...]]


def signature(briefs: Sequence[Brief]) -> Signature:
    """The signature of some briefs. What accounts for the model itself is left out."""
    return Signature(
        facts={b.id: Counter(_fact(f) for f in b.facts if not f.source.startswith(LEDGER_OF_MODEL)) for b in briefs},
        numbers={b.id: Counter(n.text for s in _stated(b) for n in numerals(s, b.language)) for b in briefs},
        quotes={
            b.id: Counter(s.text for block in _own(b) for s in block_spans(block) if s.style == "quote") for b in briefs
        },
        links={b.id: Counter(_LINK.findall(_markdown(b))) for b in briefs},
        tables={b.id: (plain(b.headline), *_fixed(b)) for b in briefs},
        names={b.id: tuple(pair for pair in b.names if pair[0] != "llm:model") for b in briefs},
    )


def differences(before: Signature, after: Signature) -> list[str]:
    """Names of what differs."""
    return [name for name in Signature.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]


def _fact(fact: Fact) -> tuple[Any, ...]:
    return (fact.kind, fact.source, fact.unit, fact.value, fact.k, fact.n, fact.low, fact.high, fact.text, fact.subject)


def _own(brief: Brief) -> list[Block]:
    """The blocks before those a model's hand added at the end: a draft's heading, or the last line."""
    kept: list[Block] = []
    for block in brief.blocks:
        if isinstance(block, Heading) and block.text in DRAFTS:
            break
        if isinstance(block, Paragraph) and any(s.style == "name" and ":" in s.text for s in block_spans(block)):
            break
        kept.append(block)
    return kept


DRAFTS = frozenset(
    {"Вариант словами модели", "Как это можно сказать", "A variant in the model's words", "How it may be said"}
)
"""Headings of drafts."""


def _stated(brief: Brief) -> Iterator[str]:
    for block in _own(brief):
        yield from (plain(sentence) for sentence in block_sentences(block))


def _fixed(brief: Brief) -> Iterator[str]:
    for block in _own(brief):
        if not isinstance(block, (Paragraph, Bullets, Heading)):
            yield from (plain(sentence) for sentence in block_sentences(block))


def _markdown(brief: Brief) -> str:
    made = render(brief, "md")
    return made.decode() if isinstance(made, bytes) else made


def printed(briefs: Sequence[Brief]) -> str:
    """All of the briefs' text, folded."""
    return "\n".join(_markdown(brief) for brief in briefs).casefold()
