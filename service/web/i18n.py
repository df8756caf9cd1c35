"""The words of the pages: a YAML a language, and one more for larger subjects; same keys in both, CLDR plurals."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from service.core.numbers import LANGUAGES, Formatter, Language, plural

LANGUAGE_COOKIE = "whobuys_lang"

Entry = str | dict[str, str]
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


class Words:
    """Looks a key up: `words("upload.title")`, `words("count.customers", n=5)`."""

    def __init__(self, formatter: Formatter) -> None:
        self.language: Language = formatter.language
        self._formatter = formatter
        self._entries = entries(formatter.language)

    def __call__(self, key: str, /, n: float | None = None, **values: object) -> str:
        """The sentence with its values filled in; `n` chooses the plural form and is written as a count.

        A missing key or value raises KeyError.
        """
        entry = self._entries[key]
        if isinstance(entry, dict):
            entry = plural(self.language, n or 0, entry)
        return entry.format(n="" if n is None else self._formatter.count(n), **values)

    def has(self, key: str) -> bool:
        """Whether there is such a key."""
        return key in self._entries


@cache
def entries(language: Language) -> dict[str, Entry]:
    """All entries of a language under dotted keys."""
    folder = Path(__file__).with_name("i18n")
    found: dict[str, Entry] = {}
    for source in (folder / f"{language}.yaml", *sorted(folder.glob(f"*.{language}.yaml"))):
        found.update(_flatten(yaml.safe_load(source.read_text(encoding="utf-8")), ""))
    return found


def _flatten(tree: dict[str, Any], prefix: str) -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for name, value in tree.items():
        if isinstance(value, dict) and not _FORMS.issuperset(value):
            found += _flatten(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", value))
    return found


def choose_language(asked: str | None, cookie: str | None, accept: str, preset: Language | None) -> Language:
    """`?lang=`, then the cookie, then the browser's list, then the setting, then Russian."""
    for candidate in (asked, cookie):
        if candidate in LANGUAGES:
            return candidate
    for part in sorted(accept.split(","), key=_weight, reverse=True):
        code = part.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return preset or "ru"


def _weight(part: str) -> float:
    _, _, quality = part.partition(";q=")
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
