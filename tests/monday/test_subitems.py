"""Time on subitems parks their row, in words that name both and the way out (ledger 5.7 and 7)."""

from typing import Any

import msgspec
import pytest

from mondaybook import BOARD, HOUR, NOW, ZONE, Account, account, columns, item, numbered
from mondaybridge.mapping.columns import ColumnSet, PackageRow
from mondaybridge.monday.boards import read_board, read_items
from mondaybridge.monday.columns import decode_item, layout

WAY_OUT = "record it on the row alone and clear it on the subitem, or make the subitem its own row"
BELOW: list[dict[str, object]] = [
    {"id": "clock", "title": "Clock", "type": "time_tracking"},
    {"id": "typed_below", "title": "ACTUAL ", "type": "numbers"},
    {"id": "plan_below", "title": "Estimate", "type": "numbers"},
]
WORKED = [{"started_at": NOW - HOUR, "ended_at": NOW, "user": 101}]

AT = "2026-10-01T12:00:00Z"
KINDS = {
    "status": "status",
    "approval": "status",
    "estimate": "numbers",
    "who": "people",
    "due": "date",
    "note": "long_text",
    "mb_charged": "numbers",
    "mb_billing": "text",
    "timer": "time_tracking",
}


def house(*subitems: dict[str, Any], **row: object) -> Account:
    one = item(1, **{"name": "Banner", "updated_at": NOW, "subitems": list(subitems), **row})
    return account(one, item(2, updated_at=NOW), subitem_columns=BELOW)


def parked(here: Account, mapped: ColumnSet) -> list[str]:
    """Return what is wrong with both rows; read whole and read by their ids, it is the same."""
    (page,) = read_board(here.client, BOARD, mapped, ZONE).pages()
    assert read_items(here.client, ["1", "2"], mapped, ZONE) == page
    assert here.asked == ["FirstPage", "Items"]
    return [one.activity.parked for one in page]


def test_time_on_a_row_and_on_its_subitem_parks_the_row() -> None:
    photos = item(77, name="Photos", sessions={"clock": WORKED})
    here = house(photos, sessions={"timer": WORKED})
    said = f"time stands on the row 'Banner' and on its subitem 'Photos': {WAY_OUT}"
    assert parked(here, columns()) == [said, ""]


def test_time_on_a_subitem_alone_is_not_lost() -> None:
    here = house(item(77, name="Photos", sessions={"clock": WORKED}))
    said = f"time stands on its subitem 'Photos' and not on the row 'Banner': {WAY_OUT}"
    assert parked(here, columns()) == [said, ""]


def test_a_timer_that_runs_on_a_subitem_is_time() -> None:
    running = [{"started_at": NOW - HOUR, "user": 101}]
    here = house(item(77, name="Photos", sessions={"clock": running}), cells={"actual": "0"})
    said = f"time stands on its subitem 'Photos' and not on the row 'Banner': {WAY_OUT}"
    assert parked(here, numbered()) == [said, ""]


def test_a_number_below_the_title_of_the_rows_own_is_time() -> None:
    here = house(item(77, name="Photos", cells={"typed_below": "2"}), cells={"actual": "1.5"})
    said = f"time stands on the row 'Banner' and on its subitem 'Photos': {WAY_OUT}"
    assert parked(here, numbered()) == [said, ""]


@pytest.mark.parametrize("others", [1, 2])
def test_several_subitems_are_counted(others: int) -> None:
    rows = [item(70 + n, name=f"Part {n}", sessions={"clock": WORKED}) for n in range(others + 1)]
    here = house(item(60, name="Nothing on it"), *rows)
    more = {1: "1 more of its subitems has time, too", 2: "2 more of its subitems have time, too"}
    said = f"time stands on its subitem 'Part 0' ({more[others]}) and not on the row 'Banner'"
    assert parked(here, columns()) == [f"{said}: {WAY_OUT}", ""]


def test_subitems_without_time_change_nothing() -> None:
    empty = item(77, name="Photos", cells={"typed_below": "0", "plan_below": "3"})
    here = house(empty, item(78, name="Words"), cells={"actual": "1.5"})
    assert parked(here, numbered()) == ["", ""]


def test_a_number_of_another_title_is_no_time() -> None:
    here = house(item(77, name="Photos", cells={"typed_below": "2"}), sessions={"timer": WORKED})
    assert parked(here, columns()) == ["", ""]


def test_a_deleted_subitem_has_no_say() -> None:
    here = house(item(77, name="Photos", sessions={"clock": WORKED}), sessions={"timer": WORKED})
    here.api.humans.delete_item(item="77")
    assert parked(here, columns()) == ["", ""]


def test_the_packages_own_row_with_time_below_it_stays_work_and_is_parked() -> None:
    mapped = columns()
    row = PackageRow(item="Banner")
    mapped = mapped.model_copy(update={"ours": mapped.ours.model_copy(update={"package": row})})
    here = house(item(77, name="Photos", sessions={"clock": WORKED}))
    (page,) = read_board(here.client, BOARD, mapped, ZONE).pages()
    assert [(one.pinned, bool(one.activity.parked)) for one in page] == [
        (False, True),
        (False, False),
    ]


def test_boards_without_subitems_cost_no_call_more() -> None:
    here = account(*(item(n, updated_at=NOW) for n in range(1, 6)))
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=3)
    assert [len(page) for page in read.pages()] == [3, 2]
    assert here.asked == ["FirstPage", "NextPage", "BoardShape"]


@pytest.mark.parametrize(
    ("below", "is_parked"),
    [
        (None, False),
        ([None], False),
        ([{"id": 77, "name": "Photos", "column_values": []}], False),
        ([{"id": 77, "name": "Photos", "column_values": [{"id": 5}]}], True),
        ("no list", True),
    ],
)
def test_what_cannot_be_read_below_a_row_does_not_pass_for_nothing(
    below: object,
    is_parked: bool,  # noqa: FBT001 - what is expected
) -> None:
    cells: list[dict[str, object]] = [{"id": k, "type": t, "index": None} for k, t in KINDS.items()]
    cells[-1] |= {"duration": 0, "running": False, "history": []}
    row = {"id": 1, "name": "Banner", "state": "active", "created_at": AT, "updated_at": AT}
    raw = msgspec.Raw(msgspec.json.encode(row | {"column_values": cells, "subitems": below}))
    found = decode_item(raw, layout(columns(), ZONE), BOARD).activity.parked
    assert (found != "") == is_parked, found
