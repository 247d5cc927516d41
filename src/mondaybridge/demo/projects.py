"""Tasks as boards of the sandbox: a board, a client and a customer for each project.

The mapping sets its bounds openly: a month of a hundred lines, or one far above the median, is
what this data holds and no reason to stop.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mondaybridge.demo.tasks import ZONE, Task, at_hour
from mondaybridge.domain.worktime import following, month, month_of
from mondaybridge.sandbox.data import WorldData

APART_MS = 11 * 60_000
BILL_FROM = "2004-01-01"
HOURLY, CURRENCY = "64.99", "GBP"
GRACE = timedelta(days=10)

STATUS, ESTIMATE, ACTUAL, PERSON = "status", "estimate", "actual", "person"
SERVICE, CHARGED, BILLING = "service", "charged", "billing"

DONE = ("FINISHED", "COMPLETED", "CHRONICLE", "RELEASED")
CANCELLED = ("CANCELLED",)
WORKING = "WORKING"
RESERVED_LABEL = 5  # monday's "no label"


@dataclass(frozen=True, slots=True)
class Projects:
    """The world that the tasks become, with the names under which its parts are found again."""

    world: WorldData
    mapping: str
    projects: dict[str, str]
    """Project by client id."""
    tasks: dict[str, str]
    """Task number by item id."""
    months: tuple[str, ...]
    """All months to close, from ``bill_from`` to the last that has a session."""


def projects_of(tasks: Sequence[Task]) -> Projects:
    """Build world and mapping from tasks."""
    names = sorted({task.project for task in tasks})
    clients = {name: f"project-{number}" for number, name in enumerate(names, 1)}
    items = {task.number: str(7_000_000 + number) for number, task in enumerate(tasks, 1)}
    last = month_of(max(s.started_at for task in tasks for s in task.stretches), ZONE).name
    boards = {name: str(6_000_000 + number) for number, name in enumerate(names, 1)}
    return Projects(
        _world(tasks, boards, items, last),
        _mapping(clients, boards, _labels(tasks)),
        {client_id: name for name, client_id in clients.items()},
        {item_id: number for number, item_id in items.items()},
        tuple(_months(BILL_FROM[:7], last)),
    )


def customer_of(client_id: str) -> str:
    """Return the Stripe customer of a client."""
    return f"cus_{client_id.replace('-', '')}"


def _months(first: str, last: str) -> list[str]:
    names = [first]
    while names[-1] < last:
        names.append(following(names[-1]))
    return names


def _labels(tasks: Sequence[Task]) -> dict[str, int]:
    names = [WORKING, DONE[0], *sorted({task.status for task in tasks} - {WORKING, DONE[0]})]
    ids = (number for number in range(len(names) + 1) if number != RESERVED_LABEL)
    return dict(zip(names, ids, strict=False))


def _world(
    tasks: Sequence[Task], boards: dict[str, str], items: dict[str, str], last: str
) -> WorldData:
    users, labels = _users(tasks), _labels(tasks)
    services = {name: number for number, name in enumerate(sorted({t.service for t in tasks}), 1)}
    columns, created = _columns(labels, services), _created(tasks)
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in boards}
    for task in sorted(tasks, key=lambda t: created[t.number]):
        cells = {
            STATUS: {"index": labels[task.status]},
            ESTIMATE: task.estimate,
            PERSON: {"personsAndTeams": [{"id": int(users[task.assigned]), "kind": "person"}]},
            SERVICE: {"ids": [services[task.service]]},
        }
        item = _item(task, created[task.number], users)
        rows[task.project].append({**item, "id": items[task.number], "cells": cells})
    held = [
        {"id": board_id, "name": name, "columns": columns, "items": rows[name]}
        for name, board_id in boards.items()
    ]
    return WorldData.model_validate(
        {
            "now": month(last, ZONE).end + GRACE // timedelta(milliseconds=1),
            "monday": {"users": _people(users), "boards": held},
            "stripe": _stripe(list(boards)),
        }
    )


def _item(task: Task, created: int, users: dict[str, str]) -> dict[str, object]:
    return {
        "name": f"{task.summary} ({task.number})",  # two of a name and time would pass for copies
        "created_at": created,
        "updated_at": max([created, *(s.ended_at for s in task.stretches)]),
        "sessions": {
            ACTUAL: [
                {"started_at": s.started_at, "ended_at": s.ended_at, "user": users[s.developer]}
                for s in task.stretches
            ]
        },
    }


def _people(users: dict[str, str]) -> list[dict[str, str]]:
    bridge = {"id": "100", "name": "Bridge", "email": "bridge@house.example", "kind": "service"}
    return [
        bridge,
        *(
            {"id": user_id, "name": f"Developer {name}", "email": f"{user_id}@house.example"}
            for name, user_id in users.items()
        ),
    ]


def _stripe(projects: Sequence[str]) -> dict[str, object]:
    customers = [
        {"id": customer_of(f"project-{number}"), "name": name, "email": "bills@house.example"}
        for number, name in enumerate(projects, 1)
    ]
    return {"customers": customers, "account_country": "GB", "currency": CURRENCY.lower()}


def _users(tasks: Sequence[Task]) -> dict[str, str]:
    names = {task.assigned for task in tasks}
    names |= {stretch.developer for task in tasks for stretch in task.stretches}
    return {name: str(1000 + number) for number, name in enumerate(sorted(names), 1)}


def _columns(labels: dict[str, int], services: dict[str, int]) -> list[dict[str, object]]:
    def settings(names: dict[str, int]) -> dict[str, object]:
        return {"labels": {str(number): name for name, number in names.items()}}

    return [
        {"id": PERSON, "title": "Person", "type": "people"},
        {"id": STATUS, "title": "Status", "type": "status", "settings": settings(labels)},
        {"id": SERVICE, "title": "Service", "type": "dropdown", "settings": settings(services)},
        {"id": ESTIMATE, "title": "Estimate", "type": "numbers", "settings": {"unit": "h"}},
        {"id": ACTUAL, "title": "Actual", "type": "time_tracking"},
        {"id": CHARGED, "title": "Charged", "type": "numbers", "settings": {"unit": "min"}},
        {"id": BILLING, "title": "Billing", "type": "text"},
    ]


def _created(tasks: Sequence[Task]) -> dict[str, int]:
    """Give items their instants: the estimate's day, and never two within eleven minutes."""
    created: dict[str, int] = {}
    last = 0
    for task in sorted(tasks, key=lambda t: t.estimated_on):
        last = max(at_hour(task.estimated_on, 8), last + APART_MS)
        created[task.number] = last
    return created


