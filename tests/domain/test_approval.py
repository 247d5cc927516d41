"""Whose answer an estimate has and what it covers (R19, R25; ledger 4; semantics 6.26)."""

from dataclasses import replace

import pytest

from ledgerbook import activity
from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.approval import (
    Asked,
    Change,
    Consent,
    Evidence,
    Field,
    Standing,
    consent_of,
    print_of,
    wants_look,
)
from mondaybridge.domain.contract import Gate

NOW = 900
ANNA, STAFF = "anna@client.example", "kim@agency.example"
ROW = activity("A", 60, updated_at=500)
HOUR, HALF = 3_600, 1_800


def answered(log_id: int = 3, user: str = ANNA, value: str = "approved", at: int = 300) -> Change:
    return Change(at, str(log_id), Field.APPROVAL, value, "none", user)


def estimated(at: int, value: str, previous: str = "") -> Change:
    return Change(at, str(at), Field.ESTIMATE, value, previous, STAFF)


def asked(
    *changes: Change, gate: Gate = Gate.REQUIRE, gone: bool = False, row: Activity = ROW
) -> Asked:
    return Asked(gate, (ANNA,), Evidence(print_of(row), changes, gone))


def clicked(standing: Standing = Standing.VERIFIED, user: str = ANNA, **more: object) -> Consent:
    terms = {"at": 300, "estimate_seconds": HOUR, "factor": 1, "log_id": "3"} | more
    return Consent(standing=standing, user=user, **terms)  # type: ignore[arg-type]  # the log's


OFF = Asked()


# --- policy off: the label counts -------------------------------------------------------------


def test_R19_off_the_label_is_a_consent_to_the_estimate_it_was_first_seen_with() -> None:
    first = consent_of(ROW, None, OFF, NOW)
    assert first == Consent(500, HOUR, 1, Standing.UNCHECKED)
    assert consent_of(replace(ROW, estimate_seconds=7_200), first, OFF, NOW) == first
    assert consent_of(replace(ROW, updated_at=0), None, OFF, NOW) == replace(first, at=NOW)


def test_R19_off_the_label_must_go_away_and_come_back_to_cover_a_raise() -> None:
    first = consent_of(ROW, None, OFF, NOW)
    raised = replace(ROW, estimate_seconds=7_200, updated_at=700)
    assert consent_of(replace(raised, approval=Approval.NONE), first, OFF, NOW) is None
    assert consent_of(raised, None, OFF, NOW) == Consent(700, 7_200, 1, Standing.UNCHECKED)


@pytest.mark.parametrize("approval", [Approval.NONE, Approval.AUTO, Approval.REJECTED])
@pytest.mark.parametrize("gate", Gate)
def test_R19_without_the_label_nothing_is_a_consent(approval: Approval, gate: Gate) -> None:
    row = replace(ROW, approval=approval, approval_reference="mail 7")
    assert consent_of(row, clicked(), asked(answered(), gate=gate), NOW) is None


@pytest.mark.parametrize(
    ("covered", "wanted", "covers"),
    [(HOUR, HOUR, True), (HOUR, HALF, True), (HALF, HOUR, False), (None, HOUR, False),
     (None, None, True), (HOUR, None, True), (0, 0, True)],
)  # fmt: skip
def test_6_26_a_raised_estimate_is_not_covered_and_a_lowered_one_is(
    covered: int | None, wanted: int | None, *, covers: bool
) -> None:
    assert clicked(estimate_seconds=covered).covers(wanted) is covers


# --- a reference to the client's own words ----------------------------------------------------


@pytest.mark.parametrize("gate", Gate)
def test_R25_a_new_reference_is_a_consent_to_what_the_row_shows_now(gate: Gate) -> None:
    row = replace(ROW, approval_reference="mail 7", factor=3)
    written = Consent(NOW, HOUR, 3, Standing.REFERENCE, reference="mail 7")
    assert consent_of(row, None, Asked(gate), NOW) == written
    assert consent_of(row, clicked(), Asked(gate), NOW) == written
    raised = replace(row, estimate_seconds=7_200)
    assert consent_of(raised, written, Asked(gate), NOW + 1) == written
    again = replace(raised, approval_reference="mail 8")
    assert consent_of(again, written, Asked(gate), NOW + 1) == Consent(
        NOW + 1, 7_200, 3, Standing.REFERENCE, reference="mail 8"
    )


