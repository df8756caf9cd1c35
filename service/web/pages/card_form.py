"""The form of a persona's cards, back into corrections: only what a person changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from service.core.errors import BadInput
from service.personas.cards import MOST_THOUGHTS, Said, quantity_of, topics_and_words

MOST_CARDS = 400
"""Cards of one form."""
_Shown = dict[str, dict[str, str]]
_SHOWN: TypeAdapter[_Shown] = TypeAdapter(_Shown)
FIELDS = ("whom", "measure", "says", "not", "value", "about", "versus", "other", "channel")


def corrections(form: Mapping[str, str], language: str) -> dict[str, list[Said] | None]:
    """Claim id → its thoughts (None: right as it stands; empty: it claims nothing). Untouched cards are left out.

    `form`: `c<n>` the claim's id, `c<n>-was` what was shown, `c<n>-ok`, `c<n>-nothing`, and `c<n>-<thought>-<field>`.
    BadInput for a number that is none.
    """
    found: dict[str, list[Said] | None] = {}
    for n in range(MOST_CARDS):
        claim = form.get(f"c{n}", "")
        if not claim:
            break
        was = _was(form.get(f"c{n}-was", "{}"))
        thoughts = _thoughts(form, f"c{n}", was, language)
        if form.get(f"c{n}-nothing"):
            found[claim] = []
        elif thoughts is not None:
            found[claim] = thoughts
        elif form.get(f"c{n}-ok"):
            found[claim] = None
    return found


def _was(shown: str) -> _Shown:
    try:
        return _SHOWN.validate_json(shown)
    except ValidationError as error:
        raise BadInput(
            "The form is broken; load the page again.", ru="Форма испорчена; загрузите страницу ещё раз."
        ) from error


def _thoughts(form: Mapping[str, str], card: str, was: _Shown, language: str) -> list[Said] | None:
    """The thoughts as they shall be, None where nothing was changed."""
    kept: list[Said] = []
    touched = False
    for place in range(MOST_THOUGHTS):
        before = was.get(str(place))
        now = {name: form.get(f"{card}-{place}-{name}", "").strip() for name in FIELDS}
        now["measure"] = form.get(f"{card}-{place}-else", "").strip() or now["measure"]
        if before is None and not now["measure"]:
            continue
        if form.get(f"{card}-{place}-drop"):
            touched = True
            continue
        changed = {name: value for name, value in now.items() if value != (before or {}).get(name, "")}
        touched = touched or bool(changed)
        kept.append(_said(place, changed, language))
    return kept if touched else None


def _said(place: int, changed: Mapping[str, str], language: str) -> Said:
    """The changed fields as a person's reading of one thought."""
    said: dict[str, Any] = {"place": place}
    for name in ("whom", "measure", "other", "channel"):
        if name in changed:
            said[name] = changed[name]
    if "says" in changed:
        operator, _, direction = changed["says"].partition(":")
        said["operator"] = operator
        if operator in ("most", "than"):
            said["direction"] = "low" if direction else "high"
    if "not" in changed:
        said["negated"] = bool(changed["not"])
    if changed.get("value"):
        number = quantity_of(changed["value"], language)
        said |= {"value": number.value, "high": number.high, "unit": number.kind, "bound": number.bound}
        said.setdefault("operator", "number")
    if "about" in changed:
        topics, others = topics_and_words(changed["about"], language)
        said |= {"topics": topics, "words": others}
    if "versus" in changed:
        said["versus"] = topics_and_words(changed["versus"], language)[0]
    try:
        return Said.model_validate({key: value for key, value in said.items() if value is not None})
    except ValidationError as error:
        raise BadInput(
            "A field of the form holds something that is not on its list.",
            ru="В поле формы то, чего нет в его списке.",
        ) from error
