from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    Mailed,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.usage import LineId
from mondaybridge.store import billing
from mondaybridge.store.document_tables import document, document_line
from mondaybridge.store.engine import Store
from storebook import NOW, with_contracts

RATE = "6500/eur/"


def line_id(subject: str = "a1", period: str = "2026-10") -> LineId:
    return LineId("c1", "usage", subject, period, "payg", RATE)


def line(
    name: str, minutes: int, subject: str = "a1", period: str = "2026-10", *, source: str = ""
) -> ObservedLine:
    return ObservedLine(name, line_id(subject, period), minutes, minutes * 100, source)


def invoice(
    stripe_id: str, *lines: ObservedLine, status: str = "open", at: int = NOW
) -> ObservedDocument:
    return ObservedDocument(
        stripe_id,
        DocumentType.INVOICE,
        status,
        "cus_1",
        "eur",
        sum(one.amount_minor for one in lines),
        0,
        at,
        number="" if status == "draft" else f"N-{stripe_id}",
        finalized_at=0 if status == "draft" else at,
        key=DocumentKey("client", "2026-10", "usage", 1),
        plan_digest="digest",
        lines=lines,
    )


def note(stripe_id: str, *lines: ObservedLine, at: int) -> ObservedDocument:
    made = invoice(stripe_id, *lines, at=at, status="issued")
    return replace(made, type=DocumentType.CREDIT_NOTE, invoice_id="in_1")


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


def take(store: Store, *read: ObservedDocument, at: int = NOW, complete: bool = True) -> None:
    with store.write() as tx:
        billing.import_documents(tx, "client", read, at, complete=complete)


def taken(store: Store, *read: ObservedDocument) -> list[billing.Change]:
    with store.write() as tx:
        return billing.import_documents(tx, "client", read, NOW)


def kept(store: Store) -> list[ObservedDocument]:
    with store.read() as tx:
        return billing.documents(tx, "client")


def unread(one: ObservedDocument) -> ObservedDocument:
    """Return a document as it is listed when its lines are known."""
    return replace(one, lines=None)


class TestImport:
    def test_keeps_documents_whole_and_in_order(self, store: Store) -> None:
        foreign = replace(invoice("in_9", at=NOW + 9), key=None, plan_digest="")
        odd = replace(
            invoice("in_2", at=NOW + 2), lines=(ObservedLine("il_x", None, 0, -5, "src"),)
        )
        first = invoice("in_1", line("il_1", 60), line("il_2", 30, "a2"))
        take(store, foreign, odd, first)
        assert kept(store) == [first, odd, foreign]

    def test_reads_headers_each_time_and_issued_lines_once(self, store: Store) -> None:
        first = invoice("in_1", line("il_1", 60))
        take(store, first)
        with store.read() as tx:
            assert billing.imported_lines(tx, "client") == {"in_1"}
        take(store, unread(replace(first, status="paid")))
        take(store, replace(first, status="paid", lines=(line("il_1", 61),)))
        assert kept(store) == [replace(first, status="paid")]

    def test_reads_a_drafts_lines_until_it_is_issued(self, store: Store) -> None:
        take(store, invoice("in_1", line("il_1", 60), status="draft"))
        take(store, invoice("in_1", line("il_1", 60), line("il_2", 5), status="draft"))
        with store.read() as tx:
            assert billing.imported_lines(tx, "client") == set()
        assert [len(one.lines or ()) for one in kept(store)] == [2]
        issued = invoice("in_1", line("il_2", 5), line("il_1", 60))
        take(store, issued)
        assert kept(store) == [issued]
        with store.read() as tx:
            assert billing.imported_lines(tx, "client") == {"in_1"}

    def test_lines_that_were_not_read_are_not_empty(self, store: Store) -> None:
        take(store, unread(invoice("in_1", line("il_1", 60))))
        assert [one.lines for one in kept(store)] == [None]
        with store.read() as tx:
            assert billing.imported_lines(tx, "client") == set()

    def test_a_voided_documents_lines_are_read_once_too(self, store: Store) -> None:
        take(store, invoice("in_1", line("il_1", 60), status="void"))
        with store.read() as tx:
            assert billing.imported_lines(tx, "client") == {"in_1"}

    def test_a_draft_that_is_shown_no_more_is_gone_and_nothing_else(self, store: Store) -> None:
        draft = invoice("in_2", line("il_2", 5), status="draft")
        take(store, invoice("in_1", line("il_1", 60)), draft)
        take(store, complete=False)
        assert [one.stripe_id for one in kept(store)] == ["in_1", "in_2"]
        take(store)
        assert [one.stripe_id for one in kept(store)] == ["in_1"]

    def test_writes_nothing_that_is_unchanged(self, store: Store) -> None:
        read = (
            invoice("in_1", line("il_1", 60)),
            invoice("in_2", line("il_2", 5), status="draft"),
        )
        take(store, *read)
        take(store, unread(read[0]), read[1], at=NOW + 5)
        with store.read() as tx:
            assert tx.execute(select(document.c.imported_at)).scalars().all() == [NOW, NOW]
            assert billing.last_observed(tx, "client") == NOW + 5

    def test_says_what_changed_with_what_was_stored(self, store: Store) -> None:
        first = invoice("in_1", line("il_1", 60))
        assert taken(store, first) == [(None, first)]
        assert taken(store, first) == []
        paid = unread(replace(first, status="paid", paid_minor=1))
        assert taken(store, paid) == [(first, paid)]

    def test_P16_what_was_issued_as_ours_stays_ours_and_is_told_once(self, store: Store) -> None:
        first = invoice("in_1", line("il_1", 60))
        take(store, first)
        bare = replace(first, key=None, plan_digest="")
        assert taken(store, bare) == [(first, bare)]
        assert kept(store) == [first]
        assert taken(store, bare) == []
        other = replace(first, lines=(replace(line("il_1", 60), line_id=None, minutes=0),))
        assert taken(store, other) == [(first, other)]
        assert kept(store) == [first]
        assert taken(store, other) == []

    def test_forgets_a_single_draft_and_nothing_that_was_issued(self, store: Store) -> None:
        draft = invoice("in_2", line("il_2", 5), status="draft")
        take(store, invoice("in_1", line("il_1", 60)), draft)
        with store.write() as tx:
            assert [billing.owner(tx, one) for one in ("in_1", "in_9")] == ["client", ""]
            billing.forget_draft(tx, "in_1")
            billing.forget_draft(tx, "in_2")
            billing.forget_draft(tx, "in_9")
        assert [one.stripe_id for one in kept(store)] == ["in_1"]

    def test_a_partial_look_is_no_complete_one(self, store: Store) -> None:
        take(store, complete=False)
        with store.read() as tx:
            assert billing.last_observed(tx, "client") == 0


