"""Personal data of an upload is nowhere afterwards: not in the home's bytes, the exports, the briefs, the logs."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from planted_files import COMPANIES, Planted, write
from sqlalchemy import select

from service.core.clock import now
from service.core.progress import silent
from service.core.records import to_json
from service.core.settings import Settings
from service.corpus.step import ingest_paths
from service.export import COLUMNS, export_table
from service.flow import STAGES
from service.store.db import Store, open_store
from service.store.tables import DocumentRow, RunRow, UtteranceRow

REGIONS = {"ru": "RU", "en": "US"}
SHORT = 6
"""Characters under which a secret may be part of a hash."""


@pytest.fixture(params=sorted(COMPANIES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def planted(language: str) -> Planted:
    return COMPANIES[language]


@pytest.fixture
def settings(language: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", region=REGIONS[language], _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


def bytes_of(home: Path) -> str:
    """Everything under the home, UTF-8 and UTF-16 and JSON's escapes alike, as one text."""
    raw = b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())
    return raw.decode(errors="ignore") + raw.decode("utf-16-le", errors="ignore")


def readable(secrets: tuple[str, ...], text: str) -> list[str]:
    """The secrets that can be read in a text, as they are or as JSON writes them.

    Four digits turn up in any long hash by chance: so short a secret counts where it stands alone.
    """
    escaped = [secret.encode("unicode_escape").decode() for secret in secrets]
    return [one for one, other in zip(secrets, escaped, strict=True) if _stands(one, text) or _stands(other, text)]


def _stands(secret: str, text: str) -> bool:
    if len(secret) >= SHORT:
        return secret in text
    return re.search(rf"(?<![\w.]){re.escape(secret)}(?!\w)", text) is not None


def test_the_files_hold_at_least_sixty_secrets_each(planted: Planted, tmp_path: Path) -> None:
    write(planted, tmp_path / "files")
    assert len(set(planted.secrets)) >= 60
    assert len(readable(planted.secrets, bytes_of(tmp_path / "files"))) >= 50  # some are another spelling's digits


def test_nothing_personal_is_kept_of_an_upload(
    planted: Planted, store: Store, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = ingest_paths(store, settings, "w", [write(planted, tmp_path / "files")])
    with store.session() as session:
        texts = "\n".join(session.scalars(select(UtteranceRow.text)))
        refs = session.scalars(select(DocumentRow.ref)).all()
    store.close()
    shutil.rmtree(tmp_path / "files")
    assert readable(planted.secrets, bytes_of(settings.home)) == []
    assert readable(planted.secrets, f"{to_json(receipt)} {caplog.text}") == []
    assert [word for word in planted.kept if word not in texts and word not in bytes_of(settings.home)] == []
    assert len(refs) >= 9
    assert receipt.rejects == ()


@pytest.mark.slow
def test_nothing_personal_comes_out_of_an_analysis(
    language: str,
    planted: Planted,
    store: Store,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    ingest_paths(store, settings, "w", [write(planted, tmp_path / "files")])
    with store.session(write=True) as session:
        run = {"input_hash": "i", "result_hash": "h", "manifest": {"language": language}, "created_at": now()}
        session.add(RunRow(workspace_id="w", id="r", number=1, status="done", **run))
    for stage in STAGES:
        import_module(f"service.{stage}.step").run(store, settings, "w", "r", silent)
    exports = "\n".join(
        export_table(store, settings, "w", table, kind) for table in COLUMNS for kind in ("csv", "json")
    )
    store.close()
    assert settings.index_path.exists()
    assert readable(planted.secrets, bytes_of(settings.home)) == []
    assert readable(planted.secrets, f"{exports} {caplog.text}") == []
