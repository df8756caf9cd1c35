"""`whobuys persona …`."""

from __future__ import annotations

import sys
from pathlib import Path

from service.commands.console import Desk, desk
from service.core.errors import BadInput, NotFound


def show(who: str, version: int | None, workspace: str | None, as_json: bool) -> None:
    """A stakeholder's persona as it stands, or an earlier version."""
    from service.corpus.written_step import read_persona

    with desk(workspace, as_json) as at:
        own = read_persona(at.store, at.workspace, who)
        shown = next((one for one in own.versions if one.version == version), None) if version else own.now
        if version and shown is None:
            raise NotFound(f"There is no version {version}.", ru=f"Версии {version} нет.")
        if at.as_json:
            number, text = (shown.version, shown.text) if shown else (0, "")
            at.answer({"stakeholder": who, "version": number, "text": text})
            return
        if shown is None:
            at.say("persona.missing")
            return
        print(shown.text)


def write(who: str, file: Path, version: int | None, workspace: str | None, as_json: bool) -> None:
    """Save the next version."""
    from service.corpus.written_step import read_persona, write_persona
    from service.store.audit import COMMAND_LINE

    text = _text_of(file)
    with desk(workspace, as_json) as at:
        before = read_persona(at.store, at.workspace, who).version
        own = write_persona(at.store, at.settings, at.workspace, who, text, version, COMMAND_LINE)
        if at.as_json:
            at.answer({"stakeholder": who, "version": own.version, "new": own.version != before})
        at.say("persona.same" if own.version == before else "persona.saved", version=own.version)


def history(who: str, workspace: str | None, as_json: bool) -> None:
    """Every version, the newest first, with what changed."""
    from service.corpus.written import difference
    from service.corpus.written_step import read_persona

    with desk(workspace, as_json) as at:
        own = read_persona(at.store, at.workspace, who)
        if at.as_json:
            at.answer(
                [
                    {"version": one.version, "at": one.at.isoformat(), "who": one.who, "text": one.text}
                    for one in reversed(own.versions)
                ]
            )
            return
        if not own.versions:
            at.say("persona.missing")
        names = _names(at)
        for before, one in reversed(list(zip((None, *own.versions), own.versions, strict=False))):
            said = names.get(one.who, one.who) or at.words("persona.file")
            at.say("persona.version", version=one.version, at=f"{one.at:%Y-%m-%d %H:%M}", who=said)
            for piece in difference(before.text, one.text) if before else ():
                if piece.kind != "same" and piece.text.strip():
                    print(f"  {'+' if piece.kind == 'added' else '-'} {' '.join(piece.text.split())}")


def _names(at: Desk) -> dict[str, str]:
    from service.store.audit import names_of

    with at.store.session() as session:
        return names_of(session, at.workspace)


def _text_of(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{str(file)!r} cannot be read.", ru=f"{str(file)!r} не читается.") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{str(file)!r} is no UTF-8 text; `whobuys ingest` reads documents of other kinds.",
            ru=f"{str(file)!r} — не текст UTF-8; документы других видов читает `whobuys ingest`.",
        ) from error
