"""What every command needs: settings, the store, the workspace, a language, and where to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.core.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console as Screen

    from service.core.numbers import Formatter
    from service.core.settings import Settings
    from service.store.db import Store

Language = Literal["ru", "en"]


@dataclass
class Wanted:
    """Options given before the command's name; the same options after it win."""

    workspace: str | None = None
    as_json: bool = False
    language: Language | None = None
    """Of the company, once a command has opened its store: errors are said in it."""


wanted = Wanted()

WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", "-w", metavar="NAME", help="Which company's data.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.", show_default=False)]


@dataclass(frozen=True)
class Desk:
    """One command at work."""

    settings: Settings
    store: Store
    workspace: str
    as_json: bool
    language: Language

    def say(self, key: str, **values: object) -> None:
        """Print a sentence of `service/commands/words`; silent with --json."""
        if not self.as_json:
            print(self.words(key, **values))

    def words(self, key: str, **values: object) -> str:
        """The sentence in the language of the company's data."""
        from service.commands.words import say

        return say(key, self.language, **values)

    def formatter(self, currency: str = "RUB") -> Formatter:
        """What writes figures here: the one of the pages and the documents."""
        from service.core.numbers import Formatter

        return Formatter(self.language, currency)

    def answer(self, value: object) -> None:
        """Print a result as JSON."""
        print(json.dumps(value, ensure_ascii=False, indent=2))

    def screen(self, *, stderr: bool = False) -> Screen:
        """A rich console."""
        from rich.console import Console as Screen

        return Screen(stderr=stderr, highlight=False)


@contextmanager
def desk(workspace: str | None = None, as_json: bool = False) -> Iterator[Desk]:
    """Open the store for one command."""
    from service.core.settings import load_settings
    from service.store.db import open_store

    settings = load_settings()
    store = open_store(settings)
    name = workspace or wanted.workspace or settings.workspace
    try:
        wanted.language = language_of(settings, store, name)
        yield Desk(settings, store, name, as_json or wanted.as_json, wanted.language)
    finally:
        store.close()


def language_of(settings: Settings, store: Store, workspace: str) -> Language:
    """The setting, else what the last upload or run said of the company, else the console's language."""
    from service.store.runs import spoken_language
    from service.store.workspaces import tuned

    with store.session() as session:
        found = tuned(session, workspace, settings).language or spoken_language(session, workspace)
    return found or console_language()


def console_language() -> Language:
    """Russian when the person's system speaks it."""
    import locale

    name = locale.setlocale(locale.LC_CTYPE, None) or ""
    return "ru" if name.lower().startswith(("ru", "russian")) else "en"


def write_out(data: str | bytes, output: Path | None) -> None:
    """To the file named by -o, else to standard output."""
    if output is not None and output.is_dir():
        raise BadInput(f"{str(output)!r} is a folder; name a file.", ru=f"{str(output)!r} — папка; назовите файл.")
    raw = data.encode() if isinstance(data, str) else data
    if output is not None:
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_bytes(raw)
        except OSError as error:
            raise BadInput(
                f"{str(output)!r} cannot be written: {error.strerror}.",
                ru=f"В {str(output)!r} записать нельзя: {error.strerror}.",
            ) from error
        return
    text = not raw.startswith((b"%PDF", b"PK"))
    sys.stdout.flush()
    sys.stdout.buffer.write(raw if not text or raw.endswith(b"\n") else raw + b"\n")
    sys.stdout.buffer.flush()
