import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

from mondaybridge.domain.activity import Hint
from mondaybridge.errors import TryLater
from mondaybridge.store import inbox
from mondaybridge.store.engine import Store
from mondaybridge.store.inbox import Claim, GroupCommit
from storebook import NOW, SECOND, StillClock

LATER = NOW + 60 * SECOND
QUICK = {"debounce_ms": 5 * SECOND, "max_wait_ms": 30 * SECOND}


def remember(store: Store, *items: str, at: int = NOW, board: str = "b") -> None:
    with store.write() as tx:
        inbox.remember(tx, [Hint(board, item, at) for item in items], now=at, **QUICK)


def claims(store: Store, now: int = LATER, board: str = "b") -> list[Claim]:
    with store.write() as tx:
        return inbox.claim(tx, board, now)


def settle(store: Store, claimed: list[Claim]) -> None:
    with store.write() as tx:
        inbox.settle(tx, claimed)


class TestRemember:
    def test_the_same_key_is_one_hint(self, store: Store) -> None:
        remember(store, "2", "1", "1")
        remember(store, "1", "")
        assert claims(store) == [Claim("b", "", 1, 0), Claim("b", "1", 3, 0), Claim("b", "2", 1, 0)]

    def test_is_due_when_its_board_has_been_quiet(self, store: Store) -> None:
        remember(store, "1")
        remember(store, "1", at=NOW + 4 * SECOND)
        assert claims(store, NOW + 9 * SECOND - 1) == []
        assert claims(store, NOW + 9 * SECOND) == [Claim("b", "1", 2, 0)]

    def test_never_waits_longer_than_the_longest_wait(self, store: Store) -> None:
        for second in range(0, 60, 4):
            remember(store, "1", at=NOW + second * SECOND)
        assert claims(store, NOW + 30 * SECOND - 1) == []
        assert len(claims(store, NOW + 30 * SECOND)) == 1

    def test_boards_are_due_in_the_order_of_waiting(self, store: Store) -> None:
        remember(store, "1", at=NOW + 2 * SECOND, board="late")
        remember(store, "1", board="early")
        remember(store, "1", at=NOW + 90 * SECOND, board="not yet")
        with store.read() as tx:
            assert inbox.due_boards(tx, LATER) == ["early", "late"]


class TestSettle:
    def test_a_hint_that_lands_during_the_read_survives(self, store: Store) -> None:
        """Clearing by board loses it (storage 3)."""
        remember(store, "1", "2")
        claimed = claims(store)
        remember(store, "1", "3", at=LATER)
        settle(store, claimed)
        left = claims(store, LATER + 60 * SECOND)
        assert left == [Claim("b", "1", 2, 0), Claim("b", "3", 1, 0)]

    def test_again_deletes_nothing_else(self, store: Store) -> None:
        remember(store, "1")
        claimed = claims(store)
        settle(store, claimed)
        remember(store, "1")
        remember(store, "1")
        settle(store, claimed)
        assert claims(store) == [Claim("b", "1", 2, 0)]


class TestLookAgain:
    def test_the_second_look_ends_it(self, store: Store) -> None:
        remember(store, "1")
        _look(store, claims(store))
        assert claims(store, LATER) == []
        again = claims(store, LATER + 45 * SECOND)
        assert again == [Claim("b", "1", 1, 1)]
        _look(store, again)
        assert claims(store, LATER + 900 * SECOND) == []

    def test_a_new_hint_makes_it_new(self, store: Store) -> None:
        remember(store, "1")
        _look(store, claims(store))
        remember(store, "1", at=LATER)
        assert claims(store, LATER + 5 * SECOND - 1) == []
        assert claims(store, LATER + 5 * SECOND) == [Claim("b", "1", 2, 0)]

    def test_a_hint_that_landed_meanwhile_is_not_put_off(self, store: Store) -> None:
        remember(store, "1")
        claimed = claims(store)
        remember(store, "1", at=LATER)
        _look(store, claimed)
        assert claims(store, LATER + 5 * SECOND) == [Claim("b", "1", 2, 0)]


