"""The real path: langchain against a server on this machine that speaks the OpenAI protocol, faults and all."""

from __future__ import annotations

from typing import Any

import pytest

from eval.leashing.server import Asked, Fault, ModelServer, serving
from prompts.answers import SegmentNames
from prompts.catalog import load
from service.core.errors import BadInput
from service.core.settings import Settings
from service.llm.client import ChainClient, clients_of
from service.llm.model import Failed

GOOD = {"names": [{"segment": "1", "name": "Parents"}]}
SYSTEM = load("name_segments", "en").system.strip()


def asked(given: dict[str, Any] | Fault, **settings: Any) -> tuple[Any, ModelServer]:
    """(the completion or the outcome of the failure, the server)."""
    with serving(lambda message: given) as server:
        wanted = {"llm": "openai:any", "llm_base_url": server.url, "llm_timeout": 5.0, **settings}
        client = clients_of(Settings(_env_file=None, **wanted))[0]
        try:
            return client.complete(SYSTEM, "1. 40 people", SegmentNames), server
        except Failed as failure:
            return failure.outcome, server


@pytest.mark.parametrize("method", ["json_schema", "json_mode"])
def test_an_answer_by_schema_comes_with_its_tokens(method: str) -> None:
    got, server = asked(GOOD, llm_output=method)
    assert got.answer == GOOD
    assert got.tokens_in > 0
    assert got.tokens_out > 0
    assert [(m.task, m.language) for m in server.asked] == [("name_segments", "en")]


def test_what_is_the_companys_is_sent_in_the_user_message_only() -> None:
    _, server = asked(GOOD)
    message: Asked = server.asked[0]
    assert message.system == SYSTEM
    assert "40 people" in message.user


def test_an_answer_in_a_code_fence_is_read() -> None:
    fenced = Fault(text='```json\n{"names": [{"segment": "1", "name": "Parents"}]}\n```')
    assert asked(fenced, llm_output="json_mode")[0].answer == GOOD


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(Fault(429), "rate_limit", id="429"),
        pytest.param(Fault(500), "server_error", id="500"),
        pytest.param(Fault(503), "server_error", id="503"),
        pytest.param(Fault(401), "refused", id="a wrong key"),
        pytest.param(Fault(404), "refused", id="an unknown model"),
        pytest.param(Fault(text='{"names": [{"segm', finish="length"), "cut_off", id="cut off by the limit"),
        pytest.param(Fault(text='{"names": [{"segm'), "cut_off", id="broken JSON"),
        pytest.param(Fault(text='{"titles": []}'), "wrong_schema", id="another schema"),
        pytest.param(Fault(text='{"names": [], "extra": 1}'), "wrong_schema", id="something extra"),
        pytest.param(Fault(text='{"names": [{"segment": 1, "name": "x"}]}'), "wrong_schema", id="a wrong type"),
        pytest.param(Fault(text="I cannot help with that."), "cut_off", id="prose"),
        pytest.param(Fault(text=""), "cut_off", id="nothing"),
    ],
)
def test_a_fault_has_a_name(fault: Fault, outcome: str) -> None:
    assert asked(fault)[0] == outcome


def test_a_server_that_is_too_slow_is_a_timeout() -> None:
    assert asked(Fault(text="{}", seconds=1.0), llm_timeout=0.2)[0] == "timeout"


def test_a_server_that_is_not_there_is_unavailable() -> None:
    client = ChainClient("openai:any", "http://127.0.0.1:9/v1", Settings(_env_file=None, llm_timeout=2.0))
    with pytest.raises(Failed) as failure:
        client.complete(SYSTEM, "x", SegmentNames)
    assert failure.value.outcome == "unavailable"


def test_the_key_goes_to_the_server_and_nowhere_else() -> None:
    secret = "sk-very-secret"
    got, server = asked(Fault(401), llm_api_key=secret)
    assert server.keys == {f"Bearer {secret}"}
    settings = Settings(_env_file=None, llm="openai:any", llm_api_key=secret)
    assert secret not in repr(settings)
    assert secret not in repr(clients_of(settings))
    assert secret not in str(settings.model_dump())
    assert got == "refused"


def test_tracing_sends_nothing_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda message: GOOD) as tracer:
        for name, value in {
            "LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "x",
            "LANGSMITH_ENDPOINT": tracer.url,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        got, _ = asked(GOOD)
        assert got.answer == GOOD
        assert tracer.asked == []


@pytest.mark.parametrize(
    "name", [pytest.param("nobody:model", id="unknown provider"), pytest.param("gigachat:GigaChat", id="not installed")]
)
def test_a_provider_that_is_not_there_is_a_sentence(name: str) -> None:
    if name.startswith("gigachat"):
        import importlib.util

        if importlib.util.find_spec("langchain_gigachat"):
            pytest.skip("GigaChat's library is installed")
    client = clients_of(Settings(_env_file=None, llm=name))[0]
    with pytest.raises(BadInput):
        client.complete(SYSTEM, "x", SegmentNames)
