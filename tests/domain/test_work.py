"""Pieces of work: months, rates, terms; charge from seconds in one step (ledger 1, 5.4, 5.7)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import HOURLY, activity, at, metered, prepaid, worked
from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import Contract, DatedRate
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.work import Scope, pieces, scopes

DEARER = RateKey(7_000, "gbp", "txr_20")


def tracked(start: str, end: str, zone: str = "Europe/Rome", name: str = "s1") -> Session:
    begin, finish = at(start, zone), at(end, zone)
    return Session(name, Capture.TRACKED, begin, finish, (finish - begin) // 1000)


def typed(day: str, minutes: int, name: str) -> Session:
    return Session(name, Capture.NUMBER, at(day), at(day), minutes * 60)


def cut(row: Activity, contract: Contract | None = None) -> list[tuple[str, int]]:
    return [(p.period, p.seconds) for p in pieces(row, contract or prepaid())]


def charged(row: Activity, contract: Contract, factor: int = 1) -> list[tuple[str, str, int]]:
    found = scopes(pieces(row, contract), factor=factor, increment=contract.increment_minutes)
    return [(s.period, s.rate_key, s.minutes) for s in found]


def test_6_11_a_session_over_the_months_end_is_split_there() -> None:
    row = activity("A", 60, tracked("2026-10-31 23:30", "2026-11-01 00:30"))
    assert cut(row) == [("2026-10", 1_800), ("2026-11", 1_800)]


def test_6_11_a_session_over_midnight_only_is_not_split() -> None:
    row = activity("A", 60, tracked("2026-10-30 23:30", "2026-10-31 00:30"))
    assert cut(row) == [("2026-10", 3_600)]


def test_6_11_months_are_the_contracts_not_the_workers() -> None:
    session = tracked("2026-10-31 22:30", "2026-10-31 23:30", "UTC")
    row = activity("A", 60, session)
    assert cut(row, prepaid()) == [("2026-10", 1_800), ("2026-11", 1_800)]
    assert cut(row, metered()) == [("2026-10", 3_600)]


def test_6_11_durations_over_a_change_of_clock_are_real_time() -> None:
    autumn = tracked("2026-10-25 01:30", "2026-10-25 03:30", name="autumn")
    spring = tracked("2027-03-28 01:30", "2027-03-28 03:30", name="spring")
    row = activity("A", 60, autumn, spring)
    assert cut(row) == [("2026-10", 3 * 3_600), ("2027-03", 3_600)]


def test_6_11_the_hour_lost_on_29_march_2026_was_never_worked() -> None:
    row = activity("A", 60, tracked("2026-03-29 01:30", "2026-03-29 03:30"))
    assert cut(row, replace(prepaid(), bill_from=0)) == [("2026-03", 3_600)]


def test_5_4_work_before_bill_from_is_not_counted() -> None:
    row = activity("A", 60, tracked("2026-09-30 23:30", "2026-10-01 00:30"))
    assert cut(row) == [("2026-10", 1_800)]
    assert cut(activity("A", 60, typed("2026-09-30", 60, "n1"))) == []


def test_work_after_the_end_of_the_contract_is_not_counted() -> None:
    ended = replace(prepaid(), until=at("2026-10-16"))
    row = activity("A", 60, tracked("2026-10-15 23:00", "2026-10-16 02:00"))
    assert cut(row, ended) == [("2026-10", 3_600)]


def test_1_time_around_a_change_of_rate_is_rounded_per_rate() -> None:
    change = at("2026-10-16", "Europe/London")
    contract = metered(DatedRate(0, HOURLY), DatedRate(change, DEARER))
    session = Session("s1", Capture.TRACKED, change - 630_000, change + 630_000, 1_260)
    assert charged(activity("A", 60, session), contract) == [
        ("2026-10", str(HOURLY), 11),
        ("2026-10", str(DEARER), 11),
    ]


def test_1_time_without_a_rate_keeps_an_empty_key() -> None:
    contract = metered(DatedRate(at("2026-10-16"), HOURLY))
    row = activity("A", 60, worked(30, "2026-10-05"))
    assert charged(row, contract) == [("2026-10", "", 30)]


def test_6_1_three_times_twenty_seconds_are_one_minute() -> None:
    sessions = [worked(0, "2026-10-05", f"s{n}", seconds=20) for n in range(3)]
    assert charged(activity("A", 60, *sessions), prepaid()) == [("2026-10", "", 1)]


def test_1_the_factor_multiplies_seconds_before_the_rounding() -> None:
    row = activity("A", 60, worked(0, "2026-10-05", seconds=20))
    assert charged(row, prepaid(), factor=3) == [("2026-10", "", 1)]
    row = activity("A", 60, worked(20, "2026-10-05"))
    assert charged(row, prepaid(increment_minutes=15), factor=3) == [("2026-10", "", 60)]


def test_1_a_scope_knows_its_seconds_and_its_latest_work() -> None:
    row = activity("A", 60, worked(5, "2026-10-05"), worked(7, "2026-10-07", "s2", seconds=1))
    assert scopes(pieces(row, prepaid()), factor=1, increment=1) == [
        Scope("2026-10", "", 721, 13, at("2026-10-07 09:00"))
    ]


def test_5_7_a_numbers_increase_counts_at_its_own_date() -> None:
    row = activity("A", 600, typed("2026-10-28", 120, "n1"), typed("2026-11-03", 180, "n2"))
    assert charged(row, prepaid()) == [("2026-10", "", 120), ("2026-11", "", 180)]


def test_5_7_a_numbers_decrease_takes_the_newest_first() -> None:
    row = activity(
        "A",
        600,
        typed("2026-10-28", 120, "n1"),
        typed("2026-11-03", 180, "n2"),
        typed("2026-11-05", -240, "n3"),
    )
    assert charged(row, prepaid()) == [("2026-10", "", 60)]


def test_5_7_a_decrease_leaves_later_increases_and_tracked_time_alone() -> None:
    row = activity(
        "A",
        600,
        worked(10, "2026-10-02"),
        typed("2026-10-28", 120, "n1"),
        typed("2026-11-03", -120, "n2"),
        typed("2026-11-05", 30, "n3"),
    )
    assert charged(row, prepaid()) == [("2026-10", "", 10), ("2026-11", "", 30)]


def test_5_7_the_length_of_a_typed_number_is_not_looked_for_in_its_dates() -> None:
    session = Session("n1", Capture.NUMBER, at("2026-10-05"), at("2026-10-06"), 600)
    assert cut(activity("A", 60, session)) == [("2026-10", 600)]


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 7_200)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
    st.sampled_from([1, 6, 15]),
    st.sampled_from([1, 3]),
)
def test_6_2_order_and_split_of_arrival_change_no_charge(
    worked_on: list[tuple[int, int]], random: object, increment: int, factor: int
) -> None:
    contract = prepaid(increment_minutes=increment)
    whole = [
        Session(f"s{n}", Capture.TRACKED, begin, begin + seconds * 1000, seconds)
        for n, (day, seconds) in enumerate(worked_on)
        for begin in [at("2026-10-01") + day * 86_400_000]
    ]
    split = []
    for session in whole:
        half = session.seconds // 2
        middle = session.started_at + half * 1000
        split.append(replace(session, ended_at=middle, seconds=half))
        split.append(
            replace(
                session,
                session_id=session.session_id + "b",
                started_at=middle,
                seconds=session.seconds - half,
            )
        )
    random.shuffle(split)  # type: ignore[attr-defined]  # hypothesis hands out a Random
    by_whole = charged(activity("A", 60, *whole), contract, factor)
    assert [c for c in charged(activity("A", 60, *split), contract, factor) if c[2]] == [
        c for c in by_whole if c[2]
    ]
    assert sum(m for _, _, m in by_whole) >= charge(
        sum(s.seconds for s in whole), factor=factor, increment=increment
    )
