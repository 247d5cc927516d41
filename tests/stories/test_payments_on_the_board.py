"""What happens to an invoice at Stripe is shown where the client looks, and moves no minute."""

import json

import pytest

from mondaybridge.errors import Parked
from mondaybridge.store import billing, paper_hints, peer, work
from mondaybridge.workflows import close
from mondaybridge.workflows.due import Work, due, run
from stories import town
from stories.house import LONDON, House, house


def billed(one: House) -> tuple[str, str]:
    """Bill ninety minutes of October; return the row and the invoice."""
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.settle()
    return item, list(one.sandbox.stripe.invoices)[-1]


def later(one: House, minutes: int = 11) -> None:
    """Let the time pass until Stripe's events are read again, and what follows of it."""
    one.wait(minutes)
    one.settle()


def standing(one: House, item: str) -> str:
    return one.cell(item)[1]


def hint(one: House, name: str) -> None:
    """Remember a hint as the receiver of webhooks does, and follow it."""
    with one.app.store.write() as tx:
        paper_hints.remember(tx, [name], one.clock.now())
    one.settle()


def hints(one: House) -> list[str]:
    with one.app.store.read() as tx:
        return paper_hints.due(tx, one.clock.now() + paper_hints.LONGEST_WAIT_MS)


def looks(one: House) -> int:
    return one.calls["look stripe"]


def evidence(one: House, name: str) -> work.WorkRow:
    with one.app.store.read() as tx:
        row = work.state(tx, "document", name)
    assert row is not None
    return row


def test_P15_paid_written_off_and_voided_are_shown_without_any_public_address() -> None:
    with house(zone=LONDON) as one:
        item, invoice = billed(one)
        assert standing(one, item) == "billed 2026-10"
        one.cashier.write_off(invoice)
        later(one)
        assert standing(one, item) == "uncollectible 2026-10"
        one.cashier.pay_invoice(invoice)
        later(one)
        assert standing(one, item) == "paid 2026-10"
        assert one.papers() == [("invoice", "tea", "paid", 9000)]
        assert one.preview("2026-10", "tea").plan.empty
        assert (one.findings(), one.parked(), hints(one)) == ((), [], [])


def test_an_invoice_is_overdue_by_time_alone_at_the_end_of_its_due_day() -> None:
    with house(zone=LONDON) as one:
        item, _ = billed(one)
        one.go("2026-11-17 23:50")
        one.settle()
        assert standing(one, item) == "billed 2026-10"
        one.go("2026-11-18 00:00")
        one.settle()
        assert standing(one, item) == "overdue 2026-10"


def test_a_poll_is_one_call_when_nothing_happened() -> None:
    with house(zone=LONDON) as one:
        _, invoice = billed(one)
        later(one)
        later(one)
        before = looks(one)
        later(one)
        assert looks(one) == before + 1
        assert Work("events", "all") not in due(one.app)
        one.cashier.pay_invoice(invoice)
        before = looks(one)
        later(one)
        assert looks(one) == before + 2  # the events, and the invoice once for all of them


def test_P12_doubles_and_ties_and_old_news_do_not_matter() -> None:
    with house(zone=LONDON) as one:
        item, invoice = billed(one)
        one.cashier.pay_invoice(invoice)
        for _ in range(3):
            hint(one, invoice)
        assert standing(one, item) == "paid 2026-10"
        later(one)
        later(one)
        assert standing(one, item) == "paid 2026-10"
        assert (one.parked(), hints(one)) == ([], [])


def test_objects_of_others_are_left_alone() -> None:
    with house(zone=LONDON) as one:
        item, _ = billed(one)
        stripe = one.sandbox.stripe
        stranger = stripe.perform("POST", "/v1/customers", [("email", "x@other.example")])["id"]
        foreign = stripe.perform(
            "POST", "/v1/invoices", [("customer", stranger), ("currency", "gbp")]
        )["id"]
        for name in (foreign, stranger, "in_gone", "cn_gone", "cus_gone"):
            hint(one, name)
        assert (hints(one), one.parked()) == ([], [])
        with one.app.store.read() as tx:
            assert billing.owner(tx, foreign) == ""
        assert standing(one, item) == "billed 2026-10"


