"""The events of a contract's open months, told again in order (ledger 5.2-5.4).

Open periods are replayed from the first event on, in order of (activation or work instant,
activity id), so arrival order cannot change the answer. What is frozen (closed months, rows that
are gone or unreadable) has left the rooms from the start and only passes by in its turn, so that
freezing it changes nobody else's minutes. Only decisions are sticky; the policy for time that no
package covers acts anew each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mondaybridge.domain.admission import Step
from mondaybridge.domain.allocation import (
    OVERAGE,
    Choice,
    Claim,
    Fixed,
    Increment,
    Pool,
    PostKey,
    Ruling,
)
from mondaybridge.domain.contract import Overrun, OverrunLimit
from mondaybridge.domain.tariff import overage_at


def replay(pool: Pool, claims: Sequence[Claim], now: int) -> Pool:
    """Fund all claims from the pool: open periods in order, then late work and decisions on it.

    What waits is asked again, in its order, whenever a sale, a release or a raise makes room; in
    the end the policy takes what still waits.
    """
    by_id = {claim.activity_id: claim for claim in claims}
    for claim in claims:
        _expect(pool, claim)
    for moment in _moments(pool, claims):
        _happen(pool, by_id, moment)
    if not _absorbs(pool):
        for increment in sorted(late for claim in claims for late in claim.late):
            _work(pool, by_id[increment.activity_id], increment, now)
    for claim in claims:
        closed = {late.period for late in claim.late}
        for ruling in claim.rulings:
            if not ruling.absorbs and (not ruling.at or ruling.period in closed):
                _rule(pool, claim, ruling, now)
    _ask_again(pool, by_id, now)
    _settle(pool, by_id)
    return pool


_SALE, _RESERVE, _WORK, _RULING, _RELEASE = range(5)
_Event = Increment | Fixed | Ruling | Step | None
_Moment = tuple[int, int, str, _Event]


def _moments(pool: Pool, claims: Sequence[Claim]) -> list[_Moment]:
    """Sales, activations, work, decisions, releases of an instant; ties by activity and work."""
    moments: list[_Moment] = [(p.sold_at, _SALE, "", None) for p in pool.packages]
    for claim in claims:
        key, start = claim.activity_id, claim.activation.activated_at
        moments += [(step.at, rank, key, step) for step, rank in _steps(claim)]
        moments += [(one.at, _WORK, key, one) for one in claim.fixed]
        moments += [(one.at, _WORK, key, one) for one in claim.work]
        if _absorbs(pool):  # or a release after the close would charge what was let go before it
            moments += [(one.at, _WORK, key, one) for one in claim.late]
        moments += [(max(one.at, start), _RULING, key, one) for one in claim.rulings if one.at]
    return sorted(moments, key=lambda m: m[:3])


def _steps(claim: Claim) -> list[tuple[Step, int]]:
    """Return an activity's steps: what raises its reserve comes before work, what lowers after."""
    before = 0
    found = []
    for step in claim.activation.steps:
        found.append((step, _RESERVE if step.minutes >= before else _RELEASE))
        before = step.minutes
    return found


def _happen(pool: Pool, by_id: Mapping[str, Claim], moment: _Moment) -> None:
    at, rank, key, event = moment
    if rank == _SALE:
        _ask_again(pool, by_id, at)
        return
    claim = by_id[key]
    match event:
        case Increment():
            _work(pool, claim, event, at)
        case Fixed():
            _pass_by(pool, event)
        case Ruling():
            _rule(pool, claim, event, at)
        case Step():
            so_far = pool.posted(key) - pool.to_come.get(key, 0)
            pool.reserve(key, max(0, event.minutes - so_far))
            _ask_again(pool, by_id, at)
        case None:
            raise AssertionError("only a sale happens to nobody")


def _expect(pool: Pool, claim: Claim) -> None:
    for one in claim.fixed:
        drawn = one.minutes if one.draws else 0
        pool.coming[one.package_id] = pool.coming.get(one.package_id, 0) + drawn
        pool.to_come[one.activity_id] = pool.to_come.get(one.activity_id, 0) + one.minutes


