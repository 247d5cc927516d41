"""Credit notes and their causes, small decreases, refunds, late windows (ledger 6, 7)."""

from dataclasses import replace

import pytest

from invoicebook import CLIENT, CONTRACT, books, issued, line, totals
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.contract import AfterPayment, BillingPolicies
from mondaybridge.domain.corrections import explained
from mondaybridge.domain.documents import DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.late import held_late, ruling
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.usage import itemise
from mondaybridge.domain.worktime import DAY_MS

OCTOBER = "2026-10"
MENU, FORM = line("menu", OCTOBER, 90), line("form", OCTOBER, 60)
SOLD = Entry(EntryKind.GRANT, 600, "p1", source="sale", rate_key="300000/gbp/")
RETURNED = Entry(EntryKind.REFUND, -400, "p1", source="sale", rate_key="300000/gbp/")


def billed() -> list[ObservedDocument]:
    return issued(plan(books([MENU, FORM]), OCTOBER).documents)


def closed(*lines: object, observed: list[ObservedDocument], **policies: object) -> Books:
    found = books(lines, observed, closed=[OCTOBER])  # type: ignore[arg-type]  # lines of the test
    rules = BillingPolicies(**policies)  # type: ignore[arg-type]  # a test names its policy
    return replace(found, client=replace(CLIENT, billing=rules))


def note_by_hand(invoice: ObservedDocument, amount: int) -> ObservedDocument:
    """A note that a person wrote without naming a line."""
    return replace(
        invoice,
        stripe_id="cn_hand",
        type=DocumentType.CREDIT_NOTE,
        status="issued",
        key=None,
        subtotal_minor=amount,
        lines=(ObservedLine("cnli_1", None, 0, amount),),
        invoice_id=invoice.stripe_id,
    )


def causes(planned: ClosePlan) -> list[str]:
    return [one.cause for document in planned.documents for one in document.lines]


def test_S7_a_correction_says_what_moved_it_from_what_to_what() -> None:
    less = closed(line("menu", OCTOBER, 60), FORM, observed=billed())
    less = replace(less, causes={MENU.line_id: "documented bug: report 7"})
    assert causes(plan(less)) == ["documented bug: report 7 (2026-10: 1:30 → 1:00)"]
    more = closed(line("menu", OCTOBER, 120), FORM, observed=billed())
    more = replace(more, causes={MENU.line_id: "changed on the board"})
    assert causes(plan(more, "2026-11")) == ["changed on the board (2026-10: 1:30 → 2:00)"]


def test_S7_a_correction_without_a_cause_is_a_bug_of_ours() -> None:
    (note,) = plan(closed(FORM, observed=billed())).documents
    silent = replace(note, lines=(replace(note.lines[0], cause=""),))
    with pytest.raises(AssertionError, match="without a cause"):
        explained((silent,))


def test_6_23_what_was_paid_goes_where_the_clients_policy_says() -> None:
    balance, refund = (
        plan(closed(FORM, observed=billed(), **policy)).documents[0].after_payment
        for policy in ({}, {"after_payment": AfterPayment.REFUND})
    )
    assert (balance, refund) == ("balance", "refund")


