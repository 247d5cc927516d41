"""Whether an approved activity may take hours from its packages (ledger 4, R16).

In force today: an activity is activated when it is approved and its need fits the hard residual;
otherwise it is shown with the number that is missing.
"""

from dataclasses import dataclass, replace
from enum import Enum

from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.ledger import charge


class Admission(Enum):
    """Where an activity stands between being asked for and taking hours."""

    ACTIVE = "active"
    UNAPPROVED = "unapproved"
    REFUSED = "refused"
    NEEDS_ESTIMATE = "needs_estimate"


@dataclass(frozen=True, slots=True)
class Activation:
    """The admission as recorded: estimate and factor it covers, when, and the numbers shown.

    ``released_at`` is 0 while the activity still reserves; ``need`` and ``hard`` are minutes.
    """

    activity_id: str
    state: Admission
    estimate_seconds: int | None = None
    factor: int = 1
    activated_at: int = 0
    released_at: int = 0
    need: int = 0
    hard: int = 0

    @property
    def active(self) -> bool:
        """Whether time on the activity posts."""
        return self.state is Admission.ACTIVE

    def estimate_charge(self, increment: int) -> int:
        """Return the charge of the admitted estimate, in minutes."""
        return charge(self.estimate_seconds or 0, factor=self.factor, increment=increment)


def reserves(activity: Activity) -> bool:
    """Whether an activated activity still reserves: not done, cancelled, rejected or deleted."""
    return (
        activity.approval is Approval.APPROVED
        and activity.status not in {Status.DONE, Status.CANCELLED}
        and activity.presence in {Presence.ACTIVE, Presence.ARCHIVED, Presence.MISSING}
    )


def settle(activity: Activity, known: Activation | None, now: int) -> Activation:
    """Return what holds before any residual is asked: lapses, lowered estimates, releases.

    An activity keeps the place of its first activation; what lapses and comes back moves its
    reserve, not its place, so that a slip of the hand on the board costs nobody else's minutes.
    """
    known = known or Activation(activity.activity_id, Admission.UNAPPROVED)
    if not known.active or activity.approval is not Approval.APPROVED:
        known = replace(known, state=_unanswered(activity), need=0, hard=0)
    else:
        known = replace(
            known,
            estimate_seconds=min(activity.estimate_seconds or 0, known.estimate_seconds or 0),
            factor=min(activity.factor, known.factor),
        )
    if known.activated_at and not (known.active and reserves(activity)):
        return replace(known, released_at=known.released_at or now)
    return known


def asks(activity: Activity, known: Activation) -> bool:
    """Whether an approved activity asks for hours it has not been given, or gave back."""
    if activity.approval is not Approval.APPROVED or activity.estimate_seconds is None:
        return False
    if not activity.movable:
        return False
    raised = activity.estimate_seconds > (known.estimate_seconds or 0)
    reopened = bool(known.released_at) and reserves(activity)
    return not known.active or raised or reopened or activity.factor > known.factor


def admit(
    activity: Activity, known: Activation, *, posted: int, hard: int, increment: int, now: int
) -> Activation:
    """Give the verdict at this instant: need = max(0, charge - posted) must fit hard (R16)."""
    needed = charge(activity.estimate_seconds or 0, factor=activity.factor, increment=increment)
    need = max(0, needed - posted)
    if need > hard:
        return replace(known, need=need, hard=hard)
    return Activation(
        activity.activity_id,
        Admission.ACTIVE,
        estimate_seconds=activity.estimate_seconds,
        factor=activity.factor,
        activated_at=known.activated_at or now,
        released_at=0 if reserves(activity) else known.released_at or now,
        need=need,
        hard=hard,
    )


def _unanswered(activity: Activity) -> Admission:
    if activity.approval is not Approval.APPROVED:
        return Admission.UNAPPROVED
    if activity.estimate_seconds is None:
        return Admission.NEEDS_ESTIMATE
    return Admission.REFUSED
