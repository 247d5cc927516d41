"""Questions: how they go on, what they move, and that nothing else does (R41b, semantics 6.24)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planbook
from counts import COUNTED, Record
from ledgerbook import Book, activity, at, metered, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.contract import BillingPolicies
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.notices import Rule
from mondaybridge.domain.outcome import Billing, HeldReason, History, Review
from mondaybridge.domain.questioning import blocking
from mondaybridge.domain.questions import (
    ALLOWED,
    Act,
    Adjustment,
    Origin,
    Question,
    QuestionEvent,
    State,
    WrongActError,
    adjustments,
    fold,
    next_id,
    open_about,
    shared_out,
)

LONDON = "Europe/London"
MOMENT = at("2026-11-02 10:00", LONDON)  # a Monday


def act(what: Act, moment: int = MOMENT, name: str = "A-1", **more: object) -> QuestionEvent:
    return QuestionEvent(name, "A", what, moment, "Robin", "why", **more)  # type: ignore[arg-type]  # a test names what it is about


def path(*acts: Act) -> list[QuestionEvent]:
    return [act(what, MOMENT + n) for n, what in enumerate(acts)]


ENDS = {Act.ACCEPT: State.ACCEPTED, Act.ADJUST: State.ADJUSTED, Act.WITHDRAW: State.WITHDRAWN}


@pytest.mark.parametrize("end", ENDS)
def test_R41b_a_question_is_asked_answered_and_ended_and_its_thread_is_kept(end: Act) -> None:
    events = path(Act.ASK, Act.ANSWER, end)
    assert fold(events) == [
        Question("A-1", "A", "", ENDS[end], MOMENT, tuple(events), MOMENT + 1, ended_at=MOMENT + 2)
    ]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("what", [one for one in Act if one is not Act.SEEN])
def test_R41b_what_does_not_follow_is_refused_with_what_does(state: State, what: Act) -> None:
    before = {
        State.QUESTIONED: [Act.ASK],
        State.ANSWERED: [Act.ASK, Act.ANSWER],
        State.ACCEPTED: [Act.ASK, Act.ANSWER, Act.ACCEPT],
        State.ADJUSTED: [Act.ASK, Act.ANSWER, Act.ADJUST],
        State.WITHDRAWN: [Act.ASK, Act.WITHDRAW],
    }[state]
    if what in ALLOWED[state]:
        assert fold(path(*before, what))[0].state is ALLOWED[state][what]
        return
    with pytest.raises(WrongActError) as refused:
        fold(path(*before, what))
    ways = "answer it (`question answer A-1`) or take it back (`question withdraw A-1`)"
    said = {
        (State.QUESTIONED, Act.ASK): f"is open already and waits for its answer: {ways}; once it"
        " is answered, `question ask` adds to its thread",
        (State.QUESTIONED, Act.ACCEPT): "waits for its answer, so it cannot be accepted yet: "
        + ways,
        (State.QUESTIONED, Act.ADJUST): "waits for its answer, so it cannot be adjusted yet: "
        + ways,
        (State.ANSWERED, Act.ANSWER): "was answered on 2026-11-02: accept, adjust or withdraw it,"
        " or add to its thread with `question ask`",
    }.get(
        (state, what),
        f"is over, it was {state.value} on 2026-11-02: ask a new one with `question ask`",
    )
    name = "question A-1 (all its time, asked on 2026-11-02)"
    assert str(refused.value) == f"{name} {said}"


def test_R41b_asking_again_after_the_end_opens_a_new_question() -> None:
    events = path(Act.ASK, Act.WITHDRAW)
    assert open_about(fold(events), "A") is None
    assert next_id(events, "A") == "A-2"
    events.append(act(Act.ASK, name="A-2", period="2026-10"))
    again = fold(events)[1]
    assert (again.question_id, again.state) == ("A-2", State.QUESTIONED)
    assert open_about(fold(events), "A", "2026-10") == again
    assert open_about(fold(events), "A", "2026-09") is None


def test_an_adjustment_caps_what_was_there_and_charges_what_comes_later() -> None:
    one = Adjustment(60, 90)
    assert [one.left_of(total) for total in (0, 59, 60, 75, 90, 91, 120)] == [
        0,
        59,
        60,
        60,
        60,
        61,
        90,
    ]


def test_the_newest_month_gives_up_its_minutes_first() -> None:
    months = {"2026-09": 40, "2026-10": 30}
    assert shared_out(50, months) == (("2026-09", 40, 40), ("2026-10", 10, 30))
    assert shared_out(10, months) == (("2026-09", 10, 40), ("2026-10", 0, 30))
    assert shared_out(70, months) == (("2026-09", 40, 40), ("2026-10", 30, 30))


# In a contract's review

MENU = activity("A", None, worked(90, "2026-10-05"), status=Status.DONE)
ASKED = act(Act.ASK, period="2026-10")
UPHELD = [
    ASKED,
    act(Act.ANSWER, period="2026-10"),
    act(Act.ADJUST, period="2026-10", adjusted=(("2026-10", 60, 90),)),
]


class Asked(Book):
    """A book that keeps what a review says of questions, as the store would."""

    def __init__(self, book: Book, *events: QuestionEvent) -> None:
        super().__init__(book.contract, book.now)
        self.events = list(events)

    def history(self) -> History:
        return replace(super().history(), questions=self.events)

    def review(self, *rows: Activity) -> Review:
        decided = super().review(*rows)
        self.events += decided.questions
        return decided


def hourly(**policies: object) -> Book:
    billing = BillingPolicies(**policies)  # type: ignore[arg-type]  # a test names its policy
    return Book(metered(billing=billing), MOMENT)


def bought(**policies: object) -> Book:
    billing = BillingPolicies(**policies)  # type: ignore[arg-type]  # a test names its policy
    return Book(prepaid(package(minutes=600), billing=billing), MOMENT)


KINDS = pytest.mark.parametrize("kind", [hourly, bought])


def posted(book: Book) -> list[tuple[int, str]]:
    """Return what was posted, with why where that is not the work itself."""
    return [(e.minutes, e.cause) for e in book.entries if e.kind in POSTING]


@KINDS
def test_6_24_an_open_question_moves_nothing_and_is_shown(kind: Callable[[], Book]) -> None:
    book = Asked(kind(), ASKED)
    row = replace(MENU, estimate_seconds=5400)
    decided = book.review(row)
    assert posted(book) == [(90, "worked")]
    held = [(h.period, h.reason, h.minutes) for h in decided.held]
    assert held == [("2026-10", HeldReason.QUESTIONED, 90)]
    assert decided.cells[0].billing is Billing.QUESTIONED
    assert next(n.rule for n in decided.notices) is Rule.QUESTION
    assert book.review(row).entries == ()


@KINDS
@pytest.mark.parametrize("closed", [(), ("2026-10",)])
def test_6_24_an_upheld_question_takes_its_minutes_back_once(
    kind: Callable[[], Book], closed: tuple[str, ...]
) -> None:
    book = Asked(kind())
    row = replace(MENU, estimate_seconds=5400)
    book.review(row)
    book.closed = set(closed)
    book.events += UPHELD
    book.review(row)
    assert posted(book) == [(90, "worked"), (-30, "question upheld: why")]
    assert book.review(row).entries == ()
    assert {e.kind.value for e in book.entries if e.minutes == -30} == {
        "adjust" if closed else "post"
    }


@KINDS
def test_6_24_what_is_worked_later_is_charged_and_a_new_act_alone_takes_it_back(
    kind: Callable[[], Book],
) -> None:
    book = Asked(kind(), *UPHELD)
    row = replace(MENU, estimate_seconds=12_000)
    book.review(row)
    assert [m for m, _ in posted(book)] == [60]
    more = replace(row, sessions=(*row.sessions, worked(15, "2026-10-20", "s2")))
    book.review(more)
    assert [m for m, _ in posted(book)] == [60, 15]
    again = [
        replace(e, question_id="A-2", adjusted=(("2026-10", 105, 105),) if e.adjusted else ())
        for e in UPHELD
    ]
    book.events += again
    book.review(more)
    assert posted(book)[2:] == [(30, "question upheld: why")]


def test_6_24_on_a_closed_plan_an_upheld_question_frees_the_overage_it_caused() -> None:
    """The margin rule follows it (ledger 6.6); what another row moves later has its own cause."""
    book = Asked(planbook.book(planbook.planned()))
    rows = planbook.row("A", 400), planbook.row("B", 300)
    book.review(*rows)
    book.closed = {"2026-10"}
    book.events += [
        replace(e, adjusted=(("2026-10", 350, 400),) if e.adjusted else ()) for e in UPHELD
    ]
    moved = [(e.activity_id, e.source, e.minutes, e.cause) for e in book.review(*rows).entries]
    why = "margin rule of 2026-10: A 6:40 -> 5:50"
    assert moved == [
        ("A", "included", -50, "question upheld: why"),
        ("B", "overage", -50, why),
        ("B", "included", 50, why),
    ]
    assert book.review(*rows).entries == ()
    more = rows[0], planbook.row("B", 400)
    later = book.review(*more).entries
    assert sum(e.minutes for e in later) == 100
    assert not any("question" in e.cause for e in later)


def test_ledger_5_3_an_open_question_keeps_a_package_open_for_five_working_days() -> None:
    contract = prepaid()
    monday = at("2026-11-02 10:00")
    asked = [replace(ASKED, at=monday)]
    last = at("2026-11-09 18:00")
    assert blocking(contract, asked, last - 1) == ("A",)
    assert blocking(contract, asked, last) == ()
    ended = [*asked, replace(act(Act.WITHDRAW), at=monday + 1)]
    assert blocking(contract, ended, monday + 2) == ()


def told(book: Book, moment: str, *rows: Activity) -> list[tuple[str, int]]:
    book.now = at(moment, LONDON) - 60_000
    return [
        (n.rule.value, int(dict(n.args)["reminder"])) for n in book.review(*rows).notices if n.args
    ]


def test_R41b_an_answer_is_asked_for_twice_in_working_days() -> None:
    """The reminders are told beside the first comment, so that nothing is said to be settled."""
    book = Asked(hourly(answer_days=3), ASKED)
    assert told(book, "2026-11-04 18:00", MENU) == [("question", 0)]
    assert told(book, "2026-11-05 09:00", MENU) == [("question", 1), ("question", 0)]
    late = [("question", 2), ("question", 1), ("question", 0)]
    assert told(book, "2026-11-05 18:00", MENU) == late
    assert told(book, "2026-11-09 09:00", MENU) == late


def test_R41b_time_alone_wakes_the_review() -> None:
    book = Asked(hourly(), ASKED)
    moments = []
    for _ in range(3):
        woken = book.review(MENU).review_at
        if woken is None:
            break
        moments.append(woken)
        book.now = woken - 60_000
    assert moments == [at("2026-11-09 09:00", LONDON), at("2026-11-09 18:00", LONDON)]


def test_6_24_an_answer_counts_as_accepted_after_so_many_working_days() -> None:
    answered = [ASKED, act(Act.ANSWER, period="2026-10")]
    book = Asked(hourly(accept_days=2), *answered)
    assert told(book, "2026-11-03 09:00", MENU) == [("answered", 1)]
    assert told(book, "2026-11-04 09:00", MENU) == [("answered", 2), ("answered", 1)]
    assert told(book, "2026-11-04 18:00", MENU) == []
    last = book.events[-1]
    assert (last.act, last.origin, last.actor) == (Act.ACCEPT, Origin.TIME, "")
    assert book.review(MENU).questions == ()


def test_6_24_without_that_policy_an_answer_waits_for_ever() -> None:
    answered = [ASKED, act(Act.ANSWER, period="2026-10")]
    book = Asked(hourly(), *answered)
    assert told(book, "2027-11-04 18:00", MENU) == [("answered", 1)]
    assert fold(book.events)[0].state is State.ANSWERED


# The board's column


def acts(book: Asked) -> list[tuple[str, str | None]]:
    return [(e.act.value, e.cell) for e in book.events]


def test_R41b_a_changed_cell_is_an_act_and_an_untouched_one_is_none() -> None:
    book = Asked(hourly())
    for state in ("", "questioned", "questioned", "answered", "accepted", "accepted", "questioned"):
        book.review(replace(MENU, question=state))
    assert acts(book) == [
        ("ask", "questioned"),
        ("answer", "answered"),
        ("accept", "accepted"),
        ("ask", "questioned"),
    ]
    assert [(q.question_id, q.state.value) for q in fold(book.events)] == [
        ("A-1", "accepted"),
        ("A-2", "questioned"),
    ]
    assert {(e.actor, e.origin, e.text) for e in book.events} == {
        ("board", Origin.BOARD, "set on the board")
    }


@pytest.mark.parametrize(
    ("cell", "rule"), [("accepted", Rule.UNANSWERED), ("adjusted", Rule.UNANSWERED)]
)
def test_R41b_a_cell_that_does_not_follow_ends_nothing_and_is_told(cell: str, rule: Rule) -> None:
    book = Asked(hourly(), ASKED)
    decided = book.review(replace(MENU, question=cell))
    assert acts(book) == [("ask", None), ("seen", cell)]
    assert [n.rule for n in decided.notices] == [rule, Rule.QUESTION]


def test_R41b_adjusted_on_the_board_asks_for_the_minutes() -> None:
    book = Asked(hourly(), ASKED, act(Act.ANSWER))
    decided = book.review(replace(MENU, question="adjusted"))
    assert [n.rule for n in decided.notices] == [Rule.ADJUSTMENT, Rule.ANSWERED]
    assert book.review(replace(MENU, question="adjusted")).questions == ()


def test_R41b_an_unreadable_row_changes_no_question() -> None:
    book = Asked(hourly(), ASKED)
    assert book.review(replace(MENU, question="withdrawn", parked="mend it")).questions == ()


# No sequence moves a minute, but for an adjustment

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "answer", "accept", "adjust", "withdraw", "cell", "work", "close", "wait"]
        ),
        st.sampled_from("AB"),
        st.integers(0, 120),
    ),
    max_size=30,
)


def plenty() -> Book:
    return Book(prepaid(package(minutes=100_000), billing=BillingPolicies(accept_days=1)), MOMENT)


CELLS = ["", *(state.value for state in State)]


def play(book: Asked, steps: list[tuple[str, str, int]]) -> int:
    """Play acts and work; after each, what is posted is what was worked less what was given up."""
    rows = {key: replace(MENU, activity_id=key, estimate_seconds=90_000) for key in "AB"}
    book.review(*rows.values())
    counted = 0
    for number, (kind, key, n) in enumerate(steps):
        row, moment = rows[key], book.now + n
        open_ = open_about(fold(book.events), key)
        if kind == "work":
            more = worked(n, "2026-10-20 08:00", f"w{number}")
            rows[key] = replace(row, sessions=(*row.sessions, more))
        elif kind == "cell":
            rows[key] = replace(row, question=CELLS[n % len(CELLS)])
        elif kind == "close":
            book.closed = {"2026-10"}
        elif kind == "wait":
            book.now += n * 3_600_000
        elif kind == "ask" and open_ is None:
            name = next_id(book.events, key)
            book.events.append(QuestionEvent(name, key, Act.ASK, moment, period="2026-10"))
        elif open_ and Act(kind) in ALLOWED[open_.state] and kind != "ask":
            total = sum(s.seconds for s in row.sessions) // 60
            cut = (("2026-10", min(n, total), total),) if kind == "adjust" else ()
            name = open_.question_id
            book.events.append(QuestionEvent(name, key, Act(kind), moment, adjusted=cut))
        book.review(*rows.values())
        assert book.review(*rows.values()).entries == ()
        caps = adjustments(book.events)
        for one, it in rows.items():
            total = sum(s.seconds for s in it.sessions) // 60
            cap = caps.get((one, "2026-10"))
            have = sum(
                e.minutes for e in book.entries if e.kind in POSTING and e.activity_id == one
            )
            assert have == (cap.left_of(total) if cap else total)
            counted += 1
    assert len(fold(book.events)) == len({e.question_id for e in book.events} - {""})
    return counted


@pytest.mark.parametrize("kind", [hourly, plenty])
def test_6_24_no_sequence_moves_a_minute_but_an_adjustment(
    kind: Callable[[], Book], record_property: Record
) -> None:
    """Whatever is asked, answered, set on the board or left alone, in whatever order."""
    checks = list[int]()

    @settings(max_examples=120, deadline=None)
    @given(STEPS)
    def holds(steps: list[tuple[str, str, int]]) -> None:
        checks.append(play(Asked(kind()), steps))

    holds()
    told = f"{len(checks)} sequences, {sum(checks)} comparisons"
    record_property(COUNTED, told)
    assert len(checks) >= 100, told
