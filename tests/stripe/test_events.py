"""Events polled: every change is heard of once, whatever their order and seconds (§1.7)."""

from mondaybridge.stripe.events import (
    KEPT_SECONDS,
    LATE_SECONDS,
    OVERLAP_SECONDS,
    Cursor,
    news,
    parse_cursor,
)
from stripebook import START, Account

SECOND = START // 1000


def changed(account: Account, *names: str) -> None:
    for name in names:
        account.api.humans.edit_customer(name, description=str(account.clock.now()))


def heard(account: Account, cursor: Cursor) -> tuple[set[str], Cursor]:
    found = news(account.gateway, cursor, account.clock.now())
    return set(found.object_ids), found.cursor


def test_a_change_is_heard_once_also_in_the_second_of_the_last_look() -> None:
    account = Account()
    cursor = Cursor(SECOND)
    assert heard(account, cursor)[0] == set()
    changed(account, "cus_acme")
    names, cursor = heard(account, cursor)
    assert names == {"cus_acme"}
    assert heard(account, cursor)[0] == set()
    changed(account, "cus_other")  # in the same second
    names, cursor = heard(account, cursor)
    assert names == {"cus_other"}
    account.clock.advance(1000 * (OVERLAP_SECONDS + 1))
    changed(account, "cus_acme")
    names, cursor = heard(account, cursor)
    assert names == {"cus_acme"}
    assert len(cursor.seen) == 1


def test_an_event_that_is_listed_late_is_heard_too() -> None:
    account = Account()
    changed(account, "cus_acme")
    changed(account, "cus_other")
    newest = [event.id for event in account.api.events.values()][-1]
    names, _ = heard(account, Cursor(SECOND, frozenset({newest})))
    assert names == {"cus_acme"}


def test_many_changes_take_a_call_per_hundred_and_nothing_takes_one() -> None:
    account = Account()
    for _ in range(250):
        changed(account, "cus_acme")
    names, cursor = heard(account, Cursor(SECOND))
    assert (names, len(account.sent)) == ({"cus_acme"}, 3)
    for calls in (6, 7, 8):  # the last minute once more, then nothing of it
        account.clock.advance(2_000 * LATE_SECONDS)
        names, cursor = heard(account, cursor)
        assert (names, len(account.sent)) == (set(), calls)


def test_a_longer_absence_than_events_are_kept_is_a_gap() -> None:
    account = Account()
    account.clock.advance(1000 * (KEPT_SECONDS + 1))
    found = news(account.gateway, Cursor(SECOND), account.clock.now())
    assert found.gap
    assert found.cursor.at == account.clock.now() // 1000 - LATE_SECONDS
    assert not news(account.gateway, found.cursor, account.clock.now()).gap


def test_a_cursor_is_read_back_as_it_was_written() -> None:
    cursor = Cursor(5, frozenset({"evt_2", "evt_1"}))
    assert str(cursor) == '[5, "evt_1", "evt_2"]'
    assert parse_cursor(str(cursor), 0) == cursor
    assert parse_cursor("", 7_999) == Cursor(7)
