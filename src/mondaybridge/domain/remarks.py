"""What each row of a package is told, the most pressing first: rules and plain arguments.

Reads what a review has decided and decides nothing. The first notice of a row stands in its own
cell; those that somebody must act upon are comments as well (experience 4.3).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.domain import bugs
from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.admission import Activation, Admission, Assessment
from mondaybridge.domain.approval import Standing
from mondaybridge.domain.contract import Contract, Gate
from mondaybridge.domain.desk import ENDED, Case, asks
from mondaybridge.domain.guards import missing, twins
from mondaybridge.domain.ledger import LedgerSum, SumGroup, charge
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.origins import replaced
from mondaybridge.domain.outcome import History
from mondaybridge.domain.sales import Locked, locked
from mondaybridge.domain.worktime import local_date

FLOOD_OVER = 3

_WAITS = {
    Admission.UNAPPROVED: Rule.APPROVAL,
    Admission.CHECKING: Rule.CHECKING,
    Admission.UNVERIFIED: Rule.UNVERIFIED,
    Admission.STALE: Rule.STALE,
    Admission.CONFIRM: Rule.CONFIRM,
    Admission.REFUSED: Rule.RESIDUAL,
    Admission.NEEDS_ESTIMATE: Rule.ESTIMATE,
    Admission.NEEDS_PROOF: Rule.PROOF,
    Admission.REJECTED: Rule.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that rows of one contract are told from; ``risks`` are agreed rows in danger.

    ``locked`` is what is bought and may not be used as long as its sale stands so (6.30).
    """

    cases: Mapping[str, Case]
    posted: Mapping[str, int]
    unfunded: Mapping[str, int]
    users: tuple[str, ...]
    zone: str
    risks: Mapping[str, tuple[str, ...]]
    locked: Locked | None = None

    def title(self, activity_id: str) -> str:
        """Return a row's name, or its id where it is not on the boards any more."""
        case = self.cases.get(activity_id)
        return case.row.name if case else activity_id


def told(table: Table) -> dict[str, tuple[Notice, ...]]:
    """Return what every row is told, the most pressing first.

    An unreadable row is told that alone, a deleted one nothing.
    """
    rows = {key: case.row for key, case in table.cases.items()}
    again, doubled, floods = replaced(rows.values()), twins(rows), _floods(table)
    found: dict[str, tuple[Notice, ...]] = {}
    for key, case in table.cases.items():
        if not case.row.movable:
            found[key] = parked(case.row)
            continue
        notices = [*_state(case, table), *_doubts(case, table)]
        if key in doubled:
            notices.append(_notice(case, Rule.TWIN, other=table.title(doubled[key])))
        if key in floods:
            notices.append(_notice(case, Rule.FLOOD, count=floods[key]))
        notices += _numbers(case, table)
        if key in again:
            notices.append(_notice(case, Rule.REPLACED, other=table.title(again[key])))
        found[key] = tuple(notices)
    return found


def parked(row: Activity) -> tuple[Notice, ...]:
    """Tell that a cell must be corrected; what it is stands in ``status``, for the team."""
    return (Notice(row.activity_id, Rule.PARKED),) if row.unreadable else ()


def unpaid(
    contract: Contract, rows: Iterable[Activity], history: History, sums: Sequence[LedgerSum]
) -> dict[str, Notice]:
    """Tell rows that have a price for want of hours bought in advance, which wait (R52, 6.30)."""
    left, priced = Counter[str](), Counter[str]()
    for one in sums:
        post = one.group is SumGroup.POST
        left[one.package_id] += -one.minutes if post else one.minutes
        if post and not one.package_id and one.period not in history.closed:
            priced[one.activity_id] += one.minutes
    waits = locked(contract.packages, left, history.sales)
    if waits is None:
        return {}
    since = min(p.sold_at for p in contract.packages if left[p.package_id] > 0)
    args = ("locked", waits.minutes), ("waits", waits.waits.name.casefold())
    return {
        row.activity_id: Notice(row.activity_id, Rule.UNPAID, args)
        for row in rows
        if priced[row.activity_id] > 0 and any(s.ended_at > since for s in row.sessions)
    }


