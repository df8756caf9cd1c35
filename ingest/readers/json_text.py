"""JSON as it comes: one value, JSON lines, objects one after another, or a file that breaks off half-way."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from ingest.reasons import CannotRead

DEEPEST = 400
"""Levels of brackets in a broken file past which nothing is mended; no export has more than a dozen."""
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?P<closed>"?)|[\[\]{},]', re.DOTALL)
_BETWEEN = re.compile(r"[\s,;\x1e]*")
_CLOSER = {"[": "]", "{": "}"}


class Parsed(NamedTuple):
    """`data` is all that could be read; `broken` the 1-based lines at which something was left out."""

    data: Any
    broken: tuple[int, ...] = ()


def parse(text: str) -> Parsed:
    """Everything whole in `text`. Raises `CannotRead` (`json_deep`, `json_broken`) when nothing is."""
    try:
        return Parsed(json.loads(text))
    except RecursionError as error:
        raise CannotRead("json_deep") from error
    except json.JSONDecodeError as error:
        found = _of_lines(text) or _of_objects(text) or _whole_part(text, error.pos)
        if found is None:
            raise CannotRead("json_broken", line=error.lineno) from error
        return found
    except ValueError as error:  # a number of thousands of digits
        raise CannotRead("json_broken", line=1) from error


def _of_lines(text: str) -> Parsed | None:
    """JSON lines: one object a line, most of them whole."""
    values: list[Any] = []
    broken: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            broken.append(number)
        else:
            if not isinstance(value, (dict, list)):
                return None
            values.append(value)
        if len(broken) > len(values) + 1:
            return None
    return Parsed(values, tuple(broken)) if len(values) > len(broken) and len(values) + len(broken) > 1 else None


def _of_objects(text: str) -> Parsed | None:
    """Objects one after another, each over many lines, as tools print a stream of answers."""
    decoder = json.JSONDecoder()
    values: list[Any] = []
    position = _between(text, 0)
    broken: tuple[int, ...] = ()
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            broken = (text.count("\n", 0, position) + 1,)
            break
        if not isinstance(value, dict):
            return None
        values.append(value)
        position = _between(text, end)
    return Parsed(values, broken) if values and (len(values) > 1 or broken) else None


def _between(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _whole_part(text: str, end: int) -> Parsed | None:
    """What stands before the break: the outermost list still open as far as its last whole element, else the lists that
    an open object holds whole."""
    stack: list[str] = []
    whole: dict[int, int] = {}  # depth of an open list → where its last whole element ends
    inner: dict[int, int] = {}  # depth of an open object → where its last list or object ends
    for token in _TOKEN.finditer(text, 0, end):
        sign = token[0]
        if sign in ("[", "{"):
            stack.append(sign)
            whole.pop(len(stack), None)
            inner.pop(len(stack), None)
            if len(stack) > DEEPEST:
                return None
        elif sign in ("]", "}"):
            if not stack or _CLOSER[stack.pop()] != sign:
                return None
            if stack:
                (whole if stack[-1] == "[" else inner)[len(stack)] = token.end()
        elif sign == ",":
            if stack and stack[-1] == "[":
                whole[len(stack)] = token.start()
        elif not token["closed"]:
            break
    for kept in (whole, inner):
        depth = min((depth for depth in kept if depth <= len(stack)), default=0)
        if depth and (data := _closed(text[: kept[depth]], stack[:depth])) is not None:
            return Parsed(data, (text.count("\n", 0, kept[depth]) + 1,))
    return None


def _closed(text: str, stack: list[str]) -> Any:
    """The value that `text` is once its open brackets are closed; None when it is none even so."""
    try:
        return json.loads(text + "".join(_CLOSER[sign] for sign in reversed(stack)))
    except (ValueError, RecursionError):
        return None
