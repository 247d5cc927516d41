"""What is due, and what happens when a piece of it fails: wait, try again, park, never forget."""

from mondaybridge.store import work
from mondaybridge.workflows.due import Work, due, run
from stories import town
from stories.house import House, house


def remembered(one: House, kind: str, key: str) -> work.WorkRow:
    with one.app.store.read() as tx:
        row = work.state(tx, kind, key)
    assert row is not None
    return row


def test_a_fresh_database_reviews_and_reads_everything() -> None:
    with house() as one:
        assert due(one.app) == [
            Work("review", "bottega-hours"),
            Work("review", "tea-hourly"),
            Work("sweep", town.HOURS),
            Work("sweep", town.TEA),
            Work("close", "bottega"),
            Work("close", "tea"),
        ]
        assert one.settle() > 0
        assert due(one.app) == []
        assert one.settle() == 0


def test_a_failure_waits_longer_each_time_and_is_forgotten_by_success() -> None:
    with house() as one:
        one.settle()
        one.wait(11)
        one.fault("monday", "user_unauthorized", times=2)
        sweep = Work("sweep", town.HOURS)
        waits = []
        for _ in range(2):
            assert not run(one.app, sweep)
            waits.append(remembered(one, *as_pair(sweep)).not_before - one.clock.now())
            assert sweep not in due(one.app)
            one.clock.sleep(waits[-1] / 1000)
            assert sweep in due(one.app)
        assert waits == [5_000, 10_000]
        assert run(one.app, sweep)
        with one.app.store.read() as tx:
            assert work.state(tx, "sweep", town.HOURS) is None


def as_pair(one: Work) -> tuple[str, str]:
    return one.kind, one.key


def test_L3_after_a_day_without_monday_all_goes_on_by_itself() -> None:
    with house() as one:
        one.settle()
        one.fault("monday", "server_error", times=10_000)
        for _ in range(30):
            one.wait(61)
            one.settle()
        assert [row["kind"] for row in one.status()["waiting"]] == [
            "sweep",
            "sweep",
            "close",
        ]
        assert one.parked() == []
        one.sandbox.world.faults.clear()
        one.wait(61)
        one.settle()
        assert (one.status()["waiting"], due(one.app)) == ([], [])


def test_what_fails_for_hours_is_parked_and_goes_on_after_a_release() -> None:
    with house() as one:
        one.settle()
        one.fault("monday", "user_unauthorized", times=40)
        for _ in range(40):
            one.wait(61)
            one.settle()
        assert ("sweep", town.HOURS, "failed 12 times") in one.parked()
        one.sandbox.world.faults.clear()
        one.wait(61)
        one.settle()
        parked = one.parked()
        assert ("sweep", town.HOURS, "failed 12 times") in parked
        with one.app.store.write() as tx:
            for kind, key, _ in parked:
                assert work.release(
                    tx, kind, key, actor="admin", why="looked at", now=one.clock.now()
                )
        one.settle()
        assert one.parked() == []


def test_a_wait_that_monday_names_is_kept_by_everybody_and_is_no_failure() -> None:
    with house() as one:
        one.settle()
        one.wait(11)
        one.fault("monday", "minute_limit", times=1, retry_in_seconds=300)
        one.settle()
        row = remembered(one, "sweep", town.HOURS)
        assert (row.attempts, row.not_before - one.clock.now()) == (0, 300_000)
        calls = one.calls["look monday"]
        one.wait(4)
        one.settle()
        assert one.calls["look monday"] == calls
        one.wait(2)
        one.settle()
        assert one.calls["look monday"] > calls


def test_a_board_that_is_away_for_days_is_found_when_it_is_back() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.people.archive_board(board=town.HOURS)
        for _ in range(40):
            one.wait(61)
            one.settle()
        one.sandbox.monday.state.boards[town.HOURS].state = "active"
        one.work(item, "2026-10-05 09:00", 40)
        one.wait(11)
        one.settle()
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.parked() == []


def test_a_quarantine_of_days_ends_by_itself_when_the_board_is_mended() -> None:
    """A board is looked at again at each sweep; nobody has to release anything."""
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.people.archive_column(board=town.HOURS, column=town.TIME)
        for _ in range(40):
            one.wait(61)
            one.settle()
        boards = {b["board"]: b["state"] for b in one.status()["boards"]}
        assert boards == {town.HOURS: "quarantined", town.TEA: "live"}
        one.sandbox.monday.state.boards[town.HOURS].columns[town.TIME].archived = False
        one.work(item, "2026-10-05 09:00", 40)
        one.wait(11)
        one.settle()
        assert {b["state"] for b in one.status()["boards"]} == {"live"}
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.parked() == []
