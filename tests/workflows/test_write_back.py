"""What is written on a board: our own cells, people's by policy and once, the package's row."""

from contextlib import suppress
from dataclasses import replace

import pytest

from boardhouse import (
    AUTO,
    BOARD,
    CLOCK,
    DOCUMENT,
    EXPIRY,
    FREE,
    GRANTED,
    MESSAGE,
    ORIGIN,
    OWN,
    PACKAGE,
    PACKAGE_ROW,
    RESERVED,
    USED,
    BoardHouse,
    boardhouse,
    notice,
)
from ledgerbook import at
from mondaybridge.domain.activity import Approval
from mondaybridge.domain.clocks import Clock, ClockState
from mondaybridge.domain.contract import Policies
from mondaybridge.domain.notices import Rule
from mondaybridge.domain.outcome import Billing, PackageCells, Wanted
from mondaybridge.errors import TryLater
from mondaybridge.store import board_face, ledger, mirror
from mondaybridge.workflows.showing import extra_name
from mondaybridge.workflows.write_back import write_back
from stories import town

STALE = {"covered": 60, "estimate": 90, "factor": 1}
HOURS = PackageCells(granted=600, used=150, reserved=90, free=360)


def wanted(item: str, **more: object) -> Wanted:
    return replace(Wanted(item, 90, Billing.OPEN), **more)  # type: ignore[arg-type]  # fields of Wanted


class TestOwn:
    def test_every_cell_of_ours_is_written_once_and_rests(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "1.5")
            due = at("2026-10-08 18:00")
            cell = wanted(
                item,
                message=notice(item, Rule.APPROVAL, estimate=90, charge=90),
                origin="agreed",
                clock=Clock(ClockState.RUNNING, at("2026-10-01 09:00"), due_at=due),
            )
            for _ in range(3):
                one.decide(cell)
                one.write()
                one.wait(11)
            assert {c: one.shows(item, c) for c in (town.CHARGED, MESSAGE, ORIGIN, CLOCK)} == {
                town.CHARGED: "90",
                MESSAGE: "1:30 h: serve l'approvazione. [MB-approval]",
                ORIGIN: "concordata",
                CLOCK: "entro 8 ott 18:00",
            }
            assert [name for name, _ in one.sent].count("WriteCells") == 1
            one.decide(wanted(item))
            one.write()
            assert [one.shows(item, c) or "" for c in (MESSAGE, ORIGIN, CLOCK)] == ["", "", ""]

    def test_many_rows_and_many_changes_are_few_writes(self) -> None:
        with boardhouse() as one:
            items = [one.row(f"Row {number}", "1") for number in range(20)]
            for minutes in range(10, 60, 10):
                one.decide(*(replace(wanted(item), charged_minutes=minutes) for item in items))
            one.write()
            assert [name for name, _ in one.sent] == ["CreateItem", "WriteCells", "WriteCells"]
            assert {one.shows(item, town.CHARGED) for item in items} == {"50"}

    def test_a_mapping_that_names_a_column_no_more_leaves_it_alone(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "1")
            one.decide(wanted(item, origin="extra"))
            one.reopen(one.mapping.replace('"origin": {"id": "origin"}, ', ""))
            one.write()
            assert one.shows(item, ORIGIN) is None
            one.wait(3)
            assert one.write() == []


