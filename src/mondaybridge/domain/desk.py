"""Where rows ask a package for hours: who may ask, what the answer is, what is recorded of it.

First everything is settled that needs no residual: lapses, lowered estimates, releases. Then rows
that ask are answered one after the other, each against what the ones before have left (ledger 4).
"""

from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import (
    Activation,
    Admission,
    Assessment,
    Origin,
    Request,
    Residual,
    Shown,
    Verdict,
    judge,
)
from mondaybridge.domain.approval import Asked, Consent, Standing, consent_of, print_of, wants_look
from mondaybridge.domain.contract import Gate, Policies
from mondaybridge.domain.ledger import charge

ENDED = frozenset({Status.DONE, Status.CANCELLED})
NOBODY = Asked()


@dataclass(frozen=True, slots=True)
class Case:
    """One row at the desk, with all that its answer depends on but the residual.

    ``replaced`` says that another row does it again; ``lacking`` are the proofs that are missing;
    ``frozen`` that some of its minutes are in a closed month, where no factor is raised any more.
    """

    row: Activity
    known: Activation
    policies: Policies
    increment: int = 1
    asked: Asked = NOBODY
    shown: Shown | None = None
    replaced: bool = False
    lacking: tuple[str, ...] = ()
    frozen: bool = False

    @property
    def consent(self) -> Consent | None:
        """Return the consent that counts, or none."""
        consent = self.known.consent
        if consent and consent.standing is Standing.UNVERIFIED:
            return None if self.policies.approval_actor is Gate.REQUIRE else consent
        return consent

    @property
    def covered(self) -> bool:
        """Whether a consent that counts covers the estimate as it is now."""
        return bool(self.consent and self.consent.covers(self.row.estimate_seconds))

    @property
    def looking(self) -> bool:
        """Whether monday's log must be asked who answered."""
        return wants_look(self.row, self.known.consent, self.asked) or self._confirming

    @property
    def _confirming(self) -> bool:
        """Whether a newer click may confirm what an activated row was told is missing (R15b).

        Its consent covers what it asks, so that nothing else would lead to a look.
        """
        row, shown, consent = self.row, self.shown, self.known.consent
        if not (shown and consent and self.known.active and row.movable):
            return False
        if row.approval is not Approval.APPROVED or self.asked.gate is Gate.OFF:
            return False
        newer = consent.at <= shown.at < (row.answered_at or row.updated_at)
        evidence = self.asked.evidence
        return newer and (evidence is None or evidence.print != print_of(row))

    @property
    def minor_minutes(self) -> int | None:
        """Return the longest estimate that starts by itself here; none: nothing does (R12)."""
        may = self.known.origin.may_be_minor and self.row.approval is not Approval.REJECTED
        return self.policies.minor_minutes if may else None

    @property
    def factor(self) -> int:
        """Return the factor that may be admitted: a raise needs a consent that covers it (R10)."""
        wants, has = self.row.factor, self.known.factor
        if self.known.steps and wants > has and (self.frozen or not self.consent):
            return has
        return min(wants, max(self.consent.factor, has)) if self.consent else wants

    @property
    def reserves(self) -> bool:
        """Whether the row, once activated, still holds hours (ledger 1)."""
        there = self.row.presence in {Presence.ACTIVE, Presence.ARCHIVED, Presence.MISSING}
        return (
            there
            and self.row.status not in ENDED
            and self.row.approval is not Approval.REJECTED
            and self.row.chargeable
            and not self.replaced
        )


def opened(
    row: Activity, known: Activation | None, origin: Origin, asked: Asked, now: int
) -> Activation:
    """Return where a row stands before it is settled: its origin and its client's word.

    A consent to an urgency that was taken back covers it no longer when it returns (R10).
    """
    known = known or Activation(row.activity_id, Admission.UNAPPROVED, origin=origin)
    written = _written(known.written, known.consent)
    proven_at = _proven_at(row, known, now)
    asked = replace(asked, written=written, proven_at=proven_at)
    consent = consent_of(row, known.consent, asked, now)
    written = tuple(_withdrawn(one, row) for one in _written(written, consent))
    if consent and consent.factor > row.factor:
        consent = replace(consent, factor=row.factor)
    return replace(known, origin=origin, consent=consent, written=written, proven_at=proven_at)


