"""Public sets as companies."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from planted_shop import drawn
from talking_shop import GROUPS

from eval.public_sets import grouped, published, single, tasks
from eval.segments import main

FIGURES = """peer,dataset,method,metric,value,where,comparability
DSTC11-T2 Task 2 (intent induction),"insurance, 913 test utterances, 22 intents",KMeans,ARI,50.8,here,protocol differs
DSTC11-T2 Task 2 (intent induction),"insurance, 913 test utterances, 22 intents",KMeans,NMI,70.1,here,protocol differs
DSTC11-T2 Task 1 (intent clustering),insurance dialogues (not on disk),KMeans,ARI,7.0,here,not here
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The call-centre set and the Russian dialogues with a few lines each."""
    (tmp_path / "en_callcenter_intents_dstc11").mkdir()
    rows = [
        {"id": f"{group}{number}", "domain": "insurance", "text": f"{line} {number}", "label": group}
        for group, lines in GROUPS.items()
        for line in lines
        for number in range(6)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "en_callcenter_intents_dstc11" / "utterances.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "ru_calls_multiwoz").mkdir()
    talks = [
        {
            "domains": ["hotel"] if number < 9 else ["hotel", "taxi"],
            "turns": [
                {"speaker": ("customer", "agent")[turn % 2], "text": f"реплика {number} {turn}"} for turn in range(6)
            ],
        }
        for number in range(12)
    ]
    with gzip.open(tmp_path / "ru_calls_multiwoz" / "dialogues.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(talk) + "\n" for talk in talks)
    (tmp_path / "peer_figures.csv").write_text(FIGURES, encoding="utf-8")
    return tmp_path


def test_only_what_lies_in_the_folder_becomes_a_task(folder: Path) -> None:
    names = [task.name for task in tasks(folder)]
    assert "dstc11 insurance, single" in names
    assert "multiwoz ru, purposes" in names
    assert [name for name in names if "banking77" in name] == []


def test_a_text_a_customer_at_most_so_many(folder: Path) -> None:
    task = next(task for task in tasks(folder) if task.name == "dstc11 insurance, single")
    company = task.company(30)
    assert len(company.corpus.customers) == len(company.corpus.documents) == 30
    assert task.company(30).corpus == company.corpus
    assert len(task.company(10_000).corpus.customers) == 90


def test_grouped_customers_say_two_to_four_texts_of_one_label_and_none_twice() -> None:
    pairs = [(label, f"{label} {number}") for label in "ab" for number in range(50)]
    customers = grouped(pairs, drawn(), 1000)
    assert {len(said.documents) for said in customers} <= {2, 3, 4}
    assert all(text.startswith(str(said.segment)) for said in customers for (text,) in said.documents)
    said = Counter(text for customer in customers for (text,) in customer.documents)
    assert max(said.values()) == 1
    assert len(single(pairs, drawn(), 7)) == 7


def test_a_talk_of_one_purpose_is_a_customer_with_two_documents_of_their_own_words(folder: Path) -> None:
    company = next(task for task in tasks(folder) if task.name.startswith("multiwoz")).company(100)
    assert len(company.corpus.customers) == 9
    first = [d.customer_text for d in company.corpus.documents if d.customer == "c_00000"]
    assert first == ["реплика 0 0\nреплика 0 4", "реплика 0 2"]


def test_published_figures_of_the_same_set_only(folder: Path) -> None:
    task = next(task for task in tasks(folder) if task.name == "dstc11 insurance, single")
    (found,) = published(folder, task)
    assert (found.values, found.comparability) == ({"ARI": 0.508, "NMI": 0.701}, "protocol differs")


@pytest.mark.slow
def test_a_set_is_measured_from_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--data", str(folder), "--set", "insurance, single", "--no-peers", "--cache", str(folder / "kept")]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "whobuys" in told
    assert "published: KMeans" in told
    assert "protocol differs" in told
    assert list((folder / "kept").glob("*.npz"))
