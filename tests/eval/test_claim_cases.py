"""Reading measured without a company."""

from __future__ import annotations

from pathlib import Path

import yaml

from eval.claim_cases import read_cases

CASES = {
    "language": "en",
    "cases": [
        {"said": "Students never buy.", "atoms": [{"whom": "Students", "measure": "conversion", "operator": "low"}]},
        {"said": "Students never buy.", "atoms": [{"whom": "Parents", "measure": "revenue", "operator": "most"}]},
        {"said": "Nothing at all here.", "atoms": [{"whom": "all", "measure": "wins", "operator": "is"}]},
    ],
    "nothing": ["Thanks to Olga for the spreadsheet.", "Students never buy."],
}


def test_each_stage_is_counted_and_what_claims_nothing_apart(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(yaml.safe_dump(CASES), encoding="utf-8")
    tally, taken, of = read_cases(file, None)
    assert (tally.cards, tally.untouched, tally.missed) == (3, 1, 1)
    counts = {s: (tally.right[s], tally.counted[s]) for s in ("measure", "subject", "operator")}
    assert counts == dict.fromkeys(counts, (1, 2))
    assert (taken, of) == (1, 2)