def _proven_at(row: Activity, known: Activation, now: int) -> int | None:
    """Say since when a row's urgency has its evidence, as far as that was seen (R10)."""
    if not row.urgent:
        return known.proven_at
    if not row.evidence:
        return None
    return now if known.proven_at is None else known.proven_at


def _written(written: tuple[Consent, ...], consent: Consent | None) -> tuple[Consent, ...]:
    """Add a consent that rests on a reference, unless that was used before."""
    if consent is None or not consent.reference:
        return written
    known = Asked(written=written).used(consent.reference)
    return written if known else (*written, consent)


def _withdrawn(written: Consent, row: Activity) -> Consent:
    """Return a written answer as far as it still speaks: a rejection takes it back (R19)."""
    if row.approval is Approval.REJECTED:
        return replace(written, estimate_seconds=None, factor=1)
    return replace(written, factor=min(written.factor, row.factor))


def settled(case: Case, now: int) -> Activation:
    """Return what holds before any residual is asked: lapses, lowered estimates, releases.

    An activity keeps the place of its first activation; what lapses and comes back moves its
    reserve, not its place, so that a slip of the hand on the board costs nobody else's minutes.
    What is not charged gives its minutes back too: charged again, it asks anew like any other row.
    """
    if case.row.chargeable and case.known.active and not case.known.steps:
        returned = replace(case.known, state=Admission.UNAPPROVED, auto=False)
        case = replace(case, known=returned)
    row, known = case.row, case.known
    state = _standing(case)
    if known.steps and row.factor < known.factor:
        known = replace(known, factor=row.factor, raised_at=0)
    if state is not Admission.ACTIVE:
        known = replace(known, state=state, auto=False, overcommit=0)
        return known.stepped(now, 0) if known.steps else known
    lowered = min(row.estimate_seconds or 0, known.estimate_seconds or 0)
    known = replace(known, estimate_seconds=lowered)
    if not row.chargeable:
        return replace(known, steps=(), raised_at=0, overcommit=0)
    if not case.reserves:
        return known.stepped(now, 0)
    return known.stepped(now, _charge(case, known)) if known.reserving else known


def asks(case: Case) -> bool:
    """Whether a settled row asks for hours it has not been given, or gave back."""
    row, known = case.row, case.known
    if not row.movable or not row.chargeable or known.state is Admission.REJECTED:
        return False
    if not known.active:
        return row.status is not Status.CANCELLED or case.consent is not None
    raised = (row.estimate_seconds or 0) > (known.estimate_seconds or 0)
    reopened = case.reserves and not known.reserving and _charge(case, known) > 0
    return raised or reopened or _may_raise(case)


def answered(case: Case, posted: int, reserved: int, left: Residual, now: int) -> Activation:
    """Answer a row that asks, at this instant and against this residual (ledger 4)."""
    known = case.known
    seen = judge(
        Request(case.row.estimate_seconds, case.factor, posted, reserved, case.minor_minutes), left
    )
    if known.active:
        return _more(case, seen, now)
    state = _state(case, seen)
    if state is not Admission.ACTIVE:
        return replace(known, state=state, assessment=seen)
    return _given(case, seen, now)


def started(case: Case, posted: int, hard: int, now: int) -> Activation:
    """Check an activated row when it goes into work: its need must be there (ledger 1, 4).

    A start that was let pass stays; one that was not is asked again at every review.
    """
    known = case.known
    if case.row.unreadable:
        return known
    if case.row.status is not Status.WORKING or not known.active or not case.row.movable:
        return replace(known, started_at=0, blocked=False)
    if known.started_at:
        return known
    need = max(0, _charge(case, known) - posted)
    if not case.row.chargeable:
        return replace(known, started_at=now, blocked=False)
    if need > hard or (case.reserves and need and not known.reserving):
        seen = known.assessment or Assessment(Verdict.REFUSE)
        short = replace(seen, need=need, hard=hard, missing=max(0, need - hard))
        return replace(known, blocked=True, assessment=short)
    return replace(known, started_at=now, blocked=False)


