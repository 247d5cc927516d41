"""Entries, the three sums and the chain (ledger 1-2)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaybridge.domain.ledger import (
    GENESIS,
    Balance,
    ChainedEntry,
    Entry,
    EntryKind,
    SumGroup,
    balance,
    chain,
    charge,
    entry_hash,
    group_of,
)
from mondaybridge.domain.outcome import in_order
from mondaybridge.domain.reasons import Cause

QUICK = settings(derandomize=True, max_examples=100, deadline=None)


def intact(chained: list[ChainedEntry], contract_id: str = "c1") -> bool:
    head = GENESIS
    for number, one in enumerate(chained, start=1):
        expected = entry_hash(one.entry, contract_id, number, head, one.posted_at)
        if (one.seq, one.prev_hash, one.hash) != (number, head, expected):
            return False
        head = one.hash
    return True


@pytest.mark.parametrize(
    ("seconds", "factor", "increment", "minutes"),
    [
        (0, 1, 1, 0),
        (1, 1, 1, 1),
        (60, 1, 1, 1),
        (61, 1, 1, 2),
        (3_600, 1, 1, 60),
        (20, 3, 1, 1),
        (21, 3, 1, 2),
        (1_200, 3, 15, 60),
        (1, 1, 15, 15),
        (901, 1, 15, 30),
    ],
)
def test_1_charge_goes_from_seconds_to_minutes_in_one_step(
    seconds: int, factor: int, increment: int, minutes: int
) -> None:
    assert charge(seconds, factor=factor, increment=increment) == minutes


@QUICK
@given(st.integers(0, 10**7), st.sampled_from([1, 2, 3]), st.sampled_from([1, 6, 15]))
def test_1_charge_is_the_least_multiple_that_covers_the_time(
    seconds: int, factor: int, increment: int
) -> None:
    minutes = charge(seconds, factor=factor, increment=increment)
    assert minutes % increment == 0
    assert minutes * 60 >= factor * seconds > (minutes - increment) * 60


def test_2_each_kind_moves_its_sum() -> None:
    entries = [
        Entry(EntryKind.GRANT, 600),
        Entry(EntryKind.REFUND, -100),
        Entry(EntryKind.CREDIT, 10),
        Entry(EntryKind.EXPIRE, -5),
        Entry(EntryKind.RESERVE, 120),
        Entry(EntryKind.RELEASE, -20),
        Entry(EntryKind.POST, 40),
        Entry(EntryKind.ADJUST, -1),
    ]
    total = balance(entries)
    assert total == Balance(granted=505, posted=39, reserved=100)
    assert (total.hard, total.free) == (466, 366)


def test_6_7_nothing_is_clamped_and_the_order_does_not_matter() -> None:
    entries = [
        Entry(EntryKind.GRANT, 600),
        Entry(EntryKind.POST, 660),
        Entry(EntryKind.CREDIT, 120),
    ]
    assert [balance(entries[:2]).hard, balance(entries).hard] == [-60, 60]
    assert balance(entries[::-1]) == balance(entries)


def test_2_kinds_fall_into_the_groups_of_sums() -> None:
    assert {kind.value: group_of(kind) for kind in EntryKind} == {
        "grant": SumGroup.GRANT,
        "refund": SumGroup.REFUND,
        "credit": SumGroup.CREDIT,
        "expire": SumGroup.EXPIRE,
        "reserve": SumGroup.RESERVE,
        "release": SumGroup.RESERVE,
        "post": SumGroup.POST,
        "adjust": SumGroup.POST,
    }


def test_2_entries_of_a_review_stand_in_the_order_of_the_rule() -> None:
    kinds = [EntryKind.RESERVE, EntryKind.POST, EntryKind.RELEASE, EntryKind.EXPIRE]
    kinds += [EntryKind.CREDIT, EntryKind.GRANT]
    entries = [Entry(kind, 1) for kind in kinds]
    assert [e.kind.value for e in in_order(entries)] == [
        "grant",
        "expire",
        "credit",
        "release",
        "post",
        "reserve",
    ]


def test_2_what_is_given_up_comes_before_what_is_taken() -> None:
    more, less = Entry(EntryKind.POST, 50, "p1", "A"), Entry(EntryKind.ADJUST, -50, "p1", "B")
    assert in_order([more, less]) == (less, more)


ENTRIES = [
    Entry(
        EntryKind.GRANT, 600, "p1", work_at=5, source="sale", rate_key="1/eur/", cause=Cause("sold")
    ),
    Entry(EntryKind.POST, 40, "p1", "A", "2026-10", 7, "package:p1", "", 2_400, 1, Cause("worked")),
    Entry(EntryKind.POST, 2, "p1", "B", "2026-10", 8, "package:p1", "", 120, 1, Cause("worked")),
]


def chained() -> list[ChainedEntry]:
    first = chain(ENTRIES[:2], contract_id="c1", seq=0, head=GENESIS, posted_at=10)
    more = chain(ENTRIES[2:], contract_id="c1", seq=2, head=first[-1].hash, posted_at=20)
    return first + more


def test_R56_a_chain_holds_over_several_reviews() -> None:
    assert intact(chained())
    assert [one.seq for one in chained()] == [1, 2, 3]
    assert chain([], contract_id="c1", seq=0, head=GENESIS, posted_at=10) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": EntryKind.ADJUST},
        {"minutes": 41},
        {"package_id": "p2"},
        {"activity_id": "B"},
        {"period": "2026-11"},
        {"work_at": 8},
        {"source": "payg"},
        {"rate_key": "1/eur/"},
        {"seconds_raw": 2_401},
        {"factor": 3},
        {"cause": "typed"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_R56_one_changed_value_breaks_the_chain(change: dict[str, object]) -> None:
    links = chained()
    links[1] = replace(links[1], entry=replace(ENTRIES[1], **change))  # type: ignore[arg-type]  # one field at a time
    assert not intact(links)


def test_R56_a_missing_moved_or_foreign_entry_breaks_the_chain() -> None:
    links = chained()
    assert not intact(links[1:])
    assert not intact([links[0], links[2]])
    assert not intact([links[1], links[0], links[2]])
    assert not intact(links, "c2")
    assert not intact([replace(links[0], posted_at=11), *links[1:]])


def test_R56_a_rewritten_link_is_found_at_the_next_one() -> None:
    links = chained()
    forged = chain(
        [replace(ENTRIES[1], minutes=41)],
        contract_id="c1",
        seq=1,
        head=links[0].hash,
        posted_at=10,
    )
    assert intact([links[0], *forged])
    assert not intact([links[0], *forged, links[2]])
