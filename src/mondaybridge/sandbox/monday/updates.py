"""Changes of the updates under an item: written, answered, edited, deleted (monday.md §6, §7).

An update keeps its HTML as it was sent. Its webhooks carry the item as ``pulseId`` and the text
with and without markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from typing_extensions import override

from mondaybridge.sandbox.monday.boards import Item, Update, number
from mondaybridge.sandbox.monday.changes import Changes
from mondaybridge.sandbox.monday.hooks import Occurrence


@dataclass(frozen=True, slots=True)
class Updates:
    """The transitions of what is said on items."""

    changes: Changes

    def write(
        self,
        item: Item,
        body: str,
        user_id: str,
        *,
        parent_id: str | None = None,
        mentions: list[tuple[str, str]] | None = None,
    ) -> Update:
        """Add an update to an item, or a reply to one of its updates."""
        self.changes.lag.begin()
        now = self.changes.world.clock.now()
        made = Update(
            id=self.changes.new_id(),
            item_id=item.id,
            body=body,
            creator_id=user_id,
            created_at=now,
            edited_at=now,
            parent_id=parent_id,
            mentions=mentions or [],
        )
        self.changes.state.updates[made.id] = made
        self._changed("create_update", made, user_id)
        return made

    def edit(self, update: Update, body: str, user_id: str) -> None:
        """Give an update another text; the same one changes and fires nothing."""
        if update.body == body:
            return
        self.changes.lag.begin()
        update.body, update.edited_at = body, self.changes.world.clock.now()
        self._changed("edit_update", update, user_id)

    def delete(self, update: Update, user_id: str) -> None:
        """Remove an update with its replies."""
        self.changes.lag.begin()
        updates = self.changes.state.updates
        for one in [*replies(updates, update), update]:
            del updates[one.id]
        self._changed("delete_update", update, user_id)

    def _changed(self, event: str, update: Update, user_id: str) -> None:
        item = self.changes.state.items[update.item_id]
        if self.changes.switches.updates_move_updated_at:
            self.changes.touch(item, user_id)
        self.changes.hooks.fire(
            Occurrence(
                event=event,
                delivered=event,
                board_id=item.board_id,
                user_id=user_id,
                fields={
                    "pulseId": number(item.id),
                    "body": update.body,
                    "textBody": plain_text(update.body),
                    "updateId": number(update.parent_id or update.id),
                    "replyId": number(update.id) if update.parent_id else None,
                },
            )
        )


def replies(updates: dict[str, Update], update: Update) -> list[Update]:
    """Return the replies to an update, oldest first."""
    return [one for one in updates.values() if one.parent_id == update.id]


def newest_first(updates: dict[str, Update], item_ids: set[str] | None = None) -> Iterator[Update]:
    """Yield updates that are no replies, of these items or of all."""
    for one in reversed(updates.values()):
        if one.parent_id is None and (item_ids is None or one.item_id in item_ids):
            yield one


def plain_text(body: str) -> str:
    """Return an update's text without its markup, blocks on lines of their own."""
    reader = _Text()
    reader.feed(body)
    reader.close()
    return "".join(reader.parts).strip()


class _Text(HTMLParser):
    """Collects the text of a body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    @override
    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")


_BLOCKS = frozenset({"p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
