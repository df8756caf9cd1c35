"""Made-up requests for every operation of the OpenAPI document: no crash, and no answer that it does not describe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from company import company, finished_run
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import FailureGroup
from two_step_runs import TwoStepRuns

from service.app import API, create_app
from service.core.settings import Settings
from service.store.db import open_store
from service.store.keys import create_key

EXAMPLES = int(os.environ.get("WHOBUYS_SCHEMA_EXAMPLES", "6"))
"""Made-up requests an operation; by hand many more: WHOBUYS_SCHEMA_EXAMPLES=300."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The document of an application with one analysed company, open on this machine."""
    made = Settings(
        home=tmp_path_factory.mktemp("schema"), requests_per_minute=0, uploads_per_minute=0, sign_ins_per_minute=0
    )
    store = open_store(made)
    finished_run(store, made, company("en"))
    store.close()
    app = create_app(made, TwoStepRuns(result="r1"))
    yield schemathesis.openapi.from_asgi(f"{API}/openapi.json", app)
    app.state.store.close()


@pytest.fixture(scope="module")
def bearer(schema: Any) -> str:
    """A key that opens every door."""
    with schema.app.state.store.session(write=True) as session:
        return f"Bearer {create_key(session, 'default', 'admin')}"


checks.load_all_checks()
CHECKS = [
    checks.not_a_server_error,
    *map(
        checks.CHECKS.get_one,
        (
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
            "response_headers_conformance",
        ),
    ),
]
"""A crash, a status, a media type, a body or a header that the document does not describe."""


def test_no_operation_crashes_or_answers_what_is_not_described(schema: Any, bearer: str) -> None:
    """Every operation is tried before anything is told: one failure does not hide the next."""
    found: dict[str, str] = {}
    operations = [operation.ok() for operation in schema.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        for mode in GenerationMode:
            said = _tried(operation, mode, bearer)
            if said:
                found[f"{operation.label}, {mode.value}"] = said
    assert not found, "\n".join(f"{label}: {said}" for label, said in found.items())


def _tried(operation: Any, mode: GenerationMode, bearer: str) -> str:
    """What is wrong with the answers to fitting or unfitting requests, "" where nothing is."""

    @seed(0)
    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate), print_blob=False,
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def every(case: Any) -> None:
        answer = case.call(headers={"Authorization": bearer})
        case.validate_response(answer, checks=CHECKS)

    try:
        every()
    except FailureGroup as failures:
        return "; ".join(f"{type(one).__name__}: {one.message}" for one in failures.exceptions)
    except Unsatisfiable:  # nothing about it can be unfitting
        return ""
    return ""
