"""What a seed's world holds at the start: clients, contracts, boards, prices and the mapping.

Everything is drawn; nothing here is read from the product but its file formats.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from mondaybridge.sandbox.data import WorldData
from simulation.months import following, instant, local_day

Terms: TypeAlias = dict[str, Any]

STATUS, APPROVAL, ESTIMATE, TIME, TYPED = "status", "approval", "estimate", "time", "typed"
WORKED_ON, CHARGED, BILLING = "worked_on", "charged", "billing"
BUG, PROOF = "bug", "proof"
STARTS = ("2026-10", "2026-12", "2027-02", "2027-03")
PLACES = (("Europe/Rome", "eur"), ("Europe/London", "gbp"), ("America/New_York", "usd"))
TAX = "txr_vat"
STRIPE_HOOKS = "https://bridge.test/hooks/stripe"
BRIDGE, STAFF, CLIENT = "100", "101", "201"

KINDS = (
    ("payg",), ("payg",), ("none",), ("package",), ("plan",), ("plan",), ("payg", "package"),
    ("plan", "none"),
)  # fmt: skip

STATUSES = {0: "Working", 1: "Done", 2: "Waiting", 3: "Cancelled", 6: "New"}
COLUMNS: list[Terms] = [
    {"id": STATUS, "title": "Status", "type": "status", "settings": {"labels": STATUSES}},
    {
        "id": APPROVAL,
        "title": "Approval",
        "type": "status",
        "settings": {"labels": {"1": "Approved", "2": "Rejected"}},
    },
    {"id": ESTIMATE, "title": "Estimate", "type": "numbers"},
    {"id": TIME, "title": "Time", "type": "time_tracking"},
    {"id": TYPED, "title": "Typed time", "type": "numbers"},
    {"id": WORKED_ON, "title": "Worked on", "type": "date"},
    {"id": BUG, "title": "Bug", "type": "checkbox"},
    {"id": PROOF, "title": "Documentation", "type": "text"},
    {"id": CHARGED, "title": "Charged", "type": "numbers"},
    {"id": BILLING, "title": "Billing", "type": "text"},
]
TRACKED: Terms = {
    "status": {
        "id": STATUS,
        "new": {6: "New"},
        "working": {0: "Working"},
        "waiting": {2: "Waiting"},
        "done": {1: "Done"},
        "cancelled": {3: "Cancelled"},
    },
    "approval": {"id": APPROVAL, "approved": {1: "Approved"}, "rejected": {2: "Rejected"}},
    "estimate": {"id": ESTIMATE, "unit": "min"},
    "actual": {"id": TIME, "kind": "time_tracking"},
    "bug": {"id": BUG, "documentation": {"id": PROOF}},
    "ours": {"charged": {"id": CHARGED, "unit": "min"}, "billing": {"id": BILLING}},
}
BY_DAY: Terms = {
    **TRACKED,
    "actual": {"id": TYPED, "kind": "numbers", "unit": "min", "work_date": {"id": WORKED_ON}},
}
QUIET: Terms = {
    "approval_actor": "off",
    "request_reference": "off",
    "baseline": "none",
    "minor_auto": None,
    "stale_approval": "keep",
    "alerts": [],
}


@dataclass(frozen=True, slots=True)
class Deal:
    """One contract with its board, as the independent model needs it.

    ``prices`` are what an hour costs from an instant on, in minor units; a package's are those of
    time beyond it. ``carried`` is how many unused minutes of a plan go on, and for how many months;
    ``bulk`` are minutes bought before; a package that ``asks`` has work that waits for approval.
    """

    contract_id: str
    client_id: str
    kind: str
    board_id: str
    typed: bool
    zone: str
    bill_from: int
    increment: int
    prices: tuple[tuple[int, int], ...]
    granted: int = 0
    package_price: int = 0
    included: int = 0
    fee: int = 0
    carried: tuple[int, int] = (0, 0)
    prorated: bool = False
    bulk: int = 0
    bulk_price: int = 0
    asks: bool = False

    @property
    def package_id(self) -> str:
        return f"{self.contract_id}-hours"


@dataclass(frozen=True, slots=True)
class Customer:
    """One client: who is billed, in which currency and zone, and whether a person closes."""

    client_id: str
    zone: str
    currency: str
    by_hand: bool
    after_days: int
    documents_bound: int
    first_bound: int
    taxed: bool
    late_days: int = 365
    questions: str = ""
    deals: tuple[Deal, ...] = ()

    @property
    def customer(self) -> str:
        return f"cus_{self.client_id}"


@dataclass(frozen=True, slots=True)
class City:
    """All of a seed's world that stands from the start."""

    months: tuple[str, ...]
    customers: tuple[Customer, ...]
    boards: tuple[str, ...] = field(default=())

    @property
    def deals(self) -> tuple[Deal, ...]:
        return tuple(deal for one in self.customers for deal in one.deals)


