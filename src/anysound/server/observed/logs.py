"""The server's log: one line an event, of which none holds what a user sent unless it is asked for.

A record's ``extra`` may have ``facts``, which are always logged, and ``content``: labels, names of
files and what was heard in them. Neither the message of an error nor the values in a traceback are
logged without ``content``, since they quote what went wrong.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from anysound.server.observed.request_id import current_request

LOGGERS = ("anysound", "uvicorn", "uvicorn.error", "gradio")


_MISTAKEN = "ASGI callable returned without completing handshake."
"""What uvicorn says of a WebSocket that was turned away with an answer, as it may be."""


def configure(as_json: bool, content: bool) -> None:
    """Send the log to standard error: warnings and errors in words, or everything as JSON.

    Args:
        as_json: Whether lines are JSON; a line for each request is only among these.
        content: Whether what users sent may stand in it.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(lambda record: record.msg != _MISTAKEN)
    handler.setFormatter(JsonLines(content) if as_json else Words(content))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if as_json else logging.WARNING)


class JsonLines(logging.Formatter):
    """A line of JSON for each record: time, level, event, request, facts, and perhaps content."""

    def __init__(self, content: bool) -> None:
        super().__init__()
        self._content = content

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "request": current_request(),
            **getattr(record, "facts", {}),
        }
        if self._content:
            line |= getattr(record, "content", {})
        if error := _error_of(record):
            line["error"] = _described(error, self._content)
        return json.dumps(
            {key: value for key, value in line.items() if value is not None},
            ensure_ascii=False,
            default=str,
        )


class Words(logging.Formatter):
    """The same for a person who reads along."""

    def __init__(self, content: bool) -> None:
        super().__init__()
        self._content = content

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and those of the traceback."""
        told: dict[str, Any] = dict(getattr(record, "facts", {}))
        if self._content:
            told |= getattr(record, "content", {})
        words = [_time(record), record.levelname, record.getMessage()]
        words += [f"{key}={value!r}" for key, value in told.items() if value is not None]
        if request := current_request():
            words.append(f"request={request}")
        if error := _error_of(record):
            words += [f"\n{line}" for line in _described(error, self._content)]
        return " ".join(words)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _described(error: BaseException, content: bool) -> list[str]:
    """Return where an error was raised, the latest call first, and what it said if that may be."""
    said = f"{type(error).__name__}: {error}" if content else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return [said, *(f"{each.filename}:{each.lineno} {each.name}" for each in reversed(frames))]
