"""Roles that people set, in SQL: kept beside the documents, laid over every new reading of the same file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from ingest.model import Document, DocumentKind, Harvest, Speaker
from ingest.speakers.voices import is_person
from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import random_id
from service.corpus import rows
from service.corpus.model import KEEPS_OUT, SURE
from service.corpus.speaking import Call, Choice, as_before, as_found, needs_ear, with_choice
from service.store.tables import AuditRow, DocumentRow, SpeakerRolesRow, UtteranceRow


def find_call(session: Session, workspace: str, named: str) -> Call:
    """A call by its id, its reference, or the end of its reference where only one call ends so.

    NotFound for an unknown one and for a document that is no call.
    """
    held = select(DocumentRow.id, DocumentRow.ref).where(
        DocumentRow.workspace_id == workspace, DocumentRow.kind == DocumentKind.CALL.value
    )
    found = dict(session.execute(held).tuples().all())
    exact = [call for call, ref in found.items() if named in (call, ref)]
    ending = [call for call, ref in found.items() if ref.endswith(f"/{named}")]
    for candidates in (exact, ending):
        if len(candidates) == 1:
            return _calls(session, workspace, candidates)[0]
    if len(ending) > 1:
        raise NotFound(
            f"{len(ending)} calls end with {named!r}; name the whole path.",
            ru=f"На {named!r} кончаются {len(ending)} звонка; назовите путь целиком.",
        )
    raise NotFound(f"There is no call {named!r}.", ru=f"Звонка {named!r} нет.")


def calls_to_hear(session: Session, workspace: str) -> tuple[Call, ...]:
    """Calls in which nobody surely knows who speaks, the longest first."""
    doubtful = session.scalars(select(DocumentRow.id).where(*_doubtful(workspace))).all()
    calls = [call for call in _calls(session, workspace, doubtful) if needs_ear(call.document)]
    return tuple(sorted(calls, key=lambda call: (-sum(voice.words for voice in call.voices), call.document.ref)))


def count_to_hear(session: Session, workspace: str) -> int:
    """How many calls `calls_to_hear` would give, without reading their words."""
    flags = session.scalars(select(DocumentRow.flags).where(*_doubtful(workspace)))
    return sum(not KEEPS_OUT.intersection(own) for own in flags)


def _doubtful(workspace: str) -> tuple[ColumnElement[bool], ...]:
    unsure = (DocumentRow.roles == "unsure") | (DocumentRow.roles_confidence < SURE) & (
        DocumentRow.roles != "confirmed"
    )
    return DocumentRow.workspace_id == workspace, DocumentRow.kind == DocumentKind.CALL.value, unsure


def calls_set(session: Session, workspace: str) -> tuple[Call, ...]:
    """Calls in which a person set roles, by reference."""
    calls = _calls(session, workspace, sorted(_choices(session, workspace)))
    return tuple(sorted(calls, key=lambda call: call.document.ref))


def _calls(session: Session, workspace: str, ids: Sequence[str]) -> list[Call]:
    chosen = set(_choices(session, workspace))
    found: list[Call] = []
    for start in range(0, len(ids), 500):
        part = sorted(ids)[start : start + 500]
        said: dict[str, list[UtteranceRow]] = defaultdict(list)
        spoken = select(UtteranceRow).where(UtteranceRow.workspace_id == workspace, UtteranceRow.document_id.in_(part))
        for row in session.scalars(spoken.order_by(UtteranceRow.document_id, UtteranceRow.position)):
            said[row.document_id].append(row)
        held = select(DocumentRow).where(DocumentRow.workspace_id == workspace, DocumentRow.id.in_(part))
        found += [
            Call(row.id, rows.to_document(row, said[row.id]), row.id in chosen)
            for row in session.scalars(held.order_by(DocumentRow.id))
        ]
    return found


def choice_of(session: Session, workspace: str, document: str) -> Choice | None:
    """What a person said about a call."""
    row = session.get(SpeakerRolesRow, (workspace, document))
    return _choice(row) if row is not None else None


def keep_choice(session: Session, workspace: str, call: Call, choice: Choice, who: str) -> Call:
    """Store what a person said and set the call's roles by it; the roles found before are kept beside it."""
    row = session.get(SpeakerRolesRow, (workspace, call.id))
    if row is None:
        row = SpeakerRolesRow(workspace_id=workspace, document_id=call.id, before=as_found(call.document))
        session.add(row)
    document = with_choice(as_before(call.document, row.before), choice)
    row.voices = {voice: role.value for voice, role in sorted(choice.voices.items())}
    row.lines = [[position, mark, role.value] for (position, mark), role in sorted(choice.lines.items())]
    row.who, row.created_at = who, now()
    _write_roles(session, workspace, call.id, document)
    _note(session, workspace, who, "speakers set", call.id, voices=len(choice.voices), lines=len(choice.lines))
    return replace(call, document=document, chosen=True)


