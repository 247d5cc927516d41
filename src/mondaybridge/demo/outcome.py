"""Play the month, look at the three places, judge: what ``mondaybridge demo`` shows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mondaybridge.demo import checks, evidence, kinds, story
from mondaybridge.demo.checks import Account, Check, Footprint
from mondaybridge.demo.evidence import Document
from mondaybridge.demo.kinds import Seen
from mondaybridge.demo.stage import Stage, stage
from mondaybridge.domain.contract import Client
from mondaybridge.domain.ledger import Balance
from mondaybridge.domain.worktime import month_of
from mondaybridge.sandbox import agency

TAX_PERCENT = {"bottega": 22, "tea-rooms": 20, "bicycles": 20}
FEES = {"bicycles": (("2026-10", 16_500), ("2026-11", 16_500))}
COLUMNS = evidence.Columns(
    agency.ACTUAL,
    agency.CHARGED,
    agency.BILLING,
    agency.APPROVAL,
    (agency.APPROVED, agency.AUTO),
    (agency.URGENT, agency.EVIDENCE),
    agency.ORIGIN,
    agency.MESSAGE,
    agency.PACKAGE_ROW,
    (agency.GRANTED, agency.USED, agency.RESERVED, agency.FREE),
)
Comments = Mapping[str, Sequence[str]]
"""The comments below rows, by item."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with the month it is shown under: a sale's is that of its invoice."""

    period: str
    document: Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo ended with."""

    packages: tuple[tuple[str, Balance], ...]
    papers: tuple[Paper, ...]
    checks: tuple[Check, ...]
    seen: tuple[Seen, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)


def perform(folder: Path, tell: story.Tell) -> Outcome:
    """Run the whole demo with its files in a folder."""
    with stage(folder) as playing:
        played = story.play(playing, tell)
        looks = [footprint(playing)]
        story.close_again(playing)
        looks.append(footprint(playing))
        story.read_again(playing)
        looks.append(footprint(playing))
        return outcome(playing, played, looks)


def outcome(playing: Stage, played: story.Played, looks: list[Footprint]) -> Outcome:
    """Look at the three places and judge them."""
    found = accounts(playing)
    return Outcome(
        tuple(pair for account in found for pair in sorted(account.book.balances.items())),
        tuple(
            Paper(_period(playing, document), document)
            for document in sorted(
                (d for account in found for d in account.documents), key=lambda d: d.finalized_at
            )
        ),
        (*judge(found, played, looks), *judge_kinds(found[0], comments(playing))),
        played.seen,
    )


def accounts(playing: Stage) -> list[Account]:
    """Read what boards, ledger and documents say of each client."""
    return [_account(playing, client) for client in playing.app.mapping.clients]


def footprint(playing: Stage) -> Footprint:
    """Count what exists and what was written so far, in monday, in Stripe and in the ledger."""
    state = playing.stripe.get("/admin/state").raise_for_status().json()
    counts = {f"stripe {name}": number for name, number in state["stripe"].items()}
    counts.pop("stripe events", None)  # Stripe's own: an invoice grows overdue by time alone
    counts |= dict(playing.sandbox.writes)
    for contract in playing.app.mapping.contracts:
        book = evidence.ledger_book(playing.app.store, contract.contract_id)
        counts[f"entries {contract.contract_id}"] = len(book.entries)
        counts[f"minutes {contract.contract_id}"] = sum(e.entry.minutes for e in book.entries)
    return Footprint(tuple(sorted((+Counter(counts)).items())))


def judge(found: list[Account], played: story.Played, looks: list[Footprint]) -> tuple[Check, ...]:
    """Ask every question; those about accounts hold only if they hold for each."""
    of_accounts: list[tuple[str, Callable[[Account], bool]]] = [
        ("board = ledger, to the minute", checks.board_equals_ledger),
        ("the bridge's own cells = ledger", checks.cells_equal_ledger),
        ("the package's row = ledger", checks.package_row_equals_ledger),
        ("ledger = documents, to the minute", checks.ledger_equals_documents),
        ("amounts, tax and totals, to the penny", checks.documents_to_the_penny),
        ("every posted minute is paid for once", checks.drawn_once),
        ("hard = granted - posted, free = hard - reserved", checks.residuals_add_up),
        ("ledger's chain verified", checks.chain_holds),
    ]
    before, closed, read = looks
    return (
        *(Check(name, all(map(question, found))) for name, question in of_accounts),
        Check("second close writes nothing", checks.wrote_nothing(before, closed)),
        Check("second write-back writes nothing", checks.wrote_nothing(closed, read)),
        Check("lost webhook found by the sweep", checks.lost_and_found(played.lost)),
        Check("duplicate webhook counted once", checks.counted_once(played.doubled)),
    )


def comments(playing: Stage) -> Comments:
    """Read the comments below the rows that stand for a kind of activity."""
    return {
        one.item_id: evidence.face(playing.monday, one.item_id, agency.MESSAGE).comments
        for one in kinds.PROMISES
    }


def judge_kinds(package: Account, said: Comments) -> tuple[Check, ...]:
    """Ask of each kind of activity whether it is what it must be in all three places."""
    return tuple(
        Check(one.kind, checks.as_promised(package, one, said[one.item_id]))
        for one in kinds.PROMISES
    )


def _account(playing: Stage, client: Client) -> Account:
    contract = client.contracts[0]
    rows = [
        row
        for board in contract.board_ids
        for row in evidence.board_rows(playing.monday, board, COLUMNS, client.zone)
    ]
    return Account(
        client.client_id,
        contract.prepaid,
        TAX_PERCENT[client.client_id],
        tuple(rows),
        evidence.ledger_book(playing.app.store, contract.contract_id),
        tuple(evidence.documents(playing.stripe, client.stripe_customer)),
        pinned=evidence.pinned(playing.monday, contract.board_ids[0], COLUMNS),
        fees=FEES.get(client.client_id, ()),
    )


def _period(playing: Stage, document: Document) -> str:
    zone = playing.app.mapping.client(document.client_id).zone
    is_month = len(document.scope) == len("2026-10") and document.scope[:4].isdigit()
    return document.scope if is_month else month_of(document.finalized_at, zone).name