def _mapping(clients: dict[str, str], boards: dict[str, str], labels: dict[str, int]) -> str:
    named = {name: f"{number}: {json.dumps(name)}" for name, number in labels.items()}
    done = ", ".join(text for name, text in named.items() if name in DONE)
    cancelled = ", ".join(text for name, text in named.items() if name in CANCELLED)
    new = ", ".join(
        text for name, text in named.items() if name not in {*DONE, *CANCELLED, WORKING}
    )
    head = _HEAD.format(done=done, cancelled=cancelled, new=new, working=named[WORKING])
    parts = [
        _CLIENT.format(
            client=client_id,
            name=json.dumps(name),
            customer=customer_of(client_id),
            board=boards[name],
        )
        for name, client_id in clients.items()
    ]
    return head + "".join(parts)


_HEAD = f"""\
version: 1
monday:
  account_slug: invented-agency
columns:
  tasks:
    status:
      id: {STATUS}
      new: {{{{{{new}}}}}}
      working: {{{{{{working}}}}}}
      done: {{{{{{done}}}}}}
      cancelled: {{{{{{cancelled}}}}}}
    estimate: {{{{id: {ESTIMATE}, unit: h}}}}
    actual: {{{{id: {ACTUAL}, kind: time_tracking}}}}
    person: {{{{id: {PERSON}}}}}
    ours:
      charged: {{{{id: {CHARGED}, unit: min}}}}
      billing: {{{{id: {BILLING}}}}}
rates:
  hourly:
    currency: {CURRENCY}
    hourly:
      - from: {BILL_FROM}
        amount: "{HOURLY}"
clients:
"""

_CLIENT = f"""\
  {{client}}:
    name: {{name}}
    locale: en
    zone: {ZONE}
    stripe_customer: {{customer}}
    policies:
      bounds:
        lines_per_day: 1000
        documents: 100
        first_amount: "1000000.00"
        median_factor: 100000
    contracts:
      - id: {{client}}-hourly
        kind: pay_as_you_go
        bill_from: {BILL_FROM}
        boards:
          - {{{{id: "{{board}}", columns: tasks}}}}
        rate: hourly
"""
