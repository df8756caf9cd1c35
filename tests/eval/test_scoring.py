"""Scores of found against planted segments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planted_shop import labels_of, planted_shop

from eval.segmenting.scoring import Apart, apart, compared, matched, score


def test_a_perfect_method_scores_one_and_covers_everybody() -> None:
    company = planted_shop()
    result = score(labels_of(company), company)
    assert (result.ari, result.ami, result.accuracy, result.covered) == pytest.approx((1, 1, 1, 1))
    assert (result.found, result.true, result.scored) == (3, 3, 36)


def test_leaving_people_out_costs() -> None:
    company = planted_shop()
    labels = labels_of(company)
    shy = {customer: label for number, (customer, label) in enumerate(sorted(labels.items())) if number % 2}
    result = score(shy, company)
    assert result.ari < 0.6
    assert result.covered == pytest.approx(0.5)


def test_a_contact_split_in_two_customers_counts_by_most_of_the_documents() -> None:
    company = planted_shop()
    contact, documents = next((c, d) for c, d in company.customers_of().items() if len(d) == 3)
    labels = labels_of(company) | {"stray": "somewhere else"}
    moved = {d.id for d in company.corpus.documents_of[documents[0]][:1]}
    corpus = replace(
        company.corpus,
        documents=tuple(replace(d, customer="stray") if d.id in moved else d for d in company.corpus.documents),
    )
    split = replace(company, corpus=corpus)
    assert sorted(split.customers_of()[contact]).count("stray") == 1
    assert score(labels, split).ari == pytest.approx(1)


@pytest.mark.parametrize(
    ("wanted", "got", "share"),
    [
        pytest.param("aabb", "1122", 1.0, id="renamed"),
        pytest.param("aabb", "1123", 0.75, id="one apart"),
        pytest.param("aabb", "1111", 0.5, id="all in one"),
        pytest.param("aabb", "    ", 0.0, id="nobody placed"),
    ],
)
def test_the_best_match_counts_each_cluster_once(wanted: str, got: str, share: float) -> None:
    assert matched(list(wanted), [label.strip() for label in got]) == share


def test_one_more_cluster_for_those_left_out() -> None:
    both = compared(["a", "a", "b", "b"], ["1", "1", "", ""])
    assert (both.ari, both.found, both.covered) == (1.0, 1, 0.5)


def test_who_is_set_apart_is_counted_by_contact() -> None:
    company = planted_shop(outsiders=4)
    outside = {"c_out0", "c_out1", "c_out2", next(iter(labels_of(company)))}
    assert apart(outside, company) == Apart(3, 4, 1, 36)
