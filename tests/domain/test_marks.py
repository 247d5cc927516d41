"""What an activity's row and review are told of documents."""

from dataclasses import replace

from mondaybridge.domain.documents import (
    BillingMark,
    DocumentKey,
    DocumentType,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.marks import billing_marks
from mondaybridge.domain.usage import LineId

OCTOBER, NOVEMBER = "2026-10", "2026-11"


def line(
    minutes: int, subject: str = "a1", period: str = OCTOBER, *, free: bool = False
) -> ObservedLine:
    one = LineId("c1", "usage", subject, period, "payg", "6500/eur/")
    return ObservedLine("il", one, minutes, 0 if free else minutes * 100)


def invoice(
    stripe_id: str, *lines: ObservedLine, at: int = 1, status: str = "open"
) -> ObservedDocument:
    return ObservedDocument(
        stripe_id,
        DocumentType.INVOICE,
        status,
        "cus_1",
        "eur",
        0,
        0,
        at,
        finalized_at=0 if status == "draft" else at,
        key=DocumentKey("client", OCTOBER, "usage", 1),
        lines=lines,
    )


def note(
    invoice_id: str, *lines: ObservedLine, at: int = 2, status: str = "issued"
) -> ObservedDocument:
    made = invoice("cn_1", *lines, at=at, status=status)
    return replace(made, type=DocumentType.CREDIT_NOTE, invoice_id=invoice_id)


def marked(*documents: ObservedDocument) -> dict[str, BillingMark]:
    return billing_marks(documents, "c1")


def mark(minutes: int, document: str = "in_1", period: str = OCTOBER) -> BillingMark:
    return BillingMark(period, False, minutes, document, "open", months=((period, minutes),))


def test_tell_the_last_month_billed_and_the_minutes() -> None:
    first = invoice("in_1", line(60), line(30, "a2"))
    second = invoice("in_2", line(10), line(20, period=NOVEMBER), at=5)
    last = replace(mark(90, "in_2", NOVEMBER), months=((OCTOBER, 70), (NOVEMBER, 20)))
    assert marked(first, second) == marked(second, first) == {"a1": last, "a2": mark(30)}


def test_tell_nothing_of_another_contract_or_of_lines_that_are_not_ours() -> None:
    papers = [invoice("in_1", line(60), ObservedLine("il_x", None, 0, 500))]
    assert billing_marks(papers, "c1") == {"a1": mark(60)}
    assert billing_marks(papers, "c2") == {}
    assert marked(replace(papers[0], lines=None)) == {}


def test_say_credited_while_the_credit_is_the_newest() -> None:
    first, credit = invoice("in_1", line(60)), note("in_1", line(15))
    assert marked(first, credit) == {"a1": replace(mark(45), credited=True)}
    later = invoice("in_2", line(5, period=NOVEMBER), at=3)
    months = ((OCTOBER, 45), (NOVEMBER, 5))
    assert marked(first, credit, later) == {
        "a1": replace(mark(50, "in_2", NOVEMBER), months=months)
    }


def test_a_credit_that_was_voided_gave_nothing_back() -> None:
    first = invoice("in_1", line(60))
    assert marked(first, note("in_1", line(15), status="void")) == {"a1": mark(60)}


def test_look_at_no_draft() -> None:
    assert marked(invoice("in_1", line(60), status="draft")) == {}


def test_count_what_cost_nothing_by_itself() -> None:
    papers = invoice("in_1", line(60), line(30, free=True)), note("in_1", line(10, free=True))
    found = marked(*papers)["a1"]
    assert (found.minutes, found.free, found.priced) == (80, 20, 60)


def test_P15_say_how_the_last_invoice_stands() -> None:
    first = replace(invoice("in_1", line(60)), due_at=7, failed=True)
    assert marked(first) == {"a1": replace(mark(60), failed=True, due_at=7)}


def test_P14_tell_a_voided_invoice_until_another_one_bills() -> None:
    void = invoice("in_1", line(60), status="void")
    told = BillingMark(OCTOBER, False, 0, "in_1", "void")
    assert marked(void) == {"a1": told}
    assert marked(void, note("in_1", line(15))) == {"a1": told}
    assert marked(void, invoice("in_2", line(60), at=2)) == {"a1": mark(60, "in_2")}
