"""Jinja with everything escaped and no undefined name let through; and the frame every page stands in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.core.numbers import LANGUAGES, Formatter, Language
from service.store.audit import COMMAND_LINE, OPEN
from service.web.i18n import Words
from service.web.security import Visitor

_POST_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True)
class Source:
    """What the grey line at the foot says: which run, when, over what."""

    run_number: int
    finished_at: datetime | None
    period: str
    documents: int
    customers: int


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content."""

    language: Language
    visitor: Visitor | None
    path: str
    """Path of this page: where the language links lead."""
    section: str
    """Which entry of the menu is this page's."""
    formatter: Formatter
    workspace: str = ""
    source: Source | None = None
    people: Callable[[], Mapping[str, str]] = dict
    """Person and key ids of the company → names; asked for at most once a page."""

    @property
    def company(self) -> str:
        """What the company is called."""
        return self.visitor.company if self.visitor else self.workspace

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return self.people()

    def called(self, who: str) -> str:
        """Somebody by name: a person, a key by its label, this machine or the command line in words."""
        if who in (OPEN, COMMAND_LINE):
            return Words(self.formatter)("who_here.open" if who == OPEN else "who_here.command_line")
        return self._names.get(who, who) if who else ""

    def may(self, action: str) -> bool:
        """Whether the visitor may do this."""
        return self.visitor is not None and self.visitor.may(action)


SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("upload", "/", "upload"),
    ("segments", "/segments", "read_segments"),
    ("portrait", "/portrait", "read_portrait"),
    ("comparison", "/comparison", "read_comparison"),
    ("briefs", "/briefs", "list_briefs"),
    ("claims", "/claims", "read_claims"),
    ("personas", "/personas", "read_personas"),
)
"""The menu: (section, path, the right it needs)."""


@cache
def environment() -> Environment:
    """The one Jinja environment."""
    made = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    made.globals.update(asset=asset, LANGUAGES=LANGUAGES, SECTIONS=SECTIONS)
    return made


def _unbroken(value: object) -> object:
    """A segment's name (`school · trip · drive`) never starts a line with its dot."""
    return value.replace(" · ", "\u00a0· ") if type(value) is str else value


@cache
def asset(name: str) -> str:
    """Address of a static file, with its content's hash: cached for good, never stale."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def render(template: str, frame: Frame, **view: object) -> str:
    """A page as HTML."""
    words = Words(frame.formatter)
    page = environment().get_template(template).render(frame=frame, t=words, f=frame.formatter, **view)
    token = frame.visitor.form_token if frame.visitor else ""
    if not token:
        return page
    # Text of others is escaped, so every <form> is ours; put in here, no template can forget it.
    return _POST_FORM.sub(lambda form: f'{form[0]}<input type="hidden" name="csrf" value="{token}">', page)
