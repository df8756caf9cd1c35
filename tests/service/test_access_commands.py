"""People, keys, companies, links and personas from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from company import company, finished_run

from service.cli import main
from service.core.settings import Settings
from service.store.db import Store, open_store

Run = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WHOBUYS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WHOBUYS_LANGUAGE", "en")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; its JSON with `--json`, else (exit code, what it printed)."""

    def make(*words: str) -> Any:
        code = main(list(words))
        said = capsys.readouterr()
        if "--json" in words and code == 0:
            return json.loads(said.out)
        return code, said.out + said.err

    return make


def test_people_are_invited_by_a_link_printed_once(run: Run) -> None:
    made = run("people", "add", "Anna@Polka.ru", "--role", "admin", "--json")
    assert made["email"] == "anna@polka.ru"
    assert made["link"].startswith("http://127.0.0.1:8765/join/")
    code, listed = run("people")
    assert code == 0 and "anna@polka.ru  admin  invited" in listed
    assert made["link"].rpartition("/")[2] not in listed
    assert run("people", "add", "anna", "--role", "admin")[0] == 2
    assert run("people", "add", "b@polka.ru", "--role", "king")[0] == 2
    assert run("people", "reset", "nobody@polka.ru")[0] == 2


def test_a_slip_in_a_company_s_name_makes_no_company(run: Run) -> None:
    run("people", "add", "a@polka.ru", "--role", "admin", "--json")
    for words in (("people", "add", "b@polka.ru", "--role", "owner"), ("key", "create", "--role", "sales")):
        code, said = run(*words, "--workspace", "polkka")
        assert code == 2
        assert "whobuys workspace create polkka" in said
    assert "polkka" not in run("workspace")[1]


def test_links_begin_with_the_public_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOBUYS_PUBLIC_URL", "https://who.example/")
    link = run("people", "add", "a@polka.ru", "--role", "owner", "--json")["link"]
    assert link.startswith("https://who.example/join/")


def test_keys_are_listed_and_revoked_without_being_shown(run: Run) -> None:
    key = run("key", "create", "--role", "sales", "--label", "CRM", "--days", "30", "--json")["key"]
    [line] = run("key", "list", "--json")
    assert (line["label"], line["live"], line["made_by"]) == ("CRM", True, "command line")
    assert key not in str(line)
    assert run("key", "revoke", line["id"])[0] == 0
    assert "revoked" in run("key", "list")[1]
    assert run("key", "revoke", "k-none")[0] == 2


def test_companies_are_made_tuned_and_deleted(run: Run) -> None:
    run("workspace", "create", "acme", "--title", "Acme Ltd")
    assert run("workspace", "create", "acme")[0] == 2
    assert run("workspace", "set", "acme", "currency=EUR", "sealed_personas=yes", "--json")["changed"] == [
        "currency", "sealed_personas",
    ]  # fmt: skip
    assert run("workspace", "set", "acme", "colour=red")[0] == 2
    [about] = run("workspace", "--json")
    assert (about["title"], about["chosen"]["currency"]) == ("Acme Ltd", "EUR")
    assert run("workspace", "delete", "acme", "--confirm", "acm")[0] == 2
    assert run("workspace", "delete", "acme", "--confirm", "acme")[0] == 0
    assert run("workspace", "--json") == []


def test_a_persona_is_written_read_and_told_apart(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "text.md"
    file.write_text("Parents buy most. Every second one haggles.", encoding="utf-8")
    assert run("persona", "set", "sales", str(file), "--json") == {"stakeholder": "sales", "version": 1, "new": True}
    file.write_text("Parents buy most. Every third one haggles.", encoding="utf-8")
    assert run("persona", "set", "sales", str(file), "--version", "0")[0] == 2, "somebody else was faster"
    run("persona", "set", "sales", str(file), "--version", "1")
    assert run("persona", "show", "sales")[1].strip() == "Parents buy most. Every third one haggles."
    assert "second" in run("persona", "show", "sales", "--version", "1")[1]
    history = run("persona", "history", "sales")[1]
    assert "- second" in history and "+ third" in history and "command line" in history
    assert run("persona", "show", "owner") == (0, "This persona is not handed in yet.\n")
    assert run("persona", "show", "nobody")[0] == 2
    file.write_bytes(b"\xff\xfe\x00")
    assert run("persona", "set", "sales", str(file))[0] == 2


def test_a_link_to_the_brief_and_the_log(run: Run, settings: Settings) -> None:
    assert run("share", "create")[0] == 2, "there is no brief yet"
    store: Store = open_store(settings)
    finished_run(store, settings, company("en"))
    store.close()
    link = run("share", "create", "--label", "the bank", "--days", "3", "--json")["link"]
    [line] = run("share", "list", "--json")
    assert (line["label"], line["live"]) == ("the bank", True)
    assert link.rpartition("/")[2] not in str(line)
    run("share", "revoke", line["id"])
    found = [entry["what"] for entry in run("audit", "--json")]
    assert found[:2] == ["link to the brief taken back", "link to the brief made"]
    assert run("audit", "--what", "no such thing") == (0, "There are no changes.\n")
    assert run("audit", "--since", "tomorrow")[0] == 2
