"""What a package's Excel copy says, gathered from ledger, rows and recorded answers (R17c).

Nothing is counted anew: hours are sums of entries, and the workbook refuses what does not add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import Activation, Admission
from mondaybridge.domain.answers import APPROVED
from mondaybridge.domain.approval import Standing
from mondaybridge.domain.contract import Client, Contract, Package
from mondaybridge.domain.ledger import POSTING, RESERVING, ChainedEntry, EntryKind
from mondaybridge.domain.questions import fold
from mondaybridge.domain.work import pieces
from mondaybridge.export.handover import (
    Answer,
    DoneRow,
    Handover,
    Hours,
    LedgerValues,
    Undone,
    UndoneRow,
)
from mondaybridge.store import board_face, facts, ledger, mirror, questions
from mondaybridge.store.engine import Tx
from mondaybridge.store.facts import EventRow


@dataclass(frozen=True, slots=True)
class Past:
    """One contract's entries and rows, loaded once; ``names`` are of rows that went, too.

    ``words`` are the last approvals that were recorded: they stand when a label is gone.
    ``questions`` tells since when an activity is in question.
    """

    client: Client
    contract: Contract
    entries: Sequence[ChainedEntry]
    rows: Mapping[str, Activity]
    activations: Mapping[str, Activation]
    names: Mapping[str, str]
    taken: Mapping[str, int]
    words: Mapping[str, EventRow]
    addresses: Mapping[str, str]
    questions: Mapping[str, int]


def load(tx: Tx, client: Client, contract: Contract) -> Past:
    """Load what the copy of any package of a contract is made of."""
    key = contract.contract_id
    entries = ledger.entries(tx, key)
    rows = {row.activity_id: row for row in mirror.activities(tx, key)}
    posted = {e.entry.activity_id for e in entries if e.entry.activity_id}
    return Past(
        client,
        contract,
        entries,
        rows,
        facts.activations(tx, key),
        mirror.names(tx, posted | set(rows)),
        facts.taken(tx, key),
        {row.activity_id: row for row in facts.events(tx, key, APPROVED)},
        {board: board_face.face(tx, board).address for board in contract.board_ids},
        {q.activity_id: q.began_at for q in fold(questions.acts(tx, key)) if q.open},
    )


def handover(
    past: Past, package: Package, *, made_at: int, revision: int, replaces: int | None
) -> Handover:
    """Return the finished values of a package's copy."""
    own = _entries(past.entries, package.package_id)
    charged = _minutes(own)
    everywhere = _minutes(past.entries)
    done, undone = list[DoneRow](), list[UndoneRow]()
    for key in sorted({*past.rows, *charged}):
        here, all_told = charged.get(key, 0), everywhere.get(key, 0)
        row = past.rows.get(key) or Activity(
            key, "", past.names.get(key, key), presence=Presence.DELETED, status=Status.DONE
        )
        known = past.activations.get(key) or Activation(key, Admission.UNAPPROVED)
        if here or (row.status is Status.DONE and not all_told and known.steps):
            done.append(_done(past, row, known, own, here, all_told - here))
        elif not all_told and row.presence is not Presence.DELETED:
            undone.append(_undone(past, row, known))
    contract = past.contract
    return Handover(
        client=past.client.name,
        contract_id=contract.contract_id,
        contract=contract.contract_id,
        package_id=package.package_id,
        package=package.package_id,
        locale=past.client.locale,
        zone=contract.zone,
        currency=package.price.currency,
        hours=hours_of(own),
        starts_at=package.sold_at,
        ends_at=made_at,
        made_at=made_at,
        head_hash=past.entries[-1].hash if past.entries else "",
        board_url=next((url for url in past.addresses.values() if url), ""),
        price_minor=package.price.unit_minor,
        revision=revision,
        replaces_made_at=replaces,
        rows=tuple(done),
        undone=tuple(undone),
    )


def values_at(
    entries: Sequence[ChainedEntry], contract_id: str, package_id: str, *, head: str, revision: int
) -> LedgerValues | None:
    """Return what the ledger said of a package when its head had this hash; None: never."""
    for place, entry in enumerate(entries):
        if entry.hash == head:
            own = _entries(entries[: place + 1], package_id)
            keys = {e.entry.activity_id for e in own if e.entry.kind in POSTING}
            return LedgerValues(
                contract_id=contract_id,
                package_id=package_id,
                revision=revision,
                head_hash=head,
                hours=hours_of(own),
                charged=_minutes(own),
                entries={key: _ids(own, contract_id, key) for key in keys if key},
            )
    return None


