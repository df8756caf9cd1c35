"""Names an owner would use, each checked: truer of members than of others, and unlike its siblings'.

A name is who the members are, where one kind of people stands out (`facets`: parents, students …), told closer by one
or two noun phrases they use themselves; without such a kind, the phrases alone. What fails the check gives way to the
next candidate; what no candidate passes is a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from service.segments.facets import people
from service.segments.hearing import Heard
from service.segments.model import Keyphrase, NameCheck, Share
from service.segments.namecheck import BREAK, HEAD_BREAK, check_name, lead, share_of, value_of
from service.segments.phrases import Vocabulary, contrast
from service.segments.shares import share
from service.segments.topics import LANGUAGES, StemList, words_of

NAME_WORDS = 3
"""Most phrases in a name; a kind of people counts as one."""
NAME_FROM = 12
"""Strongest contrastive phrases a name may be made of."""
LIFT = 3.0
"""How many times more often members must say a word of the name: "place" or "phone" are on everybody's lips."""
HEAD_SHARE = 0.2
"""Members who must show a kind of people before a segment is called by it: people seldom say what they are."""
HEAD_LIFT = 2.0
"""How many times more often members must show it than others."""
ALONE_SHARE = 0.6
"""Share from which the kind of people is the whole name."""
SECOND_HEAD_SHARE = 0.3
"""Members who must show a second kind of people before it stands in the name too."""
SECOND_HEAD_ADDS = 0.15
"""What a second kind of people must add to the name's truth (Youden's J)."""
TELLING = 0.3
"""Youden's J from which the first name that holds is taken; below, the one that tells most of those that hold."""
AND = {"ru": " и ", "en": " and "}


@dataclass(frozen=True)
class Named:
    """A segment's name with its check."""

    name: str
    check: NameCheck


@dataclass(frozen=True)
class _Candidate:
    heads: tuple[str, ...]
    """Facet ids of up to two kinds of people."""
    words: tuple[Keyphrase, ...]


@dataclass
class _Taken:
    """What names of the same run hold already."""

    names: set[str] = field(default_factory=set)
    lemmas: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Group:
    """One segment to be named."""

    number: int
    members: Sequence[str]
    others: Sequence[str]
    siblings: Mapping[str, Sequence[str]]
    heads: tuple[str, ...]


def named(
    groups: Sequence[Sequence[str]],
    ids: Sequence[str],
    everyone: Sequence[str],
    heard: Heard,
    given: Mapping[str, str],
) -> list[Named]:
    """A name for each group of customers, largest group first. `given`: what segments are called already (by id).

    A given name stays as long as it holds: people know the segment by it. (What a person named is not ours to check.)
    """
    heads = _heads(groups, everyone, heard)
    taken = _Taken({name.casefold() for id_, name in given.items() if id_ in ids})
    found = []
    for number, members in enumerate(groups):
        siblings = {id_: people for id_, people in zip(ids, groups, strict=True) if id_ != ids[number]}
        group = _Group(number, members, _others(members, everyone), siblings, heads.get(number, ()))
        found.append(_kept(group, given.get(ids[number]), heard) or _proposed(group, heard, taken))
    return found


def _kept(group: _Group, name: str | None, heard: Heard) -> Named | None:
    """The name the segment has, if it still holds."""
    check = check_name(name, group.members, group.others, group.siblings, heard) if name else None
    return Named(name, check) if name and check and check.passed else None


def _proposed(group: _Group, heard: Heard, taken: _Taken) -> Named:
    """The first candidate that holds and tells enough; else the one that tells most of those that hold."""
    refused: list[str] = []
    holding: list[tuple[float, int, _Candidate, Named]] = []
    for place, candidate in enumerate(_candidates(group, heard, taken)):
        name = _written(candidate, heard.language)
        check = check_name(name, group.members, group.others, group.siblings, heard)
        if not check.passed or name.casefold() in taken.names:
            refused.append(name)
            continue
        holding.append((-lead(check), place, candidate, Named(name, check)))
        if lead(check) >= TELLING:
            break
    if not holding:
        nobody = NameCheck(share(0, len(group.members)), share(0, len(group.others)), False, refused=tuple(refused))
        return Named(f"№ {group.number + 1}", nobody)
    telling = [one for one in holding if -one[0] >= TELLING] or [min(holding, key=lambda one: one[:2])]
    _, _, candidate, chosen = telling[0]
    taken.names.add(chosen.name.casefold())
    taken.lemmas.update(part for word in candidate.words for part in word.lemma.split())
    return replace(chosen, check=replace(chosen.check, refused=tuple(refused)))


def _others(members: Sequence[str], everyone: Sequence[str]) -> list[str]:
    inside = set(members)
    return [customer for customer in everyone if customer not in inside]


