"""Our system will generate an invoice: it reaches the client once, or a person is told why not."""

import pytest

from mondaybridge.errors import BridgeError, Parked, TryLater
from mondaybridge.sandbox.world import Request, Response
from stories.house import LONDON, House, house
from stories.paperwork import Meddled, copy_of, invoices, ready, release, restored

UNTRACEABLE = "nobody can tell whether the invoice was mailed"


class TestNotMailed:
    """What is issued and could not be mailed stays in sight until it is (S21)."""

    class Mailbox(House):
        """The customer's address is missing from the moment that its invoice is final."""

        def _stripe(self, request: Request) -> Response:
            answer = super()._stripe(request)
            if request.path.endswith("/finalize"):
                self.cashier.edit_customer("cus_tea", email="")
            return answer

    def test_S21_it_is_told_by_itself_and_mailed_after_a_release(self) -> None:
        with house(zone=LONDON, kind=self.Mailbox) as one:
            ready(one)
            with pytest.raises(Parked, match="Stripe refuses send: Missing email"):
                one.close("2026-10", "tea")
            one.close("2026-10", "tea")
            (invoice,) = invoices(one)
            told = "SANDBOX-0001 is issued and was not mailed: Stripe refused to send"
            assert one.parked() == [("document", invoice, told)]
            assert one.sandbox.stripe.mails == []
            one.cashier.edit_customer("cus_tea", email="books@tea.example")
            one.wait(1)
            release(one, "document", invoice, "has one")
            one.wait(24 * 60)
            one.settle()
            assert [(mail.kind, mail.document) for mail in one.sandbox.stripe.mails] == [
                ("invoice", invoice)
            ]
            one.wait(24 * 60)
            one.settle()
            assert (len(one.sandbox.stripe.mails), one.parked()) == (1, [])


class TestMailedAndNotKnown:
    """The invoice is mailed, and what we have on record does not say so."""

    class Archive(House):
        """Somebody takes a backup between the invoice's end and its mail."""

        kept = b""
        final = False

        def _stripe(self, request: Request) -> Response:
            if self.final and not self.kept:
                self.kept = copy_of(self)
            self.final = request.path.endswith("/finalize")
            return super()._stripe(request)

    @pytest.mark.parametrize(
        ("later", "parked"),
        [
            (2, []),
            (33, ["nobody can tell whether the invoice was mailed"]),
        ],
    )
    def test_S20_it_is_mailed_once_however_late_the_backup_is_restored(
        self, later: int, parked: list[str]
    ) -> None:
        with house(zone=LONDON, kind=self.Archive) as one:
            ready(one)
            one.close("2026-10", "tea")
            one.wait(later * 24 * 60)
            assert isinstance(one, self.Archive)
            restored(one, one.kept)
            one.sweep()
            one.close("2026-10", "tea")
            one.settle()
            assert len(one.sandbox.stripe.mails) == 1
            assert [reason for _, _, reason in one.parked()] == parked
            assert one.papers() == [("invoice", "tea", "open", 9000)]

    @pytest.mark.parametrize("later", [1, 40])
    def test_S20_what_somebody_changed_and_nobody_mailed_is_told_again_after_a_restore(
        self, later: int
    ) -> None:
        with house(zone=LONDON, kind=Meddled) as one:
            ready(one)
            kept = copy_of(one)
            with pytest.raises(Parked, match="differs from its plan"):
                one.close("2026-10", "tea")
            (invoice,) = invoices(one)
            one.wait(later * 24 * 60)
            restored(one, kept)
            one.sweep()
            one.close("2026-10", "tea")
            one.settle()
            told = "SANDBOX-0001 is issued and not as it was made: somebody changed its lines"
            assert one.parked() == [("document", invoice, told)]
            assert one.sandbox.stripe.mails == []
            release(one, "document", invoice, "mailed it")
            one.wait(24 * 60)
            one.sweep()
            one.close("2026-11", "tea")
            assert one.parked() == []

    def test_a_send_without_answer_that_waited_a_month_is_for_a_person(self) -> None:
        """Nothing else waits for it: the month is closed, and released it is not mailed again."""
        with house(zone=LONDON) as one:
            item = ready(one)
            one.fault("stripe", "drop_answer", "Invoice.send", 50)
            with pytest.raises(TryLater):
                one.close("2026-10", "tea")
            one.sandbox.world.faults.clear()
            one.wait(33 * 24 * 60)
            one.sweep()
            one.close("2026-10", "tea")
            (invoice,) = invoices(one)
            told = "nobody can tell whether the invoice was mailed"
            assert one.parked() == [("document", invoice, told)]
            release(one, "document", invoice, "it was")
            one.work(item, "2026-11-05 09:00", 30)
            one.wait(20)
            one.settle()
            one.close("2026-11", "tea")
            assert [mail.document for mail in one.sandbox.stripe.mails] == invoices(one)
            assert one.parked() == []