def hours_of(entries: Iterable[ChainedEntry]) -> Hours:
    """Sum a package's entries by what they are."""
    sums = dict.fromkeys(EntryKind, 0)
    opening = reserved = posted = 0
    for one in entries:
        entry = one.entry
        sums[entry.kind] += entry.minutes
        posted += entry.minutes if entry.kind in POSTING else 0
        reserved += entry.minutes if entry.kind in RESERVING else 0
        opening += entry.minutes if entry.kind in POSTING and not entry.activity_id else 0
    return Hours(
        granted=sums[EntryKind.GRANT],
        posted=posted,
        credited=sums[EntryKind.CREDIT],
        refunded=-sums[EntryKind.REFUND],
        expired=-sums[EntryKind.EXPIRE],
        reserved=reserved,
        opening=opening,
    )


def _entries(entries: Iterable[ChainedEntry], package_id: str) -> list[ChainedEntry]:
    return [one for one in entries if one.entry.package_id == package_id]


def _minutes(entries: Iterable[ChainedEntry]) -> dict[str, int]:
    """Return the minutes posted for each activity."""
    minutes: dict[str, int] = {}
    for one in entries:
        key = one.entry.activity_id
        if one.entry.kind in POSTING and key:
            minutes[key] = minutes.get(key, 0) + one.entry.minutes
    return minutes


def _ids(
    entries: Iterable[ChainedEntry], contract_id: str, key: str
) -> tuple[tuple[str, int], ...]:
    posts = (e for e in entries if e.entry.activity_id == key and e.entry.kind in POSTING)
    return tuple((contract_id, e.seq) for e in posts)


def _done(
    past: Past,
    row: Activity,
    known: Activation,
    own: Sequence[ChainedEntry],
    charged: int,
    elsewhere: int,
) -> DoneRow:
    key, worked = row.activity_id, pieces(row, past.contract)
    original = past.names.get(row.redo_of, row.redo_of)
    return DoneRow(
        activity_id=key,
        title=row.name,
        status=row.status,
        person=row.person,
        consent=_consent(row, known, past.words.get(key)),
        estimate_minutes=_raw(known.estimate_seconds or row.estimate_seconds),
        actual_seconds=sum(session.seconds for session in row.sessions),
        due=_day(row.due),
        rigid=row.rigid,
        origin=known.origin,
        urgent=row.urgent,
        evidence=row.evidence,
        factor=known.factor,
        charged=charged,
        charged_elsewhere=elsewhere,
        taken_at=past.taken.get(key),
        worked_from=worked[0].at if worked else None,
        worked_to=worked[-1].at if worked else None,
        redo_of=original,
        question_at=past.questions.get(key),
        note=row.note,
        entries=_ids(own, past.contract.contract_id, key),
    )


def _undone(past: Past, row: Activity, known: Activation) -> UndoneRow:
    return UndoneRow(
        activity_id=row.activity_id,
        title=row.name,
        reason=_reason(row, known),
        status=row.status,
        person=row.person,
        consent=_consent(row, known, past.words.get(row.activity_id)),
        estimate_minutes=_raw(row.estimate_seconds),
        actual_seconds=sum(session.seconds for session in row.sessions),
        due=_day(row.due),
        rigid=row.rigid,
        origin=known.origin,
        note=row.note,
    )


def _reason(row: Activity, known: Activation) -> Undone:
    if row.status is Status.CANCELLED:
        return Undone.CANCELLED
    if row.approval is Approval.REJECTED:
        return Undone.REJECTED
    reasons = {
        Admission.REFUSED: Undone.REFUSED,
        Admission.UNVERIFIED: Undone.UNVERIFIED,
        Admission.STALE: Undone.STALE,
    }
    if known.state in reasons:
        return reasons[known.state]
    return Undone.NO_TIME if known.active else Undone.NOT_APPROVED


def _consent(row: Activity, known: Activation, word: EventRow | None) -> Answer:
    """Return the answer with what stands behind it: a person, an e-mail, or nobody was needed.

    Where the label went since, the recorded word on which time was charged still stands.
    """
    consent = known.consent
    if known.auto:
        return Answer(Approval.AUTO)
    if row.approval is Approval.REJECTED:
        return Answer(Approval.REJECTED)
    if consent is None:
        return _recorded(word) if word and known.steps else Answer(Approval.NONE)
    return Answer(
        Approval.APPROVED,
        by=consent.user,
        at=consent.at or None,
        reference=consent.reference,
        verified=consent.standing is not Standing.UNVERIFIED,
    )


def _recorded(word: EventRow) -> Answer:
    by_mail = word.args["standing"] == Standing.REFERENCE.value
    return Answer(
        Approval.APPROVED,
        by=word.actor,
        at=int(word.args["at"]) or None,
        reference=word.cause if by_mail else "",
        verified=word.args["standing"] != Standing.UNVERIFIED.value,
    )


def _raw(seconds: int | None) -> int | None:
    return None if seconds is None else -(-seconds // 60)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
