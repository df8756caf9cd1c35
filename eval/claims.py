"""Verdicts against the planted ones, claim by claim, beside two plain baselines.

The personas of the demo companies with planted customers and segments (what reading and rules are worth), with the
names confirmed by a person, with every card confirmed; with the product's own joins and segments (`--own`: what a user
sees); other people's wording of such personas (`cases/paraphrase_{ru,en}.json`), and the same personas in the other
language (`cases/other_language_{ru,en}.json`), against the planted data. A planted claim that the product did not find
counts as answered `no_evidence`. Then reading stage by stage, of the planted claims and of sentences of other trades.

    python -m eval claims [--case ru_coworking] [--own] [--show]
    python -m eval claims --cases FILE    reading alone, of cards a person confirmed (`whobuys claims cases -o FILE`)
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval import claim_readings as readings
from eval.claim_cases import read_cases
from eval.planted import CASES, WORKSPACE, ingested, load_truth, planted_corpus, planted_segmentation
from ingest.model import Stakeholder, StakeholderText, TextKind
from service.comparison.evidence import Evidence
from service.comparison.figures import combined
from service.comparison.model import Comparison, JudgedClaim, Verdict
from service.comparison.step import compared
from service.comparison.verdicts import judge
from service.core.progress import silent
from service.core.settings import Settings
from service.corpus.model import Corpus, CorpusText
from service.economics.measures import measure_all
from service.economics.step import voiced_topics
from service.personas.cards import Known
from service.personas.claims import sentences
from service.personas.company import Company
from service.personas.step import persona_texts
from service.personas.subjects import read_personas
from service.personas.voices import Voices
from service.segments.model import Segmentation
from service.segments.phrases import contrast, vocabulary

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
ORDER = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE)
FOUND = 0.3
"""Likeness (half words, half meaning) from which a planted claim and a product's sentence are the same."""


class Planted(NamedTuple):
    """One planted claim; `quote` is a stretch of the persona or says the same in other words."""

    stakeholder: str
    quote: str
    verdict: Verdict
    acceptable: frozenset[Verdict]
    id: str = ""


class Answer(NamedTuple):
    """A planted claim with the product's claim nearest to it."""

    planted: Planted
    said: Verdict
    """Of a claim that was not found: no evidence."""
    judged: JudgedClaim | None = None


@dataclass(frozen=True)
class Score:
    """Figures of one set of claims."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def accuracy(self) -> float:
        """Share of verdicts that are the planted one."""
        return _share(a.said is a.planted.verdict for a in self.answers)

    @property
    def soft(self) -> float:
        """The same where the truth lets another verdict pass."""
        return _share(a.said is a.planted.verdict or a.said in a.planted.acceptable for a in self.answers)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the four verdicts."""
        return _macro_f1([(a.planted.verdict, a.said) for a in self.answers])

    @property
    def worst(self) -> tuple[int, int]:
        """(contradicted by the truth but called supported, contradicted by the truth)."""
        wrong = [a for a in self.answers if a.planted.verdict is Verdict.CONTRADICTED]
        return sum(a.said is Verdict.SUPPORTED for a in wrong), len(wrong)

    @property
    def missed(self) -> int:
        """Planted claims without a claim of the product."""
        return sum(a.judged is None for a in self.answers)


def main(argv: Sequence[str]) -> int:
    """Print the tables; 0."""
    parser = argparse.ArgumentParser(prog="python -m eval claims", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="one demo company only")
    parser.add_argument("--own", action="store_true", help="with the product's own joins and segments too (minutes)")
    parser.add_argument("--show", action="store_true", help="every claim that went wrong")
    parser.add_argument("--cases", type=Path, metavar="FILE", action="append", help="reading of these sentences only")
    arguments = parser.parse_args(argv)
    encode = _encoder()
    if arguments.cases:
        _tell_cases(arguments.cases, encode, arguments.show)
        return 0
    print(
        "| claims | n | accuracy | macro-F1 | soft | contradicted→supported | missed |\n|---|---|---|---|---|---|---|"
    )
    stages: Stages = []
    for case in arguments.case or CASES:
        for score in scores(case, encode, stages, own=arguments.own):
            print(_line(score))
            if arguments.show:
                print("\n".join(_mistakes(score)))
    print()
    print("\n".join(readings.header()))
    for name, tally in stages:
        print(readings.stage_lines(name, tally))
        if arguments.show:
            print("\n".join(tally.wrong))
    _tell_cases(sorted(readings.FOLDER.glob("trades*.yaml")), encode, arguments.show)
    return 0


