"""`whobuys search` finds what customers said, by meaning, in the real index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.cli import main
from service.core.settings import load_settings
from service.embedding.step import rebuild
from service.store.db import open_store

CALL = "Менеджер: Добрый день, чем могу помочь?\nКлиент: {said}\nМенеджер: Понятно, записала вас.\n"


def test_search_finds_the_nearest_words_of_a_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    calls = tmp_path / "files" / "calls"
    calls.mkdir(parents=True)
    said = ("Где у вас можно поставить машину на весь день?", "Ребёнку пять лет, кто с ним будет сидеть?")
    for number, text in enumerate(said):
        (calls / f"2025-01-0{number + 1}_7945000000{number}.txt").write_text(CALL.format(said=text), encoding="utf-8")
    assert main(["ingest", str(tmp_path / "files")]) == 0
    settings = load_settings()
    store = open_store(settings)
    assert rebuild(store, settings, settings.workspace) == 2
    store.close()
    capsys.readouterr()
    assert main(["search", "парковка", "--most", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["text"] for row in found] == [said[0]]
