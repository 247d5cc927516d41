"""Whose time it is is asked once, with whatever else is asked in that round (ledger 5.7)."""

from ledgerbook import at
from mondaybridge.store import answers
from stories import town
from stories.house import House, house


def tracked(one: House, item: str, begins: str, by: str) -> str:
    begin = at(begins)
    return one.people.add_session(
        item=item, started_at=begin, ended_at=begin + 30 * 60_000, as_user=by
    )


def known(one: House) -> dict[str, tuple[str, str]]:
    with one.app.store.read() as tx:
        return answers.people(tx)


def test_5_7_a_guests_time_parks_the_row_and_the_session_says_whose_it_is() -> None:
    with house() as one:
        item = one.row("Home page", "8")
        tracked(one, item, "2026-10-05 09:00", town.STAFF)
        one.sweep()
        assert one.package() == (600, 30, 450, 570, 120)
        session = tracked(one, item, "2026-10-05 11:00", town.GUEST)
        one.sweep()
        assert known(one)[town.GUEST][1] == "guest"
        assert one.held() == [(item, "", "parked", 0)]
        assert one.cell(item)[1] == "da correggere"
        one.people.delete_session(item=item, session=session, as_user=town.STAFF)
        one.sweep()
        assert one.held() == []
        assert one.package() == (600, 30, 450, 570, 120)


def test_5_7_people_are_asked_about_once_ever_and_never_without_need() -> None:
    with house() as one:
        item = one.row("Home page", "8")
        one.sweep()
        before = one.calls["look monday"]
        one.sweep()
        quiet = one.calls["look monday"] - before
        tracked(one, item, "2026-10-05 09:00", town.STAFF)
        before = one.calls["look monday"]
        one.sweep()
        assert one.calls["look monday"] - before == quiet + 1
        tracked(one, item, "2026-10-05 14:00", town.STAFF)
        before = one.calls["look monday"]
        one.sweep()
        one.sweep()
        assert one.calls["look monday"] - before == 2 * quiet
