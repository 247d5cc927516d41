"""One contract, seen whole: rows, past entries and terms in; entries, verdicts and cells out.

Only composes: what posts and reserves is decided in ``prepaid`` and ``metered``, what is told in
``remarks``, promises of time in ``promises``, thresholds in ``alerts``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain import alerts, payments, questioning, remarks
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.answers import answers
from mondaybridge.domain.billed import Owed, owed, state, whole
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.desk import Case
from mondaybridge.domain.ending import endings
from mondaybridge.domain.guards import guarded
from mondaybridge.domain.handed_over import returned
from mondaybridge.domain.ledger import (
    GRANTING,
    POSTING,
    RESERVING,
    Entry,
    LedgerSum,
    SumGroup,
    as_sum,
)
from mondaybridge.domain.metered import held_metered, review_metered
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import (
    Billing,
    Held,
    HeldReason,
    History,
    PackageCells,
    Review,
    Wanted,
    in_order,
)
from mondaybridge.domain.prepaid import Decided, review_prepaid
from mondaybridge.domain.promises import Promises, kept
from mondaybridge.domain.questions import Question, fold
from mondaybridge.domain.sales import locked

_PAID = {SumGroup.GRANT, SumGroup.REFUND, SumGroup.CREDIT, SumGroup.EXPIRE}


def review(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    """Decide everything about one contract at one instant."""
    brought = questioning.brought(contract, activities, history.questions, now)
    history = replace(history, questions=(*history.questions, *brought))
    part = _prepaid if contract.prepaid else _metered
    return replace(part(contract, activities, history, now), questions=brought)


def _metered(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    activities = list(guarded(activities, contract, history).values())
    decided = review_metered(contract, activities, history, now)
    promises, asked = kept(contract, activities, history, frozenset(), now), fold(history.questions)
    in_question = questioning.told(contract, activities, asked, now)
    sums = [*history.sums, *map(as_sum, decided.entries)]
    priced = remarks.unpaid(contract, activities, history, sums)
    told = {
        r.activity_id: remarks.parked(r)
        or (
            *in_question.get(r.activity_id, ()),
            *promises.notices.get(r.activity_id, ()),
            *remarks.undocumented(r),
            *(n for n in (priced.get(r.activity_id),) if n),
        )
        for r in activities
    }
    decided = _with_questions(decided, asked, history)
    board = _Board(decided, promises, {}, told, owed(history, decided))
    return replace(
        decided,
        entries=in_order(decided.entries),
        cells=payments.shown(_cells(activities, history, board), history.marks, contract.zone, now),
        notices=tuple(n for notices in told.values() for n in notices),
        facts=promises.facts,
        review_at=_sooner(
            promises.next_at,
            questioning.next_at(contract, asked, now),
            payments.next_at(history.marks.values(), contract.zone, now),
        ),
    )


def _with_questions(decided: Review, asked: Sequence[Question], history: History) -> Review:
    """Hold what is in question beside what waits for a person anyway (semantics 6.24)."""
    charged = _charged_by_month(history, decided) if asked else {}
    return replace(decided, held=(*decided.held, *questioning.held(asked, charged)))


def _sooner(*moments: int | None) -> int | None:
    return min((at for at in moments if at is not None), default=None)


def held_now(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> tuple[Sequence[Held], list[Activity]]:
    """Return what waits for a person, without what a review would still write, and the rows.

    Rows that a guard keeps still say why.
    """
    asked = fold(history.questions)
    charged = _charged_by_month(history, Review()) if asked else {}
    in_question = questioning.held(asked, charged)
    if contract.prepaid:
        decided = review_prepaid(contract, activities, history, now)
        return [*decided.review.held, *in_question], list(decided.rows.values())
    rows = list(guarded(activities, contract, history).values())
    return [*held_metered(contract, rows, history), *in_question], rows


@dataclass(frozen=True, slots=True)
class _Board:
    """What the board is told from: decisions, promises, and on packages cases and remarks."""

    decided: Review
    promises: Promises
    cases: Mapping[str, Case]
    told: Mapping[str, tuple[Notice, ...]]
    owed: Mapping[str, Owed]


def _prepaid(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    decided = review_prepaid(contract, activities, history, now)
    baseline = history.baseline or decided.review.baseline
    agreed = frozenset(key for key, _ in baseline.agreed) if baseline else frozenset(decided.rows)
    requests = agreed if contract.policies.baseline_at is not None else frozenset()
    promises = kept(contract, list(decided.rows.values()), history, requests, now)
    asked = fold(history.questions)
    in_question = questioning.told(contract, decided.rows.values(), asked, now)
    told = {
        key: (*in_question.get(key, ()), *notices, *promises.notices.get(key, ()))
        for key, notices in remarks.told(_table(decided, contract, history, now)).items()
    }
    decided = replace(decided, review=_with_questions(decided.review, asked, history))
    board = _Board(decided.review, promises, decided.cases, told, owed(history, decided.review))
    package = _package(decided, history, now)
    ended = endings(contract, decided, frozenset(history.ended), now)
    warnings, marks = _alerts(contract, replace(history, baseline=baseline), package, now)
    return replace(
        decided.review,
        entries=in_order(decided.review.entries),
        cells=payments.shown(_cells(activities, history, board), history.marks, contract.zone, now),
        notices=tuple(notice for notices in told.values() for notice in notices),
        alerts=warnings,
        told=marks,
        package=package,
        at_end=tuple(one.package_id for one in ended if one.due),
        facts=(*promises.facts, *answers(history.activations, decided.review.activations)),
        review_at=_sooner(
            _next_at(contract, promises, now),
            questioning.next_at(contract, asked, now),
            payments.next_at(history.marks.values(), contract.zone, now),
        ),
        revisions=_revisions(decided.review.entries, history),
    )


def _revisions(entries: Iterable[Entry], history: History) -> tuple[str, ...]:
    """Return handed-over packages of whose copy this review says something else (ledger 5.3)."""
    moved = {e.package_id for e in entries if e.kind in GRANTING | POSTING}
    origins = {way.origin for way in map(returned, map(as_sum, entries)) if way}
    return tuple(sorted((moved | origins) & history.ended.keys()))


def _table(decided: Decided, contract: Contract, history: History, now: int) -> remarks.Table:
    posted: dict[str, int] = {}
    for post, minutes in decided.pool.posts.items():
        posted[post.activity_id] = posted.get(post.activity_id, 0) + minutes
    unfunded: dict[str, int] = {}
    for (key, _), minutes in decided.pool.unfunded().items():
        unfunded[key] = unfunded.get(key, 0) + minutes
    risks = {
        key: remarks.at_risk(case, case.known.assessment, decided.cases, posted)
        for key, case in decided.cases.items()
        if case.known.state is Admission.CONFIRM or remarks.asks_more(case)
        if case.known.assessment
    }
    waits = locked(decided.pool.eligible(now), decided.pool.locked, history.sales)
    return remarks.Table(
        decided.cases, posted, unfunded, history.users, contract.zone, risks, waits
    )


def _cells(activities: Sequence[Activity], history: History, board: _Board) -> tuple[Wanted, ...]:
    charged = _charged(history, board.decided)
    held: dict[str, set[HeldReason]] = {}
    for one in (h for h in board.decided.held if h.reason is not HeldReason.UNDOCUMENTED):
        held.setdefault(one.activity_id, set()).add(one.reason)
    return tuple(
        _wanted(
            row,
            charged.get(row.activity_id, 0),
            held.get(row.activity_id, set()),
            history,
            board,
        )
        for row in activities
    )


def _charged(history: History, decided: Review) -> dict[str, int]:
    charged = Counter[str]()
    for (key, _), minutes in _charged_by_month(history, decided).items():
        charged[key] += minutes
    return charged


def _charged_by_month(history: History, decided: Review) -> dict[tuple[str, str], int]:
    charged = Counter[tuple[str, str]]()
    for total in [*history.sums, *map(as_sum, decided.entries)]:
        if total.group is SumGroup.POST:
            charged[total.activity_id, total.period] += total.minutes
    return charged


def _wanted(
    row: Activity, charged: int, held: Collection[HeldReason], history: History, board: _Board
) -> Wanted:
    key = row.activity_id
    clock = board.promises.clocks.get(key)
    notices = board.told.get(key, ())
    mark = history.marks.get(key)
    due = board.owed.get(key, Owed())
    billing = state(mark, due, held)
    billed = billing in {Billing.BILLED, Billing.QUESTIONED} and mark and whole(mark, due)
    plain = Wanted(
        key,
        charged,
        billing,
        next(iter(notices), None),
        clock=clock,
        document=mark.document if mark else "",
        period=mark.period if mark and billed else "",
    )
    case = board.cases.get(key)
    if case is None:
        return plain
    there = row.movable and row.presence is Presence.ACTIVE
    return replace(
        plain,
        origin=case.known.origin.value,
        extra=there and _labelled(case),
        answer=_answer(case) if there else None,
        stopped=there and _stopped(case),
    )


def _labelled(case: Case) -> bool:
    """Whether the name carries the suffix, once the row says what it will take (R13)."""
    labels = case.policies.labels_extra and case.known.origin.labelled
    return labels and case.row.estimate_seconds is not None


def _answer(case: Case) -> Approval | None:
    """Return what the approval cell should show instead of what it shows; None: leave it (6.26)."""
    label, known = case.row.approval, case.known
    if known.active and known.auto and label is Approval.NONE:
        return Approval.AUTO
    if label is Approval.AUTO and not (known.active and known.auto):
        return Approval.NONE
    stale = known.state in {Admission.STALE, Admission.CONFIRM}
    if label is Approval.APPROVED and stale and case.policies.clears_stale_approval:
        return Approval.NONE
    return None


def _stopped(case: Case) -> bool:
    """Whether the row must leave work, where the policy says so (ledger 4)."""
    if case.row.status is not Status.WORKING or not case.policies.reverts_forbidden_start:
        return False
    if case.known.state is Admission.CHECKING:  # who answered is being looked up: it may be fine
        return False
    return case.row.chargeable and (not case.known.active or case.known.blocked)


def _package(decided: Decided, history: History, now: int) -> PackageCells:
    """Sum what the contract's packages were granted, what is used and held of it (R02).

    What was left of a package when it was handed over is not granted any more (ledger 5.3); the
    expiry is the next one that is still to come.
    """
    entries = [e for e in decided.review.entries if e.package_id]
    sums = [s for s in history.sums if s.package_id]
    granted = sum(s.minutes for s in sums if s.group in _PAID)
    granted += sum(e.minutes for e in entries if e.kind in GRANTING)
    granted -= _left_behind(entries, sums, history)
    used = sum(s.minutes for s in sums if s.group is SumGroup.POST)
    used += sum(e.minutes for e in entries if e.kind in POSTING)
    reserved = sum(s.minutes for s in sums if s.group is SumGroup.RESERVE)
    reserved += sum(e.minutes for e in entries if e.kind in RESERVING)
    open_ = [p for p in decided.pool.packages if p.package_id not in history.ended]
    expiries = [p.expires_at for p in open_ if p.expires_at and p.expires_at > now]
    locked = sum(decided.pool.locked.values())
    free = granted - used - reserved - locked
    return PackageCells(granted, used, reserved, free, min(expiries, default=None))


def _left_behind(entries: Iterable[Entry], sums: Iterable[LedgerSum], history: History) -> int:
    left = dict.fromkeys(history.ended, 0)
    for one in [*sums, *map(as_sum, entries)]:
        if one.package_id in left and one.group is not SumGroup.RESERVE:
            used = one.group is SumGroup.POST
            left[one.package_id] += -one.minutes if used else one.minutes
    return sum(max(0, minutes) for minutes in left.values())


def _alerts(
    contract: Contract, history: History, package: PackageCells, now: int
) -> tuple[tuple[Notice, ...], tuple[tuple[int, int], ...]]:
    """Return the thresholds that were crossed: each told once in its generation (6.6, 6.28).

    Percents count in the generation of the sales so far, days in that of the expiry; a baseline
    beyond what was granted in its own (ledger 7).
    """
    policies, sold = contract.policies, [p for p in contract.packages if p.sold_at <= now]
    generation = len(sold)
    fired = {mark for number, mark in history.told if number == generation}
    used = alerts.crossed(package.granted, package.used, policies.alert_percents, fired)
    notices, marks = [], []
    if used:
        args = used.args | {"generation": generation}
        notices.append(Notice("", Rule.USED, tuple(args.items())))
        marks += [(generation, mark) for mark in used.marks]
    expires_at = package.expires_at
    told = {mark for number, mark in history.told if number == expires_at}
    left = package.granted - package.used
    soon = alerts.expiring(
        expires_at=expires_at,
        left=left,
        now=now,
        zone=contract.zone,
        days=policies.expiry_notice_days,
        fired=told,
    )
    if soon and expires_at is not None:
        last = ("last", soon.last_day.isoformat())
        notices.append(Notice("", Rule.EXPIRY, (*soon.args.items(), last)))
        marks += [(expires_at, mark) for mark in soon.marks]
    frozen = history.baseline
    if frozen and frozen.total > frozen.granted and (frozen.frozen_at, 0) not in history.told:
        numbers = (("total", frozen.total), ("granted", frozen.granted))
        notices.append(Notice("", Rule.BASELINE, numbers))
        marks.append((frozen.frozen_at, 0))
    return tuple(notices), tuple(marks)


def _next_at(contract: Contract, promises: Promises, now: int) -> int | None:
    """Return when time alone changes something (storage 2.5)."""
    moments: list[int | None] = [promises.next_at, contract.policies.baseline_at]
    for package in contract.packages:
        moments += [package.sold_at, package.expires_at, package.lapses_at]
        moments.append(
            alerts.next_expiry_notice(
                expires_at=package.expires_at,
                now=now,
                zone=contract.zone,
                days=contract.policies.expiry_notice_days,
            )
        )
    return min(_ahead(moments, now), default=None)


def _ahead(moments: Iterable[int | None], now: int) -> Iterable[int]:
    return (moment for moment in moments if moment is not None and moment > now)
