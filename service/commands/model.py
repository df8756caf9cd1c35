"""estimate: what a language model would be asked and would cost for the next analysis."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk
from service.core.errors import NotReady

if TYPE_CHECKING:
    from service.llm.estimate import Counter
    from service.llm.model import Bill


def estimate(workspace: str | None, as_json: bool) -> None:
    """Count the questions the latest results would raise; nothing is sent, and no model need be configured."""
    from service.llm.estimate import Counter

    with desk(workspace, as_json) as at:
        counter = Counter(at.settings, at.store, at.workspace)
        known = _dry_run(at, counter)
        if at.as_json:
            at.answer(_as_json(at, counter) | {"known": known})
        elif known:
            _print(at, counter)
        else:
            at.say("estimate.unknown")


def _dry_run(at: Desk, counter: Counter) -> bool:
    """Everything that asks, asked of the counter; results are thrown away. False before the first analysis."""
    from service.briefs.compose import compose_all
    from service.briefs.facts import Ledger
    from service.briefs.material import Material
    from service.briefs.spoken.hand import spoken
    from service.briefs.step import gather
    from service.personas.proposals import propose
    from service.personas.repository import load_personas
    from service.segments.proposed_names import plainly, with_proposed_names
    from service.store.runs import latest_done

    with at.store.session() as session:
        try:
            run = latest_done(session, at.workspace)
        except NotReady:
            return False
        claims = load_personas(session, at.workspace, run.id).claims
    inputs = gather(at.store, at.settings, at.workspace, run.id)
    before = inputs.segmentation
    plain = plainly(before)
    if plain is not None:
        given = {segment.id for segment in before.segments if segment.named_by == "person"}
        with_proposed_names(plain, before, inputs.corpus, counter, given)
    propose(claims, before.segments, inputs.corpus.language, counter)
    ledger = Ledger(inputs)
    language = inputs.corpus.language
    spoken(compose_all(inputs, language, ledger), Material(inputs, language, ledger), counter)
    return True


def _as_json(at: Desk, counter: Counter) -> dict[str, Any]:
    total = counter.total
    return {
        "model": at.settings.llm,
        **asdict(total),
        "cost": round(counter.cost(total.tokens_in, total.tokens_out), 6),
        "currency": counter.currency,
        "token_cap": at.settings.llm_token_cap,
        "cost_cap": at.settings.llm_cost_cap,
        "tasks": {name: asdict(task) for name, task in sorted(counter.tasks.items())},
    }


def _print(at: Desk, counter: Counter) -> None:
    total = counter.total
    if at.settings.llm is None:
        at.say("estimate_none")
    for name, task in sorted(counter.tasks.items()):
        at.say(
            "estimate.task", task=at.words(f"estimate.{name}"), calls=task.calls, kept=task.kept,
            tokens_in=task.tokens_in, tokens_out=task.tokens_out,
        )  # fmt: skip
    cost = counter.cost(total.tokens_in, total.tokens_out)
    at.say(
        "estimate.total", calls=total.calls, kept=total.kept, tokens_in=total.tokens_in, tokens_out=total.tokens_out,
        cost=money(at, cost), cap=at.settings.llm_token_cap,
    )  # fmt: skip
    if total.tokens_in + total.tokens_out > at.settings.llm_token_cap:
        print(at.words("estimate.over"), file=sys.stderr)


def bill_line(at: Desk, bill: Bill) -> str:
    """The bill of a run in one line."""
    failed = sum(bill.failed.values())
    return at.words(
        "summary.bill", model=bill.model, calls=bill.calls, kept=bill.kept, failed=failed,
        tokens=bill.tokens_in + bill.tokens_out, cost=money(at, bill.cost),
    )  # fmt: skip


def money(at: Desk, cost: float) -> str:
    """Money of the model's prices; a word where no prices are set."""
    if not at.settings.llm_price_in and not at.settings.llm_price_out:
        return at.words("estimate.no_price")
    return at.formatter(at.settings.llm_currency).money(cost)
