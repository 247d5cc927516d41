from mondaybridge.store import work
from mondaybridge.store.engine import Store
from mondaybridge.store.work import WorkRow
from storebook import NOW, SECOND


def fail(store: Store, now: int = NOW, error: str = "away") -> WorkRow:
    with store.write() as tx:
        return work.failed(tx, "read", "b1", error, now=now)


def state(store: Store, kind: str = "read", key: str = "b1") -> WorkRow | None:
    with store.read() as tx:
        return work.state(tx, kind, key)


def blocked(store: Store, now: int = NOW) -> set[tuple[str, str]]:
    with store.read() as tx:
        return work.blocked(tx, now)


def release(store: Store) -> bool:
    with store.write() as tx:
        return work.release(tx, "read", "b1", actor="admin", why="looked at", now=NOW + 1)


class TestFailed:
    def test_waits_twice_as_long_each_time_up_to_an_hour(self, store: Store) -> None:
        waits = [(fail(store).not_before - NOW) // SECOND for _ in range(11)]
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]

    def test_is_parked_after_twelve_attempts(self, store: Store) -> None:
        rows = [fail(store, NOW + n) for n in range(12)]
        assert [row.parked_at for row in rows] == [0] * 11 + [NOW + 11]
        assert (rows[-1].parked_reason, rows[-1].evidence) == ("failed 12 times", "away")
        assert blocked(store, NOW + 10**9) == {("read", "b1")}

    def test_blocks_until_its_moment(self, store: Store) -> None:
        fail(store)
        assert blocked(store, NOW + 5 * SECOND - 1) == {("read", "b1")}
        assert blocked(store, NOW + 5 * SECOND) == set()

    def test_is_forgotten_with_the_first_success(self, store: Store) -> None:
        for _ in range(3):
            fail(store)
        with store.write() as tx:
            work.succeeded(tx, "read", "b1")
        assert state(store) is None
        assert fail(store).attempts == 1


class TestLater:
    def test_waits_as_told_and_counts_no_failure(self, store: Store) -> None:
        fail(store)
        with store.write() as tx:
            work.later(tx, "read", "b1", NOW + 99, "budget")
            work.later(tx, "sweep", "b1", NOW + 7, "budget")
        assert state(store) == WorkRow("read", "b1", NOW + 99, 1, "budget")
        assert state(store, "sweep") == WorkRow("sweep", "b1", NOW + 7, 0, "budget")


class TestPark:
    def test_keeps_the_first_moment_with_the_newest_reason(self, store: Store) -> None:
        with store.write() as tx:
            work.park(tx, "close", "z", "bound", "evidence", NOW + 1)
            work.park(tx, "close", "a", "bound", "16 lines", NOW)
            work.park(tx, "close", "a", "bound", "17 lines", NOW + 5)
            assert work.parked(tx) == [
                WorkRow("close", "a", parked_at=NOW, parked_reason="bound", evidence="17 lines"),
                WorkRow(
                    "close", "z", parked_at=NOW + 1, parked_reason="bound", evidence="evidence"
                ),
            ]


class TestRelease:
    def test_lets_it_go_on_and_what_it_offered_pass(self, store: Store) -> None:
        with store.write() as tx:
            work.park(tx, "read", "b1", "bound", "17 lines", NOW, offer="hash of a plan")
        assert release(store)
        row = WorkRow("read", "b1", allowed="hash of a plan", released_at=NOW + 1)
        assert (blocked(store), state(store)) == (set(), row)
        fail(store)
        with store.write() as tx:
            work.succeeded(tx, "read", "b1")
        assert state(store) == row

    def test_says_when_there_is_nothing_to_release(self, store: Store) -> None:
        assert not release(store)


class TestLog:
    def test_who_released_what_when_and_why_is_kept(self, store: Store) -> None:
        with store.write() as tx:
            for now, evidence in ((1, "1,000.00"), (2, "1,000.00"), (3, "2,000.00")):
                work.park(tx, "close", "acme", "beyond a bound", evidence, now)
            assert work.release(tx, "close", "acme", actor="anna", why="a big month", now=4)
            assert not work.release(tx, "close", "other", actor="anna", why="?", now=5)
            work.park(tx, "close", "acme", "beyond a bound", "2,000.00", 6)
        with store.read() as tx:
            assert [(a.act, a.actor, a.reason, a.evidence, a.at) for a in work.history(tx)] == [
                ("parked", "", "beyond a bound", "1,000.00", 1),
                ("parked", "", "beyond a bound", "2,000.00", 3),
                ("released", "anna", "a big month", "beyond a bound", 4),
                ("parked", "", "beyond a bound", "2,000.00", 6),
            ]
            assert work.history_of(tx, "close", "acme") == work.history(tx)
            assert work.history_of(tx, "close", "other") == []