def undocumented(row: Activity) -> tuple[Notice, ...]:
    """Tell that a bug is charged until its documentation is there (R55a)."""
    told = bugs.undocumented(row) and row.movable and row.chargeable and row.sessions
    return (Notice(row.activity_id, Rule.UNDOCUMENTED),) if told else ()


def asks_more(case: Case) -> bool:
    """Whether an activated row waits for more hours than it has, with an answer that covers them.

    More are a raised estimate, an urgency, or its reserve after it was reopened (ledger 4).
    """
    return case.known.active and case.row.status not in ENDED and asks(case)


def at_risk(
    case: Case, seen: Assessment, cases: Mapping[str, Case], posted: Mapping[str, int]
) -> tuple[str, ...]:
    """Return the agreed rows that what is left would not complete after this one (R15b)."""
    left = seen.hard - seen.need
    found = []
    for key, other in sorted(cases.items()):
        known = other.known
        open_row = other.row.movable and other.reserves and key != case.row.activity_id
        if not (open_row and known.origin.value == "agreed"):
            continue
        seconds = known.estimate_seconds if known.active else other.row.estimate_seconds
        factor = known.factor if known.active else other.row.factor
        needed = charge(seconds or 0, factor=factor, increment=case.increment)
        left -= max(0, needed - posted.get(key, 0))
        if left < 0:
            found.append(key)
    return tuple(found)


def _state(case: Case, table: Table) -> Iterator[Notice]:
    """Tell why a row may not work, or what is wrong with its work."""
    known, row = case.known, case.row
    if known.active:
        more, seen = asks_more(case), known.assessment
        if known.blocked and not (more and seen and not seen.missing):
            yield _notice(case, Rule.BLOCKED, **_short(known, table))
        elif more:
            yield from _waiting(case, table)
        yield from _overrun(case, table)
        return
    if row.status is Status.CANCELLED or (row.status in ENDED and not row.sessions):
        return
    if row.status is Status.WORKING and row.chargeable and known.state is not Admission.CHECKING:
        why = _rule(known)
        yield _notice(case, Rule.START, why=why.value, **_short(known, table))
    if row.chargeable:
        yield from _waiting(case, table)


def _waiting(case: Case, table: Table) -> Iterator[Notice]:
    """Tell what a row waits for, with its numbers."""
    known, row, seen = case.known, case.row, case.known.assessment
    rule = _rule(known) if not known.active else _rule_of(seen)
    match rule:
        case Rule.APPROVAL if row.estimate_seconds is not None:
            yield _notice(case, rule, estimate=_raw(row), charge=_asked(case))
        case Rule.CONFIRM if seen:
            numbers = {n: getattr(seen, n) for n in ("charge", "need", "free", "hard", "shortfall")}
            names = "\n".join(table.title(key) for key in table.risks.get(row.activity_id, ()))
            yield _notice(case, rule, **numbers, at_risk=names, **_meanwhile(case))
        case Rule.RESIDUAL if seen and seen.beyond_limit and not (seen.missing and table.locked):
            limit = case.policies.max_overcommit or 0
            yield _notice(case, Rule.LIMIT, shortfall=seen.shortfall, limit=limit)
        case Rule.RESIDUAL:
            yield _notice(case, rule, **_short(known, table), **_meanwhile(case))
        case Rule.STALE:
            covered = known.consent.estimate_seconds if known.consent else None
            yield _notice(case, rule, covered=_up(covered), estimate=_raw(row), factor=row.factor)
        case Rule.UNVERIFIED:
            yield _notice(case, rule, actor=known.consent.user if known.consent else "")
        case Rule.PROOF:
            yield _notice(case, rule, missing=",".join(case.lacking))
        case Rule.ESTIMATE | Rule.CHECKING | Rule.REJECTED:
            yield _notice(case, rule)
        case _:
            pass


def _overrun(case: Case, table: Table) -> Iterator[Notice]:
    key, known = case.row.activity_id, case.known
    unfunded = table.unfunded.get(key, 0)
    charged = table.posted.get(key, 0) + unfunded
    admitted = charge(known.estimate_seconds or 0, factor=known.factor, increment=case.increment)
    if charged > admitted and case.row.chargeable:
        yield _notice(
            case,
            Rule.OVERRUN,
            worked=charged,
            estimate=admitted,
            over=charged - admitted,
            unfunded=unfunded,
            **(_locked(table) if unfunded else {}),
        )


