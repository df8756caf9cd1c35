"""What a cycle asks for companies of any size, and what tells a sentence from a heap of words."""

from __future__ import annotations

import random
import time
from collections import Counter as Count
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import NamedTuple

from eval.planted import WORKSPACE, ingested
from service.briefs.compose import compose_all
from service.briefs.facts import Ledger
from service.briefs.inputs import BriefInputs
from service.briefs.material import Material
from service.briefs.spoken.hand import spoken
from service.briefs.spoken.wording import FLOW, pairs_of
from service.briefs.step import gather
from service.core.progress import silent
from service.corpus.model import Corpus
from service.llm.estimate import Counter
from service.personas.model import Claim
from service.personas.proposals import propose
from service.personas.repository import load_personas
from service.segments.model import Segment, Share, TopicShare
from service.segments.proposed_names import plainly, with_proposed_names

STAGES = ("embedding", "segments", "economics", "personas", "comparison", "portrait")
RUN = "run"


def print_cost(case: str, sizes: Sequence[int]) -> None:
    """Calls and tokens a cycle for each size, and how far apart they are."""
    with ingested(case) as (store, settings):
        for stage in STAGES:
            import_module(f"service.{stage}.step").run(store, settings, WORKSPACE, RUN, silent)
        inputs = gather(store, settings, WORKSPACE, RUN)
        with store.session() as session:
            claims = load_personas(session, WORKSPACE, RUN).claims
    found = []
    print(f"{case}: one cycle of {len(inputs.segments)} segments and {len(claims)} claims, documents multiplied")
    for size in sizes:
        began = time.perf_counter()
        grown = multiplied(inputs, max(1, round(size / len(inputs.corpus.documents))))
        counter = Counter(settings)
        _ask_all(grown, claims, counter)
        total = counter.total
        found.append((total.calls, total.tokens_in + total.tokens_out))
        print(
            f"  {len(grown.corpus.documents):>6} documents, {len(grown.corpus.customers):>6} customers: "
            f"{total.calls} calls, {total.tokens_in} tokens sent, up to {total.tokens_out} answered "
            f"({time.perf_counter() - began:.0f} s)"
        )
    for what, values in zip(("calls", "tokens"), zip(*found, strict=True), strict=True):
        print(f"  {what}: largest over smallest {max(values) / min(values):.3f}")


def _ask_all(inputs: BriefInputs, claims: Sequence[Claim], counter: Counter) -> None:
    names = plainly(inputs.segmentation)
    assert names is not None
    with_proposed_names(names, None, inputs.corpus, counter)
    propose(claims, names.segments, inputs.corpus.language, counter)
    ledger, language = Ledger(inputs), inputs.corpus.language
    spoken(compose_all(inputs, language, ledger), Material(inputs, language, ledger), counter)


def multiplied(inputs: BriefInputs, times: int) -> BriefInputs:
    """The same company with every customer `times` times: their documents, deals and places; shares count them all."""
    if times == 1:
        return inputs
    corpus, found = inputs.corpus, inputs.segmentation
    copies = range(times)
    grown = replace(
        corpus,
        documents=tuple(
            replace(d, id=f"{d.id}~{c}", customer=f"{d.customer}~{c}") for c in copies for d in corpus.documents
        ),
        deals=tuple(replace(d, customer=f"{d.customer}~{c}") for c in copies for d in corpus.deals),
    )
    placed = tuple(replace(a, customer=f"{a.customer}~{c}") for c in copies for a in found.assignments)
    segments = tuple(_grown(segment, times) for segment in found.segments)
    customers = found.customers * times
    return BriefInputs(
        grown,
        replace(found, segments=segments, assignments=placed, customers=customers),
        inputs.measures, inputs.comparison, inputs.portrait, inputs.made_on,
    )  # fmt: skip


def _grown(segment: Segment, times: int) -> Segment:
    phrases = tuple(
        replace(p, members=_many(p.members, times), others=_many(p.others, times)) for p in segment.keyphrases
    )
    return replace(
        segment, size=segment.size * times, share=_many(segment.share, times), keyphrases=phrases,
        topics=_topics(segment.topics, times), facets=_topics(segment.facets, times), quotes=(),
    )  # fmt: skip


def _topics(topics: tuple[TopicShare, ...], times: int) -> tuple[TopicShare, ...]:
    return tuple(replace(t, members=_many(t.members, times), others=_many(t.others, times), quotes=()) for t in topics)


def _many(share: Share, times: int) -> Share:
    return replace(share, k=share.k * times, n=share.n * times)


class Sentence(NamedTuple):
    """A customer's sentence as dictionary forms."""

    customer: str
    words: tuple[str, ...]


def print_flow(case: str) -> None:
    """How many sentences pass for speech, real ones and the same words shuffled; whoever says them is left out."""
    from service.corpus.repository import load_corpus

    with ingested(case) as (store, settings), store.session() as session:
        corpus = load_corpus(session, WORKSPACE, settings)
    said = list(_sentences(corpus))
    users: Count[tuple[str, str]] = Count(pair for pairs in _by_customer(corpus).values() for pair in pairs)
    own = _by_customer(corpus)
    chooser = random.Random(0)
    real = shuffled = 0
    for sentence in said:
        mixed = list(sentence.words)
        chooser.shuffle(mixed)
        real += _share(sentence.words, users, own[sentence.customer]) >= FLOW
        shuffled += _share(mixed, users, own[sentence.customer]) >= FLOW
    passed = [f"{count / len(said):.1%}" for count in (real, shuffled)]
    print(f"{case}: {len(said)} sentences; at {FLOW} pass {passed[0]} as said, {passed[1]} shuffled")


def _by_customer(corpus: Corpus) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for document in corpus.documents:
        for utterance in document.document.utterances:
            found.setdefault(document.customer, set()).update(pairs_of(utterance.text))
    return found


def _sentences(corpus: Corpus) -> Iterator[Sentence]:
    from service.segments.words import lemmas

    for document in corpus.documents:
        for utterance in document.document.utterances:
            words = tuple(lemmas(utterance.text))
            if 5 <= len(words) <= 16:
                yield Sentence(document.customer, words)


def _share(words: Sequence[str], users: Count[tuple[str, str]], own: set[tuple[str, str]]) -> float:
    """As `wording.flow`, with the pairs of everybody else."""
    pairs = list(zip(words, words[1:], strict=False))
    return sum(users[pair] - (pair in own) >= 1 for pair in pairs) / len(pairs)