WRITTEN = Consent(200, HALF, 1, Standing.REFERENCE, reference="mail 7")
REFERRED = replace(ROW, approval_reference="mail 7")


def test_R25_a_later_click_of_the_client_counts_beside_an_older_reference() -> None:
    said = consent_of(REFERRED, WRITTEN, asked(answered()), NOW)
    assert said == clicked(reference="mail 7")
    assert consent_of(REFERRED, said, asked(answered()), NOW + 1) == said


@pytest.mark.parametrize(
    ("change", "gate"),
    [(answered(at=100), Gate.REQUIRE), (answered(user=STAFF), Gate.REQUIRE),
     (answered(at=100), Gate.WARN)],
)  # fmt: skip
def test_R25_an_older_click_or_one_of_the_staff_does_not_replace_a_reference(
    change: Change, gate: Gate
) -> None:
    assert consent_of(REFERRED, WRITTEN, asked(change, gate=gate), NOW) == WRITTEN


def test_R25_where_a_remark_is_enough_any_click_may_cover_more_than_the_reference() -> None:
    staff = asked(answered(user=STAFF), gate=Gate.WARN)
    said = clicked(Standing.UNVERIFIED, STAFF, reference="mail 7")
    assert consent_of(REFERRED, WRITTEN, staff, NOW) == said
    whole = replace(WRITTEN, estimate_seconds=HOUR)
    assert consent_of(REFERRED, whole, staff, NOW) == whole


def test_R25_a_reference_that_was_taken_away_stays_until_somebody_answers_anew() -> None:
    assert consent_of(ROW, WRITTEN, asked(answered(at=100)), NOW) == WRITTEN
    assert consent_of(ROW, WRITTEN, asked(answered()), NOW) == clicked()


# --- the log's evidence -----------------------------------------------------------------------


@pytest.mark.parametrize("gate", [Gate.WARN, Gate.REQUIRE])
def test_R25_the_actor_of_the_last_change_to_approved_decides(gate: Gate) -> None:
    said = {
        user: consent_of(ROW, None, asked(answered(user=user), gate=gate), NOW)
        for user in (ANNA, STAFF, "4711", "")
    }
    assert said == {
        ANNA: clicked(),
        STAFF: clicked(Standing.UNVERIFIED, STAFF),
        "4711": clicked(Standing.UNVERIFIED, "4711"),
        "": clicked(Standing.UNVERIFIED, ""),
    }


def test_R25_names_of_users_match_whatever_their_case() -> None:
    evidence = Evidence(print_of(ROW), (answered(),))
    assert consent_of(ROW, None, Asked(Gate.REQUIRE, ("ANNA@Client.example",), evidence), NOW) == (
        clicked()
    )


def test_6_26_the_estimate_covered_is_the_one_that_stood_there_at_the_answer() -> None:
    before = asked(estimated(100, "1800"), answered())
    after = asked(answered(), estimated(400, "3600", "1800"))
    both = asked(estimated(400, "3600", "1800"), answered(), estimated(100, "1800", "900"))
    for one in (before, after, both):
        assert consent_of(ROW, None, one, NOW) == clicked(estimate_seconds=HALF)
    assert consent_of(ROW, None, asked(answered()), NOW) == clicked()


@pytest.mark.parametrize("text", ["", "1h30", "-60"])
def test_6_26_an_estimate_that_cannot_be_read_covers_nothing(text: str) -> None:
    said = consent_of(ROW, None, asked(estimated(100, text), answered()), NOW)
    assert said == clicked(estimate_seconds=None)
    assert not said.covers(60)


