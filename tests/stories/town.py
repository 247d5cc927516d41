"""What the stories' agency holds: two clients, three boards of one template, and their mapping.

Bottega (Rome) has bought hours in advance, the Tea Rooms (London) pay as they go; a third board is
there for a contract that a story adds. Terms are plain values, so that a story names only the one
that it is about.
"""

import json
import re
from typing import Any, TypeAlias

from mondaybridge.sandbox.data import WorldData

Terms: TypeAlias = dict[str, Any]

BRIDGE, STAFF, GUEST = "100", "101", "201"
HOURS, TEA, THIRD = "1001", "1002", "1003"
WORKING, DONE, WAITING, CANCELLED, NEW = 0, 1, 2, 3, 6
MAYBE = 9
APPROVED, REJECTED = 1, 2
STATUS, APPROVAL, ESTIMATE, TIME, TYPED = "status", "approval", "estimate", "time", "typed"
WORKED_ON, NOTE, CHARGED, BILLING = "worked_on", "note", "charged", "billing"
MESSAGE = "message"

STATUSES = {WORKING: "Working", DONE: "Done", WAITING: "Waiting", CANCELLED: "Cancelled"}
COLUMNS: list[dict[str, object]] = [
    {
        "id": STATUS,
        "title": "Status",
        "type": "status",
        "settings": {"labels": {str(key): name for key, name in {**STATUSES, NEW: "New"}.items()}},
    },
    {
        "id": APPROVAL,
        "title": "Approval",
        "type": "status",
        "settings": {"labels": {"1": "Approved", "2": "Rejected", "9": "Maybe"}},
    },
    {"id": ESTIMATE, "title": "Estimate", "type": "numbers"},
    {"id": TIME, "title": "Time", "type": "time_tracking"},
    {"id": TYPED, "title": "Typed time", "type": "numbers"},
    {"id": WORKED_ON, "title": "Worked on", "type": "date"},
    {"id": NOTE, "title": "Note", "type": "text"},
    {"id": CHARGED, "title": "Charged", "type": "numbers"},
    {"id": BILLING, "title": "Billing", "type": "text"},
]

TRACKED: Terms = {
    "status": {
        "id": STATUS,
        "new": {NEW: "New"},
        "working": {WORKING: "Working"},
        "waiting": {WAITING: "Waiting"},
        "done": {DONE: "Done"},
        "cancelled": {CANCELLED: "Cancelled"},
    },
    "approval": {
        "id": APPROVAL,
        "approved": {APPROVED: "Approved"},
        "rejected": {REJECTED: "Rejected"},
    },
    "estimate": {"id": ESTIMATE, "unit": "h"},
    "actual": {"id": TIME, "kind": "time_tracking"},
    "note": {"id": NOTE},
    "ours": {"charged": {"id": CHARGED, "unit": "min"}, "billing": {"id": BILLING}},
}
TYPED_TIME: Terms = {**TRACKED, "actual": {"id": TYPED, "kind": "numbers", "unit": "h"}}
TYPED_BY_DAY: Terms = {
    **TRACKED,
    "actual": {"id": TYPED, "kind": "numbers", "unit": "h", "work_date": {"id": WORKED_ON}},
}
WITH_BUGS: Terms = {
    **{name: column for name, column in TRACKED.items() if name not in {"approval", "note"}},
    "bug": {"id": APPROVAL, "labels": {MAYBE: "Maybe"}, "documentation": {"id": NOTE}},
}

PACKAGE: Terms = {
    "id": "P1",
    "granted": "10:00",
    "sold_on": "2026-10-01",
    "price": "600.00 EUR",
    "tax_rate": "txr_iva22",
}
RATE: Terms = {
    "currency": "GBP",
    "tax_rate": "txr_vat20",
    "hourly": [{"from": "2026-01-01", "amount": "60.00"}],
}

QUIET: Terms = {
    "approval_actor": "off",
    "request_reference": "off",
    "baseline": "none",
    "minor_auto": None,
}
"""Policies under which every row is an ordinary request that anybody may approve."""


