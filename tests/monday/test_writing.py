"""Our own cells on the board: batches, refusals item by item, and never a foreign column."""

from dataclasses import dataclass

import httpx
import msgspec
import pytest

from mondaybook import BOARD, NOW, ZONE, Account, Ticking, account, client, columns, item
from mondaybridge.errors import TryLater
from mondaybridge.monday.boards import read_items
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


def on_board(here: Account, *ids: str) -> list[dict[str, str]]:
    return [dict(one.outputs) for one in read_items(here.client, ids, columns(), ZONE)]


def test_cells_are_written_and_the_answer_is_what_stands() -> None:
    here = account(item(1), item(2, cells={"mb_billing": "open"}))
    cells = [Wanted("1", "2.25"), Wanted("1", "held", "mb_billing"), Wanted("2", "")]
    written = write_cells(here.client, BOARD, cells, columns())
    stands = {
        "1": {"mb_charged": "2.25", "mb_billing": "held"},
        "2": {"mb_charged": "", "mb_billing": "open"},
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
    assert written.outputs == {"1": {"mb_charged": "1.5", "mb_billing": ""}}
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
    "data", [{}, {"a0": None}, {"a0": {"id": "1", "column_values": [{"id": 3}]}}]
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
