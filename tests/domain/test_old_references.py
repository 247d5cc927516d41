"""A mail answers once: its reference never approves what was asked for later (R25; ledger 4)."""

from dataclasses import replace

from ledgerbook import Book, activity, at, package, prepaid
from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.approval import Change, Evidence, Field, Standing, print_of
from mondaybridge.domain.contract import Gate, Policies

ANNA, STAFF = "anna@client.example", "kim@agency.example"
MAIL = "mail of 5 Oct"


def book(gate: Gate = Gate.REQUIRE) -> Book:
    policies = Policies(approval_actor=gate)
    contract = prepaid(package(minutes=600), policies=policies)
    return Book(contract, at("2026-10-05 09:00"), users=(ANNA,))


def written(minutes: int = 60, **cells: object) -> Activity:
    terms = {"approval_reference": MAIL, "updated_at": 1} | cells
    return activity("A", minutes, **terms)  # type: ignore[arg-type]  # cells of a row


def click(one: Book, row: Activity, user: str) -> None:
    """Let the log tell of a click on what a row shows."""
    changes = (
        Change(one.now, f"{one.now}-1", Field.ESTIMATE, str(row.estimate_seconds)),
        Change(one.now, f"{one.now}-2", Field.APPROVAL, "approved", user=user),
    )
    one.evidence["A"] = Evidence(print_of(row), changes)


def taken_back(one: Book, row: Activity, label: Approval = Approval.NONE) -> Activity:
    """Take the label away, and let staff set it again."""
    one.review(replace(row, approval=label))
    return replace(row, updated_at=row.updated_at + 1)


def stands(one: Book) -> tuple[Admission, int, int]:
    known = one.activations["A"]
    covered = known.consent.estimate_seconds if known.consent else None
    return known.state, (covered or 0) // 60, one.balance.reserved


def test_R25_a_mail_that_was_used_approves_no_later_estimate() -> None:
    one = book()
    one.review(written())
    raised = taken_back(one, written(240))
    one.review(raised)
    assert stands(one) == (Admission.CHECKING, 0, 0)
    click(one, raised, STAFF)
    one.review(raised)
    assert stands(one) == (Admission.STALE, 60, 0)


def test_R25_a_mail_that_was_used_still_says_what_it_said_when_its_label_returns() -> None:
    one = book()
    one.review(written())
    again = taken_back(one, written())
    click(one, again, STAFF)
    one.review(again)
    assert stands(one) == (Admission.ACTIVE, 60, 60)
    consent = one.activations["A"].consent
    assert consent
    assert (consent.standing, consent.reference) == (Standing.REFERENCE, MAIL)


def test_R25_an_older_mail_stays_used_after_a_newer_one_however_it_is_typed() -> None:
    one = book()
    one.review(written())
    one.review(written(90, approval_reference="mail of 6 Oct"))
    assert stands(one) == (Admission.ACTIVE, 90, 90)
    for text in (MAIL, " Mail  of 5 oct"):
        raised = taken_back(one, written(240, approval_reference=text))
        click(one, raised, STAFF)
        one.review(raised)
        assert stands(one) == (Admission.STALE, 60, 0)


def test_R25_the_clients_own_click_counts_beside_a_mail_that_was_used() -> None:
    one = book()
    one.review(written())
    raised = taken_back(one, written(240))
    click(one, raised, ANNA)
    one.review(raised)
    assert stands(one) == (Admission.ACTIVE, 240, 240)


def test_R25_a_rejection_takes_a_mail_back() -> None:
    one = book()
    one.review(written())
    again = taken_back(one, written(), Approval.REJECTED)
    click(one, again, STAFF)
    one.review(again)
    assert stands(one) == (Admission.STALE, 0, 0)


def test_R10_a_mail_covers_no_urgency_that_was_taken_back_since() -> None:
    one = book()
    one.review(written(urgent=True, evidence="mail 7"))
    one.review(written())
    again = taken_back(one, written(urgent=True, evidence="mail 7"))
    click(one, again, STAFF)
    one.review(again)
    assert one.activations["A"].factor == 1


def test_R15b_a_mail_that_was_used_confirms_no_numbers_that_were_told_later() -> None:
    one = book()
    other = activity("Z", 580, approval_reference="mail of 4 Oct")
    one.review(other)
    one.review(written(), other)
    assert stands(one)[0] is Admission.CONFIRM
    one.show("A")
    one.review(written(approval=Approval.NONE), other)
    again = written(updated_at=2)
    click(one, again, STAFF)
    one.review(again, other)
    assert stands(one)[0] is Admission.CONFIRM
    one.review(written(approval_reference="mail of 6 Oct"), other)
    assert stands(one)[0] is Admission.ACTIVE


def test_R25_under_off_the_label_counts_and_an_old_mail_beside_it_does_not_matter() -> None:
    one = book(Gate.OFF)
    one.review(written())
    raised = taken_back(one, written(240))
    one.review(raised)
    consent = one.activations["A"].consent
    assert consent
    assert consent.standing is Standing.UNCHECKED
