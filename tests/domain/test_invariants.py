"""Whatever is played, what ledger 1, 2 and 5 promise holds after every review."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import Book
from ledgerworld import ABSENCE, ALL, INPUTS, PLAIN, Action, World, actions
from mondaybridge.domain.activity import Presence, Status
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.ledger import (
    GENESIS,
    GRANTING,
    POSTING,
    RESERVING,
    Entry,
    chain,
    charge,
    entry_hash,
)
from mondaybridge.domain.review import review
from mondaybridge.domain.worktime import month_of

QUICK = settings(derandomize=True, max_examples=120, deadline=None)
ENDED = {Status.DONE, Status.CANCELLED}


@QUICK
@given(actions(ALL))
def test_S1_S2_S3_S4_S9_every_review_keeps_the_promises(played: list[Action]) -> None:
    world = World()
    world.review()
    for action in played:
        done, before = len(world.book.entries), dict(world.book.activations)
        world.play(action)
        check_hard(world, done)
        check_reserves(world)
        check_conservation(world)
        check_admissions(world, before)
        check_absence(action, world.book.entries[done:])
        check_rest(world)
    check_chain(world)


def check_hard(world: World, done: int) -> None:
    """hard >= 0 after every post that draws: only a fall of P may bring it below."""
    hard = Counter[str]()
    for number, entry in enumerate(world.book.entries):
        hard[entry.package_id] += entry.minutes if entry.kind in GRANTING else 0
        hard[entry.package_id] -= entry.minutes if entry.kind in POSTING else 0
        bug = entry.activity_id and world.rows[entry.activity_id].bug
        if number >= done and entry.kind in POSTING and entry.minutes > 0 and not bug:
            assert hard[entry.package_id] >= 0


def check_reserves(world: World) -> None:
    """At every prefix releases stay within reserves; what has ended reserves nothing."""
    reserved = Counter[tuple[str, str]]()
    for entry in world.book.entries:
        if entry.kind in RESERVING:
            place = entry.activity_id, entry.package_id
            reserved[place] += entry.minutes
            assert reserved[place] >= 0
    for key, row in world.rows.items():
        absent = not world.book.activations[key].active or row.presence is Presence.DELETED
        if (absent or row.status in ENDED) and not row.unreadable:
            assert sum(m for place, m in reserved.items() if place[0] == key) == 0


def check_conservation(world: World) -> None:
    """posted + unfunded + unapproved + absorbed = charge, per activity and month."""
    absorbed = Counter[tuple[str, str]]()
    for decision in world.book.decisions:
        if decision.choice.value == "absorb":
            for period, minutes in decision.periods:
                absorbed[decision.activity_id, period] += minutes
    for key, row in world.rows.items():
        if row.movable:
            known = world.book.activations[key]
            factor = known.factor if known.active else row.factor
            for period in ("2026-10", "2026-11", "2026-12"):
                inside = (s for s in row.sessions if in_rome(s.started_at) == period)
                charged = charge(sum(s.seconds for s in inside), factor=factor)
                shown = world.posted(key, period) + world.held.get((key, period), 0)
                assert 0 <= charged - shown <= absorbed[key, period]


def in_rome(instant: int) -> str:
    return month_of(instant, "Europe/Rome").name


def check_admissions(world: World, before: dict[str, Activation]) -> None:
    """Whoever is given hours needed no more than was hard; a start judged again says so."""
    for key, now in world.book.activations.items():
        then = before.get(key)
        given_more = now.active and (
            not (then and then.active)
            or (now.estimate_seconds or 0) > (then.estimate_seconds or 0)
            or now.factor > then.factor
            or (now.reserving and not then.reserving)
        )
        if given_more:
            assert now.need <= now.hard or now.blocked
        if now.active and not now.auto and not world.rows[key].unreadable:
            assert now.consent
            assert now.consent.covers(now.estimate_seconds)


def check_absence(action: Action, written: list[Entry]) -> None:
    """Deleting, losing, parking, rejecting lower nothing; closing posts nothing at all."""
    posts = [entry.minutes for entry in written if entry.kind in POSTING]
    if action[0] in ABSENCE:
        assert [minutes for minutes in posts if minutes < 0] == []
    if action[0] == "close":
        assert posts == []


def check_rest(world: World) -> None:
    """A second review writes nothing."""
    rows = list(world.rows.values())
    again = review(world.book.contract, rows, world.book.history(), world.book.now + 1)
    assert (again.entries, again.activations) == ((), ())


def check_chain(world: World) -> None:
    links = chain(world.book.entries, contract_id="c1", seq=0, head=GENESIS, posted_at=1)
    head = GENESIS
    for link in links:
        assert link.hash == entry_hash(link.entry, "c1", link.seq, head, 1)
        forged = replace(link.entry, minutes=link.entry.minutes + 1)
        assert link.hash != entry_hash(forged, "c1", link.seq, head, 1)
        head = link.hash


@QUICK
@given(actions((*INPUTS, *PLAIN)))
def test_open_months_settle_at_the_last_state_whatever_came_before(played: list[Action]) -> None:
    """Two histories that agree on these end with the same sums, package by package.

    They are: rows, terms, the instant, decisions with their instants, what was shown, and the
    activations with their steps, and what rows that lapsed since had posted. Reviews in between,
    and what else they wrote, do not matter.
    """
    world = World()
    world.review()
    for action in played:
        world.play(action)
    other = Book(
        world.book.contract,
        world.book.now,
        [e for e in world.book.entries if e.kind in POSTING and lapsed(world, e)],
        activations=dict(world.book.activations),
        decisions=world.book.decisions,
        shown=world.book.shown,
    )
    settled = World(other, world.rows)
    settled.review()
    assert settled.sums() == world.sums()
    assert other.activations == world.book.activations


def lapsed(world: World, entry: Entry) -> bool:
    return not world.book.activations[entry.activity_id].active


@QUICK
@given(actions(ALL, 12), st.randoms(use_true_random=False))
def test_the_order_of_arrival_of_rows_and_sessions_changes_nothing(
    played: list[Action], random: Random
) -> None:
    world = World()
    world.review()
    for action in played:
        world.play(action)
    rows = [
        replace(row, sessions=tuple(random.sample(row.sessions, len(row.sessions))))
        for row in random.sample(list(world.rows.values()), len(world.rows))
    ]
    again = review(world.book.contract, rows, world.book.history(), world.book.now + 1)
    assert (again.entries, again.activations) == ((), ())
