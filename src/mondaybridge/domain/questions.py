"""Questions about time: who asked, what was answered, how it ended (R41b, semantics 6.24).

A question is about an activity's month, or the whole activity. Its state is folded from its events
and nothing else. Only an adjustment moves minutes; this module says which, and writes none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from mondaybridge.domain.reasons import NOT_SAID, Cause, Reason
from mondaybridge.domain.worktime import iso


class State(Enum):
    """Where a question stands."""

    QUESTIONED = "questioned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


class Act(Enum):
    """What is done to a question; ``seen`` only notes what the board's column shows."""

    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    ADJUST = "adjust"
    WITHDRAW = "withdraw"
    SEEN = "seen"


class Origin(Enum):
    """Where an act came from; ``time``: nobody objected to the answer for long enough."""

    STAFF = "staff"
    BOARD = "board"
    TIME = "time"


OPEN = frozenset({State.QUESTIONED, State.ANSWERED})
# Who asks again before the end goes on with the same thread; who asked may always take it back.
ALLOWED: Mapping[State, Mapping[Act, State]] = {
    State.QUESTIONED: {Act.ANSWER: State.ANSWERED, Act.WITHDRAW: State.WITHDRAWN},
    State.ANSWERED: {
        Act.ACCEPT: State.ACCEPTED,
        Act.ADJUST: State.ADJUSTED,
        Act.WITHDRAW: State.WITHDRAWN,
        Act.ASK: State.QUESTIONED,
    },
    State.ACCEPTED: {},
    State.ADJUSTED: {},
    State.WITHDRAWN: {},
}


# What a question is after an act, for whoever tries one too early.
PAST: Mapping[Act, str] = {
    Act.ACCEPT: State.ACCEPTED.value,
    Act.ADJUST: State.ADJUSTED.value,
    Act.ANSWER: State.ANSWERED.value,
    Act.WITHDRAW: State.WITHDRAWN.value,
}


class WrongActError(ValueError):
    """A question cannot be taken there from where it stands."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a month is charged since a question was upheld: its minutes from here on are given up.

    ``before`` is what it had come to without any adjustment. What is worked beyond that later is
    charged as usual.
    """

    minutes: int
    before: int
    cause: Cause = NOT_SAID

    def left_of(self, total: int) -> int:
        """Return what is charged of a month's minutes."""
        return min(total, self.minutes) + max(0, total - self.before)

    def explains(self, posted: int, target: int) -> bool:
        """Whether it is what moves a month from what was posted to what should be (S7)."""
        if target < posted:
            return self.left_of(posted) < posted
        return posted < target == self.minutes


