"""What a close costs: SQL statements, CPU and calls to Stripe.

    python bench/close.py history [CLIENTS] [MONTHS] [CLOSED]  close a month after MONTHS - 1 others
    python bench/close.py invoices [CLIENTS] [LINES]           close a month of LINES lines each

Of CLIENTS, CLOSED close their months; the others have a copy of their past, so that the store is as
full (all close where it is not given: 24,000 closes take an hour and a half).

The real workflows on a real SQLite file: ``sql_seconds`` are the driver's, transactions, statements
and rows; ``rows_seconds`` of them hand rows over. monday and Stripe are the sandbox in the same
process: ``stand_in_seconds`` of the CPU are Stripe's. One JSON object on stdout.
"""

import gc
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from copies import copy_past
from driver import Driver
from typing_extensions import override

from mondaybridge import app as composition
from mondaybridge.app import App
from mondaybridge.demo.counted import CountedSandbox, StageClock
from mondaybridge.demo.stage import MAPPINGS, isolated
from mondaybridge.domain.worktime import following, month
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import transport
from mondaybridge.sandbox.world import Clock, Request, Response
from mondaybridge.workflows.close import close_client
from mondaybridge.workflows.due import settle
from mondaybridge.workflows.start import start

ZONE = "Europe/London"
LAST = "2026-10"
ACTIVITIES = 5
COLUMNS = [
    {
        "id": "status",
        "title": "Status",
        "type": "status",
        "settings": {
            "labels": {"0": "Working", "1": "Done", "2": "Waiting", "3": "Cancelled", "6": "New"}
        },
    },
    {"id": "estimate", "title": "Estimate", "type": "numbers"},
    {"id": "time", "title": "Time", "type": "time_tracking"},
]
MAPPING = """version: 1
monday: {account_slug: bench}
columns:
  board:
    status: {id: status, new: {6: New}, working: {0: Working}, waiting: {2: Waiting},
             done: {1: Done}, cancelled: {3: Cancelled}}
    estimate: {id: estimate, unit: h}
    actual: {id: time, kind: time_tracking}
rates:
  hourly: {currency: GBP, hourly: [{from: 2020-01-01, amount: "64.99"}]}
clients:
"""
CLIENT = """  c{n:04}:
    name: Client {n}
    locale: en
    zone: Europe/London
    stripe_customer: cus_{n:04}
    policies: {{close_after_days: 0}}
    contracts:
      - id: k{n:04}
        kind: pay_as_you_go
        bill_from: {first}-01
        rate: hourly
        boards: [{{id: "{board}", columns: board}}]
"""


class _TimedSandbox(CountedSandbox):
    """The stand-ins, with the CPU that Stripe's took."""

    seconds = 0.0

    @override
    def handle_stripe(self, request: Request) -> Response:
        began = time.process_time()
        response = super().handle_stripe(request)
        self.seconds += time.process_time() - began
        return response


def history(clients: int, months: int, closed: int = 0) -> dict[str, object]:
    """Close the last month of ``months`` for ``closed`` clients, the others closed before."""
    names, count = _months(months), closed or clients
    with _farm(clients, names, ACTIVITIES) as (app, sandbox, clock):
        for name in names[:-1]:
            clock.set(month(name, ZONE).end)
            _close(app, name, count)
        clock.set(month(LAST, ZONE).end)
        settle(app)
        copied = copy_past(app.store, count, clients)
        said = {"clients": clients, "months": months, "closed": count, "copied_rows": copied}
        return {**said, **_measured(app, sandbox, LAST, count)}


def invoices(clients: int, lines: int) -> dict[str, object]:
    """Close one month with a number of lines for every client."""
    with _farm(clients, [LAST], lines) as (app, sandbox, clock):
        clock.set(month(LAST, ZONE).end)
        settle(app)
        return {"clients": clients, "lines": lines, **_measured(app, sandbox, LAST, clients)}


