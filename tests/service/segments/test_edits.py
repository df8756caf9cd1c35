"""People's edits over a partition, their log and its undoing, names: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from service.core.errors import BadInput, Conflict, NotFound
from service.segments.edited import Edited, edited
from service.segments.edits import (
    Change,
    Edit,
    Known,
    Part,
    checked_merge,
    checked_rename,
    checked_undo,
    clean_name,
    found_again,
    in_force,
    merges,
    names_given,
    undone,
)
from service.segments.partition import Partition
from service.segments.vectors import Floats

PEOPLE = tuple(f"{group}{number}" for group in "abc" for number in range(4))
EVERYONE = frozenset({*PEOPLE, "outsider"})
"""Four customers a segment; `outsider` is set apart by the machine."""


def partition() -> Partition:
    membership = np.full((12, 3), 0.1)
    for row in range(12):
        membership[row, row // 4] = 0.9
    return Partition(PEOPLE, membership, ("A", "B", "C"), np.array([0.9, 0.8, 0.7]), np.full((3, 3), 0.2), {})


def log(*changes: Change) -> list[Edit]:
    return [Edit(f"x{n}", n, change, "k", datetime(2026, 1, 1, tzinfo=UTC)) for n, change in enumerate(changes, 1)]


def along_a_line(customers: Sequence[str]) -> Floats:
    """Customers of even and of odd number lie apart."""
    return np.array([[1.0, 0.0] if int(c[1:]) % 2 == 0 else [0.0, 1.0] for c in customers])


def done(*changes: Change) -> Edited:
    return edited(partition(), in_force(log(*changes)), EVERYONE, along_a_line)


def members(found: Edited) -> dict[str, list[str]]:
    return dict(zip(found.partition.ids, found.partition.members, strict=True))


MERGE = Change("merge", "A", into="B")
SPLIT = Change("split", "A", parts=(Part("A", ("a0",)), Part("P", ("a1",))))


def test_merged_segments_hold_exactly_the_members_of_both() -> None:
    found = done(MERGE)
    assert {name: sorted(people) for name, people in members(found).items()} == {
        "B": sorted(PEOPLE[:8]),
        "C": list(PEOPLE[8:]),
    }
    assert found.hands.merged == {"A": "B"}
    assert 0.2 <= found.partition.stability[0] <= 0.9


def test_new_members_of_a_split_segment_go_to_the_nearest_part() -> None:
    found = members(done(SPLIT))
    assert found == {"B": list(PEOPLE[4:8]), "C": list(PEOPLE[8:]), "A": ["a0", "a2"], "P": ["a1", "a3"]}


def test_a_part_merged_elsewhere_takes_its_members_along() -> None:
    found = members(done(SPLIT, Change("merge", "P", into="C")))
    assert sorted(found["C"]) == ["a1", "a3", *PEOPLE[8:]]
    assert "P" not in found


def test_a_pin_moves_one_customer_and_follows_a_later_merge() -> None:
    found = done(Change("pin", "A", customer="c0"), MERGE)
    assert "c0" in members(found)["B"]
    assert done(Change("pin", "A", customer="c0")).partition.labels.tolist().count(-1) == 0


def test_whom_the_machine_set_apart_may_be_pinned_and_anybody_excluded() -> None:
    found = done(Change("pin", "C", customer="outsider"), Change("exclude", customer="b0"))
    assert "outsider" in members(found)["C"]
    assert (found.pinned, found.excluded) == (frozenset({"outsider"}), frozenset({"b0"}))
    assert "b0" not in found.partition.customers


def test_the_later_word_on_a_customer_counts() -> None:
    found = done(Change("exclude", customer="b0"), Change("pin", "A", customer="b0"))
    assert "b0" in members(found)["A"]
    assert found.excluded == frozenset()
    again = done(Change("pin", "A", customer="b0"), Change("exclude", customer="b0"))
    assert again.excluded == frozenset({"b0"})
    assert again.pinned == frozenset()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(Change("merge", "gone", into="B"), "segment", id="a lost segment merged"),
        pytest.param(Change("split", "gone", parts=SPLIT.parts), "segment", id="a lost segment split"),
        pytest.param(Change("pin", "gone", customer="a0"), "segment", id="pinned to a lost segment"),
        pytest.param(Change("pin", "A", customer="nobody"), "customer", id="a customer who is not there pinned"),
        pytest.param(Change("exclude", customer="nobody"), "customer", id="a customer who is not there excluded"),
        pytest.param(
            Change("split", "A", parts=(Part("A", ("a0",)), Part("P", ("gone",)))), "parts", id="a part without people"
        ),
    ],
)
def test_what_cannot_be_applied_sleeps_and_changes_nothing(change: Change, reason: str) -> None:
    found = done(change)
    assert dict(found.sleeping) == {"x1": reason}
    assert found.applied == ()
    assert members(found) == dict(zip("ABC", partition().members, strict=True))


def test_where_only_the_merged_away_part_is_found_it_is_called_by_the_other_name() -> None:
    found = done(Change("merge", "A", into="lost"))
    assert sorted(members(found)) == ["B", "C", "lost"]


def test_a_segment_without_members_left_goes() -> None:
    found = done(*(Change("exclude", customer=f"a{n}") for n in range(4)))
    assert sorted(members(found)) == ["B", "C"]


def test_undoing_and_undoing_the_undoing() -> None:
    once = log(MERGE, Change("undo", undoes="x1"))
    assert in_force(once) == []
    twice = log(MERGE, Change("undo", undoes="x1"), Change("undo", undoes="x2"))
    assert [edit.id for edit in in_force(twice)] == ["x1"]
    assert undone(twice) == {"x2"}
    with pytest.raises(Conflict):
        checked_undo(once, "x1")
    with pytest.raises(NotFound):
        checked_undo(once, "x9")


def test_a_customer_is_found_again_by_a_document_after_records_were_joined() -> None:
    pin, other = log(Change("pin", "A", customer="old", document="d1"), Change("exclude", customer="b0", document="d2"))
    again = found_again([pin, other], {"d1": "a0", "d2": "b1", "d3": "b0"})
    assert [edit.change.customer for edit in again] == ["a0", "b0"]
    assert found_again([pin], {"d9": "a0"}) == [pin]


def test_the_last_name_in_force_wins() -> None:
    renames = log(Change("rename", "A", name="one"), Change("rename", "A", name="two"), Change("undo", undoes="x2"))
    assert names_given(renames) == {"A": "one"}
    assert names_given(renames[:2]) == {"A": "two"}


def test_merges_lead_to_their_end_and_never_in_a_circle() -> None:
    chain = log(MERGE, Change("merge", "B", into="C"))
    assert merges(chain) == {"A": "C", "B": "C"}
    assert merges(log(MERGE, Change("merge", "B", into="A"))) == {}


KNOWN = Known({"A": "Студенты", "B": "Parents"}, frozenset("AB"), frozenset(PEOPLE), {"C": "B"})


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("  Молодые \n родители ", "Молодые родители", id="spaces"),
        pytest.param("<b>x</b> & co", "<b>x</b> & co", id="markup is text"),
        pytest.param("שלום 5", "שלום 5", id="right to left"),
        pytest.param("a\u202eb\u200b\x00c", "abc", id="invisible characters go"),
        pytest.param("е\u0308ж", "ёж", id="composed"),
    ],
)
def test_a_name_is_kept_as_it_will_be_shown(raw: str, kept: str) -> None:
    assert clean_name(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\u200b", id="nothing to see"),
        pytest.param("—!", id="no letter"),
        pytest.param("x" * 81, id="81 characters"),
        pytest.param("x" * 10_000, id="10,000 characters"),
        pytest.param("parents", id="a sibling's name in small letters"),
        pytest.param("Ｐarents", id="a sibling's name in wide letters"),
    ],
)
def test_a_name_that_cannot_be_is_refused(raw: str) -> None:
    with pytest.raises(BadInput):
        checked_rename(KNOWN, "A", raw)


def test_a_segment_may_be_given_its_own_name_again() -> None:
    assert checked_rename(KNOWN, "A", "студенты").name == "студенты"


@pytest.mark.parametrize(
    ("segment", "into", "error"),
    [
        pytest.param("A", "A", BadInput, id="into itself"),
        pytest.param("A", "zz", NotFound, id="into an unknown one"),
        pytest.param("zz", "A", NotFound, id="an unknown one"),
        pytest.param("C", "A", Conflict, id="one merged already"),
        pytest.param("A", "C", Conflict, id="into one merged already"),
    ],
)
def test_merges_that_cannot_be(segment: str, into: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        checked_merge(KNOWN, segment, into)
