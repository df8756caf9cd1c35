"""Names a model proposes: taken where members say them, and nothing else of the analysis moves."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from model_minds import NUMBERED, Plainly
from talking_shop import shop, word_vectors

from service.corpus.model import Corpus
from service.llm.model import Outcome, Question
from service.segments import consensus
from service.segments.discover import discover
from service.segments.model import Segmentation
from service.segments.proposed_names import plainly, with_proposed_names


@cache
def found() -> tuple[Corpus, Segmentation]:
    corpus, _ = shop(per_group=14)
    looks, consensus.LOOKS = consensus.LOOKS, 6
    try:
        return corpus, discover(corpus, word_vectors)
    finally:
        consensus.LOOKS = looks


def named(*names: str, before: Segmentation | None = None) -> tuple[list[str], Plainly]:
    """(names of the segments after the model, the asker); it proposes the same names for every segment, in turns."""
    left = list(names)

    def mind(question: Question) -> dict[str, Any] | Outcome:
        numbers = [n for n, _ in NUMBERED.findall(question.variables["segments"])]
        proposal = left.pop(0) if left else ""
        return {"names": [{"segment": n, "name": proposal} for n in numbers]}

    corpus, segmentation = found()
    asker = Plainly(mind)
    after = with_proposed_names(segmentation, before, corpus, asker)
    return [s.name for s in after.segments if s.kind == "segment"], asker


def plain_names() -> list[str]:
    return [s.name for s in found()[1].segments if s.kind == "segment"]


def test_a_name_its_members_say_is_taken_by_the_one_segment_it_is_true_of() -> None:
    names, _ = named("Дочка и планшет")
    assert names.count("Дочка и планшет") == 1
    assert len(set(names) - set(plain_names())) == 1


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Наши лучшие клиенты", id="a judgement"),
        pytest.param("Дочка и самый прибыльный планшет", id="a judgement among true words"),
        pytest.param("Космонавты", id="a word nobody says"),
        pytest.param("Сколько это будет стоить", id="what everybody says"),
        pytest.param("Дочка 97", id="a number"),
        pytest.param("Дочка https://evil.example", id="a link"),
        pytest.param("«Дочка» и планшет", id="quotation marks"),
        pytest.param("Daughters with tablets", id="the wrong language"),
        pytest.param("Дочка без планшета", id="a denial"),
        pytest.param("Дочка " * 20, id="too long"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_that_does_not_hold_is_refused(name: str) -> None:
    assert named(name, name)[0] == plain_names()


def test_a_refused_name_is_asked_for_once_more() -> None:
    names, asker = named("Космонавты", "Дочка и планшет")
    assert "Дочка и планшет" in names
    assert len(asker.asked) == 2
    assert "космонавты" in asker.asked[1].complaints


def test_one_question_for_all_segments() -> None:
    assert len(named("Дочка и планшет")[1].asked) <= 2


def test_nothing_but_names_changes() -> None:
    corpus, before = found()
    asker = Plainly(lambda q: {"names": [{"segment": str(n), "name": "Дочка и планшет"} for n in range(1, 9)]})
    after = with_proposed_names(before, None, corpus, asker)
    back = tuple(replace(s, name=s.own_name, plain_name="", name_check=None) for s in after.segments)
    assert replace(after, segments=back) == replace(
        before, segments=tuple(replace(s, name_check=None) for s in before.segments)
    )
    assert [s.own_name for s in after.segments] == [s.name for s in before.segments]


def test_the_next_run_keeps_the_name_without_a_question() -> None:
    corpus, segmentation = found()
    asker = Plainly(lambda q: {"names": [{"segment": str(n), "name": "Дочка и планшет"} for n in range(1, 9)]})
    earlier = with_proposed_names(segmentation, None, corpus, asker)
    told = [s.name for s in earlier.segments if s.plain_name]
    names, again = named("", before=earlier)
    assert told
    assert set(told) <= set(names)
    assert all("планшет" not in q.variables["segments"].split("\n")[0] for q in again.asked)


def test_names_that_go_on_do_not_hang_on_a_model() -> None:
    corpus, segmentation = found()
    asker = Plainly(lambda q: {"names": [{"segment": str(n), "name": "Дочка и планшет"} for n in range(1, 9)]})
    earlier = with_proposed_names(segmentation, None, corpus, asker)
    plain = plainly(earlier)
    assert plain is not None
    assert [s.name for s in plain.segments] == [s.name for s in segmentation.segments]


def test_a_name_a_person_gave_is_not_asked_about() -> None:
    corpus, segmentation = found()
    asker = Plainly(lambda q: {"names": []})
    with_proposed_names(segmentation, None, corpus, asker, {s.id for s in segmentation.segments})
    assert asker.asked == []
