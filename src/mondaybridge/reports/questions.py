"""Questions as they stand: what each is about, its thread, until when it waits (R41b).

Read only; what people do with them is in ``workflows.questions``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract, Questioned
from mondaybridge.domain.ledger import SumGroup
from mondaybridge.domain.questioning import Wait, wait
from mondaybridge.domain.questions import Question, QuestionEvent, adjustments, allowed, fold
from mondaybridge.domain.worktime import DAY_MS, iso
from mondaybridge.errors import FindingsError
from mondaybridge.store import ledger, mirror, questions
from mondaybridge.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its contract, its row's title, what is charged by month, and its wait.

    ``held`` says that its lines stay out of the invoice while it is open.
    """

    contract_id: str
    title: str
    question: Question
    charged: Mapping[str, int]
    wait: Wait
    held: bool


def listed(app: App) -> list[Asked]:
    """Return every question of every contract, the open ones first, each oldest first."""
    found = []
    with app.store.read() as tx:
        known = set(questions.contracts(tx))
        for contract in (c for c in app.mapping.contracts if c.contract_id in known):
            events = questions.acts(tx, contract.contract_id)
            found += [asked(tx, contract, one) for one in fold(events)]
    return sorted(found, key=lambda a: (not a.question.open, a.question.began_at))


def contract_of(app: App, question_id: str) -> Contract:
    """Return the contract in which a question was asked; FindingsError if nobody asked it."""
    with app.store.read() as tx:
        for key in questions.contracts(tx):
            if any(one.question_id == question_id for one in questions.acts(tx, key)):
                return app.mapping.contract(key)
    raise FindingsError(f"nobody asked a question {question_id}: see 'question list'")


def shown(app: App, question_id: str) -> Asked:
    """Return one question with its thread; FindingsError if nobody asked it."""
    contract = contract_of(app, question_id)
    with app.store.read() as tx:
        events = questions.acts(tx, contract.contract_id)
        known = next(q for q in fold(events) if q.question_id == question_id)
        return asked(tx, contract, known)


def asked(tx: Tx, contract: Contract, question: Question) -> Asked:
    """Return a question with what stands around it."""
    key = question.activity_id
    months = charged(tx, contract, key).items()
    return Asked(
        contract.contract_id,
        mirror.names(tx, {key}).get(key, key),
        question,
        {period: minutes for period, minutes in sorted(months) if question.about(period)},
        wait(question, contract) if question.open else Wait(None),
        question.open and contract.billing.questioned is Questioned.HOLD,
    )


def charged(tx: Tx, contract: Contract, activity_id: str) -> dict[str, int]:
    """Return what is posted for an activity, by month; what was given up whole stands at 0."""
    events = questions.acts(tx, contract.contract_id)
    found = {period: 0 for key, period in adjustments(events) if key == activity_id}
    for one in ledger.sums(tx, contract.contract_id):
        if one.group is SumGroup.POST and one.activity_id == activity_id:
            found[one.period] = found.get(one.period, 0) + one.minutes
    return found


def open_questions(app: App) -> list[dict[str, Any]]:
    """Return the open questions as ``status`` shows them: how old, until when, what to do."""
    now = app.clock.now()
    return [summary(one, now) for one in listed(app) if one.question.open]


def about_month(
    tx: Tx, contract: Contract, period: str, activities: Collection[str], now: int
) -> list[dict[str, Any]]:
    """Return all that was ever asked about a month of a contract: a statement keeps it."""
    known = fold(questions.acts(tx, contract.contract_id))
    mine = [q for q in known if q.about(period) and (q.period or q.activity_id in activities)]
    return [summary(asked(tx, contract, one), now) for one in mine]


def summary(one: Asked, now: int) -> dict[str, Any]:
    """Return a question in one row of plain values."""
    question = one.question
    waits_for = "a word about the answer" if question.answered_at else "an answer"
    if question.asked_at > question.answered_at:
        waits_for = "an answer"
    return {
        "question": question.question_id,
        "contract": one.contract_id,
        "activity": question.activity_id,
        "title": one.title,
        "month": question.period,
        "state": question.state.value,
        "asked": iso(question.began_at),
        "age_days": (now - question.began_at) // DAY_MS if question.open else None,
        "waits_for": waits_for if question.open else "",
        "due": iso(one.wait.due_at) if one.wait.due_at is not None else "",
        "overdue": one.wait.due_at is not None and one.wait.due_at <= now,
        "reminders": one.wait.reminded(now),
        "minutes": sum(one.charged.values()),
        "held": one.held,
        "next": allowed(question.state),
    }


def details(one: Asked, now: int) -> dict[str, Any]:
    """Return a question with its months and its whole thread."""
    return {
        **summary(one, now),
        "months": dict(one.charged),
        "adjusted": [
            {"month": period, "minutes": minutes, "worked_minutes": before}
            for period, minutes, before in one.question.adjusted
        ],
        "thread": [_message(event) for event in one.question.thread],
    }


def _message(event: QuestionEvent) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "act": event.act.value,
        "by": event.actor,
        "origin": event.origin.value,
        "text": event.text,
    }
