"""Segments emerge, with honest leftovers, and the same data give the same result."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from sklearn.metrics import adjusted_rand_score
from talking_shop import corpus_of, shop, word_vectors, written

from ingest.model import DocumentKind, Speaker, Utterance
from service.segments.discover import FEWEST_CUSTOMERS, discover
from service.segments.model import Segmentation


@pytest.fixture(scope="module")
def found() -> tuple[Segmentation, dict[str, str]]:
    corpus, group_of = shop()
    return discover(corpus, word_vectors), group_of


def test_the_three_reasons_to_come_emerge(found: tuple[Segmentation, dict[str, str]]) -> None:
    segmentation, group_of = found
    real = {customer: group for customer, group in group_of.items() if group != "outsider"}
    labels = segmentation.segment_of()
    assert adjusted_rand_score(list(real.values()), [labels.get(c, "") for c in real]) > 0.8
    assert 3 <= sum(segment.kind == "segment" for segment in segmentation.segments) <= 4


def test_wrong_numbers_are_set_apart_and_leave_every_denominator(found: tuple[Segmentation, dict[str, str]]) -> None:
    segmentation, group_of = found
    outside = {customer for customer, group in group_of.items() if group == "outsider"}
    assert segmentation.outsiders() == outside
    assert all(s.share.n == len(group_of) - len(outside) for s in segmentation.segments if s.kind == "segment")


def test_every_customer_has_exactly_one_place(found: tuple[Segmentation, dict[str, str]]) -> None:
    segmentation, group_of = found
    assert Counter(a.customer for a in segmentation.assignments) == Counter(list(group_of))
    assert all(0 <= a.probability <= 1 for a in segmentation.assignments)
    counted = Counter(a.status for a in segmentation.assignments)
    assert counted["unassigned"] == segmentation.unassigned
    assert counted["not_a_customer"] == segmentation.not_a_customer
    for segment in segmentation.segments:
        assert sum(a.segment == segment.id for a in segmentation.assignments) == segment.size


def test_keyphrases_and_the_name_are_truer_of_members(found: tuple[Segmentation, dict[str, str]]) -> None:
    for segment in found[0].segments:
        if segment.kind != "segment":
            continue
        assert segment.keyphrases
        assert all((k.members.value or 0) > (k.others.value or 0) for k in segment.keyphrases)
        assert segment.name_check is not None, segment.name
        assert segment.name_check.passed, segment.name


def test_quotes_are_verbatim_at_their_offsets() -> None:
    corpus, _ = shop()
    documents = {document.id: document for document in corpus.documents}
    for segment in discover(corpus, word_vectors).segments:
        for quote in segment.quotes:
            utterance = documents[quote.document].document.utterances[quote.position]
            assert utterance.text[quote.start : quote.end] == quote.text
            assert documents[quote.document].customer == quote.customer


def test_shuffled_rows_give_the_same_result(found: tuple[Segmentation, dict[str, str]]) -> None:
    corpus, _ = shop()
    documents = list(corpus.documents)
    random.Random(3).shuffle(documents)
    assert discover(replace(corpus, documents=tuple(documents)), word_vectors) == found[0]


def test_another_salt_gives_the_same_partition(found: tuple[Segmentation, dict[str, str]]) -> None:
    """Customer ids hang on the workspace's salt; who is with whom must not."""
    corpus, _ = shop(prefix="other")
    by_document = {d.id: d.customer for d in corpus.documents}
    here, _ = shop()
    labels, other = found[0].segment_of(), discover(corpus, word_vectors).segment_of()
    pairs = [(labels.get(d.customer, ""), other.get(by_document[d.id], "")) for d in here.documents]
    assert adjusted_rand_score(*zip(*pairs, strict=True)) == 1.0


def test_too_few_customers_get_an_honest_answer() -> None:
    corpus, group_of = shop(per_group=6, outsiders=2)
    assert len(group_of) < FEWEST_CUSTOMERS
    segmentation = discover(corpus, word_vectors)
    assert segmentation.small
    assert not segmentation.segment_of()
    assert segmentation.unassigned == 18


def test_an_empty_corpus_is_small_and_empty() -> None:
    segmentation = discover(corpus_of([]), word_vectors)
    assert segmentation.small
    assert segmentation.assignments == ()


def test_identical_texts_make_no_crash_and_no_contrast() -> None:
    documents = [written(f"{n}.txt", f"c_{n}", ["сколько стоит ремонт экрана"], DocumentKind.CALL) for n in range(40)]
    segmentation = discover(corpus_of(documents), word_vectors)
    assert len(segmentation.assignments) == 40
    assert all(not segment.keyphrases for segment in segmentation.segments)


def test_one_document_each_still_gives_groups_by_splitting_calls() -> None:
    corpus, group_of = shop(outsiders=0)
    merged: dict[str, list[str]] = {}
    for document in corpus.documents:
        merged.setdefault(document.customer, []).extend(text for _, text in document.said_by(Speaker.CUSTOMER))
    single = [written(f"{c}.txt", c, lines, DocumentKind.CALL) for c, lines in merged.items()]
    segmentation = discover(corpus_of(single), word_vectors)
    assert segmentation.manifest is not None
    assert segmentation.manifest["split_documents"] == 1
    labels = segmentation.segment_of()
    assert adjusted_rand_score(list(group_of.values()), [labels.get(c, "") for c in group_of]) > 0.5


def test_what_the_agent_says_reaches_no_keyphrase() -> None:
    corpus, _ = shop()
    agent = Utterance(Speaker.AGENT, "кабриолет кабриолет кабриолет")
    documents = tuple(
        replace(d, document=replace(d.document, utterances=(agent, *d.document.utterances))) for d in corpus.documents
    )
    segmentation = discover(replace(corpus, documents=documents), word_vectors)
    assert all("кабриолет" not in k.lemma for s in segmentation.segments for k in s.keyphrases)


def test_ids_and_names_survive_new_customers(found: tuple[Segmentation, dict[str, str]]) -> None:
    before = found[0]
    renamed = replace(before, segments=tuple(replace(s, name=f"{s.name}, наши") for s in before.segments))
    corpus, _ = shop(per_group=22)
    after = discover(corpus, word_vectors, before=renamed)
    size = {s.id: s.size for s in before.segments if s.kind == "segment"}
    kept = [s for s in after.segments if s.id in size]
    assert len(kept) >= 3
    assert all(s.name.endswith(", наши") for s in kept if s.size >= size[s.id])  # half a segment may need another name


def test_a_name_that_no_longer_holds_gives_way(found: tuple[Segmentation, dict[str, str]]) -> None:
    before = found[0]
    renamed = replace(before, segments=tuple(replace(s, name="Кабриолеты") for s in before.segments))
    after = discover(shop()[0], word_vectors, before=renamed)
    assert [s.name for s in after.segments] == [s.name for s in before.segments]
