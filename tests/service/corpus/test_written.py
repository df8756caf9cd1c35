"""Personas as texts: whose, which version, what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.corpus.written import Written, difference, own_persona, with_answers

START = datetime(2026, 11, 1, tzinfo=UTC)


def version(ref: str, number: int, hours: int, stakeholder: str = "sales") -> Written:
    return Written(stakeholder, ref, number, "name", f"{ref} {number}", "", START + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "Новый текст."),
        ("Один. Два. Три.", "Один. Два с половиной. Три."),
        ("строка\n" * 50 + "конец", "начало\n" + "строка\n" * 49 + "конец"),
        ("a " * 2000, "b " * 2000),
        ("x\r\ny", "x\ny"),
        ("same", "same"),
    ],
    ids=["from nothing", "a word", "lines", "too much to compare by words", "line ends", "nothing"],
)
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert all(one.kind != other.kind for one, other in zip(pieces, pieces[1:], strict=False))


def test_only_the_changed_words_are_told() -> None:
    pieces = difference("Каждый второй торгуется.", "Каждый третий торгуется.")
    assert [(p.kind, p.text) for p in pieces if p.kind != "same"] == [("removed", "второй"), ("added", "третий")]


def test_the_persona_edited_is_the_text_that_changed_last() -> None:
    found = [version("a/sales.md", 1, 0), version("b/sales.md", 1, 1), version("a/sales.md", 2, 2)]
    own = own_persona(found, "sales")
    assert (own.ref, own.version, own.text) == ("a/sales.md", 2, "a/sales.md 2")
    assert [one.ref for one in own.others] == ["b/sales.md"]


def test_a_stakeholder_without_a_text_begins_where_an_upload_would() -> None:
    own = own_persona([version("a/sales.md", 1, 0)], "owner")
    assert (own.ref, own.version, own.text, own.now) == ("personas/owner.md", 0, "", None)


def test_answers_become_paragraphs_with_their_question() -> None:
    answers = [("Кто покупает", " родители "), ("Чего боятся:", ""), ("Откуда?", "сарафан")]
    assert with_answers("Пишу.\n", answers) == "Пишу.\n\n**Кто покупает.** родители\n\n**Откуда.** сарафан"
    assert with_answers("", []) == ""
