"""Documents written through the adapter into the stand-in, and read back."""

from dataclasses import replace

import pytest

from mondaybridge.domain.documents import (
    DocumentType,
    ObservedDocument,
    ObservedLine,
    PlannedDocument,
)
from mondaybridge.domain.usage import LineId
from mondaybridge.errors import Parked
from mondaybridge.stripe import documents, observation
from stripebook import CUSTOMER, KEY, START, Account, planned_credit, planned_invoice


def draft(account: Account, plan: PlannedDocument) -> str:
    stripe_id = documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    account.fill(stripe_id, plan)
    return stripe_id


def read(account: Account, stripe_id: str) -> ObservedDocument:
    found = observation.read_invoice(account.gateway, stripe_id)
    assert found
    return found


def test_an_invoice_is_read_back_as_planned() -> None:
    account, plan = Account(), planned_invoice(tax_rate="txr_vat")
    stripe_id = account.issue(plan)
    (seen,) = account.seen()
    assert seen.lines
    assert seen == ObservedDocument(
        stripe_id=stripe_id,
        type=DocumentType.INVOICE,
        status="open",
        customer=CUSTOMER,
        currency="eur",
        subtotal_minor=13000,
        total_minor=15860,
        created_at=START,
        number="SANDBOX-0001",
        finalized_at=START,
        key=KEY,
        plan_digest=plan.digest,
        lines=seen.lines,
        remaining_minor=15860,
        due_at=START + 14 * 86_400_000,
    )
    assert [(line.line_id, line.minutes, line.amount_minor) for line in seen.lines] == [
        (line.line_id, line.minutes, line.amount_minor) for line in plan.lines
    ]
    assert [mail.document for mail in account.api.mails] == [stripe_id]