def test_6_23_a_credit_stops_at_what_its_invoice_has_left_and_the_remainder_is_told() -> None:
    before = billed()
    observed = [*before, note_by_hand(before[0], before[0].subtotal_minor * 6 // 10)]
    planned = plan(closed(observed=observed))
    left = before[0].subtotal_minor - before[0].subtotal_minor * 6 // 10
    assert sum(one.subtotal_minor for one in planned.documents) == left
    assert planned.findings == (
        (
            "97.48 GBP less for menu in 2026-10, but its invoice has no more to credit since "
            "cn_hand, written by hand: credit it by hand"
        ),
    )
    (told,) = planned.findings
    again = plan(replace(closed(observed=observed), released=frozenset({told})))
    assert (again.findings, again.notes) == ((), (f"{told}; this was released",))
    assert again.hash == planned.hash
    less = closed(line("menu", OCTOBER, 5), observed=observed)
    (other,) = plan(replace(less, released=frozenset({told}))).findings
    assert other != told


class TestSmallDecreases:
    """Below ``min_credit`` the next invoice bears a decrease (semantics 6.12, 6.20)."""

    LESS = line("menu", OCTOBER, 85)

    def test_it_waits_for_the_next_invoice(self) -> None:
        planned = plan(closed(self.LESS, FORM, observed=billed(), min_credit_minor=1000))
        assert planned.documents == ()

    def test_the_next_invoice_bears_it_on_a_negative_line(self) -> None:
        rows = (self.LESS, FORM, line("news", "2026-11", 60))
        planned = plan(closed(*rows, observed=billed(), min_credit_minor=1000), "2026-11")
        assert totals(planned) == [("usage", "2026-11", 1, 6499 - 542)]
        assert [one.amount_minor for one in planned.documents[0].lines] == [-542, 6499]
        assert causes(planned)[0] == "changed in Stripe by hand (2026-10: 1:30 → 1:25)"
        both = [*billed(), *issued(planned.documents, 1)]
        shut = replace(
            closed(*rows, observed=both, min_credit_minor=1000),
            closed={CONTRACT: frozenset({OCTOBER, "2026-11"})},
        )
        assert plan(shut).empty

    @pytest.mark.parametrize("november", [0, 4])
    def test_an_invoice_that_cannot_bear_it_leaves_it_to_a_credit_note(self, november: int) -> None:
        rows = (self.LESS, FORM, line("news", "2026-11", november))
        planned = plan(closed(*rows, observed=billed(), min_credit_minor=1000), "2026-11")
        kinds = [(d.key.kind, d.subtotal_minor) for d in planned.documents]
        assert kinds[-1] == ("correction", 542)
        assert all(amount > 0 for _, amount in kinds)

    def test_a_larger_one_is_credited_at_once(self) -> None:
        planned = plan(closed(self.LESS, FORM, observed=billed(), min_credit_minor=542))
        assert totals(planned) == [("correction", OCTOBER, 1, 542)]


class TestRefunds:
    """Hours of a package that go back are credited on its sale line (ledger 6.2, 7)."""

    def test_7_400_of_600_returned_sold_at_3000(self) -> None:
        sold = issued(plan(books(itemise(CONTRACT, [SOLD]))).documents)
        returned = replace(
            books(itemise(CONTRACT, [SOLD, RETURNED]), sold),
            causes={line.line_id: "moved away" for line in itemise(CONTRACT, [SOLD])},
        )
        planned = plan(returned)
        assert totals(planned) == [("correction", "p1", 1, 200_000)]
        assert causes(planned) == ["moved away (10:00 → 3:20)"]
        done = [*sold, *issued(planned.documents, 1)]
        assert plan(books(itemise(CONTRACT, [SOLD, RETURNED]), done)).empty

    def test_a_sale_that_is_gone_without_a_refund_is_not_paid_back(self) -> None:
        sold = issued(plan(books(itemise(CONTRACT, [SOLD]))).documents)
        assert plan(books([], sold)).empty


class TestLateWindow:
    """Older than the window: a person decides about exactly that change (semantics 6.12)."""

    @staticmethod
    def late(minutes: int, days: int = 61) -> Books:
        found = closed(line("menu", OCTOBER, minutes), FORM, observed=billed())
        return replace(found, closed_at={(CONTRACT, OCTOBER): 1}, now=1 + days * DAY_MS)

    def decided(self, choice: Choice, about: int, now: int) -> ClosePlan:
        (change,) = plan(self.late(about), "2026-12").late
        rulings = {MENU.line_id: (ruling(change, choice),)}
        return plan(replace(self.late(now), late=rulings), "2026-12")

    @pytest.mark.parametrize(("minutes", "moved"), [(60, -30), (120, 30)])
    def test_both_directions_wait(self, minutes: int, moved: int) -> None:
        planned = plan(self.late(minutes), "2026-12")
        assert planned.documents == ()
        assert held_late(planned.late) == [
            (CONTRACT, Held("menu", OCTOBER, HeldReason.TOO_LATE, moved))
        ]

    def test_the_window_runs_from_the_close(self) -> None:
        assert plan(self.late(60, days=60)).documents
        assert plan(replace(self.late(60), closed_at={})).documents

    @pytest.mark.parametrize(("minutes", "amount"), [(60, 3250), (120, 3249)])
    def test_bill_lets_exactly_that_change_pass(self, minutes: int, amount: int) -> None:
        planned = self.decided(Choice.BILL, minutes, minutes)
        assert [d.subtotal_minor for d in planned.documents] == [amount]
        assert planned.late == ()

    def test_another_change_after_the_decision_asks_again(self) -> None:
        planned = self.decided(Choice.BILL, 60, 50)
        assert (planned.documents, len(planned.late)) == ((), 1)

    @pytest.mark.parametrize("minutes", [60, 120])
    def test_absorbed_is_never_asked_for_or_given_back(self, minutes: int) -> None:
        planned = self.decided(Choice.ABSORB, minutes, minutes)
        assert (planned.documents, planned.late) == ((), ())

    def test_what_comes_after_the_absorbed_part_waits_alone(self) -> None:
        (change,) = self.decided(Choice.ABSORB, 120, 130).late
        assert (change.minutes, change.amount_minor) == (10, 14081 - 12998)

    def test_edited_back_after_it_was_absorbed_nothing_is_left(self) -> None:
        planned = self.decided(Choice.ABSORB, 120, 90)
        assert (planned.documents, planned.late) == ((), ())
