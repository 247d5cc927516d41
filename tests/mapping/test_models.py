"""The mapping as domain values: days at local midnight, money in minor units, one hash."""

from pathlib import Path

import pytest

from mondaybridge.domain.contract import (
    Bounds,
    Client,
    Contract,
    ContractKind,
    DatedRate,
    OverrunLimit,
    Package,
)
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.worktime import iso
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.columns import ChargedColumn
from mondaybridge.mapping.load import load, parse
from mondaybridge.mapping.models import Mapping, Timing
from mondaybridge.mapping.schema import mapping_schema

TEXT = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")


def mapping(*pairs: tuple[str, str]) -> Mapping:
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    found, problems = parse(text.encode())
    assert problems == []
    assert found is not None
    return found


def test_the_example_becomes_two_clients() -> None:
    november = 1_793_574_000_000
    assert iso(november) == "2026-11-01T23:00:00Z"
    october = 1_790_809_200_000
    assert iso(october) == "2026-09-30T23:00:00Z"
    package = Package(
        package_id="esempio-2026-1",
        granted_minutes=2400,
        sold_at=november,
        price=RateKey(240_000, "eur", ""),
    )
    prepaid = Contract(
        contract_id="esempio-2026",
        client_id="esempio-srl",
        kind=ContractKind.PREPAID_PACKAGE,
        zone="Europe/Rome",
        bill_from=november,
        packages=(package,),
        board_ids=("1234567890",),
    )
    metered = Contract(
        contract_id="example-ltd-payg",
        client_id="example-ltd",
        kind=ContractKind.PAY_AS_YOU_GO,
        zone="Europe/London",
        bill_from=october,
        rates=(DatedRate(1_767_225_600_000, RateKey(6500, "gbp", "txr_XXXX")),),
        board_ids=("1234567891",),
    )
    found = mapping()
    assert found.clients == (
        Client("esempio-srl", "Esempio s.r.l.", "it", "eur", "Europe/Rome", "cus_XXXX", (prepaid,)),
        Client("example-ltd", "Example Ltd", "en", "gbp", "Europe/London", "cus_YYYY", (metered,)),
    )
    assert found.contracts == (prepaid, metered)
    assert found.board_ids == ("1234567890", "1234567891")
    assert found.contract_of("1234567890") == prepaid
    assert found.account_slug == "example"
    assert found.timing == Timing()
    assert found.place("1234567890") == "mappings.yaml: columns.agency"


def test_every_choice_arrives() -> None:
    found = mapping(
        ("close: manual ", "close: auto "),
        ("close_after_days: 2", "close_after_days: 0"),
        ("days_until_due: 14", "days_until_due: 30"),
        ("lines_per_day: 15", "lines_per_day: 1"),
        ("documents: 3", "documents: 2"),
        ('first_amount: "10000.00"', 'first_amount: "1.50"'),
        ("median_factor: 10", "median_factor: 4"),
        ("overrun_limit: free", "overrun_limit: hard"),
        ("increment: 1", "increment: 15"),
        ('opening_used: "0:00"', 'opening_used: "12:20"'),
        ("priority: 1", "priority: 2"),
        ("sale: bridge", "sale: elsewhere"),
        ("tax_rate: null  ", "tax_rate: txr_IT22  "),
        ("until: null", "until: 2027-01-01"),
        ("debounce_seconds: 5", "debounce_seconds: 1"),
        ("max_wait_seconds: 30", "max_wait_seconds: 2"),
        ("sweep_minutes: 10", "sweep_minutes: 3"),
        ("fresh_minutes: 15", "fresh_minutes: 4"),
    )
    client = found.client("esempio-srl")
    assert (client.close_automatically, client.close_after_days, client.days_until_due) == (
        True,
        0,
        30,
    )
    assert client.bounds == Bounds(1, 2, 150, 4)
    (contract,) = client.contracts
    assert contract.overrun_limit is OverrunLimit.HARD
    assert contract.increment_minutes == 15
    assert iso(contract.until or 0) == "2026-12-31T23:00:00Z"
    (package,) = contract.packages
    assert (package.opening_minutes, package.priority, package.sale_by_bridge) == (740, 2, False)
    assert package.price == RateKey(240_000, "eur", "txr_IT22")
    assert found.timing == Timing(1, 2, 3, 4)