@dataclass(frozen=True, slots=True)
class QuestionEvent:
    """One recorded act; no month: the whole activity. ``cell`` is what the column showed then.

    ``adjusted`` holds by month what is charged and what had been; empty: nothing is capped.
    """

    question_id: str
    activity_id: str
    act: Act
    at: int
    actor: str = ""
    text: str = ""
    period: str = ""
    origin: Origin = Origin.STAFF
    cell: str | None = None
    adjusted: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its whole thread; ``asked_at`` is when it was last asked."""

    question_id: str
    activity_id: str
    period: str
    state: State
    asked_at: int
    thread: tuple[QuestionEvent, ...]
    answered_at: int = 0
    ended_at: int = 0

    @property
    def open(self) -> bool:
        """Whether it waits for an answer, or for a word about the answer."""
        return self.state in OPEN

    @property
    def began_at(self) -> int:
        """Return when it was asked first."""
        return self.thread[0].at

    @property
    def adjusted(self) -> tuple[tuple[str, int, int], ...]:
        """Return by month what is charged since, and what had been."""
        return self.thread[-1].adjusted

    def about(self, period: str) -> bool:
        """Whether a month is in question, or the whole activity."""
        return self.period in {"", period} or not period


def allowed(state: State) -> str:
    """Name what may be done next, for whoever tried something else."""
    names = [act.value for act in ALLOWED[state]]
    return " or ".join(names) if names else "nothing: it is over; ask a new question"


def after(question: Question, event: QuestionEvent) -> Question:
    """Return a question after one more act; WrongActError says how it stands, and the way on."""
    state = ALLOWED[question.state].get(event.act)
    if state is None:
        raise WrongActError(_refusal(question, event.act))
    return replace(
        question,
        state=state,
        asked_at=event.at if event.act is Act.ASK else question.asked_at,
        answered_at=event.at if event.act is Act.ANSWER else question.answered_at,
        ended_at=0 if state in OPEN else event.at,
        thread=(*question.thread, event),
    )


def _refusal(question: Question, act: Act) -> str:
    """Say why an act is refused: which question it is, how it stands, what may be done."""
    key, about = question.question_id, question.period or "all its time"
    name = f"question {key} ({about}, asked on {_day(question.began_at)})"
    if question.state is State.QUESTIONED:
        way = f"answer it (`question answer {key}`) or take it back (`question withdraw {key}`)"
        if act is Act.ASK:
            more = "once it is answered, `question ask` adds to its thread"
            return f"{name} is open already and waits for its answer: {way}; {more}"
        return f"{name} waits for its answer, so it cannot be {PAST[act]} yet: {way}"
    if question.state is State.ANSWERED:
        return (
            f"{name} was answered on {_day(question.answered_at)}: accept, adjust or withdraw it, "
            "or add to its thread with `question ask`"
        )
    return (
        f"{name} is over, it was {question.state.value} on {_day(question.ended_at)}: ask a new "
        "one with `question ask`"
    )


def _day(instant: int) -> str:
    return iso(instant)[:10]


def fold(events: Iterable[QuestionEvent]) -> list[Question]:
    """Return the questions as their events leave them, in the order in which they were asked."""
    found: dict[str, Question] = {}
    for event in events:
        key = event.question_id
        if event.act is Act.SEEN:
            continue
        if key in found:
            found[key] = after(found[key], event)
        elif event.act is Act.ASK:
            found[key] = Question(
                key, event.activity_id, event.period, State.QUESTIONED, event.at, (event,)
            )
        else:
            raise WrongActError(f"question {key} was never asked: what may be done: ask")
    return list(found.values())


def open_about(
    questions: Iterable[Question], activity_id: str, period: str = ""
) -> Question | None:
    """Return the open question that a month of an activity is in; no month: any of its."""
    mine = (q for q in questions if q.activity_id == activity_id and q.open and q.about(period))
    return next(mine, None)


def next_id(events: Iterable[QuestionEvent], activity_id: str) -> str:
    """Return the name of an activity's next question: its number among them."""
    asked = {e.question_id for e in events if e.activity_id == activity_id and e.question_id}
    return f"{activity_id}-{len(asked) + 1}"


def adjustments(events: Iterable[QuestionEvent]) -> dict[tuple[str, str], Adjustment]:
    """Return what months are charged since questions were upheld; the last word counts."""
    found = {}
    for event in events:
        for period, minutes, before in event.adjusted:
            why = Reason.QUESTION.said(words=event.text or event.question_id)
            found[event.activity_id, period] = Adjustment(minutes, before, why)
    return found


def shared_out(minutes: int, months: Mapping[str, int]) -> tuple[tuple[str, int, int], ...]:
    """Share out what is charged in all: the newest month gives up its minutes first."""
    less = sum(months.values()) - minutes
    found = []
    for period, before in sorted(months.items(), reverse=True):
        taken = min(before, less)
        less -= taken
        found.append((period, before - taken, before))
    return tuple(sorted(found))


def cells(events: Iterable[QuestionEvent]) -> dict[str, str]:
    """Return what the board's column showed of each activity when it was last looked at."""
    return {event.activity_id: event.cell for event in events if event.cell is not None}


def in_question(questions: Sequence[Question]) -> frozenset[tuple[str, str]]:
    """Return the activities and months in question; no month: the whole activity."""
    return frozenset((q.activity_id, q.period) for q in questions if q.open)
