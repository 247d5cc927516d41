import pytest

from mirrorbook import reading, registered, take
from mondaybridge.domain.activity import Presence
from mondaybridge.store import mirror, writes
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.writes import CellWrite
from storebook import NOW

LATER = NOW + 120_000


@pytest.fixture(name="store")
def store_with_rows(store: Store) -> Store:
    registered(store)
    take(store, reading("1", outputs=[("c", "0"), ("b", "")]), reading("2", outputs=[("c", "0")]))
    return store


def want(tx: Tx, item_id: str = "1", value: str = "60", board_id: str = "100") -> int:
    return writes.want(tx, board_id, {(item_id, "c"): value}, now=NOW)


def send(tx: Tx, now: int = NOW) -> list[CellWrite]:
    """Claim what is pending; what is due and what is pending are the same."""
    found = writes.pending(tx, "100", now)
    assert writes.due_boards(tx, now) == (["100"] if found else [])
    writes.sent(tx, found, now)
    return found


class TestWant:
    def test_only_what_the_board_does_not_show_is_written(self, store: Store) -> None:
        cells = {("1", "c"): "60", ("1", "b"): "", ("2", "c"): "0"}
        with store.write() as tx:
            assert writes.want(tx, "100", cells, now=NOW) == 1
            assert writes.want(tx, "100", cells, now=NOW) == 0
            assert writes.pending(tx, "100", NOW) == [CellWrite("100", "1", "c", "60")]
            assert writes.due_boards(tx, NOW) == ["100"]

    def test_the_latest_text_counts_and_goes_at_once(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, value="60")
            send(tx)
            assert want(tx, value="90") == 1
            assert send(tx, NOW + 1) == [CellWrite("100", "1", "c", "90")]

    def test_after_a_write_the_mirror_is_not_trusted_to_show_the_old_text(
        self, store: Store
    ) -> None:
        with store.write() as tx:
            want(tx, value="60")
            send(tx)
            writes.seen(tx, "100", {"1": {"c": "60"}})
            assert want(tx, value="0") == 1
            assert send(tx) == [CellWrite("100", "1", "c", "0")]

    def test_a_row_that_moved_is_written_on_its_new_board(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
        take(store, reading("1", "200", updated_at=20), board_id="200")
        with store.write() as tx:
            assert send(tx) == []
            assert want(tx, board_id="200") == 1
            assert writes.pending(tx, "200", NOW) == [CellWrite("200", "1", "c", "60")]


class TestSent:
    def test_the_same_text_is_not_sent_twice_within_two_minutes(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            assert [len(send(tx, at)) for at in (NOW, NOW + 1, LATER - 1, LATER)] == [1, 0, 0, 1]

    def test_a_text_that_changed_meanwhile_is_not_claimed(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, value="60")
            old = writes.pending(tx, "100", NOW)
            want(tx, value="90")
            writes.sent(tx, old, NOW)
            assert writes.pending(tx, "100", NOW) == [CellWrite("100", "1", "c", "90")]

    def test_what_was_surely_not_executed_goes_again_at_once(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            writes.unsent(tx, send(tx))
            assert send(tx) == [CellWrite("100", "1", "c", "60")]

    def test_five_attempts_never_seen_are_enough(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            sent = [len(send(tx, NOW + n * 120_000)) for n in range(7)]
            assert sent == [1, 1, 1, 1, 1, 0, 0]
            at = NOW + 4 * 120_000
            assert writes.stuck(tx) == [CellWrite("100", "1", "c", "60", "sent", 5, at)]
            want(tx, value="90")
            assert (writes.stuck(tx), len(send(tx))) == ([], 1)

    def test_a_refusal_is_remembered_and_counts(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            for n in range(5):
                send(tx, NOW + n * 120_000)
                writes.refused(tx, "100", {"1": "monday says no"}, NOW + n * 120_000)
                assert writes.due_boards(tx, NOW + n * 120_000) == []
            at = NOW + 4 * 120_000
            stuck = CellWrite("100", "1", "c", "60", "wanted", 5, at, "monday says no")
            assert (writes.stuck(tx), send(tx, at + 120_000)) == ([stuck], [])


class TestSeen:
    def test_a_cell_rests_when_it_shows_what_is_wanted(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            send(tx)
            writes.seen(tx, "100", {"1": {"c": "0"}, "unknown": {"c": "0"}})
            assert len(writes.pending(tx, "100", LATER)) == 1
            writes.seen(tx, "100", {"1": {"c": "60"}})
            assert send(tx, LATER) == []

    def test_a_cell_that_is_overwritten_is_wanted_again(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            send(tx)
            for shown in ("60", "0"):
                writes.seen(tx, "100", {"1": {"c": shown}})
            assert [len(send(tx, at)) for at in (NOW + 1, LATER)] == [0, 1]

    def test_another_boards_rows_are_left_alone(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            writes.seen(tx, "200", {"1": {"c": "60"}})
            assert len(send(tx)) == 1


class TestPending:
    @pytest.mark.parametrize("presence", [Presence.ARCHIVED, Presence.DELETED, Presence.MISSING])
    def test_only_active_rows_are_written(self, store: Store, presence: Presence) -> None:
        with store.write() as tx:
            want(tx)
            mirror.mark(tx, ["1"], presence, NOW)
            assert send(tx) == []
            mirror.mark(tx, ["1"], Presence.ACTIVE, NOW)
            assert len(send(tx)) == 1

    @pytest.mark.parametrize("state", ["quarantined", "gone"])
    def test_only_live_boards_are_written(self, store: Store, state: str) -> None:
        with store.write() as tx:
            want(tx)
            mirror.set_board_state(tx, "100", state, "columns changed")
            assert send(tx) == []
