"""People who decide about boards, who is on them, who is in the account; and those who come."""

from dataclasses import dataclass
from typing import Literal

from mondaybridge.sandbox.monday.acting import Acting
from mondaybridge.sandbox.monday.board_life import BoardLife
from mondaybridge.sandbox.monday.boards import User
from mondaybridge.sandbox.monday.people import People, known_address

Role = Literal["subscriber", "owner"]
Permissions = Literal["everyone", "collaborators", "assignee", "owners"]


@dataclass(frozen=True, slots=True)
class Hosting(Acting):
    """What a person can do about people."""

    def invite(
        self,
        *,
        email: str,
        role: Literal["guest", "member", "view_only", "admin"] = "guest",
        board: str | None = None,
        as_user: str | None = None,
    ) -> str:
        """Invite somebody, to a board if one is named. Returns the user's id."""
        people, state = People(self.changes), self.changes.state
        user = known_address(state, email) or people.invite(email, role)
        if board is not None:
            people.add(self._board(board), [user], "subscriber", self._user(as_user))
        return user.id

    def accept_invitation(self, *, user: str, name: str | None = None) -> None:
        """Follow the link of an invitation: from now on the user is active."""
        People(self.changes).accept(self._person(user), name)

    def subscribe(self, *, board: str, role: Role = "subscriber", as_user: str) -> None:
        """Put oneself on a board."""
        self.add_to_board(board=board, user=as_user, role=role, as_user=as_user)

    def unsubscribe(self, *, board: str, as_user: str) -> None:
        """Take oneself off a board."""
        self.remove_from_board(board=board, user=as_user, as_user=as_user)

    def add_to_board(
        self, *, board: str, user: str, role: Role = "subscriber", as_user: str | None = None
    ) -> None:
        """Put somebody on a board, whatever the API would say."""
        person, host = self._person(user), self._user(as_user)
        People(self.changes).add(self._board(board), [person], role, host)

    def remove_from_board(self, *, board: str, user: str, as_user: str | None = None) -> None:
        """Take somebody off a board."""
        person, host = self._person(user), self._user(as_user)
        People(self.changes).remove(self._board(board), [person], host)

    def rename_board(self, *, board: str, name: str, as_user: str | None = None) -> None:
        """Give a board another name."""
        BoardLife(self.changes).rename(self._board(board), name, self._user(as_user))

    def describe_board(self, *, board: str, description: str, as_user: str | None = None) -> None:
        """Give a board another description."""
        BoardLife(self.changes).describe(self._board(board), description, self._user(as_user))

    def set_permissions(
        self, *, board: str, permissions: Permissions, as_user: str | None = None
    ) -> None:
        """Say who may edit a board."""
        BoardLife(self.changes).permit(self._board(board), permissions, self._user(as_user))

    def read_notifications(self, *, user: str) -> list[dict[str, object]]:
        """Look at the bell: what a user was told, oldest first."""
        self._person(user)
        return [
            {"text": one.text, "target": one.target_id, "type": one.target_type}
            for one in self.changes.state.notifications
            if one.user_id == user
        ]

    def _person(self, user: str) -> User:
        return self.changes.state.users[self._user(user)]
