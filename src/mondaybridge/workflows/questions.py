"""What people do with questions by command: ask, answer, and how it ends (R41b, semantics 6.24).

Each act is one recorded event; the next review does what follows from it.
"""

from mondaybridge.app import App
from mondaybridge.domain.adjusting import worked_by_month
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.questions import (
    Act,
    Question,
    QuestionEvent,
    WrongActError,
    adjustments,
    after,
    fold,
    next_id,
    open_about,
    shared_out,
)
from mondaybridge.domain.worktime import month
from mondaybridge.errors import FindingsError
from mondaybridge.reports.contract import state_of
from mondaybridge.reports.questions import Asked, charged, contract_of, shown
from mondaybridge.store import ledger, mirror, questions
from mondaybridge.store.engine import Tx

TEXT_MAX = 2_000


def ask(
    app: App, activity_id: str, *, period: str, actor: str, text: str, contract_id: str = ""
) -> Asked:
    """Ask about an activity's month, or all its time; while it is answered the thread goes on."""
    _refuse_silence(actor, text)
    contract = _contract_with(app, activity_id, contract_id)
    with app.store.write() as tx:
        ledger.lock(tx, contract.contract_id)
        months = charged(tx, contract, activity_id)
        if period and month(period, contract.zone).name not in months:
            names = ", ".join(sorted(months)) or "none"
            raise FindingsError(
                f"nothing is charged for {activity_id} in {period}; months with time: {names}"
            )
        events = questions.acts(tx, contract.contract_id)
        open_ = open_about(fold(events), activity_id, period)
        key = open_.question_id if open_ else next_id(events, activity_id)
        period = open_.period if open_ else period
        one = QuestionEvent(key, activity_id, Act.ASK, app.clock.now(), actor, text, period)
        _record(tx, contract, one, open_)
    return shown(app, key)


def act(app: App, question_id: str, what: Act, *, actor: str, text: str) -> Asked:
    """Answer, accept or take back a question; FindingsError names what may be done instead."""
    contract = contract_of(app, question_id)
    _refuse_silence(actor, text if what is Act.ANSWER else what.value)
    with app.store.write() as tx:
        ledger.lock(tx, contract.contract_id)
        known = _question(tx, contract, question_id)
        key, about = known.question_id, known.activity_id
        one = QuestionEvent(key, about, what, app.clock.now(), actor, text, known.period)
        _record(tx, contract, one, known)
    return shown(app, question_id)


def adjust(app: App, question_id: str, *, minutes: int | None, actor: str, reason: str) -> Asked:
    """Uphold a question: charge so many minutes from now on, or say how it was put right.

    Without minutes nothing is capped: the time was corrected elsewhere, and the reason says so.
    """
    if minutes is None and not reason:
        raise FindingsError("say with --minutes what is charged, or with --reason what was done")
    contract = contract_of(app, question_id)
    with app.store.write() as tx:
        ledger.lock(tx, contract.contract_id)
        known = _question(tx, contract, question_id)
        adjusted = () if minutes is None else _adjusted(tx, contract, known, minutes)
        one = QuestionEvent(
            known.question_id,
            known.activity_id,
            Act.ADJUST,
            app.clock.now(),
            actor,
            reason,
            known.period,
            adjusted=adjusted,
        )
        _record(tx, contract, one, known)
    return shown(app, question_id)


def _refuse_silence(actor: str, text: str) -> None:
    """Refuse what nobody says, and a question or an answer without words."""
    if not (actor.strip() and text.strip()):
        raise FindingsError("say who it is with --by, and what is asked or answered with --text")


def _record(tx: Tx, contract: Contract, one: QuestionEvent, known: Question | None) -> None:
    """Append an act that follows; the contract is reviewed again."""
    if len(one.text) > TEXT_MAX:
        raise FindingsError(f"a text has at most {TEXT_MAX} characters: this has {len(one.text)}")
    try:
        _ = after(known, one) if known else fold([one])
    except WrongActError as wrong:
        raise FindingsError(str(wrong)) from wrong
    questions.record(tx, contract.contract_id, one)
    mirror.raise_wanted(tx, [contract.contract_id])


def _adjusted(
    tx: Tx, contract: Contract, known: Question, minutes: int
) -> tuple[tuple[str, int, int], ...]:
    """Return what each month in question is charged: never more than what was worked comes to."""
    worked = _worked(tx, contract, known.activity_id)
    months = {p: m for p, m in worked.items() if known.about(p)}
    whole = sum(months.values())
    if not 0 <= minutes <= whole:
        raise FindingsError(
            f"question {known.question_id} is about {whole} minutes: {minutes} cannot be charged; "
            f"give --minutes from 0 to {whole}"
        )
    return shared_out(minutes, months)


def _worked(tx: Tx, contract: Contract, activity_id: str) -> dict[str, int]:
    """Return what an activity's months come to without any adjustment, and at least are posted."""
    state = state_of(tx, contract)
    history, rows = state.history, {row.activity_id: row for row in state.activities}
    caps = adjustments(history.questions)
    found = dict[str, int]()
    if activity_id in rows:
        row, known = rows[activity_id], history.activations.get(activity_id)
        factor = known.factor if known and known.steps else row.factor
        elsewhere = history.elsewhere.get(activity_id, {})
        found = worked_by_month(row, contract, factor=factor, elsewhere=elsewhere)
    for period, minutes in charged(tx, contract, activity_id).items():
        cap = caps.get((activity_id, period))
        given_up = cap.before - cap.minutes if cap and minutes >= cap.minutes else 0
        found[period] = max(found.get(period, 0), minutes + given_up)
    return found


def _question(tx: Tx, contract: Contract, question_id: str) -> Question:
    return next(
        q for q in fold(questions.acts(tx, contract.contract_id)) if q.question_id == question_id
    )


def _contract_with(app: App, activity_id: str, contract_id: str) -> Contract:
    """Return the contract in which an activity has time; a moved one may have it in several."""
    with app.store.read() as tx:
        found = [
            contract
            for contract in app.mapping.contracts
            if contract_id in {"", contract.contract_id} and charged(tx, contract, activity_id)
        ]
    if len(found) > 1:
        names = " or ".join(contract.contract_id for contract in found)
        raise FindingsError(f"activity {activity_id} has time in several: name --contract {names}")
    if not found:
        where = f" in contract {contract_id}" if contract_id else ""
        raise FindingsError(
            f"nothing is charged for activity {activity_id}{where}: give the id of a row whose "
            "time is charged, as `explain` shows it"
        )
    return found[0]
