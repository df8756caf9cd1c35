"""Logs as lines of JSON without personal data: what happened and where, never what anybody said or typed."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

OURS = "whobuys"
"""Name of the loggers whose messages are written by us and hold no customer's words."""
FIELDS = "fields"
"""Attribute of a record with further values of its line: `log.info("request", extra={"fields": {…}})`."""


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, event, and the record's own fields.

    A library's message and an exception's text may quote what a customer said. So a foreign logger gives only where
    it spoke, and an exception only its kind and our own line it came from.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line; what is not ASCII is escaped, so nothing in it can begin a line of its own."""
        ours = record.name.split(".")[0] == OURS
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if ours else f"{record.module}:{record.lineno}",
        }
        line.update(getattr(record, FIELDS, {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = kind_and_place(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def kind_and_place(error: BaseException) -> str:
    """An exception without its words: `KeyError in load_run:41`."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/service/" in f.filename.replace("\\", "/")]
    return f"{type(error).__name__} in {frames[-1].name}:{frames[-1].lineno}" if frames else type(error).__name__


def start_logs(level: str, stream: TextIO | None = None) -> None:
    """Send everything this process logs to `stream` (standard error) as lines of JSON; libraries only from warnings."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
