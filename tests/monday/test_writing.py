"""Our own cells on the board: batches, refusals item by item, and never a foreign column."""

from dataclasses import dataclass

import httpx
import msgspec
import pytest

from mondaybook import BOARD, COLUMNS, NOW, ZONE, Account, Ticking, account, client, columns, item
from mondaybridge.errors import TryLater
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday.boards import read_items
from mondaybridge.monday.columns import own_columns
from mondaybridge.monday.errors import RateLimited
from mondaybridge.monday.writes import Written, write_cells
from mondaybridge.sandbox.sockets import transport
from mondaybridge.sandbox.world import Clock, Request, Response


@dataclass(frozen=True)
class Wanted:
    """A cell to write."""

    item_id: str
    value: str = "1.5"
    column_id: str = "mb_charged"


FULL = columns(
    ours={
        "charged": {"id": "mb_charged", "unit": "h"},
        "billing": {"id": "mb_billing"},
        "message": {"id": "mb_message"},
        "origin": {"id": "mb_origin"},
        "clock": {"id": "mb_clock"},
        "document": {"id": "mb_document"},
        "package": {
            "item": "Pacchetto",
            "granted": {"id": "mb_granted", "unit": "h"},
            "expiry": {"id": "mb_expiry"},
        },
    }
)
MORE = [
    {"id": "mb_message", "title": "Message", "type": "long_text"},
    {"id": "mb_origin", "title": "Origin", "type": "text"},
    {"id": "mb_clock", "title": "Clock", "type": "text"},
    {"id": "mb_document", "title": "Document", "type": "link"},
    {"id": "mb_granted", "title": "Granted", "type": "numbers"},
    {"id": "mb_expiry", "title": "Expiry", "type": "date"},
]
STANDS = {"status": "", "approval": "", "mb_charged": "", "mb_billing": ""}


def on_board(here: Account, *ids: str, mapped: ColumnSet | None = None) -> list[dict[str, str]]:
    mapped = mapped or columns()
    return [dict(one.outputs) for one in read_items(here.client, ids, mapped, ZONE)]


def test_cells_are_written_and_the_answer_is_what_stands() -> None:
    here = account(item(1), item(2, cells={"mb_billing": "open"}))
    cells = [Wanted("1", "2.25"), Wanted("1", "held", "mb_billing"), Wanted("2", "")]
    written = write_cells(here.client, BOARD, cells, columns())
    stands = {
        "1": STANDS | {"name": "Task 1", "mb_charged": "2.25", "mb_billing": "held"},
        "2": STANDS | {"name": "Task 2", "mb_charged": "", "mb_billing": "open"},
    }
    assert written == Written(stands)
    assert on_board(here, "1", "2") == list(stands.values())
    assert here.asked == ["WriteCells", "Items"]


def test_ten_items_travel_in_one_request() -> None:
    here = account(*(item(n) for n in range(1, 26)))
    written = write_cells(here.client, BOARD, [Wanted(str(n)) for n in range(1, 26)], columns())
    assert len(written.outputs) == 25
    assert here.asked == ["WriteCells"] * 3
    assert write_cells(here.client, BOARD, [], columns()) == Written()


def test_a_column_that_is_not_ours_is_never_written() -> None:
    here = account(item(1))
    with pytest.raises(AssertionError, match=r"\['estimate'\] are not ours"):
        write_cells(here.client, BOARD, [Wanted("1", column_id="estimate")], columns())
    assert here.asked == []


@pytest.mark.parametrize("column", ["name", "status", "approval"])
def test_S22_a_column_of_people_is_written_only_where_it_is_allowed(column: str) -> None:
    here = account(item(1))
    cells = [Wanted("1", "1", column)]
    with pytest.raises(AssertionError, match=f"'{column}'\\] are not ours"):
        write_cells(here.client, BOARD, cells, columns())
    with pytest.raises(AssertionError, match=f"'{column}'\\] are not ours"):
        write_cells(here.client, BOARD, cells, columns(), allowed={"mb_charged"})
    write_cells(here.client, BOARD, cells, columns(), allowed={column})
    assert on_board(here, "1") == [STANDS | {"name": "Task 1", column: "1"}]


def test_S22_nothing_allows_an_estimate() -> None:
    here = account(item(1))
    cells = [Wanted("1", "9", "estimate")]
    with pytest.raises(AssertionError, match=r"\['estimate'\] are not ours"):
        write_cells(here.client, BOARD, cells, columns(), allowed={"estimate", "name"})
    assert here.asked == []


