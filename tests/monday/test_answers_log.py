"""Who answered: the activity log in both shapes, its gaps, its end and its forms of a value."""

import httpx
import msgspec
import pytest

from mondaybook import BOARD, HOUR, MINUTE, NOW, Account, Ticking, account, answering, client, item
from mondaybridge.domain.approval import Field
from mondaybridge.errors import TryLater
from mondaybridge.monday.answers_log import CellChange, Log, read_changes
from mondaybridge.monday.client import API_VERSION, MondayClient
from mondaybridge.monday.errors import Refused
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.sockets import transport
from mondaybridge.sandbox.world import Clock

CANDIDATE = "2027-01"
FIELDS = {"approval": Field.APPROVAL, "estimate": Field.ESTIMATE, "typed": Field.URGENT}
GUEST, STAFF = "102", "101"

Told = tuple[str, str, int, str, str, str]


def of_version(here: Account, version: str) -> Account:
    wire = transport(here.api.handle)
    here.client = client(wire, here.clock, here.calls, api_version=version)
    return here


@pytest.fixture(params=[API_VERSION, CANDIDATE])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(here: Account, *items: str, since: int = 0) -> Log:
    return read_changes(here.client, BOARD, items or ("1",), FIELDS, since)


def told(log: Log) -> list[Told]:
    return [
        (one.item_id, one.field.value, one.at - NOW, one.user_id, one.value, one.previous)
        for one in log.changes
    ]


def test_an_answer_is_told_with_its_actor_and_what_stood_before(version: str) -> None:
    here = of_version(account(item(1, cells={"approval": {"index": 9}}), item(2)), version)
    people = here.api.humans
    people.edit_cell(item="1", column="estimate", value="1.50", as_user=STAFF)
    people.edit_cell(item="2", column="approval", value={"index": 1}, as_user=STAFF)
    here.clock.sleep(60)
    people.edit_cell(item="1", column="approval", value={"index": 1}, as_user=GUEST)
    people.edit_cell(item="1", column="estimate", value="2", as_user=STAFF)
    people.edit_cell(item="1", column="note", value="x", as_user=STAFF)
    people.edit_cell(item="1", column="approval", value=None, as_user=STAFF)
    people.rename_item(item="1", name="Other", as_user=STAFF)
    assert told(read(here)) == [
        ("1", "estimate", 0, STAFF, "1.5", ""),
        ("1", "approval", MINUTE, GUEST, "1", "9"),
        ("1", "estimate", MINUTE, STAFF, "2", "1.5"),
        ("1", "approval", MINUTE, STAFF, "", "1"),
    ]
    assert len(here.asked) == 1
    log = read(here, "1", "2")
    assert len(log.changes) == 5
    ids = [one.log_id for one in log.changes]
    assert ids == sorted(set(ids))


def test_only_what_happened_since_is_asked_for(version: str) -> None:
    here = of_version(account(item(1)), version)
    here.api.humans.edit_cell(item="1", column="estimate", value="1", as_user=STAFF)
    here.clock.sleep(3_600)
    here.api.humans.edit_cell(item="1", column="estimate", value="2", as_user=STAFF)
    assert [one[4] for one in told(read(here, since=NOW))] == ["1", "2"]
    assert [one[4] for one in told(read(here, since=NOW + 5_000))] == ["2"]
    assert told(read(here, since=NOW + HOUR + MINUTE)) == []


@pytest.mark.parametrize("refused", [True, False])
def test_the_next_version_looks_90_days_back(refused: bool) -> None:  # noqa: FBT001 - a switch
    switches = Switches(old_from_is_refused=refused)
    here = of_version(account(item(1), switches=switches), CANDIDATE)
    here.api.humans.edit_cell(item="1", column="estimate", value="1", as_user=STAFF)
    here.clock.sleep(91 * 86_400)
    here.api.humans.edit_cell(item="1", column="estimate", value="2", as_user=STAFF)
    assert [one[4] for one in told(read(here, since=NOW))] == ["2"]


