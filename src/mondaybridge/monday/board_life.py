"""How a package's board begins and ends: copied, named, shared, closed (R21, R22, R17a).

What makes something new is sent once, under the caller's key; after an unknown answer the caller
looks first. Everything else may be repeated.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from mondaybridge.errors import UpstreamError
from mondaybridge.monday import acting_queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.found import only
from mondaybridge.monday.people import Person, members, with_emails
from mondaybridge.monday.shapes import BoardRow, BoardShape, shape_of
from mondaybridge.monday.texts import brief

BOARDS_PAGE = 100
PAGES_MAX = 50  # of a look for a board by its name


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was found or invited, and monday's word on each address that it refused."""

    people: tuple[Person, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def duplicate(client: MondayClient, board_id: str, name: str, key: str) -> str:
    """Copy a board with its rows; return the copy's id, whose content arrives later.

    It is sent once: after an unknown answer ``find_board`` before the same key is sent again.
    """
    variables: dict[str, object] = {"board": board_id, "name": name}
    answer = client.execute(
        acting_queries.DUPLICATE, variables, _Duplicated, idempotency_key=key, repeatable=False
    )
    return answer.duplicate_board.board.id


def find_board(client: MondayClient, name: str) -> str | None:
    """Return the active board of exactly this name that this user made, the newest of several.

    A name is no key: give it something that is only this package's.
    """
    found: list[str] = []
    for page in range(1, PAGES_MAX + 1):
        variables: dict[str, object] = {"limit": BOARDS_PAGE, "page": page}
        answer = client.execute(acting_queries.BOARDS_BY_NAME, variables, _Named)
        boards = answer.boards or []
        mine = (one for one in boards if one is not None and one.creator.id == answer.me.id)
        found += [one.id for one in mine if one.name == name]
        if len(boards) < BOARDS_PAGE:
            break
    return max(found, key=lambda one: (len(one), one)) if found else None


def ready(client: MondayClient, board_id: str, columns: Collection[str], items: int) -> bool:
    """Say whether a copied board has these columns and so many rows yet; ask again if not."""
    answer = client.execute(acting_queries.READINESS, {"board": [board_id]}, _Boards)
    row = next((one for one in answer.boards or () if one is not None), None)
    shape = shape_of(row, ()) if row else None
    if row is None or not isinstance(shape, BoardShape):
        return False
    there = {column.id for column in shape.columns}
    return bool(row.groups) and there.issuperset(columns) and (row.items_count or 0) >= items


def rename(client: MondayClient, board_id: str, name: str) -> None:
    """Give a board another name."""
    variables: dict[str, object] = {"board": board_id, "name": name}
    client.execute(acting_queries.RENAME_BOARD, variables, _Anything)


def archive(client: MondayClient, board_id: str) -> None:
    """Take a board out of sight; it can be restored, and read with ``state: all``."""
    client.execute(acting_queries.ARCHIVE_BOARD, {"board": board_id}, _Anything)


def lock(client: MondayClient, board_id: str) -> None:
    """Let everybody but the board's owners only look at it.

    Raises:
        UpstreamError: when monday refused, wholly or in part.
    """
    answer = client.execute(acting_queries.LOCK_BOARD, {"board": board_id}, _Locked)
    failed = answer.set_board_permission.failed_actions
    if failed:
        listed = ", ".join(brief(one, 60) for one in failed)
        raise UpstreamError(f"monday did not lock board {board_id} wholly: {listed}")


def invite(client: MondayClient, emails: Iterable[str]) -> Invited:
    """Bring people into the account as guests; those who are there already are only found.

    It is sent once; asked again after an unknown answer it finds who was invited.
    """
    wanted = sorted({email.strip().casefold() for email in emails} - {""})
    there = with_emails(client, wanted)
    missing = [email for email in wanted if email not in {one.email for one in there}]
    if not missing:
        return Invited(tuple(there))
    answer = client.execute(
        acting_queries.INVITE, {"emails": missing}, _InvitedUsers, repeatable=False
    ).invite_users
    errors = [one for one in answer.errors or () if one is not None]
    refused = tuple((one.email or "", one.message or "no reason given") for one in errors)
    names = {email for email, _ in refused}
    new = with_emails(client, [email for email in missing if email not in names])
    return Invited((*there, *new), refused)


def subscribe(client: MondayClient, board_id: str, user_ids: Iterable[str]) -> list[str]:
    """Put people on a board who are not on it; return who was added.

    An owner who is added as a subscriber would own it no more (monday.md §7).
    """
    there = {one.user_id for one in members(client, board_id)}
    added = sorted(set(user_ids) - there)
    if added:
        variables: dict[str, object] = {"board": board_id, "users": added}
        client.execute(acting_queries.ADD_TO_BOARD, variables, _Anything)
    return added


def address_of(client: MondayClient, board_id: str) -> str:
    """Return the address at which people see a board.

    Raises:
        TryLater: when monday does not show the board.
    """
    answer = client.execute(acting_queries.BOARD_ADDRESS, {"board": [board_id]}, _Addressed)
    return only(answer.boards, f"board {board_id}").url


def create_item(client: MondayClient, board_id: str, name: str, key: str) -> str:
    """Make a row in the board's first group; return its id.

    It is sent once: after an unknown answer read the board before the same key is sent again.
    """
    variables: dict[str, object] = {"board": board_id, "name": name}
    answer = client.execute(
        acting_queries.CREATE_ITEM, variables, _Made, idempotency_key=key, repeatable=False
    )
    return answer.create_item.id


_Anything = dict[str, object]


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Duplication(msgspec.Struct, frozen=True):
    board: _Id


class _Duplicated(msgspec.Struct, frozen=True):
    duplicate_board: _Duplication


class _NamedBoard(msgspec.Struct, frozen=True):
    id: str
    name: str
    creator: _Id


class _Named(msgspec.Struct, frozen=True):
    me: _Id
    boards: list[_NamedBoard | None] | None


class _Ready(BoardRow, frozen=True):
    items_count: int | None = None
    groups: list[_Id | None] | None = None


class _Boards(msgspec.Struct, frozen=True):
    boards: list[_Ready | None] | None


class _Permission(msgspec.Struct, frozen=True):
    failed_actions: list[str] | None = None


class _Locked(msgspec.Struct, frozen=True):
    set_board_permission: _Permission


class _InviteError(msgspec.Struct, frozen=True):
    email: str | None = None
    message: str | None = None


class _Invitation(msgspec.Struct, frozen=True):
    errors: list[_InviteError | None] | None = None


class _InvitedUsers(msgspec.Struct, frozen=True):
    invite_users: _Invitation


class _Address(msgspec.Struct, frozen=True):
    url: str


class _Addressed(msgspec.Struct, frozen=True):
    boards: list[_Address | None] | None


class _Made(msgspec.Struct, frozen=True):
    create_item: _Id