def test_keys_with_defaults_may_be_left_out() -> None:
    text = """
version: 1
monday: {account_slug: example}
columns:
  set:
    status: {id: status, working: {0: "Working"}, done: {1: "Done"}}
    estimate: {id: estimate, unit: h}
    actual: {id: time, kind: time_tracking}
rates: {std: {currency: EUR, hourly: [{from: 2026-01-01, amount: "60"}]}}
clients:
  acme:
    {name: Acme, locale: en, zone: Europe/Dublin, stripe_customer: cus_1, contracts: [
      {id: acme-1, kind: none, bill_from: 2026-01-01, rate: std, boards: [{id: "1", columns: set}]}
    ]}
"""
    found, problems = parse(text.encode())
    assert problems == []
    assert found is not None
    (client,) = found.clients
    assert (client.bounds, client.close_automatically, client.days_until_due) == (
        Bounds(),
        False,
        14,
    )
    assert found.contract("acme-1").rates[0].price == RateKey(6000, "eur", "")
    assert found.columns("1").approval is None


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("client", "no client 'esempio-sr' stands there; did you mean 'esempio-srl'?"),
        ("contract", "no contract 'esempio-sr' stands there"),
        ("contract_of", "no board 'esempio-sr' stands there"),
        ("columns", "no board 'esempio-sr' stands there"),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest(word: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        getattr(mapping(), word)("esempio-sr")
    assert caught.value.problems[0].startswith(f"mappings.yaml: {problem}")


class TestTheHashOfAContract:
    def test_stays_when_words_for_people_change(self) -> None:
        other = mapping(("Example Ltd", "Example plc"), ("close: manual ", "close: auto "))
        assert other.config_hash("esempio-2026") == mapping().config_hash("esempio-2026")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("overrun_limit: free", "overrun_limit: hard"),
            ("{id: estimate, unit: h}", "{id: estimate, unit: min}"),
            ('granted: "40:00"', 'granted: "41:00"'),
            ("bill_from: 2026-11-02", "bill_from: 2026-11-03"),
        ],
    )
    def test_moves_when_what_decides_changes(self, old: str, new: str) -> None:
        assert mapping((old, new)).config_hash("esempio-2026") != mapping().config_hash(
            "esempio-2026"
        )


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(0, "0"), (1, "0.02"), (20, "0.33"), (30, "0.5"), (90, "1.5"), (600, "10"), (-20, "-0.33")],
)
def test_charged_time_is_written_as_the_cell_keeps_it(minutes: int, hours: str) -> None:
    assert ChargedColumn(id="c").text(minutes) == hours
    assert ChargedColumn(id="c", unit="min").text(minutes) == str(minutes)


class TestTheShippedMapping:
    SHIPPED = Path(__file__).parents[2] / "mappings.yaml"

    def test_is_that_of_the_agency_in_the_sandbox(self) -> None:
        from mondaybridge.sandbox.agency import mappings_text

        shipped = load(self.SHIPPED)
        theirs, problems = parse(mappings_text().encode())
        assert problems == []
        assert theirs is not None
        assert shipped.document == theirs.document

    def test_names_every_key_that_has_a_default(self) -> None:
        schema = mapping_schema()
        defaults = {
            key
            for part in [schema, *schema["$defs"].values()]
            for key, value in part.get("properties", {}).items()
            if "default" in value
        }
        text = self.SHIPPED.read_text(encoding="utf-8")
        assert {key for key in defaults if f"{key}:" not in text} == set()
