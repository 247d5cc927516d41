"""Do board, ledger and documents agree? Pure functions over what the three places say.

Each answers one question to the minute and the penny with arithmetic of its own; nothing is
repaired and nothing is read here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from mondaybridge.demo.evidence import BoardRow, Document, LedgerBook
from mondaybridge.domain.ledger import GENESIS, EntryKind, entry_hash

GRANTS = {EntryKind.GRANT, EntryKind.REFUND, EntryKind.CREDIT, EntryKind.EXPIRE}
POSTS = {EntryKind.POST, EntryKind.ADJUST}
SUFFIX, AGREED = " (extra)", "concordata"
FEE = "fee"
HOLDS = {EntryKind.RESERVE, EntryKind.RELEASE}


@dataclass(frozen=True, slots=True)
class Account:
    """One client with one contract: what each place says, and the terms to judge it by.

    ``hours`` is whether the charged column holds hours or minutes; ``pinned`` are granted, used,
    reserved and free hours as the package's row shows them. ``fees`` is what a plan asks for each
    month, used or not.
    """

    client_id: str
    prepaid: bool
    tax_percent: int
    rows: tuple[BoardRow, ...]
    book: LedgerBook
    documents: tuple[Document, ...]
    hours: bool = True
    pinned: tuple[str, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Footprint:
    """What exists and what was asked so far: objects and writing requests, by name."""

    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Minutes of one item: worked by its board, and in the ledger before and after a look."""

    worked: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What one kind of activity must come to: origin and label on the board, minutes reserved.

    ``reserved`` is what its activation took, 0 for one that never started; ``asked`` names the
    comment that the client was asked with, ``told`` what our cell tells in the end.
    """

    kind: str
    item_id: str
    origin: str
    answer: int | None
    reserved: int
    asked: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A question and its answer."""

    name: str
    ok: bool


