"""The description of the HTTP API as generators of clients need it: one short name a model, one a call."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

REFERENCE = "#/components/schemas/"


def operation_name(route: APIRoute) -> str:
    """A call is named as the function that answers it."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once. Models of one name in two rooms are told apart by their room."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        app.openapi_schema = _renamed(made)
    return app.openapi_schema


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.get("components", {}).get("schemas", {})
    taken = {name for name in schemas if "__" not in name}
    names: dict[str, str] = {}
    for long in sorted(name for name in schemas if "__" in name):
        short = _short(long)
        while short in taken:
            short += "Too"
        taken.add(short)
        names[long] = short
    text = json.dumps(document)
    for long, short in names.items():
        text = text.replace(f'"{REFERENCE}{long}"', f'"{REFERENCE}{short}"')
    renamed: dict[str, Any] = json.loads(text)
    for long, short in names.items():
        model = renamed["components"]["schemas"].pop(long)
        renamed["components"]["schemas"][short] = {**model, "title": short}
    return renamed


def _short(long: str) -> str:
    """`service__segments__lineage__Change` → `SegmentsLineageChange`."""
    parts = [part for name in long.split("__") for part in name.split("_") if part and part not in ("service", "web")]
    return "".join(part[:1].upper() + part[1:] for part in parts)
