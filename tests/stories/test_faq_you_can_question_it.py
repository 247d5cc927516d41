"""You can see it and question it: a question before and after the bill, however it ends (R41b)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledgerbook import at
from mondaybridge.domain.questions import Act
from mondaybridge.errors import FindingsError
from mondaybridge.reports import copy
from mondaybridge.reports.questions import details, open_questions, shown
from mondaybridge.store import ledger
from mondaybridge.workflows import questions
from mondaybridge.workflows.held import held_lines
from mondaybridge.workflows.review import review_contract
from stories import town
from stories.house import LONDON, House, house

COLUMN = "question"
ASKED, ANSWERED, ACCEPTED, ADJUSTED, WITHDRAWN = 1, 2, 3, 4, 6
LABELS = {1: "In question", 2: "Answered", 3: "Agreed", 4: "Corrected", 6: "Taken back"}
STATES = ("questioned", "answered", "accepted", "adjusted", "withdrawn")


class Shop(House):
    """A house in which the client asks and the agency answers, by command."""

    def ask(self, row: str, text: str = "Why so long?", month: str = "2026-10") -> str:
        """Note a question about a row by command, and return its name."""
        one = questions.ask(self.app, row, period=month, actor="Robin", text=text)
        return self.follow(one.contract_id, one.question.question_id)

    def act(self, question: str, what: Act, text: str = "said") -> None:
        """Answer a question, accept the answer or take it back."""
        one = questions.act(self.app, question, what, actor="Avery", text=text)
        self.follow(one.contract_id, question)

    def adjust(self, question: str, minutes: int, reason: str = "half of it was ours") -> None:
        """Uphold a question."""
        one = questions.adjust(self.app, question, minutes=minutes, actor="Avery", reason=reason)
        self.follow(one.contract_id, question)

    def follow(self, contract: str, question: str) -> str:
        """Review the contract, as every command does, and do what is due."""
        review_contract(self.app, contract)
        self.settle()
        return question

    def end(self, question: str, how: str) -> None:
        """Answer a question and bring it to its end."""
        self.act(question, Act.ANSWER, "Two visits were needed.")
        if how == "adjusted":
            self.adjust(question, 60)
        else:
            self.act(question, Act.ACCEPT if how == "accepted" else Act.WITHDRAW)


@contextmanager
def shop(policies: town.Terms | None = None, **more: object) -> Iterator[Shop]:
    """Give a house with the Tea Rooms alone."""
    tea = town.tea(policies={"close": "manual", **(policies or {})}, **more)
    with house(town.mapping(tea=tea), zone=LONDON, kind=Shop) as one:
        assert isinstance(one, Shop)
        yield one


def october(one: House) -> tuple[str, str]:
    """Two activities of an hour and a half and of half an hour are done."""
    menu = one.row("Menu", board=town.TEA, approved=False)
    form = one.row("Form", board=town.TEA, approved=False)
    one.work(menu, "2026-10-05 09:00", 90)
    one.work(form, "2026-10-06 09:00", 30)
    one.go("2026-11-02 09:00")
    one.sweep()
    return menu, form


@pytest.mark.parametrize("how", ["accepted", "withdrawn", "adjusted"])
def test_R41b_a_questioned_line_is_left_out_and_billed_later_under_its_own_month(how: str) -> None:
    """semantics 6.24: before the close."""
    with shop() as one:
        menu, _ = october(one)
        name = one.ask(menu)
        assert one.cell(menu) == ("90", "in question")
        assert [(h.reason.value, h.held.minutes, h.money) for h in held_lines(one.app)] == [
            ("questioned", 90, (9000, "gbp"))
        ]
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 3000)]
        assert one.lines() == [("6 Oct · Form · 0:30 h at 60.00 GBP", 3000)]
        one.end(name, how)
        assert one.held() == []
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        hours, money = ("1:00", 6000) if how == "adjusted" else ("1:30", 9000)
        assert one.papers()[1:] == [("invoice", "tea", "open", money)]
        assert one.lines() == [
            (f"Adjustment for October 2026: 5 Oct · Menu · {hours} h at 60.00 GBP", money)
        ]
        assert one.cell(menu)[0] == str(money // 100)
        assert one.findings() == ()


@pytest.mark.parametrize("how", ["accepted", "withdrawn", "adjusted"])
def test_R41b_an_invoice_stands_until_its_question_is_over(how: str) -> None:
    """semantics 6.24, ledger 7: after the close; upheld, a credit note follows."""
    with shop() as one:
        menu, _ = october(one)
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        name = one.ask(menu)
        session = one.work(menu, "2026-10-07 09:00", 30)
        one.rework(menu, session, 20)
        one.sweep()
        assert one.cell(menu) == ("110", "in question")
        assert one.close("2026-11", "tea")[0].plan.documents == ()
        one.people.delete_session(item=menu, session=session, as_user=town.STAFF)
        one.sweep()
        one.end(name, how)
        causes = [x.cause for d in one.preview("2026-11", "tea").plan.documents for x in d.lines]
        upheld = "question upheld: half of it was ours (2026-10: 1:30 → 1:00)"
        assert [c.rpartition("; ")[2] for c in causes] == [upheld] * (how == "adjusted")
        one.close("2026-11", "tea")
        notes = [("credit note", "tea", "issued", 3000)] if how == "adjusted" else []
        assert one.papers() == [("invoice", "tea", "open", 12000), *notes]
        if notes:
            assert one.credits() == [("5 Oct · Menu · 1:30 h at 60.00 GBP", 3000)]
            assert one.posted("tea-hourly", menu) == {"2026-10": 60}
        one.go("2026-12-03 09:00")
        one.sweep()
        assert one.close("2026-11", "tea")[0].plan.documents == ()
        assert one.findings() == ()


def test_R41b_by_policy_a_questioned_line_is_billed_and_marked() -> None:
    with shop({"questioned_lines": "bill"}) as one:
        menu, _ = october(one)
        one.ask(menu)
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 12000)]
        assert one.cell(menu) == ("90", "billed 2026-10, in question")
        (line,) = held_lines(one.app)
        assert (line.held.activity_id, line.reason.value, line.billed) == (menu, "questioned", True)
        one.work(menu, "2026-10-07 09:00", 30)
        one.go("2026-12-03 09:00")
        one.sweep()
        assert one.close("2026-11", "tea")[0].plan.documents == ()


def columns() -> town.Terms:
    """Return the Tea Rooms' columns with one for questions and one for what we say."""
    labels = {state: {n: LABELS[n]} for n, state in zip(LABELS, STATES, strict=True)}
    ours = {**town.TRACKED["ours"], "message": {"id": town.MESSAGE}}
    return {**town.TRACKED, "question": {"id": COLUMN, **labels}, "ours": ours}


