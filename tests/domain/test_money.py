"""Minor units and the one rounding rule (architecture 5.1, semantics 6.22)."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaybridge.domain.money import (
    RateKey,
    amount,
    amount_text,
    parse_amount,
    parse_rate_key,
    round_half_up,
)

QUICK = settings(derandomize=True, max_examples=100, deadline=None)


def test_6_22_amount_is_rounded_half_up_once_from_total_minutes() -> None:
    assert [amount(minutes, 4_999) for minutes in (1, 2, 60)] == [83, 167, 4_999]
    assert amount(100, 5_500) == 9_167
    assert amount(1, 30) == 1


def test_6_2_a_second_minute_is_the_difference_of_amounts() -> None:
    assert amount(2, 4_999) - amount(1, 4_999) == 84


def test_6_22_an_amount_per_line_is_not_the_sum_of_amounts_per_minute() -> None:
    assert amount(3, 70) == 4
    assert sum(amount(1, 70) for _ in range(3)) == 3


@QUICK
@given(st.integers(-100_000, 100_000), st.integers(1, 1_000_000))
def test_a_credit_mirrors_its_charge(minutes: int, rate: int) -> None:
    assert amount(-minutes, rate) == -amount(minutes, rate)


@QUICK
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_is_exact_and_halves_go_away_from_zero(top: int, bottom: int) -> None:
    error = round_half_up(top, bottom) - Fraction(top, bottom)
    assert abs(error) <= Fraction(1, 2)
    if abs(error) == Fraction(1, 2):
        assert (error > 0) == (top > 0)
    assert round_half_up(-top, -bottom) == round_half_up(top, bottom)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("65.00", "gbp", 6_500),
        ("65", "eur", 6_500),
        ("0.5", "eur", 50),
        ("-1.25", "eur", -125),
        ("500", "jpy", 500),
        ("500.0", "jpy", 500),
        ("1.234", "kwd", 1_234),
    ],
)
def test_6_22_amounts_follow_the_currencys_decimals(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize("text", ["", "6,50", "1e3", "65.", ".5", "£65", "1 000", "NaN"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        parse_amount(text, "gbp")


@pytest.mark.parametrize(("text", "currency"), [("1.005", "eur"), ("1.5", "jpy")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="more decimals"):
        parse_amount(text, currency)


def test_amounts_are_shown_with_their_currency() -> None:
    shown = [amount_text(6_500, "gbp"), amount_text(-5, "eur"), amount_text(500, "jpy")]
    assert shown == ["65.00 GBP", "-0.05 EUR", "500 JPY"]


def test_6_a_rate_key_is_a_value_that_reads_back() -> None:
    key = RateKey(6_500, "gbp", "txr_20/odd")
    assert str(key) == "6500/gbp/txr_20/odd"
    assert parse_rate_key(str(key)) == key
    assert parse_rate_key("100/eur/") == RateKey(100, "eur")
