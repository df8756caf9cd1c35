"""A harvest goes in, the corpus comes out: idempotent, replaced by file, joined, hashed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from harvests import a_deal, a_document, a_harvest, a_persona, a_spend

from ingest.model import DocumentKind, Harvest, Reject, SourceFile
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.receipt import Changes
from service.corpus.repository import known_items, language_of, load_corpus, rejects_of, save_harvest, seen_files
from service.store.db import Store, ensure_workspace, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    return Settings(home=tmp_path / "home", database_url=url, _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    with opened.session(write=True) as session:
        ensure_workspace(session, "w")
    yield opened
    opened.close()


def save(store: Store, harvest: Harvest, upload: str = "u1") -> Changes:
    with store.session(write=True) as session:
        return save_harvest(session, "w", harvest, upload, seen_files(session, "w"))


def corpus_of(store: Store, settings: Settings) -> Corpus:
    with store.session() as session:
        return load_corpus(session, "w", settings)


FULL = a_harvest(
    documents=[a_document(), a_document("notes.csv#7", "Хочу переговорную", keys=("email:2",), kind=DocumentKind.NOTE)],
    deals=[a_deal(months_paid=3, referred=True)],
    spend=[a_spend()],
    texts=[a_persona()],
)


def test_what_was_saved_is_read_back_whole(store: Store, settings: Settings) -> None:
    save(store, FULL)
    corpus = corpus_of(store, settings)
    assert {d.document for d in corpus.documents} == {replace(d, keys=tuple(sorted(d.keys))) for d in FULL.documents}
    assert [d.deal for d in corpus.deals] == list(FULL.deals)
    assert corpus.ad_spend == FULL.ad_spend
    assert [(t.version, t.text) for t in corpus.texts] == [(1, FULL.texts[0])]
    assert corpus.deals[0].deal.amount == Decimal("1000.50")
    assert corpus.customers == ("c-email:2", "c-phone:1")


def test_the_same_files_twice_change_nothing(store: Store, settings: Settings) -> None:
    save(store, FULL)
    before = corpus_of(store, settings)
    assert save(store, FULL, "u2") == Changes()
    assert corpus_of(store, settings) == before


def test_a_changed_file_replaces_its_own_rows_and_no_others(store: Store, settings: Settings) -> None:
    rows = [a_deal(f"deals.csv#{n}", keys=(f"deal:{n}",)) for n in (1, 2, 3)]
    save(store, a_harvest(documents=[a_document()], deals=rows))
    changed = a_harvest(deals=[rows[0], replace(rows[1], amount=Decimal(5))])
    changes = save(store, changed)
    assert (changes.replaced_files, changes.removed) == (1, 1)
    corpus = corpus_of(store, settings)
    assert sorted((d.deal.ref, d.deal.amount) for d in corpus.deals) == [
        ("deals.csv#1", Decimal("1000.50")),
        ("deals.csv#2", Decimal(5)),
    ]
    assert len(corpus.documents) == 1


def test_a_file_that_lost_all_its_rows_loses_them_here_too(store: Store, settings: Settings) -> None:
    save(store, a_harvest(documents=[a_document()], deals=[a_deal()]))
    save(store, a_harvest(empty_files=["deals.csv"]))
    corpus = corpus_of(store, settings)
    assert (len(corpus.documents), corpus.deals) == (1, ())


def test_a_new_version_nobody_can_read_leaves_the_earlier_one_and_says_so(store: Store, settings: Settings) -> None:
    first = a_harvest(deals=[a_deal("deals.csv#1")])
    save(store, first)
    unread = SourceFile("deals.csv", "0" * 64, None, 0)
    waits = Reject("mapping_needed", "deals.csv", {"ru": "", "en": ""})
    changes = save(store, replace(a_harvest(), files=(unread,), rejects=(waits,)))
    assert (changes.replaced_files, changes.removed) == (0, 0)
    assert [deal.deal.ref for deal in corpus_of(store, settings).deals] == ["deals.csv#1"]
    with store.session() as session:
        assert {reject.code for reject in rejects_of(session, "w")} == {"mapping_needed", "earlier_kept"}


def test_a_table_that_is_not_needed_any_more_takes_its_rows_along(store: Store, settings: Settings) -> None:
    save(store, a_harvest(deals=[a_deal("deals.csv#1")]))
    skipped = Reject("table_skipped", "deals.csv", {"ru": "", "en": ""})
    save(store, replace(a_harvest(), files=(SourceFile("deals.csv", "0" * 64, None, 0),), rejects=(skipped,)))
    assert corpus_of(store, settings).deals == ()


def test_the_same_deal_in_a_newer_export_counts_once(store: Store, settings: Settings) -> None:
    save(store, a_harvest(deals=[a_deal("march.csv#9", amount="10")]))
    changes = save(store, a_harvest(deals=[a_deal("april.csv#4", amount="20")]))
    assert changes.superseded_deals == 1
    assert [(d.deal.ref, d.deal.amount) for d in corpus_of(store, settings).deals] == [("april.csv#4", Decimal(20))]


def test_customers_become_one_when_a_later_upload_connects_them(store: Store, settings: Settings) -> None:
    first = a_harvest(documents=[a_document("a.txt", keys=("phone:1",)), a_document("b.txt", "Да", keys=("email:2",))])
    save(store, first)
    bridge = a_document("c.txt", "Это снова я", keys=("email:2", "phone:1"))
    joined = {"a.txt": "c-phone:1", "b.txt": "c-phone:1", "c.txt": "c-phone:1"}
    changes = save(store, a_harvest(documents=[bridge], customer_of=joined))
    assert changes.rejoined == 1
    assert corpus_of(store, settings).customers == ("c-phone:1",)


def test_known_items_carry_keys_and_customer_for_the_next_join(store: Store) -> None:
    save(store, FULL)
    with store.session() as session:
        known = {item.ref: item for item in known_items(session, "w")}
    assert known["deals.csv#1"].keys == ("deal:1", "phone:1")
    assert known["calls/one.txt"].customer == "c-phone:1"


def test_the_same_words_of_a_customer_in_two_files_are_marked_duplicate(store: Store, settings: Settings) -> None:
    save(store, a_harvest(documents=[a_document("b.txt")]))
    save(store, a_harvest(documents=[a_document("a.txt")]))
    flags = {d.document.ref: d.document.flags for d in corpus_of(store, settings).documents}
    assert flags == {"a.txt": (), "b.txt": ("duplicate",)}


def test_a_changed_persona_is_a_new_version_and_the_latest_is_read(store: Store, settings: Settings) -> None:
    for text in ("Первый текст.", "Первый текст.", "Второй текст."):
        save(store, a_harvest(texts=[a_persona(text)]))
    assert [(t.version, t.text.text) for t in corpus_of(store, settings).texts] == [(2, "Второй текст.")]


def test_rejects_of_a_repaired_file_go_and_those_of_others_stay(store: Store) -> None:
    reason = {"ru": "Пусто.", "en": "Empty."}
    bad = [Reject("empty", "deals.csv:3", reason), Reject("empty", "other.csv", reason)]
    save(store, a_harvest(deals=[a_deal()], rejects=bad, empty_files=["other.csv"]))
    save(store, a_harvest(deals=[a_deal(amount="2")]))
    with store.session() as session:
        assert [r.place for r in rejects_of(session, "w")] == ["other.csv"]


def test_text_that_no_database_takes_is_kept_with_its_length(store: Store, settings: Settings) -> None:
    save(store, a_harvest(documents=[a_document("x.txt", "a\x00b", "c\ud800d", keys=("phone:1",))]))
    texts = [u.text for u in corpus_of(store, settings).documents[0].document.utterances]
    assert texts == ["a b", "c\ufffdd"]


LANGUAGES = {
    "most letters decide": (["ru", "ru", "en"], None, "ru"),
    "english customers": (["en", "en", "ru"], None, "en"),
    "the setting wins": (["ru"], "en", "en"),
    "nothing said": ([], None, "en"),
}


@pytest.mark.parametrize(("spoken", "setting", "expected"), LANGUAGES.values(), ids=LANGUAGES)
def test_language_is_what_most_customers_speak(
    store: Store, settings: Settings, spoken: list[str], setting: str | None, expected: str
) -> None:
    documents = [a_document(f"{i}.txt", "hello there", "twelve words", language=lang) for i, lang in enumerate(spoken)]
    save(store, a_harvest(documents=documents))
    assert corpus_of(store, settings.model_copy(update={"language": setting})).language == expected


CURRENCIES = {
    "the files say": ("EUR", None, "EUR"),
    "the setting wins": ("EUR", "KZT", "KZT"),
    "russian customers": (None, None, "RUB"),
}


@pytest.mark.parametrize(("named", "setting", "expected"), CURRENCIES.values(), ids=CURRENCIES)
def test_currency(store: Store, settings: Settings, named: str | None, setting: str | None, expected: str) -> None:
    save(store, a_harvest(documents=[a_document()], spend=[a_spend(currency=named)]))
    assert corpus_of(store, settings.model_copy(update={"currency": setting})).currency == expected


def test_the_hash_follows_the_data_and_not_the_order_of_uploads(tmp_path: Path) -> None:
    parts = [a_harvest(documents=[a_document("a.txt")]), a_harvest(deals=[a_deal()])]
    hashes = []
    for name, order in (("one", parts), ("two", parts[::-1]), ("three", parts[:1])):
        settings = Settings(home=tmp_path / name, _env_file=None)
        store = open_store(settings)
        with store.session(write=True) as session:
            ensure_workspace(session, "w")
        for part in order:
            save(store, part)
        hashes.append(corpus_of(store, settings).input_hash)
        store.close()
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("russian", "english", "flags"),
    [
        ("Хочу переговорную на час", "A desk", ()),
        ("Да", "I want a meeting room for an hour", ()),
        ("Вас приветствует автоответчик, оставьте сообщение", "A desk, please", ("voicemail",)),
    ],
    ids=["more russian", "more english", "what is kept out does not count"],
)
def test_the_language_is_told_without_reading_the_corpus(
    store: Store, settings: Settings, russian: str, english: str, flags: tuple[str, ...]
) -> None:
    one = replace(a_document("a.txt", russian), language="ru", flags=flags)
    other = replace(a_document("b.txt", english, keys=("email:2",)), language="en")
    save(store, a_harvest(documents=[one, other]))
    with store.session() as session:
        assert language_of(session, "w", settings) == corpus_of(store, settings).language
