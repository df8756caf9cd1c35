"""Links by which somebody without an account reads one comparison brief."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, NotFound
from service.core.ids import random_id
from service.store.audit import note
from service.store.installation import sha256
from service.store.tables import ShareRow

DAYS: Final = (1, 7, 14, 30, 90)
"""How long a link may hold; two weeks unless said otherwise."""
USUAL_DAYS: Final = 14
LONGEST_LABEL: Final = 80


@dataclass(frozen=True)
class Share:
    """A link as its list shows it: everything but the link."""

    workspace: str
    id: str
    run: str
    language: str
    label: str
    made_by: str
    created_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    opened_at: datetime | None

    @property
    def live(self) -> bool:
        """Neither taken back nor past its end."""
        return self.revoked_at is None and self.ends_at > now()


def make_share(
    session: Session, workspace: str, run: str, language: str, *, who: str, days: int = USUAL_DAYS, label: str = ""
) -> str:
    """Make a link's token: the only time it is seen in the clear. BadInput for a time or label out of bounds."""
    label = " ".join(label.split())
    if not 1 <= days <= max(DAYS) or len(label) > LONGEST_LABEL:
        raise BadInput(
            f"A link holds 1 to {max(DAYS)} days; its label has at most {LONGEST_LABEL} letters.",
            ru=f"Ссылка действует от 1 до {max(DAYS)} дней; в подписи не больше {LONGEST_LABEL} знаков.",
        )
    token, share_id = secrets.token_urlsafe(32), random_id("l")
    session.add(
        ShareRow(
            workspace_id=workspace,
            id=share_id,
            token_hash=sha256(token),
            run_id=run,
            language=language,
            label=label,
            made_by=who,
            created_at=now(),
            ends_at=now() + timedelta(days=days),
            revoked_at=None,
            opened_at=None,
        )
    )
    note(session, workspace, who, "link to the brief made", link=share_id, run=run, days=days)
    return token


def find_share(session: Session, token: str) -> Share:
    """The link. NotFound, in the same words, for one that is unknown, taken back or too old."""
    row = session.scalars(select(ShareRow).where(ShareRow.token_hash == sha256(token))).one_or_none()
    if row is None or not _share(row).live:
        raise NotFound(
            "This link does not work any more. Ask whoever sent it for a new one.",
            ru="Ссылка больше не действует. Попросите новую у того, кто её прислал.",
        )
    return _share(row)


def revoke_share(session: Session, workspace: str, share_id: str, who: str) -> None:
    """Take a link back. NotFound for an unknown or foreign one."""
    row = session.get(ShareRow, (workspace, share_id))
    if row is None:
        raise NotFound(f"There is no link {share_id!r}.", ru=f"Ссылки {share_id!r} нет.")
    if row.revoked_at is None:
        row.revoked_at = now()
        note(session, workspace, who, "link to the brief taken back", link=share_id)


def list_shares(session: Session, workspace: str) -> list[Share]:
    """All links of a workspace, newest first."""
    found = select(ShareRow).where(ShareRow.workspace_id == workspace)
    return [_share(row) for row in session.scalars(found.order_by(ShareRow.created_at.desc(), ShareRow.id))]


def write_opened(session: Session, opened: dict[str, datetime]) -> None:
    """Note when links, by id, were last opened."""
    for share_id, moment in sorted(opened.items()):
        session.execute(update(ShareRow).where(ShareRow.id == share_id).values(opened_at=moment))


def _share(row: ShareRow) -> Share:
    return Share(
        row.workspace_id, row.id, row.run_id, row.language, row.label, row.made_by, row.created_at, row.ends_at,
        row.revoked_at, row.opened_at,
    )  # fmt: skip