def _tell_cases(files: Sequence[Path], encode: Encode, show: bool) -> None:
    if not all(file.is_file() for file in files):
        raise SystemExit(f"There is no file {next(str(f) for f in files if not f.is_file())!r}.")
    print()
    print("\n".join(readings.header()))
    for file in files:
        tally, taken, of = read_cases(file, encode)
        print(readings.stage_lines(file.stem, tally))
        if of:
            print(f"<!-- {file.stem}: {taken} of {of} sentences that claim nothing were taken for claims -->")
        if show:
            print("\n".join(tally.wrong))


Stages = list[tuple[str, readings.Tally]]


def scores(case: str, encode: Encode, stages: Stages, own: bool = False) -> Iterable[Score]:
    """Every reading of a case, the baselines last. `stages` gets what was right on the way."""
    truth = load_truth(case)
    claims = planted_claims(truth)
    corpus = planted_corpus(case, truth)
    evidence = gather(corpus, described(corpus, planted_segmentation(corpus, truth)), encode)
    texts = persona_texts(corpus)
    gold = readings.load_readings(case)
    at = {key: card.at for key, card in gold.cards.items()}
    found = compared(read_personas(texts, evidence.company), evidence)
    print(f"<!-- {case}: {_pictures(found, truth)} -->")
    machine = matched(claims, found.claims, encode, at)
    yield Score(f"{case}, planted segments", machine)
    names = read_personas(texts, evidence.company, readings.confirmed_aliases(gold.aliases["planted"]))
    named = matched(claims, [judge(claim, evidence) for claim in names.claims], encode, at)
    yield Score(f"{case}, names confirmed", named)
    yield Score(f"{case}, cards confirmed", _confirmed(named, gold, evidence))
    stages += [(case, _tallied(machine, gold, evidence)), (f"{case}, names confirmed", _tallied(named, gold, evidence))]
    if own:
        yield Score(f"{case}, own segments", matched(claims, own_claims(case), encode, at))
    for name, others, theirs in (*paraphrases(case), *other_language(case)):
        yield Score(name, matched(theirs, judged(others, evidence), encode))
        confirmed = readings.confirmed_aliases(gold.aliases.get(name, {}))
        if confirmed:
            yield Score(f"{name}, names confirmed", matched(theirs, judged(others, evidence, confirmed), encode))
    yield _baseline(f"{case}, always contradicted", claims, lambda _: Verdict.CONTRADICTED)
    yield _baseline(f"{case}, plain similarity", claims, _by_similarity(corpus, claims, encode))


def known_of(evidence: Evidence) -> Known:
    """What a card of the company may name."""
    segments = {segment: segment for segment in evidence.segments}
    return Known(segments, tuple(sorted({c.name for c in evidence.company.campaigns})), evidence.voices.language)


def _confirmed(answers: Sequence[Answer], gold: readings.Readings, evidence: Evidence) -> tuple[Answer, ...]:
    """The answers once a person has put every card right; a claim that was not found stays so."""
    known, done = known_of(evidence), []
    for answer in answers:
        card = gold.cards[answer.planted.id]
        if answer.judged is None:
            done.append(answer)
            continue
        cards = [card, *card.more]
        rulings = [judge(readings.confirmed(answer.judged.claim, one, known), evidence) for one in cards]
        said = combined([finding.verdict for ruling in rulings for finding in ruling.findings])
        done.append(Answer(answer.planted, said, rulings[0]))
    return tuple(done)


def _tallied(answers: Sequence[Answer], gold: readings.Readings, evidence: Evidence) -> readings.Tally:
    tally = readings.Tally()
    for answer in answers:
        claim = answer.judged.claim if answer.judged else None
        readings.tell(tally, claim, gold.cards[answer.planted.id], known_of(evidence), answer.planted.quote)
    return tally


