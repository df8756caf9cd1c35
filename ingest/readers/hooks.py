"""What a CRM sends by itself, event by event, as the JSON files that the readers of records know.

One record, one file with a name of its own: the same record again is the same file, a changed one a new version of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from ingest.model import Reject
from ingest.readers.amocrm_hooks import amocrm
from ingest.readers.bitrix24_hooks import bitrix24
from ingest.readers.hooked import Hooked
from ingest.reasons import CannotRead, reason

MAX_FIELDS = 20_000
"""Fields of one form."""
MAX_DEPTH = 12
_PART = re.compile(r"\[([^\[\]]*)\]")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Carried:
    """Files by their path, and what could not become one."""

    files: Mapping[str, str] = field(repr=False)
    rejects: tuple[Reject, ...] = ()


def body_of(data: bytes, content_type: str, query: str = "") -> dict[str, Any]:
    """The body of a call as one object: JSON, or a form with brackets; fields of the address fill what is missing.

    Raises `CannotRead` (`hook_body`) for anything else.
    """
    text = data.decode("utf-8", "replace").strip()
    asked = nested(parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)) if query else {}
    if "json" in content_type.lower() or text.startswith(("{", "[")):
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError) as error:
            raise CannotRead("hook_body") from error
        body = found if isinstance(found, dict) else {"records": found} if isinstance(found, list) else None
    else:
        try:
            body = nested(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
        except ValueError as error:
            raise CannotRead("hook_body") from error
    if body is None:
        raise CannotRead("hook_body")
    return {**asked, **body}


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`leads[add][0][id]=7` → {"leads": {"add": {"0": {"id": "7"}}}}; what is too deep or under a leaf is left out."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        parts = [head, *_PART.findall(bracket + rest)]
        if not head or len(parts) > MAX_DEPTH:
            continue
        here = root
        for part in parts[:-1]:
            inner = here.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            here = inner
        else:
            last = parts[-1] or str(len(here))
            if not isinstance(here.get(last), dict):
                here[last] = value
    return root


def generic(bodies: Sequence[dict[str, Any]]) -> Hooked:
    """Anybody's own JSON: lists of records under `notes`, `deals`, `leads` …, or one object under such a name."""
    hooked = Hooked()
    for body in bodies:
        taken = False
        for name, value in body.items():
            records = [value] if isinstance(value, dict) else value
            if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
                continue
            for record in records:
                taken = True
                hooked.keep(name, _own_id(record), {name: [record]})
        if not taken and body:
            hooked.refuse("hook_records", "", fields=", ".join(sorted(map(str, body))[:10]))
    return hooked


def _own_id(record: dict[str, Any]) -> str:
    for name in ("id", "ID", "Id", "uid"):
        if isinstance(record.get(name), (str, int)) and str(record[name]).strip():
            return str(record[name])
    return sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


SYSTEMS: dict[str, Callable[[Sequence[dict[str, Any]]], Hooked]] = {
    "amocrm": amocrm,
    "bitrix24": bitrix24,
    "generic": generic,
}
"""Who sends, and how what they send is taken apart. Calls that came close together are given together, in order."""


def carried(system: str, bodies: Sequence[dict[str, Any]], folder: str) -> Carried:
    """Bodies of calls as files under `folder`, the last state of each record; what they do not hold is a reject."""
    hooked = SYSTEMS[system](bodies)
    files = {
        f"{folder}/{_safe(kind)}/{_safe(name)}.json": json.dumps(data, ensure_ascii=False)
        for (kind, name), data in hooked.records.items()
    }
    rejects = {
        (code, place): Reject(code, f"{folder}/{place}".rstrip("/"), reason(code, **facts))
        for code, place, facts in hooked.problems
    }
    return Carried(files, tuple(rejects[key] for key in sorted(rejects)))


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).strip("._")[:80] or "record"