def _measured(app: App, sandbox: _TimedSandbox, name: str, count: int) -> dict[str, object]:
    """Close a month of the first clients and say what it took, in all."""
    driver = Driver(app.store.engine)
    calls, before = sandbox.writes.copy(), sandbox.seconds
    gc.collect()
    gc.freeze()  # the stand-in's world stands in the same process: it is not the bridge's to search
    wall, cpu = time.perf_counter(), time.process_time()
    _close(app, name, count)
    return {
        "statements": driver.statements,
        "sql_seconds": round(driver.seconds, 2),
        "rows_seconds": round(driver.rows_seconds, 2),
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "stand_in_seconds": round(sandbox.seconds - before, 2),
        "writing_calls": dict(Counter(sandbox.writes) - calls),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _close(app: App, name: str, count: int) -> None:
    for client in app.mapping.clients[:count]:
        shown = close_client(app, client, name)
        if shown.plan.closes != name:
            raise SystemExit(f"{client.client_id} did not close {name}: {shown.note}")


@contextmanager
def _farm(
    clients: int, names: Sequence[str], activities: int
) -> Iterator[tuple[App, _TimedSandbox, StageClock]]:
    """Give an agency whose clients had some activities in each month, and the bridge on it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        text = [CLIENT.format(n=n, first=names[0], board=_board(n)) for n in range(clients)]
        (path / MAPPINGS).write_text(MAPPING + "".join(text), encoding="utf-8")
        sandbox = _TimedSandbox(
            Clock(month(names[0], ZONE).start), _world(clients, names, activities)
        )
        clock = StageClock(sandbox.world.clock)
        app = composition.build(
            isolated(path, monday_url="http://127.0.0.1:1/v2", stripe_url="http://127.0.0.1:2"),
            clock=clock,
            monday_transport=transport(sandbox.handle_monday),
            stripe_transport=transport(sandbox.handle_stripe),
        )
        try:
            start(app)
            yield app, sandbox, clock
        finally:
            app.close()


def _world(clients: int, names: Sequence[str], activities: int) -> WorldData:
    boards = [
        {
            "id": _board(n),
            "name": f"Client {n}",
            "columns": COLUMNS,
            "items": [_item(f"{n}-{k}", name, k) for name in names for k in range(activities)],
        }
        for n in range(clients)
    ]
    customers = [
        {"id": f"cus_{n:04}", "name": f"C{n}", "email": f"c{n}@bench.test"} for n in range(clients)
    ]
    return WorldData.model_validate(
        {
            "version": 1,
            "monday": {
                "account": {"id": "1", "slug": "bench", "name": "Bench", "plan": "enterprise"},
                "users": [{"id": "1", "name": "Staff", "email": "staff@bench.test"}],
                "boards": boards,
            },
            "stripe": {"customers": customers},
        }
    )


def _item(key: str, name: str, number: int) -> dict[str, object]:
    """Return an activity worked once in a month, a different time each."""
    begin = month(name, ZONE).start + (number % 27) * 86_400_000 + 9 * 3_600_000
    end = begin + (20 + number) * 60_000
    return {
        "name": f"Task {key} of {name}",
        "sessions": {"time": [{"started_at": _iso(begin), "ended_at": _iso(end), "user": "1"}]},
    }


def _months(count: int) -> list[str]:
    year, number = map(int, LAST.split("-"))
    first = year * 12 + number - count
    names = [f"{first // 12:04d}-{first % 12 + 1:02d}"]
    while names[-1] != LAST:
        names.append(following(names[-1]))
    return names


def _board(number: int) -> str:
    return str(7_000_000 + number)


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).isoformat()


def main() -> None:
    """Run the named measurement."""
    name, *numbers = sys.argv[1:] or [""]
    if name == "history":
        print(json.dumps(history(*(map(int, numbers) if numbers else (1000, 24, 40)))))
    elif name == "invoices":
        clients, lines = map(int, numbers) if numbers else (100, 40)
        print(json.dumps(invoices(clients, lines)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