def _standing(case: Case) -> Admission:
    """Say whether what was given still stands, and if not, what it waits for."""
    row, known = case.row, case.known
    if row.approval is Approval.REJECTED:
        return Admission.REJECTED
    if known.active and (case.covered or _still_minor(case)):
        return Admission.ACTIVE
    if row.approval is not Approval.APPROVED:
        return Admission.UNAPPROVED
    if case.looking:
        return Admission.CHECKING
    if case.consent is None:
        return Admission.UNVERIFIED
    return Admission.UNAPPROVED if case.covered else Admission.STALE


def _still_minor(case: Case) -> bool:
    """Whether what started by itself may go on: its estimate is still a minor one (ledger 4)."""
    limit, seconds = case.minor_minutes, case.row.estimate_seconds
    if not (case.known.auto and limit is not None and seconds is not None):
        return False
    return -(-seconds // 60) <= limit


def _may_raise(case: Case) -> bool:
    """Whether an activated row's factor may rise: approved again, and no month closed on it."""
    consent = case.consent
    wants = case.row.factor > case.known.factor
    return bool(wants and consent and consent.factor >= case.row.factor and not case.frozen)


def _state(case: Case, seen: Assessment) -> Admission:
    if seen.verdict is Verdict.NEEDS_ESTIMATE:
        return Admission.NEEDS_ESTIMATE
    if case.lacking:
        return Admission.NEEDS_PROOF
    if seen.verdict is Verdict.REFUSE:
        return Admission.REFUSED
    if case.covered:
        return Admission.ACTIVE if _confirmed(case, seen) else Admission.CONFIRM
    if seen.verdict is Verdict.AUTO and case.row.approval is not Approval.REJECTED:
        return Admission.ACTIVE
    quiet = case.known.origin is Origin.AGREED and not seen.shortfall
    state = _standing(case)
    return Admission.CONFIRM if state is Admission.UNAPPROVED and not quiet else state


def _confirmed(case: Case, seen: Assessment) -> bool:
    """Whether the client's word covers the shortfall: it came after the numbers (R15b)."""
    if not seen.shortfall:
        return True
    shown, consent = case.shown, case.consent
    if shown is None or consent is None or consent.at <= shown.at:
        return False
    return shown.charge >= seen.charge and shown.shortfall >= seen.shortfall


def _given(case: Case, seen: Assessment, now: int) -> Activation:
    known = replace(
        case.known,
        state=Admission.ACTIVE,
        estimate_seconds=seen.estimate_seconds,
        factor=seen.factor,
        auto=not case.covered,
        overcommit=seen.shortfall,
        assessment=seen,
        raised_at=_raised(case, seen, now),
    )
    return known.stepped(now, seen.charge if case.reserves else 0)


def _more(case: Case, seen: Assessment, now: int) -> Activation:
    """Answer an activated row that asks for more: it keeps what it has unless more is given."""
    known = case.known
    refused = seen.verdict is Verdict.REFUSE
    if seen.verdict is Verdict.AUTO or (case.covered and not refused and _confirmed(case, seen)):
        return _given(case, seen, now)
    if case.covered:
        return replace(known, assessment=seen)
    state = Admission.REFUSED if refused else Admission.CONFIRM
    return replace(known, state=state, auto=False, assessment=seen).stepped(now, 0)


def _raised(case: Case, seen: Assessment, now: int) -> int:
    """Return since when the higher factor holds; from the start where nothing was charged once."""
    known = case.known
    if known.steps and seen.factor > known.factor:
        return now
    return known.raised_at if seen.factor > 1 else 0


def _charge(case: Case, known: Activation) -> int:
    return charge(known.estimate_seconds or 0, factor=known.factor, increment=case.increment)
