"""briefs: versions, what changed between them, decisions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk
from service.core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from service.briefs.versions.model import Decision, Place, Version

WHO = "command line"


def show(
    kind: str | None, segment: str | None, lang: str | None, every: bool, workspace: str | None, as_json: bool
) -> None:
    """Versions, the newest of each brief or all of them."""
    from service.briefs.versions.repository import load_versions

    with desk(workspace, as_json) as at:
        if kind is not None:
            _known(kind, lang)
        with at.store.session() as session:
            found = load_versions(session, at.workspace)
        tongue = lang if lang or at.as_json else at.language
        lines = [
            v
            for v in found
            if kind in (None, v.place.kind)
            and segment in (None, v.place.segment, v.segment_name)
            and tongue in (None, v.place.language)
        ]
        if not every:
            lines = list({v.place: v for v in reversed(lines)}.values())[::-1]
        if at.as_json:
            at.answer({"versions": [described(v) for v in lines]})
            return
        for version in lines:
            _print(at, version)
        if not lines:
            at.say("briefs.none")


def _print(at: Desk, version: Version) -> None:
    status = at.words(f"briefs.{version.status}")
    whose = f"  {version.place.segment} {version.segment_name}" if version.place.segment else ""
    name = f"{version.place.kind} {version.place.language}"
    print(f"{name:<14} v{version.number:<3} {version.created_at:%Y-%m-%d}  {status}{whose}")
    for said in version.decided:
        comment = f": {said.comment}" if said.comment else ""
        print(f"    {said.at:%Y-%m-%d %H:%M}  {said.who} — {at.words(f'briefs.{said.decision}')}{comment}")


def described(version: Version) -> dict[str, Any]:
    """A version as JSON."""
    from service.core.records import to_json

    found: dict[str, Any] = to_json(version)
    kind, segment, language = found.pop("place")
    return {"kind": kind, "segment": segment, "language": language, **found}


def decide(
    decision: Decision, kind: str, segment: str | None, lang: str | None, number: int | None, comment: str,
    workspace: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Approve or send back; the messages about it are sent by a worker."""
    from service import flow
    from service.briefs.versions.step import judge

    with desk(workspace, as_json) as at:
        place = place_named(at, kind, segment, lang)
        version = judge(at.store, at.workspace, place, number, decision, WHO, comment)
        flow.send_messages(at.store, at.settings)
        if at.as_json:
            at.answer(described(version))
        at.say(f"briefs.now_{decision}", kind=kind, number=version.number)


def changes(
    kind: str, segment: str | None, lang: str | None, number: int | None, since: int | None,
    workspace: str | None, as_json: bool,
) -> None:  # fmt: skip
    """What changed in a version since the one before it, as Markdown or JSON."""
    from service.briefs.versions.repository import load_held, missing
    from service.briefs.versions.step import changes_of
    from service.briefs.versions.telling import changes_markdown
    from service.core.records import to_json

    with desk(workspace, as_json) as at:
        place = place_named(at, kind, segment, lang)
        with at.store.session() as session:
            held = load_held(session, at.workspace, place, number if number is not None else "newest")
            if held is None:
                raise missing(place, number)
            found = changes_of(session, at.workspace, held, since)
        if at.as_json:
            earlier, told = (found[0].version.number, to_json(found[1])) if found else (None, None)
            at.answer({"version": held.version.number, "since": earlier, "changes": told})
        elif found is None:
            at.say("briefs.first")
        else:
            earlier_number = found[0].version.number
            print(changes_markdown(found[1], place.language, kind, earlier_number, held.version.number), end="")


def place_named(at: Desk, kind: str, segment: str | None, lang: str | None) -> Place:
    """The brief meant: of several segments the one with most money, unless one is named by id or name.

    BadInput for an unknown kind or language, NotFound for an unknown segment.
    """
    from service.briefs.repository import load_briefs
    from service.briefs.versions.model import Place
    from service.briefs.versions.repository import load_versions
    from service.store.runs import latest_done

    known_kind, language = _known(kind, lang or at.language)
    if known_kind in ("comparison", "session"):
        if segment is not None:
            raise BadInput(
                f"There is one {kind!r} brief for all segments; leave --segment out.",
                ru=f"Бриф {kind!r} один на все сегменты; уберите --segment.",
            )
        return Place(known_kind, None, language)
    with at.store.session() as session:
        if segment is None:
            briefs = load_briefs(session, at.workspace, latest_done(session, at.workspace).id)
            found = [(b.segment, b.segment_name) for b in briefs if b.kind == kind and b.language == language]
        else:
            versions = load_versions(session, at.workspace)
            found = [
                (v.place.segment, v.segment_name)
                for v in versions
                if v.place.kind == kind and v.place.language == language
            ]
            found = list(dict.fromkeys(pair for pair in found if segment in pair))
    if not found:
        raise NotFound(
            f"There is no {kind!r} brief for such a segment; `whobuys briefs list` shows what there is.",
            ru=f"Брифа {kind!r} для такого сегмента нет; что есть, покажет `whobuys briefs list`.",
        )
    if segment is None and len(found) > 1:
        others = "; ".join(f"--segment {s} ({name})" for s, name in found[1:])
        print(at.words("other_briefs", others=others), file=sys.stderr)
    return Place(known_kind, found[0][0], language)


def _known(kind: str, lang: str | None) -> tuple[Any, Any]:
    from service.briefs.model import KINDS
    from service.core.numbers import LANGUAGES

    for value, known in ((kind, KINDS), (lang or "ru", LANGUAGES)):
        if value not in known:
            names = ", ".join(known)
            raise BadInput(f"{value!r} is none of: {names}.", ru=f"{value!r} — не из списка: {names}.")
    return kind, lang
