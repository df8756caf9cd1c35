"""Names the personas use for people, and the segment each seems to mean: a suggestion for a person to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.model import Stakeholder
from service.corpus.model import CorpusText
from service.personas.claims import Sentence, field_title, sentences
from service.personas.company import Company
from service.personas.cues import CueBook, cue_book
from service.personas.model import Alias
from service.personas.people import Mention
from service.personas.prototypes import Encode
from service.personas.reading import ReadSentence, outline, read_all
from service.personas.tokens import Tokens
from service.personas.topicwords import cue_tokens

NOBODY = "none"
"""The segment of an alias that no segment answers to; an alias with None stands for everybody."""
IGNORED = "ignored"
"""The segment of an alias that names no customers at all: "storage and landlords do not come up"."""
FAINT = -0.5
"""Below this score no segment answers to the name: a ghost until a person says otherwise (scores run from −8 to 9)."""
CROWDED = 2.0
"""What a name loses for a segment that a surer, different name of the same persona already has."""
SYNONYMS = 0.6
"""Cosine from which two names are one: the packaged encoder puts "parents" and "moms and dads" above it."""
TITLE_WORDS = 3
"""A title before a colon ("Students: …") has no more words than this, and states nothing."""
CLOSE = 1.5
"""With a smaller lead the second segment is kept in mind: `supported` must then hold of both."""
CLOSE_ABROAD = 2.0
"""The same for a name in a language that customers do not speak: only its meaning tells, not their words."""
UNSURE = 1.5
"""With a lead smaller than this over the second segment, a surer name in the same paragraph is believed instead."""


@dataclass
class Persona:
    """One stakeholder's text as read."""

    stakeholder: Stakeholder
    text: CorpusText
    sentences: list[tuple[Sentence, ReadSentence]]
    book: CueBook


def open_persona(text: CorpusText, encode: Encode | None = None) -> Persona:
    assert text.text.stakeholder is not None
    language = text.text.language
    found = sentences(text.text.text)
    readings = read_all([s.text for s in found], language, encode)
    return Persona(text.text.stakeholder, text, list(zip(found, readings, strict=True)), cue_book(language))


def suggest_aliases(personas: Sequence[Persona], company: Company, confirmed: Mapping[str, str | None]) -> list[Alias]:
    """Names the personas use for people, each with the segment that fits best and by how much."""
    surface: dict[str, str] = {}
    context: dict[str, list[str]] = {}
    for persona in personas:
        for key, words, around in _named(persona):
            surface.setdefault(key, words)
            context.setdefault(key, []).append(around)
    _join_shorter(surface, context)
    keys = sorted(surface)
    scores = company.scores([surface[k] for k in keys], [" ".join(context[k]) for k in keys])
    rivals = {pair for pair in _rivals(personas) if not _synonyms(pair, surface, company)}
    scores = scores - CROWDED * _crowding(scores, keys, rivals)
    guessed = {key: _best(company, row) for key, row in zip(keys, scores, strict=True)}
    seconds = {key: _runner_up(company, row) for key, row in zip(keys, scores, strict=True)}
    _believe_earlier(guessed, personas)
    _leave_the_taken(guessed, seconds, surface, company)
    foreign = {
        key
        for persona in personas
        if persona.text.text.language != company.voices.language
        for key, _, _ in _named(persona)
    }
    return [
        Alias(surface[key], key, confirmed[key], 1.0, True)
        if key in confirmed
        else Alias(
            surface[key], key, guessed[key][0], round(guessed[key][1], 3),
            second=_second(key, guessed, seconds, key in foreign),
        )
        for key in keys
    ]  # fmt: skip


def _runner_up(company: Company, row: np.ndarray) -> str | None:
    return company.ids[int(np.argsort(-row, kind="stable")[1])] if len(row) > 1 else None


def _leave_the_taken(
    guessed: dict[str, tuple[str, float]],
    seconds: dict[str, str | None],
    surface: Mapping[str, str],
    company: Company,
) -> None:
    """A name that could as well mean two segments means the one nobody else surely means: another name, other people.

    Holds between personas too, where the crowding of rivals does not reach.
    """
    sure = {key: segment for key, (segment, lead) in guessed.items() if lead >= CLOSE and segment != NOBODY}
    for key in sorted(guessed):
        segment, lead = guessed[key]
        other = seconds[key]
        if lead >= UNSURE or segment == NOBODY or other is None or other == segment or other in sure.values():
            continue
        takers = [k for k, taken in sure.items() if taken == segment and not _same_head(k, key)]
        if takers and all(company.likeness(surface[k], surface[key]) < SYNONYMS for k in takers):
            guessed[key], seconds[key] = (other, lead), segment


def _second(
    key: str, guessed: Mapping[str, tuple[str, float]], seconds: Mapping[str, str | None], foreign: bool
) -> str | None:
    """The runner-up, when the lead is small and the choice is a segment.

    `foreign`: the name is in a language that customers do not speak.
    """
    segment, lead = guessed[key]
    return (
        seconds[key]
        if lead < (CLOSE_ABROAD if foreign else CLOSE) and segment != NOBODY and seconds[key] != segment
        else None
    )


def _join_shorter(surface: Mapping[str, str], context: dict[str, list[str]]) -> None:
    """ "The owner" after "the owner of a small shop" is the same: the two share what is said of them."""
    for short in sorted(surface):
        fuller = [key for key in surface if set(short.split()) < set(key.split())]
        for full in fuller:
            context[short] = [surface[full], *context[short], *context[full]]


