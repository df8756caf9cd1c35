"""Who speaks: share of words and calls whose role is right, with labels, without any, in few calls and in bad ones."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.talks import (
    Company,
    Spoil,
    Talk,
    as_captions,
    as_subtitles,
    company_of,
    every,
    misheard,
    one_voice,
    swapped,
    with_colleague,
    with_companion,
    without_labels,
    words_of,
)
from ingest.model import Speaker
from ingest.raw import RoledCall
from ingest.speakers import assign_roles
from service.core.intervals import wilson

SURE = 0.9
"""What goes into vectors; as `service.corpus.model.SURE`."""
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)
DRAWS = {5: 20, 10: 20, 30: 8}
"""Calls of a small company, and how many such companies are drawn."""
MOSTLY = 0.9
"""Share of a call's words from which it counts as right."""


@dataclass(frozen=True)
class Row:
    """One measurement. `words`, `calls` are (right, all); `sure` (right, given) of words with a role of .9 or more."""

    case: str
    what: str
    calls: tuple[int, int]
    words: tuple[int, int]
    sure: tuple[int, int]
    customer_lost: float
    """Share of the customer's words that are not surely the customer's."""
    agent_leaked: float
    """Share of the agent's words taken for surely the customer's: what would spoil vectors."""
    worst_draw: float
    kept_calls: tuple[int, int] = (0, 0)
    """(right, all) calls whose confidence is .9 or more."""


@dataclass
class Count:
    """Counts while a measurement runs."""

    calls_right: int = 0
    calls: int = 0
    kept_right: int = 0
    kept: int = 0
    tally: Counter[tuple[bool, bool, bool]] | None = None

    def __post_init__(self) -> None:
        self.tally = Counter()

    def add(self, talk: Talk, roled: RoledCall) -> None:
        """Count one call: words by (truth is agent, given agent, surely)."""
        assert self.tally is not None
        own: Counter[tuple[bool, bool, bool]] = Counter()
        for truth, (given, confidence) in zip(_flat(talk.agent), _given(roled), strict=True):
            own[truth, given is Speaker.AGENT, confidence >= SURE and given is not Speaker.UNKNOWN] += 1
        total = sum(own.values())
        if not total:
            return
        right = sum(n for (truth, given, _), n in own.items() if truth is given)
        self.tally.update(own)
        self.calls += 1
        self.calls_right += right >= MOSTLY * total
        if roled.confidence >= SURE:
            self.kept += 1
            self.kept_right += right >= MOSTLY * total

    def row(self, case: str, what: str, worst: float) -> Row:
        assert self.tally is not None
        tally = self.tally
        customer = sum(n for (truth, _, _), n in tally.items() if not truth)
        agent = sum(n for (truth, _, _), n in tally.items() if truth)
        return Row(
            case=case,
            what=what,
            calls=(self.calls_right, self.calls),
            words=(sum(n for (truth, given, _), n in tally.items() if truth is given), sum(tally.values())),
            sure=(
                sum(n for (truth, given, surely), n in tally.items() if surely and truth is given),
                sum(n for (_, _, surely), n in tally.items() if surely),
            ),
            customer_lost=1 - tally[False, False, True] / customer if customer else 0.0,
            agent_leaked=tally[True, False, True] / agent if agent else 0.0,
            worst_draw=worst,
            kept_calls=(self.kept_right, self.kept),
        )


def roles_of(talks: Sequence[Talk], staff: frozenset[str] = frozenset()) -> dict[str, RoledCall]:
    """Roles of the calls as the pipeline gives them."""
    names = {talk.call.ref: talk.names for talk in talks}
    return assign_roles([talk.call for talk in talks], staff=staff, names_of=names)


