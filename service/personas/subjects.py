"""Whom each thought speaks of: a named group, everybody, a campaign, or whoever the text spoke of before.

Order: a campaign for measures of cost; a group named in the thought, a second one being the other
party of a comparison; a word for everybody; the group in the bold lead-in or heading; with a pronoun, the last group
of the text; otherwise the last group of the same paragraph, and everybody in a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.core.ids import stable_id
from service.corpus.model import CorpusText
from service.personas.aliases import IGNORED, NOBODY, Persona, lead_name, open_persona, suggest_aliases, surface_of
from service.personas.claims import Sentence
from service.personas.company import Company
from service.personas.model import Alias, Claim, Reading, Subject
from service.personas.people import Mention
from service.personas.reading import ReadSentence, Thought
from service.personas.tokens import tokens_of
from service.personas.voices import stem_of
from service.segments.words import lemma

COSTS = frozenset({"cost_per_lead", "cost_per_customer"})
EVERYBODY = Subject("all")
Spans = tuple[tuple[int, int], ...]
COMPARABLE = frozenset({"than", "high", "low", "is", "most"})
"""Operators that a second party turns into a comparison."""
PARTS_OF_A_WHOLE = frozenset({"leads", "wins", "revenue", "identity"})
"""Measures that are somebody's part of the whole: "all our leads" is no subject."""
RELATIVE = frozenset({"most", "high", "low", "than", "equal"})
"""Operators that say nothing of everybody: a paragraph that opens with one goes on about the last group."""


@dataclass(frozen=True)
class ReadPersonas:
    """Everything the personas step finds. `dropped`: sentences in which nothing can be checked."""

    claims: tuple[Claim, ...]
    aliases: tuple[Alias, ...]
    dropped: int


def read_personas(
    texts: Iterable[CorpusText], company: Company, confirmed: Mapping[str, str | None] | None = None
) -> ReadPersonas:
    """Claims with their subjects. `confirmed`: alias key → segment id (None: everybody), as a person said."""
    personas = [open_persona(text, company.encode) for text in texts]
    aliases = suggest_aliases(personas, company, confirmed or {})
    claims: list[Claim] = []
    dropped = 0
    ignored = {alias.lemma for alias in aliases if alias.segment == IGNORED}
    for persona in personas:
        persona.sentences = [(sentence, _without(reading, ignored)) for sentence, reading in persona.sentences]
        found = _Resolver(persona, company, {a.lemma: a for a in aliases}).claims()
        claims += found
        dropped += len(persona.sentences) - len(found)
    return ReadPersonas(tuple(claims), tuple(aliases), dropped)


def _without(reading: ReadSentence, ignored: set[str]) -> ReadSentence:
    """The sentence without names that a person says are no customers'."""
    return replace(reading, people=tuple(m for m in reading.people if m.key not in ignored)) if ignored else reading


