"""A contract's book for tests of the domain: reviews append to it as the store would."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mondaybridge.domain.activity import Activity, Approval, Capture, Session, Status
from mondaybridge.domain.admission import Activation, Shown
from mondaybridge.domain.allocation import Decision
from mondaybridge.domain.approval import Evidence
from mondaybridge.domain.contract import Contract, ContractKind, DatedRate, Package
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.guards import guarded
from mondaybridge.domain.included import to_be_closed
from mondaybridge.domain.ledger import (
    Balance,
    Entry,
    EntryKind,
    as_sum,
    balance,
    summed,
)
from mondaybridge.domain.metered import asked_in
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.outcome import Baseline, History, Review
from mondaybridge.domain.plan_months import PlanMonth, used_up
from mondaybridge.domain.review import review

ZONE = "Europe/Rome"
PLANNED = {"included", "overage"}
PRICE = RateKey(240_000, "eur", "txr_22")
HOURLY = RateKey(6_500, "gbp", "txr_20")


def at(text: str, zone: str = ZONE) -> int:
    """Return the instant of a local date and time, ``2026-10-05`` or ``2026-10-05 14:30``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def package(
    name: str = "p1", minutes: int = 600, sold: str = "2026-10-01", **more: object
) -> Package:
    return Package(name, minutes, at(sold), PRICE, **more)  # type: ignore[arg-type]  # its terms


def prepaid(*packages: Package, **terms: object) -> Contract:
    return Contract(
        "c1",
        "client",
        ContractKind.PREPAID_PACKAGE,
        ZONE,
        at("2026-10-01"),
        packages=packages or (package(),),
        **terms,  # type: ignore[arg-type]  # a test names the term it is about
    )


def metered(*rates: DatedRate, **terms: object) -> Contract:
    return Contract(
        "c2",
        "client",
        ContractKind.PAY_AS_YOU_GO,
        "Europe/London",
        at("2026-01-01", "Europe/London"),
        rates=rates or (DatedRate(0, HOURLY),),
        **terms,  # type: ignore[arg-type]  # a test names the term it is about
    )


def worked(minutes: int, day: str, name: str = "s1", *, seconds: int = 0) -> Session:
    start = at(day if " " in day else f"{day} 09:00")
    length = minutes * 60 + seconds
    return Session(name, Capture.TRACKED, start, start + length * 1000, length, "7")


def activity(
    name: str,
    estimate: int | None = None,
    *sessions: Session,
    approval: Approval = Approval.APPROVED,
    status: Status = Status.WORKING,
    **cells: object,
) -> Activity:
    return Activity(
        name,
        "b1",
        f"Activity {name}",
        status=status,
        approval=approval,
        estimate_seconds=None if estimate is None else estimate * 60,
        sessions=sessions,
        **cells,  # type: ignore[arg-type]  # a test names the cell it is about
    )


@dataclass
class Book:
    """Entries, activations and decisions of one contract, with a clock that only moves on."""

    contract: Contract
    now: int
    entries: list[Entry] = field(default_factory=list)
    activations: dict[str, Activation] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    marks: dict[str, BillingMark] = field(default_factory=dict)
    elsewhere: dict[str, dict[str, int]] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    baseline: Baseline | None = None
    read_at: int | None = None
    taken: dict[str, int] = field(default_factory=dict)
    told: frozenset[tuple[int, int]] = frozenset()
    ended: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    plan_months: dict[str, PlanMonth] = field(default_factory=dict)
    rows: Sequence[Activity] = ()

    def history(self) -> History:
        return History(
            summed(self.entries),
            self.activations,
            self.decisions,
            frozenset(self.closed),
            self.marks,
            self.elsewhere,
            self.evidence,
            self.shown,
            self.users,
            self.baseline,
            self.read_at,
            self.taken,
            self.told,
            ended=self.ended,
            people=self.people,
            plan_months=self.plan_months,
            frozen=[
                as_sum(e)
                for e in self.entries
                if e.kind is EntryKind.POST and e.period in self.closed
            ],
        )

    def review(self, *rows: Activity) -> Review:
        self.now += 60_000
        self.rows = rows
        decided = review(self.contract, rows, self.history(), self.now)
        self.entries += decided.entries
        self.activations |= {a.activity_id: a for a in decided.activations}
        self.baseline = decided.baseline or self.baseline
        self.told |= set(decided.told)
        return decided

    def close(self, period: str) -> PlanMonth | None:
        """Close a month as ``fix_month`` does: a plan's is recorded with what was used of it."""
        bought = None
        if self.contract.plans:
            mine = [e for e in self.entries if e.period == period and e.source in PLANNED]
            opened = to_be_closed(self.contract, period, self.history())
            rows = list(guarded(self.rows, self.contract, self.history()).values())
            asked = asked_in(self.contract, rows, self.history(), period)
            bought = replace(used_up(opened, sum(e.minutes for e in mine)), asked=asked)
            self.plan_months[period] = bought
        self.closed.add(period)
        return bought

    def show(self, name: str) -> None:
        """Tell the client the numbers of the last verdict: a later consent confirms them (R15b)."""
        seen = self.activations[name].assessment
        assert seen, f"{name} was never judged"
        self.shown[name] = Shown(self.now, seen.charge, seen.shortfall)

    def step(self, rows: Sequence[Activity]) -> list[tuple[str, int]]:
        return [(e.kind.value, e.minutes) for e in self.review(*rows).entries]

    @property
    def balance(self) -> Balance:
        return balance(self.entries)
