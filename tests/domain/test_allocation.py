"""Packages in their order, minutes in theirs (ledger 5.3, semantics 6.4)."""

from itertools import permutations

from ledgerbook import at, package, prepaid
from mondaybridge.domain.admission import Activation, Admission, Step
from mondaybridge.domain.allocation import (
    Claim,
    Increment,
    Pool,
    PostKey,
    increments,
    ordered,
    spread,
    take_back,
    trimmed,
)
from mondaybridge.domain.work import Piece

FIRST = package("p1", 100, expires_at=at("2026-12-01"))
SECOND = package("p2", 100, "2026-11-01")


def pool(**rooms: int) -> Pool:
    return Pool(prepaid(FIRST, SECOND), rooms or {"p1": 100, "p2": 100})


def claim(name: str, activated_at: int) -> Claim:
    return Claim(name, Activation(name, Admission.ACTIVE, steps=(Step(activated_at, 1),)))


def test_6_4_packages_go_by_priority_then_expiry_then_sale_then_id() -> None:
    soon, late = at("2026-12-01"), at("2027-01-01")
    expected = [
        package("first", priority=0),
        package("soon", expires_at=soon),
        package("late", expires_at=late),
        package("a-old", sold="2026-09-01"),
        package("a-tie"),
        package("b-tie"),
    ]
    for shuffled in list(permutations(expected))[::97]:
        assert ordered(shuffled) == expected


def test_6_4_a_package_is_eligible_from_its_sale_to_its_expiry() -> None:
    instants = ["2026-09-30", "2026-10-01", "2026-11-01", "2026-12-01"]
    assert [[p.package_id for p in pool().eligible(at(i))] for i in instants] == [
        [],
        ["p1"],
        ["p1", "p2"],
        ["p2"],
    ]
    assert [pool().hard(at(i)) for i in instants] == [0, 100, 200, 100]


def test_6_4_a_package_that_is_not_granted_yet_is_not_eligible() -> None:
    assert pool(p1=100).eligible(at("2026-11-02")) == [FIRST]


def test_1_free_is_hard_less_reserves_over_packages_of_today_and_of_the_work() -> None:
    book = pool()
    book.reserve("A", 30)
    assert book.free(at("2026-12-02"), at("2026-12-02")) == 70
    assert book.free(at("2026-12-02"), at("2026-10-05")) == 170


def test_increments_say_what_each_piece_adds_to_its_month() -> None:
    work = [
        Piece(10, "s1", "2026-10", "", 30),
        Piece(20, "s2", "2026-10", "", 20),
        Piece(30, "s3", "2026-10", "", 70),
        Piece(40, "s4", "2026-11", "", 1),
    ]
    assert increments(work, activity_id="A", factor=1, step=1, not_before=25) == [
        Increment(25, "A", "2026-10", 10, 1),
        Increment(30, "A", "2026-10", 30, 1),
        Increment(40, "A", "2026-11", 40, 1),
    ]


def test_5_2_absorbed_minutes_come_off_the_oldest_work() -> None:
    work = [Increment(n, "A", "2026-10", n, 10) for n in (1, 2, 3)]
    assert trimmed(work, 0) == work
    assert trimmed(work, 15) == [Increment(2, "A", "2026-10", 2, 5), work[2]]
    assert trimmed(work, 99) == []


def test_5_3_a_decrease_is_taken_back_from_the_last_package() -> None:
    book = pool()
    keys = [PostKey("A", name, "2026-10") for name in ("p1", "p2")]
    book.post(keys[0], 50)
    book.post(keys[1], 20)
    take_back(book, activity_id="A", period="2026-10", minutes=30)
    assert book.posts == {keys[0]: 40, keys[1]: 0}
    assert book.rooms == {"p1": 60, "p2": 100}


def test_5_3_a_package_that_left_the_configuration_still_counts() -> None:
    book = Pool(prepaid(FIRST), {"p1": 100, "gone": 5})
    book.post(PostKey("A", "gone", "2026-10"), 5)
    take_back(book, activity_id="A", period="2026-10", minutes=5)
    assert book.rooms == {"p1": 100, "gone": 5}


def test_5_3_reserves_go_to_packages_in_order_and_the_excess_stays_on_the_last() -> None:
    book = pool()
    book.reserve("late", 150)
    book.reserve("early", 80)
    claims = [claim("late", 2), claim("early", 1)]
    assert spread(book, claims, at("2026-11-02"), {}) == {
        ("early", "p1"): 80,
        ("late", "p1"): 20,
        ("late", "p2"): 130,
    }


def test_5_6_a_pinned_reserve_stays_and_takes_its_room() -> None:
    book = pool()
    book.reserve("A", 50)
    book.reserve("B", 60)
    pinned = {("A", "p1"): 50}
    claims = [claim("A", 1), claim("B", 2)]
    assert spread(book, claims, at("2026-11-02"), pinned) == {
        ("A", "p1"): 50,
        ("B", "p1"): 50,
        ("B", "p2"): 10,
    }


def test_5_5_without_an_eligible_package_nothing_is_reserved() -> None:
    book = pool(p1=100)
    book.reserve("A", 50)
    assert spread(book, [claim("A", 1)], at("2027-01-01"), {}) == {}
