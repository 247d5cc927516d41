"""Whether every package that runs has a board that its client can see, as far as it was looked.

Nothing is asked of monday here: what the last look found is told (R21, R22).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract
from mondaybridge.reports.ending import contracts_over
from mondaybridge.store import ceremony, mirror
from mondaybridge.store.engine import Tx

SEEN = "seen"  # the step that holds the last look


class Sight(Enum):
    """Whether somebody can see a board."""

    SEES = "on the board"
    INVITED = "invited, has not come in yet"
    ABSENT = "not on the board"


class Weight(Enum):
    """How bad it is: a package without its board is an error, an unseen one a warning."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the start of a package, and what to do about it."""

    weight: Weight
    contract_id: str
    board_id: str
    text: str
    fix: str


def troubles(app: App) -> list[Trouble]:
    """Return what is wrong with the boards of packages that run now."""
    now = app.clock.now()
    begun = [one for one in app.mapping.contracts if _runs(one, now)]
    with app.store.read() as tx:
        over = contracts_over(tx, begun)
        running = [one for one in begun if one.contract_id not in over]
        return [found for contract in running for found in _troubles(tx, app, contract)]


def dashboards(app: App) -> list[dict[str, Any]]:
    """Return the same as plain values, errors first, as ``status`` shows them."""
    found = sorted(troubles(app), key=lambda one: one.weight is not Weight.ERROR)
    return [
        {
            "weight": one.weight.value,
            "contract": one.contract_id,
            "board": one.board_id,
            "text": one.text,
            "fix": one.fix,
        }
        for one in found
    ]


def board_subject(board_id: str) -> str:
    """Return under which subject a board's own steps stand."""
    return f"board:{board_id}"


def seen(tx: Tx, board_id: str) -> dict[str, Sight]:
    """Return who of the client's people could see a board when it was looked at last."""
    step = ceremony.steps(tx, board_subject(board_id)).get(SEEN)
    return {email: Sight(word) for email, word in step.evidence.items()} if step else {}


def _runs(contract: Contract, now: int) -> bool:
    ended = contract.until is not None and contract.until <= now
    begun = any(package.sold_at <= now for package in contract.packages)
    return contract.prepaid and begun and not ended  # hours in bulk need nobody's approval


def _troubles(tx: Tx, app: App, contract: Contract) -> Iterator[Trouble]:
    key = contract.contract_id
    fix = f"mondaybridge package open {key}"
    if not contract.board_ids:
        yield Trouble(Weight.ERROR, key, "", "the package runs and has no board", fix)
    states = {one.board_id: one for one in mirror.board_facts(tx)}
    for board_id in contract.board_ids:
        fact = states.get(board_id)
        if fact and fact.state != "live":
            text = f"the package runs and its board cannot be reached: {fact.reason}"
            reached = "restore the board, or map another one"
            yield Trouble(Weight.ERROR, key, board_id, text, reached)
        elif contract.users:
            yield from _unseen(tx, contract, board_id, fix)
    if not contract.users:
        listed = f"clients.{contract.client_id}.users"
        yield Trouble(
            Weight.WARNING,
            key,
            "",
            f"{listed} is empty: nobody is known to approve",
            f"list the client's people in {app.mapping.name}",
        )


def _unseen(tx: Tx, contract: Contract, board_id: str, fix: str) -> Iterator[Trouble]:
    known = seen(tx, board_id)
    if not known:
        text = "nobody looked whether the client sees the board"
        yield Trouble(Weight.WARNING, contract.contract_id, board_id, text, fix)
        return
    for email in contract.users:
        sight = known.get(email, Sight.ABSENT)
        if sight is Sight.SEES:
            continue
        text, way_out = f"{email} cannot see the board", fix
        if sight is Sight.INVITED:
            text = f"{text} yet: the invitation is open"
            way_out = f"ask for it to be accepted; {fix} looks again"
        yield Trouble(Weight.WARNING, contract.contract_id, board_id, text, way_out)
