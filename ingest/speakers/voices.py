"""A name for every voice of a call that tells voices apart and says nobody's name."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from ingest.speakers.labels import names_nobody, plain_label

DIGEST = 6
"""Hexadecimal characters: enough for all the people of one company."""
LONGEST = 40
MOST_DIGITS = 3
"""Speakers are counted; a label of more digits may be a telephone."""


def voice_of(tag: str, salt: bytes) -> str:
    """The label itself where it is a number or a role, otherwise `voice-` and a hash salted by workspace.

    The same person is the same voice in every call and every upload; a telephone or an account number is hashed too.
    """
    label = " ".join(tag.split())
    digits = len(re.findall(r"\d", label))
    if len(label) <= LONGEST and digits <= MOST_DIGITS and names_nobody(label):
        return label
    told = plain_label(label) or label.lower()
    return f"voice-{hmac.new(salt, f'voice:{told}'.encode(), sha256).hexdigest()[:DIGEST]}"


def is_person(voice: str) -> bool:
    """Whether the voice is somebody's in particular, who is the same in other calls; `SPEAKER_00` is not."""
    return voice.startswith("voice-")
