"""Whose answer an estimate has, and what it covers: the client's consent (R19, R25; 6.26).

A label on the board is a picture that anybody may paint. What binds is the *consent* behind it: who
gave it, when, and to which estimate and factor. monday's log tells; it is looked up once for each
answer, and what was seen first stays.
"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum

from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.contract import Gate


class Field(Enum):
    """The cells whose changes decide what an approval covers."""

    APPROVAL = "approval"
    ESTIMATE = "estimate"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change of a cell in the log, in the order of the log.

    ``value`` and ``previous`` are canonical texts: of an approval the value of ``Approval``, of an
    estimate its seconds, of an urgency ``1`` or ``0``; an empty cell, or one that cannot be read,
    is ``""``. ``user`` is an e-mail address in lower case, or an id where none is known.
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
    """Who may answer for the client, how strictly it is checked, and what the log has told."""

    gate: Gate = Gate.OFF
    users: Collection[str] = ()
    evidence: Evidence | None = None


def print_of(row: Activity) -> str:
    """Return what an answer to a row is looked up for, each time that it is set anew.

    Where its own time is not known, any change of the row may be a new answer.
    """
    return f"{row.estimate_seconds}|{row.factor}|{row.answered_at or row.updated_at}"


def consent_of(row: Activity, known: Consent | None, asked: Asked, now: int) -> Consent | None:
    """Return the consent behind a row's label; one that was seen before stays as it was.

    A consent that covers less than the row asks for is returned too: the caller compares.
    """
    if row.approval is not Approval.APPROVED:
        return None
    reference = row.approval_reference
    if reference and not (known and known.reference == reference):
        return Consent(
            now, row.estimate_seconds, row.factor, Standing.REFERENCE, reference=reference
        )
    if asked.gate is Gate.OFF:
        if known and known.at >= row.answered_at:
            return known
        at = row.answered_at or row.updated_at or now
        return Consent(at, row.estimate_seconds, row.factor, Standing.UNCHECKED)
    logged = _logged(row, known, asked)
    if not (logged and known and known.reference) or logged.log_id == known.log_id:
        return logged
    return replace(logged, reference=reference) if _replaces(logged, known, row, asked) else known


def wants_look(row: Activity, consent: Consent | None, asked: Asked) -> bool:
    """Whether the log must be asked: the label says approved and nothing known bears it out."""
    if row.approval is not Approval.APPROVED or asked.gate is Gate.OFF or not row.movable:
        return False
    sure = consent is not None and consent.standing is not Standing.UNVERIFIED
    if sure and consent and consent.covers(row.estimate_seconds) and consent.factor >= row.factor:
        return False
    return asked.evidence is None or asked.evidence.print != print_of(row)


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
    if evidence is None or (known is None and evidence.print != print_of(row)):
        return known  # an answer that was taken back says nothing about the next one
    answers = [c for c in sorted(evidence.changes) if c.field is Field.APPROVAL]
    last = answers[-1] if answers else None
    if last is None or last.value != Approval.APPROVED.value:
        if known or not evidence.gone:
            return known
        return Consent(0, row.estimate_seconds, row.factor, Standing.UNVERIFIED)
    if known and known.log_id == last.log_id:
        return _as_known(known, asked)
    urgent = _value_at(evidence, last, Field.URGENT)
    return Consent(
        last.at,
        _estimate_at(evidence, last, row.estimate_seconds),
        1 if urgent == "0" else row.factor,
        _standing(last.user, asked),
        user=last.user,
        log_id=last.log_id,
    )


def _as_known(known: Consent, asked: Asked) -> Consent:
    """Judge the actor again: the mapping may have learned who the client's people are."""
    return replace(known, standing=_standing(known.user, asked))


def _standing(user: str, asked: Asked) -> Standing:
    named = user.casefold() in {one.casefold() for one in asked.users}
    return Standing.VERIFIED if user and named else Standing.UNVERIFIED


def _estimate_at(evidence: Evidence, answer: Change, current: int | None) -> int | None:
    text = _value_at(evidence, answer, Field.ESTIMATE)
    if text is None:
        return current
    return int(text) if text.isdecimal() else None


def _value_at(evidence: Evidence, answer: Change, field: Field) -> str | None:
    """Return what a cell held when the answer was given; None where the log does not tell."""
    changes = [c for c in sorted(evidence.changes) if c.field is field]
    before = [c for c in changes if c < answer]
    if before:
        return before[-1].value
    return changes[0].previous if changes else None
