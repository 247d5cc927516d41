"""No secret reaches a log, whatever it is called and wherever it stands."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from mondaybridge.log import configure, hide

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_lines_are_json_where_no_person_looks() -> None:
    out = io.StringIO()
    configure(stream=out)
    structlog.get_logger("mondaybridge.read").info("board.read", board_id="1", rows=3)
    line = json.loads(out.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "board.read",
        "board_id": "1",
        "rows": 3,
        "level": "info",
        "logger": "mondaybridge.read",
    }


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_secrets_are_hidden_by_key_by_value_and_by_look(stream: type[io.StringIO]) -> None:
    out = stream()
    configure(secrets=["opensesame", 'quote"d-secret'], stream=out)
    log = structlog.get_logger("x")
    log.info("a", headers={"Authorization": "plain-1", "Accept": "json"}, api_key="plain-2")
    log.info("b", note="say opensesame", other='a quote"d-secret')
    log.info("c sk_test_abc123", jwt=JWT, path="/hooks/monday/deadbeef?x=1", more=["whsec_zzz"])
    log.info("d", url="postgresql://bridge:plain-3@db/bridge")
    logging.getLogger("httpx").warning("POST /hooks/monday/deadbeef %s", "rk_live_999")
    try:
        int("Bearer plain-4 opensesame")
    except ValueError:
        log.exception("e")
    text = out.getvalue()
    for secret in ("plain-1", "plain-2", "plain-3", "plain-4", "opensesame", 'quote"d', "abc123",
                   JWT, "deadbeef", "zzz", "999"):  # fmt: skip
        assert secret not in text, secret
    assert "Traceback" in text
    assert "json" in text
    assert text.count("***") >= 11


def test_libraries_chatter_only_when_debugging() -> None:
    quiet, loud = io.StringIO(), io.StringIO()
    configure(stream=quiet)
    logging.getLogger("httpx").info("HTTP Request")
    structlog.get_logger("x").debug("detail")
    configure(stream=loud, debug=True)
    logging.getLogger("httpx").info("HTTP Request")
    structlog.get_logger("x").debug("detail")
    assert quiet.getvalue() == ""
    assert [json.loads(line)["event"] for line in loud.getvalue().splitlines()] == [
        "HTTP Request",
        "detail",
    ]


def test_a_short_value_is_no_secret_to_look_for() -> None:
    assert hide("abc in abc", ["abc"]) == "abc in abc"
