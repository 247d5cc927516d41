"""The verdict on one request: every case of ledger 4 with whole numbers (R09, R12, R15, R16)."""

from typing import Any

import pytest

from mondaybridge.domain.admission import (
    Activation,
    Admission,
    Assessment,
    Origin,
    Request,
    Residual,
    Step,
    Verdict,
    judge,
)

AUTO, CONFIRM, REFUSE = Verdict.AUTO, Verdict.CONFIRM, Verdict.REFUSE
MINOR = 30


def asks(minutes: int, factor: int = 1, *, seconds: int = 0, **more: int | None) -> Request:
    """Return a request that may be a minor one, unless it says otherwise."""
    terms = {"minor_minutes": MINOR, **more}
    return Request(minutes * 60 + seconds, factor, **terms)  # type: ignore[arg-type]  # its terms


def left(hard: int, free: int, **more: int | None) -> Residual:
    return Residual(hard, free, **more)  # type: ignore[arg-type]  # its terms


# request, what is left; verdict, charge, need, then, as far as there is any: shortfall, missing,
# beyond the limit
CASES = [
    # R12: thirty minutes of effort, inclusive, in whole raw minutes
    ("R12_30_00_is_auto", asks(30), left(600, 600), (AUTO, 30, 30)),
    ("R12_30_01_is_not", asks(30, seconds=1), left(600, 600), (CONFIRM, 31, 31)),
    ("R12_0_51_h_is_31", asks(0, seconds=1836), left(600, 600), (CONFIRM, 31, 31)),
    ("R12_31_is_confirm", asks(31), left(600, 600), (CONFIRM, 31, 31)),
    ("R12_29_59_is_auto", asks(29, seconds=59), left(600, 600), (AUTO, 30, 30)),
    ("R12_zero_is_auto", asks(0), left(0, 0), (AUTO, 0, 0)),
    ("R12_15_urgent_is_auto_with_45", asks(15, 3), left(600, 600), (AUTO, 45, 45)),
    ("R12_30_urgent_is_auto_with_90", asks(30, 3), left(600, 600), (AUTO, 90, 90)),
    ("R12_31_urgent_is_confirm", asks(31, 3), left(600, 600), (CONFIRM, 93, 93)),
    ("R12_urgent_just_fits", asks(15, 3), left(45, 45), (AUTO, 45, 45)),
    ("R12_urgent_does_not_fit_free", asks(15, 3), left(60, 44), (CONFIRM, 45, 45, 1)),
    ("R12_none_may_be_minor", asks(5, minor_minutes=None), left(9, 9), (CONFIRM, 5, 5)),
    ("R12_another_limit", asks(45, minor_minutes=45), left(600, 600), (AUTO, 45, 45)),
    ("R12_limit_0_is_only_zero", asks(1, minor_minutes=0), left(9, 9), (CONFIRM, 1, 1)),
    # R12 and ledger 4: what is free, less what is agreed and not answered
    ("R12_free_exactly", asks(30), left(30, 30), (AUTO, 30, 30)),
    ("R12_free_lacks_one", asks(30), left(30, 29), (CONFIRM, 30, 30, 1)),
    ("4_planned_leaves_enough", asks(20), left(600, 70, planned=50), (AUTO, 20, 20)),
    ("4_planned_takes_it", asks(20), left(600, 69, planned=50), (CONFIRM, 20, 20)),
    ("7_baseline_700_on_600", asks(10), left(600, 600, planned=700), (CONFIRM, 10, 10)),
    ("7_minor_20_free_10_hard_200", asks(20), left(200, 10), (CONFIRM, 20, 20, 10)),
    # R15: a larger one, within free, within hard, beyond it
    ("R15_large_within_free", asks(60), left(600, 60), (CONFIRM, 60, 60)),
    ("R15_large_beyond_free", asks(60), left(600, 59), (CONFIRM, 60, 60, 1)),
    ("R15_nothing_is_free", asks(60), left(60, 0), (CONFIRM, 60, 60, 60)),
    ("R15_overcommitted_before", asks(60), left(90, -40), (CONFIRM, 60, 60, 100)),
    # R16 and R09: hard is the last word, for every origin
    ("R16_hard_exactly", asks(60), left(60, 60), (CONFIRM, 60, 60)),
    ("R16_hard_lacks_one", asks(60), left(59, 59), (REFUSE, 60, 60, 1, 1)),
    ("R16_minor_beyond_hard", asks(30), left(20, 20), (REFUSE, 30, 30, 10, 10)),
    ("R16_urgent_beyond_hard", asks(40, 3), left(119, 119), (REFUSE, 120, 120, 1, 1)),
    ("R16_negative_hard", asks(1), left(-5, -5), (REFUSE, 1, 1, 6, 6)),
    ("R16_zero_need_on_negative", asks(0), left(-5, -5), (REFUSE, 0, 0, 5, 5)),
    # ledger 1: need is what is not posted yet; the own reserve is no obstacle
    ("1_posted_is_not_needed_again", asks(60, posted=40), left(20, 20), (CONFIRM, 60, 20)),
    ("1_posted_beyond_is_need_0", asks(60, posted=90), left(0, 0), (CONFIRM, 60, 0)),
    ("1_urgent_raise_320", asks(120, 3, posted=40), left(435, 355), (CONFIRM, 360, 320)),
    ("4_own_reserve_is_free", asks(90, reserved=60), left(90, 30), (CONFIRM, 90, 90)),
    ("4_own_reserve_and_short", asks(91, reserved=60), left(95, 30), (CONFIRM, 91, 91, 1)),
    ("4_own_reserve_of_a_minor", asks(30, reserved=20), left(99, 10), (AUTO, 30, 30)),
    # ledger 4: overcommit, cumulative and limited
    ("7_overcommit_first", asks(80), left(100, 20), (CONFIRM, 80, 80, 60)),
    ("7_overcommit_second", asks(80), left(100, -60), (CONFIRM, 80, 80, 140)),
    ("4_max_overcommit_just", asks(80), left(100, 20, max_overcommit=60), (CONFIRM, 80, 80, 60)),
    (
        "4_max_overcommit_beyond",
        asks(80),
        left(100, 20, max_overcommit=59),
        (REFUSE, 80, 80, 60, 0, True),
    ),
    (
        "4_max_overcommit_none_allowed",
        asks(21),
        left(99, 20, max_overcommit=0),
        (REFUSE, 21, 21, 1, 0, True),
    ),
    ("4_max_overcommit_unused", asks(20), left(99, 20, max_overcommit=0), (AUTO, 20, 20)),
    # ledger 1: one step from seconds
    ("1_increment_rounds_once", asks(31), left(99, 99, increment=15), (CONFIRM, 45, 45)),
    ("1_increment_keeps_the_raw_test", asks(16), left(30, 30, increment=15), (AUTO, 30, 30)),
    ("1_factor_before_rounding", asks(10, 3, seconds=1), left(99, 99), (AUTO, 31, 31)),
]


