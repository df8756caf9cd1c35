"""Judged claims in words: the figure that decides, and which claims are worth a line on the first page."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.model import Stakeholder
from service.briefs.material import Material
from service.briefs.model import Fact, Sentence, Span
from service.briefs.sentences import Label, Value
from service.comparison.model import Finding, JudgedClaim, Verdict
from service.core.numbers import ROUGH
from service.economics.intervals import wilson
from service.segments.model import Quote

WEIGHT = {
    "revenue": 10,
    "wins": 9,
    "conversion": 8,
    "value": 7,
    "leads": 6,
    "cost_per_customer": 6,
    "channel": 5,
    "retention": 5,
    "cycle": 4,
    "referral": 4,
    "returns": 4,
    "cost_per_lead": 4,
    "discount": 3,
    "basket": 3,
    "topic": 3,
}
"""How much a class of claim matters to an owner: money first, talk last. Set by hand."""
CUT = "…"
_RANGE = re.compile(r"\((\d[^,()]*%), [^()]*\)")
LONGEST_SAYING = 110
"""A claim longer than this does not go into the table on the first page when a shorter one serves."""


def verdicts(claims: tuple[JudgedClaim, ...], verdict: Verdict) -> list[JudgedClaim]:
    """Claims with one verdict, the weightiest first."""
    return sorted((c for c in claims if c.verdict is verdict), key=importance)


def importance(claim: JudgedClaim) -> tuple[float, int, int, str]:
    """Sort key: weighty, settled, short first."""
    weight = max((WEIGHT.get(atom.measure, 1) for atom in claim.claim.atoms), default=1)
    return (
        -weight + (2 if claim.preliminary else 0),
        int(len(claim.claim.quote) > LONGEST_SAYING),
        claim.claim.start,
        claim.claim.id,
    )


def about_hero(material: Material, who: Stakeholder) -> JudgedClaim | None:
    """The claim that says who the client is: about the persona's main segment, weightiest first."""
    claims = material.inputs.claims_of(who)
    hero = material.inputs.protagonists.get(who)
    of_hero = [c for c in claims if c.segment is not None and c.segment == hero]
    pool = of_hero or [c for c in claims if c.verdict is not Verdict.NO_EVIDENCE] or list(claims)
    first = ("leads", "wins", "revenue")
    return min(
        pool,
        key=lambda c: (not any(a.measure in first for a in c.claim.atoms), *importance(c)),
        default=None,
    )


def saying(material: Material, claim: JudgedClaim, most_words: int | None = None) -> Span:
    """The persona's own words as a quotation; with `most_words`, cut after so many and marked as cut."""
    fact = material.ledger.claim(claim.claim)
    return Span(material.write.quote(_shortened(fact.text.rstrip(" ."), most_words)), fact.id, "quote")


