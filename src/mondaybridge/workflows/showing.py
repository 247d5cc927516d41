"""Want on the board what a review decided: cells, comments and the row of the package.

Runs inside the review's transaction and sends nothing. Only mapped columns are wanted; of people's
cells only those that a policy of the contract opens (S22).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.guards import bare
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import PackageCells, Review, Wanted
from mondaybridge.domain.worktime import local_date
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.reports.untold import package_boards
from mondaybridge.store import board_face, notices, off_columns, writes
from mondaybridge.store.engine import Tx
from mondaybridge.workflows import telling
from mondaybridge.workflows.addresses import document_links
from mondaybridge.workflows.telling import Reader

NAME = writes.NAME
NAME_MAX = 255  # of an item's name (monday.md §3)
SUFFIX = " (extra)"

_LOOKED_UP = (Rule.CHECKING, Rule.UNVERIFIED)
_UNANSWERED = (Rule.APPROVAL, Rule.CONFIRM, Rule.RESIDUAL, Rule.LIMIT)

Texts = dict[tuple[str, str], str]
"""What cells should show, by item and column."""


def want(
    tx: Tx, app: App, contract: Contract, decided: Review, rows: Sequence[Activity], now: int
) -> None:
    """Want everything that people should see of one review of a contract."""
    by_id = {row.activity_id: row for row in rows}
    reader = reader_of(app, contract, {key: row.name for key, row in by_id.items()})
    subjects = {cell.document for cell in decided.cells}
    documents = document_links(tx, app.settings, contract.client_id, subjects)
    boards = [b for b in app.mapping.board_ids if b in contract.board_ids]
    kept = _kept(tx, decided.notices, by_id)
    stopped = _stopped(tx, decided.notices) if contract.policies.reverts_forbidden_start else []
    asked = _asked(tx, decided.notices)
    said = [*asked, *stopped, *decided.notices, *kept.values(), *decided.alerts]
    told = _comments(app, boards, said, by_id)
    unreadable = {one.activity_id for one in decided.notices if one.rule is Rule.PARKED}
    for board_id in boards:
        columns, here = app.mapping.columns(board_id), _here(decided.cells, by_id, board_id)
        own: Texts = {}
        theirs: Texts = {}
        for cell in here:
            row, link = by_id[cell.activity_id], documents.get(cell.document, "")
            cell = _explained(cell, kept.get(cell.activity_id))  # noqa: PLW2901 - the same cell
            own |= {(row.activity_id, c): v for c, v in own_texts(columns, cell, reader, link)}
            opened = people_texts(contract, columns, row, cell)
            theirs |= {(row.activity_id, c): v for c, v in opened}
        own |= _package_texts(tx, board_id, columns, decided.package, contract.zone)
        off = off_columns.of(tx, board_id)
        own = {place: value for place, value in own.items() if place[1] not in off}
        writes.want(tx, board_id, own, now=now)
        writes.want_once(tx, board_id, theirs, {cell.activity_id for cell in here})
        notices.want(tx, board_id, told.get(board_id, {}), now, kept=unreadable)


def reader_of(app: App, contract: Contract, names: Mapping[str, str]) -> Reader:
    """Return for whom the texts of a contract are written."""
    client = app.mapping.client(contract.client_id)
    return Reader(client.locale, contract.zone, names)


def own_texts(columns: ColumnSet, cell: Wanted, reader: Reader, link: str) -> list[tuple[str, str]]:
    """Return what the bridge's own cells of a row should show, by column."""
    ours = columns.ours
    message = telling.remark(cell.message, reader) if cell.message else ""
    texts = [
        (ours.billing, telling.billing_text(cell.billing, cell.period, reader)),
        (ours.message, message),
        (ours.origin, telling.origin_text(cell.origin, reader)),
        (ours.clock, telling.clock_text(cell.clock, reader)),
    ]
    found = [(column.id, shown) for column, shown in texts if column]
    if ours.charged:
        found.append((ours.charged.id, ours.charged.text(cell.charged_minutes)))
    if ours.document and (link or not cell.document):
        found.append((ours.document.id, link))
    return found


def people_texts(
    contract: Contract, columns: ColumnSet, row: Activity, cell: Wanted
) -> list[tuple[str, str]]:
    """Return which cells of people should be written once, each only where a policy opens it."""
    policies, approval, found = contract.policies, columns.approval, []
    if cell.extra and policies.labels_extra and row.name != extra_name(row.name):
        found.append((NAME, extra_name(row.name)))
    if approval and cell.answer is Approval.AUTO and approval.auto:
        found.append((approval.id, str(next(iter(approval.auto)))))
    if approval and cell.answer is Approval.NONE and policies.clears_stale_approval:
        found.append((approval.id, ""))
    stops = columns.status.waiting or columns.status.new
    if cell.stopped and policies.reverts_forbidden_start and stops:
        found.append((columns.status.id, str(min(stops))))
    return found


