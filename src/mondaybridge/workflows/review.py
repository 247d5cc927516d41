"""Review one contract: load, let the domain decide, write it all in one transaction."""

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.outcome import Review
from mondaybridge.mapping.models import ColumnSet
from mondaybridge.reports.contract import decide
from mondaybridge.store import facts, ledger, writes


def review_contract(app: App, contract_id: str) -> Review:
    """Bring entries, admissions and wanted cells of a contract to where its rows say."""
    contract, now = app.mapping.contract(contract_id), app.clock.now()
    with app.store.write() as tx:
        row = ledger.lock(tx, contract_id)
        decided, activities = decide(tx, contract, now)
        ledger.append(tx, row, decided.entries, now=now)
        facts.save_activations(tx, contract_id, decided.activations)
        for board_id, cells in _wanted(app, activities, decided).items():
            writes.want(tx, board_id, cells, now=now)
        ledger.reviewed(tx, contract_id, row.wanted_version, _next_moment(contract, now))
    return decided


def _wanted(
    app: App, activities: list[Activity], decided: Review
) -> dict[str, dict[tuple[str, str], str]]:
    """Turn what cells should say into column ids and texts, by board.

    Rows of a board that the mapping names no more keep their hours and are not written to.
    """
    boards = {row.activity_id: row.board_id for row in activities}
    mapped = frozenset(app.mapping.board_ids)
    wanted: dict[str, dict[tuple[str, str], str]] = {}
    for cell in decided.cells:
        board_id = boards[cell.activity_id]
        if board_id not in mapped:
            continue
        columns = app.mapping.columns(board_id)
        for column_id, text in _texts(columns, cell.charged_minutes, cell.billing):
            wanted.setdefault(board_id, {})[cell.activity_id, column_id] = text
    return wanted


def _texts(columns: ColumnSet, charged: int, billing_state: str) -> list[tuple[str, str]]:
    texts = []
    if columns.ours.charged:
        texts.append((columns.ours.charged.id, columns.ours.charged.text(charged)))
    if columns.ours.billing:
        texts.append((columns.ours.billing.id, billing_state))
    return texts


def _next_moment(contract: Contract, now: int) -> int | None:
    """Return when time alone changes something: the next sale or expiry of a package."""
    moments = [p.sold_at for p in contract.packages]
    moments += [p.expires_at for p in contract.packages if p.expires_at is not None]
    return min((moment for moment in moments if moment > now), default=None)
