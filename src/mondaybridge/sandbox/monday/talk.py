"""People who write below an item: comments, answers, corrections, files.

Nobody is kept from editing what somebody else wrote: that is the API's rule, not the screens'.
"""

from dataclasses import dataclass

from mondaybridge.sandbox.monday.acting import Acting
from mondaybridge.sandbox.monday.boards import Update
from mondaybridge.sandbox.monday.files import Files
from mondaybridge.sandbox.monday.multipart import Upload
from mondaybridge.sandbox.monday.updates import Updates


@dataclass(frozen=True, slots=True)
class Talk(Acting):
    """What a person can say on an item."""

    def comment(self, *, item: str, body: str, as_user: str | None = None) -> str:
        """Write an update, as HTML. Returns its id."""
        return Updates(self.changes).write(self._item(item), body, self._user(as_user)).id

    def reply(self, *, update: str, body: str, as_user: str | None = None) -> str:
        """Answer an update. Returns the reply's id."""
        found = self._update(update)
        item, parent = self._item(found.item_id), found.parent_id or found.id
        user = self._user(as_user)
        return Updates(self.changes).write(item, body, user, parent_id=parent).id

    def edit_comment(self, *, update: str, body: str, as_user: str | None = None) -> None:
        """Change what an update or a reply says."""
        Updates(self.changes).edit(self._update(update), body, self._user(as_user))

    def delete_comment(self, *, update: str, as_user: str | None = None) -> None:
        """Remove an update with its replies."""
        Updates(self.changes).delete(self._update(update), self._user(as_user))

    def attach_to_comment(
        self, *, update: str, name: str, text: str, as_user: str | None = None
    ) -> str:
        """Hang a file of text below an update. Returns the file's id."""
        found, upload = self._update(update), Upload(name, text.encode())
        return Files(self.changes).add_to_update(found, upload, self._user(as_user)).id

    def _update(self, update: str) -> Update:
        if update not in self.changes.state.updates:
            raise ValueError(f"there is no update {update}")
        return self.changes.state.updates[update]
