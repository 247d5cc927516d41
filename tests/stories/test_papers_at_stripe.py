"""Our system will generate an invoice: what people do to it in Stripe, and what is too much."""

import pytest

from mondaybridge.errors import FindingsError, Parked, TryLater
from mondaybridge.workflows import close
from stories import town
from stories.house import LONDON, House, house
from stories.paperwork import Meddled, invoices, ready, release, restored


def test_beyond_a_bound_a_client_is_parked_until_this_very_plan_is_let_pass() -> None:
    terms = town.tea(policies={"bounds": {"first_amount": "50.00"}})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        item = ready(one)
        shown = one.preview("2026-10", "tea")
        said = ("usage 2026-10 comes to 90.00 GBP; the bound is first_amount: 50.00 GBP",)
        assert shown.plan.findings == said
        with pytest.raises(Parked, match="only when somebody releases"):
            close.apply(one.app, shown.hash)
        assert one.parked() == [
            ("close", "tea", "this plan is billed only when somebody releases it")
        ]
        assert one.papers() == []
        release(one, "close", "tea")
        one.work(item, "2026-10-06 09:00", 60)
        one.wait(20)
        one.sweep()
        with pytest.raises(Parked):  # another plan than the one that was let pass
            one.close("2026-10", "tea")
        release(one, "close", "tea")
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 15000)]
        assert one.findings() == ()


def test_a_voided_invoice_is_not_written_again_by_itself() -> None:
    with house(zone=LONDON) as one:
        item = ready(one)
        one.close("2026-10", "tea")
        one.cashier.void_invoice(invoices(one)[0])
        one.go("2026-12-03 09:00")
        one.work(item, "2026-11-05 09:00", 30)
        one.sweep()
        shown = one.preview("2026-11", "tea")
        assert ["was voided in Stripe" in finding for finding in shown.plan.findings] == [True]
        with pytest.raises(Parked):
            close.apply(one.app, shown.hash)
        assert one.papers() == [("invoice", "tea", "void", 9000)]
        release(one, "close", "tea")
        one.close("2026-11", "tea")
        assert one.papers() == [
            ("invoice", "tea", "void", 9000),
            ("invoice", "tea", "open", 12000),
        ]
        assert one.findings() == ()


def test_a_paid_invoice_counts_as_issued() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        one.close("2026-10", "tea")
        one.cashier.pay_invoice(invoices(one)[0])
        one.go("2026-11-20 09:00")
        one.sweep()
        assert one.preview("2026-10", "tea").plan.empty
        assert one.findings() == ()


def interrupted(one: House) -> str:
    """The close ends after the draft was made: no line reaches Stripe."""
    one.fault("stripe", "drop_request", "add_lines", 40)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the network's end is called
        one.close("2026-10", "tea")
    one.sandbox.world.faults.clear()
    assert one.papers() == [("invoice", "tea", "draft", 0)]
    return invoices(one)[0]


def test_our_own_draft_is_taken_up_again() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        interrupted(one)
        one.wait(5)
        one.sweep()
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 9000)]


def test_our_own_draft_that_somebody_wrote_on_is_made_anew() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        draft = interrupted(one)
        one.cashier.add_line(draft, amount=777, description="something else")
        one.wait(5)
        one.sweep()
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 9000)]
        assert one.lines() == [("5 Oct · Menu · 1:30 h at 60.00 GBP", 9000)]


def test_drafts_of_others_are_left_alone() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        foreign = one.sandbox.stripe.humans._post(
            "/v1/invoices",
            {"customer": "cus_tea", "collection_method": "send_invoice", "days_until_due": "14"},
        )["id"]
        one.cashier.add_line(foreign, amount=5000, description="Hosting")
        one.close("2026-10", "tea")
        assert one.papers() == [
            ("invoice", "tea", "draft", 5000),
            ("invoice", "tea", "open", 9000),
        ]
        assert one.lines(0) == [("Hosting", 5000)]
        one.cashier.finalize_invoice(foreign)
        one.wait(20)
        one.sweep()
        assert one.preview("2026-10", "tea").plan.empty
        assert one.findings() == ()


def test_what_people_credited_by_hand_is_not_credited_again() -> None:
    with house(zone=LONDON) as one:
        item = ready(one)
        one.close("2026-10", "tea")
        invoice = next(iter(one.sandbox.stripe.invoices.values()))
        one.cashier.credit_line(invoice.id, line=invoice.lines[0].id, amount=3000)
        session = one.sandbox.monday.state.items[item].sessions[town.TIME][0].id
        one.rework(item, session, 60)
        one.wait(20)
        one.sweep()
        assert [d.subtotal_minor for d in one.preview("2026-11", "tea").plan.documents] == []


