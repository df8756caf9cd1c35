"""Templates to texts with gold spans, in three shapes: clean, adversarial and as a speech recogniser writes.

A slot is `{1f.dat}` (person 1, form, case), `{2g!f}` (a woman), `{1=звонил/звонила}` (by gender), `{phone}` or
`{phone:a}` (a value; a letter ties its mentions), or a look-alike that must stay (`{price}`, `{order}`, `{date}` …).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

from eval.pii_cases.people import Person, draw, named
from eval.pii_cases.values import LOOK_ALIKES, PLANTED, Value

Split = Literal["clean", "adversarial", "asr"]
Half = Literal["dev", "held"]
SPLITS: tuple[Split, ...] = ("clean", "adversarial", "asr")
HALVES: tuple[Half, ...] = ("dev", "held")
LANGUAGES = ("ru", "en")
HARD_SHARE = 0.6
"""Of adversarial texts made from the templates marked hard; the rest are plain templates with careless values."""

_SLOT = re.compile(r"\{([^{}]+)\}")
_PERSON = re.compile(
    r"(?P<number>\d)(?:=(?P<male>[^/]*)/(?P<female>.*)|(?P<form>[a-z]+(?:\.[a-z]+)?)(?:!(?P<gender>[fm]))?)"
)
_UNSAID = ("iban", "account", "handle")
_TITLE = re.compile(r"^(?:Mr|Ms)\. ")


@dataclass(frozen=True, slots=True)
class Gold:
    """`text[start:end]` is personal data of this type; mentions of one `entity` belong together."""

    start: int
    end: int
    kind: str
    entity: str


@dataclass(frozen=True, slots=True)
class Case:
    """One text with everything personal in it; `names` are its persons as a CRM would hold them."""

    language: str
    split: Split
    half: Half
    text: str
    gold: tuple[Gold, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    kind: str = ""
    entity: str = ""


def cases(language: str, split: Split, half: Half, count: int, seed: int = 1) -> list[Case]:
    """`count` texts; the same arguments give the same texts."""
    random = Random(zlib.crc32(f"{language} {split} {half} {seed}".encode()))
    plain = _templates(language, half, ("call",) if split == "asr" else ("call", "note", "ad"))
    if split == "asr":
        plain = tuple(text for text in plain if not any(f"{{{kind}" in text for kind in _UNSAID))
    hard = _templates(language, half, ("hard",))
    made = []
    for _ in range(count):
        chosen = hard if split == "adversarial" and random.random() < HARD_SHARE else plain
        made.append(_rendered(random.choice(chosen), language, split, half, random))
    return made


@cache
def _templates(language: str, half: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    found, heading = [], ""
    for line in Path(__file__).with_name(f"templates_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#") and heading in {f"{half} {kind}" for kind in kinds}:
            found.append(line)
    return tuple(found)


def _rendered(template: str, language: str, split: Split, half: Half, random: Random) -> Case:
    pieces, people = _pieces(template, language, split, half, random)
    text, gold = "", []
    for piece in pieces:
        said = _as_recognised(piece.text) if split == "asr" else piece.text
        if split == "asr" and text and said and not text.endswith(" ") and not said.startswith("'"):
            text += " "
        if piece.kind:
            gold.append(Gold(len(text), len(text) + len(said), piece.kind, piece.entity))
        text += said
    names = tuple(_crm_name(person) for _, person in sorted(people.items()))
    return Case(language, split, half, text, tuple(gold), names)


def _crm_name(person: Person) -> str:
    return named(person, "sf") if person.language == "ru" else named(person, "f")


def _as_recognised(text: str) -> str:
    """Lower case, no punctuation, single spaces."""
    bare = re.sub(r"[^\w\s'’]", " ", text.lower())
    return re.sub(r"\s+", " ", bare).strip()


def _pieces(
    template: str, language: str, split: Split, half: Half, random: Random
) -> tuple[list[_Piece], dict[str, Person]]:
    people: dict[str, Person] = {}
    values: dict[str, Value] = {}
    pieces, position = [], 0
    informal = set(re.findall(r"\{(\d)[dn]", template))
    gender = dict(re.findall(r"\{(\d)[^{}]*!([fm])\}", template))
    for match in _SLOT.finditer(template):
        pieces.append(_Piece(template[position : match.start()]))
        position = match.end()
        slot = match.group(1)
        person = _PERSON.fullmatch(slot)
        if person is not None:
            number = person["number"]
            drawn = draw(language, half, random, informal=number in informal, gender=gender.get(number, ""))
            owner = people.setdefault(number, drawn)
            pieces += _person_pieces(owner, person, slot)
        else:
            pieces.append(_value_piece(slot, values, people.get("1"), language, split, half, random))
    return [*pieces, _Piece(template[position:])], people


def _person_pieces(owner: Person, match: re.Match[str], slot: str) -> list[_Piece]:
    if match["form"] is None:
        return [_Piece(match["female"] if owner.female else match["male"])]
    name = named(owner, match["form"])
    title = _TITLE.match(name)
    entity = f"NAME {match['number']}{'w' if match['form'].startswith('w') else ''}"
    if title is not None:
        return [_Piece(title.group()), _Piece(name[title.end() :], "NAME", entity)]
    return [_Piece(name, "NAME", entity)]


def _value_piece(
    slot: str, values: dict[str, Value], owner: Person | None, language: str, split: Split, half: Half, random: Random
) -> _Piece:
    kind, _, letter = slot.partition(":")
    maker = PLANTED.get(kind) or LOOK_ALIKES[kind]
    key = slot if letter else f"{slot} {len(values)}"
    value = values.setdefault(key, maker(language, owner or draw(language, half, random), random))
    text = {"clean": value.written, "adversarial": value.hard, "asr": value.spoken or value.written}[split]
    return _Piece(text, value.kind, f"{value.kind} {key}" if value.kind else "")
