"""Calls as plain text: `Name: words` lines, with an optional block of facts above them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from ingest.contacts import emails_in, phones_in
from ingest.model import DocumentKind
from ingest.raw import Contact, RawDocument, RawFile, RawUtterance
from ingest.readers.columns import normalised
from ingest.readers.moments import order_of, parse_moment
from ingest.readers.source import Source, clean
from ingest.readers.who import facts_of_name, names_in
from ingest.reasons import CannotRead, packaged

_STAMP = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
_NAMED = r"[^\W\d_][^:\n\[\]<>|]{0,39}?"
_NUMBERED = r"\+?[\d(][\d() .-]{8,20}"
_RANGE = rf"[\[(]?{_STAMP}(?:\s*(?:-->|[-–—])\s*{_STAMP})?[\])]?"
LABEL = re.compile(
    rf"^\s*(?:{_RANGE}\s*[-–—|]?\s*)?[*_>\[]*(?P<label>{_NAMED}|{_NUMBERED})\]?[*_]*"
    rf"\s*(?:{_STAMP}\s*)?(?:\((?:\d+:)?\d+:\d\d\)\s*)?[:：](?!\d\d[\])]*\s*$|\d\d:)\s*[*_]*(?!//)"
)
"""The speaker before a colon, with a time stamp, brackets or stars around it or none."""
_BRACKETED = re.compile(rf"^\s*(?:{_RANGE}\s*)?[\[(](?P<label>{_NAMED})[\])]\s*(?=\S|$)")
_DASHED = re.compile(rf"^\s*(?:{_RANGE}\s*)?(?P<label>{_NAMED})(?:\t+| +[-–—] +)(?=\S)")
_ALONE = re.compile(rf"^\s*(?P<label>{_NAMED})\s*$")
_STAMPED = re.compile(rf"^\s*(?P<first>{_STAMP})\s*-->\s*(?P<last>{_STAMP})\s+(?P<words>\S.*)$")
_TIMED_NAME = re.compile(rf"^\s*(?P<label>[^\W\d_][^:\n]{{0,39}}?)\s{{1,4}}(?P<stamp>{_STAMP})\s*$")
_WHISPER_SPEAKER = re.compile(rf"^\s*(?:{_RANGE}\s*)?\((?P<label>speaker [\d?]+)\)\s*(?P<words>.*)$", re.IGNORECASE)
_CLOCK = r"(?:,?[ T]+(?:в |at )?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?)?"
_DATE = re.compile(
    rf"(?<![\d()-])(?:(?:19|20)\d{{2}}|\d{{1,2}})(?P<sep>[./-])\d{{1,2}}(?P=sep)(?:\d{{4}}|\d{{2}})(?![\d-]){_CLOCK}"
    rf"|(?<!\d)\d{{1,2}} [^\W\d]{{3,9}} \d{{4}}(?: г\.?)?{_CLOCK}|[^\W\d]{{3,9}} \d{{1,2}},? \d{{4}}{_CLOCK}"
)
_STAFF_IN_LINE = re.compile(
    r"(?:^|[|,;]\s*)(?:agent|operator|manager|rep|оператор|менеджер|сотрудник)[: ]+"
    r"(?P<name>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)?)\s*(?:$|[|,;])",
    re.IGNORECASE,
)
MAX_HEADER = 12
"""Lines a block of facts may have."""


LONGEST_FACT = 200
"""Characters of a header line; longer ones are talk."""


class HeaderFacts(NamedTuple):
    """What stands above a transcript."""

    contact: Contact = Contact()
    staff: tuple[str, ...] = ()
    moment: datetime | None = None
    known: bool = False
    """Whether any line was a fact."""


@cache
def _role_words() -> frozenset[str]:
    words = packaged("roles.yaml")
    return frozenset(normalised(word) for group in ("agent", "customer", "neutral") for word in words[group])


@cache
def _header_words() -> dict[str, str]:
    groups = packaged("roles.yaml")["header"]
    return {normalised(word): group for group in reversed(groups) for word in groups[group]}


def is_role(label: str) -> bool:
    """Whether a label is a role word such as `Менеджер`, `Agent 2`, `SPEAKER_01`."""
    words = [word for word in normalised(label).split() if not word.isdigit() and len(word) > 1]
    return " ".join(words) in _role_words()


def is_speaker(label: str, times: int, lines: int) -> bool:
    """Whether text before a colon names a speaker: a role word, or up to three capitalised words said twice or more."""
    if is_role(label) or (phones_in(label) and not _DATE.search(label)):
        return True
    if normalised(label) in _header_words():
        return False
    bare = re.sub(r"\([^)]*\)", "", label).strip()
    words = re.sub(r"\b(?!Mr|Ms|Dr)([^\W\d_]{1,2})\.(?=\s|$)", r"\1", bare).split()  # initials: `T. Reed`, `Иванова А.`
    bare = " ".join(words)
    named = 0 < len(words) <= 3 and all(word[:1].isupper() for word in words) and not re.search(r"[.!?,;«»\"]", bare)
    return named and (times >= 2 or lines <= 6)


def read(source: Source) -> RawFile:
    """One call. Raises `CannotRead` (`no_speakers`) when nothing says who speaks."""
    lines = source.text.split("\n")
    facts, start = header_of(lines)
    utterances = turns_of(lines[start:])
    if not utterances:
        raise CannotRead("no_speakers")
    return RawFile(documents=(raw_call(source, utterances, facts, reader="dialogue"),), rows=1)


def is_dialogue(source: Source) -> bool:
    """At least two turns of named speakers, most of the text in them."""
    lines = source.text.split("\n")
    utterances = turns_of(lines[header_of(lines)[1] :])
    said = sum(len(utterance.text) for utterance in utterances if utterance.tag)
    roles = any(is_role(utterance.tag) for utterance in utterances if utterance.tag)
    enough = len(utterances) >= (1 if roles else 2)
    return enough and said > 0.5 * len(source.text.strip()) - 400


def header_of(lines: list[str]) -> tuple[HeaderFacts, int]:
    """The facts above the talk and the index of the line where talk begins."""
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    end = first
    while end < len(lines) and end - first < MAX_HEADER and lines[end].strip():
        end += 1
    block = lines[first:end]
    followed = end < len(lines) and any(line.strip() for line in lines[end:])
    facts = block[1:] if block and _is_title(block[0]) else block
    if followed and facts and all(_is_fact(line) for line in facts) and any(map(_is_plain_fact, facts)):
        return header_facts(block), end
    count = int(len(facts) < len(block) and bool(facts) and _is_plain_fact(facts[0]))
    while count < len(block) and _is_plain_fact(block[count]):
        count += 1
    return header_facts(block[:count]), first + count


def _key_of(line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    return (_header_words().get(normalised(key), ""), value.strip()) if colon and len(key) < 40 else ("", "")


def _is_title(line: str) -> bool:
    """A short line without a colon above facts: `Звонок №45`, `Call transcript`."""
    return len(line) <= 60 and ":" not in line and not line.rstrip().endswith((".", "!", "?", ","))


def _is_fact(line: str) -> bool:
    """A line a header block may hold, role labels such as `Оператор: Гульнара` included."""
    group, value = _key_of(line)
    return (bool(group) and len(value) < 80) or _is_plain_fact(line) or line.lstrip().startswith(("#", "==", "--"))


def _is_plain_fact(line: str) -> bool:
    """A fact that cannot be a turn: a field other than a role, or a line of a date and a phone."""
    if len(line) > LONGEST_FACT:
        return False
    group, value = _key_of(line)
    key = line.partition(":")[0]
    if group and not is_role(key) and len(value) < 80:
        return True
    bare = _without_dates(line)
    dated = bare != line or bool(phones_in(bare))
    return dated and len(re.findall(r"[^\W\d_]{2,}", bare)) <= 4


def header_facts(lines: list[str]) -> HeaderFacts:
    """Phones, e-mails, names, deal, staff and time told by header lines."""
    found: dict[str, list[str]] = {group: [] for group in ("phone", "email", "person", "deal", "staff", "moment")}
    known = False
    for line in lines:
        group, value = _key_of(line)
        known = known or bool(group) or _is_plain_fact(line)
        if group != "other_phone":
            found["phone"] += phones_in(value if group == "phone" else _without_dates(line))
        found["email"] += emails_in(line)
        found["moment"] += _dates_in(line) if group != "phone" else []
        if group in ("person", "staff"):
            found[group] += names_in(value)
        elif group == "deal" and value:
            found["deal"].append(value)
        elif named := _STAFF_IN_LINE.search(line):
            found["staff"].append(named["name"])
    contact = Contact(
        phones=tuple(dict.fromkeys(found["phone"])),
        emails=tuple(dict.fromkeys(found["email"])),
        names=tuple(dict.fromkeys(found["person"])),
        deal_ids=tuple(found["deal"]),
    )
    return HeaderFacts(contact, tuple(found["staff"]), _moment(found["moment"], lines), known)


def _dates_in(line: str) -> list[str]:
    return [match[0] for match in _DATE.finditer(line) if parse_moment(match[0]) or parse_moment(match[0], "month")]


def _without_dates(line: str) -> str:
    for written in _dates_in(line):
        line = line.replace(written, " ")
    return line


def _moment(written: list[str], lines: list[str]) -> datetime | None:
    default = "day" if re.search("[а-яё]", " ".join(lines).lower()) else "month"
    order = order_of(written, "day" if default == "day" else "month").order
    moments = [moment for value in written if (moment := parse_moment(value, order))]
    return max(moments, key=lambda moment: (moment.hour, moment.minute) != (0, 0), default=None)


class Labels(NamedTuple):
    """How a text names its speakers, and which of the names are speakers."""

    pattern: re.Pattern[str]
    speakers: frozenset[str]

    def split(self, line: str) -> tuple[str, str] | None:
        """(speaker, words) of a line that begins with a speaker."""
        found = self.pattern.match(line)
        label = found["label"].strip() if found else ""
        return (label, line[found.end() :]) if found and label in self.speakers else None


def labels_of(lines: list[str]) -> Labels | None:
    """The first way of naming speakers that these lines know: `Name:`, `[Name]`, `Role -`, a role alone."""
    filled = sum(bool(line.strip()) for line in lines)
    for pattern, speaks in (
        (LABEL, is_speaker),
        (_BRACKETED, _speaks_bracketed),
        (_DASHED, _is_role),
        (_ALONE, _is_role),
    ):
        labels = Counter(found["label"].strip() for line in lines if (found := pattern.match(line)))
        speakers = frozenset(label for label, count in labels.items() if speaks(label, count, filled))
        if speakers and (pattern in (LABEL, _BRACKETED) or len(speakers) > 1):
            return Labels(pattern, speakers)
    return None


def turns_of(lines: list[str]) -> tuple[RawUtterance, ...]:
    """Turns by labels; a line without one goes on with the turn before."""
    if labels := labels_of(lines):
        return _labelled_turns(lines, labels)
    return _timed_turns(lines) or _whisper_turns(lines) or _stamped_turns(lines)


def _is_role(label: str, times: int, lines: int) -> bool:
    """Without a colon only a role word is a speaker: a dash or a tab stands in any sentence."""
    return is_role(label)


def _speaks_bracketed(label: str, times: int, lines: int) -> bool:
    """Brackets hold noises too (`[Music]`), so a name there has two words and comes again."""
    return is_role(label) or (len(label.split()) > 1 and is_speaker(label, times, lines))


def _labelled_turns(lines: list[str], labels: Labels) -> tuple[RawUtterance, ...]:
    turns: list[tuple[str | None, list[str]]] = []
    for line in lines:
        if found := labels.split(line):
            turns.append((found[0], [found[1]]))
        elif turns:
            turns[-1][1].append(line)
        elif line.strip() and len(labels.speakers) > 1:
            turns.append((None, [line]))
    return tuple(RawUtterance(text, tag) for tag, parts in turns if (text := " ".join(clean("\n".join(parts)).split())))


def _stamped_turns(lines: list[str]) -> tuple[RawUtterance, ...]:
    """whisper's plain output: `[00:00.000 --> 00:02.000] words`, nobody named."""
    found = [match for line in lines if (match := _STAMPED.match(line))]
    if len(found) < 2 or len(found) < 0.5 * sum(bool(line.strip()) for line in lines):
        return ()
    return tuple(
        RawUtterance(clean(match["words"]), None, _seconds(match["first"]), _seconds(match["last"])) for match in found
    )


