"""Fields of one JSON record under plain headers, and the records of CRMs and telephony under the names a table has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ingest.readers.columns import field_of
from ingest.readers.source import clean
from ingest.reasons import packaged

Flat = dict[str, str]
Record = dict[str, Any]


class Shape(NamedTuple):
    """Records of one system. `title` names the kind of table, `renamed` gives fields their usual headers, `dropped`
    are technical fields."""

    title: str
    renamed: dict[str, str]
    dropped: frozenset[str] = frozenset()


_OTHER = Shape("", {})


class Test(NamedTuple):
    """A shape with the fields by which a record of it is known."""

    shape: Shape
    has: tuple[frozenset[str], ...]
    has_not: frozenset[str]


@cache
def _tests() -> tuple[Test, ...]:
    return tuple(
        Test(_shape(words), tuple(map(frozenset, words["has"])), frozenset(words.get("not", ())))
        for words in packaged("records.yaml")["shapes"].values()
    )


@cache
def _named(name: str) -> Shape | None:
    words = packaged("records.yaml")["named"].get(name)
    return _shape(words) if words else None


def _shape(words: dict[str, Any]) -> Shape:
    return Shape(words["title"], words.get("renamed", {}), frozenset(words.get("dropped", ())))


@cache
def _technical() -> frozenset[str]:
    return frozenset(packaged("records.yaml")["technical"])


def shape_of(record: Record) -> Shape | None:
    """The system and kind of a record by its fields; None for anybody's own."""
    properties, attributes = record.get("properties"), record.get("attributes")
    if isinstance(properties, dict):
        return _hubspot({str(name) for name in properties})
    if isinstance(attributes, dict) and isinstance(attributes.get("type"), str):
        return _named(f"salesforce {attributes['type']}")
    keys = {snake(key) for key in record}
    found = (test for test in _tests() if any(has <= keys for has in test.has) and not test.has_not & keys)
    return next((test.shape for test in found), None)


def _hubspot(names: set[str]) -> Shape | None:
    if any(name.startswith(("hs_note", "hs_call", "hs_meeting", "hs_task", "hs_email")) for name in names):
        return _named("hubspot talk")
    if names & {"dealname", "dealstage"}:
        return _named("hubspot deal")
    return _named("hubspot contact") if names & {"firstname", "lastname", "email", "phone"} else None


def snake(key: str) -> str:
    """`assignedById` → `assigned_by_id`; capitals and small letters alike."""
    return re.sub(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я][a-zа-я])|[\s-]+", "_", str(key)).lower()


def flat(record: Record, shape: Shape | None) -> Flat:
    """One record's fields as plain texts under headers a table would have."""
    shape = shape or _OTHER
    found: Flat = {}
    for key, value in _fields(record):
        name = shape.renamed.get(key, key)
        if key in _technical() or key in shape.dropped or not name:
            continue
        text = joined(value)
        if text and not (text == "0" and key.endswith("_id")):
            found.setdefault(name, text)
    return found


def _fields(record: Record) -> Iterator[tuple[str, Any]]:
    """Every field with its value, objects inside opened where their fields are the record's own."""
    if isinstance(record.get("hs_call_from_number") or record.get("properties"), (str, dict)):
        yield from _callers_number(record)
    for raw, value in record.items():
        key = snake(raw)
        if raw in _FORMS and isinstance(value, list):
            yield from _FORMS[raw]([item for item in value if isinstance(item, dict)])
        elif key in ("entity_id", "owner_id", "element_id") and not isinstance(value, (dict, list)):
            yield _owner_header(record), value
        elif key in ("entity_type", "owner_type_id"):
            continue
        elif key == "custom_fields_values" and isinstance(value, list):
            yield from _custom_fields(value)
        elif key in ("_embedded", "associations") and isinstance(value, dict):
            yield from _related(value)
        elif key == "communications" and isinstance(value, list):
            yield from _communications(value)
        elif isinstance(value, dict):
            yield from _opened(key, value, {snake(name) for name in record})
        else:
            yield key, value


_STAFF = re.compile(r"manager|owner|agent|operator|employee|user|author|assigned|responsible|creator|seller")
_PERSONAL = frozenset(
    {"id", "name", "title", "phone", "email", "type", "value", "url", "created_at", "created", "status"}
)