def _heads(groups: Sequence[Sequence[str]], everyone: Sequence[str], heard: Heard) -> dict[int, tuple[str, ...]]:
    """Group → the kinds of people it may be called by, one or two; each kind to the group that shows it most."""
    ranked: list[tuple[float, int, str]] = []
    for number, members in enumerate(groups):
        others = _others(members, everyone)
        for topic in people(heard.language):
            who = heard.voiced_by.get(topic.id, frozenset())
            inside, outside = share_of(who, members), share_of(who, others)
            if topic.facet == "who" and _stands_out(inside, outside):
                ranked.append((-value_of(inside), number, topic.id))
    heads: dict[int, tuple[str, ...]] = {}
    for negative, number, topic_id in sorted(ranked):
        mine, others = heads.get(number, ()), _others(groups[number], everyone)
        if any(topic_id in held for held in heads.values()) or len(mine) == 2:
            continue
        if not mine or (-negative >= SECOND_HEAD_SHARE and _adds(mine[0], topic_id, groups[number], others, heard)):
            heads[number] = (*mine, topic_id)
    return heads


def _stands_out(inside: Share, outside: Share) -> bool:
    mine, theirs = value_of(inside), value_of(outside)
    apart = inside.low is not None and inside.low > (outside.high or 0.0)
    return mine >= HEAD_SHARE and mine >= HEAD_LIFT * theirs and apart


def _adds(first: str, second: str, members: Sequence[str], others: Sequence[str], heard: Heard) -> bool:
    """Whether two kinds together are clearly truer (Youden's J) than the first, where that does not tell enough."""
    one = heard.voiced_by[first]
    both = one | heard.voiced_by[second]
    if value_of(share_of(one, members)) >= ALONE_SHARE:
        return False
    gained = value_of(share_of(both, members)) - value_of(share_of(one, members))
    lost = value_of(share_of(both, others)) - value_of(share_of(one, others))
    return gained - lost >= SECOND_HEAD_ADDS


def _candidates(group: _Group, heard: Heard, taken: _Taken) -> list[_Candidate]:
    """Names to try, best first: who they are, their nouns, any of their words."""
    found: list[_Candidate] = []
    nouns = _telling(group, heard.nouns, heard, taken)
    if group.heads:
        fresh = [word for word in nouns if not _about(word.text, group.heads, heard.language)]
        closer = _Candidate(group.heads, _covering(fresh, group, heard.nouns, NAME_WORDS - len(group.heads)))
        alone = _Candidate(group.heads, ())
        who = frozenset[str]().union(*(heard.voiced_by[head] for head in group.heads))
        strong = value_of(share_of(who, group.members)) >= ALONE_SHARE
        found += [alone, closer] if strong else [closer, alone]
    for words, said in ((nouns, heard.nouns), (_telling(group, heard.known, heard, taken), heard.known)):
        for most in range(NAME_WORDS, 0, -1):
            picked = _covering(words, group, said, most)
            if len(picked) == most:
                found.append(_Candidate((), picked))
    return found


def _about(text: str, heads: Sequence[str], language: str) -> bool:
    """Whether the words only say the kind of people again."""
    return any(_stems_of(language)[head].find(words_of(text)) for head in heads)


@cache
def _stems_of(language: str) -> dict[str, StemList]:
    return {topic.id: StemList({topic.id: topic.stems}) for topic in people(language)}


def _telling(group: _Group, said: Vocabulary, heard: Heard, taken: _Taken) -> list[Keyphrase]:
    """Phrases much truer of members, strongest first, none in a sibling's name."""
    strongest = contrast(group.members, group.others, said, NAME_FROM, heard.nouns.surface)
    free = [phrase for phrase in strongest if not taken.lemmas.intersection(phrase.lemma.split())]
    return [phrase for phrase in free if value_of(phrase.members) >= LIFT * value_of(phrase.others)]


def _covering(words: Sequence[Keyphrase], group: _Group, said: Vocabulary, most: int) -> tuple[Keyphrase, ...]:
    """Up to `most` phrases that together tell members from others best (greedy on Youden's J), strongest first."""
    inside, outside = set(group.members), set(group.others)
    said_in: set[str] = set()
    said_out: set[str] = set()
    picked: list[int] = []
    while len(picked) < most:
        gains = []
        for rank, word in enumerate(words):
            who = said.said_by.get(word.lemma, frozenset())
            gain = len((who & inside) - said_in) / max(1, len(inside))
            gain -= len((who & outside) - said_out) / max(1, len(outside))
            if rank not in picked and gain > 0:
                gains.append((-gain, rank))
        if not gains:
            break
        rank = min(gains)[1]
        who = said.said_by.get(words[rank].lemma, frozenset())
        said_in |= who & inside
        said_out |= who & outside
        picked.append(rank)
    return tuple(words[rank] for rank in picked)


def _written(candidate: _Candidate, language: str) -> str:
    words = BREAK.join(word.text for word in candidate.words)
    known = language if language in LANGUAGES else "en"
    names = {topic.id: topic.name[known] for topic in people(known)}
    name = AND[known].join(names[head] for head in candidate.heads)
    name = f"{name}{HEAD_BREAK}{words}" if name and words else name or words
    return name[:1].upper() + name[1:]
