"""The calls that throughput is measured on, and the clock that splits it by stage."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from eval.bulk import made_calls, write_calls
from eval.formats import RoleCounts, by_format, show_formats
from eval.throughput import STAGES, MemoryWatch, Stopwatch
from ingest.model import Document, DocumentKind, IngestOptions
from ingest.pipeline import harvest


def test_no_made_call_comes_twice_and_each_is_recognised(tmp_path: Path) -> None:
    assert write_calls(tmp_path, made_calls(), count=60) == 60
    found = harvest([tmp_path], IngestOptions(salt=b"test"))
    assert not found.rejects
    assert len(found.documents) == 60
    assert not [d.ref for d in found.documents if {"duplicate", "near_duplicate"} & set(d.flags)]


def test_made_calls_are_the_same_every_time_and_of_every_shape() -> None:
    first, again = (list(islice(made_calls(), 40)) for _ in range(2))
    assert first == again
    assert {made.name.rpartition(".")[2] for made in first} == {"txt", "vtt", "srt", "json"}


def test_a_folder_is_filled_to_the_size_asked_for(tmp_path: Path) -> None:
    write_calls(tmp_path, made_calls(30), size=100_000)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.*") if path.is_file())
    assert 100_000 <= size < 150_000


def test_an_inner_stage_is_not_counted_twice() -> None:
    def busy() -> int:
        return sum(number * number for number in range(200_000))

    watch = Stopwatch()
    inner = watch.timed("mark", busy)
    whole = Stopwatch()
    whole.timed("redact", watch.timed("redact", lambda: (inner(), busy())))()
    assert sum(watch.seconds[stage] for stage in STAGES) == pytest.approx(whole.seconds["redact"], rel=0.3)


def test_memory_is_read_at_a_quarter_a_half_and_the_end() -> None:
    watch = MemoryWatch(files=10)
    for _ in range(10):
        watch.stored(1)
    assert [mark.share for mark in watch.marks] == [0.3, 0.5, 1.0]


def test_what_nobody_took_is_a_line_of_its_own() -> None:
    taken = Document("a.json", DocumentKind.CALL, "whisper", (), (), "ru", "")
    lines = by_format({"a.json": "C1", "b.json": "C2"}, [taken], [], {"json whisper": RoleCounts(9, 10, 9, 9)})
    assert [(line.name, line.recognised, line.documents) for line in lines] == [("json", 0, 1), ("json whisper", 1, 1)]
    assert "0.900 [0.596, 0.982] of 10" in show_formats(lines)
