"""New versions of a run's briefs, told of in the same transaction; decisions of people, and what changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.briefs.inputs import BriefInputs
from service.briefs.model import Brief
from service.briefs.notices import step as notices
from service.briefs.versions.basis import basis_of
from service.briefs.versions.changes import Changes, compare
from service.briefs.versions.model import Decision, Held, Place, Version
from service.briefs.versions.repository import decide, held_before, keep_versions, load_held, missing
from service.segments.repository import edits_in_force
from service.store.db import Store


def publish(
    session: Session, workspace: str, run_id: str, inputs: BriefInputs, briefs: Sequence[Brief]
) -> list[Version]:
    """Number what says something new and write the messages about it; returns the new versions."""
    basis = basis_of(inputs, len(edits_in_force(session, workspace)))
    made = keep_versions(session, workspace, run_id, briefs, basis)
    notices.tell(session, workspace, "brief.new", made)
    return made


def judge(
    store: Store, workspace: str, place: Place, number: int | None, decision: Decision, who: str, comment: str = ""
) -> Version:
    """Approve a version or send it back, and write the messages about it. NotFound, BadInput."""
    with store.session(write=True) as session:
        version = decide(session, workspace, place, number, decision, who, comment)
        notices.tell(session, workspace, "brief.approved" if decision == "approved" else "brief.returned", [version])
    return version


def changes_of(session: Session, workspace: str, held: Held, since: int | None = None) -> tuple[Held, Changes] | None:
    """(the earlier version, what changed since): since the one before, or since the number given.

    None for a first version. NotFound when there is no version of that number.
    """
    if since is None:
        earlier = held_before(session, workspace, held.version)
    else:
        earlier = load_held(session, workspace, held.version.place, since)
        if earlier is None:
            raise missing(held.version.place, since)
    if earlier is None:
        return None
    return earlier, compare(earlier.brief, held.brief, earlier.basis, held.basis)