def planted_claims(truth: dict[str, Any]) -> list[Planted]:
    """The claims of a demo company's truth, whichever of its two shapes it has."""
    return [
        Planted(
            item.get("persona") or item["stakeholder"],
            item.get("quote") or item["claim"],
            Verdict(item["verdict"]),
            frozenset(map(Verdict, item.get("also_acceptable", ()))),
            item.get("id", ""),
        )
        for item in truth.get("claims") or truth["persona_claims"]
    ]


def paraphrases(case: str) -> Iterable[tuple[str, list[CorpusText], list[Planted]]]:
    """Personas in other words with their verdicts: (name, texts, claims)."""
    return _sets(f"paraphrase_{case[:2]}.json", case[:2])


def other_language(case: str) -> Iterable[tuple[str, list[CorpusText], list[Planted]]]:
    """The demo company's personas written in the language its customers do not speak."""
    language = "en" if case[:2] == "ru" else "ru"
    return _sets(f"other_language_{case[:2]}.json", language)


def _sets(file: str, language: str) -> Iterable[tuple[str, list[CorpusText], list[Planted]]]:
    path = Path(__file__).parent / "cases" / file
    for number, item in enumerate(json.loads(path.read_text(encoding="utf-8"))["sets"], 1):
        texts = [
            CorpusText(
                1,
                StakeholderText(f"set{number}/{who}.md", TextKind.PERSONA, who, text, language, who, Stakeholder(who)),
            )
            for who, text in item["texts"].items()
        ]
        yield item["name"], texts, planted_claims({"claims": item["claims"]})


def described(corpus: Corpus, segmentation: Segmentation) -> Segmentation:
    """Planted segments with the keyphrases the product would find for them."""
    voices = Voices(corpus, segmentation)
    known = vocabulary({c: [said.line.text for said in lines] for c, lines in voices.said.items()})
    everybody = [c for members in voices.members.values() for c in members]
    return replace(
        segmentation,
        segments=tuple(
            replace(
                s,
                keyphrases=contrast(
                    voices.customers(s.id), [c for c in everybody if c not in set(voices.customers(s.id))], known
                ),
            )
            for s in segmentation.segments
        ),
    )


def gather(corpus: Corpus, segmentation: Segmentation, encode: Encode) -> Evidence:
    """Evidence without a store."""
    voices = Voices(corpus, segmentation)
    book = measure_all(corpus, segmentation, topics=voiced_topics(corpus, silent))
    return Evidence(corpus, segmentation, book, voices, Company(corpus, segmentation, voices, encode))


def judged(
    texts: Sequence[CorpusText], evidence: Evidence, names: Mapping[str, str | None] | None = None
) -> list[JudgedClaim]:
    """Read and judge the personas, with names that a person confirmed, if any."""
    return [judge(claim, evidence) for claim in read_personas(texts, evidence.company, names).claims]


def own_claims(case: str) -> list[JudgedClaim]:
    """The claims as a user gets them: files in, every step run."""
    from service.comparison import step as comparison
    from service.comparison.repository import load_comparison
    from service.economics import step as economics
    from service.personas import step as personas
    from service.segments import step as segments

    with ingested(case) as (store, settings):
        for step in (segments, economics, personas, comparison):
            step.run(store, settings, WORKSPACE, "run", silent)
        with store.session() as session:
            return list(load_comparison(session, WORKSPACE, "run").claims)


def matched(
    claims: Sequence[Planted], found: Sequence[JudgedClaim], encode: Encode, at: Mapping[str, str] | None = None
) -> tuple[Answer, ...]:
    """Each planted claim with the product's claim that holds its words (`at`: the persona's own words for a planted
    claim's id), else with the likest of the same stakeholder, if any is like it at all.
    """
    if not found:
        return tuple(Answer(claim, Verdict.NO_EVIDENCE) for claim in claims)
    likeness = encode([c.quote for c in claims]) @ encode([j.claim.quote for j in found]).T
    answers = []
    for row, planted in zip(likeness, claims, strict=True):
        rated = [
            (0.5 * float(cosine) + 0.5 * _overlap(planted.quote, j.claim.quote), -place)
            for place, (cosine, j) in enumerate(zip(row, found, strict=True))
            if j.claim.stakeholder.value == planted.stakeholder
        ]
        words = (at or {}).get(planted.id) or planted.quote
        rated += [
            (2.0, -place)
            for place, j in enumerate(found)
            if words in j.claim.quote and j.claim.stakeholder.value == planted.stakeholder
        ]
        best = max(rated, default=(0.0, 0))
        nearest = found[-best[1]] if best[0] >= FOUND else None
        answers.append(Answer(planted, nearest.verdict if nearest else Verdict.NO_EVIDENCE, nearest))
    return tuple(answers)


