"""Why a line is what it is: from the sessions on the board to the documents, with every cause.

What is asked for is a line's id at Stripe, its identity, or an activity's id. Nothing is computed
anew that was recorded: entries, events and documents are shown as they stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity, Session
from mondaybridge.domain.adjusting import kept_scopes
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.documents import DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.grouping import DAY, GROUP, SERVICE
from mondaybridge.domain.guards import asking
from mondaybridge.domain.ledger import ChainedEntry, EntryKind
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.questions import QuestionEvent, adjustments
from mondaybridge.domain.usage import LineId, line_id_of, parse_line_id, price_of
from mondaybridge.domain.work import pieces, scopes
from mondaybridge.domain.worktime import iso
from mondaybridge.errors import FindingsError
from mondaybridge.i18n import day_text, text
from mondaybridge.store import answers, billing, facts, groups, ledger, mirror, questions
from mondaybridge.store.engine import Tx
from mondaybridge.store.facts import EventRow

NOTHING = (
    "nothing is known of {asked!r}: give the id of an activity, of a line at Stripe (il_…) or a "
    "line's identity as its metadata has it (mb_line)"
)


def explain(app: App, asked: str) -> list[dict[str, Any]]:
    """Return what stands behind a line or an activity, once per contract that it took time from.

    FindingsError: nothing is known by this name.
    """
    if not asked.strip():
        raise FindingsError(NOTHING.format(asked=asked))
    with app.store.read() as tx:
        line = _line(tx, asked)
        activity_id = line.subject if line else asked
        found = [
            _explained(tx, client, contract, activity_id, line)
            for client in app.mapping.clients
            for contract in client.contracts
            if line is None or line.contract_id == contract.contract_id
            if _has(tx, contract, activity_id)
        ]
    if not found:
        raise FindingsError(NOTHING.format(asked=asked))
    return found


def _line(tx: Tx, asked: str) -> LineId | None:
    identity = asked if asked.startswith("[") else billing.identity_of(tx, asked)
    try:
        return parse_line_id(identity) if identity else None
    except ValueError as wrong:
        raise FindingsError(str(wrong)) from None


def _has(tx: Tx, contract: Contract, activity_id: str) -> bool:
    """Whether a contract has the row on its boards, or took time of it."""
    rows = mirror.activities(tx, contract.contract_id)
    if any(row.activity_id == activity_id for row in rows):
        return True
    return any(
        activity_id in {row.entry.activity_id, row.entry.package_id}
        for row in ledger.entries(tx, contract.contract_id)
    )


def _explained(
    tx: Tx, client: Client, contract: Contract, activity_id: str, line: LineId | None
) -> dict[str, Any]:
    key = contract.contract_id
    row = next((r for r in mirror.activities(tx, key) if r.activity_id == activity_id), None)
    entries = [
        one
        for one in ledger.entries(tx, key)
        if activity_id in {one.entry.activity_id, one.entry.package_id}
        if line is None or line_id_of(key, one.entry) == line
    ]
    name = mirror.names(tx, {activity_id}).get(activity_id, activity_id)
    known = facts.activations(tx, key).get(activity_id)
    row = _charged_as(row, contract, known) if row else None
    events = [one for one in facts.events(tx, key) if one.activity_id == activity_id]
    who = {user: email for user, (email, _) in answers.people(tx).items() if email}
    acts = [act for act in questions.acts(tx, key) if act.activity_id == activity_id]
    return {
        "client": client.client_id,
        "contract": key,
        "kind": contract.kind.value,
        "activity": activity_id,
        "title": name,
        "row": _row(row) if row else None,
        "sessions": [_session(one, who) for one in (row.sessions if row else ())],
        "approval": _approval(tx, known, activity_id, who),
        "charged": _charged(contract, row, acts) if row else [],
        "rounding": {"increment_minutes": contract.increment_minutes, "mode": "up"},
        "lines": _lines(tx, client, key, entries),
        "entries": [_entry(one) for one in entries],
        "events": [_event(one, who) for one in events],
    }


def _charged_as(row: Activity, contract: Contract, known: Activation | None) -> Activity:
    """Return a row with the factor it is charged with: the admitted one, else what it asks for."""
    asked = asking(row, contract)
    return replace(row, factor=known.factor if known and known.steps else asked.factor)


def _row(row: Activity) -> dict[str, Any]:
    return {
        "board": row.board_id,
        "presence": row.presence.value,
        "status": row.status.value,
        "estimate_seconds": row.estimate_seconds,
        "urgent": row.urgent,
        "evidence": row.evidence,
        "factor": row.factor,
        "bug": row.bug,
        "documentation": row.documentation,
        "chargeable": row.chargeable,
        "note": row.note,
        "parked": row.parked,
    }


def _session(one: Session, who: Mapping[str, str]) -> dict[str, Any]:
    """Return a stretch of time; who worked is named by address where monday tells one."""
    return {
        "session": one.session_id,
        "origin": one.origin.value,
        "person": who.get(one.person_id, one.person_id),
        "person_id": one.person_id,
        "from": iso(one.started_at),
        "to": iso(one.ended_at),
        "seconds": one.seconds,
    }


def _approval(
    tx: Tx, known: Activation | None, activity_id: str, who: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return who answered, to which estimate and factor, and what the log said of it (R25)."""
    if known is None:
        return None
    consent = known.consent
    return {
        "state": known.state.value,
        "origin": known.origin.value,
        "automatic": known.auto,
        "estimate_seconds": known.estimate_seconds,
        "factor": known.factor,
        "activated": iso(known.activated_at) if known.activated_at else "",
        "urgency_proven": iso(known.proven_at) if known.proven_at else "",
        "by": who.get(consent.user, consent.user) if consent else "",
        "at": iso(consent.at) if consent else "",
        "standing": consent.standing.value if consent else "",
        "reference": consent.reference if consent else "",
        "log": [
            {
                "at": iso(change.at),
                "by": change.user,
                "cell": change.field.value,
                "from": change.previous,
                "to": change.value,
                "log_id": change.log_id,
            }
            for change in answers.changes(tx, [activity_id]).get(activity_id, [])
        ],
    }