def city(
    rng: random.Random, *, small: bool = False, kinds: tuple[str, ...] = (), count: int = 0
) -> City:
    """Draw a world: one or two clients, one to three months; a small one has the least."""
    months = [rng.choice(STARTS)]
    drawn = rng.choice((0, 1) if small else (0, 1, 2, 2))
    for _ in range(count - 1 if count else drawn):
        months.append(following(months[-1]))
    customers = tuple(
        _customer(rng, number, months, kinds)
        for number in range(1 if small else rng.choice((1, 2, 2)))
    )
    boards = tuple(deal.board_id for one in customers for deal in one.deals)
    return City(tuple(months), customers, boards)


def mapping_text(town: City) -> str:
    """Write ``mappings.yaml`` for a world: JSON, but for labels that stand by plain ids."""
    text = json.dumps(_mapping(town))
    return re.sub(r'"(\d{1,2})": ', r"\1: ", text)


def world(town: City) -> WorldData:
    """Return what monday and Stripe hold at the start."""
    users = [
        {"id": BRIDGE, "name": "Bridge", "email": "bridge@agency.test", "kind": "service"},
        {"id": STAFF, "name": "Staff", "email": "staff@agency.test", "kind": "admin"},
        {"id": CLIENT, "name": "Client", "email": "client@client.test", "kind": "guest"},
    ]
    boards = [{"id": d.board_id, "name": d.contract_id, "columns": COLUMNS} for d in town.deals]
    customers = [
        {"id": c.customer, "name": c.client_id, "email": f"{c.client_id}@client.test"}
        for c in town.customers
    ]
    rate = {"id": TAX, "display_name": "VAT", "percentage": 20, "inclusive": False}
    return WorldData.model_validate(
        {
            "version": 1,
            "monday": {
                "account": {"id": "1", "slug": "city", "name": "City", "plan": "standard"},
                "users": users,
                "boards": boards,
            },
            "stripe": {"customers": customers, "tax_rates": [rate], "webhook_url": STRIPE_HOOKS},
        }
    )


def _customer(
    rng: random.Random, number: int, months: list[str], asked: tuple[str, ...]
) -> Customer:
    zone, currency = rng.choice(PLACES)
    one = Customer(
        f"client{number + 1}",
        zone,
        currency,
        by_hand=rng.random() < 0.2,
        after_days=rng.choice((0, 2, 2, 5)),
        documents_bound=rng.choice((3, 20, 20, 20)),
        first_bound=rng.choice((20_000, 1_000_000, 1_000_000, 1_000_000)),
        taxed=rng.random() < 0.5,
    )
    drawn: tuple[str, ...] = rng.choice(KINDS)
    kinds = asked or drawn
    deals = [
        _deal(rng, one, kind, months, 1000 + 10 * number + place)
        for place, kind in enumerate(kinds)
    ]
    return replace(one, deals=tuple(deals))


def _deal(rng: random.Random, one: Customer, kind: str, months: list[str], board: int) -> Deal:
    begin = instant(months[0], one.zone)
    packaged, planned = kind == "package", kind == "plan"
    typed = rng.random() < 0.3 and not planned
    prices = [(instant("2026-01", one.zone), rng.choice((6_499, 7_000, 6_500, 9_001)))]
    if rng.random() < 0.3 and not planned:
        day = rng.choice((1, 11, 20))
        prices.append((instant(rng.choice(months), one.zone, day), rng.choice((5_999, 8_000))))
    return Deal(
        f"{one.client_id}-{kind}",
        one.client_id,
        kind,
        str(board),
        typed=typed,
        zone=one.zone,
        bill_from=begin,
        increment=1 if packaged or planned or typed else rng.choice((1, 1, 1, 6, 15)),
        prices=tuple(dict(prices).items()),
        granted=rng.choice((240, 600, 1200)) if packaged else 0,
        package_price=rng.choice((60_000, 99_999)) if packaged else 0,
        included=rng.choice((60, 180, 600)) if planned else 0,
        fee=rng.choice((19_500, 65_000)) if planned else 0,
    )


