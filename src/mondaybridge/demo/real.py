"""Old tasks, billed month by month: ``python -m mondaybridge.demo.real FOLDER``.

Everything runs in process on the sandbox's clock. Stdout gets one JSON object read from the issued
documents, stderr what it took; exit code 5 if the run's own checks find a difference.
"""

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from mondaybridge import app as composition
from mondaybridge.app import App
from mondaybridge.demo import checks, evidence
from mondaybridge.demo.checks import Account
from mondaybridge.demo.counted import CountedSandbox, StageClock
from mondaybridge.demo.projects import ACTUAL, BILLING, CHARGED, Projects, projects_of
from mondaybridge.demo.stage import KEY, MAPPINGS, TOKEN, isolated
from mondaybridge.demo.tasks import ZONE, read_tasks
from mondaybridge.domain.contract import Client
from mondaybridge.errors import BridgeError, FindingsError
from mondaybridge.sandbox.server import transport
from mondaybridge.sandbox.world import Clock
from mondaybridge.workflows import close
from mondaybridge.workflows.due import settle
from mondaybridge.workflows.start import start

MONDAY_URL, STRIPE_URL = "http://127.0.0.1:1/v2", "http://127.0.0.1:2"
COLUMNS = evidence.Columns(ACTUAL, CHARGED, BILLING)
ROUNDS = 200
USAGE = "use: python -m mondaybridge.demo.real FOLDER"

Figures = dict[str, dict[str, dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Bench:
    """The bridge on top of the sandbox, with a way around the bridge to both accounts."""

    sandbox: CountedSandbox
    app: App
    monday: httpx.Client
    stripe: httpx.Client


@dataclass(frozen=True, slots=True)
class Result:
    """What the documents say, what differs, and what the run cost."""

    figures: Figures
    findings: tuple[str, ...]
    calls: Counter[str]
    seconds: dict[str, float]


def run(folder: Path) -> Result:
    """Bill a folder of tasks from its first month to its last, twice, and look at it."""
    projects = projects_of(read_tasks(folder))
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as data, bench(projects, Path(data)) as ready:
        with _timed(seconds, "first pass"):
            close_all(ready.app, projects.months)
        calls = ready.sandbox.calls.copy()
        writes = ready.sandbox.writes.copy()
        with _timed(seconds, "second pass"):
            close_all(ready.app, projects.months[-1:])
        findings = _written(writes, ready.sandbox.writes)
        with _timed(seconds, "checks"):
            accounts = [account(ready, client) for client in ready.app.mapping.clients]
            findings += [text for one in accounts for text in differences(one)]
        return Result(figures(accounts, projects), tuple(findings), calls, seconds)


@contextmanager
def bench(projects: Projects, folder: Path) -> Iterator[Bench]:
    """Put the bridge on the sandbox, without sockets."""
    (folder / MAPPINGS).write_text(projects.mapping, encoding="utf-8")
    sandbox = CountedSandbox(Clock(), projects.world)
    monday, stripe = transport(sandbox.handle_monday), transport(sandbox.handle_stripe)
    app = composition.build(
        isolated(folder, monday_url=MONDAY_URL, stripe_url=STRIPE_URL),
        clock=StageClock(sandbox.world.clock),
        monday_transport=monday,
        stripe_transport=stripe,
    )
    headers = {"authorization": TOKEN, "api-version": "2026-10"}
    try:
        start(app)
        yield Bench(
            sandbox,
            app,
            httpx.Client(transport=monday, base_url=MONDAY_URL, headers=headers),
            httpx.Client(transport=stripe, base_url=STRIPE_URL, auth=(KEY, "")),
        )
    finally:
        app.close()


def close_all(app: App, months: Sequence[str]) -> None:
    """Close months in order for every client, then let the boards come to rest."""
    for month in months:
        for client in app.mapping.clients:
            closed = close.close_client(app, client, month)
            if closed.waiting or closed.note:
                raise FindingsError(f"{client.name}, {month}: {closed.waiting or closed.note}")
    settle(app, rounds=ROUNDS)


def account(ready: Bench, client: Client) -> Account:
    """Read what board, ledger and documents say of one project."""
    contract = client.contracts[0]
    rows = [
        row
        for board in contract.board_ids
        for row in evidence.board_rows(ready.monday, board, COLUMNS, ZONE)
    ]
    return Account(
        client.client_id,
        prepaid=False,
        tax_percent=0,
        rows=tuple(rows),
        book=evidence.ledger_book(ready.app.store, contract.contract_id),
        documents=tuple(evidence.documents(ready.stripe, client.stripe_customer)),
        hours=False,
    )


def figures(accounts: Sequence[Account], projects: Projects) -> Figures:
    """Return what issued documents say, by project, month and task."""
    found: Figures = {}
    for account in accounts:
        for document in account.documents:
            lines = {
                projects.tasks[line.identity[2]]: [line.minutes, line.amount_minor]
                for line in document.lines
            }
            found.setdefault(projects.projects[account.client_id], {})[document.scope] = {
                "minutes": sum(line.minutes for line in document.lines),
                "total_minor": document.total_minor,
                "lines": lines,
            }
    return found


def differences(account: Account) -> list[str]:
    """Ask the checks about one project, and say which do not hold."""
    questions = {
        "board and ledger": checks.board_equals_ledger,
        "cells and ledger": checks.cells_equal_ledger,
        "ledger and documents": checks.ledger_equals_documents,
        "amounts": checks.documents_to_the_penny,
        "payers": checks.drawn_once,
        "chain": checks.chain_holds,
    }
    found = [name for name, question in questions.items() if not question(account)]
    papers = Counter((document.kind, document.scope) for document in account.documents)
    found += [f"{kind} {scope}: {n} documents" for (kind, scope), n in papers.items() if n > 1]
    return [f"{account.client_id}: {name} differ" for name in found]


def main(arguments: Sequence[str]) -> int:
    """Run and print; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(f"{USAGE}\n")
        return 2
    try:
        result = run(Path(arguments[0]))
    except BridgeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps(result.figures, ensure_ascii=False) + "\n")
    sys.stderr.writelines(f"{line}\n" for line in _told(result))
    return FindingsError.exit_code if result.findings else 0


def _written(before: Counter[str], after: Counter[str]) -> list[str]:
    return [f"second pass: {number} x {kind}" for kind, number in (after - before).items()]


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = time.perf_counter() - began


def _told(result: Result) -> Iterator[str]:
    yield from (f"finding: {finding}" for finding in result.findings)
    yield from (f"{name}: {spent:.1f} s" for name, spent in result.seconds.items())
    yield from (f"{number:6} {kind}" for kind, number in sorted(result.calls.items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield f"peak memory: {peak // 1024} MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
