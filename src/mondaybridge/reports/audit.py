"""Recompute everything that is kept: chains, balances, targets and documents; name differences."""

from collections.abc import Iterable
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.grouping import GROUP
from mondaybridge.domain.ledger import SumGroup
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.usage import LineId, LineKind, parse_line_id, price_of
from mondaybridge.domain.worktime import hours_text
from mondaybridge.reports.contract import decide
from mondaybridge.store import billing, groups, ledger, line_entries
from mondaybridge.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Audit:
    """How much was checked, and what differs; a check of nothing is visible as zero."""

    contracts: int
    entries: int
    lines: int
    findings: tuple[str, ...]


def audit(app: App) -> Audit:
    """Check every contract: entries, balance rows, what its rows ask for, and issued lines."""
    findings: list[str] = []
    entries = lines = 0
    with app.store.read() as tx:
        positions = ledger.positions(tx)
        for contract_id in sorted(positions):
            entries += positions[contract_id].entry_seq
            issued = billing.issued_net(tx, contract_id)
            lines += len(issued)
            findings += ledger.verify(tx, contract_id)
            findings += _lines(tx, contract_id, issued)
        unreviewed = set(ledger.due_reviews(tx, app.clock.now()))
        for contract in app.mapping.contracts:
            findings += _residual(tx, contract)
            if contract.contract_id in positions and contract.contract_id not in unreviewed:
                findings += _unwritten(tx, contract, app.clock.now())
    return Audit(len(positions), entries, lines, tuple(findings))


def _lines(tx: Tx, contract_id: str, issued: dict[str, tuple[int, int]]) -> Iterable[str]:
    """A line's minutes are its entries', its amount their price, over all its documents (S6)."""
    linked = line_entries.linked_minutes(tx, contract_id)
    for identity in sorted({*issued, *linked}):
        minutes, amount = issued.get(identity, (0, 0))
        line_id = parse_line_id(identity)
        name = f"contract {contract_id}: {line_id.kind} {line_id.subject} {line_id.period}".rstrip()
        expected = linked.get(identity, 0)
        if minutes != expected:
            yield (
                f"{name}: documents show {hours_text(minutes)}, its entries come to "
                f"{hours_text(expected)}"
            )
        price = _price(tx, line_id, expected)
        if line_id.kind == LineKind.FEE.value and 0 <= amount <= price:
            continue  # of a month in parts, a part
        if amount != price:
            currency = parse_rate_key(line_id.rate_key).currency
            yield (
                f"{name}: documents ask {amount_text(amount, currency)}, its entries cost "
                f"{amount_text(price, currency)}"
            )


def _price(tx: Tx, line_id: LineId, minutes: int) -> int:
    """Return what a line costs; a group costs what its members do, each rounded once (6.7)."""
    if line_id.kind == LineKind.SALE.value:
        return price_of(line_id, minutes, _sold(tx, line_id))
    if not line_id.subject.startswith(GROUP):
        return price_of(line_id, minutes)
    behind = groups.members(tx, str(line_id))
    return sum(price_of(line_id, part) for part in behind.values())


def _sold(tx: Tx, line_id: LineId) -> int:
    """Return what was sold in all, before any refund."""
    of_sale = (s for s in ledger.sums(tx, line_id.contract_id) if s.group is SumGroup.GRANT)
    return sum(s.minutes for s in of_sale if s.package_id == line_id.subject)


def _unwritten(tx: Tx, contract: Contract, now: int) -> Iterable[str]:
    """A reviewed contract has every entry that its rows ask for."""
    for entry in decide(tx, contract, now)[0].entries:
        yield (
            f"contract {contract.contract_id}: its rows ask for {entry.kind.value} "
            f"{hours_text(entry.minutes)} of {entry.activity_id or entry.package_id} "
            f"{entry.period}, which the ledger does not have"
        )


def _residual(tx: Tx, contract: Contract) -> Iterable[str]:
    """Reserved minutes are never negative, and only a fall of what was granted explains debt."""
    for package_id, (_, balance) in ledger.balances(tx, contract.contract_id).items():
        if balance.reserved < 0:
            yield f"package {package_id} reserves {hours_text(balance.reserved)}"
        if balance.hard < 0:
            yield f"package {package_id} owes {hours_text(-balance.hard)}: more posted than granted"
