"""JSON of web hooks and API answers as tables: lead forms of Meta, VK and Google, and lists of flat records."""

from __future__ import annotations

from typing import Any

from ingest.readers.columns import field_of
from ingest.readers.sheet import Row, Sheet
from ingest.readers.source import clean

_STANDARD_COLUMNS = {
    "WORK_EMAIL": "work email",
    "WORK_PHONE": "work phone",
    "patronymic_name": "middle name",
    "location": "city",
}
"""Standard questions whose key is not their usual header."""
_WRAPPERS = (
    "data",
    "results",
    "result",
    "response",
    "value",
    "entry",
    "changes",
    "_embedded",
    "leads",
    "items",
    "records",
    "rows",
)
_WRAPPERS_OF_RECORDS = (
    "list",
    "notes",
    "deals",
    "objects",
    "contacts",
    "calls",
    "activities",
    "tasks",
    "opportunities",
)
MAX_DEPTH = 5


def sheet_of(data: Any) -> Sheet | None:
    """Records as a sheet with their keys for headers; None when the JSON holds no records."""
    records = [_flat(record) for record in _records(data, 0)]
    records = [record for record in records if len(record) > 1]
    if not records:
        return None
    headers = list(dict.fromkeys(key for record in records for key in record))
    rows = [Row(0, tuple(headers))]
    rows += [Row(number, tuple(record.get(key, "") for key in headers)) for number, record in enumerate(records, 1)]
    return Sheet(tuple(rows))


def _records(data: Any, depth: int) -> list[dict[str, Any]]:
    if depth > MAX_DEPTH:
        return []
    if isinstance(data, list):
        found = [record for item in data for record in _records(item, depth + 1)]
        return found
    if not isinstance(data, dict):
        return []
    if any(isinstance(data.get(name), list) for name in ("field_data", "user_column_data", "answers")):
        return [data]
    for name in (*_WRAPPERS, *_WRAPPERS_OF_RECORDS):
        inner = data.get(name)
        if isinstance(inner, (list, dict)) and (found := _records(inner, depth + 1)):
            return found
    return [data]


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """One record with form answers and nested `properties`/`params` as plain fields."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if key == "field_data" and isinstance(value, list):
            flat |= {str(item.get("name", "")): _joined(item.get("values")) for item in value if isinstance(item, dict)}
        elif key == "user_column_data" and isinstance(value, list):
            for item in filter(lambda item: isinstance(item, dict), value):
                own = str(item.get("column_id", ""))
                standard = field_of(own, "lead") is not None
                name = own if standard else str(item.get("column_name") or own)
                flat[_STANDARD_COLUMNS.get(own, name)] = _joined(item.get("string_value"))
        elif key == "answers" and isinstance(value, list):
            for item in filter(lambda item: isinstance(item, dict), value):
                own = str(item.get("key", ""))
                name = _STANDARD_COLUMNS.get(own) or str(item.get("question") or item.get("label") or own)
                flat[name] = _joined(item.get("answer", item.get("value")))
        elif isinstance(value, dict):
            flat |= {str(name): _joined(inner) for name, inner in value.items() if not isinstance(inner, (dict, list))}
        elif not isinstance(value, list) or all(isinstance(item, (str, int, float)) for item in value):
            flat[str(key)] = _joined(value)
    return {key: value for key, value in flat.items() if key and value}


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_joined, value)))
    if isinstance(value, dict):
        return _joined(value.get("value", ""))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else clean(str(value))
