"""Credit notes on open invoices (stripe.md §0.3, §1.6)."""

import pytest

from stripe_desk import SECOND, VAT, Desk, credit_form


def _issued(*amounts: int, credited_in_full: str = "paid") -> tuple[Desk, str, list[str]]:
    desk = Desk(credited_in_full=credited_in_full)
    invoice = desk.open(*amounts, default_tax_rates=[VAT])["id"]
    return desk, invoice, desk.lines(invoice)


class TestCreating:
    def test_it_lowers_what_remains(self) -> None:
        desk, invoice, (line, _) = _issued(1000, 500)
        note = desk.credit(invoice, line, 400, memo="wrong", reason="order_change")
        assert [
            note[name]
            for name in ("subtotal", "total", "amount", "pre_payment_amount", "post_payment_amount")
        ] == [400, 488, 488, 488, 0]
        assert (note["number"], note["status"], note["type"]) == (
            "SANDBOX-0001-CN-01",
            "issued",
            "pre_payment",
        )
        assert (note["memo"], note["reason"], note["effective_at"]) == (
            "wrong",
            "order_change",
            SECOND,
        )
        after = desk.get(f"/v1/invoices/{invoice}")
        assert [
            after[name]
            for name in (
                "total",
                "amount_due",
                "amount_remaining",
                "pre_payment_credit_notes_amount",
                "status",
            )
        ] == [1830, 1342, 1342, 488, "open"]

    def test_tax_is_computed_anew_on_the_lines_rates(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        (shown,) = desk.credit(invoice, line, 25)["lines"]["data"]
        assert (shown["amount"], shown["taxes"][0]["amount"]) == (25, 6)
        assert (shown["invoice_line_item"], shown["tax_rates"][0]["id"]) == (line, VAT)

    def test_the_last_part_takes_no_more_tax_than_is_left(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        totals = [desk.credit(invoice, line, 25)["total"] for _ in range(40)]
        assert (sum(totals), totals[0]) == (1220, 31)
        assert desk.get(f"/v1/invoices/{invoice}")["amount_remaining"] == 0

    def test_many_notes_are_numbered(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        numbers = [desk.credit(invoice, line, 1)["number"] for _ in range(3)]
        assert numbers == [f"SANDBOX-0001-CN-0{n}" for n in (1, 2, 3)]

    def test_a_custom_line_stands_for_itself(self) -> None:
        desk, invoice, _ = _issued(1000)
        line = {
            "type": "custom_line_item",
            "description": "goodwill",
            "unit_amount": 50,
            "quantity": 2,
            "tax_rates": [VAT],
        }
        note = desk.post("/v1/credit_notes", {"invoice": invoice, "lines": [line]})
        (shown,) = note["lines"]["data"]
        assert (note["total"], shown["type"], shown["description"]) == (
            122,
            "custom_line_item",
            "goodwill",
        )

    def test_the_customer_is_mailed_unless_told_otherwise(self) -> None:
        """§1.6: `email_type` is `credit_note` by default."""
        desk, invoice, (line,) = _issued(1000)
        loud = desk.credit(invoice, line, 1)["id"]
        desk.credit(invoice, line, 1, email_type="none")
        assert [(mail.kind, mail.document) for mail in desk.api.mails] == [("credit_note", loud)]

    @pytest.mark.parametrize("status", ["paid", "open"])
    def test_credited_in_full(self, status: str) -> None:
        """Unverified (§6): whether the invoice is paid then."""
        desk, invoice, (line,) = _issued(1000, credited_in_full=status)
        desk.credit(invoice, line, 1000)
        after = desk.get(f"/v1/invoices/{invoice}")
        assert (after["status"], after["amount_remaining"], after["amount_paid"]) == (status, 0, 0)


class TestCaps:
    def test_a_line_has_no_more_than_its_amount(self) -> None:
        desk, invoice, (line, _) = _issued(1000, 5000)
        desk.credit(invoice, line, 600)
        refusal = desk.refusal("POST", "/v1/credit_notes", credit_form(invoice, line, 401))
        assert (refusal["status"], refusal["param"]) == (400, "lines[0][amount]")
        assert desk.credit(invoice, line, 400)["total"] == 488

    def test_one_note_cannot_take_a_line_twice(self) -> None:
        desk, invoice, (line, _) = _issued(1000, 5000)
        form = credit_form(invoice, line, 600)
        form["lines"] = [*_list(form["lines"]), *_list(form["lines"])]
        refusal = desk.refusal("POST", "/v1/credit_notes", form)
        assert refusal["param"] == "lines[1][amount]"

    def test_an_invoice_has_no_more_than_what_remains(self) -> None:
        desk, invoice, _ = _issued(1000)
        line = {"type": "custom_line_item", "description": "x", "unit_amount": 1221}
        form = {"invoice": invoice, "lines": [line]}
        assert desk.refusal("POST", "/v1/credit_notes", form)["param"] == "lines"
        assert desk.get("/v1/credit_notes")["data"] == []

    @pytest.mark.parametrize("verb", ["", "void", "mark_uncollectible"])
    def test_the_invoice_must_be_open(self, verb: str) -> None:
        desk = Desk()
        draft = desk.draft(1000)
        (line,) = desk.lines(draft)
        for step in ["finalize", verb] if verb else []:
            desk.post(f"/v1/invoices/{draft}/{step}")
        refusal = desk.refusal("POST", "/v1/credit_notes", credit_form(draft, line, 1))
        assert (refusal["status"], refusal["param"]) == (400, "invoice")

    def test_a_paid_invoice_wants_a_split(self) -> None:
        """§0.4: nothing says yet where the money goes."""
        desk, invoice, (line,) = _issued(1000)
        desk.post(f"/v1/invoices/{invoice}/pay", {"paid_out_of_band": True})
        refusal = desk.refusal("POST", "/v1/credit_notes", credit_form(invoice, line, 100))
        assert "must equal the post payment amount (122)" in refusal["message"]

    @pytest.mark.parametrize(
        ("line", "param"),
        [
            ({"type": "invoice_line_item", "amount": 1}, "lines[0][invoice_line_item]"),
            (
                {"type": "invoice_line_item", "invoice_line_item": "il_no", "amount": 1},
                "lines[0][invoice_line_item]",
            ),
            (
                {
                    "type": "invoice_line_item",
                    "invoice_line_item": "il_no",
                    "quantity": 1,
                    "amount": 1,
                },
                "lines[0][quantity]",
            ),
            (
                {"type": "invoice_line_item", "invoice_line_item": "il_no", "amount": 0},
                "lines[0][amount]",
            ),
            ({"type": "custom_line_item", "unit_amount": 1}, "lines[0][description]"),
            ({"type": "custom_line_item", "description": "x"}, "lines[0][unit_amount]"),
            ({"type": "custom_line_item", "description": "x", "amount": 1}, "lines[0][amount]"),
            ({"type": "gift"}, "lines[0][type]"),
        ],
    )
    def test_what_makes_no_credit_is_named(self, line: dict[str, object], param: str) -> None:
        desk, invoice, _ = _issued(1000)
        refusal = desk.refusal("POST", "/v1/credit_notes", {"invoice": invoice, "lines": [line]})
        assert (refusal["status"], refusal["param"]) == (400, param)

    def test_a_note_needs_lines(self) -> None:
        desk, invoice, _ = _issued(1000)
        assert desk.refusal("POST", "/v1/credit_notes", {"invoice": invoice})["param"] == "lines"


class TestAfterwards:
    def test_a_preview_writes_nothing(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        before, events = desk.get(f"/v1/invoices/{invoice}"), desk.events()
        form = credit_form(invoice, line, 400)
        preview = desk.get("/v1/credit_notes/preview", form)
        rows = desk.get("/v1/credit_notes/preview/lines", form)["data"]
        assert (preview["total"], preview["pre_payment_amount"], len(rows)) == (488, 488, 1)
        assert desk.get(f"/v1/invoices/{invoice}") == before
        assert (desk.get("/v1/credit_notes")["data"], desk.events()) == ([], events)

    def test_notes_are_listed_by_invoice_and_customer(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        other = desk.open(1000)["id"]
        notes = [desk.credit(invoice, line, 1)["id"] for _ in range(2)]
        desk.credit(other, desk.lines(other)[0], 1)
        found = desk.get("/v1/credit_notes", {"invoice": invoice})["data"]
        assert [each["id"] for each in found] == notes[::-1]
        assert len(desk.get("/v1/credit_notes", {"customer": "cus_acme"})["data"]) == 3

    def test_voiding_gives_back(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        before = desk.get(f"/v1/invoices/{invoice}")
        note = desk.credit(invoice, line, 1000 - 1)["id"]
        voided = desk.post(f"/v1/credit_notes/{note}/void")
        assert (voided["status"], voided["voided_at"]) == ("void", SECOND)
        assert desk.get(f"/v1/invoices/{invoice}") == before
        assert desk.refusal("POST", f"/v1/credit_notes/{note}/void")["status"] == 400
        assert desk.credit(invoice, line, 1000)["number"] == "SANDBOX-0001-CN-02"

    def test_voiding_needs_an_open_invoice(self) -> None:
        """§1.6: a wrong note on a paid invoice cannot be undone."""
        desk, invoice, (line,) = _issued(1000)
        note = desk.credit(invoice, line, 100)["id"]
        desk.post(f"/v1/invoices/{invoice}/pay", {"paid_out_of_band": True})
        assert desk.refusal("POST", f"/v1/credit_notes/{note}/void")["status"] == 400

    def test_memo_and_metadata_can_change(self) -> None:
        desk, invoice, (line,) = _issued(1000)
        note = desk.credit(invoice, line, 100, metadata={"a": "1"})
        changed = desk.post(f"/v1/credit_notes/{note['id']}", {"memo": "m", "metadata": {"b": "2"}})
        assert changed == {**note, "memo": "m", "metadata": {"a": "1", "b": "2"}}


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