def _mapping(town: City) -> Terms:
    planned = [(one, deal) for one in town.customers for deal in one.deals if deal.included]
    planned.sort(key=lambda pair: -pair[1].prices[0][1])  # a higher plan never pays more
    return {
        "version": 1,
        "monday": {"account_slug": "city"},
        "timing": {"sweep_minutes": 720, "fresh_minutes": 720},
        "columns": {"tracked": TRACKED, "by_day": BY_DAY},
        "rates": dict(_rates(town)),
        "plans": {
            deal.contract_id: {**_plan(one, deal), "rank": rank}
            for rank, (one, deal) in enumerate(planned, 1)
        },
        "clients": {one.client_id: _client(one) for one in town.customers},
    }


def _rates(town: City) -> Iterator[tuple[str, Terms]]:
    for one in town.customers:
        for deal in one.deals:
            hourly = [
                {"from": _day(at, deal.zone), "amount": _money(unit)} for at, unit in deal.prices
            ]
            tax = {"tax_rate": TAX} if one.taxed else {}
            yield deal.contract_id, {"currency": one.currency.upper(), **tax, "hourly": hourly}


def _client(one: Customer) -> Terms:
    return {
        "name": one.client_id,
        "locale": "en",
        "zone": one.zone,
        "stripe_customer": one.customer,
        "policies": {
            "close": "manual" if one.by_hand else "auto",
            "close_after_days": one.after_days,
            "late_days": one.late_days,
            "questioned_lines": "bill" if one.questions == "questions billed" else "hold",
            "bounds": {"documents": one.documents_bound, "first_amount": _money(one.first_bound)},
        },
        "contracts": [_contract(one, deal) for deal in one.deals],
    }


def _contract(one: Customer, deal: Deal) -> Terms:
    common = {
        "id": deal.contract_id,
        "bill_from": _day(deal.bill_from, deal.zone),
        "boards": [{"id": deal.board_id, "columns": "by_day" if deal.typed else "tracked"}],
    }
    if deal.kind == "plan":
        keys = {"kind": "postpaid_plan", "plan": deal.contract_id, "policies": _of_plan(deal)}
        return {**common, **keys}
    if deal.kind != "package":
        kind = "pay_as_you_go" if deal.kind == "payg" else "none"
        rounding = {"rounding": {"increment": deal.increment}}
        bulk = {"bulk": _bulk(deal)} if deal.bulk else {}
        return {**common, "kind": kind, "rate": deal.contract_id, "policies": rounding, **bulk}
    package = {
        "id": deal.package_id,
        "granted": f"{deal.granted // 60}:{deal.granted % 60:02d}",
        "sold_on": _day(deal.bill_from, deal.zone),
        "price": f"{_money(deal.package_price)} {one.currency.upper()}",
    }
    bill = {"overrun": "bill", "overrun_limit": "hard", "overage_rate": deal.contract_id}
    admission = {"minor_auto": "0:30", "unapproved_time": "hold"}
    policies = {**QUIET, **bill, **(admission if deal.asks else {"unapproved_time": "post"})}
    return {**common, "kind": "prepaid_package", "packages": [package], "policies": policies}


def _plan(one: Customer, deal: Deal) -> Terms:
    hours = f"{deal.included // 60}:{deal.included % 60:02d}"
    fee = f"{_money(deal.fee)} {one.currency.upper()}"
    return {"included": hours, "fee": fee, "overage": deal.contract_id}


def _of_plan(deal: Deal) -> Terms:
    most, months = deal.carried
    kept = {"max": f"{most // 60}:{most % 60:02d}", "months": months}
    rollover = {"rollover": kept} if most else {}
    return {"proration": "daily" if deal.prorated else "none", **rollover}


def _bulk(deal: Deal) -> Terms:
    bought = {
        "id": deal.package_id,
        "hours": f"{deal.bulk // 60}:00",
        "bought_on": _day(deal.bill_from, deal.zone),
    }
    return {"minimum": "10:00", "discount_percent": 5, "purchases": [bought]}


def _day(at: int, zone: str) -> str:
    return local_day(at, zone).isoformat()


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
