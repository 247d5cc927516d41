"""Look up who answered an estimate: the rows of a board that ask for it, in one call of its log.

Nothing is called when nothing is due. The log lags behind the board by seconds and has gaps: a row
whose answer it does not show yet is looked at again, three times in all (monday.md §4). Then it is
unknown who answered; the log is asked ever more rarely, as long as the row waits for it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.approval import Change, Field
from mondaybridge.domain.guards import GUEST
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday import durations
from mondaybridge.monday.answers_log import ITEMS_MAX, CellChange, Log, read_changes
from mondaybridge.monday.people import people
from mondaybridge.store import answers, mirror
from mondaybridge.store.answers import LOOKS_MAX, Look, PersonRow

LOOK_AGAIN_MS = 45_000
OVERLAP_MS = 600_000  # by which a log may have been late when it was read last

Canonical = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class LookReport:
    """What one look did: rows asked about, told of, to be asked about again, and in vain."""

    board_id: str
    asked: int = 0
    told: int = 0
    again: int = 0
    gone: int = 0


def look_up(app: App, board_id: str) -> LookReport:
    """Ask the log about the rows that are due, and its people's names where they are new."""
    contract = app.mapping.contract_of(board_id).contract_id
    with app.store.read() as tx:
        looks = answers.pending(tx, board_id, app.clock.now(), ITEMS_MAX)
        known = answers.changes(tx, [look.item_id for look in looks])
        rows = {row.activity_id: row for row in mirror.activities(tx, contract)} if looks else {}
    over = [look for look in looks if look.in_vain and not _waits(rows.get(look.item_id))]
    if over:
        with app.store.write() as tx:
            answers.put_off(tx, over, app.clock.now())
    looks = [look for look in looks if look not in over]
    if not looks:
        return LookReport(board_id)
    fields = _fields(app.mapping.columns(board_id))
    since = min(_since(look, rows.get(look.item_id), known.get(look.item_id, [])) for look in looks)
    columns = {column_id: field for column_id, (field, _) in fields.items()}
    log = read_changes(app.monday, board_id, [look.item_id for look in looks], columns, since)
    look_up_people(app, {one.user_id for one in log.changes})
    return _conclude(app, contract, looks, rows, log, dict(fields.values()))


def look_up_people(app: App, user_ids: Collection[str] = ()) -> None:
    """Keep who the actors are, and those whose time waits to be known; each is asked for once.

    Nothing is called for people who are known. A contract on whose boards strangers tracked time is
    reviewed again, and one on which somebody did who has a price by address.
    """
    with app.store.read() as tx:
        new = answers.unknown(tx, user_ids) | answers.wanted_people(tx)
    if not new:
        return
    named = {one.user_id: one for one in people(app.monday, new)}
    rows = [
        PersonRow(user_id, named[user_id].email, named[user_id].name, named[user_id].kind)
        if user_id in named
        else PersonRow(user_id)
        for user_id in sorted(new)
    ]
    with app.store.write() as tx:
        answers.save_people(tx, rows, app.clock.now())
        mirror.raise_wanted(tx, answers.contracts_of(tx, _told_apart(app, rows)))


def _told_apart(app: App, found: Iterable[PersonRow]) -> list[str]:
    """Return those whose time is taken another way: not the agency's, or with a price (6.27)."""
    users = {user.casefold() for contract in app.mapping.contracts for user in contract.users}
    users |= {one.name for contract in app.mapping.contracts for one in contract.person_rates}
    return [one.user_id for one in found if one.kind == GUEST or one.email in users]


def _waits(row: Activity | None) -> bool:
    """Whether a row that was looked for in vain still waits for its answer."""
    return bool(row and row.movable and row.approval is Approval.APPROVED)


def _since(look: Look, row: Activity | None, known: Sequence[Change]) -> int:
    """Return from when the log may tell of a row something that is not kept yet."""
    if known and look.seen_print and not look.in_vain:
        return known[-1].at - OVERLAP_MS
    return row.created_at - OVERLAP_MS if row and row.created_at else 0


