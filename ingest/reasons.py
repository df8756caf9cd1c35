"""Why a file or row was refused: one sentence by language, written once in `locale/reasons.yaml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml


class CannotRead(Exception):
    """A whole file cannot be used; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def reason(self) -> dict[str, str]:
        """The sentence in both languages."""
        return reason(self.code, **self.facts)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return packaged("reasons.yaml")  # type: ignore[no-any-return]


Weight = Literal["mend", "check", "fine"]
"""What a reject asks of a person: to mend it, to have a look, nothing."""


def weight_of(code: str) -> Weight:
    """`check` for what was taken all the same, `fine` for what was left out on purpose, else `mend`."""
    weights = packaged("reason_weights.yaml")
    if code in weights["check"]:
        return "check"
    return "fine" if code in weights["fine"] else "mend"


@cache
def packaged(name: str) -> Any:
    """A word list of `ingest/locale`, as YAML has it."""
    return yaml.safe_load(resources.files("ingest").joinpath("locale", name).read_text(encoding="utf-8"))


def reason(code: str, **facts: object) -> dict[str, str]:
    """`{"ru": …, "en": …}` for `code`. Facts with a `_ru`/`_en` ending go to their own language."""
    sentence = _sentences()[code]
    spoken = {}
    for language, template in sentence.items():
        own = {key: value for key, value in facts.items() if not key.endswith(("_ru", "_en"))}
        own |= {key[:-3]: value for key, value in facts.items() if key.endswith(f"_{language}")}
        spoken[language] = template.format(**own)
    return spoken
