"""The words of the pages: both languages, plural forms, and no key that a template asks for in vain."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import service.web
from service.core.numbers import Formatter
from service.flow import STAGES
from service.portrait.model import Tier
from service.web.i18n import Entry, Words, choose_language, entries

WEB = Path(service.web.__file__).parent
ASKED = re.compile(r"""\b(?:t|words|self\.words)\(\s*["']([\w.]+)["']""")


def places(entry: Entry) -> set[str]:
    texts = entry.values() if isinstance(entry, dict) else [entry]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_places() -> None:
    russian, english = entries("ru"), entries("en")
    assert set(russian) == set(english)
    assert {k for k in russian if places(russian[k]) != places(english[k])} == set()


def test_russian_counts_have_every_form() -> None:
    short = {
        k for k, v in entries("ru").items() if isinstance(v, dict) and not {"one", "few", "many", "other"} <= set(v)
    }
    assert short == set()


def test_every_key_asked_for_exists() -> None:
    asked = {
        key
        for path in [*WEB.rglob("*.py"), *WEB.rglob("*.html")]
        for key in ASKED.findall(path.read_text(encoding="utf-8"))
        if not key.endswith(".")
    }
    assert len(asked) > 150
    assert asked - set(entries("en")) == set()


def test_every_kept_key_is_used() -> None:
    console = WEB.parent / "commands" / "receipt.py"
    source = "\n".join(p.read_text(encoding="utf-8") for p in [*WEB.rglob("*.py"), *WEB.rglob("*.html"), console])
    prefixes = set(re.findall(r"""f["']([a-z_]+\.[a-z_.]*)\{""", source))
    prefixes |= set(re.findall(r"""["']([a-z_]+\.(?:[a-z_]+\.)*)["'] ?~""", source))
    prefixes |= {"key.", "hidden.", "reader.", "flag."}  # names of kinds that ingest chooses
    unused = {
        key
        for key in entries("en")
        if not key.startswith(tuple(prefixes)) and f'"{key}"' not in source and f"'{key}'" not in source
    }
    assert unused == set()


@pytest.mark.parametrize(
    ("n", "shown"),
    [(0, "0 клиентов"), (1, "1 клиент"), (2, "2 клиента"), (5, "5 клиентов"), (11, "11 клиентов"), (21, "21 клиент"),
     (1200, "1\u00a0200 клиентов")],
)  # fmt: skip
def test_russian_plurals(n: int, shown: str) -> None:
    assert Words(Formatter("ru"))("count.customers", n=n) == shown


def test_every_stage_and_tier_has_a_name() -> None:
    for language in ("ru", "en"):
        words = Words(Formatter(language))
        assert all(words.has(f"stage.{stage}") for stage in STAGES)
        assert all(words.has(f"tier.{tier.value}") for tier in Tier)


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "preset", "chosen"),
    [
        ("en", "ru", "ru", None, "en"),
        (None, "ru", "en", None, "ru"),
        (None, None, "de, en;q=0.7, ru;q=0.9", None, "ru"),
        (None, None, "en-US,en;q=0.9", "ru", "en"),
        (None, None, "", "en", "en"),
        (None, None, "", None, "ru"),
        ("fr", "xx", "zz;q=x", None, "ru"),
    ],
)  # fmt: skip
def test_the_language_is_chosen_by_whoever_said_it_last(
    asked: str | None, cookie: str | None, accept: str, preset: str | None, chosen: str
) -> None:
    assert choose_language(asked, cookie, accept, preset) == chosen  # type: ignore[arg-type]
