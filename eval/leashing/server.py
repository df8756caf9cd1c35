"""A language model's server on this machine that says what a function tells it to: the protocol is real, the mind not.

It speaks as much of the OpenAI chat protocol as langchain needs, faults included.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prompts.catalog import LANGUAGES, TASKS, load


@dataclass(frozen=True)
class Asked:
    """A message as the server got it. Task and language are told by the system message."""

    task: str
    language: str
    system: str
    user: str


@dataclass(frozen=True)
class Fault:
    """An answer that is none: an HTTP status, a text that stops too early, a pause longer than anybody waits."""

    status: int = 200
    text: str = ""
    finish: str = "stop"
    seconds: float = 0.0


Mind = Callable[[Asked], dict[str, Any] | Fault]


@dataclass
class ModelServer:
    """Where it listens, and everything it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """Authorization headers seen."""


@contextmanager
def serving(mind: Mind) -> Iterator[ModelServer]:
    """A server on a free port of the loopback address until the block ends."""
    tasks = {load(task, language).system.strip(): (task, language) for task in TASKS for language in LANGUAGES}
    state = ModelServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told = {message["role"]: message["content"] for message in body["messages"]}
            system, user = told.get("system", ""), told.get("user", "")
            asked = Asked(*tasks.get(system, ("?", "?")), system, user)
            state.asked.append(asked)
            state.keys.add(self.headers.get("Authorization", ""))
            given = mind(asked)
            self._answer(given if isinstance(given, Fault) else Fault(text=json.dumps(given, ensure_ascii=False)), user)

        def _answer(self, fault: Fault, user: str) -> None:
            time.sleep(fault.seconds)
            content: dict[str, Any] = {"error": {"message": "no", "type": "fault"}}
            if fault.status == 200:
                used = {"prompt_tokens": len(user) // 4 + 1, "completion_tokens": len(fault.text) // 4 + 1}
                content = {
                    "id": "answer", "object": "chat.completion", "created": 0, "model": "scripted",
                    "choices": [{
                        "index": 0, "finish_reason": fault.finish,
                        "message": {"role": "assistant", "content": fault.text},
                    }],
                    "usage": used | {"total_tokens": sum(used.values())},
                }  # fmt: skip
            raw = json.dumps(content, ensure_ascii=False).encode()
            try:
                self.send_response(fault.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except (BrokenPipeError, ConnectionResetError):
                pass  # whoever asked has given up waiting

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: messages are other people's words."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
