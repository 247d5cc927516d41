"""You can see it and question it: a question before and after the bill, however it ends (R41b)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mondaybridge.domain.questions import Act
from mondaybridge.workflows import questions
from mondaybridge.workflows.held import held_lines
from mondaybridge.workflows.review import review_contract
from stories import town
from stories.house import LONDON, House, house

COLUMN = "question"
ASKED, ANSWERED, ACCEPTED, ADJUSTED, WITHDRAWN = 1, 2, 3, 4, 5
LABELS = {1: "In question", 2: "Answered", 3: "Agreed", 4: "Corrected", 5: "Taken back"}
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
        assert one.cell(menu) == ("90", "in question")
        one.work(menu, "2026-10-07 09:00", 30)
        one.go("2026-12-03 09:00")
        one.sweep()
        assert one.close("2026-11", "tea")[0].plan.documents == ()
