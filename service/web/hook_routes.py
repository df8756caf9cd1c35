"""HTTP: where a CRM sends its events, and the doors themselves for whoever keeps them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from service.corpus.hook_step import Call, create_hook, list_deliveries, list_hooks, receive, revoke_hook
from service.corpus.hooks import DeliveryState, Hook, HookDelivery, HookSystem
from service.store.routes import PROBLEMS, Visit, visit

door = APIRouter(tags=["hooks"], responses=PROBLEMS)
"""Asks for no key: the address is the secret, and the generic door wants a signature beside it."""
api = APIRouter(tags=["hooks"], responses=PROBLEMS)

MAX_CALL_BYTES = 1024 * 1024
"""One call: a CRM sends kilobytes."""
Reader = Annotated[Visit, Depends(visit("read_hooks"))]
Editor = Annotated[Visit, Depends(visit("edit_hooks"))]
HOOK_BODY = {
    "requestBody": {
        "description": "A form as amoCRM and Bitrix24 send it, or JSON with lists of records.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        },
    }
}


class Acknowledged(BaseModel):
    """The call was written down and will be taken in a moment; `known` tells that the same call came before."""

    delivery: str
    state: Literal["waiting", "known"]


class HookToMake(BaseModel):
    """A door to make."""

    model_config = ConfigDict(extra="forbid")
    system: HookSystem
    label: str = Field(default="", max_length=200)


class HookMade(BaseModel):
    """A door just made. `address` and `secret` are shown this once."""

    hook: Hook
    address: str
    secret: str = Field(description="Key of the signature; empty for systems that do not sign.")


class Hooks(BaseModel):
    """Doors, newest first."""

    hooks: list[Hook]


class HookDeliveries(BaseModel):
    """The latest calls through a door."""

    deliveries: list[HookDelivery]


@door.post("/hooks/{system}/{token}", status_code=202, openapi_extra=HOOK_BODY)
async def take_call(system: HookSystem, token: str, request: Request) -> Acknowledged:
    """An event of a CRM. Acknowledged at once; what it holds appears among the uploads in a moment."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(await request.body(), headers.get("content-type", ""), request.url.query, headers)
    state = request.app.state
    _, delivery = await run_in_threadpool(receive, state.store, state.settings, system, token, call)
    waits: DeliveryState = delivery.state
    if waits == "waiting":
        state.postbox.notify()
    return Acknowledged(delivery=delivery.id, state="waiting" if waits == "waiting" else "known")


@api.get("/hooks")
def read_hooks(where: Reader) -> Hooks:
    """Doors of this company, with how many calls came lately."""
    return Hooks(hooks=list_hooks(where.store, where.workspace))


@api.post("/hooks", status_code=201)
def make_hook(wanted: HookToMake, request: Request, where: Editor) -> HookMade:
    """Make a door; its address is told this once."""
    made = create_hook(where.store, where.workspace, wanted.system, wanted.label, where.visitor.who)
    return HookMade(hook=made.hook, address=str(request.base_url).rstrip("/") + made.path, secret=made.secret)


@api.delete("/hooks/{hook_id}")
def close_hook(hook_id: str, where: Editor) -> Hook:
    """Close a door; what came through it stays."""
    return revoke_hook(where.store, where.workspace, hook_id, where.visitor.who)


@api.get("/hooks/{hook_id}/deliveries")
def read_deliveries(hook_id: str, where: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> HookDeliveries:
    """The latest calls through a door: when, and which upload they became."""
    return HookDeliveries(deliveries=list(list_deliveries(where.store, where.workspace, hook_id, limit)))
