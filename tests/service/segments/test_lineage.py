"""Who continues, who split, who merged: ids by members, and the story told between two runs."""

from __future__ import annotations

import pytest

from service.segments.lineage import (
    REMEMBERED,
    AsFound,
    Change,
    Hands,
    Standing,
    changes,
    remembered,
    segment_ids,
)
from service.segments.telling import told


def people(letter: str, start: int, end: int) -> list[str]:
    return [f"{letter}{number}" for number in range(start, end)]


A, B, C = people("a", 0, 40), people("b", 0, 30), people("c", 0, 20)


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        pytest.param([A, B], ["A", "B"], id="the same"),
        pytest.param([B, A], ["B", "A"], id="in another order"),
        pytest.param([A + people("x", 0, 200), B], ["A", "B"], id="newcomers do not count against it"),
        pytest.param([A[:25], A[25:], B], ["A", None, "B"], id="of a split one the larger heir keeps the id"),
        pytest.param([A + B], ["A"], id="merged: the larger part's id"),
        pytest.param([A[:4] + B[:4] + C, people("x", 0, 9)], [None, None], id="a tenth of a segment is not it"),
        pytest.param([A[10:] + C[:5], B], ["A", "B"], id="drift"),
        pytest.param([], [], id="none left"),
    ],
)
def test_ids_follow_members(now: list[list[str]], ids: list[str | None]) -> None:
    found = segment_ids(now, {"A": A, "B": B})
    assert [name if name in ("A", "B") else None for name in found] == ids
    assert len(set(found)) == len(found)


def test_a_lost_segment_comes_back_under_its_own_id_for_a_while() -> None:
    found = AsFound({"A": tuple(A), "B": tuple(B)}, {})
    for run in range(REMEMBERED):
        lost, missed = remembered(found, {"A": A})
        assert missed == {"B": run + 1}
        found = AsFound({"A": tuple(A)}, {}, {}, lost, missed)
    assert segment_ids([A, B], found.members, found) == ["A", "B"]
    lost, _ = remembered(found, {"A": A})
    assert lost == {}


def test_a_part_that_people_made_and_the_machine_comes_to_find_takes_its_id() -> None:
    found = AsFound({"A": tuple(A)}, {}, {"A": {"A": tuple(A[:15]), "P": tuple(A[15:])}})
    assert segment_ids([A[14:], A[:14]], found.members, found) == ["P", "A"]
    assert segment_ids([A], found.members, found) == ["A"]


def story(before: dict[str, list[str]], now: dict[str, list[str]], hands: Hands | None = None) -> tuple[Change, ...]:
    def standing(members: dict[str, list[str]]) -> Standing:
        places = {customer: name for name, found in members.items() for customer in found}
        return Standing(places, {name: name for name in members if name not in ("unassigned", "not_a_customer")})

    return changes(standing(before), standing(now), hands)


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        pytest.param({"A": A, "B": B}, {"continued": ["A", "B"]}, id="nothing happened"),
        pytest.param({"A": A[:25], "N": A[25:], "B": B}, {"split": ["A"], "continued": ["B"]}, id="split"),
        pytest.param({"M": A[:20], "N": A[20:], "B": B}, {"split": ["A"], "continued": ["B"]}, id="split, no heir"),
        pytest.param({"A": A + B}, {"merged": ["A"]}, id="merged"),
        pytest.param({"M": A[:30] + B[:20], "unassigned": A[30:] + B[20:]}, {"merged": ["A"]}, id="merged anew"),
        pytest.param({"A": A, "unassigned": B}, {"continued": ["A"], "died": ["B"]}, id="dissolved"),
        pytest.param({"A": A, "B": B, "N": C}, {"continued": ["A", "B"], "born": ["N"]}, id="born of newcomers"),
        pytest.param({"A": A[4:], "B": B + A[:4]}, {"continued": ["A", "B"]}, id="a few moved over"),
        pytest.param({"A": A}, {"continued": ["A"], "died": ["B"]}, id="gone from the data"),
    ],
)
def test_each_segment_of_both_runs_has_its_story(now: dict[str, list[str]], kinds: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for change in story({"A": A, "B": B}, now):
        found.setdefault(change.kind, []).append((change.before or change.now)[0].segment)
    assert {kind: sorted(names) for kind, names in found.items()} == kinds


def test_the_moves_of_a_split_add_up_and_are_told_in_both_languages() -> None:
    (split,) = story({"A": A}, {"A": A[:24], "N": A[24:36], "unassigned": A[36:]})
    assert {move.place: move.customers for move in split.before[0].moves} == {"A": 24, "N": 12, "unassigned": 4}
    names = {"A": "Студенты", "N": "Школьники"}
    assert told(split, names, "ru") == (
        "«Студенты» (40) разделился: 60\u00a0% остались, 30\u00a0% теперь в «Школьники», 10\u00a0% ни в одном сегменте."
    )
    assert told(split, names, "en") == (
        "“Студенты” (40) split: 60% stayed, 30% are now in “Школьники”, 10% are in no segment."
    )


def test_what_people_did_is_told_as_an_edit_and_its_undoing_too() -> None:
    merged = Hands(merged={"B": "A"})
    (change,) = story({"A": A, "B": B}, {"A": A + B}, merged.since(Hands()))
    assert (change.kind, change.by_people) == ("merged", True)
    (change,) = story({"A": A + B}, {"A": A, "B": B}, Hands().since(merged))
    assert (change.kind, change.by_people) == ("split", True)
    (change,) = story({"A": A}, {"A": A[3:], "P": A[:3]}, Hands(split={"A": ("P",)}))
    assert (change.kind, change.by_people) == ("split", True)
