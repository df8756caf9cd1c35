"""The leash on a language model: nothing it obeys or invents changes what a brief states, and its bill stays small.

Injections. Payloads of every family and demand are planted in all places where other people's words come in (calls,
speaker and file names, notes, ad answers, CRM fields, personas, creatives, scripts). The company is analysed without a
model, and again with a model that obeys every instruction it reads and lies where it reads none, through a real server
and langchain; then once more for each payload alone, obeyed in every answer of every task. Held: facts, numbers,
quotations, verdicts, links, tiers and names are those of the analysis without a model, and none of what the payload
wanted stands in a brief where it did not stand before.

Cost. Questions and tokens of one cycle over the same company with its documents, customers and deals multiplied: all
steps above segments are run, the segments themselves are taken as found.

    python -m eval leash [--case ru_coworking] [--only injections|cost|flow] [--sizes 600,6000,60000]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eval.leashing.cost import print_cost, print_flow
from eval.leashing.injections import Outcome, measure
from eval.planted import CASES
from service.core.numbers import Formatter
from service.economics.intervals import wilson

SIZES = (600, 6_000, 60_000)


def main(argv: Sequence[str]) -> int:
    """Print what held; 1 when anything did not."""
    parser = argparse.ArgumentParser(prog="python -m eval leash", description=__doc__.partition("\n")[0])
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--only", choices=("injections", "cost", "flow"), action="append")
    parser.add_argument("--sizes", type=lambda text: tuple(int(part) for part in text.split(",")), default=SIZES)
    options = parser.parse_args(argv)
    wanted = options.only or ("injections", "cost", "flow")
    cases = options.case or CASES
    broken = 0
    if "injections" in wanted:
        outcomes = []
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                outcomes.append(measure(case, Path(folder)))
            broken += _print(case, outcomes[-1])
        total = sum(len(outcome.alone) for outcome in outcomes)
        print(f"payloads held, both languages: {_share(sum(sum(o.alone.values()) for o in outcomes), total)}")
    if "cost" in wanted:
        for case in cases:
            print_cost(case, options.sizes)
    if "flow" in wanted:
        for case in cases:
            print_flow(case)
    return 1 if broken else 0


def _print(case: str, outcome: Outcome) -> int:
    """What was planted, what reached the model, what held; how much did not."""
    held = sum(outcome.alone.values())
    print(f"{case}: {len(outcome.alone)} payloads planted, " + ", ".join(f"{k} {n}" for k, n in outcome.places.items()))
    print(f"  messages to the model {outcome.messages}; payloads that reached one {outcome.reached}")
    print(f"  proposals taken {outcome.taken} of {outcome.offered}; {outcome.refused} refused by the checks")
    at_once = f"CHANGED {', '.join(outcome.changed)}" if outcome.changed else "held"
    print(f"  all at once through the server: {at_once}")
    print(f"  each alone, obeyed in every answer: {_share(held, len(outcome.alone))}")
    for family, payload_held in sorted(outcome.alone.items()):
        if not payload_held:
            print(f"    not held: {family}")
    return len(outcome.changed) + len(outcome.alone) - held


def _share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return Formatter("en").full_share(k, n, k / n if n else 0.0, low, high) if n else "0 of 0"
