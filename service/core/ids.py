"""Opaque ids: deterministic where the same thing must get the same id, random where it must not."""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def stable_id(prefix: str, *parts: str, length: int = 10) -> str:
    """`prefix` + `length` base-32 characters of sha256 over `parts`; the same parts give the same id."""
    digest = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest(), "big")
    characters = []
    for _ in range(length):
        digest, index = divmod(digest, 32)
        characters.append(_ALPHABET[index])
    return f"{prefix}{''.join(characters)}"


def random_id(prefix: str, length: int = 12) -> str:
    """`prefix` + `length` random base-32 characters."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def text_hash(text: str) -> str:
    """sha256 of the text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