def paid_and_less(one: House) -> str:
    """Bill 90 minutes of October, have them paid, take 30 back, work 30 in November."""
    item = one.row("Menu", board=town.TEA, approved=False)
    session = one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.cashier.pay(invoices(one)[0])
    one.rework(item, session, 60)
    one.work(item, "2026-11-05 09:00", 30)
    one.go("2026-12-03 09:00")
    one.sweep()
    return item


def test_a_credit_that_stripe_refuses_is_parked_and_the_month_goes_on() -> None:
    with house(zone=LONDON) as one:
        paid_and_less(one)
        one.cashier.refund(invoices(one)[0], amount=8000)  # leaves less than the credit
        with pytest.raises(Parked):
            one.close("2026-11", "tea")
        assert one.papers() == [
            ("invoice", "tea", "paid", 9000),
            ("invoice", "tea", "open", 3000),
        ]
        assert [row[:2] for row in one.parked()] == [("close", "tea")]
        assert one.preview("2026-11", "tea").plan.closes == ""  # the month is closed


def test_what_a_person_credits_by_hand_settles_a_decrease_and_is_not_billed_again() -> None:
    with house(zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA, approved=False)
        session = one.work(item, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        invoice = invoices(one)[0]
        line = one.sandbox.stripe.invoices[invoice].lines[0].id
        one.cashier.credit_line(invoice, line=line, amount=3000)
        assert one.preview("2026-10", "tea").plan.empty
        one.rework(item, session, 60)
        one.sweep()
        assert one.preview("2026-10", "tea").plan.empty


def test_one_parked_client_does_not_stop_the_others() -> None:
    terms = town.tea(policies={"bounds": {"first_amount": "50.00"}})
    with house(town.mapping(tea=terms, bottega=town.bottega()), zone=LONDON) as one:
        ready(one)
        with pytest.raises(
            FindingsError,
            match=r"tea: this plan is billed only when somebody releases it(.|\n)*bottega",
        ):
            one.close("2026-10")
        assert one.preview("2026-10", "tea").plan.closes == "2026-10"
        assert one.preview("2026-10", "bottega").plan.closes == ""


def test_6_11_a_draft_that_somebody_else_writes_is_reported_and_left_alone() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        stripe = one.sandbox.stripe
        customer = one.app.mapping.client("tea").stripe_customer
        stripe.perform("POST", "/v1/invoices", [("customer", customer), ("currency", "gbp")])
        foreign = invoices(one)[0]
        assert one.preview("2026-10", "tea").drafts == (foreign,)
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "draft", 0), ("invoice", "tea", "open", 9000)]


def test_P16_a_draft_edited_at_the_last_moment_stays_in_sight_until_it_is_released() -> None:
    with house(zone=LONDON, kind=Meddled) as one:
        ready(one)
        with pytest.raises(Parked, match="differs from its plan"):
            one.close("2026-10", "tea")
        (invoice,) = invoices(one)
        told = ("document", invoice, "an issued document differs from its plan")
        assert told in one.parked()
        one.wait(20)
        one.close("2026-10", "tea")
        assert told in one.parked()
        release(one, "document", invoice)
        one.wait(20)
        one.settle()
        assert one.parked() == []
        assert one.papers() == [("invoice", "tea", "open", 9500)]


def test_S8_a_restored_database_with_other_content_needs_one_release_and_no_more() -> None:
    """Stripe knows the keys of all writes that the database forgot, within their 24 hours."""
    with house(zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA, approved=False)
        session = one.work(item, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.settle()
        one.app.close()
        kept = (one.folder / "mondaybridge.sqlite3").read_bytes()
        one.open()
        one.fault("stripe", "drop_answer", "add_lines", 50)
        with pytest.raises(TryLater):
            one.close("2026-10", "tea")
        one.sandbox.world.faults.clear()
        one.rework(item, session, 120)
        restored(one, kept)
        one.wait(5)
        one.sweep()
        with pytest.raises(Parked, match="with other bytes"):
            one.close("2026-10", "tea")
        release(one, "close", "tea")
        one.wait(1)
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 12_000)]
        assert one.parked() == []
