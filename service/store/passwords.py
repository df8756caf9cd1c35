"""Passwords: argon2id hashes (RFC 9106, its profile for little memory), and which passwords are no good.

The one door to argon2. Nothing tells, by words or by time, whether an account exists: an unknown one is checked
against a hash that no password fits.
"""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from service.core.errors import BadInput

SHORTEST, LONGEST = 10, 200
"""Characters. ASVS 5.0 asks for 8 at least and for no upper limit below 64; ten, since there is no second factor."""
FEWEST_KINDS = 5
"""Different characters a password must have."""

_AT_ONCE = BoundedSemaphore(2)
"""A check takes 64 MiB and a core: more at once would let strangers fill the machine."""

_WORN = (
    "password passw0rd qwerty asdfgh zxcvbn letmein welcome iloveyou monkey dragon football baseball superman "
    "sunshine princess abc123 admin whobuys пароль йцукен фывапр ячсмит привет любовь"
).split()
"""Starts and middles of the passwords that every list of leaked ones begins with."""

_ROWS = (
    "01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
    "абвгдежзиклмнопрстуфхцчшщыэюя", "йцукенгшщзхъфывапролджэячсмитьбю",
)  # fmt: skip


def hash_password(password: str) -> str:
    """argon2id, with its own salt and parameters inside."""
    with _AT_ONCE:
        return str(_hasher().hash(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; for an account that does not exist (None) False, as slowly."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _AT_ONCE:
        try:
            right = _hasher().verify(password_hash or _nobodys_hash(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return bool(right) and password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return bool(_hasher().check_needs_rehash(password_hash))


def require_good(password: str, email: str = "") -> None:
    """Raise BadInput, saying why, for a password that is too short, too long or too easy to guess."""
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters. Several words are easy to remember.",
            ru=f"В пароле от {SHORTEST} до {LONGEST} знаков. Несколько слов легко запомнить.",
        )
    name = email.partition("@")[0].casefold()
    left = len(plain) - max((len(word) for word in (*_WORN, name) if len(word) >= 4 and word in plain), default=0)
    if len(set(plain)) < FEWEST_KINDS or left < SHORTEST // 2 or any(plain in row for row in _ROWS):
        raise BadInput(
            "This password is easy to guess. Take several words that do not belong together.",
            ru="Такой пароль легко угадать. Возьмите несколько слов, не связанных между собой.",
        )


@cache
def _hasher():  # type: ignore[no-untyped-def]  # argon2 is heavy to import; its class is named inside only
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash(secrets.token_urlsafe(32)))
