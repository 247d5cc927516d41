"""Nothing is lost at the end of a package: whatever happens, the parts are the charge (6.8, 6.10).

Posted, billed, held and absorbed minutes of an activity and month add up to what its seconds come
to; the order in which anything arrives does not matter; only decisions are remembered.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import DatedRate, Overrun, Package, Policies
from mondaybridge.domain.ledger import POSTING, EntryKind, charge
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.outcome import HeldReason
from mondaybridge.domain.prepaid import Decided, review_prepaid
from mondaybridge.domain.worktime import DAY_MS, month_of
from packagebook import PackageBook, change

QUICK = settings(derandomize=True, max_examples=100, deadline=None)
RATES = (
    DatedRate(at("2026-10-01"), RateKey(5_500, "eur", "")),
    DatedRate(at("2026-10-16"), RateKey(6_000, "eur", "")),
)
DECISIONS = ("bill", "absorb", "next_package", "wait")
OPEN = ("work", "work", "work", "edit", "estimate", "approve", "done", "working", "topup")
ALL = (
    *OPEN,
    *DECISIONS,
    "bug",
    "urgent",
    "reject",
    "cancel",
    "delete",
    "restore",
    "close",
    "refund",
)
Action = tuple[str, str, int]


def policies() -> st.SearchStrategy[Policies]:
    return st.builds(
        Policies,
        overrun=st.sampled_from(Overrun),
        posts_unapproved=st.booleans(),
        overage=st.sampled_from([RATES, ()]),
    )


def actions(kinds: tuple[str, ...]) -> st.SearchStrategy[list[Action]]:
    step = st.tuples(st.sampled_from(kinds), st.sampled_from("AB"), st.integers(0, 90))
    return st.lists(step, min_size=1, max_size=24)


def under(terms: Policies, *packages: Package) -> PackageBook:
    first = package("p1", 80, expires_at=at("2026-11-10"), lapses_at=at("2026-11-13"))
    return PackageBook(prepaid(first, *packages, policies=terms), at("2026-10-01 08:00"))


@dataclass
class World:
    book: PackageBook
    rows: dict[str, Activity] = field(
        default_factory=lambda: {
            "A": activity("A", 30),
            "B": activity("B", 30, approval=Approval.NONE),
        }
    )
    held: Counter[tuple[str, str]] = field(default_factory=Counter)

    def play(self, action: Action) -> None:
        kind, key, number = action
        if kind in {"work", "edit"} and self.rows[key].presence is Presence.ACTIVE:
            self._work(key, number, again=kind == "edit")
        elif kind == "topup":
            self._top_up(number)
        elif kind == "close" and self.book.now >= at("2026-11-03"):
            self.book.closed.add("2026-10")
        elif kind == "refund":
            change(self.book, -number // 4, EntryKind.REFUND)
        elif kind in DECISIONS:
            self._decide(key, Choice(kind))
        else:
            self.rows[key] = _changed(self.rows[key], kind, number)
        self.book.now += 3 * DAY_MS

    def review(self) -> Decided:
        """Review, keep what it writes, and look again at what is then there."""
        self.book.review(*self.rows.values())
        seen = self.seen(list(self.rows.values()))
        self.held = Counter()
        for one in seen.review.held:
            self.held[one.activity_id, one.period] += one.minutes
            assert one.reason is not HeldReason.PARKED
        return seen

    def seen(self, rows: list[Activity]) -> Decided:
        return review_prepaid(self.book.contract, rows, self.book.history(), self.book.now)

    def posted(self, key: str, period: str) -> int:
        return sum(
            e.minutes
            for e in self.book.entries
            if e.kind in POSTING and (e.activity_id, e.period) == (key, period)
        )

    def charged(self, key: str, period: str) -> int:
        row, known = self.rows[key], self.book.activations[key]
        inside = [s for s in row.sessions if month_of(s.started_at, "Europe/Rome").name == period]
        factor = known.factor if known.steps else row.factor
        return charge(sum(s.seconds for s in inside), factor=factor)

    def _work(self, key: str, number: int, *, again: bool) -> None:
        row = self.rows[key]
        kept = row.sessions[:-1] if again else row.sessions
        days = (self.book.now - at("2026-10-01")) // DAY_MS
        day = at("2026-10-01 09:00") + number * 7 % (days + 1) * DAY_MS
        session = replace(worked(number, "2026-10-01", f"s{number}-{len(kept)}"), started_at=day)
        session = replace(session, ended_at=day + session.seconds * 1000)
        self.rows[key] = replace(row, sessions=(*kept, session) if number else kept)

    def _top_up(self, number: int) -> None:
        known = self.book.contract.packages
        if len(known) < 4:
            sold = replace(package(f"p{len(known) + 1}", 10 + number), sold_at=self.book.now)
            self.book.contract = replace(self.book.contract, packages=(*known, sold))

    def _decide(self, key: str, choice: Choice) -> None:
        periods = tuple((p, m) for (k, p), m in sorted(self.held.items()) if k == key)
        if periods:
            self.book.decisions.append(Decision(key, choice, periods, self.book.now))


def _changed(row: Activity, kind: str, number: int) -> Activity:
    cells: dict[str, dict[str, object]] = {
        "estimate": {"estimate_seconds": number * 60, "approval_reference": f"mail {number}"},
        "approve": {"approval": Approval.APPROVED},
        "reject": {"approval": Approval.REJECTED},
        "done": {"status": Status.DONE},
        "working": {"status": Status.WORKING},
        "cancel": {"status": Status.CANCELLED},
        "delete": {"presence": Presence.DELETED},
        "restore": {"presence": Presence.ACTIVE},
        "bug": {"bug": number % 2 == 1, "documentation": "the report"},
        "urgent": {"factor": 1 + 2 * (number % 2), "approval_reference": f"mail {number}"},
    }
    return replace(row, **cells.get(kind, {}))  # type: ignore[arg-type]  # the gesture's cells


def check_parts(world: World, seen: Decided) -> None:
    """posted + billed + held + absorbed = charge; without an absorbing decision to the minute."""
    decided: Counter[tuple[str, str]] = Counter()
    for decision in world.book.decisions:
        if decision.choice is Choice.ABSORB:
            for period, minutes in decision.periods:
                decided[decision.activity_id, period] += minutes
    for key, row in world.rows.items():
        if row.presence is Presence.ACTIVE:
            for period in ("2026-10", "2026-11"):
                place = key, period
                shown = world.posted(*place) + world.held[place] + seen.pool.absorbed.get(place, 0)
                rest = world.charged(*place) - shown
                assert 0 <= rest <= decided[place], (place, rest)


@QUICK
@given(policies(), actions(ALL))
def test_6_8_the_parts_are_the_charge_and_a_second_review_writes_nothing(
    terms: Policies, played: list[Action]
) -> None:
    world = World(under(terms))
    world.review()
    for action in played:
        world.play(action)
        seen = world.review()
        check_parts(world, seen)
        assert (seen.review.entries, seen.review.activations) == ((), ())


@QUICK
@given(policies(), actions(ALL), st.randoms(use_true_random=False))
def test_6_4_the_order_of_arrival_changes_nothing(
    terms: Policies, played: list[Action], random: Random
) -> None:
    world = World(under(terms))
    for action in played:
        world.play(action)
        world.review()
    rows = [
        replace(row, sessions=tuple(random.sample(row.sessions, len(row.sessions))))
        for row in random.sample(list(world.rows.values()), len(world.rows))
    ]
    again = world.seen(rows).review
    assert (again.entries, again.activations) == ((), ())


@QUICK
@given(policies(), actions((*OPEN, *DECISIONS)))
def test_5_2_open_months_do_not_remember_what_was_posted_only_what_was_decided(
    terms: Policies, played: list[Action]
) -> None:
    world = World(under(terms))
    world.review()
    for action in played:
        world.play(action)
        world.review()
    fresh = PackageBook(
        world.book.contract,
        world.book.now,
        activations=dict(world.book.activations),
        decisions=world.book.decisions,
    )
    fresh.review(*world.rows.values())
    assert sums(fresh) == sums(world.book)


def sums(book: PackageBook) -> dict[tuple[str, ...], int]:
    totals: Counter[tuple[str, ...]] = Counter()
    for s in book.history().sums:
        totals[s.group.value, s.activity_id, s.package_id, s.period, s.rate_key] += s.minutes
    return {key: minutes for key, minutes in totals.items() if minutes}


@QUICK
@given(policies(), actions((*OPEN, *DECISIONS)))
def test_6_5_a_close_moves_nothing(terms: Policies, played: list[Action]) -> None:
    world = World(under(terms))
    world.review()
    for action in played:
        world.play(action)
        world.review()
    world.book.closed |= {"2026-10"}
    before = sums(world.book)
    world.review()
    assert {k: m for k, m in sums(world.book).items() if k[0] == "post"} == {
        k: m for k, m in before.items() if k[0] == "post"
    }


@pytest.mark.parametrize("choice", [Choice.BILL, Choice.ABSORB, Choice.NEXT_PACKAGE, Choice.WAIT])
def test_6_8_four_decisions_each_conserve_the_raw_minutes(choice: Choice) -> None:
    second = package("p2", 300, "2026-10-12")
    world = World(under(Policies(overage=RATES), second))
    world.rows = {"A": activity("A", 30, worked(100, "2026-10-02", seconds=30))}
    world.review()
    assert world.held == {("A", "2026-10"): 21}
    world._decide("A", choice)
    world.book.now = at("2026-10-13")
    seen = world.review()
    check_parts(world, seen)
    by_place = Counter[str]()
    for e in world.book.entries:
        if e.kind in POSTING:
            assert e.seconds_raw == 6_030
            by_place[e.package_id or e.source] += e.minutes
    beyond = {
        Choice.BILL: {"overage": 21},
        Choice.NEXT_PACKAGE: {"p2": 21},
        Choice.ABSORB: {},
        Choice.WAIT: {},
    }
    assert by_place == {"p1": 80, **beyond[choice]}
    assert sum(world.held.values()) == (21 if choice is Choice.WAIT else 0)


@QUICK
@given(policies(), actions(ALL), st.sampled_from([None, Choice.KEEP, Choice.DROP]))
def test_5_6_only_a_decision_takes_back_what_is_billed_of_rows_that_go(
    terms: Policies, played: list[Action], choice: Choice | None
) -> None:
    world = World(under(terms))
    for action in played:
        world.play(action)
        world.review()
    before = placed(world)
    world.rows = {k: replace(r, presence=Presence.DELETED) for k, r in world.rows.items()}
    world.review()
    assert placed(world) == before
    for (key, source, period), minutes in before.items():
        assert source != "overage" or world.held[key, period] >= minutes
    for key in world.rows if choice else ():
        world._decide(key, choice or Choice.KEEP)
    seen = world.review()
    packages = {place: m for place, m in before.items() if place[1] != "overage"}
    assert placed(world) == (packages if choice is Choice.DROP else before)
    assert seen.review.entries == ()
    if choice is Choice.DROP:
        assert +world.held == Counter()


def placed(world: World) -> dict[tuple[str, str, str], int]:
    totals: Counter[tuple[str, str, str]] = Counter()
    for e in world.book.entries:
        if e.kind in POSTING:
            totals[e.activity_id, e.source, e.period] += e.minutes
    return {place: minutes for place, minutes in totals.items() if minutes}
