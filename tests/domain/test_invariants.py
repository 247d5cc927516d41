"""Whatever is played, what ledger 1, 2 and 5 promise holds after every review."""

from collections import Counter

from hypothesis import given, settings

from ledgerworld import ABSENCE, ALL, Action, World, actions
from mondaybridge.domain.activity import Approval, Presence, Status
from mondaybridge.domain.ledger import (
    GRANTING,
    POSTING,
    RESERVING,
    Entry,
    charge,
)
from mondaybridge.domain.outcome import Review
from mondaybridge.domain.review import review

QUICK = settings(derandomize=True, max_examples=150, deadline=None)


@QUICK
@given(actions(ALL))
def test_every_review_keeps_the_promises(played: list[Action]) -> None:
    world = World()
    world.review()
    for action in played:
        done = len(world.book.entries)
        decided = world.play(action)
        written = world.book.entries[done:]
        check_posts(world, done)
        check_reserves(world, done)
        check_conservation(world)
        check_admissions(decided)
        check_absence(action, written)
        check_rest(world)


def check_posts(world: World, done: int) -> None:
    """hard >= 0 after every post that draws: credits and expiries alone may lower it below."""
    granted, posted = Counter[str](), Counter[str]()
    for number, entry in enumerate(world.book.entries):
        granted[entry.package_id] += entry.minutes if entry.kind in GRANTING else 0
        posted[entry.package_id] += entry.minutes if entry.kind in POSTING else 0
        bug = entry.activity_id and world.rows[entry.activity_id].bug
        if number >= done and entry.kind in POSTING and entry.minutes > 0 and not bug:
            assert granted[entry.package_id] >= posted[entry.package_id]


def check_reserves(world: World, done: int) -> None:
    """At every prefix releases stay below reserves; what has ended reserves nothing."""
    reserved = Counter[tuple[str, str]]()
    for entry in world.book.entries:
        if entry.kind in RESERVING:
            reserved[entry.activity_id, entry.package_id] += entry.minutes
            assert reserved[entry.activity_id, entry.package_id] >= 0
    for key, row in world.rows.items():
        ended = row.status in {Status.DONE, Status.CANCELLED}
        ended |= row.approval is not Approval.APPROVED or row.presence is Presence.DELETED
        if ended and not row.unreadable:
            assert sum(m for (activity_id, _), m in reserved.items() if activity_id == key) == 0


def check_conservation(world: World) -> None:
    """posted + unfunded + unapproved + absorbed = charge, per activity and month."""
    absorbed = Counter[tuple[str, str]]()
    for decision in world.book.decisions:
        if decision.choice.value == "absorb":
            for period, minutes in decision.periods:
                absorbed[decision.activity_id, period] += minutes
    for key, row in world.rows.items():
        if not row.movable:
            continue
        known = world.book.activations[key]
        factor = known.factor if known.active else row.factor
        for period in ("2026-10", "2026-11", "2026-12"):
            seconds = sum(s.seconds for s in row.sessions if month(s.started_at) == period)
            shown = world.posted(key, period) + world.held.get((key, period), 0)
            absent = charge(seconds, factor=factor) - shown
            assert 0 <= absent <= absorbed[key, period]


def month(instant: int) -> str:
    from mondaybridge.domain.worktime import month_of

    return month_of(instant, "Europe/Rome").name


def check_admissions(decided: Review) -> None:
    for one in decided.activations:
        assert not (one.active and one.activated_at == 0)
        if one.active and one.need > one.hard:
            assert one.estimate_seconds is not None


def check_absence(action: Action, written: list[Entry]) -> None:
    """Deleting, losing, parking, rejecting and closing lower nothing."""
    if action[0] in ABSENCE or action[0] == "close":
        assert [e for e in written if e.kind in POSTING and e.minutes < 0] == []
    if action[0] == "close":
        assert [e for e in written if e.kind in POSTING] == []


def check_rest(world: World) -> None:
    again = review(
        world.book.contract, list(world.rows.values()), world.book.history(), world.book.now + 1
    )
    assert (again.entries, again.activations) == ((), ())
