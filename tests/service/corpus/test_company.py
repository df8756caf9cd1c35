"""The company lists its own names and contacts; files taken in afterwards keep them readable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from service.cli import app
from service.core.settings import Settings
from service.store.db import open_store
from service.store.tables import UtteranceRow

CALL = "Менеджер: Добрый день, пекарня «Колос».\nКлиент: Вы на улице Баумана 58? Я живу на улице Баумана, дом 12.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_listed_contacts_stay_readable_and_a_customers_do_not(home: Path, tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "one.txt").write_text(CALL, encoding="utf-8")
    run("company", "Колос", "улица  Баумана, 58")
    assert json.loads(run("company", "--json")) == ["Колос", "улица Баумана, 58"]
    run("ingest", str(tmp_path / "calls"))
    store = open_store(Settings(home=home))
    with store.session() as session:
        texts = session.scalars(select(UtteranceRow.text).order_by(UtteranceRow.position)).all()
    store.close()
    assert texts[-1] == "Вы на улице Баумана 58? Я живу на [address]."


def test_entries_are_taken_out_and_unknown_ones_named(home: Path) -> None:
    run("company", "Колос", "Злак")
    assert json.loads(run("company", "--remove", "Злак", "--json")) == ["Колос"]
    unknown = CliRunner().invoke(app, ["company", "--remove", "Рожь"])
    empty = CliRunner().invoke(app, ["company", " "])
    assert unknown.exit_code != 0
    assert empty.exit_code != 0
