"""Comments below rows: said once, corrected in place, looked for after a lost answer, ten a day."""

from dataclasses import replace

import pytest

from boardhouse import BOARD, boardhouse, notice
from mondaybridge.domain.notices import Rule
from mondaybridge.errors import TryLater
from mondaybridge.store import notices

SHORT = {"need": 150, "hard": 120, "missing": 30}
SAID = (
    "Servono 2:30 h e ne restano 2:00: mancano 0:30 h. L'attività può partire dopo una riduzione"
    " della stima o con un nuovo pacchetto. [MB-residual]"
)
STARTED = (
    "Serve l'approvazione. L'attività risulta già avviata: prosegue appena questo punto è risolto."
    " [MB-start]"
)
SETTLED = "✓ Risolto: non serve altro. [MB-residual]"


def test_a_comment_is_said_once_corrected_in_place_and_settled() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        short = notice(item, Rule.RESIDUAL, **SHORT)
        for _ in range(3):
            one.decide(told=[short])
            one.write()
            one.wait(3)
        assert one.comments(item) == [SAID]
        one.decide(told=[notice(item, Rule.RESIDUAL, **{**SHORT, "missing": 60, "hard": 90})])
        assert one.write() == ["Correct"]
        assert one.comments(item)[0].startswith("Servono 2:30 h e ne restano 1:30: mancano 1:00 h.")
        one.wait(3)
        one.decide()
        assert one.write() == ["Correct"]
        assert one.comments(item) == [SETTLED]
        one.wait(3)
        one.decide(told=[short])
        one.write()
        assert one.comments(item) == [SAID]


def test_numbers_that_change_in_a_storm_are_one_correction() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        for hard in range(120, 60, -5):
            one.decide(told=[notice(item, Rule.RESIDUAL, **{**SHORT, "hard": hard})])
            one.write()
            one.clock.sleep(1)
        assert [name for name, _ in one.sent] == ["CreateItem", "Say"]
        one.wait(2)
        assert one.write() == ["Correct"]
        assert "ne restano 1:05" in one.comments(item)[0]
        one.wait(3)
        assert one.write() == []


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_an_answer_that_never_came_makes_no_second_comment(fault: str) -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        one.decide(told=[notice(item, Rule.RESIDUAL, **SHORT)])
        one.fault("monday", fault, "create_update", 1)
        with pytest.raises(TryLater):
            one.write()
        one.wait(3)
        one.write()
        assert one.comments(item) == [SAID]
        one.wait(3)
        assert one.write() == []
        assert len({v["body"] for name, v in one.sent if name == "Say"}) == 1


def test_a_lost_comment_whose_numbers_changed_is_found_and_corrected() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        one.decide(told=[notice(item, Rule.RESIDUAL, **{**SHORT, "missing": 5})])
        one.fault("monday", "drop_answer", "create_update", 1)
        with pytest.raises(TryLater):
            one.write()
        one.wait(40)
        one.decide(told=[notice(item, Rule.RESIDUAL, **SHORT)])
        assert one.write() == ["Correct"]
        assert one.comments(item) == [SAID]


def test_a_lost_comment_that_is_true_no_more_is_found_and_settled() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        one.decide(told=[notice(item, Rule.RESIDUAL, **SHORT)])
        one.fault("monday", "drop_answer", "create_update", 1)
        with pytest.raises(TryLater):
            one.write()
        one.wait(3)
        one.decide()
        one.write()
        assert one.comments(item) == [SETTLED]


def test_a_comment_that_somebody_removed_is_said_anew_when_it_changes() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        one.decide(told=[notice(item, Rule.RESIDUAL, **{**SHORT, "missing": 5})])
        one.write()
        one.people.delete_comment(update=one.updates(item)[0].id)
        one.wait(3)
        one.decide(told=[notice(item, Rule.RESIDUAL, **SHORT)])
        one.write()
        one.write()
        assert one.comments(item) == [SAID]


def test_a_board_is_not_flooded() -> None:
    with boardhouse() as one:
        items = [one.row(f"Row {number}", "2.5") for number in range(13)]
        told = [notice(item, Rule.RESIDUAL, **SHORT) for item in items]
        one.decide(told=told)
        one.write()
        assert sum(len(one.comments(item)) for item in items) == 10
        with one.app.store.read() as tx:
            assert notices.waiting(tx, one.clock.now()) == {BOARD: 3}
        reason = "10 new comments a day are enough: 3 wait for tomorrow"
        assert one.status()["untold"] == [{"board": BOARD, "item": "", "reason": reason}]
        one.wait(3)
        assert one.write() == []
        one.go("2026-10-02 09:00")
        one.decide(told=told)
        one.write()
        assert [len(one.comments(item)) for item in items] == [1] * 13


def test_one_comment_that_fails_keeps_no_other_waiting() -> None:
    with boardhouse() as one:
        items = [one.row(f"Row {number}", "2.5") for number in range(3)]
        one.decide(told=[notice(item, Rule.RESIDUAL, **SHORT) for item in items])
        one.fault("monday", "drop_request", "create_update", 1)
        with pytest.raises(TryLater):
            one.write()
        assert [len(one.comments(item)) for item in items] == [0, 1, 1]


def test_what_people_wrote_cannot_become_markup_or_a_mention() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        risk = "<script>alert(1)</script> @everyone"
        numbers = {"charge": 60, "need": 60, "free": 0, "hard": 90, "shortfall": 60}
        one.decide(told=[notice(item, Rule.CONFIRM, **numbers, at_risk=risk)])
        one.write()
        [update] = one.updates(item)
        assert "<script>" not in update.body
        assert "<script>alert(1)</script>" in one.comments(item)[0]


def test_a_row_is_named_by_its_title_where_the_domain_knows_its_id() -> None:
    with boardhouse() as one:
        first, item = one.row("Catalogo", "1"), one.row("Home page", "2.5")
        numbers = {"charge": 60, "need": 60, "free": 0, "hard": 90, "shortfall": 60}
        one.decide(told=[notice(item, Rule.CONFIRM, **numbers, at_risk=first)])
        one.write()
        assert "(a rischio: «Catalogo»)" in one.comments(item)[0]


def test_a_forbidden_start_is_told_once_with_what_it_waits_for() -> None:
    with boardhouse() as one:
        short, unanswered = one.row("Home page", "2.5"), one.row("Menu", "1")
        start = notice(short, Rule.START, why="residual", **SHORT)
        why = notice(unanswered, Rule.START, why="approval", need=0, hard=0, missing=0)
        one.decide(told=[start, notice(short, Rule.RESIDUAL, **SHORT), why])
        one.write()
        assert one.comments(short) == [SAID]
        assert one.comments(unanswered) == [STARTED]


def test_R15_since_when_the_client_sees_which_numbers_is_known() -> None:
    with boardhouse() as one:
        item = one.row("Home page", "2.5")
        asked = notice(item, Rule.CONFIRM, charge=60, need=60, free=90, hard=90, shortfall=0)
        one.decide(told=[asked])
        one.wait(1)
        one.write()
        shown = one.clock.now(), {**dict(asked.args)}
        one.wait(5)
        one.decide(told=[replace(asked, args=(*asked.args[:-1], ("shortfall", 30)))])
        with one.app.store.read() as tx:
            assert notices.shown(tx, "bottega-hours") == {item: shown}
