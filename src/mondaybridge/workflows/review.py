"""Review one contract: load, let the domain decide, write it all in one transaction."""

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.outcome import Review
from mondaybridge.reports.contract import decide
from mondaybridge.reports.ending import note_ends
from mondaybridge.reports.untold import package_boards
from mondaybridge.store import answers, facts, ledger, questions
from mondaybridge.store.engine import Tx
from mondaybridge.workflows import showing


def review_contract(app: App, contract_id: str) -> Review:
    """Bring entries, admissions, facts and what the board says to where its rows say."""
    contract, now = app.mapping.contract(contract_id), app.clock.now()
    with app.store.write() as tx:
        row = ledger.lock(tx, contract_id)
        decided, activities = decide(tx, contract, now)
        ledger.append(tx, row, decided.entries, now=now)
        _record(tx, contract_id, decided, now)
        if package_boards(app, contract.board_ids):  # else ``status`` says it
            facts.tell(tx, contract_id, decided.told, now)
        for board_id, prints in _looks(app, activities, decided).items():
            answers.want_looks(tx, board_id, prints)
        answers.want_people(tx, {s.person_id for a in activities for s in a.sessions} - {""})
        showing.want(tx, app, contract, decided, activities, now)
        ledger.reviewed(tx, contract_id, row.wanted_version, decided.review_at)
    return decided


def _record(tx: Tx, contract_id: str, decided: Review, now: int) -> None:
    """Write down what is known from now on: admissions, the baseline, facts, ends."""
    facts.save_activations(tx, contract_id, decided.activations)
    if decided.baseline:
        facts.freeze(tx, contract_id, decided.baseline)
    facts.save_facts(tx, contract_id, decided.facts, now)
    for one in decided.questions:
        questions.record(tx, contract_id, one)
    if decided.package:
        note_ends(tx, contract_id, decided.at_end, now)


def _looks(app: App, activities: list[Activity], decided: Review) -> dict[str, dict[str, str]]:
    """Return the rows whose answer must be looked up, by board."""
    boards, mapped = {a.activity_id: a.board_id for a in activities}, set(app.mapping.board_ids)
    looks: dict[str, dict[str, str]] = {}
    for key, shown in decided.looks:
        if boards[key] in mapped:
            looks.setdefault(boards[key], {})[key] = shown
    return looks
