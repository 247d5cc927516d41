"""What a row deserves to be told: a rule and plain arguments; the sentences are made elsewhere.

A *notice* is a comment on the row, for when somebody must act; a *remark* is the one sentence in
the bridge's own cell. Both are the same value. Minutes are integers, texts are plain.
"""

from dataclasses import dataclass
from enum import Enum

Args = tuple[tuple[str, int | str], ...]


class Rule(Enum):
    """What is told; each has a text in every language, and its arguments are named there."""

    ESTIMATE = "estimate"  # no estimate yet
    APPROVAL = "approval"  # waits for the client: estimate, charge
    CONFIRM = (
        "confirm"  # extra or beyond what is free: charge, need, free, hard, shortfall, at_risk
    )
    RESIDUAL = "residual"  # does not fit: need, hard, missing; given, if less goes on meanwhile
    LIMIT = "limit"  # beyond what may be overcommitted: shortfall, limit
    STALE = "stale"  # approved for less: covered, estimate, factor
    UNVERIFIED = "unverified"  # approved by somebody who is not the client: actor, counted
    CHECKING = "checking"  # who approved is being looked up
    REJECTED = "rejected"  # the client said no
    PROOF = "proof"  # what is missing: reference, requester, service, agreement
    START = "start"  # in work and may not be: why (a rule's value), need, hard, missing
    BLOCKED = "blocked"  # approved, and the hours are not there at its start: need, hard, missing
    MINOR = "minor"  # started by itself: estimate, charge, limit
    EVIDENCE = "evidence"  # urgent without the client's word: charged once
    RAISE = "raise"  # urgent since: charge now, charge then; needs approval
    FROZEN = "frozen"  # urgent only after its month was closed: charge now
    URGENT = "urgent"  # worked, factor, charge
    OVERRUN = "overrun"  # worked, estimate, over, unfunded
    TWIN = "twin"  # the same reference stands on another row: other
    FLOOD = "flood"  # several minor extras of one request in a day: count
    REPLACED = "replaced"  # another row does it again: other
    DUE = "due"  # past its rigid date: day
    PASSED = "passed"  # past its flexible date: day
    LATE = "late"  # not taken in charge in time: due
    PARKED = "parked"  # a cell must be corrected first
    QUESTION = "question"  # the client asks about its time: due; which reminder
    ANSWERED = "answered"  # the answer is there: until when it may be objected to; which reminder
    UNANSWERED = "unanswered"  # the column says that it is over, and nobody has answered
    ADJUSTMENT = "adjustment"  # the column says adjusted, and nobody said to what
    USED = "used"  # of the package: percent, posted, granted; which generation of sales
    EXPIRY = "expiry"  # of the package: days, minutes left; the last day
    UNPAID = "unpaid"  # hours bought and not usable: locked, waits; it has its own price meanwhile
    UNDOCUMENTED = "undocumented"  # a bug without documentation: charged like any other work
    BASELINE = "baseline"  # of the package: more was agreed than granted: total, granted


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told about one row; about the package, ``activity_id`` is empty."""

    activity_id: str
    rule: Rule
    args: Args = ()
