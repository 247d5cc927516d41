"""Everything about one package contract on one page: hours, board, people, start, work, clocks.

What a review would decide now is computed and not written; monday is not asked.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.admission import Origin
from mondaybridge.domain.clocks import Clock
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import Balance
from mondaybridge.domain.outcome import Review
from mondaybridge.domain.worktime import iso, local_date
from mondaybridge.reports.contract import decide
from mondaybridge.reports.ending import states
from mondaybridge.reports.opening import Sight, seen
from mondaybridge.reports.status import numbers
from mondaybridge.store import board_face, facts, ledger, mirror
from mondaybridge.store.engine import Tx

ONBOARDING = "onboarding"


def package(app: App, contract: Contract) -> dict[str, Any]:
    """Return one contract's packages with all that is around them, as one JSON object."""
    now = app.clock.now()
    client = app.mapping.client(contract.client_id)
    with app.store.read() as tx:
        review, rows = decide(tx, contract, now)
        names = {row.activity_id: row.name for row in rows}
        return {
            "at": iso(now),
            "contract": contract.contract_id,
            "client": client.client_id,
            "client_name": client.name,
            "packages": _packages(tx, contract, now),
            "boards": _boards(tx, contract),
            "people": _people(tx, contract),
            "baseline": _baseline(tx, contract),
            "activities": _activities(tx, contract),
            "clocks": _clocks(review, names),
            "held_minutes": sum(one.minutes for one in review.held),
        }


def _packages(tx: Tx, contract: Contract, now: int) -> list[dict[str, Any]]:
    at = states(tx, contract, now)
    known = {key: one for key, (_, one) in ledger.balances(tx, contract.contract_id).items()}
    found = []
    for one in contract.packages:
        balance = known.get(one.package_id)
        hours = numbers(balance or Balance(), at[one.package_id])
        found.append(
            {
                "id": one.package_id,
                "used": hours.pop("posted"),
                **hours,
                "sold_on": _day(contract, one.sold_at),
                "expires_on": _last_day(contract, one),
                "begun": balance is not None,
            }
        )
    return found


def _boards(tx: Tx, contract: Contract) -> list[dict[str, Any]]:
    states = {one.board_id: one for one in mirror.board_facts(tx)}
    found = []
    for board_id in contract.board_ids:
        fact = states.get(board_id)
        found.append(
            {
                "id": board_id,
                "address": board_face.face(tx, board_id).address,
                "state": fact.state if fact else "unknown",
                "reason": fact.reason if fact else "",
                "read": iso(fact.complete_at) if fact and fact.complete_at else "",
            }
        )
    return found


def _people(tx: Tx, contract: Contract) -> list[dict[str, Any]]:
    """Return the client's people: whether they see the boards, and what was sent to them."""
    looks = {board: seen(tx, board) for board in contract.board_ids}
    sent = facts.events(tx, contract.contract_id, ONBOARDING)
    found = []
    for email in contract.users:
        sights = {
            board: known.get(email, Sight.ABSENT).value for board, known in looks.items() if known
        }
        mails = [
            {
                "board": row.args["board"],
                "at": iso(row.at),
                "state": row.args["state"],
                "words": row.args["words"],
                "file": row.args["file"],
            }
            for row in sent
            if row.args["guest"] == email
        ]
        found.append({"email": email, "boards": sights, "onboarding": mails})
    return found


def _baseline(tx: Tx, contract: Contract) -> dict[str, Any] | None:
    agreed = facts.baseline(tx, contract.contract_id)
    if agreed is None:
        return None
    return {
        "frozen_on": _day(contract, agreed.frozen_at),
        "activities": len(agreed.agreed),
        "minutes": agreed.total,
        "granted": agreed.granted,
    }


def _activities(tx: Tx, contract: Contract) -> list[dict[str, Any]]:
    """Return how many activities there are of each origin, and how many may take hours."""
    known = facts.activations(tx, contract.contract_id).values()
    every = Counter(one.origin for one in known)
    active = Counter(one.origin for one in known if one.active)
    blocked = Counter(one.origin for one in known if one.blocked)
    return [
        {
            "origin": origin.value,
            "count": every[origin],
            "active": active[origin],
            "may_not_start": blocked[origin],
        }
        for origin in Origin
    ]


def _clocks(review: Review, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the requests that nobody took up yet, the most pressing first (R18)."""
    running: Iterable[tuple[str, Clock]] = (
        (cell.activity_id, cell.clock) for cell in review.cells if cell.clock is not None
    )
    waiting = [(key, one) for key, one in running if not one.stopped]
    waiting.sort(key=lambda pair: (pair[1].due_at is None, pair[1].due_at or 0, pair[0]))
    return [
        {
            "activity": key,
            "title": names.get(key, ""),
            "state": one.state.value,
            "received": iso(one.received_at),
            "due": iso(one.due_at) if one.due_at else "",
        }
        for key, one in waiting
    ]


def _day(contract: Contract, instant: int) -> str:
    return local_date(instant, contract.zone).isoformat()


def _last_day(contract: Contract, one: Package) -> str:
    """Return the last day of a package's hours; they end with it."""
    return "" if one.expires_at is None else _day(contract, one.expires_at - 1)
