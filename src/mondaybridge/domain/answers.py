"""What is known for ever of the client's answers: each one, with what it was given to (ledger 2).

An activation shows where an activity stands now; an approval that was voided since, and the numbers
that were confirmed, stay as facts of their own (R15b, R19, R25).
"""

from collections.abc import Iterable, Iterator, Mapping

from mondaybridge.domain.admission import Activation, Admission
from mondaybridge.domain.approval import Consent
from mondaybridge.domain.outcome import Fact

APPROVED, CONFIRMED, REJECTED = "approved", "confirmed", "rejected"
NUMBERS = ("charge", "need", "free", "hard", "shortfall")


def answers(before: Mapping[str, Activation], after: Iterable[Activation]) -> Iterator[Fact]:
    """Yield what is new among the answers to activities whose admission changed."""
    for one in after:
        known = before.get(one.activity_id)
        consent, earlier = one.consent, known.consent if known else None
        if consent and (earlier is None or _mark(earlier) != _mark(consent)):
            yield _approved(one.activity_id, consent)
        if one.active and one.overcommit and one.overcommit != (known.overcommit if known else 0):
            yield _confirmed(one)
        was = known.state if known else None
        if one.state is Admission.REJECTED and was is not Admission.REJECTED:
            yield Fact(REJECTED, one.activity_id)


def _approved(activity_id: str, consent: Consent) -> Fact:
    args = (
        ("at", consent.at),
        ("estimate_seconds", consent.estimate_seconds or 0),
        ("factor", consent.factor),
        ("standing", consent.standing.value),
    )
    return Fact(APPROVED, activity_id, consent.user, args, consent.reference or consent.log_id)


def _confirmed(one: Activation) -> Fact:
    """Keep the numbers that the confirmation was given to, with whose word it was."""
    seen, consent = one.assessment, one.consent
    args = tuple((name, int(getattr(seen, name))) for name in NUMBERS) if seen else ()
    user = consent.user if consent else ""
    cause = (consent.reference or consent.log_id) if consent else ""
    return Fact(CONFIRMED, one.activity_id, user, args, cause)


def _mark(consent: Consent) -> tuple[int, str, str, str]:
    return consent.at, consent.log_id, consent.reference, consent.standing.value