@pytest.mark.parametrize("inclusive", [True, False])
def test_the_first_instant_counts_either_way(inclusive: bool, version: str) -> None:  # noqa: FBT001 - a switch
    here = account(item(1), switches=Switches(logs_from_inclusive=inclusive))
    of_version(here, version).clock.sleep(60)
    here.api.humans.edit_cell(item="1", column="estimate", value="1", as_user=STAFF)
    assert len(read(here, since=NOW + MINUTE).changes) == 1


def test_a_long_log_is_read_page_by_page(version: str) -> None:
    here = of_version(account(item(1)), version)
    for number in range(2_001):
        here.api.humans.edit_cell(item="1", column="estimate", value=str(number % 7), as_user=STAFF)
    assert len(read(here).changes) == 2_001
    assert len(here.asked) == 3


def test_a_log_without_permission_is_gone(version: str) -> None:
    here = of_version(account(item(1), switches=Switches(logs_denied=True)), version)
    here.api.humans.edit_cell(item="1", column="estimate", value="1", as_user=STAFF)
    assert read(here) == Log(gone=True)


def test_a_log_that_is_null_is_gone() -> None:
    null = httpx.Response(200, json={"data": {"boards": [{"activity_logs": None}]}})
    assert read_changes(over(null), BOARD, ["1"], FIELDS, 0) == Log(gone=True)
    candidate = over(null, api_version=CANDIDATE)
    assert read_changes(candidate, BOARD, ["1"], FIELDS, 0) == Log(gone=True)


def test_a_board_that_is_not_shown_is_no_empty_log(version: str) -> None:
    here = of_version(account(item(1)), version)
    with pytest.raises(TryLater, match="does not show board"):
        read_changes(here.client, "4711", ["1"], FIELDS, 0)


def test_other_refusals_are_told() -> None:
    body = {"data": None, "errors": [{"message": "bad", "extensions": {"code": "Other"}}]}
    with pytest.raises(Refused, match="Other: bad"):
        read_changes(over(httpx.Response(200, json=body)), BOARD, ["1"], FIELDS, 0)


def test_one_look_takes_a_hundred_rows() -> None:
    with pytest.raises(ValueError, match="101 rows"):
        read(account(), *map(str, range(101)))


def over(*answers: httpx.Response, api_version: str = API_VERSION) -> MondayClient:
    return client(answering(*answers), Ticking(Clock(NOW)), api_version=api_version)


def rows(*data: object, event: str = "update_column_value", **fields: object) -> httpx.Response:
    base = {"event": event, "created_at": f"{NOW}0000", "user_id": "7", **fields}
    listed = [
        {"id": f"log-{place}", "data": one if isinstance(one, str) else msgspec.json.encode(one)}
        for place, one in enumerate(data)
    ]
    shown = [
        base
        | {**one, "data": one["data"] if isinstance(one["data"], str) else one["data"].decode()}
        for one in listed
    ]
    return httpx.Response(200, json={"data": {"boards": [{"activity_logs": shown}]}})


def logged(value: object, previous: object = None, column: str = "estimate") -> dict[str, object]:
    return {"pulse_id": 1, "column_id": column, "value": value, "previous_value": previous}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"label": {"index": 1, "text": "Yes"}, "post_id": None}, "1"),
        ({"label": {"index": 0}}, "0"),
        ({"label": {"index": 5}}, ""),
        ({"label": None}, ""),
        ({"index": 108, "post_id": None}, "108"),
        ({"index": True}, ""),
        ({"value": 2.0, "unit": None}, "2"),
        ({"value": 1.25}, "1.25"),
        ({"value": 100}, "100"),
        ({"value": "1:30"}, "1:30"),
        ({"value": None}, ""),
        ({"text": "1:30", "changed_at": "x"}, "1:30"),
        ({"url": "https://mail.example/7", "text": "the mail"}, "the mail"),
        ({"url": "https://mail.example/7", "text": None}, "https://mail.example/7"),
        ({"email": "anna@client.example", "text": ""}, "anna@client.example"),
        ('{"value":3}', "3"),
        ('"4.5"', "4.5"),
        ("2h", "2h"),
        (7, "7"),
        ({"checked": "true"}, "1"),
        ({"checked": True}, "1"),
        ({"checked": False}, ""),
        ({"checked": None}, ""),
        (None, ""),
        ({}, ""),
        ([], ""),
        (True, ""),
    ],
)
def test_each_form_of_a_value(value: object, text: str) -> None:
    log = read_changes(over(rows(logged(value, value))), BOARD, ["1"], FIELDS, 0)
    assert [(one.value, one.previous) for one in log.changes] == [(text, text)]