def _rivals(personas: Sequence[Persona]) -> set[frozenset[str]]:
    """Pairs of names that one persona opens different paragraphs with."""
    found: set[frozenset[str]] = set()
    for persona in personas:
        blocks: dict[int, str] = {}
        seen: set[int] = set()
        for sentence, reading in persona.sentences:
            lead = lead_name(sentence, persona.text.text.language)
            name = lead[0] if lead else reading.people[0].key if reading.people else None
            first = sentence.block not in seen
            seen.add(sentence.block)
            if name and first:
                blocks.setdefault(sentence.block, name)
        openers = sorted(set(blocks.values()))
        found.update(frozenset((a, b)) for a in openers for b in openers if a < b and not _same_head(a, b))
    return found


def _synonyms(pair: frozenset[str], surface: Mapping[str, str], company: Company) -> bool:
    """ "Parents" and "moms and dads" are no rivals."""
    one, two = sorted(pair)
    return company.likeness(surface[one], surface[two]) >= SYNONYMS


def _same_head(a: str, b: str) -> bool:
    """ "предприниматель" and "предприниматель маленький команда", "parent" and "young parent"."""
    return bool(set(a.split()) & set(b.split()))


def _crowding(scores: np.ndarray, keys: Sequence[str], rivals: set[frozenset[str]]) -> np.ndarray:
    """How far each segment is already taken by surer rival names: (n_keys, n_segments), 0 to 1.

    Names are settled from the surest down; a rival's claim counts with its lead, up to a full point.
    """
    crowded = np.zeros_like(scores)
    if not scores.size or scores.shape[1] < 2:
        return crowded
    ordered = np.sort(scores, axis=1)
    leads = ordered[:, -1] - ordered[:, -2]
    for index in np.argsort(-leads, kind="stable"):
        choice = int(np.argmax(scores[index] - CROWDED * crowded[index]))
        for other, key in enumerate(keys):
            if frozenset((keys[index], key)) in rivals and leads[other] < leads[index]:
                crowded[other, choice] = max(crowded[other, choice], min(1.0, leads[index] / CROWDED))
    return crowded


def _named(persona: Persona) -> list[tuple[str, str, str]]:
    """(key, words, the sentence's own words) for every name, and for sentences carried by a pronoun."""
    found = []
    last: tuple[str, str] | None = None
    lead: tuple[str, str] | None = None
    block = -1
    for sentence, reading in persona.sentences:
        if sentence.block != block:
            block = sentence.block
            last = lead = lead_name(sentence, persona.text.text.language)
        around = _own_words(reading.tokens, persona.book)
        alone = len({mention.key for mention in reading.people}) == 1
        for mention in reading.people:
            words = surface_of(sentence.text, reading.tokens, mention)
            found.append((mention.key, words, around if alone and not lead else words))
            last = last if last and mention is not reading.people[0] else (mention.key, words)
        if lead:
            found.append((*lead, around))
        elif last and not reading.people and persona.book.patterns("pronouns").any(reading.tokens):
            found.append((*last, around))
    return found


def lead_name(sentence: Sentence, language: str) -> tuple[str, str] | None:
    title = field_title(sentence.text)
    lead = sentence.lead_in or (title if len(title.split()) <= TITLE_WORDS else "")
    if lead:
        cut = outline(lead, language)
        people = cut.people
        if people and (sentence.lead_in or not cut.hits):
            return people[0].key, lead
    return None


def _own_words(tokens: Tokens, book: CueBook) -> str:
    """The sentence less its cues: what it says of the people themselves."""
    cues = cue_tokens(book.measure_hits(tokens)) | cue_tokens(book.operator_hits(tokens))
    return " ".join(t.word for i, t in enumerate(tokens.items) if i not in cues and t.word[0].isalnum())


def surface_of(text: str, tokens: Tokens, mention: Mention) -> str:
    return text[tokens.items[mention.first].start : tokens.items[mention.last - 1].end].replace("\n", " ")


def _best(company: Company, row: np.ndarray) -> tuple[str, float]:
    """(segment, lead over the second); NOBODY when nothing fits."""
    if not len(row):
        return NOBODY, 0.0
    order = np.argsort(-row, kind="stable")
    lead = float(row[order[0]] - row[order[1]]) if len(row) > 1 else float(row[order[0]])
    return (company.ids[int(order[0])] if row[order[0]] >= FAINT else NOBODY), lead


def _believe_earlier(guessed: dict[str, tuple[str, float]], personas: Sequence[Persona]) -> None:
    """ "A real fan", unsure by itself and in the midst of a paragraph, is whoever the text surely spoke of before."""
    for persona in personas:
        before: str | None = None
        block = -1
        for sentence, reading in persona.sentences:
            opens, block = sentence.block != block, sentence.block
            for mention in reading.people[:1]:
                segment, lead = guessed[mention.key]
                if not opens and before and lead < 2 * UNSURE and not _opens(mention.key, personas):
                    guessed[mention.key] = (before, lead)
                elif lead >= UNSURE:
                    before = segment if segment != NOBODY else before


def _opens(key: str, personas: Sequence[Persona]) -> bool:
    """Whether a paragraph or lead-in anywhere begins with the name."""
    for persona in personas:
        block = -1
        for sentence, reading in persona.sentences:
            if sentence.block != block and any(m.key == key for m in reading.people[:1]):
                return True
            lead = lead_name(sentence, persona.text.text.language)
            if lead and lead[0] == key:
                return True
            block = sentence.block
    return False