def _shortened(text: str, most_words: int | None) -> str:
    """The first words, up to the end of a clause where one ends late enough."""
    words = text.split()
    if most_words is None or len(words) <= most_words + 2:
        return text
    cut = words[:most_words]
    ends = [i for i, word in enumerate(cut) if word[-1] in ",;:—" and i + 1 >= most_words // 2]
    kept = cut[: ends[-1] + 1] if ends else cut
    return " ".join(kept).rstrip(",;:— ") + CUT


def figure(material: Material, judged: JudgedClaim) -> Sentence | None:
    """The deciding figure with its base and what it was held against; None when the claim has none."""
    decisive = next((f for f in judged.findings if f.value is not None and f.n), None)
    if decisive is None:
        return None
    fact = finding_fact(material, judged.claim.id, judged.findings.index(decisive), decisive)
    text = material.say(
        f"figure.{_key(material, decisive, fact)}", f=fact, label=material.measure_label(decisive.measure)
    )
    if decisive.level == "segment" and decisive.name in material.inputs.segment_by_id:
        text = material.say("figure.named", name=material.name(decisive.name), figure=text)
    elif decisive.level in ("campaign", "channel"):
        text = material.say("figure.named", name=Label(decisive.name), figure=text)
    return _with_comparison(material, judged, decisive, text)


def in_brief(material: Material, sentence: Sentence) -> Sentence:
    """A figure without its range where enough people stand behind it: the first page; the range stands below."""

    def bare(span: Span) -> Span:
        fact = material.ledger.get(span.fact) if span.fact else None
        sure = fact is not None and fact.k is not None and (fact.n or 0) >= ROUGH
        return replace(span, text=_RANGE.sub(r"(\1)", span.text)) if sure else span

    return tuple(bare(span) for span in sentence)


def finding_fact(material: Material, claim_id: str, index: int, finding: Finding) -> Fact:
    """The figure of a finding as a fact; the book's own row where it is the same number."""
    level, name = finding.level, finding.name
    if level in ("all", "segment", "channel", "campaign"):
        row = material.inputs.measures.get(level, name, finding.measure)  # type: ignore[arg-type]
        if row is not None and row.value == finding.value and row.n == finding.n:
            entered = material.ledger.measure(row.level, row.name, row.measure)
            if entered is not None:
                return entered
    value = finding.value or 0.0
    k, low, high = finding.k, finding.low, finding.high
    if finding.unit == "share":
        k = round(value * finding.n) if k is None else k
        if low is None:
            low, high = wilson(k, finding.n)
    return material.ledger.number(
        f"claim:{claim_id}/{index}/{finding.measure}",
        value,
        finding.unit,
        k=k,
        n=finding.n,
        low=low,
        high=high,
        subject=None if level == "all" else name,
    )


def _key(material: Material, finding: Finding, fact: Fact) -> str:
    """Which figure phrase fits: by the measure's name if its place suits the unit, else by unit."""
    name = finding.measure
    if name.startswith(("topic:", "words:")):
        name = "topic_bought" if finding.rule == "topic.sayers" else "topic"
    based = fact.k is not None and bool(fact.n)
    if material.book.has(f"figure.{name}"):
        wants_base = ".full" in material.text(f"figure.{name}")
        if wants_base == (finding.unit == "share" and based):
            return name
    return "labelled" if finding.unit == "share" and based else "labelled_bare"


def _with_comparison(material: Material, judged: JudgedClaim, finding: Finding, text: Sentence) -> Sentence:
    """What the figure was held against, in the words of the rule; nothing where the rule names no second figure."""
    if finding.compared_with is None:
        return text
    whose = finding.compared_name if finding.compared_name in material.inputs.segment_by_id else None
    if whose == finding.name:
        return text
    key = _compared_key(material, judged, finding, whose)
    if key is None:
        return text
    other = material.ledger.number(
        f"claim:{judged.claim.id}/compared/{finding.measure}/{finding.compared_name}",
        finding.compared_with,
        finding.unit,
        subject=whose,
    )
    written = {"days": "figure.days", "months": "figure.months_unit"}.get(finding.unit, "figure.money")
    values: dict[str, Value] = {"figure": text, "other": material.say(written, f=other)}
    if whose:
        values["name"] = material.name(whose)
    return material.say(key, **values)


def _compared_key(material: Material, judged: JudgedClaim, finding: Finding, whose: str | None) -> str | None:
    """The phrase for a rule: by its full name, else by its last part, else none."""
    if whose is not None:
        return "compared.named"
    family, _, last = finding.rule.partition(".")
    if last in ("most", "least", "cheapest", "dearest"):
        last = f"{last}_{'right' if finding.verdict is Verdict.SUPPORTED else 'wrong'}"
    for key in (f"compared.{family}_{last}", f"compared.{last}"):
        if material.book.has(key):
            return key
    return None


def telling_quotes(judged: JudgedClaim) -> tuple[Quote, ...]:
    """The customers' words that decide a claim about what they say: against first where the data are against."""
    if not any(f.measure.startswith(("topic:", "words:")) for f in judged.findings[:1]):
        return ()
    against = judged.verdict in (Verdict.CONTRADICTED, Verdict.PARTLY)
    return (judged.quotes_against + judged.quotes_for) if against else judged.quotes_for