def test_each_kind_of_cell_is_written_as_it_is_read() -> None:
    here = account(item(1), columns=[*COLUMNS, *MORE])
    values = {
        "name": "Task 1 (extra)",
        "status": "3",
        "approval": "9",
        "mb_charged": "1.5",
        "mb_billing": "open",
        "mb_message": 'Manca la stima.\nScrivila, grazie: "2:00"',
        "mb_origin": "extra",
        "mb_clock": "12 Oct",
        "mb_document": "https://x.example/i/abc Invoice 12",
        "mb_granted": "20",
        "mb_expiry": "2026-11-02",
    }
    allowed = {"name", "status", "approval", *own_columns(FULL)}
    for wanted in (values, dict.fromkeys(values, "") | {"name": "Task 1"}, values):
        cells = [Wanted("1", value, column) for column, value in wanted.items()]
        written = write_cells(here.client, BOARD, cells, FULL, allowed=allowed)
        assert written == Written({"1": wanted})
        assert on_board(here, "1", mapped=FULL) == [wanted]


def test_a_link_without_a_text_shows_its_address() -> None:
    here = account(item(1), columns=[*COLUMNS, *MORE])
    cells = [Wanted("1", "https://x.example/i/abc", "mb_document")]
    written = write_cells(here.client, BOARD, cells, FULL)
    assert written.outputs["1"]["mb_document"] == "https://x.example/i/abc"


def test_a_label_that_the_board_does_not_have_is_refused_and_not_made() -> None:
    here = account(item(1))
    written = write_cells(
        here.client, BOARD, [Wanted("1", "77", "approval")], columns(), allowed={"approval"}
    )
    assert "The label '77' does not exist" in written.problems["1"]


def test_a_refused_item_is_named_and_the_others_are_written() -> None:
    here = account(item(1), item(2), item(3))
    here.api.humans.delete_item(item="2")
    cells = [Wanted("1"), Wanted("2"), Wanted("3", "no number")]
    written = write_cells(here.client, BOARD, cells, columns())
    assert sorted(written.outputs) == ["1"]
    assert written.problems["2"].startswith("monday refused to write item 2: InvalidItemIdExcep")
    assert written.problems["3"].startswith("monday refused to write item 3: ColumnValueExcep")
    assert here.asked == ["WriteCells"]


def test_an_error_without_an_address_sends_the_items_singly_once() -> None:
    here = account(item(1), item(2))
    sent: list[int] = []

    def handle(request: Request) -> Response:
        variables = msgspec.json.decode(request.body)["variables"]
        items = [key for key in variables if key.startswith("i")]
        sent.append(len(items))
        if len(items) > 1 or variables["i0"] == "2":
            body = {
                "error_code": "ColumnValueException",
                "error_message": "bad",
                "status_code": 200,
            }
            return Response(200, msgspec.json.encode(body))
        return here.api.handle(request)

    over = client(transport(handle), here.clock)
    written = write_cells(over, BOARD, [Wanted("1"), Wanted("2")], columns())
    assert written.outputs == {"1": STANDS | {"name": "Task 1", "mb_charged": "1.5"}}
    assert written.problems == {"2": "monday refused to write item 2: ColumnValueException: bad"}
    assert sent == [2, 1, 1]


@pytest.mark.parametrize("kind", ["drop_answer", "drop_request", "server_error", "locked"])
def test_a_write_repeats_itself_under_one_key(kind: str) -> None:
    here = account(item(1))
    here.plan(kind)
    keys: list[str] = []

    def handle(request: Request) -> Response:
        keys.append(request.headers["idempotency-key"])
        return here.api.handle(request)

    over = client(transport(handle), here.clock)
    written = write_cells(over, BOARD, [Wanted("1")], columns())
    assert written.outputs["1"]["mb_charged"] == "1.5"
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_later_write_of_the_same_value_is_a_new_one() -> None:
    here = account(item(1))
    for _ in range(2):
        write_cells(here.client, BOARD, [Wanted("1")], columns())
        assert on_board(here, "1")[0]["mb_charged"] == "1.5"
        here.api.humans.edit_cell(item="1", column="mb_charged", value="7")


def test_a_used_up_budget_is_told_and_nothing_is_written() -> None:
    here = account(item(1))
    here.plan("minute_limit")
    with pytest.raises(RateLimited) as caught:
        write_cells(here.client, BOARD, [Wanted("1")], columns())
    assert caught.value.until == here.clock.now() + 60_000
    assert on_board(here, "1")[0]["mb_charged"] == ""


@pytest.mark.parametrize(
    "data", [{}, {"a0": None}, {"a0": {"id": "1", "name": "x", "column_values": [{"id": 3}]}}]
)
def test_an_answer_that_shows_no_cells_is_a_problem_not_a_success(data: object) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": data})

    over = client(httpx.MockTransport(handle), Ticking(Clock(NOW)))
    written = write_cells(over, BOARD, [Wanted("1")], columns())
    assert (written.outputs, sorted(written.problems)) == ({}, ["1"])


def test_silence_after_a_write_is_no_success() -> None:
    here = account(item(1))
    here.plan("drop_answer", times=9)
    with pytest.raises(TryLater):
        write_cells(here.client, BOARD, [Wanted("1")], columns())
