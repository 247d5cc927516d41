"""A contract's board copied from its template, once, and waited for until it is whole (R21).

The copy is an effect, committed before it is sent, and is made under a name that only this opening
gives: after an unknown answer it is looked for by that name, and made again only when reads cannot
lag any more. Once it is whole it gets the name that people read.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.errors import ConfigurationError, TryLater, UpstreamError
from mondaybridge.mapping.live import LiveColumn, check_board
from mondaybridge.mapping.models import Template
from mondaybridge.monday import board_life
from mondaybridge.monday.boards import BoardGone, read_board
from mondaybridge.monday.errors import RateLimited
from mondaybridge.monday.people import members
from mondaybridge.store import board_face, ceremony, mirror
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Tx
from mondaybridge.workflows import once
from mondaybridge.workflows.once import DONE, KEY_MS, LAG_MS, LIMITED, REFUSED, Write

OP = "duplicate_board"
GUEST = "guest"
PLANNED, COPIED, ARRIVED = "planned", "copied", "arrived"
WAITS_S = (1, 2, 3, 5, 8, 12)  # half a minute, then somebody asks again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is copied, as it was when the opening began: a template may change meanwhile."""

    template: str
    title: str
    draft: str
    columns: str
    column_ids: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A board that is there whole, and the set of columns that it has."""

    board_id: str
    title: str
    columns: str
    address: str
    new: bool


def copy_board(
    app: App, contract: Contract, template: Template, *, keep: Callable[[], None]
) -> Copy:
    """Bring the contract's copy about and return it; ``keep`` is called before each outside step.

    TryLater: it is under way, the same again goes on from there.
    """
    with app.store.read() as tx:
        subject = subject_of(tx, contract)
        steps = ceremony.steps(tx, subject)
    planned = _stored(steps[PLANNED].evidence) if PLANNED in steps else None
    if planned is None:
        keep()
        planned = _plan(app, contract, template, subject)
    if COPIED in steps:
        board_id = str(steps[COPIED].evidence["board"])
    else:
        keep()
        board_id = _copied(app, subject, planned)
    if ARRIVED not in steps:
        _await(app, board_id, planned, keep)
        keep()
        _arrived(app, subject, contract, board_id, planned)
    with app.store.read() as tx:
        address = board_face.face(tx, board_id).address
    return Copy(board_id, planned.title, planned.columns, address, ARRIVED not in steps)


def subject_of(tx: Tx, contract: Contract) -> str:
    """Return whose steps these are: a copy that was mapped once and is no more begins a new one."""
    key = contract.contract_id
    known = {one.board_id for one in mirror.boards_of(tx, key)}
    number = 1
    while _is_past(ceremony.steps(tx, f"open:{key}:{number}"), known - set(contract.board_ids)):
        number += 1
    return f"open:{key}:{number}"


def current_package(contract: Contract, now: int) -> Package:
    """Return the package that is begun: the last one sold by now, else the first."""
    sold = [one for one in contract.packages if one.sold_at <= now]
    return max(sold, key=lambda one: one.sold_at) if sold else contract.packages[0]


def _is_past(steps: Mapping[str, ceremony.Step], unmapped: set[str]) -> bool:
    return COPIED in steps and steps[COPIED].evidence["board"] in unmapped


def _stored(evidence: Mapping[str, Any]) -> Plan:
    return Plan(**{**evidence, "column_ids": tuple(evidence["column_ids"])})


def _plan(app: App, contract: Contract, template: Template, subject: str) -> Plan:
    """Look at the template and write down what the copy has to become."""
    columns, live, rows = _template(app, contract, template)
    client = app.mapping.client(contract.client_id)
    package = current_package(contract, app.clock.now()).package_id
    title = template.title(client=client.name, contract=contract.contract_id, package=package)
    mark = hashlib.sha256(f"{subject} {template.board_id}".encode()).hexdigest()[:8]
    ids = tuple(one.id for one in live if not one.archived)
    planned = Plan(template.board_id, title, f"{title} [MB-{mark}]", columns, ids, rows)
    with app.store.write() as tx:
        ceremony.done(tx, subject, PLANNED, at=app.clock.now(), evidence=asdict(planned))
    return planned


def _template(
    app: App, contract: Contract, template: Template
) -> tuple[str, tuple[LiveColumn, ...], int]:
    """Return the set of columns that the template has, its columns, and how many rows."""
    sets = app.mapping.document.columns
    read = read_board(app.monday, template.board_id, next(iter(sets.values())), contract.zone)
    if isinstance(read.shape, BoardGone):
        raise ConfigurationError(
            f"{app.mapping.name}: contract {contract.contract_id}: the template board "
            f"{template.board_id}: {read.shape.reason}"
        )
    for _ in read.pages():
        pass
    live = read.shape.columns
    return fitting_set(app, template.board_id, live), live, len(read.seen)


def fitting_set(app: App, board_id: str, live: tuple[LiveColumn, ...]) -> str:
    """Return the first set of columns that a board has; ConfigurationError names the nearest."""
    name = app.mapping.name
    found = {
        key: check_board(columns, live, place=f"{name}: columns.{key}")
        for key, columns in app.mapping.document.columns.items()
    }
    nearest = min(found, key=lambda key: len(found[key]))
    if found[nearest]:
        raise ConfigurationError(
            f"board {board_id} has the columns of no set; the nearest is {nearest!r}:",
            *found[nearest],
        )
    return nearest


def _copied(app: App, subject: str, planned: Plan) -> str:
    """Find the copy, or make it; write down which board it is."""
    write = Write(subject, OP, planned.template, planned.draft.encode())
    board_id = board_life.find_board(app.monday, planned.draft)
    if board_id is None:
        board_id = _send(app, _effect(app, write), planned)
    now = app.clock.now()
    with app.store.write() as tx:
        if sent := once.unanswered(tx, write):
            once.answer(tx, sent, DONE, board_id, now=now)
        ceremony.done(tx, subject, COPIED, at=now, evidence={"board": board_id})
    return board_id


def _effect(app: App, write: Write) -> EffectRow:
    """Return the request to send, once reads would show what an earlier one made."""
    now = app.clock.now()
    with app.store.write() as tx:
        if lost := once.unanswered(tx, write):
            _wait_for_reads(write.path, lost.first_sent_at, now - lost.first_sent_at)
        return once.again(tx, write, now=now)


def _wait_for_reads(template: str, sent_at: int, age: int) -> None:
    """Raise TryLater while monday may hide a copy made by the first sending, or by the last."""
    for begin in (0, KEY_MS):
        if begin <= age < begin + LAG_MS:
            raise TryLater(
                f"monday did not say whether it copied board {template}, and may not show "
                "the copy yet: run the same command again",
                sent_at + begin + LAG_MS,
            )


def _send(app: App, effect: EffectRow, planned: Plan) -> str:
    """Ask for the copy; a no is written down, so that the next try is a new one."""
    try:
        return board_life.duplicate(
            app.monday, planned.template, effect.body.decode(), effect.idem_key
        )
    except (RateLimited, UpstreamError) as no:
        status = LIMITED if isinstance(no, RateLimited) else REFUSED
        with app.store.write() as tx:
            once.answer(tx, effect, status, now=app.clock.now())
        raise


def _await(app: App, board_id: str, planned: Plan, keep: Callable[[], None]) -> None:
    """Wait a little for columns, groups and rows of the copy."""
    for wait in (*WAITS_S, 0):
        keep()
        if board_life.ready(app.monday, board_id, planned.column_ids, planned.rows):
            return
        if wait:
            log.info("board.filling", board_id=board_id, template=planned.template)
            app.clock.sleep(wait)
    raise TryLater(
        f"monday is still filling board {board_id}, the copy of {planned.template} "
        f"({len(planned.column_ids)} columns, {planned.rows} rows): run the same command again in "
        "a minute; if the board was deleted, restore it from monday's trash"
    )


def _arrived(app: App, subject: str, contract: Contract, board_id: str, planned: Plan) -> None:
    """Compare the copy with the mapping, let the team in, name it, remember where it opens."""
    sets = app.mapping.document.columns
    columns = sets.get(planned.columns) or next(iter(sets.values()))
    shape = read_board(app.monday, board_id, columns, contract.zone, page_size=1).shape
    if isinstance(shape, BoardGone):
        raise TryLater(f"board {board_id}: {shape.reason}")
    fitting_set(app, board_id, shape.columns)
    board_life.subscribe(app.monday, board_id, _team(app, planned.template))
    if shape.name != planned.title:
        board_life.rename(app.monday, board_id, planned.title)
    address = board_life.address_of(app.monday, board_id)
    with app.store.write() as tx:
        board_face.set_address(tx, board_id, address)
        ceremony.done(tx, subject, ARRIVED, at=app.clock.now(), evidence={"address": address})


def _team(app: App, template: str) -> list[str]:
    """Return who works on the template: a shareable board is seen by its members alone."""
    return [one.user_id for one in members(app.monday, template) if one.kind != GUEST]
