"""Every number and quotation of every brief against its fact, and the verifier against seeded corruptions.

Both demo companies go through the whole cycle, briefs are written in both languages, and then
- every sentence of every finished brief is read by the verifier again, by the facts that brief itself carries;
- sentences are corrupted in five ways (another number, another number inside the same unit, a quotation moved from
  elsewhere, another segment, a superlative nobody earned) and the share caught is counted;
- sentences the verifier took out while composing, unchanged ones, are its false alarms;
- conclusions and insights of the truth are looked for by the rules of `eval.surfacing`;
- the owner's first page is counted in words.

    python -m eval briefs [--case ru_coworking] [--corruptions 500] [--seed 0] [--missed] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from eval import surfacing
from eval.planted import CASES, WORKSPACE, ingested, load_truth
from service.briefs.check import statements
from service.briefs.compose import compose_all
from service.briefs.compose_comparison import MOST_WORDS, words_in
from service.briefs.facts import Ledger
from service.briefs.inputs import BriefInputs
from service.briefs.model import Block, Brief, Heading
from service.briefs.sentences import Phrasebook
from service.briefs.step import gather
from service.briefs.verify import MARK, Context, fold, verify
from service.core.numbers import LANGUAGES, Formatter, Language
from service.core.progress import silent
from service.core.settings import Settings
from service.economics.intervals import wilson
from service.store.db import open_store
from service.store.runs import latest_done

STAGES = ("embedding", "segments", "economics", "personas", "comparison", "portrait")
SUPERLATIVES: dict[Language, tuple[str, ...]] = {
    "ru": ("больше всех", "лучший", "самый выгодный", "дешевле всех", "главный"),
    "en": ("the best", "the most profitable", "the largest", "the cheapest", "the leading"),
}


class Statement(NamedTuple):
    """A sentence of a finished brief with what it may lean on."""

    text: str
    context: Context


class Corruption(NamedTuple):
    """A sentence changed in one way."""

    kind: str
    before: str
    after: str
    caught: bool


def main(argv: Sequence[str]) -> int:
    """Print the figures of both companies; 1 when a finished brief holds anything unsupported."""
    parser = argparse.ArgumentParser(prog="python -m eval briefs", description=__doc__.partition("\n")[0])
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--corruptions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missed", action="store_true", help="Name what did not surface.")
    parser.add_argument("--home", type=Path, help="With one --case: a home in which it is analysed already.")
    options = parser.parse_args(argv)
    pool: list[Statement] = []
    unsupported = 0
    for case in options.case or CASES:
        inputs = analysed(options.home) if options.home else read(case)
        ledger = Ledger(inputs)
        briefs = [brief for language in LANGUAGES for brief in compose_all(inputs, language, ledger)]
        found = [Statement(*pair) for brief in briefs for pair in statements(brief)]
        complaints = sum(bool(verify(*statement)) for statement in found)
        unsupported += complaints
        pool.extend(found)
        _print_case(case, briefs, found, complaints)
        _print_surfaced(case, inputs, briefs, options.missed)
    _print_corruptions(corrupt(pool, options.corruptions, options.seed))
    return 1 if unsupported else 0


def read(case: str) -> BriefInputs:
    """Files in, everything the briefs are made from out."""
    began = time.perf_counter()
    with ingested(case) as (store, settings):
        for stage in STAGES:
            import_module(f"service.{stage}.step").run(store, settings, WORKSPACE, "run", silent)
        inputs = gather(store, settings, WORKSPACE, "run")
    print(f"{case}: read in {time.perf_counter() - began:.0f} s")
    return inputs


def analysed(home: Path) -> BriefInputs:
    """The same from the latest run of a home."""
    settings = Settings(home=home)
    store = open_store(settings)
    try:
        with store.session() as session:
            run = latest_done(session, settings.workspace)
        return gather(store, settings, settings.workspace, run.id)
    finally:
        store.close()


def _print_case(case: str, briefs: list[Brief], found: list[Statement], complaints: int) -> None:
    refused = sum(brief.refused for brief in briefs)
    facts = {fact.id for brief in briefs for fact in brief.facts}
    print(f"  briefs {len(briefs)}, sentences {len(found)}, facts {len(facts)}, unsupported: {complaints}")
    print(f"  unchanged sentences refused while composing (false alarms): {_share(refused, len(found) + refused)}")
    fronts = {brief.language: front_words(brief) for brief in briefs if brief.kind == "comparison"}
    said = ", ".join(f"{language} {words}" for language, words in sorted(fronts.items()))
    print(f"  words on the owner's first page (at most {MOST_WORDS}): {said}")


def front_words(brief: Brief) -> int:
    """Words of a comparison brief from the headline through the decisions."""
    text = Phrasebook(brief.language, Formatter(brief.language, brief.currency)).text
    ends = {text(f"front.{name}") for name in ("unseen_more", "cost_more", "decide_more", "agree")}
    ends.add(text("detail.stakeholders"))
    first: list[Block] = []
    for block in brief.blocks:
        if isinstance(block, Heading) and block.text in ends:
            break
        first.append(block)
    return words_in(brief.headline, first)


def _print_surfaced(case: str, inputs: BriefInputs, briefs: list[Brief], missed: bool) -> None:
    truth = load_truth(case)
    native = [brief for brief in briefs if brief.language == ("ru" if case.startswith("ru") else "en")]
    judged = surfacing.conclusions(case, truth, inputs, native)
    held = [text for text, share in judged if share >= surfacing.ENOUGH]
    print(f"  expected conclusions surfaced: {_share(len(held), len(judged))}")
    told = surfacing.insights(truth, inputs, native)
    print(f"  insights surfaced: {_share(sum(found for _, found in told), len(told))}")
    if missed:
        for text, share in judged:
            if share < surfacing.ENOUGH:
                print(f"    conclusion missed ({share:.0%} of its parts): {text}")
        for planted, found in told:
            if not found:
                print(f"    insight missed ({planted.segment}): {planted.text}")


# -- corruptions -------------------------------------------------------------------------------------------------


def corrupt(pool: list[Statement], count: int, seed: int) -> list[Corruption]:
    """`count` corruptions, the kinds by turns, each of a sentence the kind applies to."""
    chooser = random.Random(seed)
    kinds: dict[str, Callable[[Statement, list[Statement], random.Random], str | None]] = {
        "changed number": _changed_number,
        "changed percentage or money": _changed_unit,
        "moved quotation": _moved_quote,
        "swapped segment": _swapped_segment,
        "invented superlative": _superlative,
    }
    made: list[Corruption] = []
    names = list(kinds)
    while len(made) < count:
        kind = names[len(made) % len(names)]
        changed = None
        for _ in range(1000):
            statement = chooser.choice(pool)
            changed = kinds[kind](statement, pool, chooser)
            if changed is not None and changed != statement.text:
                break
        if changed is None:
            names.remove(kind)
            if not names:
                break
            continue
        made.append(Corruption(kind, statement.text, changed, bool(verify(changed, statement.context))))
    return made


_NUMBER = re.compile(
    r"(?<![\w.,\u00a0])(\d{1,4})(?![\d.,]*\d|\w|\u00a0\d|\u00a0?%|\u00a0?[₽$€]|\u00a0?млн|\u00a0?million)"
)
_UNIT = re.compile(
    r"(?<![\d,.\u00a0])(\d{1,3})(?=\u00a0?%)|(?<=\$)(\d{1,3})(?![\d,])|(?<![\d\u00a0])(\d{1,3})(?=\u00a0\d{3}\u00a0₽)"
)
_QUOTE = re.compile(r"[«“]([^«»“”]{12,})[»”](?=\[f\d+\])")


def _outside_quotes(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Matches that stand in the company's own sentence, not in somebody's words, a name or a mark."""
    hidden = [m.span() for m in re.finditer(r"[«“][^»”]*[»”]|\*\*.+?\*\*|\[f\d+\]", text)]
    return [m for m in pattern.finditer(text) if not any(a <= m.start() < b for a, b in hidden)]


