"""We are here to help even without a support plan: the standard rate (C34-C35, R54)."""

from collections.abc import Iterator
from contextlib import contextmanager

from mondaybridge.workflows import closing
from stories import town
from stories.house import LONDON, House, house

RATES: town.Terms = {
    "standard": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "75.00"}]},
    "later": {**town.RATE, "hourly": [{"from": "2026-10-16", "amount": "75.00"}]},
    "senior": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "90.00"}]},
}


def terms(standard: str = "", **more: object) -> str:
    contract = {
        "id": "tea-none",
        "kind": "none",
        "bill_from": "2026-10-01",
        "boards": [{"id": town.TEA, "columns": "tracked"}],
        **more,
    }
    offers = {"standard": {"GBP": standard}} if standard else {}
    return town.mapping(rates=RATES, offers=offers, tea=town.tea(contract, currency="GBP"))


@contextmanager
def helped(mapping: str) -> Iterator[tuple[House, str]]:
    with house(mapping, zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA, approved=False)
        one.work(item, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.sweep()
        yield one, item


def test_R54b_work_without_a_contract_is_billed_at_the_standard_rate() -> None:
    with helped(terms("standard")) as (one, _):
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 11_250)]
        assert one.lines() == [("5 Oct · Menu · 1:30 h at 75.00 GBP", 11_250)]
        assert one.findings() == ()


def test_R54b_a_contracts_own_rate_goes_before_the_standard_one() -> None:
    with helped(terms("standard", rate="senior")) as (one, _):
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 13_500)]


def test_6_27_a_persons_rate_goes_before_both_by_address() -> None:
    mapping = terms("standard", rates_by_person={"a@agency.example": "senior"})
    with helped(mapping) as (one, _):
        one.wait(5)
        one.sweep()
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 13_500)]


def test_R54b_without_any_price_the_month_is_not_closed_and_says_what_to_set() -> None:
    with helped(terms()) as (one, item):
        shown = one.preview("2026-10", "tea")
        assert shown.note == (
            f"contract tea-none has no price for 1:30 of activity {item} in 2026-10: "
            "set `rate` of the contract, or `standard` for its currency in the mapping"
        )
        assert (shown.plan.closes, shown.plan.documents) == ("", ())
        (told,) = closing.standing(one.app, one.clock.now())
        assert (told["to_close"], told["waiting"]) == ("2026-10", shown.note)
        one.close("2026-10", "tea")
        assert one.papers() == []
        assert one.held() == [(item, "2026-10", "no price on this date", 90)]
        one.reopen(terms("standard"))
        one.sweep()
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 11_250)]
        assert one.held() == []


def test_R54b_a_price_that_begins_later_leaves_the_time_before_it_unbilled_and_shown() -> None:
    with helped(terms("later")) as (one, item):
        assert one.held() == [(item, "2026-10", "no price on this date", 90)]
        one.close("2026-10", "tea")
        assert one.papers() == []
