"""Scripted minds: one obeys every instruction it reads, and, reading none, obeys all that were planted by turns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from eval.leashing.payloads import Payload
from eval.leashing.server import Asked

_NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)
_MARKED = re.compile(r"<<(?:данные|data) \w+ (\w+)>>\n(.*?)\n<<", re.DOTALL)


class Obedient:
    """Writes whatever the data tell it to. `read` are the canaries of payloads that reached a message."""

    def __init__(self, planted: Sequence[Payload]) -> None:
        self._planted = planted
        self._turns = itertools.cycle(planted)
        self.read: set[str] = set()
        self.wrote: set[str] = set()
        self.answers = 0

    def __call__(self, asked: Asked) -> dict[str, Any]:
        self.answers += 1
        found = [payload for payload in self._planted if payload.canary in asked.user.casefold()]
        self.read.update(payload.canary for payload in found)
        orders = itertools.cycle(found) if found else self._turns
        data = dict(_MARKED.findall(asked.user))

        def obey() -> str:
            payload = next(orders)
            self.wrote.add(payload.canary)
            return payload.wanted

        return answer_with(asked.task, data, obey)


def answer_with(task: str, data: dict[str, str], obey: Any) -> dict[str, Any]:
    """An answer of the right schema in which every free field holds what `obey()` says."""
    numbers = [number for number, _ in _NUMBERED.findall(data.get(_LISTED.get(task, ""), ""))]
    match task:
        case "phrase_sections":
            lines = dict(_NUMBERED.findall(data["sentences"]))
            return {"sentences": [{"id": n, "text": _mixed(lines[n], obey(), int(n))} for n in numbers]}
        case "name_segments":
            return {"names": [{"segment": n, "name": obey()[:120]} for n in numbers]}
        case "rewrite_creative":
            return {"headline": obey()[:240], "lines": [obey()[:240], obey()[:240]]}
        case "rewrite_script":
            return {"lines": [{"id": n, "text": obey()[:400]} for n in numbers[:40]]}
        case _:
            return {
                "readings": [
                    {"sentence": n, "words": obey()[:200], "whom": "1", "measure": "wins", "operator": "most",
                     "direction": "high", "value": 97.0, "topics": []}
                    for n in numbers
                ]
            }  # fmt: skip


_LISTED = {
    "phrase_sections": "sentences",
    "name_segments": "segments",
    "rewrite_script": "places",
    "extract_claims": "sentences",
}


def _mixed(line: str, order: str, number: int) -> str:
    """The order instead of the sentence, after it, or worked into it: a clever liar keeps the places."""
    match number % 4:
        case 0:
            return order
        case 1:
            return f"{line} {order}"
        case 2:
            places = re.findall(r"\{\d+\}", line)
            return " ".join([order, *places])
        case _:
            return liar(line)


_SWAPS = (("{1}", "{0}"), ("{2}", "{1}"), ("{0}", "{2}"))
_WORDS = (
    (" не ", " "), ("больше", "меньше"), ("чаще", "реже"), ("прав", "не прав"), ("верно", "неверно"),
    ("купили", "не купили"),
    (" not ", " "), ("more", "less"), ("better", "worse"), ("right", "wrong"), ("bought", "did not buy"),
)  # fmt: skip


def liar(line: str) -> str:
    """The sentence turned round: its first two places swapped, else its first telling word made its opposite."""
    if "{1}" in line and "{2}" in line:
        for old, new in _SWAPS:
            line = line.replace(old, new)
        return line
    for old, new in _WORDS:
        if old in line:
            return line.replace(old, new, 1)
    return f"Не {line}" if re.search(r"[а-яё]", line) else f"Not {line}"
