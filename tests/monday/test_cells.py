"""Cells as values: what is accepted, what parks its item and how it says so, never a zero."""

import json
from time import process_time
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mondaybook import BOARD, HOUR, NOW, ZONE, Ticking, answering, client, columns, numbered, page
from mondaybridge.domain.activity import Activity, Approval, Presence, Reading, Status
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday import cells, durations
from mondaybridge.monday.boards import IncompleteRead, read_board
from mondaybridge.monday.cells import Unreadable
from mondaybridge.monday.columns import decode_item, layout
from mondaybridge.sandbox.world import Clock

AT = "2026-10-01T12:00:00Z"
BEFORE = "2026-10-01T11:00:00Z"
EMPTY: dict[str, dict[str, Any]] = {
    "status": {"type": "status", "text": None, "index": None},
    "approval": {"type": "status", "text": None, "index": None},
    "estimate": {"type": "numbers", "text": "", "value": None},
    "timer": {"type": "time_tracking", "text": "", "running": False, "duration": 0, "history": []},
    "actual": {"type": "numbers", "text": "", "value": None},
    "worked_on": {"type": "date", "text": "", "date": ""},
    "who": {"type": "people", "text": ""},
    "due": {"type": "date", "text": "", "date": ""},
    "note": {"type": "long_text", "text": ""},
    "mb_charged": {"type": "numbers", "text": "", "value": None},
    "mb_billing": {"type": "text", "text": ""},
}


def number(text: str) -> dict[str, Any]:
    return {"type": "numbers", "text": text, "value": json.dumps(text)}


def tracked(*history: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"type": "time_tracking", "text": "x", "history": list(history)} | fields


def session(
    session_id: str, started: str | None = BEFORE, ended: str | None = AT
) -> dict[str, Any]:
    return {"id": session_id, "started_at": started, "ended_at": ended}


def row(**changed: dict[str, Any] | None) -> bytes:
    found = EMPTY | changed
    values = [{"id": key, **cell} for key, cell in found.items() if cell is not None]
    frame = {"id": "1", "name": "n", "state": "active", "created_at": BEFORE, "updated_at": AT}
    item = {**frame, "column_values": values}
    return msgspec.json.encode(item)


def reading(raw: bytes, mapping: ColumnSet | None = None) -> Reading:
    return decode_item(msgspec.Raw(raw), layout(mapping or columns(), ZONE), BOARD)


def parked(**changed: dict[str, Any] | None) -> str:
    return reading(row(**changed)).activity.parked


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("0.5", "h", 1_800),
        ("0,5", "h", 1_800),
        ("0:30", "h", 1_800),
        ("30m", "h", 1_800),
        ("30 min", "h", 1_800),
        (" 1.5h ", "h", 5_400),
        ("0", "h", 0),
        ("0.51", "h", 1_836),
        ("0.333", "h", 1_199),
        ("40:00", "h", 144_000),
        ("90", "min", 5_400),
        ("1:30", "min", 5_400),
        ("2h", "min", 7_200),
        ("0:30", "h:mm", 1_800),
        ("45m", "h:mm", 2_700),
        ("0", "h:mm", 0),
        ("0,125", "h", 450),
    ],
)
def test_lengths_of_time_as_people_type_them(text: str, unit: durations.Unit, seconds: int) -> None:
    assert durations.seconds(text, unit) == seconds


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1h30", "h"),
        ("1:60", "h"),
        ("1:5", "h"),
        ("1:30:00", "h"),
        ("-3", "h"),
        ("+3", "h"),
        ("NaN", "h"),
        ("inf", "h"),
        ("1e3", "h"),
        ("1e309", "h"),
        ("0x10", "h"),
        ("1.250", "h"),
        ("1,250", "h"),
        ("1.250,50", "h"),
        ("1_000", "h"),
        ("٣", "h"),
        ("½", "h"),
        ("two", "h"),
        (".5", "h"),
        ("5.", "h"),
        ("1.5", "h:mm"),
        ("90", "h:mm"),
        ("100001", "h"),
        ("9" * 400, "h"),
        ("", "h"),
    ],
)
def test_what_could_mean_two_things_is_not_guessed(text: str, unit: durations.Unit) -> None:
    assert durations.seconds(text, unit) is None


