"""One contract with its rows and its history, decided and not written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.admission import Shown
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import ObservedDocument
from mondaybridge.domain.ledger import ChainedEntry, LedgerSum, summed
from mondaybridge.domain.marks import billing_marks
from mondaybridge.domain.outcome import Held, History, Review
from mondaybridge.domain.review import held_now, review
from mondaybridge.store import answers, billing, facts, groups, ledger, mirror, notices, questions
from mondaybridge.store.engine import Tx
from mondaybridge.store.sales import sales


@dataclass(frozen=True, slots=True)
class ContractState:
    """A contract's rows and entries, and all that the store remembers of it, as of one moment."""

    contract: Contract
    activities: list[Activity]
    entries: list[ChainedEntry]
    history: History

    def held(self, now: int) -> tuple[Sequence[Held], list[Activity]]:
        """Return what waits for a person, with the rows as guarded."""
        return held_now(self.contract, self.activities, self.history, now)


def state_of(
    tx: Tx, contract: Contract, papers: Sequence[ObservedDocument] | None = None
) -> ContractState:
    """Load one contract with its rows; ``papers`` are its client's where they were read already."""
    key = contract.contract_id
    entries = ledger.entries(tx, key)
    if papers is None:
        papers = billing.documents(tx, contract.client_id)
    history = _history(tx, contract, summed(row.entry for row in entries), papers)
    return ContractState(contract, mirror.activities(tx, key), entries, history)


def held_in(tx: Tx, contract: Contract, now: int) -> tuple[Sequence[Held], list[Activity]]:
    """Return what waits for a person in a contract, with its rows."""
    return state_of(tx, contract).held(now)


def decide(tx: Tx, contract: Contract, now: int) -> tuple[Review, list[Activity]]:
    """Load one contract's rows and history and review them."""
    found = state_of(tx, contract)
    return review(contract, found.activities, found.history, now), found.activities


def _history(
    tx: Tx, contract: Contract, sums: Sequence[LedgerSum], papers: Sequence[ObservedDocument]
) -> History:
    """Return all that the store remembers of a contract for its review."""
    key = contract.contract_id
    known = facts.Known(tx, key)
    boards = mirror.boards_of(tx, key)
    return History(
        sums,
        facts.activations(tx, key),
        facts.decisions(tx, key, known),
        frozenset(ledger.closed_periods(tx, key)),
        groups.with_members(tx, key, billing_marks(papers, key)),
        ledger.elsewhere(tx, key),
        evidence=answers.evidence(tx, key),
        shown={
            item: _shown(at, args)
            for item, (at, args) in notices.shown(tx, key).items()
            if "shortfall" in args
        },
        users=contract.users,
        baseline=facts.baseline(tx, key, known),
        read_at=min((fact.complete_at for fact in boards), default=0),
        taken=facts.taken(tx, key, known),
        told=facts.told(tx, key),
        changes=facts.package_changes(tx, key, known),
        ended=facts.ended(tx, key, known),
        people=answers.people(tx),
        sales=sales(tx, contract),
        questions=questions.acts(tx, key, known),
        plan_months=facts.plan_months(tx, key, known) if contract.plans else {},
        frozen=ledger.frozen(tx, key) if _covered(contract) else (),
    )


def _covered(contract: Contract) -> bool:
    """Whether a closed month's allocation is frozen: a plan's, or that of bulk purchases."""
    return not contract.prepaid and bool(contract.plans or contract.packages)


def _shown(at: int, args: Mapping[str, int | str]) -> Shown:
    return Shown(at, int(args["charge"]), int(args["shortfall"]))
