"""Every brief of a made-up company, with everything there and with pieces missing, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from brief_company import EN, RU, Company, company, without

from ingest.model import TextKind
from service.briefs.check import statements
from service.briefs.compose import compose_all
from service.briefs.inputs import BriefInputs
from service.briefs.model import Brief, Bullets, Diff, Heading, Paragraph, Row, Table, block_sentences, plain
from service.briefs.verify import verify
from service.core.numbers import Language

LANGUAGES: tuple[Language, Language] = ("ru", "en")


def briefs(made: Company, language: str) -> dict[tuple[str, str | None], Brief]:
    return {(b.kind, b.segment): b for b in compose_all(made.inputs(), language)}


@cache
def case_of(name: str, language: Language) -> dict[tuple[str, str | None], Brief]:
    return briefs(LESS[name](company(language)), language)


def whole(language: Language) -> dict[tuple[str, str | None], Brief]:
    return case_of("everything", language)


def text_of(brief: Brief) -> str:
    lines = [brief.title]
    for block in brief.blocks:
        lines.append(block.text if isinstance(block, Heading) else "")
        lines.extend(plain(sentence) for sentence in block_sentences(block))
    return "\n".join(lines).replace("\u00a0", " ")


def no_texts(made: Company, kind: TextKind) -> Company:
    return without(made, texts=[t for t in made.texts if t.text.kind is not kind])


def no_deals(made: Company) -> Company:
    money = {"won", "conversion", "revenue", "average_check", "ltv", "cac", "days_to_close"}
    return without(made, deals=[], measures=[m for m in made.measures if m.measure not in money])


def no_spend(made: Company) -> Company:
    return without(made, spend=[], measures=[m for m in made.measures if m.measure not in ("spend", "cac")])


def small(made: Company) -> Company:
    few = replace(made.segmentation, segments=(), assignments=made.segmentation.assignments[:12], small=True)
    return without(made, segmentation=few, measures=[], deals=made.deals[:12], portrait=None)


def nothing(made: Company) -> Company:
    empty = replace(made.segmentation, segments=(), assignments=(), customers=0, not_a_customer=0, small=True)
    return without(made, documents=[], deals=[], spend=[], texts=[], segmentation=empty, measures=[], comparison=None,
                   portrait=None)  # fmt: skip


def with_text(made: Company, kind: TextKind, words: str) -> Company:
    texts = [replace(t, text=replace(t.text, text=words)) if t.text.kind is kind else t for t in made.texts]
    return without(made, texts=texts)


def one_segment(made: Company) -> Company:
    return company(made.language, (RU if made.language == "ru" else EN)[:1])


LESS: dict[str, Callable[[Company], Company]] = {
    "everything": lambda made: made,
    "no personas": lambda made: without(no_texts(made, TextKind.PERSONA), comparison=None),
    "no deals": no_deals,
    "no ad spend": no_spend,
    "no creatives": lambda made: no_texts(made, TextKind.CREATIVE),
    "no scripts": lambda made: no_texts(made, TextKind.SCRIPT),
    "no portrait": lambda made: without(made, portrait=None),
    "few customers": small,
    "nothing at all": nothing,
    "one segment": one_segment,
    "a script without stages": lambda made: with_text(made, TextKind.SCRIPT, "Здороваемся и зовём на пробный. Дорого?"),
    "a creative of one word": lambda made: with_text(made, TextKind.CREATIVE, "Скидки!"),
    "blank texts": lambda made: with_text(with_text(made, TextKind.CREATIVE, " \n"), TextKind.SCRIPT, " \n"),
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", LESS)
def test_briefs_come_whatever_is_missing(case: str, language: Language) -> None:
    made = case_of(case, language)
    assert ("comparison", None) in made
    assert ("session", None) in made
    for brief in made.values():
        assert brief.refused == 0, brief.kind
        assert brief.title.strip()
        assert_no_empty_heading(brief)


def assert_no_empty_heading(brief: Brief) -> None:
    for block, following in zip(brief.blocks, [*brief.blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            assert following is not None, block.text
            assert not (isinstance(following, Heading) and following.level <= block.level), block.text
        if isinstance(block, Table):
            assert block.rows
            assert all(len(row.cells) == len(block.columns) for row in block.rows)
        if isinstance(block, Paragraph | Bullets):
            assert all(plain(sentence).strip() for sentence in block_sentences(block))


@pytest.mark.parametrize("case", LESS)
def test_every_sentence_holds_by_the_facts_the_brief_carries(case: str, language: Language) -> None:
    for brief in case_of(case, language).values():
        refused = [(text, verify(text, context)) for text, context in statements(brief)]
        assert [pair for pair in refused if pair[1]] == []


def test_every_span_points_to_a_fact_of_the_brief(language: Language) -> None:
    for brief in whole(language).values():
        known = {fact.id for fact in brief.facts}
        assert {span.fact for span in brief.spans() if span.fact} <= known
        assert {term for fact in brief.facts for term in fact.terms} <= known
        assert all(fact.label for fact in brief.facts)


def test_both_languages_state_the_same_facts() -> None:
    inputs = company("ru").inputs()
    russian, english = compose_all(inputs, "ru"), compose_all(inputs, "en")
    assert [(b.kind, b.segment) for b in russian] == [(b.kind, b.segment) for b in english]
    for one, other in zip(russian, english, strict=True):
        assert {f.source for f in one.facts} == {f.source for f in other.facts}


def test_the_same_input_gives_the_same_briefs(language: Language) -> None:
    assert compose_all(company(language).inputs(), language) == compose_all(company(language).inputs(), language)


class TestComparison:
    def test_the_headline_is_the_finding(self) -> None:
        assert "«своё ателье»" in whole("ru")["comparison", None].title
        assert "“after an injury”" in whole("en")["comparison", None].title

    def test_segments_that_buy_alike_for_different_money_do_not_pay_alike(self) -> None:
        groups = (replace(RU[1], people=30, won=12, paid=90_000), replace(RU[0], people=30, won=12, paid=9_000))
        made = without(company("ru", groups), comparison=None, spend=[])
        title = briefs(made, "ru")["comparison", None].title.replace("\u00a0", " ")
        assert title == "Дороже всех покупает сегмент «детские костюмы»: в среднем 90 000 ₽"

    @pytest.mark.parametrize(("known", "cut"), [("leads", True), ("spend", False)])
    def test_a_campaign_is_called_idle_only_where_it_is_known_who_came_by_campaigns(
        self, known: str, cut: bool
    ) -> None:
        made = company("ru")
        poor = [
            replace(m, value=0.0) if (m.level, m.measure) == ("campaign", "revenue") else m
            for m in made.measures
            if m.level != "campaign" or m.measure in ("spend", "revenue", "won", known)
        ]
        text = text_of(briefs(without(made, measures=poor), "ru")["comparison", None])
        assert ("Сузить или остановить" in text) == cut

    def test_each_stakeholder_is_first_told_what_they_are_right_about(self) -> None:
        brief = whole("ru")["comparison", None]
        table = next(block for block in brief.blocks if isinstance(block, Table))
        marketing = row_of(table, "Маркетинг")
        assert "40 из 80 обратившихся" in cell(marketing, 2)
        assert "4 из 25 оплат" in cell(marketing, 3)

    def test_a_missing_persona_is_said_and_asked_for(self) -> None:
        text = text_of(whole("ru")["comparison", None])
        assert "портрета пока нет" in text
        assert "Взгляд собственника" in text

    def test_the_cost_is_shown_with_its_arithmetic(self) -> None:
        text = text_of(whole("ru")["comparison", None])
        assert "приносит в среднем 88 000 ₽ (1,32 млн ₽ на 15 человек)" in text
        assert "на каждом теряется 1 000 ₽" in text

    def test_without_deals_it_says_how_to_get_the_cost(self) -> None:
        brief = case_of("no deals", "ru")["comparison", None]
        assert "Выгрузите их из CRM" in text_of(brief)

    def test_few_customers_are_not_divided(self) -> None:
        assert "мало" in case_of("few customers", "ru")["comparison", None].title

    def test_the_first_screen_is_short(self) -> None:
        brief = whole("ru")["comparison", None]
        place = next(i for i, b in enumerate(brief.blocks) if (isinstance(b, Heading) and b.text.startswith("О чём"))
                     or (isinstance(b, Heading) and b.text.startswith("Утверждение")))  # fmt: skip
        words = " ".join(plain(s) for b in brief.blocks[:place] for s in block_sentences(b)).split()
        assert len(words) <= 350

    def test_no_file_name_or_contact_is_printed(self, language: Language) -> None:
        for brief in whole(language).values():
            printed = text_of(brief) + repr(brief.facts)
            assert "+7945" not in printed
            assert ".md" not in printed
            assert ".txt" not in printed


class TestCreative:
    def test_the_ad_is_rewritten_from_words_of_customers_and_of_the_ad(self, language: Language) -> None:
        brief = whole(language)["creative", "seg_crowd"]
        diff = next(block for block in brief.blocks if isinstance(block, Diff))
        assert diff.action == "change"
        quoted = [span for span in diff.new if span.fact]
        assert quoted
        assert all(brief.fact(span.fact or "").kind == "quote" for span in quoted)  # type: ignore[union-attr]
        assert {brief.fact(span.fact or "").speaker for span in quoted} == {"customer", "creative"}  # type: ignore[union-attr]

    def test_a_promise_nobody_speaks_of_is_named_and_cut(self) -> None:
        brief = whole("en")["creative", "seg_atelier"]
        assert "diamonds and champagne" in text_of(brief)
        diff = next(block for block in brief.blocks if isinstance(block, Diff))
        assert "champagne" not in plain(diff.new)

    def test_a_segment_no_ad_reaches_gets_an_ad_of_its_own(self) -> None:
        diffs = [b for b in whole("en")["creative", "seg_atelier"].blocks if isinstance(b, Diff)]
        assert [diff.action for diff in diffs] == ["add"]

    def test_it_says_who_answers_the_present_ad(self) -> None:
        brief = whole("en")["creative", "seg_crowd"]
        table = next(b for b in brief.blocks if isinstance(b, Table))
        assert [cell(table.rows[0], i) for i in (1, 2, 3, 4)] == ["26", "20", "“summer bodies”, 20", "6"]

    def test_without_ads_it_still_says_what_to_promise(self, language: Language) -> None:
        brief = case_of("no creatives", language)["creative", "seg_crowd"]
        assert not [b for b in brief.blocks if isinstance(b, Diff)]
        assert len(brief.blocks) > 6


class TestScript:
    def test_the_answer_that_goes_with_buying_replaces_the_old_one(self) -> None:
        diffs = [b for b in whole("ru")["script", "seg_crowd"].blocks if isinstance(b, Diff)]
        change = next(d for d in diffs if "цена" in d.section)
        assert "рыночная стоимость" in plain(change.old)
        assert "разбить оплату на три части" in plain(change.new)
        assert "3 из 6" in plain(change.why[0]).replace("\u00a0", " ")

    def test_few_answers_are_not_compared(self) -> None:
        groups = (RU[0], RU[1], RU[2])
        made = company("ru", groups)
        lonely = without(made, deals=[d for d in made.deals if int(d.customer[-3:]) < 4])
        diffs = [b for b in briefs(lonely, "ru")["script", "seg_crowd"].blocks if isinstance(b, Diff)]
        assert "разбить оплату" not in " ".join(plain(d.new) for d in diffs)

    def test_a_doubt_the_script_never_answers_is_added(self) -> None:
        diffs = [b for b in whole("en")["script", "seg_atelier"].blocks if isinstance(b, Diff)]
        assert any(d.action == "add" and "trust" in d.section for d in diffs)

    def test_sections_nothing_speaks_against_are_kept_by_name(self) -> None:
        assert "Оставить: «Приветствие»" in text_of(whole("ru")["script", "seg_atelier"])

    def test_a_script_without_stages_is_still_compared(self) -> None:
        made = company("en")
        plain_script = [replace_text(t, "We say hello, then the price, then goodbye.") for t in made.texts]
        brief = briefs(without(made, texts=plain_script), "en")["script", "seg_crowd"]
        assert any(isinstance(b, Diff) for b in brief.blocks)

    def test_a_creative_of_one_word_does_no_harm(self) -> None:
        made = company("en")
        texts = [replace_text(t, "Swim", TextKind.CREATIVE) for t in made.texts]
        assert briefs(without(made, texts=texts), "en")["creative", "seg_crowd"].refused == 0


class TestSession:
    def test_divergences_stand_with_both_positions_and_options(self) -> None:
        brief = whole("ru")["session", None]
        text = text_of(brief)
        assert "Чей портрет рабочий" in text
        assert "«Наш клиент — выпускница»" in text
        assert "держать оба портрета" in text

    def test_the_log_and_the_next_review_are_there(self) -> None:
        assert "1 января 2027 г." in text_of(whole("ru")["session", None])


def test_one_segment_is_called_one(language: Language) -> None:
    group = (RU if language == "ru" else EN)[:1]
    brief = briefs(company(language, group), language)["comparison", None]
    assert group[0].name in brief.title


def replace_text(text, words: str, kind: TextKind = TextKind.SCRIPT):  # type: ignore[no-untyped-def]
    return replace(text, text=replace(text.text, text=words)) if text.text.kind is kind else text


def row_of(table: Table, first: str) -> Row:
    return next(row for row in table.rows if plain(row.cells[0]) == first)


def cell(row: Row, index: int) -> str:
    return plain(row.cells[index]).replace("\u00a0", " ")


def test_inputs_without_comparison_have_no_blind_spots() -> None:
    inputs: BriefInputs = without(company("ru"), comparison=None).inputs()
    assert inputs.blind_spots == ()
