"""What a row and a package are told where more is asked than given, or nothing can be read."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Status
from mondaybridge.domain.approval import Change, Evidence, Field, print_of
from mondaybridge.domain.contract import Gate, Policies
from mondaybridge.domain.notices import Rule
from mondaybridge.domain.outcome import Review

STAFF = "kim@agency.example"


def book(*packages: object, **policies: object) -> Book:
    """Open a book where every answer counts, unless a test says otherwise."""
    rules = Policies(**{"approval_actor": Gate.OFF, **policies})  # type: ignore[arg-type]  # its policies
    terms = prepaid(*packages, policies=rules)  # type: ignore[arg-type]  # packages
    return Book(terms, at("2026-10-05 09:00"))


def told(decided: Review, key: str) -> dict[Rule, dict[str, int | str]]:
    """Return what a row is told: rules and their arguments."""
    return {n.rule: dict(n.args) for n in decided.notices if n.activity_id == key}


def answered(one: Book, row: Activity) -> Activity:
    """Approve a row anew, now."""
    return replace(row, answered_at=one.now + 30_000)


def numbers(args: dict[str, int | str], *names: str) -> tuple[int | str, ...]:
    """Pick arguments in order."""
    return tuple(args[name] for name in names)


def test_R10_R15b_an_urgency_beyond_the_free_hours_asks_for_its_confirmation() -> None:
    one = book()
    row, other = activity("a", 60), activity("z", 480)
    one.review(row, other)
    urgent = replace(row, factor=3, urgent=True, evidence="mail 9")
    assert set(told(one.review(urgent, other), "a")) >= {Rule.RAISE}
    urgent = answered(one, urgent)
    said = told(one.review(urgent, other), "a")
    assert Rule.RAISE not in said
    asked = numbers(said[Rule.CONFIRM], "charge", "need", "free", "hard", "shortfall", "given")
    assert asked == (180, 180, 60, 600, 60, 60)
    assert said[Rule.CONFIRM]["at_risk"] == ""
    one.show("a")
    one.now += 60_000
    assert told(one.review(answered(one, urgent), other), "a") == {}
    assert (one.activations["a"].factor, one.activations["a"].overcommit) == (3, 60)


def test_R10_R15b_a_second_click_is_looked_up_where_it_may_confirm() -> None:
    client = "anna@client.example"
    one = book(approval_actor=Gate.REQUIRE)
    one.users = (client,)
    row, other = activity("a", 60, answered_at=one.now), activity("z", 480, answered_at=one.now)

    def clicked(key: str, shown: Activity) -> None:
        at_ = shown.answered_at
        before = Change(at_ - 1, f"{at_}-", Field.ESTIMATE, str(shown.estimate_seconds), "", client)
        urgent = Change(at_ - 1, f"{at_}+", Field.URGENT, str(int(shown.urgent)), "", client)
        said = Change(at_, str(at_), Field.APPROVAL, "approved", "", client)
        known = one.evidence[key].changes if key in one.evidence else ()
        stood = Change(at_ - 1, f"{at_}e", Field.EVIDENCE, shown.evidence, "", client)
        one.evidence[key] = Evidence(print_of(shown), (*known, before, urgent, stood, said))

    clicked("a", row)
    clicked("z", other)
    one.review(row, other)
    urgent = answered(one, replace(row, factor=3, urgent=True, evidence="mail 9"))
    clicked("a", urgent)
    assert Rule.CONFIRM in told(one.review(urgent, other), "a")
    one.show("a")
    assert one.review(urgent, other).looks == ()
    again = answered(one, urgent)
    assert [key for key, _ in one.review(again, other).looks] == ["a"]
    clicked("a", again)
    assert told(one.review(again, other), "a") == {}
    assert one.activations["a"].factor == 3


def test_R16_a_raise_beyond_all_hours_says_what_is_missing() -> None:
    one = book()
    row = activity("a", 210)
    one.review(row)
    urgent = answered(one, replace(row, factor=3, urgent=True, evidence="mail 9"))
    said = told(one.review(urgent), "a")
    assert numbers(said[Rule.RESIDUAL], "need", "hard", "missing", "given") == (630, 600, 30, 210)
    assert one.balance.reserved == 210


def test_R10_an_urgency_after_its_month_was_closed_is_said_to_stay_as_it_was() -> None:
    one = book()
    row = activity("a", 60, worked(10, "2026-10-05 08:00"))
    one.review(row)
    one.closed.add("2026-10")
    one.now = at("2026-11-03 09:00")
    said = told(one.review(replace(row, factor=3, urgent=True, evidence="mail")), "a")
    assert said == {Rule.FROZEN: {"now": 60}}
    assert one.activations["a"].factor == 1


def test_R15_a_reopened_row_beyond_the_free_hours_is_to_be_confirmed() -> None:
    one = book()
    row = activity("a", 60)
    one.review(row)
    one.review(replace(row, status=Status.DONE))
    other = activity("z", 590)
    one.review(replace(row, status=Status.DONE), other)
    said = told(one.review(row, other), "a")
    assert set(said) == {Rule.CONFIRM}
    assert numbers(said[Rule.CONFIRM], "need", "free", "hard", "shortfall") == (60, 10, 600, 50)
    one.show("a")
    one.now += 60_000
    assert told(one.review(answered(one, row), other), "a") == {}
    assert not one.activations["a"].blocked


def test_R25_a_start_is_not_forbidden_while_the_answer_is_looked_up() -> None:
    one = book(approval_actor=Gate.REQUIRE, reverts_forbidden_start=True)
    row = activity("a", 60)
    looked = one.review(row)
    assert [(c.stopped, n.rule) for c in looked.cells for n in looked.notices] == [
        (False, Rule.CHECKING)
    ]
    one.evidence["a"] = Evidence(print_of(row), gone=True)
    refused = one.review(row)
    assert ([c.stopped for c in refused.cells], set(told(refused, "a"))) == (
        [True],
        {Rule.START, Rule.UNVERIFIED},
    )


def test_R25_warn_marks_an_answer_that_is_not_the_clients() -> None:
    one = book(approval_actor=Gate.WARN)
    row = activity("a", 60, answered_at=one.now)
    said = Change(one.now, "1", Field.APPROVAL, "approved", "", STAFF)
    one.evidence["a"] = Evidence(print_of(row), (said,))
    decided = one.review(row)
    assert one.activations["a"].active
    assert told(decided, "a") == {Rule.UNVERIFIED: {"actor": STAFF, "counted": 1}}


@pytest.mark.parametrize("approval", [Approval.NONE, Approval.APPROVED])
def test_5_6_a_row_that_cannot_be_read_says_so_and_nothing_else(approval: Approval) -> None:
    one = book()
    row = activity("a", 900, approval=approval)
    one.review(row)
    decided = one.review(replace(row, parked="its estimate was emptied"))
    assert told(decided, "a") == {Rule.PARKED: {}}


def test_6_6_the_second_expiry_is_told_after_the_first_package_has_lapsed() -> None:
    first = package(expires_at=at("2027-01-01"))
    second = package("p2", sold="2026-12-01", expires_at=at("2027-07-01"))
    one = book(first, second)
    one.now = at("2027-02-01 09:00")
    shown = one.review().package
    assert shown
    assert shown.expires_at == at("2027-07-01")
    one.now = at("2027-06-10 09:00")
    [soon] = one.review().alerts
    assert (soon.rule, dict(soon.args)["last"]) == (Rule.EXPIRY, "2027-06-30")
    one.ended["p2"] = one.now
    shown = one.review().package
    assert shown
    assert shown.expires_at is None


def test_7_a_baseline_beyond_what_was_granted_is_told_once() -> None:
    one = book(baseline_at=at("2026-10-02"))
    [alert] = one.review(activity("a", 400), activity("b", 300)).alerts
    assert (alert.rule, dict(alert.args)) == (Rule.BASELINE, {"total": 700, "granted": 600})
    assert one.review(activity("a", 400), activity("b", 300)).alerts == ()
    fits = book(baseline_at=at("2026-10-02"))
    assert fits.review(activity("a", 400), activity("b", 200)).alerts == ()


def test_6_28_the_same_threshold_names_its_generation() -> None:
    one = book(package(), package("p2", 60, sold="2026-10-06"))
    rows = [activity("a", 600, worked(310, "2026-10-04 08:00"))]
    [first] = one.review(*rows).alerts
    one.now = at("2026-10-07 09:00")
    rows = [replace(rows[0], sessions=(worked(340, "2026-10-04 08:00"),))]
    [second] = one.review(*rows).alerts
    assert [dict(a.args)["generation"] for a in (first, second)] == [1, 2]
