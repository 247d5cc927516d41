"""What of a deleted row waits for a decision, by what documents show of it (ledger 5.6)."""

from ledgerbook import activity, worked
from mondaybridge.domain.activity import Presence
from mondaybridge.domain.cover import Place
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.outcome import History
from mondaybridge.domain.tombstones import waiting

GONE = activity("A", None, worked(93, "2026-10-05"), presence=Presence.DELETED)
INCLUDED = Place("2026-10", "included", "", "0/gbp/")
OVERAGE = Place("2026-10", "overage", "", "6500/gbp/")


def asked_about(known: dict[Place, int], *, shown: int, free: int) -> list[tuple[str, int]]:
    history = History(marks={"A": BillingMark("2026-09", credited=False, minutes=shown, free=free)})
    return [(one.period, one.minutes) for one in waiting(GONE, known, history, ())]


def test_5_6_included_minutes_on_a_document_cover_none_that_cost_money() -> None:
    """The work was dated back to another month: its invoice is still to come."""
    assert asked_about({OVERAGE: 93}, shown=60, free=60) == [("2026-10", 93)]


def test_5_6_what_documents_show_waits_for_nobody() -> None:
    both = {INCLUDED: 60, OVERAGE: 33}
    assert asked_about(both, shown=93, free=60) == []
    assert asked_about(both, shown=60, free=60) == [("2026-10", 33)]
    assert asked_about({INCLUDED: 93}, shown=60, free=60) == [("2026-10", 33)]


def test_5_6_what_was_shown_at_a_price_and_is_included_by_now_waits_for_nobody() -> None:
    """The invoice is out though its month was opened again, as by an older backup (S20)."""
    assert asked_about({INCLUDED: 86, OVERAGE: 37}, shown=123, free=30) == []
    assert asked_about({INCLUDED: 86, OVERAGE: 37}, shown=30, free=0) == [("2026-10", 93)]


def test_5_6_what_waits_is_of_the_month_whose_invoice_was_voided() -> None:
    """Later months stand on documents: dropping it credits none of them."""
    months = (("2026-09", 0), ("2026-10", 114), ("2026-11", 70))
    mark = BillingMark("2026-11", credited=False, minutes=184, months=months)
    paid = {month: Place(month, "payg", "", "7000/usd/") for month, _ in months}
    known = {paid["2026-09"]: 117, paid["2026-10"]: 90, paid["2026-11"]: 70}
    found = waiting(GONE, known, History(marks={"A": mark}), ())
    assert [(one.period, one.minutes) for one in found] == [("2026-09", 93)]
