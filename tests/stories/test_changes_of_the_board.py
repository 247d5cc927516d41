"""the Monday dashboard is a digital tool used by the team: they also change the tool."""

from collections.abc import Callable

import pytest

from stories import town
from stories.house import House, house


def delete_column(one: House) -> None:
    one.people.delete_column(board=town.HOURS, column=town.ESTIMATE)


def retype_column(one: House) -> None:
    one.people.retype_column(board=town.HOURS, column=town.ESTIMATE, type="text")


def archive_column(one: House) -> None:
    one.people.archive_column(board=town.HOURS, column=town.TIME)


def remove_label(one: House) -> None:
    one.people.remove_label(board=town.HOURS, column=town.APPROVAL, label_id=town.REJECTED)


QUARANTINED: list[tuple[Callable[[House], None], str]] = [
    (delete_column, "columns.tracked.estimate.id: the board has no column 'estimate'"),
    (retype_column, "is of type text: needs numbers"),
    (archive_column, "is archived: restore it or map another"),
    (remove_label, "has no label 2"),
]


@pytest.mark.parametrize(("change", "said"), QUARANTINED)
def test_a_board_that_no_longer_fits_is_quarantined_and_moves_no_minute(
    change: Callable[[House], None], said: str
) -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        change(one)
        one.wait(11)
        one.settle()
        board = next(b for b in one.status()["boards"] if b["board"] == town.HOURS)
        assert board["state"] == "quarantined"
        assert said in board["reason"]
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.cell(item) == ("40", "aperto")


def test_a_column_that_comes_back_ends_the_quarantine() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.people.retype_column(board=town.HOURS, column=town.NOTE, type="numbers")
        one.wait(11)
        one.settle()
        one.people.retype_column(board=town.HOURS, column=town.NOTE, type="text")
        one.work(item, "2026-10-05 09:00", 40)
        for _ in range(4):
            one.wait(11)
            one.settle()
        assert {b["state"] for b in one.status()["boards"]} == {"live"}
        assert one.package() == (600, 40, 80, 560, 480)


def test_new_names_of_columns_and_labels_change_nothing() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.people.rename_column(board=town.HOURS, column=town.TIME, title="Worked")
        one.people.rename_label(
            board=town.HOURS, column=town.STATUS, label_id=town.WORKING, name="On it"
        )
        one.people.rename_item(item=item, name="Home page, new")
        one.work(item, "2026-10-05 09:00", 40)
        one.wait(11)
        one.settle()
        assert one.package() == (600, 40, 80, 560, 480)
        assert {b["state"] for b in one.status()["boards"]} == {"live"}
