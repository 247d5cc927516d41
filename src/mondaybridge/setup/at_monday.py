"""What monday shows: the account, every board with its columns and labels, and who is on it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mondaybridge.domain.contract import Client, Contract
from mondaybridge.mapping.live import label_warnings, unreadable, unwritable
from mondaybridge.mapping.models import Mapping
from mondaybridge.monday.account import account_slug
from mondaybridge.monday.boards import BoardGone, BoardShape, read_board
from mondaybridge.monday.client import API_VERSION, MondayClient
from mondaybridge.monday.people import Person, absent, members
from mondaybridge.setup.finding import Check, Finding, failure, fine, guarded, remark

GUEST = "guest"
ADDRESS = "check MONDAYBRIDGE_MONDAY__TOKEN, MONDAYBRIDGE_MONDAY__API_URL and the network"
LABEL = "write the board's name into the mapping, or mend the label on the board"
OWN_COLUMN = "make or restore the column on the board, or map another or null"
BELOW = "a row whose subitem carries time is parked, never added up (ledger 5.7)"
SEEN_BY_BRIDGE = "check the board's id, and that the bridge's user may see it"


@dataclass(frozen=True, slots=True)
class _Place:
    """A board as the mapping has it."""

    board_id: str
    contract: Contract
    client: Client
    mapping: Mapping

    @property
    def name(self) -> str:
        return f"board {self.board_id}"


def monday(
    client: MondayClient, mapping: Mapping | None, ended: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is found at monday; without a mapping, whether the token works.

    The boards of contracts that ``ended`` were closed by the bridge itself: they may be gone.
    """
    account = list(guarded(Check.TOKEN, lambda: _account(client, mapping), ADDRESS))
    yield from account
    if mapping is None or any(one.check is Check.TOKEN and one.fix for one in account):
        return
    for board_id in mapping.board_ids:
        contract = mapping.contract_of(board_id)
        if contract.contract_id in ended:
            yield fine(Check.BOARD, f"board {board_id} was closed with its last package")
            continue
        place = _Place(board_id, contract, mapping.client(contract.client_id), mapping)
        yield from guarded(Check.BOARD, lambda at=place: _board(client, at), SEEN_BY_BRIDGE)  # type: ignore[misc]  # the default binds this turn's place
    yield from _own_columns(mapping)
    going = [one for one in mapping.contracts if one.contract_id not in ended]
    yield from _boardless(going, client.now())
    for contract in mapping.contracts:
        if template := mapping.template(contract.contract_id):
            yield from guarded(
                Check.TEMPLATE,
                lambda at=template.board_id: _template(client, at),  # type: ignore[misc]  # as above
                SEEN_BY_BRIDGE,
            )


def _boardless(contracts: Sequence[Contract], now: int) -> Iterator[Finding]:
    """Tell of packages that run without a board (R21)."""
    for contract in contracts:
        if contract.prepaid and not contract.board_ids:
            tell = failure if any(one.sold_at <= now for one in contract.packages) else remark
            yield tell(
                Check.BOARD,
                f"contract {contract.contract_id} has no board: its hours are not to be seen",
                f"run 'mondaybridge package open {contract.contract_id}'",
            )


def _account(client: MondayClient, mapping: Mapping | None) -> Iterator[Finding]:
    slug = account_slug(client)
    yield fine(Check.TOKEN, "monday takes the token")
    yield fine(Check.API_VERSION, f"monday answers in API version {API_VERSION}")
    if mapping is None:
        return
    if slug == mapping.account_slug:
        yield fine(Check.ACCOUNT, f"the token belongs to {slug}.monday.com, as mapped")
    else:
        yield failure(
            Check.ACCOUNT,
            f"the token belongs to {slug}.monday.com, {mapping.name} names "
            f"{mapping.account_slug!r}: nothing is read or written",
            "correct monday.account_slug, or set the token of that account",
        )