def _overlap(quote: str, sentence: str) -> float:
    """Share of the quote's words that the sentence holds."""
    mine = set(re.findall(r"\w+", quote.lower()))
    return len(mine & set(re.findall(r"\w+", sentence.lower()))) / max(1, len(mine))


def _encoder() -> Encode:
    from service.embedding.encoder import encoder_for

    encoder = encoder_for(Settings())
    kept: dict[str, NDArray[np.float32]] = {}

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        missing = sorted(set(texts) - set(kept))
        kept.update(zip(missing, encoder.encode(missing), strict=True) if missing else ())
        return np.stack([kept[text] for text in texts])

    return encode


def _baseline(name: str, claims: Sequence[Planted], verdict_of: Callable[[Planted], Verdict]) -> Score:
    """A verdict for every claim without reading it."""
    return Score(name, tuple(Answer(claim, verdict_of(claim)) for claim in claims))


def _by_similarity(corpus: Corpus, claims: Sequence[Planted], encode: Encode) -> Callable[[Planted], Verdict]:
    """Supported where customers' sentences are near the claim, contradicted where far: thirds of this company's own."""
    voiced = [text[s.start : s.end] for d in corpus.documents if (text := d.customer_text) for s in sentences(text)]
    likeness = np.sort(encode([c.quote for c in claims]) @ encode(voiced).T, axis=1)[:, -10:].mean(axis=1)
    low, high = np.quantile(likeness, [1 / 3, 2 / 3])
    near = {c.quote: float(v) for c, v in zip(claims, likeness, strict=True)}
    return lambda c: (
        Verdict.SUPPORTED if near[c.quote] >= high else Verdict.PARTLY if near[c.quote] >= low else Verdict.CONTRADICTED
    )


def _pictures(found: Comparison, truth: dict[str, Any]) -> str:
    """Whether each persona's protagonist is the planted one, and the segments nobody names are found."""
    heroes = {c.stakeholder.value: c.segments[0] for c in found.coverage if c.segments}
    right = sum(heroes.get(who) == segment for who, segment in truth["persona_to_segment"].items())
    unnamed = truth["unnamed_segments"]
    seen = sum(segment in found.blind_spots for segment in unnamed)
    return f"protagonists {right} of {len(truth['persona_to_segment'])}, unnamed segments {seen} of {len(unnamed)}"


def _share(marks: Iterable[bool]) -> float:
    counted = list(marks)
    return sum(counted) / len(counted) if counted else 0.0


def _macro_f1(pairs: Sequence[tuple[Verdict, Verdict]]) -> float:
    each = []
    for verdict in ORDER:
        hits = sum(a is b is verdict for a, b in pairs)
        total = sum(a is verdict for a, _ in pairs) + sum(b is verdict for _, b in pairs)
        each.append(2 * hits / total if total else 0.0)
    return sum(each) / len(each)


def _line(score: Score) -> str:
    wrong, of = score.worst
    return (
        f"| {score.name} | {len(score.answers)} | {score.accuracy:.2f} | {score.macro_f1:.2f} | {score.soft:.2f} "
        f"| {wrong}/{of} | {score.missed} |"
    )


def _mistakes(score: Score) -> Iterable[str]:
    for planted, said, found in score.answers:
        if said is not planted.verdict:
            how = Counter(f"{a.measure} {a.operator}" for a in found.claim.atoms) if found else Counter()
            yield f"    {planted.stakeholder}: {planted.quote!r} is {planted.verdict}, said {said} ({', '.join(how)})"
