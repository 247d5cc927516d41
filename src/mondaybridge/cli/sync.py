"""``sync``: read boards now, review what moved, write our cells back."""

from typing import TYPE_CHECKING, Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say, show

if TYPE_CHECKING:
    from mondaybridge.app import App

COLUMNS = ("board", "read", "changed", "gone", "written")


def sync(
    board: Annotated[str, typer.Option(help="Only this board, by its id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read the mapped boards in full, review their contracts and write our cells back."""
    from mondaybridge.store import ledger
    from mondaybridge.workflows.read import read_whole
    from mondaybridge.workflows.review import review_contract
    from mondaybridge.workflows.write_back import write_back

    with opened() as app:
        boards = [board] if board else list(app.mapping.board_ids)
        reports = {}
        for board_id in boards:
            app.mapping.contract_of(board_id)
            reports[board_id] = read_whole(app, board_id)
            say(f"read board {board_id}")
            for warning in reports[board_id].warnings:
                say(warning)
        with app.store.read() as tx:
            due = ledger.due_reviews(tx, app.clock.now())
        for contract_id in due:
            review_contract(app, contract_id)
        _ask_who_answered(app)
        written = {board_id: write_back(app, board_id) for board_id in boards}
    rows = [
        {
            "board": board_id,
            "read": report.read,
            "changed": report.changed,
            "gone": report.gone,
            "written": written[board_id],
        }
        for board_id, report in reports.items()
    ]
    show({"boards": rows}, as_json=as_json, table=("Boards", COLUMNS, rows))


def _ask_who_answered(app: "App") -> None:
    """Look up the approvals that a review waits for, and review again what they tell."""
    from mondaybridge.store import answers, ledger
    from mondaybridge.workflows.answers import look_up
    from mondaybridge.workflows.review import review_contract

    with app.store.read() as tx:
        boards = [b for b in answers.due_looks(tx, app.clock.now()) if b in app.mapping.board_ids]
    for board_id in boards:
        look_up(app, board_id)
        say(f"asked who answered on board {board_id}")
    with app.store.read() as tx:
        due = ledger.due_reviews(tx, app.clock.now())
    for contract_id in due:
        review_contract(app, contract_id)
