"""Events of amoCRM (Kommo): deals, contacts and notes inside a form, as its interface of version 4 would give them.

Names of fields are those of its page on the format of web hooks; notes there are of the older interface, with numbers
for their types and, for calls, JSON inside the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.readers.hooked import Hooked, items, text_of

NOTE_TYPES = {"4": "common", "10": "call_in", "11": "call_out", "102": "sms_in", "103": "sms_out"}
CALLS = frozenset({"call_in", "call_out"})
SPOKEN = frozenset({"common", *CALLS, "sms_in", "sms_out", "extended_service_message", "message_cashier"})
"""Notes with words of people; all others are the system's own."""
OWNERS = {"1": "contacts", "2": "leads", "3": "companies", "12": "customers"}
CLOSED = frozenset({"142", "143"})
"""Statuses of won and lost deals in every account."""
KINDS = frozenset({"leads", "contacts"})
TAKEN = frozenset({"add", "update", "status", "restore", "responsible", "note"})
OURS = frozenset({"account"})


def amocrm(bodies: Sequence[dict[str, Any]]) -> Hooked:
    """Events of one account, in the order in which they came."""
    hooked = Hooked()
    contacts_of: dict[str, list[str]] = {}
    leads: list[dict[str, Any]] = []
    for kind, action, entry in _events(bodies, hooked):
        if action == "note":
            _take_note(hooked, kind, entry)
        elif kind == "contacts":
            _take_contact(hooked, entry, contacts_of)
        else:
            leads.append(entry)
    for lead in leads:
        _take_lead(hooked, lead, contacts_of.get(text_of(lead.get("id")), []))
    return hooked


def _events(bodies: Sequence[dict[str, Any]], hooked: Hooked) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for body in bodies:
        for kind, actions in body.items():
            if not isinstance(actions, dict) or kind in OURS:
                continue
            for action, entries in actions.items():
                for entry in items(entries):
                    if not isinstance(entry, dict):
                        continue
                    inner = entry.get("note")
                    inner = inner if isinstance(inner, dict) else entry
                    place = f"{kind}/{text_of(inner.get('id'))}"
                    if action == "delete":
                        hooked.refuse("hook_deleted", place)
                    elif action not in TAKEN or (kind not in KINDS and action != "note"):
                        hooked.refuse("hook_not_taken", place, event=f"{kind}.{action}")
                    else:
                        yield kind, action, inner


def _take_note(hooked: Hooked, kind: str, note: dict[str, Any]) -> None:
    own, text = text_of(note.get("id")), text_of(note.get("text"))
    told = text_of(note.get("note_type"))
    note_type = NOTE_TYPES.get(told, told)
    place = f"notes/{own}"
    if note_type not in SPOKEN:
        hooked.refuse("hook_service_note", place, type=told or "—")
        return
    params: dict[str, Any] = {"text": text}
    if note_type in CALLS or text.startswith("{"):
        params = _call(text, params)
    if not text_of(params.get("text")) and not params.get("phone"):
        hooked.refuse("hook_empty_note", place)
        return
    owner = OWNERS.get(text_of(note.get("element_type")), kind)
    record = {
        "id": own,
        "entity_id": text_of(note.get("element_id")) or text_of(note.get("entity_id")),
        "entity_type": owner,
        "note_type": note_type,
        "params": params,
        "created_at": text_of(note.get("date_create")) or text_of(note.get("created_at")),
    }
    hooked.keep("notes", own or text_of(note.get("timestamp_x")), {"_embedded": {"notes": [record]}})


def _call(text: str, params: dict[str, Any]) -> dict[str, Any]:
    """Of a call its number and what the manager wrote about it; the recording stays where it is."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return params
    if not isinstance(told, dict):
        return params
    lower = {str(key).lower(): value for key, value in told.items()}
    words = text_of(lower.get("call_result")) or text_of(lower.get("text"))
    return {"text": words, "phone": text_of(lower.get("phone"))}


def _take_contact(hooked: Hooked, contact: dict[str, Any], contacts_of: dict[str, list[str]]) -> None:
    own = text_of(contact.get("id"))
    for lead in items(contact.get("linked_leads_id")):
        number = text_of(lead.get("ID") if isinstance(lead, dict) else lead)
        if number:
            contacts_of.setdefault(number, []).append(own)
    fields = _fields(contact)
    record = {
        "id": own,
        "name": text_of(contact.get("name")),
        "first_name": text_of(contact.get("first_name")),
        "last_name": text_of(contact.get("last_name")),
        "custom_fields_values": fields,
    }
    if any(field["field_code"] in ("PHONE", "EMAIL") for field in fields):
        hooked.keep("contacts", own, {"_embedded": {"contacts": [record]}})
    else:
        hooked.refuse("hook_no_contact", f"contacts/{own}")


def _take_lead(hooked: Hooked, lead: dict[str, Any], contacts: Sequence[str]) -> None:
    own, status = text_of(lead.get("id")), text_of(lead.get("status_id"))
    if not own or "price" not in lead or not status:
        hooked.refuse("hook_partial", f"leads/{own}")
        return
    closed = text_of(lead.get("closed_at"))
    if not closed and status in CLOSED:
        closed = text_of(lead.get("updated_at")) or text_of(lead.get("last_modified"))
    reason = text_of(lead.get("loss_reason_name"))
    record = {
        "id": own,
        "name": text_of(lead.get("name")),
        "price": text_of(lead.get("price")),
        "status_id": status,
        "pipeline_id": text_of(lead.get("pipeline_id")) or "0",
        "created_at": text_of(lead.get("created_at")) or text_of(lead.get("date_create")),
        "closed_at": closed,
        "custom_fields_values": _fields(lead),
        "_embedded": {
            "contacts": [{"id": number, "is_main": place == 0} for place, number in enumerate(contacts)],
            "loss_reason": [{"name": reason}] if reason else [],
        },
    }
    hooked.keep("leads", own, {"_embedded": {"leads": [record]}})


def _fields(record: dict[str, Any]) -> list[dict[str, Any]]:
    """A record's own fields under the names that version 4 gives them."""
    found = []
    for one in items(record.get("custom_fields")) or items(record.get("custom_fields_values")):
        if isinstance(one, dict):
            values = [value.get("value") if isinstance(value, dict) else value for value in items(one.get("values"))]
            found.append(
                {
                    "field_name": text_of(one.get("name")) or text_of(one.get("field_name")),
                    "field_code": (text_of(one.get("code")) or text_of(one.get("field_code"))).upper(),
                    "values": [{"value": text_of(value)} for value in values if text_of(value)],
                }
            )
    return [field for field in found if field["values"]]