class TestPeople:
    def test_R13_an_extra_carries_its_suffix_exactly_once(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "1")
            for _ in range(3):
                one.decide(wanted(item, extra=True))
                one.write()
                one.wait(3)
            assert one.shows(item, "name") == "Home page (extra)"
            assert [name for name, _ in one.sent].count("WriteCells") == 1

    @pytest.mark.parametrize("typed", ["Home (extra)", "Home (Extra) ", "Home(EXTRA)"])
    def test_R13_a_suffix_typed_by_hand_will_do(self, typed: str) -> None:
        assert extra_name(typed) == typed

    def test_R13_the_suffix_fits_the_longest_name(self) -> None:
        assert extra_name("x" * 300) == "x" * 247 + " (extra)"
        assert extra_name(" Home ") == "Home (extra)"

    def test_R12_what_starts_by_itself_shows_it(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "0.5", approved=False)
            one.decide(wanted(item, answer=Approval.AUTO))
            one.write()
            assert one.read()[0].approval is Approval.AUTO
            assert str(one.shows(item, town.APPROVAL)).count(str(AUTO)) == 1

    def test_R19_an_answer_is_cleared_after_the_comment_that_says_why(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "1.5")
            one.decide(wanted(item, answer=Approval.NONE), told=[notice(item, Rule.STALE, **STALE)])
            one.write()
            assert [name for name, _ in one.sent if name != "CreateItem"] == ["Say", "WriteCells"]
            assert one.read()[0].approval is Approval.NONE

    def test_R19_no_answer_is_cleared_while_its_comment_cannot_be_written(self) -> None:
        with boardhouse() as one:
            rows = [one.row(f"Row {number}", "1.5") for number in range(11)]
            one.decide(
                *(wanted(item, answer=Approval.NONE) for item in rows),
                told=[notice(item, Rule.STALE, **STALE) for item in rows],
            )
            one.write()
            left = [a.activity_id for a in one.read() if a.approval is Approval.APPROVED]
            assert left == rows[-1:]
            one.go("2026-10-02 09:00")
            last = rows[-1]
            told = [notice(item, Rule.STALE, **STALE) for item in rows]
            one.decide(wanted(last, answer=Approval.NONE), told=told)
            one.write()
            assert {a.approval for a in one.read()} == {Approval.NONE}

    def test_a_forbidden_start_is_taken_back_once_for_each_decision(self) -> None:
        with boardhouse(policies={"forbidden_start": "revert"}) as one:
            item = one.row("Home page", "1.5")
            start = notice(item, Rule.START, why="approval")
            for _ in range(2):
                one.decide(wanted(item, stopped=True), told=[start])
                one.write()
            assert one.read()[0].status.value == "waiting"
            one.edit(item, town.STATUS, town.WORKING)
            one.decide(wanted(item, stopped=True), told=[start])
            assert one.write() == []
            one.wait(2)
            assert one.write() == ["WriteCells"]
            assert one.read()[0].status.value == "waiting"
            one.decide(wanted(item))
            one.edit(item, town.STATUS, town.DONE)
            one.wait(5)
            one.read()
            one.write()
            assert one.read()[0].status.value == "done"

    def test_R25_an_answer_that_came_since_the_decision_is_never_overwritten(self) -> None:
        with boardhouse() as one:
            item, other = (one.row(name, "0.5", approved=False) for name in ("Home", "Shop"))
            one.decide(wanted(item, answer=Approval.AUTO), wanted(other, answer=Approval.AUTO))
            one.edit(item, town.APPROVAL, town.REJECTED)
            one.write()
            assert [a.approval for a in one.read()] == [Approval.REJECTED, Approval.AUTO]
            with one.app.store.read() as tx:
                assert "bottega-hours" in ledger.due_reviews(tx, one.clock.now())
            one.wait(3)
            assert one.write() == []
            one.decide(wanted(item))
            assert one.write() == []
            assert [a.approval for a in one.read()] == [Approval.REJECTED, Approval.AUTO]

    def test_R12_only_a_write_into_peoples_cells_is_preceded_by_a_look(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "0.5", approved=False)
            for cell, looks in ((wanted(item), 0), (wanted(item, answer=Approval.AUTO), 1)):
                one.decide(cell)
                before = one.calls["look monday"]
                one.write()
                assert one.calls["look monday"] - before == looks

    def test_what_no_policy_opens_is_never_written(self) -> None:
        with boardhouse() as one:
            item = one.row("Home page", "1.5")
            closed = Policies(labels_extra=False, clears_stale_approval=False)
            strict = replace(one.contract, policies=closed)
            everything = wanted(item, extra=True, answer=Approval.NONE, stopped=True)
            one.decide(everything, contract=strict)
            one.write()
            assert one.columns_sent() == {item: {town.CHARGED, town.BILLING}}


class TestAllowList:
    def test_S22_nothing_but_the_allow_list_is_ever_sent(self) -> None:
        """S22: every change asked of monday, by column, through a whole life of a row."""
        with boardhouse(policies={"forbidden_start": "revert"}) as one:
            item = one.row("Home page", "1.5")
            package = one.people.create_item(board=BOARD, name=PACKAGE_ROW)
            theirs = (town.ESTIMATE, town.NOTE, town.TIME, town.TYPED, town.WORKED_ON)
            before = [one.shows(item, column) for column in theirs]
            for answer in (Approval.AUTO, Approval.NONE, None):
                cell = wanted(item, extra=True, answer=answer, stopped=True, origin="extra")
                one.decide(cell, told=[notice(item, Rule.STALE, **STALE)], package=HOURS)
                one.write()
                one.wait(6)
                one.write()
            people = {"name", town.STATUS, town.APPROVAL}
            sent = one.columns_sent()
            assert set(sent) == {item, package}
            assert sent[item] <= OWN | people
            assert sent[package] <= PACKAGE
            assert {name for name, _ in one.sent} == {"WriteCells", "Say"}
            assert [one.shows(item, column) for column in theirs] == before


