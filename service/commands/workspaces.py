"""`whobuys workspace …`, `whobuys share …` and `whobuys audit`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from service.commands.console import desk
from service.commands.people import base_of, day
from service.core.errors import BadInput


def workspaces(as_json: bool) -> None:
    """All companies with their settings."""
    from service.core.records import to_json
    from service.store.workspaces import list_workspaces

    with desk(None, as_json) as at:
        with at.store.session() as session:
            found = list_workspaces(session)
        if at.as_json:
            at.answer([to_json(one) for one in found])
            return
        if not found:
            at.say("workspace.none")
        for one in found:
            chosen = " ".join(f"{name}={value}" for name, value in one.chosen.items() if value)
            print(f"{one.id}  {one.title if one.title != one.id else ''}  {chosen}".rstrip())


def create(name: str, title: str, as_json: bool) -> None:
    """Make a company."""
    from service.store.audit import COMMAND_LINE
    from service.store.workspaces import make_workspace

    with desk(name, as_json) as at:
        with at.store.session(write=True) as session:
            make_workspace(session, name, title, COMMAND_LINE)
        if at.as_json:
            at.answer({"workspace": name})
        at.say("workspace.made", id=name)


def change(name: str, settings: Sequence[str], as_json: bool) -> None:
    """Name or tune a company."""
    from service.store.audit import COMMAND_LINE
    from service.store.workspaces import change_workspace

    wanted = {}
    for one in settings:
        key, sign, value = one.partition("=")
        if not sign:
            raise BadInput(f"Write {one!r} as NAME=VALUE.", ru=f"Напишите {one!r} как ИМЯ=ЗНАЧЕНИЕ.")
        wanted[key.strip()] = value
    with desk(name, as_json) as at:
        with at.store.session(write=True) as session:
            changed = change_workspace(session, name, wanted, COMMAND_LINE)
        if at.as_json:
            at.answer({"workspace": name, "changed": changed})
        at.say("workspace.changed" if changed else "workspace.same", names=", ".join(changed))


def delete(name: str, confirm: str, as_json: bool) -> None:
    """Delete a company with everything it holds."""
    from service.closing import delete_company

    with desk(name, as_json) as at:
        delete_company(at.store, at.settings, name, confirm)
        if at.as_json:
            at.answer({"deleted": name})
        at.say("workspace.deleted", id=name)


def create_share(label: str, days: int, lang: str | None, workspace: str | None, as_json: bool) -> None:
    """Print a link to the latest comparison brief."""
    from datetime import timedelta

    from service.briefs.repository import load_brief
    from service.core.clock import now
    from service.store.audit import COMMAND_LINE
    from service.store.runs import latest_done
    from service.store.shares import make_share

    with desk(workspace, as_json) as at:
        language = lang or at.language
        with at.store.session(write=True) as session:
            run = latest_done(session, at.workspace)
            load_brief(session, at.workspace, run.id, "comparison", None, language)
            token = make_share(session, at.workspace, run.id, language, who=COMMAND_LINE, days=days, label=label)
        link, until = f"{base_of(at.settings)}/share/{token}", now() + timedelta(days=days)
        if at.as_json:
            at.answer({"link": link, "until": until.isoformat()})
            return
        at.say("share.made", until=day(until))
        print(link)


def list_shares(workspace: str | None, as_json: bool) -> None:
    """All links."""
    from service.core.records import to_json
    from service.store.shares import list_shares as all_shares

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            shares = all_shares(session, at.workspace)
        if at.as_json:
            at.answer([{**to_json(one), "live": one.live} for one in shares])
            return
        if not shares:
            at.say("share.none")
        for one in shares:
            state = at.words(f"key.state.{'live' if one.live else 'revoked' if one.revoked_at else 'over'}")
            until, opened = day(one.ends_at), day(one.opened_at)
            at.say("share.line", id=one.id, state=state, until=until, opened=opened, label=one.label)


def revoke_share(share: str, workspace: str | None, as_json: bool) -> None:
    """Take a link back."""
    from service.store.audit import COMMAND_LINE
    from service.store.shares import revoke_share as take_back

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            take_back(session, at.workspace, share, COMMAND_LINE)
        if at.as_json:
            at.answer({"revoked": share})
        at.say("share.revoked", id=share)


def audit(who: str, what: str, since: str, most: int, workspace: str | None, as_json: bool) -> None:
    """Who changed what, the latest first."""
    from service.core.records import to_json
    from service.store.audit import Wanted, names_of, read_audit

    try:
        start = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None
    except ValueError as error:
        raise BadInput(f"{since!r} is no day; write it as 2026-11-24.", ru=f"{since!r} — не дата.") from error
    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            lines = read_audit(session, at.workspace, Wanted(who, what, start), most)
            names = names_of(session, at.workspace)
        if at.as_json:
            at.answer([{**to_json(line), "name": names.get(line.who, line.who)} for line in lines])
            return
        if not lines:
            at.say("audit.none")
        for line in lines:
            details = "; ".join(f"{name}: {value}" for name, value in sorted(line.details.items()) if value)
            print(f"{line.at:%Y-%m-%d %H:%M}  {names.get(line.who, line.who)}  {line.what}  {details}".rstrip())
