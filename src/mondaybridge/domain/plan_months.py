"""A plan's month: which plan is in force, what it includes, what it costs, what goes on unused.

Only about what was bought; what was worked is told by ``cover`` (R42, R47, semantics 6.14-6.15).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.domain.contract import Commitment, Contract, Plan, PlanPhase, Proration
from mondaybridge.domain.money import round_half_up
from mondaybridge.domain.usage import INCLUDED, LineId, LineKind, UsageLine
from mondaybridge.domain.worktime import DECEMBER, Period, local_date, month, month_of, months

PLAN_TERMS = ("proration", "rollover")


@dataclass(frozen=True, slots=True)
class Lot:
    """Unused included minutes of an earlier month, or goodwill: used before the month's own."""

    origin: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Fee:
    """What one phase of a plan costs in a month; ``rate_key`` is the whole month's fee."""

    subject: str
    rate_key: str
    amount_minor: int
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """A month as it was bought, and once closed as it was used: a fact from then on.

    ``allowance`` is the month's own; ``carried`` came from earlier months, ``goodwill`` was given
    back for bugs. ``unused`` is what was left at the close, by origin, oldest first. ``asked`` says
    by activity and price what was asked for.
    """

    period: str
    allowance: int
    fees: tuple[Fee, ...] = ()
    carried: tuple[Lot, ...] = ()
    goodwill: int = 0
    used: int = 0
    unused: tuple[Lot, ...] = ()
    asked: tuple[tuple[str, str, int], ...] = ()

    @property
    def limit(self) -> int:
        """Return all minutes that cost no overage in the month."""
        return self.goodwill + sum(lot.minutes for lot in self.carried) + self.allowance


@dataclass(frozen=True, slots=True)
class Stretch:
    """A plan in force for a part of a month; ``since`` is when its phase began."""

    plan: Plan
    since: int
    starts_at: int
    ends_at: int


def stretches(contract: Contract, period: Period) -> list[Stretch]:
    """Return the plans of a month in order: an upgrade counts at once, else the next month (6.14).

    What is changed and changed back on the same day is no change.
    """
    start = max(period.start, contract.bill_from)
    end = period.end if contract.until is None else min(period.end, contract.until)
    phases = _by_day(contract)
    before = [phase for phase in phases if phase.starts_at <= start]
    later = [phase for phase in phases if start < phase.starts_at < end]
    steps = [(start, before[-1])] if before else []
    for phase in later:
        if not steps or phase.plan.rank > steps[-1][1].plan.rank:
            steps.append((phase.starts_at, phase))
    ends = [*(at for at, _ in steps[1:]), end][: len(steps)]
    return [
        Stretch(phase.plan, phase.starts_at, at, until)
        for (at, phase), until in zip(steps, ends, strict=True)
        if at < until
    ]


def plan_at(contract: Contract, instant: int) -> Plan | None:
    """Return the plan in force at an instant of work, if there is one."""
    if not contract.plans:
        return None
    period = month_of(instant, contract.zone)
    found = [one for one in stretches(contract, period) if one.starts_at <= instant < one.ends_at]
    return found[0].plan if found else None


def bought(contract: Contract, period: Period) -> PlanMonth:
    """Return what a month includes and costs by its terms, without what earlier months left."""
    parts = stretches(contract, period)
    if contract.proration is Proration.NONE:
        parts = parts[-1:]
        included = [part.plan.included_minutes for part in parts]
        amounts = [part.plan.fee.unit_minor for part in parts]
    else:
        days = [_days(part, contract.zone) for part in parts]
        whole = (
            local_date(period.end, contract.zone) - local_date(period.start, contract.zone)
        ).days
        minutes = [part.plan.included_minutes for part in parts]
        included = shares([m * d for m, d in zip(minutes, days, strict=True)], whole)
        fees = [part.plan.fee.unit_minor for part in parts]
        amounts = shares([f * d for f, d in zip(fees, days, strict=True)], whole)
    charged = tuple(
        Fee(_subject(part, contract.zone), str(part.plan.fee), amount, part.starts_at, part.ends_at)
        for part, amount in zip(parts, amounts, strict=True)
        if amount and part.plan.commitment is Commitment.FEE
    )
    return PlanMonth(period.name, sum(included), charged)


