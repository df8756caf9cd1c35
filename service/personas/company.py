"""What the data know of each segment, to tell whom a persona means: words, products, campaigns, meaning.

A mention ("the tech guys") is scored against every segment by five kinds of evidence, each made comparable over the
segments: closeness in meaning to what members say, keyphrases, the words themselves in members' mouths, products and
advertising, and the segment's name. The sum is a suggestion for a person to confirm, kept with its score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from ingest.model import DealStatus, TextKind
from service.corpus.model import Corpus
from service.personas.voices import Voices, stem_of
from service.segments.model import Segment, Segmentation
from service.segments.phrases import log_odds_z, stop_words
from service.segments.words import lemma, words

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

WEIGHTS = {
    "meaning": 1.0,
    "context": 0.7,
    "keyphrases": 1.0,
    "spoken": 0.8,
    "trade": 1.4,
    "context_trade": 2.0,
    "name": 0.6,
    "context_spoken": 0.6,
}
"""Weight of each kind of evidence, standardised over the segments (measured: all of one order)."""
NEARLY = 0.75
"""Campaigns whose words fit at least this part of the best fit are meant too: one audience on two platforms."""


@dataclass(frozen=True)
class Campaign:
    """A campaign with the words it is known by and whom it brings."""

    name: str
    stems: frozenset[str]
    channel: str | None
    brings: Mapping[str, float]
    """Segment → share of the campaign's customers."""
    customers: Mapping[str, int]
    """Segment → customers who answered it."""


