"""What a request would be answered before anybody types it (R09, R12, R15, R16; ledger 4)."""

from dataclasses import replace

import pytest

from deskbook import AGREED, MINOR, Board, asked, board
from ledgerbook import worked
from mondaybridge.domain.admission import Origin, Verdict
from mondaybridge.domain.asking import Answer, Asked, ask, sentence
from mondaybridge.domain.contract import Policies
from mondaybridge.domain.prepaid import review_prepaid


def answer(
    opened: Board, minutes: int, origin: Origin | None = None, *, urgent: bool = False
) -> Answer:
    book = opened.book
    rows = list(opened.rows.values())
    decided = review_prepaid(book.contract, rows, book.history(), book.now)
    return ask(book.contract, decided, book.baseline, Asked(minutes, urgent, origin))


def left(minutes: int, policies: Policies = MINOR) -> Board:
    """Return a board on which so much is free, and everything hard is twice that."""
    opened = board(2 * minutes, policies)
    opened.put(asked("A", minutes))
    opened.approve("A")
    return opened


def test_R12_what_fits_and_is_small_starts_by_itself() -> None:
    found = answer(left(45), 30)
    assert (found.origin, found.seen.verdict) == (Origin.REQUEST, Verdict.AUTO)
    assert sentence(found) == "It starts by itself: 0:30 is needed and 0:45 is free."


def test_R12_two_small_ones_are_not_both_promised() -> None:
    opened = left(45)
    assert answer(opened, 30).seen.verdict is Verdict.AUTO
    opened.put(asked("B", 30))
    assert answer(opened, 30).seen.shortfall == 15


def test_R15_what_is_too_long_needs_the_clients_word_though_it_fits() -> None:
    found = answer(left(60), 31)
    assert sentence(found) == (
        "It fits: 0:31 is needed and 1:00 is free. The client must confirm first: it is too long "
        "to start by itself."
    )


def test_R15_beyond_the_free_residual_the_client_confirms_and_sees_what_is_at_risk() -> None:
    opened = board(200, AGREED)
    opened.put(asked("A", 150), asked("B", 30))
    opened.book.now += 3 * 60_000
    opened.put()
    opened.approve("A")
    found = answer(opened, 90, Origin.EXTRA)
    assert (found.seen.verdict, found.seen.shortfall) == (Verdict.CONFIRM, 40)
    assert sentence(found) == (
        "The client must confirm first: 1:30 is needed, 0:50 is free, 0:40 short; the hours "
        "may then not suffice to complete everything that was agreed: Activity A, Activity B."
    )


def test_R16_beyond_the_hard_residual_it_is_refused_with_what_is_missing() -> None:
    found = answer(board(100), 130)
    assert found.refused
    assert sentence(found) == (
        "It cannot be done: 2:10 is needed and 1:40 is left, 0:30 is missing. Lower the estimate, "
        "or sell another package."
    )


def test_4_beyond_the_agreed_overcommit_it_is_refused() -> None:
    found = answer(left(100, replace(MINOR, max_overcommit=30)), 140)
    assert (found.refused, found.seen.missing, found.seen.beyond_limit) == (True, 0, True)
    assert sentence(found).startswith("It cannot be done: it would go 0:40 beyond what is free")


def test_R10_R11_an_urgent_one_is_judged_by_what_it_costs() -> None:
    found = answer(board(100), 30, urgent=True)
    assert (found.seen.charge, found.seen.verdict) == (90, Verdict.AUTO)
    assert sentence(found) == (
        "Urgent: 0:30 counts 3 times, 1:30. It starts by itself: 1:30 is needed and 1:40 is free. "
        "The urgency needs the client's own words as evidence."
    )
    assert answer(board(100), 40, urgent=True).refused


@pytest.mark.parametrize("origin", [Origin.AGREED, Origin.REDO])
def test_R19_R20_agreed_and_redone_work_never_starts_by_itself(origin: Origin) -> None:
    found = answer(board(100), 10, origin)
    assert found.seen.verdict is Verdict.CONFIRM
    assert "The client must approve it first" in sentence(found)


def test_R08_without_an_origin_it_is_judged_as_what_a_new_row_would_be() -> None:
    opened = board(200, AGREED)
    assert answer(opened, 10).origin is Origin.AGREED
    opened.put(asked("A", 190))
    opened.book.now += 3 * 60_000
    opened.put()
    found = answer(opened, 20)
    assert (found.origin, found.seen.verdict, found.seen.planned) == (
        Origin.EXTRA,
        Verdict.CONFIRM,
        190,
    )
    assert sentence(found).endswith("3:10 of what is free is for agreed activities.")


def test_R09_what_was_worked_meanwhile_is_no_longer_there() -> None:
    opened = board(100)
    opened.put(asked("A", 60))
    opened.approve("A")
    opened.change("A", sessions=(worked(60, "2026-10-01 08:00"),))
    assert answer(opened, 41).refused
    assert not answer(opened, 40).refused


def test_R09_the_answer_is_what_the_review_says_of_the_row_once_it_is_typed() -> None:
    for minutes in (20, 31, 70, 120, 190, 210):
        opened = left(100)
        found = answer(opened, minutes)
        opened.put(asked("B", minutes))
        assert opened.book.activations["B"].assessment == found.seen
