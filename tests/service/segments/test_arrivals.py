"""Customers who come between two runs: placed at once, and the drift they show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from talking_shop import corpus_of, shop, word_vectors, written

from ingest.model import DocumentKind
from service.corpus.model import Corpus
from service.segments.arrivals import place_arrivals
from service.segments.discover import discover
from service.segments.model import Segmentation


def without(corpus: Corpus, gone: set[str]) -> Corpus:
    """The corpus before these customers came."""
    return replace(
        corpus,
        documents=tuple(d for d in corpus.documents if d.customer not in gone),
        deals=tuple(d for d in corpus.deals if d.customer not in gone),
    )


@pytest.fixture(scope="module")
def known() -> tuple[Corpus, dict[str, str], set[str], Segmentation]:
    """A run that saw all but five customers of each group and one wrong number."""
    corpus, group_of = shop(per_group=25)
    gone = {c for group in set(group_of.values()) for c in [c for c, g in group_of.items() if g == group][:5]}
    gone -= {c for c, group in group_of.items() if group == "outsider"} - {"c_out0"}
    return corpus, group_of, gone, discover(without(corpus, gone), word_vectors)


def test_newcomers_join_their_own_kind(known: tuple[Corpus, dict[str, str], set[str], Segmentation]) -> None:
    corpus, group_of, gone, run = known
    arrived = place_arrivals(corpus, word_vectors, run)
    assert {a.customer for a in arrived.assignments} == gone
    home = {group_of[c]: segment for c, segment in run.segment_of().items()}
    placed = {a.customer: a for a in arrived.assignments}
    right = [placed[c].segment == home[group_of[c]] for c in gone if group_of[c] != "outsider"]
    assert sum(right) >= 0.8 * len(right)
    assert placed["c_out0"].status == "not_a_customer"


def test_nobody_new_is_no_arrival_and_no_drift(known: tuple[Corpus, dict[str, str], set[str], Segmentation]) -> None:
    corpus, _, gone, run = known
    arrived = place_arrivals(without(corpus, gone), word_vectors, run)
    assert arrived.assignments == ()
    assert arrived.drift.advice == "too_few"


def test_who_says_more_is_placed_again(known: tuple[Corpus, dict[str, str], set[str], Segmentation]) -> None:
    corpus, group_of, gone, run = known
    before = without(corpus, gone)
    customer = next(c for c, group in group_of.items() if group == "parents" and c not in gone)
    more = written("more/1.txt", customer, ["дочка опять уронила планшет", "сын залил клавиатуру"], DocumentKind.CALL)
    grown = corpus_of([*before.documents, more], before.deals)
    arrived = place_arrivals(grown, word_vectors, run)
    assert [a.customer for a in arrived.assignments] == [customer]
    assert arrived.returning == 1
    assert arrived.assignments[0].segment == run.segment_of()[customer]
    assert place_arrivals(grown, word_vectors, run, settled={customer}).assignments == ()


def test_a_new_kind_of_customer_is_noticed() -> None:
    corpus, group_of = shop(per_group=25)
    gone = {customer for customer, group in group_of.items() if group == "parents"}
    run = discover(without(corpus, gone), word_vectors)
    assert place_arrivals(corpus, word_vectors, run).drift.advice == "changed"


def test_the_mute_are_placed_nowhere(known: tuple[Corpus, dict[str, str], set[str], Segmentation]) -> None:
    corpus, _, gone, run = known
    mute = written("mute/1.txt", "c_mute", ["…"], DocumentKind.CALL)
    before = without(corpus, gone)
    arrived = place_arrivals(corpus_of([*before.documents, mute], before.deals), word_vectors, run)
    assert [a.segment in run.segment_of().values() for a in arrived.assignments] == [False]
