"""Hours typed just after a month: listed before it is closed, and not moved (ledger 7)."""

from ledgerbook import at
from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import Contract, ContractKind
from mondaybridge.domain.typed import TypedEarly, typed_early

ZONE = "Europe/Rome"
CONTRACT = Contract("c", "x", ContractKind.PAY_AS_YOU_GO, ZONE, bill_from=0)


def typed(number: int, moment: str, hours: int) -> Session:
    begin = at(moment, ZONE)
    return Session(f"n{number}", Capture.NUMBER, begin, begin, hours * 3600)


def row(*sessions: Session) -> Activity:
    return Activity("1", "b", "Pages", sessions=sessions)


def test_the_increase_of_the_second_working_day_is_listed() -> None:
    """1 November 2026 is a Sunday: its first two working days are Monday and Tuesday."""
    sessions = (
        typed(1, "2026-10-28 10:00", 2),
        typed(2, "2026-11-03 23:59", 3),
        typed(3, "2026-11-03 12:00", -1),
        typed(4, "2026-11-04 00:01", 5),
    )
    (found,) = typed_early([row(*sessions)], CONTRACT, "2026-10")
    assert found == TypedEarly(at("2026-11-03 23:59", ZONE), "1", "Pages", 3 * 3600)


def test_a_day_that_a_person_chose_is_where_it_belongs() -> None:
    assert typed_early([row(typed(1, "2026-11-02 00:00", 2))], CONTRACT, "2026-10") == []


def test_what_is_tracked_has_its_own_time() -> None:
    begin = at("2026-11-02 10:00", ZONE)
    tracked = Session("1", Capture.TRACKED, begin, begin + 3_600_000, 3600)
    assert typed_early([row(tracked)], CONTRACT, "2026-10") == []