class _Resolver:
    """Walks a persona in reading order and remembers of whom it spoke last."""

    def __init__(self, persona: Persona, company: Company, aliases: Mapping[str, Alias]) -> None:
        self._persona = persona
        self._company = company
        self._aliases = aliases
        self._language = persona.text.text.language
        self._last: Subject | None = None
        self._last_block = -1
        self._protagonist = self._protagonist_of()

    def claims(self) -> list[Claim]:
        """One claim for each sentence with a thought."""
        found = []
        for sentence, reading in self._persona.sentences:
            if sentence.block != self._last_block:
                self._enter(sentence)
            atoms = self._atoms(sentence, reading)
            if not reading.thoughts:
                self._remember(reading, sentence)
            if atoms:
                found.append(self._claim(sentence, atoms))
        return found

    def _atoms(self, sentence: Sentence, reading: ReadSentence) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for thought in reading.thoughts:
            atom = self._resolved(thought, sentence, reading)
            before = found[-1].subject if found else None
            if before and before.kind == "campaign" and atom.measure in COSTS and atom.subject.kind != "campaign":
                atom = replace(atom, subject=before)
            found.append(atom)
        return tuple(found)

    def _enter(self, sentence: Sentence) -> None:
        self._last_block = sentence.block
        lead = lead_name(sentence, self._language)
        self._lead = self._subject_of(*lead) if lead else None
        self._carried_in_block = self._lead

    def _claim(self, sentence: Sentence, atoms: tuple[Reading, ...]) -> Claim:
        text = self._persona.text
        ref = text.text.ref
        return Claim(
            id=stable_id("c_", ref, sentence.text),
            stakeholder=self._persona.stakeholder,
            ref=ref,
            version=text.version,
            start=sentence.start,
            end=sentence.end,
            quote=sentence.text,
            sentence=sentence.text,
            heading=sentence.lead_in or sentence.heading,
            atoms=atoms,
        )

    def _remember(self, reading: ReadSentence, sentence: Sentence) -> None:
        if reading.people:
            mention = reading.people[0]
            self._carry(self._subject_of(mention.key, surface_of(sentence.text, reading.tokens, mention)))

    def _carry(self, subject: Subject) -> None:
        if subject.kind in ("segment", "unresolved"):
            self._last = self._carried_in_block = subject

    def _resolved(self, thought: Thought, sentence: Sentence, reading: ReadSentence) -> Reading:
        atom = thought.reading
        if atom.operator == "follows":
            return atom
        platform, rival = self._platforms(thought, reading)
        atom = replace(atom, channel=platform or atom.channel, other_channel=rival)
        if atom.measure in COSTS:
            costed = self._costed(atom, thought, sentence, reading)
            if costed is not None:
                return costed
        if atom.measure == "channel" and atom.channel is None:
            names = self._campaigns(thought.spans, reading)
            atom = replace(atom, channel="campaign:" + "+".join(names)) if names else atom
        people = [m for m in reading.people if _inside(m, thought.spans)]
        behind = [m for m in people if self._comes_second(m, reading)]
        ahead = [m for m in people if m not in behind]
        if behind and atom.operator in COMPARABLE:
            second = self._subject_of(behind[0].key, surface_of(sentence.text, reading.tokens, behind[0]))
            atom = replace(atom, operator="than", operator_cue=True, other=second)
        elif behind and not ahead:
            ahead = behind
        if ahead:
            subject = self._subject_of(ahead[0].key, surface_of(sentence.text, reading.tokens, ahead[0]))
            self._carry(subject)
            return replace(atom, subject=subject)
        return replace(atom, subject=self._unnamed(atom, thought, sentence, reading))

    def _comes_second(self, mention: Mention, reading: ReadSentence) -> bool:
        """ "… than students", "лучше студентов": the other party of a comparison."""
        book, tokens = self._persona.book, reading.tokens
        if any(last <= mention.first <= last + 3 for _, last in book.patterns("than").spans(tokens)):
            return True
        comparatives = {last for name in ("up", "down") for _, last in book.patterns(name).spans(tokens)}
        return book.language == "ru" and mention.first in comparatives

    def _costed(self, atom: Reading, thought: Thought, sentence: Sentence, reading: ReadSentence) -> Reading | None:
        """A cost with the campaigns it is of, and those it is held against; None when it names none."""
        before, after = self._around_than(thought, reading)
        names, others = self._campaigns(before, reading), self._campaigns(after, reading)
        if not names and not others:
            names = self._lead_campaigns(sentence) if not any(_inside(m, thought.spans) for m in reading.people) else ()
        if not names and not others:
            return None
        other = Subject("campaign", campaign=others[0], campaigns=others) if others else None
        if names:
            return replace(atom, subject=Subject("campaign", campaign=names[0], campaigns=names), other=other)
        return replace(atom, subject=self._unnamed(atom, thought, sentence, reading), other=other)

    def _around_than(self, thought: Thought, reading: ReadSentence) -> tuple[Spans, Spans]:
        """The thought before and after its "than"."""
        than = [a for a, _ in self._persona.book.patterns("than").spans(reading.tokens) if _within(a, thought.spans)]
        if not than:
            return thought.spans, ()
        cut = than[0]
        before = tuple((a, min(b, cut)) for a, b in thought.spans if a < cut)
        return before, tuple((max(a, cut), b) for a, b in thought.spans if b > cut)

    def _lead_campaigns(self, sentence: Sentence) -> tuple[str, ...]:
        return self._company.campaigns_named(tokens_of(sentence.lead_in).words()) if sentence.lead_in else ()

    def _unnamed(self, atom: Reading, thought: Thought, sentence: Sentence, reading: ReadSentence) -> Subject:
        """The subject of a thought that names nobody."""
        premise = [m for m in reading.people if _inside(m, thought.premises)]
        if premise:
            return self._subject_of(premise[0].key, surface_of(sentence.text, reading.tokens, premise[0]))
        product = self._by_product(thought, reading)
        if product:
            return product
        pronoun = self._has("pronouns", thought, reading)
        whole = atom.measure in PARTS_OF_A_WHOLE
        if self._has("ours", thought, reading) and self._protagonist and atom.measure != "demographic":
            return self._protagonist
        if atom.condition and not whole and not self._lead:
            return EVERYBODY
        if not whole and (atom.everyone or self._everybody_first(reading)):
            return EVERYBODY
        if not whole and not pronoun and self._has("universal", thought, reading):
            return EVERYBODY
        return self._carried(atom, sentence, pronoun)

    def _carried(self, atom: Reading, sentence: Sentence, pronoun: bool) -> Subject:
        """Whoever the lead-in, the text or the paragraph spoke of before."""
        if self._lead:
            return self._lead
        if pronoun:
            return self._last or self._protagonist or EVERYBODY
        if atom.measure == "channel" or atom.measure in COSTS:
            return EVERYBODY
        if self._carried_in_block:
            return self._carried_in_block
        if atom.measure != "topic" and (atom.operator in RELATIVE or atom.measure in PARTS_OF_A_WHOLE) and self._last:
            self._carried_in_block = self._last
            return self._last
        return (self._protagonist if sentence.in_list else None) or EVERYBODY

    def _everybody_first(self, reading: ReadSentence) -> bool:
        """ "If a client pays, he stays": the pronoun is the client, whoever that is."""
        book = self._persona.book
        ours = book.patterns("ours").spans(reading.tokens)
        found = [a for a, _ in book.patterns("nouns_for_all").spans(reading.tokens)]
        nouns = [a for a in found if not any(x <= a < y for x, y in ours)]
        pronouns = [a for a, _ in book.patterns("pronouns").spans(reading.tokens)]
        return bool(nouns) and (not pronouns or nouns[0] < pronouns[0])

    def _has(self, name: str, thought: Thought, reading: ReadSentence) -> bool:
        spans = self._persona.book.patterns(name).spans(reading.tokens)
        superlatives = self._persona.book.patterns("not_everyone").spans(reading.tokens)
        return any(
            _within(first, thought.spans) and not any(a <= first < b for a, b in superlatives) for first, _ in spans
        )

    def _subject_of(self, key: str, mention: str) -> Subject:
        alias = self._aliases.get(key)
        if alias is None or alias.segment == NOBODY:
            return Subject("unresolved", mention=mention)
        if alias.segment is None:
            return Subject("all", mention=mention, confirmed=alias.confirmed)
        return Subject("segment", alias.segment, mention=mention, confirmed=alias.confirmed, second=alias.second)

    def _protagonist_of(self) -> Subject | None:
        """The group the persona names most, earlier names weighing more."""
        weights: dict[str, float] = {}
        total = max(1, len(self._persona.sentences))
        for index, (_, reading) in enumerate(self._persona.sentences):
            for mention in reading.people[:1]:
                alias = self._aliases.get(mention.key)
                if alias and alias.segment and alias.segment != NOBODY:
                    ours = any(t.reading.measure == "identity" for t in reading.thoughts)
                    weights[alias.segment] = (
                        weights.get(alias.segment, 0.0) + 1.5 - index / total + (2.0 if ours else 0)
                    )
        best = max(sorted(weights), key=lambda s: weights[s], default=None)
        return Subject("segment", best) if best else None

    # -- products, campaigns and platforms

    def _by_product(self, thought: Thought, reading: ReadSentence) -> Subject | None:
        """The segment that buys most of the product the thought names, when it is most of the buyers."""
        stems = self._company.product_stems
        for index, token in enumerate(reading.tokens.items):
            for part in token.word.split("-"):
                product = stems.get(stem_of(lemma(part))) if len(part) > 3 and _within(index, thought.spans) else None
                if product:
                    counts = self._company.products[product]
                    segment, count = max(sorted(counts.items()), key=lambda item: item[1])
                    if count * 2 > sum(counts.values()):
                        return Subject("segment", segment, mention=token.word)
        return None

    def _campaigns(self, spans: Spans, reading: ReadSentence) -> tuple[str, ...]:
        """The campaigns that the words of the first clause to name any fit best."""
        for span in spans:
            words = [t.word for i, t in enumerate(reading.tokens.items) if _within(i, [span])]
            names = self._company.campaigns_named(words)
            if names:
                return names
        return ()

    def _platforms(self, thought: Thought, reading: ReadSentence) -> tuple[str | None, str | None]:
        """Channels of the data named by their own name: the first, and one it is compared with."""
        names = {c.channel.lower(): c.channel for c in self._company.campaigns if c.channel}
        found = [
            (i, names[t.word])
            for i, t in enumerate(reading.tokens.items)
            if _within(i, thought.spans) and t.word in names
        ]
        than = [a for a, _ in self._persona.book.patterns("than").spans(reading.tokens)]
        behind = [name for i, name in found if any(a < i for a in than)]
        ahead = [name for i, name in found if name not in behind]
        return (ahead[0] if ahead else None), (behind[0] if behind else None)


def _within(index: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= index < b for a, b in spans)


def _inside(mention: Mention, spans: Sequence[tuple[int, int]]) -> bool:
    return _within(mention.first, spans)