def test_the_table_has_at_least_thirty_cases() -> None:
    assert len({name for name, *_ in CASES}) == len(CASES) >= 30


@pytest.mark.parametrize(
    ("request_", "residual", "said"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_4_the_verdict_and_its_numbers(
    request_: Request, residual: Residual, said: tuple[Any, ...]
) -> None:
    verdict, charge, need, *more = said
    asked = request_.estimate_seconds, request_.factor, charge, need
    was_left = residual.hard, residual.free, residual.planned
    assert judge(request_, residual) == Assessment(verdict, *asked, *was_left, *more)


def test_R09_without_an_estimate_nothing_is_asked_but_the_residual_is_shown() -> None:
    assert judge(Request(None, 3), left(600, 45, planned=10)) == Assessment(
        Verdict.NEEDS_ESTIMATE, None, 3, hard=600, free=45, planned=10
    )


def test_R20_only_extras_and_requests_may_be_minor_and_only_extras_and_redos_carry_the_label() -> (
    None
):
    said = {origin: (origin.may_be_minor, origin.labelled) for origin in Origin}
    assert said == {
        Origin.AGREED: (False, False),
        Origin.EXTRA: (True, True),
        Origin.REDO: (False, True),
        Origin.REQUEST: (True, False),
    }


def test_S3_steps_change_a_reserve_only_when_it_differs_and_one_instant_holds_one() -> None:
    one = Activation("A", Admission.ACTIVE).stepped(5, 60)
    assert one.steps == (Step(5, 60),)
    assert one.stepped(9, 60) == one
    released = one.stepped(9, 0)
    assert (released.steps, released.reserving) == ((Step(5, 60), Step(9, 0)), False)
    assert released.stepped(9, 30).steps == (Step(5, 60), Step(9, 30))
    assert released.stepped(9, 60).steps == (Step(5, 60),)
    assert (released.activated_at, Activation("A", Admission.ACTIVE).activated_at) == (5, 0)


def test_an_activation_shows_the_numbers_of_its_last_verdict() -> None:
    bare = Activation("A", Admission.UNAPPROVED)
    judged = Activation("A", Admission.REFUSED, assessment=judge(asks(60), left(59, 59)))
    assert (bare.active, bare.need, bare.hard) == (False, 0, 0)
    assert (judged.active, judged.need, judged.hard) == (False, 60, 59)
