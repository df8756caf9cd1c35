"""Personas written by hand: read as an uploaded file would be, so that nothing is kept that redaction would hide."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.model import Stakeholder, StakeholderText, TextKind
from service.core.errors import BadInput, Conflict, NotFound
from service.core.settings import Settings
from service.corpus.repository.written import add_version, next_version, persona_versions
from service.corpus.step import options_for
from service.corpus.written import LONGEST, STAKEHOLDERS, Own, own_persona
from service.store.audit import note
from service.store.db import Store, ensure_workspace


class Overtaken(Conflict):
    """Somebody saved another version meanwhile. `own` is the persona as it stands, `text` what was to be saved."""

    code = "overtaken"

    def __init__(self, own: Own, text: str) -> None:
        super().__init__(
            f"Version {own.version} was saved meanwhile. Look at both texts and save again.",
            ru=f"Тем временем сохранили версию {own.version}. Сверьте оба текста и сохраните ещё раз.",
        )
        self.own, self.text = own, text


def read_persona(store: Store, workspace: str, stakeholder: str) -> Own:
    """A stakeholder's persona with its versions. NotFound for a name that is no stakeholder's."""
    _require_stakeholder(stakeholder)
    with store.session() as session:
        return own_persona(persona_versions(session, workspace), stakeholder)


def read_all_personas(store: Store, workspace: str) -> list[Own]:
    """All three, handed in or not."""
    with store.session() as session:
        versions = persona_versions(session, workspace)
    return [own_persona(versions, stakeholder) for stakeholder in STAKEHOLDERS]


def write_persona(
    store: Store, settings: Settings, workspace: str, stakeholder: str, text: str, base: int | None, who: str
) -> Own:
    """Keep a text as the next version of a persona, or nothing when it is the same; returns the persona as it stands.

    `base`: the version the writer began from (0: none), None to write over whatever there is. Raises Overtaken when
    another one is there by now, BadInput for an empty or too long text.
    """
    _require_stakeholder(stakeholder)
    if len(text) > LONGEST:
        raise BadInput(
            f"A persona has at most {LONGEST} letters; this one has {len(text)}.",
            ru=f"В портрете не больше {LONGEST} знаков, здесь {len(text)}.",
        )
    with store.session(write=True) as session:
        ensure_workspace(session, workspace)
    read = _as_read(store, settings, workspace, stakeholder, text)
    with store.session(write=True) as session:
        own = own_persona(persona_versions(session, workspace), stakeholder)
        if base is not None and base != own.version:
            raise Overtaken(own, text)
        if read.text == own.text:
            return own
        version = next_version(session, workspace, own.ref)
        kept = replace(read, ref=own.ref, stakeholder=Stakeholder(stakeholder), kind=TextKind.PERSONA)
        add_version(session, workspace, kept, version, who)
        note(session, workspace, who, "persona written", stakeholder=stakeholder, version=version)
        return own_persona(persona_versions(session, workspace), stakeholder)


def _as_read(store: Store, settings: Settings, workspace: str, stakeholder: str, text: str) -> StakeholderText:
    """The text as an upload of `personas/<stakeholder>.md` would leave it: redacted, named, its language known."""
    from ingest.pipeline import harvest

    scratch = settings.home / "incoming"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        file = Path(name) / "personas" / f"{stakeholder}.md"
        file.parent.mkdir()
        file.write_text(text.replace("\r\n", "\n"), encoding="utf-8", errors="replace")
        found = harvest([Path(name)], replace(options_for(store, settings, workspace, "persona"), seen={}))
    if not found.texts:
        raise BadInput("There is nothing to read in this text.", ru="В этом тексте нечего читать.")
    return found.texts[0]


def _require_stakeholder(stakeholder: str) -> None:
    if stakeholder not in STAKEHOLDERS:
        names = ", ".join(STAKEHOLDERS)
        raise NotFound(f"There is no stakeholder {stakeholder!r}; there are {names}.", ru=f"Есть {names}.")
