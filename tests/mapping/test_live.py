"""A column set against a board as it is: every difference at once, with the nearest way out."""

from dataclasses import replace
from pathlib import Path

from mondaybridge.mapping.columns import ColumnSet, UrgentColumn
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


MORE = {
    "approval": {
        "id": "approval",
        "approved": {1: "Approvato"},
        "auto": {4: "Automatica"},
        "reference": {"id": "yes_mail"},
    },
    "urgent": {"id": "priority", "labels": {7: "Urgente"}, "evidence": {"id": "word"}},
    "reference": {"id": "mail"},
    "requester": {"id": "sender"},
    "service": {
        "id": "kind",
        "types": {1: "Formazione"},
        "other": {9: "Altro"},
        "agreed_with": {"id": "agreed"},
    },
    "redo_of": {"id": "replaces"},
    "due_kind": {"id": "firmness", "rigid": {0: "Rigida"}, "flexible": {1: "Flessibile"}},
    "no_charge": {"id": "gratis"},
    "received": {"id": "came"},
    "bug": {"id": "nature", "labels": {2: "Guasto"}, "documentation": {"id": "report"}},
    "question": {"id": "asked", "questioned": {1: "Chiesto"}, "answered": {2: "Risposto"}},
    "hourly": {"id": "own_rate"},
    "ours": {
        "message": {"id": "mb_message"},
        "origin": {"id": "mb_origin"},
        "clock": {"id": "mb_clock"},
        "document": {"id": "mb_document"},
        "package": {
            "item": "Pacchetto",
            "granted": {"id": "mb_granted"},
            "used": {"id": "mb_used"},
            "reserved": {"id": "mb_reserved"},
            "free": {"id": "mb_free"},
            "expiry": {"id": "mb_expiry"},
        },
    },
}
TYPED_MORE = ColumnSet.model_validate(
    {
        "status": {"id": "status", "working": {0: "In lavorazione"}, "done": {1: "Fatto"}},
        "estimate": {"id": "estimate", "unit": "h"},
        "actual": {"id": "time_tracking", "kind": "time_tracking"},
        **MORE,
    }
)
MORE_BOARD = [
    *(column for column in BOARD if column.id != "approval"),
    replace(APPROVAL, labels={1: "Approvato", 4: "Automatica"}),
    LiveColumn("yes_mail", "Sì", "email"),
    LiveColumn("priority", "Priorità", "status", labels={7: "Urgente", 8: "Bassa"}),
    LiveColumn("word", "Parole", "long_text"),
    LiveColumn("mail", "Mail", "link"),
    LiveColumn("sender", "Mittente", "email"),
    LiveColumn("kind", "Tipo", "dropdown", labels={1: "Formazione", 9: "Altro"}),
    LiveColumn("agreed", "Con", "people"),
    LiveColumn("replaces", "Rifà", "board_relation"),
    LiveColumn("firmness", "Vincolo", "status", labels={0: "Rigida", 1: "Flessibile"}),
    LiveColumn("gratis", "Gratis", "checkbox"),
    LiveColumn("came", "Arrivata", "date"),
    LiveColumn("nature", "Natura", "status", labels={1: "Lavoro", 2: "Guasto"}),
    LiveColumn("report", "Relazione", "file"),
    LiveColumn("asked", "Domanda", "status", labels={1: "Chiesto", 2: "Risposto"}),
    LiveColumn("own_rate", "Tariffa", "numbers"),
    LiveColumn("mb_message", "Messaggio", "long_text"),
    LiveColumn("mb_origin", "Origine", "text"),
    LiveColumn("mb_clock", "Orologio", "text"),
    LiveColumn("mb_document", "Documento", "link"),
    LiveColumn("mb_granted", "Comprate", "numbers"),
    LiveColumn("mb_used", "Usate", "numbers"),
    LiveColumn("mb_reserved", "Impegnate", "numbers"),
    LiveColumn("mb_free", "Libere", "numbers"),
    LiveColumn("mb_expiry", "Scade", "date"),
]


def test_a_board_that_fits_a_package_has_no_problems() -> None:
    assert check_board(TYPED_MORE, MORE_BOARD) == []
    assert label_warnings(TYPED_MORE, MORE_BOARD) == []


