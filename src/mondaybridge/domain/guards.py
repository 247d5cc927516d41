"""What a row must bring before it may move hours, and what keeps it still (ledger 5.7; R05-R07).

A guarded row is parked with a sentence that says how to mend it; nothing of it is lost.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from mondaybridge.domain.activity import Activity, Capture
from mondaybridge.domain.admission import Origin
from mondaybridge.domain.contract import Contract, Gate, Policies
from mondaybridge.domain.ledger import SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.worktime import hours_text

MINUTE_MS = 60_000
GUEST = "guest"
COPY_MS = 10 * MINUTE_MS
SUFFIX = re.compile(r"(\s*\(extra\))+\s*$", re.IGNORECASE)


def bare(name: str) -> str:
    """Return a name without the suffix of an extra, however it was typed (R13)."""
    return SUFFIX.sub("", name).strip()


def guarded(
    activities: Iterable[Activity], contract: Contract, history: History
) -> dict[str, Activity]:
    """Return rows by id, in order, as they may be taken: what looks wrong is parked.

    The factor that a row asks for follows from its urgency and the evidence for it (R10).
    """
    mine = own(activities, history)
    rows = {a.activity_id: a for a in sorted(mine, key=lambda a: a.activity_id)}
    posted = {one.activity_id for one in history.sums if one.group is SumGroup.POST}
    copies = _copies(rows.values(), posted)
    return {
        key: asking(
            _parked(row, contract, copies.get(key) if key not in posted else None), contract
        )
        for key, row in rows.items()
    }


def own(activities: Iterable[Activity], history: History) -> list[Activity]:
    """Return rows with those parked on which somebody tracked time who is not the agency's (5.7).

    The client's people are guests, or listed under the client; of whom nothing is known yet, is
    not suspected.
    """
    users = {user.casefold() for user in history.users}
    foreign = {
        person_id: email or "a guest"
        for person_id, (email, kind) in history.people.items()
        if kind == GUEST or email.casefold() in users
    }
    return [_strangers_parked(row, foreign) for row in activities] if foreign else list(activities)


def lacking(
    row: Activity, origin: Origin, policies: Policies, users: Collection[str]
) -> tuple[str, ...]:
    """Return the proofs that keep a row from being activated; what was agreed needs none."""
    return missing(row, origin, policies, users, Gate.REQUIRE)


def missing(
    row: Activity, origin: Origin, policies: Policies, users: Collection[str], gate: Gate
) -> tuple[str, ...]:
    """Return the proofs that are missing and whose policy is this one (R05, R06, R07)."""
    asked = origin is not Origin.AGREED
    known = {user.casefold() for user in users}
    stranger = not known & set(re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", row.requester.casefold()))
    checks = (
        ("reference", policies.request_reference, asked and not row.reference),
        ("requester", policies.requester, asked and stranger),
        ("service", policies.service_type, not (row.service and row.service_known)),
        ("agreement", policies.service_type, row.agreement_needed and not row.agreed_with),
    )
    return tuple(name for name, policy, lacks in checks if policy is gate and lacks)


def twins(rows: Mapping[str, Activity]) -> dict[str, str]:
    """Return rows whose reference stands on an earlier row already: one e-mail, one request."""
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for row in sorted(rows.values(), key=lambda r: (r.created_at, r.activity_id)):
        reference = " ".join(row.reference.split()).casefold()
        if reference and row.movable:
            other = first.setdefault(reference, row.activity_id)
            if other != row.activity_id:
                found[row.activity_id] = other
    return found


def asking(row: Activity, contract: Contract) -> Activity:
    """Return a row with the factor that it asks for: more than once only with evidence (R10)."""
    if not row.urgent:
        return row
    return replace(row, factor=contract.policies.urgent_factor if row.evidence else 1)


def _strangers_parked(row: Activity, foreign: Mapping[str, str]) -> Activity:
    who = next((foreign[s.person_id] for s in row.sessions if s.person_id in foreign), None)
    if who is None or not row.movable:
        return row
    reason = (
        f"time was tracked by {who}, who is not one of the agency's people: delete that session "
        "and let the one who worked enter it"
    )
    return replace(row, parked=reason)


def _parked(row: Activity, contract: Contract, original: str | None) -> Activity:
    if not row.movable:
        return row
    longest = contract.policies.max_session_minutes
    for session in row.sessions:
        if session.seconds > longest * 60 and session.origin is Capture.TRACKED:
            return replace(
                row,
                parked=f"a session lasts {hours_text(session.seconds // 60)}, longer than "
                f"{hours_text(longest)}: correct its end",
            )
    if original:
        return replace(
            row,
            parked=f"looks like a copy of row {original} (same name and time): delete it, or give "
            "it its own name",
        )
    return row


def _copies(rows: Iterable[Activity], posted: Collection[str]) -> dict[str, str]:
    """Return rows that were born with another row's name and time (ledger 5.7).

    Time is compared as it was then, and estimates not at all: what people do to either row later
    does not hide the copy. What an original posted stays its own when it is gone or unreadable.
    """
    earlier: dict[str, list[Activity]] = {}
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: (r.created_at, r.activity_id)):
        if not (row.movable or row.activity_id in posted):
            continue
        likes = earlier.setdefault(bare(row.name).casefold(), [])
        birth = row.created_at + COPY_MS
        born = _seconds(row, birth) if row.created_at else 0
        original = next((o for o in likes if born and _seconds(o, birth) == born), None)
        if original:
            found[row.activity_id] = original.activity_id
        likes.append(row)
    return found


def _seconds(row: Activity, until: int) -> int:
    return sum(session.seconds for session in row.sessions if session.started_at <= until)