def test_a_row_may_be_made_with_its_values() -> None:
    cells = {"estimate": {"value": 2.0}, "approval": {"label": {"index": 1}}, "note": "x"}
    for name in ("column_values", "columnValues"):
        answer = rows({"pulse_id": 1, name: cells}, event="create_pulse")
        log = read_changes(over(answer), BOARD, ["1"], FIELDS, 0)
        assert [(one.field.value, one.value, one.user_id) for one in log.changes] == [
            ("approval", "1", "7"),
            ("estimate", "2", "7"),
        ]
    text = msgspec.json.encode({"estimate": "2"}).decode()
    answer = rows({"pulse_id": 1, "column_values_json": text}, event="create_pulse")
    (one,) = read_changes(over(answer), BOARD, ["1"], FIELDS, 0).changes
    assert (one.value, one.previous) == ("2", "")
    bare = rows({"pulse_id": 1, "pulse_name": "New"}, event="create_pulse")
    assert read_changes(over(bare), BOARD, ["1"], FIELDS, 0) == Log()


def test_a_change_of_several_rows_at_once_counts_for_each() -> None:
    data = {"pulse_ids": [1, 2, 3], "column_id": "estimate", "value": {"value": 2}}
    answer = rows(data, event="batch_change_pulses_column_value")
    log = read_changes(over(answer), BOARD, ["1", "3"], FIELDS, 0)
    at = f"{NOW}0000"
    assert log.changes == (
        CellChange(f"{at}-log-0-1-estimate", "1", Field.ESTIMATE, NOW, "7", "2"),
        CellChange(f"{at}-log-0-3-estimate", "3", Field.ESTIMATE, NOW, "7", "2"),
    )


@pytest.mark.parametrize(
    "data",
    ["", "{", "[]", "[" * 100_000, '{"pulse_id": 1}', logged(1, column="note"), {"pulse_id": [1]}],
)
def test_a_row_that_tells_nothing_is_left_out(data: object) -> None:
    assert read_changes(over(rows(data)), BOARD, ["1"], FIELDS, 0) == Log()


def test_a_row_without_an_instant_is_left_out() -> None:
    for at in ("", "soon", "1790856000", "1" * 18):
        answer = rows(logged(1), created_at=at)
        assert read_changes(over(answer), BOARD, ["1"], FIELDS, 0) == Log()


@pytest.mark.parametrize("number", ["1e999999", "NaN", "Infinity", "9" * 5_000, "1e-400"])
def test_a_number_out_of_all_bounds_is_no_value(number: str) -> None:
    data = f'{{"pulse_id": 1, "column_id": "estimate", "value": {{"value": {number}}}}}'
    log = read_changes(over(rows(data)), BOARD, ["1"], FIELDS, 0)
    assert [one.value for one in log.changes if one.value] == []


def test_a_log_with_gaps_tells_what_is_left(version: str) -> None:
    here = of_version(account(item(1), switches=Switches(logs_lose_every=2)), version)
    for hours in ("1", "2", "3", "4"):
        here.api.humans.edit_cell(item="1", column="estimate", value=hours, as_user=STAFF)
    assert [(one.previous, one.value) for one in read(here).changes] == [("", "1"), ("2", "3")]
