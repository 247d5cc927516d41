"""A new user's journey, command by command, as processes against the stand-ins on loopback."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mondaybridge.cli.app import run
from mondaybridge.cli.start import invocation
from stories import town

ROOT = Path(__file__).parents[2]
TODAY = datetime.now(UTC)
THIS = TODAY.strftime("%Y-%m")
LAST_DAY = TODAY.replace(day=1) - timedelta(days=1)
LAST = LAST_DAY.strftime("%Y-%m")
NEXT = (TODAY.replace(day=28) + timedelta(days=4)).strftime("%Y-%m")
FIRST = f"{LAST}-01"
HOME, MENU, BANNER = "7001", "7002", "7003"
PATIENCE_S = 20
FOREIGN = ("MONDAYBRIDGE_", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Office:
    """Where the journey happens: a folder, the environment, the stand-ins' addresses."""

    folder: Path
    environment: dict[str, str]
    monday_url: str
    port: int

    def call(self, *arguments: str, code: int = 0, **settings: str) -> tuple[str, str]:
        """Run one command to its end; return what it printed as data, and what it said."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "mondaybridge", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**self.environment, **settings},
            cwd=self.folder,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert (done.returncode, done.stderr if done.returncode != code else "") == (code, "")
        return done.stdout, done.stderr

    def json(self, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - whatever a command prints
        """Run a command with ``--json`` and return its one object."""
        return json.loads(self.call(*arguments, "--json", code=code)[0])

    def human(self, act: str, **arguments: object) -> None:
        """Let a person act at monday's screens."""
        url = self.monday_url.removesuffix("/v2")
        with httpx.Client(trust_env=False) as client:
            answer = client.post(f"{url}/admin/humans/{act}", json=arguments)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "world.json").write_text(json.dumps(world()))
    (folder / "mappings.yaml").write_text(mapping())
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    plain = {
        **inherited,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),  # the second command starts sooner
    }
    arguments = ("sandbox", "--monday-port", "0", "--stripe-port", "0", "--data", "world.json")
    with process(folder, plain, *arguments) as stand_ins:
        monday_url = said(stand_ins, r"monday: (\S+)")
        stripe_url = said(stand_ins, r"Stripe: (\S+)")
        port = free_port()
        yield Office(
            folder,
            {
                **plain,
                "MONDAYBRIDGE_MONDAY__TOKEN": "token-of-nobody",
                "MONDAYBRIDGE_MONDAY__API_URL": monday_url,
                "MONDAYBRIDGE_MONDAY__HOOK_SECRET": "a-secret-of-this-test-0123456789-0123456789",
                "MONDAYBRIDGE_STRIPE__API_KEY": "sk_test_nobody",
                "MONDAYBRIDGE_STRIPE__API_URL": stripe_url,
                "MONDAYBRIDGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "MONDAYBRIDGE_PORT": str(port),
            },
            monday_url,
            port,
        )


def world() -> town.Terms:
    """Return the account: three rows, two of them worked last month."""
    content = town.world_json()
    del content["now"]
    boards = {board["id"]: board for board in content["monday"]["boards"]}
    approved: dict[str, object] = {town.APPROVAL: {"index": town.APPROVED}, town.ESTIMATE: "2"}
    boards[town.HOURS]["items"] = [row(HOME, "Home page", 40, approved)]
    boards[town.TEA]["items"] = [row(MENU, "Menu", 90, {}), row(BANNER, "Banner", 20, {})]
    return content


