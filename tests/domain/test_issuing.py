"""The next step towards one document, whatever was sent and whatever is seen (S5, S8)."""

from dataclasses import replace

import pytest

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    Mailed,
    ObservedDocument,
    ObservedLine,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.issuing import (
    AS_CHANGED,
    CREDIT,
    KEY_LIFE_MS,
    MAIL_TOLD_MS,
    SPLITS_MAX,
    AddLines,
    Create,
    Credit,
    Discard,
    Done,
    EffectFact,
    Finalize,
    Record,
    Send,
    Step,
    Stop,
    next_step,
)
from mondaybridge.domain.usage import LineId

NOW = 1_800_000_000_000


def planned(lines: int = 2) -> PlannedDocument:
    return PlannedDocument(
        DocumentKey("acme", "2026-10", "usage", 1),
        DocumentType.INVOICE,
        "cus_1",
        "gbp",
        tuple(
            PlannedLine(
                LineId("c", "usage", f"a{n:03}", "2026-10", "payg", "6000/gbp/"),
                1,
                100,
                f"line {n}",
                0,
                0,
            )
            for n in range(lines)
        ),
    )


DOCUMENT = planned()
NOTE = replace(DOCUMENT, type=DocumentType.CREDIT_NOTE, invoice_id="in_0")


def seen(status: str, lines: int = 2, document: PlannedDocument = DOCUMENT) -> ObservedDocument:
    return ObservedDocument(
        "in_1",
        document.type,
        status,
        "cus_1",
        "gbp",
        100 * lines,
        100 * lines,
        NOW,
        key=document.key,
        plan_digest=document.digest,
        finalized_at=NOW,
        lines=tuple(
            ObservedLine(f"il_{n}", one.line_id, one.minutes, one.amount_minor)
            for n, one in enumerate(document.lines[:lines])
        ),
    )


def fact(
    op: str, status: int = 0, *, attempt: int = 1, age: int = 0, on: str = "in_1"
) -> EffectFact:
    path = "/v1/invoices" if op == "create_draft" else f"/v1/invoices/{on}/{op}"
    return EffectFact(op, 0, attempt, path, NOW - age, status)


def step(
    *observed: ObservedDocument, effects: tuple[EffectFact, ...] = (), released_at: int = 0
) -> Step:
    return next_step(DOCUMENT, observed, Record(effects, NOW, released_at))


def test_the_life_of_an_invoice() -> None:
    assert step() == Create(1)
    assert step(seen("draft", 0)) == AddLines("in_1", 0, 1)
    assert step(seen("draft")) == Finalize("in_1", 1)
    finalised = (fact("finalize", 200),)
    assert step(seen("open"), effects=finalised) == Send("in_1", 1, look=False)
    assert step(seen("open"), effects=(*finalised, fact("send", 200))) == Done("in_1")


def test_a_credit_note_is_one_step() -> None:
    assert next_step(NOTE, [], Record((), NOW)) == Credit(1)
    assert next_step(NOTE, [seen("issued", document=NOTE)], Record((), NOW)) == Done("in_1")


def test_lines_are_added_a_hundred_at_a_time() -> None:
    document = planned(120)
    record = Record((), NOW)
    assert next_step(document, [seen("draft", 100, document)], record) == AddLines("in_1", 1, 1)
    half = next_step(document, [seen("draft", 50, document)], record)
    assert half == Discard("in_1", 1, "a chunk of its lines is incomplete")


class TestAttempts:
    def test_an_open_write_is_continued_with_its_attempt(self) -> None:
        assert step(effects=(fact("create_draft"),)) == Create(1)

    def test_a_stored_failure_raises_the_attempt(self) -> None:
        assert step(effects=(fact("create_draft", 500),)) == Create(2)

    def test_a_key_that_is_too_old_raises_the_attempt(self) -> None:
        assert step(effects=(fact("create_draft", age=KEY_LIFE_MS),)) == Create(2)

    def test_a_draft_that_is_gone_is_made_again(self) -> None:
        assert step(effects=(fact("create_draft", 200),)) == Create(2)

    def test_a_write_on_another_draft_takes_a_new_attempt(self) -> None:
        effects = (fact("finalize", 200, on="in_0"),)
        assert step(seen("draft"), effects=effects) == Finalize("in_1", 2)

    def test_a_refusal_stops_until_a_person_releases_it(self) -> None:
        effects = (fact("create_draft", 400, age=10),)
        assert step(effects=effects) == Stop(
            "Stripe refused to create_draft", "status 400, attempt 1"
        )
        assert step(effects=effects, released_at=NOW) == Create(2)

    def test_what_was_let_go_on_lets_the_documents_other_writes_begin_behind_it(self) -> None:
        """A restored database forgot its writes: Stripe knows all their keys, not one (S8)."""
        effects = (fact("create_draft", 400, age=10), fact("create_draft", 200, attempt=2))
        assert step(seen("draft", 0), effects=effects, released_at=NOW - 5) == AddLines(
            "in_1", 0, 2
        )
        assert step(seen("draft", 0), effects=effects) == AddLines("in_1", 0, 1)


