import threading
from collections.abc import Callable
from pathlib import Path

import greenlet  # type: ignore[import-untyped]  # it comes without types
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from mondaybridge.errors import ConfigurationError, TryLater
from mondaybridge.store.engine import Store
from mondaybridge.store.gate import FifoGate
from storebook import NOW, StillClock

ADD = text("insert into lease (key, holder, token, until) values (:key, '', 1, 0)")
COUNT = text("select count(*) from lease")


class TestWrite:
    def test_keeps_what_was_written(self, store: Store) -> None:
        with store.write() as tx:
            tx.execute(ADD, {"key": "a"})
        with store.read() as tx:
            assert tx.execute(COUNT).scalar_one() == 1

    def test_undoes_all_of_it_when_anything_is_raised(self, store: Store) -> None:
        with pytest.raises(KeyboardInterrupt), store.write() as tx:  # noqa: PT012 - the block is it
            tx.execute(ADD, {"key": "a"})
            raise KeyboardInterrupt
        with store.write() as tx:
            assert tx.execute(COUNT).scalar_one() == 0

    def test_a_busy_database_says_try_later(self, store: Store) -> None:
        other = Store(str(store.url.render_as_string(hide_password=False)), clock=store.clock)
        with store.write() as tx:
            tx.execute(ADD, {"key": "a"})
            _in_a_thread(lambda: _take_impatiently(other))
        other.close()

    def test_a_broken_rule_of_the_schema_stays_what_it_is(self, store: Store) -> None:
        with pytest.raises(DBAPIError, match=r"(?i)unique"), store.write() as tx:
            tx.execute(ADD, [{"key": "a"}, {"key": "a"}])


class TestRead:
    def test_refuses_to_write(self, store: Store) -> None:
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"), store.read() as tx:
            tx.execute(ADD, {"key": "a"})
        with store.write() as tx:
            tx.execute(ADD, {"key": "b"})

    def test_sees_one_moment_throughout(self, store: Store) -> None:
        def write() -> None:
            with store.write() as tx:
                tx.execute(ADD, {"key": "a"})

        with store.read() as tx:
            before = tx.execute(COUNT).scalar_one()
            _in_a_thread(write)
            assert tx.execute(COUNT).scalar_one() == before


class TestAssertIdle:
    def test_fails_inside_either_door_and_not_after(self, store: Store) -> None:
        for door in (store.read, store.write):
            with door():
                with pytest.raises(AssertionError, match="a transaction is open"):
                    store.assert_idle()
                with pytest.raises(AssertionError, match="a transaction is open"):
                    store.write().__enter__()
            store.assert_idle()

    def test_looks_at_this_thread_only(self, store: Store) -> None:
        with store.write():
            _in_a_thread(store.assert_idle)

    def test_looks_at_this_greenlet_only(self, store: Store) -> None:
        hub = greenlet.getcurrent()

        def work() -> None:
            with store.read():
                hub.switch()

        worker = greenlet.greenlet(work)
        worker.switch()
        store.assert_idle()
        worker.switch()
        assert worker.dead


class TestPauses:
    def test_the_gate_is_never_held_when_a_connection_goes_out_or_in(self, store: Store) -> None:
        """A worker that sleeps at the pool's edge must not keep the others from writing."""
        hub = greenlet.getcurrent()
        paused: list[str] = []

        def pause(label: str) -> None:
            if greenlet.getcurrent() is not hub:
                paused.append(label)
                hub.switch()

        event.listen(store.engine, "checkout", lambda *_: pause("checkout"))
        event.listen(store.engine, "checkin", lambda *_: pause("checkin"))

        def work(key: str) -> None:
            with store.write() as tx:
                tx.execute(ADD, {"key": key})

        workers = [greenlet.greenlet(lambda key=key: work(key)) for key in "abc"]
        for _ in range(3):
            for worker in workers:
                worker.switch()
        assert all(worker.dead for worker in workers)
        assert paused == ["checkout"] * 3 + ["checkin"] * 3
        with store.read() as tx:
            assert tx.execute(COUNT).scalar_one() == 3


class TestFifoGate:
    def test_lets_in_by_order_of_arrival(self) -> None:
        gate = FifoGate()
        came: list[int] = []
        threads: list[threading.Thread] = []

        def come(number: int) -> None:
            with gate.passage():
                came.append(number)

        with gate.passage():
            for number in range(8):
                thread = threading.Thread(target=come, args=(number,))
                thread.start()
                threads.append(thread)
                while len(gate._waiting) <= number:
                    pass
        for thread in threads:
            thread.join()
        assert came == list(range(8))

    def test_an_acknowledgement_waits_for_one_chunk_at_most(self, store: Store) -> None:
        """A bulk writer that comes back at once stands behind who is waiting (storage 3)."""
        done: list[str] = []
        asked = threading.Event()

        def acknowledge() -> None:
            asked.set()
            with store.write() as tx:
                tx.execute(ADD, {"key": "hint"})
                done.append("hint")

        thread = threading.Thread(target=acknowledge)
        for chunk in range(20):
            with store.write() as tx:
                tx.execute(ADD, {"key": f"chunk {chunk}"})
                done.append("chunk")
                if chunk == 2:
                    thread.start()
                    asked.wait()
                    while store.sqlite and not store._gate._waiting:
                        pass
        thread.join()
        if store.sqlite:
            assert done.index("hint") == 3


class TestNow:
    def test_is_the_clock_of_the_app_or_the_database(self, store: Store) -> None:
        with store.read() as tx:
            now = store.now(tx)
        assert (now == NOW) is store.sqlite
        assert now > 1_700_000_000_000


class TestStore:
    @pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://u:p@h/d"])
    def test_refuses_other_databases(self, address: str, clock: StillClock) -> None:
        with pytest.raises(ConfigurationError, match="postgresql://… or sqlite:///FILE") as found:
            Store(address, clock=clock)
        assert ":p@" not in str(found.value)

    def test_makes_its_file_for_the_owner_alone(self, tmp_path: Path, clock: StillClock) -> None:
        path = tmp_path / "data" / "mb.sqlite3"
        store = Store(f"sqlite:///{path}", clock=clock)
        store.upgrade()
        store.close()
        assert path.stat().st_mode & 0o777 == 0o600

    def test_writes_ahead_and_waits_for_the_disk(self, tmp_path: Path, clock: StillClock) -> None:
        store = Store(f"sqlite:///{tmp_path / 'mb.sqlite3'}", clock=clock)
        store.upgrade()
        with store.read() as tx:
            found = [
                tx.exec_driver_sql(f"pragma {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        store.close()
        assert found == ["wal", 2, 1]


def _take_impatiently(store: Store) -> None:
    with store.engine.connect() as connection:
        impatient = "pragma busy_timeout=1" if store.sqlite else "set lock_timeout = '1ms'"
        connection.connection.cursor().execute(impatient)
        connection.connection.commit()
    with pytest.raises(TryLater, match="busy or away"), store.write() as tx:
        tx.execute(ADD, {"key": "a"})


def _in_a_thread(work: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - shown in the test's thread
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failures == []