def test_a_stored_number_has_a_decimal_point() -> None:
    assert durations.seconds("1.250", "h", machine=True) == 4_500


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"estimate": number("1h30")},
            "column estimate holds '1h30': type hours as 1.5 or 1:30",
        ),
        ({"estimate": number("-3")}, "column estimate holds '-3': type hours as 1.5 or 1:30"),
        ({"estimate": number("NaN")}, "column estimate holds 'NaN': type hours as 1.5 or 1:30"),
        ({"estimate": number("1e309")}, "column estimate holds '1e309': type hours as 1.5 or 1:30"),
        (
            {"estimate": {"type": "numbers", "text": "5", "value": '{"x":'}},
            "column estimate holds '5' over a broken value: type the number again",
        ),
        (
            {"estimate": {"type": "numbers", "text": "5", "value": "[5]"}},
            "column estimate holds '5', not a number: type the number again",
        ),
        (
            {"estimate": {"type": "numbers", "text": "1,250", "value": None}},
            "column estimate holds '1,250', not a number: type the number again",
        ),
        (
            {"estimate": {"type": "formula", "text": None}},
            (
                "column estimate is of type formula instead of numbers or text:"
                " map a column of that type"
            ),
        ),
        (
            {"estimate": {"type": "numbers", "text": 5, "value": None}},
            (
                'column estimate is not what its type allows ({"id":"estimate","type":"numbers",'
                '"text":5,"value":null}): enter it again'
            ),
        ),
        (
            {"estimate": None},
            "column estimate is not on this item: check the mapping",
        ),
        (
            {"approval": {"type": "status", "text": "Maybe", "index": 9}},
            (
                "column approval holds label 9 'Maybe', which the mapping does not name:"
                " choose a mapped label or add this id to mappings.yaml"
            ),
        ),
        (
            {"status": {"type": "status", "text": "Done", "index": None}},
            "column status holds 'Done' without a label id: choose the label again",
        ),
        (
            {"status": {"type": "status", "text": None}},
            "column status holds '' without a label id: choose the label again",
        ),
        (
            {"status": {"type": "status", "text": "x", "index": "0"}},
            (
                'column status is not what its type allows ({"id":"status","type":"status",'
                '"text":"x","index":"0"}): enter it again'
            ),
        ),
        (
            {"timer": tracked(session("7", ended=BEFORE, started=AT))},
            "column timer has session 7 that ends before it starts: correct its times",
        ),
        (
            {"timer": tracked(session("7", started=None))},
            (
                "column timer has session 7 typed by hand, whose start monday does not tell:"
                " record time with the timer, or map a numbers column"
            ),
        ),
        (
            {"timer": tracked(session("7", started="yesterday"))},
            "column timer has session 7 that holds 'yesterday', not an instant",
        ),
        (
            {"timer": tracked(session("7", started="2026-10-01T11:00:00"))},
            "column timer has session 7 that holds '2026-10-01T11:00:00', not an instant",
        ),
        (
            {"timer": tracked(session("7", started="0202-10-01T11:00:00Z"))},
            "column timer has session 7 that holds '0202-10-01T11:00:00Z': correct the date",
        ),
        (
            {"timer": tracked(session("7"), session("7"))},
            "column timer shows one session twice: this is looked at again at the next read",
        ),
        (
            {"timer": tracked(session("7", ended=None), running=False)},
            "column timer has a session without an end on a stopped timer: give it an end",
        ),
        (
            {"timer": tracked(session("7"), running=False, duration=7_200)},
            (
                "column timer adds up to 3600 seconds less in its sessions than it shows in all:"
                " compare the sessions with the total"
            ),
        ),
        (
            {"timer": {"type": "time_tracking", "text": "1:00", "history": None}},
            "column timer came without its sessions: this is looked at again at the next read",
        ),
        (
            {"timer": tracked({"id": None})},
            (
                'column timer is not what its type allows ({"id":"timer","type":"time_tracking",'
                '"text":"x","history":[{"id":null}]}): enter it again'
            ),
        ),
    ],
)
def test_a_cell_that_cannot_be_read_parks_its_item(changed: dict[str, Any], sentence: str) -> None:
    assert parked(**changed) == sentence


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"actual": number("1,250")},
            "column actual holds '1,250': type hours as 1.5 or 1:30",
        ),
        (
            {"worked_on": {"type": "date", "text": "x", "date": "31/10/2026"}},
            "column worked_on holds '31/10/2026', not a day: choose the date again",
        ),
        (
            {"worked_on": {"type": "date", "text": "x"}},
            "column worked_on holds 'x' without a day: choose the date again",
        ),
        (
            {"worked_on": {"type": "date", "text": "x", "date": "0202-10-31"}},
            "column worked_on holds '0202-10-31': correct the date",
        ),
    ],
)
def test_typed_time_that_cannot_be_read_parks_its_item(
    changed: dict[str, Any], sentence: str
) -> None:
    found = reading(row(**changed), numbered())
    if "actual" in changed:
        assert found.number_seconds is None
    assert found.activity.parked == sentence


