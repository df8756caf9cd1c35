"""Self-training: a classifier learns from confident utterances of other calls what agents and customers sound like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.speakers.evidence import Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROUNDS = 4
FOLDS = 5
STRENGTH = 3.0
LABELLED_WEIGHT = 3.0
CLIP = 4.0
SEED_WEIGHT = 0.4
SEED_CLIP = 2.0
"""Recipe A5.7."""
SETTLED = 0.002
"""Share of utterances that a round turns, and mean change of probability, at which another round teaches nothing."""
MIN_TRAINING_WORDS = 2
MAX_LESSONS = 3_000
MAX_TRAINING = 8_000
"""Utterances one fit learns from; beyond that every k-th, the words repeat anyway: of 2,000 made calls as many words
got the right role as with 20,000 (.890 and .888), in half the time."""
MAX_FEATURES = 30_000
TOLERANCE = 0.01
"""Of the fit: tighter changed one call in 700 and took twice as long."""

Smooth = Callable[[int, Sequence[float]], list[float]]
"""From a call's number and its log-odds to probabilities."""


def self_train(
    calls: Sequence[Sequence[Spoken]],
    seeds: Sequence[Sequence[float]],
    smooth: Smooth,
    labelled: Sequence[tuple[str, bool]],
) -> list[list[float]]:
    """Probabilities of "agent" by call and utterance.

    Each round learns from the last round's probabilities, weighted by their certainty, and judges every call by a
    classifier that has not seen it. `labelled` are words with True for the agent, from calls whose files name speakers.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    owner = np.array([number for number, call in enumerate(calls) for _ in call])
    words = [spoken.words for call in calls for spoken in call]
    sizes = np.array([spoken.size for call in calls for spoken in call])
    features = _features([*words, *(text for text, _ in labelled)])
    own, taught = features[: len(words)], features[len(words) :]
    teacher = np.array([agent for _, agent in labelled], dtype=bool)
    seed = np.clip(np.array([score for call in seeds for score in call]), -SEED_CLIP, SEED_CLIP)
    probabilities = _by_call(calls, [score for call in seeds for score in call], smooth)
    # The solver's vectors are too small for threads: they would only wait for each other.
    with threadpool_limits(1):
        for _ in range(ROUNDS):
            flat = np.array([chance for call in probabilities for chance in call])
            odds = _cross_fitted(own, owner, flat, sizes, taught, teacher) + SEED_WEIGHT * seed
            probabilities = _by_call(calls, odds.tolist(), smooth)
            after = np.array([chance for call in probabilities for chance in call])
            if np.mean((after > 0.5) != (flat > 0.5)) <= SETTLED and np.mean(np.abs(after - flat)) <= SETTLED:
                break
    return probabilities


def _by_call(calls: Sequence[Sequence[Spoken]], flat: Sequence[float], smooth: Smooth) -> list[list[float]]:
    result, position = [], 0
    for number, call in enumerate(calls):
        result.append(smooth(number, flat[position : position + len(call)]))
        position += len(call)
    return result


def _features(texts: Sequence[str]) -> Any:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    by_word = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"[^ ]+", sublinear_tf=True, max_features=MAX_FEATURES)
    by_letter = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, max_features=MAX_FEATURES)
    filled = [text or "-" for text in texts]
    return hstack([by_word.fit_transform(filled), by_letter.fit_transform(filled)]).tocsr()


def _cross_fitted(
    features: Any,
    owner: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    sizes: NDArray[np.int64],
    taught: Any,
    teacher: NDArray[np.bool_],
) -> NDArray[np.float64]:
    import numpy as np

    odds = np.zeros(len(owner))
    folds = owner % FOLDS
    usable = sizes >= MIN_TRAINING_WORDS
    for fold in range(FOLDS):
        held = folds == fold
        if held.any():
            rows = _sample(np.flatnonzero(~held & usable))
            odds[held] = _fit_and_judge(features, rows, probabilities, taught, teacher, held)
    return np.clip(odds, -CLIP, CLIP)


def _sample(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[:: 1 + len(rows) // MAX_TRAINING]


def _fit_and_judge(
    features: Any,
    rows: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    taught: Any,
    teacher: NDArray[np.bool_],
    held: NDArray[np.bool_],
) -> NDArray[np.float64]:
    import numpy as np
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    lessons = np.arange(len(teacher))[:: 1 + len(teacher) // MAX_LESSONS]
    sides = np.concatenate([probabilities[rows] > 0.5, teacher[lessons]])
    weights = np.concatenate([np.abs(2 * probabilities[rows] - 1), np.full(len(lessons), LABELLED_WEIGHT)])
    if len(set(sides.tolist())) < 2 or weights.sum() == 0:
        return np.zeros(int(held.sum()))
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", tol=TOLERANCE, random_state=0)
    model.fit(vstack([features[rows], taught[lessons]]), sides, sample_weight=weights)
    judged: NDArray[np.float64] = model.decision_function(features[held])
    return judged
