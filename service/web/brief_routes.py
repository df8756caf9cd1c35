"""HTTP: versions of briefs, what changed between them, decisions on them; webhooks and the log of their messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from service import flow
from service.briefs.model import BriefKind
from service.briefs.notices import repository as notices
from service.briefs.notices import step as messages
from service.briefs.notices.model import DEFAULT_EVENTS, Delivery, Event, Webhook
from service.briefs.routes import place_meant, wanted_of
from service.briefs.versions.changes import Changes
from service.briefs.versions.model import Decided, Decision, Status, Version
from service.briefs.versions.repository import LONGEST_COMMENT, load_held, load_versions, missing
from service.briefs.versions.step import changes_of, judge
from service.core.errors import NotAllowed
from service.core.numbers import Language
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["briefs"], responses=PROBLEMS)
hooks = APIRouter(tags=["webhooks"], responses=PROBLEMS)

MOST_MESSAGES = 200
Segment = Annotated[str | None, Query(max_length=40)]
Lang = Annotated[Language | None, Query()]


class VersionLine(BaseModel):
    """A version and what people decided about it."""

    id: str
    kind: BriefKind
    segment: str | None
    segment_name: str
    language: Language
    number: int
    status: Status
    run: str
    created_at: datetime
    title: str
    decided: list[Decided]


class Versions(BaseModel):
    """The versions of one brief, the newest first."""

    versions: list[VersionLine]


class ChangesFound(BaseModel):
    """What changed from one version to another; `since` and `changes` are null for a first version."""

    version: int
    since: int | None
    changes: Changes | None


class Verdict(BaseModel):
    """Approve, or send back with a comment."""

    model_config = ConfigDict(extra="forbid")
    decision: Decision
    version: int | None = Field(default=None, ge=1, le=999_999, description="The newest if left out.")
    segment: str | None = Field(default=None, max_length=40)
    language: Language | None = None
    comment: str = Field(default="", max_length=LONGEST_COMMENT)


@router.get("/briefs/{kind}/versions")
def list_versions(
    kind: BriefKind,
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    segment: Segment = None,
    lang: Lang = None,
) -> Versions:
    """Every version there was, with its decisions."""
    where.visitor.require(f"read_brief_{kind}")
    place = place_meant(where, kind, segment, lang)
    with where.session() as session:
        found = load_versions(session, where.workspace, place)
    return Versions(versions=[_line(version) for version in found])


@router.get("/briefs/{kind}/changes")
def read_changes(
    kind: BriefKind,
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    segment: Segment = None,
    lang: Lang = None,
    version: Annotated[str, Query(pattern=r"^(approved|newest|[1-9][0-9]{0,5})$")] = "newest",
    since: Annotated[int | None, Query(ge=1, le=999_999)] = None,
) -> ChangesFound:
    """What changed in a version since the one before it, or since the one named, and why."""
    where.visitor.require(f"read_brief_{kind}")
    place = place_meant(where, kind, segment, lang)
    wanted = wanted_of(version)
    with where.session() as session:
        held = load_held(session, where.workspace, place, wanted)
        if held is None:
            raise missing(place, wanted if isinstance(wanted, int) else None)
        found = changes_of(session, where.workspace, held, since)
    if found is None:
        return ChangesFound(version=held.version.number, since=None, changes=None)
    earlier, changes = found
    return ChangesFound(version=held.version.number, since=earlier.version.number, changes=changes)


@router.post("/briefs/{kind}/decision")
def decide(kind: BriefKind, verdict: Verdict, where: Annotated[Visit, Depends(visit("return_brief"))]) -> VersionLine:
    """Approve a version, or send it back with a comment; whoever may approve may also withdraw an approval."""
    return _line(decided(where, kind, verdict))


def decided(where: Visit, kind: BriefKind, verdict: Verdict) -> Version:
    """Keep a decision and let the messages about it go. NotAllowed for a role that may not decide this."""
    where.visitor.require(f"read_brief_{kind}")
    if verdict.decision == "approved":
        where.visitor.require("approve_brief")
    place = place_meant(where, kind, verdict.segment, verdict.language)
    with where.session() as session:
        held = load_held(session, where.workspace, place, verdict.version or "newest")
    if held is None:
        raise missing(place, verdict.version)
    if held.version.status == "approved" and not where.visitor.may("approve_brief"):
        raise NotAllowed(
            "This version is approved; only the owner can send it back.",
            ru="Эта версия утверждена; вернуть её может только собственник.",
        )
    version = judge(
        where.store, where.workspace, place, held.version.number, verdict.decision, where.visitor.who, verdict.comment
    )
    flow.send_messages(where.store, where.settings)
    return version


def _line(version: Version) -> VersionLine:
    return VersionLine(
        id=version.id,
        kind=version.place.kind,
        segment=version.place.segment,
        segment_name=version.segment_name,
        language=version.place.language,
        number=version.number,
        status=version.status,
        run=version.run,
        created_at=version.created_at,
        title=version.title,
        decided=list(version.decided),
    )


# -- webhooks -------------------------------------------------------------------------------------------------------

Manager = Annotated[Visit, Depends(visit("manage_webhooks"))]


class NewWebhook(BaseModel):
    """An https address, and what it is told of."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(min_length=1, max_length=2000)
    events: list[Event] = Field(default=list(DEFAULT_EVENTS), max_length=10)