WANTED = {
    "approval.reference": ("yes_mail", "text or link or email"),
    "reference": ("mail", "text or long_text or link or email"),
    "requester": ("sender", "text or email or people"),
    "redo_of": ("replaces", "board_relation or text or link"),
    "no_charge": ("gratis", "checkbox"),
    "received": ("came", "date"),
    "urgent": ("priority", "status"),
    "urgent.evidence": ("word", "text or long_text or link or email"),
    "service": ("kind", "status or dropdown"),
    "service.agreed_with": ("agreed", "text or people"),
    "due_kind": ("firmness", "status"),
    "bug": ("nature", "status"),
    "bug.documentation": ("report", "text or long_text or link or file"),
    "question": ("asked", "status"),
    "hourly": ("own_rate", "numbers"),
    "ours.message": ("mb_message", "text or long_text"),
    "ours.origin": ("mb_origin", "text"),
    "ours.clock": ("mb_clock", "text"),
    "ours.document": ("mb_document", "link"),
    "ours.package.granted": ("mb_granted", "numbers"),
    "ours.package.used": ("mb_used", "numbers"),
    "ours.package.reserved": ("mb_reserved", "numbers"),
    "ours.package.free": ("mb_free", "numbers"),
    "ours.package.expiry": ("mb_expiry", "date"),
}


def test_every_column_has_its_types_and_its_place() -> None:
    used = {column_id for column_id, _ in WANTED.values()}
    board = [replace(c, type="tags") if c.id in used else c for c in MORE_BOARD]
    titles = {column.id: column.title for column in MORE_BOARD}
    found = [
        problem.removeprefix("mappings.yaml: columns.")
        for problem in check_board(TYPED_MORE, board)
    ]
    assert sorted(found) == sorted(
        f"{place}.id: column {column_id!r} ({titles[column_id]}) is of type tags: needs {types}"
        for place, (column_id, types) in WANTED.items()
    )


def test_every_column_may_be_archived_or_gone_and_has_a_way_out() -> None:
    used = {column_id for column_id, _ in WANTED.values()}
    archived = [replace(c, archived=True) if c.id in used else c for c in MORE_BOARD]
    found = check_board(TYPED_MORE, archived)
    assert len(found) == len(WANTED)
    assert all(problem.endswith("is archived: restore it or map another") for problem in found)
    renamed = [replace(c, id=f"{c.id}_2") if c.id == "mb_expiry" else c for c in MORE_BOARD]
    (problem,) = check_board(TYPED_MORE, renamed)
    assert problem == (
        "mappings.yaml: columns.ours.package.expiry.id: the board has no column 'mb_expiry'; did"
        " you mean 'mb_expiry_2' (Scade)?"
    )


def test_every_label_is_looked_for() -> None:
    labels = {"approval": {1: "Approvato"}, "priority": {8: "urgente"}, "kind": {}, "firmness": {}}
    board = [replace(c, labels=labels.get(c.id, c.labels)) for c in MORE_BOARD]
    approval, *others = check_board(TYPED_MORE, board)
    assert approval == (
        "mappings.yaml: columns.approval.auto[4]: column 'approval' (Approvazione) has no label 4;"
        " it has 1 'Approvato'"
    )
    assert others == [
        f"mappings.yaml: columns.{text}"
        for text in (
            "urgent.labels[7]: column 'priority' (Priorità) has no label 7; did you mean 8?",
            "service.types[1]: column 'kind' (Tipo) has no label 1; it has none",
            "service.other[9]: column 'kind' (Tipo) has no label 9; it has none",
            "due_kind.rigid[0]: column 'firmness' (Vincolo) has no label 0; it has none",
            "due_kind.flexible[1]: column 'firmness' (Vincolo) has no label 1; it has none",
        )
    ]


def test_a_label_that_the_bridge_sets_can_still_be_chosen() -> None:
    off = frozenset({1, 4})
    board = [replace(c, off=off) if c.id == "approval" else c for c in MORE_BOARD]
    assert check_board(TYPED_MORE, board) == []
    (warning,) = label_warnings(TYPED_MORE, board)
    assert warning == (
        "mappings.yaml: columns.approval.auto[4]: it is deactivated in column 'approval'"
        " (Approvazione): restore it or map another"
    )


def test_urgency_without_labels_needs_a_checkbox() -> None:
    columns = TYPED_MORE.model_copy(update={"urgent": UrgentColumn(id="priority")})
    (problem,) = check_board(columns, MORE_BOARD)
    assert problem == (
        "mappings.yaml: columns.urgent.id: column 'priority' (Priorità) is of type status:"
        " needs checkbox"
    )
