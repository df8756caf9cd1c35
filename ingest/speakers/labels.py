"""Roles from the speaker labels of the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ingest.model import Speaker
from ingest.raw import RawDocument
from ingest.reasons import packaged

STAFF_CALLS = 3
STAFF_SHARE = 0.05
"""A name that speaks in this many calls, or this share of them, is one of the company's people (recipe A5.2)."""
CLEARLY_MORE = 2
"""How many times more often than the other name of the call."""

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class LabelBook:
    """What speaker labels mean in one batch of calls."""

    def __init__(
        self,
        calls: Sequence[RawDocument],
        staff: frozenset[str],
        names_of: Mapping[str, frozenset[str]],
        is_colleague: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_colleague = is_colleague
        self._staff = frozenset(plain_label(name) for name in staff if plain_label(name))
        self._staff_first = frozenset(name.split()[0] for name in self._staff)
        self._names_of = names_of
        self._calls_with: Counter[str] = Counter()
        for call in calls:
            self._calls_with.update({plain_label(tag) for tag in call_tags(call)})
        self._often = max(STAFF_CALLS, STAFF_SHARE * len(calls)) if len(calls) > STAFF_CALLS else STAFF_CALLS

    def roles(self, call: RawDocument) -> dict[str, Speaker] | None:
        """The role of every tag of the call; None when labels do not tell."""
        tags = call_tags(call)
        if not tags:
            return None
        roles = {tag: self._role(call, tag) for tag in tags}
        told = {role for role in roles.values() if role is not None}
        if not told and len(tags) >= 2:
            roles = self._by_frequency(tags)
            told = {role for role in roles.values() if role is not None}
        if not told:
            return None
        if told == {Speaker.AGENT} and len(tags) >= 2 and None not in roles.values() and not _any_role_word(tags):
            return None
        other = Speaker.CUSTOMER if Speaker.AGENT in told else Speaker.AGENT
        return {tag: role or other for tag, role in roles.items()}

    def _role(self, call: RawDocument, tag: str) -> Speaker | None:
        role = _role_word(tag)
        if role is not None:
            return role
        if self._is_colleague(tag):
            return Speaker.AGENT
        inside = " ".join(_BRACKETS.findall(tag))
        if inside:
            return _role_word(inside) or (None if _is_neutral(tag) else Speaker.AGENT)
        name = plain_label(tag)
        if not name or _is_neutral(tag):
            return None
        if self._is_staff(call, name):
            return Speaker.AGENT
        if name in {plain_label(own) for own in self._names_of.get(call.ref, ())}:
            return Speaker.CUSTOMER
        return None

    def _is_staff(self, call: RawDocument, name: str) -> bool:
        on_call = {plain_label(person) for person in call.staff}
        return name in self._staff | on_call or (" " not in name and name in self._staff_first)

    def _by_frequency(self, tags: Sequence[str]) -> dict[str, Speaker | None]:
        """Two names and no other sign: the one that speaks in many calls is the agent."""
        counts = {tag: self._calls_with[plain_label(tag)] for tag in tags if plain_label(tag) and not _is_neutral(tag)}
        ranked = sorted(counts, key=lambda tag: (-counts[tag], tag))
        if len(ranked) < 2 or counts[ranked[0]] < STAFF_CALLS:
            return dict.fromkeys(tags)
        if counts[ranked[0]] < CLEARLY_MORE * counts[ranked[1]] and counts[ranked[1]] >= self._often:
            return dict.fromkeys(tags)
        if counts[ranked[0]] == counts[ranked[1]]:
            return dict.fromkeys(tags)
        return {tag: Speaker.AGENT if tag == ranked[0] else Speaker.CUSTOMER for tag in tags}


def call_tags(call: RawDocument) -> list[str]:
    """Speaker tags of the call in order of first speech."""
    return list(dict.fromkeys(utterance.tag for utterance in call.utterances if utterance.tag))


def filled_tags(call: RawDocument) -> list[str | None]:
    """The tag of every utterance; an untagged one inherits the tag before it, at the start the first there is."""
    current = next((utterance.tag for utterance in call.utterances if utterance.tag), None)
    filled = []
    for utterance in call.utterances:
        current = utterance.tag or current
        filled.append(current)
    return filled


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(plain_label(word) for word in packaged("roles.yaml")[group])


def plain_label(tag: str) -> str:
    """Letters of a label in lower case, without what stands in brackets."""
    bare = _BRACKETS.sub(" ", tag).lower().replace("ё", "е")
    return _NOT_LETTERS.sub(" ", bare).strip()


def _role_word(tag: str) -> Speaker | None:
    plain = plain_label(tag)
    for group, role in (("agent", Speaker.AGENT), ("customer", Speaker.CUSTOMER)):
        if plain in _words(group) or (plain and all(word in _words(group) for word in plain.split())):
            return role
    # "Менеджер Ольга", "Agent Priya": the role word and a name.
    first = plain.split()[0] if plain else ""
    if " " in plain and first in _words("agent"):
        return Speaker.AGENT
    return Speaker.CUSTOMER if " " in plain and first in _words("customer") else None


def _any_role_word(tags: Sequence[str]) -> bool:
    return any(_role_word(tag) is not None for tag in tags)


def _is_neutral(tag: str) -> bool:
    plain = plain_label(tag)
    return not plain or all(word in _words("neutral") or len(word) == 1 for word in plain.split())


def names_nobody(tag: str) -> bool:
    """Whether a label is made of role words, neutral words, one letter and digits only, brackets included."""
    words = _NOT_LETTERS.sub(" ", tag.lower().replace("ё", "е")).split()
    known = _words("agent") | _words("customer") | _words("neutral")
    letters = [word for word in words if word not in known]
    return " ".join(words) in known or (len(letters) < 2 and all(len(word) == 1 for word in letters))
