"""Whether an activity may take hours from its packages, with the numbers that say why (ledger 4).

``judge`` is the verdict on one request against what is left; ``Activation`` is where an activity
stands and what has been recorded of it. Who asked and who answered stands in ``approval``.
"""

from dataclasses import dataclass, replace
from enum import Enum

from mondaybridge.domain.approval import Consent
from mondaybridge.domain.ledger import charge


class Admission(Enum):
    """Where an activity stands between being asked for and taking hours."""

    ACTIVE = "active"
    UNAPPROVED = "unapproved"
    CHECKING = "checking"
    UNVERIFIED = "unverified"
    STALE = "stale"
    CONFIRM = "confirm"
    REFUSED = "refused"
    NEEDS_ESTIMATE = "needs_estimate"
    NEEDS_PROOF = "needs_proof"
    REJECTED = "rejected"


class Verdict(Enum):
    """The answer to a request for hours (ledger 4)."""

    AUTO = "auto"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    NEEDS_ESTIMATE = "needs_estimate"


class Origin(Enum):
    """How an activity came into a package (R08, R12, R20; ledger 4)."""

    AGREED = "agreed"
    EXTRA = "extra"
    REDO = "redo"
    REQUEST = "request"

    @property
    def may_be_minor(self) -> bool:
        """Whether a small estimate starts by itself; a redo never does."""
        return self in {Origin.EXTRA, Origin.REQUEST}

    @property
    def labelled(self) -> bool:
        """Whether the name carries the suffix (R13)."""
        return self in {Origin.EXTRA, Origin.REDO}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: raw estimate, factor, what the activity has posted and reserved already.

    ``minor_minutes`` is the longest raw estimate that starts by itself, none where nothing may.
    """

    estimate_seconds: int | None
    factor: int = 1
    posted: int = 0
    reserved: int = 0
    minor_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Residual:
    """What is left at an instant: ``planned`` is agreed, not answered yet and holds no reserve."""

    hard: int
    free: int
    planned: int = 0
    increment: int = 1
    max_overcommit: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with its numbers, all in charged minutes (ledger 4).

    ``shortfall`` is what the free residual lacks, cumulative over earlier overcommits; ``missing``
    what the hard one lacks; ``at_risk`` are agreed activities that may not be completed.
    """

    verdict: Verdict
    estimate_seconds: int | None = None
    factor: int = 1
    charge: int = 0
    need: int = 0
    hard: int = 0
    free: int = 0
    planned: int = 0
    shortfall: int = 0
    missing: int = 0
    beyond_limit: bool = False
    at_risk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """From this instant on, the activity's estimate is worth so many minutes; 0: released."""

    at: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the client was shown before being asked to confirm, and since when it stands there."""

    at: int
    charge: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class Activation:
    """The admission as recorded: what is admitted, since when, on whose word, with which numbers.

    ``steps`` tell what was to be reserved over time. ``raised_at`` is when the factor was raised
    after work may have begun; before it, time was charged once. ``started_at`` is when the start
    was let pass; ``blocked`` says that it was not. ``written`` are the consents that rest on a
    reference, one for each that was ever used: an old one is no new answer (R25; ledger 4).
    ``proven_at`` is when evidence for its urgency was seen, 0: from the start, none: not yet.
    """

    activity_id: str
    state: Admission
    estimate_seconds: int | None = None
    factor: int = 1
    steps: tuple[Step, ...] = ()
    raised_at: int = 0
    origin: Origin = Origin.AGREED
    auto: bool = False
    consent: Consent | None = None
    written: tuple[Consent, ...] = ()
    proven_at: int | None = 0
    overcommit: int = 0
    assessment: Assessment | None = None
    started_at: int = 0
    blocked: bool = False

    @property
    def active(self) -> bool:
        """Whether time on the activity posts."""
        return self.state is Admission.ACTIVE

    @property
    def activated_at(self) -> int:
        """Return when it was first activated; 0: never."""
        return self.steps[0].at if self.steps else 0

    @property
    def need(self) -> int:
        """Return the minutes it needed when it was last judged."""
        return self.assessment.need if self.assessment else 0

    @property
    def hard(self) -> int:
        """Return the hard residual it was last judged against."""
        return self.assessment.hard if self.assessment else 0

    @property
    def reserving(self) -> bool:
        """Whether its last step still reserves."""
        return bool(self.steps and self.steps[-1].minutes)

    def stepped(self, at: int, minutes: int) -> "Activation":
        """Return it with a reserve changed from an instant on; an equal one is no step.

        Of two steps at one instant the later stands.
        """
        kept = self.steps[:-1] if self.steps and self.steps[-1].at == at else self.steps
        if kept and kept[-1].minutes == minutes:
            return replace(self, steps=kept)
        return replace(self, steps=(*kept, Step(at, minutes)))


def judge(request: Request, left: Residual) -> Assessment:
    """Give the verdict on a request at this instant (ledger 4, R09, R12, R15, R16)."""
    seconds = request.estimate_seconds
    seen = Assessment(
        Verdict.NEEDS_ESTIMATE,
        seconds,
        request.factor,
        hard=left.hard,
        free=left.free,
        planned=left.planned,
    )
    if seconds is None:
        return seen
    charged = charge(seconds, factor=request.factor, increment=left.increment)
    need = max(0, charged - request.posted)
    usable = left.free + request.reserved
    shortfall = max(0, need - usable)
    beyond = left.max_overcommit is not None and shortfall > left.max_overcommit
    return replace(
        seen,
        verdict=_verdict(request, need, usable, left, beyond_limit=beyond),
        charge=charged,
        need=need,
        shortfall=shortfall,
        missing=max(0, need - left.hard),
        beyond_limit=beyond,
    )


def _verdict(
    request: Request, need: int, usable: int, left: Residual, *, beyond_limit: bool
) -> Verdict:
    if need > left.hard or beyond_limit:
        return Verdict.REFUSE
    limit, raw = request.minor_minutes, -(-(request.estimate_seconds or 0) // 60)
    if limit is not None and raw <= limit and need <= usable - left.planned:
        return Verdict.AUTO
    return Verdict.CONFIRM
