"""What a row must bring and what keeps it still (ledger 5.7; R05-R07, R10, R13)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Capture, Presence, Session
from mondaybridge.domain.admission import Admission, Origin
from mondaybridge.domain.contract import Gate, Policies
from mondaybridge.domain.guards import bare, guarded, lacking, missing, twins
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.outcome import HeldReason, History
from planbook import planned

CONTRACT = prepaid()
BORN = at("2026-10-08 09:00")
ANNA = ("anna@client.example",)


def taken(*rows: Activity, posted: str = "", policies: Policies | None = None) -> dict[str, str]:
    """Return why rows are parked."""
    contract = replace(CONTRACT, policies=policies or Policies())
    sums = [LedgerSum(SumGroup.POST, "p1", posted, "2026-10", "", "", 30)] if posted else []
    found = guarded(rows, contract, History(sums))
    return {key: row.parked for key, row in found.items() if row.parked}


# --- sessions that are too long ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "seconds", "parked"), [(720, 0, False), (720, 1, True), (3_900, 0, True)]
)
def test_5_7_a_session_over_twelve_hours_is_parked(
    minutes: int, seconds: int, *, parked: bool
) -> None:
    row = activity("A", 60, worked(minutes, "2026-10-09", seconds=seconds))
    assert bool(taken(row)) is parked


def test_7_a_timer_over_a_weekend_is_parked_with_what_to_do() -> None:
    row = activity("A", 60, worked(10, "2026-10-05"), worked(62 * 60, "2026-10-09 18:00", "s2"))
    assert taken(row) == {"A": "a session lasts 62:00, longer than 12:00: correct its end"}
    assert taken(row, policies=Policies(max_session_minutes=63 * 60)) == {}
    book = Book(prepaid(package(minutes=6_000)), at("2026-10-12 09:00"))
    held = book.review(row).held
    assert [(h.activity_id, h.reason) for h in held] == [("A", HeldReason.PARKED)]
    assert (book.balance.posted, book.balance.reserved) == (0, 0)
    mended = replace(row, sessions=row.sessions[:1])
    assert book.step([mended]) == [("post", 10), ("reserve", 50)]


def test_5_7_a_typed_number_is_no_session_and_a_deleted_row_is_not_judged() -> None:
    typed = Session("n1", Capture.NUMBER, BORN, BORN, 100 * 3_600)
    assert taken(activity("A", 60, typed)) == {}
    gone = activity("A", 60, worked(900, "2026-10-09"), presence=Presence.DELETED)
    assert taken(gone) == {}


# --- copies -----------------------------------------------------------------------------------


def original(**cells: object) -> Activity:
    row = activity("A", 60, worked(30, "2026-10-05"), created_at=at("2026-10-05 08:00"))
    return replace(row, **({"name": "Menu"} | cells))  # type: ignore[arg-type]  # cells of a row


def copy(*sessions: Session, **cells: object) -> Activity:
    row = activity("B", 60, *(sessions or (worked(30, "2026-10-05"),)), created_at=BORN)
    return replace(row, **({"name": "Menu"} | cells))  # type: ignore[arg-type]  # cells of a row


WORDS = "looks like a copy of row A (same name and time): delete it, or give it its own name"


def test_5_7_a_duplicate_is_parked_before_anything_posts() -> None:
    assert taken(original(), copy()) == {"B": WORDS}
    assert taken(copy(), original()) == {"B": WORDS}
    book = Book(prepaid(), at("2026-10-08 10:00"))
    book.review(original(), copy())
    assert (book.balance.posted, book.balance.reserved) == (30, 30)


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "Menu of the shop"},
        {"created_at": 0},
        {"sessions": (worked(31, "2026-10-05"),)},
        {"sessions": (worked(30, "2026-10-08 09:11"),)},
        {"sessions": ()},
        {"parked": "a cell cannot be read"},
    ],
    ids=str,
)
def test_5_7_what_differs_or_was_worked_later_is_no_copy(cells: dict[str, object]) -> None:
    assert WORDS not in taken(original(), copy(**cells)).values()


def test_5_7_a_name_is_compared_without_the_suffix_and_whatever_its_case() -> None:
    assert taken(original(name="Menu (EXTRA)"), copy(name="menu")) == {"B": WORDS}


def test_5_7_a_copy_stays_one_when_either_goes_on_working() -> None:
    more = worked(20, "2026-10-09", "s2")
    gone_on = original(sessions=(worked(30, "2026-10-05"), more))
    assert taken(gone_on, copy()) == {"B": WORDS}
    assert taken(original(), copy(worked(30, "2026-10-05"), more)) == {"B": WORDS}


@pytest.mark.parametrize(
    "cells",
    [
        {"estimate_seconds": 5_400},
        {"estimate_seconds": None},
        {"presence": Presence.DELETED},
        {"parked": "a cell cannot be read"},
    ],
    ids=str,
)
def test_5_7_what_becomes_of_the_original_does_not_bill_its_time_twice(
    cells: dict[str, object],
) -> None:
    book = Book(prepaid(), at("2026-10-08 10:00"))
    book.review(original(), copy())
    book.review(original(**cells), copy())
    assert book.balance.posted == 30
    book.review(original(**cells), copy(name="Menu of the shop"))
    assert book.balance.posted == 60


def test_5_7_a_row_made_anew_for_one_that_never_counted_is_no_copy() -> None:
    assert taken(original(presence=Presence.DELETED), copy()) == {}


def test_5_7_two_copies_name_the_first_and_a_row_that_has_posted_is_none() -> None:
    third = copy(activity_id="C", created_at=BORN + 9)
    assert taken(original(), copy(), third) == {"B": WORDS, "C": WORDS}
    assert taken(original(), copy(), posted="B") == {}


# --- urgency, names, proofs -------------------------------------------------------------------


def factor(policies: Policies | None = None, **cells: object) -> int:
    contract = replace(CONTRACT, policies=policies or Policies())
    row = replace(activity("A", 60), **cells)  # type: ignore[arg-type]  # cells of a row
    return guarded([row], contract, History())["A"].factor


def test_R10_only_urgency_with_the_clients_evidence_asks_for_the_factor() -> None:
    assert factor(urgent=True, evidence="mail 7") == 3
    assert factor(urgent=True, evidence="mail 7", policies=Policies(urgent_factor=2)) == 2
    assert factor(urgent=True) == 1
    assert factor(urgent=True, factor=3) == 1
    assert factor(evidence="mail 7") == 1


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Menu (extra)", "Menu"), ("Menu (Extra) (EXTRA) ", "Menu"), ("Menu(extra)", "Menu"),
     ("(extra) Menu", "(extra) Menu"), ("Menu", "Menu"), ("(extra)", "")],
)  # fmt: skip
def test_R13_the_suffix_is_taken_off_however_it_was_typed(name: str, plain: str) -> None:
    assert bare(name) == plain


STRICT = Policies(request_reference=Gate.REQUIRE, requester=Gate.REQUIRE, service_type=Gate.REQUIRE)
PROVEN = activity(
    "A", 60, reference="mail 7", requester="Anna <Anna@Client.example>", service="training"
)


@pytest.mark.parametrize(
    ("cells", "origin", "lacks"),
    [
        ({}, Origin.EXTRA, ()),
        ({"reference": ""}, Origin.EXTRA, ("reference",)),
        ({"reference": ""}, Origin.REQUEST, ("reference",)),
        ({"reference": ""}, Origin.REDO, ("reference",)),
        ({"reference": "", "requester": ""}, Origin.AGREED, ()),
        ({"requester": "eve@other.example"}, Origin.EXTRA, ("requester",)),
        ({"requester": "Anna"}, Origin.EXTRA, ("requester",)),
        ({"requester": "eve@other.example, anna@client.example"}, Origin.EXTRA, ()),
        ({"service": ""}, Origin.EXTRA, ("service",)),
        ({"service": "tennis", "service_known": False}, Origin.AGREED, ("service",)),
        ({"agreement_needed": True}, Origin.AGREED, ("agreement",)),
        ({"agreement_needed": True, "agreed_with": "Kim"}, Origin.EXTRA, ()),
        ({"reference": "", "service": ""}, Origin.EXTRA, ("reference", "service")),
    ],
    ids=str,
)
def test_R05_R06_R07_what_is_lacking_keeps_a_row_from_being_activated(
    cells: dict[str, object], origin: Origin, lacks: tuple[str, ...]
) -> None:
    row = replace(PROVEN, **cells)  # type: ignore[arg-type]  # cells of a row
    assert lacking(row, origin, STRICT, ANNA) == lacks
    assert lacking(row, origin, Policies(), ANNA) == ()


def test_R07_a_policy_that_only_warns_keeps_nothing_from_being_activated() -> None:
    policies = replace(STRICT, request_reference=Gate.WARN)
    row = replace(PROVEN, reference="", requester="")
    assert lacking(row, Origin.EXTRA, policies, ANNA) == ("requester",)
    assert missing(row, Origin.EXTRA, policies, ANNA, Gate.WARN) == ("reference",)


def test_R06_a_row_that_lacks_a_proof_waits_for_it_and_starts_with_it() -> None:
    book = Book(prepaid(policies=replace(STRICT, minor_minutes=30)), at("2026-10-02"), users=ANNA)
    said = []
    for row in (replace(PROVEN, requester=""), PROVEN):
        book.review(row)
        said.append(book.activations["A"].state)
    assert said == [Admission.NEEDS_PROOF, Admission.ACTIVE]


def test_R07b_one_request_reference_is_one_row_and_the_later_one_is_named() -> None:
    first = activity("B", 10, reference="Mail  7", created_at=1)
    second = activity("A", 10, reference="mail 7", created_at=2)
    other = activity("C", 10, reference="mail 8", created_at=3)
    board = {row.activity_id: row for row in (second, first, other, activity("D", 10))}
    assert twins(board) == {"A": "B"}
    gone = board | {"B": replace(first, presence=Presence.DELETED)}
    assert twins(gone) == {}


# --- contracts without admission --------------------------------------------------------------


def test_5_7_a_timer_over_a_weekend_is_billed_to_no_plan_and_no_hour() -> None:
    row = activity("A", None, worked(10, "2026-10-05"), worked(62 * 60, "2026-10-09 18:00", "s2"))
    for contract in (planned(), metered()):
        book = Book(contract, at("2026-10-12 09:00"))
        decided = book.review(row)
        assert [(h.activity_id, h.reason) for h in decided.held] == [("A", HeldReason.PARKED)]
        assert decided.entries == ()
        assert book.step([replace(row, sessions=row.sessions[:1])]) == [("post", 10)]


def test_5_7_a_duplicate_is_parked_before_it_is_billed() -> None:
    book = Book(metered(), at("2026-10-08 10:00"))
    assert book.step([original(), copy()]) == [("post", 30)]
    assert book.step([original(), copy(name="Menu of the shop")]) == [("post", 30)]


def test_R11_urgent_time_counts_more_often_where_the_contract_says_so() -> None:
    row = activity("A", None, worked(20, "2026-10-05"), urgent=True)
    for contract in (planned(), metered()):
        book = Book(replace(contract, policies=Policies(urgent_factor=2)), at("2026-10-12 09:00"))
        assert book.step([row]) == [("post", 20)]
        assert book.step([replace(row, evidence="mail 8")]) == [("post", 20)]
        assert book.step([row]) == [("post", -20)]
