"""For developers: the three main calls for this role, and the doors for a CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.core.numbers import Formatter
from service.corpus.hooks import SIGNATURE, SIGNED, TIMESTAMP, Hook, NewHook
from service.store.routes import Visitor

KEY: Final = "$WHOBUYS_KEY"
"""Stands for the key: a page never shows one."""


@dataclass(frozen=True)
class CallExample:
    """A call to copy. `id` names its words in the i18n files and its element on the page."""

    id: str
    command: str


@dataclass(frozen=True)
class DevelopersView:
    """The page."""

    address: str
    schema: str
    role: str
    calls: tuple[CallExample, ...]
    may_hook: bool
    may_campaigns: bool


@dataclass(frozen=True)
class HookLine:
    """A door in the list."""

    hook: Hook
    created: str
    last: str


@dataclass(frozen=True)
class HooksView:
    """The page of doors. `made` and what follows only right after one was made."""

    lines: tuple[HookLine, ...]
    made: NewHook | None
    address: str
    example: str
    """For the robot of Bitrix24 the address with fields, for own systems a signed call; empty for amoCRM."""


def developers_view(address: str, visitor: Visitor, language: str, segment: str | None) -> DevelopersView:
    """The main calls that this role may make, in the order of its day."""
    header = f'-H "Authorization: Bearer {KEY}"'
    chosen = f"&segment={segment}" if segment else ""
    note = (
        '{"text": "Звонок с сайта, смущает цена, перезвонить в четверг", "phone": "+7 900 000-00-00"}'
        if language == "ru"
        else '{"text": "Called from the site, unsure about the price", "phone": "+44 7700 900000"}'
    )
    json_body = '-H "Content-Type: application/json"'
    post = f"curl -X POST {header}"
    briefs = f"{address}/api/v1/briefs"
    asked = f"lang={language}{chosen}"
    as_pdf = f'"{briefs}/comparison?format=pdf"'
    every = (
        ("upload", "note", (f"curl {header}", json_body, f"-d '{note}'", f'"{address}/api/v1/notes"')),
        ("upload", "files", (f"curl {header}", '-F "files=@calls.zip"', f'"{address}/api/v1/uploads"')),
        ("request_brief", "request", (post, f'"{briefs}/creative"')),
        ("read_brief_creative", "creative", (f"curl {header}", f'"{briefs}/creative?format=json&{asked}"')),
        ("read_brief_script", "script", (f"curl {header}", f'"{briefs}/script?format=md&{asked}"')),
        ("read_brief_comparison", "comparison", (f"curl {header} -o comparison.pdf", as_pdf)),
    )
    return DevelopersView(
        address,
        "/api/v1/openapi.json",
        str(getattr(visitor, "role", "")),
        tuple(CallExample(name, _joined(*parts)) for right, name, parts in every if visitor.may(right)),
        visitor.may("read_hooks"),
        visitor.may("read_campaigns"),
    )


def _joined(*parts: str) -> str:
    return " \\\n  ".join(parts)


def hooks_view(hooks: Sequence[Hook], made: NewHook | None, address: str, formatter: Formatter) -> HooksView:
    """Doors, newest first, and what to do with one just made."""
    lines = tuple(
        HookLine(hook, formatter.day(hook.created_at), formatter.day(hook.last_at) if hook.last_at else "—")
        for hook in hooks
    )
    return HooksView(lines, made, address + made.path if made else "", _example(made, address) if made else "")


def _example(made: NewHook, address: str) -> str:
    if made.hook.system == "bitrix24":
        fields = "STAGE_ID={=Document:STAGE_ID}&OPPORTUNITY={=Document:OPPORTUNITY}&comment={=Document:COMMENTS}"
        return f"{address}{made.path}?{fields}&phone={{=Document:CONTACT.PHONE}}"
    if made.hook.system not in SIGNED:
        return ""
    return "\n".join(
        (
            'body=\'{"notes": [{"id": 1, "text": "…", "phone": "+7 900 000-00-00"}]}\'',
            "now=$(date +%s)",
            f'sign=$(printf "%s.%s" "$now" "$body" | openssl dgst -sha256 -hmac "{made.secret}" | sed "s/.* //")',
            f'curl -H "Content-Type: application/json" -H "{TIMESTAMP}: $now" \\',
            f'  -H "{SIGNATURE}: sha256=$sign" -d "$body" \\',
            f'  "{address}{made.path}"',
        )
    )
