"""The checked mapping as the rest of the bridge uses it: domain values, built once.

Days become instants at local midnight of the client's zone, amounts become minor units.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TypeVar

from mondaybridge.domain.contract import (
    Bounds,
    Client,
    Contract,
    ContractKind,
    DatedRate,
    OverrunLimit,
    Package,
)
from mondaybridge.domain.money import RateKey, parse_amount
from mondaybridge.domain.worktime import midnight
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.scalars import nearest
from mondaybridge.mapping.terms import (
    BoundsKeys,
    ClientTerms,
    ContractTerms,
    Document,
    PackageTerms,
    PrepaidContract,
    Rate,
)

__all__ = ["ColumnSet", "Mapping", "Timing"]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Timing:
    """How soon and how often the bridge looks."""

    debounce_s: int = 5
    max_wait_s: int = 30
    sweep_minutes: int = 10
    fresh_minutes: int = 15


class Mapping:
    """Clients, contracts and column sets by their ids."""

    def __init__(self, document: Document, *, name: str = "mappings.yaml") -> None:
        self.name = name
        self.document = document
        self.account_slug = document.monday.account_slug
        self.timing = _timing(document)
        self.clients = tuple(
            _client(client_id, terms, document.rates)
            for client_id, terms in document.clients.items()
        )
        self._clients = {client.client_id: client for client in self.clients}
        self._contracts = {c.contract_id: c for client in self.clients for c in client.contracts}
        self._boards = {b: c for c in self._contracts.values() for b in c.board_ids}
        self._sets = {
            board.id: board.columns
            for client in document.clients.values()
            for contract in client.contracts
            for board in contract.boards
        }

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """All contracts, in the order of the file."""
        return tuple(self._contracts.values())

    @property
    def board_ids(self) -> tuple[str, ...]:
        """All boards, in the order of the file."""
        return tuple(self._boards)

    def client(self, client_id: str) -> Client:
        """Return a client; ConfigurationError names the nearest."""
        return self._find(self._clients, client_id, "client")

    def contract(self, contract_id: str) -> Contract:
        """Return a contract; ConfigurationError names the nearest."""
        return self._find(self._contracts, contract_id, "contract")

    def contract_of(self, board_id: str) -> Contract:
        """Return the contract that a board's work belongs to."""
        return self._find(self._boards, board_id, "board")

    def columns(self, board_id: str) -> ColumnSet:
        """Return how a board's columns are read."""
        return self.document.columns[self._find(self._sets, board_id, "board")]

    def place(self, board_id: str) -> str:
        """Return where a board's columns are set, as problems with a live board begin."""
        return f"{self.name}: columns.{self._find(self._sets, board_id, 'board')}"

    def config_hash(self, contract_id: str) -> str:
        """Return a hash of all that decides a contract's review: its terms and columns."""
        contract = self.contract(contract_id)
        columns = {board: self.columns(board).model_dump() for board in contract.board_ids}
        text = json.dumps(
            [asdict(contract), columns], sort_keys=True, default=_plain, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _find(self, values: dict[str, Value], key: str, word: str) -> Value:
        if key not in values:
            raise ConfigurationError(_unknown(self.name, word, key, values))
        return values[key]


def _unknown(name: str, word: str, key: str, names: Collection[str]) -> str:
    return f"{name}: no {word} {key!r} stands there{nearest(key, names)}"


def _plain(value: object) -> object:
    if isinstance(value, ContractKind | OverrunLimit):
        return value.value
    raise TypeError(f"{value!r} has no canonical form")


def _timing(document: Document) -> Timing:
    keys = document.timing
    return Timing(
        keys.debounce_seconds, keys.max_wait_seconds, keys.sweep_minutes, keys.fresh_minutes
    )


def _client(client_id: str, terms: ClientTerms, rates: dict[str, Rate]) -> Client:
    contracts = tuple(_contract(client_id, terms.zone, c, rates) for c in terms.contracts)
    currency = _prices(contracts[0])[0].currency
    policies = terms.policies
    return Client(
        client_id=client_id,
        name=terms.name,
        locale=terms.locale,
        currency=currency,
        zone=terms.zone,
        stripe_customer=terms.stripe_customer,
        contracts=contracts,
        close_automatically=policies.close == "auto",
        close_after_days=policies.close_after_days,
        days_until_due=policies.days_until_due,
        bounds=_bounds(policies.bounds, currency),
    )


def _prices(contract: Contract) -> list[RateKey]:
    """Return a contract's prices; the file's checks leave at least one."""
    return [rate.price for rate in contract.rates] + [p.price for p in contract.packages]


def _bounds(keys: BoundsKeys, currency: str) -> Bounds:
    return Bounds(
        lines_per_day=keys.lines_per_day,
        documents=keys.documents,
        first_minor=parse_amount(keys.first_amount, currency),
        median_factor=keys.median_factor,
    )


def _contract(client_id: str, zone: str, terms: ContractTerms, rates: dict[str, Rate]) -> Contract:
    shared = Contract(
        contract_id=terms.id,
        client_id=client_id,
        kind=ContractKind(terms.kind),
        zone=zone,
        bill_from=midnight(terms.bill_from, zone),
        until=_maybe(terms.until, zone),
        increment_minutes=terms.policies.rounding.increment,
        board_ids=tuple(board.id for board in terms.boards),
    )
    if isinstance(terms, PrepaidContract):
        return replace(
            shared,
            packages=tuple(_package(package, zone) for package in terms.packages),
            overrun_limit=OverrunLimit(terms.policies.overrun_limit),
        )
    return replace(shared, rates=_rates(rates[terms.rate], zone))


def _rates(rate: Rate, zone: str) -> tuple[DatedRate, ...]:
    currency = rate.currency.lower()
    return tuple(
        DatedRate(
            midnight(dated.starts_on, zone),
            RateKey(parse_amount(dated.amount, currency), currency, rate.tax_rate or ""),
        )
        for dated in rate.hourly
    )


def _package(terms: PackageTerms, zone: str) -> Package:
    return Package(
        package_id=terms.id,
        granted_minutes=terms.granted,
        sold_at=midnight(terms.sold_on, zone),
        price=RateKey(terms.price.minor, terms.price.currency, terms.tax_rate or ""),
        opening_minutes=terms.opening_used,
        priority=terms.priority,
        sale_by_bridge=terms.sale == "bridge",
    )


def _maybe(day: date | None, zone: str) -> int | None:
    return None if day is None else midnight(day, zone)
