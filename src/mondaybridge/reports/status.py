"""Where everything stands: boards, packages, what is parked or refused, and what to do about it."""

from typing import Any

from mondaybridge.app import ACCOUNT, App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.admission import Activation, Admission
from mondaybridge.domain.desk import ENDED
from mondaybridge.domain.ledger import Balance
from mondaybridge.domain.worktime import iso
from mondaybridge.reports.clocks import clocks
from mondaybridge.reports.ending import State, contracts_over, states
from mondaybridge.reports.ending import waiting as at_end
from mondaybridge.reports.opening import dashboards
from mondaybridge.reports.questions import open_questions
from mondaybridge.reports.sold import locked, unusable
from mondaybridge.reports.untold import untold
from mondaybridge.store import facts, inbox, ledger, mirror, outbox, plans, quota, work, writes


def status(app: App) -> dict[str, Any]:
    """Return the state as one JSON object; the tables of ``mondaybridge status`` are made of it."""
    now = app.clock.now()
    with app.store.read() as tx:
        boards = [
            {
                "board": fact.board_id,
                "contract": fact.contract_id,
                "state": fact.state,
                "reason": fact.reason,
                "complete_read": iso(fact.complete_at) if fact.complete_at else "",
            }
            for fact in mirror.board_facts(tx)
        ]
        hinted = inbox.due_boards(tx, now)
        calls = quota.used_today(tx, ACCOUNT, now)
        waiting = [
            {
                "kind": row.kind,
                "key": row.key,
                "attempts": row.attempts,
                "not_before": iso(row.not_before),
                "reason": row.last_error,
            }
            for row in work.waiting(tx)
        ]
        stuck = [
            {"item": cell.item_id, "column": cell.column_id, "value": cell.value}
            for cell in writes.stuck(tx)
        ]
    return {
        "at": iso(now),
        "boards": boards,
        "hinted": hinted,
        "calls_today": calls,
        "waiting": waiting,
        "parked": parked(app),
        "refused": refused(app),
        "clocks": clocks(app),
        "endings": endings(app),
        "unusable": unusable(app),
        "questions": open_questions(app),
        "mails": doubtful_mails(app),
        "unwritten": stuck,
        "untold": untold(app),
        "overcommitted": overcommitted(app),
        "dashboards": dashboards(app),
        "planned": planned(app),
    }


def planned(app: App) -> list[dict[str, Any]]:
    """Return the documents that are planned, or on their way."""
    with app.store.read() as tx:
        return [
            {
                "client": client.client_id,
                "kind": row.document.key.kind,
                "scope": row.document.key.scope,
                "state": row.state,
                "subtotal_minor": row.document.subtotal_minor,
                "currency": row.document.currency,
            }
            for client in app.mapping.clients
            for row in plans.pending(tx, client.client_id)
        ]


def packages(app: App) -> list[dict[str, Any]]:
    """Return each package's balance in minutes, and where it stands (R02).

    What is left on one that has ended or expired is given up: nobody can ask for it, as
    ``package check`` says too (R05, R17).
    """
    now = app.clock.now()
    with app.store.read() as tx:
        rows = ledger.balances(tx)
        known: dict[str, State] = {}
        for contract in app.mapping.contracts:
            known |= states(tx, contract, now)
            rows |= {
                p.package_id: (contract.contract_id, Balance())
                for p in contract.packages
                if p.package_id not in rows and known[p.package_id] is State.UNSOLD
            }
    return [
        {"id": key, "contract": contract_id, **numbers(balance, known.get(key, State.RUNNING))}
        for key, (contract_id, balance) in sorted(rows.items())
    ]


def numbers(balance: Balance, state: State) -> dict[str, int | str]:
    """Return a package's minutes as they may be used in a state, which stands with them."""
    return {
        "granted": balance.granted,
        "posted": balance.posted,
        "reserved": balance.reserved,
        "hard": 0 if state.gone else balance.hard,
        "free": 0 if state.gone or state.locked else balance.free,
        "given_up": balance.hard if state.gone else 0,
        "state": state.value,
    }


def parked(app: App) -> list[dict[str, Any]]:
    """Return what waits for a person, each with its way out (S21)."""
    with app.store.read() as tx:
        items = [
            {
                "kind": "item",
                "key": row.item_id,
                "title": row.name,
                "since": "",
                "reason": row.reason,
                "evidence": f"board {row.board_id}",
                "release": "mend the cell on the board: the next read releases it",
            }
            for row in mirror.parked_items(tx)
        ]
        pieces = [
            {
                "kind": row.kind,
                "key": row.key,
                "title": "",
                "since": iso(row.parked_at),
                "reason": row.parked_reason,
                "evidence": row.evidence,
                "release": f"mondaybridge park release {row.kind} {row.key} --why …",
            }
            for row in work.parked(tx)
        ]
    return [*items, *pieces]


