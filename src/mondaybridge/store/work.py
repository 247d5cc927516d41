"""The back-off memory of what is due: waits, attempts, and what is parked for a person.

The work itself is state elsewhere; losing this table would only mean trying sooner.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update

from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import park_log
from mondaybridge.store.tables import work as t
from mondaybridge.store.upsert import insert

FIRST_WAIT_MS = 5_000
LONGEST_WAIT_MS = 3_600_000
ATTEMPTS_MAX = 12

_NOTHING = {
    "not_before": 0,
    "attempts": 0,
    "last_error": "",
    "parked_at": 0,
    "parked_reason": "",
    "evidence": "",
    "offer": "",
}


@dataclass(frozen=True, slots=True)
class WorkRow:
    """What is remembered of one piece of work; ``parked_at`` is 0 while it is not parked.

    ``offer`` is what a release would let pass, ``allowed`` what a person let pass, at
    ``released_at``.
    """

    kind: str
    key: str
    not_before: int = 0
    attempts: int = 0
    last_error: str = ""
    parked_at: int = 0
    parked_reason: str = ""
    evidence: str = ""
    allowed: str = ""
    released_at: int = 0
    offer: str = ""


@dataclass(frozen=True, slots=True)
class ParkAct:
    """Something was parked for a reason, or released by somebody who said why.

    Of a release, ``evidence`` is the reason that it had been parked for.
    """

    kind: str
    key: str
    act: str
    actor: str
    reason: str
    evidence: str
    at: int


def state(tx: Tx, kind: str, key: str) -> WorkRow | None:
    """Return what is remembered, if anything."""
    row = tx.execute(_STATE, {"of_kind": kind, "of_key": key}).first()
    return WorkRow(*row) if row else None


def blocked(tx: Tx, now: int) -> set[tuple[str, str]]:
    """Return what may not be tried now: it waits or is parked."""
    return {(row.kind, row.key) for row in tx.execute(_BLOCKED, {"now": now})}


def succeeded(tx: Tx, kind: str, key: str) -> None:
    """Forget the failures; what a person let pass is kept, for it names one content."""
    if state(tx, kind, key) is None:
        return  # as after nearly all work
    which = {"of_kind": kind, "of_key": key}
    tx.execute(_FORGET, which)
    tx.execute(_CALM, which)


def failed(tx: Tx, kind: str, key: str, error: str, *, now: int, parks: bool = True) -> WorkRow:
    """Wait 5 s, doubled each time up to an hour; after twelve attempts park (storage 3).

    What only waits for somebody who is away does not park: it comes back by itself (L3).
    """
    attempts = _put(tx, kind, key, {"last_error": error}, failures=1)
    wait = min(FIRST_WAIT_MS << min(attempts - 1, ATTEMPTS_MAX), LONGEST_WAIT_MS)
    _put(tx, kind, key, {"not_before": now + wait})
    if parks and attempts >= ATTEMPTS_MAX:
        park(tx, kind, key, f"failed {attempts} times", error, now)
    return state(tx, kind, key) or WorkRow(kind, key)


def later(tx: Tx, kind: str, key: str, until: int, error: str) -> None:
    """Wait until the instant that a vendor named; this is no failure."""
    _put(tx, kind, key, {"not_before": until, "last_error": error})


def park(
    tx: Tx, kind: str, key: str, reason: str, evidence: str, now: int, *, offer: str = ""
) -> None:
    """Stop for a person; the first instant stays when the same is parked again.

    What is new about it goes into the log of what was parked.
    """
    known = state(tx, kind, key)
    told = {"parked_reason": reason, "evidence": evidence, "offer": offer}
    _put(tx, kind, key, {**told, "parked_at": (known.parked_at if known else 0) or now})
    if not (
        known and known.parked_at and (known.parked_reason, known.evidence) == (reason, evidence)
    ):
        _log(tx, ParkAct(kind, key, "parked", "", reason, evidence, now))


def waiting(tx: Tx) -> list[WorkRow]:
    """Return what is tried again later, with the reason of the last time."""
    rows = tx.execute(select(t).where(t.c.parked_at == 0, t.c.last_error != ""))
    return sorted((WorkRow(*row) for row in rows), key=lambda w: (w.not_before, w.kind, w.key))


def parked(tx: Tx) -> list[WorkRow]:
    """Return what waits for a person, oldest first."""
    rows = tx.execute(select(t).where(t.c.parked_at > 0))
    return sorted((WorkRow(*row) for row in rows), key=lambda w: (w.parked_at, w.kind, w.key))


def release(tx: Tx, kind: str, key: str, *, actor: str, why: str, now: int) -> bool:
    """Let work go on at once, and what it offered pass; False if nothing is remembered.

    Who let it go on, when and why stays in the log, with what it was parked for.
    """
    known = state(tx, kind, key)
    if known is None:
        return False
    values = {**_NOTHING, "allowed": t.c.offer, "released_at": now}
    tx.execute(update(t).where(t.c.kind == kind, t.c.key == key).values(**values))
    _log(tx, ParkAct(kind, key, "released", actor, why, known.parked_reason, now))
    return True


def history(tx: Tx) -> list[ParkAct]:
    """Return all that was parked and released, oldest first."""
    columns = (getattr(park_log.c, field) for field in ParkAct.__dataclass_fields__)
    rows = tx.execute(select(*columns).order_by(park_log.c.at, park_log.c.kind, park_log.c.seq))
    return [ParkAct(*row) for row in rows]


def history_of(tx: Tx, kind: str, key: str) -> list[ParkAct]:
    """Return what of one piece of work was parked and released, oldest first."""
    rows = tx.execute(_HISTORY_OF, {"of_kind": kind, "of_key": key})
    return [ParkAct(*row) for row in rows]


_HISTORY_OF = (
    select(*(getattr(park_log.c, field) for field in ParkAct.__dataclass_fields__))
    .where(park_log.c.kind == bindparam("of_kind"), park_log.c.key == bindparam("of_key"))
    .order_by(park_log.c.seq)
)
_MINE = (t.c.kind == bindparam("of_kind"), t.c.key == bindparam("of_key"))
_STATE = select(t).where(*_MINE)
_BLOCKED = select(t.c.kind, t.c.key).where(
    or_(t.c.parked_at > 0, t.c.not_before > bindparam("now"))
)
_FORGET = delete(t).where(*_MINE, t.c.allowed == "", t.c.released_at == 0)
_CALM = (
    update(t)
    .where(*_MINE, or_(t.c.attempts > 0, t.c.not_before > 0, t.c.parked_at > 0))
    .values(**_NOTHING)
)


def _log(tx: Tx, one: ParkAct) -> None:
    """Number an act within its own work, whose row this transaction holds."""
    mine = (park_log.c.kind == one.kind, park_log.c.key == one.key)
    seq = tx.execute(select(func.count()).select_from(park_log).where(*mine)).scalar_one() + 1
    tx.execute(park_log.insert().values(**asdict(one), seq=seq))


def _put(tx: Tx, kind: str, key: str, values: dict[str, Any], failures: int = 0) -> int:
    """Set columns of a row that may not exist; return its attempts."""
    fresh = {**_NOTHING, "allowed": "", "released_at": 0, **values, "attempts": failures}
    statement = insert(tx, t).values(kind=kind, key=key, **fresh)
    put = statement.on_conflict_do_update(
        index_elements=[t.c.kind, t.c.key],
        set_={**values, "attempts": t.c.attempts + failures},
    )
    return int(tx.execute(put.returning(t.c.attempts)).scalar_one())
