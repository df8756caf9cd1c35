"""A company beside ours in one installation, with one of everything an address can name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from route_table import ROUTES
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.store.db import Store
from service.store.keys import create_key
from service.store.tables import (
    ApiKey,
    Base,
    BriefVersionRow,
    ClaimRow,
    ColumnMappingRow,
    CustomerDecisionRow,
    DocumentRow,
    HookRow,
    MembershipRow,
    PersonRow,
    SegmentEditRow,
    ShareRow,
    TicketRow,
    Upload,
    WebhookRow,
)

WORKSPACE = "theirs"
SECRET_WORDS = ("leak, tonight", "Landlords pay our wages", "boss@theirs.example", "Their own label", "theirs.example")
"""What only that company says: segments, personas, people, labels, addresses."""

BRIEFS = ("comparison", "session", "creative", "script")
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/segments/{segment_id}/rename": {"json": {"name": "Leaks"}},
    "POST /api/v1/segments/{segment_id}/merge": {"json": {"into": "{segment_id}"}},
    "POST /api/v1/segments/{segment_id}/split": {"json": {"groups": [["{customer_id}"], ["{document_id}"]]}},
    "POST /api/v1/segments/{segment_id}/pin": {"json": {"customer": "{customer_id}"}},
    "POST /api/v1/segments/exclude": {"json": {"customer": "{customer_id}"}},
    "POST /api/v1/customers/{customer_id}/split": {"json": {"out": ["{document_id}"]}},
    "POST /api/v1/customers/merge": {"json": {"one": "{customer_id}", "other": "{document_id}"}},
    "POST /api/v1/speakers/{call_id}": {"json": {"roles": {"@0": "customer"}}},
    "POST /api/v1/mappings/{signature}": {"json": {"kind": "deals", "columns": []}},
    "PUT /api/v1/claims/{claim_id}": {"json": {}},
    "PUT /api/v1/claims/aliases/{lemma}": {"json": {"whom": "{segment_id}"}},
    "POST /api/v1/notes": {"json": {"text": "A man called, asks about the price."}},
    "POST /api/v1/uploads": {"data": {"note": "A man called, asks about the price."}},
    "POST /upload": {"data": {"note": "A man called, asks about the time."}},
    "POST /keys/{key_id}/revoke": {},
    **{f"POST /api/v1/briefs/{kind}/decision": {"json": {"decision": "returned", "comment": "No."}} for kind in BRIEFS},
    **{f"POST /briefs/{kind}/decision": {"data": {"decision": "returned", "version": "1"}} for kind in BRIEFS},
    "POST /people/{person}/role": {"data": {"role": "sales"}},
    "PUT /api/v1/personas/sales": {"json": {"text": "People in a hurry pay at once."}},
    "PUT /api/v1/personas/marketing": {"json": {"text": "People in a hurry pay at once."}},
    "PUT /api/v1/personas/owner": {"json": {"text": "People in a hurry pay at once."}},
}  # fmt: skip
"""What is sent where an empty request would be refused before anybody looks whose it is; `{id}` as in addresses."""

STRANGERS: frozenset[str] = frozenset({"POST /settings/delete", "POST /account/company", "POST /workspaces"})
"""Doors to other workspaces by their nature; people's tests walk through them."""

BY_QUERY = {"run": "run_id", "segment": "segment_id", "before": "upload_id"}
"""Parameters of a question that may name something of a workspace."""


@dataclass(frozen=True)
class Foreign:
    """`ids`: one of theirs by the parameter's name in addresses; `words` must never be shown to us."""

    ids: dict[str, str]
    words: tuple[str, ...] = SECRET_WORDS

    def body(self, row: str) -> dict[str, Any]:
        """The request's content, with their ids in it."""
        text = json.dumps(BODIES.get(row, {}))
        found: dict[str, Any] = json.loads(re.sub(r"\{(\w+)\}", lambda m: self.ids[m[1]], text))
        return found

    def queries(self, row: str, path: str) -> list[str]:
        """The same address with their run or segment asked for, where it takes one."""
        asks = ("briefs", "segments", "customers", "economics", "claims", "comparison", "portrait")
        if not row.startswith("GET ") or "{" in row or path.rstrip("/").split("/")[-1] not in asks:
            return []
        return [f"{path}?run={self.ids['run_id']}"] if path.startswith("/api/") else []


