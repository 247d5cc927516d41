"""A column set against a board as it is: every difference at once, with the nearest way out."""

from dataclasses import replace
from pathlib import Path

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.live import LiveColumn, check_board, label_warnings
from mondaybridge.mapping.load import load

MAPPING = load(Path(__file__).with_name("example.yaml"))
AGENCY: ColumnSet = MAPPING.columns("1234567890")
TYPED: ColumnSet = MAPPING.columns("1234567891")

STATUS = LiveColumn(
    "status",
    "Stato",
    "status",
    labels={
        6: "Da fare",
        0: "In lavorazione",
        3: "In attesa del cliente",
        1: "Fatto",
        2: "Annullata",
    },
)
APPROVAL = LiveColumn(
    "approval", "Approvazione", "status", labels={1: "Approvato", 2: "Non approvato"}
)
BOARD = [
    LiveColumn("name", "Name", "name"),
    STATUS,
    APPROVAL,
    LiveColumn("estimate", "Stima", "numbers"),
    LiveColumn("time_tracking", "Tempo", "time_tracking"),
    LiveColumn("person", "Persona", "people"),
    LiveColumn("due", "Scadenza", "date"),
    LiveColumn("what_was_done", "Cosa", "long_text"),
    LiveColumn("mb_charged", "Addebitato", "numbers"),
    LiveColumn("mb_billing", "Fatturazione", "text"),
]


def changed(column_id: str, **changes: object) -> list[LiveColumn]:
    return [replace(c, **changes) if c.id == column_id else c for c in BOARD]  # type: ignore[arg-type]  # the test names fields


def test_a_board_that_fits_has_no_problems() -> None:
    assert check_board(AGENCY, BOARD) == []
    assert label_warnings(AGENCY, BOARD) == []


def test_a_recreated_column_is_suggested_by_title_and_type() -> None:
    board = changed("estimate", id="numeric_mkq1", title="Estimate (h)")
    (problem,) = check_board(AGENCY, board, place="m.yaml: columns.agency")
    assert problem == (
        "m.yaml: columns.agency.estimate.id: the board has no column 'estimate'; "
        "did you mean 'numeric_mkq1' (Estimate (h))?"
    )


def test_everything_wrong_is_said_at_once() -> None:
    board = [
        replace(STATUS, labels={0: "Working on it", 1: "Fatto", 7: "ANNULLATA"}),
        replace(APPROVAL, archived=True),
        LiveColumn("estimate", "Stima", "text"),
        LiveColumn("mb_charged", "Addebitato", "formula"),
        LiveColumn("mb_billing", "Fatturazione", "text"),
    ]
    place = MAPPING.place("1234567890")
    assert place.endswith("example.yaml: columns.agency")
    known = "; it has 0 'Working on it', 1 'Fatto', 7 'ANNULLATA'"
    problems = [
        f"status.new[6]: column 'status' (Stato) has no label 6{known}",
        f"status.waiting[3]: column 'status' (Stato) has no label 3{known}",
        "status.cancelled[2]: column 'status' (Stato) has no label 2; did you mean 7?",
        "approval.id: column 'approval' (Approvazione) is archived: restore it or map another",
        "estimate.id: column 'estimate' (Stima) is of type text: needs numbers",
        "actual.id: the board has no column 'time_tracking', nor another of type time_tracking",
        "person.id: the board has no column 'person', nor another of type people",
        "due.id: the board has no column 'due', nor another of type date",
        "note.id: the board has no column 'what_was_done', nor another of type text or long_text",
        "ours.charged.id: column 'mb_charged' (Addebitato) is of type formula: needs numbers",
    ]
    assert check_board(AGENCY, board, place=place) == [f"{place}.{text}" for text in problems]


def test_a_renamed_label_is_a_warning_because_ids_decide() -> None:
    board = [replace(STATUS, labels={**STATUS.labels, 1: "Finito"}), *BOARD[2:]]
    assert check_board(AGENCY, board) == []
    assert label_warnings(AGENCY, board) == [
        "mappings.yaml: columns.status.done[1]: the board calls it 'Finito', not 'Fatto'"
    ]


def test_a_numbers_column_with_its_work_date() -> None:
    labels = {0: "Working on it", 1: "Done"}
    board = [
        LiveColumn("status", "Status", "status", labels=labels),
        LiveColumn("estimate", "Estimate", "numbers"),
        LiveColumn("actual", "Actual", "numbers"),
        LiveColumn("worked_on", "Worked on", "text"),
        LiveColumn("mb_charged", "Charged", "numbers"),
        LiveColumn("mb_billing", "Billing", "long_text"),
    ]
    dates, texts = "column 'worked_on' (Worked on)", "column 'mb_billing' (Billing)"
    assert check_board(TYPED, board) == [
        f"mappings.yaml: columns.actual.work_date.id: {dates} is of type text: needs date",
        f"mappings.yaml: columns.ours.billing.id: {texts} is of type long_text: needs text",
    ]
