"""webhook: addresses that are told of briefs, and the log of the messages."""

from __future__ import annotations

from collections.abc import Sequence

from service.commands.briefs import WHO
from service.commands.console import desk
from service.core.errors import Conflict

SHOWN = 20


def add(url: str, events: Sequence[str], workspace: str | None, as_json: bool) -> None:
    """A new address; prints its secret, once."""
    from service.briefs.notices import step
    from service.core.records import to_json
    from service.store.workspaces import require_known

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            require_known(session, at.workspace, at.settings.workspace)
        made = step.add(at.store, at.settings, at.workspace, url, events, WHO)
        if at.as_json:
            at.answer(to_json(made))
        at.say("webhook.added", id=made.id, secret=made.secret)


def show(workspace: str | None, as_json: bool) -> None:
    """Addresses and the latest messages."""
    from service.briefs.notices.repository import deliveries, webhooks
    from service.core.records import to_json

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            hooks = webhooks(session, at.workspace)
            sent = deliveries(session, at.workspace, most=SHOWN)
        if at.as_json:
            bare = [{name: value for name, value in to_json(hook).items() if name != "secret"} for hook in hooks]
            at.answer({"webhooks": bare, "deliveries": [to_json(one) for one in sent]})
            return
        for hook in hooks:
            print(f"{hook.id}  {hook.url}  {', '.join(hook.events)}")
        for one in sent:
            came = one.error or str(one.answer or "")
            print(
                f"  {one.created_at:%Y-%m-%d %H:%M}  {one.event:<15} {one.status:<9} {one.attempts}  {came}  {one.url}"
            )
        if not hooks:
            at.say("webhook.none")


def remove(webhook: str, workspace: str | None, as_json: bool) -> None:
    """Tell an address no more."""
    from service.briefs.notices.repository import remove_webhook

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            remove_webhook(session, at.workspace, webhook, WHO)
        if at.as_json:
            at.answer({"removed": webhook})
        at.say("webhook.removed", id=webhook)


def test(webhook: str, workspace: str | None, as_json: bool) -> None:
    """One attempt, here and now. Conflict when the message did not arrive."""
    from service.briefs.notices import step
    from service.core.records import to_json

    with desk(workspace, as_json) as at:
        sent = step.try_now(at.store, at.settings, at.workspace, webhook)
        if at.as_json:
            at.answer(to_json(sent))
        if sent.status != "delivered":
            came = sent.error + (f" ({sent.answer})" if sent.answer else "")
            raise Conflict(f"The message did not arrive: {came}.", ru=f"Сообщение не доставлено: {came}.")
        at.say("webhook.arrived", answer=sent.answer)
