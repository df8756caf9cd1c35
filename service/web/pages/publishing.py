"""Versions of a brief and their decisions, what changed between two, and webhooks, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.briefs.notices.model import Delivery, Webhook
from service.briefs.versions.changes import Changes
from service.briefs.versions.model import Held, Version
from service.briefs.versions.telling import Told, tell
from service.core.numbers import Formatter, Language
from service.web.i18n import Words
from service.web.pages.people import who_said

SHOWN_VERSIONS = 20


@dataclass(frozen=True)
class DecisionLine:
    """Somebody's word."""

    decision: str
    who: str
    when: str
    comment: str


@dataclass(frozen=True)
class VersionLine:
    """A version in the list."""

    number: int
    status: str
    when: str


@dataclass(frozen=True)
class HistoryView:
    """Where the shown version stands. `approved` is the number that readers of the API get, 0 for none."""

    number: int
    status: str
    when: str
    newest: int
    approved: int
    decisions: tuple[DecisionLine, ...]
    others: tuple[VersionLine, ...]
    may_approve: bool
    may_return: bool


def history_view(
    versions: Sequence[Version],
    shown: Version | None,
    words: Words,
    write: Formatter,
    may_approve: bool,
    names: Mapping[str, str],
) -> HistoryView | None:
    """`versions` of one place, the newest first; None for a brief from before there were versions.

    `names`: whom to show for the id of a person or a key.
    """
    if shown is None:
        return None
    return HistoryView(
        number=shown.number,
        status=shown.status,
        when=_when(shown.created_at, write),
        newest=versions[0].number,
        approved=next((version.number for version in versions if version.status == "approved"), 0),
        decisions=tuple(
            DecisionLine(d.decision, who_said(d.who, words, names), _when(d.at, write), d.comment)
            for d in shown.decided
        ),
        others=tuple(VersionLine(v.number, v.status, _when(v.created_at, write)) for v in versions[:SHOWN_VERSIONS]),
        may_approve=may_approve and shown.status != "approved",
        may_return=shown.status == "proposed" or (may_approve and shown.status == "approved"),
    )


@dataclass(frozen=True)
class ChangesView:
    """What changed; `told` is None for a first version."""

    kind: str
    segment: str
    name: str
    number: int
    since: int
    told: Told | None


def changes_view(held: Held, found: tuple[Held, Changes] | None, language: Language) -> ChangesView:
    """The page of changes."""
    place, name = held.version.place, held.version.segment_name
    if found is None:
        return ChangesView(place.kind, place.segment or "", name, held.version.number, 0, None)
    earlier, changes = found
    told = tell(changes, language)
    return ChangesView(place.kind, place.segment or "", name, held.version.number, earlier.version.number, told)


@dataclass(frozen=True)
class WebhookLine:
    """An address in the list."""

    id: str
    url: str
    when: str


@dataclass(frozen=True)
class MessageLine:
    """A message in the log. `outcome`: the status answered, or a code of what went wrong."""

    when: str
    event: str
    url: str
    status: str
    attempts: int
    answer: str
    error: str


@dataclass(frozen=True)
class WebhooksView:
    """The page of webhooks. `secret` is of the one just added."""

    webhooks: tuple[WebhookLine, ...]
    messages: tuple[MessageLine, ...]
    secret: str
    error: str


def webhooks_view(
    hooks: Sequence[Webhook], sent: Sequence[Delivery], write: Formatter, secret: str, error: str
) -> WebhooksView:
    """The page of webhooks."""
    return WebhooksView(
        tuple(WebhookLine(hook.id, hook.url, _when(hook.created_at, write)) for hook in hooks),
        tuple(
            MessageLine(_when(d.created_at, write), d.event, d.url, d.status, d.attempts, str(d.answer or ""), d.error)
            for d in sent
        ),
        secret,
        error,
    )


def _when(moment: datetime, write: Formatter) -> str:
    return f"{write.short_day(moment.date())}, {moment:%H:%M}"
