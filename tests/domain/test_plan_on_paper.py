"""A plan's ledger is what the rules say, told a second time on paper (ledger 1, 6, semantics 6)."""

import os
from collections import Counter
from random import Random

import paperplan
from counts import COUNTED, Record
from ledgerbook import Book
from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import (
    Contract,
    ContractKind,
    DatedRate,
    Plan,
    PlanPhase,
    Policies,
    Proration,
    Rollover,
)
from mondaybridge.domain.ledger import POSTING, EntryKind
from mondaybridge.domain.money import RateKey, parse_rate_key
from mondaybridge.domain.plan_months import fee_lines
from mondaybridge.domain.usage import itemise
from paperplan import Paper, Row, Terms, amount, instant, month_name

# How many histories are played; more by hand.
HISTORIES = int(os.environ.get("PAPER_HISTORIES", "460"))
STEPS = 22
HOURS = (0, 8, 10, 22)


def _terms(chance: Random) -> tuple[Contract, Paper]:
    currency = chance.choice(["gbp", "jpy"])
    rise = instant(2026, chance.randint(2, 4), chance.choice([1, 16]))
    plans = []
    for rank in (10, 20, 30):
        prices = ((0, chance.choice([4_999, 5_500])), (rise, chance.choice([5_501, 6_000])))
        plans.append(
            Terms(
                f"s{rank}",
                rank,
                chance.choice([60, 100, 601, 1_800]),
                chance.choice([0, 9_999, 165_000]),
                prices[: chance.randint(1, 2)],
            )
        )
    begins = instant(2026, 2, chance.choice([1, 1, 12]))
    phases = [(begins, chance.choice(plans))]
    for day in sorted(chance.sample(range(2, 27), chance.choice([0, 0, 1, 2]))):
        other = [one for one in plans if one is not phases[-1][1]]
        phases.append((instant(2026, chance.randint(3, 4), day), chance.choice(other)))
    phases = sorted({at: (at, one) for at, one in phases}.values(), key=lambda one: one[0])
    phases = [p for n, p in enumerate(phases) if not n or p[1] is not phases[n - 1][1]]
    ends = chance.choice([None, None, instant(2026, 4, 11)])
    keep = chance.choice([None, (90, 1), (10_000, 2)])
    step, daily = chance.choice([1, 1, 15]), chance.random() < 0.4
    contract = Contract(
        "c",
        "client",
        ContractKind.POSTPAID_PLAN,
        "Europe/London",
        begins,
        ends,
        step,
        policies=Policies(urgent_factor=2),
        plans=tuple(PlanPhase(at, _plan(one, currency)) for at, one in phases),
        proration=Proration.DAILY if daily else Proration.NONE,
        rollover=Rollover(*keep) if keep else None,
    )
    return contract, Paper(phases, begins, ends, step, daily, keep)


def _plan(one: Terms, currency: str) -> Plan:
    rates = tuple(DatedRate(at, RateKey(price, currency)) for at, price in one.over)
    return Plan(one.name, one.rank, one.minutes, RateKey(one.fee, currency), rates)


def _activity(key: str, row: Row) -> Activity:
    sessions = tuple(
        Session(f"{key}{n}", Capture.TRACKED, at, at + seconds * 1000, seconds)
        for n, (at, seconds) in enumerate(row.sessions)
    )
    told = "BUG-1" if row.bug else ""
    mail = "mail" if row.times > 1 else ""
    return Activity(
        key,
        "b",
        f"row {key}",
        sessions=sessions,
        bug=row.bug,
        documentation=told,
        urgent=row.times > 1,
        evidence=mail,
    )


def _session(chance: Random, serial: int) -> tuple[int, int]:
    day = instant(2026, chance.randint(1, 5), chance.choice([1, 5, 15, 16, 28, 28]))
    if chance.random() < 0.1:
        day = instant(2026, 3, 29)  # the clocks go forward
    at = day + chance.choice(HOURS) * 3_600_000 + serial * 1_000
    return at, chance.choice([1, 59, 61, 630, 3_600, 5_399, 20_000, 40_000])