def endings(app: App) -> list[dict[str, Any]]:
    """Return the packages at their end that are not handed over, with what to do (R17)."""
    return [
        {
            "package": one.package_id,
            "contract": one.contract_id,
            "why": one.why or ("copy out of date" if one.revision > 1 else "begun"),
            "to_settle": list(one.obstacles),
            "steps": [name for name, _ in one.steps],
            "run": f"mondaybridge package close {one.package_id} --apply",
        }
        for one in at_end(app)
    ]


def doubtful_mails(app: App) -> list[dict[str, Any]]:
    """Return the mails of which nobody knows whether they arrived: ask there (R24)."""
    with app.store.read() as tx:
        return [
            {
                "recipient": mail.recipient,
                "written": iso(mail.written_at),
                "tries": len(mail.tries),
                "words": mail.words,
                "key": mail.key,
            }
            for mail in outbox.doubtful(tx)
        ]


def overcommitted(app: App) -> list[dict[str, Any]]:
    """Return the packages in which more was agreed at the start than was granted (ledger 7)."""
    with app.store.read() as tx:
        frozen = {c.contract_id: facts.baseline(tx, c.contract_id) for c in app.mapping.contracts}
    return [
        {
            "contract": contract_id,
            "agreed": one.total,
            "granted": one.granted,
            "frozen": iso(one.frozen_at),
        }
        for contract_id, one in sorted(frozen.items())
        if one and one.total > one.granted
    ]


WAITS = {
    Admission.CHECKING,
    Admission.REFUSED,
    Admission.NEEDS_ESTIMATE,
    Admission.NEEDS_PROOF,
    Admission.CONFIRM,
    Admission.STALE,
    Admission.UNVERIFIED,
}


def refused(app: App) -> list[dict[str, Any]]:
    """Return activities that may not start as they are, with the number that is missing (R16).

    Whose answer is being looked up is among them, and nothing of a contract that has ended.

    Those that go on with less than was approved since are among them (R10, R15). Where hours are
    missing and bought ones may not be used yet, ``waits_for`` says why (6.30).
    """
    found, now = [], app.clock.now()
    with app.store.read() as tx:
        over = contracts_over(tx, app.mapping.contracts)
        for contract in (c for c in app.mapping.contracts if c.contract_id not in over):
            rows = {row.activity_id: row for row in mirror.activities(tx, contract.contract_id)}
            why = "; ".join(one.waits_for for one in locked(tx, contract, now))
            for key, one in sorted(facts.activations(tx, contract.contract_id).items()):
                row = rows.get(key)
                verdict = _verdict(row, one)
                if verdict:
                    found.append(_waiting(key, row, one, verdict, why))
    return found


def _verdict(row: Activity | None, one: Activation) -> str:
    """Say what a row waits for; nothing: it has what it asks for, or asks nothing."""
    if one.state in WAITS:
        return one.state.value
    short = _short_of_more(row, one) if row else ""
    return short or ("blocked" if one.blocked else "")


def _short_of_more(row: Activity, one: Activation) -> str:
    """Say why an activated row was not given what it asks for by now; else nothing."""
    seen = one.assessment
    if not (seen and one.active and row.movable and row.chargeable) or row.status in ENDED:
        return ""
    if seen.estimate_seconds != row.estimate_seconds or (seen.factor > 1 and not row.urgent):
        return ""  # it was about something that is not asked any more
    asked, has = (seen.estimate_seconds, seen.factor), (one.estimate_seconds, one.factor)
    if one.reserving and asked == has:
        return ""
    if seen.missing or seen.beyond_limit:
        return "blocked" if one.blocked else Admission.REFUSED.value
    return Admission.CONFIRM.value if seen.shortfall else ""


def _waiting(
    key: str, row: Activity | None, one: Activation, verdict: str, locked_for: str
) -> dict[str, Any]:
    seen = one.assessment
    missing = seen.missing if seen else 0
    return {
        "activity": key,
        "title": row.name if row else "",
        "approval": row.approval.value if row else "",
        "origin": one.origin.value,
        "verdict": verdict,
        "need": one.need,
        "hard": one.hard,
        "free": seen.free if seen else 0,
        "shortfall": seen.shortfall if seen else 0,
        "missing": missing,
        "waits_for": locked_for if missing else "",
    }