@pytest.mark.parametrize(("urgent", "factor"), [("0", 1), ("1", 3), (None, 3)])
def test_R10_a_consent_covers_the_urgency_that_stood_there(urgent: str | None, factor: int) -> None:
    told = () if urgent is None else (Change(100, "1", Field.URGENT, urgent),)
    row = replace(ROW, factor=3)
    seen = asked(*told, answered(), row=row)
    assert consent_of(row, None, seen, NOW) == clicked(factor=factor)


def test_R10_urgency_set_after_the_answer_is_not_covered() -> None:
    later = Change(400, "4", Field.URGENT, "1", "0")
    row = replace(ROW, factor=3)
    assert consent_of(row, None, asked(answered(), later, row=row), NOW) == clicked()


@pytest.mark.parametrize(
    ("urgent", "evidence", "factor"),
    [("1", "1", 3), ("1", "0", 1), ("0", "1", 1), (None, "0", 1), (None, "1", 3)],
)
def test_R10_a_consent_covers_urgency_only_with_the_evidence_that_stood_there(
    urgent: str | None, evidence: str, factor: int
) -> None:
    row = replace(ROW, factor=3)
    told = () if urgent is None else (Change(100, "1", Field.URGENT, urgent),)
    before = (*told, Change(200, "2", Field.EVIDENCE, evidence), answered())
    seen = asked(*before, Change(400, "4", Field.EVIDENCE, "1", evidence), row=row)
    assert consent_of(row, None, seen, NOW) == clicked(factor=factor)
    later = asked(*told, answered(), Change(400, "4", Field.EVIDENCE, "1", evidence), row=row)
    assert consent_of(row, None, later, NOW) == clicked(factor=factor)


@pytest.mark.parametrize(("proven_at", "factor"), [(0, 3), (None, 3), (299, 3), (300, 1), (450, 1)])
def test_R10_where_the_log_is_silent_evidence_counts_from_when_it_was_seen(
    proven_at: int | None, factor: int
) -> None:
    row = replace(ROW, factor=3)
    seen = replace(asked(answered(), row=row), proven_at=proven_at)
    assert consent_of(row, None, seen, NOW) == clicked(factor=factor)


def test_R25_the_same_label_set_again_is_a_new_answer_to_look_up() -> None:
    known = clicked()
    again = replace(ROW, answered_at=700)
    assert print_of(replace(again, updated_at=990)) == print_of(again)
    assert wants_look(replace(again, factor=3), known, asked(answered()))
    seen = asked(answered(), answered(7, at=700), row=replace(again, factor=3))
    assert consent_of(replace(again, factor=3), known, seen, NOW) == clicked(
        at=700, log_id="7", factor=3
    )
    assert consent_of(again, clicked(Standing.UNCHECKED), OFF, NOW) == Consent(
        700, HOUR, 1, Standing.UNCHECKED
    )


def test_R25_an_answer_that_was_taken_back_does_not_speak_for_the_next_label() -> None:
    again = replace(ROW, updated_at=700)
    assert consent_of(again, None, asked(answered()), NOW) is None
    assert wants_look(again, None, asked(answered()))
    seen = asked(answered(), answered(7, STAFF, at=650), row=again)
    assert consent_of(again, None, seen, NOW) == clicked(
        Standing.UNVERIFIED, STAFF, at=650, log_id="7"
    )


def test_6_26_changes_may_arrive_in_any_order() -> None:
    changes = (
        estimated(100, "1800"),
        answered(),
        estimated(400, "7200", "1800"),
        answered(9, at=450),
    )
    said = clicked(at=450, log_id="9", estimate_seconds=7_200)
    for order in (changes, changes[::-1], (changes[2], changes[0], changes[3], changes[1])):
        assert consent_of(ROW, None, asked(*order), NOW) == said


def test_M44_approved_rejected_approved_in_a_second_is_the_last_one() -> None:
    to_and_fro = (answered(1, at=300), answered(2, value="rejected", at=300), answered(3, at=300))
    assert consent_of(ROW, None, asked(*to_and_fro), NOW) == clicked()