def test_all_that_is_wrong_is_said_at_once_and_the_rest_is_read() -> None:
    found = reading(
        row(
            estimate=number("x"),
            approval={"type": "status", "text": "No", "index": 2},
            status={"type": "status", "text": "?", "index": 77},
        )
    )
    assert found.activity.parked.count("; ") == 1
    assert found.activity.approval is Approval.REJECTED
    assert (found.activity.status, found.activity.estimate_seconds) == (Status.NEW, None)


def test_the_reserved_label_is_empty() -> None:
    status = {"type": "status", "text": None, "index": 5}
    assert reading(row(status=status)).activity.status is Status.NEW


def test_a_running_timer_is_not_time_yet() -> None:
    found = reading(row(timer=tracked(session("7", ended=None), running=True, duration=500)))
    assert (found.activity.sessions, found.activity.parked) == ((), "")


def test_durations_are_taken_between_instants_across_zones_and_clock_changes() -> None:
    spring = session("7", started="2026-10-25T01:30:00+02:00", ended="2026-10-25T03:30:00+01:00")
    older = session("8", started="2026-10-25 00:00:00 UTC", ended="2026-10-25T00:00:30.900Z")
    found = reading(row(timer=tracked(spring, older))).activity
    assert [(one.session_id, one.seconds) for one in found.sessions] == [("7", 10_800), ("8", 30)]


def test_sessions_come_in_order_whatever_the_history() -> None:
    rows = [session(str(n), started=f"2026-10-01T1{n % 2}:00:00Z") for n in (4, 3, 2)]
    found = reading(row(timer=tracked(*rows))).activity
    assert [one.session_id for one in found.sessions] == ["2", "4", "3"]


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ({"updated_at": None}, "the time of the last change holds '', not an instant"),
        ({"created_at": "x"}, "the time of the creation holds 'x', not an instant"),
        ({"state": "melted"}, "the item's state 'melted' is not known"),
        ({"state": None}, "the item's state 'nothing' is not known"),
    ],
)
def test_a_frame_that_says_too_little_parks(frame: dict[str, Any], sentence: str) -> None:
    raw = msgspec.json.encode(msgspec.json.decode(row()) | frame)
    found = reading(raw).activity
    assert (found.parked, found.presence) == (sentence, Presence.ACTIVE)


def test_an_item_whose_frame_is_broken_is_parked_by_its_id() -> None:
    found = reading(b'{"id":"12","name":7}')
    assert found.activity.activity_id == "12"
    assert found.activity.parked.startswith("the item cannot be read (Expected `str`, got `int`")


def test_one_bad_row_does_not_touch_the_others_and_one_without_an_id_ends_the_page() -> None:
    good, bad = row(), row(estimate=number("1h30")).replace(b'"id":"1"', b'"id":"2"', 1)
    read = read_board(client(answering(page(good, bad)), _clock()), BOARD, columns(), ZONE)
    ((first, second),) = read.pages()
    assert (first.activity.parked, second.activity.parked[:15]) == ("", "column estimate")
    nameless = read_board(client(answering(page(good, b"{}")), _clock()), BOARD, columns(), ZONE)
    with pytest.raises(IncompleteRead, match="an item without an id"):
        list(nameless.pages())


def test_a_row_on_two_pages_counts_once() -> None:
    read = read_board(client(answering(page(row(), row())), _clock()), BOARD, columns(), ZONE)
    assert [len(one) for one in read.pages()] == [1]