def _edit(chance: Random, rows: dict[str, Row], serial: int) -> str:
    row = rows[chance.choice(sorted(rows))]
    what = chance.choice(["work", "work", "work", "undo", "move", "bug", "urgent", "longer"])
    if what == "work" or not row.sessions:
        row.sessions.append(_session(chance, serial))
        return "work"
    place = chance.randrange(len(row.sessions))
    if what == "undo":
        row.sessions.pop(place)
    elif what == "move":
        row.sessions[place] = (_session(chance, serial)[0], row.sessions[place][1])
    elif what == "longer":
        row.sessions[place] = (row.sessions[place][0], _session(chance, serial)[1])
    elif what == "bug":
        row.bug = not row.bug
    else:
        row.times = 3 - row.times
    return what


def _agrees(book: Book, paper: Paper, rows: dict[str, Row]) -> None:
    stands: Counter[paperplan.Where] = Counter()
    back: Counter[tuple[str, str]] = Counter()
    for one in book.entries:
        if one.kind in POSTING:
            price = parse_rate_key(one.rate_key).unit_minor
            stands[one.activity_id, one.period, one.source, price] += one.minutes
        elif one.kind is EntryKind.CREDIT:
            back[one.activity_id, one.period] += one.minutes
        assert one.cause
    where, given = paper.tell(rows)
    assert {k: m for k, m in stands.items() if m} == where
    assert {k: m for k, m in back.items() if m} == given
    money = {
        (
            line.line_id.subject,
            line.line_id.period,
            line.line_id.source,
            line.line_id.rate_key,
        ): line.amount_minor
        for line in itemise("c", book.entries)
        if line.amount_minor
    }
    currency = book.contract.plans[0].plan.fee.currency
    assert money == {
        (key, month, source, f"{price}/{currency}/"): amount(m, price)
        for (key, month, source, price), m in where.items()
        if amount(m, price)
    }


def _fees(book: Book, paper: Paper, now: int) -> None:
    found = [
        (one.line_id.period, one.line_id.subject, one.amount_minor)
        for one in fee_lines(book.contract, book.plan_months, book.closed, now)
    ]
    name, wanted = month_name(paper.begins), []
    while name <= month_name(now):
        recorded = paper.closed.get(name)
        fees = recorded.fees if recorded else paper.bought(name)[1]
        wanted += [(name, subject, minor) for subject, minor in fees]
        name = paperplan.next_name(name)
    assert found == wanted


def _history(seed: int, counted: Counter[str]) -> None:
    chance = Random(seed)  # noqa: S311 - no secret hangs on it
    contract, paper = _terms(chance)
    book = Book(contract, instant(2026, 6, 1))
    rows = {key: Row() for key in "ABCD"[: chance.randint(1, 4)]}
    months = ["2026-02", "2026-03", "2026-04"]
    for serial in range(STEPS):
        if months and chance.random() < 0.12:
            closing = months.pop(0)
            paper.close(closing, rows)
            recorded = book.close(closing)
            assert recorded is not None
            mine = paper.closed[closing]
            assert (recorded.limit, recorded.goodwill) == (mine.limit, mine.goodwill)
            assert [(lot.origin, lot.minutes) for lot in recorded.unused] == mine.left
            counted["closes"] += 1
        else:
            counted[_edit(chance, rows, serial)] += 1
        activities = [_activity(key, row) for key, row in rows.items()]
        before = len(book.entries)
        book.review(*activities)
        counted["late"] += sum(e.kind is EntryKind.ADJUST for e in book.entries[before:])
        _agrees(book, paper, rows)
        assert book.step(activities) == []
        counted["reviews"] += 1
    _fees(book, paper, instant(2026, 5, 3))
    counted["histories"] += 1


def test_6_6_the_ledger_of_a_plan_is_what_the_paper_says(record_property: Record) -> None:
    counted: Counter[str] = Counter()
    for seed in range(HISTORIES):
        _history(seed, counted)
    record_property(COUNTED, dict(counted))
    assert counted["reviews"] >= 10_000
    assert min(counted["late"], counted["closes"]) > HISTORIES
