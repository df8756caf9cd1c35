"""The measurement of joining: what it counts, and that the company written to deceive deceives nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.joining import causes, pairs_of, reordered, run, same_partition
from eval.joining_cases import deceiving, synthetic_items


def test_pairs_are_counted_over_all_records_of_the_truth() -> None:
    owner = {"a": "1", "b": "1", "c": "1", "d": "2"}
    pairs = pairs_of(owner, {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert (pairs.right, pairs.found, pairs.wanted) == (1, 2, 3)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_deceiving_company_is_joined_rightly_in_any_way_of_uploading(tmp_path: Path, language: str) -> None:
    made = deceiving(tmp_path, language)
    assert len(set(made.owner.values())) >= 300
    whole = run(tmp_path, "one batch")
    pairs = pairs_of(made.owner, whole.customer_of)
    wrong, missing = causes(made.owner, whole)
    assert pairs.precision >= 0.97, wrong
    assert pairs.recall >= 0.97, missing
    assert same_partition(whole.customer_of, run(tmp_path, "halves back").customer_of)
    assert same_partition(whole.customer_of, reordered(whole).customer_of)


def test_made_up_records_are_the_same_each_time() -> None:
    assert synthetic_items(90) == synthetic_items(90)
