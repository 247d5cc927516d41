"""Changes of who is there: invitations, members of boards, notifications (monday.md §7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from mondaybridge.sandbox.monday.boards import Board, MondayState, Notification, User, number
from mondaybridge.sandbox.monday.changes import Changes


@dataclass(frozen=True, slots=True)
class People:
    """The transitions of an account's people."""

    changes: Changes

    def invite(self, email: str, role: str) -> User:
        """Add a user who has not answered yet."""
        self.changes.lag.begin()
        user = User(self.changes.new_id(), email.partition("@")[0], email, role, "PENDING")
        self.changes.state.users[user.id] = user
        return user

    def accept(self, user: User, name: str | None) -> None:
        """Let an invited user come in."""
        self.changes.lag.begin()
        user.status, user.name = "ACTIVE", name or user.name

    def add(self, board: Board, users: Iterable[User], role: str, user_id: str) -> None:
        """Put users on a board in one role, whatever they were on it before."""
        for user in users:
            before = board.member_ids, list(board.owner_ids)
            _leave(board, user.id)
            (board.owner_ids if role == "owner" else board.subscriber_ids).append(user.id)
            if before != (board.member_ids, board.owner_ids):
                data = {"subscribed_id": number(user.id), "kind": role}
                self.changes.touch_board(board, "subscribe", user_id, data)

    def remove(self, board: Board, users: Iterable[User], user_id: str) -> None:
        """Take users off a board."""
        for user in users:
            if user.id in board.member_ids:
                data = {"subscribed_id": number(user.id)}
                self.changes.touch_board(board, "unsubscribe", user_id, data)
                _leave(board, user.id)

    def notify(
        self, user_id: str, text: str, target_id: str, target_type: str, *, sender_id: str
    ) -> Notification:
        """Leave a notification for a user."""
        self.changes.lag.begin()
        now = self.changes.world.clock.now()
        made = Notification(
            self.changes.new_id(), user_id, text, target_id, target_type, sender_id, now
        )
        self.changes.state.notifications.append(made)
        return made


def known_address(state: MondayState, email: str) -> User | None:
    """Find a user by an address, whatever its case."""
    known = (user for user in state.users.values() if user.email.lower() == email.lower())
    return next(known, None)


def _leave(board: Board, user_id: str) -> None:
    for members in (board.owner_ids, board.subscriber_ids):
        if user_id in members:
            members.remove(user_id)
