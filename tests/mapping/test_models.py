"""The mapping as domain values: days at local midnight, money in minor units, one hash."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from mondaybridge.domain.clocks import AS_SOON_AS_POSSIBLE, RESPONSE, TAKE_IN_CHARGE, Promise
from mondaybridge.domain.contract import (
    BoardEnd,
    Bounds,
    Client,
    Contract,
    ContractKind,
    DatedRate,
    Gate,
    Overrun,
    OverrunLimit,
    Package,
    Policies,
)
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.worktime import DAY_MS, iso
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.columns import ChargedColumn
from mondaybridge.mapping.load import load, parse
from mondaybridge.mapping.models import Mapping, Template, Timing
from mondaybridge.mapping.schema import mapping_schema
from project import ROOT

EXAMPLE = Path(__file__).with_name("example.yaml")
TEXT = EXAMPLE.read_text(encoding="utf-8")


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
    office = ((540, 780), (840, 1080))
    found = mapping()
    calendar = found.contract("esempio-2026").calendar
    assert calendar is not None
    assert (calendar.zone, calendar.windows) == ("Europe/Rome", (office,) * 5 + ((), ()))
    assert not calendar.is_working_day(date(2026, 12, 8))
    prepaid = Contract(
        contract_id="esempio-2026",
        client_id="esempio-srl",
        kind=ContractKind.PREPAID_PACKAGE,
        zone="Europe/Rome",
        bill_from=november,
        packages=(package,),
        board_ids=("1234567890",),
        users=("cliente@example.com",),
        policies=Policies(
            approval_actor=Gate.REQUIRE,
            minor_minutes=30,
            baseline_at=november + DAY_MS,
        ),
        calendar=calendar,
        promise=TAKE_IN_CHARGE,
    )
    metered = Contract(
        contract_id="example-ltd-payg",
        client_id="example-ltd",
        kind=ContractKind.PAY_AS_YOU_GO,
        zone="Europe/London",
        bill_from=october,
        rates=(DatedRate(1_767_225_600_000, RateKey(6500, "gbp", "txr_XXXX")),),
        board_ids=("1234567891",),
        policies=Policies(urgent_factor=1),
    )
    assert found.clients == (
        Client(
            "esempio-srl",
            "Esempio s.r.l.",
            "it",
            "eur",
            "Europe/Rome",
            "cus_XXXX",
            (prepaid,),
            users=("cliente@example.com",),
        ),
        Client("example-ltd", "Example Ltd", "en", "gbp", "Europe/London", "cus_YYYY", (metered,)),
    )
    assert found.contracts == (prepaid, metered)
    assert found.board_ids == ("1234567890", "1234567891")
    assert found.contract_of("1234567890") == prepaid
    assert found.account_slug == "example"
    assert found.users("esempio-srl") == ("cliente@example.com",)
    assert (found.contact("esempio-srl"), found.contact("example-ltd")) == (
        "richieste@agency.example",
        "",
    )
    template = found.template("esempio-2026")
    assert template == Template("1234567800", "{client}: {package}")
    assert found.template("example-ltd-payg") is None
    title = template.title(client="Esempio", contract="esempio-2026", package="esempio-2026-2")
    assert title == "Esempio: esempio-2026-2"
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


def test_every_policy_of_a_package_arrives() -> None:
    (contract,) = (
        mapping(
            ("    person: {id: person}  ", "    reference: {id: request}\n    person: null  "),
            ("approval_actor: require", "approval_actor: warn"),
            ("requester: off", "requester: warn"),
            ('minor_auto: "0:30"', "minor_auto: null"),
            ("urgent_factor: 3", "urgent_factor: 2"),
            ("baseline_on: null", "baseline_on: 2026-11-09"),
            ("max_overcommit: null", 'max_overcommit: "5:00"'),
            ("overrun: hold", "overrun: bill"),
            ("overage_rate: null", "overage_rate: eur"),
            (
                "\nrates:",
                '\nrates:\n  eur: {currency: EUR, hourly: [{from: 2026-01-01, amount: "70"}]}\n#',
            ),
            ("unapproved_time: hold", "unapproved_time: post"),
            ("stale_approval: clear", "stale_approval: keep"),
            ("forbidden_start: notice", "forbidden_start: revert"),
            ("extra_label: suffix", "extra_label: off"),
            ('max_session: "12:00"', 'max_session: "8:00"'),
            ("alerts: [50, 75, 90, 100]", "alerts: [80]"),
            ("expiry_notices: [60, 30, 7]", "expiry_notices: []"),
            ('end_below: "0:00"', 'end_below: "0:10"'),
            ("board_at_end: archive", "board_at_end: lock"),
        )
        .client("esempio-srl")
        .contracts
    )
    assert contract.policies == Policies(
        approval_actor=Gate.WARN,
        request_reference=Gate.WARN,
        requester=Gate.OFF,
        minor_minutes=None,
        urgent_factor=2,
        baseline_at=1_794_178_800_000,
        max_overcommit=300,
        overrun=Overrun.BILL,
        overage=(DatedRate(1_767_222_000_000, RateKey(7000, "eur", "")),),
        posts_unapproved=True,
        clears_stale_approval=False,
        reverts_forbidden_start=True,
        labels_extra=False,
        max_session_minutes=480,
        alert_percents=(80,),
        expiry_notice_days=(),
        end_below_minutes=10,
        board_end=BoardEnd.LOCK,
    )


def test_a_package_may_have_no_baseline() -> None:
    found = mapping(("baseline: agreed", "baseline: none"))
    assert found.contract("esempio-2026").policies.baseline_at is None


class TestAnExpiry:
    """The last day counts whole; late news is waited for in working days (semantics 6.6)."""

    def expires(self, *pairs: tuple[str, str]) -> tuple[str, str]:
        (package,) = mapping(*pairs).contract("esempio-2026").packages
        return iso(package.expires_at or 0), iso(package.lapses_at or 0)

    def test_on_a_friday_before_two_days_closed_waits_until_thursday(self) -> None:
        friday = ("expires_on: null", "expires_on: 2026-12-04")
        assert self.expires(friday) == ("2026-12-04T23:00:00Z", "2026-12-11T23:00:00Z")

    def test_without_a_calendar_waits_for_days(self) -> None:
        none = ("calendar: rome", "calendar: null"), ("promise: {take", "promise: null #{take")
        friday = ("expires_on: null", "expires_on: 2026-12-04")
        assert self.expires(*none, friday) == ("2026-12-04T23:00:00Z", "2026-12-07T23:00:00Z")

    def test_without_grace_lapses_at_once(self) -> None:
        friday = ("expires_on: null", "expires_on: 2026-12-04")
        grace = ("expiry_grace_days: 3", "expiry_grace_days: 0")
        assert self.expires(friday, grace) == ("2026-12-04T23:00:00Z", "2026-12-04T23:00:00Z")

    def test_may_be_said_in_months_for_all_packages(self) -> None:
        months = ("expires_after_months: null", "expires_after_months: 12")
        assert self.expires(months)[0] == "2027-11-02T23:00:00Z"

    def test_in_a_shorter_month_is_on_its_last_day(self) -> None:
        sold = ("sold_on: 2026-11-02", "sold_on: 2026-12-31")
        months = ("expires_after_months: null", "expires_after_months: 2")
        assert self.expires(sold, months)[0] == "2027-02-28T23:00:00Z"


@pytest.mark.parametrize(
    ("promise", "meant"),
    [
        ("{take_in_charge_days: 5, respond_hours: null}", TAKE_IN_CHARGE),
        ("{take_in_charge_days: 1}", Promise(days=1)),
        ('{respond_hours: "4:00"}', RESPONSE),
        ('{respond_hours: "0:45"}', Promise(minutes=45)),
        ("{}", AS_SOON_AS_POSSIBLE),
        ("null", None),
    ],
)
def test_R18_a_promise_is_in_working_days_or_in_working_hours(
    promise: str, meant: Promise | None
) -> None:
    found = mapping(("{take_in_charge_days: 5, respond_hours: null}", promise))
    assert found.contract("esempio-2026").promise == meant


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
            ("users: [cliente@example.com]", "users: [altra@example.com]"),
            ('closed: ["2026-12-07", ', "closed: ["),
            ("take_in_charge_days: 5", "take_in_charge_days: 4"),
            ("approval_actor: require", "approval_actor: warn"),
            ("board_at_end: archive", "board_at_end: lock"),
        ],
    )
    def test_moves_when_what_decides_changes(self, old: str, new: str) -> None:
        assert mapping((old, new)).config_hash("esempio-2026") != mapping().config_hash(
            "esempio-2026"
        )

    def test_is_the_same_in_every_process(self) -> None:
        """A set has no order of its own, and text hashes differ from process to process."""
        code = (
            "import sys; from mondaybridge.mapping.load import load; "
            "print(load(sys.argv[1]).config_hash('esempio-2026'))"
        )
        hashes = {
            subprocess.run(  # noqa: S603 - our own code
                [sys.executable, "-c", code, str(EXAMPLE)],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": seed},
            ).stdout
            for seed in ("1", "2")
        }
        assert len(hashes) == 1


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
        assert shipped.document.model_dump() == theirs.document.model_dump()

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


def test_a_clients_id_in_place_of_a_contracts_is_told_with_its_contracts() -> None:
    found = mapping()
    client = found.clients[0]
    names = ", ".join(one.contract_id for one in client.contracts)
    with pytest.raises(ConfigurationError) as caught:
        found.contract(client.client_id)
    assert caught.value.problems[0] == (
        f"mappings.yaml: {client.client_id!r} is a client: give one of its contracts, {names}"
    )
