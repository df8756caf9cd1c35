"""Names a language model proposes: taken only where every word of them is truer of members than of others.

One question for all segments of a run. What is refused twice, and every segment when nobody answers, keeps the name
made from its words (`naming`). That name stays beside the proposed one, because readings of personas lean on it: what a
model calls a segment moves no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from service.core.numbers import Formatter
from service.corpus.model import Corpus
from service.llm.asker import Asking
from service.llm.leash import Request, Verdict, on_leash
from service.llm.model import Question
from service.segments.facets import people
from service.segments.hearing import Heard, listen
from service.segments.material import material_of
from service.segments.model import NameCheck, Segment, Segmentation, Share
from service.segments.namecheck import check_name, lead, share_of, value_of
from service.segments.naming import TELLING
from service.segments.phrases import phrases_of
from service.segments.words import lemma, words

LONGEST, MOST_WORDS = 60, 7
"""Characters and words of a name that a table cell still shows."""
FEWEST_SAYERS = 3
"""Members who must say a word of the name."""
PHRASES, KINDS, APART = 12, 4, 5
"""What is told of a segment."""
LINKS = {
    "ru": frozenset(
        "и с со для на в во к ко по из от до у о об после перед между при под над за или кто которые".split()
    ),
    "en": frozenset("and with for on in at to by of from after before between under over or who the a an".split()),
}
"""Words a name may hold without anybody saying them. None of them denies or compares."""
_WRITTEN = re.compile(r"[\w\s,:’'–—-]+")
_SCRIPT = {"ru": re.compile(r"[а-яё]", re.IGNORECASE), "en": re.compile(r"[a-z]", re.IGNORECASE)}

SAID: dict[str, dict[str, str]] = {
    "ru": {
        "form": "только слова, запятые и двоеточие, до 60 знаков и 7 слов, по-русски, без цифр",
        "word": "слово «{}» не вернее для этого сегмента, чем для остальных",
        "taken": "так уже назван другой сегмент",
        "check": "имя в целом не вернее для этого сегмента, чем для остальных",
    },
    "en": {
        "form": "words, commas and a colon only, at most 60 characters and 7 words, in English, no digits",
        "word": 'the word "{}" is no truer of this segment than of the others',
        "taken": "another segment has this name",
        "check": "the name as a whole is no truer of this segment than of the others",
    },
}
"""Complaints to the model."""


@dataclass(frozen=True)
class _Place:
    """A segment to be named among the others."""

    segment: Segment
    members: Sequence[str]
    others: Sequence[str]
    siblings: Mapping[str, Sequence[str]]


def plainly(before: Segmentation | None) -> Segmentation | None:
    """An earlier run under the names its words gave: what names go on must not depend on a model."""
    if before is None:
        return None
    return replace(before, segments=tuple(replace(s, name=s.own_name, plain_name="") for s in before.segments))


class Wanted(NamedTuple):
    """Names to be asked for: `kept` hold already, by number; `request` asks for the others, where there are any."""

    places: Mapping[str, _Place]
    kept: dict[str, tuple[str, NameCheck]]
    request: Request[tuple[str, NameCheck]] | None


def with_proposed_names(
    found: Segmentation,
    before: Segmentation | None,
    corpus: Corpus,
    asker: Asking,
    given: Collection[str] = (),
) -> Segmentation:
    """The segmentation with the model's names where they hold. `given`: segments a person has named.

    A name proposed in the run before stays as long as it holds, without a question.
    """
    wanted = wanted_names(found, before, corpus, given)
    chosen = dict(wanted.kept)
    if wanted.request is not None:
        chosen |= on_leash(asker, [wanted.request])[0].held
    by_id = {wanted.places[number].segment.id: pair for number, pair in chosen.items()}
    return replace(found, segments=tuple(_called(s, *by_id[s.id]) if s.id in by_id else s for s in found.segments))


def wanted_names(
    found: Segmentation, before: Segmentation | None, corpus: Corpus, given: Collection[str] = ()
) -> Wanted:
    """Which segments need a name from a model, and the question for it."""
    real = [s for s in found.segments if s.kind == "segment" and s.id not in given]
    if not real:
        return Wanted({}, {}, None)
    heard = listen(material_of(corpus).lines_of, _everyone(found), corpus.language)
    places = {str(number): _place(segment, found, heard) for number, segment in enumerate(real, 1)}
    taken = {s.name.casefold() for s in found.segments}
    kept = _kept(places, before, heard)
    left = {number: place for number, place in places.items() if number not in kept}
    if not left:
        return Wanted(places, kept, None)
    question = Question("name_segments", heard.language, {"segments": _told(left, heard.language)})
    return Wanted(places, kept, Request(question, tuple(left), _judge(left, heard, taken, kept)))


def _called(segment: Segment, name: str, check: NameCheck) -> Segment:
    return replace(segment, name=name, plain_name=segment.name, name_check=check)


def _everyone(found: Segmentation) -> list[str]:
    outside = found.outsiders()
    return [a.customer for a in found.assignments if a.customer not in outside]


def _place(segment: Segment, found: Segmentation, heard: Heard) -> _Place:
    of = found.segment_of()
    everyone = heard.of(_everyone(found))
    groups: dict[str, list[str]] = {}
    for customer in everyone:
        if customer in of:
            groups.setdefault(of[customer], []).append(customer)
    members = groups.pop(segment.id, [])
    inside = set(members)
    return _Place(segment, members, [c for c in everyone if c not in inside], groups)


def _kept(places: Mapping[str, _Place], before: Segmentation | None, heard: Heard) -> dict[str, tuple[str, NameCheck]]:
    """Names the model gave in the run before, where they still hold."""
    earlier = {s.id: s.name for s in before.segments if s.plain_name} if before else {}
    found = {}
    for number, place in places.items():
        name = earlier.get(place.segment.id)
        if name and isinstance(check := _checked(name, place, heard), NameCheck):
            found[number] = (name, check)
    return found


def _judge(
    places: Mapping[str, _Place],
    heard: Heard,
    taken: set[str],
    chosen: Mapping[str, tuple[str, NameCheck]],
) -> Callable[[Mapping[str, Any]], Verdict[tuple[str, NameCheck]]]:
    used = {name.casefold() for name, _ in chosen.values()}  # grows over both rounds

    def judge(answer: Mapping[str, Any]) -> Verdict[tuple[str, NameCheck]]:
        held: dict[str, tuple[str, NameCheck]] = {}
        complaints: dict[str, str] = {}
        for proposal in answer["names"]:
            number, name = proposal["segment"], " ".join(proposal["name"].split())
            if number not in places or number in held:
                continue
            own = places[number].segment.name.casefold()
            check = _checked(name, places[number], heard)
            if isinstance(check, str):
                complaints[number] = check
            elif name.casefold() in used or (name.casefold() in taken and name.casefold() != own):
                complaints[number] = SAID[_known(heard)]["taken"]
            else:
                name = name[:1].upper() + name[1:]
                used.add(name.casefold())
                held[number] = (name, check)
        return Verdict(held, complaints)

    return judge


def _checked(name: str, place: _Place, heard: Heard) -> NameCheck | str:
    """The check of a name that holds, or the complaint."""
    said, language = SAID[_known(heard)], _known(heard)
    spoken = words(name)
    if (
        not _WRITTEN.fullmatch(name)
        or any(character.isdigit() or character == "_" for character in name)
        or not 1 <= len(spoken) <= MOST_WORDS
        or len(name) > LONGEST
        or not all(_SCRIPT[language].search(word) for word in spoken)
    ):
        return said["form"]
    for word in _loose_words(name, place, heard):
        if word in LINKS[language]:
            continue
        if not _evidenced(word, place, heard):
            return said["word"].format(word)
    check = check_name(name, place.members, place.others, place.siblings, heard)
    plain = place.segment.name_check
    enough = min(TELLING, lead(plain)) if plain is not None else 0.0
    return check if check.passed and lead(check) >= enough else said["check"]


def _loose_words(name: str, place: _Place, heard: Heard) -> list[str]:
    """Words besides those that name a kind of people its members show more than others do."""
    rest = name.casefold().replace("ё", "е")
    for topic in people(_known(heard)):
        who = heard.voiced_by.get(topic.id, frozenset())
        if topic.facet == "who" and _truer(who, place):
            for label in topic.name.values():
                rest = re.sub(rf"(?<!\w){re.escape(label.casefold().replace('ё', 'е'))}(?!\w)", " ", rest)
    return words(rest)


def _evidenced(word: str, place: _Place, heard: Heard) -> bool:
    """Whether members say the word more than others do."""
    base = lemma(word)
    if base not in {phrase.lemma for phrase in phrases_of(word)}:
        return False
    who = heard.known.said_by.get(base, frozenset()) | heard.nouns.said_by.get(base, frozenset())
    return _truer(who, place)


def _truer(who: frozenset[str], place: _Place) -> bool:
    inside, outside = share_of(who, place.members), share_of(who, place.others)
    return inside.k >= FEWEST_SAYERS and value_of(inside) > value_of(outside)


def _told(places: Mapping[str, _Place], language: str) -> str:
    """What a model is told of the segments: counted words and kinds of people, nothing anybody said at length."""
    known = "ru" if language == "ru" else "en"
    write = Formatter(known)
    head = {"ru": ("человек", "слова", "кто это", "в отличие от соседнего", "у остальных"),
            "en": ("people", "words", "who they are", "unlike the nearest", "others")}[known]  # fmt: skip
    label = {topic.id: topic.name[known] for topic in people(known)}
    told = []
    for number, place in places.items():
        segment = place.segment
        lines = [f"{number}. {segment.size} {head[0]}"]
        lines.append(f"  {head[1]}: " + "; ".join(
            f"{p.text} — {_percent(p.members, write)}, {head[4]} {_percent(p.others, write)}"
            for p in segment.keyphrases[:PHRASES]
        ))  # fmt: skip
        kinds = [f for f in segment.facets if f.topic in label][:KINDS]
        if kinds:
            lines.append(f"  {head[2]}: " + "; ".join(
                f"{label[f.topic]} — {_percent(f.members, write)}, {head[4]} {_percent(f.others, write)}" for f in kinds
            ))  # fmt: skip
        if segment.nearest and segment.nearest.here:
            lines.append(f"  {head[3]}: " + ", ".join(segment.nearest.here[:APART]))
        told.append("\n".join(lines))
    return "\n".join(told)


def _percent(share: Share, write: Formatter) -> str:
    return write.percent(value_of(share))


def _known(heard: Heard) -> str:
    return "ru" if heard.language == "ru" else "en"
