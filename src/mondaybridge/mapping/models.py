"""The checked mapping as the rest of the bridge uses it: domain values, built once."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from mondaybridge.domain.contract import Client, Contract, ContractKind, Plan
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.building import clients
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.pricing import plan
from mondaybridge.mapping.scalars import nearest
from mondaybridge.mapping.terms import Document, TemplateTerms

__all__ = ["ColumnSet", "Mapping", "Template", "Timing"]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Timing:
    """How soon and how often the bridge looks."""

    debounce_s: int = 5
    max_wait_s: int = 30
    sweep_minutes: int = 10
    fresh_minutes: int = 15
    stripe_minutes: int = 10


@dataclass(frozen=True, slots=True)
class Template:
    """The board that is copied for a contract's next package, and how the copy is called (R21)."""

    board_id: str
    name: str

    def title(self, *, client: str, contract: str, package: str) -> str:
        """Return the copy's name."""
        return self.name.format(client=client, contract=contract, package=package)


class Mapping:
    """Clients, contracts and column sets by their ids."""

    def __init__(self, document: Document, *, name: str = "mappings.yaml") -> None:
        self.name = name
        self.document = document
        self.account_slug = document.monday.account_slug
        self.timing = _timing(document)
        self.clients = clients(document)
        self._clients = {client.client_id: client for client in self.clients}
        self._contracts = {c.contract_id: c for client in self.clients for c in client.contracts}
        self._boards = {b: c for c in self._contracts.values() for b in c.board_ids}
        terms = [one for client in document.clients.values() for one in client.contracts]
        self._sets = {board.id: board.columns for one in terms for board in one.boards}
        self._templates = {one.id: _template(one.template) for one in terms}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may be meant and yet keeps a month from being closed, with what to do (R54)."""
        return tuple(
            f"clients.{client.client_id}: contract {one.contract_id} has no price: its months "
            "cannot be closed; name a price list as its rate, or under standard one in "
            f"{client.currency.upper()}"
            for client in self.clients
            for one in client.contracts
            if one.kind is ContractKind.NONE and not (one.rates or one.standard_rates)
        )

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
        """Return a contract; ConfigurationError names the nearest, or those of a client."""
        if contract_id not in self._contracts and contract_id in self._clients:
            mine = ", ".join(one.contract_id for one in self.client(contract_id).contracts)
            raise ConfigurationError(
                f"{self.name}: {contract_id!r} is a client: give one of its contracts, {mine}"
            )
        return self._find(self._contracts, contract_id, "contract")

    def contract_of(self, board_id: str) -> Contract:
        """Return the contract that a board's work belongs to."""
        return self._find(self._boards, board_id, "board")

    def plans(self, contract: Contract) -> tuple[Plan, ...]:
        """Return the plans that are offered in a contract's currency, the lowest rank first."""
        currency = self.client(contract.client_id).currency
        offered = (
            plan(name, terms, self.document, contract.zone)
            for name, terms in self.document.plans.items()
        )
        mine = (one for one in offered if one.fee.currency == currency)
        return tuple(sorted(mine, key=lambda one: (one.rank, one.plan_id)))

    def users(self, client_id: str) -> tuple[str, ...]:
        """Return the addresses, folded to small letters, of who may approve for a client (R25)."""
        return self.client(client_id).users

    def contact(self, client_id: str) -> str:
        """Return the address that a client's requests go to, empty where none is named."""
        return self.document.clients[self.client(client_id).client_id].contact or ""

    def template(self, contract_id: str) -> Template | None:
        """Return what `package open` copies for a contract, if anything."""
        return self._templates[self.contract(contract_id).contract_id]

    def columns(self, board_id: str) -> ColumnSet:
        """Return how a board's columns are read."""
        return self.document.columns[self._find(self._sets, board_id, "board")]

    def urgent_factor(self, contract: Contract) -> int:
        """Return how many times urgent work is charged; 0 where no board can say it is (R11)."""
        boards = (board for board in contract.board_ids if board in self.board_ids)
        said = any(self.columns(board).urgent for board in boards)
        return contract.policies.urgent_factor if said else 0

    def place(self, board_id: str) -> str:
        """Return where a board's columns are set, as problems with a live board begin."""
        return f"{self.name}: columns.{self._find(self._sets, board_id, 'board')}"

    def config_hash(self, contract_id: str) -> str:
        """Return a hash of all that decides a contract's review: terms, columns, who approves."""
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
    """Return the canonical form of what JSON has no word for."""
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted(map(str, value))
        case _:
            raise TypeError(f"{value!r} has no canonical form")


def _template(terms: TemplateTerms | None) -> Template | None:
    return None if terms is None else Template(terms.board, terms.name)


def _timing(document: Document) -> Timing:
    keys = document.timing
    return Timing(
        keys.debounce_seconds,
        keys.max_wait_seconds,
        keys.sweep_minutes,
        keys.fresh_minutes,
        keys.stripe_minutes,
    )