class TestPackage:
    def test_R02_its_row_is_made_once_and_shows_the_hours(self) -> None:
        with boardhouse() as one:
            one.read()
            for _ in range(3):
                one.write()
                one.settle()
                one.wait(11)
            [item] = one.named(PACKAGE_ROW)
            last = replace(HOURS, expires_at=at("2027-01-01 00:00"))
            one.decide(package=last)
            one.write()
            shown = {c: one.shows(item, c) for c in (GRANTED, USED, RESERVED, FREE)}
            assert shown == {GRANTED: "10", USED: "2.5", RESERVED: "1.5", FREE: "360"}
            assert "2026-12-31" in str(one.shows(item, EXPIRY))
            assert one.read() == []

    def test_it_is_written_at_most_once_in_five_minutes(self) -> None:
        with boardhouse() as one:
            package = one.people.create_item(board=BOARD, name=PACKAGE_ROW)
            for used in range(10):
                one.decide(package=replace(HOURS, used=150 + used, free=360 - used))
                one.write()
                one.wait(1)
            asked = [name for name, _ in one.sent]
            assert asked == ["WriteCells"] * 2
            one.wait(5)
            assert one.write() == ["WriteCells"]
            assert one.shows(package, FREE) == "351"
            one.wait(6)
            assert one.write() == []

    def test_R17_before_a_board_is_closed_it_does_not_wait(self) -> None:
        with boardhouse() as one:
            package = one.people.create_item(board=BOARD, name=PACKAGE_ROW)
            for free in (360, 350, 340):
                one.decide(package=replace(HOURS, free=free))
                write_back(one.app, BOARD, urgent=True)
                assert one.shows(package, FREE) == str(free)
            write_back(one.app, BOARD, urgent=True)
            assert [name for name, _ in one.sent] == ["WriteCells"] * 3

    @pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
    def test_an_answer_that_never_came_makes_no_second_row(self, fault: str) -> None:
        with boardhouse() as one:
            one.read()
            one.fault("monday", fault, "create_item", 1)
            _try(one)
            for _ in range(4):
                one.wait(11)
                one.read()
                _try(one)
            assert len(one.named(PACKAGE_ROW)) == 1

    def test_a_row_that_somebody_deletes_is_made_again(self) -> None:
        with boardhouse() as one:
            one.read()
            one.write()
            one.people.delete_item(item=one.named(PACKAGE_ROW)[0])
            for _ in range(3):
                one.wait(11)
                one.read()
                one.write()
            assert len(one.named(PACKAGE_ROW)) == 1

    def test_what_is_told_of_the_package_stands_on_its_row(self) -> None:
        with boardhouse() as one:
            package = one.people.create_item(board=BOARD, name=PACKAGE_ROW)
            args = {"threshold": 75, "percent": 76, "granted": 600, "used": 456, "left": 144}
            one.decide(told=[notice("", Rule.USED, **args)])
            for _ in range(2):
                one.write()
                one.wait(3)
                one.decide()
            assert one.comments(package) == [
                "76 % del pacchetto utilizzato: 7:36 h su 10:00 h; restano 2:24 h. [MB-used-75]"
            ]

    def test_a_board_without_hours_bought_gets_no_row(self) -> None:
        with boardhouse(town.hourly(boards=[{"id": BOARD, "columns": "tracked"}])) as one:
            one.sweep()
            assert (one.write(), one.named(PACKAGE_ROW)) == ([], [])


def _try(one: BoardHouse) -> None:
    with suppress(TryLater):
        one.write()


def test_the_row_of_the_package_is_known_after_the_first_read() -> None:
    with boardhouse() as one:
        package = one.people.create_item(board=BOARD, name=PACKAGE_ROW)
        assert one.read() == []
        with one.app.store.read() as tx:
            assert board_face.package_item(tx, BOARD) == package
            assert mirror.parked_items(tx) == []
        assert one.write() == []
        assert one.shows(package, DOCUMENT) is None
