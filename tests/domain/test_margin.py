"""The margin rule holds whatever is edited late, in whatever order (ledger 6.6, S6)."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counts import COUNTED, Record
from ledgerbook import at
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import DatedRate
from mondaybridge.domain.margin import Margin, Part, margin
from mondaybridge.domain.money import RateKey
from planbook import book, plan, planned, row, stands

EXAMPLES, SEQUENCES = 250, 44
BOOKS = 120


def test_6_6_own_overage_goes_first_then_included_minutes() -> None:
    frozen = {"A": Part(300, 100), "B": Part(300, 0)}
    assert margin(600, frozen, {"A": 250}, {}) == Margin({"A": Part(250, 0), "B": Part(300, 0)}, 50)


def test_6_6_increases_are_served_in_order_of_work() -> None:
    frozen = {"A": Part(100, 0)}
    told = margin(150, frozen, {"A": 100, "B": 40, "C": 40}, {"A": 9, "B": 8, "C": 5})
    assert told.parts == {"A": Part(100, 0), "B": Part(10, 30), "C": Part(40, 0)}


def test_6_6_the_latest_overage_of_others_becomes_included_first() -> None:
    frozen = {"A": Part(100, 0), "B": Part(0, 30), "C": Part(0, 30)}
    told = margin(100, frozen, {"A": 60}, {"A": 1, "B": 3, "C": 2})
    assert told == Margin({"A": Part(60, 0), "B": Part(30, 0), "C": Part(10, 20)}, 0)


def test_6_6_what_nobody_edited_stays_as_it_was_frozen() -> None:
    frozen = {"A": Part(10, 0), "B": Part(0, 30)}
    assert margin(100, frozen, {"A": 10, "B": 30}, {"A": 1}).parts == frozen


@given(seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def _sequences(counted: Counter[str], seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - no secret hangs on it
    for _ in range(SEQUENCES):
        _one_sequence(counted, chance)


def _one_sequence(counted: Counter[str], chance: Random) -> None:
    """Edit a closed month late, step by step; what is written are differences, as in the ledger."""
    keys = "ABCDE"[: chance.randint(1, 5)]
    worked_at = {key: chance.randint(1, 4) for key in keys}
    totals = {key: chance.choice([0, 1, 50, 100, 300]) for key in keys}
    limit = chance.choice([0, 60, 200, 600])
    frozen = _allocated(limit, totals, worked_at)
    written = dict(frozen)
    for _ in range(chance.randint(1, 6)):
        key = chance.choice(keys)
        before = totals[key]
        totals[key] = chance.choice(
            [0, before // 3, before + 50, max(0, before - 50), frozen[key].total]
        )
        told = margin(limit, frozen, totals, worked_at)
        if totals[key] == before:
            counted["unchanged"] += 1
            assert told.parts == written
        written = dict(told.parts)
        _holds(limit, totals, written)
    order = list(keys)
    chance.shuffle(order)
    assert margin(limit, frozen, {k: totals[k] for k in order}, worked_at).parts == written
    assert margin(limit, frozen, {}, worked_at).parts == frozen
    counted["sequences"] += 1
    counted["beyond the limit"] += sum(totals.values()) > limit


def _allocated(limit: int, totals: dict[str, int], worked_at: dict[str, int]) -> dict[str, Part]:
    left, parts = limit, {}
    for key in sorted(totals, key=lambda k: (worked_at[k], k)):
        included = min(left, totals[key])
        left -= included
        parts[key] = Part(included, totals[key] - included)
    return parts


def _holds(limit: int, totals: dict[str, int], parts: dict[str, Part]) -> None:
    assert {key: part.total for key, part in parts.items()} == totals
    assert min([0, *(min(p.included, p.overage) for p in parts.values())]) == 0
    assert sum(p.overage for p in parts.values()) == max(0, sum(totals.values()) - limit)


def test_S6_late_edits_keep_the_overage_beyond_the_allowance(record_property: Record) -> None:
    counted: Counter[str] = Counter()
    _sequences(counted)  # the seed comes from Hypothesis
    assert counted["sequences"] >= 10_000
    assert min(counted["unchanged"], counted["beyond the limit"]) > 1_000
    record_property(COUNTED, dict(counted))


@given(
    first=st.lists(st.sampled_from([0, 20, 150, 400]), min_size=2, max_size=4),
    edits=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0, 20, 100, 150, 300, 450])), max_size=5
    ),
    urgent=st.booleans(),
)
@settings(max_examples=BOOKS, deadline=None, derandomize=True, database=None)
def _books(
    counted: Counter[str], first: list[int], edits: list[tuple[int, int]], *, urgent: bool
) -> None:
    """The same through whole reviews: entries, sums and closes as the store has them."""
    started, whole = book(planned(("2026-01-01", plan(minutes=500)))), book()
    whole.contract = started.contract
    rows = [row(f"R{n}", minutes, f"2026-10-{n + 5:02d}") for n, minutes in enumerate(first)]
    if urgent:
        rows[0] = replace(rows[0], factor=3)
    for one in (started, whole):
        one.review(*rows)
        one.close("2026-10")
    closed, edited = stands(started.entries), list(rows)
    for number, minutes in edits:
        index = number % len(rows)
        edited[index] = replace(row(f"R{index}", minutes, f"2026-10-{index + 5:02d}"), factor=1)
        started.review(*edited)
        assert started.step(edited) == []
        _kept(edited, stands(started.entries))
    whole.review(*edited)
    assert stands(whole.entries) == stands(started.entries)
    late = [e for e in started.entries if e.kind.value == "adjust"]
    assert all(e.cause for e in late)
    started.review(*rows)
    assert stands(started.entries) == closed
    counted["books"] += 1
    counted["late entries"] += len(late)


def _kept(rows: list[Activity], found: dict[tuple[str, str], int]) -> None:
    total = sum(s.seconds // 60 * r.factor for r in rows for s in r.sessions)
    overage = sum(minutes for (_, source), minutes in found.items() if source == "overage")
    assert sum(found.values()) == total
    assert overage == max(0, total - 500)


def test_S6_late_edits_through_whole_reviews(record_property: Record) -> None:
    counted: Counter[str] = Counter()
    _books(counted)  # the rest comes from Hypothesis
    record_property(COUNTED, dict(counted))


EARLY, LATE = RateKey(6_000, "gbp", "txr_20"), RateKey(5_500, "gbp", "txr_20")


def two_prices(before: int, after: int) -> Activity:
    """Return a row with work before and after the price changed on the 16th."""
    first, second = row("A", before, "2026-10-10"), row("A", after, "2026-10-20")
    return replace(first, sessions=(*first.sessions, *second.sessions))


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        ((150, 100), {EARLY: 50}),
        ((110, 100), {EARLY: 10}),
        ((100, 150), {LATE: 50}),
        ((100, 80), {LATE: -20}),
        ((80, 100), {LATE: -20}),  # its own overage first, wherever it stands
        ((150, 50), {EARLY: 50, LATE: -50}),
        ((100, 100), {}),
    ],
)
def test_6_6b_late_work_at_one_price_moves_no_line_at_another(
    now: tuple[int, int], moved: dict[RateKey, int]
) -> None:
    change = at("2026-10-16", "Europe/London")
    rates = DatedRate(0, EARLY), DatedRate(change, LATE)
    started = book(planned(("2026-01-01", plan(minutes=120, overage=rates))))
    started.review(two_prices(100, 100))
    started.close("2026-10")
    decided = started.review(two_prices(*now))
    assert {e.rate_key: e.minutes for e in decided.entries if e.source == "overage"} == {
        str(price): minutes for price, minutes in moved.items()
    }
    assert sum(e.minutes for e in decided.entries) == sum(now) - 200
    assert started.step([two_prices(*now)]) == []
    started.review(two_prices(100, 100))
    assert stands(started.entries) == {("A", "included"): 120, ("A", "overage"): 80}
