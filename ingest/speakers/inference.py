"""From utterance log-odds to the probability that the agent spoke, by call."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.speakers.evidence import Spoken

SAME_SPEAKER = 0.3
"""Chance that the next cue has the same speaker; from the posterior .31 to .35 (ru), .17 (en), recipe A5.6."""
AGENT_STARTS = 0.65
MARGIN_SCALE = 4.0
WEIGHED_WORDS = 12
SHRINK = 1.0
"""A speaker with one short remark is pulled to neutral by this much weight."""


def speaker_probabilities(call: Sequence[Spoken], odds: Sequence[float]) -> list[float]:
    """Probability of "agent" for every utterance when the file tells speakers apart.

    One voice is the agent. Of three and more another is an agent too (a colleague who takes over) only where it speaks
    clearly more like the agent than like the most customer-like voice; otherwise it is on the customer's side.
    """
    weights: dict[int, float] = {}
    sums: dict[int, float] = {}
    for spoken, score in zip(call, odds, strict=True):
        weight = math.sqrt(min(WEIGHED_WORDS, spoken.size))
        weights[spoken.tag] = weights.get(spoken.tag, 0.0) + weight
        sums[spoken.tag] = sums.get(spoken.tag, 0.0) + weight * score
    means = {tag: sums[tag] / (weights[tag] + SHRINK) for tag in sums}
    if len(means) == 1:
        only = _sigmoid(next(iter(sums.values())) / MARGIN_SCALE)
        return [only] * len(call)
    ranked = sorted(means, key=lambda tag: (-means[tag], tag))
    agent = ranked[0]
    customer = ranked[-1]
    chances = {tag: 1 - _lead(means, weights, agent, tag) for tag in ranked[1:]}
    for tag in ranked[1:-1]:
        nearer = means[tag] - (means[agent] + means[customer]) / 2
        if means[tag] > 0 and nearer > 0:
            chances[tag] = max(chances[tag], _sigmoid(2 * nearer * weights[tag] / MARGIN_SCALE))
    others = [tag for tag in ranked[1:] if chances[tag] <= 0.5]
    main_other = max(others, key=lambda tag: (weights[tag], -tag))
    chances[agent] = 1 - chances[main_other]
    return [chances[spoken.tag] for spoken in call]


def _lead(means: dict[int, float], weights: dict[int, float], agent: int, other: int) -> float:
    """Probability that `agent` and not `other` is the agent: their margin in units of the lesser one's speech."""
    margin = (means[agent] - means[other]) * min(weights[agent], weights[other])
    return _sigmoid(margin / MARGIN_SCALE)


def cue_probabilities(odds: Sequence[float], changes: Sequence[float] | None = None) -> list[float]:
    """Probability of "agent" for every cue of an untagged call; `changes` where cues were cut, see `two_states`."""
    return two_states(odds, changes if changes is not None else [1 - SAME_SPEAKER] * len(odds))


def two_states(odds: Sequence[float], changes: Sequence[float]) -> list[float]:
    """Probability of "agent" at every step, forward and backward; `changes`: of the other speaker before each step."""
    agent = [_sigmoid(score) for score in odds]
    forward: list[float] = []
    state = AGENT_STARTS
    for likely, change in zip(agent, changes, strict=True):
        if forward:
            state = forward[-1] * (1 - change) + (1 - forward[-1]) * change
        up = state * likely
        forward.append(up / (up + (1 - state) * (1 - likely)))
    backward = [0.5] * len(agent)
    for place in range(len(agent) - 2, -1, -1):
        change = changes[place + 1]
        ahead_agent = backward[place + 1] * agent[place + 1]
        ahead_customer = (1 - backward[place + 1]) * (1 - agent[place + 1])
        up = ahead_agent * (1 - change) + ahead_customer * change
        down = ahead_agent * change + ahead_customer * (1 - change)
        backward[place] = up / (up + down)
    return [
        ahead * behind / (ahead * behind + (1 - ahead) * (1 - behind))
        for ahead, behind in zip(forward, backward, strict=True)
    ]


def _sigmoid(score: float) -> float:
    bounded = max(-30.0, min(30.0, score))
    return 1 / (1 + math.exp(-bounded))