def _pass_by(pool: Pool, one: Fixed) -> None:
    pool.coming[one.package_id] -= one.minutes if one.draws else 0
    pool.to_come[one.activity_id] -= one.minutes
    pool.reserve(one.activity_id, max(0, pool.reserves.get(one.activity_id, 0) - one.minutes))


def _work(pool: Pool, claim: Claim, increment: Increment, at: int) -> None:
    left = increment.minutes - _fund(pool, claim, increment, at, increment.work_at)
    if left and pool.contract.policies.overrun is Overrun.NEXT_PACKAGE:
        left -= _fund(pool, claim, replace(increment, minutes=left), at, at)
    if not left:
        return
    rest = replace(increment, minutes=left)
    if _absorbs(pool) and increment in claim.late:
        pool.absorb(rest)
    else:
        pool.waiting.append(rest)


def _absorbs(pool: Pool) -> bool:
    return pool.contract.policies.overrun is Overrun.ABSORB


def _ask_again(pool: Pool, by_id: Mapping[str, Claim], at: int) -> None:
    """Offer what has become free to waiting work, the oldest first; then to decisions."""
    asking, pool.waiting = sorted(pool.waiting), []
    for one in asking:
        _work(pool, by_id[one.activity_id], one, at)
    for key in dict.fromkeys(one.activity_id for one in asking):
        for ruling in by_id[key].rulings:
            if ruling.at <= at and not ruling.absorbs:
                _rule(pool, by_id[key], ruling, at)


def _rule(pool: Pool, claim: Claim, ruling: Ruling, at: int) -> None:
    """Do with waiting minutes what a person decided, up to what was decided about."""
    left = ruling.minutes - pool.given.get(ruling, 0)
    asking, pool.waiting = sorted(pool.waiting), []
    for one in asking:
        done = 0
        if (one.activity_id, one.period) == (ruling.activity_id, ruling.period) and left:
            part = replace(one, minutes=min(one.minutes, left))
            done = _done(pool, claim, part, ruling.choice, at)
            left -= done
        if one.minutes > done:
            pool.waiting.append(replace(one, minutes=one.minutes - done))
    pool.given[ruling] = ruling.minutes - left


def _done(pool: Pool, claim: Claim, part: Increment, choice: Choice, at: int) -> int:
    """Return how many waiting minutes a decision has taken care of."""
    if choice is Choice.BILL:
        return _bill(pool, claim, part)
    return part.minutes if choice is Choice.ABSORB else _fund(pool, claim, part, at, at)


def _settle(pool: Pool, by_id: Mapping[str, Claim]) -> None:
    """Do what the policy says with all that still waits; a bug is never billed (ledger 5.2)."""
    asking, policy = sorted(pool.waiting), pool.contract.policies.overrun
    if policy is Overrun.ABSORB:
        pool.waiting = []
        for one in asking:
            pool.absorb(one)
    elif policy is Overrun.BILL:
        pool.waiting = [o for o in asking if not _bill(pool, by_id[o.activity_id], o)]


def _bill(pool: Pool, claim: Claim, part: Increment) -> int:
    """Post minutes beside the packages, at the rate of their work date; all or, without, none."""
    price = overage_at(pool.contract, part.work_at)
    if price is None or claim.credited:
        return 0
    pool.post(PostKey(claim.activity_id, f"{OVERAGE}{price}", part.period), part.minutes)
    own = pool.reserves.get(claim.activity_id, 0)
    pool.reserve(claim.activity_id, max(0, own - part.minutes))
    return part.minutes


def _fund(pool: Pool, claim: Claim, increment: Increment, at: int, eligible_at: int) -> int:
    """Post what the own reserve and the free residual cover, and say how much (ledger 5.2)."""
    own = pool.reserves.get(claim.activity_id, 0)
    limit = increment.minutes
    if not claim.credited and pool.contract.overrun_limit is OverrunLimit.FREE:
        limit = min(limit, own + max(0, pool.free(at, eligible_at)))
    posted = 0
    for package in pool.giving(eligible_at):
        room = max(0, pool.rooms[package.package_id])
        part = limit - posted if claim.credited else min(limit - posted, room)
        if part:
            key = PostKey(claim.activity_id, package.package_id, increment.period)
            pool.post(key, part, draws=not claim.credited)
            posted += part
    pool.reserve(claim.activity_id, max(0, own - posted))
    return posted