def _opened(key: str, value: Record, taken: set[str]) -> Iterator[tuple[str, Any]]:
    """Fields of an object inside: under its own name where they would be mistaken for the record's."""
    for raw, inner in value.items():
        name = snake(raw)
        if isinstance(inner, dict) or (
            isinstance(inner, list) and any(isinstance(item, (dict, list)) for item in inner)
        ):
            continue
        if key in ("properties", "params", "fields", "value", "data"):
            yield name, inner
        elif _STAFF.search(key):
            if name in ("name", "full_name"):
                yield "manager", inner
        elif name in _PERSONAL or name in taken:
            yield f"{key}_{name}", inner
        else:
            yield name, inner


def _owner_header(record: Record) -> str:
    """What the owner of a note is: Bitrix24 and amoCRM say it in a field of its own, amoCRM's `leads` being deals."""
    told = next((record[raw] for raw in record if snake(raw) in ("entity_type", "owner_type_id")), "deal")
    return str(packaged("records.yaml")["owners"].get(str(told).lower(), "deal id"))


def _callers_number(record: Record) -> Iterator[tuple[str, Any]]:
    """HubSpot's calls name both ends: the customer's is the far one."""
    own = record["properties"] if isinstance(record.get("properties"), dict) else record
    outgoing = str(own.get("hs_call_direction") or "").upper().startswith("OUT")
    yield "phone", own.get("hs_call_to_number" if outgoing else "hs_call_from_number")


def _custom_fields(fields: list[Any]) -> Iterator[tuple[str, Any]]:
    """amoCRM's own fields: by code for contacts, else by the name people see."""
    for field in fields:
        if isinstance(field, dict):
            code = str(field.get("field_code") or "").lower()
            name = (
                code if code in ("phone", "email") or code.startswith("utm") else str(field.get("field_name") or code)
            )
            yield name, field.get("values")


def _related(value: Record) -> Iterator[tuple[str, Any]]:
    """Ids of connected contacts and deals, the main contact first; the named reason of a loss."""
    for name, header in (("contacts", "contact id"), ("deals", "deal id"), ("leads", "deal id")):
        inside = value.get(name)
        items = inside.get("results") if isinstance(inside, dict) else inside
        ids = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        ids.sort(key=lambda item: not item.get("is_main"))
        yield header, [str(item["id"]) for item in ids if isinstance(item.get("id"), (str, int))][:1]
    yield "loss reason", value.get("loss_reason")


def _communications(items: list[Any]) -> Iterator[tuple[str, Any]]:
    for item in items:
        if isinstance(item, dict) and str(item.get("TYPE", "")).upper() in ("PHONE", "EMAIL"):
            yield str(item["TYPE"]).lower(), item.get("VALUE")


_STANDARD_COLUMNS = {
    "WORK_EMAIL": "work email",
    "WORK_PHONE": "work phone",
    "patronymic_name": "middle name",
    "location": "city",
}
"""Standard questions whose key is not their usual header."""


def _meta_fields(items: list[Record]) -> Iterator[tuple[str, Any]]:
    for item in items:
        yield str(item.get("name", "")), item.get("values")


def _google_fields(items: list[Record]) -> Iterator[tuple[str, Any]]:
    for item in items:
        own = str(item.get("column_id", ""))
        name = own if field_of(own, "lead") is not None else str(item.get("column_name") or own)
        yield _STANDARD_COLUMNS.get(own, name), item.get("string_value")


def _vk_fields(items: list[Record]) -> Iterator[tuple[str, Any]]:
    for item in items:
        own = str(item.get("key", ""))
        name = _STANDARD_COLUMNS.get(own) or str(item.get("question") or item.get("label") or own)
        yield name, item.get("answer", item.get("value"))


_FORMS: dict[str, Callable[[list[Record]], Iterator[tuple[str, Any]]]] = {
    "field_data": _meta_fields,
    "user_column_data": _google_fields,
    "answers": _vk_fields,
}


def joined(value: Any) -> str:
    """A value as one text: lists by semicolons, objects by the value or name they hold."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(joined, value)))
    if isinstance(value, dict):
        inner = next(
            (value[name] for name in ("value", "VALUE", "name", "title", "NAME") if value.get(name) is not None), ""
        )
        return "" if isinstance(inner, (dict, list)) else joined(inner)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else clean(str(value))
