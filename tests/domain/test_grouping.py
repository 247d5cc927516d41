"""Lines taken together where an invoice would have too many (semantics 6.21, ledger 6.7)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from invoicebook import CLIENT, CONTRACT, books, issued, net
from ledgerbook import at
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import Books
from mondaybridge.domain.documents import ObservedDocument
from mondaybridge.domain.grouping import as_issued
from mondaybridge.domain.money import amount
from mondaybridge.domain.usage import LineId, UsageLine

UNIT = 4999
KINDS = ("Design", "Editing", "Support")


def work(number: int, minutes: int = 7, period: str = "2026-10") -> UsageLine:
    moment = at(f"{period}-{1 + number % 20:02d} 09:00", "Europe/London")
    line_id = LineId(CONTRACT, "usage", f"a{number:04d}", period, "payg", f"{UNIT}/gbp/")
    return UsageLine(line_id, minutes, amount(minutes, UNIT), moment, moment)


def month(count: int, *, services: bool = True) -> list[UsageLine]:
    return [work(number, 1 + number % 50) for number in range(count)]


def long(
    desired: Sequence[UsageLine],
    observed: Sequence[ObservedDocument] = (),
    *,
    services: bool = True,
    closed: Sequence[str] = (),
    held: Sequence[str] = (),
) -> Books:
    names = {one.line_id.subject: KINDS[n % 3] for n, one in enumerate(desired)}
    return replace(
        books(desired, observed, closed=closed, held=held), services=names if services else {}
    )


def remembered(before: Books, first: Sequence[tuple[tuple[str, str, str], str]]) -> Books:
    return replace(before, labels=dict(first))


@pytest.mark.parametrize("count", [251, 1000])
@pytest.mark.parametrize("services", [True, False])
def test_6_21_totals_are_those_of_the_single_lines(count: int, *, services: bool) -> None:
    desired = month(count)
    planned = plan(long(desired, services=services), "2026-10")
    (document,) = planned.documents
    assert planned.findings == ()
    assert len(document.lines) == (3 if services else 20)
    assert document.subtotal_minor == sum(one.amount_minor for one in desired)
    assert sum(one.minutes for one in document.lines) == sum(one.minutes for one in desired)
    (listed,) = planned.lists
    assert sorted(row.activity_id for row in listed.rows) == [o.line_id.subject for o in desired]
    assert sum(row.amount_minor for row in listed.rows) == document.subtotal_minor
    assert document.full_list == listed.digest
    assert all(one.members for one in document.lines)


def test_6_21_up_to_240_lines_stand_by_themselves() -> None:
    (document,) = plan(long(month(240)), "2026-10").documents
    assert (len(document.lines), document.full_list, document.lines[0].members) == (240, "", "")


def test_6_7_a_month_issued_grouped_stays_so_and_late_changes_go_on_the_groups_line() -> None:
    desired = month(241)
    first = plan(long(desired), "2026-10")
    before = issued(first.documents)
    again = remembered(long(desired, before, closed=["2026-10"]), first.labels)
    assert plan(again).empty
    more = [*desired[:-1], replace(work(240, 100), line_id=desired[-1].line_id)]
    late = remembered(long(more, before, closed=["2026-10"]), first.labels)
    planned = plan(late, "2026-11")
    (document,) = planned.documents
    (line,) = document.lines
    was, now = desired[-1].amount_minor, more[-1].amount_minor
    assert line.line_id.subject == "group:service:Design"
    assert (line.minutes, line.amount_minor) == (100 - desired[-1].minutes, now - was)
    less = [*desired[:-1], replace(work(240, 1), line_id=desired[-1].line_id)]
    credited = plan(remembered(long(less, before, closed=["2026-10"]), first.labels))
    (note,) = credited.documents
    assert note.subtotal_minor == was - amount(1, UNIT)
    assert note.lines[0].line_id == line.line_id


def test_6_7_a_type_of_service_chosen_later_moves_no_money() -> None:
    desired = month(241)
    first = plan(long(desired), "2026-10")
    before = issued(first.documents)
    other = remembered(long(desired, before, closed=["2026-10"]), first.labels)
    changed = replace(other, services={one.line_id.subject: "Other" for one in desired})
    assert plan(changed, "2026-11").documents == ()


def test_6_7_a_month_issued_by_activity_is_never_grouped_later() -> None:
    desired = month(240)
    before = issued(plan(long(desired), "2026-10").documents)
    more = [*desired, *(work(number) for number in range(240, 260))]
    (document,) = plan(long(more, before, closed=["2026-10"]), "2026-11").documents
    assert [line.line_id.subject for line in document.lines] == [
        f"a{n:04d}" for n in sorted(range(240, 260), key=lambda n: (n % 20, n))
    ]


def test_6_3_what_is_held_joins_its_group_later_and_the_group_rests_while_a_member_is_held() -> (
    None
):
    desired = month(245)
    first = plan(long(desired, held=["a0000"]), "2026-10")
    before = issued(first.documents)
    waiting = remembered(long(desired, before, closed=["2026-10"], held=["a0000"]), first.labels)
    assert plan(waiting, "2026-11").documents == ()
    freed = remembered(long(desired, before, closed=["2026-10"]), first.labels)
    (document,) = plan(freed, "2026-11").documents
    assert document.subtotal_minor == desired[0].amount_minor
    whole = issued(plan(long(desired), "2026-10").documents)
    assert net([*before, *issued([document], 1)]) == net(whole)


@pytest.mark.parametrize("known", [True, False], ids=["labels kept", "labels lost"])
def test_6_3_a_group_rests_only_for_members_that_stand_on_its_line(
    known: bool,  # noqa: FBT001 - a case
) -> None:
    """Held from the first on, a row was never on it: others are credited meanwhile (ledger 6.8)."""
    desired = month(245)
    first = plan(long(desired, held=["a0000"]), "2026-10")
    less = [desired[0], desired[1], desired[2], work(3, 1), *desired[4:]]
    outside = long(less, issued(first.documents), closed=["2026-10"], held=["a0000"])
    outside = remembered(outside, first.labels if known else ())
    money = desired[3].amount_minor - less[3].amount_minor
    assert [d.subtotal_minor for d in plan(outside).documents] == ([money] if known else [])
    whole = plan(long(desired), "2026-10")
    member = long(less, issued(whole.documents), closed=["2026-10"], held=["a0000"])
    assert plan(remembered(member, whole.labels)).documents == ()


def test_a_late_row_is_labelled_like_the_rest_of_its_month() -> None:
    desired = month(241)
    first = plan(long(desired, services=False), "2026-10")
    before = issued(first.documents)
    late = remembered(long([*desired, work(300)], before, closed=["2026-10"]), first.labels)
    (document,) = plan(late, "2026-11").documents
    assert [one.line_id.subject for one in document.lines] == ["group:day:2026-10-01"]


def test_an_activitys_time_stands_under_its_group() -> None:
    one = work(0).line_id
    labels = {(CONTRACT, "2026-10", "a0000"): "group:service:Design"}
    assert as_issued(one, labels).subject == "group:service:Design"
    fee = replace(one, kind="fee")
    assert as_issued(fee, labels) == fee


def test_the_fee_of_a_client_with_many_rows_stands_by_itself() -> None:
    paid = UsageLine(LineId(CONTRACT, "fee", "p@2026-01-01", "2026-10", "included", "9/gbp/"), 0, 9)
    (document,) = plan(long([*month(300), paid]), "2026-10").documents
    assert [one.line_id.kind for one in document.lines] == ["fee", "usage", "usage", "usage"]
    assert CLIENT.billing.group_above == 240
