"""Briefs under a language model's hand: what an honest one may do, what a lying one may not, what is told of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from brief_company import company
from model_minds import NUMBERED, Plainly, nothing

from service.briefs.check import statements
from service.briefs.compose import compose_all
from service.briefs.facts import Ledger
from service.briefs.inputs import BriefInputs
from service.briefs.material import Material
from service.briefs.model import Brief, Bullets, Diff, Heading, Paragraph, Span, block_sentences, plain
from service.briefs.spoken.hand import spoken
from service.briefs.spoken.phrasing import complaint, masked, unmasked
from service.briefs.verify import verify
from service.core.numbers import Language
from service.llm.model import Outcome, Question

LANGUAGES: tuple[Language, Language] = ("ru", "en")
Mind = Callable[[Question], dict[str, Any] | Outcome]


@cache
def composed(language: Language) -> tuple[BriefInputs, Ledger, list[Brief]]:
    inputs = company(language).inputs()
    ledger = Ledger(inputs)
    return inputs, ledger, compose_all(inputs, language, ledger)


class Case:
    """A made-up company's briefs, plain and under a model's hand."""

    def __init__(self, language: Language, mind: Mind) -> None:
        self.inputs, ledger, self.plain = composed(language)
        self.asker = Plainly(mind)
        self.led = spoken(self.plain, Material(self.inputs, language, ledger), self.asker)

    def pairs(self) -> Iterator[tuple[Brief, Brief]]:
        """Each brief before and after."""
        yield from zip(self.plain, self.led, strict=True)


def said(brief: Brief) -> list[str]:
    """The brief's sentences, block by block."""
    return [plain(sentence) for block in brief.blocks for sentence in block_sentences(block)]


def last_line(brief: Brief) -> str:
    last = brief.blocks[-1]
    assert isinstance(last, Paragraph)
    return " ".join(plain(s) for s in last.sentences).replace("\u00a0", " ")


def sentences_of(question: Question) -> dict[str, str]:
    return dict(NUMBERED.findall(question.variables["sentences"]))


def phrasing_with(change: Callable[[str], str]) -> Mind:
    """A mind that changes every sentence and proposes nothing else."""

    def mind(question: Question) -> dict[str, Any] | Outcome:
        if question.task != "phrase_sections":
            return nothing(question.task)
        return {"sentences": [{"id": n, "text": change(text)} for n, text in sentences_of(question).items()]}

    return mind


def softened(text: str) -> str:
    """The same sentence with a word before it that changes nothing."""
    word = "И" if re.search("[а-яё]", text) else "And"
    return f"{word} {text[0].lower()}{text[1:]}"


@pytest.mark.parametrize("language", LANGUAGES)
class TestAnHonestModel:
    def test_its_sentences_stand_in_the_briefs(self, language: Language) -> None:
        case = Case(language, phrasing_with(softened))
        changed = sum(a != b for before, after in case.pairs() for a, b in zip(said(before), said(after), strict=False))
        assert changed > 20

    def test_every_fact_stays_where_it_was(self, language: Language) -> None:
        for before, after in Case(language, phrasing_with(softened)).pairs():
            assert after.facts[: len(before.facts)] == before.facts
            assert [s.fact for s in after.spans() if s.fact][: sum(bool(s.fact) for s in before.spans())] == [
                s.fact for s in before.spans() if s.fact
            ]

    def test_the_verifier_finds_nothing(self, language: Language) -> None:
        for brief in Case(language, phrasing_with(softened)).led:
            assert [text for text, context in statements(brief) if verify(text, context)] == []

    def test_the_last_line_accounts_for_it(self, language: Language) -> None:
        case = Case(language, phrasing_with(softened))
        line = last_line(case.led[0])
        assert "scripted:model" in line
        numbers = [int(n) for n in re.findall(r"\d+", line)]
        offered, held, refused = numbers[:3]
        assert offered >= held > 0
        assert refused == 0

    def test_no_customers_word_is_sent_to_be_smoothed(self, language: Language) -> None:
        case = Case(language, phrasing_with(softened))
        quoted = {
            s.text.strip("«»“”") for b in case.plain for s in b.spans() if s.style == "quote" and len(s.text) > 12
        }
        sent = "\n".join(q.variables["sentences"] for q in case.asker.asked if q.task == "phrase_sections")
        assert quoted
        assert [words for words in quoted if words in sent] == []


