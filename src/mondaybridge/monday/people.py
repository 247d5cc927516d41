"""Whose ids these are, and who is on a board: to know the client's people from all others.

A client is known by the addresses that the mapping lists (R25); whether they can see their board is
compared with its members (R22).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from mondaybridge.monday import acting_queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.found import only
from mondaybridge.monday.texts import line

USERS = 100  # asked for at once
PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the account; ``email`` is in lower case, ``pending`` until they came in."""

    user_id: str
    email: str
    name: str
    kind: str
    pending: bool = False


def people(client: MondayClient, ids: Iterable[str]) -> list[Person]:
    """Return who has these ids, whatever their state; automations and unknown ids have nobody."""
    asked = sorted({one for one in ids if one.isdecimal()})
    found: list[Person] = []
    for start in range(0, len(asked), USERS):
        variables: dict[str, object] = {"ids": asked[start : start + USERS], "limit": USERS}
        answer = client.execute(acting_queries.PEOPLE, variables, _Users)
        found += _people(answer.users)
    return found


def with_emails(client: MondayClient, emails: Collection[str]) -> list[Person]:
    """Return who has these addresses, invited or active."""
    if not emails:
        return []
    variables: dict[str, object] = {"emails": sorted(emails), "limit": len(emails)}
    return _people(client.execute(acting_queries.PEOPLE_BY_EMAIL, variables, _Users).users)


def members(client: MondayClient, board_id: str) -> list[Person]:
    """Return a board's owners and subscribers.

    Raises:
        TryLater: when monday does not show the board.
    """
    answer = client.execute(acting_queries.MEMBERS, {"board": [board_id]}, _Boards)
    board = only(answer.boards, f"board {board_id}")
    found = {one.user_id: one for one in _people([*board.owners, *board.subscribers])}
    return list(found.values())


def absent(members: Iterable[Person], emails: Iterable[str]) -> list[str]:
    """Return the addresses whose people cannot see a board with these members (R22)."""
    there = {one.email for one in members if not one.pending}
    return sorted({email.casefold() for email in emails} - there)


class _User(msgspec.Struct, frozen=True):
    id: str
    email: str
    name: str
    kind: str
    status: str


class _Users(msgspec.Struct, frozen=True):
    users: list[_User | None] | None


class _Board(msgspec.Struct, frozen=True):
    owners: list[_User | None]
    subscribers: list[_User | None]


class _Boards(msgspec.Struct, frozen=True):
    boards: list[_Board | None] | None


def _people(users: Sequence[_User | None] | None) -> list[Person]:
    return [
        Person(
            one.id,
            line(one.email).casefold(),
            line(one.name),
            line(one.kind).casefold(),
            one.status == PENDING,
        )
        for one in users or ()
        if one is not None
    ]
