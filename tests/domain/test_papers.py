"""What people did to documents that we issued (P14, P16, ledger 6.10)."""

from dataclasses import replace

import pytest

from mondaybridge.domain.documents import DocumentKey, DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.papers import AGAIN, KEPT, Deed, deed, recognised
from mondaybridge.domain.usage import LineId

KEY = DocumentKey("tea", "2026-10", "usage", 1)
LINE = ObservedLine("il_1", LineId("c", "usage", "77", "2026-10", "payg", "6000/gbp/"), 90, 9000)
ISSUED = ObservedDocument(
    "in_1",
    DocumentType.INVOICE,
    "open",
    "cus_tea",
    "gbp",
    9000,
    10800,
    1,
    number="T-1",
    finalized_at=2,
    key=KEY,
    plan_digest="abc",
    lines=(LINE,),
)


def test_P14_a_void_is_told_with_the_lines_and_the_way_out() -> None:
    assert deed(ISSUED, replace(ISSUED, status="void", lines=None)) == Deed(
        "in_1",
        "T-1 was voided in Stripe",
        f"in_1, key {KEY}, lines: 77 2026-10 1:30 90.00 GBP. {AGAIN}",
    )


@pytest.mark.parametrize(
    ("after", "evidence"),
    [
        (
            replace(ISSUED, key=None, plan_digest=""),
            f"mb_key was {KEY}, is gone; mb_plan was abc, is gone",
        ),
        (
            replace(ISSUED, lines=(replace(LINE, line_id=None, minutes=0),)),
            f"line il_1 was {LINE.line_id}, 90 min, 9000; line il_1 is unmarked, 0 min, 9000",
        ),
        (replace(ISSUED, lines=()), f"line il_1 was {LINE.line_id}, 90 min, 9000"),
        (
            replace(ISSUED, subtotal_minor=1, customer="cus_2"),
            "the net total was 90.00 GBP, is 0.01 GBP; the customer was cus_tea, is cus_2",
        ),
    ],
)
def test_P16_what_no_longer_says_what_was_issued_is_told(
    after: ObservedDocument, evidence: str
) -> None:
    reason = "T-1 was issued by us and was changed in Stripe"
    assert deed(ISSUED, after) == Deed("in_1", reason, f"{evidence}. {KEPT}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ISSUED),
        (ISSUED, replace(ISSUED, lines=None)),
        (ISSUED, replace(ISSUED, status="paid", paid_minor=10800)),
        (ISSUED, replace(ISSUED, status="uncollectible")),
        (replace(ISSUED, status="draft", finalized_at=0), replace(ISSUED, key=None)),
        (replace(ISSUED, key=None), replace(ISSUED, key=None, status="void")),
        (replace(ISSUED, status="void"), replace(ISSUED, status="void", key=None)),
    ],
)
def test_paying_writing_off_and_what_others_issue_are_no_deeds(
    before: ObservedDocument | None, after: ObservedDocument
) -> None:
    assert deed(before, after) is None


def test_what_was_issued_as_ours_stays_ours() -> None:
    bare = replace(ISSUED, key=None, plan_digest="", status="paid")
    assert recognised(ISSUED, bare) == replace(ISSUED, status="paid")
    assert recognised(None, bare) == bare
    assert recognised(replace(ISSUED, finalized_at=0), bare) == bare
