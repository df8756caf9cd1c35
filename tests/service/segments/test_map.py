"""The map: the same twice, nobody named, everything a customer or owner wrote stays text."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from talking_shop import shop, word_vectors

from service.segments import map as customer_maps
from service.segments.discover import discover
from service.segments.drawing import dots_of, legend, map_page, map_svg
from service.segments.model import Segmentation
from service.segments.outside import outside_counts

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found() -> Segmentation:
    return discover(shop()[0], word_vectors)


def test_everybody_but_outsiders_has_a_place_between_0_and_1(found: Segmentation) -> None:
    assert found.map is not None
    assert {point.customer for point in found.map.points} == {a.customer for a in found.assignments} - found.outsiders()
    assert all(0 <= value <= 1 for point in found.map.points for value in (point.x, point.y))
    assert (found.map.drawn, found.map.customers) == (len(found.map.points), len(found.map.points))


def test_the_same_company_gives_the_same_map(found: Segmentation) -> None:
    assert discover(shop()[0], word_vectors).map == found.map


def test_a_crowd_is_drawn_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_maps, "DRAWN", 25)
    crowd = discover(shop()[0], word_vectors)
    assert crowd.map is not None
    assert crowd.map.drawn == len(crowd.map.points) == 25
    assert "25 из 60" in map_svg(crowd, "ru")


def drawn(found: Segmentation, *, alone: bool = False) -> ElementTree.Element:
    return ElementTree.fromstring(map_svg(found, "ru", alone=alone))


def test_soft_members_are_hollow_and_outsiders_apart(found: Segmentation) -> None:
    soft = replace(
        found,
        assignments=tuple(
            replace(a, status="soft", probability=0.41, second_segment=found.segments[0].id, second_probability=0.33)
            if a.status == "core"
            else a
            for a in found.assignments
        ),
    )
    picture = drawn(soft)
    hollow = [circle for circle in picture.iter(f"{SVG}circle") if circle.get("class") == "soft"]
    assert len(hollow) == sum(a.status == "soft" for a in soft.assignments)
    assert "На границе" in str(hollow[0].findtext(f"{SVG}title"))
    assert "41\u00a0%" in str(hollow[0].findtext(f"{SVG}title"))
    assert f"Не клиенты: {found.not_a_customer}" in [text.text for text in picture.iter(f"{SVG}text")]


def test_the_picture_names_no_customer_and_no_document(found: Segmentation) -> None:
    text = map_svg(found, "ru", alone=True) + map_page(found, "en")
    assert not [a.customer for a in found.assignments if a.customer in text]


def test_a_hostile_name_stays_text(found: Segmentation) -> None:
    name = '</title><script>alert(1)</script>" onload="x'
    hostile = replace(found, segments=tuple(replace(s, name=name) for s in found.segments))
    for picture in (drawn(hostile), drawn(hostile, alone=True)):
        assert not list(picture.iter(f"{SVG}script"))
    assert "<script" not in map_page(hostile, "ru")


def test_the_legend_has_every_segment_and_its_number(found: Segmentation) -> None:
    keys = legend(found)
    assert [key.name for key in keys] == [s.name for s in found.segments if s.kind == "segment"]
    numbers = [text.text for group in drawn(found).iter(f"{SVG}g") for text in group.findall(f"{SVG}text")]
    assert sorted(str(number) for number in numbers) == [str(key.number) for key in keys]


def test_who_was_forgotten_is_not_drawn(found: Segmentation) -> None:
    gone = replace(found, assignments=found.assignments[1:])
    assert len(dots_of(gone)) in (len(dots_of(found)) - 1, len(dots_of(found)))
    assert found.assignments[0].status == "not_a_customer" or len(dots_of(gone)) == len(dots_of(found)) - 1


def test_those_outside_are_counted_by_source_and_campaign(found: Segmentation) -> None:
    corpus = shop()[0]
    campaigns = replace(
        corpus,
        documents=tuple(
            replace(d, document=replace(d.document, campaign="Весна")) if d.document.kind == "ad_response" else d
            for d in corpus.documents
        ),
    )
    rows = {(row.level, row.name): row for row in outside_counts(campaigns, found.assignments)}
    calls = rows["source", "call"]
    assert calls.customers == len({d.customer for d in corpus.documents if d.document.kind == "call"})
    assert calls.not_a_customer.k == found.not_a_customer
    assert rows["campaign", "Весна"].customers == rows["source", "ad_response"].customers
    assert found.outside == outside_counts(corpus, found.assignments)
