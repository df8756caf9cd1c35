"""Quotes: whole sentences that cover much and repeat little; shares of facets with their quotes."""

from __future__ import annotations

import pytest

from service.segments.contrasts import differences, facet_shares
from service.segments.hearing import listen
from service.segments.portrayal import Line, soundness, spans
from service.segments.quotes import choose_quotes, sentences_of, topic_quotes

WEIGHT = {"спиннинг": 3.0, "лодка": 3.0, "щука": 1.0}


def line(customer: str, text: str, position: int = 0) -> Line:
    return Line(f"d-{customer}", position, text, customer)


def test_quotes_cover_different_words_by_different_customers() -> None:
    lines = [
        line("a", "Мне нужна надёжная лодка на двоих взрослых."),
        line("a", "Ещё мне нужен хороший спиннинг для дочки.", 1),
        line("b", "Надёжная лодка мне нужна на одного человека."),
        line("c", "Спиннинг хочу лёгкий, чтобы рука не уставала."),
    ]
    quotes = choose_quotes(sentences_of(lines, "ru"), WEIGHT)
    assert len(quotes) == 2
    assert len({quote.customer for quote in quotes}) == 2
    assert {word for quote in quotes for word in ("лодка", "пиннинг") if word in quote.text} == {"лодка", "пиннинг"}


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param("Здравствуйте, мне нужна надёжная лодка на двоих взрослых.", id="greeting"),
        pytest.param("[name-1] сказала, что нужна надёжная лодка на двоих взрослых.", id="placeholder"),
        pytest.param("Ну короче мне нужна нужна надёжная лодка на двоих взрослых.", id="stutter and fillers"),
        pytest.param("Раньше... а теперь нам нужна надёжная лодка на двоих взрослых.", id="half a sentence"),
    ],
)
def test_the_sentence_that_reads_alone_wins(worse: str) -> None:
    good = "Теперь нам нужна надёжная лодка на двоих взрослых."
    chosen = choose_quotes(sentences_of([line("a", worse), line("b", good)], "ru"), WEIGHT, most=1)
    assert [quote.text for quote in chosen] == [good]


def test_soundness_is_never_zero_so_a_bad_quote_beats_none() -> None:
    poor = line("a", "алло да да ну короче э-э мне бы лодку")
    assert all(0 < soundness(quote, poor) < 0.5 for quote in spans(poor))


def test_a_quote_starts_with_a_word_at_its_true_offset() -> None:
    said = line("a", "Да. ] — нужна надёжная лодка на двоих взрослых, и всё.")
    quote = spans(said)[0]
    assert quote.text.startswith("нужна")
    assert said.text[quote.start : quote.end] == quote.text


def test_a_topics_quotes_are_of_different_customers() -> None:
    lines = [
        line("a", "Это слишком дорого для нашей семьи, честно."),
        line("a", "Очень дорого выходит, даже не знаю что.", 1),
    ]
    lines.append(line("b", "Дорого, конечно, но нам очень нужна лодка."))
    found = topic_quotes(sentences_of(lines, "ru"), ["price"], WEIGHT)
    assert sorted(quote.customer for quote in found["price"]) == ["a", "b"]


def test_facets_carry_shares_of_both_sides_and_only_what_tells() -> None:
    lines = {f"m{i}": [line(f"m{i}", "У меня ребёнок, и мне негде работать")] for i in range(20)}
    lines |= {f"o{i}": [line(f"o{i}", "Мне негде работать, и всё")] for i in range(40)}
    heard = listen(lines, list(lines), "ru")
    members, others = [c for c in lines if c[0] == "m"], [c for c in lines if c[0] == "o"]
    rows = facet_shares(members, others, heard, {})
    assert [(row.topic, row.members.k, row.others.k) for row in rows] == [("parents", 20, 0)]
    assert rows[0].members.low is not None
    told = {row.topic: row.score for row in differences(others, members, heard)}
    assert told["parents"] < 0, "truer of the other segment"
