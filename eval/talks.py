"""Calls of a demo company with the true speaker of every word, and the same calls spoilt in known ways."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ingest.gathering import gather
from ingest.model import DocumentKind, IngestOptions
from ingest.people import People, texts_without_html
from ingest.raw import RawDocument, RawUtterance

CUE_WORDS = 13
BEAM = 40
"""Alignments kept a word; two per word are enough where a file holds exactly what was said."""
SWITCH, MISS = 1, 6
"""Cost of a change of speaker and of a word that is on neither side."""

_NOISE = re.compile(r"\[[^\]]{0,40}\]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Talk:
    """A call. `agent` holds for every utterance who said each of its words: True for the agent."""

    call: RawDocument
    agent: tuple[tuple[bool, ...], ...]
    names: frozenset[str] = frozenset()
    """What the customer is called in the company's tables."""

    @property
    def words(self) -> int:
        return sum(map(len, self.agent))


@dataclass(frozen=True)
class Company:
    """The calls of a case and the staff its tables name."""

    name: str
    talks: tuple[Talk, ...]
    staff: frozenset[str]


def words_of(text: str) -> list[str]:
    """Words of a text, lower case, without recognisers' noise marks."""
    return _WORD.findall(_NOISE.sub(" ", text).lower().replace("ё", "е"))


def company_of(case: Path) -> Company:
    """Read a case's calls; who said each word comes from its truth."""
    options = IngestOptions(salt=b"eval")
    gathered = gather([case / "inputs"], options, lambda _: None)
    texts_without_html(gathered)
    from ingest.contacts import Keys

    people = People(gathered, Keys(options.salt, "RU"), ())
    lines = (case / "truth" / "doc_texts.jsonl").read_text(encoding="utf-8").splitlines()
    truth = {row["document"]: (row["customer_text"], row["agent_text"]) for row in map(json.loads, lines)}
    talks = [
        Talk(call, _sides(call, *truth[call.ref]), people.names_of(call.ref))
        for call in sorted(gathered.documents, key=lambda document: document.ref)
        if call.kind is DocumentKind.CALL and call.ref in truth
    ]
    staff = frozenset(name for document in gathered.documents for name in document.staff)
    return Company(case.name, tuple(talks), staff)


def _sides(call: RawDocument, customer: str, agent: str) -> tuple[tuple[bool, ...], ...]:
    sizes = [len(words_of(utterance.text)) for utterance in call.utterances]
    said = [word for utterance in call.utterances for word in words_of(utterance.text)]
    flat = aligned(said, words_of(customer), words_of(agent))
    result, place = [], 0
    for size in sizes:
        result.append(tuple(flat[place : place + size]))
        place += size
    return tuple(result)


def aligned(said: Sequence[str], customer: Sequence[str], agent: Sequence[str]) -> list[bool]:
    """Who said each word: the cheapest way to read the call as the two sides' words in turn."""
    # (customer's words used, agent's words used, agent speaks) → (cost, words so far as a linked list)
    states: dict[tuple[int, int, bool], tuple[int, tuple[bool, object] | None]] = {(0, 0, False): (0, None)}
    for word in said:
        following: dict[tuple[int, int, bool], tuple[int, tuple[bool, object] | None]] = {}
        for (i, j, speaks), (cost, path) in states.items():
            for side, source, at in ((False, customer, i), (True, agent, j)):
                hit = at < len(source) and source[at] == word
                key = (i + (hit and not side), j + (hit and side), side)
                paid = cost + (SWITCH if side is not speaks else 0) + (0 if hit else MISS)
                if key not in following or paid < following[key][0]:
                    following[key] = (paid, (side, path))
        states = dict(sorted(following.items(), key=lambda item: (item[1][0], item[0]))[:BEAM])
    found: list[bool] = []
    node: object = min(states.items(), key=lambda item: (item[1][0], item[0]))[1][1]
    while isinstance(node, tuple):
        found.append(node[0])
        node = node[1]
    return found[::-1]


Spoil = Callable[[Talk, random.Random], Talk]


def every(talks: Iterable[Talk], spoil: Spoil, seed: int = 7) -> list[Talk]:
    """All calls spoilt, each by its own draw: the same call is spoilt the same way in every corpus."""
    return [spoil(talk, random.Random(f"{seed}:{talk.call.ref}")) for talk in talks]


def without_labels(talk: Talk, draw: random.Random) -> Talk:
    """`SPEAKER_00` and `SPEAKER_01` in an order that tells nothing; turns as the two really spoke."""
    names = ["SPEAKER_00", "SPEAKER_01"]
    draw.shuffle(names)
    return _retold(talk, lambda agent, _: names[agent])


