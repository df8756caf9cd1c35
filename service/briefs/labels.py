"""What each fact is called in the evidence appendix, in the language of the brief."""

from __future__ import annotations

from service.briefs.material import Material
from service.briefs.model import Fact


def label(material: Material, fact: Fact) -> str:
    """One line: what was counted, and of whom."""
    kind, _, rest = fact.source.partition(":")
    name = _subject(material, fact.subject)
    if kind == "measure":
        return _of(_measure(material, rest.rsplit("/", 1)[-1]), name)
    if kind == "topic":
        _, topic, *others = rest.split("/")
        words = material.text("evidence.topic") + f" «{material.topic_name(topic)}»"
        return _of(words, material.text("evidence.others") if others else name)
    if kind == "phrase":
        words = material.text("evidence.phrase") + " " + material.write.quote(fact.text)
        return _of(words, material.text("evidence.others") if rest.endswith("/others") else name)
    if kind == "tier":
        return material.text("evidence.tier")
    if kind == "rank":
        return _of(material.text(f"evidence.rank_{fact.direction}") + " " + _measure(material, fact.text), name)
    if kind in ("document", "text"):
        return _words(material, fact)
    if kind == "claim":
        measure = rest.rsplit("/", 1)[-1] if "/compared/" not in rest else rest.split("/")[2]
        return _of(_measure(material, measure), name)
    return _of(_calculated(material, rest.split("/")[0]), name)


def _of(what: str, whom: str) -> str:
    return f"{what} · {whom}" if whom else what


def _subject(material: Material, subject: str | None) -> str:
    if subject is None:
        return ""
    found = material.inputs.segment_by_id.get(subject)
    return found.name if found else subject


def _measure(material: Material, measure: str) -> str:
    return material.measure_label(measure)


def _calculated(material: Material, key: str) -> str:
    if material.book.has(f"evidence.{key}"):
        return material.text(f"evidence.{key}")
    return _measure(material, key)


def _words(material: Material, fact: Fact) -> str:
    if material.book.has(f"evidence.words_{fact.speaker}"):
        return _of(material.text(f"evidence.words_{fact.speaker}"), _subject(material, fact.subject))
    return _subject(material, fact.subject)
