"""Why something was corrected, as an Italian client reads it; the ledger keeps its own words."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from mondaybridge.domain.questions import Act
from mondaybridge.export.statement import statement_csv
from mondaybridge.reports.explain import explain
from mondaybridge.reports.statement import statement
from mondaybridge.store import ledger
from mondaybridge.workflows import questions
from mondaybridge.workflows.packages import refund
from mondaybridge.workflows.review import review_contract
from stories import town
from stories.house import LONDON, House, house

LATE = "changed on the board after the month was closed"
TARDI = "modificato sulla dashboard dopo la chiusura del mese"


@contextmanager
def sala() -> Iterator[tuple[House, str, str]]:
    """Give a house where an Italian client by the hour was billed an hour and a half."""
    with house(town.mapping(tea=town.tea(locale="it")), zone=LONDON) as one:
        menu = one.row("Menu", board=town.TEA, approved=False)
        session = one.work(menu, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        one.go("2026-11-10 09:00")
        yield one, menu, session


def memo(one: House) -> list[str]:
    """Return the lines of the only credit note's memo."""
    (note,) = one.sandbox.stripe.credit_notes.values()
    return str(note.memo).splitlines()


def written(one: House, contract: str = "tea-hourly") -> list[str]:
    with one.app.store.read() as tx:
        return [row.entry.cause for row in ledger.entries(tx, contract)]


def upheld(one: House, row: str, minutes: int, reason: str) -> None:
    """Ask about October, answer, and give in."""
    asked = questions.ask(one.app, row, period="2026-10", actor="Robin", text="Why?")
    name = asked.question.question_id
    questions.act(one.app, name, Act.ANSWER, actor="Avery", text="See the log.")
    questions.adjust(one.app, name, minutes=minutes, actor="Avery", reason=reason)
    review_contract(one.app, asked.contract_id)
    one.settle()


def test_S7_a_credit_note_says_why_in_the_clients_language() -> None:
    with sala() as (one, menu, session):
        one.rework(menu, session, 60)
        one.sweep()
        one.close("2026-11", "tea")
        heading, line = memo(one)
        assert heading == "Ore riaccreditate, ottobre 2026"
        assert line.endswith(f"Menu · -0:30 h a 60.00 GBP: {TARDI} (2026-10: 1:30 → 1:00)")
        assert written(one) == ["worked", LATE]
        (told,) = explain(one.app, menu)
        assert [entry["cause"] for entry in told["entries"]] == ["worked", LATE]
        assert one.findings() == ()
        assert one.preview("2026-11", "tea").plan.empty


def test_S7_several_causes_are_told_one_by_one_and_what_was_typed_stays() -> None:
    with sala() as (one, menu, session):
        one.rework(menu, session, 80)
        one.sweep()
        upheld(one, menu, 60, f"half was ours; {LATE}")
        one.close("2026-11", "tea")
        assert memo(one)[-1].endswith(
            f": {TARDI}; domanda accolta: half was ours; {LATE} (2026-10: 1:30 → 1:00)"
        )
        assert written(one) == ["worked", LATE, f"question upheld: half was ours; {LATE}"]
        assert one.findings() == ()


def test_S7_a_note_that_somebody_voided_is_made_again_and_says_so() -> None:
    with sala() as (one, menu, session):
        one.rework(menu, session, 60)
        one.sweep()
        one.close("2026-11", "tea")
        (note,) = one.sandbox.stripe.credit_notes
        one.cashier.void_credit_note(note)
        (planned,) = one.preview("2026-11", "tea").plan.documents
        assert [line.cause for line in planned.lines] == [
            "modificato a mano in Stripe (2026-10: 1:30 → 1:00)"
        ]


def test_7_the_reason_of_a_refund_stays_as_typed() -> None:
    with house() as one:
        one.go("2026-10-06 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        refund(one.app, "P1", minutes=400, reason="package sold", actor="Ada")
        one.settle()
        (note,) = one.preview("2026-10", "bottega").plan.documents
        assert [line.cause for line in note.lines] == ["package sold (10:00 → 3:20)"]


def test_R56_an_exported_statement_says_why_in_the_clients_language() -> None:
    with sala() as (one, menu, session):
        one.rework(menu, session, 60)
        one.sweep()
        body = statement(one.app, one.app.mapping.contract("tea-hourly"), "2026-10")
        assert [row["cause"] for row in body["corrections"]] == [LATE]
        rows = list(csv.reader(StringIO(statement_csv(body).decode("utf-8-sig"))))
        assert (rows[0][-1], [row[-1] for row in rows[1:]]) == ("Corretto perché", ["", TARDI])
