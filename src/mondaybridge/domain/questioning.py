"""Questions as a review meets them: what the board's column and time bring, what is told of them.

How long an answer takes is counted in the contract's working days, else from Monday to Friday
(semantics 6.24). No minutes are moved here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.calendar import Calendar, weekdays
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.questions import (
    ALLOWED,
    Act,
    Origin,
    Question,
    QuestionEvent,
    State,
    cells,
    fold,
    next_id,
)

BOARD = "board"
ON_THE_BOARD = "set on the board"
# An open question keeps a package from being handed over so many working days (ledger 5.3).
BLOCKS_DAYS = 5
_SHOWN = {
    State.QUESTIONED.value: Act.ASK,
    State.ANSWERED.value: Act.ANSWER,
    State.ACCEPTED.value: Act.ACCEPT,
    State.WITHDRAWN.value: Act.WITHDRAW,
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when an open question waits, and when somebody is reminded of it; none: for ever."""

    due_at: int | None
    reminders: tuple[int, ...] = ()

    def reminded(self, now: int) -> int:
        """Return how many reminders have fallen due."""
        return sum(at <= now for at in self.reminders)


def wait(question: Question, contract: Contract) -> Wait:
    """Return what an open question waits for: an answer, or a word about the answer."""
    calendar, policies = _calendar(contract), contract.billing
    if question.state is State.QUESTIONED:
        days = max(1, policies.answer_days)
        due = calendar.close_of_day_after(question.asked_at, days)
        return Wait(due, (calendar.open_of_day_after(question.asked_at, days), due))
    if question.state is State.ANSWERED and policies.accept_days is not None:
        days = max(1, policies.accept_days)
        until = calendar.close_of_day_after(question.answered_at, days)
        first, last = question.answered_at, calendar.open_of_day_after(question.answered_at, days)
        return Wait(until, (first, last))
    return Wait(None)


def brought(
    contract: Contract, rows: Iterable[Activity], events: Sequence[QuestionEvent], now: int
) -> tuple[QuestionEvent, ...]:
    """Return the acts that the board's column and the time gone by bring.

    A column counts when it is changed: what was done since, by command, is not undone by a cell
    that nobody touched.
    """
    seen, found = cells(events), list[QuestionEvent]()
    for row in rows:
        if row.movable and row.question != seen.get(row.activity_id, ""):
            found += _changed(row, [*events, *found], now)
    for question in fold([*events, *found]):
        due = wait(question, contract).due_at
        if question.state is State.ANSWERED and due is not None and due <= now:
            key, about = question.question_id, question.activity_id
            found.append(QuestionEvent(key, about, Act.ACCEPT, now, origin=Origin.TIME))
    return tuple(found)


def _changed(row: Activity, events: Sequence[QuestionEvent], now: int) -> list[QuestionEvent]:
    """Return what a changed cell does; one that fits nothing is only remembered."""
    key, act = row.activity_id, _SHOWN.get(row.question)
    mine = [q for q in fold(events) if q.activity_id == key and q.open]
    ids = [q.question_id for q in mine if act in ALLOWED[q.state]]
    if act is Act.ASK and not mine:
        ids = [next_id(events, key)]
    if act is None or not ids:
        seen = QuestionEvent("", key, Act.SEEN, now, BOARD, origin=Origin.BOARD, cell=row.question)
        return [seen]
    return [
        QuestionEvent(
            one, key, act, now, BOARD, ON_THE_BOARD, origin=Origin.BOARD, cell=row.question
        )
        for one in ids
    ]


def told(
    contract: Contract, rows: Iterable[Activity], questions: Sequence[Question], now: int
) -> dict[str, tuple[Notice, ...]]:
    """Return what rows with an open question are told, the latest reminder first (R41b)."""
    there = {row.activity_id: row for row in rows if row.movable}
    found: dict[str, tuple[Notice, ...]] = {}
    for question in questions:
        if question.open and question.activity_id in there:
            row, before = there[question.activity_id], found.get(question.activity_id, ())
            found[row.activity_id] = (*before, *_told(contract, row, question, now))
    return found


def _told(contract: Contract, row: Activity, question: Question, now: int) -> Iterator[Notice]:
    waits, key = wait(question, contract), row.activity_id
    name = {"question": question.question_id}
    if question.state is State.QUESTIONED:
        if row.question in {State.ACCEPTED.value, State.ADJUSTED.value}:
            yield Notice(key, Rule.UNANSWERED)
        for number in range(waits.reminded(now), -1, -1):
            args: dict[str, int | str] = {**name, "due": waits.due_at or 0, "reminder": number}
            yield Notice(key, Rule.QUESTION, tuple(args.items()))
        return
    if row.question == State.ADJUSTED.value:
        yield Notice(key, Rule.ADJUSTMENT)
    for number in range(max(1, waits.reminded(now)), 0, -1):
        last: dict[str, int | str] = {**name, "until": waits.due_at or 0, "reminder": number}
        yield Notice(key, Rule.ANSWERED, tuple(last.items()))


def held(questions: Iterable[Question], charged: Mapping[tuple[str, str], int]) -> list[Held]:
    """Return the months in question with what was charged for them."""
    found: dict[tuple[str, str], Held] = {}
    for question in questions:
        if question.open:
            key = question.activity_id
            months = {p for k, p in charged if k == key and question.about(p)}
            for period in sorted(months | ({question.period} - {""})):
                minutes = charged.get((key, period), 0)
                found[key, period] = Held(key, period, HeldReason.QUESTIONED, minutes)
            if not any(place[0] == key for place in found):
                found[key, ""] = Held(key, "", HeldReason.QUESTIONED, 0)
    return [found[place] for place in sorted(found)]


def blocking(contract: Contract, events: Sequence[QuestionEvent], now: int) -> tuple[str, ...]:
    """Return the activities whose question still keeps a package open (ledger 5.3)."""
    questions = (question for question in fold(events) if question.open)
    return tuple(sorted({q.activity_id for q in questions if _blocks_until(contract, q) > now}))


def next_at(contract: Contract, questions: Iterable[Question], now: int) -> int | None:
    """Return when time alone changes what is told of a question, or the question itself."""
    moments = list[int]()
    for question in questions:
        if question.open:
            waits = wait(question, contract)
            moments += [*waits.reminders, _blocks_until(contract, question)]
            moments += [] if waits.due_at is None else [waits.due_at]
    return min((at for at in moments if at > now), default=None)


def _blocks_until(contract: Contract, question: Question) -> int:
    return _calendar(contract).close_of_day_after(question.began_at, BLOCKS_DAYS)


def _calendar(contract: Contract) -> Calendar:
    return contract.calendar or weekdays(contract.zone)