def _doubts(case: Case, table: Table) -> Iterator[Notice]:
    """Tell what is asked for and not proven: urgency, origin, a factor that rose, who answered."""
    row, known = case.row, case.known
    if row.urgent and not row.evidence and row.status not in ENDED:
        yield _notice(case, Rule.EVIDENCE)
    if known.active and row.factor > known.factor and row.status not in ENDED:
        yield from _raised(case)
    lacks = missing(row, known.origin, case.policies, table.users, Gate.WARN)
    if lacks and row.status not in ENDED:
        yield _notice(case, Rule.PROOF, missing=",".join(lacks))
    yield from undocumented(row)
    answer, warns = known.consent, case.policies.approval_actor is Gate.WARN
    if known.active and warns and answer and answer.standing is Standing.UNVERIFIED:
        yield _notice(case, Rule.UNVERIFIED, actor=answer.user, counted=1)


def _raised(case: Case) -> Iterator[Notice]:
    """Tell of an urgency that is not charged: nobody approved it, or its month is closed (R10)."""
    row, known = case.row, case.known
    once = charge(row.estimate_seconds or 0, factor=known.factor, increment=case.increment)
    if case.frozen:
        yield _notice(case, Rule.FROZEN, now=once)
    elif not (case.consent and case.consent.factor >= row.factor):
        yield _notice(case, Rule.RAISE, now=once, then=_asked(case))


def _numbers(case: Case, table: Table) -> Iterator[Notice]:
    """Tell how an activated row came to what it costs."""
    row, known = case.row, case.known
    if not known.active:
        return
    worked = sum(session.seconds for session in row.sessions)
    if known.factor > 1 and worked:
        charged = table.posted.get(row.activity_id, 0) + table.unfunded.get(row.activity_id, 0)
        yield _notice(case, Rule.URGENT, worked=_up(worked), factor=known.factor, charge=charged)
    if known.auto:
        limit = case.policies.minor_minutes or 0
        yield _notice(case, Rule.MINOR, estimate=_raw(row), charge=_asked(case), limit=limit)


def _floods(table: Table) -> dict[str, int]:
    """Return minor extras that share a reference and a day with more than three (ledger 4)."""
    groups: dict[tuple[str, str], list[str]] = {}
    for key, case in table.cases.items():
        if case.known.auto and case.row.reference:
            day = local_date(case.known.activated_at, table.zone).isoformat()
            groups.setdefault((case.row.reference, day), []).append(key)
    return {key: len(keys) for keys in groups.values() if len(keys) > FLOOD_OVER for key in keys}


def _rule(known: Activation) -> Rule:
    return _WAITS[known.state]


def _rule_of(seen: Assessment | None) -> Rule:
    refused = seen is not None and (seen.missing or seen.beyond_limit)
    return Rule.RESIDUAL if refused else Rule.CONFIRM


def _short(known: Activation, table: Table) -> dict[str, int | str]:
    seen = known.assessment
    missing = seen.missing if seen else 0
    numbers = {"need": known.need, "hard": known.hard, "missing": missing}
    return {**numbers, **(_locked(table) if missing else {})}


def _locked(table: Table) -> dict[str, int | str]:
    """Say which hours are bought and what they wait for; nothing where none do."""
    one = table.locked
    return {"locked": one.minutes, "waits": one.waits.name.casefold()} if one else {}


def _meanwhile(case: Case) -> dict[str, int]:
    """Say what an activated row goes on with until more is given; nothing where it may not."""
    known = case.known
    if not (known.active and known.reserving):
        return {}
    seconds = known.estimate_seconds or 0
    return {"given": charge(seconds, factor=known.factor, increment=case.increment)}


def _asked(case: Case) -> int:
    row = case.row
    return charge(row.estimate_seconds or 0, factor=row.factor, increment=case.increment)


def _raw(row: Activity) -> int:
    return _up(row.estimate_seconds)


def _up(seconds: int | None) -> int:
    """Return seconds as minutes, rounded up as every charge is."""
    return -(-(seconds or 0) // 60)


def _notice(case: Case, rule: Rule, **args: int | str) -> Notice:
    return Notice(case.row.activity_id, rule, tuple(args.items()))
