"""The end of a package: a fresh look, the last postings, the Excel copy, its delivery, the board.

Every step is written down when it is done and harmless when repeated, so that a ceremony that was
stopped anywhere goes on from there: one file, one delivery, one closing (R17, ledger 5.3).
"""

from mondaybridge.app import App
from mondaybridge.domain.contract import BoardEnd, Contract, Package
from mondaybridge.errors import FindingsError, TryLater
from mondaybridge.export.handover import Handover
from mondaybridge.i18n import text
from mondaybridge.monday import board_life
from mondaybridge.monday.boards import BoardGone, read_board
from mondaybridge.reports import copy
from mondaybridge.reports.ending import (
    COPY,
    END,
    HANDOVER,
    Checklist,
    checklist,
    closed_boards,
    find,
    revision_of,
    subject_of,
)
from mondaybridge.store import board_face, ceremony, facts, lease, ledger, mirror, workbooks
from mondaybridge.store.lease import Lease
from mondaybridge.store.workbooks import WorkbookRow
from mondaybridge.workflows import package_row
from mondaybridge.workflows.delivery import Parcel
from mondaybridge.workflows.leases import of_contract
from mondaybridge.workflows.read import read_whole
from mondaybridge.workflows.review import review_contract
from mondaybridge.workflows.write_back import write_back


def hand_over(app: App, package_id: str, *, early: bool = False) -> Checklist:
    """Bring a package to its end, or go on where an earlier try stopped.

    A package that is not at its end is handed over only where a person says so (``early``).

    Raises:
        FindingsError: when something must be settled first; each with its remedy.
        TryLater: when the outside cannot be reached now; what is done stays done.
    """
    contract, package = find(app, package_id)
    with of_contract(app, contract) as held:
        with app.store.read() as tx:
            revision = revision_of(tx, contract, package_id)
            made = workbooks.find(tx, package_id, revision)
        shown = checklist(app, package_id, revision)
        if shown.done:
            return shown
        if made is None:
            made = _make(app, contract, package, revision, held, early=early)
        _deliver(app, Parcel(app, contract, made, held))
        if shown.last and revision == 1:
            _close_boards(app, contract, package_id, held)
        _note(app, subject_of(package_id, revision), END, {})
    return checklist(app, package_id, revision)


def _make(
    app: App, contract: Contract, package: Package, revision: int, held: Lease, *, early: bool
) -> WorkbookRow:
    """Look afresh, settle what must be settled, then write the copy down with its event."""
    if revision == 1:
        for board_id in contract.board_ids:
            _look(app, board_id)
    review_contract(app, contract.contract_id)
    shown = checklist(app, package.package_id, revision)
    _refuse(shown, _unreachable(app, contract))
    if not (shown.why or early or revision > 1):
        raise FindingsError(
            f"package {package.package_id} is not at its end: with --early it ends all the same, "
            "with the hours that are left"
        )
    with app.store.read() as tx:
        before = workbooks.latest(tx, package.package_id)
        past = copy.load(tx, app.mapping.client(contract.client_id), contract)
    replaces, now = before.made_at if before else None, app.clock.now()
    values = copy.handover(past, package, made_at=now, revision=revision, replaces=replaces)
    row = _written(values)
    with app.store.write() as tx:
        lease.confirm(tx, held)
        if ledger.lock(tx, contract.contract_id).head_hash != values.head_hash:
            raise TryLater("the ledger moved while the copy was written: it is made again")
        workbooks.put(tx, row)
        facts.add_event(
            tx,
            contract.contract_id,
            HANDOVER,
            package_id=package.package_id,
            args={
                "revision": revision,
                "sha256": row.sha256,
                "granted": values.hours.hard + values.hours.posted,
                "used": values.hours.posted,
                "left": values.hours.hard,
                "head": values.head_hash,
            },
            cause=shown.why or "asked",
            at=now,
        )
        subject = subject_of(package.package_id, revision)
        ceremony.done(tx, subject, COPY, at=now, evidence={"sha256": row.sha256})
        mirror.raise_wanted(tx, [contract.contract_id])
    return row


def _refuse(shown: Checklist, more: tuple[str, ...] = ()) -> None:
    """Refuse while something must be settled first; each with its remedy."""
    if shown.obstacles or more:
        first = f"package {shown.package_id} cannot be handed over yet:"
        raise FindingsError("\n".join([first, *shown.obstacles, *more]))


def _unreachable(app: App, contract: Contract) -> tuple[str, ...]:
    """Return why nobody would get the copy, if that is so: it ends on a board or in a mail."""
    rows = [board for board in contract.board_ids if app.mapping.columns(board).ours.package]
    if rows or app.mapping.users(contract.client_id):
        return ()
    nobody = f"nobody would be given the copy: name users of client {contract.client_id}"
    return (f"{nobody}, or map a row of the package (ours.package)",)


