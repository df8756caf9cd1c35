"""A person tells who speaks: taken in one transaction, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.corpus.repository import speaking as repository
from service.corpus.speaking import Call, Choice, understood, without_lines_of
from service.store.db import Store


@dataclass(frozen=True)
class Hearing:
    """Where the calls of a workspace stand."""

    waiting: tuple[Call, ...]
    """Calls kept out of the analysis because nobody surely knows who speaks."""
    chosen: tuple[Call, ...]
    """Calls in which a person set roles."""


def hearing(store: Store, workspace: str) -> Hearing:
    """Calls that wait for a person, and those a person has set."""
    with store.session() as session:
        return Hearing(repository.calls_to_hear(session, workspace), repository.calls_set(session, workspace))


def read_call(store: Store, workspace: str, named: str) -> Call:
    """A call by id, reference or the end of one. NotFound for any other."""
    with store.session() as session:
        return repository.find_call(session, workspace, named)


def set_roles(store: Store, workspace: str, named: str, said: Mapping[str, str], who: str) -> Call:
    """Keep who speaks in a call: voices and lines as `service.corpus.speaking.understood` takes them.

    Waits for an upload under way. BadInput for a voice, line or role there is none of, NotFound for an unknown call.
    """
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        call = repository.find_call(session, workspace, named)
        newer = understood(call.document, said)
        earlier = repository.choice_of(session, workspace, call.id) or Choice({}, {})
        kept = without_lines_of(earlier, call.document, newer.voices)
        return repository.keep_choice(session, workspace, call, kept.joined(newer), who)


def set_back(store: Store, workspace: str, named: str, who: str) -> Call:
    """Take back what was set in a call. NotFound when nothing was."""
    with store.alone(f"ingest-{workspace}"), store.session(write=True) as session:
        return repository.drop_choice(session, workspace, repository.find_call(session, workspace, named), who)
