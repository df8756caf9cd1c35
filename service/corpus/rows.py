"""Records to table rows and back; no SQL is run here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from ingest.model import (
    AdSpend,
    Deal,
    DealStatus,
    Document,
    DocumentKind,
    Flag,
    RolesBasis,
    Speaker,
    Stakeholder,
    StakeholderText,
    TextKind,
    Utterance,
)
from service.core.ids import stable_id
from service.store.tables import AdSpendRow, DealRow, DocumentRow, StakeholderTextRow, UtteranceRow

_DEAL_COLUMNS = tuple(f.name for f in fields(Deal) if f.name not in {"ref", "keys", "status"})
_SPEND_COLUMNS = tuple(f.name for f in fields(AdSpend))


def document_id(workspace: str, ref: str) -> str:
    """The same reference in the same workspace is the same document."""
    return stable_id("d", workspace, ref)


def deal_id(workspace: str, ref: str) -> str:
    """As `document_id`, for deals."""
    return stable_id("s", workspace, ref)


def spend_id(workspace: str, ref: str) -> str:
    """As `document_id`, for rows of advertising reports."""
    return stable_id("a", workspace, ref)


def storable(text: str) -> str:
    """Text that every database takes: no NUL, no lone surrogates. Lengths stay, so offsets stay true."""
    if "\x00" in text:
        text = text.replace("\x00", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _clean(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def document_values(workspace: str, document: Document, customer: str) -> dict[str, Any]:
    """Columns of `DocumentRow`."""
    return {
        "workspace_id": workspace,
        "id": document_id(workspace, document.ref),
        "ref": storable(document.ref),
        "kind": document.kind.value,
        "reader": document.reader,
        "customer_id": customer,
        "occurred_at": document.occurred_at.replace(tzinfo=None) if document.occurred_at else None,
        "language": document.language,
        "platform": _clean(document.platform),
        "campaign": _clean(document.campaign),
        "ad": _clean(document.ad),
        "roles": document.roles,
        "roles_confidence": document.roles_confidence,
        "flags": sorted(document.flags),
        "keys": sorted(document.keys),
        "content_hash": document.content_hash,
    }


def utterance_values(workspace: str, document: Document) -> list[dict[str, Any]]:
    """Columns of `UtteranceRow`, one dict an utterance."""
    owner = document_id(workspace, document.ref)
    return [
        {
            "workspace_id": workspace,
            "document_id": owner,
            "position": position,
            "speaker": utterance.speaker.value,
            "text": storable(utterance.text),
            "start": utterance.start,
            "end": utterance.end,
            "confidence": utterance.confidence,
            "voice": _clean(utterance.voice),
        }
        for position, utterance in enumerate(document.utterances)
    ]


def deal_values(workspace: str, deal: Deal, customer: str) -> dict[str, Any]:
    """Columns of `DealRow`."""
    return {
        "workspace_id": workspace,
        "id": deal_id(workspace, deal.ref),
        "ref": storable(deal.ref),
        "customer_id": customer,
        "keys": sorted(deal.keys),
        "status": deal.status.value,
        **{name: _clean(getattr(deal, name)) for name in _DEAL_COLUMNS},
    }


def spend_values(workspace: str, row: AdSpend) -> dict[str, Any]:
    """Columns of `AdSpendRow`."""
    columns = {name: _clean(getattr(row, name)) for name in _SPEND_COLUMNS}
    return {"workspace_id": workspace, "id": spend_id(workspace, row.ref), **columns}


def text_values(workspace: str, text: StakeholderText) -> dict[str, Any]:
    """Columns of `StakeholderTextRow` without version and time."""
    return {
        "workspace_id": workspace,
        "ref": storable(text.ref),
        "kind": text.kind.value,
        "stakeholder": text.stakeholder.value if text.stakeholder else None,
        "name": storable(text.name),
        "language": text.language,
        "text": storable(text.text),
        "attributes": [[storable(key), storable(value)] for key, value in text.attributes],
        "content_hash": text.content_hash,
    }


def to_document(row: DocumentRow, utterances: list[UtteranceRow]) -> Document:
    """The record of a stored document; `utterances` by position."""
    return Document(
        ref=row.ref,
        kind=DocumentKind(row.kind),
        reader=row.reader,
        utterances=tuple(
            Utterance(Speaker(u.speaker), u.text, start=u.start, end=u.end, confidence=u.confidence, voice=u.voice)
            for u in utterances
        ),
        keys=tuple(row.keys),
        language=row.language,
        content_hash=row.content_hash,
        occurred_at=row.occurred_at,
        platform=row.platform,
        campaign=row.campaign,
        ad=row.ad,
        roles=cast(RolesBasis, row.roles),
        roles_confidence=row.roles_confidence,
        flags=cast(tuple[Flag, ...], tuple(row.flags)),
    )


def to_deal(row: DealRow) -> Deal:
    """The record of a stored deal."""
    columns = {name: getattr(row, name) for name in _DEAL_COLUMNS}
    return Deal(ref=row.ref, keys=tuple(row.keys), status=DealStatus(row.status), **columns)


def to_spend(row: AdSpendRow) -> AdSpend:
    """The record of a stored row of an advertising report."""
    return AdSpend(**{name: getattr(row, name) for name in _SPEND_COLUMNS})


def to_text(row: StakeholderTextRow) -> StakeholderText:
    """The record of a stored persona, creative or script."""
    return StakeholderText(
        ref=row.ref,
        kind=TextKind(row.kind),
        name=row.name,
        text=row.text,
        language=row.language,
        content_hash=row.content_hash,
        stakeholder=Stakeholder(row.stakeholder) if row.stakeholder else None,
        attributes=tuple((str(key), str(value)) for key, value in row.attributes),
    )
