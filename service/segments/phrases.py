"""Keyphrases: what members say and others do not, counted in customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log, sqrt

from service.segments.model import Keyphrase
from service.segments.shares import share
from service.segments.words import is_proper, lemma, part_of_speech, words

SPOKEN_BY_AT_LEAST = 3
"""Members who must use a phrase: fewer is an anecdote."""
TELLS_APART = 1.64
"""z of the log-odds from which a phrase counts as contrastive (one-sided 5 %)."""
LEAST_SHARE = 0.06
"""Share of members who must use a phrase in a large segment."""
STANDS_FOR = 0.6
"""Share of a word's speakers who say it inside one pair, from which the pair is shown instead of the word."""
PRIOR = 0.5
"""Pseudo-customers added to each cell (Jeffreys)."""

_CARRIES = {"NOUN", "ADJF", "ADJS", "INFN", "VERB", "PRTF", ""}


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no topic, both languages, as lemmas."""
    text = files("service.segments").joinpath("locale/stop_words.txt").read_text(encoding="utf-8")
    found = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return frozenset(found) | frozenset(lemma(word) for word in found)


@dataclass(frozen=True)
class Phrase:
    """A lemma or pair of neighbouring lemmas, with the surface form it came in."""

    lemma: str
    surface: str


def phrases_of(text: str) -> list[Phrase]:
    """Content words and neighbouring pairs of one utterance, in order."""
    found: list[Phrase] = []
    before: tuple[str, str] | None = None
    for word in words(text):
        base = lemma(word)
        carries = _carries(word, base)
        if not carries:
            before = None
            continue
        found.append(Phrase(base, word))
        if before is not None and before[0] != base:
            found.append(Phrase(f"{before[0]} {base}", f"{before[1]} {word}"))
        before = (base, word)
    return found


@lru_cache(maxsize=200_000)
def _carries(word: str, base: str) -> bool:
    """Whether a word can tell one group from another: no little word, no name of a person or place."""
    known = word in stop_words() or base in stop_words()
    return len(base) > 2 and not known and part_of_speech(word) in _CARRIES and not is_proper(word)


@dataclass(frozen=True)
class Vocabulary:
    """Which customers say which phrase, and how a phrase is most often written."""

    of_customer: Mapping[str, frozenset[str]]
    said_by: Mapping[str, frozenset[str]]
    surface: Mapping[str, str]


def vocabulary(
    lines: Mapping[str, Iterable[str]],
    phrases_in: Callable[[str], Iterable[Phrase]] = phrases_of,
    without: frozenset[str] = frozenset(),
) -> Vocabulary:
    """Phrases of each customer from their utterances: `lines[customer]`.

    `phrases_in` finds those of one utterance; `without`: lower-case words no phrase may hold.
    """
    written: dict[str, Counter[str]] = {}
    of_customer: dict[str, frozenset[str]] = {}
    for customer in sorted(lines):
        mine: set[str] = set()
        for line in lines[customer]:
            for phrase in phrases_in(line):
                if not without.isdisjoint(phrase.surface.split()):
                    continue
                mine.add(phrase.lemma)
                written.setdefault(phrase.lemma, Counter())[phrase.surface] += 1
        of_customer[customer] = frozenset(mine)
    surface = {base: max(sorted(forms), key=lambda form: forms[form]) for base, forms in written.items()}
    said_by: dict[str, set[str]] = {}
    for customer, phrases in of_customer.items():
        for base in phrases:
            said_by.setdefault(base, set()).add(customer)
    return Vocabulary(of_customer, {base: frozenset(who) for base, who in said_by.items()}, surface)


def log_odds_z(k: int, n: int, other_k: int, other_n: int) -> float:
    """z of the difference of log-odds with a Jeffreys prior (Monroe, Colaresi & Quinn 2008, uninformative prior)."""
    inside = log((k + PRIOR) / (n - k + PRIOR))
    outside = log((other_k + PRIOR) / (other_n - other_k + PRIOR))
    variance = sum(1 / (cell + PRIOR) for cell in (k, n - k, other_k, other_n - other_k))
    return (inside - outside) / sqrt(variance)


def contrast(
    members: Sequence[str],
    others: Sequence[str],
    known: Vocabulary,
    most: int = 12,
    shown: Mapping[str, str] | None = None,
) -> tuple[Keyphrase, ...]:
    """Phrases truer of `members` than of `others`, strongest first, no phrase repeating another's words.

    A pair of words stands for a single one where most who say the one say the pair. `shown`: a nicer form of some
    phrases than the one people wrote most often (nouns in the nominative).
    """
    inside = Counter(phrase for customer in members for phrase in known.of_customer.get(customer, ()))
    least = max(SPOKEN_BY_AT_LEAST, round(LEAST_SHARE * len(members)))
    frequent = {phrase: k for phrase, k in inside.items() if k >= least}
    outside = dict.fromkeys(frequent, 0)
    for customer in others:
        for phrase in known.of_customer.get(customer, ()):
            if phrase in outside:
                outside[phrase] += 1
    scores = {
        phrase: z
        for phrase, k in frequent.items()
        if (z := log_odds_z(k, len(members), outside[phrase], len(others))) >= TELLS_APART
    }
    pairs = _standing_for(frequent, scores)
    chosen: list[Keyphrase] = []
    used: set[str] = set()
    for found in sorted(scores, key=lambda phrase: (-scores[phrase], phrase)):
        phrase = pairs.get(found, found)
        parts = set(phrase.split())
        if parts & used:
            continue
        used |= parts
        chosen.append(
            Keyphrase(
                text=(shown or {}).get(phrase) or known.surface.get(phrase, phrase),
                lemma=phrase,
                members=share(frequent[phrase], len(members)),
                others=share(outside[phrase], len(others)),
                score=round(scores[phrase], 4),
            )
        )
        if len(chosen) == most:
            break
    return tuple(chosen)


def _standing_for(frequent: Mapping[str, int], scores: Mapping[str, float]) -> dict[str, str]:
    """Word → the pair it mostly stands in."""
    found: dict[str, str] = {}
    for phrase in sorted(scores, key=lambda phrase: (-frequent[phrase], phrase)):
        parts = phrase.split()
        for part in parts if len(parts) > 1 else ():
            if part not in found and frequent[phrase] >= STANDS_FOR * frequent.get(part, frequent[phrase] + 1):
                found[part] = phrase
    return found