def board_equals_ledger(account: Account) -> bool:
    """Whether what was worked and may be charged is posted, by item and month."""
    worked = {
        (row.item_id, period): -(-seconds * row.factor // 60)
        for row in account.rows
        for period, seconds in row.seconds.items()
        if seconds and (row.approved or not account.prepaid)
    }
    return worked == {key: minutes for key, minutes in _posted(account).items() if minutes}


def cells_equal_ledger(account: Account) -> bool:
    """Whether the bridge's own cells show what is posted."""
    posted: Counter[str] = Counter()
    for (item_id, _), minutes in _posted(account).items():
        posted[item_id] += minutes
    return all(
        row.billing and Decimal(row.charged or "NaN") == _shown(account, posted[row.item_id])
        for row in account.rows
    )


def package_row_equals_ledger(account: Account) -> bool:
    """Whether the row of the package shows the sums of its balances."""
    balances = account.book.balances.values()
    sums = [
        sum(getattr(one, name) for one in balances)
        for name in ("granted", "posted", "reserved", "free")
    ]
    shown = [Decimal(text or "NaN") for text in account.pinned]
    return shown == ([_shown(account, minutes) for minutes in sums] if account.prepaid else [])


def as_promised(account: Account, promise: Promise, comments: Sequence[str]) -> bool:
    """Whether one activity is on the board, in the ledger and at Stripe what its kind must be."""
    row = next(one for one in account.rows if one.item_id == promise.item_id)
    entries = [e.entry for e in account.book.entries if e.entry.activity_id == promise.item_id]
    reserved = next((e.minutes for e in entries if e.kind is EntryKind.RESERVE), 0)
    posted = sum(e.minutes for e in entries if e.kind in POSTS)
    worked = sum(-(-seconds * row.factor // 60) for seconds in row.seconds.values())
    lines = [line for document in account.documents for line in document.lines]
    suffixes = 0 if promise.origin == AGREED else 1
    return (
        (row.origin, row.answer) == (promise.origin, promise.answer)
        and row.name.count(SUFFIX) == row.name.endswith(SUFFIX) == suffixes
        and (reserved, posted) == (promise.reserved, worked if promise.reserved else 0)
        and not any(promise.item_id in line.identity for line in lines)
        and _marks(comments) == [promise.asked] * bool(promise.asked)
        and _marks([row.message]) == [promise.told] * bool(promise.told)
    )


def ledger_equals_documents(account: Account) -> bool:
    """Whether every posted minute stands on issued lines once, net of credits.

    On a package the minutes are drawn from what was sold instead, and only the sale is a line.
    """
    issued = _issued(account, "minutes")
    return _wanted_minutes(account) == {k: m for k, m in issued.items() if k[1] != FEE}


def documents_to_the_penny(account: Account) -> bool:
    """Whether amounts follow from minutes and price, and totals from lines and tax."""
    wanted = {
        identity: _price(identity, minutes)
        for identity, minutes in _wanted_minutes(account).items()
    }
    issued = _issued(account, "amount_minor")
    fees = sorted(
        (identity[3], amount) for identity, amount in issued.items() if identity[1] == FEE
    )
    usage = {identity: amount for identity, amount in issued.items() if identity[1] != FEE}
    return (
        fees == sorted(account.fees)
        and {k: v for k, v in wanted.items() if v} == usage
        and all(_adds_up(document, account.tax_percent) for document in account.documents)
    )


def drawn_once(account: Account) -> bool:
    """Whether each posted minute names exactly one payer: a granted package, or a rate."""
    granted = {e.entry.package_id for e in account.book.entries if e.entry.kind is EntryKind.GRANT}
    return all(
        (chained.entry.package_id in granted and not chained.entry.rate_key)
        if account.prepaid
        else bool(chained.entry.rate_key and not chained.entry.package_id)
        for chained in account.book.entries
        if chained.entry.kind in POSTS
    )


def residuals_add_up(account: Account) -> bool:
    """Whether granted, posted and reserved are the sums of their entries, and none is overdrawn."""
    for package_id, balance in account.book.balances.items():
        sums = [
            sum(
                chained.entry.minutes
                for chained in account.book.entries
                if chained.entry.package_id == package_id and chained.entry.kind in kinds
            )
            for kinds in (GRANTS, POSTS, HOLDS)
        ]
        if sums != [balance.granted, balance.posted, balance.reserved] or balance.hard < 0:
            return False
        if (balance.hard, balance.free) != (sums[0] - sums[1], sums[0] - sums[1] - sums[2]):
            return False
    return True


def chain_holds(account: Account) -> bool:
    """Whether every entry's hash is that of its content and binds the one before it."""
    entries = account.book.entries
    heads = [GENESIS, *(chained.hash for chained in entries)]
    contract_id = account.book.contract_id
    return not account.book.findings and all(
        chained.seq == number
        and chained.prev_hash == head
        and chained.hash == entry_hash(chained.entry, contract_id, number, head, chained.posted_at)
        for number, (chained, (head, _)) in enumerate(
            zip(entries, pairwise(heads), strict=True), start=1
        )
    )


def wrote_nothing(before: Footprint, after: Footprint) -> bool:
    """Whether nothing was made and nothing was asked to be written between two looks."""
    return before == after


def lost_and_found(found: Found) -> bool:
    """Whether work whose webhook was lost was missing, and is now counted in full."""
    return found.before < found.worked == found.after


def counted_once(found: Found) -> bool:
    """Whether work that was announced twice is counted once."""
    return found.before == found.worked == found.after


def _posted(account: Account) -> Counter[tuple[str, str]]:
    posted: Counter[tuple[str, str]] = Counter()
    for chained in account.book.entries:
        if chained.entry.kind in POSTS:
            posted[chained.entry.activity_id, chained.entry.period] += chained.entry.minutes
    return posted


def _shown(account: Account, minutes: int) -> Decimal:
    if not account.hours:
        return Decimal(minutes)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _wanted_minutes(account: Account) -> dict[tuple[str, ...], int]:
    """Return minutes by identity as the ledger wants them on documents."""
    wanted: Counter[tuple[str, ...]] = Counter()
    for chained in account.book.entries:
        entry = chained.entry
        if entry.kind is EntryKind.GRANT:
            subject = "sale", entry.package_id, ""
        elif entry.kind in POSTS and not account.prepaid:
            subject = "usage", entry.activity_id, entry.period
        else:
            continue
        identity = (account.book.contract_id, *subject, entry.source, entry.rate_key)
        wanted[identity] += entry.minutes
    return {identity: minutes for identity, minutes in wanted.items() if minutes}


def _issued(account: Account, what: str) -> dict[tuple[str, ...], int]:
    """Return minutes or minor units by identity as issued lines show them, net of credits."""
    issued: Counter[tuple[str, ...]] = Counter()
    for document in account.documents:
        sign = 1 if document.kind == "invoice" else -1
        for line in document.lines:
            issued[line.identity] += sign * getattr(line, what)
    return {identity: amount for identity, amount in issued.items() if amount}


def _marks(texts: Sequence[str]) -> list[str]:
    """Return what texts are known by: the rules in their small marks."""
    return [text.rpartition("[MB-")[2].rstrip("]") for text in texts if text]


def _price(identity: Sequence[str], minutes: int) -> int:
    unit = int(identity[5].split("/")[0])
    return unit if identity[1] == "sale" else _half_up(minutes * unit, 60)


def _adds_up(document: Document, tax_percent: int) -> bool:
    net = sum(line.amount_minor for line in document.lines)
    tax = sum(_half_up(line.amount_minor * tax_percent, 100) for line in document.lines)
    return (document.subtotal_minor, document.total_minor) == (net, net + tax)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