def as_subtitles(talk: Talk, draw: random.Random) -> Talk:
    """SRT of a recogniser: lower case, no punctuation, no speakers; a cue ends at thirteen words or with the turn."""
    turns = [list(run) for _, run in groupby(_spoken(talk), key=lambda pair: pair[1])]
    return _captioned(talk, [turn[at : at + CUE_WORDS] for turn in turns for at in range(0, len(turn), CUE_WORDS)])


def as_captions(talk: Talk, draw: random.Random) -> Talk:
    """The same, but cues of thirteen words whoever speaks: most changes of speaker fall inside a cue."""
    spoken = _spoken(talk)
    return _captioned(talk, [spoken[at : at + CUE_WORDS] for at in range(0, len(spoken), CUE_WORDS)])


def _captioned(talk: Talk, cues: Sequence[Sequence[tuple[str, bool]]]) -> Talk:
    utterances = tuple(
        RawUtterance(" ".join(word for word, _ in cue), None, 5.0 * number, 5.0 * number + 4.5)
        for number, cue in enumerate(cues)
    )
    return replace(
        talk,
        call=replace(talk.call, reader="srt", utterances=utterances),
        agent=tuple(tuple(agent for _, agent in cue) for cue in cues),
    )


def misheard(share: float) -> Spoil:
    """Words lost or misspelt, half of each."""

    def spoil(talk: Talk, draw: random.Random) -> Talk:
        utterances, sides = [], []
        for utterance, side in zip(talk.call.utterances, talk.agent, strict=True):
            kept = [
                (_misspelt(word, draw) if luck < share / 2 else word, agent)
                for word, agent in zip(words_of(utterance.text), side, strict=True)
                if (luck := draw.random()) < 1 - share / 2
            ]
            if kept:
                utterances.append(replace(utterance, text=" ".join(word for word, _ in kept)))
                sides.append(tuple(agent for _, agent in kept))
        return replace(talk, call=replace(talk.call, utterances=tuple(utterances)), agent=tuple(sides))

    return spoil


def _misspelt(word: str, draw: random.Random) -> str:
    if len(word) < 3:
        return word
    place = draw.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def swapped(share: float) -> Spoil:
    """Labels the wrong way round in this share of the calls."""

    def spoil(talk: Talk, draw: random.Random) -> Talk:
        tags = list(dict.fromkeys(u.tag for u in talk.call.utterances if u.tag))
        if draw.random() >= share or len(tags) != 2:
            return talk
        other = {tags[0]: tags[1], tags[1]: tags[0]}
        turned = tuple(replace(u, tag=other.get(u.tag or "")) for u in talk.call.utterances)
        return replace(talk, call=replace(talk.call, utterances=turned))

    return spoil


def with_companion(talk: Talk, draw: random.Random) -> Talk:
    """A third voice on the customer's side says every third turn of it."""
    return _retold(talk, _third_voice(False, draw))


def with_colleague(talk: Talk, draw: random.Random) -> Talk:
    """A colleague takes the call over: the agent's side has two voices, one after the other."""
    turns = sum(1 for agent, _ in groupby(_spoken(talk), key=lambda pair: pair[1]) if agent)
    names = ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]
    draw.shuffle(names)
    return _retold(talk, lambda agent, turn: names[2] if agent and turn >= turns / 2 else names[agent])


def _third_voice(side: bool, draw: random.Random) -> Callable[[bool, int], str]:
    names = ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]
    draw.shuffle(names)
    return lambda agent, turn: names[2] if agent is side and turn % 3 == 2 else names[agent]


def one_voice(agent: bool) -> Spoil:
    """Only one side was recorded: a message left on a machine, or a channel that was lost."""

    def spoil(talk: Talk, draw: random.Random) -> Talk:
        told = _retold(talk, lambda _side, _turn: "SPEAKER_00")
        kept = [
            (u, side) for u, side in zip(told.call.utterances, told.agent, strict=True) if side and side[0] is agent
        ][:3]
        return replace(
            told,
            call=replace(told.call, utterances=tuple(u for u, _ in kept)),
            agent=tuple(side for _, side in kept),
        )

    return spoil


def _spoken(talk: Talk) -> list[tuple[str, bool]]:
    words = (word for utterance in talk.call.utterances for word in words_of(utterance.text))
    sides = (agent for side in talk.agent for agent in side)
    return list(zip(words, sides, strict=True))


def _retold(talk: Talk, tag: Callable[[bool, int], str]) -> Talk:
    """The same words in the turns of the two sides; `tag` names a turn by its side and its number on that side."""
    utterances, sides = [], []
    numbers = {True: 0, False: 0}
    for agent, run in groupby(_spoken(talk), key=lambda pair: pair[1]):
        words = [word for word, _ in run]
        utterances.append(RawUtterance(" ".join(words), tag(agent, numbers[agent])))
        sides.append((agent,) * len(words))
        numbers[agent] += 1
    return replace(talk, call=replace(talk.call, reader="json", utterances=tuple(utterances)), agent=tuple(sides))