@pytest.fixture
def commit(store: Store) -> Iterator[GroupCommit]:
    made = GroupCommit(store, **QUICK)
    yield made
    made.close()


class TestGroupCommit:
    def test_many_hints_share_a_commit(self, store: Store, commit: GroupCommit) -> None:
        futures: list[Future[None]] = []
        with store.write() as tx:  # the first batch waits for this one; the rest gather
            futures.append(commit.remember(Hint("b", "0", NOW)))
            if not store.sqlite:
                inbox.remember(tx, [Hint("b", "0", NOW)], now=NOW, **QUICK)
            _until(lambda: not commit._waiting)
            futures += [commit.remember(Hint("b", str(n), NOW)) for n in range(1, 200)]
            assert not any(future.done() for future in futures)
        assert wait(futures, timeout=10).not_done == set()
        assert [future.exception() for future in futures] == [None] * 200
        assert len(claims(store)) == 200

    def test_what_goes_wrong_reaches_everybody_and_the_next_is_served(
        self, store: Store, commit: GroupCommit
    ) -> None:
        with store.write():
            futures = [commit.remember(Hint("b", "first", NOW))]
            _until(lambda: not commit._waiting or not store.sqlite)
            futures += [commit.remember(Hint("b", name, NOW)) for name in ("\ud800", "good")]
        wait(futures, timeout=10)
        assert isinstance(futures[1].exception(), UnicodeEncodeError)
        commit.remember(Hint("b", "next", NOW)).result(timeout=10)
        assert "next" in {claim.item_id for claim in claims(store)}

    def test_somebody_who_left_disturbs_nobody(self, store: Store, commit: GroupCommit) -> None:
        with store.write():
            first = commit.remember(Hint("b", "1", NOW))
            second = commit.remember(Hint("b", "2", NOW))
            second.cancel()
        first.result(timeout=10)
        commit.remember(Hint("b", "3", NOW)).result(timeout=10)

    def test_closing_stores_what_waits_and_takes_no_more(self, store: Store) -> None:
        commit = GroupCommit(store, **QUICK)
        futures = [commit.remember(Hint("b", str(n), NOW)) for n in range(700)]
        commit.close()
        assert all(future.done() and future.exception() is None for future in futures)
        assert len(claims(store)) == 700
        with pytest.raises(TryLater):
            commit.remember(Hint("b", "late", NOW)).result(timeout=1)

    def test_threads_lose_nothing(self, store: Store, commit: GroupCommit) -> None:
        def send(number: int) -> None:
            for n in range(25):
                commit.remember(Hint("b", f"{number}-{n}", NOW)).result(timeout=10)

        threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(claims(store)) == 100


CHILD = """
import sys
from mondaybridge.clock import SystemClock
from mondaybridge.domain.activity import Hint
from mondaybridge.store.engine import Store
from mondaybridge.store.inbox import GroupCommit

store = Store(sys.argv[1], clock=SystemClock())
commit = GroupCommit(store, debounce_ms=0, max_wait_ms=0)
n = 0
while True:
    futures = [commit.remember(Hint("b", str(n + k), 0)) for k in range(10)]
    for future in futures:
        future.result()
    n += 10
    print(n, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(url: str, clock: StillClock) -> None:
    child = subprocess.Popen(  # noqa: S603 - this interpreter, the text above
        [sys.executable, "-c", CHILD, url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")},
    )
    assert child.stdout
    acknowledged = 0
    for line in child.stdout:
        acknowledged = int(line)
        if acknowledged >= 200:
            child.send_signal(signal.SIGKILL)
            break
    acknowledged = max([acknowledged, *map(int, child.stdout.read().split())])
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    store = Store(url, clock=clock)
    with store.read() as tx:
        kept = {claim.item_id for claim in inbox.claim(tx, "b", 2 * NOW)}
    store.close()
    assert {str(n) for n in range(acknowledged)} <= kept


def _look(store: Store, claimed: list[Claim]) -> None:
    with store.write() as tx:
        inbox.look_again(tx, claimed, LATER + 45 * SECOND)


def _until(true: Callable[[], bool]) -> None:
    while not true():
        pass