def allowed_columns(contract: Contract, columns: ColumnSet, own: Iterable[str]) -> frozenset[str]:
    """Return all that may ever be written on a board: our columns, and what policies open (S22)."""
    policies, found = contract.policies, set(own)
    if policies.labels_extra:
        found.add(NAME)
    if columns.approval and (columns.approval.auto or policies.clears_stale_approval):
        found.add(columns.approval.id)
    if policies.reverts_forbidden_start:
        found.add(columns.status.id)
    return frozenset(found)


def extra_name(name: str) -> str:
    """Return a name with the suffix exactly once; one that was typed by hand will do (R13)."""
    if bare(name) != name.strip():
        return name
    return name.strip()[: NAME_MAX - len(SUFFIX)].rstrip() + SUFFIX


def _here(cells: Iterable[Wanted], rows: Mapping[str, Activity], board_id: str) -> list[Wanted]:
    return [c for c in cells if c.activity_id in rows and rows[c.activity_id].board_id == board_id]


def _kept(tx: Tx, told: Iterable[Notice], rows: Mapping[str, Activity]) -> dict[str, Notice]:
    """Return what stays true after an answer was cleared for it: the client must read why (R19).

    With the answer gone the row waits for one, or for hours; that it was answered for less stands
    until there is another, with the estimate of today.
    """
    waiting = {
        key: -(-(rows[key].estimate_seconds or 0) // 60)
        for key in {n.activity_id for n in told if n.rule in _UNANSWERED}
        if key in rows and rows[key].approval is Approval.NONE
    }
    kept = {}
    for one in notices.standing(tx, Rule.STALE, waiting) if waiting else ():
        args = dict(one.args) | {"estimate": waiting[one.activity_id]}
        if int(args["covered"]) < int(args["estimate"]):
            kept[one.activity_id] = replace(one, args=tuple(args.items()))
    return kept


def _asked(tx: Tx, told: Iterable[Notice]) -> list[Notice]:
    """Return what was asked of the client and stays asked while somebody's answer is looked up.

    A confirmation counts only for numbers that stood there (R15b): they must not go before it is
    known who answered.
    """
    rules = {rule: {n.activity_id for n in told if n.rule is rule} for rule in _LOOKED_UP}
    checking, others = rules[Rule.CHECKING], rules[Rule.UNVERIFIED]
    found = notices.standing(tx, Rule.CONFIRM, checking | others)
    for rule in (Rule.STALE, Rule.UNVERIFIED):
        found += notices.standing(tx, rule, checking)
    return found


def _stopped(tx: Tx, told: Iterable[Notice]) -> list[Notice]:
    """Return the forbidden starts that were taken back and whose reason still holds."""
    reasons = {(one.activity_id, one.rule.value) for one in told}
    started = notices.standing(tx, Rule.START, {key for key, _ in reasons})
    return [n for n in started if (n.activity_id, dict(n.args)["why"]) in reasons]


def _explained(cell: Wanted, kept: Notice | None) -> Wanted:
    """Let the row's own cell say the same as the comment that was kept."""
    said = cell.message
    why = dict(said.args).get("why", said.rule.value) if said else ""
    return replace(cell, message=kept) if kept and why == Rule.APPROVAL.value else cell


def _comments(
    app: App, boards: Sequence[str], told: Iterable[Notice], rows: Mapping[str, Activity]
) -> dict[str, dict[tuple[str, str], Notice]]:
    """Return the comments by board; the package is spoken of on one of its boards only.

    A forbidden start is not told beside the comment that says what it waits for.
    """
    told = list(told)
    explained = {(one.activity_id, one.rule.value) for one in told if telling.comments(one)}
    explained |= {(key, Rule.APPROVAL.value) for key, rule in explained if rule == Rule.STALE.value}
    pinned = package_boards(app, boards)
    found: dict[str, dict[tuple[str, str], Notice]] = {}
    for one in told:
        why = one.activity_id, str(dict(one.args).get("why", ""))
        if not telling.comments(one) or (one.rule is Rule.START and why in explained):
            continue
        if one.activity_id in rows:
            board_id, place = rows[one.activity_id].board_id, one.activity_id
        elif telling.RULES[one.rule].package and pinned:
            board_id, place = pinned[0], notices.package_place(pinned[0])
        else:
            continue
        found.setdefault(board_id, {})[place, telling.key_of(one)] = one
    return found


def _package_texts(
    tx: Tx, board_id: str, columns: ColumnSet, package: PackageCells | None, zone: str
) -> Texts:
    """Return what the row of the package should show; the same on each board of the contract."""
    row = columns.ours.package
    if row is None or package is None:
        return {}
    item_id = board_face.package_item(tx, board_id)
    if not item_id:
        return {}
    numbers = [
        (row.granted, package.granted),
        (row.used, package.used),
        (row.reserved, package.reserved),
        (row.free, package.free),
    ]
    texts = {(item_id, column.id): column.text(minutes) for column, minutes in numbers if column}
    if row.expiry:
        last = package.expires_at and local_date(package.expires_at - 1, zone).isoformat()
        texts[item_id, row.expiry.id] = last or ""
    return texts
