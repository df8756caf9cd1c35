"""Prose and tables in every wrapping people keep them in: Word, OpenDocument, PDF, RTF, HTML, letters, old Excel."""
# ruff: noqa: E501  (files as programs write them are easier to compare unwrapped)

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from exports import OPTIONS, archive, codes, harvested, workbook

from ingest.model import Stakeholder, TextKind
from ingest.pipeline import harvest
from ingest.raw import RawFile
from ingest.readers import registry
from ingest.readers.source import Source
from ingest.reasons import CannotRead

RU_PERSONA = "# Портрет клиента глазами собственника\n\nСемьи с детьми, живут рядом, платят сразу за полгода."
DIALOGUE = "Менеджер: Добрый день, чем помочь?\nКлиент: Сколько стоит торт на юбилей?"


def taken(name: str, data: bytes) -> tuple[str, RawFile]:
    return registry.read(Source(name, data))


def pdf_of(text: str) -> bytes:
    import typst

    escaped = "\n\n".join(line.replace("#", "\\#") for line in text.split("\n") if line)
    return bytes(typst.compile(escaped.encode(), format="pdf"))


def docx_of(text: str) -> bytes:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        if line.startswith("# "):
            document.add_heading(line[2:], level=1)
        elif line:
            document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def odt_of(text: str) -> bytes:
    body = "".join(
        f'<text:h text:outline-level="1">{line[2:]}</text:h>' if line.startswith("# ") else f"<text:p>{line}</text:p>"
        for line in text.split("\n")
    )
    content = f'<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    return opened("application/vnd.oasis.opendocument.text", content)


def ods_of(rows: list[list[str]]) -> bytes:
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Сделки">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    return opened("application/vnd.oasis.opendocument.spreadsheet", content)