NOVEMBER = DocumentKey("client", "2026-11", "usage", 1)


class TestOneDocument:
    def test_is_found_by_its_key_with_its_lines(self, store: Store) -> None:
        first = invoice("in_1", line("il_1", 60))
        other = replace(invoice("in_2", line("il_2", 5, period="2026-11")), key=NOVEMBER)
        foreign = replace(invoice("in_9"), key=None, plan_digest="")
        take(store, first, other, foreign)
        with store.read() as tx:
            assert billing.of_key(tx, "client", NOVEMBER) == [other]
            assert billing.of_key(tx, "client", replace(NOVEMBER, revision=2)) == []
            assert billing.of_key(tx, "other", NOVEMBER) == []

    def test_is_unmailed_while_nobody_knows_better(self, store: Store) -> None:
        first = invoice("in_1", line("il_1", 60))
        other = replace(invoice("in_2", line("il_2", 5, period="2026-11")), key=NOVEMBER)
        foreign = replace(invoice("in_9"), key=None, plan_digest="")
        draft = replace(invoice("in_3", status="draft"), key=replace(NOVEMBER, scope="2026-12"))
        take(store, first, other, foreign, draft, note("cn_1", at=NOW))
        with store.write() as tx:
            assert billing.unmailed(tx, "client") == [first, other]
            billing.mailed(tx, "in_2", Mailed.SENT, NOW)
            billing.mailed(tx, "in_2", Mailed.PERSON, NOW)
            assert billing.unmailed(tx, "client") == [first]

    def test_sums_the_minutes_of_lines_over_what_stands(self, store: Store) -> None:
        credit = note("cn_1", line("cl_1", 15, source="il_1"), at=NOW + 1)
        draft = invoice("in_3", line("il_3", 7), status="draft")
        void = replace(invoice("in_2", line("il_2", 60, "a2")), status="void", key=NOVEMBER)
        take(store, invoice("in_1", line("il_1", 60)), credit, draft, void)
        asked = [str(line_id()), str(line_id("a2"))]
        with store.read() as tx:
            assert billing.issued_minutes(tx, asked) == {asked[0]: 45}
            assert billing.issued_minutes(tx, []) == {}


class TestStatement:
    def test_is_a_new_revision_only_when_it_says_something_else(self, store: Store) -> None:
        with store.write() as tx:
            bodies = ["{}", "{}", '{"a": 1}', '{"a": 1}', "{}"]
            found = [billing.save_statement(tx, "c1", "2026-10", b, now=NOW) for b in bodies]
            assert found == [1, 1, 2, 2, 3]
            assert billing.statement_of(tx, "c1", "2026-10") == "{}"
            assert billing.statement_of(tx, "c1", "2026-11") is None


class TestConstraints:
    def test_a_line_belongs_to_one_document(self, store: Store) -> None:
        with pytest.raises(IntegrityError):
            take(store, invoice("in_1", line("il_1", 60)), invoice("in_2", line("il_1", 60)))
        assert kept(store) == []

    def test_a_line_without_its_document_is_refused(self, store: Store) -> None:
        take(store, invoice("in_1", line("il_1", 60)))
        with pytest.raises(IntegrityError):
            _orphan(store)


def _orphan(store: Store) -> None:
    with store.write() as tx:
        tx.execute(update(document_line).values(stripe_id="in_404"))
