"""Documents that hold text in a wrapping of their own: Word, OpenDocument, PDF, RTF, HTML. Each becomes plain text."""

from __future__ import annotations

import html
import io
import logging
import re
import zipfile
from dataclasses import replace

from ingest.readers.source import Source
from ingest.reasons import CannotRead

MAX_PAGES = 400
"""Pages of one PDF: personas, scripts and transcripts are far shorter, and a page may take a second."""
MAX_LETTERS = 5_000_000
"""Letters of text in one document."""
_TABLES = ("csv", "tsv", "tab", "xls", "xlsx", "ods", "json", "vtt", "srt")
"""Endings under which a PDF is a mistake rather than a text to look at."""
_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d|/td|/th)\b[^<>]{0,2000}>", re.IGNORECASE)
_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,2000}>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|head|title)\b[^<>]{0,2000}>.*?(?:</\1\s{0,9}>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[!/]?[a-zA-Z-][^<>]{0,5000}>")
_ODF_HEADING = re.compile(r"<text:h\b[^<>]{0,2000}>")
_ODF_END = re.compile(r"</text:(?:p|h)>|<text:line-break\s*/>|</table:table-row>")
_ODF_CELL = re.compile(r"</text:p>\s*</table:table-cell>")


def written(source: Source) -> Source:
    """The same file as plain text when it is such a document; else as it came. Raises `CannotRead`."""
    if source.is_office:
        names = _names_inside(source.data)
        if "word/document.xml" in names:
            return _as_text(source, _word(source.data))
        if _mimetype(source.data).startswith("application/vnd.oasis.opendocument.text"):
            return _as_text(source, _open_document(source.data))
    elif source.is_pdf:
        if source.extension in _TABLES:
            raise CannotRead("binary", format="PDF")
        return _as_text(source, _pdf(source.data))
    elif source.is_rtf:
        return _as_text(source, _rtf(source.data))
    return source


def of_html(source: Source) -> Source:
    """A page as the text a person would see, headings marked as in Markdown."""
    return _as_text(source, text_of_html(source.text))


def text_of_html(page: str) -> str:
    """The words of a page, one block a line."""
    marked = _HEADING.sub(lambda found: "\n" + "#" * int(found[1]) + " ", _HIDDEN.sub(" ", page))
    lines = html.unescape(_TAG.sub("", _BLOCK.sub("\n", marked))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


def _as_text(source: Source, text: str) -> Source:
    if len(text) > MAX_LETTERS:
        raise CannotRead("document_long", limit=MAX_LETTERS)
    if not text.strip():
        raise CannotRead("empty")
    return replace(source, data=text.encode("utf-8", "replace"))


def _names_inside(data: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return frozenset()


def _mimetype(data: bytes) -> str:
    """What an OpenDocument file says it is, in the entry that stands first and unpacked."""
    found = re.match(rb"PK\x03\x04.{22}\x08\x00.{2}mimetype([\w.+/-]{0,80})", data[:200], re.DOTALL)
    return found[1].decode("ascii") if found else ""


def _word(data: bytes) -> str:
    """Paragraphs and tables of a Word document as Markdown-like text."""
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
                continue
            style = (block.style.name or "") if block.style is not None else ""
            lines.append(f"{_mark_of(style)}{block.text}" if block.text.strip() else "")
    except Exception as error:  # the parser beneath raises errors of many kinds for damaged XML
        raise CannotRead("document_broken") from error
    return "\n".join(lines)


def _mark_of(style: str) -> str:
    """Markdown's sign for a paragraph style."""
    if level := re.fullmatch(r"(?:Heading|Заголовок) (\d)", style):
        return f"{'#' * int(level[1])} "
    if style == "Title":
        return "# "
    return "- " if style.startswith("List") else ""


def _open_document(data: bytes) -> str:
    """Paragraphs of an OpenDocument text: its tags are few, and no entity or link is followed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise CannotRead("document_broken") from error
    body = content[content.find("<office:body") :]
    marked = _ODF_END.sub("\n", _ODF_HEADING.sub("# ", _ODF_CELL.sub(" | ", body)))
    return html.unescape(_TAG.sub("", marked.replace("<text:s/>", " ").replace("<text:tab/>", "\t")))


def _pdf(data: bytes) -> str:
    """The text layer of a PDF, page by page."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would quote what the file holds
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CannotRead("locked")
        if len(reader.pages) > MAX_PAGES:
            raise CannotRead("document_long", limit=MAX_LETTERS)
        text = "\n".join(page.extract_text() for page in reader.pages)
    except CannotRead:
        raise
    except Exception as error:  # a damaged PDF raises whatever the parser met first
        raise CannotRead("document_broken") from error
    if not re.search(r"\w", text):
        raise CannotRead("no_text_layer")
    return text


def _rtf(data: bytes) -> str:
    """The text of an RTF file (WordPad, old Word)."""
    from striprtf.striprtf import rtf_to_text

    page = re.search(rb"\\ansicpg(\d{3,5})", data[:400])
    codec = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        return str(
            rtf_to_text(  # type: ignore[no-untyped-call]
                data.decode("latin-1"), encoding=codec, errors="replace"
            )
        )
    except Exception as error:  # control words out of place raise errors of many kinds
        raise CannotRead("document_broken") from error