def shares(numerators: Sequence[int], denominator: int) -> list[int]:
    """Divide each, so that the parts sum to the whole: what is left goes to the largest remainder.

    Equal remainders are served in order (semantics 6.14).
    """
    parts = [one // denominator for one in numerators]
    left = round_half_up(sum(numerators), denominator) - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (-(numerators[i] % denominator), i))
    for index in order[:left]:
        parts[index] += 1
    return parts


def carried_into(
    contract: Contract, period: str, recorded: Mapping[str, PlanMonth], spent: Mapping[str, int]
) -> tuple[Lot, ...]:
    """Return the unused minutes that a month takes over from the one closed before it (6.15).

    ``spent`` is what late work has used of them since. Beyond the limit the oldest are lost.
    """
    rollover, before = contract.rollover, _preceding(period)
    if rollover is None or before not in recorded:
        return ()
    oldest = period
    for _ in range(rollover.max_months):
        oldest = _preceding(oldest)
    lots, room = [], rollover.max_minutes
    for lot in reversed(_less(recorded[before].unused, spent.get(before, 0))):
        minutes = min(lot.minutes, room)
        if lot.origin >= oldest and minutes:
            lots.append(Lot(lot.origin, minutes))
            room -= minutes
    return tuple(reversed(lots))


def used_up(opened: PlanMonth, used: int) -> PlanMonth:
    """Return a month with what was used of it, the oldest minutes first; goodwill comes first."""
    lots = (*opened.carried, Lot(opened.period, opened.allowance))
    unused = _less(lots, max(0, used - opened.goodwill))
    goodwill = min(opened.goodwill, used)
    return PlanMonth(
        opened.period,
        opened.allowance,
        opened.fees,
        opened.carried,
        goodwill,
        used,
        unused,
    )


def plan_terms(contract: Contract) -> dict[str, str]:
    """Return what decides how a closed month goes on into others: a change would move them."""
    if not contract.plans:
        return {}
    rollover = contract.rollover
    carried = f"{rollover.max_minutes} min for {rollover.max_months}" if rollover else "none"
    return dict(zip(PLAN_TERMS, (contract.proration.value, carried), strict=True))


def fee_lines(
    contract: Contract, recorded: Mapping[str, PlanMonth], closed: Iterable[str], now: int
) -> list[UsageLine]:
    """Return the fee lines of all months: recorded ones of closed months, else by the terms."""
    if not contract.plans:
        return []
    shut = set(closed)
    first, last = (month_of(at, contract.zone).name for at in (contract.bill_from, now))
    found = []
    for name in months(first, last):
        if name in recorded:
            found += _lines(contract, recorded[name])
        elif name not in shut:
            found += _lines(contract, bought(contract, month(name, contract.zone)))
    return found


def _lines(contract: Contract, one: PlanMonth) -> list[UsageLine]:
    return [
        UsageLine(
            LineId(
                contract.contract_id,
                LineKind.FEE.value,
                fee.subject,
                one.period,
                INCLUDED,
                fee.rate_key,
            ),
            0,
            fee.amount_minor,
            fee.starts_at,
            fee.ends_at - 1,
        )
        for fee in one.fees
    ]


def _by_day(contract: Contract) -> list[PlanPhase]:
    """Return the phases that last longer than their day, without those that change nothing."""
    in_order = sorted(contract.plans, key=lambda phase: phase.starts_at)
    days = {local_date(phase.starts_at, contract.zone): phase for phase in in_order}
    kept: list[PlanPhase] = []
    for phase in days.values():
        if not kept or kept[-1].plan != phase.plan:
            kept.append(phase)
    return kept


def _days(part: Stretch, zone: str) -> int:
    return (local_date(part.ends_at, zone) - local_date(part.starts_at, zone)).days


def _subject(part: Stretch, zone: str) -> str:
    return f"{part.plan.plan_id}@{local_date(part.since, zone).isoformat()}"


def _less(lots: Iterable[Lot], used: int) -> tuple[Lot, ...]:
    """Return what is left of minutes once some were used, the oldest first (6.15)."""
    left: list[Lot] = []
    for lot in lots:
        taken = min(lot.minutes, used)
        used -= taken
        if lot.minutes > taken:
            left.append(Lot(lot.origin, lot.minutes - taken))
    return tuple(left)


def _preceding(name: str) -> str:
    year, number = map(int, name.split("-"))
    return f"{year - (number == 1):04d}-{(number - 2) % DECEMBER + 1:02d}"
