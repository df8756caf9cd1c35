"""Letters saved as `.eml`: a note in the sender's own words, or a persona, creative or script sent by mail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from ingest.model import DocumentKind
from ingest.raw import Contact, RawDocument, RawFile, RawUtterance
from ingest.readers.documents import text_of_html
from ingest.readers.source import RejectedRow, Source, clean, rejected
from ingest.readers.who import names_in
from ingest.reasons import CannotRead

_HEADER = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\s*", re.ASCII)
_KNOWN = re.compile(r"^(?:From|To|Subject|Date|Message-ID|MIME-Version|Received):", re.MULTILINE | re.IGNORECASE)
_MACHINE = re.compile(r"^(?:Message-ID|MIME-Version|Received|Content-Type):", re.MULTILINE | re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"^(?:>|-{2,}\s*(?:Original Message|Forwarded message|Исходное сообщение|Пересылаемое сообщение)"
    r"|On .{5,200} wrote:\s*$|.{5,200} (?:пишет|писал|написал)\(?а?\)?:\s*$|_{10,}\s*$|--\s*$"
    r"|(?:From|От): .{3,200}\s*$(?=\n(?:Sent|To|Date|Отправлено|Кому|Дата):))",
    re.MULTILINE | re.IGNORECASE,
)
_SENT = re.compile(r"\bsent\b|исходящ|отправлен", re.IGNORECASE)


def is_letter(source: Source) -> bool:
    """Header lines on top, three of those every letter has among them."""
    if source.is_binary:
        return False
    head = source.text[:20_000].lstrip("\n")
    found = _HEADER.match(head)
    if found is None or len({name.lower() for name in _KNOWN.findall(found[0])}) < 3:
        return False
    return source.extension in ("eml", "") or bool(_MACHINE.search(found[0]))  # a transcript may begin so too


def as_text(source: Source) -> Source:
    """Subject for a heading and the words below, so that prose can be looked for in it."""
    letter = _letter(source)
    return replace(source, data=f"# {_subject(letter)}\n\n{_words(letter)}\n".encode("utf-8", "replace"))


def read(source: Source) -> RawFile:
    """One note from whoever sent the letter. Raises `CannotRead` for a letter of one's own or one without words."""
    if any(_SENT.search(part) for part in (*source.folders, source.stem)):
        raise CannotRead("letter_sent")
    letter = _letter(source)
    words, subject = clean(_words(letter)), _subject(letter)
    if not re.search(r"[^\W\d_]{2}", f"{words}{subject}"):
        raise CannotRead("empty")
    rejects: list[RejectedRow] = []
    attached = [part for part in letter.iter_attachments() if part.get_content_disposition() == "attachment"]
    if attached:
        rejects.append(rejected("attachments", source.path, count=len(attached)))
    senders = getaddresses([str(letter.get("Reply-To") or ""), str(letter.get("From") or "")])
    document = RawDocument(
        ref=source.path,
        kind=DocumentKind.NOTE,
        reader="mail",
        utterances=(RawUtterance(words or subject),),
        contact=Contact(
            emails=tuple(dict.fromkeys(address for _, address in senders if "@" in address)),
            names=tuple(dict.fromkeys(name for written, _ in senders for name in names_in(clean(written)))),
        ),
        occurred_at=_moment(letter),
    )
    return RawFile(documents=(document,), rejects=tuple(rejects), rows=1)


def _letter(source: Source) -> EmailMessage:
    letter = message_from_bytes(source.data.lstrip(), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def _subject(letter: EmailMessage) -> str:
    try:
        subject = clean(str(letter.get("Subject") or ""))
    except (ValueError, LookupError, IndexError):
        return ""
    return re.sub(r"^(?:(?:re|fwd?|ha|на|отв)\s*:\s*)+", "", subject, flags=re.IGNORECASE)


def _words(letter: EmailMessage) -> str:
    """The body without what it quotes and without the signature."""
    try:
        body = letter.get_body(("plain", "html"))
        text = str(body.get_content()) if body is not None else ""
    except (LookupError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise CannotRead("document_broken") from error
    if body is not None and body.get_content_type() == "text/html":
        text = text_of_html(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    quote = _QUOTE_BEGINS.search(text)
    return text[: quote.start()] if quote and text[: quote.start()].strip() else text


def _moment(letter: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(letter.get("Date") or "")).replace(tzinfo=None)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