def measured(
    case: str,
    what: str,
    corpora: Iterable[Sequence[Talk]],
    staff: frozenset[str],
    counted: frozenset[str] | None = None,
) -> Row:
    """Score corpora together; `counted` are the refs that count, the others only keep them company."""
    count, shares = Count(), []
    for talks in corpora:
        found, own = roles_of(talks, staff), Count()
        for talk in talks:
            if counted is None or talk.call.ref in counted:
                count.add(talk, found[talk.call.ref])
                own.add(talk, found[talk.call.ref])
        if own.calls:
            row = own.row(case, what, 0.0)
            shares.append(row.words[0] / row.words[1])
    return count.row(case, what, min(shares, default=0.0))


def confidence_table(talks: Sequence[Talk], found: Mapping[str, RoledCall]) -> list[tuple[str, int, int]]:
    """(bin, words right, words) by the confidence of the utterance."""
    right, total = Counter[str](), Counter[str]()
    for talk in talks:
        for agent, (given, confidence) in zip(_flat(talk.agent), _given(found[talk.call.ref]), strict=True):
            name = _bin(confidence)
            total[name] += 1
            right[name] += agent is (given is Speaker.AGENT)
    return [(name, right[name], total[name]) for name in sorted(total)]


def _flat(sides: Iterable[Iterable[bool]]) -> list[bool]:
    return [agent for side in sides for agent in side]


def _given(roled: RoledCall) -> list[tuple[Speaker, float]]:
    """Role and confidence of every word: a cue may come back in pieces."""
    return [(said.speaker, said.confidence) for said in roled.utterances for _ in words_of(said.text)]


def _bin(confidence: float) -> str:
    low = max(edge for edge in BINS if edge <= max(0.5, confidence))
    above = [edge for edge in BINS if edge > low]
    return f"{low:.2f}-{above[0]:.2f}" if above else f"{low:.2f}"


def rows_of(company: Company, *, quick: bool = False) -> list[Row]:
    """Every measurement of one company; `quick` leaves the drawn small companies out."""
    talks, staff = list(company.talks), company.staff
    hidden, subtitles = every(talks, without_labels), every(talks, as_subtitles)
    rows = _by_format(company)
    rows.append(measured(company.name, "speakers, labels hidden", [hidden], staff))
    rows.append(measured(company.name, "subtitles, no speakers", [subtitles], staff))
    rows.append(measured(company.name, "captions, cues across turns", [every(talks, as_captions)], staff))
    for share in (0.1, 0.3):
        spoilt = every(hidden, misheard(share))
        rows.append(measured(company.name, f"speakers, {share:.0%} of words lost or misspelt", [spoilt], staff))
        spoilt = every(every(talks, misheard(share)), as_subtitles)
        rows.append(measured(company.name, f"subtitles, {share:.0%} of words lost or misspelt", [spoilt], staff))
        spoilt = every(every(talks, misheard(share)), as_captions)
        rows.append(measured(company.name, f"captions, {share:.0%} of words lost or misspelt", [spoilt], staff))
    rows += _odd_voices(company, hidden)
    rows += [] if quick else _small(company, hidden, subtitles)
    return rows


def _by_format(company: Company) -> list[Row]:
    found = roles_of(company.talks, company.staff)
    rows = []
    for reader in (*sorted({talk.call.reader for talk in company.talks}), ""):
        count = Count()
        for talk in company.talks:
            if not reader or talk.call.reader == reader:
                count.add(talk, found[talk.call.ref])
        rows.append(count.row(company.name, f"as delivered, {reader or 'all'}", 0.0))
    return rows


