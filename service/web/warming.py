"""What the first visitor would wait for is loaded when the process begins: dictionaries, readers, templates."""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path

CALLS = {
    "ru.txt": "Менеджер: Добрый день!\nКлиент: Здравствуйте, меня зовут Анна, сколько это стоит?\n",
    "en.txt": "Agent: Good evening.\nCustomer: Hello, my name is Anna, how much is it?\n",
}
"""Two lines in each language: reading them loads what every upload needs."""


def warm_soon() -> None:
    """Warm up beside the first requests."""
    threading.Thread(target=_warm_or_say, daemon=True).start()


def _warm_or_say() -> None:
    try:
        warm()
    except Exception:  # an upload loads it all again, and says what is wrong
        logging.getLogger("whobuys.web").exception("not warmed up")


def warm() -> None:
    """Take two made-up calls through the readers, and load the templates and what tells voices apart."""
    import sklearn.feature_extraction.text
    import sklearn.linear_model  # noqa: F401

    from ingest.model import IngestOptions
    from ingest.pipeline import harvest
    from service.web.templating import environment

    with tempfile.TemporaryDirectory() as folder:
        for name, text in CALLS.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        harvest([Path(folder)], IngestOptions(salt=b"nobody"))
    for name in environment().list_templates(["html"]):
        environment().get_template(name)