def prepaid(*packages: Terms, **more: object) -> Terms:
    """Return Bottega's contract; packages and further terms take the place of the usual ones."""
    return {
        "id": "bottega-hours",
        "kind": "prepaid_package",
        "bill_from": "2026-10-01",
        "boards": [{"id": HOURS, "columns": "tracked"}],
        "packages": list(packages) or [PACKAGE],
        **more,
    }


def quiet(*packages: Terms, policies: Terms | None = None, **more: object) -> Terms:
    """Return the same for stories that are not about who asks, who answers and what was agreed."""
    return prepaid(*packages, policies={**QUIET, **(policies or {})}, **more)


def hourly(**more: object) -> Terms:
    """Return the Tea Rooms' contract."""
    return {
        "id": "tea-hourly",
        "kind": "pay_as_you_go",
        "bill_from": "2026-10-01",
        "boards": [{"id": TEA, "columns": "tracked"}],
        "rate": "hourly",
        **more,
    }


def bottega(*contracts: Terms, **more: object) -> Terms:
    """Return the Italian client."""
    return {
        "name": "Bottega Inesistente",
        "locale": "it",
        "zone": "Europe/Rome",
        "stripe_customer": "cus_bottega",
        "contracts": list(contracts) or [quiet()],
        **more,
    }


def tea(*contracts: Terms, **more: object) -> Terms:
    """Return the British client."""
    return {
        "name": "Nowhere Tea Rooms",
        "locale": "en",
        "zone": "Europe/London",
        "stripe_customer": "cus_tea",
        "contracts": list(contracts) or [hourly()],
        **more,
    }


def mapping(
    *,
    rates: Terms | None = None,
    timing: Terms | None = None,
    offers: Terms | None = None,
    **clients: Terms,
) -> str:
    """Write ``mappings.yaml`` for these clients: JSON, but for labels that stand by plain ids.

    ``offers`` are further keys at the top: plans, standard prices.
    """
    clients = clients or {"bottega": bottega(), "tea": tea()}
    sets = {
        "tracked": TRACKED,
        "typed": TYPED_TIME,
        "by_day": TYPED_BY_DAY,
        "with_bugs": WITH_BUGS,
    }
    used = json.dumps(clients)
    document = {
        "version": 1,
        "monday": {"account_slug": "invented-agency"},
        "timing": timing or {},
        "columns": {name: one for name, one in sets.items() if f'"columns": "{name}"' in used},
        "rates": rates or {"hourly": RATE},
        "clients": clients,
        **(offers or {}),
    }
    return re.sub(r'"(\d)": ', r"\1: ", json.dumps(document, indent=1))


def world(now: str = "2026-10-01T08:00:00+02:00") -> WorldData:
    """Return the account on the first morning: boards without rows, customers, tax rates."""
    return WorldData.model_validate(world_json(now))


def world_json(now: str = "2026-10-01T08:00:00+02:00") -> Terms:
    """Return the same as the content of a data file."""
    names = {HOURS: "Bottega", TEA: "Tea Rooms", THIRD: "Third"}
    return {
        "version": 1,
        "now": now,
        "monday": {
            "users": [
                {"id": BRIDGE, "name": "Bridge", "email": "b@agency.example", "kind": "service"},
                {"id": STAFF, "name": "Avery", "email": "a@agency.example"},
                {"id": GUEST, "name": "Guest", "email": "g@shop.example", "kind": "guest"},
            ],
            "boards": [
                {"id": key, "name": name, "columns": COLUMNS} for key, name in names.items()
            ],
        },
        "stripe": {
            "customers": [
                {"id": "cus_bottega", "name": "Bottega", "email": "b@shop.example"},
                {"id": "cus_tea", "name": "Tea Rooms", "email": "t@tea.example"},
            ],
            "tax_rates": [
                {"id": "txr_iva22", "display_name": "IVA", "percentage": "22"},
                {"id": "txr_vat20", "display_name": "VAT", "percentage": "20"},
            ],
        },
    }