def _seconds(stamp: str) -> float:
    parts = [float(part) for part in stamp.strip("[]()").replace(",", ".").split(":")]
    return round(sum(part * 60.0**power for power, part in enumerate(reversed(parts))), 3)


def _timed_turns(lines: list[str]) -> tuple[RawUtterance, ...]:
    """`Anna Petrova  0:12` on its own line, words under it (Otter, Google Meet)."""
    names = Counter(found["label"].strip() for line in lines if (found := _TIMED_NAME.match(line)))
    if sum(names.values()) < 2:
        return ()
    turns: list[tuple[str, list[str]]] = []
    for line in lines:
        if found := _TIMED_NAME.match(line):
            turns.append((found["label"].strip(), []))
        elif turns:
            turns[-1][1].append(line)
    return tuple(RawUtterance(text, tag) for tag, parts in turns if (text := " ".join(" ".join(parts).split())))


def _whisper_turns(lines: list[str]) -> tuple[RawUtterance, ...]:
    """whisper.cpp's `(speaker 0) words`."""
    found = [match for line in lines if (match := _WHISPER_SPEAKER.match(line))]
    return (
        tuple(RawUtterance(clean(match["words"]), match["label"].lower()) for match in found) if len(found) > 1 else ()
    )


def raw_call(source: Source, utterances: tuple[RawUtterance, ...], facts: HeaderFacts, *, reader: str) -> RawDocument:
    """A call with what its text and its file's name tell about the other party."""
    named = facts_of_name(source.stem)
    contact = facts.contact
    return RawDocument(
        ref=source.path,
        kind=DocumentKind.CALL,
        reader=reader,
        utterances=utterances,
        contact=replace(
            contact,
            phones=tuple(dict.fromkeys((*contact.phones, *named.phones, *_phone_tags(utterances)))),
            hints=tuple(word.capitalize() for word in named.words),
        ),
        staff=facts.staff,
        occurred_at=_best_moment(facts.moment, named.moment),
    )


def _phone_tags(utterances: tuple[RawUtterance, ...]) -> list[str]:
    """Speakers whom the recorder knew only by their number."""
    return [phone for tag in {u.tag for u in utterances if u.tag} for phone in phones_in(tag)]


def _best_moment(written: datetime | None, named: datetime | None) -> datetime | None:
    """What the file says inside, unless only its name knows the hour."""
    if written is None or (
        named is not None and written.date() == named.date() and written.hour == written.minute == 0
    ):
        return named
    return written