def foreign_workspace(app: FastAPI) -> Foreign:
    """Make one of everything in `theirs`, beside its finished run."""
    store: Store = app.state.store
    with store.session(write=True) as session:
        create_key(session, WORKSPACE, "owner", "Their own label")
        session.add(PersonRow(id="p-theirs", email="boss@theirs.example", name="", password_hash="x", created_at=now(),
                              password_at=now()))  # fmt: skip
        session.flush()
        session.add_all(_rows())
        claim = session.scalars(select(ClaimRow).where(ClaimRow.workspace_id == WORKSPACE)).first()
        assert claim is not None
        claim.id = "k-theirs"
        session.flush()
        return Foreign(_ids(session))


def _rows() -> list[Base]:
    mine, moment = {"workspace_id": WORKSPACE}, now()
    return [
        MembershipRow(**mine, person_id="p-theirs", role="owner", created_at=moment),
        TicketRow(**mine, id="t-theirs", kind="join", email="new@theirs.example", role="sales", made_by="p-theirs",
                  created_at=moment, ends_at=moment.replace(year=moment.year + 1)),
        ShareRow(**mine, id="sh-theirs", token_hash="0" * 64, run_id="r-theirs", language="en", label="Their own label",
                 made_by="p-theirs", created_at=moment, ends_at=moment.replace(year=moment.year + 1)),
        Upload(**mine, id="u-theirs", created_at=moment, who="Their own label", channel="files"),
        SegmentEditRow(**mine, id="e-theirs", number=1, kind="rename", who="p-theirs", created_at=moment, payload={}),
        CustomerDecisionRow(**mine, id="d-theirs", number=1, kind="merge", one=[], other=[], at=moment, who="p-theirs"),
        ColumnMappingRow(**mine, signature="m-theirs", place="Their own label.csv", files=[], state="asked", kind=None,
                         columns=[], seen_at=moment),
        HookRow(**mine, id="h-theirs", system="generic", label="Their own label", token_hash="1" * 64,
                created_at=moment),
        WebhookRow(**mine, id="w-theirs", url="https://theirs.example/x", secret="s", events=[], created_by="p-theirs",
                   created_at=moment),
    ]  # fmt: skip


def _ids(session: Session) -> dict[str, str]:
    def one(column: Any) -> str:
        return str(session.scalars(select(column).where(column.class_.workspace_id == WORKSPACE)).first())

    document = one(DocumentRow.id)
    return {
        "segment_id": "p1",
        "run_id": "r-theirs",
        "upload_id": "u-theirs",
        "document_id": document,
        "call_id": document,
        "customer_id": one(DocumentRow.customer_id),
        "key_id": one(ApiKey.id),
        "person": "p-theirs",
        "ticket": "t-theirs",
        "share_id": "sh-theirs",
        "edit_id": "e-theirs",
        "entry_id": "d-theirs",
        "signature": "m-theirs",
        "hook_id": "h-theirs",
        "webhook_id": "w-theirs",
        "claim_id": "k-theirs",
        "version": one(BriefVersionRow.id),
        "lemma": "tenant",
        "name": "meta",
    }


def fingerprint(store: Store, workspace: str) -> dict[str, str]:
    """What every table holds of a workspace, as a hash a table."""
    found = {}
    with store.session() as session:
        for table in Base.metadata.sorted_tables:
            if "workspace_id" in table.c:
                rows = session.execute(table.select().where(table.c.workspace_id == workspace)).all()
                text = "\n".join(sorted(repr(tuple(row)) for row in rows))
                found[table.name] = hashlib.sha256(text.encode()).hexdigest()
    return found


assert set(BODIES) <= set(ROUTES), sorted(set(BODIES) - set(ROUTES))