def row(item: str, name: str, minutes: int, cells: dict[str, object]) -> town.Terms:
    start = LAST_DAY.replace(day=10, hour=9, minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    session = {"started_at": start.isoformat(), "ended_at": end.isoformat(), "user": town.STAFF}
    return {
        "id": item,
        "name": name,
        "cells": {town.STATUS: {"index": town.WORKING}, **cells},
        "sessions": {town.TIME: [session]},
    }


def mapping() -> str:
    grace = {"policies": {"close_after_days": 0}}
    package = {**town.PACKAGE, "sold_on": FIRST}
    clients = {
        "bottega": town.bottega(
            town.prepaid(package, bill_from=FIRST, policies=town.QUIET), **grace
        ),
        "tea": town.tea(town.hourly(bill_from=FIRST), **grace),
    }
    timing = {"debounce_seconds": 1, "max_wait_seconds": 2}
    return town.mapping(timing=timing, **clients)


@contextmanager
def process(
    folder: Path, environment: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Keep a command running, its words in a file beside it."""
    words = folder / f"{arguments[0]}.err"
    with words.open("w") as stream:
        running = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "mondaybridge", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=stream,
            text=True,
            env=environment,
            cwd=folder,
        )
        running.words = words  # type: ignore[attr-defined]  # where ``said`` looks
        try:
            yield running
        finally:
            running.terminate()
            running.wait(timeout=PATIENCE_S)


def said(running: subprocess.Popen[str], pattern: str) -> str:
    """Wait until a process has said something; return its first group."""
    words: Path = running.words  # type: ignore[attr-defined]  # set by ``process``
    found = until(lambda: re.search(pattern, words.read_text()))
    return str(found.group(1))


def until(look: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is looked for
    """Look again and again, for a while."""
    end = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def at_the_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Stand in the folder with its environment: a command in this process costs no start."""
    monkeypatch.chdir(office.folder)
    for name, value in office.environment.items():
        if name.startswith("MONDAYBRIDGE_"):
            monkeypatch.setenv(name, value)
    yield monkeypatch
    invocation.debug, invocation.secrets = False, ()


Here = Callable[..., Any]


@pytest.fixture
def here(at_the_office: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Run a reading command in this process: its JSON, or what it said when it was refused."""

    def asked(*arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - whatever a command prints
        assert run([*arguments, *([] if code else ["--json"])]) == code
        printed = capsys.readouterr()
        return printed.err if code else json.loads(printed.out)

    return asked


def test_the_first_day(office: Office, here: Here) -> None:
    assert "2 clients, 2 contracts, 2 boards" in office.call("config", "check")[0]
    assert office.call("db", "upgrade") == ("", "the database is up to date\n")
    read = office.json("sync")["boards"]
    assert [(b["board"], b["read"], b["changed"], b["written"]) for b in read] == [
        (town.HOURS, 1, 1, 1),
        (town.TEA, 2, 2, 2),
    ]
    assert [b["written"] for b in here("sync")["boards"]] == [0, 0]
    state = here("status")
    assert [(b["board"], b["state"]) for b in state["boards"]] == [
        (town.HOURS, "live"),
        (town.TEA, "live"),
    ]
    assert (state["parked"], state["refused"], state["unwritten"]) == ([], [], [])
    listed = office.call("package", "list")[0]
    assert re.search(r"P1\s+bottega-hours\s+10:00\s+0:40\s+1:20\s+9:20\s+8:00", listed)


def test_the_service_hears_a_webhook_and_stops_when_told(office: Office) -> None:
    with process(office.folder, office.environment, "run") as service:
        url = said(service, r"listening on (\S+)")
        assert url.endswith(str(office.port))
        assert office.call("healthcheck") == ("", "")
        assert "another 'mondaybridge run' works on" in office.call("run", code=1)[1]
        made = office.json("webhooks", "install")["boards"]
        assert {(b["kept"], b["made"] > 0, b["removed"]) for b in made} == {(0, True, 0)}
        assert {b["made"] for b in office.json("webhooks", "install")["boards"]} == {0}
        events = office.json("webhooks", "list")["webhooks"]
        assert {w["board"] for w in events} == {town.HOURS, town.TEA}
        office.human("edit_cell", item=HOME, column=town.ESTIMATE, value="3", as_user=town.STAFF)
        assert until(lambda: reserve(office) == 0)  # the answer was to two hours
        assert until(lambda: waiting(office) == [(HOME, "confirm")])  # it is taken out of its cell
        approved = {"index": town.APPROVED}
        office.human(
            "edit_cell", item=HOME, column=town.APPROVAL, value=approved, as_user=town.GUEST
        )
        assert until(lambda: reserve(office) == 140)
        begin = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=10) == 0
        assert time.monotonic() - begin < 10
    assert "Traceback" not in (office.folder / "run.err").read_text()
    assert office.call("webhooks", "remove")[1] == f"removed {len(events)} webhooks\n"
    assert office.json("webhooks", "list") == {"webhooks": []}
    assert "no answer from" in office.call("healthcheck", code=1)[1]


def waiting(office: Office) -> list[tuple[str, str]]:
    """Return what may not start and why, as the command line tells."""
    return [(one["activity"], one["verdict"]) for one in office.json("status")["refused"]]


def reserve(office: Office) -> int:
    """Return what the package reserves, from the service's own database."""
    with sqlite3.connect(office.folder / "data/mondaybridge.sqlite3") as connection:
        found = connection.execute("select reserved from package").fetchone()
    connection.close()
    return int(found[0])


def test_the_month_is_closed_once(office: Office, here: Here) -> None:
    office.call("sync")
    shown = office.json("close", "preview", LAST)
    kinds = {
        c["client"]: [(d["kind"], d["subtotal_minor"]) for d in c["documents"]]
        for c in shown["clients"]
    }
    assert kinds == {"bottega": [("sale", 60000)], "tea": [("usage", 11000)]}
    table, words = office.call("close", "preview", LAST, "--client", "tea")
    assert "invoice usage" in table
    hashes = {c["client"]: c["hash"] for c in shown["clients"]}
    applied = [line.split()[-1] for line in words.splitlines() if "close apply" in line]
    assert applied == [hashes["tea"]]  # what is told can be done
    done = office.json("close", "apply", shown["hash"])
    assert [(c["client"], c["month"]) for c in done["clients"]] == [
        ("bottega", LAST),
        ("tea", LAST),
    ]
    refused = office.call("close", "apply", shown["hash"], code=5)
    assert refused[0] == ""
    assert "something moved since it was shown" in refused[1]
    again = here("close", "preview", LAST)
    assert [c["documents"] for c in again["clients"]] == [[], []]
    office.call("close", "apply", again["hash"])
    months = here("close", "status")["clients"]
    assert [(m["client"], m["closed_until"], m["planned"]) for m in months] == [
        ("bottega", LAST, []),
        ("tea", LAST, []),
    ]
    assert here("held", "list") == {"held": []}
    assert here("park", "list") == {"parked": []}
    verified = office.json("ledger", "verify")
    assert (verified["ok"], verified["contracts"], verified["lines"]) == (True, 2, 3)


def test_what_waits_for_a_person_is_listed_and_decided(office: Office, here: Here) -> None:
    office.human("delete_item", item=MENU)
    office.human("edit_cell", item=BANNER, column=town.STATUS, value=None, as_user=town.STAFF)
    office.human(
        "edit_cell", item=HOME, column=town.APPROVAL, value={"index": 9}, as_user=town.STAFF
    )
    here("sync")
    parked = here("park", "list")["parked"]
    assert [(p["kind"], p["key"], p["title"]) for p in parked] == [("item", HOME, "Home page")]
    held = here("held", "list")["held"]
    assert [(h["activity"], h["reason"]) for h in held] == [(HOME, "parked")]
    said_so = here("held", "decide", HOME, "absorb", code=5)
    assert "mend the" in said_so
    here("held", "decide", HOME, "forget", code=2)
    assert "nothing is held" in here("held", "decide", MENU, "drop", code=5)
    assert here("ledger", "verify")["ok"]


REFUSED: list[tuple[tuple[str, ...], dict[str, str], int, str]] = [
    (("sync",), {"MONDAYBRIDGE_MONDAY__TOKEN": ""}, 4, "MONDAYBRIDGE_MONDAY__TOKEN is not set"),
    (("sync",), {"MONDAYBRIDGE_STRIPE__API_KEY": ""}, 4, "MONDAYBRIDGE_STRIPE__API_KEY is not"),
    (("run",), {"MONDAYBRIDGE_MONDAY__HOOK_SECRET": ""}, 4, "MONDAY__HOOK_SECRET is not set"),
    (("sync",), {"MONDAYBRIDGE_MONDAY__API_URL": "http://127.0.0.1:9/v2"}, 75, "no answer"),
    (("sync",), {"MONDAYBRIDGE_MONDAY__API_URL": "http://example.com"}, 3, "use https"),
    (("sync",), {"MONDAYBRIDGE_MAPPINGS": "nowhere.yaml"}, 3, "nowhere.yaml"),
    (("sync", "--board", "1999"), {}, 3, "no board '1999' stands there"),
    (("close", "preview", LAST, "--client", "tee"), {}, 3, "no client 'tee' stands there"),
    (("close", "preview", "October"), {}, 2, "YYYY-MM"),
    (("close", "apply", "2026-10"), {}, 2, "a hash looks like"),
    (("close", "apply", f"{LAST}:tee:000000000000"), {}, 3, "no client 'tee'"),
    (("park", "release", "close", "tea", "--why", "fine"), {}, 5, "no close of tea is parked"),
    (("nonsense",), {}, 2, "nonsense"),
]


@pytest.mark.parametrize(("arguments", "settings", "code", "words"), REFUSED)
def test_refusals(
    at_the_office: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    settings: dict[str, str],
    code: int,
    words: str,
) -> None:
    for name, value in settings.items():
        at_the_office.setenv(name, value)
    ended = run(arguments)
    printed = capsys.readouterr()
    assert (ended, printed.out) == (code, "")
    assert words in printed.err
    assert "Traceback" not in printed.err


def test_a_month_that_is_not_over_stays_open(
    at_the_office: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for month in (THIS, NEXT):
        assert run(["close", "preview", month, "--client", "tea", "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)["clients"][0]
        assert (shown["month"], shown["documents"]) == ("", [])
        assert "can be closed from" in shown["note"]


def test_the_token_of_another_account_is_refused(
    office: Office, at_the_office: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = mapping().replace("invented-agency", "another-agency")
    (office.folder / "other.yaml").write_text(other)
    at_the_office.setenv("MONDAYBRIDGE_MAPPINGS", "other.yaml")
    assert run(["sync"]) == 3
    words = capsys.readouterr().err
    assert "belongs to the account 'invented-agency'" in words
    assert "names 'another-agency'" in words


def test_every_mistake_in_the_mapping_is_said_at_once_with_its_line(
    office: Office, at_the_office: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = mapping().replace('"10:00"', '"ten hours"').replace('"locale": "en"', '"locale": "fr"')
    (office.folder / "wrong.yaml").write_text(wrong)
    at_the_office.setenv("MONDAYBRIDGE_MAPPINGS", "wrong.yaml")
    for arguments in (["config", "check"], ["sync"], ["status", "--json"]):
        assert run(arguments) == 3
        printed = capsys.readouterr()
        assert printed.out == ""
        places = [line.split(":")[0] for line in printed.err.splitlines()]
        assert places == ["wrong.yaml", "wrong.yaml"]
        assert "granted" in printed.err
        assert "locale" in printed.err


def test_a_tampered_minute_is_found(office: Office) -> None:
    path = office.folder / "data/mondaybridge.sqlite3"
    with sqlite3.connect(path) as connection:
        triggers = connection.execute("select name from sqlite_master where type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'drop trigger "{name}"')
        connection.execute(
            "update entry set minutes = minutes + 1 where kind = 'post' and activity_id = ?",
            (MENU,),
        )
    connection.close()
    found = office.json("ledger", "verify", code=5)
    assert not found["ok"]
    assert any("tea-hourly" in finding for finding in found["findings"])
    assert "differences in the ledger" in office.call("ledger", "verify", code=5)[1]