def drop_choice(session: Session, workspace: str, call: Call, who: str) -> Call:
    """Take back what was said about a call. NotFound when nothing was."""
    row = session.get(SpeakerRolesRow, (workspace, call.id))
    if row is None:
        raise NotFound(
            f"Nobody has set who speaks in {call.document.ref!r}.",
            ru=f"В {call.document.ref!r} никто не указывал, кто говорит.",
        )
    document = as_before(call.document, row.before)
    session.delete(row)
    _write_roles(session, workspace, call.id, document)
    _note(session, workspace, who, "speakers set back", call.id)
    return replace(call, document=document, chosen=False)


def with_choices(session: Session, workspace: str, harvest: Harvest) -> Harvest:
    """A new reading of files with everything people said about their calls."""
    choices = _choices(session, workspace)
    if not choices:
        return harvest
    return replace(
        harvest, documents=tuple(_laid_over(session, workspace, document, choices) for document in harvest.documents)
    )


def _laid_over(session: Session, workspace: str, document: Document, choices: dict[str, SpeakerRolesRow]) -> Document:
    row = choices.get(rows.document_id(workspace, document.ref))
    if row is None:
        return document
    row.before = as_found(document)
    return with_choice(document, _choice(row))


def colleagues(session: Session, workspace: str) -> frozenset[str]:
    """Voices of people whom somebody called the company's own, and nobody a customer."""
    roles: dict[str, set[str]] = defaultdict(set)
    for row in _choices(session, workspace).values():
        for voice, role in row.voices.items():
            if is_person(voice):
                roles[voice].add(role)
    return frozenset(voice for voice, told in roles.items() if told == {Speaker.AGENT.value})


def _choices(session: Session, workspace: str) -> dict[str, SpeakerRolesRow]:
    held = select(SpeakerRolesRow).where(SpeakerRolesRow.workspace_id == workspace)
    return {row.document_id: row for row in session.scalars(held)}


def _choice(row: SpeakerRolesRow) -> Choice:
    return Choice(
        {voice: Speaker(role) for voice, role in row.voices.items()},
        {(int(position), str(mark)): Speaker(role) for position, mark, role in row.lines},
    )


def _write_roles(session: Session, workspace: str, call: str, document: Document) -> None:
    session.execute(
        update(DocumentRow)
        .where(DocumentRow.workspace_id == workspace, DocumentRow.id == call)
        .values(roles=document.roles, roles_confidence=document.roles_confidence, content_hash=document.content_hash)
    )
    for position, utterance in enumerate(document.utterances):
        session.execute(
            update(UtteranceRow)
            .where(
                UtteranceRow.workspace_id == workspace,
                UtteranceRow.document_id == call,
                UtteranceRow.position == position,
            )
            .values(speaker=utterance.speaker.value, confidence=utterance.confidence)
        )
    session.flush()


def _note(session: Session, workspace: str, who: str, what: str, call: str, **counts: int) -> None:
    """Into the audit log: which call, never its words."""
    details = {"call": call, **counts}
    session.add(AuditRow(workspace_id=workspace, id=random_id("e"), at=now(), who=who, what=what, details=details))
