"""Logs on stderr, for people on a terminal and as JSON elsewhere; never a secret in them.

Redaction looks at keys, at the secrets that are set, and at what looks like one. Logs of the
libraries pass through the same sieve.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "***"
SECRET_KEYS = re.compile(
    r"token|secret|password|authorization|api_?key|cookie|signature", re.IGNORECASE
)
LOOKS_SECRET = (
    (re.compile(r"\b((?:sk|rk|pk)_(?:live_|test_)?|whsec_)[A-Za-z0-9_]+"), rf"\1{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?"), HIDDEN),
    (re.compile(r"(/hooks/monday/)[^/\s\"'?#\\]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer )[^\s\"'\\]+"), rf"\1{HIDDEN}"),
)
SHORTEST = 6


def configure(
    *, secrets: Iterable[str] = (), debug: bool = False, stream: TextIO | None = None
) -> None:
    """Send all logs to a stream (stderr), hiding the given secrets; may be called again."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                ProcessorFormatter.remove_processors_meta,
                hide_keys,
                *_renderer(people=out.isatty()),
                _Hide(secrets),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for chatty in ("httpx", "httpcore", "gql", "stripe", "alembic"):
        logging.getLogger(chatty).setLevel(logging.DEBUG if debug else logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def hide_keys(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide values by the names of their keys, at any depth."""
    return {key: _hidden(key, value) for key, value in event.items()}


def hide(text: str, secrets: Iterable[str] = ()) -> str:
    """Return text without the given secrets and without what looks like one."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN).replace(json.dumps(secret)[1:-1], HIDDEN)
    for pattern, instead in LOOKS_SECRET:
        text = pattern.sub(instead, text)
    return text


class _Hide:
    """The last step: whatever a value was called, the finished line goes through the sieve."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, _logger: WrappedLogger, _method: str, line: object) -> str:
        return hide(str(line), self._secrets)


def _renderer(*, people: bool) -> list[Processor]:
    if people:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _hidden(key: str, value: object) -> object:
    if SECRET_KEYS.search(key) and isinstance(value, str | bytes):
        return HIDDEN if value else value
    if isinstance(value, Mapping):
        return {str(name): _hidden(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(key, inner) for inner in value]
    return value