@contextmanager
def board(policies: town.Terms | None = None) -> Iterator[Shop]:
    """Give the same house, whose board has a column for questions."""
    tea = town.tea(policies={"close": "manual", **(policies or {})})
    mapping = json.loads(re.sub(r"(?m)^(\s*)(\d): ", r'\1"\2": ', town.mapping(tea=tea)))
    mapping["columns"]["tracked"] = columns()
    text = re.sub(r'"(\d)": ', r"\1: ", json.dumps(mapping, indent=1))
    with house(town.mapping(tea=tea), zone=LONDON, kind=Shop) as one:
        assert isinstance(one, Shop)
        labels = {"labels": {str(n): name for n, name in LABELS.items()}}
        question: town.Terms = {
            "id": COLUMN,
            "title": "Question",
            "type": "status",
            "settings": labels,
        }
        said: town.Terms = {"id": town.MESSAGE, "title": "Message", "type": "text"}
        for column in (question, said):
            one.people.add_column(board=town.TEA, column=column)
        one.reopen(text)
        yield one


def thread(one: House, question: str) -> list[tuple[str, str, str, str]]:
    return [
        (m["act"], m["by"], m["origin"], m["text"])
        for m in details(shown(one.app, question), one.clock.now())["thread"]
    ]


def test_R41b_the_boards_column_asks_answers_and_ends_and_is_never_written() -> None:
    with board() as one:
        menu, _ = october(one)
        before = one.writes()
        for label in (ASKED, ANSWERED, ACCEPTED):
            one.edit(menu, COLUMN, label)
            one.wait(1)
            one.sweep()
        name = f"{menu}-1"
        said = ("board", "board", "set on the board")
        assert thread(one, name) == [("ask", *said), ("answer", *said), ("accept", *said)]
        assert one.writes() > before
        cell = one.sandbox.monday.state.items[menu].cells[COLUMN]
        assert cell.value == {"index": ACCEPTED}
        assert one.cell(menu) == ("90", "open")
        one.edit(menu, COLUMN, ASKED)
        one.sweep()
        assert [(q["question"], q["state"]) for q in open_questions(one.app)] == [
            (f"{menu}-2", "questioned")
        ]


