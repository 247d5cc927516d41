"""Pay as you go: support as it is needed, with 5 % off bulk buying (C29-C31, R51-R53)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mondaybridge.domain.ledger import POSTING
from mondaybridge.errors import ConfigurationError
from mondaybridge.reports import opening
from mondaybridge.store import ledger
from stories import town
from stories.house import LONDON, House, house

PURCHASE: town.Terms = {
    "id": "bulk-1",
    "hours": "7:00",
    "bought_on": "2026-10-01",
    "tax_rate": "txr_vat20",
}
RATES: town.Terms = {"hourly": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "43.33"}]}}


def terms(*purchases: town.Terms, minimum: str = "5:00", rates: town.Terms | None = None) -> str:
    bulk = {"minimum": minimum, "discount_percent": 5, "purchases": list(purchases) or [PURCHASE]}
    return town.mapping(rates=rates or RATES, tea=town.tea(town.hourly(bulk=bulk)))


@contextmanager
def paying(mapping: str = "") -> Iterator[House]:
    with house(mapping or terms(), zone=LONDON) as one:
        one.settle()
        yield one


def worked(one: House, name: str, minutes: int, day: str) -> tuple[str, str]:
    item = one.row(name, board=town.TEA, approved=False)
    return item, one.work(item, f"{day} 09:00", minutes)


def closed(one: House, period: str, day: str) -> None:
    one.go(f"{day} 09:00")
    one.sweep()
    one.close(period, "tea")


@pytest.mark.parametrize(
    ("minimum", "price"), [("5:00", 28_814), ("7:00", 28_814), ("7:01", 30_331)]
)
def test_R52_the_discount_is_on_the_purchase_from_the_minimum_on(minimum: str, price: int) -> None:
    with paying(terms(minimum=minimum)) as one:
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", price)]
        assert len(one.lines()) == 1


def test_R52_bulk_hours_are_used_first_and_the_rest_is_billed() -> None:
    with paying() as one:
        one.close("2026-10", "tea")
        worked(one, "Menu", 300, "2026-10-05")
        worked(one, "Banner", 180, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        assert one.papers()[1:] == [("invoice", "tea", "open", 4_333)]
        assert [amount for _, amount in one.lines()] == [0, 0, 4_333]
        assert one.findings() == ()


def test_R52_nobody_is_missed_who_would_approve_hours_in_bulk() -> None:
    with paying() as one:
        one.close("2026-10", "tea")
        assert opening.troubles(one.app) == []


def test_R52_a_month_within_the_bulk_hours_has_no_invoice_of_its_own() -> None:
    with paying() as one:
        one.close("2026-10", "tea")
        worked(one, "Menu", 300, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        worked(one, "Menu", 180, "2026-11-05")
        closed(one, "2026-11", "2026-12-03")
        assert one.papers()[1:] == [("invoice", "tea", "open", 4_333)]


def test_a_late_decrease_gives_back_money_first_and_bulk_hours_then() -> None:
    with paying() as one:
        one.close("2026-10", "tea")
        worked(one, "Menu", 300, "2026-10-05")
        banner, session = worked(one, "Banner", 180, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        one.rework(banner, session, 90)
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[2:] == [("credit note", "tea", "issued", 4_333)]
        worked(one, "Poster", 60, "2026-11-05")
        closed(one, "2026-11", "2026-12-03")
        assert one.papers()[3:] == [("invoice", "tea", "open", 2_167)]
        assert one.findings() == ()


def test_R55_a_purchase_that_is_sold_stays_as_it_was_sold() -> None:
    for change, said in (
        ({"hours": "8:00"}, r"package bulk-1 was granted 7:00; the file says 8:00"),
        ({"tax_rate": None}, r"package bulk-1 was sold for 288\.14 GBP"),
        ({"id": "bulk-2"}, r"package bulk-1 was granted and may not be taken away"),
    ):
        with paying() as one, pytest.raises(ConfigurationError, match=said):
            one.reopen(terms({**PURCHASE, **change}))


def test_R52_another_discount_than_at_the_sale_is_refused() -> None:
    with paying() as one:
        other = json.dumps(terms()).replace('discount_percent\\": 5', 'discount_percent\\": 6')
        with pytest.raises(ConfigurationError, match=r"bulk-1 was sold for 288\.14 GBP"):
            one.reopen(json.loads(other))


def test_R51_without_bulk_hours_usage_times_the_rate_and_no_fee() -> None:
    mapping = town.mapping(rates=RATES, tea=town.tea(town.hourly()))
    with paying(mapping) as one:
        worked(one, "Menu", 60, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        assert one.lines() == [("5 Oct · Menu · 1:00 h at 43.33 GBP", 4_333)]


@pytest.mark.parametrize("month", ["open", "closed", "voided"])
def test_R55_what_a_bug_cost_after_the_end_of_the_bulk_hours_is_there_to_be_used(
    month: str,
) -> None:
    """Documented on the 20th, after an end on the 10th: the five hours would lapse otherwise."""
    boards = [{"id": town.TEA, "columns": "with_bugs"}]
    bulk = {"minimum": "5:00", "purchases": [{**PURCHASE, "expires_on": "2026-10-10"}]}
    client = town.tea(town.hourly(bulk=bulk, boards=boards), policies={"close": "manual"})
    with paying(town.mapping(rates=RATES, tea=client)) as one:
        one.close("2026-10", "tea")
        menu, _ = worked(one, "Menu", 300, "2026-10-05")
        one.go("2026-10-20 09:00")
        one.sweep()
        if month != "open":
            closed(one, "2026-10", "2026-11-03")
        if month == "voided":
            one.cashier.void_invoice(next(iter(one.sandbox.stripe.invoices)))
            one.wait(24 * 60)
            one.sweep()
        one.edit(menu, town.APPROVAL, town.MAYBE)
        one.edit(menu, town.NOTE, "the report")
        day = "2026-10-21" if month == "open" else "2026-11-05"
        banner, _ = worked(one, "Banner", 360, day)
        one.go("2026-11-06 09:00")
        one.sweep()
        assert drawn(one, banner) == {"bulk:bulk-1:goodwill": 300, "payg": 60}
        assert drawn(one, menu).get("bulk:bulk-1", 0) == 0
        assert len(one.findings()) == (2 if month == "voided" else 0)  # of the sale alone


def drawn(one: House, item: str) -> dict[str, int]:
    with one.app.store.read() as tx:
        entries = [row.entry for row in ledger.entries(tx, "tea-hourly")]
    sums: dict[str, int] = {}
    for entry in entries:
        if entry.kind in POSTING and entry.activity_id == item:
            sums[entry.source] = sums.get(entry.source, 0) + entry.minutes
    return sums