def opened(kind: str, content: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(zipfile.ZipInfo("mimetype"), kind)
        box.writestr("content.xml", content)
        box.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return held.getvalue()


def rtf_of(text: str) -> bytes:
    body = "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in text.replace("\n", "\\par\n"))
    return f"{{\\rtf1\\ansi\\ansicpg1251\\deff0{{\\fonttbl{{\\f0 Calibri;}}}}\\f0\\fs22 {body}}}".encode()


def html_of(text: str) -> bytes:
    body = "".join(f"<h1>{line[2:]}</h1>" if line.startswith("# ") else f"<p>{line}</p>" for line in text.split("\n"))
    return f"<!DOCTYPE html><html><head><title>x</title><style>p {{}}</style></head><body>{body}</body></html>".encode()


def letter_of(text: str) -> bytes:
    heading, _, body = text.partition("\n")
    return f"From: Пётр Орлов <owner@example.com>\nTo: m@example.com\nSubject: {heading.removeprefix('# ')}\nDate: Tue, 03 Feb 2026 14:05:00 +0300\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n".encode()


WRAPPED = [
    pytest.param("persona.docx", docx_of, id="docx"), pytest.param("persona.odt", odt_of, id="odt"), pytest.param("persona.pdf", pdf_of, id="pdf"),
    pytest.param("persona.rtf", rtf_of, id="rtf"), pytest.param("persona.html", html_of, id="html"), pytest.param("persona.eml", letter_of, id="eml"),
    pytest.param("persona.md", str.encode, id="md"), pytest.param("persona.txt", lambda text: text.encode("cp1251"), id="txt-cp1251"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrap"), WRAPPED)
@pytest.mark.parametrize("place", ["personas/1.{}", "persona_owner.{}", "документ.{}"])
def test_a_persona_is_read_in_any_wrapping(name: str, wrap: object, place: str) -> None:
    path = place.format(name.rpartition(".")[2])
    reader, raw = taken(path, wrap(RU_PERSONA))  # type: ignore[operator]
    (text,) = raw.texts
    assert (reader, text.kind, text.stakeholder) == ("persona", TextKind.PERSONA, Stakeholder.OWNER)
    assert "Семьи с детьми, живут рядом, платят сразу за полгода." in " ".join(text.text.split())
    assert not raw.rejects


@pytest.mark.parametrize("wrap", [docx_of, odt_of, pdf_of, rtf_of, html_of], ids=["docx", "odt", "pdf", "rtf", "html"])
def test_a_transcript_is_read_in_any_wrapping(wrap: object) -> None:
    reader, raw = taken("calls/20260203_1405_+79123456789.doc", wrap(DIALOGUE))  # type: ignore[operator]
    (call,) = raw.documents
    assert reader == "dialogue"
    assert [(turn.tag, turn.text) for turn in call.utterances] == [
        ("Менеджер", "Добрый день, чем помочь?"),
        ("Клиент", "Сколько стоит торт на юбилей?"),
    ]
    assert call.contact.phones == ("+79123456789",)


DEALS = [
    ["ID сделки", "Этап", "Сумма", "Телефон"],
    ["18001", "Оплачено", "12 900,50 ₽", "8 912 345-67-89"],
    ["18002", "Отказ", "", "8 912 345-67-80"],
]
PAGE = (
    "<html><head><meta charset=utf-8></head><body><table border=1>"
    + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in DEALS)
    + "</table></body></html>"
)
XML_2003 = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Сделки"><Table>'
    + "".join(
        "<Row>"
        + "".join(
            f'<Cell ss:Index="{index}"><Data ss:Type="String">{cell}</Data></Cell>'
            for index, cell in enumerate(row, 1)
            if cell
        )
        + "</Row>"
        for row in DEALS
    )
    + "</Table></Worksheet></Workbook>"
)
OLD = [
    pytest.param("deals.ods", ods_of(DEALS), id="ods"),
    pytest.param("deals.xls", PAGE.encode(), id="html-named-xls"),
    pytest.param("deals.xls", ("\ufeff" + PAGE).encode("utf-16"), id="html-named-xls-utf16"),
    pytest.param("deals.xls", XML_2003.encode(), id="excel-xml-2003"),
    pytest.param("deals.csv", ("sep=;\r\n" + "\r\n".join(";".join(row) for row in DEALS) + "\r\n").replace("₽", "руб.").encode("cp1251"), id="csv-that-names-its-delimiter"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), OLD)
def test_a_table_is_read_in_any_wrapping(name: str, data: bytes) -> None:
    reader, raw = taken(name, data)
    assert reader == "deals"
    assert [(one.deal.ref, one.deal.status.value, one.deal.amount) for one in raw.deals] == [
        (f"{name}#18001", "won", Decimal("12900.50")), (f"{name}#18002", "lost", None),
    ]  # fmt: skip
    assert raw.deals[0].contact.phones == ("8 912 345-67-89",)


def test_an_opendocument_table_in_a_folder_is_not_taken_for_an_archive(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"deals.ods": ods_of(DEALS), "personas/owner.odt": odt_of(RU_PERSONA)})
    assert [deal.ref for deal in found.deals] == ["deals.ods#18001", "deals.ods#18002"]
    assert [text.ref for text in found.texts] == ["personas/owner.odt"]


LETTER = (
    "From: Ann Reed <ann.reed@example.com>\nTo: shop@example.org\nSubject: Re: a cake for Saturday\nDate: Tue, 03 Feb 2026 14:05:00 +0300\n"
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n'
    "We would like two tiers, without nuts.\n\nOn Mon, 2 Feb 2026 at 10:00, Shop <shop@example.org> wrote:\n> Which cake do you want?\n"
    "--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=x.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
)


def test_a_letter_is_a_note_in_the_senders_own_words() -> None:
    reader, raw = taken("mail/1.eml", LETTER.encode())
    (note,) = raw.documents
    assert (reader, [turn.text for turn in note.utterances]) == ("mail", ["We would like two tiers, without nuts."])
    assert (note.contact.emails, note.contact.names, note.occurred_at) == (
        ("ann.reed@example.com",),
        ("Ann Reed",),
        datetime(2026, 2, 3, 14, 5),
    )
    assert [code for code, _, _ in raw.rejects] == ["attachments"]


def test_a_transcript_headed_like_a_letter_stays_a_transcript() -> None:
    reader, raw = taken(
        "calls/a.txt",
        b"Date: 2026-02-03 14:05\nFrom: +1 206 555 0142\nTo: +1 800 555 0100\nSubject: cake\n\nAgent: Hello there.\nCustomer: How much is a cake?\n",
    )
    assert (reader, len(raw.documents[0].utterances)) == ("dialogue", 2)