def test_R41b_the_board_and_the_command_go_on_with_one_thread() -> None:
    with board() as one:
        menu, _ = october(one)
        one.edit(menu, COLUMN, ASKED)
        one.sweep()
        name = f"{menu}-1"
        one.act(name, Act.ANSWER, "Two visits were needed.")
        one.edit(menu, COLUMN, ADJUSTED)
        one.wait(1)
        one.sweep()
        assert one.message(menu).startswith("It is to be recorded how much of this time is")
        one.adjust(name, 60)
        assert one.cell(menu) == ("60", "open")
        assert one.message(menu) == ""
        assert [(act, by) for act, by, *_ in thread(one, name)] == [
            ("ask", "board"),
            ("answer", "Avery"),
            ("adjust", "Avery"),
        ]


def test_R41b_the_team_is_reminded_twice_in_working_days() -> None:
    with board({"answer_days": 3}) as one:
        menu, _ = october(one)
        one.ask(menu)
        said = "There is a question about this time: the answer is due by 5 Nov 18:00."
        assert one.message(menu).startswith(said)
        for moment, words, overdue in (
            ("2026-11-05 09:01", "The question about this time is to be answered today", False),
            ("2026-11-05 18:01", "5 Nov 18:00: the answer to the question", True),
        ):
            one.go(moment)
            one.settle()
            assert one.message(menu).startswith(words)
            assert one.status()["questions"][0]["overdue"] is overdue
        kinds = [text.rpartition("[MB-")[2].rstrip("]") for text in one.notices(menu)]
        assert kinds == [f"question-{menu}-1", f"question-{menu}-1-1", f"question-{menu}-1-2"]
        one.act(f"{menu}-1", Act.ANSWER)
        one.wait(5)
        one.settle()
        assert all("Settled" in text for text in one.notices(menu))
        assert one.status()["questions"][0] == {
            "question": f"{menu}-1",
            "contract": "tea-hourly",
            "activity": menu,
            "title": "Menu",
            "month": "2026-10",
            "state": "answered",
            "asked": "2026-11-02T09:00:00Z",
            "age_days": 3,
            "waits_for": "a word about the answer",
            "due": "",
            "overdue": False,
            "reminders": 0,
            "minutes": 90,
            "held": True,
            "next": "accept or adjust or withdraw or ask",
        }


def test_6_24_an_answer_nobody_objects_to_is_accepted_and_billed() -> None:
    with board({"accept_days": 2}) as one:
        menu, _ = october(one)
        name = one.ask(menu)
        one.act(name, Act.ANSWER, "Two visits were needed.")
        assert one.message(menu).startswith("The question about this time is answered: without an")
        one.go("2026-11-04 18:01")
        one.settle()
        assert thread(one, name)[-1] == ("accept", "", "time", "")
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 12000)]


def test_R41b_what_does_not_follow_is_refused_with_what_does() -> None:
    with shop() as one:
        menu, _ = october(one)
        with pytest.raises(FindingsError, match=r"nothing is charged for .* in 2026-09"):
            one.ask(menu, month="2026-09")
        with pytest.raises(FindingsError, match="nothing is charged for activity 999"):
            one.ask("999")
        name = one.ask(menu)
        with pytest.raises(
            FindingsError, match=f"{name} .* is open already and waits for its answer"
        ):
            one.ask(menu, month="")
        with pytest.raises(FindingsError, match="cannot be accepted yet: answer it"):
            one.act(name, Act.ACCEPT)
        one.act(name, Act.ANSWER)
        with pytest.raises(FindingsError, match="give --minutes from 0 to 90"):
            one.adjust(name, 91)
        with pytest.raises(FindingsError, match="nobody asked a question 12-3"):
            one.act("12-3", Act.ANSWER)
        one.adjust(name, 0)
        with pytest.raises(
            FindingsError, match="is over, it was adjusted on 2026-11-02: ask a new"
        ):
            one.act(name, Act.WITHDRAW)
        assert one.ask(menu) == f"{menu}-2"


def test_6_24_only_a_new_recorded_act_takes_an_adjustment_back() -> None:
    with shop() as one:
        menu, _ = october(one)
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        first = one.ask(menu)
        one.act(first, Act.ANSWER)
        one.adjust(first, 30, "an hour was ours")
        one.close("2026-11", "tea")
        second = one.ask(menu)
        one.act(second, Act.ANSWER)
        one.adjust(second, 90, "it was right after all")
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers() == [
            ("invoice", "tea", "open", 12000),
            ("credit note", "tea", "issued", 6000),
            ("invoice", "tea", "open", 6000),
        ]
        with one.app.store.read() as tx:
            causes = [row.entry.cause for row in ledger.entries(tx, "tea-hourly", "2026-10")]
        assert causes[2:] == [
            "question upheld: an hour was ours",
            "question upheld: it was right after all",
        ]
        assert one.findings() == ()