class TestWhatIsSeenDecides:
    def test_an_issued_document_without_a_record_asks_whether_it_was_mailed(self) -> None:
        assert step(seen("open")) == Send("in_1", 1, look=True)

    def test_a_send_that_failed_looks_before_it_mails_again(self) -> None:
        effects = (fact("finalize", 200), fact("send", 500))
        assert step(seen("open"), effects=effects) == Send("in_1", 2, look=True)

    def test_a_backup_of_before_the_mail_looks_once_its_key_is_forgotten(self) -> None:
        effects = (fact("finalize", 200, age=KEY_LIFE_MS),)
        assert step(seen("open"), effects=effects) == Send("in_1", 1, look=True)

    def test_after_thirty_days_stripes_silence_says_nothing(self) -> None:
        old = replace(seen("open"), finalized_at=NOW - MAIL_TOLD_MS)
        assert step(old) == Send("in_1", 1, look=True, traceable=False)
        assert step(replace(old, status="paid", paid_minor=200)) == Done("in_1", Mailed.PAID)

    def test_what_a_balance_paid_was_seen_by_nobody(self) -> None:
        old = replace(seen("paid"), finalized_at=NOW - MAIL_TOLD_MS)
        assert step(old) == Send("in_1", 1, look=True, traceable=False)

    def test_what_stripe_refused_to_mail_was_not_mailed_however_long_ago(self) -> None:
        old = replace(seen("open"), finalized_at=NOW - MAIL_TOLD_MS)
        effects = (fact("send", 400),)
        assert step(old, effects=effects, released_at=NOW) == Send("in_1", 2, look=True)

    @pytest.mark.parametrize("status", ["paid", "uncollectible"])
    def test_paid_is_issued_too(self, status: str) -> None:
        assert step(seen(status), effects=(fact("send", 200),)) == Done("in_1")

    def test_an_issued_document_that_differs_stops(self) -> None:
        found = step(replace(seen("open"), subtotal_minor=199))
        told = f"in_1: 1.99 GBP instead of 2.00 GBP. {AS_CHANGED}"
        assert found == Stop("an issued document differs from its plan", told, "in_1")

    def test_two_issued_documents_with_one_key_stop(self) -> None:
        twin = replace(seen("open"), stripe_id="in_2")
        told = "in_1, in_2. Void the one that is too much in Stripe, then release this"
        found = step(seen("open"), twin)
        assert found == Stop("two documents carry the same key", told, "in_2")

    def test_a_voided_document_stops(self) -> None:
        assert step(seen("void")) == Stop("the document was voided in Stripe", "in_1")

    def test_a_draft_of_an_older_plan_is_discarded(self) -> None:
        found = step(replace(seen("draft"), plan_digest="old"))
        assert found == Discard("in_1", 1, "a draft of an older plan")

    def test_a_draft_edited_by_hand_is_discarded(self) -> None:
        draft = seen("draft")
        assert draft.lines
        edited = replace(draft.lines[0], amount_minor=1)
        found = step(replace(draft, lines=(edited, draft.lines[1])))
        assert found == Discard("in_1", 1, "its lines are not the plan's")

    def test_a_subtotal_that_differs_stops_before_it_is_final(self) -> None:
        assert step(replace(seen("draft"), subtotal_minor=201)) == Stop(
            "Stripe's subtotal differs from the plan's", "in_1: 2.01 GBP instead of 2.00 GBP"
        )

    def test_a_second_draft_is_discarded(self) -> None:
        twin = replace(seen("draft"), stripe_id="in_2")
        assert step(seen("draft"), twin) == Discard("in_2", 1, "a second draft with the same key")

    def test_foreign_documents_are_left_alone(self) -> None:
        assert step(replace(seen("draft"), key=None)) == Create(1)


@pytest.mark.parametrize(
    ("document", "op", "observed"),
    [(NOTE, "create_credit_note", []), (DOCUMENT, "finalize", [seen("draft")])],
)
def test_what_was_answered_well_and_is_not_seen_is_never_made_again(
    document: PlannedDocument, op: str, observed: list[ObservedDocument]
) -> None:
    """A second credit note was made where an answer came in between look and record."""
    record = Record((fact(op, 200),), NOW)
    assert next_step(document, observed, record) == Stop(
        f"Stripe answered {op} and does not show it", "attempt 1"
    )


class TestCreditNotes:
    """A refusal may only say that a payment landed between look and write (stripe.md §0.4)."""

    @staticmethod
    def refused(times: int, status: int = 400, age: int = 10) -> Step:
        facts = [
            fact(CREDIT, status, attempt=n, age=age, on="credit_notes") for n in range(1, times + 1)
        ]
        return next_step(NOTE, [], Record(facts, NOW))

    def test_a_refused_note_is_drawn_up_afresh_a_few_times(self) -> None:
        assert self.refused(1) == Credit(2)
        assert self.refused(SPLITS_MAX - 1) == Credit(SPLITS_MAX)
        assert self.refused(SPLITS_MAX) == Stop(
            "Stripe refused to create_credit_note", f"status 400, attempt {SPLITS_MAX}"
        )

    def test_what_is_gone_stops_at_once(self) -> None:
        assert self.refused(1, 404) == Stop(
            "Stripe refused to create_credit_note", "status 404, attempt 1"
        )

    def test_a_release_begins_anew(self) -> None:
        facts = [fact(CREDIT, 400, attempt=n, age=10, on="") for n in range(1, SPLITS_MAX + 1)]
        assert next_step(NOTE, [], Record(facts, NOW, NOW)) == Credit(SPLITS_MAX + 1)
