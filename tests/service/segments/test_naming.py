"""Names: noun phrases in a name's form, kinds of people, the check, and the fall to the next candidate."""

from __future__ import annotations

import pytest

from service.segments.facets import facets, facets_in, people
from service.segments.hearing import Heard, listen
from service.segments.namecheck import check_name
from service.segments.naming import named
from service.segments.nouns import learn_nouns
from service.segments.portrayal import Line


def heard(language: str, **said: list[str]) -> tuple[Heard, dict[str, list[str]]]:
    """Groups of customers, one text each, as they are heard."""
    members = {group: [f"{group}{i}" for i in range(len(texts))] for group, texts in said.items()}
    lines = {
        customer: [Line(f"d-{customer}", 0, text, customer)]
        for group, texts in said.items()
        for customer, text in zip(members[group], texts, strict=True)
    }
    return listen(lines, list(lines), language), members


def names_of(language: str, given: dict[str, str] | None = None, **said: list[str]) -> dict[str, str]:
    known, members = heard(language, **said)
    everyone = [customer for group in members.values() for customer in group]
    found = named(list(members.values()), list(members), everyone, known, given or {})
    return {group: one.name for group, one in zip(members, found, strict=True)}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        pytest.param("Можно оставить сына в детской комнате?", "детская комната", id="adjective agrees"),
        pytest.param("Я храню зимнюю резину у вас", "зимняя резина", id="accusative"),
        pytest.param("Нужны строительные леса", "строительные леса", id="plural stays plural"),
        pytest.param("Спросите службу безопасности", "служба безопасности", id="noun of a noun"),
        pytest.param("Выставьте счёт на организацию", "счёт на организацию", id="noun for a noun"),
    ],
)
def test_russian_phrases_stand_in_the_nominative(text: str, phrase: str) -> None:
    assert phrase in [found.surface for found in learn_nouns([text]).phrases(text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("Приезжайте в Казань", "казань", id="town"),
        pytest.param("Меня зовут Ирина", "ирина", id="first name"),
        pytest.param("Я думаю и звоню", "звонить", id="verb"),
    ],
)
def test_what_names_nothing_is_no_russian_noun(text: str, word: str) -> None:
    assert word not in [found.lemma for found in learn_nouns([text]).phrases(text)]


ENGLISH = [
    "I fish for my supper with the new rod.",
    "We fish off the pier. Is the rod heavy?",
    "They fish all night. A rod of the best make.",
    "I like the green one. She took the green one too.",
    "Ask Martha about the rod. I saw Martha with a rod. Then Martha left.",
]


def test_english_nouns_are_told_by_the_company_they_keep() -> None:
    nouns = learn_nouns(ENGLISH)
    assert nouns.is_noun("rod")
    assert not nouns.is_noun("fish"), "stands after pronouns: a verb here"
    assert not nouns.is_noun("green"), "the green one: an adjective"
    assert "martha" in nouns.names


def test_facets_are_the_same_in_both_languages() -> None:
    assert [(t.id, t.facet) for t in facets("ru")] == [(t.id, t.facet) for t in facets("en")]
    assert all(t.name["ru"] and t.name["en"] and t.stems for t in (*people("ru"), *people("en")))


@pytest.mark.parametrize(
    ("text", "language", "facet"),
    [
        pytest.param("У меня двое детей и няня", "ru", "parents", id="ru who"),
        pytest.param("I'm retired and my grandkids visit", "en", "older", id="en who"),
        pytest.param("Вас порекомендовала подруга", "ru", "advised", id="ru situation"),
        pytest.param("The old one broke down last week", "en", "broke", id="en situation"),
        pytest.param("Хочу, чтобы было тихо", "ru", "goal:comfort", id="ru goal"),
        pytest.param("I need something with a warranty", "en", "goal:warranty", id="en goal"),
        pytest.param("Для меня главное — цена", "ru", "reason:price", id="ru reason"),
        pytest.param("As long as it is close to work, I'll take it", "en", "reason:distance", id="en reason"),
    ],
)
def test_who_situation_goal_and_reason_are_heard(text: str, language: str, facet: str) -> None:
    assert facet in facets_in(text, language)


@pytest.mark.parametrize(
    ("text", "language", "facet"),
    [
        pytest.param("Хочу записаться. Тихо ли у вас?", "ru", "goal:comfort", id="cue in another sentence"),
        pytest.param("Надо посоветоваться с мужем", "ru", "goal:consult", id="an objection is no goal"),
        pytest.param("Сколько стоит?", "ru", "reason:price", id="a question is no reason"),
    ],
)
def test_a_goal_needs_its_cue_beside_it(text: str, language: str, facet: str) -> None:
    assert facet not in facets_in(text, language)


PARENTS = [f"У меня ребёнок, ищу кружок по рисованию, {i}" for i in range(12)]
ANGLERS = [f"Нужна лодка и крепкий спиннинг на щуку, {i}" for i in range(12)]
VERBAL = [f"Хочу побыстрее отменить, {w}" for w in ("завтра", "сегодня", "сейчас") for _ in range(4)]


def test_a_kind_of_people_gives_the_name_where_most_show_it() -> None:
    assert names_of("ru", a=PARENTS, b=ANGLERS)["a"] == "Родители"


def test_without_a_kind_of_people_their_nouns_give_it() -> None:
    assert names_of("ru", a=ANGLERS, b=PARENTS)["a"] == "Крепкий спиннинг"


def test_siblings_never_share_a_name_or_its_words() -> None:
    twins = names_of("ru", a=ANGLERS, b=list(ANGLERS), c=PARENTS)
    assert len({name.casefold() for name in twins.values()}) == 3


def test_who_says_nothing_of_their_own_is_a_number() -> None:
    assert names_of("ru", a=["да"] * 10, b=PARENTS)["a"] == "№ 1"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param("Рыбаки: лодка", "Рыбаки: лодка", id="holds"),
        pytest.param("Ребёнок", "not kept", id="true of others"),
    ],
)
def test_a_name_stays_while_it_holds(given: str, name: str) -> None:
    kept = names_of("ru", {"a": given}, a=ANGLERS, b=PARENTS)["a"]
    assert (kept == name) is (name != "not kept")


def test_the_check_counts_members_others_and_the_nearest_sibling() -> None:
    known, members = heard("ru", a=ANGLERS, b=[*PARENTS[:6], *ANGLERS[:6]], c=PARENTS)
    others = [*members["b"], *members["c"]]
    check = check_name("Лодка", members["a"], others, {"b": members["b"], "c": members["c"]}, known)
    assert (check.members.k, check.members.n, check.others.k, check.others.n) == (12, 12, 6, 24)
    assert check.passed
    assert check.sibling == "b"
    assert check.in_sibling is not None
    assert check.in_sibling.k == 6


def test_a_name_no_truer_than_of_a_sibling_fails() -> None:
    known, members = heard("ru", a=ANGLERS, b=list(ANGLERS), c=PARENTS * 4)
    others = [*members["b"], *members["c"]]
    assert not check_name("Лодка", members["a"], others, {"b": members["b"]}, known).passed


def test_a_colleagues_note_reaches_no_phrase_but_tells_who_they_are() -> None:
    note = 'клиентка с двумя детьми, сказала "мне бы лодку напрокат", бюджет маленький'
    known = listen({"c": [Line("d", 0, note, "c", own=False)]}, ["c"], "ru")
    assert "лодка" in known.known.of_customer["c"]
    assert "клиентка" not in known.known.of_customer["c"]
    assert "бюджет" not in known.known.of_customer["c"]
    assert "parents" in known.topics["c"]
