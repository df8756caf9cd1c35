"""A segment keeps its id by its members, one to one, never by number or label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from service.core.ids import stable_id

CONTINUES = 0.3
"""Jaccard overlap of members (among customers known to both runs) from which a segment is the same one."""


def segment_ids(members: Sequence[Sequence[str]], before: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids for new segments given their members and the earlier run's `{id: members}`.

    The best one-to-one matching by overlap (Hungarian method); a segment without a match gets an id made from its
    members, so the same data give the same ids.
    """
    fresh = [stable_id("s_", *sorted(people)) for people in members]
    if not members or not before:
        return fresh
    from scipy.optimize import linear_sum_assignment

    old = sorted(before)
    known = {customer for people in before.values() for customer in people}
    overlap = np.zeros((len(members), len(old)))
    for row, people in enumerate(members):
        mine = set(people) & known
        for column, name in enumerate(old):
            theirs = set(before[name])
            union = len(mine | theirs)
            overlap[row, column] = len(mine & theirs) / union if union else 0.0
    rows, columns = linear_sum_assignment(-overlap)
    ids = list(fresh)
    for row, column in zip(rows, columns, strict=True):
        if overlap[row, column] >= CONTINUES:
            ids[int(row)] = old[int(column)]
    return ids
