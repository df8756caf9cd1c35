"""Voicemail, greetings, empty notes and repeats are marked, never deleted; what matters stays unmarked."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from eval.marks import AWAY, CASES
from ingest.marks import own_flags
from ingest.model import Document, DocumentKind, Speaker, Utterance
from ingest.repeats import repeated

LISTED = yaml.safe_load(CASES.read_text(encoding="utf-8"))
WORDS = (
    "ищу кружок для дочки она рисует с трёх лет и ходит в сад у парка после пяти мы свободны почти каждый день кроме "
    "среды потому что тогда бассейн а бабушка может водить только если недалеко от дома и без маршрутки через мост"
).split()


def note(ref: str, text: str) -> Document:
    return Document(ref, DocumentKind.NOTE, "notes", (Utterance(Speaker.CUSTOMER, text),), (), "ru", ref)


def marks(*texts: str, customers: str = "abcdefgh") -> list[str | None]:
    documents = [note(f"n{number}", text) for number, text in enumerate(texts)]
    found = repeated(documents, {document.ref: customers[at] for at, document in enumerate(documents)})
    return [found.get(document.ref) for document in documents]


@pytest.mark.parametrize("entry", LISTED, ids=[str(entry["said"])[:60] for entry in LISTED])
def test_a_text_gets_the_mark_it_should(entry: dict[str, Any]) -> None:
    said = entry["said"]
    turns = [("customer", said)] if isinstance(said, str) else said
    utterances = [Utterance(Speaker(who), words) for who, words in turns]
    flags = own_flags(DocumentKind(entry["kind"]), utterances, had_html=False)
    assert [flag for flag in flags if flag in AWAY] == ([entry["mark"]] if entry["mark"] else [])


def test_what_a_recogniser_changes_does_not_hide_a_repeat() -> None:
    text = " ".join(WORDS)
    heard = text.upper().replace(" ", ", ").replace("Ё", "Е")
    assert marks(text, heard) == [None, "duplicate"]


def test_a_few_misheard_words_make_a_near_repeat_and_other_words_none() -> None:
    misheard = [f"{word}х" if at in (7, 31) else word for at, word in enumerate(WORDS)]
    assert marks(" ".join(WORDS), " ".join(misheard)) == [None, "near_duplicate"]
    assert marks(" ".join(WORDS), " ".join(reversed(WORDS))) == [None, None]


def test_hundreds_of_copies_are_all_marked_but_the_first() -> None:
    copies = [" ".join([*WORDS, f"слово{number}"]) for number in range(300)]
    documents = [note(f"n{number:03}", text) for number, text in enumerate(copies)]
    found = repeated(documents, {document.ref: document.ref for document in documents})
    assert set(found) == {f"n{number:03}" for number in range(1, 300)}


def test_short_equal_texts_are_a_repeat_only_of_the_same_customer() -> None:
    assert marks("просит скидку", "просит скидку", customers="ab") == [None, None]
    assert marks("просит скидку", "просит скидку", customers="aa") == [None, "duplicate"]


def test_the_agents_script_makes_no_repeats() -> None:
    script = " ".join(WORDS)
    calls = []
    for ref, own in (("a", "мне бы на субботу"), ("b", "а сколько это стоит")):
        said = (Utterance(Speaker.AGENT, script), Utterance(Speaker.CUSTOMER, own))
        calls.append(Document(ref, DocumentKind.CALL, "x", said, (), "ru", ref))
    assert repeated(calls, {"a": "a", "b": "b"}) == {}
