"""`whobuys claims`: the cards, a person's corrections of them, their log, and the cases they make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk, write_out
from service.core.errors import BadInput

if TYPE_CHECKING:
    from service.confirming import Confirmer
    from service.personas.repository import CardEdit

WHO = "command line"
"""Who a correction is put down to in the log."""
SHOWN = 40
"""Lines of the log printed at most; JSON has them all."""


def claims(workspace: str | None, as_json: bool) -> None:
    """The claim cards of the latest run."""
    from service.comparison.repository import load_comparison
    from service.core.records import to_json
    from service.personas.repository import load_proposals
    from service.store.runs import latest_done

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            run = latest_done(session, at.workspace)
            comparison = load_comparison(session, at.workspace, run.id)
            proposed = load_proposals(session, at.workspace, run.id)
        if at.as_json:
            told = {claim: [to_json(atom) for atom in atoms] for claim, atoms in sorted(proposed.items())}
            at.answer(
                {
                    "claims": [to_json(judged) for judged in comparison.claims],
                    "aliases": [to_json(alias) for alias in comparison.aliases],
                    **({"proposals": told} if told else {}),
                }
            )
            return
        for judged in comparison.claims:
            who = at.words(f"stakeholder.{judged.claim.stakeholder.value}")
            verdict = at.words(f"summary.{judged.verdict.value}")
            read = at.words("claims.confirmed" if judged.claim.confirmed else "claims.machine")
            print(f"{judged.claim.id}  {who} · {verdict} · {read}\n    {judged.claim.quote}")


def confirm(file: Path, workspace: str | None, as_json: bool) -> None:
    """Keep corrected readings and aliases; verdicts and briefs follow at once."""
    cards = _cards(file)
    with desk(workspace, as_json) as at:
        kept = _confirmer(at).file(cards)
        if at.as_json:
            at.answer({"claims": kept.claims, "aliases": kept.aliases, "changed": kept.changed})
        at.say("claims.kept", claims=kept.claims, aliases=kept.aliases, changed=kept.changed)


def log(workspace: str | None, as_json: bool) -> None:
    """Print who corrected what, newest first."""
    from service.core.records import to_json
    from service.personas.repository import card_edits

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            edits = card_edits(session, at.workspace)
        if at.as_json:
            at.answer([to_json(edit) for edit in edits])
            return
        if not edits:
            at.say("claims.log_empty")
        for edit in edits[:SHOWN]:
            _print(at, edit)


def undo(edit: str, workspace: str | None, as_json: bool) -> None:
    """Take a correction back."""
    from service.core.records import to_json

    with desk(workspace, as_json) as at:
        made = _confirmer(at).undo(edit)
        if at.as_json:
            at.answer(to_json(made))
            return
        at.say("claims.undone")
        _print(at, made)


def cases(output: Path | None, workspace: str | None) -> None:
    """Write the confirmed cards as cases that measure reading."""
    from service.confirming import confirmed_cases

    with desk(workspace) as at:
        with at.store.session() as session:
            found = confirmed_cases(session, at.settings, at.workspace)
        if not found["cases"] and not found["nothing"]:
            raise BadInput(
                "No card is confirmed yet: confirm some on the page /claims or by `whobuys claims confirm FILE`.",
                ru="Подтверждённых карточек ещё нет: подтвердите их на странице /claims или командой "
                "`whobuys claims confirm ФАЙЛ`.",
            )
        write_out(json.dumps(found, ensure_ascii=False, indent=1) + "\n", output)


def _confirmer(at: Desk) -> Confirmer:
    from service.confirming import Confirmer

    return Confirmer(at.store, at.settings, at.workspace, WHO)


def _print(at: Desk, edit: CardEdit) -> None:
    what = "claims.undo" if edit.undoes else "claims.forgot" if edit.now is None else f"claims.{edit.kind}"
    print(f"{edit.id}  {edit.at:%Y-%m-%d %H:%M}  {edit.who}  {at.words(what)}: {edit.words}")


def _cards(file: Path) -> dict[str, Any]:
    try:
        cards = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {str(file)!r}.", ru=f"Нет файла {str(file)!r}.") from error
    except OSError as error:
        raise BadInput(
            f"{str(file)!r} cannot be read: {error.strerror}.", ru=f"{str(file)!r} не читается: {error.strerror}."
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{str(file)!r} is not JSON: {error}.", ru=f"{str(file)!r} — не JSON: {error}.") from error
    if not isinstance(cards, dict) or not {"claims", "aliases"} & set(cards):
        raise BadInput(
            f"{str(file)!r} holds neither `claims` nor `aliases`; start from `whobuys claims --json`.",
            ru=f"В {str(file)!r} нет ни `claims`, ни `aliases`; возьмите за основу `whobuys claims --json`.",
        )
    return cards
