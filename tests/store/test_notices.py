"""The outbox of comments: wanted, sent, known, ended; ten new ones a day on a board."""

from dataclasses import replace

import pytest

from mirrorbook import reading, registered, take
from mondaybridge.domain.activity import Presence
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.store import board_face, effects, mirror, notices
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.notices import Saying, package_place
from storebook import NOW

LATER = NOW + 120_000
DAY = 86_400_000
CONFIRM = Notice("1", Rule.CONFIRM, (("charge", 60), ("shortfall", 0)))
RAISED = replace(CONFIRM, args=(("charge", 90), ("shortfall", 0)))
ARGS = '[["charge", 60], ["shortfall", 0]]'


@pytest.fixture(name="store")
def store_with_rows(store: Store) -> Store:
    registered(store)
    take(store, *(reading(str(number)) for number in range(1, 21)))
    return store


def want(tx: Tx, *told: Notice, board_id: str = "100") -> int:
    wanted = {(one.activity_id, one.rule.value): one for one in told}
    return notices.want(tx, board_id, wanted, NOW)


def only(tx: Tx, now: int = NOW, board_id: str = "100") -> Saying:
    """Return the one thing to be said; what is due and what is pending are the same."""
    [(_, one)] = notices.pending(tx, board_id, now)
    assert notices.due_boards(tx, now) == [board_id]
    return one


def say(tx: Tx, now: int = NOW, update_id: str = "u1") -> Saying:
    one = only(tx, now)
    notices.sent(tx, one, "text", now)
    notices.known(tx, one, update_id=update_id, shown_at=now + 5)
    return one


def silent(tx: Tx, now: int = NOW + DAY) -> bool:
    return notices.pending(tx, "100", now) == [] and notices.due_boards(tx, now) == []


