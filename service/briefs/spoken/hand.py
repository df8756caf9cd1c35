"""Finished briefs through a language model's hand: smoothed sentences, drafts, and a last line that accounts for both.

Everything the model gave has passed the checks of `phrasing` and `wording`; what has not is not there. Without a model
briefs do not come here at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from service.briefs.check import Checker
from service.briefs.labels import label
from service.briefs.material import Material
from service.briefs.model import Block, Brief, Bullets, Diff, Fact, Heading, Paragraph, Sentence, Span
from service.briefs.sentences import Label, Value
from service.briefs.spoken.requests import AdDraft, Spot, creative, phrasing, replaced, script
from service.briefs.spoken.wording import Pairs, spoken_pairs
from service.briefs.verify import Context, fold
from service.llm.asker import Asking
from service.llm.leash import Request, Taken, on_leash

MODEL_NAME = "llm:model"
"""Key of the model's name among the names of a brief; a colon marks what is no group of customers."""


LEAST_COST = 1.0
"""Less money than this is printed as nothing."""


class Put(NamedTuple):
    """A request and what to do with what came of it."""

    brief: int
    request: Request[Any]
    put: Callable[[Brief, Taken[Any]], Brief]


def spoken(briefs: Sequence[Brief], material: Material, asker: Asking) -> list[Brief]:
    """The briefs as the model's hand leaves them; those in another language than `material` are left alone."""
    puts = asked_of(briefs, material)
    return put_back(briefs, puts, on_leash(asker, [put.request for put in puts]), material, asker)


def asked_of(briefs: Sequence[Brief], material: Material) -> list[Put]:
    """Everything that is asked about the briefs."""
    pairs = spoken_pairs(material.inputs)
    own = [(number, brief) for number, brief in enumerate(briefs) if brief.language == material.language]
    return [put for number, brief in own for put in _puts(number, brief, material, pairs)]


def put_back(
    briefs: Sequence[Brief], puts: Sequence[Put], taken: Sequence[Taken[Any]], material: Material, asker: Asking
) -> list[Brief]:
    """The briefs with what was taken in its places, and a last line each."""
    done = list(briefs)
    given: dict[int, list[Taken[Any]]] = {}
    for put, result in zip(puts, taken, strict=True):
        done[put.brief] = put.put(done[put.brief], result)
        given.setdefault(put.brief, []).append(result)
    return [_accounted(brief, material, asker, given.get(number, [])) for number, brief in enumerate(done)]


def _puts(number: int, brief: Brief, material: Material, pairs: Pairs) -> list[Put]:
    """Drafts are added at the end of a brief, so that places of its sentences stay."""
    found: list[Put] = []
    asked = phrasing(brief, _contexts(brief))
    if asked is not None:
        request, places = asked
        found.append(Put(number, request, lambda b, t: _smoothed(b, t, places)))
    segment = material.inputs.segment_by_id.get(brief.segment or "")
    if segment is None or material.inputs.not_ours(segment.id):
        return found
    context = _checker(brief).context()
    if brief.kind == "creative":
        found.append(Put(number, creative(material, segment, context, pairs), lambda b, t: _with_ad(b, material, t)))
    if brief.kind == "script" and (lines := script(material, segment, brief, context, pairs)) is not None:
        places_of = [block.section for block in brief.blocks if isinstance(block, Diff) and block.new]
        found.append(Put(number, lines, lambda b, t: _with_lines(b, material, t, places_of)))
    return found


def _checker(brief: Brief) -> Checker:
    return Checker(
        {fact.id: fact for fact in brief.facts},
        dict(brief.names),
        brief.language,
        brief.currency,
        frozenset(fold(word) for word in brief.known_words),
        brief.segment,
    )


def _contexts(brief: Brief) -> Callable[[int], Context]:
    """Block number → what its sentences may lean on."""
    found: list[Context] = []
    heading: str | None = None
    for block in brief.blocks:
        if isinstance(block, Heading):
            heading = block.about
        about = block.about if isinstance(block, Paragraph) else None
        found.append(
            replace(_checker(brief).context(), about=frozenset(x for x in (brief.segment, heading, about) if x))
        )
    return found.__getitem__