def _charged(
    contract: Contract, row: Activity, acts: Sequence[QuestionEvent]
) -> list[dict[str, Any]]:
    """Return how measured seconds became minutes: times the factor, rounded once (ledger 1).

    What an upheld question takes off is told with the question (semantics 6.24).
    """
    cut = pieces(row, contract)
    worked = scopes(cut, factor=row.factor, increment=contract.increment_minutes)
    caps = {period: one for (_, period), one in adjustments(acts).items()}
    upheld = {period: act for act in acts for period, _, _ in act.adjusted}
    return [
        {
            "month": scope.period,
            "seconds": scope.seconds,
            "factor": row.factor,
            "minutes": kept.minutes,
            "upheld": _upheld(upheld.get(scope.period), scope.minutes - kept.minutes),
            **_price(scope.rate_key),
        }
        for scope, kept in zip(worked, kept_scopes(worked, caps), strict=True)
    ]


def _upheld(act: QuestionEvent | None, minutes: int) -> dict[str, Any] | None:
    """Return the question that took minutes off a month's charge, and when it was upheld."""
    if act is None or not minutes:
        return None
    return {
        "question": act.question_id,
        "at": iso(act.at),
        "by": act.actor,
        "why": act.text,
        "minutes": minutes,
    }


def _price(rate_key: str) -> dict[str, Any]:
    if not rate_key:
        return {"rate": "", "tax_rate": ""}
    price = parse_rate_key(rate_key)
    return {"rate": amount_text(price.unit_minor, price.currency), "tax_rate": price.tax_rate}


def _lines(
    tx: Tx, client: Client, contract_id: str, entries: Iterable[ChainedEntry]
) -> list[dict[str, Any]]:
    """Return the split into lines: what the ledger asks for, and what documents show of each."""
    asked: dict[LineId, int] = {}
    for entry in (one.entry for one in entries):
        line_id = line_id_of(contract_id, entry)
        if line_id:
            asked[line_id] = asked.get(line_id, 0) + entry.minutes
    papers = billing.documents(tx, client.client_id) if asked else []
    behind = {one: groups.members(tx, str(one)) for one in _groups(papers)}
    return [
        {
            "line": str(line_id),
            "month": line_id.period,
            "source": line_id.source,
            **_price(line_id.rate_key),
            "minutes": minutes,
            "amount_minor": price_of(line_id, minutes),
            "documents": [
                {
                    "number": paper.number or paper.stripe_id,
                    "type": paper.type.value,
                    "status": paper.status,
                    "line": line.stripe_line_id,
                    "minutes": sign * line.minutes,
                    "amount_minor": sign * line.amount_minor,
                    "group": _group(client, line, behind),
                }
                for paper in papers
                for sign in (-1 if paper.type is DocumentType.CREDIT_NOTE else 1,)
                for line in paper.lines or ()
                if line.line_id and _stands(line_id, line.line_id, behind)
            ],
        }
        for line_id, minutes in sorted(asked.items())
    ]


def _groups(papers: Iterable[ObservedDocument]) -> set[LineId]:
    lines = (line.line_id for paper in papers for line in paper.lines or ())
    return {one for one in lines if one and one.subject.startswith(GROUP)}


def _stands(mine: LineId, issued: LineId, behind: Mapping[LineId, Mapping[str, int]]) -> bool:
    """Whether a line of a document is an activity's own, or one in which it is taken together."""
    same = replace(issued, subject=mine.subject) == mine
    return issued == mine or (same and mine.subject in behind.get(issued, {}))


def _group(
    client: Client, line: ObservedLine, behind: Mapping[LineId, Mapping[str, int]]
) -> dict[str, Any] | None:
    """Name a line that stands for several activities as the document does (semantics 6.21)."""
    if line.line_id is None or line.line_id not in behind:
        return None
    label, locale = line.line_id.subject, client.locale
    if label.startswith(SERVICE):
        title = text("line.group", locale, title=label.removeprefix(SERVICE))
    else:
        day = date.fromisoformat(label.removeprefix(DAY))
        title = f"{day_text(day, locale)} · {text('line.group_day', locale)}"
    return {"label": label, "title": title, "activities": len(behind[line.line_id])}


def _entry(one: ChainedEntry) -> dict[str, Any]:
    entry = one.entry
    return {
        "seq": one.seq,
        "at": iso(one.posted_at),
        "kind": entry.kind.value,
        "minutes": entry.minutes,
        "month": entry.period,
        "source": entry.source,
        "package": entry.package_id,
        "seconds": entry.seconds_raw,
        "factor": entry.factor,
        **_price(entry.rate_key),
        "cause": entry.cause,
        "correction": entry.kind is EntryKind.ADJUST,
        "hash": one.hash[:12],
    }


def _event(one: EventRow, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": iso(one.at),
        "kind": one.kind,
        "by": who.get(one.actor, one.actor),
        "args": dict(one.args),
        "cause": one.cause,
    }
