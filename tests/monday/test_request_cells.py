"""What a row says of its request, over the stand-in: present, empty and garbage of every cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaybook import BOARD, COLUMNS, HOUR, NOW, ZONE, account, item
from mondaybook import columns as mapped
from mondaybridge.domain.activity import Activity, Approval, Reading
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.live import check_board
from mondaybridge.monday.boards import BoardShape, read_board, read_items
from mondaybridge.monday.columns import decode_item, layout, own_columns
from mondaybridge.sandbox.monday.api import MondayApi

MADE = NOW - 24 * HOUR
MAIL = "https://mail.invalid/message/1"
PRIORITY = {"3": "Low", "7": "Urgent", "8": "Fire"}
SERVICES = {"1": "Training", "2": "Updates", "3": "Other", "4": "Travel"}


def column(column_id: str, kind: str, labels: dict[str, str] | None = None) -> dict[str, object]:
    settings = {"settings": {"labels": labels}} if labels else {}
    return {"id": column_id, "title": column_id.title(), "type": kind, **settings}


MORE = [
    column("hurry", "checkbox"),
    column("priority", "status", PRIORITY),
    column("word", "long_text"),
    column("mail_id", "text"),
    column("mail_link", "link"),
    column("sender", "email"),
    column("asked_by", "people"),
    column("type", "dropdown", SERVICES),
    column("kind", "status", SERVICES),
    column("agreed", "text"),
    column("replaces", "board_relation"),
    column("firmness", "status", {"0": "Rigid", "1": "Flexible", "2": "Odd"}),
    column("free_of_charge", "checkbox"),
    column("came", "date"),
    column("yes_mail", "link"),
    column("mb_message", "long_text"),
    column("mb_origin", "text"),
    column("mb_clock", "text"),
    column("mb_document", "link"),
    column("mb_granted", "numbers"),
    column("mb_used", "numbers"),
    column("mb_reserved", "numbers"),
    column("mb_free", "numbers"),
    column("mb_expiry", "date"),
    column("our_fault", "checkbox"),
    column("nature", "status", {"1": "Task", "2": "Bug"}),
    column("report", "text"),
    column("papers", "file"),
    column(
        "asked", "status", {"1": "Asked", "2": "Answered", "3": "Fine", "4": "Right", "6": "No"}
    ),
    column("own_rate", "numbers"),
]
BOARD_COLUMNS = COLUMNS + MORE
APPROVAL = {
    "id": "approval",
    "approved": {1: "Yes"},
    "rejected": {2: "No"},
    "auto": {9: "Maybe"},
    "reference": {"id": "yes_mail"},
}
PACKAGE = {
    "item": "Pacchetto",
    "granted": {"id": "mb_granted", "unit": "h"},
    "used": {"id": "mb_used", "unit": "h"},
    "reserved": {"id": "mb_reserved"},
    "free": {"id": "mb_free", "unit": "min"},
    "expiry": {"id": "mb_expiry"},
}
OURS = {
    "charged": {"id": "mb_charged"},
    "billing": {"id": "mb_billing"},
    "message": {"id": "mb_message"},
    "origin": {"id": "mb_origin"},
    "clock": {"id": "mb_clock"},
    "document": {"id": "mb_document"},
    "package": PACKAGE,
}
TYPES: dict[str, Any] = {"types": {1: "training", 2: "updates"}, "other": {3: "other work"}}
ALL: dict[str, Any] = {
    "approval": APPROVAL,
    "urgent": {"id": "hurry", "evidence": {"id": "word"}},
    "reference": {"id": "mail_id"},
    "requester": {"id": "sender"},
    "service": {"id": "type", **TYPES, "agreed_with": {"id": "agreed"}},
    "redo_of": {"id": "replaces"},
    "due_kind": {"id": "firmness", "rigid": {0: "Rigid"}, "flexible": {1: "Flexible"}},
    "no_charge": {"id": "free_of_charge"},
    "received": {"id": "came"},
    "ours": OURS,
}
FULL = {
    "approval": {"index": 9},
    "yes_mail": {"url": MAIL, "text": "re: yes"},
    "hurry": {"checked": "true"},
    "word": {"text": " It burns:\ncome now "},
    "mail_id": " <one@mail.invalid> ",
    "sender": {"email": "client@firm.invalid", "text": "The client"},
    "type": {"ids": [1]},
    "agreed": "Avery",
    "replaces": {"item_ids": [2]},
    "firmness": {"index": 0},
    "free_of_charge": {"checked": "true"},
    "came": {"date": "2026-09-28"},
    "mb_message": {"text": "Type an estimate"},
    "mb_origin": "extra",
    "mb_clock": "due 5 Oct",
    "mb_document": {"url": "https://papers.invalid/1", "text": "Invoice 1"},
}


def columns(**changes: object) -> ColumnSet:
    return mapped(**(ALL | changes))


def readings(mapping: ColumnSet, *items: dict[str, Any], zone: str = "UTC") -> list[Reading]:
    """Read rows of an account in a time zone, by page and by id alike."""
    here = account(*items, columns=BOARD_COLUMNS)
    here.api.humans.changes.state.account.time_zone = zone
    read = read_board(here.client, BOARD, mapping, ZONE)
    assert isinstance(read.shape, BoardShape)
    assert check_board(mapping, read.shape.columns) == []
    (page,) = read.pages()
    assert read_items(here.client, sorted(read.seen), mapping, ZONE) == page
    assert here.asked == ["FirstPage", "Items"]
    return page


def activity(cells: Mapping[str, object], mapping: ColumnSet | None = None) -> Activity:
    """Read one row with cells."""
    return readings(mapping or columns(), item(1, cells=cells))[0].activity


def facts(row: Activity, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def test_R05_R06_R07_R10_R20_R26_a_row_tells_all_of_its_request() -> None:
    (row, _) = readings(columns(), item(1, cells=FULL), item(2))
    assert row.activity == Activity(
        activity_id="1",
        board_id=BOARD,
        name="Task 1",
        approval=Approval.AUTO,
        rigid=True,
        urgent=True,
        evidence="It burns: come now",
        reference="<one@mail.invalid>",
        requester="client@firm.invalid",
        approval_reference=MAIL,
        service="training",
        agreed_with="Avery",
        redo_of="2",
        chargeable=False,
        received_at=1_790_546_400_000,  # 2026-09-28 in Rome
        created_at=MADE,
        updated_at=MADE,
    )
    assert dict(row.outputs) == {
        "mb_charged": "",
        "mb_billing": "",
        "mb_message": "Type an estimate",
        "mb_origin": "extra",
        "mb_clock": "due 5 Oct",
        "mb_document": "https://papers.invalid/1 Invoice 1",
        "mb_granted": "",
        "mb_used": "",
        "mb_reserved": "",
        "mb_free": "",
        "mb_expiry": "",
        "status": "",
        "approval": "9",
        "name": "Task 1",
    }


def test_an_empty_row_says_nothing_and_is_not_parked() -> None:
    expected = Activity("1", BOARD, "Task 1", received_at=MADE, created_at=MADE, updated_at=MADE)
    assert activity({}) == expected
    assert activity({}, columns(urgent={"id": "priority", "labels": {7: "Urgent"}})) == expected


QUESTION = {
    "id": "asked",
    "questioned": {1: "Asked"},
    "answered": {2: "Answered"},
    "accepted": {3: "Fine"},
    "adjusted": {4: "Right"},
    "withdrawn": {6: "No"},
}


@pytest.mark.parametrize(
    ("bug", "cells", "told"),
    [
        ({"id": "our_fault"}, {"our_fault": {"checked": "true"}, "report": "T-1"}, (True, "T-1")),
        ({"id": "our_fault"}, {"our_fault": {"checked": "true"}}, (True, "")),
        ({"id": "our_fault"}, {"report": "T-1"}, (False, "T-1")),
        ({"id": "nature", "labels": {2: "Bug"}}, {"nature": {"index": 2}}, (True, "")),
        ({"id": "nature", "labels": {2: "Bug"}}, {"nature": {"index": 1}}, (False, "")),
        ({"id": "nature", "labels": {2: "Bug"}}, {}, (False, "")),
    ],
)
def test_R55_a_bug_has_its_documentation(
    bug: dict[str, Any], cells: dict[str, Any], told: tuple[bool, str]
) -> None:
    mapping = columns(bug={**bug, "documentation": {"id": "report"}})
    assert facts(activity(cells, mapping), "bug", "documentation", "parked") == (*told, "")


def test_R55_a_bug_may_be_documented_by_a_file() -> None:
    mapping = columns(bug={"id": "our_fault", "documentation": {"id": "papers"}})
    here = account(item(1), columns=BOARD_COLUMNS)
    row_id = str(item(1)["id"])
    people = here.api.humans
    people.attach_file(item=row_id, column="papers", name="report.pdf", text="x")
    (row,) = (one.activity for one in read_items(here.client, [row_id], mapping, ZONE))
    assert facts(row, "documentation", "parked") == ("report.pdf", "")


@pytest.mark.parametrize(
    ("label", "state"),
    [
        (None, ""),
        (5, ""),
        (1, "questioned"),
        (2, "answered"),
        (3, "accepted"),
        (4, "adjusted"),
        (6, "withdrawn"),
    ],
)
def test_R41b_a_question_is_in_the_state_of_its_label(label: int | None, state: str) -> None:
    cells = {} if label is None else {"asked": {"index": label}}
    assert facts(activity(cells, columns(question=QUESTION)), "question", "parked") == (state, "")


@pytest.mark.parametrize(
    ("typed", "hourly"),
    [(None, ""), ("70", "70"), ("70.50", "70.5"), ("0", "0"), ("043.330", "43.33")],
)
def test_a_row_may_have_its_own_hourly_price(typed: str | None, hourly: str) -> None:
    cells = {} if typed is None else {"own_rate": typed}
    row = activity(cells, columns(hourly={"id": "own_rate"}))
    assert facts(row, "hourly", "parked") == (hourly, "")


def test_an_hourly_price_below_zero_parks_its_row() -> None:
    row = activity({"own_rate": "-5"}, columns(hourly={"id": "own_rate"}))
    assert row.parked == (
        "column own_rate holds '-5', not an hourly price: type one like 70 or 70.50"
    )


def test_every_column_of_ours_may_be_written_and_no_other() -> None:
    ours = [one["id"] for one in MORE if str(one["id"]).startswith("mb_")]
    assert own_columns(columns()) == ("mb_charged", "mb_billing", *ours)
    assert own_columns(columns(ours={})) == ()
    shared = {**OURS, "package": {"item": "Pacchetto", "used": {"id": "mb_charged"}}}
    assert own_columns(columns(ours=shared)).count("mb_charged") == 1


@pytest.mark.parametrize(("index", "urgent"), [(7, True), (8, True), (3, False), (5, False)])
def test_R10_urgency_is_a_label_where_labels_are_mapped(index: int, urgent: bool) -> None:  # noqa: FBT001 - a table
    mapping = columns(urgent={"id": "priority", "labels": {7: "Urgent", 8: "Fire"}})
    row = activity({"priority": {"index": index}, "mail_id": "m1"}, mapping)
    assert facts(row, "urgent", "parked") == (urgent, "")


def test_R10_without_a_column_of_its_own_the_request_is_the_evidence() -> None:
    mapping = columns(urgent={"id": "hurry"})
    urgent = {"hurry": {"checked": "true"}, "mail_id": "m1", "word": {"text": "now"}}
    assert facts(activity(urgent, mapping), "urgent", "evidence") == (True, "m1")
    calm = {"mail_id": "m1"}
    assert facts(activity(calm, mapping), "urgent", "evidence") == (False, "")
    bare = columns(urgent={"id": "hurry"}, reference=None)
    assert facts(activity(urgent, bare), "urgent", "evidence") == (True, "")


@pytest.mark.parametrize(
    ("column_id", "cell", "reference", "word"),
    [
        ("mail_id", " <a@b> ", "<a@b>", "<a@b>"),
        ("word", {"text": "one\ntwo"}, "one two", "one two"),
        ("mail_link", {"url": MAIL, "text": "mail"}, MAIL, f"{MAIL} mail"),
        ("mail_link", {"url": MAIL, "text": MAIL}, MAIL, MAIL),
        ("sender", {"email": "a@b.invalid", "text": "A"}, "a@b.invalid A", "a@b.invalid A"),
        ("mail_link", None, "", ""),
    ],
)
def test_R07_an_email_is_told_by_text_link_or_address(
    column_id: str, cell: object, reference: str, word: str
) -> None:
    asked = {"reference": {"id": column_id}, "urgent": None}
    assert activity({column_id: cell}, columns(**asked)).reference == reference
    urgent = {"id": "hurry", "evidence": {"id": column_id}}
    assert activity({column_id: cell}, columns(reference=None, urgent=urgent)).evidence == word


def test_R07_a_long_reference_keeps_what_tells_it_from_another() -> None:
    links = [f"https://mail.invalid/{'x' * 600}{n}" for n in (1, 2)]
    found = [activity({"mail_id": link}).reference for link in links]
    assert found == links


@pytest.mark.parametrize(
    ("column_id", "cell", "requester"),
    [
        ("mail_id", "The client", "The client"),
        ("sender", {"email": "a@b.invalid", "text": "A"}, "a@b.invalid"),
        ("asked_by", {"personsAndTeams": [{"id": 101, "kind": "person"}]}, "Avery Placeholder"),
        ("asked_by", None, ""),
    ],
)
def test_R06_who_asked_is_typed_mailed_or_chosen(
    column_id: str, cell: object, requester: str
) -> None:
    mapping = columns(requester={"id": column_id}, reference=None)
    assert activity({column_id: cell}, mapping).requester == requester


@pytest.mark.parametrize(
    ("dropdown", "status", "service", "known", "needs"),
    [
        ({"ids": [2]}, {"index": 2}, "updates", True, False),
        ({"ids": [3]}, {"index": 3}, "other work", True, True),
        ({"ids": [4]}, {"index": 4}, "Travel", False, False),
        (None, None, "", True, False),
        (None, {"index": 5}, "", True, False),
    ],
)
def test_R05_the_type_of_service_warns_and_never_parks(
    dropdown: object,
    status: object,
    service: str,
    known: bool,  # noqa: FBT001 - a table
    needs: bool,  # noqa: FBT001 - a table
) -> None:
    expected = (service, known, needs, "")
    names = ("service", "service_known", "agreement_needed", "parked")
    assert facts(activity({"type": dropdown}), *names) == expected
    labelled = columns(service={"id": "kind", **TYPES})
    assert facts(activity({"kind": status}, labelled), *names) == expected


def test_R05_several_types_are_no_known_type() -> None:
    row = activity({"type": {"ids": [1, 2]}})
    assert facts(row, "service", "service_known", "parked") == ("Training, Updates", False, "")


@pytest.mark.parametrize(
    ("column_id", "cell", "redo_of"),
    [
        ("replaces", {"item_ids": [2]}, "2"),
        ("replaces", None, ""),
        ("mail_id", " 4100000123 ", "4100000123"),
        ("mail_id", "https://x.monday.com/boards/1/pulses/77", "77"),
        ("mail_id", "x.monday.com/boards/1/views/2/pulses/77/?a=b", "77"),
        ("mail_link", {"url": "https://x.monday.com/boards/1/pulses/77", "text": "old"}, "77"),
        ("mail_link", None, ""),
    ],
)
def test_R20_a_redo_names_the_row_that_it_replaces(
    column_id: str, cell: object, redo_of: str
) -> None:
    mapping = columns(redo_of={"id": column_id}, reference=None)
    rows = readings(mapping, item(1, cells={column_id: cell}), item(2))
    assert facts(rows[0].activity, "redo_of", "parked") == (redo_of, "")


@pytest.mark.parametrize(
    ("column_id", "cell", "sentence"),
    [
        (
            "replaces",
            {"item_ids": [2, 3]},
            "column replaces links 2 rows: link the one that this row replaces",
        ),
        (
            "mail_id",
            "the old one",
            (
                "column mail_id holds 'the old one': enter a row's id, or its address, which ends"
                " in /pulses/ and the id"
            ),
        ),
        (
            "mail_link",
            {"url": "https://x.monday.com/boards/77", "text": "x"},
            (
                "column mail_link holds 'https://x.monday.com/boards/77': enter a row's id, or its"
                " address, which ends in /pulses/ and the id"
            ),
        ),
        ("mail_id", "1", "the row names itself as the one it replaces: name the earlier row"),
    ],
)
def test_R20_a_redo_of_nothing_or_of_several_is_parked(
    column_id: str, cell: object, sentence: str
) -> None:
    mapping = columns(redo_of={"id": column_id}, reference=None)
    rows = readings(mapping, item(1, cells={column_id: cell}), item(2), item(3))
    assert rows[0].activity.parked == sentence


@pytest.mark.parametrize(("index", "rigid"), [(0, True), (1, False), (5, False)])
def test_R26_a_due_date_is_rigid_by_label(index: int, rigid: bool) -> None:  # noqa: FBT001 - a table
    assert facts(activity({"firmness": {"index": index}}), "rigid", "parked") == (rigid, "")


def test_R26_a_label_that_nobody_mapped_is_parked() -> None:
    assert activity({"firmness": {"index": 2}}).parked == (
        "column firmness holds label 2 'Odd', which the mapping does not name:"
        " choose a mapped label or add this id to mappings.yaml"
    )


@pytest.mark.parametrize(("cell", "chargeable"), [({"checked": "true"}, False), (None, True)])
def test_only_a_tick_makes_a_row_free(cell: object, chargeable: bool) -> None:  # noqa: FBT001 - a table
    assert activity({"free_of_charge": cell}).chargeable is chargeable


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_R18_a_time_of_receipt_is_the_same_instant_in_every_zone_of_the_account(zone: str) -> None:
    cells = {"came": {"date": "2026-10-01", "time": "09:30:00"}}
    (row,) = readings(columns(), item(1, cells=cells), zone=zone)
    assert facts(row.activity, "received_at", "parked") == (1_790_847_000_000, "")


def test_R18_a_receipt_in_the_hour_that_comes_twice_is_one_instant() -> None:
    for clock, at in (("00:30:00", 1_792_888_200_000), ("01:30:00", 1_792_891_800_000)):
        cells = {"came": {"date": "2026-10-25", "time": clock}}
        (row,) = readings(columns(), item(1, cells=cells), zone="Europe/Rome")
        assert row.activity.received_at == at


def test_R18_without_a_date_of_receipt_it_is_when_the_row_was_made() -> None:
    assert facts(activity({}), "received_at", "created_at") == (MADE, MADE)
    assert activity({"came": {"date": "2026-09-28"}}, columns(received=None)).received_at == MADE


def test_the_row_of_the_package_shows_it_and_is_no_work() -> None:
    cells = {"mb_granted": "40.00", "mb_free": "-15", "mb_expiry": {"date": "2027-10-01"}}
    shows, other = readings(
        columns(), item(1, name="Pacchetto", cells=cells), item(2, name="pacchetto")
    )
    made = {"received_at": MADE, "created_at": MADE, "updated_at": MADE}
    assert shows.activity == Activity("1", BOARD, "Pacchetto", **made)  # type: ignore[arg-type]  # the test names fields
    assert (shows.pinned, other.pinned) == (True, False)
    seen = dict(shows.outputs)
    assert (seen["mb_granted"], seen["mb_free"], seen["mb_expiry"]) == ("40", "-15", "2027-10-01")
    assert not readings(columns(ours={}), item(1, name="Pacchetto"))[0].pinned
    nameless = decode_item(msgspec.Raw(b'{"id":"12"}'), layout(columns(ours={}), ZONE), BOARD)
    assert not nameless.pinned


def test_a_row_of_the_name_of_the_package_with_time_on_it_stays_work_and_is_parked() -> None:
    session = {"id": 9, "started_at": NOW - HOUR, "ended_at": NOW, "user": 101}
    (tracked,) = readings(columns(), item(1, name="Pacchetto", sessions={"timer": [session]}))
    number = columns(actual={"id": "actual", "kind": "numbers", "unit": "h"})
    typed, nothing = readings(
        number,
        item(1, name="Pacchetto", cells={"actual": "1"}),
        item(2, name="Pacchetto", cells={"actual": "0"}),
    )
    sentence = (
        "it has the name of the package's own row and time on it: give this row another name,"
        " or record the time on an activity"
    )
    assert [(one.pinned, one.activity.parked) for one in (tracked, typed, nothing)] == [
        (False, sentence),
        (False, sentence),
        (True, ""),
    ]
    assert [one.seconds for one in tracked.activity.sessions] == [3_600]


def test_a_full_read_of_many_columns_costs_as_many_calls_as_pages_and_a_last_look() -> None:
    here = account(*(item(n, cells=FULL) for n in range(2, 1_003)), columns=BOARD_COLUMNS)
    assert sum(map(len, read_board(here.client, BOARD, columns(), ZONE).pages())) == 1_001
    assert here.asked == ["FirstPage", "NextPage", "NextPage", "BoardShape"]


def test_a_cell_changed_by_hand_is_read_as_it_stands() -> None:
    here = account(item(1, cells=FULL), item(2), columns=BOARD_COLUMNS)
    _edit(here.api, hurry=None, type={"ids": [3]}, came=None, replaces=None)
    ((first, _),) = read_board(here.client, BOARD, columns(), ZONE).pages()
    names = ("urgent", "service", "agreement_needed", "received_at", "redo_of", "parked")
    assert facts(first.activity, *names) == (False, "other work", True, MADE, "", "")


def _edit(api: MondayApi, **cells: object) -> None:
    for column_id, value in cells.items():
        api.humans.edit_cell(item="1", column=column_id, value=value)


# What the stand-in cannot send.


def raw(cells: dict[str, dict[str, Any]]) -> msgspec.Raw:
    """Encode a row of empty cells with some of any content."""
    empty: dict[str, dict[str, Any]] = {
        str(one["id"]): EMPTY.get(str(one["type"]), {}) | {"type": one["type"]}
        for one in BOARD_COLUMNS
    }
    values = [{"id": key, **cell} for key, cell in (empty | cells).items()]
    at = "2026-10-01T12:00:00Z"
    frame = {"id": "1", "name": "n", "state": "active", "created_at": at, "updated_at": at}
    return msgspec.Raw(msgspec.json.encode({**frame, "column_values": values}))


EMPTY: dict[str, dict[str, Any]] = {
    "status": {"index": None},
    "numbers": {"text": "", "value": None},
    "date": {"text": "", "date": "", "time": ""},
    "checkbox": {"text": "", "checked": None},
    "dropdown": {"text": None, "values": []},
    "time_tracking": {"history": []},
    "board_relation": {"text": None, "linked_item_ids": []},
}


def decoded(cells: dict[str, dict[str, Any]], mapping: ColumnSet | None = None) -> Reading:
    return decode_item(raw(cells), layout(mapping or columns(), ZONE), BOARD)


def _date(day: str, clock: str, value: object) -> dict[str, Any]:
    return {"type": "date", "text": "t", "date": day, "time": clock, "value": value}


BROKEN = "column came holds 't' over a broken value: choose the date again"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"hurry": {"type": "checkbox", "text": "v"}},
            "column hurry came without its tick: this is looked at again at the next read",
        ),
        (
            {"hurry": {"type": "status", "text": "v", "index": 1}},
            "column hurry is of type status instead of checkbox: map a column of that type",
        ),
        (
            {"hurry": {"type": "checkbox", "checked": "yes"}},
            (
                'column hurry is not what its type allows ({"id":"hurry","type":"checkbox",'
                '"checked":"yes"}): enter it again'
            ),
        ),
        (
            {"replaces": {"type": "board_relation", "text": None}},
            "column replaces came without its links: this is looked at again at the next read",
        ),
        (
            {"type": {"type": "text", "text": "x"}},
            (
                "column type is of type text instead of status or dropdown:"
                " map a column of that type"
            ),
        ),
        (
            {"sender": {"type": "long_text", "text": "x"}},
            (
                "column sender is of type long_text instead of text or email or people:"
                " map a column of that type"
            ),
        ),
        ({"came": _date("2026-10-01", "09:00", None)}, BROKEN),
        ({"came": _date("2026-10-01", "09:00", "{")}, BROKEN),
        ({"came": _date("2026-10-01", "09:00", '{"date":"2026-10-01","time":null}')}, BROKEN),
        ({"came": _date("2026-10-01", "9 am", '{"date":"2026-10-01","time":"09:00:00"}')}, BROKEN),
        (
            {"came": _date("2026-10-01", "09:00", '{"date":"2026-10-03","time":"09:00:00"}')},
            "column came holds 't' over another instant: choose the date again",
        ),
        (
            {"came": _date("1026-10-01", "", None)},
            "column came holds '1026-10-01': correct the date",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_parks_its_row(
    cells: dict[str, dict[str, Any]], sentence: str
) -> None:
    assert decoded(cells).activity.parked == sentence


@pytest.mark.parametrize(
    ("cell", "service"),
    [
        ({"type": "dropdown", "text": "Old", "values": [{"id": "x", "label": "Old"}]}, "Old"),
        ({"type": "dropdown", "text": "Old"}, "Old"),
        ({"type": "dropdown", "text": None, "values": [{"id": 44}]}, "label 44"),
        ({"type": "status", "text": "Old", "index": None}, "Old"),
    ],
)
def test_R05_whatever_a_type_is_called_it_does_not_park(cell: dict[str, Any], service: str) -> None:
    row = decoded({"type": cell}).activity
    assert facts(row, "service", "service_known", "parked") == (service, False, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = ["text", "index", "value", "date", "time", "checked", "values", "email", "label", "url"]
FIELDS += ["url_text", "linked_item_ids"]
GARBAGE = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted({str(one["type"]) for one in MORE})) | JSON},
    optional=dict.fromkeys(FIELDS, JSON),
)
MAPPINGS: Sequence[ColumnSet] = (
    columns(),
    columns(
        urgent={"id": "priority", "labels": {7: "Urgent"}},
        reference={"id": "mail_link"},
        requester={"id": "asked_by"},
        service={"id": "kind", **TYPES},
        redo_of={"id": "mail_id"},
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    column_id=st.sampled_from(sorted(str(one["id"]) for one in MORE)),
    cell=GARBAGE,
    mapping=st.sampled_from(MAPPINGS),
)
def test_no_content_of_a_cell_raises(
    column_id: str, cell: dict[str, Any], mapping: ColumnSet
) -> None:
    found = decoded({column_id: cell}, mapping).activity
    assert found.urgent is False or cell.get("checked") is True or cell.get("index") == 7
    assert found.chargeable or cell.get("checked") is True
    assert found.approval is Approval.NONE