def test_a_draft_is_nobodys_but_ours_to_finish() -> None:
    account = Account()
    stripe_id = draft(account, planned_invoice())
    kept = account.api.invoices[stripe_id]
    shown = account.api.perform("GET", f"/v1/invoices/{stripe_id}", [])
    assert kept.status == "draft"
    assert {name: shown[name] for name in ("auto_advance", "collection_method", "description")} == {
        "auto_advance": False,
        "collection_method": "send_invoice",
        "description": "Work in October 2026",
    }
    line = shown["lines"]["data"][0]
    assert (line["period"], line["discountable"], line["description"]) == (
        {"start": START // 1000 - 86_400, "end": START // 1000 - 86_000},
        False,
        "Task 0, 1:00 h at 65.00 EUR",
    )


@pytest.mark.parametrize(("lines", "adds"), [(1, 1), (100, 1), (120, 2), (250, 3)])
def test_calls_of_an_invoice(lines: int, adds: int) -> None:
    account, plan = Account(), planned_invoice(lines)
    account.issue(plan)
    assert account.calls() == [
        "POST /v1/invoices",
        *["POST /v1/invoices/ID/add_lines"] * adds,
        "POST /v1/invoices/ID/finalize",
        "POST /v1/invoices/ID/send",
    ]
    account.sent.clear()
    (seen,) = account.seen()
    assert account.calls() == [
        "GET /v1/invoices",
        "GET /v1/credit_notes",
        *(["GET /v1/invoices/ID/lines"] * adds if lines > 10 else []),
    ]
    assert seen.lines
    assert [line.line_id for line in seen.lines] == [line.line_id for line in plan.lines]


def test_a_credit_note_names_the_line_that_it_lowers() -> None:
    account = Account()
    account.issue(planned_invoice(12, tax_rate="txr_vat"))
    (invoice,) = account.seen()
    plan = planned_credit(invoice, amount=1500, minutes=14)
    account.clock.advance(60_000)
    account.sent.clear()
    stripe_id = account.credit(plan)
    assert account.calls() == ["GET /v1/credit_notes/preview", "POST /v1/credit_notes"]
    _, note = account.seen(invoice.stripe_id)
    assert invoice.lines
    assert note.lines
    (line,) = note.lines
    assert note == ObservedDocument(
        stripe_id=stripe_id,
        type=DocumentType.CREDIT_NOTE,
        status="issued",
        customer=CUSTOMER,
        currency="eur",
        subtotal_minor=1500,
        total_minor=1830,
        created_at=account.clock.now(),
        number="SANDBOX-0001-CN-01",
        finalized_at=account.clock.now(),
        key=plan.key,
        plan_digest=plan.digest,
        invoice_id=invoice.stripe_id,
        lines=(line,),
    )
    assert replace(line, stripe_line_id="") == ObservedLine(
        "", plan.lines[0].line_id, 14, 1500, invoice.lines[0].stripe_line_id
    )
    assert account.api.credit_notes[stripe_id].memo == (
        "Correction of October 2026\nTask 0, 1:00 h at 65.00 EUR: session shortened on 2026-11-03"
    )
    assert [mail.kind for mail in account.api.mails] == ["invoice", "credit_note"]


def test_lines_of_a_long_credit_note_are_paged() -> None:
    account = Account()
    account.issue(planned_invoice(30))
    (invoice,) = account.seen()
    assert invoice.lines
    one = planned_credit(invoice, amount=100, minutes=1)
    lines = [
        replace(one.lines[0], credits_line=line.stripe_line_id, line_id=line.line_id)
        for line in invoice.lines
        if line.line_id
    ]
    account.credit(replace(one, lines=tuple(lines)))
    note = next(seen for seen in account.seen() if seen.type is DocumentType.CREDIT_NOTE)
    assert note.lines
    assert [line.source_line for line in note.lines] == [
        line.stripe_line_id for line in invoice.lines
    ]


def test_issued_lines_are_read_once_and_draft_lines_each_time() -> None:
    account = Account()
    issued = account.issue(planned_invoice(12))
    unfinished = planned_invoice(3)
    drafted = draft(account, replace(unfinished, key=replace(KEY, revision=2)))
    account.sent.clear()
    seen = {found.stripe_id: found for found in account.seen(issued)}
    assert seen[issued].lines is None
    assert [line.minutes for line in seen[drafted].lines or ()] == [60, 60, 60]
    assert account.calls() == ["GET /v1/invoices", "GET /v1/credit_notes"]


def test_a_void_invoice_shows_but_does_not_count() -> None:
    account = Account()
    account.api.humans.void_invoice(account.issue(planned_invoice()))
    (seen,) = account.seen()
    assert (seen.status, seen.issued, seen.lines, seen.key) == ("void", False, None, KEY)


@pytest.mark.parametrize("mark", ["", "no json", "5", "[1,2]", '{"a":1}'])
def test_what_others_made_is_seen_as_not_ours(mark: str) -> None:
    account = Account()
    pairs = [("customer", CUSTOMER), ("metadata[mb_key]", mark)]
    draft_id = account.api.perform("POST", "/v1/invoices", pairs)["id"]
    account.api.humans.add_line(draft_id, amount=700, description="By hand")
    (seen,) = account.seen()
    assert (seen.key, seen.lines) == (None, None)
    account.api.humans.finalize_invoice(draft_id)
    (seen,) = account.seen()
    assert seen.lines
    assert replace(seen.lines[0], stripe_line_id="") == ObservedLine("", None, 0, 700)


def test_all_pages_of_documents_are_read() -> None:
    account = Account()
    for _ in range(130):
        account.api.perform("POST", "/v1/invoices", [("customer", CUSTOMER)])
    account.api.perform("POST", "/v1/invoices", [("customer", "cus_other")])
    assert len({seen.stripe_id for seen in account.seen()}) == 130
    assert account.calls() == ["GET /v1/invoices", "GET /v1/invoices", "GET /v1/credit_notes"]


def test_a_draft_as_planned_has_no_differences() -> None:
    account, plan = Account(), planned_invoice(120, tax_rate="txr_vat")
    assert documents.check_draft(plan, read(account, draft(account, plan))) == []


def test_a_draft_that_somebody_touched_is_told_in_full() -> None:
    account, plan = Account(), planned_invoice(2)
    stripe_id = draft(account, plan)
    first = account.api.invoices[stripe_id].lines[0].id
    account.api.humans.edit_line(stripe_id, line=first, amount=1)
    account.api.humans.add_line(stripe_id, amount=5, description="Tip")
    tip = account.api.invoices[stripe_id].lines[2].id
    name = str(plan.lines[0].line_id)
    assert documents.check_draft(plan, read(account, stripe_id)) == [
        "net: planned 13000, found 6506",
        "total: planned 13000, found 6506",
        f"missing: {name}, 60 min, 6500",
        f"not planned: {name}, 60 min, 1",
        f"not planned: not ours: {tip}, 0 min, 5",
    ]


def test_a_draft_without_its_second_chunk_is_not_finished() -> None:
    account, plan = Account(), planned_invoice(101)
    stripe_id = documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    documents.add_lines(
        account.gateway, account.effects, stripe_id=stripe_id, document=plan, chunk=0, attempt=1
    )
    assert documents.check_draft(plan, read(account, stripe_id)) == [
        "net: planned 656500, found 650000",
        "total: planned 656500, found 650000",
        f"missing: {plan.lines[100].line_id}, 60 min, 6500",
    ]


def test_another_plans_draft_is_not_adopted() -> None:
    account, plan = Account(), planned_invoice()
    other = replace(
        plan, key=replace(KEY, revision=2), currency="gbp", customer="cus_other", description="?"
    )
    seen = read(account, draft(account, plan))
    assert documents.check_draft(other, replace(seen, status="open")) == [
        "status: planned draft, found open",
        "customer: planned cus_other, found cus_acme",
        "currency: planned gbp, found eur",
        f"key: planned {other.key}, found {KEY}",
        f"plan: planned {other.digest}, found {plan.digest}",
        "description: planned ?, found Work in October 2026",
    ]


def test_tax_where_none_is_planned_and_tax_inside_the_price_are_differences() -> None:
    account, plan = Account(), planned_invoice(tax_rate="txr_vat")
    seen = read(account, draft(account, plan))
    untaxed = planned_invoice()
    differences = documents.check_draft(untaxed, replace(seen, plan_digest=untaxed.digest))
    assert differences == [
        "total: planned 13000, found 15860",
        *(f"tax rate of {line.line_id}: planned (), found ('txr_vat',)" for line in untaxed.lines),
    ]
    assert seen.seen
    inclusive = replace(
        seen, subtotal_minor=10656, total_minor=13000, seen=replace(seen.seen, tax_minor=2344)
    )
    assert documents.check_draft(plan, inclusive) == [
        "net: planned 13000, found 10656",
        "tax: the lines bear 2860, the document 2344",
    ]


def test_6_19_tax_is_stripes_and_must_agree_with_itself() -> None:
    account, plan = Account(), planned_invoice(tax_rate="txr_vat")
    seen = read(account, draft(account, plan))
    assert seen.seen
    assert (seen.seen.tax_minor, [line.tax_minor for line in seen.lines or ()]) == (
        2860,
        [1430, 1430],
    )
    off = replace(seen, seen=replace(seen.seen, tax_minor=2850))
    assert documents.check_draft(plan, off) == [
        "total: planned 15850, found 15860",
        "tax: the lines bear 2860, the document 2850",
    ]


def test_what_a_client_would_read_is_compared_before_it_is_final() -> None:
    account = Account()
    plan = replace(planned_invoice(1), footer="Support time tracking: https://b.example/i/x")
    stripe_id = draft(account, plan)
    assert documents.check_draft(plan, read(account, stripe_id)) == []
    account.api.humans.edit_draft(stripe_id, footer="Pay in cash", description="Something")
    line = account.api.invoices[stripe_id].lines[0]
    line.description, line.period = "Nothing", (1, 2)
    planned = plan.lines[0]
    assert documents.check_draft(plan, read(account, stripe_id)) == [
        "description: planned Work in October 2026, found Something",
        "footer: planned Support time tracking: https://b.example/i/x, found Pay in cash",
        f"text of {planned.line_id}: planned {planned.description}, found Nothing",
        (
            f"period of {planned.line_id}: planned "
            f"{(planned.work_from // 1000, planned.work_to // 1000)}, found (1, 2)"
        ),
    ]


def test_6_7_the_digests_of_a_grouped_invoice_stand_in_its_metadata() -> None:
    account, plan = Account(), planned_invoice(1)
    line = replace(plan.lines[0], members="0123456789abcdef")
    stripe_id = draft(account, replace(plan, lines=(line,), full_list="fedcba9876543210"))
    kept = account.api.invoices[stripe_id]
    assert kept.metadata["mb_list"] == "fedcba9876543210"
    assert kept.lines[0].metadata["mb_members"] == "0123456789abcdef"


def test_a_draft_can_be_deleted_more_than_once() -> None:
    account = Account()
    stripe_id = draft(account, planned_invoice())
    for attempt in (1, 1, 2):
        documents.delete_draft(
            account.gateway, account.effects, stripe_id=stripe_id, key=KEY, attempt=attempt
        )
    assert account.seen() == []
    assert observation.read_invoice(account.gateway, stripe_id) is None


@pytest.mark.parametrize("minutes", ["", "ten"])
def test_a_line_that_lost_its_minutes_parks_only_once_issued(minutes: str) -> None:
    account = Account()
    stripe_id = documents.create_draft(
        account.gateway, account.effects, document=planned_invoice(), attempt=1
    )
    identity = str(LineId("c", "usage", "i", "2026-10", "tracked", "6500/eur/"))
    marks = [("lines[0][metadata][mb_line]", identity), ("lines[0][metadata][mb_minutes]", minutes)]
    lines = [("lines[0][amount]", "6500"), *marks]
    account.api.perform("POST", f"/v1/invoices/{stripe_id}/add_lines", lines)
    (seen,) = account.seen()
    assert [line.line_id for line in seen.lines or ()] == [None]
    account.finish(stripe_id)
    with pytest.raises(Parked, match="does not say what it bills"):
        account.seen()


def test_an_identity_that_metadata_cannot_hold_is_never_sent() -> None:
    account, plan = Account(), planned_invoice(1)
    line = replace(plan.lines[0], line_id=replace(plan.lines[0].line_id, subject="x" * 500))
    with pytest.raises(Parked, match="longer than 500"):
        account.fill("in_1", replace(plan, lines=(line,)))
    assert account.sent == []


def test_any_title_can_stand_on_a_line() -> None:
    account, plan = Account(), planned_invoice(1)
    title = "a\x00b\tc\u202ed" + "é" * 6000
    wild = replace(plan, lines=(replace(plan.lines[0], description=title),), description=title)
    stripe_id = draft(account, wild)
    (line,) = account.api.invoices[stripe_id].lines
    assert line.description == "a b c d" + "é" * 4992 + "…"


def test_sales_have_no_period() -> None:
    account, plan = Account(), planned_invoice(1)
    stripe_id = draft(account, replace(plan, lines=(replace(plan.lines[0], work_from=0),)))
    (line,) = account.api.invoices[stripe_id].lines
    assert line.period == (START // 1000, START // 1000)


def test_mailing_is_found_in_events() -> None:
    account = Account()
    mailed = account.issue(planned_invoice())
    other = draft(account, replace(planned_invoice(), key=replace(KEY, revision=2)))
    assert observation.was_sent(account.gateway, mailed, START)
    assert observation.was_sent(account.gateway, mailed, 0)
    assert not observation.was_sent(account.gateway, other, START)
    assert not observation.was_sent(account.gateway, mailed, START + 3_600_000)
