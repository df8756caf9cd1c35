"""Drafts of an ad's or a salesperson's words: free in wording, held to words that customers use, and to no fact at all.

A draft is marked as one in the brief and stands beside the plain proposal, never in its place. Refused are digits and
number words, quotation marks, links and addresses, superlatives, other languages, and every word of meaning that too
few customers of the segment use and the company's own text does not share with them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from service.briefs.inputs import MOST_CUSTOMERS, BriefInputs
from service.briefs.model import Span
from service.briefs.numerals import numerals
from service.briefs.own_texts import content_lemmas
from service.briefs.spoken.phrasing import word_lists
from service.briefs.verify import Context, as_text, verify
from service.segments.phrases import stop_words
from service.segments.words import lemma, lemmas, words

FEWEST_SAYERS = 3
"""Customers of the segment who must use a word before a draft may."""
SHARE_OF_SAYERS = 0.02
"""The same, as a share of a large segment."""
TOLD = 60
"""Words told in a prompt."""
_PLAIN = re.compile(r"[^\W\d_]|[\s.,;:?()\-–—…'’]")
_SCRIPT = {"ru": re.compile(r"[а-яё]", re.IGNORECASE), "en": re.compile(r"[a-z]", re.IGNORECASE)}


FLOW = 0.6
"""Share of a draft's neighbouring words that somebody in this company has said next to each other. On the demo
companies customers' own sentences, without the pairs of whoever said them, pass in 80 and 85 of 100 cases, the same
words shuffled in 5 (`python -m eval leash --only flow`)."""

Pairs = frozenset[tuple[str, str]]
"""Dictionary forms of neighbouring words."""


@dataclass(frozen=True)
class Spoken:
    """What a draft may be made of."""

    allowed: frozenset[str]
    pairs: Pairs
    common: tuple[str, ...]
    """The ones used by most customers, in the form they use most, as a prompt tells them."""


def spoken_pairs(inputs: BriefInputs) -> Pairs:
    """Neighbouring words of up to `MOST_CUSTOMERS` customers, of who spoke with them, and of the company's texts."""
    customers = sorted(inputs.corpus.documents_of)[:MOST_CUSTOMERS]
    found: set[tuple[str, str]] = set()
    for customer in customers:
        for document in inputs.corpus.documents_of[customer]:
            for utterance in document.document.utterances:
                found.update(pairs_of(utterance.text))
    for text in inputs.corpus.texts:
        found.update(pairs_of(text.text.text))
    return frozenset(found)


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Neighbouring words of a text as dictionary forms, in order."""
    return list(pairwise(lemmas(text)))


def flow(text: str, pairs: Pairs) -> float:
    """Share of the text's neighbouring words that are among `pairs`; 0 for a single word."""
    found = pairs_of(text)
    return sum(pair in pairs for pair in found) / len(found) if found else 0.0


def spoken_words(
    inputs: BriefInputs, pairs: Pairs, segment: str, own_texts: Iterable[str], topics: Iterable[str]
) -> Spoken:
    """Words of meaning of a segment: said by enough of its customers, or by one and by the company's text too.

    `topics`: names of topics from the catalogue, which are ours.
    """
    users: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    customers = inputs.members.get(segment, ())[:MOST_CUSTOMERS]
    for customer in customers:
        said: set[str] = set()
        for document in inputs.corpus.documents_of.get(customer, []):
            said |= content_lemmas(document.customer_text)
            for word in words(document.customer_text):
                forms.setdefault(lemma(word), Counter())[word] += 1
        users.update(said)
    fewest = max(FEWEST_SAYERS, SHARE_OF_SAYERS * len(customers))
    own = frozenset[str]().union(*(content_lemmas(text) for text in own_texts))
    allowed = {word for word, count in users.items() if count >= fewest or word in own}
    allowed |= frozenset[str]().union(*(content_lemmas(name) for name in topics))
    heard = (word for word in users if users[word] >= fewest and word not in stop_words())
    common = sorted(heard, key=lambda word: (-users[word], word))[:TOLD]
    return Spoken(frozenset(allowed), pairs, tuple(min(forms[w], key=lambda f: (-forms[w][f], f)) for w in common))


def wording_complaint(text: str, spoken: Spoken, context: Context, longest: int) -> str | None:
    """Why a draft is refused; None where it may be shown."""
    said = COMPLAINTS["ru" if context.language == "ru" else "en"]
    found = words(text)
    if not found or len(text) > longest:
        return said["long"].format(longest)
    if any(not _PLAIN.match(character) for character in text) or any(numerals(text, context.language)):
        return said["signs"]
    if not all(_SCRIPT[context.language].search(word) for word in found):
        return said["language"]
    strange = sorted(word for word in content_lemmas(text) if word not in spoken.allowed and not _little(word, context))
    if strange:
        return said["words"].format(", ".join(strange[:4]))
    if verify(as_text((Span(text),)), context):
        return said["judges"]
    if flow(text, spoken.pairs) < FLOW:
        return said["flow"]
    return None


def _little(word: str, context: Context) -> bool:
    lists = word_lists(context.language)
    return bool({word, lemma(word)} & (lists.neutral | lists.anchors))


COMPLAINTS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "long": "пусто или длиннее {} знаков",
        "signs": "без чисел, кавычек, ссылок, адресов и восклицаний",
        "language": "пишите по-русски",
        "words": "так клиенты этого сегмента не говорят: {}",
        "judges": "без оценок и превосходных степеней",
        "flow": "так не говорят: ставьте слова рядом так, как их ставят клиенты",
    },
    "en": {
        "long": "empty or longer than {} characters",
        "signs": "no numbers, quotation marks, links, addresses or exclamation marks",
        "language": "write English",
        "words": "customers of this segment do not use: {}",
        "judges": "no judgements or superlatives",
        "flow": "nobody speaks like that: put words together as customers do",
    },
}
"""What the model is told of a refused draft."""
