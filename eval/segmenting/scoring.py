"""Agreement of found with planted segments. Whoever a method leaves out counts as a member of one more cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eval.segmenting.companies import Company

Labels = Mapping[str, str]
"""The product's customer → label; absent or "" is left out."""


class Score(NamedTuple):
    """`found` clusters against `true`; `covered`: share of the `scored` contacts put somewhere.

    `nmi` and `accuracy` (best one-to-one match of clusters and segments) are what intent-discovery papers print.
    """

    ari: float
    ami: float
    nmi: float
    accuracy: float
    found: int
    true: int
    covered: float
    scored: int


class Apart(NamedTuple):
    """Contacts that are no customers and were set apart, of all such; customers wrongly set apart, of all customers."""

    noise: int
    of_noise: int
    real: int
    of_real: int


def score(labels: Labels, company: Company) -> Score:
    """Over contacts planted in one segment; each has the label most of their documents' customers have."""
    wanted, got = [], []
    for contact, customers in sorted(company.customers_of().items()):
        planted = company.planted[contact]
        if planted.kind != "one" or planted.segment is None:
            continue
        votes = Counter(labels[customer] for customer in customers if labels.get(customer))
        wanted.append(planted.segment)
        got.append(min(votes, key=lambda label: (-votes[label], label)) if votes else "")
    return compared(wanted, got)


def compared(wanted: Sequence[str], got: Sequence[str]) -> Score:
    """Planted against found, contact by contact; "" is left out."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, normalized_mutual_info_score

    return Score(
        float(adjusted_rand_score(wanted, got)),
        float(adjusted_mutual_info_score(wanted, got)),
        float(normalized_mutual_info_score(wanted, got)),
        matched(wanted, got),
        len(set(got) - {""}),
        len(set(wanted)),
        sum(bool(label) for label in got) / max(1, len(got)),
        len(got),
    )


def matched(wanted: Sequence[str], got: Sequence[str]) -> float:
    """Share of contacts in the right place under the best one-to-one match; who is left out is wrong."""
    from scipy.optimize import linear_sum_assignment

    rows = {label: i for i, label in enumerate(sorted(set(wanted)))}
    columns = {label: i for i, label in enumerate(sorted(set(got) - {""}))}
    if not columns:
        return 0.0
    table = np.zeros((len(rows), len(columns)))
    for true, label in zip(wanted, got, strict=True):
        if label:
            table[rows[true], columns[label]] += 1
    return float(table[linear_sum_assignment(-table)].sum() / len(wanted))


def apart(outside: Collection[str], company: Company) -> Apart:
    """By contact: set apart are those with most of their documents' customers in `outside`."""
    counts = {True: [0, 0], False: [0, 0]}
    for contact, customers in company.customers_of().items():
        noise = company.planted[contact].kind == "noise"
        counts[noise][1] += 1
        counts[noise][0] += sum(customer in outside for customer in customers) * 2 > len(customers)
    return Apart(*counts[True], *counts[False])