def test_a_letter_the_company_sent_is_said_and_left_out() -> None:
    with pytest.raises(CannotRead) as refused:
        taken("Отправленные/1.eml", LETTER.encode())
    assert refused.value.code == "letter_sent"


JOURNAL = "03.02.2026 14:05 Анна Ильина, +7 912 345-67-89\nХочет торт на юбилей, бюджет до пяти тысяч.\n\n04.02.2026\nКлиент: Олег Седов\nТелефон: 8 912 345-67-80\n\nПросит без сахара, для ребёнка.\n"


def test_a_journal_of_notes_is_a_note_an_entry() -> None:
    reader, raw = taken("заметки/февраль.txt", JOURNAL.encode())
    assert reader == "sales_notes"
    first, second = raw.documents
    assert (first.ref, second.ref) == ("заметки/февраль.txt#1", "заметки/февраль.txt#2")
    assert [note.utterances[0].text.split("\n")[-1] for note in raw.documents] == [
        "Хочет торт на юбилей, бюджет до пяти тысяч.",
        "Просит без сахара, для ребёнка.",
    ]
    assert [note.occurred_at.date() if note.occurred_at else None for note in raw.documents] == [
        date(2026, 2, 3),
        date(2026, 2, 4),
    ]
    assert second.contact.phones == ("8 912 345-67-80",)


@pytest.mark.parametrize("wrap", [docx_of, pdf_of, str.encode], ids=["docx", "pdf", "txt"])
def test_a_note_alone_in_a_file_is_one_note(wrap: object) -> None:
    data = wrap("Встреча с Анной: хочет торт на юбилей мамы, переживает за доставку.")  # type: ignore[operator]
    _, raw = taken("notes/anna.pdf", data)
    (note,) = raw.documents
    assert (note.ref, note.kind.value) == ("notes/anna.pdf", "note")


BROKEN = [
    pytest.param("personas/a.pdf", pdf_of(RU_PERSONA)[:600], "document_broken", id="pdf-cut-off"),
    pytest.param("personas/a.pdf", pdf_of("#rect()".replace("#", "")).replace(b"Tj", b"  ").replace(b"TJ", b"  "), None, id="pdf-as-it-is"),
    pytest.param("personas/a.docx", docx_of(RU_PERSONA)[:2000], "zip_broken", id="docx-cut-off"),
    pytest.param("a.csv", pdf_of(RU_PERSONA), "binary", id="pdf-named-csv"),
    pytest.param("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary", id="picture-named-txt"),
    pytest.param("a.rtf", b"{\\rtf1", "empty", id="rtf-without-text"),
    pytest.param("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "binary", id="old-word"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), BROKEN)
def test_a_damaged_or_mistaken_document_says_what_it_is(
    tmp_path: Path, name: str, data: bytes, code: str | None
) -> None:
    found = harvested(tmp_path, {name: data})
    assert len(found.files) == 1
    assert codes(found) == ({name: code} if code else {})


def test_a_workbook_with_one_cell_at_the_far_corner_is_refused_unread(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "ID сделки", "x"
    book.save(tmp_path / "far.xlsx")
    assert codes(harvest([tmp_path / "far.xlsx"], OPTIONS)) == {"far.xlsx": "sheet_vast"}


def test_a_document_in_an_archive_keeps_its_folder(tmp_path: Path) -> None:
    packed = archive(tmp_path / "all.zip", {"personas/owner.docx": docx_of(RU_PERSONA), "deals.ods": ods_of(DEALS)})
    found = harvest(
        [
            packed,
            workbook(tmp_path / "more.xlsx", {"Сделки": [["ID сделки", "Этап", "Сумма"], [18003, "Оплачено", 5]]}),
        ],
        OPTIONS,
    )
    assert [text.ref for text in found.texts] == ["personas/owner.docx"]
    assert {deal.ref for deal in found.deals} == {"deals.ods#18001", "deals.ods#18002", "more.xlsx#18003"}
