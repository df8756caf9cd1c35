"""When a planted insight or conclusion counts as surfaced: enough of its words, topics or parts in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval import surfacing
from eval.planted import CASES, load_truth
from service.briefs.model import Brief, Fact, Heading, Paragraph, Span

BRIEF = Brief(
    id="b",
    kind="script",
    segment="s1",
    language="ru",
    title="",
    headline=(Span("Ключи и замки"),),
    blocks=(
        Heading("Кто это"),
        Paragraph(((Span("Просят вернуть ключи в воскресенье, мастер приедет утром."),),)),
        Heading("Другое"),
        Paragraph(((Span("Дверь скрипит, собака лает, сосед спит."),),)),
    ),
    facts=(Fact("f1", "number", "", "topic:s1/price"), Fact("f2", "number", "", "topic:s1/comfort")),
    currency="RUB",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("мастер приезжает с ключами утром", True),
        ("бассейн закрыт на ремонт до весны", False),
        ("мастер лает весной на бассейне", False),
        ("бассейн закрыт до весны, собака и сосед", True),
        ("первые возражения: [('price', 3), ('noise', 2)]", True),
        ("первые возражения: [('trust', 3), ('consult', 2), ('price', 1)]", False),
    ],
    ids=["words of one section", "other words", "one word in each of two sections", "half of its clauses",
         "topics, by the catalogue's names", "too few of the topics"],
)  # fmt: skip
def test_insights(text: str, found: bool) -> None:
    assert surfacing.insight_found(text, [BRIEF], "s1") is found


def test_topics_of_another_segment_do_not_count() -> None:
    other = replace(BRIEF, segment="s2")
    assert not surfacing.insight_found("возражения: [('price', 3)]", [other], "s1")


@pytest.mark.parametrize("case", CASES)
def test_every_conclusion_of_the_truth_has_a_checklist(case: str) -> None:
    entries = surfacing._checklist()[case]
    assert len(entries) == len(load_truth(case)["expected_conclusions"])
    assert all(len(entry["parts"]) >= 3 for entry in entries)
    segments = set(load_truth(case)["insights"]) | {"comparison", "session"}
    assert {part["in"] for entry in entries for part in entry["parts"]} <= segments