class WebhookLine(BaseModel):
    """An address that is told."""

    id: str
    url: str
    events: list[str]
    created_by: str
    created_at: datetime


class WebhookMade(WebhookLine):
    """A new address with the secret its messages are signed with: shown this once."""

    secret: str


class Webhooks(BaseModel):
    """Addresses in force."""

    webhooks: list[WebhookLine]


class Sent(BaseModel):
    """The message written."""

    message: str


class Removed(BaseModel):
    """The address taken back."""

    removed: str


class Deliveries(BaseModel):
    """Messages, the latest first."""

    deliveries: list[Delivery]


@hooks.get("/webhooks")
def list_webhooks(where: Manager) -> Webhooks:
    """Who is told of briefs."""
    with where.session() as session:
        return Webhooks(webhooks=[_hook(webhook) for webhook in notices.webhooks(session, where.workspace)])


@hooks.post("/webhooks", status_code=201)
def add_webhook(wanted: NewWebhook, where: Manager) -> WebhookMade:
    """Tell an address of new and approved briefs; messages are signed after the Standard Webhooks specification."""
    made = messages.add(where.store, where.settings, where.workspace, wanted.url, wanted.events, where.visitor.who)
    return WebhookMade(**_hook(made).model_dump(), secret=made.secret)


@hooks.delete("/webhooks/{webhook_id}")
def remove_webhook(webhook_id: str, where: Manager) -> Removed:
    """Tell this address no more."""
    with where.store.session(write=True) as session:
        notices.remove_webhook(session, where.workspace, webhook_id, where.visitor.who)
    return Removed(removed=webhook_id)


@hooks.post("/webhooks/{webhook_id}/test", status_code=202)
def try_webhook(webhook_id: str, where: Manager) -> Sent:
    """Send a message to try the address with; the log says what came of it."""
    message = messages.ping(where.store, where.workspace, webhook_id)
    flow.send_messages(where.store, where.settings)
    return Sent(message=message)


@hooks.get("/webhooks/deliveries")
def list_deliveries(
    where: Manager,
    webhook: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_MESSAGES)] = 50,
) -> Deliveries:
    """What was sent, what came of it, what still waits."""
    with where.session() as session:
        return Deliveries(deliveries=notices.deliveries(session, where.workspace, webhook, limit))


def _hook(webhook: Webhook) -> WebhookLine:
    return WebhookLine(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        created_by=webhook.created_by,
        created_at=webhook.created_at,
    )