def _board(client: MondayClient, at: _Place) -> Iterator[Finding]:
    columns, zone = at.mapping.columns(at.board_id), at.contract.zone
    shape = read_board(client, at.board_id, columns, zone, page_size=1).shape
    if isinstance(shape, BoardGone):
        reason, _, fix = shape.reason.partition(": ")
        yield failure(Check.BOARD, f"{at.name}: {reason}", fix or SEEN_BY_BRIDGE)
        return
    yield fine(Check.BOARD, f"{at.name} is there: {shape.name}")
    yield from _columns(at, shape)
    if at.contract.prepaid or at.client.users:
        there = members(client, at.board_id)
        yield from _people(at, shape, there)


def _columns(at: _Place, shape: BoardShape) -> Iterator[Finding]:
    columns, place = at.mapping.columns(at.board_id), at.mapping.place(at.board_id)
    problems = unreadable(columns, shape.columns, place=place)
    off = unwritable(columns, shape.columns, place=place)
    for problem in problems:
        yield failure(
            Check.COLUMNS,
            f"{at.name}: {problem}",
            "correct the mapping or the board: until then the board is not read",
        )
    for _, reason in off:
        yield remark(Check.OWN_COLUMNS, f"{at.name}: {reason}", OWN_COLUMN)
    if not problems and not off:
        yield fine(Check.COLUMNS, f"{at.name}: every mapped column and label is there")
    if any(column.type == "subtasks" and not column.archived for column in shape.columns):
        yield fine(Check.COLUMNS, f"{at.name}: time is read from rows; {BELOW}")
    for warning in label_warnings(columns, shape.columns, place=place):
        yield remark(Check.LABELS, f"{at.name}: {warning}", LABEL)


def _people(at: _Place, shape: BoardShape, there: Sequence[Person]) -> Iterator[Finding]:
    """Compare the client's users with who is on their board (R22, R25)."""
    users, listed = at.client.users, f"clients.{at.client.client_id}.users"
    for email in absent(there, users):
        invited = any(one.email == email for one in there)
        state = "is invited and has not come in yet" if invited else "is not on the board"
        yield remark(
            Check.PEOPLE,
            f"{at.name}: {email} {state}: the client cannot see it",
            "ask for the invitation to be accepted"
            if invited
            else f"invite them to {shape.name!r}",
        )
    for one in there:
        if one.kind == GUEST and one.email not in users:
            yield remark(
                Check.PEOPLE,
                f"{at.name}: the guest {one.email} is not among {listed}: their approvals do not "
                "count as the client's",
                f"add the address to {listed}, or leave it so",
            )
    if not users:
        yield remark(
            Check.PEOPLE,
            f"{at.name}: {listed} is empty: nobody is known to approve for the client",
            "list the addresses of the client's users",
        )
    elif not absent(there, users):
        yield fine(Check.PEOPLE, f"{at.name}: the client's users see it ({', '.join(users)})")


def _own_columns(mapping: Mapping) -> Iterator[Finding]:
    """Tell what boards with packages do not show, for want of a column."""
    for name, columns in mapping.document.columns.items():
        contracts = [
            mapping.contract_of(board)
            for board in mapping.board_ids
            if mapping.columns(board) is columns
        ]
        wanted = [*_wanted(contracts)]
        missing = [key for key in wanted if getattr(columns.ours, key) is None]
        if missing:
            keys = ", ".join(missing)
            yield remark(
                Check.OWN_COLUMNS,
                f"{mapping.name}: columns.{name}.ours maps no {keys}: not shown on its boards",
                "make the columns and map them, or leave it so",
            )
        elif wanted:
            yield fine(Check.OWN_COLUMNS, f"set {name!r} has the bridge's own columns")


def _wanted(contracts: Sequence[Contract]) -> Iterator[str]:
    """Yield the columns of the bridge's own that are of use to these contracts."""
    if contracts:
        yield from ("charged", "billing")
    if any(contract.prepaid for contract in contracts):
        yield from ("message", "origin", "package")
    if any(contract.promise for contract in contracts):
        yield "clock"


def _template(client: MondayClient, board_id: str) -> Iterator[Finding]:
    members(client, board_id)
    yield fine(Check.TEMPLATE, f"the template board {board_id} is there")
