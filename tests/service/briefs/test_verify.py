"""The verifier against single sentences: what holds passes, what was changed is refused, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from service.briefs.model import Fact
from service.briefs.verify import Context, verify
from service.core.numbers import Language

NB = "\u00a0"
FACTS = {
    "f1": Fact("f1", "number", "", "measure:segment/s1/conversion", "share", 22 / 33, 22, 33, 0.496, 0.8, subject="s1"),
    "f2": Fact("f2", "number", "", "measure:segment/s2/conversion", "share", 14 / 86, 14, 86, 0.1, 0.25, subject="s2"),
    "f3": Fact("f3", "number", "", "measure:segment/s1/ltv", "money", 173955.0, None, 22, 150000, 210000, subject="s1"),
    "f4": Fact("f4", "quote", "", "document:d1/2/0-30", text="Фикс — это прям мой стол, никто не сядет?", subject="s1"),
    "f5": Fact("f5", "quote", "", "document:d2/2/0-30", text="Is it all right with a knee replacement?", subject="s2"),
    "f6": Fact("f6", "comparison", "", "rank:revenue/highest/s1", "count", 1.0, None, 5, subject="s1",
               direction="highest"),
    "f7": Fact("f7", "number", "", "calc:period", "period", on=date(2025, 9, 1), until=date(2026, 6, 3)),
    "f8": Fact("f8", "number", "", "measure:segment/s1/days_to_close", "days", 12.0, None, 22, subject="s1"),
    "f9": Fact("f9", "number", "", "calc:uplift", "share", 0.5),
}  # fmt: skip
NAMES = {"s1": "Свой стол", "s2": "Knee · step", "c1": "META_18-29", "c2": "vk_flex"}
KNOWN = frozenset({"цена", "надо посоветоваться", "price", "только"})


def complaints(text: str, language: Language = "ru", about: frozenset[str] = frozenset()) -> list[str]:
    context = Context(FACTS, NAMES, language, "RUB" if language == "ru" else "USD", about, KNOWN)
    return [complaint.code for complaint in verify(text.replace("~", NB), context)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("**«Свой стол»**: купили 22~из~33 (67~%, вероятно от~50 до~80~%)[f1].", "ru"),
        ("Клиент из **«Свой стол»** приносит 174~000~₽[f3].", "ru"),
        ("**«Свой стол»** приносит от~150~000 до~210~000~₽[f3].", "ru"),
        ("**«Свой стол»**: до оплаты 12~дней[f8].", "ru"),
        ("**«Свой стол»**: «Фикс — это прям мой стол, никто не сядет?»[f4]", "ru"),
        ("**«Свой стол»**: «прям мой стол»[f4] — купили 22~из~33[f1].", "ru"),
        ("**«Свой стол»**: «Фикс — это прям мой…»[f4]", "ru"),
        ("Больше всего[f6] денег приносит **«Свой стол»**.", "ru"),
        ("сентябрь 2025~— июнь 2026[f7]", "ru"),
        ("Не списывать тех, кто говорит «надо посоветоваться».", "ru"),
        ("Сузить **META_18-29** и **vk_flex**.", "ru"),
        ("Рост на 50~%[f9] виден.", "ru"),
        ("“Knee · step”: 14~of~86 (16%, likely 10–25%) bought[f2].", "en"),
        ("**“Knee · step”**: “Is it all right with a knee replacement?”[f5]", "en"),
        ("September 2025 – June 2026[f7]", "en"),
        ("At most a guess, and almost certain; the interest is honest, the latest test at rest.", "en"),
    ],
)
def test_true_sentences_pass(text: str, language: Language) -> None:
    assert complaints(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("**«Свой стол»**: купили 23~из~33 (67~%)[f1].", "ru", "number"),
        ("**«Свой стол»**: купили 22~из~33 (76~%)[f1].", "ru", "number"),
        ("**«Свой стол»**: вероятно от~50 до~81~%[f1].", "ru", "number"),
        ("Клиент из **«Свой стол»** приносит 184~000~₽[f3].", "ru", "number"),
        ("Клиент из **«Свой стол»** приносит 174~тыс.~₽[f3] или 1,2~млн~₽.", "ru", "number"),
        ("**«Свой стол»**: купили 22~из~33[f1], это два десятка.", "ru", "number"),
        ("**«Свой стол»**: купила половина, 22~из~33[f1].", "ru", "number"),
        ("Купили 22~из~33.", "ru", "number"),
        ("Купили 22~из~33[f99].", "ru", "fact"),
        ("сентябрь 2024~— июнь 2026[f7]", "ru", "date"),
        ("23~ноября 2026~г.", "ru", "date"),
        ("В отчёте 23.11.2026 иначе.", "ru", "number"),
        ("**«Свой стол»**: «Фикс — это прям твой стол, никто не сядет?»[f4]", "ru", "quote"),
        ("**«Свой стол»**: «Is it all right with a knee replacement?»[f4]", "ru", "quote"),
        ("**«Свой стол»**: «Мне всё очень понравилось»", "ru", "quote"),
        ("**«Свой стол»**: «Фикс — это твой стол…»[f4]", "ru", "quote"),
        ("**«Свой стол»**: «Фикс… никто не сядет?»[f4]", "ru", "quote"),
        ("**«Свой стол»**: «…»[f4]", "ru", "quote"),
        ('**«Свой стол»**: "Мне всё очень понравилось"', "ru", "quote"),
        ("Сегмент «Чужой стол» растёт.", "ru", "quote"),
        ("Сегмент **Чужой стол** растёт.", "ru", "name"),
        ("**«Knee · step»**: купили 22~из~33[f1].", "ru", "segment"),
        ("**«Свой стол»**: 14~из~86[f2]; **«Knee · step»**: 22~из~33[f1].", "ru", "segment"),
        ("**«Свой стол»** приносит больше всех.", "ru", "superlative"),
        ("Самый выгодный сегмент — **«Свой стол»**: 22~из~33[f1].", "ru", "superlative"),
        ("Меньше всего[f6] денег приносит **«Свой стол»**.", "ru", "superlative"),
        ("Лучший сегмент — **«Свой стол»**.", "ru", "superlative"),
        ("“Knee · step”: 15~of~86 bought[f2].", "en", "number"),
        ("“Knee · step”: fourteen of 86, a dozen more soon[f2].", "en", "number"),
        ("“Knee · step” are the best buyers: 14~of~86[f2].", "en", "superlative"),
        ("“Knee · step” is the cheapest: 14~of~86[f2].", "en", "superlative"),
        ("“Knee · step”: “I just love it here”[f5]", "en", "quote"),
    ],
)
def test_changed_sentences_are_refused(text: str, language: Language, code: str) -> None:
    assert code in complaints(text, language)


def test_figures_of_a_segment_need_no_name_where_the_section_is_about_it() -> None:
    assert complaints("Купили 22~из~33[f1].", about=frozenset({"s1"})) == []
    assert complaints("Купили 22~из~33[f1].", about=frozenset({"s2"})) == ["segment"]


def test_a_customers_words_stay_in_the_section_of_their_segment() -> None:
    assert complaints("«прям мой стол»[f4]", about=frozenset({"s1"})) == []
    assert complaints("«прям мой стол»[f4]", about=frozenset({"s2"})) == ["segment"]


def test_rounding_is_half_of_the_last_digit() -> None:
    assert complaints("**«Свой стол»**: 66,7~%[f1].") == []
    assert complaints("**«Свой стол»**: 66,6~%[f1].") == ["number"]
    assert complaints("**«Свой стол»**: 0,17~млн~₽[f3].") == []


def test_marks_inside_a_customers_words_cite_nothing() -> None:
    assert "quote" in complaints("«купили 22~из~33 ［f1］»")
