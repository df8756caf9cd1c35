"""The description of the API as clients use it: every reading call answers as described, and a client can be generated
from it that reads the running server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

GENERATOR = "openapi-python-client"
"""Found on the PATH where somebody installed it (`pipx install openapi-python-client`); else its test is skipped."""

pytestmark = pytest.mark.parametrize("home", ["ru"], indirect=True)


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/v1/openapi.json").json())


@pytest.fixture
def ids(app: FastAPI, client: TestClient) -> dict[str, str]:
    """Something that exists for every name in a path."""
    app.state.uploaded = lambda workspace: True
    note = client.post("/api/v1/notes", json={"text": "Ищет курс, смущает цена", "phone": "+7 916 555-01-23"}).json()
    hook = client.post("/api/v1/hooks", json={"system": "amocrm"}).json()
    return {
        "upload_id": note["receipt"]["id"],
        "customer_id": note["customers"][0]["customer"],
        "hook_id": hook["hook"]["id"],
        "segment_id": client.get("/api/v1/segments").json()["segments"][0]["id"],
        "run_id": client.post("/api/v1/runs").json()["id"],
        "kind": "creative",
        "stakeholder": "sales",
    }


def test_every_reading_call_answers_as_described(
    client: TestClient, document: dict[str, Any], ids: dict[str, str]
) -> None:
    answered = []
    for path, operations in document["paths"].items():
        wanted = [one["name"] for one in operations.get("get", {}).get("parameters", []) if one["in"] == "path"]
        if "get" not in operations or path.endswith("/events") or not set(wanted) <= set(ids):
            continue
        answer = client.get(path.format(**{name: ids[name] for name in wanted}))
        described = operations["get"]["responses"]
        assert str(answer.status_code) in described, (path, answer.status_code, answer.text[:300])
        if answer.status_code == 200 and answer.headers["content-type"].startswith("application/json"):
            schema = described["200"]["content"].get("application/json", {}).get("schema", {})
            jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
            answered.append(path)
    assert len(answered) >= 20


def test_models_and_calls_have_short_names_of_their_own(document: dict[str, Any]) -> None:
    names = [call["operationId"] for operations in document["paths"].values() for call in operations.values()]
    assert len(names) == len(set(names))
    assert not [name for name in (*names, *document["components"]["schemas"]) if "__" in name or "_api_v1_" in name]
    for name, model in document["components"]["schemas"].items():
        assert model.get("title", name) not in set(document["components"]["schemas"]) - {name}


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    """The application on a real port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


READS = """
import json, sys
from whobuys_client import AuthenticatedClient
from whobuys_client.api.corpus import list_uploads, take_note
from whobuys_client.api.runs import request_brief
from whobuys_client.api.segments import list_segments
from whobuys_client.models import NoteToTake
client = AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2])
note = take_note.sync(client=client, body=NoteToTake(text="Ждёт расписание", phone="+7 916 555-01-23"))
uploads = list_uploads.sync(client=client)
segments = list_segments.sync(client=client)
print(json.dumps([note.receipt.documents.to_dict(), len(uploads.uploads), [one.name for one in segments.segments]]))
"""


@pytest.mark.skipif(shutil.which(GENERATOR) is None, reason=f"{GENERATOR} is not installed")
def test_a_client_generated_from_the_description_reads_the_server(
    served: str, document: dict[str, Any], app: FastAPI, key: Callable[..., str], client: TestClient, tmp_path: Path
) -> None:
    app.state.uploaded = lambda workspace: True
    source = tmp_path / "openapi.json"
    source.write_text(json.dumps(document), encoding="utf-8")
    generator = str(shutil.which(GENERATOR))
    made = subprocess.run(
        [generator, "generate", "--path", str(source), "--meta", "none", "--output-path", "whobuys_client"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "WARNING" not in made.stdout + made.stderr
    names = [one["name"] for one in client.get("/api/v1/segments").json()["segments"]]
    python = Path(generator).with_name("python")
    said = subprocess.run(
        [str(python) if python.exists() else sys.executable, "-c", READS, served, key("sales")],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    documents, uploads, found = json.loads(said.stdout)
    assert (documents, uploads) == ({"note": 1}, 1)
    assert found == names