def test_a_draft_of_ours_that_somebody_deleted_is_forgotten_by_its_hint() -> None:
    with house(zone=LONDON) as one:
        billed(one)
        customer = one.app.mapping.client("tea").stripe_customer
        asked = [("customer", customer), ("currency", "gbp")]
        draft = one.sandbox.stripe.perform("POST", "/v1/invoices", asked)["id"]
        hint(one, draft)
        with one.app.store.read() as tx:
            assert billing.owner(tx, draft) == "tea"
        one.cashier.delete_draft(draft)
        hint(one, draft)
        with one.app.store.read() as tx:
            assert billing.owner(tx, draft) == ""


def test_P14_a_voided_invoice_is_told_once_and_its_time_waits_for_a_person() -> None:
    with house(zone=LONDON) as one:
        item, invoice = billed(one)
        number = one.sandbox.stripe.invoices[invoice].number
        one.cashier.void_invoice(invoice)
        later(one)
        assert one.parked() == [("document", invoice, f"{number} was voided in Stripe")]
        told = evidence(one, invoice).evidence
        assert f"{item} 2026-10 1:30 90.00 GBP" in told
        assert standing(one, item) == "voided 2026-10"
        with one.app.store.write() as tx:
            work.release(tx, "document", invoice, actor="avery", why="known", now=one.clock.now())
        one.go("2026-12-03 09:00")
        one.settle()
        assert one.parked() == []  # told once
        shown = one.preview("2026-11", "tea")
        with pytest.raises(Parked, match="was voided in Stripe"):
            close.apply(one.app, shown.hash)
        assert one.papers() == [("invoice", "tea", "void", 9000)]
        with one.app.store.write() as tx:
            work.release(tx, "close", "tea", actor="avery", why="again", now=one.clock.now())
        one.close("2026-11", "tea")
        one.settle()
        assert one.papers()[1:] == [("invoice", "tea", "open", 9000)]
        assert standing(one, item) == "billed 2026-10"


@pytest.mark.parametrize("way", ["hint", "daily look"])
def test_P16_an_invoice_whose_marks_were_taken_away_is_found_and_never_billed_again(
    way: str,
) -> None:
    with house(zone=LONDON) as one:
        item, invoice = billed(one)
        kept = one.sandbox.stripe.invoices[invoice]
        marks = [("metadata[mb_key]", ""), ("metadata[mb_plan]", "")]
        one.sandbox.stripe.perform("POST", f"/v1/invoices/{invoice}", marks)
        assert kept.metadata == {}
        if way == "hint":
            hint(one, invoice)
        else:
            with one.app.store.write() as tx:
                billing.look_at_all(tx)
            one.settle()
        (reason,) = [why for kind, _, why in one.parked() if kind == "document"]
        assert reason == f"{kept.number} was issued by us and was changed in Stripe"
        said = evidence(one, invoice).evidence
        key = json.dumps(["tea", "2026-10", "usage", 1], separators=(",", ":"))
        assert said.startswith(f"mb_key was {key}, is gone")
        with one.app.store.write() as tx:
            work.release(tx, "document", invoice, actor="avery", why="known", now=one.clock.now())
        assert one.preview("2026-10", "tea").plan.empty
        one.go("2026-12-03 09:00")
        one.settle()
        shown = one.preview("2026-11", "tea")
        assert shown.plan.documents == ()
        close.apply(one.app, shown.hash)
        assert one.papers() == [("invoice", "tea", "open", 9000)]
        assert (standing(one, item), one.parked()) == ("overdue 2026-10", [])


def test_P16_a_line_that_lost_its_mark_is_found_and_never_billed_again() -> None:
    with house(zone=LONDON) as one:
        _, invoice = billed(one)
        one.sandbox.stripe.invoices[invoice].lines[0].metadata.clear()
        hint(one, invoice)
        assert "is unmarked, 0 min, 9000" in evidence(one, invoice).evidence
        assert one.preview("2026-10", "tea").plan.empty
        assert one.papers() == [("invoice", "tea", "open", 9000)]


def test_after_weeks_away_every_client_is_looked_at_again() -> None:
    with house(zone=LONDON) as one:
        item, invoice = billed(one)
        one.cashier.pay_invoice(invoice)
        one.go("2026-12-15 09:00")
        one.sandbox.stripe.account.events.forget_before(one.clock.now() // 1000)
        assert run(one.app, Work("events", "all"))
        with one.app.store.read() as tx:
            assert billing.last_observed(tx, "tea") == 0
            found = peer.find(tx, peer.STRIPE)
        assert found is not None
        assert json.loads(found.cursor)[0] >= one.clock.now() // 1000 - 30 * 86_400
        one.settle()
        assert standing(one, item) == "paid 2026-10"
