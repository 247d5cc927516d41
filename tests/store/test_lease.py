import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from mondaybridge.errors import LeaseLost
from mondaybridge.store import lease, quota
from mondaybridge.store.engine import Store
from mondaybridge.store.lease import Lease
from mondaybridge.store.tables import lease as rows
from mondaybridge.store.tables import quota as used
from storebook import StillClock

TTL = 60_000


def acquire(store: Store, holder: str = "one", key: str = "client:a") -> Lease:
    held = lease.acquire(store, key, holder, TTL)
    assert held is not None
    return held


def run_out(store: Store, clock: StillClock) -> None:
    """Let the time of all leases pass; PostgreSQL's clock is its own."""
    clock.at += TTL + 1
    if not store.sqlite:
        with store.write() as tx:
            tx.execute(text("update lease set until = 1"))


class TestAcquire:
    def test_has_one_holder_at_a_time(self, store: Store) -> None:
        held = acquire(store)
        with store.read() as tx:
            assert abs(held.until - TTL - store.now(tx)) < 5_000
        assert lease.acquire(store, "client:a", "two", TTL) is None
        assert lease.acquire(store, "client:a", "one", TTL) is None
        assert acquire(store, key="client:b").token == 1

    def test_the_token_only_grows(self, store: Store, clock: StillClock) -> None:
        tokens = []
        for holder in ("one", "two", "one"):
            held = acquire(store, holder)
            tokens.append(held.token)
            lease.release(store, held)
        acquire(store)
        run_out(store, clock)
        tokens.append(acquire(store, "two").token)
        assert tokens == [1, 2, 3, 5]
        with store.read() as tx:
            assert tx.execute(select(rows.c.key, rows.c.token)).all() == [("client:a", 5)]

    def test_one_of_many_threads_gets_it(self, store: Store) -> None:
        found: list[Lease | None] = []
        threads = [
            threading.Thread(
                target=lambda n=n: found.append(lease.acquire(store, "board:b", f"w{n}", TTL))
            )
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [held.token for held in found if held] == [1]


class TestRenew:
    def test_keeps_others_out_longer(self, store: Store, clock: StillClock) -> None:
        held = acquire(store)
        clock.at += TTL // 2
        renewed = lease.renew(store, held)
        assert (renewed.token, renewed.until >= held.until) == (held.token, True)
        clock.at += TTL // 2 + 1
        assert lease.acquire(store, "client:a", "two", TTL) is None

    def test_a_holder_that_woke_late_is_fenced(self, store: Store, clock: StillClock) -> None:
        late = acquire(store)
        run_out(store, clock)
        taken = acquire(store, "two")
        with pytest.raises(LeaseLost, match="another worker took over client:a"):
            lease.renew(store, late)
        with pytest.raises(LeaseLost):
            _confirm(store, late)
        lease.release(store, late)  # lets nobody in
        assert lease.acquire(store, "client:a", "three", TTL) is None
        _confirm(store, taken)

    def test_one_that_ran_out_unnoticed_goes_on(self, store: Store, clock: StillClock) -> None:
        held = acquire(store)
        run_out(store, clock)
        assert lease.renew(store, held).token == held.token


class TestConfirm:
    def test_holds_until_the_commit(self, store: Store, clock: StillClock) -> None:
        """Nobody takes over between the question and what is written under its answer."""
        held = acquire(store)
        run_out(store, clock)
        order: list[str] = []

        def take_over() -> None:
            acquire(store, "two")
            order.append("taken")

        thread = threading.Thread(target=take_over)
        with store.write() as tx:
            lease.confirm(tx, held)
            thread.start()
            thread.join(timeout=0.05)
            order.append("written")
        thread.join()
        assert order == ["written", "taken"]


CHILD = """
import sys
from mondaybridge.clock import SystemClock
from mondaybridge.store import lease, quota
from mondaybridge.store.engine import Store

store, won = Store(sys.argv[1], clock=SystemClock()), 0
while won < 25:
    held = lease.acquire(store, "client:a", sys.argv[2], 60_000)
    if held:
        with store.write() as tx:
            lease.confirm(tx, held)
            assert quota.count(tx, f"token {held.token}", 0) == 1
        lease.release(store, held)
        won += 1
"""


def test_two_processes_never_share_a_token(store: Store) -> None:
    address = store.url.render_as_string(hide_password=False)
    source = str(Path(__file__).resolve().parents[2] / "src")
    children = [
        subprocess.Popen(  # noqa: S603 - this interpreter, the text above
            [sys.executable, "-c", CHILD, address, name],
            env={**os.environ, "PYTHONPATH": source},
        )
        for name in ("one", "two")
    ]
    assert [child.wait(timeout=60) for child in children] == [0, 0]
    with store.read() as tx:
        assert tx.execute(select(used.c.used)).scalars().all() == [1] * 50
        assert tx.execute(select(rows.c.token)).scalar() == 50
        assert quota.used_today(tx, "token 50", 0) == 1


def _confirm(store: Store, held: Lease) -> None:
    with store.write() as tx:
        lease.confirm(tx, held)