class Company:
    """Evidence about segments, products and campaigns of one run."""

    def __init__(self, corpus: Corpus, segmentation: Segmentation, voices: Voices, encode: Encode | None) -> None:
        self.voices = voices
        self.segments: tuple[Segment, ...] = tuple(s for s in segmentation.segments if s.kind == "segment")
        self.ids = [s.id for s in self.segments]
        self._corpus = corpus
        self._segment_of = segmentation.segment_of()
        self._encode = encode

    # -- meaning -----------------------------------------------------------------------------------------------

    @cached_property
    def _centroids(self) -> tuple[Floats, Floats]:
        """(mean of all customers, unit rows of segments minus that mean)."""
        assert self._encode is not None
        texts = [(d.customer, d.customer_text) for d in self._corpus.documents if d.customer_text]
        texts = [(c, t) for c, t in texts if c in self.voices.said]
        vectors = self._encode([t for _, t in texts])
        rows: dict[str, list[int]] = {}
        for index, (customer, _) in enumerate(texts):
            rows.setdefault(customer, []).append(index)
        means = {c: vectors[places].mean(axis=0) for c, places in rows.items()}
        overall = np.mean(list(means.values()), axis=0)
        centred = [
            np.mean([means[c] for c in self.voices.customers(s) if c in means] or [overall], axis=0) - overall
            for s in self.ids
        ]
        return overall, _unit(np.stack(centred))

    def meaning(self, texts: Sequence[str]) -> Floats:
        """Cosine of each text with each segment, both less the company's mean: (n_texts, n_segments)."""
        if self._encode is None or not self.ids or not texts:
            return np.zeros((len(texts), len(self.ids)), dtype=np.float32)
        _, segments = self._centroids
        vectors = self._encode(texts)
        return np.asarray(_unit(vectors - self._background) @ segments.T, dtype=np.float32)

    def likeness(self, one: str, two: str) -> float:
        """Cosine of two short texts; 0 without an encoder."""
        if self._encode is None:
            return 0.0
        vectors = self._encode([one, two])
        return float(vectors[0] @ vectors[1])

    @property
    def encode(self) -> Encode | None:
        """The encoder, when one is at hand."""
        return self._encode

    @cached_property
    def _background(self) -> Floats:
        """Mean vector of the personas' own sentences and the customers' mean: what every text has in common."""
        return self._centroids[0]

    # -- words -------------------------------------------------------------------------------------------------

    @cached_property
    def _keyphrases(self) -> list[dict[str, float]]:
        found = []
        for segment in self.segments:
            weights: dict[str, float] = {}
            for phrase in segment.keyphrases:
                for part in phrase.lemma.split():
                    weights[part] = max(weights.get(part, 0.0), phrase.score)
            top = max(weights.values(), default=1.0) or 1.0
            found.append({part: score / top for part, score in weights.items()})
        return found

    def keyphrase_score(self, forms: Iterable[str]) -> list[float]:
        """Sum of the weights of keyphrases that share a stem with the words, a segment at a time."""
        stems = {stem_of(form) for form in forms}
        return [
            sum(weight for part, weight in phrases.items() if any(part.startswith(stem) for stem in stems))
            for phrases in self._keyphrases
        ]

    def spoken_score(self, forms: Iterable[str]) -> list[float]:
        """How much more often members use the words than others do: mean z of the log-odds, −4 to 4."""
        scores = np.zeros(len(self.ids))
        counted = 0
        everybody = set(self._segment_of) & set(self.voices.said)
        for form in sorted(set(forms)):
            users = self.voices.who_use(form) & everybody
            if not 2 <= len(users) <= 0.6 * len(everybody):
                continue
            counted += 1
            for index, segment in enumerate(self.ids):
                members = self.voices.customers(segment)
                inside = sum(c in users for c in members)
                z = log_odds_z(inside, len(members), len(users) - inside, len(everybody) - len(members))
                scores[index] += float(np.clip(z, -4, 4))
        return list(scores / counted**0.5) if counted else [0.0] * len(self.ids)

    def name_score(self, forms: Iterable[str]) -> list[float]:
        """1 for each word the segment's name holds."""
        stems = {stem_of(form) for form in forms}
        names = [[lemma(word) for word in words(s.own_name)] for s in self.segments]
        return [float(sum(any(part.startswith(stem) for part in name) for stem in stems)) for name in names]

    # -- products and campaigns --------------------------------------------------------------------------------

    @cached_property
    def products(self) -> dict[str, Counter[str]]:
        """Product → deals by segment: won ones, or all of them where nothing was won."""
        deals = [d for d in self._corpus.deals if d.deal.product and d.customer in self._segment_of]
        won = [d for d in deals if d.deal.status is DealStatus.WON]
        found: dict[str, Counter[str]] = {}
        for item in won or deals:
            found.setdefault(item.deal.product or "", Counter())[self._segment_of[item.customer]] += 1
        return found

    @cached_property
    def product_stems(self) -> dict[str, str]:
        """Stem → product, for words that name one product only."""
        owners: dict[str, set[str]] = {}
        for product in self.products:
            for word in words(product.replace("-", " ")):
                if len(word) > 3 and lemma(word) not in stop_words():
                    owners.setdefault(stem_of(lemma(word)), set()).add(product)
        return {stem: next(iter(names)) for stem, names in owners.items() if len(names) == 1}

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Campaigns of the ad report and of ad responses."""
        known: dict[str, set[str]] = {}
        channel: dict[str, str] = {}
        brought: dict[str, Counter[str]] = {}
        answered: dict[str, set[str]] = {}
        for row in self._corpus.ad_spend:
            known.setdefault(row.campaign, set()).update(_stems(f"{row.campaign} {row.ad or ''}"))
            channel.setdefault(row.campaign, row.platform)
        for item in self._corpus.documents:
            if item.document.campaign:
                known.setdefault(item.document.campaign, set()).update(
                    _stems(f"{item.document.campaign} {item.document.ad or ''}")
                )
                if item.customer in self._segment_of:
                    answered.setdefault(item.document.campaign, set()).add(item.customer)
        for name, people in answered.items():
            brought[name] = Counter(self._segment_of[customer] for customer in people)
        for name, creative in self._creatives(known):
            known[name] |= creative
        return tuple(
            Campaign(
                name,
                frozenset(known[name]),
                channel.get(name),
                _shares(brought.get(name, Counter())),
                brought.get(name, Counter()),
            )
            for name in sorted(known)
        )

    def campaigns_named(self, said: Sequence[str]) -> tuple[str, ...]:
        """Campaigns that the words of a clause fit best, by words few campaigns share; none when nothing stands out."""
        stems = {stem_of(lemma(w)) for word in said for w in word.split("-") if len(w) > 3 and w[0].isalpha()}
        known = self.campaigns
        scored = {c.name: sum(self._rarity(stem) for stem in stems & c.stems) for c in known}
        best = max(scored.values(), default=0.0)
        if best < log(3):
            return ()
        names = tuple(name for name in sorted(scored) if scored[name] >= NEARLY * best)
        return names if len(names) <= max(2, len(known) // 2) else ()

    def _rarity(self, stem: str) -> float:
        return log(1 + len(self.campaigns) / max(1, sum(stem in c.stems for c in self.campaigns)))

    def _creatives(self, known: Mapping[str, set[str]]) -> list[tuple[str, set[str]]]:
        """Creatives with the campaign they name: (campaign, stems of title and text)."""
        found = []
        for text in self._corpus.texts:
            if text.text.kind is not TextKind.CREATIVE:
                continue
            plain = text.text.text.lower()
            for name in known:
                if name and name.lower() in plain:
                    found.append((name, _stems(f"{text.text.name} {text.text.text}")))
        return found

    def trade_score(self, forms: Iterable[str]) -> list[float]:
        """How products and campaigns that share the words lean to each segment."""
        stems = {stem_of(form) for form in forms if form not in stop_words()}
        scores = np.zeros(len(self.ids))
        for product, counts in self.products.items():
            hits = len(stems & {stem_of(lemma(word)) for word in words(product.replace("-", " "))})
            scores += min(2, hits) * self._lean(_shares(counts))
        for campaign in self.campaigns:
            hits = len(stems & campaign.stems)
            scores += 0.5 * min(2, hits) * self._lean(campaign.brings)
        return list(scores)

    def _lean(self, shares: Mapping[str, float]) -> NDArray[np.float64]:
        """Share of each segment less its share of all members: what the source has more of than the company."""
        total = sum(len(self.voices.customers(s)) for s in self.ids) or 1
        return np.array(
            [shares.get(s, 0.0) - len(self.voices.customers(s)) / total if shares else 0.0 for s in self.ids]
        )

    # -- all together ------------------------------------------------------------------------------------------

    def scores(self, mentions: Sequence[str], contexts: Sequence[str]) -> NDArray[np.float64]:
        """Score of every mention for every segment: (n_mentions, n_segments)."""
        if not self.ids or not mentions:
            return np.zeros((len(mentions), len(self.ids)))
        by_meaning = self.meaning(mentions)
        by_context = self.meaning(contexts)
        rows = []
        for index, (mention, context) in enumerate(zip(mentions, contexts, strict=True)):
            own = _content(mention)
            around = _content(context)
            evidence = {
                "meaning": by_meaning[index] / 0.1,
                "context": by_context[index] / 0.1,
                "keyphrases": np.array(self.keyphrase_score(own)) + 0.4 * np.array(self.keyphrase_score(around)),
                "spoken": np.array(self.spoken_score(own)) / 2,
                "context_spoken": np.array(self.spoken_score(around)) / 3,
                "trade": np.array(self.trade_score(own)) * 2,
                "context_trade": np.array(self.trade_score(around)),
                "name": np.array(self.name_score(own)),
            }
            rows.append(sum(WEIGHTS[kind] * np.asarray(values) for kind, values in evidence.items()))
        return np.stack(rows)


def _content(text: str) -> list[str]:
    forms = [lemma(word) for word in words(text.replace("-", " "))]
    return [form for form in forms if len(form) > 2 and form not in stop_words()]


def _stems(text: str) -> set[str]:
    parts = words(text.replace("_", " ").replace("-", " "))
    return {stem_of(lemma(word)) for word in parts if len(word) > 3 and lemma(word) not in stop_words()}


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {key: count / total for key, count in counts.items()} if total else {}


def _unit(matrix: NDArray[np.floating]) -> Floats:
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1.0), dtype=np.float32)
