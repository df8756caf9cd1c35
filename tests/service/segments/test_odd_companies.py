"""Companies no method was made for: one customer who speaks for hundreds, two languages, people without a word."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import adjusted_rand_score
from talking_shop import GROUPS, corpus_of, shop, word_vectors, written

from ingest.model import DocumentKind
from service.segments import consensus
from service.segments.discover import discover

ENGLISH = {
    "students": (
        "my laptop broke the week before the exam",
        "the dissertation is on that disk",
        "I am at the lecture until six",
    ),
    "parents": (
        "my daughter dropped the tablet she does homework on",
        "the kid poured juice over the keyboard",
        "school starts on Monday and the tablet is dead",
    ),
    "offices": (
        "we are an office with five printers and want a contract",
        "please send an invoice to accounting",
        "the server in the office is noisy",
    ),
}


@pytest.fixture(autouse=True)
def few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's groups are plain: a dozen looks find them."""
    monkeypatch.setattr(consensus, "LOOKS", 12)


def agreement(group_of: dict[str, str], labels: dict[str, str]) -> float:
    real = [customer for customer, group in group_of.items() if group != "outsider"]
    return float(adjusted_rand_score([group_of[c] for c in real], [labels.get(c, "") for c in real]))


def test_a_customer_of_ten_thousand_documents_is_one_customer() -> None:
    corpus, group_of = shop()
    rng = random.Random(3)
    lines = [line for group in GROUPS.values() for line in group]
    flood = [written(f"z/{n}.txt", "c_loud", rng.sample(lines, 2), DocumentKind.AD_RESPONSE) for n in range(10_000)]
    found = discover(corpus_of([*corpus.documents, *flood], corpus.deals), word_vectors)
    assert agreement(group_of, found.segment_of()) > 0.8
    (loud,) = [a for a in found.assignments if a.customer == "c_loud"]
    assert loud.documents == 10_000
    assert sum(a.segment == loud.segment for a in found.assignments) > 1 or loud.segment is None


def test_two_languages_in_one_company_keep_everyone_in_place() -> None:
    corpus, group_of = shop(per_group=16)
    rng = random.Random(4)
    foreign = []
    for group, lines in ENGLISH.items():
        for number in range(8):
            customer = f"c_en_{group}{number}"
            group_of[customer] = group
            for part in range(2):
                foreign.append(
                    written(f"{group}/en{number}-{part}.txt", customer, rng.sample(lines, 2), DocumentKind.CALL)
                )
    found = discover(corpus_of([*corpus.documents, *foreign], corpus.deals), word_vectors)
    assert {a.customer for a in found.assignments} == set(group_of)
    russian = {customer: group for customer, group in group_of.items() if not customer.startswith("c_en_")}
    assert agreement(russian, found.segment_of()) > 0.5, "the other language does not tear the company's own apart"


def test_who_said_nothing_usable_is_unassigned_and_counted() -> None:
    corpus, group_of = shop()
    mute = [
        written(f"mute/{n}.txt", f"c_mute{n}", [said], DocumentKind.CALL)
        for n, said in enumerate(["", "   ", "…", "123 456", "[phone]", "?!"])
    ]
    found = discover(corpus_of([*corpus.documents, *mute], corpus.deals), word_vectors)
    assert agreement(group_of, found.segment_of()) > 0.8
    of_mute = {a.customer: a for a in found.assignments if a.customer.startswith("c_mute")}
    assert len(of_mute) == 6
    assert all(a.segment is None or a.status == "not_a_customer" for a in of_mute.values())
