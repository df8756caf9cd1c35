"""Russian or English: by the script first, by a restricted py3langid where the script does not decide."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LATIN = re.compile("[a-z]", re.IGNORECASE)
MIXED = (0.25, 0.75)
"""Between these shares of Cyrillic letters the script does not decide."""


def language_of(text: str, default: str = "en") -> str:
    """`ru` or `en`; `default` for a text without letters."""
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    if not cyrillic and not latin:
        return default
    share = cyrillic / (cyrillic + latin)
    if share > MIXED[1]:
        return "ru"
    return "en" if share < MIXED[0] else str(_identifier().classify(text)[0])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE)
    identifier.set_languages(["ru", "en"])
    return identifier
