"""A persona's text into sentences: places exact, headings kept as context."""

from __future__ import annotations

import pytest

from service.personas.claims import sentences

MARKDOWN = """---
author: x
---
# Who buys

First one. Second one, e.g. this!

**Families.** They stay for years.

- A bullet that
  goes on
- Another bullet? Yes.
"""


def test_places_are_exact() -> None:
    assert all(MARKDOWN[s.start : s.end] == s.text for s in sentences(MARKDOWN))


def test_headings_marks_and_front_matter_are_no_sentences() -> None:
    found = [s.text for s in sentences(MARKDOWN)]
    assert found[:2] == ["First one.", "Second one, e.g. this!"]
    assert "A bullet that\n  goes on" in found
    assert not any("Who buys" in text or "author" in text for text in found)


def test_a_bold_lead_in_is_the_context_of_its_paragraph_only() -> None:
    lead = {s.text: s.lead_in for s in sentences(MARKDOWN)}
    assert lead["They stay for years."] == "Families"
    assert lead["First one."] == ""


@pytest.mark.parametrize("text", ["", "   \n\n", "# Only a heading\n", "---\nonly: matter\n---\n"])
def test_nothing_to_say_gives_no_sentences(text: str) -> None:
    assert sentences(text) == ()


WRAPPED = "Most callers from the suburbs ask about the price before anything else\nand book later."


@pytest.mark.parametrize(
    ("text", "sentence", "heading"),
    [
        pytest.param(f"Our customer\n{WRAPPED}", WRAPPED, "Our customer", id="of-a-pdf"),
        pytest.param("Кто наш пациент\nЗвонят мамы.", "Звонят мамы.", "Кто наш пациент", id="russian"),
        pytest.param("They are young and\nlive nearby.", "They are young and\nlive nearby.", "", id="wrapped-sentence"),
        pytest.param("They are young\nThey live here", "They are young\nThey live here", "", id="no-sentence-below"),
    ],
)
def test_a_first_line_without_a_mark_over_sentences_is_a_heading(text: str, sentence: str, heading: str) -> None:
    assert [(s.text, s.heading) for s in sentences(text)] == [(sentence, heading)]


def test_one_line_is_one_sentence() -> None:
    assert [s.text for s in sentences("Наши клиенты — дачники")] == ["Наши клиенты — дачники"]
