"""Events of Bitrix24: outgoing web hooks, the robot "Webhook" of a funnel, and answers of its interface passed on.

An outgoing web hook of the cloud names a record and carries none of it. A robot carries what its address asks for, in
the words of the record's fields; an answer of `crm.deal.get` and its like carries all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from ingest.readers.hooked import Hooked, items, text_of

EVENT = re.compile(r"ONCRM(DEAL|LEAD|CONTACT|ACTIVITY|TIMELINECOMMENT)(ADD|UPDATE|DELETE)$")
DOCUMENT = re.compile(r"^(DEAL|LEAD|CONTACT)_(\d+)$", re.IGNORECASE)
SAID = ("COMMENT", "TEXT", "NOTE")
OF_DEAL = ("STAGE_ID", "OPPORTUNITY")
OWN = frozenset({"EVENT", "DATA", "TS", "AUTH", "DOCUMENT_ID", "DOCUMENT_TYPE", "EVENT_HANDLER_ID", "EVENT_ID", "ID"})
"""Of the call, not of the record."""
NAMES = {"DEAL": "deals", "LEAD": "leads", "CONTACT": "contacts", "ACTIVITY": "activities", "TIMELINECOMMENT": "notes"}


def bitrix24(bodies: Sequence[dict[str, Any]]) -> Hooked:
    """Events of one portal, in the order in which they came."""
    hooked = Hooked()
    for body in bodies:
        if text_of(body.get("event")):
            _take_event(hooked, body)
        elif document := _document(body):
            _take_robot(hooked, body, *document)
        elif "result" in body or "records" in body:
            _take_answer(hooked, body.get("result", body.get("records")))
        elif body:
            hooked.refuse("hook_records", "", fields=", ".join(sorted(map(str, body))[:10]))
    return hooked


def _take_event(hooked: Hooked, body: dict[str, Any]) -> None:
    event = text_of(body.get("event")).upper()
    data = body.get("data")
    inner = data.get("FIELDS") if isinstance(data, dict) else None
    fields = {str(key).upper(): value for key, value in inner.items()} if isinstance(inner, dict) else {}
    own = text_of(fields.get("ID"))
    known = EVENT.match(event)
    if known is None:
        hooked.refuse("hook_not_taken", f"events/{own or event.lower()}", event=event)
        return
    kind, action = known.groups()
    place = f"{NAMES[kind]}/{own}"
    if action == "DELETE":
        hooked.refuse("hook_deleted", place)
    elif not set(fields) - {"ID", "ENTITY_TYPE_ID"}:
        hooked.refuse("hook_only_id", place)
    else:
        _keep(hooked, kind, own, fields)


def _document(body: dict[str, Any]) -> tuple[str, str] | None:
    """(DEAL, 123) of `document_id[2]=DEAL_123`."""
    for part in reversed(items(body.get("document_id")) or [body.get("document_id")]):
        if found := DOCUMENT.match(text_of(part)):
            return found[1].upper(), found[2]
    return None


def _take_robot(hooked: Hooked, body: dict[str, Any], kind: str, own: str) -> None:
    """The fields of the robot's address: a comment is a note about the record, fields of a deal make the deal."""
    fields = {str(key).upper(): text_of(value) for key, value in body.items()}
    fields = {key: value for key, value in fields.items() if value and key not in OWN}
    said = next((fields[name] for name in SAID if name in fields), "")
    if said:
        number = sha256(f"{own} {said}".encode()).hexdigest()[:10]
        comment = {"ID": f"{own}-{number}", "ENTITY_ID": own, "ENTITY_TYPE": kind.lower(), "COMMENT": said}
        passed = {name: fields[name] for name in ("PHONE", "EMAIL", "CREATED") if name in fields}
        hooked.keep("notes", f"{kind.lower()}-{own}-{number}", {"result": [{**comment, **passed}]})
    if kind != "DEAL" or set(OF_DEAL) & set(fields):
        rest = {key: value for key, value in fields.items() if key not in SAID}
        if rest:
            _keep(hooked, kind, own, {"ID": own, **rest})
    elif not said:
        hooked.refuse("hook_only_id", f"{NAMES[kind]}/{own}")


def _take_answer(hooked: Hooked, result: Any) -> None:
    found = result if isinstance(result, list) else [result]
    if isinstance(result, dict):
        inside = next((result[name] for name in ("items", "item", "deals") if name in result), result)
        found = inside if isinstance(inside, list) else [inside]
    for record in found:
        if not isinstance(record, dict):
            continue
        own = text_of(record.get("ID", record.get("id")))
        own = own or sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]
        hooked.keep(_kind_of(record), own, {"result": [record]})


def _kind_of(record: dict[str, Any]) -> str:
    keys = {str(key).upper().replace("_", "") for key in record}
    if {"STAGEID", "OPPORTUNITY"} <= keys:
        return "deals"
    if "COMMENT" in keys and "ENTITYID" in keys:
        return "notes"
    return "activities" if "OWNERID" in keys else "leads" if "STATUSID" in keys else "records"


def _keep(hooked: Hooked, kind: str, own: str, fields: dict[str, Any]) -> None:
    """A record as its list method would give it, with the fields by which it is known."""
    known = {"DEAL": ("STAGE_ID", "OPPORTUNITY"), "LEAD": ("STATUS_ID", "SOURCE_ID"), "CONTACT": ("LAST_NAME", "PHONE")}
    blank = dict.fromkeys(known.get(kind, ()), "")
    hooked.keep(NAMES[kind], own, {"result": [{**blank, **fields}]})