def test_R41b_a_question_without_a_month_is_about_all_the_time_of_a_row() -> None:
    with shop() as one:
        menu, _ = october(one)
        one.work(menu, "2026-11-02 08:00", 20)
        one.sweep()
        name = one.ask(menu, month="")
        assert [(h.held.period, h.held.minutes) for h in held_lines(one.app)] == [
            ("2026-10", 90),
            ("2026-11", 20),
        ]
        one.act(name, Act.ANSWER)
        one.adjust(name, 75)
        assert one.posted("tea-hourly", menu) == {"2026-10": 75}
        assert one.findings() == ()


# On a package


@contextmanager
def package(*packages: town.Terms, **more: object) -> Iterator[Shop]:
    """Give a house with Bottega alone."""
    client = town.bottega(town.quiet(*packages), **more)
    with house(town.mapping(bottega=client), kind=Shop) as one:
        assert isinstance(one, Shop)
        yield one


def test_6_24_a_packages_minutes_stay_used_and_flagged_until_a_question_is_upheld() -> None:
    with package() as one:
        row = one.row("Catalogo", "2")
        one.work(row, "2026-10-05 09:00", 90)
        one.edit(row, town.STATUS, town.DONE)
        one.go("2026-10-06 09:00")
        one.sweep()
        name = one.ask(row)
        assert one.package()[:2] == (600, 90)
        assert one.cell(row) == ("90", "in verifica")
        assert [(h.reason.value, h.held.minutes, h.money) for h in held_lines(one.app)] == [
            ("questioned", 90, None)
        ]
        one.act(name, Act.ANSWER)
        one.adjust(name, 60)
        assert one.package()[:2] == (600, 60)
        assert one.cell(row) == ("60", "aperto")
        assert one.findings() == ()


def test_ledger_5_3_an_open_question_holds_a_hand_over_back_for_five_working_days() -> None:
    with package({**town.PACKAGE, "granted": "1:30"}) as one:
        row = one.row("Catalogo", "1.5")
        one.work(row, "2026-10-05 09:00", 90)
        one.edit(row, town.STATUS, town.DONE)
        one.go("2026-10-06 09:00")
        one.sweep()
        one.ask(row)
        (told,) = one.status()["endings"][0]["to_settle"]
        assert told == (
            "'Catalogo' is in question: answer it and end it with `question`, or wait until five "
            "working days have passed since it was asked"
        )
        one.go("2026-10-13 18:01")
        one.sweep()
        assert one.status()["endings"][0]["to_settle"] == []
        contract = one.app.mapping.contract("bottega-hours")
        client = one.app.mapping.client("bottega")
        with one.app.store.read() as tx:
            past = copy.load(tx, client, contract)
        made = copy.handover(
            past, contract.packages[0], made_at=one.clock.now(), revision=1, replaces=None
        )
        assert [(r.activity_id, r.charged, r.question_at) for r in made.rows] == [
            (row, 90, at("2026-10-06 09:00"))
        ]


def ended() -> str:
    """Return a mapping in which the Tea Rooms' contract ends with October."""
    return town.mapping(tea=town.tea(town.hourly(until="2026-11-01"), policies={"close": "manual"}))


def test_6_24_after_the_contract_has_ended_an_accepted_line_is_billed_all_the_same() -> None:
    """There is no later invoice that it could wait for."""
    with house(ended(), zone=LONDON, kind=Shop) as one:
        assert isinstance(one, Shop)
        menu, _ = october(one)
        name = one.ask(menu)
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        assert one.preview("2026-11", "tea").plan.documents == ()
        one.end(name, "accepted")
        one.go("2026-11-20 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers() == [
            ("invoice", "tea", "open", 3000),
            ("invoice", "tea", "open", 9000),
        ]
        assert one.lines() == [("5 Oct · Menu · 1:30 h at 60.00 GBP", 9000)]
        assert one.preview("2026-11", "tea").plan.documents == ()
        assert one.findings() == ()


def test_P20_after_the_contract_has_ended_a_voided_invoice_is_not_billed_again_by_itself() -> None:
    with house(ended(), zone=LONDON, kind=Shop) as one:
        october(one)
        one.go("2026-11-03 09:00")
        one.close("2026-10", "tea")
        (invoice,) = one.sandbox.stripe.invoices
        one.cashier.void_invoice(invoice)
        one.go("2026-11-20 09:00")
        one.sweep()
        shown = one.preview("2026-11", "tea").plan
        assert any("void" in found for found in shown.findings)