def _fields(columns: ColumnSet) -> dict[str, tuple[Field, Canonical]]:
    """Return the columns to look at, and how their contents become canonical."""
    unit = columns.estimate.unit
    fields: dict[str, tuple[Field, Canonical]] = {
        columns.estimate.id: (Field.ESTIMATE, lambda text: _seconds(text, unit))
    }
    if columns.approval:
        labels = {
            **dict.fromkeys(map(str, columns.approval.approved), Approval.APPROVED.value),
            **dict.fromkeys(map(str, columns.approval.rejected), Approval.REJECTED.value),
            **dict.fromkeys(map(str, columns.approval.auto), Approval.AUTO.value),
        }
        fields[columns.approval.id] = (Field.APPROVAL, lambda text: labels.get(text, ""))
    if columns.urgent:
        urgent = set(map(str, columns.urgent.labels or (1,)))
        fields[columns.urgent.id] = (Field.URGENT, lambda text: str(int(text in urgent)))
        if evidence := columns.urgent.evidence or columns.reference:
            fields[evidence.id] = (Field.EVIDENCE, lambda text: str(int(bool(text))))
    return fields


def _seconds(text: str, unit: durations.Unit) -> str:
    found = durations.seconds(text, unit, machine=unit != "h:mm")
    return "" if found is None else str(found)


def _conclude(
    app: App,
    contract: str,
    looks: Sequence[Look],
    rows: Mapping[str, Activity],
    log: Log,
    canonical: Mapping[Field, Canonical],
) -> LookReport:
    """Keep what was told, and end the looks that it answers; a review is wanted for those.

    A look that was in vain once more tells a review nothing new.
    """
    now = app.clock.now()
    with app.store.write() as tx:
        answers.save_changes(tx, [(one.item_id, _change(one, canonical)) for one in log.changes])
        told = answers.changes(tx, [look.item_id for look in looks])
        ends = {
            look: _end(look, rows.get(look.item_id), told.get(look.item_id, ()), log, canonical)
            for look in looks
        }
        again = [look for look, end in ends.items() if end is _End.AGAIN]
        gone = {look.item_id for look, end in ends.items() if end is _End.GONE}
        ended = [look for look, end in ends.items() if end is not _End.AGAIN]
        answers.later(tx, again, now + LOOK_AGAIN_MS)
        answers.finish(tx, ended, now, gone)
        if any(not (look.in_vain and look.item_id in gone) for look in ended):
            mirror.raise_wanted(tx, [contract])
    return LookReport(looks[0].board_id, len(looks), len(ended) - len(gone), len(again), len(gone))


def _change(one: CellChange, canonical: Mapping[Field, Canonical]) -> Change:
    read = canonical[one.field]
    return Change(one.at, one.log_id, one.field, read(one.value), read(one.previous), one.user_id)


class _End(Enum):
    """What became of a look."""

    TOLD = "told"
    AGAIN = "again"
    GONE = "gone"


def _end(
    look: Look,
    row: Activity | None,
    told: Sequence[Change],
    log: Log,
    mapped: Collection[Field],
) -> _End:
    """Compare what the log told with what the row shows."""
    if log.gone or row is None:
        return _End.GONE
    shows = {field: _shows(row, field, told) for field in mapped}
    tries = look.looks + 1
    if all(shows.values()) or (tries > 1 and False not in shows.values()):
        return _End.TOLD
    if tries < LOOKS_MAX:
        return _End.AGAIN
    return _End.TOLD if shows.get(Field.APPROVAL) else _End.GONE


def _shows(row: Activity, field: Field, told: Sequence[Change]) -> bool | None:
    """Say whether the log ends with what a row shows; None where it never spoke of the cell.

    A row may be made with an estimate, or with urgency, that no log ever tells; an answer may not.
    Evidence counts where there is something to prove.
    """
    if field is Field.EVIDENCE and not row.urgent:
        return True
    value = {
        Field.APPROVAL: "" if row.approval is Approval.NONE else row.approval.value,
        Field.ESTIMATE: "" if row.estimate_seconds is None else str(row.estimate_seconds),
        Field.URGENT: str(int(row.urgent)),
        Field.EVIDENCE: str(int(bool(row.evidence))),
    }[field]
    last = next((one.value for one in reversed(told) if one.field is field), None)
    if last is not None:
        return last == value
    if value in {"", "0"}:
        return True
    return False if field is Field.APPROVAL else None
