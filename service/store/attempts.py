"""Failed sign-ins, counted in SQL: a restart or a second web process forgets nothing.

Counted before the password is looked at, so that many guesses at once are no more than as many in a row.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import WhobuysError
from service.store.once import insert_once
from service.store.tables import AttemptRow


class Limit(NamedTuple):
    """So many failures within so many minutes."""

    failures: int
    minutes: int


LIMITS: Final[dict[str, Limit]] = {
    "account and address": Limit(5, 15),
    "account": Limit(50, 60),
    "address": Limit(30, 15),
}
"""A guesser at one place gets 480 tries a day at an account; one with many addresses 1,200, and cannot lock the owner
out for longer than an hour. Whoever knows the password gets in from an address that did not guess."""


class TooManyAttempts(WhobuysError):
    """Too many failed sign-ins; `Retry-After` tells when the next may be tried."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            f"Too many failed attempts. Try again in {minutes} min, or ask for a link to choose a new password.",
            ru=f"Слишком много неудачных попыток. Повторите через {minutes} мин или попросите ссылку на новый пароль.",
        )
        self.headers = {"Retry-After": str(seconds)}


def begin_attempt(session: Session, account: str, address: str) -> None:
    """Count one try. Raises TooManyAttempts when any limit is used up; a try over the limit is not counted."""
    session.execute(delete(AttemptRow).where(AttemptRow.since < now() - timedelta(days=1)))
    rows = {name: _row(session, key) for name, key in _keys(account, address).items()}
    waits = [_wait(row, LIMITS[name]) for name, row in rows.items()]
    if max(waits) > 0:
        raise TooManyAttempts(max(waits))
    for name, row in rows.items():
        if now() >= row.since + timedelta(minutes=LIMITS[name].minutes):
            row.failures, row.since = 0, now()
        row.failures += 1


def forgive(session: Session, account: str, address: str) -> None:
    """The try was right: it was no failure, and the account's own failures from this address are forgotten."""
    keys = _keys(account, address)
    session.execute(delete(AttemptRow).where(AttemptRow.id == keys.pop("account and address")))
    for key in keys.values():
        row = _row(session, key)
        row.failures = max(0, row.failures - 1)


def _row(session: Session, key: str) -> AttemptRow:
    insert_once(session, AttemptRow, id=key, failures=0, since=now())
    return session.scalars(select(AttemptRow).where(AttemptRow.id == key).with_for_update()).one()


def _wait(row: AttemptRow, limit: Limit) -> int:
    """Seconds until the window of a used-up limit ends; 0 where there is room."""
    left = int((row.since + timedelta(minutes=limit.minutes) - now()).total_seconds())
    return left if row.failures >= limit.failures and left > 0 else 0


def _keys(account: str, address: str) -> dict[str, str]:
    parts = {"account and address": (account, address), "account": (account,), "address": (address,)}
    return {name: hashlib.sha256("\x1f".join((name, *key)).encode()).hexdigest() for name, key in parts.items()}
