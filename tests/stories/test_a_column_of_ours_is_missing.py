"""The bridge's own columns may go: what they show is off, everything else goes on."""

from collections.abc import Callable

import pytest

from mondaybridge.setup.at_monday import monday
from mondaybridge.store import writes
from stories import town
from stories.house import House, house

CHARGED = next(one for one in town.COLUMNS if one["id"] == town.CHARGED)
PLACE = "mappings.yaml: columns.tracked.ours.charged.id: "
OFF = " (not written meanwhile)"


def deleted(one: House) -> None:
    one.people.delete_column(board=town.HOURS, column=town.CHARGED)


def archived(one: House) -> None:
    one.people.archive_column(board=town.HOURS, column=town.CHARGED)


def retyped(one: House) -> None:
    one.people.retype_column(board=town.HOURS, column=town.CHARGED, type="status")


GONE: list[tuple[Callable[[House], None], str]] = [
    (
        deleted,
        "the board has no column 'charged'; did you mean 'typed' (Typed time)?",
    ),
    (archived, "column 'charged' (Charged) is archived: restore it or map another"),
    (retyped, "column 'charged' (Charged) is of type status: needs numbers"),
]


def board(one: House) -> tuple[str, str]:
    """Return the board's state and the reason that ``status`` gives, from the file's name on."""
    shown = next(b for b in one.status()["boards"] if b["board"] == town.HOURS)
    return shown["state"], shown["reason"].replace(f"{one.folder}/", "")


def pass_time(one: House, rounds: int = 3) -> None:
    for _ in range(rounds):
        one.wait(11)
        one.settle()


@pytest.mark.parametrize(("change", "said"), GONE)
def test_work_goes_on_and_status_says_what_is_not_shown(
    change: Callable[[House], None], said: str
) -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        change(one)
        one.wait(11)
        one.work(item, "2026-10-05 09:00", 40)
        pass_time(one)
        assert board(one) == ("live", PLACE + said + OFF)
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.sandbox.monday.state.items[item].cells[town.BILLING].value == "aperto"
        assert town.CHARGED not in one.sandbox.monday.state.items[item].cells or change is archived
        assert one.status()["waiting"] == []
        assert one.findings() == ()


@pytest.mark.parametrize("change", [deleted, archived, retyped])
def test_nothing_is_sent_to_it_again_and_again(change: Callable[[House], None]) -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.work(item, "2026-10-05 09:00", 40)
        change(one)
        pass_time(one)
        before = one.calls["write monday"]
        one.work(item, "2026-10-06 09:00", 20)
        pass_time(one, 5)
        assert one.package()[1] == 60
        assert one.calls["write monday"] == before
        with one.app.store.read() as tx:
            assert writes.stuck(tx) == []


def test_the_column_appears_again_and_its_cells_are_written() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        assert one.cell(item) == ("40", "aperto")
        deleted(one)
        pass_time(one)
        one.people.add_column(board=town.HOURS, column=dict(CHARGED))
        pass_time(one)
        assert board(one) == ("live", "")
        assert one.cell(item) == ("40", "aperto")


def test_people_s_columns_still_keep_the_board_from_being_read() -> None:
    with house() as one:
        one.settle()
        deleted(one)
        one.people.delete_column(board=town.HOURS, column=town.NOTE)
        pass_time(one)
        state, reason = board(one)
        assert (state, reason.split(":")[1]) == ("quarantined", " columns.tracked.note.id")


def test_the_doctor_warns_and_says_what_to_do() -> None:
    with house() as one:
        deleted(one)
        found = [
            (f.check.value, f.level.value, f.text.replace(f"{one.folder}/", ""), f.fix)
            for f in monday(one.app.monday, one.app.mapping)
            if f.text.startswith(f"board {town.HOURS}") and f.check.value in {"MB014", "MB017"}
        ]
        assert found == [
            (
                "MB017",
                "WARN",
                f"board {town.HOURS}: {PLACE}{GONE[0][1]}{OFF}",
                "make or restore the column on the board, or map another or null",
            )
        ]
