"""Everything that the adapter says over a real socket, judged by the vendor's description."""

from dataclasses import replace

from mondaybridge.stripe import documents, observation
from stripe_validated import validated_stripe
from stripebook import KEY, START, Account, planned_credit, planned_invoice

SAID = {
    "Invoice.create": 2,
    "Invoice.add_lines": 2,
    "Invoice.finalize_invoice": 1,
    "Invoice.send_invoice": 1,
    "Invoice.delete": 1,
    "Invoice.list": 2,
    "Invoice.retrieve": 1,
    "InvoiceLineItem.list": 4,
    "CreditNote.create": 1,
    "CreditNote.list": 2,
    "CreditNote.preview": 1,
    "CreditNoteLineItem.list": 1,
    "Event.list": 1,
}


def test_all_that_we_say_is_in_stripes_description() -> None:
    account, plan = Account(), planned_invoice(120, tax_rate="txr_vat")
    with validated_stripe(account.api.handle) as judge:
        account.gateway = account.connect(url=judge.url)
        stripe_id = account.issue(plan)
        spare = replace(plan, key=replace(KEY, revision=2))
        draft_id = documents.create_draft(
            account.gateway, account.effects, document=spare, attempt=1
        )
        documents.delete_draft(
            account.gateway, account.effects, stripe_id=draft_id, key=spare.key, attempt=1
        )
        (invoice,) = account.seen()
        one = planned_credit(invoice, amount=100, minutes=1)
        lines = [
            replace(one.lines[0], credits_line=line.stripe_line_id)
            for line in (invoice.lines or ())[:20]
        ]
        credit = replace(one, lines=tuple(lines))
        account.credit(credit)
        seen = {document.stripe_id: document for document in account.seen(stripe_id)}
        assert [len(document.lines or ()) for document in seen.values()] == [0, 20]
        again = observation.read_invoice(account.gateway, stripe_id)
        credited = sum(line.amount_minor for line in credit.lines) * 122 // 100
        assert again == replace(invoice, remaining_minor=invoice.remaining_minor - credited)
        assert observation.was_sent(account.gateway, stripe_id, START)
        account.gateway.close()
        report = judge.report()
    assert report.violations == []
    assert report.seen == SAID
