"""Answers to advertisements: lead forms of VK, Meta, Google and tables like theirs.

What people wrote themselves stands in columns whose headers are the form's questions, so every column that no
dictionary knows is a question.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ingest.model import DocumentKind
from ingest.raw import Contact, RawDocument, RawFile, RawUtterance
from ingest.readers.amounts import parse_flag
from ingest.readers.columns import Table, normalised
from ingest.readers.moments import parse_moment
from ingest.readers.sales_notes import note_text
from ingest.readers.sheet import Row
from ingest.readers.source import RejectedRow, clean, rejected
from ingest.readers.who import moment_of, person_of, staff_of

MAX_CHOICES = 12
"""A question with no more different answers than this, each given about three times or more, was a multiple choice."""
ANSWERS_PER_CHOICE = 3
CHOICE = "form choice"
"""Tag of a multiple-choice answer: the form's words, not the customer's."""

_PLATFORMS: tuple[tuple[str, str], ...] = (
    (r"\bvk\b|вконтакте|\bвк\b", "vk"),
    (r"\bmeta\b|facebook|instagram|\big\b|\bfb\b|messenger|audience network|\ban\b|\bmsg\b", "meta"),
    (r"google|adwords|youtube", "google"),
    (r"yandex|яндекс|директ|direct", "yandex"),
    (r"telegram|\btg\b|телеграм", "telegram"),
    (r"tiktok", "tiktok"),
    (r"linkedin", "linkedin"),
    (r"avito|авито", "avito"),
    (r"mytarget", "mytarget"),
)


def platform_in(text: str) -> str | None:
    """The advertising system named in `text`, by one short name."""
    plain = re.sub(r"[_\W]+", " ", text.lower())
    return next((name for pattern, name in _PLATFORMS if re.search(pattern, plain)), None)


_CALL_COLUMN = re.compile(
    r"длительн|duration|виртуальн|virtual number|ожидани|wait|время разговора|talk time|call status|звонк"
)
_SOURCE = ("platform", "campaign", "campaign_id", "ad", "ad_id", "gclid")


def read(table: Table) -> RawFile:
    """One ad response a row; test submissions and rows without a person or answer are listed.

    A report of calls is read for what it adds: which ad brought the caller. Calls without a source are counted only.
    """
    questions, choices = _questions(table)
    calls = not questions and any(_CALL_COLUMN.search(normalised(header)) for header in table.headers)
    unsourced = 0
    documents: list[RawDocument] = []
    rejects: list[RejectedRow] = list(table.rejects)
    for row in table.rows:
        if parse_flag(table.first(row, "is_test") or "no") or "<test lead" in " ".join(row.cells).lower():
            rejects.append(rejected("test_lead", table.place(row)))
            continue
        if calls and not table.first(row, *_SOURCE):
            unsourced += 1
            continue
        document = _response(table, row, questions, choices)
        if document.contact == Contact() and not any(utterance.text for utterance in document.utterances):
            rejects.append(rejected("empty_row", table.place(row)))
        else:
            documents.append(document)
    if unsourced:
        rejects.append(rejected("call_without_source", table.source.path, count=unsourced))
    return RawFile(documents=tuple(documents), rejects=tuple(rejects), rows=len(documents))


def _questions(table: Table) -> tuple[tuple[int, ...], frozenset[int]]:
    """Columns with answers, and those of them that are multiple choice."""
    asked: list[int] = []
    choices: set[int] = set()
    for index in table.unknown:
        answers = [row.cells[index] for row in table.rows if row.cells[index]]
        if not answers or not any(map(_is_wording, answers)):
            continue
        asked.append(index)
        counts = Counter(answers)
        if len(counts) <= MAX_CHOICES and len(answers) >= ANSWERS_PER_CHOICE * len(counts) and len(answers) >= 8:
            choices.add(index)
        elif sum("_" in answer and " " not in answer for answer in answers) > 0.8 * len(answers):
            choices.add(index)
    return tuple(asked), frozenset(choices)


def _is_wording(answer: str) -> bool:
    """Whether a cell holds words rather than an id, a number, a link or a date."""
    return (
        bool(re.search(r"[^\W\d_]{3}", answer))
        and not answer.startswith(("http://", "https://"))
        and parse_moment(answer) is None
        and not re.fullmatch(r"[\w-]*\d{4}[\w-]*", answer)
    )


def _response(table: Table, row: Row, questions: tuple[int, ...], choices: frozenset[int]) -> RawDocument:
    utterances = [
        RawUtterance(
            clean(row.cells[index].replace("_", " ")) if index in choices else note_text(row.cells[index]),
            tag=CHOICE if index in choices else None,
        )
        for index in sorted(questions, key=lambda index: index in choices)
        if row.cells[index]
    ]
    contact = person_of(table, row)
    own = table.first(row, "id")
    return RawDocument(
        ref=table.ref_of(row),
        kind=DocumentKind.AD_RESPONSE,
        reader="ad_responses",
        utterances=tuple(utterances) or (RawUtterance(""),),
        contact=replace(contact, lead_ids=(*contact.lead_ids, *((own,) if own else ()))),
        staff=staff_of(table, row),
        occurred_at=moment_of(table, row, "created", "modified"),
        platform=_platform(table, row),
        campaign=table.first(row, "campaign", "campaign_id") or None,
        ad=table.first(row, "ad", "ad_id") or None,
    )


def _platform(table: Table, row: Row) -> str | None:
    written = table.first(row, "platform")
    if written and (known := platform_in(written)):
        return known
    if table.has("adset") and table.has("form_id") and table.has("organic"):
        return "meta"
    if table.has("gclid") and "gclid" in " ".join(table.headers).lower():
        return "google"
    return platform_in(table.source.stem) or platform_in(table.first(row, "campaign")) or written.lower() or None
