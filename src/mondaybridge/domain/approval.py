"""Whose answer an estimate has, and what it covers: the client's consent (R19, R25; 6.26).

A label on the board is a picture that anybody may paint. What binds is the *consent* behind it: who
gave it, when, and to which estimate and factor. monday's log tells; it is looked up once for each
answer, and what was seen first stays.
"""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.contract import Gate


class Field(Enum):
    """The cells whose changes decide what an approval covers."""

    APPROVAL = "approval"
    ESTIMATE = "estimate"
    URGENT = "urgent"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change of a cell in the log, in the order of the log.

    ``value`` and ``previous`` are canonical texts: of an approval the value of ``Approval``, of an
    estimate its seconds, of an urgency ``1`` or ``0``, and so of whether there is evidence for it;
    an empty cell, or one that cannot be read, is ``""``. ``user`` is an e-mail address in lower
    case, or an id where none is known.
    """

    at: int
    log_id: str
    field: Field = dataclasses.field(compare=False)
    value: str = dataclasses.field(compare=False)
    previous: str = dataclasses.field(compare=False, default="")
    user: str = dataclasses.field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the log told about a row that showed ``print``; ``gone``: it does not tell any more."""

    print: str
    changes: tuple[Change, ...] = ()
    gone: bool = False


class Standing(Enum):
    """How well a consent is known to be the client's."""

    VERIFIED = "verified"
    REFERENCE = "reference"
    UNCHECKED = "unchecked"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Consent:
    """An answer that approved: when, by whom, the estimate and factor it was given to."""

    at: int
    estimate_seconds: int | None
    factor: int
    standing: Standing
    user: str = ""
    log_id: str = ""
    reference: str = ""

    def covers(self, estimate_seconds: int | None) -> bool:
        """Whether an estimate is within what was approved; a raised one is not (R19)."""
        return (self.estimate_seconds or 0) >= (estimate_seconds or 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who may answer for the client, how strictly it is checked, and what the log has told.

    ``written`` are the consents of references that were used before. ``proven_at`` is when evidence
    for the urgency was first seen, if the row had been seen without it.
    """

    gate: Gate = Gate.OFF
    users: Collection[str] = ()
    evidence: Evidence | None = None
    written: Sequence[Consent] = ()
    proven_at: int | None = 0

    def used(self, reference: str, known: Consent | None = None) -> Consent | None:
        """Return the consent that a reference was given as, however it is typed by now."""
        text, all_known = _plain(reference), (*self.written, *([known] if known else []))
        return next((one for one in all_known if _plain(one.reference) == text), None)

    def told(self, row: Activity) -> bool:
        """Whether the log was asked about what a row shows now."""
        return self.evidence is not None and self.evidence.print == print_of(row)


def print_of(row: Activity) -> str:
    """Return what an answer to a row is looked up for, each time that it is set anew.

    Where its own time is not known, any change of the row may be a new answer.
    """
    return f"{row.estimate_seconds}|{row.factor}|{row.answered_at or row.updated_at}"


def consent_of(row: Activity, known: Consent | None, asked: Asked, now: int) -> Consent | None:
    """Return the consent behind a row's label; one that was seen before stays as it was.

    A consent that covers less than the row asks for is returned too: the caller compares. A
    reference that was used before says what it said then: it answers no later estimate (R25).
    """
    if row.approval is not Approval.APPROVED:
        return None
    reference = row.approval_reference
    before = asked.used(reference, known) if reference else None
    if reference and before is None:
        return Consent(
            now, row.estimate_seconds, row.factor, Standing.REFERENCE, reference=reference
        )
    if asked.gate is not Gate.OFF:
        return _looked_up(row, known, before, asked)
    if known and known.at >= row.answered_at:
        return known
    at = row.answered_at or row.updated_at or now
    return Consent(at, row.estimate_seconds, row.factor, Standing.UNCHECKED)


def wants_look(row: Activity, consent: Consent | None, asked: Asked) -> bool:
    """Whether the log must be asked: the label says approved and nothing known bears it out."""
    if row.approval is not Approval.APPROVED or asked.gate is Gate.OFF or not row.movable:
        return False
    sure = consent is not None and consent.standing is not Standing.UNVERIFIED
    if sure and consent and consent.covers(row.estimate_seconds) and consent.factor >= row.factor:
        return False
    return not asked.told(row)


def _looked_up(
    row: Activity, known: Consent | None, before: Consent | None, asked: Asked
) -> Consent | None:
    """Return what the log bears out, beside what was written ``before`` in the same words."""
    logged = _logged(row, known, asked)
    if known is None:
        return _clicked(logged, before, row, asked) if before and asked.told(row) else logged
    if not (logged and known.reference) or logged.log_id == known.log_id:
        return logged
    return _clicked(logged, known, row, asked)


def _clicked(logged: Consent | None, written: Consent, row: Activity, asked: Asked) -> Consent:
    """Return the click where it stands in for a written answer, else the written answer."""
    if logged is None or not _replaces(logged, written, row, asked):
        return written
    return replace(logged, reference=row.approval_reference)


def _replaces(logged: Consent, known: Consent, row: Activity, asked: Asked) -> bool:
    """Whether a later click stands in for a written answer.

    It does when it is the client's own, or, where that is not demanded, when the estimate is beyond
    what was written.
    """
    if logged.at <= known.at:
        return False
    lenient = asked.gate is Gate.WARN and not known.covers(row.estimate_seconds)
    return lenient or logged.standing is Standing.VERIFIED


def _logged(row: Activity, known: Consent | None, asked: Asked) -> Consent | None:
    evidence = asked.evidence
    if evidence is None or (known is None and not asked.told(row)):
        return known  # an answer that was taken back says nothing about the next one
    answers = [c for c in sorted(evidence.changes) if c.field is Field.APPROVAL]
    last = answers[-1] if answers else None
    if last is None or last.value != Approval.APPROVED.value:
        if known or not evidence.gone:
            return known
        return Consent(0, row.estimate_seconds, row.factor, Standing.UNVERIFIED)
    if known and known.log_id == last.log_id:
        return _as_known(known, asked)
    return Consent(
        last.at,
        _estimate_at(evidence, last, row.estimate_seconds),
        _factor_at(evidence, last, row, asked),
        _standing(last.user, asked),
        user=last.user,
        log_id=last.log_id,
    )


def _as_known(known: Consent, asked: Asked) -> Consent:
    """Judge the actor again: the mapping may have learned who the client's people are.

    Whoever was one of them when the answer was seen stays it: leaving takes no word back.
    """
    if known.standing is Standing.VERIFIED:
        return known
    return replace(known, standing=_standing(known.user, asked))


def _standing(user: str, asked: Asked) -> Standing:
    named = user.casefold() in {one.casefold() for one in asked.users}
    return Standing.VERIFIED if user and named else Standing.UNVERIFIED


def _plain(reference: str) -> str:
    return " ".join(reference.split()).casefold()


def _estimate_at(evidence: Evidence, answer: Change, current: int | None) -> int | None:
    text = _value_at(evidence, answer, Field.ESTIMATE)
    if text is None:
        return current
    return int(text) if text.isdecimal() else None


def _factor_at(evidence: Evidence, answer: Change, row: Activity, asked: Asked) -> int:
    """Return the factor that an answer was given to: urgency and its evidence stood there both.

    Evidence added later counts as raising (ledger 4), also where the log does not tell of it.
    """
    urgent = _value_at(evidence, answer, Field.URGENT)
    proof = _value_at(evidence, answer, Field.EVIDENCE)
    if "0" in {urgent, proof} or (proof is None and answer.at <= (asked.proven_at or 0)):
        return 1
    return row.factor


def _value_at(evidence: Evidence, answer: Change, field: Field) -> str | None:
    """Return what a cell held when the answer was given; None where the log does not tell."""
    changes = [c for c in sorted(evidence.changes) if c.field is field]
    before = [c for c in changes if c < answer]
    if before:
        return before[-1].value
    return changes[0].previous if changes else None