def _look(app: App, board_id: str) -> None:
    """Read a board whole, with the package's row on it; know where people open it (R21)."""
    if not read_whole(app, board_id).there:
        raise TryLater(f"board {board_id} cannot be seen: restore it first")
    if app.mapping.columns(board_id).ours.package and not _package_row(app, board_id):
        package_row.make(app, board_id)
    with app.store.read() as tx:
        known = board_face.face(tx, board_id).address
    if not known:
        address = board_life.address_of(app.monday, board_id)
        with app.store.write() as tx:
            board_face.set_address(tx, board_id, address)


def _written(values: Handover) -> WorkbookRow:
    """Write the workbook and read it back: it must say what was written, to the minute."""
    from mondaybridge.export.verification import read_back  # noqa: PLC0415 - heavy
    from mondaybridge.export.workbook import workbook  # noqa: PLC0415 - heavy

    content = workbook(values)
    found = read_back(content)
    if found.problems:
        raise AssertionError(f"the copy does not say what was written: {found.problems[0]}")
    return WorkbookRow(values.package_id, values.revision, found.sha256, content, values.made_at)


def _deliver(app: App, parcel: Parcel) -> None:
    """Deliver to every board and every person, each once."""
    contract = parcel.contract
    with app.store.read() as tx:
        done = ceremony.steps(tx, parcel.subject)
        there = [b for b in contract.board_ids if b not in closed_boards(tx, [contract])]
        items = {board: board_face.package_item(tx, board) for board in there}
    for board_id, item_id in items.items():
        step, mapped = f"board:{board_id}", app.mapping.columns(board_id).ours.package
        if step in done or not mapped:
            continue
        if not item_id:
            raise TryLater(f"board {board_id} lacks the package's row: the next read makes it")
        _delivered(app, parcel, step, parcel.on_board(item_id))
    for user in app.mapping.users(contract.client_id):
        step = f"mail:{user}"
        if step not in done:
            _delivered(app, parcel, step, parcel.by_mail(user))


def _delivered(app: App, parcel: Parcel, step: str, evidence: dict[str, str]) -> None:
    """Write a delivery down, as a step and as a fact of the contract (ledger 2)."""
    now, made = app.clock.now(), parcel.made
    with app.store.write() as tx:
        if ceremony.done(tx, parcel.subject, step, at=now, evidence=evidence):
            facts.add_event(
                tx,
                parcel.contract.contract_id,
                "delivery",
                package_id=made.package_id,
                args={"to": step, "sha256": made.sha256, **evidence},
                at=now,
            )


def _package_row(app: App, board_id: str) -> str:
    with app.store.read() as tx:
        return board_face.package_item(tx, board_id)


def _close_boards(app: App, contract: Contract, package_id: str, held: Lease) -> None:
    """Close every board of the contract: its last package is handed over (R17a).

    What came between the copy and the closing is looked for once more: a closed board is not read.
    """
    subject = subject_of(package_id, 1)
    with app.store.read() as tx:
        done = ceremony.steps(tx, subject)
    open_boards = [b for b in contract.board_ids if f"closed:{b}" not in done]
    for board_id in open_boards:
        read_whole(app, board_id)
    review_contract(app, contract.contract_id)
    _refuse(checklist(app, package_id, 1))
    for board_id in open_boards:
        how = _close(app, contract, board_id, held)
        _note(app, subject, f"closed:{board_id}", {"how": how})


def _close(app: App, contract: Contract, board_id: str, held: Lease) -> str:
    """Bring our cells to rest, then archive the board or let people only look at it."""
    shape = read_board(app.monday, board_id, app.mapping.columns(board_id), contract.zone).shape
    if isinstance(shape, BoardGone):
        return "it was closed already"
    review_contract(app, contract.contract_id)
    write_back(app, board_id, urgent=True)
    lease.renew(app.store, held)
    if contract.policies.board_end is BoardEnd.ARCHIVE:
        board_life.archive(app.monday, board_id)
    else:
        locale = app.mapping.client(contract.client_id).locale
        suffix = text("board.closed", locale, name="")
        if not shape.name.endswith(suffix):
            board_life.rename(app.monday, board_id, f"{shape.name}{suffix}")
        board_life.lock(app.monday, board_id)
    return contract.policies.board_end.value


def _note(app: App, subject: str, step: str, evidence: dict[str, str]) -> None:
    with app.store.write() as tx:
        ceremony.done(tx, subject, step, at=app.clock.now(), evidence=evidence)
