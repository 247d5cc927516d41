"""Rows whose answer is looked up: due by what they show, ended once, evidence by contract."""

import pytest

from mirrorbook import registered
from mondaybridge.domain.approval import Change, Evidence, Field
from mondaybridge.store import answers, mirror
from mondaybridge.store.answers import DAY_MS, HOUR_MS, LOOKS_MAX, Look, PersonRow
from mondaybridge.store.engine import Store
from storebook import NOW

MIN = 60_000
PRINT = "7200|1|10"


@pytest.fixture
def book(store: Store) -> Store:
    registered(store)
    with store.write() as tx:
        for board in ("100", "101", "200"):
            mirror.set_board_state(tx, board, "live", "")
    return store


def approval(at: int, value: str = "approved", user: str = "7") -> Change:
    return Change(at, f"{at:017}-x", Field.APPROVAL, value, "", user)


def pending(store: Store, board: str = "100", now: int = NOW) -> list[Look]:
    with store.read() as tx:
        return answers.pending(tx, board, now, 100)


def due(store: Store, now: int = NOW) -> list[str]:
    with store.read() as tx:
        return answers.due_looks(tx, now)


def evidence(store: Store, contract: str = "acme-care") -> dict[str, Evidence]:
    with store.read() as tx:
        return answers.evidence(tx, contract)


def want(store: Store, prints: dict[str, str], board: str = "100") -> int:
    with store.write() as tx:
        return answers.want_looks(tx, board, prints)


def end(store: Store, *gone: str) -> None:
    looks = pending(store)
    with store.write() as tx:
        answers.finish(tx, looks, NOW, gone)


def test_a_new_print_is_due_at_once_and_the_same_one_is_not_asked_for_again(book: Store) -> None:
    assert due(book) == []
    assert want(book, {"1": PRINT, "2": PRINT}) == 2
    assert want(book, {"1": PRINT}) == 0
    assert due(book) == ["100"]
    assert pending(book) == [Look("1", "100", PRINT), Look("2", "100", PRINT)]
    end(book)
    assert (due(book), pending(book), want(book, {"1": PRINT})) == ([], [], 0)
    assert want(book, {"1": "other"}) == 1
    assert pending(book) == [Look("1", "100", "other", PRINT)]


def test_nothing_is_wanted(book: Store) -> None:
    assert want(book, {}) == 0
    end(book)
    assert evidence(book) == {}


def test_a_look_that_came_too_early_waits_and_those_tried_least_go_first(book: Store) -> None:
    want(book, {"1": PRINT})
    with book.write() as tx:
        answers.later(tx, answers.pending(tx, "100", NOW, 100), NOW + MIN)
    assert due(book) == []
    want(book, {"2": PRINT})
    assert pending(book, now=NOW + MIN) == [
        Look("2", "100", PRINT),
        Look("1", "100", PRINT, "", 1, NOW + MIN),
    ]
    assert want(book, {"1": "other"}) == 1
    assert [look.item_id for look in pending(book)] == ["1", "2"]
    with book.read() as tx:
        assert [look.item_id for look in answers.pending(tx, "100", NOW, 1)] == ["1"]


def test_an_answer_to_an_older_question_ends_nothing(book: Store) -> None:
    want(book, {"1": PRINT})
    looks = pending(book)
    want(book, {"1": "other"})
    with book.write() as tx:
        answers.finish(tx, looks, NOW)
        answers.later(tx, looks, NOW + MIN)
    assert pending(book) == [Look("1", "100", "other")]


def test_a_board_that_is_not_live_is_not_looked_at(book: Store) -> None:
    want(book, {"1": PRINT})
    with book.write() as tx:
        mirror.set_board_state(tx, "100", "quarantined", "columns")
    assert due(book) == []


def test_evidence_is_what_the_log_told_in_its_order(book: Store) -> None:
    want(book, {"1": PRINT, "2": PRINT})
    want(book, {"3": PRINT}, "200")
    later, earlier = approval(20), approval(10, "rejected", "8")
    with book.write() as tx:
        answers.save_changes(tx, [("1", later), ("1", earlier), ("9", approval(5))])
        answers.save_changes(tx, [("1", approval(20, "rejected"))])
        answers.save_people(tx, [PersonRow("7", "gia@client.example", "Gia", "guest")], NOW)
        answers.save_people(tx, [PersonRow("7", "new@client.example"), PersonRow("8")], NOW)
        assert answers.unknown(tx, {"7", "8", "9"}) == {"9"}
    assert evidence(book) == {}
    end(book, "2")
    told = (
        approval(10, "rejected", "8"),
        approval(20, user="gia@client.example"),
    )
    found = evidence(book)
    assert found == {"1": Evidence(PRINT, told), "2": Evidence(PRINT, (), gone=True)}
    assert [(c.value, c.user) for c in found["1"].changes] == [
        ("rejected", "8"),
        ("approved", "gia@client.example"),
    ]
    assert evidence(book, "globex-care") == {}


def test_evidence_stays_while_a_new_question_is_open(book: Store) -> None:
    want(book, {"1": PRINT, "2": PRINT})
    end(book, "2")
    want(book, {"1": "other", "2": "other"})
    assert evidence(book) == {"1": Evidence(PRINT), "2": Evidence(PRINT)}
    with book.write() as tx:
        for tries in range(LOOKS_MAX - 1):
            answers.later(tx, answers.pending(tx, "100", NOW, 100), NOW)
            assert answers.pending(tx, "100", NOW, 100)[0].looks == tries + 1
    end(book)
    assert evidence(book) == {"1": Evidence("other"), "2": Evidence("other")}


def test_R25_a_log_that_tells_nothing_is_asked_again_ever_more_rarely(book: Store) -> None:
    want(book, {"1": PRINT, "2": PRINT})
    end(book, "1")
    now, waited = NOW, []
    for _ in range(8):
        (look,) = pending(book, now=now + 10 * DAY_MS)
        assert (look.item_id, look.in_vain, pending(book, now=look.not_before - 1)) == (
            ("1", True, [])
        )
        waited.append((look.not_before - now) // HOUR_MS)
        now = look.not_before
        with book.write() as tx:
            answers.finish(tx, [look], now, {"1"})
    assert waited == [1, 2, 4, 8, 16, 24, 24, 24]
    looks = pending(book, now=now + DAY_MS)
    with book.write() as tx:
        answers.put_off(tx, looks, now + DAY_MS)
    assert {key: one.gone for key, one in evidence(book).items()} == {"1": True, "2": False}
    (look,) = pending(book, now=now + 2 * DAY_MS)
    with book.write() as tx:
        answers.finish(tx, [look], now)
    assert pending(book, now=now + 10 * DAY_MS) == []


def test_a_row_that_moved_is_asked_for_on_its_new_board(book: Store) -> None:
    want(book, {"1": PRINT})
    assert want(book, {"1": PRINT}, "101") == 1
    assert (pending(book), due(book)) == ([], ["101"])
