"""Who may take the free residual below zero, and who never does (ledger 4, 5.2; S1, S4, S14).

Only two things may: a client's recorded word that came after the numbers, and a fall of what was
granted (a package that expires, a credit that is withdrawn, a refund).
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from deskbook import asked, board
from ledgerbook import at, package, worked
from ledgerworld import ALL, CHARGED_AGAIN, INPUTS, MENDED, TOLD_TODAY, Action, World, actions
from mondaybridge.domain.activity import Approval, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.ledger import GRANTING
from mondaybridge.domain.outcome import Review
from mondaybridge.domain.review import review

QUICK = settings(derandomize=True, max_examples=150, deadline=None)
QUIET = tuple(kind for kind in ALL if kind != "confirm")
TODAY = tuple(
    kind
    for kind in (*TOLD_TODAY, *TOLD_TODAY, *INPUTS, *MENDED, "reject", "withdraw", "delete")
    if kind not in {"work", "edit"}
)


def fall(decided: Review) -> int:
    """Return by how much P fell in a review: expiries, credits withdrawn, refunds."""
    return sum(e.minutes for e in decided.entries if e.kind in GRANTING and e.minutes < 0)


@QUICK
@given(actions(TODAY))
def test_S1_without_a_recorded_word_no_review_takes_free_below_zero(played: list[Action]) -> None:
    world = World()
    world.review()
    for action in played:
        free = world.book.balance.free
        decided = world.play(action)
        assert not any(one.overcommit for one in world.book.activations.values())
        assert world.book.balance.free >= min(0, free) + fall(decided)


@QUICK
@given(actions(CHARGED_AGAIN, keys="AC", least=50))
def test_S1_what_is_charged_again_takes_nothing_that_others_were_given(
    played: list[Action],
) -> None:
    """A row that was free of charge meanwhile asks anew: nobody agreed to its minutes twice."""
    world = World()
    world.review()
    for action in played:
        free = world.book.balance.free
        decided = world.play(action)
        assert world.book.balance.free >= min(0, free) + fall(decided)


@QUICK
@given(actions(QUIET))
def test_5_2_only_work_told_late_takes_its_place_before_what_was_admitted_since(
    played: list[Action],
) -> None:
    """Overrun is funded in the order of work, so that arrival decides nothing (ledger 5.2).

    Told late, it may take what an activation was given meanwhile; no other gesture may.
    """
    world = World()
    world.review()
    for action in played:
        free = world.book.balance.free
        decided = world.play(action)
        if action[0] not in {"work", "edit"}:
            assert world.book.balance.free >= min(0, free) + fall(decided)


@QUICK
@given(actions(ALL, 16))
def test_S3_at_rest_a_second_review_decides_nothing_new(played: list[Action]) -> None:
    world = World()
    world.review()
    for action in played:
        world.play(action)
    again = review(
        world.book.contract, list(world.rows.values()), world.book.history(), world.book.now
    )
    quiet = again.entries, again.activations, again.facts, again.told, again.baseline
    assert quiet == ((), (), (), (), None)


def test_S1_a_package_that_expires_under_a_reserve_shows_the_lack_and_blocks_the_start() -> None:
    house = board(60)
    first, second = (package(minutes=60, expires_at=at("2026-11-01")), package("p2", 30))
    house.book.contract = replace(house.book.contract, packages=(first, second))
    house.put(asked("A", 80, approval=Approval.APPROVED))
    assert house.sums == (90, 0, 80, 90, 10)
    house.book.now = at("2026-11-02")
    house.change("A", status=Status.WORKING)
    assert house.sums == (30, 0, 80, 30, -50)
    assert (house.state(), house.book.activations["A"].blocked) == ([Admission.ACTIVE], True)
    assert house.numbers("A", "need", "hard", "missing") == (80, 30, 50)


def test_S1_a_credit_that_is_withdrawn_takes_back_what_others_have_reserved_on_it() -> None:
    house = board(100)
    house.put(
        asked(
            "A",
            60,
            worked(60, "2026-10-01"),
            approval=Approval.APPROVED,
            bug=True,
            documentation="the report",
        )
    )
    house.put(asked("B", 100, approval=Approval.APPROVED))
    assert house.sums == (160, 60, 100, 100, 0)
    assert house.change("A", bug=False) == [("credit", -60)]
    assert house.sums == (100, 60, 100, 40, -60)
    house.put(asked("C", 10, approval=Approval.APPROVED))
    assert (house.state("C"), house.numbers("C", "shortfall")) == ([Admission.CONFIRM], (70,))


@given(
    st.lists(st.tuples(st.integers(0, 7_300), st.sampled_from([1, 2, 3])), max_size=6),
    st.sampled_from([1, 5, 6, 15, 30]),
)
def test_S14_reserved_posted_and_free_are_whole_minutes_rounded_once(
    rows: list[tuple[int, int]], increment: int
) -> None:
    house = board(10_000, increment_minutes=increment)
    house.put(
        *(
            replace(asked(chr(65 + n), approval=Approval.APPROVED, factor=k), estimate_seconds=s)
            for n, (s, k) in enumerate(rows)
        )
    )
    whole = sum(-(-k * s // (60 * increment)) * increment for s, k in rows)
    assert house.sums == (10_000, 0, whole, 10_000, 10_000 - whole)
    assert {type(entry.minutes) for entry in house.book.entries} == {int}


def test_S4_forty_requests_on_the_last_minutes_admit_what_fits_and_no_more() -> None:
    house = board(600)
    rows = [asked("A", 25, created_at=n) for n in range(1, 41)]
    house.put(*(replace(row, activity_id=f"r{n:02}") for n, row in enumerate(rows)))
    states = house.state()
    assert states == [Admission.ACTIVE] * 24 + [Admission.CONFIRM] * 16
    assert house.sums == (600, 0, 600, 600, 0)