class TestWant:
    def test_the_same_numbers_are_said_once(self, store: Store) -> None:
        with store.write() as tx:
            assert want(tx, CONFIRM) == 1
            assert only(tx) == Saying("1", "confirm", "100", ARGS)
            assert want(tx, replace(CONFIRM, args=CONFIRM.args[::-1])) == 0
            say(tx)
            assert want(tx, CONFIRM) == 0
            assert silent(tx)

    def test_other_numbers_are_a_correction_and_wait_two_minutes(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            say(tx)
            assert want(tx, RAISED) == 1
            assert silent(tx, LATER - 1)
            assert (only(tx, LATER).update_id, only(tx, LATER).notice) == ("u1", _sorted(RAISED))

    def test_what_holds_no_more_ends_and_comes_back_in_its_place(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            say(tx)
            assert want(tx) == 1
            ended = say(tx, LATER)
            assert (ended.ended, ended.update_id) == (1, "u1")
            assert (want(tx), silent(tx)) == (0, True)
            assert want(tx, CONFIRM) == 1
            assert (only(tx, LATER + 120_000).ended, only(tx, LATER + DAY).update_id) == (0, "u1")

    def test_5_6_a_row_that_cannot_be_read_keeps_what_stands_there(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            say(tx)
            assert notices.want(tx, "100", {}, NOW, kept={"1"}) == 0
            assert silent(tx, LATER)
            assert notices.want(tx, "100", {}, NOW, kept={"2"}) == 1

    def test_what_was_never_said_ends_in_silence(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            assert want(tx) == 0
            assert silent(tx)

    def test_what_may_have_been_said_is_looked_for_in_the_end(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            notices.sent(tx, only(tx), "text", NOW)
            assert want(tx) == 1
            assert (only(tx, LATER).ended, only(tx, LATER).attempt) == (1, 1)

    def test_two_rules_of_a_row_are_two_comments_and_other_boards_are_left_alone(
        self, store: Store
    ) -> None:
        with store.write() as tx:
            want(tx, CONFIRM, Notice("1", Rule.START))
            assert want(tx, board_id="200") == 0
            assert [one.rule for _, one in notices.pending(tx, "100", NOW)] == ["confirm", "start"]

    def test_a_row_that_moved_takes_its_comment_along(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            say(tx)
        take(store, reading("1", "200", updated_at=20), board_id="200")
        with store.write() as tx:
            assert want(tx, CONFIRM, board_id="200") == 1
            assert want(tx) == 0
            assert only(tx, LATER, "200").update_id == "u1"


class TestSent:
    def test_without_an_answer_it_goes_again_after_two_minutes_and_five_times(
        self, store: Store
    ) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            for number in range(5):
                notices.sent(tx, only(tx, NOW + number * 120_000), "text", NOW + number * 120_000)
            assert silent(tx)
            assert [one.attempt for one in notices.stuck(tx)] == [5]
            want(tx, RAISED)
            assert (notices.stuck(tx), only(tx, NOW + DAY).attempt) == ([], 0)

    def test_what_was_surely_not_executed_goes_again_at_once(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            one = only(tx)
            notices.sent(tx, one, "text", NOW)
            notices.unsent(tx, one)
            assert only(tx) == replace(one, body="text")

    def test_numbers_that_change_while_it_is_sent_are_said_next(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            one = only(tx)
            notices.sent(tx, one, "text", NOW)
            want(tx, RAISED)
            notices.known(tx, one, update_id="u1", shown_at=NOW + 5)
            assert notices.shown(tx, "acme-care") == {"1": (NOW + 5, dict(CONFIRM.args))}
            assert only(tx, LATER).notice == _sorted(RAISED)

    def test_a_removed_comment_is_said_anew_only_while_it_is_true(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            notices.gone(tx, say(tx))
            assert only(tx).fresh
            say(tx, update_id="u2")
            want(tx)
            notices.gone(tx, only(tx, LATER))
            assert silent(tx)

    def test_a_refusal_is_kept(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            one = only(tx)
            notices.sent(tx, one, "text", NOW)
            notices.refused(tx, one, "monday says no")
            assert only(tx, LATER).problem == "monday says no"


class TestShown:
    def test_R15_it_counts_from_the_moment_these_numbers_stood_there(self, store: Store) -> None:
        with store.write() as tx:
            other = Notice("2", Rule.RESIDUAL, (("need", 9),))
            want(tx, CONFIRM, other)
            assert notices.shown(tx, "acme-care") == {}
            for target, one in notices.pending(tx, "100", NOW):
                notices.known(tx, one, update_id=f"u{target}", shown_at=NOW + 5)
            first = {"1": (NOW + 5, {"charge": 60, "shortfall": 0})}
            assert notices.shown(tx, "acme-care") == first
            assert notices.shown(tx, "globex-care") == {}
            want(tx, RAISED, other)
            assert notices.shown(tx, "acme-care") == first
            say(tx, LATER)
            raised = {"1": (LATER + 5, {"charge": 90, "shortfall": 0})}
            assert notices.shown(tx, "acme-care") == raised
            want(tx)
            assert notices.shown(tx, "acme-care") == {}


class TestWhere:
    @pytest.mark.parametrize("presence", [Presence.ARCHIVED, Presence.DELETED, Presence.MISSING])
    def test_only_rows_that_are_there_are_told(self, store: Store, presence: Presence) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            mirror.mark(tx, ["1"], presence, NOW)
            assert silent(tx)

    def test_nothing_is_said_on_a_board_that_is_not_as_mapped(self, store: Store) -> None:
        with store.write() as tx:
            want(tx, CONFIRM)
            mirror.set_board_state(tx, "100", "quarantined", "columns changed")
            assert silent(tx)

    def test_what_is_told_of_a_package_waits_for_its_row_and_never_ends(self, store: Store) -> None:
        place = package_place("100")
        with store.write() as tx:
            used = Notice("", Rule.USED, (("percent", 50),))
            assert notices.want(tx, "100", {(place, "used-50"): used}, NOW) == 1
            assert silent(tx)
            board_face.set_package_item(tx, "100", "9")
            [(target, one)] = notices.pending(tx, "100", NOW)
            assert (target, one.notice.rule) == ("9", Rule.USED)
            notices.known(tx, one, update_id="u1", shown_at=NOW)
            assert (want(tx), silent(tx)) == (0, True)


def test_a_board_takes_ten_new_comments_a_day_and_any_correction(store: Store) -> None:
    told = [replace(CONFIRM, activity_id=str(number)) for number in range(1, 14)]
    with store.write() as tx:
        want(tx, *told)
        first = notices.pending(tx, "100", NOW)
        assert (len(first), notices.waiting(tx, NOW)) == (10, {})
        for target, one in first:
            effects.begin(
                tx,
                service="monday",
                business_key=one.business_key,
                op=notices.POST,
                chunk=0,
                attempt=1,
                idem_key=target,
                method="POST",
                path="100",
                body=b"",
                now=NOW,
            )
            notices.known(tx, one, update_id=f"u{target}", shown_at=NOW)
        assert silent(tx, LATER)
        assert notices.waiting(tx, LATER) == {"100": 3}
        want(tx, RAISED, *told[1:])
        assert [one.item_id for _, one in notices.pending(tx, "100", LATER)] == ["1"]
        tomorrow = NOW - NOW % DAY + DAY
        assert len(notices.pending(tx, "100", tomorrow)) == 4
        assert notices.waiting(tx, tomorrow) == {}


def _sorted(told: Notice) -> Notice:
    return replace(told, args=tuple(sorted(told.args)))
