from dataclasses import replace

import pytest

from mirrorbook import reading, registered, take
from mondaybridge.domain.activity import Presence
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.store import board_face, mirror, notices, writes
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


def once(tx: Tx, value: str | None = "2", column: str = "status") -> int:
    """Decide anew about one cell of people; None: it is not to be written."""
    wanted = {} if value is None else {("1", column): value}
    return writes.want_once(tx, "100", wanted, ["1", "2"])


def shows(store: Store, value: str, at: int) -> None:
    """Read the row with another status."""
    seen = reading("1", outputs=[("c", "0"), ("b", ""), ("status", value)], updated_at=at)
    take(store, seen)
    with store.write() as tx:
        writes.seen(tx, "100", {"1": dict(seen.outputs)})


class TestOnce:
    def test_a_cell_of_people_is_written_once_and_then_theirs(self, store: Store) -> None:
        shows(store, "1", 20)
        with store.write() as tx:
            assert (once(tx), once(tx)) == (1, 0)
            [cell] = send(tx)
            assert cell == CellWrite("100", "1", "status", "2", once=True)
            writes.seen(tx, "100", {"1": {"status": "2"}})
        shows(store, "1", 30)
        with store.write() as tx:
            assert (once(tx, None), send(tx, LATER)) == (0, [])

    def test_a_new_decision_comes_no_sooner_than_after_two_minutes(self, store: Store) -> None:
        with store.write() as tx:
            once(tx)
            send(tx)
        shows(store, "2", 20)
        shows(store, "1", 30)
        with store.write() as tx:
            assert once(tx) == 1
            assert [len(send(tx, at)) for at in (NOW + 1, LATER - 1, LATER)] == [0, 0, 1]

    def test_what_the_board_shows_already_is_not_written(self, store: Store) -> None:
        shows(store, "2", 20)
        with store.write() as tx:
            assert (once(tx), send(tx, LATER)) == (0, [])

    def test_a_decision_that_is_taken_back_is_not_written(self, store: Store) -> None:
        with store.write() as tx:
            once(tx)
            assert (once(tx, None), send(tx, LATER)) == (0, [])

    def test_it_waits_until_the_comment_that_explains_it_stands_there(self, store: Store) -> None:
        stale = Notice("1", Rule.STALE, (("covered", 60), ("estimate", 90), ("factor", 1)))
        with store.write() as tx:
            once(tx, "", "approval")
            once(tx, "Home (extra)", "name")
            notices.want(tx, "100", {("1", "stale"): stale}, NOW)
            assert send(tx) == [CellWrite("100", "1", "name", "Home (extra)", once=True)]
        shows(store, "1", 20)
        with store.write() as tx:
            writes.want_once(tx, "100", {("1", "status"): "2"}, ["1"])
            assert send(tx) == []
            [(_, told)] = notices.pending(tx, "100", NOW)
            notices.known(tx, told, update_id="u1", shown_at=NOW)
            assert [cell.column_id for cell in send(tx)] == ["status"]

    def test_it_does_not_wait_for_a_comment_that_is_not_tried_any_more(self, store: Store) -> None:
        with store.write() as tx:
            once(tx)
            notices.want(tx, "100", {("1", "start"): Notice("1", Rule.START)}, NOW)
            [(_, told)] = notices.pending(tx, "100", NOW)
            notices.sent(tx, replace(told, attempt=4), "text", NOW)
            assert [cell.column_id for cell in send(tx)] == ["status"]

    def test_our_own_cell_of_the_same_row_goes_its_own_way(self, store: Store) -> None:
        with store.write() as tx:
            want(tx)
            once(tx)
            assert [cell.column_id for cell in send(tx)] == ["c", "status"]
            assert (want(tx), once(tx, None)) == (0, 0)
            assert [cell.column_id for cell in send(tx, LATER)] == ["c"]


class TestPackage:
    def test_the_row_of_the_package_is_written_at_most_once_in_five_minutes(
        self, store: Store
    ) -> None:
        with store.write() as tx:
            board_face.set_package_item(tx, "100", "1")
            for value in ("600", "540"):
                writes.want(tx, "100", {("1", "c"): value, ("1", "b"): value}, now=NOW)
            assert [len(send(tx, NOW + n)) for n in (0, 1)] == [2, 0]
            for n, value in enumerate(("480", "420", "360")):
                writes.want(tx, "100", {("1", "c"): value, ("1", "b"): "x"}, now=NOW + n)
            sent = {at: [c.value for c in send(tx, NOW + at)] for at in (120_000, 299_999, 300_000)}
            assert sent == {120_000: [], 299_999: [], 300_000: ["x", "360"]}
