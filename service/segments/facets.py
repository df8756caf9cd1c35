"""Who customers are, how they are placed, what they are after and what decides for them, in any trade.

Kinds of people and situations are editable word lists (`locale/{ru,en}_facets.yaml`), found as the topic catalogue is.
Goals and reasons need no list of things: a sentence that says "I want", "so that", "the main thing", "I'd take it if"
tells what the topics in that very sentence are to the speaker.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from service.segments.topics import LANGUAGES, Facet, StemList, Topic, catalogue, topics_in, words_of

CUED: tuple[Facet, ...] = ("goal", "reason")
"""Facets made of a cue and a topic of the catalogue in one sentence."""
NOT_A_GOAL: frozenset[Facet] = frozenset({"who", "objection", "pain"})
"""Catalogue facets that are nobody's goal: "I need to think" is none, nor is theft."""
NOT_A_REASON = frozenset({"family", "business", "not_now", "consult"})
"""Topics that decide nothing by themselves."""
ORDER: tuple[Facet, ...] = (
    "who", "situation", "trigger", "goal", "need", "pain", "objection", "question", "reason",
)  # fmt: skip
"""How a person would tell it."""

_SENTENCE = re.compile(r"[^.!?…\n]+")


@cache
def _lists(language: str) -> dict[str, Any]:
    path = files("service.segments") / "locale" / f"{language}_facets.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"


@cache
def people(language: str) -> tuple[Topic, ...]:
    """Kinds of people (`who`) and situations with the stems of `language`; names in both languages."""
    lists = {code: _lists(code) for code in LANGUAGES}
    return tuple(
        Topic(
            id=topic,
            facet=cast(Facet, entry["facet"]),
            name={code: lists[code][topic]["name"] for code in LANGUAGES},
            stems=tuple(entry["stems"]),
        )
        for topic, entry in lists[_known(language)].items()
        if topic != "cues"
    )


@cache
def facets(language: str) -> tuple[Topic, ...]:
    """Everything beyond the catalogue: people, situations, and each goal and reason as `goal:<topic>`."""
    cued = tuple(
        replace(topic, id=f"{facet}:{topic.id}", facet=facet, stems=())
        for facet in CUED
        for topic in catalogue(_known(language))
        if (topic.facet not in NOT_A_GOAL if facet == "goal" else topic.id not in NOT_A_REASON)
    )
    return (*people(language), *cued)


@cache
def facet_names(language: str) -> dict[str, str]:
    """Id of a topic or facet → its name for people."""
    return {topic.id: topic.name[language] for topic in (*catalogue(language), *facets(language))}


@cache
def _people_matcher(language: str) -> StemList:
    return StemList({topic.id: topic.stems for topic in people(language)})


@cache
def _cue_matcher(language: str) -> StemList:
    return StemList({facet: tuple(stems) for facet, stems in _lists(language)["cues"].items()})


def facets_in(text: str, language: str) -> frozenset[str]:
    """Ids of the facets the text shows: kinds of people, situations, `goal:…` and `reason:…`."""
    known = _known(language)
    found = set(_people_matcher(known).find(words_of(text)))
    cues = _cue_matcher(known)
    if cues.find(words_of(text)):
        for sentence in _SENTENCE.findall(text):
            said = cues.find(words_of(sentence))
            if said:
                about = topics_in(sentence, known)
                found |= {f"{cue}:{topic}" for cue in said for topic in about}
    return frozenset(found & _ids(known))


@cache
def _ids(language: str) -> frozenset[str]:
    return frozenset(topic.id for topic in facets(language))
