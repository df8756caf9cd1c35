"""How briefs read: a first page of two minutes, sources in words, questions a person would ask, offers, likeness."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from brief_company import EN, RU, company, share, without

from eval.briefs import front_words
from ingest.model import TextKind
from service.briefs import judged
from service.briefs.compose import compose_all
from service.briefs.compose_comparison import MOST_WORDS
from service.briefs.material import Material
from service.briefs.model import Brief, Bullets, Diff, Heading, Table, block_sentences, plain
from service.core.numbers import LANGUAGES, Language
from service.segments.model import TopicShare


@cache
def briefs(language: Language) -> dict[tuple[str, str | None], Brief]:
    return {(b.kind, b.segment): b for b in compose_all(company(language).inputs(), language)}


def section(brief: Brief, title: str) -> list[str]:
    """Sentences under a heading."""
    found: list[str] = []
    inside = False
    for block in brief.blocks:
        if isinstance(block, Heading):
            inside = block.text.replace("\u00a0", " ") == title
        elif inside:
            found.extend(plain(s).replace("\u00a0", " ") for s in block_sentences(block))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owners_first_page_is_read_in_two_minutes(language: Language) -> None:
    assert 100 < front_words(briefs(language)["comparison", None]) <= MOST_WORDS


def test_no_more_than_three_decisions_stand_on_the_first_page() -> None:
    blocks = briefs("ru")["comparison", None].blocks
    start = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.text.endswith("встрече"))
    decided = blocks[start + 1]
    assert isinstance(decided, Bullets)
    assert len(decided.items) <= 3


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Покупают у нас семейные", 10, "Покупают у нас семейные"),
        ("один два три четыре пять шесть семь", 4, "один два три четыре…"),
        ("один два три, четыре пять шесть семь", 4, "один два три…"),
        ("один, два три четыре пять шесть семь", 4, "один, два три четыре…"),
    ],
    ids=["short stays", "cut after so many words", "cut at a clause", "an early clause does not count"],
)
def test_long_claims_are_cut_and_marked_as_cut(text: str, most: int, shown: str) -> None:
    assert judged._shortened(text, most) == shown


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("ru", "organic", "поиск без рекламы"), ("ru", "Customer_Referral", "по рекомендации"), ("ru", "maps", "карты"),
        ("en", "organic", "unpaid search"), ("ru", "vk_spring_2026", "vk_spring_2026"), ("en", "maps", "maps"),
    ],
)  # fmt: skip
def test_sources_are_said_in_words_and_the_companys_own_names_stay(language: Language, name: str, words: str) -> None:
    assert Material(company(language).inputs(), language).source(name) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_asks_what_a_person_would_ask(language: Language) -> None:
    for brief in briefs(language).values():
        if brief.kind == "script":
            text = " ".join(plain(s) for block in brief.blocks for s in block_sentences(block))
            assert not re.search(r"Речь про|Is it about", text)


def test_what_no_text_of_the_company_mentions_is_a_change_of_the_offer() -> None:
    found = section(briefs("ru")["creative", "seg_atelier"], "Что изменить в предложении")
    assert any("документы" in line and "ни в объявлениях, ни в скрипте" in line for line in found)
    made = company("ru")
    silent = [t for t in made.texts if t.text.kind is TextKind.PERSONA]
    creative = next(b for b in compose_all(without(made, texts=silent).inputs(), "ru") if b.segment == "seg_atelier")
    assert section(creative, "Что изменить в предложении") == []


@pytest.mark.parametrize(
    ("facet", "beginning"),
    [("who", "О себе"), ("situation", "Живут так"), ("trigger", "Повод"), ("goal", "Хотят"),
     ("reason", "Решает")],
)  # fmt: skip
def test_who_they_are_is_told_by_what_sets_them_apart(facet: str, beginning: str) -> None:
    made = company("ru")
    told = TopicShare("business", facet, share(12, 15), share(2, 65))
    common = TopicShare("family", facet, share(3, 15), share(13, 65))
    segments = tuple(
        replace(s, topics=(told, common)) if s.id == "seg_atelier" else s for s in made.segmentation.segments
    )
    inputs = without(made, segmentation=replace(made.segmentation, segments=segments)).inputs()
    brief = next(b for b in compose_all(inputs, "ru") if (b.kind, b.segment) == ("creative", "seg_atelier"))
    found = section(brief, "Кто это")
    assert len(found) == 1
    assert found[0].startswith(f"{beginning}: для своего дела")
    assert "12 из 15, в остальных сегментах 2 из 65" in found[0]


def test_each_present_ad_says_whom_it_brought_most() -> None:
    brief = briefs("en")["creative", "seg_moms"]
    table = next(b for b in brief.blocks if isinstance(b, Table))
    assert "brought mostly" in table.columns
    place = table.columns.index("brought mostly")
    assert plain(table.rows[0].cells[place]).startswith("“")


def test_a_new_ad_takes_no_lines_that_its_people_do_not_speak_of() -> None:
    for brief in briefs("ru").values():
        for block in brief.blocks:
            if isinstance(block, Diff) and block.action == "add" and brief.kind == "creative":
                assert "бриллианты" not in plain(block.new)


def test_terms_of_the_present_ads_are_to_be_checked() -> None:
    made = company("en")
    priced = [t for t in made.texts if t.text.kind is TextKind.CREATIVE and any(c.isdigit() for c in t.text.text)]
    shown = section(briefs("en")["creative", "seg_moms"], "Check before it goes out")
    assert bool(shown) == bool(priced)


def test_one_segment_asks_no_choice_between_portraits() -> None:
    for language, groups in (("ru", RU), ("en", EN)):
        session = next(b for b in compose_all(company(language, groups[:1]).inputs(), language) if b.kind == "session")
        headings = [b.text for b in session.blocks if isinstance(b, Heading)]
        assert not any(re.search(r"Чей портрет рабочий|Whose portrait", text) for text in headings)
