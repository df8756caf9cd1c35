"""Prompts: strict files, strict rendering, and what is sent kept as text in git."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from prompts.catalog import LANGUAGES, TASKS, Prompt, example, load, render

SNAPSHOTS = Path(__file__).parent / "snapshots"
PAIRS = [pytest.param(task, language, id=f"{task}-{language}") for task in TASKS for language in LANGUAGES]


def quote(kind: str, text: str) -> str:
    return f"<<data {kind}>>\n{text}\n<<end>>"


def rendered(task: str, language: str) -> str:
    prompt = load(task, language)
    messages = render(prompt, example(task)[language]["variables"], quote, "1. …")
    digest = hashlib.sha256((prompt.system + prompt.user + prompt.repair).encode()).hexdigest()[:16]
    return f"{prompt.label} {digest}\n\n--- system\n{messages.system}\n\n--- user\n{messages.user}\n"


@pytest.mark.parametrize(("task", "language"), PAIRS)
def test_what_is_sent_is_what_git_holds(task: str, language: str) -> None:
    """A change of wording shows here: raise the prompt's version, then write the snapshot anew."""
    kept = (SNAPSHOTS / f"{task}.{language}.txt").read_text(encoding="utf-8")
    assert rendered(task, language) == kept


@pytest.mark.parametrize("task", TASKS)
def test_both_languages_declare_the_same(task: str) -> None:
    ru, en = load(task, "ru"), load(task, "en")
    assert (ru.variables.keys(), ru.data, ru.output, ru.version) == (
        en.variables.keys(),
        en.data,
        en.output,
        en.version,
    )


@pytest.mark.parametrize(("task", "language"), PAIRS)
def test_the_example_is_answered_by_the_schema(task: str, language: str) -> None:
    load(task, language).answer.model_validate(example(task)[language]["answer"])


@pytest.mark.parametrize(("task", "language"), PAIRS)
def test_every_word_of_a_company_stands_in_data_marks(task: str, language: str) -> None:
    prompt = load(task, language)
    words = {name: f"secret-{name}" for name in prompt.variables}
    messages = render(prompt, words, quote)
    assert "secret" not in messages.system
    outside = messages.user
    for name in prompt.data:
        outside = outside.replace(quote(name, words[name]), "")
    assert [name for name in prompt.data if words[name] in outside] == []


GOOD = {
    "name": "t", "lang": "en", "version": 1, "purpose": "p", "variables": {"a": "…"}, "data": ["a"],
    "output": "Phrasings", "system": "s", "user": "{{ a }}", "repair": "{{ complaints }}",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"tone": "warm"}, id="unknown key"),
        pytest.param({"system": "Hello {{ a }}"}, id="a place in the system message"),
        pytest.param({"user": "{{ a }} {{ b }}"}, id="an undeclared variable"),
        pytest.param({"user": "nothing"}, id="an unused variable"),
        pytest.param({"repair": "again"}, id="a repair that drops the complaints"),
        pytest.param({"data": ["b"]}, id="data that is no variable"),
        pytest.param({"output": "Anything"}, id="an unknown answer"),
        pytest.param({"version": 0}, id="no version"),
    ],
)
def test_a_prompt_that_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    Prompt.model_validate(GOOD)
    with pytest.raises(ValidationError):
        Prompt.model_validate({**GOOD, **wrong})


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="segments"):
        render(load("name_segments", "en"), {}, quote)
