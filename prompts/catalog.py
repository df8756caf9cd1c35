"""The prompts: one YAML a task and language, read strictly and rendered strictly.

A prompt's system message has no places at all, so that nothing of a company can stand in it. Its user message has
places for the declared variables; those listed under `data` hold other people's words and are only ever put in by
`quote`, which marks them as data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from jinja2 import Environment, StrictUndefined, UndefinedError, meta
from pydantic import BaseModel, ConfigDict, Field, model_validator

from prompts.answers import ANSWERS

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
TASKS = ("extract_claims", "name_segments", "phrase_sections", "rewrite_creative", "rewrite_script")

Quote = Callable[[str, str], str]
"""(kind of data, the data) → the data in marks that its content cannot close."""

_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)


class Prompt(BaseModel):
    """One task in one language. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    lang: Language
    version: Annotated[int, Field(ge=1)]
    """Raised with every change of wording: kept answers of earlier versions are not used again."""
    purpose: str
    variables: dict[str, str]
    """Name → what it holds."""
    data: tuple[str, ...]
    """Variables that hold other people's words."""
    output: str
    """A class of `prompts.answers`."""
    system: str
    user: str
    repair: str
    """Added to the user message when an answer was refused; its one variable is `complaints`, which is data."""

    @model_validator(mode="after")
    def _declared(self) -> Prompt:
        if _places(self.system):
            raise ValueError("a system message has no variables: nothing of a company belongs there")
        if _places(self.user) != set(self.variables):
            raise ValueError(f"user uses {sorted(_places(self.user))}, declared are {sorted(self.variables)}")
        if _places(self.repair) != {"complaints"}:
            raise ValueError("repair has exactly one variable, complaints")
        if not set(self.data) <= set(self.variables):
            raise ValueError("data lists variables only")
        if self.output not in ANSWERS:
            raise ValueError(f"output {self.output!r} is none of {sorted(ANSWERS)}")
        return self

    @property
    def label(self) -> str:
        """How results name the prompt: `<task>/<language>/v<version>`."""
        return f"{self.name}/{self.lang}/v{self.version}"

    @property
    def answer(self) -> type[BaseModel]:
        """What an answer must be."""
        return ANSWERS[self.output]


class Messages(NamedTuple):
    """What is sent."""

    system: str
    user: str


def load(task: str, language: str) -> Prompt:
    """The prompt of a task. KeyError for an unknown task or language."""
    if task not in TASKS or language not in LANGUAGES:
        raise KeyError(f"no prompt {task!r} in {language!r}")
    return _load(task, language)


@cache
def _load(task: str, language: str) -> Prompt:
    path = files("prompts") / task / f"{language}.yaml"
    prompt = Prompt.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    if (prompt.name, prompt.lang) != (task, language):
        raise ValueError(f"{task}/{language}.yaml calls itself {prompt.name}/{prompt.lang}")
    return prompt


def render(prompt: Prompt, variables: Mapping[str, str], quote: Quote, complaints: str = "") -> Messages:
    """The messages. KeyError names variables that are missing or not declared."""
    missing, unknown = set(prompt.variables) - set(variables), set(variables) - set(prompt.variables)
    if missing or unknown:
        raise KeyError(f"{prompt.label}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    filled = {name: quote(name, text) if name in prompt.data else text for name, text in variables.items()}
    try:
        user = _ENVIRONMENT.from_string(prompt.user).render(filled)
        if complaints:
            user += "\n\n" + _ENVIRONMENT.from_string(prompt.repair).render(complaints=quote("complaints", complaints))
    except UndefinedError as error:
        raise KeyError(f"{prompt.label}: {error}") from error
    return Messages(prompt.system.strip(), user.strip())


def prompt_hash(prompt: Prompt) -> str:
    """sha256 of everything about the prompt that reaches a model: its words and the schema of its answer."""
    parts = [prompt.label, prompt.system, prompt.user, prompt.repair, prompt.answer.model_json_schema()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def versions() -> dict[str, int]:
    """`<task>/<language>` → version, of every prompt."""
    return {f"{task}/{language}": load(task, language).version for task in TASKS for language in LANGUAGES}


def example(task: str) -> dict[str, Any]:
    """The task's example: variables by language, and a right answer to each."""
    raw = json.loads((files("prompts") / task / "example.json").read_text(encoding="utf-8"))
    return dict(raw)


def _places(template: str) -> set[str]:
    return set(meta.find_undeclared_variables(_ENVIRONMENT.parse(template)))