def test_6_26_the_actor_is_stored_when_first_seen_and_a_log_that_lags_changes_nothing() -> None:
    known = clicked()
    assert consent_of(ROW, known, Asked(Gate.REQUIRE, (ANNA,)), NOW) == known
    for evidence in (asked(), asked(gone=True), asked(answered(5, value="none", at=400))):
        assert consent_of(ROW, known, evidence, NOW) == known


def test_6_26_a_new_answer_replaces_the_old_one_with_its_own_estimate() -> None:
    known = clicked(estimate_seconds=HALF)
    assert consent_of(ROW, known, asked(answered(), answered(8, at=800)), NOW) == clicked(
        at=800, log_id="8"
    )


def test_R25_a_person_listed_later_makes_an_answer_verified() -> None:
    unknown = clicked(Standing.UNVERIFIED, estimate_seconds=HALF)
    assert consent_of(ROW, unknown, asked(answered()), NOW) == clicked(estimate_seconds=HALF)


def test_R25_a_person_who_leaves_takes_back_no_answer_and_gives_no_new_one() -> None:
    nobody = replace(asked(answered()), users=())
    assert consent_of(ROW, clicked(), nobody, NOW) == clicked()
    later = replace(asked(answered(), answered(8, at=800)), users=())
    assert consent_of(ROW, clicked(), later, NOW) == clicked(
        Standing.UNVERIFIED, at=800, log_id="8"
    )


def test_4_a_log_that_is_gone_is_unverified_and_one_without_an_answer_is_none() -> None:
    assert consent_of(ROW, None, asked(gone=True), NOW) == Consent(0, HOUR, 1, Standing.UNVERIFIED)
    assert consent_of(ROW, None, asked(), NOW) is None
    assert consent_of(ROW, None, asked(answered(value="rejected")), NOW) is None
    assert consent_of(ROW, None, Asked(Gate.REQUIRE, (ANNA,)), NOW) is None


def test_6_25_a_duplicated_row_inherits_no_approval() -> None:
    """Its label was copied, not clicked: the log of the new row has no answer."""
    assert consent_of(ROW, None, asked(), NOW) is None


# --- when the log is asked --------------------------------------------------------------------

LOOKS = [
    ("off", ROW, None, replace(OFF, gate=Gate.OFF), False),
    ("no label", replace(ROW, approval=Approval.NONE), None, Asked(Gate.REQUIRE), False),
    ("nothing known", ROW, None, Asked(Gate.REQUIRE), True),
    ("nothing known, a remark is enough", ROW, None, Asked(Gate.WARN), True),
    ("looked already", ROW, None, asked(), False),
    ("looked, then the row changed", replace(ROW, updated_at=501), None, asked(), True),
    ("known and covered", ROW, clicked(), Asked(Gate.REQUIRE), False),
    ("known, the estimate is raised", replace(ROW, estimate_seconds=7_200), clicked(),
     Asked(Gate.REQUIRE), True),
    ("known, the factor is raised", replace(ROW, factor=3), clicked(), Asked(Gate.REQUIRE), True),
    ("known as unverified", ROW, clicked(Standing.UNVERIFIED), Asked(Gate.REQUIRE), True),
    ("known as unverified, looked", ROW, clicked(Standing.UNVERIFIED), asked(), False),
    ("written down", ROW, replace(WRITTEN, estimate_seconds=HOUR), Asked(Gate.REQUIRE), False),
    ("deleted", replace(ROW, presence=Presence.DELETED), None, Asked(Gate.REQUIRE), False),
    ("unreadable", replace(ROW, parked="x"), None, Asked(Gate.REQUIRE), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "known", "who", "looks"), [one[1:] for one in LOOKS], ids=[one[0] for one in LOOKS]
)
def test_4_the_log_is_asked_once_for_each_answer(
    row: Activity, known: Consent | None, who: Asked, *, looks: bool
) -> None:
    assert wants_look(row, known, who) is looks
