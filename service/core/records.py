"""Frozen dataclasses to JSON and back, validated by pydantic: how results are kept in SQL payloads."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(record: object) -> Any:
    """A dataclass (or tuple of them) as JSON-ready values."""
    return _adapter(cast(Any, type(record))).dump_python(record, mode="json")


def from_json(kind: type[T], data: Any) -> T:
    """The dataclass `kind` from JSON values; raises pydantic.ValidationError where they do not fit."""
    return cast(T, _adapter(cast(Any, kind)).validate_python(data))
