"""The answer to a request before anybody types it (R09, R12, R15, R16; ledger 4).

Judges a row that is not there as its review would judge it now; decides nothing and says nothing
about who may ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mondaybridge.domain import remarks
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.admission import (
    Activation,
    Admission,
    Assessment,
    Origin,
    Request,
    Verdict,
    judge,
)
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.desk import Case
from mondaybridge.domain.origins import agreed_rows, origin_of
from mondaybridge.domain.outcome import Baseline
from mondaybridge.domain.prepaid import Decided
from mondaybridge.domain.worktime import hours_text


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody thinks of typing; without an origin it is what a new row would be."""

    minutes: int
    urgent: bool = False
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict with its numbers; ``at_risk`` are agreed rows that may not be completed (R15b).

    ``small`` says that the estimate is one that starts by itself, if there is room (R12).
    """

    asked: Asked
    origin: Origin
    seen: Assessment
    small: bool
    at_risk: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it cannot be done with the hours that are there."""
        return self.seen.verdict is Verdict.REFUSE


def ask(contract: Contract, decided: Decided, baseline: Baseline | None, asked: Asked) -> Answer:
    """Judge a request against what is left now."""
    policies = contract.policies
    row = Activity("", "", "", estimate_seconds=asked.minutes * 60)
    origin = asked.origin or origin_of(row, contract, agreed_rows(baseline))
    limit = policies.minor_minutes if origin.may_be_minor else None
    factor = policies.urgent_factor if asked.urgent else 1
    left = decided.left
    seen = judge(Request(row.estimate_seconds, factor, minor_minutes=limit), left)
    case = Case(row, Activation("", Admission.CONFIRM, origin=origin), policies, left.increment)
    posted = {key: decided.pool.posted(key) for key in decided.cases}
    risks = remarks.at_risk(case, seen, decided.cases, posted)
    names = tuple(decided.rows[key].name for key in risks)
    small = limit is not None and asked.minutes <= limit
    return Answer(asked, origin, seen, small, names if seen.shortfall else ())


def sentence(answer: Answer) -> str:
    """Say in plain words what would happen, with the numbers that say why."""
    return " ".join(_parts(answer))


def _parts(answer: Answer) -> Iterator[str]:
    seen = answer.seen
    need, free, hard = map(hours_text, (seen.need, seen.free, seen.hard))
    if seen.factor > 1:
        raw = hours_text(answer.asked.minutes)
        yield f"Urgent: {raw} counts {seen.factor} times, {need}."
    match seen.verdict:
        case Verdict.AUTO:
            yield f"It starts by itself: {need} is needed and {free} is free."
        case Verdict.CONFIRM if seen.shortfall:
            short = hours_text(seen.shortfall)
            yield f"The client must confirm first: {need} is needed, {free} is free, {short} short;"
            risks = f": {', '.join(answer.at_risk)}" if answer.at_risk else ""
            yield f"the hours may then not suffice to complete everything that was agreed{risks}."
        case Verdict.CONFIRM:
            yield f"It fits: {need} is needed and {free} is free. {_why(answer)}"
        case _ if seen.missing:
            short = hours_text(seen.missing)
            yield f"It cannot be done: {need} is needed and {hard} is left, {short} is missing."
            yield "Lower the estimate, or sell another package."
        case _:
            short = hours_text(seen.shortfall)
            yield f"It cannot be done: it would go {short} beyond what is free, more than the"
            yield "contract allows (max_overcommit). Lower the estimate, or sell another package."
    if answer.asked.urgent:
        yield "The urgency needs the client's own words as evidence."


def _why(answer: Answer) -> str:
    """Say why the client must be asked though the hours are there."""
    seen = answer.seen
    if answer.small:
        planned = hours_text(seen.planned)
        return f"The client must confirm first: {planned} of what is free is for agreed activities."
    if answer.origin is Origin.REDO:
        return "The client must approve it first: what is done again never starts by itself."
    if answer.origin is Origin.AGREED:
        return "The client must approve it first, like everything that is agreed."
    return "The client must confirm first: it is too long to start by itself."