def test_text_is_storable_and_bounded() -> None:
    nasty = "a\x00b\x1b[31m\u202ec\td\r\ne " + "x" * 10_000
    note = {"type": "long_text", "text": nasty}
    raw = msgspec.json.encode(msgspec.json.decode(row(note=note)) | {"name": nasty})
    found = reading(raw).activity
    assert found.name.startswith("a\ufffdb\ufffd[31m\u202ec d e x")
    assert len(found.name) == 255
    assert found.note.startswith("a\ufffdb\ufffd[31m\u202ec\td\r\ne x")
    assert len(found.note) == 5_000
    assert "\u202e" not in parked(estimate=number("\u202e5"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2.50", "2.5"),
        ("2.00", "2"),
        ("10", "10"),
        ("0.50", "0.5"),
        ("007", "7"),
        ("0", "0"),
        ("", ""),
        ("1e3", "1e3"),
        ("-2.50", "-2.5"),
        ("-0.00", "0"),
        ("-", "-"),
    ],
)
def test_our_own_numbers_are_shown_as_we_write_them(text: str, shown: str) -> None:
    assert dict(reading(row(mb_charged=number(text))).outputs)["mb_charged"] == shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ({"type": "numbers", "text": "€ 2,50", "value": json.dumps("2.50")}, "2.5"),
        ({"type": "numbers", "text": "5", "value": "{"}, "5"),
        ({"type": "status", "text": "Done", "index": 1}, "1"),
        ({"type": "status", "text": None, "index": 5}, ""),
        ({"type": "status", "text": None, "index": None}, ""),
        ({"type": "date", "text": "2 Nov", "date": "2026-11-02", "time": ""}, "2026-11-02"),
        ({"type": "date", "text": "x", "date": "2026-11-02", "time": "09:00"}, "2026-11-02 09:00"),
        ({"type": "date", "text": "", "date": ""}, ""),
        (
            {"type": "link", "text": "A - https://b", "url": "https://b", "url_text": "A"},
            "https://b A",
        ),
        (
            {"type": "link", "text": "https://b", "url": "https://b", "url_text": "https://b"},
            "https://b",
        ),
        ({"type": "link", "text": "", "url": None, "url_text": None}, ""),
        ({"type": "long_text", "text": " a\nb "}, "a\nb"),
        ({"type": "text", "text": None}, ""),
    ],
)
def test_a_cell_has_one_form_in_which_it_is_written_and_compared(
    cell: dict[str, Any], shown: str
) -> None:
    raw = msgspec.Raw(msgspec.json.encode({"id": "x", **cell}))
    assert cells.shown(cells.cell(raw)) == shown


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\x0b", "\x1c", "\r\n"])
def test_every_end_of_a_line_is_white_space(end: str) -> None:
    raw = msgspec.json.encode(msgspec.json.decode(row()) | {"name": f"a {end} b"})
    assert reading(raw).activity.name == "a b"
    assert durations.seconds(f"{end}1:30{end}", "h") == 5_400
    note = {"type": "long_text", "text": f"{end}a\x85b{end}"}
    assert reading(row(note=note)).activity.note == "a\nb"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ["text", "index", "value", "date", "running", "duration", "history", "type"]
TYPES = ["status", "numbers", "text", "time_tracking", "date", "formula"]
GARBAGE = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES) | JSON},
    optional={name: JSON for name in FIELDS if name != "type"},
)


@settings(max_examples=300, deadline=None)
@given(column=st.sampled_from(sorted(EMPTY)), cell=GARBAGE)
@example(column="timer", cell={"type": "time_tracking", "history": [{"id": "7"}]})
def test_no_content_of_a_cell_raises_or_reads_as_zero(column: str, cell: dict[str, Any]) -> None:
    for mapping in (columns(), numbered()):
        found = reading(row(**{column: cell}), mapping)
        seconds = [found.activity.estimate_seconds, found.number_seconds]
        held = str(cell.get("text")) + str(cell.get("value"))
        assert 0 not in seconds or "0" in held
        if column in {"status", "approval", "estimate", "timer"} and mapping == columns():
            meant = {"status": "status", "approval": "status", "timer": "time_tracking"}
            wrong = cell["type"] != meant.get(column, cell["type"])
            assert found.activity.parked or not wrong


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=12), unit=st.sampled_from(["h", "min", "h:mm"]))
@example(text="0\x85", unit="h")
def test_no_text_is_zero_but_zero(text: str, unit: durations.Unit) -> None:
    for machine in (False, True):
        found = durations.seconds(text, unit, machine=machine)
        assert found is None or found > 0 or not text.strip().strip(" 0123456789.,:hmin")
        assert found != 0 or set("123456789").isdisjoint(text.replace("h", "")) or "0" in text


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=60))
def test_no_bytes_of_a_cell_raise_anything_else(raw: bytes) -> None:
    try:
        cells.cell(msgspec.Raw(raw))
    except Unreadable:
        cells.column_of(msgspec.Raw(raw))


@given(hours=st.integers(0, 99_999), minutes=st.integers(0, 59))
def test_h_mm_reads_back_exactly(hours: int, minutes: int) -> None:
    expected = hours * 3_600 + minutes * 60
    assert durations.seconds(f"{hours}:{minutes:02}", "h:mm") == expected


def test_a_page_of_500_rows_is_decoded_in_a_few_milliseconds() -> None:
    raw = msgspec.Raw(row(timer=tracked(*(session(str(n)) for n in range(3)), running=False)))
    plan = layout(columns(), ZONE)
    spent, found = [], [decode_item(raw, plan, BOARD)]
    for _ in range(5):
        began = process_time()
        found = [decode_item(raw, plan, BOARD) for _ in range(500)]
        spent.append(process_time() - began)
    assert found[0].activity == Activity(
        "1",
        BOARD,
        "n",
        sessions=found[0].activity.sessions,
        received_at=NOW - HOUR,
        created_at=NOW - HOUR,
        updated_at=NOW,
    )
    assert min(spent) < 0.1


def _clock() -> Ticking:
    return Ticking(Clock(NOW + HOUR))