def _smoothed(brief: Brief, taken: Taken[Sentence], places: dict[str, Spot]) -> Brief:
    return replace(brief, blocks=replaced(brief.blocks, {places[n]: sentence for n, sentence in taken.held.items()}))


def _with_ad(brief: Brief, material: Material, taken: Taken[AdDraft]) -> Brief:
    draft = taken.held.get("1")
    if draft is None:
        return brief
    stood = next((b for b in brief.blocks if isinstance(b, Diff) and b.action == "change" and b.old), None)
    text = ". ".join(part.rstrip(".") for part in (draft.headline, *draft.lines)) + "."
    return _extended(
        brief,
        [
            Heading(material.text("model.ad_heading")),
            Diff(
                "change" if stood else "add",
                stood.section if stood else material.text("creative.new_ad"),
                stood.old if stood else (),
                (Span(text),),
                (material.say("model.draft"),),
            ),
        ],
    )


def _with_lines(brief: Brief, material: Material, taken: Taken[str], places: Sequence[str]) -> Brief:
    if not taken.held:
        return brief
    checker = _checker(brief)
    items: list[Sentence] = []
    for number, text in sorted(taken.held.items(), key=lambda item: int(item[0])):
        named = material.say("model.line", place=places[int(number) - 1], line=text)
        items.append(named if checker.holds(named) else (Span(text),))
    return _extended(
        brief,
        [
            Heading(material.text("model.lines_heading")),
            Bullets(tuple(items)),
            Paragraph((material.say("model.draft"),), role="note"),
        ],
    )


def _extended(brief: Brief, blocks: list[Block]) -> Brief:
    """With more blocks at the end, those that pass the verifier."""
    return replace(brief, blocks=(*brief.blocks, *_checker(brief).blocks(blocks)))


@dataclass(frozen=True)
class _Account:
    """What was offered to the model about a brief and what came back."""

    offered: int
    held: int
    refused: int
    """By the checks."""
    unanswered: Counter[str]
    """Outcome → items."""


def _account(taken: Sequence[Taken[Any]]) -> _Account:
    reasons = Counter(str(reason) for one in taken for reason in one.plain.values())
    held = sum(len(one.held) for one in taken)
    lost = Counter({r: n for r, n in reasons.items() if r not in ("check", "left_out")})
    return _Account(held + sum(reasons.values()), held, reasons["check"], lost)


def _accounted(brief: Brief, material: Material, asker: Asking, taken: Sequence[Taken[Any]]) -> Brief:
    """The brief with its last line: which model, how much of it stands, how much fell back, what it took."""
    if not taken:
        return brief
    account = _account(taken)
    counts = {
        "offered": account.offered,
        "held": account.held,
        "refused": account.refused,
        "calls": sum(one.calls for one in taken),
        "tokens": sum(one.tokens_in + one.tokens_out for one in taken),
    }
    # The value stands in the source: another model's hand on the same brief is another fact.
    facts = {key: material.ledger.count(f"llm_{key}/{brief.id}/{value}", value) for key, value in counts.items()}
    told: dict[str, Value] = {"model": Label(asker.name), **facts}
    sentences = [material.say("model.account", **told)]
    for outcome, number in sorted(account.unanswered.items()):
        fact = material.ledger.count(f"llm_lost/{brief.id}/{outcome}/{number}", number)
        facts[f"lost_{outcome}"] = fact
        sentences.append(material.say(f"model.lost.{outcome}", lost=fact))
    cost = asker.cost(sum(one.tokens_in for one in taken), sum(one.tokens_out for one in taken))
    if cost >= LEAST_COST and asker.currency == brief.currency:
        facts["cost"] = material.ledger.money(f"llm_cost/{brief.id}/{cost:.4f}", cost)
        sentences.append(material.say("model.cost", cost=facts["cost"]))
    return _signed(brief, material, asker.name, list(facts.values()), tuple(sentences))


def _signed(brief: Brief, material: Material, model: str, facts: list[Fact], sentences: tuple[Sentence, ...]) -> Brief:
    labelled = (replace(fact, label=label(material, fact)) for fact in facts)
    with_facts = replace(
        brief, facts=(*brief.facts, *labelled), names=tuple(sorted({**dict(brief.names), MODEL_NAME: model}.items()))
    )
    return _extended(with_facts, [Paragraph(sentences, role="note")])
