"""Two clients, one of whom has to wait: the other's month is closed all the same."""

import pytest

from mondaybridge.errors import FindingsError, TryLater
from mondaybridge.store import lease
from mondaybridge.workflows import close, plan
from stories import town
from stories.house import House, house


def both_worked(one: House) -> tuple[str, str]:
    home = one.row("Home page", "2")
    menu = one.row("Menu", board=town.TEA, approved=False)
    one.work(home, "2026-10-05 09:00", 40)
    one.work(menu, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    return home, menu


PAPERS = [("invoice", "tea", "open", 9000)]


def waits(one: House, period: str = "2026-10") -> dict[str, str]:
    return {p.client.client_id: p.waiting for p in plan.preview(one.app, period) if p.waiting}


def test_a_quarantined_board_makes_its_own_client_wait() -> None:
    with house() as one:
        both_worked(one)
        one.people.delete_column(board=town.HOURS, column=town.ESTIMATE)
        one.wait(20)
        one.settle()
        assert [*waits(one)] == ["bottega"]
        assert "the board has no column 'estimate'" in waits(one)["bottega"]
        one.close("2026-10")
        assert one.papers() == PAPERS


def test_an_unreachable_monday_makes_everybody_wait_and_nothing_is_issued() -> None:
    with house() as one:
        both_worked(one)
        one.wait(20)
        one.fault("monday", "daily_limit", "", 1000)
        assert [*waits(one)] == ["bottega", "tea"]
        assert one.papers() == []


def test_a_board_that_is_gone_makes_its_client_wait_and_is_found_when_it_is_back() -> None:
    with house() as one:
        home, _ = both_worked(one)
        one.people.archive_board(board=town.HOURS)
        one.wait(20)
        one.settle()
        state = {b["board"]: b["state"] for b in one.status()["boards"]}
        assert state == {town.HOURS: "gone", town.TEA: "live"}
        assert [*waits(one)] == ["bottega"]
        assert f"board {town.HOURS} cannot be seen" in waits(one)["bottega"]
        one.close("2026-10")
        assert one.papers() == PAPERS
        assert one.posted("bottega-hours", home) == {"2026-10": 40}
        before = one.calls["look monday"]
        one.settle()
        assert one.calls["look monday"] == before  # not before the next sweep
        one.sandbox.monday.state.boards[town.HOURS].state = "active"
        one.wait(12)
        one.settle()
        assert {b["state"] for b in one.status()["boards"]} == {"live"}
        one.close("2026-10")
        assert one.papers() == [*PAPERS, ("invoice", "bottega", "open", 60000)]


def test_a_board_taken_out_of_the_mapping_leaves_its_hours_where_they_are() -> None:
    boards = [{"id": key, "columns": "tracked"} for key in (town.HOURS, town.THIRD)]
    with house(town.mapping(bottega=town.bottega(town.quiet(boards=boards)))) as one:
        old, new = one.row("Old", "2"), one.row("New", "2", board=town.THIRD)
        one.work(old, "2026-10-05 09:00", 40)
        one.work(new, "2026-10-05 11:00", 30)
        one.settle()
        one.people.archive_board(board=town.HOURS)
        one.wait(20)
        one.settle()
        rest = town.quiet(boards=[{"id": town.THIRD, "columns": "tracked"}])
        one.reopen(town.mapping(bottega=town.bottega(rest)))
        one.work(new, "2026-10-06 11:00", 10)
        one.go("2026-11-03 09:00")
        one.sweep()
        assert one.package()[1] == 80
        assert one.close("2026-10")[0].plan.closes == "2026-10"
        assert one.findings() == ()


def test_a_plan_is_refused_for_a_client_that_has_to_wait() -> None:
    with house() as one:
        both_worked(one)
        mine = one.preview("2026-10", "bottega").hash
        one.people.delete_column(board=town.HOURS, column=town.ESTIMATE)
        one.wait(20)
        one.settle()
        with pytest.raises((FindingsError, TryLater, Exception)) as refused:
            close.apply(one.app, mine)
        assert getattr(refused.value, "exit_code", 1) in {3, 5, 75}
        assert one.papers() == []


def test_a_client_that_another_worker_closes_is_left_to_it() -> None:
    with house() as one:
        both_worked(one)
        other = lease.acquire(one.app.store, "client:tea", "somebody", 60_000)
        assert other is not None
        with pytest.raises(TryLater, match="another worker acts for tea"):
            one.close("2026-10", "tea")
        one.close("2026-10", "bottega")
        lease.release(one.app.store, other)
        one.close("2026-10", "tea")
        assert PAPERS[0] in one.papers()
