"""What was paid and is credited: where the money goes, whatever lands meanwhile (6.23).

Amounts of notes are with 20 % of tax.
"""

import pytest

from mondaybridge.errors import Parked
from mondaybridge.store import effects, work
from mondaybridge.workflows.packages import refund
from stories import town
from stories.house import LONDON, House, house

CREATED = "CreditNote.create"


def billed(one: House) -> tuple[str, str, str]:
    """An hour and a half is billed; return row, session and the invoice's id."""
    menu = one.row("Menu", board=town.TEA, approved=False)
    session = one.work(menu, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.go("2026-11-10 09:00")
    return menu, session, next(iter(one.sandbox.stripe.invoices))


def corrected(one: House, menu: str, session: str, minutes: int = 60) -> None:
    one.rework(menu, session, minutes)
    one.sweep()
    one.close("2026-11", "tea")


def splits(one: House) -> list[tuple[int, int, int, int]]:
    """Return of each note: total, refunded, to the balance, outside Stripe."""
    return [
        (n.totals.total, n.split.refund, n.split.credit, n.split.out_of_band)
        for n in one.sandbox.stripe.credit_notes.values()
    ]


def test_6_23_a_paid_invoice_is_credited_to_the_clients_balance() -> None:
    with house(zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.pay(invoice)
        corrected(one, menu, session)
        assert splits(one) == [(3600, 0, 3600, 0)]
        assert one.findings() == ()


@pytest.mark.parametrize(
    ("policy", "split"),
    [("refund", (3600, 3600, 0, 0)), ("out_of_band", (3600, 0, 0, 3600))],
)
def test_6_23_money_leaves_only_by_a_humans_choice(
    policy: str, split: tuple[int, int, int, int]
) -> None:
    terms = town.tea(policies={"after_payment": policy})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.pay(invoice)
        corrected(one, menu, session)
        assert splits(one) == [split]


def test_6_23_of_a_partly_paid_invoice_only_the_paid_part_is_split() -> None:
    with house(zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.pay(invoice, amount=8000)
        corrected(one, menu, session)
        assert splits(one) == [(3600, 0, 800, 0)]


@pytest.mark.parametrize(("paid", "split"), [(10800, 3600), (8000, 800)])
def test_6_an_account_that_wants_the_split_before_it_tells_it_is_told_one(
    paid: int, split: int
) -> None:
    """Unverified (stripe.md §6): whether a preview may leave the split open."""
    with house(zone=LONDON) as one:
        switched = one.sandbox.stripe.account
        switched.settings = switched.settings.model_copy(update={"preview_needs_split": True})
        menu, session, invoice = billed(one)
        one.cashier.pay(invoice, amount=paid)
        corrected(one, menu, session)
        assert splits(one) == [(3600, 0, split, 0)]
        assert (one.parked(), one.findings()) == ([], ())


def test_0_4_a_payment_between_look_and_note_asks_for_another_split() -> None:
    with house(zone=LONDON) as one:
        menu, session, _ = billed(one)
        one.fault("stripe", "payment_lands", CREATED)
        corrected(one, menu, session)
        assert splits(one) == [(3600, 0, 3600, 0)]
        assert one.parked() == []
        with one.app.store.read() as tx:
            sent = effects.find(tx, '["tea","2026-10","correction",1]')
        assert [(row.attempt, row.http_status) for row in sent] == [(1, 400), (2, 200)]
        assert one.findings() == ()


def test_0_4_payments_that_keep_landing_are_followed_a_few_times() -> None:
    with house(zone=LONDON) as one:
        menu, session, _ = billed(one)
        for amount in (7500, 1000):
            one.fault("stripe", "payment_lands", CREATED, amount=amount)
        corrected(one, menu, session)
        assert splits(one) == [(3600, 0, 1300, 0)]


def test_P19_what_stripe_will_not_credit_any_more_is_parked_and_the_month_goes_on() -> None:
    with house(zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.pay(invoice)
        one.cashier.refund(invoice, amount=8000)
        one.rework(menu, session, 60)
        one.work(menu, "2026-11-05 09:00", 60)
        one.go("2026-12-03 09:00")
        one.sweep()
        with pytest.raises(Parked):
            one.close("2026-11", "tea")
        assert splits(one) == []
        assert one.papers()[1:] == [("invoice", "tea", "open", 6000)]
        ((kind, key, reason),) = [p for p in one.parked() if p[0] == "close"]
        assert (kind, key, reason) == ("close", "tea", "Stripe would not take this credit note")


def test_7_hours_of_a_package_that_go_back_are_credited_on_its_sale() -> None:
    with house() as one:
        one.go("2026-10-06 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        ((_, _, _, price),) = one.papers()
        refund(one.app, "P1", minutes=400, reason="the shop closes", actor="Ada")
        one.settle()
        (note,) = one.preview("2026-10", "bottega").plan.documents
        assert [line.cause for line in note.lines] == ["the shop closes (10:00 → 3:20)"]
        one.close("2026-10", "bottega")
        assert one.papers()[1:] == [("credit note", "bottega", "issued", price * 2 // 3)]
        one.settle()
        assert one.preview("2026-10", "bottega").plan.documents == ()
        assert one.findings() == ()


class TestVoidedByHand:
    """P14: an invoice that a person voided loses its money; it is billed again only on release."""

    def test_it_is_billed_again_only_on_release(self) -> None:
        with house(zone=LONDON) as one:
            _, _, invoice = billed(one)
            one.cashier.void_invoice(invoice)
            one.go("2026-12-03 09:00")
            one.sweep()
            shown = one.preview("2026-11", "tea")
            assert [d.subtotal_minor for d in shown.plan.documents] == [9000]
            assert shown.plan.findings[0].endswith(
                "was voided in Stripe: billing its time again needs a release"
            )
            for _ in range(2):
                with pytest.raises(Parked, match="only when somebody releases"):
                    one.close("2026-11", "tea")
            assert one.papers() == [("invoice", "tea", "void", 9000)]
            with one.app.store.write() as tx:
                assert work.release(
                    tx, "close", "tea", actor="Ada", why="agreed", now=one.clock.now()
                )
            one.close("2026-11", "tea")
            assert one.papers()[1:] == [("invoice", "tea", "open", 9000)]
            one.wait(60)
            one.settle()
            assert one.preview("2026-12", "tea").plan.documents == ()
            assert len(one.papers()) == 2


def test_1_6_a_decrease_on_an_invoice_that_was_written_off_parks_nobody() -> None:
    with house(zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.write_off(invoice)
        corrected(one, menu, session)
        told = f"30.00 GBP less for {menu} in 2026-10 is not credited: its invoice was written off"
        assert one.close("2026-11", "tea")[0].plan.notes == (told,)
        assert (one.papers()[1:], one.parked()) == ([], [])
        one.cashier.pay_invoice(invoice)
        one.wait(11)
        one.settle()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [("credit note", "tea", "issued", 3000)]


def test_6_1_a_note_on_an_invoice_that_was_voided_since_gives_nothing_back() -> None:
    with house(zone=LONDON) as one:
        menu, session, invoice = billed(one)
        corrected(one, menu, session)
        one.close("2026-10", "tea")
        one.cashier.void_invoice(invoice)
        one.go("2026-12-03 09:00")
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases"):
            one.close("2026-11", "tea")
        with one.app.store.write() as tx:
            work.release(tx, "close", "tea", actor="Ada", why="agreed", now=one.clock.now())
        one.close("2026-11", "tea")
        one.sweep()
        assert one.papers() == [
            ("invoice", "tea", "void", 9000),
            ("credit note", "tea", "issued", 3000),
            ("invoice", "tea", "open", 6000),
        ]
        assert one.cell(menu) == ("60", "billed 2026-10")
        assert one.findings() == ()


def test_6_23_a_note_by_hand_that_uses_an_invoice_up_is_told_once() -> None:
    """Half an hour less cannot be credited any more: a person releases it, and months go on."""
    terms = town.tea(policies={"late_days": 365})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.goodwill(invoice, amount=9000, description="sorry")
        one.rework(menu, session, 60)
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases") as told:
            one.close("2026-11", "tea")
        assert told.value.evidence == (
            f"30.00 GBP less for {menu} in 2026-10, but its invoice has no more to credit since "
            f"{hand_note(one)}, written by hand: credit it by hand"
        )
        with one.app.store.write() as tx:
            work.release(tx, "close", "tea", actor="Ada", why="given", now=one.clock.now())
        for month, day in (("2026-11", "2026-12-05"), ("2026-12", "2027-01-05")):
            one.work(one.row(month, board=town.TEA, approved=False), f"{month}-06 09:00", 60)
            one.go(f"{day} 09:00")
            one.sweep()
            one.close(month, "tea")
            assert one.parked() == []
        assert [total for kind, _, _, total in one.papers() if kind == "invoice"] == [
            9000,
            6000,
            6000,
        ]
        assert one.preview("2027-01", "tea").plan.notes == (
            f"{told.value.evidence}; this was released",
        )
        one.rework(menu, session, 30)
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases"):
            one.close("2027-01", "tea")


def test_6_23_one_release_lets_a_whole_plan_pass_whatever_it_was_parked_for() -> None:
    terms = town.tea(policies={"late_days": 365, "bounds": {"first_amount": "100.00"}})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.goodwill(invoice, amount=9000, description="sorry")
        one.rework(menu, session, 60)
        one.work(one.row("Poster", board=town.TEA, approved=False), "2026-11-06 09:00", 180)
        one.go("2026-12-05 09:00")
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases") as told:
            one.close("2026-11", "tea")
        assert len(told.value.evidence.split("; ")) > 1
        with one.app.store.write() as tx:
            work.release(tx, "close", "tea", actor="Ada", why="given", now=one.clock.now())
        one.close("2026-11", "tea")
        assert one.papers()[-1] == ("invoice", "tea", "open", 18_000)


def test_6_23_only_what_was_parked_when_somebody_released_it_is_let_pass() -> None:
    terms = town.tea(policies={"late_days": 365})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session, invoice = billed(one)
        one.cashier.goodwill(invoice, amount=9000, description="sorry")
        one.rework(menu, session, 60)
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases"):
            one.close("2026-11", "tea")
        one.rework(menu, session, 90)
        one.sweep()
        one.close("2026-11", "tea")
        with one.app.store.write() as tx:
            work.failed(tx, "close", "tea", "Stripe is away", now=one.clock.now())
            work.release(tx, "close", "tea", actor="Ada", why="again", now=one.clock.now())
        one.rework(menu, session, 60)
        one.sweep()
        with pytest.raises(Parked, match="only when somebody releases"):
            one.close("2026-11", "tea")


def hand_note(one: House) -> str:
    (note,) = one.sandbox.stripe.credit_notes.values()
    return str(note.number)