def go_on(one: House) -> None:
    """Some days pass with nothing but what the bridge does by itself, and closes by hand."""
    for _ in range(2):
        one.sweep()
        one.settle()
        one.wait(24 * 60)
    for period in ("2026-10", "2026-11"):
        try:
            one.close(period, "tea")
        except BridgeError:
            continue
    one.settle()


class TestALongTimeLater:
    """Stripe forgets after a month what it mailed; nothing is left in silence all the same."""

    @pytest.mark.parametrize("days", [1, 31])
    @pytest.mark.parametrize("kind", ["close", "document"])
    def test_S21_what_was_refused_is_mailed_whenever_it_is_released(
        self, kind: str, days: int
    ) -> None:
        with house(zone=LONDON, kind=TestNotMailed.Mailbox) as one:
            ready(one)
            with pytest.raises(Parked):
                one.close("2026-10", "tea")
            (invoice,) = invoices(one)
            if kind == "document":
                one.close("2026-10", "tea")
            one.wait(days * 24 * 60)
            one.cashier.edit_customer("cus_tea", email="books@tea.example")
            release(one, kind, "tea" if kind == "close" else invoice)
            go_on(one)
            assert [mail.document for mail in one.sandbox.stripe.mails] == [invoice]
            assert one.parked() == []

    @pytest.mark.parametrize(("days", "mails", "parked"), [(1, 1, []), (33, 0, [UNTRACEABLE])])
    def test_S20_what_an_old_backup_does_not_know_is_mailed_or_told(
        self, days: int, mails: int, parked: list[str]
    ) -> None:
        with house(zone=LONDON) as one:
            ready(one)
            kept = copy_of(one)
            lose_the_mail(one)
            one.wait(days * 24 * 60)
            restored(one, kept)
            go_on(one)
            assert len(one.sandbox.stripe.mails) == mails
            assert [reason for _, _, reason in one.parked()] == parked
            assert one.papers() == [("invoice", "tea", "open", 9000)]


class TestPaidFromTheBalance:
    """What a customer's balance pays is paid at once: nobody has seen it for that."""

    @pytest.mark.parametrize(
        ("days", "forgotten", "mails", "parked"),
        [(0, "nothing", 1, []), (0, "all", 1, []), (31, "nothing", 0, [UNTRACEABLE])],
    )
    def test_it_is_mailed_all_the_same(
        self, days: int, forgotten: str, mails: int, parked: list[str]
    ) -> None:
        with house(zone=LONDON) as one:
            ready(one)
            one.cashier.adjust_balance("cus_tea", amount=-20000, currency="gbp")
            kept = copy_of(one)
            lose_the_mail(one)
            one.wait(days * 24 * 60 + 60)
            if forgotten == "all":
                restored(one, kept)
            go_on(one)
            assert one.papers() == [("invoice", "tea", "paid", 9000)]
            assert len(one.sandbox.stripe.mails) == mails
            assert [reason for _, _, reason in one.parked()] == parked


class Raised(Meddled):
    """Somebody asks for more on a line of ours just before the invoice is final."""

    def meddle(self, draft: str) -> None:
        line = self.sandbox.stripe.invoices[draft].lines[0]
        self.cashier.edit_line(draft, line=line.id, amount=line.amount + 10000)


def test_P16_an_invoice_that_somebody_raised_is_mailed_by_nobody_but_a_person() -> None:
    """Letting the client go on is no word about the document: that stays parked by itself."""
    with house(zone=LONDON, kind=Raised) as one:
        ready(one)
        with pytest.raises(Parked, match="differs from its plan"):
            one.close("2026-10", "tea")
        (invoice,) = invoices(one)
        release(one, "close", "tea")
        go_on(one)
        assert invoice not in [mail.document for mail in one.sandbox.stripe.mails]
        told = ("document", invoice, "an issued document differs from its plan")
        assert one.parked() == [told]


def lose_the_mail(one: House) -> None:
    """Stripe never gets what would mail the invoice."""
    one.fault("stripe", "drop_request", "Invoice.send", 50)
    with pytest.raises(TryLater):
        one.close("2026-10", "tea")
    one.sandbox.world.faults.clear()
