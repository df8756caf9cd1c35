"""Whether the same people land together again: other seeds, 80 % of the customers, rows in another order, a process
started anew on one thread or two."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from eval.planted import ROOT
from eval.segmenting.companies import Company, Vectors, by_ref
from eval.segmenting.product import segmented
from eval.segmenting.rows import Table
from service.corpus.model import Corpus
from service.segments.model import Segmentation

RESAMPLES = 5
KEPT = 0.8
"""Share of customers in a resample."""
APART = "not a customer"

Labels = Mapping[str, str]


def everybody(found: Segmentation) -> dict[str, str]:
    """Customer → segment; `APART` for those set apart, "" for the unassigned: one cluster each."""
    real = found.segment_of()
    outside = found.outsiders()
    return {a.customer: APART if a.customer in outside else real.get(a.customer, "") for a in found.assignments}


def alike(one: Labels, other: Labels) -> float:
    """ARI over what both label."""
    from sklearn.metrics import adjusted_rand_score

    both = sorted(set(one) & set(other))
    return float(adjusted_rand_score([one[key] for key in both], [other[key] for key in both]))


def between(runs: Sequence[Labels]) -> list[float]:
    """ARI of every two runs."""
    return [alike(one, other) for one, other in combinations(runs, 2)]


def resampled(company: Company, vectors: Vectors, whole: Segmentation, table: Table, times: int = RESAMPLES) -> None:
    """Runs on 80 % of the customers each: against each other on common customers, and against the whole run."""
    rng = random.Random("resample")
    order = list(dict.fromkeys(document.customer for document in by_ref(company.corpus.documents)))
    runs = []
    for _ in range(times):
        kept = set(rng.sample(order, round(KEPT * len(order))))
        runs.append(everybody(segmented(only(company.corpus, kept), vectors, 0)))
    known = everybody(whole)
    table.figure(company, "80 % resamples, ARI between runs", between(runs))
    table.figure(company, "80 % resamples, ARI with the whole run", [alike(run, known) for run in runs])


def only(corpus: Corpus, customers: set[str]) -> Corpus:
    """What some customers said and bought."""
    return replace(
        corpus,
        documents=tuple(d for d in corpus.documents if d.customer in customers),
        deals=tuple(d for d in corpus.deals if d.customer in customers),
    )


def seeded(company: Company, runs: Sequence[Segmentation], table: Table) -> None:
    """Agreement of runs with different seeds on all customers."""
    if len(runs) > 1:
        table.figure(company, "seeds, ARI between runs", between([everybody(run) for run in runs]))


def reordered(company: Company, vectors: Vectors, whole: Segmentation, table: Table) -> None:
    """Records in another order; for a demo company as its files are also new processes, each with a salt of its own:
    on one thread, with the rows of the files in another order, with texts encoded seven at a time. All must be 1."""
    rng = random.Random(0)
    corpus = company.corpus
    shuffled = replace(
        corpus,
        documents=tuple(rng.sample(corpus.documents, len(corpus.documents))),
        deals=tuple(rng.sample(corpus.deals, len(corpus.deals))),
    )
    again = everybody(segmented(shuffled, vectors, 0))
    table.figure(company, "records shuffled, ARI with the run above", [alike(again, everybody(whole))])
    inputs = ROOT / company.name / "inputs"
    if company.variant or not inputs.exists():
        return
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary) / "inputs"
        shutil.copytree(inputs, place)
        tables = shuffle_tables(place, rng)
        first = _process(inputs, 2)
        runs = {
            "a new process, 1 thread against 2": _process(inputs, 1),
            f"rows of {tables} tables shuffled, another salt": _process(place, 2),
            "texts encoded 7 at a time": _process(inputs, 2, at_a_time=7),
        }
    for name, run in runs.items():
        same = alike(run, first) if set(run) == set(first) else 0.0
        table.figure(company, f"{name}, ARI between processes", [same])


def by_document(corpus: Corpus, found: Segmentation) -> dict[str, str]:
    """Document reference → label: what stays the same under another salt."""
    labels = everybody(found)
    return {d.document.ref: labels.get(d.customer, "") for d in corpus.documents}


def _process(inputs: Path, threads: int, at_a_time: int | None = None) -> dict[str, str]:
    """The labels a process of its own finds in a folder, with another salt."""
    words = [sys.executable, "-m", "eval.segmenting.again", str(inputs), *([str(at_a_time)] if at_a_time else [])]
    count = str(threads)
    told = {"OMP_NUM_THREADS": count, "WHOBUYS_THREADS": count, "NUMBA_NUM_THREADS": count}
    done = subprocess.run(words, env=os.environ | told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the new process failed: {done.stderr.strip()[-400:]}")
    labels: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return labels


def shuffle_tables(folder: Path, rng: random.Random) -> int:
    """Rows of every CSV and workbook under `folder` in another order, the head row kept; how many files."""
    tables = sorted(path for path in folder.rglob("*") if path.suffix in {".csv", ".xlsx"})
    for path in tables:
        (_shuffle_csv if path.suffix == ".csv" else _shuffle_workbook)(path, rng)
    return len(tables)


def _shuffle_csv(path: Path, rng: random.Random) -> None:
    raw = path.read_bytes()
    encoding = _encoding(raw)
    text = raw.decode(encoding)
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rng.shuffle(rows)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    path.write_bytes(out.getvalue().encode(encoding))


def _encoding(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for name in ("utf-8-sig" if raw[:3] == b"\xef\xbb\xbf" else "utf-8", "cp1251"):
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def _shuffle_workbook(path: Path, rng: random.Random) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    for sheet in book.worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        rng.shuffle(rows)
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
    book.save(path)
