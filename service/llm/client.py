"""The one door to langchain: a message to a model of any provider, an answer by schema, failures by name.

langchain is imported when the first question is asked. Its tracing is off whatever the environment says: nothing goes
anywhere but to the model that the settings name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from service.core.errors import BadInput
from service.core.settings import Settings
from service.llm.model import Completion, Failed, Outcome


class Client(Protocol):
    """Whoever answers."""

    name: str

    def complete(self, system: str, user: str, schema: type[BaseModel]) -> Completion:
        """The answer to one message. Raises Failed."""
        ...


@dataclass
class ChainClient:
    """One model behind langchain. `name` is `provider:model`."""

    name: str
    base_url: str | None
    settings: Settings = field(repr=False)
    _made: Any = field(default=None, repr=False)

    def complete(self, system: str, user: str, schema: type[BaseModel]) -> Completion:
        """The answer to one message. Raises Failed."""
        from langsmith import tracing_context

        if self.settings.llm_output == "json_mode":
            shape = json.dumps(schema.model_json_schema(), ensure_ascii=False)
            user = f"{user}\n\nJSON Schema:\n{shape}"
        try:
            with tracing_context(enabled=False):
                given = self._model(schema).invoke([("system", system), ("human", user)])
        except Exception as error:
            raise Failed(outcome_of(error)) from None  # the error may quote the question or the key
        return _read(given, schema)

    def _model(self, schema: type[BaseModel]) -> Any:
        if self._made is None:
            self._made = _chat_model(self.name, self.base_url, self.settings)
        shape = schema.model_json_schema()
        return self._made.with_structured_output(shape, method=self.settings.llm_output, include_raw=True)


def _chat_model(name: str, base_url: str | None, settings: Settings) -> Any:
    """The langchain model. BadInput for a provider that is unknown or not installed."""
    provider, _, model = name.partition(":")
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    try:
        return _gigachat(model, base_url, key, settings) if provider == "gigachat" else _any(
            provider, model, base_url, key, settings
        )  # fmt: skip
    except ImportError as error:
        package = "gigachat" if provider == "gigachat" else f"langchain-{provider.replace('_', '-')}"
        raise BadInput(
            f"The language model {name!r} needs another package: pip install {package!r}"
            + (" (pip install 'whobuys[gigachat]')." if provider == "gigachat" else "."),
            ru=f"Для языковой модели {name!r} нужен ещё один пакет: {package!r}"
            + (" (pip install 'whobuys[gigachat]')." if provider == "gigachat" else "."),
        ) from error
    except ValueError as error:
        raise BadInput(
            f"{name!r} is no language model langchain knows: write provider:model, for example openai:gpt-4.1-mini.",
            ru=f"{name!r} — такой модели langchain не знает: напишите поставщик:модель, например openai:gpt-4.1-mini.",
        ) from error


def _any(provider: str, model: str, base_url: str | None, key: str | None, settings: Settings) -> Any:
    from langchain.chat_models import init_chat_model

    given: dict[str, Any] = {"temperature": 0.0, "max_tokens": settings.llm_answer_tokens}
    given |= {"timeout": settings.llm_timeout, "max_retries": 0}  # tries are counted by `service.llm.asker`
    if base_url:
        given["base_url"] = base_url
    if key or (provider == "openai" and base_url):
        given["api_key"] = key or "none"  # a server of one's own asks for no key, the library does
    return init_chat_model(model, model_provider=provider, **given)


def _gigachat(model: str, base_url: str | None, key: str | None, settings: Settings) -> Any:
    from langchain_gigachat import GigaChat

    given: dict[str, Any] = {"model": model, "timeout": settings.llm_timeout, "max_tokens": settings.llm_answer_tokens}
    given |= {"credentials": key} if key else {}
    given |= {"base_url": base_url} if base_url else {}
    return GigaChat(temperature=0.0, **given)


def _read(given: Any, schema: type[BaseModel]) -> Completion:
    """The parsed answer, checked against the schema."""
    raw, parsed = given.get("raw"), given.get("parsed")
    usage = getattr(raw, "usage_metadata", None) or {}
    spent = (int(usage.get("input_tokens", 0)), int(usage.get("output_tokens", 0)))
    finish = str((getattr(raw, "response_metadata", None) or {}).get("finish_reason", ""))
    if finish in ("length", "max_tokens"):
        raise Failed("cut_off", *spent)
    if _is_broken(raw):  # langchain mends an answer that breaks off; half an answer is none
        raise Failed("cut_off", *spent)
    if parsed is None:
        raise Failed("wrong_schema", *spent)
    try:
        checked = schema.model_validate(parsed if isinstance(parsed, dict) else parsed.model_dump())
    except ValidationError:
        raise Failed("wrong_schema", *spent) from None
    return Completion(checked.model_dump(), *spent)


_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")
"""Marks some models put around JSON."""


def _is_broken(raw: Any) -> bool:
    """Whether an answer, given as text, is no whole JSON. A function call's answer is no text."""
    if getattr(raw, "tool_calls", None):
        return False
    try:
        json.loads(_FENCE.sub("", str(getattr(raw, "content", ""))))
    except ValueError:
        return True
    return False


_BY_NAME: tuple[tuple[str, Outcome], ...] = (
    ("timeout", "timeout"),
    ("ratelimit", "rate_limit"),
    ("lengthfinish", "cut_off"),
    ("outputparser", "wrong_schema"),
    ("jsondecode", "cut_off"),
    ("validationerror", "wrong_schema"),
    ("connect", "unavailable"),
    ("protocol", "unavailable"),
    ("readerror", "unavailable"),
)
"""Names of exceptions of the providers' libraries, in small letters: they share no base class."""


def outcome_of(error: BaseException) -> Outcome:
    """What an exception of any provider's library means."""
    if isinstance(error, Failed):
        return error.outcome
    if isinstance(error, BadInput):
        raise error
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and status >= 400:
        return "rate_limit" if status == 429 else "timeout" if status == 408 else (
            "server_error" if status >= 500 else "refused"
        )  # fmt: skip
    name = "".join(kind.__name__.casefold() for kind in type(error).__mro__)
    return next((outcome for part, outcome in _BY_NAME if part in name), "refused")


def clients_of(settings: Settings) -> list[Client]:
    """The model of the settings and its fallbacks, in the order they are asked. BadInput for a malformed name."""
    if settings.llm is None:
        return []
    given = [(settings.llm, settings.llm_base_url)]
    for entry in filter(None, (part.strip() for part in settings.llm_fallbacks.split(","))):
        name, _, url = entry.partition("@")
        given.append((name, url or settings.llm_base_url))
    return [_client(name, url, settings) for name, url in given]


def _client(name: str, base_url: str | None, settings: Settings) -> Client:
    provider, colon, model = name.partition(":")
    if not colon or not provider or not model:
        raise BadInput(
            f"WHOBUYS_LLM={name!r} should be provider:model, for example openai:gpt-4.1-mini.",
            ru=f"WHOBUYS_LLM={name!r}: ждём поставщик:модель, например openai:gpt-4.1-mini.",
        )
    made = _OTHERS.get(provider)
    return made(model) if made else ChainClient(name, base_url, settings)


def _replayed(path: str) -> Client:
    from service.llm.replay import Replay

    return Replay.read(path)


_OTHERS: dict[str, Callable[[str], Client]] = {"replay": _replayed}
"""Providers that need no langchain: answers read from a file."""