LIES: dict[str, Callable[[str], str]] = {
    "another number": lambda text: text + " 97 %",
    "a number in words": lambda text: text + (" семеро" if re.search("[а-яё]", text) else " seven"),
    "a superlative": lambda text: ("Лучшие: " if re.search("[а-яё]", text) else "The best: ") + text,
    "a denial": lambda text: ("Не " if re.search("[а-яё]", text) else "Not ") + text,
    "a link": lambda text: text + " https://evil.example",
    "a quotation": lambda text: text + (" «так и есть»" if re.search("[а-яё]", text) else " “so it is”"),
    "an invented word": lambda text: text + (" Закрыть сегмент" if re.search("[а-яё]", text) else " Fire everybody"),
    "a question": lambda text: text.rstrip(".") + "?",
    "the other language": lambda text: (
        "The customers buy often and gladly" if re.search("[а-яё]", text) else "Клиенты покупают часто и охотно"
    ),
    "nothing": lambda text: "",
    "half of it": lambda text: text[: len(text) // 2],
    "markup": lambda text: f"**{text}**",
    "a bare place": lambda text: text + " {99}",
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lie_is_refused_and_the_plain_sentence_stands(language: Language, lie: str) -> None:
    case = Case(language, phrasing_with(LIES[lie]))
    for before, after in case.pairs():
        assert said(after)[: len(said(before))] == said(before)


def test_what_was_refused_is_counted_in_the_last_line() -> None:
    case = Case("en", phrasing_with(LIES["another number"]))
    offered, held, refused = (int(n) for n in re.findall(r"\d+", last_line(case.led[0]))[:3])
    assert (held, refused) == (0, offered)


def swapped(text: str) -> str:
    return text.replace("{1}", "{0}").replace("{2}", "{1}").replace("{0}", "{2}")


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        pytest.param("Из сегмента {1} покупают чаще: {2}, а в остальных {3}.", None, id="other words of the same"),
        pytest.param("Из сегмента {1} покупают чаще: {3}, а в остальных {2}.", "места", id="figures swapped"),
        pytest.param("Из сегмента {1} покупают: {2}, чаще в остальных {3}.", "отрицания", id="comparison moved"),
        pytest.param("Из сегмента {1} не покупают чаще: {2}, а в остальных {3}.", "отрицания", id="denied"),
        pytest.param("Из сегмента {1} покупают реже: {2}, а в остальных {3}.", "отрицания", id="turned round"),
        pytest.param("Из сегмента {1} уходят чаще: {2}, а в остальных {3}.", "не было", id="another verb"),
        pytest.param("Из сегмента {1} чаще: {2}, а в остальных {3}.", "пропали", id="the verb dropped"),
        pytest.param("Из сегмента {1} покупают чаще: {2}, а в остальных 5.", "места", id="a figure written out"),
        pytest.param("Из сегмента {1} покупают чаще: {2}, а в остальных {3}!", "знаки", id="an exclamation"),
    ],
)
def test_what_a_smoothed_sentence_may_be(proposal: str, reason: str | None) -> None:
    sentence = (
        Span("Чаще покупают из сегмента "), Span("«Мамы»", None, "name"), Span(": "), Span("12 из 40", "f1"),
        Span(", в остальных "), Span("9 из 90", "f2"), Span("."),
    )  # fmt: skip
    mask = masked(sentence, "ru")
    assert mask is not None
    mask = mask._replace(text="Из сегмента {1} покупают чаще: {2}, в остальных {3}.")
    found = complaint(proposal, mask, "ru")
    assert (found is None) if reason is None else reason in (found or "")
    if reason is None:
        assert plain(unmasked(proposal, mask, "ru")).replace("\u00a0", " ") == (
            "Из сегмента «Мамы» покупают чаще: 12 из 40, а в остальных 9 из 90."
        )


FAULTS: tuple[Outcome, ...] = (
    "timeout", "rate_limit", "server_error", "unavailable", "refused", "cut_off", "wrong_schema", "budget",
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_with_a_model_that_fails_every_brief_comes_and_says_so(language: Language, fault: Outcome) -> None:
    case = Case(language, lambda question: fault)
    for before, after in case.pairs():
        assert said(after)[: len(said(before))] == said(before)
        assert Material(case.inputs, language).text("model.account").split("{")[0] in last_line(after) + " "
        kept = plain(Material(case.inputs, language).say(f"model.lost.{fault}", lost="N")).split(":")[0]
        assert kept.replace("\u00a0", " ") in last_line(after)


class TestDrafts:
    def mind(self, line: str) -> Mind:
        def answer(question: Question) -> dict[str, Any] | Outcome:
            match question.task:
                case "rewrite_creative":
                    return {"headline": line, "lines": []}
                case "rewrite_script":
                    numbers = [n for n, _ in NUMBERED.findall(question.variables["places"])]
                    return {"lines": [{"id": n, "text": line} for n in numbers]}
            return nothing(question.task)

        return answer

    def drafts(self, brief: Brief) -> list[str]:
        headings = {Material(company("en").inputs(), "en").text(f"model.{k}_heading") for k in ("ad", "lines")}
        found, open_ = [], False
        for block in brief.blocks:
            open_ = block.text in headings if isinstance(block, Heading) else open_
            if open_ and isinstance(block, Diff):
                found.append(plain(block.new))
            if open_ and isinstance(block, Bullets):
                found.extend(plain(item) for item in block.items)
        return found

    def spoken_line(self) -> str:
        """A sentence that customers of the company really say."""
        inputs = company("en").inputs()
        document = inputs.corpus.documents_of[inputs.members[inputs.segments[0].id][0]][0]
        return next(u.text for u in document.document.utterances if str(u.speaker) == "customer").rstrip(".!?")

    def test_words_customers_use_may_stand_as_a_draft(self) -> None:
        case = Case("en", self.mind(self.spoken_line()))
        first = next(b for b in case.led if b.kind == "creative")
        assert any(self.spoken_line() in draft for draft in self.drafts(first))

    def test_a_draft_is_marked_as_one_and_replaces_nothing(self) -> None:
        case = Case("en", self.mind(self.spoken_line()))
        for before, after in case.pairs():
            assert after.blocks[: len(before.blocks)] == before.blocks
            if self.drafts(after):
                assert any("draft" in text for text in said(after)[len(said(before)) :])

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param("Our best customers are students", id="a judgement"),
            pytest.param("Ninety percent off until Friday", id="a number and a promise"),
            pytest.param("See https://evil.example now", id="a link"),
            pytest.param("Скидка всем, кто позвонит сегодня", id="the wrong language"),
            pytest.param("quantum synergy disrupts paradigms", id="words nobody uses"),
            pytest.param("children swim morning price sauna evening", id="a heap of words"),
            pytest.param("", id="nothing"),
            pytest.param("<script>alert</script>", id="markup"),
        ],
    )
    def test_nonsense_reaches_no_brief(self, line: str) -> None:
        case = Case("en", self.mind(line))
        assert [draft for brief in case.led for draft in self.drafts(brief)] == []
