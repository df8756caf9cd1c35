"""Files made to break a reader, or broken by accident: each is said, the rest goes on, and nothing grows without end."""
# ruff: noqa: E501  (files are easier to compare unwrapped)

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from exports import OPTIONS, archive, as_json, codes, folder, harvested, table

from ingest.archives import MAX_ENTRIES
from ingest.model import Harvest
from ingest.pipeline import harvest
from ingest.readers.sheet import MAX_ROWS, sheets_of
from ingest.readers.source import Source

CALL = "Менеджер: Добрый день, чем могу помочь?\nКлиент: Хочу узнать, сколько стоит торт на юбилей\n"
GOOD = {"calls/20250302_1000_+79123456789.txt": CALL}


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return held.getvalue()


def only_the_good_one(found: Harvest) -> bool:
    return [document.ref.endswith("+79123456789.txt") for document in found.documents] == [True]


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    root = folder(tmp_path, GOOD)
    with (root / "huge.csv").open("wb") as made:
        made.truncate(2 * 1024**3)
    found = harvest([root], OPTIONS)
    assert codes(found) == {"huge.csv": "too_large"}
    assert only_the_good_one(found)


def test_a_list_of_too_many_files_is_refused_whole(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as box:
        for number in range(MAX_ENTRIES + 1):
            box.writestr(f"{number}", "")
    found = harvested(tmp_path, {**GOOD, "many.zip": held.getvalue()})
    assert codes(found) == {"many.zip": "zip_bomb"}
    assert only_the_good_one(found)


def test_archives_in_an_archive_share_one_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.archives.Budget.__init__.__defaults__", (10, 1_000_000))
    inner = {f"{n}.zip": zipped({f"{m}.txt": CALL for m in range(4)}) for n in range(4)}
    found = harvested(tmp_path, {"deep.zip": zipped(dict(inner))})
    assert len(found.documents) == 4
    assert set(codes(found).values()) == {"zip_bomb"}
    assert len(codes(found)) == 3


def test_an_entry_under_a_password_or_a_link_is_left_and_its_neighbours_read(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("out.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        box.writestr(link, "/etc/passwd")
        box.writestr("secret.txt", CALL)
        box.writestr("calls/20250302_1000_+79123456789.txt", CALL)
    data = bytearray(held.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            if b"secret.txt" in data[start : start + 70]:
                data[start + offset] |= 1
    (tmp_path / "box.zip").write_bytes(bytes(data))
    found = harvest([tmp_path / "box.zip"], OPTIONS)
    assert codes(found) == {"out.txt": "link_outside", "secret.txt": "zip_encrypted"}
    assert only_the_good_one(found)


def test_pipes_devices_and_links_to_themselves_are_not_waited_for(tmp_path: Path) -> None:
    root = folder(tmp_path / "in", GOOD)
    os.mkfifo(root / "pipe.csv")
    (root / "self.txt").symlink_to(root / "self.txt")
    (root / "round").symlink_to(root)
    found = harvest([root, Path("/dev/zero")], OPTIONS)
    assert codes(found) == {
        "pipe.csv": "not_a_file",
        "self.txt": "link_outside",
        "round": "link_outside",
        "zero": "not_a_file",
    }
    assert only_the_good_one(found)


def test_a_file_that_grows_while_it_is_read_is_left_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder(tmp_path, GOOD)
    growing = root / "growing.txt"
    growing.write_text(CALL, encoding="utf-8")
    look = os.fstat

    def grow_and_look(number: int) -> os.stat_result:
        if os.path.samestat(look(number), growing.stat()):
            with growing.open("ab") as more:
                more.write(b"x")
        return look(number)

    monkeypatch.setattr("ingest.walk.os.fstat", grow_and_look)
    found = harvest([root], OPTIONS)
    assert codes(found) == {"growing.txt": "changing"}
    assert only_the_good_one(found)


def test_an_empty_folder_and_an_empty_archive_say_so(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    packed = archive(tmp_path / "empty.zip", {})
    assert codes(harvest([tmp_path / "nothing", packed], OPTIONS)) == {
        "nothing": "folder_empty",
        "empty.zip": "folder_empty",
    }


def test_a_table_past_the_row_limit_says_where_it_stopped() -> None:
    (sheet,) = sheets_of(Source("big.csv", b"a;b\n" + b"1;2\n" * (MAX_ROWS + 5)))
    assert len(sheet.rows) == MAX_ROWS
    assert [(code, place) for code, place, _ in sheet.rejects] == [("too_many_rows", f"big.csv:{MAX_ROWS + 1}")]


@pytest.mark.parametrize(
    "line",
    [b"x" * 9_000_000, b'"' + b"y;" * 4_500_000, b"a;" * 4_500_000],
    ids=["one-word", "open-quote", "columns-without-end"],
)
def test_a_line_of_many_megabytes_is_refused_and_the_rest_goes_on(tmp_path: Path, line: bytes) -> None:
    found = harvested(tmp_path, {**GOOD, "line.csv": line})
    assert set(codes(found)) <= {"line.csv", "line.csv:1"}
    assert codes(found)
    assert only_the_good_one(found)


def test_two_encodings_in_one_file_are_both_read_and_named(tmp_path: Path) -> None:
    rows = [
        "ID примечания;Контакт;Текст примечания",
        "40001;Анна;просит рассрочку на полгода",
        "40002;Олег;хочет торт без сахара",
        "40003;Инна;уточняет доставку",
    ]
    data = "\n".join(rows[:3]).encode() + b"\n" + rows[3].encode("cp1251") + b"\n"
    found = harvested(tmp_path, {"notes.csv": data})
    assert [document.utterances[0].text for document in found.documents] == [
        "просит рассрочку на полгода",
        "хочет торт без сахара",
        "уточняет доставку",
    ]
    assert codes(found) == {"notes.csv:4": "mixed_encodings"}


def test_zero_bytes_in_a_table_are_taken_out(tmp_path: Path) -> None:
    content = table(
        [
            ["ID примечания", "Контакт", "Текст примечания"],
            *([f"4000{n}", "Анна", "просит рассрочку на полгода и скидку"] for n in range(9)),
        ],
        ";",
    )
    found = harvested(tmp_path, {"notes.csv": content.replace("рассрочку", "рас\x00срочку", 2)})
    assert {document.utterances[0].text for document in found.documents} == {"просит рассрочку на полгода и скидку"}


SEGMENTS = as_json(
    {
        "language": "ru",
        "segments": [
            {"start": n, "end": n + 1, "speaker": f"SPEAKER_0{n % 2}", "text": f"реплика номер {n} о торте"}
            for n in range(6)
        ],
    }
)
DEALS = as_json(
    [{"id": 18001 + n, "stage": "Оплачено", "amount": 900 + n, "phone": f"+7912345678{n}"} for n in range(4)]
)
CUT = [
    pytest.param("calls/a.json", SEGMENTS[: SEGMENTS.index("номер 4")], 4, "calls/a.json:1", id="speech-in-the-middle-of-a-turn"),
    pytest.param("calls/a.json", SEGMENTS[:-1], 6, "calls/a.json:1", id="speech-without-its-last-bracket"),
    pytest.param("calls/a.json", SEGMENTS.replace("реплика номер 3", 'реплика "номер 3'), 3, "calls/a.json:1", id="a-stray-quote"),
    pytest.param("calls/a.jsonl", "\n".join(as_json({"start": n, "speaker": "AB"[n % 2], "text": f"реплика {n}"}) for n in range(5)) + '\n{"start": 5, "spea', 5, "calls/a.jsonl:6", id="lines"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "whole", "place"), CUT)
def test_json_that_breaks_off_gives_what_is_whole_and_says_where(
    tmp_path: Path, name: str, content: str, whole: int, place: str
) -> None:
    found = harvested(tmp_path, {name: content})
    assert [len(document.utterances) for document in found.documents] == [whole]
    assert codes(found) == {place: "json_cut"}


def test_a_cut_list_of_deals_keeps_only_whole_ones(tmp_path: Path) -> None:
    found = harvested(tmp_path, {"deals.json": DEALS[: DEALS.index("902")]})
    assert [deal.ref for deal in found.deals] == ["deals.json#18001", "deals.json#18002"]
    assert "json_cut" in codes(found).values()


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b'{"segments":[' * 5_000 + b"1"], ids=["lists", "objects", "mixed"]
)
def test_json_nested_without_end_is_refused(tmp_path: Path, data: bytes) -> None:
    assert set(codes(harvested(tmp_path, {"deep.json": data})).values()) <= {"json_deep", "json_broken"}


def test_names_in_any_script_stay_and_signs_without_a_glyph_go(tmp_path: Path) -> None:
    found = harvested(
        tmp_path,
        {"calls/شركة🎂\u202eexe.txt": CALL, f"calls/{'очень длинное имя ' * 6}.txt": CALL.replace("юбилей", "свадьбу")},
    )
    assert sorted(file.path for file in found.files)[-1] == "calls/شركة🎂exe.txt"
    assert len(found.documents) == 2


def test_a_name_of_hundreds_of_letters_in_an_archive_is_cut_and_stays_unique(tmp_path: Path) -> None:
    long = "а" * 3000
    found = harvest(
        [archive(tmp_path / "x.zip", {f"{long}1.txt": CALL, f"{long}2.txt": CALL.replace("юбилей", "свадьбу")})],
        OPTIONS,
    )
    assert len({file.path for file in found.files}) == 2
    assert all(len(file.path) < 200 and file.path.endswith(".txt") for file in found.files)
    assert len(found.documents) == 2


def test_many_entries_of_one_name_are_all_kept_apart(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        for number in range(50):
            box.writestr("a.txt", CALL.replace("юбилей", f"юбилей номер {number}"))
    (tmp_path / "x.zip").write_bytes(held.getvalue())
    found = harvest([tmp_path / "x.zip"], OPTIONS)
    assert len({file.path for file in found.files}) == len(found.documents) == 50


def test_the_same_broken_upload_twice_changes_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        **GOOD,
        "a.json": SEGMENTS[:200],
        "b.csv": b"%PDF-1.7",
        "c.zip": zipped({"x.txt": CALL})[:80],
        "d.txt": b"",
    }
    assert harvested(tmp_path, files) == harvested(tmp_path, files)
