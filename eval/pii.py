"""Personal data: what stays readable and what goes without need, on the demo companies and on generated texts.

The generated set (`eval.pii_cases`) has gold spans in two languages, three splits (clean, adversarial, as a recogniser
writes) and two halves: dev, looked at while the rules are made, and held, with templates and names of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eval.pii_cases.render import HALVES, LANGUAGES, SPLITS, Case, Half, Split, cases
from eval.pii_cases.score import TYPES, Part, Tally, extras_of, f2, score, wilson

TEXTS = 1000
"""Texts of each language, split and half: enough that most types have a few hundred strings."""
SAMPLE = 60
"""The same in the check that every change passes."""
GATE = 0.02
"""A figure that falls by more than this against the committed baseline fails the check."""
SMALL = 30
"""Types with fewer strings are shown but do not decide."""
BASELINE = Path(__file__).parent / "pii_cases" / "baseline.json"
NUMBERED = ("PHONE", "EMAIL", "CARD", "INN", "SNILS", "PASSPORT")
PASS = {"clean": 0.95, "adversarial": 0.90, "asr": 0.85}
"""Names masked, by split; numbers and e-mails .99 everywhere, precision .90 (the project's safety anchors)."""
PASS_NUMBERS, PASS_PRECISION = 0.99, 0.90


class Key(NamedTuple):
    """Which texts."""

    language: str
    split: Split
    half: Half


def run(texts: int, halves: Iterable[Half] = HALVES, *, with_names: bool = False) -> dict[Key, Part]:
    """Score every part of the generated set, `texts` of each."""
    return {key: score(made, with_names=with_names) for key, made in _sets(texts, halves).items()}


def _sets(texts: int, halves: Iterable[Half]) -> dict[Key, list[Case]]:
    keys = [Key(language, split, half) for half in halves for language in LANGUAGES for split in SPLITS]
    return {key: cases(*key, texts) for key in keys}


def figures(parts: dict[Key, Part]) -> dict[str, dict[str, float]]:
    """What the baseline keeps: by part and type n, masked, precision; by part F2, entities, leaking texts."""
    kept = {}
    for key, part in parts.items():
        for kind, tally in (*part.types.items(), ("all", part.all)):
            if tally.gold:
                kept[f"{key.language} {key.split} {key.half} {kind}"] = {
                    "n": tally.gold,
                    "masked": round(tally.masked / tally.gold, 4),
                    "precision": round(tally.right / max(1, tally.found), 4),
                }
    return kept


def digest(texts: int) -> str:
    """SHA-256 over the generated texts and their gold, so that a baseline is never held against other data."""
    lines = [f"{case.text} {case.gold}" for made in _sets(texts, HALVES).values() for case in made]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def fallen(now: dict[str, dict[str, float]], before: dict[str, dict[str, float]]) -> list[str]:
    """Figures of types with enough strings that fell by more than the gate."""
    return [
        f"{name} {figure}: {before[name][figure]:.3f} → {now[name][figure]:.3f}"
        for name in sorted(before)
        for figure in ("masked", "precision")
        if before[name]["n"] >= SMALL and now[name][figure] < before[name][figure] - GATE
    ]


def check(baseline: dict[str, Any]) -> list[str]:
    """Why the committed baseline does not hold; empty when it does."""
    if digest(baseline["texts"]) != baseline["data"]:
        return ["The generated texts are not those of the baseline: `python -m eval pii --write` makes a new one."]
    return fallen(figures(run(baseline["texts"])), baseline["figures"])


def show(key: Key, part: Part) -> str:
    """One part as a table."""
    total = part.all
    low, high = wilson(part.leaking, part.texts)
    lines = [
        f"{key.language} {key.split} {key.half}: {part.texts} texts; with any leak {part.leaking / part.texts:.3f} "
        f"[{low:.3f}, {high:.3f}]; ordinary words gone {part.lost_words / max(1, part.words):.4f} of {part.words}",
        f"  {'type':9}{'n':>6}  {'masked':>6} {'95 %':16}{'entities':>8} {'strict':>7} {'precision':>9} {'F2':>6}",
    ]
    for kind, tally in [*((kind, part.types[kind]) for kind in TYPES), ("all", total)]:
        if tally.gold:
            lines.append(_row(kind, tally))
    return "\n".join(lines)


def _row(kind: str, tally: Tally) -> str:
    low, high = wilson(tally.masked, tally.gold)
    recall, precision = tally.masked / tally.gold, tally.right / max(1, tally.found)
    strict, entities = tally.exact / tally.gold, tally.hidden_entities / max(1, tally.entities)
    return (
        f"  {kind:9}{tally.gold:6}  {recall:6.3f} [{low:.3f}, {high:.3f}] {entities:8.3f} {strict:7.3f} "
        f"{precision:9.3f} {f2(precision, recall):6.3f}"
    )


def short_of(parts: dict[Key, Part]) -> list[str]:
    """Pass lines that are not met, types with enough strings only."""
    missed = []
    for key, part in parts.items():
        wanted = dict.fromkeys(NUMBERED, PASS_NUMBERS) | {"NAME": PASS[key.split]}
        for kind, least in wanted.items():
            tally = part.types[kind]
            if tally.gold >= SMALL and tally.masked / tally.gold < least:
                missed.append(f"{' '.join(key)} {kind}: {tally.masked / tally.gold:.3f} of {tally.gold} < {least}")
        precision = part.all.right / max(1, part.all.found)
        if precision < PASS_PRECISION:
            missed.append(f"{' '.join(key)} precision: {precision:.3f} < {PASS_PRECISION}")
    return missed


def _speed(texts: int) -> str:
    from ingest.redaction.redact import Redactor

    made = [case for made in _sets(texts, HALVES).values() for case in made]
    redactor = Redactor()
    started = time.process_time()
    for case in made:
        redactor.redact(case.text, language=case.language)
    spent = time.process_time() - started
    characters = sum(len(case.text) for case in made)
    return (
        f"redaction: {len(made) / spent:.0f} texts/s, {characters / spent / 1000:.0f} thousand characters/s on one core"
    )


def _show_demo() -> list[str]:
    from eval.pii_cases.demo import pace, score_case

    short = []
    for case in sorted((Path(__file__).parent / "cases").iterdir()):
        if not (case / "truth").is_dir():
            continue
        result = score_case(case)
        left = ", ".join(f"{kind} {left}/{n}" for kind, (left, n) in result.planted.items())
        print(f"{result.case}: planted strings still readable: {left}")
        print(f"  words outside planted strings that went: {result.lost_share:.4f} of {result.words}")
        print(f"  of them ordinary words: {result.ordinary_share:.4f}; {dict(result.lost.most_common(12))}")
        calls, whole, alone = pace(case)
        print(
            f"  {calls} calls on one core, warm: {whole:.0f} a second up to embedding, {alone:.0f} in redaction alone"
        )
        short += [f"{result.case}: {kind} {left} of {n}" for kind, (left, n) in result.planted.items() if left]
    return short


def _show_failures(parts: dict[Key, Part], count: int) -> None:
    for key, part in parts.items():
        if key.half == "held" or not count:
            continue
        print(f"{' '.join(key)}:", *[f"  readable  {miss}" for miss in sorted(set(part.misses))[:count]], sep="\n")
        print(*[f"  needless  {extra} x{n}" for extra, n in extras_of(part)[:count]], sep="\n")


def main(arguments: Sequence[str]) -> int:
    """Print the tables; 1 where a pass line, with `--check` the baseline, is not met."""
    parser = argparse.ArgumentParser(prog="python -m eval pii", description=__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS, help=f"texts of each part (default {TEXTS})")
    parser.add_argument("--half", choices=HALVES, help="only one half of the generated texts")
    parser.add_argument("--names", action="store_true", help="redact with each text's persons known from a CRM")
    parser.add_argument("--failures", type=int, default=0, help="show so many failures of each dev part")
    parser.add_argument("--no-demo", action="store_true", help="generated texts only")
    parser.add_argument("--check", action="store_true", help=f"against the committed baseline, gate {GATE}")
    parser.add_argument("--write", action="store_true", help="write the baseline")
    options = parser.parse_args(arguments)
    if options.write:
        content = {"texts": SAMPLE, "data": digest(SAMPLE), "figures": figures(run(SAMPLE))}
        BASELINE.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    if options.check:
        problems = check(json.loads(BASELINE.read_text(encoding="utf-8")))
        print(*(problems or ["The baseline holds."]), sep="\n")
        return 1 if problems else 0
    parts = run(options.texts, (options.half,) if options.half else HALVES, with_names=options.names)
    print(*[show(key, part) for key, part in parts.items()], sep="\n\n")
    _show_failures(parts, options.failures)
    missed = short_of(parts)
    print("", _speed(min(options.texts, 200)), sep="\n")
    if not options.no_demo:
        missed += _show_demo()
    print(*[f"short of the line: {line}" for line in missed], sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