def _odd_voices(company: Company, hidden: list[Talk]) -> list[Row]:
    """A fifth of the calls odd in one way among ordinary ones; only the odd ones count."""
    rows = []
    odd: tuple[tuple[str, Spoil], ...] = (
        ("three voices, a companion", with_companion),
        ("three voices, a colleague takes over", with_colleague),
        ("one voice, the agent's", one_voice(True)),
        ("one voice, the customer's", one_voice(False)),
    )
    chosen = frozenset(talk.call.ref for talk in hidden[::5])
    for what, spoil in odd:
        spoilt = every([t for t in company.talks if t.call.ref in chosen], spoil)
        others = [talk for talk in hidden if talk.call.ref not in chosen]
        rows.append(measured(company.name, what, [spoilt + others], company.staff, chosen))
    for share in (0.1, 0.3):
        turned = every(company.talks, swapped(share))
        wrong = frozenset(
            new.call.ref for new, old in zip(turned, company.talks, strict=True) if _told(old) and new is not old
        )
        rows.append(measured(company.name, f"labels swapped in {share:.0%}: those", [turned], company.staff, wrong))
        right = frozenset(talk.call.ref for talk in company.talks if _told(talk)) - wrong
        rows.append(measured(company.name, f"labels swapped in {share:.0%}: others", [turned], company.staff, right))
    return rows


def _told(talk: Talk) -> bool:
    """Whether the file's own labels tell roles."""
    return any(u.tag and not u.tag.upper().startswith("SPEAKER") and not u.tag.isdigit() for u in talk.call.utterances)


def _small(company: Company, hidden: list[Talk], subtitles: list[Talk]) -> list[Row]:
    rows = []
    for size, draws in DRAWS.items():
        for what, talks in (("speakers", hidden), ("subtitles", subtitles)):
            draw = random.Random(f"{company.name}:{size}")
            corpora = [draw.sample(talks, min(size, len(talks))) for _ in range(draws)]
            rows.append(measured(company.name, f"{what}, {size} calls, {draws} draws", corpora, company.staff))
    return rows


def speed(company: Company) -> float:
    """Calls a second of the roles stage, labels hidden, best of two."""
    hidden = every(company.talks, without_labels)
    best = 0.0
    for _ in range(2):
        began = time.process_time()
        roles_of(hidden, company.staff)
        best = max(best, len(hidden) / (time.process_time() - began))
    return best


def written(row: Row) -> str:
    """A row of the table."""
    low, high = wilson(*row.words)
    right, total = row.words
    sure, given = row.sure
    draw = f" worst {row.worst_draw:.3f}" if "draws" in row.what else ""
    kept, kept_all = row.kept_calls
    return (
        f"  {row.what:<44} words {right / max(1, total):.4f} [{low:.4f}, {high:.4f}] n={total:<6} "
        f"calls {row.calls[0]}/{row.calls[1]} | sure: {given / max(1, total):.3f} of words, right "
        f"{sure / max(1, given):.4f}; calls {kept}/{kept_all} | lost {row.customer_lost:.3f} "
        f"leaked {row.agent_leaked:.4f}{draw}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the tables of the demo companies, or of the cases named. 0 where labelled formats reach .98, others .95."""
    parser = argparse.ArgumentParser(prog="python -m eval speakers", description=__doc__)
    parser.add_argument("case", nargs="*", type=Path, help="a folder with inputs/ and truth/; default: the demo cases")
    parser.add_argument("--quick", action="store_true", help="without the small companies")
    parser.add_argument("--json", action="store_true", help="rows as JSON")
    asked = parser.parse_args(arguments)
    rows: list[Row] = []
    for case in asked.case or sorted((Path(__file__).parent / "cases").iterdir()):
        if not (case / "truth").is_dir():
            continue
        company = company_of(case)
        own = rows_of(company, quick=asked.quick)
        rows += own
        if not asked.json:
            print(f"{company.name}: {len(company.talks)} calls, {speed(company):.0f} calls a second")
            print("\n".join(map(written, own)))
            subtitles = every(company.talks, as_subtitles)
            table = confidence_table(subtitles, roles_of(subtitles, company.staff))
            print("  subtitles, right by confidence of the cue: ", end="")
            print(", ".join(f"{name} {right / max(1, n):.3f} (n={n})" for name, right, n in table))
    if asked.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    goals = {"as delivered, all": 0.98, "speakers, labels hidden": 0.95, "subtitles, no speakers": 0.95}
    return 0 if all(r.words[0] >= goals[r.what] * r.words[1] for r in rows if r.what in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