def _changed_number(statement: Statement, pool: list[Statement], chooser: random.Random) -> str | None:
    return _renumbered(statement.text, _outside_quotes(statement.text, _NUMBER), chooser)


def _changed_unit(statement: Statement, pool: list[Statement], chooser: random.Random) -> str | None:
    return _renumbered(statement.text, _outside_quotes(statement.text, _UNIT), chooser)


def _renumbered(text: str, places: list[re.Match[str]], chooser: random.Random) -> str | None:
    if not places or not MARK.search(text):
        return None
    match = chooser.choice(places)
    old = int(next(group for group in match.groups() if group))
    new = max(0, old + chooser.choice((-1, 1)) * chooser.randint(1, max(2, old // 3)))
    return None if new == old else text[: match.start()] + str(new) + text[match.end() :]


def _moved_quote(statement: Statement, pool: list[Statement], chooser: random.Random) -> str | None:
    """Somebody else's words under this sentence's mark."""
    here = _QUOTE.search(statement.text)
    other = _QUOTE.search(chooser.choice(pool).text)
    if here is None or other is None or _same_words(here.group(1), other.group(1)):
        return None
    return statement.text[: here.start(1)] + other.group(1) + statement.text[here.end(1) :]


def _same_words(one: str, other: str) -> bool:
    """Whether one quotation is a part of the other, cut or whole: moving it would change nothing."""
    first, second = (fold(text.strip("… ")) for text in (one, other))
    return first in second or second in first


def _swapped_segment(statement: Statement, pool: list[Statement], chooser: random.Random) -> str | None:
    """Another segment's name where a figure of this one stands."""
    facts = [statement.context.facts[m] for m in MARK.findall(statement.text) if m in statement.context.facts]
    subjects = {fact.subject for fact in facts if fact.kind == "number" and fact.subject}
    segments = {key: name for key, name in statement.context.names.items() if key.startswith("s_")}
    named = [key for key in sorted(subjects & segments.keys()) if segments[key] in statement.text]
    others = [key for key in sorted(segments) if segments[key] not in statement.text]
    if not named or not others:
        return None
    return statement.text.replace(segments[chooser.choice(named)], segments[chooser.choice(others)])


def _superlative(statement: Statement, pool: list[Statement], chooser: random.Random) -> str | None:
    """A superlative put before a word of the sentence, whatever ranking it may cite for something else."""
    facts = [statement.context.facts.get(m) for m in MARK.findall(statement.text)]
    if not facts or any(fact is None or fact.kind == "comparison" for fact in facts):
        return None
    gaps = _outside_quotes(statement.text, re.compile(r"(?<=\w) (?=\w)"))
    if not gaps:
        return None
    place = chooser.choice(gaps).start()
    words = chooser.choice(SUPERLATIVES[statement.context.language])
    return f"{statement.text[:place]} {words}{statement.text[place:]}"


def _print_corruptions(made: list[Corruption]) -> None:
    if not made:
        print("nothing to corrupt")
        return
    print(f"corruptions caught: {_share(sum(c.caught for c in made), len(made))}")
    for kind in dict.fromkeys(c.kind for c in made):
        of_kind = [c for c in made if c.kind == kind]
        print(f"  {kind:<28} {_share(sum(c.caught for c in of_kind), len(of_kind))}")
    for missed in [c for c in made if not c.caught][:10]:
        print(f"  missed ({missed.kind}): {missed.before}\n    -> {missed.after}")


def _share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return Formatter("en").full_share(k, n, k / n if n else 0.0, low, high) if n else "0 of 0"
