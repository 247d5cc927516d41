"""Each check holds on values that agree, and one tampered minute turns it false."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mondaybridge.demo import checks
from mondaybridge.demo.checks import Account, Footprint, Found, Promise
from mondaybridge.demo.evidence import BoardRow, Document, DocumentLine, LedgerBook
from mondaybridge.domain.ledger import GENESIS, Balance, Entry, EntryKind, balance, chain

SALE, HOURLY = "240000/eur/txr_22", "6500/gbp/txr_20"

Tamper = Callable[[Account], Account]


def book(contract_id: str, *entries: Entry) -> LedgerBook:
    chained = chain(entries, contract_id=contract_id, seq=0, head=GENESIS, posted_at=5)
    packages = {entry.package_id for entry in entries} - {""}
    return LedgerBook(
        contract_id,
        tuple(chained),
        {key: balance(e for e in entries if e.package_id == key) for key in packages},
        (),
    )


def paper(kind: str, client: str, net: int, total: int, *lines: DocumentLine) -> Document:
    return Document(kind, client, "2026-10", "N-1", "eur", net, total, 7, lines)


def prepaid() -> Account:
    rows = (
        BoardRow("1", "Approved", True, {"2026-10": 3_601, "2026-11": 60}, "1.03", "open"),
        BoardRow("2", "Not approved", False, {"2026-10": 900}, "0", "held"),
    )
    entries = (
        Entry(EntryKind.GRANT, 2_400, "p", source="sale", rate_key=SALE),
        Entry(EntryKind.RESERVE, 120, "p", "1"),
        Entry(EntryKind.RELEASE, -62, "p", "1"),
        Entry(EntryKind.POST, 61, "p", "1", "2026-10", source="package:p"),
        Entry(EntryKind.ADJUST, 1, "p", "1", "2026-11", source="package:p"),
    )
    sale = DocumentLine("il_1", ("c", "sale", "p", "", "sale", SALE), 2_400, 240_000, "Package")
    documents = (paper("invoice", "one", 240_000, 292_800, sale),)
    pinned = ("40", "1.03", "0.97", "38")
    return Account("one", True, 22, rows, book("c", *entries), documents, pinned=pinned)


def metered() -> Account:
    rows = (BoardRow("3", "Metered", False, {"2026-10": 6_000, "2026-11": 1}, "1.68", "billed"),)
    entries = (
        Entry(EntryKind.POST, 115, "", "3", "2026-10", source="payg", rate_key=HOURLY),
        Entry(EntryKind.ADJUST, -15, "", "3", "2026-10", source="payg", rate_key=HOURLY),
        Entry(EntryKind.POST, 1, "", "3", "2026-11", source="payg", rate_key=HOURLY),
    )
    october = ("d", "usage", "3", "2026-10", "payg", HOURLY)
    november = ("d", "usage", "3", "2026-11", "payg", HOURLY)
    documents = (
        paper("invoice", "two", 12_458, 14_950, DocumentLine("il_2", october, 115, 12_458, "")),
        paper("credit_note", "two", 1_625, 1_950, DocumentLine("c", october, 15, 1_625, "", "il")),
        paper("invoice", "two", 108, 130, DocumentLine("il_3", november, 1, 108, "")),
    )
    return Account("two", False, 20, rows, book("d", *entries), documents)


def board_minute(account: Account) -> Account:
    row = account.rows[0]
    more = {**row.seconds, "2026-10": row.seconds["2026-10"] + 60}
    return replace(account, rows=(replace(row, seconds=more), *account.rows[1:]))


def cell_minute(account: Account) -> Account:
    row = account.rows[0]
    more = f"{float(row.charged) + 0.02:.2f}"
    return replace(account, rows=(replace(row, charged=more), *account.rows[1:]))


def empty_cell(account: Account) -> Account:
    return replace(account, rows=(replace(account.rows[0], billing=""), *account.rows[1:]))


def ledger_minute(account: Account) -> Account:
    """Add a minute to the last entry and leave its hash as it was."""
    entries = account.book.entries
    last = replace(entries[-1], entry=replace(entries[-1].entry, minutes=2))
    return replace(account, book=replace(account.book, entries=(*entries[:-1], last)))


def balance_minute(account: Account) -> Account:
    packages = {
        key: Balance(b.granted, b.posted + 1, b.reserved)
        for key, b in account.book.balances.items()
    }
    return replace(account, book=replace(account.book, balances=packages))


def line_minute(account: Account) -> Account:
    first, *others = account.documents
    line = replace(first.lines[0], minutes=first.lines[0].minutes + 1)
    return replace(account, documents=(replace(first, lines=(line, *first.lines[1:])), *others))


def line_penny(account: Account) -> Account:
    first, *others = account.documents
    line = replace(first.lines[0], amount_minor=first.lines[0].amount_minor + 1)
    return replace(account, documents=(replace(first, lines=(line, *first.lines[1:])), *others))


def pinned_minute(account: Account) -> Account:
    return replace(account, pinned=("40", "1.05", "0.97", "38"))


def total_penny(account: Account) -> Account:
    first, *others = account.documents
    return replace(account, documents=(replace(first, total_minor=first.total_minor + 1), *others))


def lost_document(account: Account) -> Account:
    return replace(account, documents=account.documents[:-1])


def unpaid_minute(account: Account) -> Account:
    """Let a posted minute name no package and no rate."""
    entries = account.book.entries
    nobody = replace(entries[-1].entry, package_id="", rate_key="")
    last = replace(entries[-1], entry=nobody)
    return replace(account, book=replace(account.book, entries=(*entries[:-1], last)))


def finding(account: Account) -> Account:
    return replace(account, book=replace(account.book, findings=("something differs",)))


QUESTIONS: list[Callable[[Account], bool]] = [
    checks.board_equals_ledger,
    checks.cells_equal_ledger,
    checks.package_row_equals_ledger,
    checks.ledger_equals_documents,
    checks.documents_to_the_penny,
    checks.drawn_once,
    checks.residuals_add_up,
    checks.chain_holds,
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("account", [prepaid(), metered()], ids=["prepaid", "metered"])
def test_holds_where_all_places_agree(
    question: Callable[[Account], bool], account: Account
) -> None:
    assert question(account)


@pytest.mark.parametrize("account", [prepaid(), metered()], ids=["prepaid", "metered"])
@pytest.mark.parametrize(
    ("question", "tamper"),
    [
        (checks.board_equals_ledger, board_minute),
        (checks.board_equals_ledger, ledger_minute),
        (checks.cells_equal_ledger, cell_minute),
        (checks.cells_equal_ledger, ledger_minute),
        (checks.cells_equal_ledger, empty_cell),
        (checks.ledger_equals_documents, line_minute),
        (checks.ledger_equals_documents, lost_document),
        (checks.documents_to_the_penny, line_penny),
        (checks.documents_to_the_penny, total_penny),
        (checks.documents_to_the_penny, lost_document),
        (checks.drawn_once, unpaid_minute),
        (checks.chain_holds, ledger_minute),
        (checks.chain_holds, finding),
    ],
)
def test_one_tampered_minute_is_seen(
    question: Callable[[Account], bool], tamper: Tamper, account: Account
) -> None:
    assert not question(tamper(account))


@pytest.mark.parametrize(
    ("question", "tamper"),
    [
        (checks.ledger_equals_documents, ledger_minute),
        (checks.documents_to_the_penny, ledger_minute),
    ],
)
def test_a_minute_of_the_ledger_alone_is_missing_on_documents(
    question: Callable[[Account], bool], tamper: Tamper
) -> None:
    assert not question(tamper(metered()))


@pytest.mark.parametrize("tamper", [balance_minute, pinned_minute])
def test_a_row_of_the_package_off_by_a_minute_is_seen(tamper: Tamper) -> None:
    assert not checks.package_row_equals_ledger(tamper(prepaid()))


URGENT = BoardRow(
    "1", "Fix (extra)", True, {"2026-10": 890}, "0.75", "open", 1, 3, "extra", "Urgente. [MB-u]"
)
PROMISED = Promise("urgent", "1", "extra", 1, 45, "confirm", "u")


def urgent(row: BoardRow = URGENT, *, reserved: int = 45, posted: int = 45) -> Account:
    entries = (
        Entry(EntryKind.GRANT, 2_400, "p", source="sale", rate_key=SALE),
        *([Entry(EntryKind.RESERVE, reserved, "p", "1")] if reserved else []),
        *([Entry(EntryKind.POST, posted, "p", "1", "2026-10", source="p")] if posted else []),
    )
    return replace(prepaid(), rows=(row,), book=book("c", *entries))


def test_R11_an_urgent_activity_is_charged_three_times_its_raw_seconds() -> None:
    asked = ["9:30 h: serve la conferma. [MB-confirm]"]
    assert checks.as_promised(urgent(), PROMISED, asked)
    assert checks.board_equals_ledger(urgent())
    assert not checks.board_equals_ledger(urgent(replace(URGENT, factor=1)))


@pytest.mark.parametrize(
    "account",
    [
        urgent(replace(URGENT, name="Fix")),
        urgent(replace(URGENT, name="Fix (extra) (extra)")),
        urgent(replace(URGENT, origin="concordata")),
        urgent(replace(URGENT, answer=None)),
        urgent(replace(URGENT, message="")),
        urgent(replace(URGENT, factor=1)),
        urgent(reserved=46),
        urgent(reserved=0),
        urgent(posted=44),
    ],
)
def test_what_is_not_as_its_kind_must_be_is_seen(account: Account) -> None:
    assert not checks.as_promised(account, PROMISED, ["… [MB-confirm]"])


@pytest.mark.parametrize("comments", [[], ["… [MB-start]"], ["… [MB-confirm]", "… [MB-start]"]])
def test_a_comment_too_few_or_too_many_is_seen(comments: list[str]) -> None:
    assert not checks.as_promised(urgent(), PROMISED, comments)


def test_an_activity_of_a_package_on_an_invoice_is_seen() -> None:
    line = DocumentLine("il", ("c", "usage", "1", "2026-10", "payg", HOURLY), 45, 1, "")
    billed = replace(urgent(), documents=(paper("invoice", "one", 1, 1, line),))
    assert not checks.as_promised(billed, PROMISED, ["… [MB-confirm]"])


@pytest.mark.parametrize("tamper", [balance_minute, ledger_minute])
def test_a_residual_off_by_a_minute_is_seen(tamper: Tamper) -> None:
    assert not checks.residuals_add_up(tamper(prepaid()))


def test_an_overdrawn_package_is_seen() -> None:
    entries = (
        Entry(EntryKind.GRANT, 60, "p", source="sale", rate_key=SALE),
        Entry(EntryKind.POST, 61, "p", "1", "2026-10", source="package:p"),
    )
    assert not checks.residuals_add_up(replace(prepaid(), book=book("c", *entries)))


def test_a_second_run_that_writes_one_minute_or_one_request_is_seen() -> None:
    before = Footprint((("entries c", 5), ("minutes c", 2_520), ("stripe POST /v1/invoices", 3)))
    minute = Footprint((("entries c", 5), ("minutes c", 2_521), ("stripe POST /v1/invoices", 3)))
    request = Footprint((("entries c", 5), ("minutes c", 2_520), ("stripe POST /v1/invoices", 4)))
    answers = [checks.wrote_nothing(before, after) for after in (before, minute, request)]
    assert answers == [True, False, False]


def test_lost_work_must_first_be_missing_and_then_be_whole() -> None:
    cases = [Found(170, 0, 170), Found(170, 170, 170), Found(170, 0, 169), Found(170, 0, 171)]
    assert [checks.lost_and_found(case) for case in cases] == [True, False, False, False]


def test_work_announced_twice_counts_once() -> None:
    cases = [Found(40, 40, 40), Found(40, 40, 80), Found(40, 39, 39), Found(40, 0, 40)]
    assert [checks.counted_once(case) for case in cases] == [True, False, False, False]
