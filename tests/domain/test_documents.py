"""Documents as values that read back from where they are kept (ledger 6.8)."""

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
    parse_document_key,
    planned_document,
)
from mondaybridge.domain.usage import LineId

KEY = DocumentKey("ünit", "2026-10", "usage", 1)
LINE = PlannedLine(
    LineId("c1", "usage", "A", "2026-10", "payg", "6500/gbp/"), 60, 6_500, "work", 1, 2
)
PLANNED = PlannedDocument(KEY, DocumentType.INVOICE, "cus_1", "gbp", (LINE, LINE))


def test_6_8_a_key_reads_back_from_metadata() -> None:
    assert parse_document_key(str(KEY)) == KEY


def test_6_8_a_plan_reads_back_with_the_same_digest() -> None:
    again = planned_document(PLANNED.to_json())
    assert again == PLANNED
    assert again.digest == PLANNED.digest
    assert PLANNED.subtotal_minor == 13_000


def test_6_1_only_what_stripe_finalised_and_did_not_void_is_issued() -> None:
    words = ["draft", "open", "paid", "uncollectible", "void", "issued"]
    documents = [
        ObservedDocument("in_1", DocumentType.INVOICE, word, "cus_1", "gbp", 1, 1, 1)
        for word in words
    ]
    assert [d.issued for d in documents] == [False, True, True, True, False, True]
