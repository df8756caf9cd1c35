"""JSON of web hooks, interfaces and people's own exports as tables: one sheet for each kind of record in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.readers.record_fields import Flat, flat, shape_of
from ingest.readers.sheet import Row, Sheet

MAX_DEPTH = 8
FEW = 6
"""An object with no more plain fields than this and lists of records inside is an envelope around them."""
_FORM_LISTS = ("field_data", "user_column_data", "answers")
_RELATIONS = frozenset({"_embedded", "associations", "custom_fields_values", "fields", "properties", "params"})
_OF_PEOPLE = frozenset({"phone", "email", "text", "comment", "телефон", "почта", "комментарий", "stage", "этап"})
"""Fields no envelope has."""
_IDS = frozenset({"id", "lead_id", "leadgen_id"})


class Found(NamedTuple):
    """A record with the name of the list it stood in."""

    name: str
    record: dict[str, Any]


def sheets_of(data: Any) -> tuple[Sheet, ...]:
    """Records as sheets with their fields for headers, in the order in which their kinds come; none without records."""
    groups: dict[str, list[Flat]] = {}
    for found in _records(data, "", 0):
        shape = shape_of(found.record)
        fields = flat(found.record, shape)
        if len(fields) > 1:
            groups.setdefault(shape.title if shape else found.name, []).append(fields)
    return tuple(_sheet(title, records) for title, records in groups.items())


def _sheet(title: str, records: list[Flat]) -> Sheet:
    headers = list(dict.fromkeys(key for record in records for key in record))
    rows = [Row(0, tuple(headers))]
    rows += [Row(number, tuple(record.get(key, "") for key in headers)) for number, record in enumerate(records, 1)]
    return Sheet(tuple(rows), title=title)


def _records(data: Any, name: str, depth: int) -> Iterator[Found]:
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from _records(item, name, depth + 1)
    elif isinstance(data, dict):
        inside = _lists_inside(data) if _is_envelope(data) else {}
        for key, value in inside.items():
            yield from _records(
                value, name if key in ("value", "items", "data", "result", "results") else key, depth + 1
            )
        if not inside:
            yield Found(name, data)


def _is_envelope(data: dict[str, Any]) -> bool:
    """Whether an object only carries records: no answer of a form, and few fields of its own or none to know it by."""
    if any(isinstance(data.get(name), list) for name in _FORM_LISTS):
        return False
    plain = [key.lower() for key, value in data.items() if not isinstance(value, (dict, list)) and value is not None]
    if _OF_PEOPLE & set(plain):
        return False
    known = any(key in _IDS for key in plain)
    return len(plain) <= (2 if known else FEW)


def _lists_inside(data: dict[str, Any]) -> dict[str, Any]:
    """Fields that hold records, or an object that does."""
    known = any(key.lower() in _IDS for key in data)
    return {
        key: value
        for key, value in data.items()
        if not (known and key in _RELATIONS) and (_holds_records(value) or _carries(value, 0))
    }


def _holds_records(value: Any) -> bool:
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return bool(items) and any(len(item) > 1 or _carries(item, 0) for item in items[:20])


def _carries(value: Any, depth: int) -> bool:
    """An object around a list of records, at any depth that envelopes have."""
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return False
    if any(isinstance(value.get(name), list) for name in _FORM_LISTS):
        return True
    return any(_holds_records(inner) or _carries(inner, depth + 1) for inner in value.values())
