"""Plans and their months for tests of the domain: Support 30 and 60, in London."""

from collections.abc import Sequence

from ledgerbook import Book, activity, at, worked
from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.contract import (
    Commitment,
    Contract,
    ContractKind,
    DatedRate,
    Plan,
    PlanPhase,
)
from mondaybridge.domain.ledger import Entry
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.usage import itemise

LONDON = "Europe/London"
FEE = RateKey(165_000, "gbp", "txr_20")
OVER = RateKey(5_500, "gbp", "txr_20")
FREE = "0/gbp/"


def plan(name: str = "s10", rank: int = 10, minutes: int = 600, **more: object) -> Plan:
    terms = {"fee": FEE, "overage": (DatedRate(0, OVER),), **more}
    return Plan(name, rank, minutes, **terms)  # type: ignore[arg-type]  # a test names its terms


def planned(*phases: tuple[str, Plan], **terms: object) -> Contract:
    begins = [PlanPhase(at(day, LONDON), one) for day, one in phases]
    return Contract(
        "c3",
        "client",
        ContractKind.POSTPAID_PLAN,
        LONDON,
        at("2026-01-01", LONDON),
        plans=tuple(begins) or (PlanPhase(at("2026-01-01", LONDON), plan()),),
        **terms,  # type: ignore[arg-type]  # a test names the term it is about
    )


def hourly_plan(minutes: int = 600) -> Plan:
    usage = DatedRate(0, RateKey(5_000, "gbp", "txr_20"))
    return plan(minutes=minutes, commitment=Commitment.USAGE_ONLY, hourly=(usage,))


def row(name: str, minutes: int, day: str = "2026-10-05", **cells: object) -> Activity:
    """Return a row with one session of so many minutes, at nine in the morning."""
    session = worked(minutes, day, f"{name}-{day}")
    cells = {"approval": Approval.NONE, **cells}
    return activity(name, None, session, **cells)  # type: ignore[arg-type]  # a test names its cells


def book(contract: Contract | None = None, now: str = "2026-10-31") -> Book:
    return Book(contract or planned(), at(now))


def stands(entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """Return minutes by activity and source; what is nothing is left out."""
    found: dict[tuple[str, str], int] = {}
    for one in entries:
        key = one.activity_id, one.source
        found[key] = found.get(key, 0) + one.minutes
    return {key: minutes for key, minutes in sorted(found.items()) if minutes}


def money(started: Book) -> dict[tuple[str, str], int]:
    """Return what every usage line comes to, by activity and source."""
    lines = itemise(started.contract.contract_id, started.entries)
    return {
        (one.line_id.subject, one.line_id.source): one.amount_minor
        for one in lines
        if one.line_id.kind == "usage" and one.amount_minor
    }
