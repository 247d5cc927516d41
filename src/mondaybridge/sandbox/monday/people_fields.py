"""Resolvers about people: who is in the account, who is invited, who is on a board (monday.md §7).

Guests belong on shareable boards only; whoever is added with another role than before has the new
one, so an owner who is added as a subscriber is none any more.
"""

from collections.abc import Callable, Iterable, Sequence

from mondaybridge.sandbox.monday.boards import Board, User
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.membership import MOST_SUBSCRIBERS
from mondaybridge.sandbox.monday.people import People, known_address
from mondaybridge.sandbox.monday.place import Fields
from mondaybridge.sandbox.monday.resolving import Call, Info, paged

Resolver = Callable[..., object]

MOST_USERS = 1_000


def _users(
    _: object,
    info: Info,
    *,
    limit: int | None = 200,
    page: int | None = 1,
    newest_first: bool | None = False,
    **filters: object,
) -> Sequence[User]:
    if (limit or 0) > MOST_USERS:
        raise failure("InvalidArgumentException", f"at most {MOST_USERS} users", argument="limit")
    found = [user for user in info.context.state.users.values() if _matches(user, filters)]
    return paged(list(reversed(found)) if newest_first else found, limit or 200, page)


def _matches(user: User, filters: Fields) -> bool:
    status = filters.get("status") or ["ACTIVE", "PENDING"]
    emails, name = filters.get("emails"), filters.get("name")
    return (
        _within(filters.get("ids"), user.id)
        and _within(["INACTIVE"] if filters.get("non_active") else status, user.status)
        and (not isinstance(emails, list) or user.email.lower() in map(str.lower, emails))
        and (not isinstance(name, str) or name.lower() in user.name.lower())
        and _of_kind(user, filters.get("kind"))
    )


def _within(wanted: object, value: str) -> bool:
    return not isinstance(wanted, list) or value in wanted


def _of_kind(user: User, kind: object) -> bool:
    match kind:
        case "guests":
            return user.kind == "guest"
        case "non_guests":
            return user.kind != "guest"
        case "non_pending":
            return user.status != "PENDING"
        case _:
            return True


def _invite_users(
    _: object, info: Info, *, emails: list[str], user_role: str | None = None
) -> Fields:
    call = info.context
    people, role = People(call.services.changes), (user_role or "MEMBER").lower()
    invited: list[User] = []
    refused: list[Fields] = []
    for email in emails:
        problem = _uninvitable(call, email)
        if problem is None:
            invited.append(known_address(call.state, email) or people.invite(email, role))
        else:
            refused.append({"message": problem, "code": "ERROR", "email": email})
    return {"invited_users": invited, "errors": refused}


def _uninvitable(call: Call, email: str) -> str | None:
    name, _, domain = email.partition("@")
    if not name or "." not in domain or " " in email or "@" in domain:
        return "Invalid email address"
    known = known_address(call.state, email)
    if known is not None and call.services.changes.switches.reinvite_is_error:
        return "User already exists in the account"
    return None


def _add_users_to_board(
    _: object, info: Info, *, board_id: str, user_ids: list[str], kind: str | None = "subscriber"
) -> list[User]:
    call = info.context
    board = call.board(board_id)
    call.check_structure(board)
    users, role = _found(call, user_ids), kind or "subscriber"
    for user in users:
        check_fit(user, board, role)
    if len({*board.member_ids, *(user.id for user in users)}) > MOST_SUBSCRIBERS:
        message = f"a board has at most {MOST_SUBSCRIBERS} subscribers"
        raise failure("SubscribersLimitException", message, board_id=board.id)
    People(call.services.changes).add(board, users, role, call.user.id)
    return users


def check_fit(user: User, board: Board, role: str) -> None:
    """Refuse a guest where guests cannot be."""
    if user.kind != "guest":
        return
    if board.kind != "share":
        message = "guests can be added to shareable boards only"
        raise failure("InvalidBoardKindException", message, user_id=user.id, board_id=board.id)
    if role == "owner":
        message = "a guest cannot own a board"
        raise failure("InvalidArgumentException", message, user_id=user.id)


def _delete_subscribers_from_board(
    _: object, info: Info, *, board_id: str, user_ids: list[str]
) -> list[User]:
    call = info.context
    board = call.board(board_id)
    call.check_structure(board)
    users = _found(call, user_ids)
    People(call.services.changes).remove(board, users, call.user.id)
    return users


def _found(call: Call, user_ids: Iterable[str]) -> list[User]:
    for user_id in user_ids:
        if user_id not in call.state.users:
            raise not_found("User", user_id)
    return [call.state.users[user_id] for user_id in dict.fromkeys(user_ids)]


def _create_notification(
    _: object, info: Info, *, user_id: str, target_id: str, target_type: str, text: str
) -> Fields:
    """Tell a user something about an item or a board (Project), or about an update (Post)."""
    call = info.context
    (user,) = _found(call, [user_id])
    state = call.state
    there = (
        target_id in state.updates
        if target_type == "Post"
        else target_id in state.items or target_id in state.boards
    )
    if not there:
        raise not_found(target_type, target_id)
    if not text.strip():
        raise failure("InvalidArgumentException", "a notification needs a text", argument="text")
    people = People(call.services.changes)
    made = people.notify(user.id, text, target_id, target_type, sender_id=call.user.id)
    hidden = call.services.changes.switches.notification_id_is_minus_one
    return {"id": "-1" if hidden else made.id, "text": made.text}


ROOT_READS: dict[str, Resolver] = {"users": _users}

ROOT_WRITES: dict[str, Resolver] = {
    "add_subscribers_to_board": _add_users_to_board,
    "add_users_to_board": _add_users_to_board,
    "create_notification": _create_notification,
    "delete_subscribers_from_board": _delete_subscribers_from_board,
    "invite_users": _invite_users,
}
